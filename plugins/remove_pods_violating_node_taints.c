/* RemovePodsViolatingNodeTaints: evicts pods that do not tolerate a taint of their node.
 * Upstream: pkg/framework/plugins/removepodsviolatingnodetaints, v0.36.0. */
#include "clusterutils/rebalance/strategy.h"

struct args {
	struct param_names namespaces;
	const struct param_labels *labels;
	bool include_prefer_no_schedule;
	struct param_texts excluded_taints;
	struct param_texts included_taints; /* not given: all; given but empty: none */
};

static const struct param params[] = {
	PARAM_NAMESPACES(struct args, namespaces),
	PARAM_SELECTOR(struct args, labels),
	{ .name = "includePreferNoSchedule",
		.type = PARAM_BOOL,
		.offset = offsetof(struct args, include_prefer_no_schedule),
		.help = "taints of effect PreferNoSchedule count, too",
		.fallback = "false" },
	{ .name = "excludedTaints",
		.type = PARAM_TEXTS,
		.offset = offsetof(struct args, excluded_taints),
		.help = "taints that do not count: KEY, or KEY=VALUE",
		.constraint = "not together with includedTaints" },
	{ .name = "includedTaints",
		.type = PARAM_TEXTS,
		.offset = offsetof(struct args, included_taints),
		.help = "the only taints that count: KEY, or KEY=VALUE",
		.constraint = "not together with excludedTaints" },
	PARAM_END,
};

static void check(const void *args, struct check *check)
{
	const struct args *a = args;

	check_names(check, "namespaces", &a->namespaces);
	check_labels(check, "labelSelector", a->labels);
	if (a->excluded_taints.count && a->included_taints.count)
		check_fail(check, "includedTaints", NULL,
			"either includedTaints or excludedTaints can be set, but not both");
}

const struct strategy strategy_remove_pods_violating_node_taints = {
	.name = "RemovePodsViolatingNodeTaints",
	.summary = "pods that do not tolerate a taint of their node; a cordoned node has one",
	.points = STRATEGY_DESCHEDULE,
	.params = params,
	.args_size = sizeof(struct args),
	.check = check,
};
