#include "cluster_hold.h"

#include <stdlib.h>

#include "cluster_power.h"
#include "clusterutils/util/memory.h"

enum { LEAST_GARBAGE = 1 << 16 }; /* bytes; less is not worth looking for */

static void free_gone(struct cluster *cluster)
{
	for (size_t i = 0; i < cluster->gone_count; i++)
		object_free(cluster->gone[i]);
	cluster->gone_count = 0;
}

void cluster_hold_release(struct cluster *cluster)
{
	free_gone(cluster);
	free(cluster->gone);
}

/* What came in after the hold nobody looks at. */
void cluster_let_go(struct cluster *cluster, struct meta *object)
{
	if (!object || !cluster->hold || object->hold == cluster->hold) {
		object_free(object);
		return;
	}
	ARRAY_GROW(cluster->gone, cluster->gone_count, cluster->gone_capacity);
	cluster->gone[cluster->gone_count++] = object;
}

static void mark(void *context, const void *memory, size_t size)
{
	intern_sweep_mark(context, memory, size);
}

static void mark_items(struct intern_sweep *sweep, const struct index *index, size_t size)
{
	for (size_t i = 0; i < index->count; i++)
		intern_sweep_mark(sweep, index->items[i], size);
}

/* All that the store has is looked through, 0.1 s for 150,000 pods; so it is done when there may be as much that is not
 * used as is. */
static void sweep_interned(struct cluster *cluster)
{
	struct intern_sweep sweep;

	intern_sweep_begin(&sweep, &cluster->interner);
	for (size_t kind = 0; kind < KIND_COUNT; kind++)
		for (size_t i = 0; i < cluster->objects[kind].count; i++)
			arena_visit(&((const struct meta *)cluster->objects[kind].items[i])->memory, mark, &sweep);
	for (size_t i = 0; i < cluster->nodes.count; i++) {
		const struct node_entry *entry = cluster->nodes.items[i];

		if (entry->node)
			arena_visit(&entry->node->meta.memory, mark, &sweep);
	}
	mark_items(&sweep, &cluster->nodes, sizeof(struct node_entry));
	mark_items(&sweep, &cluster->namespaces, sizeof(struct namespace_entry));
	mark_items(&sweep, &cluster->owners, sizeof(struct owner_entry));
	mark_items(&sweep, &cluster->tiers, sizeof(struct tier_entry));
	arena_visit(&cluster->metering_memory, mark, &sweep);
	intern_sweep_end(&sweep);
}

void cluster_hold(struct cluster *cluster)
{
	free_gone(cluster);
	cluster_power_hold(cluster);
	if (++cluster->hold == 0)
		cluster->hold = 1;
	if (cluster->interner.bytes / 2 > cluster->swept_bytes + LEAST_GARBAGE) {
		sweep_interned(cluster);
		cluster->swept_bytes = cluster->interner.bytes;
	}
}
