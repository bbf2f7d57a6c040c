/* What the demo's power meters read: documents of kind Meter in demo/, plugs as shelly-exporter tells them.
 *
 * A meter reads what its nodes draw: at rest, and more with their CPU. Readings are numbered like the samples of usage:
 * 0 is the beginning, negative ones came before it. Those are computed, from the usage at the beginning; more than a
 * day before it, or ago, a mean is told. */
#pragma once

#include "world.h"

struct demo_meter {
	char *name, *address, *mac;
	struct demo_meter_node {
		char *name;
		int64_t idle, full; /* milliwatts */
	} nodes[4];
	size_t node_count;
	int64_t mean;  /* milliwatts */
	int64_t *past; /* counters of the readings 0, -1, ..., as far back as they were asked for */
	int64_t past_count;
	int64_t *recent; /* of the last readings, by number modulo DEMO_READINGS */
};

enum { DEMO_READINGS = 5760 }; /* of a day */

struct demo_power {
	struct demo_meter *meters;
	size_t count, capacity;
	int64_t last; /* the number of the last reading */
};

void demo_power_begin(struct demo_world *world);
void demo_power_free(struct demo_power *power);

/* The reading at a moment, the last one at most. */
int64_t demo_power_reading(const struct demo_world *world, int64_t moment);

int64_t demo_meter_milliwatts(struct demo_world *world, struct demo_meter *meter, int64_t reading);
/* Energy since the meter was plugged in, in milliwatt-seconds. */
int64_t demo_meter_counter(struct demo_world *world, struct demo_meter *meter, int64_t reading);
