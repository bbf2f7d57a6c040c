/* HighNodeUtilization: pods leave nodes that are hardly used, so that the others are used well and these can go.
 * Upstream: pkg/framework/plugins/nodeutilization highnodeutilization.go, v0.36.0. Differs: nothing. Requests alone are
 * looked at; a node need not become empty; one without a resource of the thresholds counts as hardly used. */
#include <string.h>

#include "node_utilization.h"
#include "utilization.h"

static const char *const modes[] = { "OnlyThresholdingResources", NULL };

static const struct param params[] = {
	{ .name = "thresholds",
		.type = PARAM_PERCENTS,
		.offset = offsetof(struct high_node_utilization_args, thresholds),
		.help = "a node is underutilized while all its resources are at or below",
		.max = 100 },
	{ .name = "numberOfNodes",
		.type = PARAM_INT64,
		.offset = offsetof(struct high_node_utilization_args, number_of_nodes),
		.help = "act only while more nodes than this are underutilized",
		.fallback = "0" },
	{ .name = "evictionModes",
		.type = PARAM_TEXTS,
		.offset = offsetof(struct high_node_utilization_args, eviction_modes),
		.help = "only pods that request one of the resources of thresholds",
		.choices = modes,
		.go_type = "nodeutilization.EvictionMode" },
	PARAM_EVICTABLE_NAMESPACES(struct high_node_utilization_args, evictable_namespaces),
	PARAM_END,
};

static void check(const void *args, struct check *check)
{
	const struct high_node_utilization_args *a = args;
	const char *other;

	if (!node_utilization_check_namespaces(check, &a->evictable_namespaces) ||
		!node_utilization_check_percents(check, "thresholds", "", &a->thresholds))
		return;
	other = check_first_other(check, "evictionModes", &a->eviction_modes);
	if (other)
		check_fail(check, "evictionModes", NULL, "invalid eviction mode %s", other);
}

/* --- what it does --- */

static bool requests(const struct resource_list *list, const struct param_percents *thresholds)
{
	for (size_t i = 0; i < thresholds->count; i++)
		if (resource_find(list, thresholds->items[i].resource))
			return true;
	return false;
}

/* A container or an init container requests one of the resources that have a threshold. */
static bool is_wanted(const struct utilization *u, const struct pass_pod *pod)
{
	const struct container_list *containers = pod->pod->containers;

	for (size_t i = 0; i < containers->count; i++)
		if (requests(containers->items[i].requests, &u->low))
			return true;
	return false;
}

struct groups {
	struct node_use **low, **others;
	size_t low_count, other_count;
};

static void classify(struct utilization *u, struct groups *ret_groups)
{
	size_t count = u->pass->listed_count;

	ret_groups->low = ARENA_ARRAY(&u->pass->arena, count, struct node_use *);
	ret_groups->others = ARENA_ARRAY(&u->pass->arena, count, struct node_use *);
	for (size_t i = 0; i < count; i++) {
		struct node_use *use = &u->nodes[i];

		if (utilization_is_below(u, use)) {
			use->class = "underutilized";
			ret_groups->low[ret_groups->low_count++] = use;
		} else if (!use->node->node->unschedulable) {
			use->class = "destination";
			ret_groups->others[ret_groups->other_count++] = use;
		}
	}
}

static const char *idle_because(
	const struct utilization *u, const struct high_node_utilization_args *a, const struct groups *groups)
{
	if (!groups->low_count)
		return "no node is underutilized";
	if ((int64_t)groups->low_count <= a->number_of_nodes)
		return "no more nodes are underutilized than numberOfNodes";
	if (groups->low_count == u->pass->listed_count)
		return "all nodes are underutilized";
	return groups->other_count ? NULL : "no node is left to take the pods";
}

static int balance(struct pass *pass, const void *args, struct error *err)
{
	const struct high_node_utilization_args *a = args;
	struct utilization u = { .pass = pass,
		.source = USE_REQUESTS,
		.low = a->thresholds,
		.namespaces = &a->evictable_namespaces,
		.node_limit = -1,
		.is_wanted = texts_have(&a->eviction_modes, "OnlyThresholdingResources") ? is_wanted : NULL };
	struct param_percent *full = ARENA_ARRAY(&pass->arena, a->thresholds.count, struct param_percent);
	struct param_percents high = { true, a->thresholds.count, full };
	struct groups groups = { 0 };
	const char *because;

	for (size_t i = 0; i < high.count; i++)
		full[i] = (struct param_percent){ a->thresholds.items[i].resource, 100 };
	if (utilization_measure(&u, err) < 0)
		return -1;
	utilization_set_thresholds(&u, &a->thresholds, &high, false);
	classify(&u, &groups);
	utilization_show(&u);
	because = idle_because(&u, a, &groups);
	if (because) {
		pass_note(pass, "nothing to do: %s", because);
		return 0;
	}
	utilization_sort(&u, groups.low, groups.low_count, true);
	utilization_move(&u, groups.low, groups.low_count, groups.others, groups.other_count);
	return 0;
}

const struct strategy strategy_high_node_utilization = {
	.name = "HighNodeUtilization",
	.summary = "pods on nodes that have little to do, so that these can be taken away",
	.points = STRATEGY_BALANCE,
	.params = params,
	.args_size = sizeof(struct high_node_utilization_args),
	.check = check,
	.balance = balance,
};
