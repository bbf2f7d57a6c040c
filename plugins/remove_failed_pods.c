/* RemoveFailedPods: evicts pods of phase Failed.
 * Upstream: pkg/framework/plugins/removefailedpods, v0.36.0. */
#include "clusterutils/rebalance/strategy.h"

struct args {
	struct param_names namespaces;
	const struct param_labels *labels;
	struct param_texts exclude_owner_kinds;
	struct param_uint min_seconds; /* since the pod was made */
	struct param_texts reasons;
	struct param_numbers exit_codes;
	bool with_init;
};

static const struct param params[] = {
	PARAM_NAMESPACES(struct args, namespaces),
	PARAM_SELECTOR(struct args, labels),
	{ .name = "excludeOwnerKinds",
		.type = PARAM_TEXTS,
		.offset = offsetof(struct args, exclude_owner_kinds),
		.help = "kinds of owners whose pods are left alone" },
	{ .name = "minPodLifetimeSeconds",
		.type = PARAM_OPTIONAL_UINT,
		.offset = offsetof(struct args, min_seconds),
		.help = "only pods of this age",
		.fallback = "3600" },
	{ .name = "reasons",
		.type = PARAM_TEXTS,
		.offset = offsetof(struct args, reasons),
		.help = "only pods that failed for one of these, or a container did" },
	{ .name = "exitCodes",
		.type = PARAM_NUMBERS,
		.offset = offsetof(struct args, exit_codes),
		.help = "only pods with a container that ended with one of these" },
	{ .name = "includingInitContainers",
		.type = PARAM_BOOL,
		.offset = offsetof(struct args, with_init),
		.help = "look at init containers, too",
		.fallback = "false" },
	PARAM_END,
};

static void check(const void *args, struct check *check)
{
	const struct args *a = args;

	check_names(check, "namespaces", &a->namespaces);
	check_labels(check, "labelSelector", a->labels);
}

const struct strategy strategy_remove_failed_pods = {
	.name = "RemoveFailedPods",
	.summary = "pods that failed and are still there",
	.points = STRATEGY_DESCHEDULE,
	.params = params,
	.args_size = sizeof(struct args),
	.check = check,
};
