/* Lists of resources: what containers request and are limited to, what nodes offer.
 * Source of the arithmetic: k8s.io/component-helpers/resource (see model/pod_resources.h). */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "clusterutils/model/quantity.h"

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

/* The two resources that everything here counts, as plain integers. CPU in nanocores, memory in bytes.
 * RESOURCE_UNKNOWN where nothing is known: no metrics for a pod, no limit set. */
struct amounts {
	int64_t cpu;
	int64_t memory;
};

#define RESOURCE_UNKNOWN INT64_MIN
