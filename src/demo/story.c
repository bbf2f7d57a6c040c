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

/* When each happens first, and how long it takes until it does again. */
enum {
	SCALE_FIRST = 35,
	SCALE_LEAST = 150,
	SCALE_MOST = 330,
	CRASH_FIRST = 75,
	CRASH_LEAST = 240,
	CRASH_MOST = 540,
	PRESSURE_FIRST = 110,
	PRESSURE_LEAST = 240,
	PRESSURE_MOST = 420,
	PRESSURE_SECONDS = 60,
	BULKY_FIRST = 160,
	BULKY_LEAST = 300,
	BULKY_MOST = 600,
	LOOP_FIRST = 200,
	MANY_RESTARTS = 100,
	CRITICAL_PRIORITY = 1000000,
};

/* --- scaling --- */

static const struct {
	const char *namespace, *name;
	int64_t base;
} scaled[] = {
	{ "batch", "ci-agent", 6 },
	{ "productivity", "homepage", 4 },
	{ "batch", "feeds", 6 },
};

static void write_replicas(struct demo_world *world, struct demo_object *deployment, int64_t replicas)
{
	cJSON *before = demo_tree_copy(demo_object_tree(deployment));

	demo_tree_set_number(demo_tree_object(deployment->tree, "spec"), "replicas", replicas);
	demo_commit(world, deployment);
	demo_control_written(world, deployment, before);
	cJSON_Delete(before);
}

/* What somebody else has scaled is left alone. */
static void scale_one(struct demo_world *world, struct demo_object *object, int64_t number, const char *text)
{
	size_t i = (size_t)demo_random(world, (int64_t)ARRAY_LEN(scaled));
	int64_t wanted = scaled[i].base + demo_between(world, -2, 2);
	struct demo_object *deployment =
		demo_store_find(&world->store, KIND_DEPLOYMENT, scaled[i].namespace, scaled[i].name);
	int64_t current = deployment ? demo_tree_number(demo_object_tree(deployment), "spec replicas", 1) : 0;

	if (wanted == current)
		wanted += current > scaled[i].base ? -1 : 1;
	if (deployment && llabs(current - scaled[i].base) <= 2)
		write_replicas(world, deployment, wanted);
	demo_after(world, demo_between(world, SCALE_LEAST, SCALE_MOST), scale_one, object, number, text);
}

/* --- crashes --- */

static bool may_crash(const struct pod *pod)
{
	const struct owner *owner = meta_controller(&pod->meta);

	return pod->ready && pod->phase == POD_RUNNING && pod->meta.deleted == TIME_NONE &&
		pod->priority < CRITICAL_PRIORITY && owner && text_equal(owner->kind, "ReplicaSet");
}

static void crash_one(struct demo_world *world, struct demo_object *object, int64_t number, const char *text)
{
	const struct cluster *cluster = demo_store_cluster(&world->store);
	size_t count = cluster_count(cluster, KIND_POD), first = (size_t)demo_random(world, (int64_t)count);

	for (size_t i = 0; i < count; i++) {
		const struct pod *pod = cluster_pod(cluster, (first + i) % count);

		if (!may_crash(pod))
			continue;
		demo_kubelet_crash(world, demo_object_of_pod(world, pod), demo_between(world, 1, 3));
		break;
	}
	demo_after(world, demo_between(world, CRASH_LEAST, CRASH_MOST), crash_one, object, number, text);
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

static void press_one(struct demo_world *world, struct demo_object *object, int64_t number, const char *text)
{
	static const char *const nodes[] = { "mandalore", "mandalore", "kamino", "tatooine" };
	const char *name = nodes[demo_random(world, (int64_t)ARRAY_LEN(nodes))];
	struct demo_object *node = demo_store_find(&world->store, KIND_NODE, NULL, name);

	if (node) {
		set_pressure(world, node, true, "");
		demo_after(world, PRESSURE_SECONDS, set_pressure, node, false, "");
	}
	demo_after(world, demo_between(world, PRESSURE_LEAST, PRESSURE_MOST), press_one, object, number, text);
}

/* --- a pod that no node has room for --- */

static void begin_bulky(struct demo_world *world, struct demo_object *object, int64_t number, const char *text)
{
	cJSON *tree = demo_tree_parse(
		"{'apiVersion':'batch/v1','kind':'Job','metadata':{'namespace':'ai-ml','labels':{'app':'photo-index'}},'spec':"
		"{'parallelism':1,'completions':1,'backoffLimit':0,'ttlSecondsAfterFinished':20,'template':{'metadata':"
		"{'labels':{'app':'photo-index'}},'spec':{'restartPolicy':'Never','priorityClassName':'best-effort',"
		"'nodeSelector':{'kubernetes.io/arch':'amd64'},'containers':[{'name':'index','image':"
		"'ghcr.io/immich-app/immich-machine-learning:v2.5.2','resources':{'requests':{'cpu':'500m','memory':"
		"'8800Mi'},'limits':{'memory':'10Gi'}}}]}}}}");
	AUTO_BUFFER name = { 0 };
	struct demo_object *job;
	struct error err;

	buffer_add_text(&name, "photo-index-");
	demo_add_suffix(world, &name, 5);
	demo_tree_set_text(demo_tree_object(tree, "metadata"), "name", buffer_text(&name));
	demo_tree_set_number(demo_tree_object(tree, "spec"), "activeDeadlineSeconds", demo_between(world, 100, 180));
	job = demo_create(world, KIND_JOB, tree, &err);
	if (job)
		demo_control_written(world, job, NULL);
	demo_after(world, demo_between(world, BULKY_LEAST, BULKY_MOST), begin_bulky, object, number, text);
}

/* --- what somebody deploys --- */

static void apply(struct demo_world *world, struct demo_object *object, int64_t number, const char *text)
{
	cJSON *direction = cJSON_Parse(world->store.directions[number]->bytes), *tree;
	const char *version = demo_tree_text(direction, "object apiVersion"),
		   *name = demo_tree_text(direction, "object kind");
	struct demo_object *made;
	struct error err;
	enum kind kind;

	(void)object;
	(void)text;
	if (version && name && kind_find(version, name, &kind)) {
		tree = demo_tree_copy(demo_tree_at(direction, "object"));
		made = demo_create(world, kind, tree, &err);
		if (made)
			demo_control_written(world, made, NULL);
	}
	cJSON_Delete(direction);
}

static void begin_directions(struct demo_world *world)
{
	for (size_t i = 0; i < world->store.direction_count; i++) {
		cJSON *tree = cJSON_Parse(world->store.directions[i]->bytes);

		if (text_equal(demo_tree_text(tree, "kind"), "Later"))
			demo_after(world, demo_tree_number(tree, "afterSeconds", 60), apply, NULL, (int64_t)i, "");
		cJSON_Delete(tree);
	}
}

void demo_story_begin(struct demo_world *world)
{
	begin_directions(world);
	begin_loops(world);
	demo_after(world, SCALE_FIRST, scale_one, NULL, 0, "");
	demo_after(world, CRASH_FIRST, crash_one, NULL, 0, "");
	demo_after(world, PRESSURE_FIRST, press_one, NULL, 0, "");
	demo_after(world, BULKY_FIRST, begin_bulky, NULL, 0, "");
}
