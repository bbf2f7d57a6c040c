/* LowNodeUtilization: evicts pods from nodes that are used above targetThresholds while others are below thresholds.
 * Upstream: pkg/framework/plugins/nodeutilization, v0.36.0. */
#include <string.h>

#include "node_utilization.h"

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

const struct strategy strategy_low_node_utilization = {
	.name = "LowNodeUtilization",
	.summary = "pods on busy nodes, while others have little to do",
	.points = STRATEGY_BALANCE,
	.params = params,
	.args_size = sizeof(struct low_node_utilization_args),
	.check = check,
	.build = build,
};
