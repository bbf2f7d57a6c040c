/* What LowNodeUtilization and HighNodeUtilization share, settings and checks. Their structs of settings are here for
 * who shows the nodes as they classify them. */
#pragma once

#include "clusterutils/rebalance/strategy.h"

struct low_node_utilization_args {
	bool use_deviation_thresholds;
	struct param_percents thresholds, target_thresholds; /* of the same resources */
	int64_t number_of_nodes; /* it does nothing while so many nodes or fewer are underutilized */
	struct metrics_utilization {
		unsigned line;
		bool metrics_server;
		const char *source; /* "" for requests */
		struct metrics_query {
			unsigned line;
			const char *query;
		} prometheus;
	} metrics_utilization;
	struct param_names evictable_namespaces; /* exclude alone */
	struct eviction_limits {
		unsigned line;
		struct param_uint node;
	} eviction_limits;
};

struct high_node_utilization_args {
	struct param_percents thresholds;
	int64_t number_of_nodes;
	struct param_texts eviction_modes;
	struct param_names evictable_namespaces;
};

/* What is wrong with the percentages of the key, in upstream's words: false after check_fail, which puts `prefix` in
 * front. */
bool node_utilization_check_percents(
	struct check *check, const char *key, const char *prefix, const struct param_percents *percents);

bool node_utilization_check_namespaces(struct check *check, const struct param_names *namespaces);
