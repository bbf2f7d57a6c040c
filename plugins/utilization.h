/* What LowNodeUtilization and HighNodeUtilization have in common: how much of a node is used, and moving pods from some
 * nodes while others have room. Source: sigs.k8s.io/descheduler v0.36.0, pkg/framework/plugins/nodeutilization. */
#pragma once

#include "clusterutils/rebalance/pass.h"

/* The threshold of a resource, or NULL. */
const struct param_percent *threshold_find(const struct param_percents *thresholds, const char *resource);

enum { TRACKED_MAX = 32 };

/* Usage of a node in tracked resources, as exact amounts and as a share. */
struct node_use {
	struct pass_node *node;
	struct quantity used[TRACKED_MAX];
	struct quantity cap[TRACKED_MAX]; /* what may be used: the target's part of the capacity */
	double percent[TRACKED_MAX];      /* NAN for a resource that the node does not have */
	const char *class;                /* "underutilized" ...; NULL for neither */
	struct pass_pod **removable;
	size_t removable_count;
};

enum use_source { USE_REQUESTS, USE_METRICS, USE_PROMETHEUS };

struct utilization {
	struct pass *pass;
	enum use_source source;
	const char *tracked[TRACKED_MAX]; /* "cpu", "memory", "pods", and those of the thresholds */
	size_t tracked_count;
	struct node_use *nodes;               /* one for each listed node */
	struct param_percents low, high;      /* in percent, after deviation */
	const struct param_names *namespaces; /* none of their pods goes; NULL for none */
	int64_t node_limit;                   /* evictions of this strategy on one node; -1 for none */
	bool (*is_wanted)(const struct utilization *utilization, const struct pass_pod *pod); /* NULL for all */
	bool stops_at_target; /* when its own node is inside the caps */
};

/* Fills nodes, used, percent; -1 with upstream's sentence where usage cannot be told. */
int utilization_measure(struct utilization *utilization, struct error *err) MUST_USE;

/* From fixed percentages, or from the mean of all nodes. */
void utilization_set_thresholds(struct utilization *utilization, const struct param_percents *low,
	const struct param_percents *high, bool are_deviations);

bool utilization_is_below(const struct utilization *utilization, const struct node_use *use);
bool utilization_is_above(const struct utilization *utilization, const struct node_use *use);

/* Tells the pass how the nodes are seen. */
void utilization_show(const struct utilization *utilization);

/* From each source in its order, while the targets have room for everything. */
void utilization_move(struct utilization *utilization, struct node_use **sources, size_t source_count,
	struct node_use **targets, size_t target_count);
void utilization_sort(const struct utilization *utilization, struct node_use **nodes, size_t count, bool ascending);
