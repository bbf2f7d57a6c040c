/* NodeFit, a part of what the scheduler looks at: upstream's pkg/descheduler/node node.go, check by check and in its
 * order. What it leaves out (the pods' required affinity, other pods' anti-affinity, spread, ports, volumes, room that
 * was promised to another pod before) the landing simulation sees (sched/). */
#include <string.h>

#include "clusterutils/model/selector.h"
#include "clusterutils/rebalance/pass.h"
#include "clusterutils/sched/node_affinity.h"
#include "clusterutils/util/text.h"
#include "places.h"

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

/* --- the same as yes or no, asked often --- */

static void refresh_room(struct pass *pass, struct pass_node *node)
{
	if (node->has_room)
		return;
	if (!node->room)
		node->room = ARENA_ARRAY(&pass->arena, pass->resource_count, int64_t);
	for (size_t i = 0; i < pass->resource_count; i++)
		node->room[i] = room_for(pass, node, pass->resources[i]);
	node->places = offered(node, "pods") - (int64_t)node->active_count;
	node->has_room = true;
}

static bool has_room_for(struct pass *pass, struct pass_node *node, const struct pass_demand *demand)
{
	refresh_room(pass, node);
	for (size_t i = 0; i < demand->count; i++) {
		const struct demand_item *item = &demand->items[i];

		if (item->milli > (item->position < pass->resource_count ? node->room[item->position]
									 : room_for(pass, node, item->resource)))
			return false;
	}
	return node->places > 0;
}

static bool is_repelled(struct pass *pass, const struct pass_pod *pod, const struct pass_node *node)
{
	return pod->pod->placement && pod->pod->placement->required_anti_pods && has_repellent(pass, pod, node);
}

/* Beside repellents, which are of the one pod. */
static bool has_place_for(struct pass *pass, const struct pod_fit *fit, struct pass_node *node)
{
	return !node->node->unschedulable && pass_places_have(pass, fit->places, node) &&
		has_room_for(pass, node, fit->demand);
}

/* Its own node takes a pod without looking for room. */
static bool fits_on(struct pass *pass, const struct pass_pod *pod, struct pass_node *node)
{
	if (pod->node == node)
		return !node->node->unschedulable && pass_places_have(pass, pod->fit->places, node) &&
			!is_repelled(pass, pod, node);
	return has_place_for(pass, pod->fit, node) && !is_repelled(pass, pod, node);
}

static bool fits_some(struct pass *pass, struct pass_pod *pod, struct pass_node *const *nodes, size_t node_count,
	bool passes_own_over)
{
	if (!pod->fit)
		pod->fit = pod_fit_of(pass, pod);
	if (places_next(pod->fit->places, 0) == SIZE_MAX)
		return false;
	for (size_t i = 0; i < node_count; i++)
		if (!(passes_own_over && pod->node == nodes[i]) && fits_on(pass, pod, nodes[i]))
			return true;
	return false;
}

static void remember(struct fit_memo *memo, struct pass_node *node)
{
	memo->known[memo->known[0] ? 1 : 0] = node;
}

static bool takes(struct pass *pass, const struct pod_fit *fit, const struct node_set *set, struct fit_memo *memo,
	struct pass_node *node)
{
	if (node == memo->known[0] || node == memo->known[1] || !node_set_has(set, pass, node) ||
		!has_place_for(pass, fit, node))
		return false;
	remember(memo, node);
	return true;
}

static void begin_memo(struct pass *pass, struct fit_memo *memo, const struct node_set *set)
{
	if (memo->set != set->id)
		*memo = (struct fit_memo){ .set = set->id };
	/* Asking all again costs less than all that has happened. */
	if (memo->is_begun && memo->next == SIZE_MAX && pass->left_count - memo->seen > pass->node_count) {
		memo->next = 0;
		memo->is_begun = false;
	}
	if (!memo->is_begun)
		memo->seen = pass->left_count;
	memo->is_begun = true;
}

/* Some node of the set but `except` has a place. */
static bool has_place_in(struct pass *pass, struct pod_fit *fit, struct fit_memo *memo, const struct node_set *set,
	const struct pass_node *except)
{
	begin_memo(pass, memo, set);
	for (size_t i = 0; i < 2; i++) {
		if (!memo->known[i] || memo->known[i] == except)
			continue;
		if (has_place_for(pass, fit, memo->known[i]))
			return true;
		/* A pod that asked for less than nothing has left. */
		*memo = (struct fit_memo){ .set = set->id };
		return has_place_in(pass, fit, memo, set, except);
	}
	while (memo->next != SIZE_MAX) {
		size_t place = places_next(fit->places, memo->next);

		memo->next = place == SIZE_MAX ? SIZE_MAX : place + 1;
		if (place != SIZE_MAX && takes(pass, fit, set, memo, &pass->nodes[place]) &&
			&pass->nodes[place] != except)
			return true;
	}
	while (memo->seen < pass->left_count) {
		struct pass_node *node = pass->left[memo->seen++];

		if (takes(pass, fit, set, memo, node) && node != except)
			return true;
	}
	return false;
}

/* Who repels others asks node by node. */
static bool has_own_place_in(
	struct pass *pass, const struct pass_pod *pod, const struct node_set *set, const struct pass_node *except)
{
	for (size_t place = places_next(pod->fit->places, 0); place != SIZE_MAX;
		place = places_next(pod->fit->places, place + 1)) {
		struct pass_node *node = &pass->nodes[place];

		if (node != except && node_set_has(set, pass, node) && fits_on(pass, pod, node))
			return true;
	}
	return false;
}

bool pass_fits_set(struct pass *pass, struct pass_pod *pod, const struct node_set *set, enum fit_of of, bool is_other)
{
	const struct pass_node *except = is_other ? pod->node : NULL;

	if (!pod->fit)
		pod->fit = pod_fit_of(pass, pod);
	if (pod->pod->placement && pod->pod->placement->required_anti_pods)
		return has_own_place_in(pass, pod, set, except);
	if (!is_other && pod->node && node_set_has(set, pass, pod->node) && fits_on(pass, pod, pod->node))
		return true;
	return has_place_in(pass, pod->fit, &pod->fit->memos[of], set, except);
}

bool pass_fits_other_node(struct pass *pass, struct pass_pod *pod, struct pass_node *const *nodes, size_t node_count)
{
	return fits_some(pass, pod, nodes, node_count, true);
}

bool pass_fits_any_node(struct pass *pass, struct pass_pod *pod, struct pass_node *const *nodes, size_t node_count)
{
	if (nodes == pass->listed && node_count == pass->listed_count)
		return pass_fits_set(pass, pod, &pass->listed_set, FIT_OF_LISTED, false);
	return fits_some(pass, pod, nodes, node_count, false);
}
