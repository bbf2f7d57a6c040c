/* RemovePodsViolatingNodeAffinity: evicts pods whose node no longer fits their node affinity, while another does.
 * Upstream: pkg/framework/plugins/removepodsviolatingnodeaffinity, v0.36.0. */
#include "clusterutils/rebalance/strategy.h"

struct args {
	struct param_names namespaces;
	const struct param_labels *labels;
	struct param_texts node_affinity_type;
};

static const struct param params[] = {
	PARAM_NAMESPACES(struct args, namespaces),
	PARAM_SELECTOR(struct args, labels),
	{ .name = "nodeAffinityType",
		.type = PARAM_TEXTS,
		.offset = offsetof(struct args, node_affinity_type),
		.help = "requiredDuringSchedulingIgnoredDuringExecution, preferredDuringSchedulingIgnoredDuringExecution",
		.constraint = "at least one",
		.assumed = "requiredDuringSchedulingIgnoredDuringExecution" },
	PARAM_END,
};

static void check(const void *args, struct check *check)
{
	const struct args *a = args;

	if (a->node_affinity_type.count == 0)
		check_fail(check, "nodeAffinityType", NULL, "nodeAffinityType needs to be set");
	check_names(check, "namespaces", &a->namespaces);
	check_labels(check, "labelSelector", a->labels);
}

const struct strategy strategy_remove_pods_violating_node_affinity = {
	.name = "RemovePodsViolatingNodeAffinity",
	.summary = "pods whose node no longer fits their node affinity",
	.points = STRATEGY_DESCHEDULE,
	.params = params,
	.args_size = sizeof(struct args),
	.check = check,
};
