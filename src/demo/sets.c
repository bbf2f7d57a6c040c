/* StatefulSets and DaemonSets of the demo. */
#include <stdio.h>
#include <string.h>

#include "clusterutils/util/text.h"
#include "control.h"
#include "place.h"
#include "pod.h"
#include "tree.h"

#define HASH_LABEL       "controller-revision-hash"
#define GENERATION_LABEL "pod-template-generation"
#define GENERATION       "deprecated.daemonset.template.generation"

enum { MAX_REPLICAS = 100 };

static const cJSON *member(const cJSON *tree, const char *path, const char *key)
{
	return cJSON_GetObjectItemCaseSensitive(demo_tree_at(tree, path), key);
}

static const cJSON *template_of(struct demo_object *set)
{
	return demo_tree_at(demo_object_tree(set), "spec template");
}

/* A pod that is of an older template goes, one at a time, when all others are ready. */
static void replace_one(
	struct demo_world *world, struct demo_object *set, const char *label, const char *current, int64_t wanted)
{
	const struct pod *old = NULL;

	if (!current || demo_tally_of(world, set->uid).ready < wanted)
		return;
	for (const struct pod *pod = demo_pods_of(world, set->uid); pod; pod = pod->by_owner.next)
		if (!text_equal(labels_get(pod->meta.labels, label), current) &&
			(!old || strcmp(pod->meta.name, old->meta.name) > 0))
			old = pod;
	if (old)
		demo_pod_delete(world, demo_object_of_pod(world, old), DEMO_GRACE_DEFAULT);
}

/* --- StatefulSets --- */

static bool is_beyond(const struct demo_object *set, const struct pod *pod, int64_t replicas)
{
	size_t length = strlen(set->name);
	uint64_t ordinal;

	return strlen(pod->meta.name) > length + 1 && text_to_uint(pod->meta.name + length + 1, UINT32_MAX, &ordinal) &&
		(int64_t)ordinal >= replicas;
}

static void count_stateful(struct demo_world *world, struct demo_object *set)
{
	const cJSON *tree = demo_object_tree(set);
	cJSON *status = demo_tree_object(set->tree, "status");
	const char *update = demo_tree_text(tree, "status updateRevision");
	struct demo_tally tally = demo_tally_of(world, set->uid);
	int64_t updated = 0;
	bool changed;

	for (const struct pod *pod = demo_pods_of(world, set->uid); pod; pod = pod->by_owner.next)
		updated += text_equal(labels_get(pod->meta.labels, HASH_LABEL), update);
	changed = demo_count_set(status, "observedGeneration", demo_tree_number(tree, "metadata generation", 0));
	changed = demo_count_set(status, "replicas", tally.active + tally.stopping) || changed;
	changed = demo_count_set(status, "readyReplicas", tally.ready) || changed;
	changed = demo_count_set(status, "availableReplicas", tally.ready) || changed;
	changed = demo_count_set(status, "updatedReplicas", updated) || changed;
	if (update && updated == tally.active && tally.ready == tally.active &&
		!text_equal(demo_tree_text(status, "currentRevision"), update)) {
		demo_tree_set_text(status, "currentRevision", update);
		changed = demo_count_set(status, "currentReplicas", updated) || true;
	}
	if (changed)
		demo_commit(world, set);
}

void demo_stateful_set_look(struct demo_world *world, struct demo_object *set, int64_t number, const char *text)
{
	int64_t wanted = demo_tree_number(demo_object_tree(set), "spec replicas", 1);
	char name[300];

	(void)number;
	(void)text;
	wanted = wanted < 0 ? 0 : wanted > MAX_REPLICAS ? MAX_REPLICAS : wanted;
	for (int64_t i = 0; i < wanted; i++) {
		snprintf(name, sizeof(name), "%.250s-%d", set->name, (int)i);
		if (demo_store_find(&world->store, KIND_POD, set->namespace, name))
			continue;
		if (demo_pod_create(world, set, template_of(set), name, NULL))
			demo_control_report(world, set, "statefulset-controller", "SuccessfulCreate",
				"create Pod %s in StatefulSet %s successful", name, set->name);
	}
	for (const struct pod *pod = demo_pods_of(world, set->uid), *next; pod; pod = next) {
		next = pod->by_owner.next;
		if (is_beyond(set, pod, wanted))
			demo_pod_delete(world, demo_object_of_pod(world, pod), DEMO_GRACE_DEFAULT);
	}
	replace_one(world, set, HASH_LABEL, demo_tree_text(set->tree, "status updateRevision"), wanted);
	count_stateful(world, set);
}

/* --- DaemonSets --- */

static const struct pod *pod_on(struct demo_world *world, const struct demo_object *set, const char *node)
{
	for (const struct pod *pod = demo_pods_of(world, set->uid); pod; pod = pod->by_owner.next)
		if (text_equal(pod->node, node) && pod_is_active(pod))
			return pod;
	return NULL;
}

/* The hash of the template that is in force: that of a sibling, for the embedded ones do not say it of themselves. */
static const char *hash_in_force(struct demo_world *world, struct demo_object *set, const char *generation)
{
	for (const struct pod *pod = demo_pods_of(world, set->uid); pod; pod = pod->by_owner.next)
		if (text_equal(labels_get(pod->meta.labels, GENERATION_LABEL), generation))
			return labels_get(pod->meta.labels, HASH_LABEL);
	return NULL;
}

static void create_on(struct demo_world *world, struct demo_object *set, const char *node)
{
	const char *generation =
		cJSON_GetStringValue(member(demo_object_tree(set), "metadata annotations", GENERATION));
	const char *known = generation ? hash_in_force(world, set, generation) : NULL;
	cJSON *template = demo_tree_copy(template_of(set));
	cJSON *labels = demo_tree_object(template, "metadata labels");
	AUTO_BUFFER hash = { 0 };
	const struct demo_object *pod;

	if (known)
		buffer_add_text(&hash, known);
	else
		demo_add_suffix(world, &hash, 9);
	if (generation)
		demo_tree_set_text(labels, GENERATION_LABEL, generation);
	demo_tree_set_text(labels, HASH_LABEL, buffer_text(&hash));
	pod = demo_pod_create(world, set, template, NULL, node);
	cJSON_Delete(template);
	if (pod)
		demo_control_report(
			world, set, "daemonset-controller", "SuccessfulCreate", "Created pod: %s", pod->name);
}

static void count_daemon(struct demo_world *world, struct demo_object *set, int64_t wanted)
{
	cJSON *tree = demo_object_tree(set), *status = demo_tree_object(tree, "status");
	const char *generation = cJSON_GetStringValue(member(tree, "metadata annotations", GENERATION));
	struct demo_tally tally = demo_tally_of(world, set->uid);
	int64_t updated = 0;
	bool changed;

	for (const struct pod *pod = demo_pods_of(world, set->uid); pod; pod = pod->by_owner.next)
		updated += pod_is_active(pod) && text_equal(labels_get(pod->meta.labels, GENERATION_LABEL), generation);
	changed = demo_count_set(status, "observedGeneration", demo_tree_number(tree, "metadata generation", 0));
	changed = demo_count_set(status, "desiredNumberScheduled", wanted) || changed;
	changed = demo_count_set(status, "currentNumberScheduled", tally.active + tally.stopping) || changed;
	changed = demo_count_set(status, "updatedNumberScheduled", updated) || changed;
	changed = demo_count_set(status, "numberReady", tally.ready) || changed;
	changed = demo_count_set(status, "numberAvailable", tally.ready) || changed;
	changed =
		demo_count_set(status, "numberUnavailable", wanted > tally.ready ? wanted - tally.ready : 0) || changed;
	if (changed)
		demo_commit(world, set);
}

void demo_daemon_set_look(struct demo_world *world, struct demo_object *set, int64_t number, const char *text)
{
	const struct cluster *cluster = demo_store_cluster(&world->store);
	int64_t wanted = 0;

	(void)number;
	(void)text;
	for (size_t i = 0; i < cluster_node_count(cluster); i++) {
		const struct node_entry *entry = cluster_node(cluster, i);

		if (!entry->node || !demo_place_suits(demo_tree_at(template_of(set), "spec"), entry->node))
			continue;
		wanted++;
		if (!pod_on(world, set, entry->name))
			create_on(world, set, entry->name);
	}
	replace_one(world, set, GENERATION_LABEL,
		cJSON_GetStringValue(member(set->tree, "metadata annotations", GENERATION)), wanted);
	count_daemon(world, set, wanted);
}

/* --- a new template --- */

void demo_set_roll(struct demo_world *world, struct demo_object *set)
{
	cJSON *tree = demo_object_tree(set);
	AUTO_BUFFER text = { 0 };
	uint64_t generation = 0;
	const char *before;

	if (set->kind == KIND_STATEFUL_SET) {
		buffer_printf(&text, "%.200s-", set->name);
		demo_add_suffix(world, &text, 9);
		demo_tree_set_text(demo_tree_object(tree, "status"), "updateRevision", buffer_text(&text));
	} else {
		before = cJSON_GetStringValue(member(tree, "metadata annotations", GENERATION));
		if (before)
			text_to_uint(before, UINT32_MAX, &generation);
		buffer_printf(&text, "%llu", (unsigned long long)generation + 1);
		demo_tree_set_text(demo_tree_object(tree, "metadata annotations"), GENERATION, buffer_text(&text));
	}
	demo_commit(world, set);
}
