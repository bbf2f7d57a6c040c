#include "story.h"

#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "control.h"
#include "event.h"
#include "kubelet.h"
#include "pod.h"
#include "tree.h"
#include "usage.h"

enum {
	LOOP_FIRST = 200, /* seconds until what was crashing before the beginning does again */
	MANY_RESTARTS = 100,
	CRITICAL_PRIORITY = 1000000,
	SCALE_AROUND = 2,
};

/* Documents of demo/96-story.yaml and demo/95-later.yaml. */

/* A member [from, to]: some number of those. */
static int64_t draw(struct demo_world *world, const cJSON *direction, const char *name)
{
	const cJSON *range = demo_tree_at(direction, name);
	const cJSON *from = cJSON_GetArrayItem(range, 0), *to = cJSON_GetArrayItem(range, 1);

	return from && to ? demo_between(world, (int64_t)from->valuedouble, (int64_t)to->valuedouble) : 0;
}

/* One of an array's; NULL where there is none. */
static const cJSON *choose(struct demo_world *world, const cJSON *direction, const char *name)
{
	const cJSON *array = demo_tree_at(direction, name);
	int count = cJSON_GetArraySize(array);

	return count ? cJSON_GetArrayItem(array, (int)demo_random(world, count)) : NULL;
}

/* --- scaling --- */

static void write_replicas(struct demo_world *world, struct demo_object *deployment, int64_t replicas)
{
	cJSON *before = demo_tree_copy(demo_object_tree(deployment));

	demo_tree_set_number(demo_tree_object(deployment->tree, "spec"), "replicas", replicas);
	demo_commit(world, deployment);
	demo_control_written(world, deployment, before);
	cJSON_Delete(before);
}

/* What somebody else has scaled is left alone. */
static void scale(struct demo_world *world, const cJSON *direction)
{
	const cJSON *scaled = choose(world, direction, "deployments");
	const char *namespace = demo_tree_text(scaled, "namespace"), *name = demo_tree_text(scaled, "name");
	int64_t base = demo_tree_number(scaled, "replicas", 0);
	int64_t wanted = base + demo_between(world, -SCALE_AROUND, SCALE_AROUND);
	struct demo_object *deployment = name ? demo_store_find(&world->store, KIND_DEPLOYMENT, namespace, name) : NULL;
	int64_t current = deployment ? demo_tree_number(demo_object_tree(deployment), "spec replicas", 1) : 0;

	if (wanted == current)
		wanted += current > base ? -1 : 1;
	if (deployment && llabs(current - base) <= SCALE_AROUND)
		write_replicas(world, deployment, wanted);
}

/* --- crashes --- */

static bool may_crash(const struct pod *pod)
{
	const struct owner *owner = meta_controller(&pod->meta);

	return pod->ready && pod->phase == POD_RUNNING && pod->meta.deleted == TIME_NONE &&
		pod->priority < CRITICAL_PRIORITY && owner && text_equal(owner->kind, "ReplicaSet");
}

static void crash(struct demo_world *world, const cJSON *direction)
{
	const struct cluster *cluster = demo_store_cluster(&world->store);
	size_t count = cluster_count(cluster, KIND_POD), first = (size_t)demo_random(world, (int64_t)count);

	for (size_t i = 0; i < count; i++) {
		const struct pod *pod = cluster_pod(cluster, (first + i) % count);

		if (!may_crash(pod))
			continue;
		demo_kubelet_crash(world, demo_object_of_pod(world, pod), draw(world, direction, "times"));
		break;
	}
}

/* Those that were crashing before the beginning go on. */
static void begin_loops(struct demo_world *world)
{
	const struct cluster *cluster = demo_store_cluster(&world->store);

	for (size_t i = 0; i < cluster_count(cluster, KIND_POD); i++) {
		const struct pod *pod = cluster_pod(cluster, i);

		if (pod_restarts(pod) >= MANY_RESTARTS && pod->status_count &&
			pod->statuses[0].state == CONTAINER_WAITING)
			demo_kubelet_crash_on(world, demo_object_of_pod(world, pod), LOOP_FIRST);
	}
}

/* --- memory pressure --- */

static void set_taint(struct demo_world *world, struct demo_object *node, bool is_pressed)
{
	static const char key[] = "node.kubernetes.io/memory-pressure";
	cJSON *spec = demo_tree_object(demo_object_tree(node), "spec"), *taints = demo_tree_array(spec, "taints");
	cJSON *taint = demo_tree_element(taints, "key", key);

	demo_tree_set_text(taint, "effect", "NoSchedule");
	demo_tree_set_time(taint, "timeAdded", world->now);
	if (!is_pressed)
		cJSON_Delete(cJSON_DetachItemViaPointer(taints, taint));
	if (!cJSON_GetArraySize(taints))
		cJSON_DeleteItemFromObjectCaseSensitive(spec, "taints");
}

static void report_pressure(struct demo_world *world, struct demo_object *node, bool is_pressed)
{
	const struct demo_report status = { .about = node,
		.type = "Normal",
		.reason = is_pressed ? "NodeHasInsufficientMemory" : "NodeHasSufficientMemory",
		.component = DEMO_KUBELET,
		.host = node->name };
	const struct demo_report threshold = { .about = node,
		.type = "Warning",
		.reason = "EvictionThresholdMet",
		.component = DEMO_KUBELET,
		.host = node->name };

	if (is_pressed)
		demo_report(world, &threshold, "Attempting to reclaim memory");
	demo_report(world, &status, "Node %s status is now: %s", node->name, status.reason);
}

static void set_pressure(struct demo_world *world, struct demo_object *node, int64_t is_pressed, const char *text)
{
	(void)text;
	demo_usage_press(world, node->name, is_pressed);
	demo_condition_set(world, node, "MemoryPressure", is_pressed,
		is_pressed ? "KubeletHasInsufficientMemory" : "KubeletHasSufficientMemory");
	set_taint(world, node, is_pressed);
	demo_commit(world, node);
	report_pressure(world, node, is_pressed);
	if (!is_pressed)
		demo_pods_retry(world);
}

static void press(struct demo_world *world, const cJSON *direction)
{
	const cJSON *name = choose(world, direction, "nodes");
	struct demo_object *node = name && cJSON_IsString(name)
		? demo_store_find(&world->store, KIND_NODE, NULL, name->valuestring)
		: NULL;

	if (!node)
		return;
	set_pressure(world, node, true, "");
	demo_after(world, demo_tree_number(direction, "lastSeconds", 0), set_pressure, node, false, "");
}

/* --- what somebody deploys --- */

/* Takes the tree over. */
static void deploy(struct demo_world *world, cJSON *tree)
{
	const char *version = demo_tree_text(tree, "apiVersion"), *name = demo_tree_text(tree, "kind");
	struct demo_object *made;
	struct error err;
	enum kind kind;

	if (!version || !name || !kind_find(version, name, &kind)) {
		cJSON_Delete(tree);
		return;
	}
	made = demo_create(world, kind, tree, &err);
	if (made)
		demo_control_written(world, made, NULL);
}

static void apply(struct demo_world *world, const cJSON *direction)
{
	deploy(world, demo_tree_copy(demo_tree_at(direction, "object")));
}

/* The direction's name is how the job's begins. */
static void apply_bulky(struct demo_world *world, const cJSON *direction)
{
	cJSON *tree = demo_tree_copy(demo_tree_at(direction, "object"));
	AUTO_BUFFER name = { 0 };

	buffer_add_text(&name, demo_tree_text(direction, "metadata name"));
	demo_add_suffix(world, &name, 5);
	demo_tree_set_text(demo_tree_object(tree, "metadata"), "name", buffer_text(&name));
	demo_tree_set_number(
		demo_tree_object(tree, "spec"), "activeDeadlineSeconds", draw(world, direction, "deadlineSeconds"));
	deploy(world, tree);
}

/* --- when --- */

static const struct happening {
	const char *kind;
	void (*happen)(struct demo_world *world, const cJSON *direction);
} happenings[] = {
	{ "Later", apply },
	{ "Scaling", scale },
	{ "Crash", crash },
	{ "Pressure", press },
	{ "Bulky", apply_bulky },
};

/* NULL where it is none of the story's. */
static const struct happening *find_happening(const cJSON *direction)
{
	for (size_t i = 0; i < ARRAY_LEN(happenings); i++)
		if (text_equal(demo_tree_text(direction, "kind"), happenings[i].kind))
			return &happenings[i];
	return NULL;
}

/* The direction of that number, and again where it says when. */
static void happen(struct demo_world *world, struct demo_object *object, int64_t number, const char *text)
{
	cJSON *direction = cJSON_Parse(world->store.directions[number]->bytes);
	const struct happening *happening = find_happening(direction);

	if (happening)
		happening->happen(world, direction);
	if (demo_tree_at(direction, "everySeconds"))
		demo_after(world, draw(world, direction, "everySeconds"), happen, object, number, text);
	cJSON_Delete(direction);
}

void demo_story_begin(struct demo_world *world)
{
	for (size_t i = 0; i < world->store.direction_count; i++) {
		cJSON *direction = cJSON_Parse(world->store.directions[i]->bytes);

		if (find_happening(direction))
			demo_after(
				world, demo_tree_number(direction, "afterSeconds", 60), happen, NULL, (int64_t)i, "");
		cJSON_Delete(direction);
	}
	begin_loops(world);
}
