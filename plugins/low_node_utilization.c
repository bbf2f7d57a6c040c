/* LowNodeUtilization: pods leave nodes above their targets while nodes below the thresholds have room.
 * Upstream: pkg/framework/plugins/nodeutilization lownodeutilization.go, v0.36.0. Differs: nothing; a resource that no
 * target names does not make a node "over", whatever the README says. */
#include <string.h>

#include "node_utilization.h"
#include "utilization.h"

static const char *const sources[] = { "KubernetesMetrics", "Prometheus", NULL };
static const char metric_resource[] = "MetricResource";

static const struct param query_params[] = {
	{ .name = "query",
		.type = PARAM_TEXT,
		.offset = offsetof(struct metrics_query, query),
		.help = "a vector with the node's name as label instance, from 0 to 1" },
	PARAM_END,
};

static const struct param_object query_object = { "nodeutilization.Prometheus", sizeof(struct metrics_query),
	query_params, false };

static const struct param metrics_params[] = {
	{ .name = "metricsServer",
		.type = PARAM_BOOL,
		.offset = offsetof(struct metrics_utilization, metrics_server),
		.help = "real use instead of requests",
		.fallback = "false",
		.is_deprecated = true },
	{ .name = "source",
		.type = PARAM_TEXT,
		.offset = offsetof(struct metrics_utilization, source),
		.help = "where real use comes from",
		.choices = sources,
		.go_type = "api.MetricsSource" },
	{ .name = "prometheus",
		.type = PARAM_OBJECT,
		.offset = offsetof(struct metrics_utilization, prometheus),
		.help = "what Prometheus is asked",
		.object = &query_object },
	PARAM_END,
};

static const struct param_object metrics_object = { "nodeutilization.MetricsUtilization",
	sizeof(struct metrics_utilization), metrics_params, false };

static const struct param limits_params[] = {
	{ .name = "node",
		.type = PARAM_OPTIONAL_UINT,
		.offset = offsetof(struct eviction_limits, node),
		.help = "at most so many evictions from one node" },
	PARAM_END,
};

static const struct param_object limits_object = { "api.EvictionLimits", sizeof(struct eviction_limits), limits_params,
	false };

static const struct param params[] = {
	{ .name = "thresholds",
		.type = PARAM_PERCENTS,
		.offset = offsetof(struct low_node_utilization_args, thresholds),
		.help = "a node is underutilized while all its resources are at or below",
		.max = 100 },
	{ .name = "targetThresholds",
		.type = PARAM_PERCENTS,
		.offset = offsetof(struct low_node_utilization_args, target_thresholds),
		.help = "a node is overutilized while one of its resources is above",
		.max = 100 },
	{ .name = "useDeviationThresholds",
		.type = PARAM_BOOL,
		.offset = offsetof(struct low_node_utilization_args, use_deviation_thresholds),
		.help = "percentages are distances from the mean of all nodes",
		.fallback = "false" },
	{ .name = "numberOfNodes",
		.type = PARAM_INT64,
		.offset = offsetof(struct low_node_utilization_args, number_of_nodes),
		.help = "act only while more nodes than this are underutilized",
		.fallback = "0" },
	{ .name = "metricsUtilization",
		.type = PARAM_OBJECT,
		.offset = offsetof(struct low_node_utilization_args, metrics_utilization),
		.help = "real use instead of requests",
		.object = &metrics_object },
	PARAM_EVICTABLE_NAMESPACES(struct low_node_utilization_args, evictable_namespaces),
	{ .name = "evictionLimits",
		.type = PARAM_OBJECT,
		.offset = offsetof(struct low_node_utilization_args, eviction_limits),
		.help = "limits of this strategy alone",
		.object = &limits_object },
	PARAM_END,
};

static const struct param_percent *find(const struct param_percents *percents, const char *resource)
{
	for (size_t i = 0; i < percents->count; i++)
		if (strcmp(percents->items[i].resource, resource) == 0)
			return &percents->items[i];
	return NULL;
}

static bool check_thresholds(struct check *check, const struct low_node_utilization_args *args)
{
	const struct param_percents *low = &args->thresholds, *high = &args->target_thresholds;

	if (!node_utilization_check_percents(check, "thresholds", "thresholds config is not valid: ", low) ||
		!node_utilization_check_percents(
			check, "targetThresholds", "targetThresholds config is not valid: ", high))
		return false;
	for (size_t i = 0; i < low->count; i++) {
		const struct param_percent *item = &low->items[i], *target = find(high, item->resource);

		if (!target || low->count != high->count) {
			check_fail(check, "thresholds", NULL,
				"thresholds and targetThresholds configured different resources");
			return false;
		}
		if (item->percent > target->percent && !args->use_deviation_thresholds) {
			check_fail(check, "thresholds", item->resource,
				"thresholds' %s percentage is greater than targetThresholds'", item->resource);
			return false;
		}
	}
	return true;
}

static void check(const void *args, struct check *check)
{
	const struct low_node_utilization_args *a = args;
	const struct metrics_utilization *metrics = &a->metrics_utilization;
	bool is_kubernetes = strcmp(metrics->source, sources[0]) == 0;

	if (!node_utilization_check_namespaces(check, &a->evictable_namespaces) || !check_thresholds(check, a))
		return;
	if (is_kubernetes && metrics->metrics_server)
		check_fail(check, "metricsUtilization", "metricsServer",
			"it is not allowed to set both \"%s\" source and metricsServer", sources[0]);
	else if (is_kubernetes && metrics->prometheus.line)
		check_fail(check, "metricsUtilization", "prometheus",
			"prometheus configuration is not allowed to set when source is set to \"%s\"", sources[0]);
	else if (strcmp(metrics->source, sources[1]) == 0 && !*metrics->prometheus.query)
		check_fail(check, "metricsUtilization", "source",
			"prometheus query is required when metrics source is set to \"%s\"", sources[1]);
}

static bool is_metric_alone(const struct param_percents *percents)
{
	return percents->count == 1 && strcmp(percents->items[0].resource, metric_resource) == 0;
}

static void build(const void *args, struct check *check)
{
	const struct low_node_utilization_args *a = args;
	const char *key = is_metric_alone(&a->thresholds) ? "targetThresholds" : "thresholds";
	const struct param_percents *percents =
		is_metric_alone(&a->thresholds) ? &a->target_thresholds : &a->thresholds;
	AUTO_BUFFER names = { 0 };

	if (strcmp(a->metrics_utilization.source, sources[1]) != 0 || is_metric_alone(percents))
		return;
	for (size_t i = 0; i < percents->count; i++)
		buffer_printf(&names, "%s%s", i ? " " : "", percents->items[i].resource);
	check_fail(check, key, NULL,
		"%s are expected to specify a single instance of \"%s\" resource, got [%s] instead", key,
		metric_resource, buffer_text(&names));
}

/* --- what it does --- */

static enum use_source source_of(const struct low_node_utilization_args *a)
{
	if (strcmp(a->metrics_utilization.source, "Prometheus") == 0)
		return USE_PROMETHEUS;
	return a->metrics_utilization.metrics_server || strcmp(a->metrics_utilization.source, "KubernetesMetrics") == 0
		? USE_METRICS
		: USE_REQUESTS;
}

struct groups {
	struct node_use **low, **high;
	size_t low_count, high_count;
};

static void classify(struct utilization *u, struct groups *ret_groups)
{
	size_t count = u->pass->listed_count;

	ret_groups->low = ARENA_ARRAY(&u->pass->arena, count, struct node_use *);
	ret_groups->high = ARENA_ARRAY(&u->pass->arena, count, struct node_use *);
	for (size_t i = 0; i < count; i++) {
		struct node_use *use = &u->nodes[i];

		if (!use->node->node->unschedulable && utilization_is_below(u, use)) {
			use->class = "underutilized";
			ret_groups->low[ret_groups->low_count++] = use;
		} else if (utilization_is_above(u, use)) {
			use->class = "overutilized";
			ret_groups->high[ret_groups->high_count++] = use;
		}
	}
}

/* NULL where there is something to do. */
static const char *idle_because(
	const struct utilization *u, const struct low_node_utilization_args *a, const struct groups *groups)
{
	if (!groups->low_count)
		return "no node is underutilized";
	if ((int64_t)groups->low_count <= a->number_of_nodes)
		return "no more nodes are underutilized than numberOfNodes";
	if (groups->low_count == u->pass->listed_count)
		return "all nodes are underutilized";
	return groups->high_count ? NULL : "no node is above its target";
}

static int balance(struct pass *pass, const void *args, struct error *err)
{
	const struct low_node_utilization_args *a = args;
	struct utilization u = { .pass = pass,
		.source = source_of(a),
		.low = a->thresholds,
		.namespaces = &a->evictable_namespaces,
		.node_limit = a->eviction_limits.node.is_set ? (int64_t)a->eviction_limits.node.value : -1,
		.stops_at_target = true };
	struct groups groups = { 0 };
	const char *because;

	if (utilization_measure(&u, err) < 0)
		return -1;
	utilization_set_thresholds(&u, &a->thresholds, &a->target_thresholds, a->use_deviation_thresholds);
	classify(&u, &groups);
	utilization_show(&u);
	because = idle_because(&u, a, &groups);
	if (because) {
		pass_note(pass, "nothing to do: %s", because);
		return 0;
	}
	utilization_sort(&u, groups.high, groups.high_count, false);
	utilization_move(&u, groups.high, groups.high_count, groups.low, groups.low_count);
	return 0;
}

const struct strategy strategy_low_node_utilization = {
	.name = "LowNodeUtilization",
	.summary = "pods on busy nodes, while others have little to do",
	.points = STRATEGY_BALANCE,
	.aim = AIM_RELIEVE,
	.params = params,
	.args_size = sizeof(struct low_node_utilization_args),
	.check = check,
	.build = build,
	.balance = balance,
};
