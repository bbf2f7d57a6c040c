/* RemovePodsViolatingNodeAffinity: pods on a node that their affinity does not want, or wants less than another.
 * Upstream: pkg/framework/plugins/removepodsviolatingnodeaffinity, v0.36.0. Differs: nothing. NodeFit is looked at
 * whatever the evictor says; a pod with a nodeSelector alone is passed over; for "preferred" its own node counts among
 * those it may fit, and the best weight may be of a node that it does not fit. */
#include <string.h>

#include "clusterutils/rebalance/pass.h"
#include "clusterutils/rebalance/strategy.h"
#include "clusterutils/sched/node_affinity.h"

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

/* --- what it does --- */

static struct pod_filter filter_of(const struct args *a)
{
	return (struct pod_filter){ &a->namespaces, a->labels };
}

/* The best weights that were looked for, by what is preferred. */
struct search {
	struct pass *pass;
	const struct args *a;
	struct pointer_map weights;
};

static void search_release(struct search *search)
{
	pointer_map_release(&search->weights);
}

typedef bool violates_function(struct search *search, const struct pass_node *node, struct pass_pod *pod);

static bool violates_required(struct search *search, const struct pass_node *node, struct pass_pod *pod)
{
	struct pass *pass = search->pass;

	return pod->pod->placement && pod->pod->placement->required_nodes &&
		!node_affinity_required(pod->pod, node->node) &&
		pass_fits_any_node(pass, pod, pass->listed, pass->listed_count);
}

/* Equal preferences are one object, for they are interned. */
static int64_t best_weight(struct search *search, const struct pod *pod)
{
	void **known = pointer_map_at(&search->weights, POINTERS(pod->placement->preferred_nodes));
	int64_t *best = *known;

	if (best)
		return *best;
	*known = best = ARENA_NEW(&search->pass->arena, int64_t);
	FOR_EACH_NODE(search->pass, node)
	{
		int64_t weight = node_affinity_preferred(pod, node->node);

		*best = weight > *best ? weight : *best;
	}
	return *best;
}

static bool violates_preferred(struct search *search, const struct pass_node *node, struct pass_pod *pod)
{
	struct pass *pass = search->pass;

	return pod->pod->placement && pod->pod->placement->preferred_nodes &&
		best_weight(search, pod->pod) > node_affinity_preferred(pod->pod, node->node) &&
		pass_fits_any_node(pass, pod, pass->listed, pass->listed_count);
}

static enum pass_refusal process(
	struct search *search, const struct pass_node *node, violates_function *violates, const char *why)
{
	struct pass *pass = search->pass;
	size_t count, kept = 0;
	struct pass_pod **pods = pass_candidates(pass, node, PASS_ACTIVE, filter_of(search->a), &count);
	enum pass_refusal refusal = PASS_ACCEPTED;

	/* All of the node are judged before the first one goes. */
	for (size_t i = 0; i < count; i++)
		if (violates(search, node, pods[i]))
			pods[kept++] = pods[i];
	for (size_t i = 0; i < kept && refusal != PASS_NODE_FULL && refusal != PASS_TOTAL_FULL; i++)
		refusal = pass_evict(pass, pods[i], "%s", why);
	return refusal;
}

static int deschedule(struct pass *pass, const void *args, struct error *err)
{
	const struct args *a = args;
	CLEANUP(search_release) struct search search = { .pass = pass, .a = a };

	(void)err;
	for (size_t i = 0; i < a->node_affinity_type.count; i++) {
		bool is_required =
			strcmp(a->node_affinity_type.items[i], "requiredDuringSchedulingIgnoredDuringExecution") == 0;

		if (!is_required &&
			strcmp(a->node_affinity_type.items[i], "preferredDuringSchedulingIgnoredDuringExecution") !=
				0) {
			pass_note(pass, "nodeAffinityType %s is not known: nothing is done for it",
				a->node_affinity_type.items[i]);
			continue;
		}
		FOR_EACH_NODE(pass, node)
		if (process(&search, node, is_required ? violates_required : violates_preferred,
			    is_required ? "its required node affinity does not match this node"
					: "another node is preferred by its node affinity") == PASS_TOTAL_FULL)
			break;
	}
	return 0;
}

const struct strategy strategy_remove_pods_violating_node_affinity = {
	.name = "RemovePodsViolatingNodeAffinity",
	.summary = "pods whose node no longer fits their node affinity",
	.points = STRATEGY_DESCHEDULE,
	.params = params,
	.args_size = sizeof(struct args),
	.check = check,
	.deschedule = deschedule,
};
