/* RemovePodsHavingTooManyRestarts: pods that keep crashing, for a fresh start elsewhere.
 * Upstream: pkg/framework/plugins/removepodshavingtoomanyrestarts, v0.36.0. Differs: nothing. */
#include <stdlib.h>
#include <string.h>

#include "clusterutils/rebalance/pass.h"
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

/* --- what it does --- */

static struct pod_filter filter_of(const struct args *a)
{
	return (struct pod_filter){ &a->namespaces, a->labels };
}

struct candidate {
	struct pass_pod *pod;
	uint64_t restarts;
};

static uint64_t restarts_of(const struct pod *pod, bool with_init)
{
	uint64_t restarts = 0;

	for (size_t i = 0; i < pod->status_count; i++)
		if (with_init || pod->statuses[i].role == CONTAINER_APP)
			restarts += pod->statuses[i].restarts;
	return restarts;
}

static bool has_state(const struct args *a, const struct pod *pod)
{
	if (!a->states.count || texts_have(&a->states, pod_phase_text(pod->phase)))
		return true;
	for (size_t i = 0; i < pod->status_count; i++) {
		const struct container_status *status = &pod->statuses[i];

		if ((a->with_init || status->role == CONTAINER_APP) && status->state == CONTAINER_WAITING &&
			status->reason && texts_have(&a->states, status->reason))
			return true;
	}
	return false;
}

/* Most restarts first; of equals in the order of names, which the addresses have. */
static int compare(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->restarts != y->restarts)
		return x->restarts > y->restarts ? -1 : 1;
	return x->pod < y->pod ? -1 : x->pod > y->pod;
}

static size_t find(struct pass *pass, const struct pass_node *node, const struct args *a, struct candidate **ret_found)
{
	size_t count, kept = 0;
	struct pass_pod **pods = pass_candidates(pass, node, PASS_ANY_PHASE, filter_of(a), &count);
	struct candidate *found = ARENA_ARRAY(&pass->arena, count, struct candidate);

	for (size_t i = 0; i < count; i++) {
		uint64_t restarts = restarts_of(pods[i]->pod, a->with_init);

		if (restarts >= (uint64_t)a->threshold && has_state(a, pods[i]->pod))
			found[kept++] = (struct candidate){ pods[i], restarts };
	}
	qsort(found, kept, sizeof(*found), compare);
	*ret_found = found;
	return kept;
}

static int deschedule(struct pass *pass, const void *args, struct error *err)
{
	const struct args *a = args;

	(void)err;
	FOR_EACH_NODE(pass, node)
	{
		struct candidate *found;
		size_t count = find(pass, node, a, &found);
		enum pass_refusal refusal = PASS_ACCEPTED;

		for (size_t i = 0; i < count && refusal != PASS_NODE_FULL; i++) {
			refusal = pass_evict(pass, found[i].pod, "%llu restarts, limit %d",
				(unsigned long long)found[i].restarts, (int)a->threshold);
			if (refusal == PASS_TOTAL_FULL)
				return 0;
		}
	}
	return 0;
}

const struct strategy strategy_remove_pods_having_too_many_restarts = {
	.name = "RemovePodsHavingTooManyRestarts",
	.summary = "pods that keep crashing, for a fresh start elsewhere",
	.points = STRATEGY_DESCHEDULE,
	.aim = AIM_RESTART,
	.params = params,
	.args_size = sizeof(struct args),
	.check = check,
	.deschedule = deschedule,
};
