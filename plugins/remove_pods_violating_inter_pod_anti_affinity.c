/* RemovePodsViolatingInterPodAntiAffinity: pods whose own required anti-affinity another pod offends.
 * Upstream: pkg/framework/plugins/removepodsviolatinginterpodantiaffinity, v0.36.0. Differs: nothing. Pods that the
 * namespaces or the labelSelector leave out do not offend either; a term's namespaceSelector is not looked at. */
#include <string.h>

#include "clusterutils/rebalance/pass.h"
#include "clusterutils/rebalance/strategy.h"
#include "clusterutils/util/text.h"

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

/* --- what it does --- */

static struct pod_filter filter_of(const struct args *a)
{
	return (struct pod_filter){ &a->namespaces, a->labels };
}

static bool shares_domain(const struct pass_node *a, const struct pass_node *b, const char *key)
{
	const char *first, *second;

	if (a == b)
		return true;
	first = labels_get(a->node->meta.labels, key);
	second = labels_get(b->node->meta.labels, key);
	return first && second && strcmp(first, second) == 0;
}

static bool offends(struct pass *pass, const struct args *a, const struct pod_term *term, const struct pass_pod *pod,
	const struct pass_pod *other)
{
	return pass_pod_is_active(other) && other->node && other->node->is_listed &&
		!text_equal(other->pod->meta.name, pod->pod->meta.name) && pod_filter_has(filter_of(a), other->pod) &&
		pass_term_selects(pass, term, pod->pod, other->pod) &&
		shares_domain(pod->node, other->node, term->topology_key);
}

/* NULL where nobody does. An invalid selector ends the search, as upstream's. */
static const struct pod *offender(struct pass *pass, const struct args *a, const struct pass_pod *pod)
{
	const struct placement *placement = pod->pod->placement;
	const struct pod_terms *terms = placement ? placement->required_anti_pods : NULL;

	for (size_t i = 0; terms && i < terms->count; i++) {
		if (!pass_selector(pass, terms->items[i].selector))
			return NULL;
		for (size_t k = 0; k < pass->pod_count; k++)
			if (offends(pass, a, &terms->items[i], pod, &pass->pods[k]))
				return pass->pods[k].pod;
	}
	return NULL;
}

static enum pass_refusal process(struct pass *pass, const struct pass_node *node, const struct args *a)
{
	struct pass_pod **pods = ARENA_ARRAY(&pass->arena, node->pod_count, struct pass_pod *);
	enum pass_refusal refusal = PASS_ACCEPTED;
	size_t count = 0;

	for (size_t i = 0; i < node->pod_count; i++)
		if (pass_pod_is_active(node->pods[i]) && pod_filter_has(filter_of(a), node->pods[i]->pod))
			pods[count++] = node->pods[i];
	pass_sort_by_priority(pods, count);
	for (size_t i = 0; i < count && refusal != PASS_NODE_FULL && refusal != PASS_TOTAL_FULL; i++) {
		const struct pod *other = offender(pass, a, pods[i]);

		if (other && pass_is_evictable(pass, pods[i]) && pass_may_leave(pass, pods[i]))
			refusal = pass_evict(pass, pods[i], "its anti-affinity does not want %s/%s so near",
				other->meta.namespace ? other->meta.namespace : "", other->meta.name);
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

const struct strategy strategy_remove_pods_violating_inter_pod_anti_affinity = {
	.name = "RemovePodsViolatingInterPodAntiAffinity",
	.summary = "pods that must not run beside another that is there",
	.points = STRATEGY_DESCHEDULE,
	.params = params,
	.args_size = sizeof(struct args),
	.check = check,
	.deschedule = deschedule,
};
