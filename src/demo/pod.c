#include "pod.h"

#include <stdio.h>
#include <string.h>

#include "clusterutils/model/pod_resources.h"
#include "clusterutils/util/text.h"
#include "control.h"
#include "event.h"
#include "kubelet.h"
#include "place.h"
#include "tree.h"

enum { RETRY_SECONDS = 300, GRACE_SECONDS = 30, STOPPING_SECONDS = 8 };

void demo_condition_set(
	struct demo_world *world, struct demo_object *object, const char *type, bool is_true, const char *reason)
{
	cJSON *status = demo_tree_object(demo_object_tree(object), "status");
	cJSON *condition = demo_tree_element(demo_tree_array(status, "conditions"), "type", type);
	const char *value = is_true ? "True" : "False";
	bool changes = !text_equal(demo_tree_text(condition, "status"), value);

	demo_tree_set_text(condition, "status", value);
	if (changes)
		demo_tree_set_time(condition, "lastTransitionTime", world->now);
	cJSON_DeleteItemFromObjectCaseSensitive(condition, "message");
	cJSON_DeleteItemFromObjectCaseSensitive(condition, "reason");
	if (reason)
		demo_tree_set_text(condition, "reason", reason);
}

static bool has_phase(const cJSON *tree, const char *phase)
{
	return text_equal(demo_tree_text(tree, "status phase"), phase);
}

bool demo_pod_is_stopping(struct demo_object *pod)
{
	const cJSON *tree = demo_object_tree(pod);

	return demo_tree_at(tree, "metadata deletionTimestamp") || has_phase(tree, "Succeeded") ||
		has_phase(tree, "Failed");
}

bool demo_pod_is_ready(struct demo_object *pod)
{
	const cJSON *condition;

	cJSON_ArrayForEach (condition, demo_tree_at(demo_object_tree(pod), "status conditions"))
		if (text_equal(demo_tree_text(condition, "type"), "Ready"))
			return text_equal(demo_tree_text(condition, "status"), "True");
	return false;
}

/* --- making one --- */

/* As k8s.io/kubectl/pkg/util/qos has it, for what demo pods say: all of both limits is Guaranteed. */
static const char *qos_of(const cJSON *spec)
{
	bool has_any = false, has_all = true;
	const cJSON *container;

	cJSON_ArrayForEach (container, demo_tree_at(spec, "containers")) {
		const cJSON *requests = demo_tree_at(container, "resources requests");
		const cJSON *limits = demo_tree_at(container, "resources limits");

		has_any = has_any || (requests && requests->child) || (limits && limits->child);
		for (size_t i = 0; i < 2; i++) {
			const char *name = i ? "memory" : "cpu", *limit = demo_tree_text(limits, name);
			const char *request = demo_tree_text(requests, name);

			has_all = has_all && limit && (!request || text_equal(request, limit));
		}
	}
	return !has_any ? "BestEffort" : has_all ? "Guaranteed" : "Burstable";
}

static void default_priority(struct demo_world *world, cJSON *spec)
{
	const struct cluster *cluster = demo_store_cluster(&world->store);
	const char *name = demo_tree_text(spec, "priorityClassName");
	const struct priority_class *class = name ? (const void *)cluster_find(cluster, KIND_PRIORITY_CLASS, name, NULL)
						  : cluster_default_priority_class(cluster);

	if (class && !name)
		demo_tree_set_text(spec, "priorityClassName", class->meta.name);
	demo_tree_set_number(spec, "priority", class ? class->value : 0);
}

void demo_pod_default(struct demo_world *world, cJSON *pod)
{
	cJSON *spec = demo_tree_object(pod, "spec"), *status = demo_tree_object(pod, "status");

	default_priority(world, spec);
	demo_tree_set_text(status, "phase", "Pending");
	demo_tree_set_text(status, "qosClass", qos_of(spec));
}

static void add_labels(cJSON *pod, const cJSON *labels)
{
	cJSON *target = demo_tree_object(pod, "metadata labels");
	const cJSON *label;

	cJSON_ArrayForEach (label, labels)
		if (cJSON_IsString(label))
			demo_tree_set_text(target, label->string, label->valuestring);
}

static void add_own_labels(struct demo_object *owner, cJSON *pod, const char *name)
{
	const cJSON *tree = demo_object_tree(owner);
	const char *revision = demo_tree_text(tree, "status updateRevision");
	cJSON *labels = demo_tree_object(pod, "metadata labels");

	add_labels(pod, demo_tree_at(tree, "spec selector matchLabels"));
	if (revision)
		demo_tree_set_text(labels, "controller-revision-hash", revision);
	if (owner->kind == KIND_STATEFUL_SET)
		demo_tree_set_text(labels, "statefulset.kubernetes.io/pod-name", name);
	if (owner->kind == KIND_JOB)
		demo_tree_set_text(labels, "batch.kubernetes.io/job-name", owner->name);
}

static void add_owner(const struct demo_object *owner, cJSON *tree)
{
	const struct kind_info *info = kind_info(owner->kind);
	cJSON *reference = demo_tree_parse("{'apiVersion':'','kind':'','name':'','uid':'','controller':true,"
					   "'blockOwnerDeletion':true}");
	cJSON *metadata = demo_tree_object(tree, "metadata");
	char version[128];

	snprintf(version, sizeof(version), "%.60s%s%.60s", info->group, *info->group ? "/" : "", info->version);
	demo_tree_set_text(reference, "apiVersion", version);
	demo_tree_set_text(reference, "kind", info->name);
	demo_tree_set_text(reference, "name", owner->name);
	demo_tree_set_text(reference, "uid", owner->uid);
	cJSON_AddItemToArray(demo_tree_array(metadata, "ownerReferences"), reference);
}

static cJSON *tree_of_template(
	struct demo_world *world, struct demo_object *owner, const cJSON *template, const char *name)
{
	cJSON *pod = demo_tree_parse("{'apiVersion':'v1','kind':'Pod','metadata':{},'spec':{}}");
	cJSON *metadata = demo_tree_object(pod, "metadata");
	const cJSON *spec = demo_tree_at(template, "spec");
	AUTO_BUFFER made = { 0 };

	if (!name) {
		buffer_printf(&made, "%.240s-", owner->name);
		demo_tree_set_text(metadata, "generateName", buffer_text(&made));
		demo_add_suffix(world, &made, 5);
		name = buffer_text(&made);
	}
	demo_tree_set_text(metadata, "name", name);
	demo_tree_set_text(metadata, "namespace", owner->namespace);
	add_labels(pod, demo_tree_at(template, "metadata labels"));
	add_own_labels(owner, pod, name);
	if (demo_tree_at(template, "metadata annotations"))
		demo_tree_set(metadata, "annotations", demo_tree_copy(demo_tree_at(template, "metadata annotations")));
	add_owner(owner, pod);
	if (cJSON_IsObject(spec))
		demo_tree_set(pod, "spec", demo_tree_copy(spec));
	return pod;
}

struct demo_object *demo_pod_create(
	struct demo_world *world, struct demo_object *owner, const cJSON *template, const char *name, const char *node)
{
	cJSON *tree = tree_of_template(world, owner, template, name);
	struct demo_object *pod;
	struct error err;

	demo_pod_default(world, tree);
	if (node)
		demo_tree_set_text(demo_tree_object(tree, "spec"), "nodeName", node);
	pod = demo_create(world, KIND_POD, tree, &err);
	if (pod)
		demo_pod_begin(world, pod);
	return pod;
}

/* --- the scheduler --- */

/* What is looked at again only because something has changed is not told again. */
static void report_unplaced(struct demo_world *world, struct demo_object *pod, const char *message, bool is_extra)
{
	const struct demo_report report = {
		.about = pod, .type = "Warning", .reason = "FailedScheduling", .component = DEMO_SCHEDULER
	};
	cJSON *conditions = demo_tree_array(demo_tree_object(demo_object_tree(pod), "status"), "conditions");
	cJSON *condition = demo_tree_element(conditions, "type", "PodScheduled");

	if (!text_equal(demo_tree_text(condition, "message"), message)) {
		demo_condition_set(world, pod, "PodScheduled", false, "Unschedulable");
		demo_tree_set_text(condition, "message", message);
		demo_commit(world, pod);
	} else if (is_extra) {
		return;
	}
	demo_report(world, &report, "%s", message);
}

static void schedule(struct demo_world *world, struct demo_object *pod, int64_t number, const char *text)
{
	AUTO_BUFFER message = { 0 };
	const struct node *node;

	(void)text;
	if (demo_pod_is_stopping(pod) || demo_tree_text(pod->tree, "spec nodeName"))
		return;
	node = demo_place(world, pod, &message);
	if (node)
		demo_kubelet_bind(world, pod, node->meta.name);
	else
		report_unplaced(world, pod, buffer_text(&message), number != 0);
	if (!node && number == 0)
		demo_after(world, RETRY_SECONDS, schedule, pod, 0, "");
}

static void retry(struct demo_world *world, int64_t seconds, int64_t number)
{
	const struct index *pods = &world->store.objects[KIND_POD];

	for (size_t i = 0; i < pods->count; i++) {
		struct demo_object *pod = pods->items[i];

		if (!demo_tree_text(demo_object_tree(pod), "spec nodeName") && !demo_pod_is_stopping(pod))
			demo_after(world, seconds, schedule, pod, number, "");
	}
}

void demo_pods_begin(struct demo_world *world)
{
	retry(world, RETRY_SECONDS, 0);
}

void demo_pods_retry(struct demo_world *world)
{
	retry(world, 1, 1);
}

void demo_pod_begin(struct demo_world *world, struct demo_object *pod)
{
	const char *node = demo_tree_text(demo_object_tree(pod), "spec nodeName");

	if (node)
		demo_kubelet_bind(world, pod, node);
	else
		demo_after(world, 1, schedule, pod, 0, "");
}

/* --- its end --- */

static void remove_pod(struct demo_world *world, struct demo_object *pod, int64_t number, const char *text)
{
	(void)number;
	(void)text;
	demo_control_pod_gone(world, pod);
	demo_store_remove(&world->store, pod);
	demo_pods_retry(world);
}

static void report_killing(struct demo_world *world, struct demo_object *pod)
{
	const cJSON *container;

	cJSON_ArrayForEach (container, demo_tree_at(pod->tree, "spec containers")) {
		const char *name = demo_tree_text(container, "name");
		const struct demo_report report = { .about = pod,
			.type = "Normal",
			.reason = "Killing",
			.component = DEMO_KUBELET,
			.host = demo_tree_text(pod->tree, "spec nodeName"),
			.container = name };

		demo_report(world, &report, "Stopping container %s", name ? name : "");
	}
}

void demo_pod_delete(struct demo_world *world, struct demo_object *pod, int64_t grace_seconds)
{
	cJSON *tree = demo_object_tree(pod), *metadata = demo_tree_object(tree, "metadata");
	int64_t most;

	if (grace_seconds < 0)
		grace_seconds = demo_tree_number(tree, "spec terminationGracePeriodSeconds", GRACE_SECONDS);
	if (demo_tree_at(metadata, "deletionTimestamp") && grace_seconds)
		return; /* under way */
	if (!grace_seconds || !demo_tree_text(tree, "spec nodeName") || demo_pod_is_stopping(pod)) {
		remove_pod(world, pod, 0, "");
		return;
	}
	demo_tree_set_time(metadata, "deletionTimestamp", world->now + grace_seconds);
	demo_tree_set_number(metadata, "deletionGracePeriodSeconds", grace_seconds);
	demo_commit(world, pod);
	report_killing(world, pod);
	demo_control_pod_changed(world, pod);
	most = grace_seconds < STOPPING_SECONDS ? grace_seconds : STOPPING_SECONDS;
	demo_after(world, demo_between(world, most < 2 ? 1 : 2, most), remove_pod, pod, 0, "");
}
