/* Sums over pods and over nodes. Exact and reversible: removing what was added gives the sums as they were, whatever
 * an object claimed, so the store keeps them up to date instead of counting again. */
#pragma once

#include <stdint.h>

#include "clusterutils/model/node.h"
#include "clusterutils/model/pod.h"

/* A sum of 64-bit numbers that cannot overflow. */
struct total {
	int64_t high;
	uint64_t low;
};

void total_add(struct total *total, int64_t amount);
void total_subtract(struct total *total, int64_t amount);
void total_merge(struct total *total, const struct total *other);
int64_t total_value(const struct total *total); /* INT64_MAX or INT64_MIN + 2 where it does not fit */

struct pod_usage {
	int64_t pods;
	int64_t unsampled; /* pods without a sample of their usage */
	struct total request_cpu, request_memory;
	struct total limit_cpu,
		limit_memory; /* of the containers that have one, as `kubectl describe node` adds them */
	struct total usage_cpu, usage_memory;
};

void pod_usage_add(struct pod_usage *usage, const struct pod *pod);
void pod_usage_remove(struct pod_usage *usage, const struct pod *pod);
void pod_usage_merge(struct pod_usage *usage, const struct pod_usage *other);

/* What the nodes of a group offer and, where metrics are known, use. */
struct node_usage {
	int64_t nodes;
	int64_t sampled; /* nodes with a sample of their usage */
	int64_t pod_capacity;
	struct total allocatable_cpu, allocatable_memory;
	struct total usage_cpu, usage_memory; /* of the sampled nodes */
};

void node_usage_add(struct node_usage *sum, const struct node *node, const struct amounts *sample);
