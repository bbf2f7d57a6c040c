/* RemovePodsViolatingInterPodAntiAffinity: evicts pods whose required anti-affinity forbids one that runs beside them.
 * Upstream: pkg/framework/plugins/removepodsviolatinginterpodantiaffinity, v0.36.0. */
#include "clusterutils/rebalance/strategy.h"

struct args {
	struct param_names namespaces;
	const struct param_labels *labels;
};

static const struct param params[] = {
	PARAM_NAMESPACES(struct args, namespaces),
	PARAM_SELECTOR(struct args, labels),
	PARAM_END,
};

static void check(const void *args, struct check *check)
{
	const struct args *a = args;

	check_names(check, "namespaces", &a->namespaces);
	check_labels(check, "labelSelector", a->labels);
}

const struct strategy strategy_remove_pods_violating_inter_pod_anti_affinity = {
	.name = "RemovePodsViolatingInterPodAntiAffinity",
	.summary = "pods that must not run beside another that is there",
	.points = STRATEGY_DESCHEDULE,
	.params = params,
	.args_size = sizeof(struct args),
	.check = check,
};
