/* RemoveFailedPods: pods that have failed and lie about.
 * Upstream: pkg/framework/plugins/removefailedpods, v0.36.0. Differs: nothing. Failed pods without an owner need the
 * evictor's FailedBarePods protection off as well. */
#include <string.h>

#include "clusterutils/rebalance/pass.h"
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

/* --- what it does --- */

static struct pod_filter filter_of(const struct args *a)
{
	return (struct pod_filter){ &a->namespaces, a->labels };
}

static bool is_looked_at(const struct args *a, const struct container_status *status)
{
	return a->with_init || status->role == CONTAINER_APP;
}

static bool has_reason(const struct args *a, const struct pod *pod)
{
	if (pod->reason && texts_have(&a->reasons, pod->reason))
		return true;
	for (size_t i = 0; i < pod->status_count; i++)
		if (is_looked_at(a, &pod->statuses[i]) && pod->statuses[i].reason &&
			texts_have(&a->reasons, pod->statuses[i].reason))
			return true;
	return false;
}

static bool has_exit_code(const struct args *a, const struct pod *pod)
{
	for (size_t i = 0; i < pod->status_count; i++)
		for (size_t k = 0; k < a->exit_codes.count; k++)
			if (is_looked_at(a, &pod->statuses[i]) && pod->statuses[i].state == CONTAINER_TERMINATED &&
				pod->statuses[i].exit_code == a->exit_codes.items[k])
				return true;
	return false;
}

static bool has_excluded_owner(const struct args *a, const struct pod *pod)
{
	for (size_t i = 0; pod->meta.owners && i < pod->meta.owners->count; i++)
		if (texts_have(&a->exclude_owner_kinds, pod->meta.owners->items[i].kind))
			return true;
	return false;
}

static bool is_old_enough(const struct pass *pass, const struct args *a, const struct pod *pod)
{
	return !a->min_seconds.is_set || pod->meta.created == TIME_NONE ||
		(pass->now >= pod->meta.created && (uint64_t)(pass->now - pod->meta.created) >= a->min_seconds.value);
}

static bool is_wanted(const struct pass *pass, const struct args *a, const struct pod *pod)
{
	return pod->phase == POD_FAILED && is_old_enough(pass, a, pod) && !has_excluded_owner(a, pod) &&
		(!a->reasons.count || has_reason(a, pod)) && (!a->exit_codes.count || has_exit_code(a, pod));
}

static enum pass_refusal process(struct pass *pass, const struct pass_node *node, const struct args *a)
{
	size_t count;
	struct pass_pod **pods = pass_candidates(pass, node, PASS_ANY_PHASE, filter_of(a), &count);
	enum pass_refusal refusal = PASS_ACCEPTED;

	for (size_t i = 0; i < count && refusal != PASS_NODE_FULL && refusal != PASS_TOTAL_FULL; i++)
		if (is_wanted(pass, a, pods[i]->pod))
			refusal = pass_evict(pass, pods[i], "it has failed%s%s", pods[i]->pod->reason ? ": " : "",
				pods[i]->pod->reason ? pods[i]->pod->reason : "");
	return refusal;
}

static int deschedule(struct pass *pass, const void *args, struct error *err)
{
	(void)err;
	FOR_EACH_NODE(pass, node)
	if (process(pass, node, args) == PASS_TOTAL_FULL)
		break;
	return 0;
}

const struct strategy strategy_remove_failed_pods = {
	.name = "RemoveFailedPods",
	.summary = "pods that failed and are still there",
	.points = STRATEGY_DESCHEDULE,
	.aim = AIM_RESTART,
	.params = params,
	.args_size = sizeof(struct args),
	.check = check,
	.deschedule = deschedule,
};
