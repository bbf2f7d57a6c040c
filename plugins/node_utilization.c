#include "node_utilization.h"

enum { LEAST_PERCENT = 0, MOST_PERCENT = 100 };

bool node_utilization_check_percents(
	struct check *check, const char *key, const char *prefix, const struct param_percents *percents)
{
	if (percents->count == 0) {
		check_fail(check, key, NULL, "%sno resource threshold is configured", prefix);
		return false;
	}
	for (size_t i = 0; i < percents->count; i++) {
		const struct param_percent *item = &percents->items[i];

		if (item->percent >= LEAST_PERCENT && item->percent <= MOST_PERCENT)
			continue;
		check_fail(check, key, item->resource, "%s%s threshold not in [%d, %d] range", prefix, item->resource,
			LEAST_PERCENT, MOST_PERCENT);
		return false;
	}
	return true;
}

bool node_utilization_check_namespaces(struct check *check, const struct param_names *namespaces)
{
	if (namespaces->include.count == 0)
		return true;
	check_fail(check, "evictableNamespaces", "include",
		"only Exclude namespaces can be set, inclusion is not supported");
	return false;
}
