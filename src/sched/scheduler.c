#include "scheduler_private.h"

#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

static struct index_key node_key(const void *object)
{
	return (struct index_key){ ((const struct sched_node *)object)->node->meta.name, NULL };
}

static struct index_key space_key(const void *object)
{
	return (struct index_key){ ((const struct sched_space *)object)->name, NULL };
}

struct sched_node *scheduler_find_node(const struct scheduler *scheduler, const char *name)
{
	return name ? index_find(&scheduler->nodes_by_name, name, NULL) : NULL;
}

struct sched_pod *scheduler_find_pod(const struct scheduler *scheduler, const struct pod *pod)
{
	return pointer_map_get(&scheduler->pod_of, POINTERS(pod));
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct sched_node *)a)->node->meta.name, ((const struct sched_node *)b)->node->meta.name);
}

/* What nodes offer and pods ask for, each once; the first three are those that the plugins look at by themselves. */
static void find_resources(struct scheduler *scheduler)
{
	static const char *const first[] = {
		[NEED_CPU] = "cpu", [NEED_MEMORY] = "memory", [NEED_STORAGE] = "ephemeral-storage"
	};

	for (size_t i = 0; i < ARRAY_LEN(first); i++) {
		ARRAY_GROW(scheduler->resources, scheduler->resource_count, scheduler->resource_capacity);
		scheduler->resources[scheduler->resource_count++] = first[i];
	}
	for (size_t i = 0; i < scheduler->pod_count; i++)
		scheduler->pods[i].needs = resources_of(scheduler, scheduler->pods[i].pod);
	for (size_t i = 0; i < cluster_node_count(scheduler->cluster); i++) {
		const struct node *node = cluster_node(scheduler->cluster, i)->node;
		const struct resource_list *list = node ? node->allocatable_resources : NULL;

		for (size_t k = 0; list && k < list->count; k++)
			resources_position(scheduler, list->items[k].name);
	}
}

static void find_nodes(struct scheduler *scheduler)
{
	size_t count = cluster_node_count(scheduler->cluster);

	scheduler->nodes = ARENA_ARRAY(&scheduler->arena, count ? count : 1, struct sched_node);
	for (size_t i = 0; i < count; i++)
		if (cluster_node(scheduler->cluster, i)->node)
			scheduler->nodes[scheduler->node_count++].node = cluster_node(scheduler->cluster, i)->node;
	qsort(scheduler->nodes, scheduler->node_count, sizeof(*scheduler->nodes), by_name);
	for (size_t i = 0; i < scheduler->node_count; i++) {
		struct sched_node *node = &scheduler->nodes[i];

		node->position = (uint32_t)i;
		scheduler->has_taints = scheduler->has_taints || node->node->taints;
		node->allocatable = ARENA_ARRAY(&scheduler->arena, scheduler->resource_count, int64_t);
		node->requested = ARENA_ARRAY(&scheduler->arena, scheduler->resource_count, int64_t);
		resources_offered(scheduler, node);
		index_add(&scheduler->nodes_by_name, node);
	}
}

static void start(struct scheduler *scheduler, struct sched_pod *pod, struct sched_node *node, bool is_promised)
{
	pod->node = node;
	ARRAY_GROW(node->pods, node->count, node->capacity);
	pod->at_node = (uint32_t)node->count;
	node->pods[node->count++] = pod;
	resources_charge(node, pod->needs, 1);
	quick_note_change(scheduler, node);
	groups_add(scheduler, pod);
	volumes_add(scheduler, pod, is_promised);
}

static void stop(struct scheduler *scheduler, struct sched_pod *pod)
{
	struct sched_node *node = pod->node;

	node->pods[pod->at_node] = node->pods[--node->count];
	node->pods[pod->at_node]->at_node = pod->at_node;
	resources_charge(node, pod->needs, -1);
	quick_note_change(scheduler, node);
	groups_remove(pod);
	volumes_remove(scheduler, pod); /* while it still says where it was */
	pod->node = NULL;
}

void scheduler_follow(struct scheduler *scheduler, unsigned minor)
{
	if (minor)
		scheduler->minor = minor;
}

struct scheduler *scheduler_new(const struct cluster *cluster)
{
	struct scheduler *scheduler = NEW(struct scheduler);
	const struct pod *const *pods = cluster_pods_in_order(cluster);

	scheduler->cluster = cluster;
	scheduler->minor = SCHED_MINOR_BY_DEFAULT;
	index_init(&scheduler->nodes_by_name, node_key);
	index_init(&scheduler->spaces, space_key);
	scheduler->pod_count = cluster_count(cluster, KIND_POD);
	scheduler->pods =
		ARENA_ARRAY(&scheduler->arena, scheduler->pod_count ? scheduler->pod_count : 1, struct sched_pod);
	for (size_t i = 0; i < scheduler->pod_count; i++) {
		scheduler->pods[i].pod = pods[i];
		scheduler->pods[i].is_leaving = pods[i]->meta.deleted != TIME_NONE;
		scheduler->pods[i].space = scheduler_space(scheduler, pods[i]->meta.namespace);
		*pointer_map_at(&scheduler->pod_of, POINTERS(pods[i])) = &scheduler->pods[i];
	}
	find_resources(scheduler);
	find_nodes(scheduler);
	volumes_init(scheduler);
	for (size_t i = 0; i < scheduler->pod_count; i++) {
		struct sched_node *node = scheduler_find_node(scheduler, pods[i]->node);

		if (node && pod_is_active(pods[i]))
			start(scheduler, &scheduler->pods[i], node, false);
	}
	return scheduler;
}

void scheduler_free(struct scheduler *scheduler)
{
	if (!scheduler)
		return;
	quick_release(scheduler);
	volumes_release(scheduler);
	images_release(scheduler);
	groups_release(scheduler);
	for (size_t i = 0; i < scheduler->node_count; i++)
		free(scheduler->nodes[i].pods);
	free(scheduler->resources);
	index_release(&scheduler->nodes_by_name);
	index_release(&scheduler->spaces);
	pointer_map_release(&scheduler->pod_of);
	pointer_map_release(&scheduler->needs);
	arena_release(&scheduler->arena);
	free(scheduler);
}

void scheduler_place(struct scheduler *scheduler, const struct pod *pod, const char *node)
{
	struct sched_pod *known = scheduler_find_pod(scheduler, pod);
	struct sched_node *there = scheduler_find_node(scheduler, node);

	if (!known || known->node || !there)
		return;
	known->is_leaving = false;
	start(scheduler, known, there, true);
}

void scheduler_put_back(struct scheduler *scheduler, const struct pod *pod, const char *node)
{
	struct sched_pod *known = scheduler_find_pod(scheduler, pod);
	struct sched_node *there = scheduler_find_node(scheduler, node);
	bool is_home = text_equal(pod->node, node);

	if (!known || known->node || !there)
		return;
	known->is_leaving = is_home && pod->meta.deleted != TIME_NONE;
	start(scheduler, known, there, !is_home);
}

void scheduler_remove(struct scheduler *scheduler, const struct pod *pod)
{
	struct sched_pod *known = scheduler_find_pod(scheduler, pod);

	if (known && known->node)
		stop(scheduler, known);
}

const struct node *scheduler_node_of(const struct scheduler *scheduler, const struct pod *pod)
{
	const struct sched_pod *known = scheduler_find_pod(scheduler, pod);

	return known && known->node ? known->node->node : NULL;
}
