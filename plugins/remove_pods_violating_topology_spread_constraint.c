/* RemovePodsViolatingTopologySpreadConstraint: evicts pods until their spread over zones or nodes keeps maxSkew.
 * Upstream: pkg/framework/plugins/removepodsviolatingtopologyspreadconstraint, v0.36.0. */
#include "clusterutils/rebalance/strategy.h"

static const char *const constraints[] = { "DoNotSchedule", "ScheduleAnyway", NULL };

struct args {
	struct param_names namespaces;
	const struct param_labels *labels;
	struct param_texts constraints;
	struct param_bool node_fit;
};

static const struct param params[] = {
	PARAM_NAMESPACES(struct args, namespaces),
	PARAM_SELECTOR(struct args, labels),
	{ .name = "constraints",
		.type = PARAM_TEXTS,
		.offset = offsetof(struct args, constraints),
		.help = "spread constraints that count, by whenUnsatisfiable",
		.choices = constraints,
		.go_type = "v1.UnsatisfiableConstraintAction",
		.fallback = "DoNotSchedule" },
	{ .name = "topologyBalanceNodeFit",
		.type = PARAM_OPTIONAL_BOOL,
		.offset = offsetof(struct args, node_fit),
		.help = "evict only pods that would fit on a node of a smaller domain",
		.fallback = "true" },
	PARAM_END,
};

static void check(const void *args, struct check *check)
{
	const struct args *a = args;

	check_names(check, "namespaces", &a->namespaces);
	check_labels(check, "labelSelector", a->labels);
	for (size_t i = 0; i < a->constraints.count; i++) {
		struct param_texts one = { true, 1, &a->constraints.items[i] };

		if (check_first_other(check, "constraints", &one))
			check_fail(check, "constraints", NULL,
				"constraint %s is not one of map[DoNotSchedule:{} ScheduleAnyway:{}]", one.items[0]);
	}
}

const struct strategy strategy_remove_pods_violating_topology_spread_constraint = {
	.name = "RemovePodsViolatingTopologySpreadConstraint",
	.summary = "pods that are spread unevenly over zones or nodes",
	.points = STRATEGY_BALANCE,
	.params = params,
	.args_size = sizeof(struct args),
	.check = check,
};
