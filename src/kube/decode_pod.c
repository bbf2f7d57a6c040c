#include <stdalign.h>
#include <stddef.h>
#include <string.h>

#include "clusterutils/model/pod_resources.h"
#include "decoders.h"

static const char *const qos_classes[] = {
	[QOS_GUARANTEED] = "Guaranteed",
	[QOS_BURSTABLE] = "Burstable",
	[QOS_BEST_EFFORT] = "BestEffort",
	NULL,
};

enum { AMOUNTS_KEY = 17 };

/* --- containers --- */

static struct container read_container(struct reading *r, struct value *item, bool is_init)
{
	struct value resources = value_member(r, item, F("resources", 8));
	const char *name = value_interned(r, item, F("name", 1));
	const char *image = value_interned(r, item, F("image", 2));

	return (struct container){
		.name = name ? name : "",
		.image = image ? image : "",
		.requests = value_resources(r, &resources, F("requests", 2)),
		.limits = value_resources(r, &resources, F("limits", 1)),
		.role = !is_init                                              ? CONTAINER_APP
			: value_is(r, item, F("restartPolicy", 24), "Always") ? CONTAINER_SIDECAR
									      : CONTAINER_INIT,
	};
}

/* Both lists as one text: their tags tell where the second one begins. */
static struct raw_text span_of(struct reading *r, const struct value *inits, const struct value *apps)
{
	struct raw_text first = value_span(r, inits), second = value_span(r, apps);
	char *both;

	if (!first.length)
		return second;
	if (first.length + second.length > INTERN_MEMO_SIZE)
		return (struct raw_text){ 0 }; /* not remembered anyway */
	both = arena_alloc(r->scratch, first.length + second.length);
	memcpy(both, first.bytes, first.length);
	if (second.length)
		memcpy(both + first.length, second.bytes, second.length);
	return (struct raw_text){ both, first.length + second.length };
}

static const struct container_list *read_containers(struct reading *r, struct value *spec)
{
	struct value inits = value_member(r, spec, F("initContainers", 20));
	struct value apps = value_member(r, spec, F("containers", 2));
	struct raw_text span = span_of(r, &inits, &apps);
	const void *known = value_recall(r, MEMO_CONTAINERS, span);
	struct container_list *list;
	size_t room;

	if (known)
		return known;
	room = value_count(r, &inits) + value_count(r, &apps);
	list = arena_alloc(r->scratch, sizeof(*list) + room * sizeof(list->items[0]));
	list->count = 0;
	for (struct value item = value_first(r, &inits); item.is_there; item = value_next(r, &item))
		list->items[list->count++] = read_container(r, &item, true);
	for (struct value item = value_first(r, &apps); item.is_there; item = value_next(r, &item))
		list->items[list->count++] = read_container(r, &item, false);
	return value_remember(r, MEMO_CONTAINERS, span,
		intern_block(r->interner, list, sizeof(*list) + list->count * sizeof(list->items[0])));
}

/* The state is a union: the member that is there names it. */
static void read_state(struct reading *r, struct value *item, struct container_status *status)
{
	struct value state = value_member(r, item, F("state", 2));
	struct value waiting = value_member(r, &state, F("waiting", 1)),
		     running = value_member(r, &state, F("running", 2));
	struct value terminated = value_member(r, &state, F("terminated", 3));

	status->state = CONTAINER_WAITING;
	if (running.is_there) {
		status->state = CONTAINER_RUNNING;
	} else if (terminated.is_there) {
		status->state = CONTAINER_TERMINATED;
		status->reason = value_interned(r, &terminated, F("reason", 3));
		status->exit_code = (int32_t)value_integer(r, &terminated, F("exitCode", 1), INT32_MIN, INT32_MAX, 0);
	} else {
		status->reason = value_interned(r, &waiting, F("reason", 1));
	}
}

static uint8_t role_of(const struct pod *pod, const char *name, bool is_init)
{
	if (!is_init)
		return CONTAINER_APP;
	for (size_t i = 0; i < pod->containers->count; i++)
		if (pod->containers->items[i].role != CONTAINER_APP && pod->containers->items[i].name == name)
			return (uint8_t)pod->containers->items[i].role;
	return CONTAINER_INIT;
}

static void read_status(
	struct reading *r, struct value *item, bool is_init, const struct pod *pod, struct container_status *status)
{
	struct value resources = value_member(r, item, F("resources", 11));
	const char *name = value_interned(r, item, F("name", 1));

	status->name = name ? name : "";
	status->restarts = (uint32_t)value_integer(r, item, F("restartCount", 5), 0, INT32_MAX, 0);
	status->ready = value_flag(r, item, F("ready", 4));
	status->role = role_of(pod, status->name, is_init);
	read_state(r, item, status);
	if (resources.is_there) {
		struct container_resources in_force = {
			.requests = value_resources(r, &resources, F("requests", 2)),
			.limits = value_resources(r, &resources, F("limits", 1)),
			.allocated = value_resources(r, item, F("allocatedResources", 10)),
		};

		status->resources = intern_block(r->interner, &in_force, sizeof(in_force));
	}
}

static void read_statuses(struct reading *r, struct value *inits, struct value *apps, size_t count, struct pod *pod)
{
	if (!count)
		return;
	if (count > UINT16_MAX) {
		value_fail(r, apps->parent, "more container statuses than a pod has containers");
		return;
	}
	pod->statuses = ARENA_ARRAY(&pod->meta.memory, count, struct container_status);
	for (struct value item = value_first(r, inits); item.is_there; item = value_next(r, &item))
		read_status(r, &item, true, pod, &pod->statuses[pod->status_count++]);
	for (struct value item = value_first(r, apps); item.is_there; item = value_next(r, &item))
		read_status(r, &item, false, pod, &pod->statuses[pod->status_count++]);
}

/* --- what few pods have --- */

static struct pod_rare *rare_of(struct pod *pod)
{
	if (!pod->rare)
		pod->rare = ARENA_NEW(&pod->meta.memory, struct pod_rare);
	return pod->rare;
}

static void read_pod_level(struct reading *r, struct value *spec, struct pod *pod)
{
	struct value resources = value_member(r, spec, F("resources", 40));
	const struct resource_list *overhead = value_resources(r, spec, F("overhead", 32));

	if (overhead)
		rare_of(pod)->overhead = overhead;
	if (!resources.is_there)
		return;
	rare_of(pod)->has_resources = true;
	pod->rare->requests = value_resources(r, &resources, F("requests", 2));
	pod->rare->limits = value_resources(r, &resources, F("limits", 1));
}

static void read_conditions(struct reading *r, struct value *status, struct pod *pod)
{
	enum { READY, SCHEDULED, RESIZE_PENDING, OTHER };
	static const char *const types[] = {
		[READY] = "Ready", [SCHEDULED] = "PodScheduled", [RESIZE_PENDING] = "PodResizePending", NULL
	};
	struct value conditions = value_member(r, status, F("conditions", 2));
	bool resize_seen = false;

	for (struct value item = value_first(r, &conditions); item.is_there; item = value_next(r, &item)) {
		int type = value_choice(r, &item, F("type", 1), types, OTHER);

		if (type == READY) {
			pod->ready = value_is(r, &item, F("status", 2), "True");
		} else if (type == SCHEDULED && value_is(r, &item, F("status", 2), "False")) {
			if (!pod->reason)
				pod->reason = value_interned(r, &item, F("reason", 5));
			rare_of(pod)->message = value_own(r, &item, F("message", 6));
		} else if (type == RESIZE_PENDING && !resize_seen) {
			/* The first one counts, whatever its status: see model/pod_resources.h. */
			resize_seen = true;
			if (value_is(r, &item, F("reason", 5), "Infeasible"))
				rare_of(pod)->resize_infeasible = true;
		}
	}
}

static void read_pod_status(struct reading *r, struct value *status, struct pod *pod)
{
	const char *nominated = value_interned(r, status, F("nominatedNodeName", 11));
	int qos = value_choice(r, status, F("qosClass", 9), qos_classes, -1);

	pod->phase = (uint8_t)value_choice(r, status, F("phase", 1), pod_phase_texts, POD_UNKNOWN);
	pod->started = value_time(r, status, F("startTime", 7));
	pod->reason = value_interned(r, status, F("reason", 4));
	read_conditions(r, status, pod);
	if (nominated)
		rare_of(pod)->nominated_node = nominated;
	if (value_raw(r, status, F("message", 3)).length && !(pod->rare && pod->rare->message))
		rare_of(pod)->message = value_own(r, status, F("message", 3));
	pod->qos = (uint8_t)(qos < 0 ? (int)pod_qos_of_spec(pod) : qos);
}

/* --- sums --- */

struct pod_amounts {
	struct amounts request, limit;
};

static struct pod_amounts sum_amounts(const struct pod *pod, struct arena *sums)
{
	struct pod_amounts amounts = {
		.request = value_amounts(pod_requests(pod, POD_RESOURCES_STATUS, sums)),
		.limit = value_amounts(pod_limits(pod, POD_RESOURCES_STATUS, sums)),
	};

	if (amounts.request.cpu == RESOURCE_UNKNOWN)
		amounts.request.cpu = 0;
	if (amounts.request.memory == RESOURCE_UNKNOWN)
		amounts.request.memory = 0;
	return amounts;
}

/* What the sums of a pod depend on, as pointers to what is interned: of most pods its containers, and what the status
 * of each tells of its resources. Returns how many, 0 where there is more to it. */
static size_t amounts_key(const struct pod *pod, const void *ret_key[AMOUNTS_KEY])
{
	size_t count = 0;

	if (pod->rare || pod->status_count > (AMOUNTS_KEY - 1) / 2)
		return 0;
	ret_key[count++] = pod->containers;
	for (size_t i = 0; i < pod->status_count; i++) {
		ret_key[count++] = pod->statuses[i].name;
		ret_key[count++] = pod->statuses[i].resources;
	}
	return count;
}

static void read_amounts(struct reading *r, struct pod *pod, struct arena *sums)
{
	const void *key[AMOUNTS_KEY];
	struct raw_text raw = { (const char *)key, amounts_key(pod, key) * sizeof(key[0]) };
	const struct pod_amounts *known = value_recall(r, MEMO_AMOUNTS, raw);
	struct pod_amounts amounts;

	if (!known) {
		amounts = sum_amounts(pod, sums);
		known = value_remember(r, MEMO_AMOUNTS, raw, intern_block(r->interner, &amounts, sizeof(amounts)));
	}
	pod->request = known->request;
	pod->limit = known->limit;
}

/* --- what is kept where it is wanted --- */

static const char *interned_or_empty(struct reading *r, struct value *object, struct field field)
{
	const char *text = value_interned(r, object, field);

	return text ? text : "";
}

static void keep_conditions(struct reading *r, struct value *status, struct pod *pod)
{
	struct value conditions = value_member(r, status, F("conditions", 2));
	struct value ephemerals = value_member(r, status, F("ephemeralContainerStatuses", 13));
	size_t count = value_count(r, &conditions), ephemeral_count = value_count(r, &ephemerals);
	struct pod_rare *rare;

	if (!count && !ephemeral_count)
		return;
	rare = rare_of(pod);
	rare->conditions = ARENA_ARRAY(&pod->meta.memory, count, struct pod_condition);
	for (struct value item = value_first(r, &conditions); item.is_there; item = value_next(r, &item))
		rare->conditions[rare->condition_count++] = (struct pod_condition){
			.type = interned_or_empty(r, &item, F("type", 1)),
			.status = interned_or_empty(r, &item, F("status", 2)),
			.reason = interned_or_empty(r, &item, F("reason", 5)),
			.changed = value_time(r, &item, F("lastTransitionTime", 4)),
		};
	rare->ephemerals = ARENA_ARRAY(&pod->meta.memory, ephemeral_count, struct container_status);
	for (struct value item = value_first(r, &ephemerals); item.is_there; item = value_next(r, &item))
		read_status(r, &item, false, pod, &rare->ephemerals[rare->ephemeral_count++]);
}

static uint8_t read_marks(struct reading *r, struct value *annotations)
{
	static const struct {
		const char *key;
		enum pod_mark mark;
	} keys[] = {
		{ "descheduler.alpha.kubernetes.io/evict", MARK_EVICT },
		{ "descheduler.alpha.kubernetes.io/prefer-no-eviction", MARK_PREFER_NO_EVICTION },
		{ "kubernetes.io/config.source", MARK_STATIC },
		{ "descheduler.alpha.kubernetes.io/request-evict-only", MARK_BACKGROUND },
		{ "descheduler.alpha.kubernetes.io/eviction-in-progress", MARK_IN_PROGRESS },
	};
	unsigned marks = 0;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (value_entry(r, annotations, keys[i].key).is_there)
			marks |= keys[i].mark;
	if (marks & MARK_STATIC && value_entry_is(r, annotations, "kubernetes.io/config.source", "api"))
		marks &= ~(unsigned)MARK_STATIC;
	return (uint8_t)marks;
}

static void read_details(
	struct reading *r, struct value *spec, struct value *status, struct value *annotations, struct pod *pod)
{
	if (r->details & CLUSTER_PLACEMENT) {
		pod->placement = decode_placement(r, spec);
		pod->marks = read_marks(r, annotations);
	}
	if (r->details & CLUSTER_CONDITIONS)
		keep_conditions(r, status, pod);
}

static size_t text_size(struct reading *r, struct value *object, struct field field)
{
	size_t length = value_raw(r, object, field).length;

	return length ? length + 1 : 0;
}

struct meta *decode_pod(struct reading *r, struct value *object, struct arena *sums)
{
	struct pod *pod;
	struct value spec = value_member(r, object, SPEC), status = value_member(r, object, STATUS);
	struct value annotations = value_member(r, r->meta, F("annotations", 12));
	struct value inits = value_member(r, &status, F("initContainerStatuses", 10));
	struct value apps = value_member(r, &status, F("containerStatuses", 8));
	size_t count = value_count(r, &inits) + value_count(r, &apps);

	/* All of most pods' own memory, in one piece without waste. */
	pod = object_new(sizeof(*pod),
		text_size(r, r->meta, F("name", 1)) + text_size(r, r->meta, F("uid", 5)) +
			count * sizeof(struct container_status) + (count ? alignof(max_align_t) : 0));
	r->memory = &pod->meta.memory;
	decode_meta(r, &pod->meta);
	pod->node = value_interned(r, &spec, F("nodeName", 10));
	pod->priority_class = value_interned(r, &spec, F("priorityClassName", 24));
	pod->priority = (int32_t)value_integer(r, &spec, F("priority", 25), INT32_MIN, INT32_MAX, 0);
	pod->has_priority = value_member(r, &spec, F("priority", 25)).is_there;
	pod->never_preempts = value_is(r, &spec, F("preemptionPolicy", 31), "Never");
	pod->containers = read_containers(r, &spec);
	pod->tolerations = decode_tolerations(r, &spec);
	pod->node_selector = value_labels(r, &spec, F("nodeSelector", 7));
	read_statuses(r, &inits, &apps, count, pod);
	read_pod_level(r, &spec, pod);
	read_pod_status(r, &status, pod);
	pod->mirror = value_entry(r, &annotations, "kubernetes.io/config.mirror").is_there;
	read_details(r, &spec, &status, &annotations, pod);
	pod->usage = (struct amounts){ RESOURCE_UNKNOWN, RESOURCE_UNKNOWN };
	read_amounts(r, pod, sums);
	return &pod->meta;
}
