#include <stdalign.h>
#include <stddef.h>
#include <string.h>

#include "clusterutils/model/pod_resources.h"
#include "clusterutils/util/text.h"
#include "decoders.h"

static const char *const phases[] = {
	[POD_PENDING] = "Pending",
	[POD_RUNNING] = "Running",
	[POD_SUCCEEDED] = "Succeeded",
	[POD_FAILED] = "Failed",
	NULL,
};

static const char *const qos_classes[] = {
	[QOS_GUARANTEED] = "Guaranteed",
	[QOS_BURSTABLE] = "Burstable",
	[QOS_BEST_EFFORT] = "BestEffort",
	NULL,
};

/* --- containers --- */

static struct container read_container(struct reading *r, const struct json *item, bool is_init)
{
	struct json resources = json_member(r, item, "resources");
	const char *name = json_interned(r, item, "name");
	const char *image = json_interned(r, item, "image");
	const char *restart = is_init ? json_raw(r, item, "restartPolicy") : NULL;

	return (struct container){
		.name = name ? name : "",
		.image = image ? image : "",
		.requests = json_resources(r, &resources, "requests"),
		.limits = json_resources(r, &resources, "limits"),
		.role = !is_init                        ? CONTAINER_APP
			: text_equal(restart, "Always") ? CONTAINER_SIDECAR
							: CONTAINER_INIT,
	};
}

static const struct container_list *read_containers(struct reading *r, const struct json *spec)
{
	struct json inits = json_member(r, spec, "initContainers"), apps = json_member(r, spec, "containers");
	size_t room = json_count(r, &inits) + json_count(r, &apps);
	struct container_list *list;

	list = arena_alloc(r->scratch, sizeof(*list) + room * sizeof(list->items[0]));
	list->count = 0;
	for (struct json item = json_first(r, &inits); item.value; item = json_next(&item))
		list->items[list->count++] = read_container(r, &item, true);
	for (struct json item = json_first(r, &apps); item.value; item = json_next(&item))
		list->items[list->count++] = read_container(r, &item, false);
	return intern_block(r->interner, list, sizeof(*list) + list->count * sizeof(list->items[0]));
}

/* The state is a union: the member that is there names it. */
static void read_state(struct reading *r, const struct json *item, struct container_status *status)
{
	struct json state = json_member(r, item, "state");
	struct json waiting = json_member(r, &state, "waiting"), running = json_member(r, &state, "running");
	struct json terminated = json_member(r, &state, "terminated");

	status->state = CONTAINER_WAITING;
	if (running.value) {
		status->state = CONTAINER_RUNNING;
	} else if (terminated.value) {
		status->state = CONTAINER_TERMINATED;
		status->reason = json_interned(r, &terminated, "reason");
		status->exit_code = (int32_t)json_integer(r, &terminated, "exitCode", INT32_MIN, INT32_MAX, 0);
	} else {
		status->reason = json_interned(r, &waiting, "reason");
	}
}

static uint8_t role_of(const struct pod *pod, const char *name, bool is_init)
{
	if (!is_init)
		return CONTAINER_APP;
	for (size_t i = 0; i < pod->containers->count; i++)
		if (pod->containers->items[i].name == name)
			return (uint8_t)pod->containers->items[i].role;
	return CONTAINER_INIT;
}

static void read_status(struct reading *r, const struct json *item, bool is_init, struct pod *pod)
{
	struct container_status *status = &pod->statuses[pod->status_count++];
	struct json resources = json_member(r, item, "resources");
	const char *name = json_interned(r, item, "name");

	status->name = name ? name : "";
	status->restarts = (uint32_t)json_integer(r, item, "restartCount", 0, INT32_MAX, 0);
	status->ready = json_flag(r, item, "ready");
	status->role = role_of(pod, status->name, is_init);
	read_state(r, item, status);
	if (resources.value) {
		struct container_resources in_force = {
			.requests = json_resources(r, &resources, "requests"),
			.limits = json_resources(r, &resources, "limits"),
			.allocated = json_resources(r, item, "allocatedResources"),
		};

		status->resources = intern_block(r->interner, &in_force, sizeof(in_force));
	}
}

static void read_statuses(
	struct reading *r, const struct json *inits, const struct json *apps, size_t count, struct pod *pod)
{
	if (!count)
		return;
	if (count > UINT16_MAX) {
		json_fail(r, apps->parent, "more container statuses than a pod has containers");
		return;
	}
	pod->statuses = ARENA_ARRAY(&pod->meta.memory, count, struct container_status);
	for (struct json item = json_first(r, inits); item.value; item = json_next(&item))
		read_status(r, &item, true, pod);
	for (struct json item = json_first(r, apps); item.value; item = json_next(&item))
		read_status(r, &item, false, pod);
}

/* --- what few pods have --- */

static struct pod_rare *rare_of(struct pod *pod)
{
	if (!pod->rare)
		pod->rare = ARENA_NEW(&pod->meta.memory, struct pod_rare);
	return pod->rare;
}

static void read_pod_level(struct reading *r, const struct json *spec, struct pod *pod)
{
	struct json resources = json_member(r, spec, "resources");
	const struct resource_list *overhead = json_resources(r, spec, "overhead");

	if (overhead)
		rare_of(pod)->overhead = overhead;
	if (!resources.value)
		return;
	rare_of(pod)->has_resources = true;
	pod->rare->requests = json_resources(r, &resources, "requests");
	pod->rare->limits = json_resources(r, &resources, "limits");
}

static void read_conditions(struct reading *r, const struct json *status, struct pod *pod)
{
	struct json conditions = json_member(r, status, "conditions");
	bool resize_seen = false;

	for (struct json item = json_first(r, &conditions); item.value; item = json_next(&item)) {
		const char *type = json_raw(r, &item, "type"), *value = json_raw(r, &item, "status");

		if (text_equal(type, "Ready")) {
			pod->ready = text_equal(value, "True");
		} else if (text_equal(type, "PodScheduled") && text_equal(value, "False")) {
			if (!pod->reason)
				pod->reason = json_interned(r, &item, "reason");
			rare_of(pod)->message = json_own(r, &item, "message");
		} else if (text_equal(type, "PodResizePending") && !resize_seen) {
			/* The first one counts, whatever its status: see model/pod_resources.h. */
			resize_seen = true;
			if (text_equal(json_raw(r, &item, "reason"), "Infeasible"))
				rare_of(pod)->resize_infeasible = true;
		}
	}
}

static void read_pod_status(struct reading *r, const struct json *object, struct pod *pod)
{
	struct json status = json_member(r, object, "status");

	pod->phase = (uint8_t)json_choice(r, &status, "phase", phases, POD_UNKNOWN);
	pod->started = json_time(r, &status, "startTime");
	pod->reason = json_interned(r, &status, "reason");
	read_conditions(r, &status, pod);
	if (json_raw(r, &status, "nominatedNodeName"))
		rare_of(pod)->nominated_node = json_interned(r, &status, "nominatedNodeName");
	if (json_raw(r, &status, "message") && !(pod->rare && pod->rare->message))
		rare_of(pod)->message = json_own(r, &status, "message");
	pod->qos = (uint8_t)json_choice(r, &status, "qosClass", qos_classes, (int)pod_qos_of_spec(pod));
}

static size_t text_size(struct reading *r, const struct json *object, const char *key)
{
	const char *raw = json_raw(r, object, key);

	return raw ? strlen(raw) + 1 : 0;
}

struct meta *decode_pod(struct reading *r, const struct json *object, struct arena *sums)
{
	struct pod *pod;
	struct json meta = json_member(r, object, "metadata"), spec = json_member(r, object, "spec");
	struct json annotations = json_member(r, &meta, "annotations"), status = json_member(r, object, "status");
	struct json inits = json_member(r, &status, "initContainerStatuses");
	struct json apps = json_member(r, &status, "containerStatuses");
	size_t count = json_count(r, &inits) + json_count(r, &apps);

	/* All of most pods' own memory, in one piece without waste. */
	pod = object_new(sizeof(*pod),
		text_size(r, &meta, "name") + text_size(r, &meta, "uid") + count * sizeof(struct container_status) +
			(count ? alignof(max_align_t) : 0));
	r->memory = &pod->meta.memory;
	json_meta(r, object, &pod->meta);
	pod->node = json_interned(r, &spec, "nodeName");
	pod->priority_class = json_interned(r, &spec, "priorityClassName");
	pod->priority = (int32_t)json_integer(r, &spec, "priority", INT32_MIN, INT32_MAX, 0);
	pod->never_preempts = text_equal(json_raw(r, &spec, "preemptionPolicy"), "Never");
	pod->containers = read_containers(r, &spec);
	pod->tolerations = decode_tolerations(r, &spec);
	pod->node_selector = json_labels(r, &spec, "nodeSelector");
	read_statuses(r, &inits, &apps, count, pod);
	read_pod_level(r, &spec, pod);
	read_pod_status(r, object, pod);
	pod->mirror = json_member(r, &annotations, "kubernetes.io/config.mirror").value;
	pod->usage = (struct amounts){ RESOURCE_UNKNOWN, RESOURCE_UNKNOWN };
	pod->request = json_amounts(pod_requests(pod, POD_RESOURCES_STATUS, sums));
	pod->limit = json_amounts(pod_limits(pod, POD_RESOURCES_STATUS, sums));
	if (pod->request.cpu == RESOURCE_UNKNOWN)
		pod->request.cpu = 0;
	if (pod->request.memory == RESOURCE_UNKNOWN)
		pod->request.memory = 0;
	return &pod->meta;
}
