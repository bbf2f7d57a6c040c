/* As much of PromQL as the demo's Prometheus understands: NAME{label="value",...}, or a function of one with [5m]. */
#pragma once

#include "clusterutils/util/error.h"
#include "power.h"

enum demo_metric { DEMO_NO_METRIC, DEMO_WATTS, DEMO_WATTHOURS, DEMO_OVERPOWER };
enum demo_function { DEMO_PLAIN, DEMO_INCREASE, DEMO_RATE, DEMO_AVERAGE };
enum { DEMO_LABELS = 6, DEMO_MATCHERS = 8, DEMO_MATCHER_SIZE = 128 };

/* In the order of Prometheus' answers: by name. */
extern const char *const demo_promql_labels[DEMO_LABELS];

struct demo_matcher {
	int label; /* -1: none of ours */
	bool is_not;
	bool is_pattern; /* =~ and !~: texts between bars, each of which may end in .* */
	char value[DEMO_MATCHER_SIZE];
};

struct demo_promql {
	enum demo_metric metric;
	enum demo_function function;
	int64_t range; /* seconds; 0 for a plain metric */
	struct demo_matcher matchers[DEMO_MATCHERS];
	size_t matcher_count;
};

/* The error is worded as Prometheus words it. */
int demo_promql_parse(const char *text, struct demo_promql *ret_query, struct error *err) MUST_USE;

/* "1h30m"; whole seconds. */
bool demo_promql_duration(const char *text, size_t length, int64_t *ret_seconds);

const char *demo_promql_metric(enum demo_metric metric);
const char *demo_promql_label(const struct demo_meter *meter, size_t label);
/* Matchers of labels that no series has do not count. */
bool demo_promql_matches(const struct demo_promql *query, const struct demo_meter *meter);
