#include "power.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/demo/demo.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "tree.h"
#include "usage.h"

enum { PLUGGED_IN_SECONDS = 22464000 }; /* 260 days before the beginning */

/* --- meters --- */

static int64_t milliwatts_at(const cJSON *node, const char *name)
{
	const cJSON *watts = demo_tree_at(node, name);

	return cJSON_IsNumber(watts) ? (int64_t)(watts->valuedouble * 1000 + 0.5) : 0;
}

static char *copy_of(const cJSON *tree, const char *path)
{
	const char *text = demo_tree_text(tree, path);

	return memory_copy_text(text ? text : "");
}

static void add_meter(struct demo_power *power, const cJSON *tree)
{
	struct demo_meter *meter;
	const cJSON *node;

	ARRAY_GROW(power->meters, power->count, power->capacity);
	meter = &power->meters[power->count++];
	*meter = (struct demo_meter){
		.name = copy_of(tree, "metadata name"), .address = copy_of(tree, "address"), .mac = copy_of(tree, "mac")
	};
	cJSON_ArrayForEach (node, demo_tree_at(tree, "nodes"))
		if (meter->node_count < ARRAY_LEN(meter->nodes))
			meter->nodes[meter->node_count++] = (struct demo_meter_node){ copy_of(node, "name"),
				milliwatts_at(node, "idle"), milliwatts_at(node, "full") };
	meter->recent = memory_new_array(DEMO_READINGS, sizeof(*meter->recent));
}

void demo_power_free(struct demo_power *power)
{
	if (!power)
		return;
	for (size_t i = 0; i < power->count; i++) {
		struct demo_meter *meter = &power->meters[i];

		for (size_t n = 0; n < meter->node_count; n++)
			free(meter->nodes[n].name);
		free(meter->name);
		free(meter->address);
		free(meter->mac);
		free(meter->past);
		free(meter->recent);
	}
	free(power->meters);
	free(power);
}

/* --- readings --- */

static int64_t drawn(struct demo_world *world, const struct demo_meter *meter, int64_t moment)
{
	const struct cluster *cluster = demo_store_cluster(&world->store);
	int64_t milliwatts = 0;

	for (size_t i = 0; i < meter->node_count; i++) {
		const struct demo_meter_node *node = &meter->nodes[i];
		const struct node_entry *entry = cluster_find_node(cluster, node->name);
		int64_t all = entry && entry->node ? entry->node->allocatable.cpu : RESOURCE_UNKNOWN;
		int64_t cpu = demo_usage_node_cpu(world, node->name, moment);

		milliwatts += node->idle;
		if (all >= 1000 && cpu > 0)
			milliwatts += (node->full - node->idle) * (cpu / 1000) / (all / 1000);
	}
	return milliwatts;
}

static void read_meters(struct demo_world *world, struct demo_object *object, int64_t number, const char *text)
{
	struct demo_power *power = world->power;

	power->last++;
	for (size_t i = 0; i < power->count; i++) {
		struct demo_meter *meter = &power->meters[i];
		int64_t before = meter->recent[(power->last - 1) % DEMO_READINGS];

		meter->recent[power->last % DEMO_READINGS] =
			before + drawn(world, meter, world->now) * DEMO_SAMPLE_SECONDS;
	}
	demo_after(world, DEMO_SAMPLE_SECONDS, read_meters, object, number, text);
}

void demo_power_begin(struct demo_world *world)
{
	world->power = NEW(struct demo_power);
	for (size_t i = 0; i < world->store.direction_count; i++) {
		cJSON *tree = cJSON_Parse(world->store.directions[i]->bytes);

		if (text_equal(demo_tree_text(tree, "kind"), "Meter"))
			add_meter(world->power, tree);
		cJSON_Delete(tree);
	}
	for (size_t i = 0; i < world->power->count; i++) {
		struct demo_meter *meter = &world->power->meters[i];

		meter->mean = drawn(world, meter, world->start);
		meter->recent[0] = meter->mean * PLUGGED_IN_SECONDS;
	}
	demo_after(world, DEMO_SAMPLE_SECONDS, read_meters, NULL, 0, "");
}

/* The counter so many readings before the beginning. */
static int64_t past_counter(struct demo_world *world, struct demo_meter *meter, int64_t before)
{
	if (!meter->past) {
		meter->past = memory_new_array(DEMO_READINGS, sizeof(*meter->past));
		meter->past[0] = meter->mean * PLUGGED_IN_SECONDS;
		meter->past_count = 1;
	}
	for (int64_t i = meter->past_count; i <= before; i++)
		meter->past[i] = meter->past[i - 1] -
			drawn(world, meter, world->start - (i - 1) * DEMO_SAMPLE_SECONDS - 1) * DEMO_SAMPLE_SECONDS;
	if (meter->past_count <= before)
		meter->past_count = before + 1;
	return meter->past[before];
}

int64_t demo_power_reading(const struct demo_world *world, int64_t moment)
{
	int64_t away = moment - world->start;
	int64_t reading =
		away >= 0 ? away / DEMO_SAMPLE_SECONDS : -((-away + DEMO_SAMPLE_SECONDS - 1) / DEMO_SAMPLE_SECONDS);

	return reading < world->power->last ? reading : world->power->last;
}

int64_t demo_meter_counter(struct demo_world *world, struct demo_meter *meter, int64_t reading)
{
	int64_t oldest = world->power->last - DEMO_READINGS + 1, counter;

	if (reading >= 0 && reading >= oldest)
		return meter->recent[reading % DEMO_READINGS];
	if (reading >= 0) {
		counter =
			meter->recent[oldest % DEMO_READINGS] - (oldest - reading) * meter->mean * DEMO_SAMPLE_SECONDS;
		return counter > 0 ? counter : 0;
	}
	if (-reading < DEMO_READINGS)
		return past_counter(world, meter, -reading);
	counter = past_counter(world, meter, DEMO_READINGS - 1);
	/* Not further back than to the moment when it read 0. */
	if (-reading > PLUGGED_IN_SECONDS)
		return 0;
	counter -= (-reading - DEMO_READINGS + 1) * meter->mean * DEMO_SAMPLE_SECONDS;
	return counter > 0 ? counter : 0;
}

int64_t demo_meter_milliwatts(struct demo_world *world, struct demo_meter *meter, int64_t reading)
{
	return (demo_meter_counter(world, meter, reading) - demo_meter_counter(world, meter, reading - 1)) /
		DEMO_SAMPLE_SECONDS;
}
