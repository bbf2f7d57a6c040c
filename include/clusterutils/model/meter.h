/* Meters of electric power: what is drawn now, what was used, and which nodes they feed.
 *
 * Several may measure the same node: the plug in the wall, the board's own sensor, the counter in the CPU. The most
 * trusted one counts, then the one that feeds the fewest nodes; power is never counted twice. Integers alone. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/util/error.h"

/* How a meter measures, the most trusted first: a plug sees all that is drawn, RAPL the processor alone. */
enum meter_class { METER_WALL, METER_BMC, METER_UPS, METER_RAPL, METER_ESTIMATE };

enum { METER_CLASSES = METER_ESTIMATE + 1, METER_MAX_NODES = 64 };

const char *meter_class_text(enum meter_class class); /* "wall" */

#define POWER_UNKNOWN INT64_MIN                /* as RESOURCE_UNKNOWN */
#define POWER_NONE    (INT64_MIN + 1)          /* nothing measures it */
#define POWER_MAX     INT64_C(1000000000000)   /* milliwatts; what is more, or less than its negative, is unknown */
#define ENERGY_MAX    INT64_C(100000000000000) /* milliwatt hours, likewise */

struct meter {
	const char *name;         /* "pi-shelf" */
	const char *const *nodes; /* that it feeds, by name; there need not be such nodes. At most METER_MAX_NODES */
	size_t node_count;
	enum meter_class class;
	const char *query; /* that was asked */

	/* Milliwatts, POWER_UNKNOWN where not known. */
	int64_t power;   /* now */
	int64_t average; /* of the last hour */
	int64_t least;   /* of the last hour: what is drawn by machines that do nothing */
	int64_t today;   /* milliwatt hours since midnight, where this program runs */
	int64_t month;   /* and since the first of the month */
	int64_t taken;   /* when `power` was measured: seconds since 1970, or TIME_NONE */

	/* The last hour, oldest first, at equal distances. */
	const int64_t *history;
	size_t history_count;

	/* Kept by the store: what of `power` is not counted by another meter. POWER_NONE where all of it is, so that this
	 * one must not be added; POWER_UNKNOWN where that cannot be told. */
	int64_t counted;
};

/* All that is known of power, as it is put into the store at once. Zeroed where nobody has asked. */
struct metering {
	bool is_read;              /* somebody has asked; the rest says with which success */
	const struct error *error; /* why there are no meters, or older ones; NULL for no reason */
	const char *const *tried;  /* the series that were asked for */
	size_t tried_count;
	const char *warning; /* a sentence on what makes the numbers doubtful; NULL for none */
	int64_t heard;       /* when the meters were read: seconds since 1970, or TIME_NONE */
	const struct meter *meters;
	size_t count;
};

/* What one node draws. */
struct node_power {
	int64_t power;             /* milliwatts; POWER_NONE without a meter */
	bool is_estimated;         /* its part of what a meter of several says */
	const struct meter *meter; /* NULL without one */
};
