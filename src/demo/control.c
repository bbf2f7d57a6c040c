#include "control.h"

#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "event.h"
#include "pod.h"
#include "tree.h"

/* --- what they share --- */

const struct pod *demo_pods_of(struct demo_world *world, const char *uid)
{
	const struct owner_entry *entry = index_find(&demo_store_cluster(&world->store)->owners, uid, NULL);

	return entry ? entry->pods : NULL;
}

struct demo_tally demo_tally_of(struct demo_world *world, const char *uid)
{
	struct demo_tally tally = { 0 };

	for (const struct pod *pod = demo_pods_of(world, uid); pod; pod = pod->by_owner.next) {
		if (pod->phase == POD_SUCCEEDED) {
			tally.succeeded++;
		} else if (pod->phase == POD_FAILED) {
			tally.failed++;
		} else if (pod->meta.deleted != TIME_NONE) {
			tally.stopping++;
		} else {
			tally.active++;
			tally.ready += pod->ready;
		}
	}
	return tally;
}

struct demo_object *demo_object_of_pod(struct demo_world *world, const struct pod *pod)
{
	return demo_store_find(&world->store, KIND_POD, pod->meta.namespace, pod->meta.name);
}

bool demo_count_set(cJSON *status, const char *name, int64_t count)
{
	if (demo_tree_number(status, name, 0) == count)
		return false;
	if (count)
		demo_tree_set_number(status, name, count);
	else
		cJSON_DeleteItemFromObjectCaseSensitive(status, name);
	return true;
}

void demo_control_report(struct demo_world *world, struct demo_object *about, const char *component, const char *reason,
	const char *format, ...)
{
	const struct demo_report report = {
		.about = about, .type = "Normal", .reason = reason, .component = component
	};
	AUTO_BUFFER message = { 0 };
	va_list args;

	va_start(args, format);
	buffer_vprintf(&message, format, args);
	va_end(args);
	demo_report(world, &report, "%s", buffer_text(&message));
}

/* --- who looks at what --- */

static demo_action *look_of(enum kind kind)
{
	switch (kind) {
	case KIND_DEPLOYMENT:
		return demo_deployment_look;
	case KIND_REPLICA_SET:
		return demo_replica_set_look;
	case KIND_STATEFUL_SET:
		return demo_stateful_set_look;
	case KIND_DAEMON_SET:
		return demo_daemon_set_look;
	case KIND_JOB:
		return demo_job_look;
	case KIND_POD_DISRUPTION_BUDGET:
		return demo_budget_look;
	default:
		return NULL;
	}
}

void demo_control_wake(struct demo_world *world, const struct demo_object *object)
{
	demo_action *look = look_of(object->kind);

	if (look)
		demo_after(world, 1, look, object, 0, "");
}

static struct demo_object *controller_of(struct demo_world *world, struct demo_object *object)
{
	const cJSON *reference;

	cJSON_ArrayForEach (reference, demo_tree_at(demo_object_tree(object), "metadata ownerReferences")) {
		const char *version = demo_tree_text(reference, "apiVersion"),
			   *name = demo_tree_text(reference, "name");
		const char *kind_name = demo_tree_text(reference, "kind");
		struct demo_object *owner;
		enum kind kind;

		if (!cJSON_IsTrue(demo_tree_at(reference, "controller")) || !version || !kind_name || !name ||
			!kind_find(version, kind_name, &kind))
			continue;
		owner = demo_store_find(&world->store, kind, object->namespace, name);
		if (owner && text_equal(owner->uid, demo_tree_text(reference, "uid")))
			return owner;
	}
	return NULL;
}

void demo_control_pod_changed(struct demo_world *world, struct demo_object *pod)
{
	const struct demo_object *owner = controller_of(world, pod);

	if (owner)
		demo_control_wake(world, owner);
	demo_budgets_look(world, pod->namespace);
}

void demo_control_pod_gone(struct demo_world *world, struct demo_object *pod)
{
	const struct index *budgets = &world->store.objects[KIND_POD_DISRUPTION_BUDGET];
	const struct demo_object *owner = controller_of(world, pod);

	if (owner)
		demo_control_wake(world, owner);
	for (size_t i = 0; i < budgets->count; i++) {
		const struct demo_object *budget = budgets->items[i];

		if (text_equal(budget->namespace, pod->namespace))
			demo_control_wake(world, budget);
	}
}

/* --- nodes --- */

/* The node controller's taint for a node that was cordoned. */
static void follow_cordon(struct demo_world *world, struct demo_object *node)
{
	static const char key[] = "node.kubernetes.io/unschedulable";
	cJSON *spec = demo_tree_object(demo_object_tree(node), "spec"), *taints = demo_tree_array(spec, "taints");
	bool is_cordoned = cJSON_IsTrue(demo_tree_at(spec, "unschedulable")), has_taint = false;
	int count = cJSON_GetArraySize(taints);

	for (int i = count; i-- > 0;) {
		if (!text_equal(demo_tree_text(cJSON_GetArrayItem(taints, i), "key"), key))
			continue;
		has_taint = true;
		if (!is_cordoned)
			cJSON_DeleteItemFromArray(taints, i);
	}
	if (is_cordoned && !has_taint) {
		cJSON *taint = demo_tree_element(taints, "key", key);

		demo_tree_set_text(taint, "effect", "NoSchedule");
		demo_tree_set_time(taint, "timeAdded", world->now);
	}
	if (!cJSON_GetArraySize(taints))
		cJSON_DeleteItemFromObjectCaseSensitive(spec, "taints");
	if (is_cordoned != has_taint)
		demo_commit(world, node);
}

/* --- what was written --- */

static bool has_new_template(struct demo_object *object, const cJSON *before)
{
	return before &&
		!cJSON_Compare(demo_tree_at(before, "spec template"),
			demo_tree_at(demo_object_tree(object), "spec template"), true);
}

static void note_generation(struct demo_world *world, struct demo_object *object, const cJSON *before)
{
	cJSON *metadata = demo_tree_object(demo_object_tree(object), "metadata");

	if (cJSON_Compare(demo_tree_at(before, "spec"), demo_tree_at(object->tree, "spec"), true))
		return;
	demo_tree_set_number(metadata, "generation", demo_tree_number(metadata, "generation", 0) + 1);
	demo_commit(world, object);
}

void demo_control_written(struct demo_world *world, struct demo_object *object, const cJSON *before)
{
	bool is_new_template = has_new_template(object, before);

	if (before && look_of(object->kind))
		note_generation(world, object, before);
	switch (object->kind) {
	case KIND_POD:
		if (!before)
			demo_pod_begin(world, object);
		return;
	case KIND_NODE:
		follow_cordon(world, object);
		demo_pods_retry(world);
		return;
	case KIND_DEPLOYMENT:
		if (!before || is_new_template)
			demo_deployment_roll(world, object, demo_tree_at(before, "spec template"));
		break;
	case KIND_STATEFUL_SET:
	case KIND_DAEMON_SET:
		if (!before || is_new_template)
			demo_set_roll(world, object);
		break;
	case KIND_JOB:
		if (!before)
			demo_job_begin(world, object);
		break;
	case KIND_CRON_JOB:
		if (!before)
			demo_cron_job_begin(world, object);
		break;
	case KIND_PERSISTENT_VOLUME:
	case KIND_PERSISTENT_VOLUME_CLAIM:
		demo_pods_retry(world);
		break;
	default:
		break;
	}
	demo_control_wake(world, object);
}

/* --- deletion --- */

static bool is_owned_by(const struct meta *object, const char *uid)
{
	for (size_t i = 0; object->owners && i < object->owners->count; i++)
		if (text_equal(object->owners->items[i].uid, uid))
			return true;
	return false;
}

static struct demo_object *find_owned(struct demo_world *world, const char *uid)
{
	static const enum kind kinds[] = { KIND_REPLICA_SET, KIND_JOB, KIND_POD };
	const struct cluster *cluster = demo_store_cluster(&world->store);

	for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
		for (size_t i = 0; i < cluster_count(cluster, kinds[k]); i++) {
			const struct meta *object = cluster_item(cluster, kinds[k], i);

			if (is_owned_by(object, uid) && object->deleted == TIME_NONE)
				return demo_store_find(&world->store, kinds[k], object->namespace, object->name);
		}
	return NULL;
}

void demo_control_delete(struct demo_world *world, struct demo_object *object)
{
	AUTO_FREE char *uid = memory_copy_text(object->uid);
	bool is_claim = object->kind == KIND_NODE || object->kind == KIND_PERSISTENT_VOLUME_CLAIM;
	struct demo_object *owned;

	demo_store_remove(&world->store, object);
	while (*uid && (owned = find_owned(world, uid))) {
		if (owned->kind == KIND_POD)
			demo_pod_delete(world, owned, DEMO_GRACE_DEFAULT);
		else
			demo_control_delete(world, owned);
	}
	if (is_claim)
		demo_pods_retry(world);
}

void demo_control_begin(struct demo_world *world)
{
	const struct index *cron_jobs = &world->store.objects[KIND_CRON_JOB];

	for (size_t i = 0; i < cron_jobs->count; i++)
		demo_cron_job_begin(world, cron_jobs->items[i]);
}
