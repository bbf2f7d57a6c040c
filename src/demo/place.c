#include "place.h"

#include <stdlib.h>
#include <string.h>

#include "clusterutils/model/pod_resources.h"
#include "clusterutils/util/text.h"
#include "image.h"
#include "tree.h"

enum { IMAGES_SCORE = 150, SIBLING_SCORE = 200 };

/* Why a node does not take the pod, in the order in which the sentence names the reasons. */
enum refusal {
	FITS,
	NO_CPU,
	NO_MEMORY,
	IS_FULL,
	HAS_TAINT,
	IS_CORDONED,
	NOT_SELECTED,
	NO_VOLUME,
	REFUSAL_COUNT,
};

static const char *const refusal_texts[] = {
	[NO_CPU] = "Insufficient cpu",
	[NO_MEMORY] = "Insufficient memory",
	[IS_FULL] = "Too many pods",
	[HAS_TAINT] = "node(s) had untolerated taint(s)",
	[IS_CORDONED] = "node(s) were unschedulable",
	[NOT_SELECTED] = "node(s) didn't match Pod's node affinity/selector",
	[NO_VOLUME] = "node(s) didn't match PersistentVolume's node affinity",
};

/* --- which nodes it wants --- */

static bool has_value(const cJSON *values, const char *text)
{
	const cJSON *value;

	cJSON_ArrayForEach (value, values)
		if (text && text_equal(cJSON_GetStringValue(value), text))
			return true;
	return false;
}

static bool expression_holds(const cJSON *expression, const struct node *node, bool is_field)
{
	const char *key = demo_tree_text(expression, "key"), *op = demo_tree_text(expression, "operator");
	const cJSON *values = demo_tree_at(expression, "values");
	const char *value;

	if (!key || !op)
		return false;
	value = is_field ? text_equal(key, "metadata.name") ? node->meta.name : NULL
			 : labels_get(node->meta.labels, key);
	if (text_equal(op, "In"))
		return has_value(values, value);
	if (text_equal(op, "NotIn"))
		return !has_value(values, value);
	if (text_equal(op, "Exists"))
		return value != NULL;
	return text_equal(op, "DoesNotExist") && !value;
}

static bool all_hold(const cJSON *expressions, const struct node *node, bool is_field)
{
	const cJSON *expression;

	cJSON_ArrayForEach (expression, expressions)
		if (!expression_holds(expression, node, is_field))
			return false;
	return true;
}

static bool affinity_holds(const cJSON *spec, const struct node *node)
{
	const cJSON *terms = demo_tree_at(
		spec, "affinity nodeAffinity requiredDuringSchedulingIgnoredDuringExecution nodeSelectorTerms");
	const cJSON *term;

	if (!terms)
		return true;
	cJSON_ArrayForEach (term, terms)
		if (all_hold(demo_tree_at(term, "matchExpressions"), node, false) &&
			all_hold(demo_tree_at(term, "matchFields"), node, true))
			return true;
	return false;
}

static bool selector_holds(const cJSON *spec, const struct node *node)
{
	const cJSON *wanted;

	cJSON_ArrayForEach (wanted, demo_tree_at(spec, "nodeSelector"))
		if (!cJSON_IsString(wanted) ||
			!text_equal(labels_get(node->meta.labels, wanted->string), wanted->valuestring))
			return false;
	return true;
}

/* --- what the node allows --- */

static struct toleration toleration_of(const cJSON *tree)
{
	const char *effect = demo_tree_text(tree, "effect"), *key = demo_tree_text(tree, "key");
	const char *value = demo_tree_text(tree, "value");
	struct toleration toleration = { .key = key ? key : "",
		.value = value ? value : "",
		.op = text_equal(demo_tree_text(tree, "operator"), "Exists") ? TOLERATION_EXISTS : TOLERATION_EQUAL,
		.effect = EFFECT_OTHER,
		.seconds = TOLERATION_FOREVER };

	for (uint32_t i = EFFECT_NONE; i < EFFECT_OTHER; i++)
		if (text_equal(effect ? effect : "", taint_effect_text((enum taint_effect)i)))
			toleration.effect = i;
	return toleration;
}

static bool is_tolerated(const cJSON *spec, const struct taint *taint)
{
	const cJSON *tree;

	cJSON_ArrayForEach (tree, demo_tree_at(spec, "tolerations")) {
		struct toleration toleration = toleration_of(tree);

		if (toleration_tolerates(&toleration, taint))
			return true;
	}
	return false;
}

static bool is_temporary(const struct taint *taint)
{
	return text_starts_with(taint->key, "node.kubernetes.io/");
}

/* The first taint that keeps the pod off; with `of_purpose` of those that somebody has set, not the cluster itself. */
static const struct taint *find_taint(const cJSON *spec, const struct node *node, bool of_purpose)
{
	for (size_t i = 0; node->taints && i < node->taints->count; i++) {
		const struct taint *taint = &node->taints->items[i];

		if (taint->effect != EFFECT_PREFER_NO_SCHEDULE && !(of_purpose && is_temporary(taint)) &&
			!is_tolerated(spec, taint))
			return taint;
	}
	return NULL;
}

bool demo_place_suits(const cJSON *pod_spec, const struct node *node)
{
	return selector_holds(pod_spec, node) && affinity_holds(pod_spec, node) && !find_taint(pod_spec, node, true);
}

/* --- volumes --- */

/* A directory of one node can be mounted there alone. */
static bool volume_is_there(struct demo_world *world, const char *namespace, const char *claim_name, const char *node)
{
	const struct cluster *cluster = demo_store_cluster(&world->store);
	const struct claim *claim =
		(const void *)cluster_find(cluster, KIND_PERSISTENT_VOLUME_CLAIM, claim_name, namespace);
	const struct volume *volume = claim && claim->volume
		? (const void *)cluster_find(cluster, KIND_PERSISTENT_VOLUME, claim->volume, NULL)
		: NULL;

	if (!volume || !volume->hosts)
		return true;
	for (size_t i = 0; i < volume->hosts->count; i++)
		if (text_equal(volume->hosts->items[i], node))
			return true;
	return false;
}

static bool volumes_are_there(struct demo_world *world, const struct demo_object *pod, const struct node *node)
{
	const cJSON *volume;

	cJSON_ArrayForEach (volume, demo_tree_at(pod->tree, "spec volumes")) {
		const char *claim = demo_tree_text(volume, "persistentVolumeClaim claimName");

		if (claim && !volume_is_there(world, pod->namespace, claim, node->meta.name))
			return false;
	}
	return true;
}

/* --- room --- */

static int64_t room_left(int64_t allocatable, const struct total *requested, int64_t more)
{
	return allocatable == RESOURCE_UNKNOWN ? INT64_MIN : allocatable - total_value(requested) - more;
}

/* As many pods of the same controller as run on the node. */
static int64_t siblings_on(const struct node_entry *entry, const struct pod *pod)
{
	const struct owner *owner = meta_controller(&pod->meta);
	int64_t count = 0;

	for (const struct pod *other = entry->pods; owner && other; other = other->by_node.next) {
		const struct owner *its = meta_controller(&other->meta);

		count += its && text_equal(its->uid, owner->uid);
	}
	return count;
}

static bool has_images(const struct node *node, const struct pod *pod)
{
	for (size_t i = 0; pod->containers && i < pod->containers->count; i++)
		if (!demo_image_is_on(node, pod->containers->items[i].image))
			return false;
	return true;
}

/* What stays free of CPU and memory, in 1/1000 of what is allocatable; better where the images are, worse where pods
 * of the same controller are. */
static int64_t score(const struct node_entry *entry, const struct pod *pod)
{
	const struct amounts *all = &entry->node->allocatable;
	int64_t cpu = room_left(all->cpu, &entry->sum.request_cpu, pod->request.cpu);
	int64_t memory = room_left(all->memory, &entry->sum.request_memory, pod->request.memory);

	return (has_images(entry->node, pod) ? IMAGES_SCORE : 0) - siblings_on(entry, pod) * SIBLING_SCORE +
		(all->cpu > 0 ? cpu / (all->cpu / 1000 + 1) : 0) +
		(all->memory > 0 ? memory / (all->memory / 1000 + 1) : 0);
}

static enum refusal judge(struct demo_world *world, const struct demo_object *object, const struct pod *pod,
	const struct node_entry *entry)
{
	const struct node *node = entry->node;
	const cJSON *spec = demo_tree_at(object->tree, "spec");

	if (node->unschedulable)
		return IS_CORDONED;
	if (node->ready != CONDITION_TRUE || find_taint(spec, node, false))
		return HAS_TAINT;
	if (!selector_holds(spec, node) || !affinity_holds(spec, node))
		return NOT_SELECTED;
	if (!volumes_are_there(world, object, node))
		return NO_VOLUME;
	if (node->pod_capacity != RESOURCE_UNKNOWN && entry->sum.pods >= node->pod_capacity)
		return IS_FULL;
	if (pod->request.cpu > 0 && room_left(node->allocatable.cpu, &entry->sum.request_cpu, pod->request.cpu) < 0)
		return NO_CPU;
	if (pod->request.memory > 0 &&
		room_left(node->allocatable.memory, &entry->sum.request_memory, pod->request.memory) < 0)
		return NO_MEMORY;
	return FITS;
}

/* --- the sentence --- */

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "1 node(s) were unschedulable, 3 Insufficient memory": in the order of these texts, numbers included. */
static void add_reasons(struct arena *scratch, const unsigned *counts, const char *taint, struct buffer *out)
{
	const char *texts[REFUSAL_COUNT];
	size_t count = 0;

	for (size_t i = FITS + 1; i < REFUSAL_COUNT; i++)
		if (counts[i])
			texts[count++] =
				arena_printf(scratch, "%u %s", counts[i], i == HAS_TAINT ? taint : refusal_texts[i]);
	qsort(texts, count, sizeof(texts[0]), compare_texts);
	for (size_t i = 0; i < count; i++)
		buffer_printf(out, "%s%s", i ? ", " : "", texts[i]);
}

static void explain(
	struct arena *scratch, const unsigned *counts, size_t nodes, const char *taint, struct buffer *message)
{
	unsigned full = counts[NO_CPU] + counts[NO_MEMORY] + counts[IS_FULL];

	arena_reset(scratch);
	buffer_printf(message, "0/%zu nodes are available: ", nodes);
	add_reasons(scratch, counts, taint, message);
	buffer_printf(message, ". no new claims to deallocate, preemption: 0/%zu nodes are available: ", nodes);
	if (full)
		buffer_printf(
			message, "%u No preemption victims found for incoming pod%s", full, nodes > full ? ", " : "");
	if (nodes > full)
		buffer_printf(message, "%zu Preemption is not helpful for scheduling", nodes - full);
	buffer_add_char(message, '.');
}

static void describe_taint(const cJSON *spec, const struct node *node, struct buffer *out)
{
	const struct taint *taint = find_taint(spec, node, false);

	if (out->length || !taint)
		return;
	buffer_printf(
		out, "node(s) had untolerated taint {%s%s%s}", taint->key, *taint->value ? ": " : "", taint->value);
}

const struct node *demo_place(struct demo_world *world, struct demo_object *object, struct buffer *message)
{
	const struct cluster *cluster = demo_store_cluster(&world->store);
	const struct pod *pod = (const void *)cluster_find(cluster, KIND_POD, object->name, object->namespace);
	const struct node_entry *best = NULL;
	unsigned counts[REFUSAL_COUNT] = { 0 };
	AUTO_BUFFER taint = { 0 };
	size_t nodes = 0;

	demo_object_tree(object);
	for (size_t i = 0; pod && i < cluster_node_count(cluster); i++) {
		const struct node_entry *entry = cluster_node(cluster, i);
		enum refusal refusal;

		if (!entry->node)
			continue;
		nodes++;
		refusal = judge(world, object, pod, entry);
		counts[refusal]++;
		if (refusal == HAS_TAINT)
			describe_taint(demo_tree_at(object->tree, "spec"), entry->node, &taint);
		if (refusal == FITS && (!best || score(entry, pod) > score(best, pod)))
			best = entry;
	}
	if (best)
		return best->node;
	explain(&world->scratch, counts, nodes, taint.length ? buffer_text(&taint) : refusal_texts[HAS_TAINT], message);
	return NULL;
}
