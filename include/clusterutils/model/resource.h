/* Lists of resources: what containers request and are limited to, what nodes offer.
 * Source of the arithmetic: k8s.io/component-helpers/resource (see model/pod_resources.h). */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "clusterutils/model/quantity.h"
#include "clusterutils/util/arena.h"

struct resource {
	const char *name; /* interned: "cpu", "memory", "nvidia.com/gpu" */
	struct quantity quantity;
};

/* Sorted by name, each name once. As part of an object it is interned and NULL stands for none given. */
struct resource_list {
	size_t count;
	struct resource items[];
};

/* The quantity, or NULL where the list does not name the resource. */
const struct quantity *resource_find(const struct resource_list *list, const char *name);

/* A list in the making: lists are merged into it. Of a resource that it does not name yet, it takes the quantity as it
 * is. The memory is the arena's; a NULL list is an empty one. */
struct resource_sums {
	struct resource_list *list; /* NULL until something is merged */
	size_t capacity;
	struct arena *arena;
};

void resource_sums_init(struct resource_sums *sums, struct arena *arena);
void resource_sums_clear(struct resource_sums *sums); /* keeps the memory */

/* Of a resource that it names, the sum (or, out of range, the larger), the larger, the new one, the one it has. */
void resource_sums_add(struct resource_sums *sums, const struct resource_list *list);
void resource_sums_max(struct resource_sums *sums, const struct resource_list *list);
void resource_sums_replace(struct resource_sums *sums, const struct resource_list *list);
void resource_sums_complete(struct resource_sums *sums, const struct resource_list *list);

/* What was merged, never NULL; changes with the next merge. */
const struct resource_list *resource_sums_list(struct resource_sums *sums);

/* The two resources that everything here counts, as plain integers. CPU in nanocores, memory in bytes.
 * RESOURCE_UNKNOWN where nothing is known: no metrics for a pod, no limit set. */
struct amounts {
	int64_t cpu;
	int64_t memory;
};

#define RESOURCE_UNKNOWN INT64_MIN
