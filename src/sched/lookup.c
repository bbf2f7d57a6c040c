/* What many questions look up again and again, found out once: selectors, the domains of a topology, which nodes fulfil
 * a demand, and which pods are alike. Keys are interned, so that their pointers tell. */
#include <stdlib.h>
#include <string.h>

#include "clusterutils/sched/node_affinity.h"
#include "clusterutils/util/memory.h"
#include "scheduler_private.h"

struct sched_selector {
	struct selector selector;
	const char *problem; /* NULL for none */
};

const struct selector *scheduler_selector(
	struct scheduler *scheduler, const struct label_selector *source, const char **ret_problem)
{
	struct sched_selector *known = pointer_map_get(&scheduler->selectors, POINTERS(source));
	struct error err = { 0 };

	if (!known) {
		known = ARENA_NEW(&scheduler->arena, struct sched_selector);
		if (selector_build(source, &known->selector, &err) < 0)
			known->problem = arena_text(&scheduler->arena, err.message);
		*pointer_map_at(&scheduler->selectors, POINTERS(source)) = known;
	}
	if (known->problem && ret_problem)
		*ret_problem = known->problem;
	return known->problem ? NULL : &known->selector;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static struct sched_topology *make_topology(struct scheduler *scheduler, const char *key)
{
	struct sched_topology *topology = ARENA_NEW(&scheduler->arena, struct sched_topology);
	size_t room = scheduler->node_count ? scheduler->node_count : 1, count = 0;
	const char **values = ARENA_ARRAY(&scheduler->arena, room, const char *);

	topology->key = key;
	topology->of_node = ARENA_ARRAY(&scheduler->arena, room, int32_t);
	for (size_t i = 0; i < scheduler->node_count; i++) {
		const char *value = labels_get(scheduler->nodes[i].node->meta.labels, key);

		if (value)
			values[count++] = value;
	}
	qsort(values, count, sizeof(*values), by_text);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || strcmp(values[i], values[topology->domain_count - 1]) != 0)
			values[topology->domain_count++] = values[i];
	topology->values = values;
	for (size_t i = 0; i < scheduler->node_count; i++) {
		const char *value = labels_get(scheduler->nodes[i].node->meta.labels, key);
		const char **found =
			value ? bsearch(&value, values, topology->domain_count, sizeof(*values), by_text) : NULL;

		topology->of_node[i] = found ? (int32_t)(found - values) : -1;
	}
	return topology;
}

const struct sched_topology *scheduler_topology(struct scheduler *scheduler, const char *key)
{
	struct sched_topology *known = pointer_map_get(&scheduler->topologies, POINTERS(key));

	if (!known) {
		known = make_topology(scheduler, key);
		*pointer_map_at(&scheduler->topologies, POINTERS(key)) = known;
	}
	return known;
}

struct sched_space *scheduler_space(struct scheduler *scheduler, const char *name)
{
	struct sched_space *space = index_find(&scheduler->spaces, name ? name : "", NULL);
	const struct meta *object;

	if (space)
		return space;
	space = ARENA_NEW(&scheduler->arena, struct sched_space);
	space->name = name ? name : "";
	object = cluster_find(scheduler->cluster, KIND_NAMESPACE, space->name, NULL);
	space->is_known = object != NULL;
	space->labels = object ? object->labels : NULL;
	index_add(&scheduler->spaces, space);
	return space;
}

/* --- nodes for a demand --- */

/* The pods of a DaemonSet name a node each: nothing to keep. */
static bool names_a_node(const struct pod *pod)
{
	const struct node_terms *terms = pod->placement ? pod->placement->required_nodes : NULL;

	return terms && terms->count && terms->items[0].fields;
}

const uint8_t *scheduler_selected(struct scheduler *scheduler, const struct pod *pod)
{
	const struct node_terms *terms = pod->placement ? pod->placement->required_nodes : NULL;
	void **known;
	uint8_t *mask;

	if (!terms && !pod->node_selector)
		return NULL;
	known = pointer_map_at(&scheduler->affinities, POINTERS(pod->node_selector, terms));
	mask = *known;
	if (mask)
		return mask;
	*known = mask = ARENA_ARRAY(&scheduler->arena, scheduler->node_count, uint8_t);
	for (size_t i = 0; i < scheduler->node_count; i++)
		mask[i] = node_affinity_required(pod, scheduler->nodes[i].node);
	return mask;
}

const uint8_t *scheduler_tolerated(struct scheduler *scheduler, const struct pod *pod)
{
	const unsigned effects = 1U << EFFECT_NO_SCHEDULE | 1U << EFFECT_NO_EXECUTE;
	void **known;
	uint8_t *mask;

	if (!scheduler->has_taints)
		return NULL;
	known = pointer_map_at(&scheduler->taints, POINTERS(pod->tolerations));
	mask = *known;
	if (mask)
		return mask;
	*known = mask = ARENA_ARRAY(&scheduler->arena, scheduler->node_count, uint8_t);
	for (size_t i = 0; i < scheduler->node_count; i++)
		mask[i] = !taint_first_untolerated(scheduler->nodes[i].node->taints, pod->tolerations, effects);
	return mask;
}

bool scheduler_selects(struct scheduler *scheduler, const struct pod *pod, const struct sched_node *node)
{
	const uint8_t *mask = names_a_node(pod) ? NULL : scheduler_selected(scheduler, pod);

	if (names_a_node(pod))
		return node_affinity_required(pod, node->node);
	return !mask || mask[node->position];
}

bool scheduler_tolerates(struct scheduler *scheduler, const struct pod *pod, const struct sched_node *node)
{
	const uint8_t *mask = node->node->taints ? scheduler_tolerated(scheduler, pod) : NULL;

	return !mask || mask[node->position];
}

/* --- pods that are alike --- */

static struct sched_group *find_group(struct scheduler *scheduler, struct sched_pod *pod)
{
	const struct labels *labels = pod->pod->meta.labels;
	struct sched_group *group = pointer_map_get(&scheduler->groups, POINTERS(pod->space, labels));

	if (!group) {
		group = ARENA_NEW(&scheduler->arena, struct sched_group);
		group->namespace = pod->space->name;
		group->labels = labels;
		group->next = pod->space->groups;
		pod->space->groups = group;
		*pointer_map_at(&scheduler->groups, POINTERS(pod->space, labels)) = group;
	}
	return group;
}

static bool look_far(const struct pod_terms *terms)
{
	for (size_t i = 0; terms && i < terms->count; i++)
		if (terms->items[i].namespaces || terms->items[i].namespace_selector)
			return true;
	return false;
}

bool placement_looks_far(const struct placement *placement)
{
	return look_far(placement->required_pods) || look_far(placement->preferred_pods) ||
		look_far(placement->required_anti_pods) || look_far(placement->preferred_anti_pods);
}

static struct sched_group *find_outspoken(struct scheduler *scheduler, struct sched_pod *pod)
{
	const struct placement *placement = pod->pod->placement;
	struct sched_group *group;

	if (!placement ||
		!(placement->required_pods || placement->preferred_pods || placement->required_anti_pods ||
			placement->preferred_anti_pods))
		return NULL;
	group = pointer_map_get(&scheduler->outspoken, POINTERS(pod->space, placement));
	if (!group) {
		struct sched_group **list = placement_looks_far(placement) ? &scheduler->far : &pod->space->outspoken;

		group = ARENA_NEW(&scheduler->arena, struct sched_group);
		group->namespace = pod->space->name;
		group->placement = placement;
		group->next = *list;
		*list = group;
		*pointer_map_at(&scheduler->outspoken, POINTERS(pod->space, placement)) = group;
	}
	return group;
}

static uint32_t join(struct sched_group *group, struct sched_pod *pod)
{
	ARRAY_GROW(group->pods, group->count, group->capacity);
	group->pods[group->count] = pod;
	return (uint32_t)group->count++;
}

void groups_add(struct scheduler *scheduler, struct sched_pod *pod)
{
	pod->alike = find_group(scheduler, pod);
	pod->at_alike = join(pod->alike, pod);
	pod->outspoken = find_outspoken(scheduler, pod);
	if (pod->outspoken)
		pod->at_spoken = join(pod->outspoken, pod);
}

void groups_remove(struct sched_pod *pod)
{
	struct sched_group *alike = pod->alike, *outspoken = pod->outspoken;

	alike->pods[pod->at_alike] = alike->pods[--alike->count];
	alike->pods[pod->at_alike]->at_alike = pod->at_alike;
	if (outspoken) {
		outspoken->pods[pod->at_spoken] = outspoken->pods[--outspoken->count];
		outspoken->pods[pod->at_spoken]->at_spoken = pod->at_spoken;
	}
	pod->alike = pod->outspoken = NULL;
}

static void release_groups(struct pointer_map *groups)
{
	for (size_t i = 0; i < groups->capacity; i++)
		if (groups->slots[i].value)
			free(((struct sched_group *)groups->slots[i].value)->pods);
	pointer_map_release(groups);
}

void groups_release(struct scheduler *scheduler)
{
	release_groups(&scheduler->groups);
	release_groups(&scheduler->outspoken);
	for (size_t i = 0; i < scheduler->selectors.capacity; i++)
		if (scheduler->selectors.slots[i].value)
			selector_release(&((struct sched_selector *)scheduler->selectors.slots[i].value)->selector);
	pointer_map_release(&scheduler->selectors);
	pointer_map_release(&scheduler->topologies);
	pointer_map_release(&scheduler->affinities);
	pointer_map_release(&scheduler->taints);
}
