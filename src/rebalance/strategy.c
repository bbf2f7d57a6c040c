#include "clusterutils/rebalance/strategy.h"

#include <string.h>

#include "param_private.h"

enum { SIMILAR_LETTERS = 3 };

const struct strategy *strategy_find(const char *name)
{
	for (const struct strategy *const *at = strategies; *at; at++)
		if (strcmp((*at)->name, name) == 0)
			return *at;
	return NULL;
}

const struct strategy *strategy_similar(const char *name)
{
	const struct strategy *found = NULL;
	size_t best = SIMILAR_LETTERS;

	for (const struct strategy *const *at = strategies; *at; at++) {
		size_t distance = param_distance((*at)->name, name);

		if (distance < best) {
			best = distance;
			found = *at;
		}
	}
	return found;
}
