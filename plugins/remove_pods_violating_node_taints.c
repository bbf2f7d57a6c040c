/* RemovePodsViolatingNodeTaints: pods that do not tolerate a taint of the node they run on.
 * Upstream: pkg/framework/plugins/removepodsviolatingnodetaints, v0.36.0. Differs: nothing. NoExecute is never
 * looked at, and a cordoned node, which carries node.kubernetes.io/unschedulable:NoSchedule, is drained. */
#include <stdio.h>
#include <string.h>

#include "clusterutils/rebalance/pass.h"
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

/* --- what it does --- */

static struct pod_filter filter_of(const struct args *a)
{
	return (struct pod_filter){ &a->namespaces, a->labels };
}

static bool is_named(const struct param_texts *names, const struct taint *taint)
{
	char both[1024];

	if (texts_have(names, taint->key))
		return true;
	snprintf(both, sizeof(both), "%s=%s", taint->key, taint->value);
	return *taint->value && texts_have(names, both);
}

static bool is_considered(const struct args *a, const struct taint *taint)
{
	if (taint->effect != EFFECT_NO_SCHEDULE &&
		!(a->include_prefer_no_schedule && taint->effect == EFFECT_PREFER_NO_SCHEDULE))
		return false;
	return !is_named(&a->excluded_taints, taint) &&
		(!a->included_taints.is_set || is_named(&a->included_taints, taint));
}

static bool tolerates(const struct pod *pod, const struct taint *taint)
{
	for (size_t i = 0; pod->tolerations && i < pod->tolerations->count; i++)
		if (toleration_tolerates(&pod->tolerations->items[i], taint))
			return true;
	return false;
}

static const struct taint *offending(const struct args *a, const struct node *node, const struct pod *pod)
{
	for (size_t i = 0; node->taints && i < node->taints->count; i++)
		if (is_considered(a, &node->taints->items[i]) && !tolerates(pod, &node->taints->items[i]))
			return &node->taints->items[i];
	return NULL;
}

static enum pass_refusal process(struct pass *pass, const struct pass_node *node, const struct args *a)
{
	size_t count;
	struct pass_pod **pods = pass_candidates(pass, node, PASS_ACTIVE, filter_of(a), &count);
	enum pass_refusal refusal = PASS_ACCEPTED;

	for (size_t i = 0; i < count && refusal != PASS_NODE_FULL && refusal != PASS_TOTAL_FULL; i++) {
		const struct taint *taint = offending(a, node->node, pods[i]->pod);

		if (taint)
			refusal = pass_evict(pass, pods[i], "does not tolerate %s%s%s:%s", taint->key,
				*taint->value ? "=" : "", taint->value,
				taint_effect_text((enum taint_effect)taint->effect));
	}
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

const struct strategy strategy_remove_pods_violating_node_taints = {
	.name = "RemovePodsViolatingNodeTaints",
	.summary = "pods that do not tolerate a taint of their node; a cordoned node has one",
	.points = STRATEGY_DESCHEDULE,
	.params = params,
	.args_size = sizeof(struct args),
	.check = check,
	.deschedule = deschedule,
};
