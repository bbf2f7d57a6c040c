/* RemovePodsHavingTooManyRestarts: evicts pods whose containers restarted at least podRestartThreshold times.
 * Upstream: pkg/framework/plugins/removepodshavingtoomanyrestarts, v0.36.0. */
#include "clusterutils/rebalance/strategy.h"

static const char *const states[] = { "CrashLoopBackOff", "Running", NULL };

struct args {
	struct param_names namespaces;
	const struct param_labels *labels;
	int32_t threshold;
	bool with_init;
	struct param_texts states;
};

static const struct param params[] = {
	PARAM_NAMESPACES(struct args, namespaces),
	PARAM_SELECTOR(struct args, labels),
	{ .name = "podRestartThreshold",
		.type = PARAM_INT32,
		.offset = offsetof(struct args, threshold),
		.help = "restarts from which a pod is evicted",
		.min = 1,
		.assumed = "100" },
	{ .name = "includingInitContainers",
		.type = PARAM_BOOL,
		.offset = offsetof(struct args, with_init),
		.help = "count init containers, too",
		.fallback = "false" },
	{ .name = "states",
		.type = PARAM_TEXTS,
		.offset = offsetof(struct args, states),
		.help = "only pods in one of these states",
		.choices = states },
	PARAM_END,
};

static void check(const void *args, struct check *check)
{
	const struct args *a = args;

	check_names(check, "namespaces", &a->namespaces);
	check_labels(check, "labelSelector", a->labels);
	if (check_is_below(check, "podRestartThreshold", a->threshold))
		check_fail(check, "podRestartThreshold", NULL, "invalid PodsHavingTooManyRestarts threshold");
	if (check_first_other(check, "states", &a->states))
		check_fail(check, "states", NULL, "states must be one of %s", check_choices(check, "states"));
}

const struct strategy strategy_remove_pods_having_too_many_restarts = {
	.name = "RemovePodsHavingTooManyRestarts",
	.summary = "pods that keep crashing, for a fresh start elsewhere",
	.points = STRATEGY_DESCHEDULE,
	.params = params,
	.args_size = sizeof(struct args),
	.check = check,
};
