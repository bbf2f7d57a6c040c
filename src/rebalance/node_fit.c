/* NodeFit, a part of what the scheduler looks at: upstream's pkg/descheduler/node node.go, check by check and in its
 * order. What it leaves out (the pods' required affinity, other pods' anti-affinity, spread, ports, volumes, room that
 * was promised to another pod before) the landing simulation sees (sched/). */
#include <string.h>

#include "clusterutils/model/selector.h"
#include "clusterutils/rebalance/pass.h"
#include "clusterutils/sched/node_affinity.h"
#include "clusterutils/util/text.h"

/* Own required anti-affinity against the pods of this node alone. */
static bool has_repellent(struct pass *pass, const struct pass_pod *pod, const struct pass_node *node)
{
	const struct placement *placement = pod->pod->placement;
	const struct pod_terms *terms = placement ? placement->required_anti_pods : NULL;

	for (size_t i = 0; terms && i < terms->count; i++) {
		if (!labels_get(node->node->meta.labels, terms->items[i].topology_key))
			continue;
		for (size_t k = 0; k < node->pod_count; k++) {
			const struct pass_pod *other = node->pods[k];

			if (pass_pod_is_active(other) && !text_equal(other->pod->meta.name, pod->pod->meta.name) &&
				pass_term_selects(pass, &terms->items[i], pod->pod, other->pod))
				return true;
		}
	}
	return false;
}

static int64_t offered(const struct pass_node *node, const char *resource)
{
	const struct quantity *quantity = resource_find(node->node->allocatable_resources, resource);

	if (!quantity)
		return 0;
	return strcmp(resource, "cpu") == 0 ? quantity_milli(quantity) : quantity_value(quantity);
}

/* In thousandths; a resource that the node does not have gives 0, whatever is requested there. */
static int64_t room_for(const struct pass *pass, const struct pass_node *node, const char *resource)
{
	const struct quantity *used = pass_requested(pass, node, resource);
	int64_t room;

	if (strcmp(resource, "cpu") == 0)
		return offered(node, resource) - quantity_milli(used);
	if (strcmp(resource, "memory") != 0 && !resource_find(node->node->allocatable_resources, resource))
		return 0;
	room = offered(node, resource) - quantity_value(used);
	return room > INT64_MAX / 1000 ? INT64_MAX : room < INT64_MIN / 1000 ? INT64_MIN : room * 1000;
}

static const char *lacking(struct pass *pass, const struct pass_pod *pod, const struct pass_node *node)
{
	for (size_t i = 0; i < pod->requests->count; i++) {
		const char *name = pod->requests->items[i].name;

		if (quantity_milli(&pod->requests->items[i].quantity) > room_for(pass, node, name))
			return arena_printf(&pass->arena, "insufficient %s", name);
	}
	return offered(node, "pods") - (int64_t)node->active_count <= 0 ? "insufficient pods" : NULL;
}

const char *pass_misfit(struct pass *pass, const struct pass_pod *pod, const struct pass_node *node)
{
	const unsigned effects = 1U << EFFECT_NO_SCHEDULE | 1U << EFFECT_NO_EXECUTE;

	if (node->node->unschedulable)
		return "node is not schedulable";
	if (!node_affinity_required(pod->pod, node->node))
		return "pod node selector does not match the node label";
	if (taint_first_untolerated(node->node->taints, pod->pod->tolerations, effects))
		return "pod does not tolerate taints on the node";
	if (has_repellent(pass, pod, node))
		return "pod matches inter-pod anti-affinity rule of other pod on node";
	if (pod->pod->node && text_equal(pod->pod->node, node->node->meta.name))
		return NULL;
	return lacking(pass, pod, node);
}

static bool fits_some(struct pass *pass, const struct pass_pod *pod, struct pass_node *const *nodes, size_t node_count,
	bool passes_own_over)
{
	for (size_t i = 0; i < node_count; i++) {
		if (passes_own_over && text_equal(pod->pod->node, nodes[i]->node->meta.name))
			continue;
		if (!pass_misfit(pass, pod, nodes[i]))
			return true;
	}
	return false;
}

bool pass_fits_other_node(
	struct pass *pass, const struct pass_pod *pod, struct pass_node *const *nodes, size_t node_count)
{
	return fits_some(pass, pod, nodes, node_count, true);
}

bool pass_fits_any_node(
	struct pass *pass, const struct pass_pod *pod, struct pass_node *const *nodes, size_t node_count)
{
	return fits_some(pass, pod, nodes, node_count, false);
}
