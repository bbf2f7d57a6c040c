/* What both ways of scoring PodTopologySpread share. */
#pragma once

#include "scheduler_private.h"

extern const char *const spread_hostname_key, *const spread_zone_key;

/* Of the default constraints. */
enum { SPREAD_HOST_SKEW = 3, SPREAD_ZONE_SKEW = 5 };

/* What pods must fulfil to be counted: all of it. */
struct counted_by {
	const struct selector *selector; /* NULL: nothing to fulfil */
	const struct labels *labels;     /* of the Services, merged; or the pod's own by matchLabelKeys */
	bool is_nothing, is_empty;
};

bool spread_is_counted(const struct counted_by *by, const struct labels *labels);

/* What the default constraints count for the pod: its Services and its ReplicaSet or StatefulSet. False: nothing. What
 * it finds lies in the question's arena. */
bool spread_default(struct question *question, struct counted_by *ret_by);

/* --- spread_quick.c --- */

/* Adds the weighted points of the default constraints to the totals of the nodes that are feasible, given by their
 * positions. */
void spread_quick_add(struct question *question, const uint32_t *feasible, size_t count, int32_t *totals);
