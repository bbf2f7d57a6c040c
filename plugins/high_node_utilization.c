/* HighNodeUtilization: empties nodes that are used below thresholds, so that an autoscaler can take them away.
 * Upstream: pkg/framework/plugins/nodeutilization, v0.36.0. */
#include "node_utilization.h"

static const char *const modes[] = { "OnlyThresholdingResources", NULL };

static const struct param params[] = {
	{ .name = "thresholds",
		.type = PARAM_PERCENTS,
		.offset = offsetof(struct high_node_utilization_args, thresholds),
		.help = "a node is underutilized while all its resources are at or below",
		.max = 100 },
	{ .name = "numberOfNodes",
		.type = PARAM_INT64,
		.offset = offsetof(struct high_node_utilization_args, number_of_nodes),
		.help = "act only while more nodes than this are underutilized",
		.fallback = "0" },
	{ .name = "evictionModes",
		.type = PARAM_TEXTS,
		.offset = offsetof(struct high_node_utilization_args, eviction_modes),
		.help = "only pods that request one of the resources of thresholds",
		.choices = modes,
		.go_type = "nodeutilization.EvictionMode" },
	PARAM_EVICTABLE_NAMESPACES(struct high_node_utilization_args, evictable_namespaces),
	PARAM_END,
};

static void check(const void *args, struct check *check)
{
	const struct high_node_utilization_args *a = args;
	const char *other;

	if (!node_utilization_check_namespaces(check, &a->evictable_namespaces) ||
		!node_utilization_check_percents(check, "thresholds", "", &a->thresholds))
		return;
	other = check_first_other(check, "evictionModes", &a->eviction_modes);
	if (other)
		check_fail(check, "evictionModes", NULL, "invalid eviction mode %s", other);
}

const struct strategy strategy_high_node_utilization = {
	.name = "HighNodeUtilization",
	.summary = "pods on nodes that have little to do, so that these can be taken away",
	.points = STRATEGY_BALANCE,
	.params = params,
	.args_size = sizeof(struct high_node_utilization_args),
	.check = check,
};
