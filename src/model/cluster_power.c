#include "cluster_power.h"

#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"

enum { SHARE_BITS = 22 }; /* of parts of CPU use: times POWER_MAX they fit into 64 bits */

struct metered_node {
	const char *name;
	const struct meter *meter; /* the one that counts */
};

const char *meter_class_text(enum meter_class class)
{
	static const char *const texts[METER_CLASSES] = {
		[METER_WALL] = "wall",
		[METER_BMC] = "bmc",
		[METER_UPS] = "ups",
		[METER_RAPL] = "rapl",
		[METER_ESTIMATE] = "estimate",
	};

	return texts[class];
}

static struct index_key key_of_metered(const void *object)
{
	return (struct index_key){ ((const struct metered_node *)object)->name, NULL };
}

void cluster_power_init(struct cluster *cluster)
{
	cluster->metering = (struct metering){ .heard = TIME_NONE };
	arena_init(&cluster->metering_memory);
	index_init(&cluster->metered_nodes, key_of_metered);
}

void cluster_power_release(struct cluster *cluster)
{
	index_release(&cluster->metered_nodes);
	arena_release(&cluster->metering_memory);
	arena_release(&cluster->metering_gone);
}

/* --- the copy --- */

static const char *copy_text(struct arena *arena, const char *text)
{
	return text ? arena_text(arena, text) : NULL;
}

static const char *const *copy_texts(struct arena *arena, const char *const *texts, size_t count)
{
	const char **copy = ARENA_ARRAY(arena, count, const char *);

	for (size_t i = 0; i < count; i++)
		copy[i] = arena_text(arena, texts[i]);
	return copy;
}

static int64_t within(int64_t value, int64_t most)
{
	return value > most || value < -most ? POWER_UNKNOWN : value;
}

static size_t find_text(const char *const *texts, size_t count, const char *text)
{
	size_t i = 0;

	while (i < count && strcmp(texts[i], text) != 0)
		i++;
	return i;
}

/* Each node once. */
static void copy_nodes(struct arena *arena, const struct meter *from, struct meter *to)
{
	const char **nodes = ARENA_ARRAY(arena, from->node_count, const char *);

	to->nodes = nodes;
	to->node_count = 0;
	for (size_t i = 0; i < from->node_count && to->node_count < METER_MAX_NODES; i++)
		if (find_text(nodes, to->node_count, from->nodes[i]) == to->node_count)
			nodes[to->node_count++] = arena_text(arena, from->nodes[i]);
}

static void copy_meter(struct arena *arena, const struct meter *from, struct meter *to)
{
	int64_t *history = ARENA_ARRAY(arena, from->history_count, int64_t);

	*to = *from;
	to->name = arena_text(arena, from->name);
	to->query = copy_text(arena, from->query);
	copy_nodes(arena, from, to);
	to->power = within(from->power, POWER_MAX);
	to->average = within(from->average, POWER_MAX);
	to->least = within(from->least, POWER_MAX);
	to->today = within(from->today, ENERGY_MAX);
	to->month = within(from->month, ENERGY_MAX);
	for (size_t i = 0; i < from->history_count; i++)
		history[i] = within(from->history[i], POWER_MAX);
	to->history = history;
}

static struct meter *copy_metering(struct arena *arena, const struct metering *from, struct metering *to)
{
	struct meter *meters = ARENA_ARRAY(arena, from->count, struct meter);

	*to = *from;
	if (from->error) {
		struct error *error = ARENA_NEW(arena, struct error);

		*error = *from->error;
		to->error = error;
	}
	to->tried = copy_texts(arena, from->tried, from->tried_count);
	to->warning = copy_text(arena, from->warning);
	for (size_t i = 0; i < from->count; i++)
		copy_meter(arena, &from->meters[i], &meters[i]);
	to->meters = meters;
	return meters;
}

/* --- which meter counts --- */

static int compare_trust(const void *a, const void *b)
{
	const struct meter *x = *(const struct meter *const *)a, *y = *(const struct meter *const *)b;

	if (x->class != y->class)
		return x->class < y->class ? -1 : 1;
	if (x->node_count != y->node_count)
		return x->node_count < y->node_count ? -1 : 1;
	return strcmp(x->name, y->name);
}

static const struct meter *meter_of(const struct cluster *cluster, const char *node)
{
	const struct metered_node *metered = index_find(&cluster->metered_nodes, node, NULL);

	return metered ? metered->meter : NULL;
}

static void claim_nodes(struct cluster *cluster, const struct meter *meter)
{
	for (size_t i = 0; i < meter->node_count; i++) {
		struct metered_node *metered;

		if (meter_of(cluster, meter->nodes[i]))
			continue;
		metered = ARENA_NEW(&cluster->metering_memory, struct metered_node);
		*metered = (struct metered_node){ meter->nodes[i], meter };
		index_add(&cluster->metered_nodes, metered);
	}
}

/* All that `inner` feeds hangs on `outer` too. */
static bool is_nested(const struct meter *inner, const struct meter *outer)
{
	for (size_t i = 0; i < inner->node_count; i++)
		if (find_text(outer->nodes, outer->node_count, inner->nodes[i]) == outer->node_count)
			return false;
	return true;
}

/* What is left when the meters behind it, which are counted already, are taken away. */
static int64_t count_rest(const struct cluster *cluster, const struct meter *meter)
{
	const struct meter *seen[METER_MAX_NODES];
	size_t seen_count = 0, own = 0;
	int64_t rest = meter->power;

	for (size_t i = 0; i < meter->node_count; i++) {
		const struct meter *other = meter_of(cluster, meter->nodes[i]);
		bool is_new = true;

		own += other == meter;
		for (size_t j = 0; j < seen_count; j++)
			is_new = is_new && seen[j] != other;
		if (!other || other == meter || !is_new)
			continue;
		seen[seen_count++] = other;
		if (rest == POWER_UNKNOWN || other->counted == POWER_UNKNOWN || !is_nested(other, meter))
			rest = POWER_UNKNOWN;
		else if (other->counted != POWER_NONE)
			rest = rest > other->counted ? rest - other->counted : 0;
	}
	return meter->node_count > 0 && own == 0 ? POWER_NONE : rest;
}

static void rank(struct cluster *cluster, struct meter *meters, size_t count)
{
	AUTO_FREE struct meter **ranked = memory_new_array(count, sizeof(*ranked));

	for (size_t i = 0; i < count; i++)
		ranked[i] = &meters[i];
	qsort(ranked, count, sizeof(*ranked), compare_trust);
	for (size_t i = 0; i < count; i++) {
		claim_nodes(cluster, ranked[i]);
		ranked[i]->counted = count_rest(cluster, ranked[i]);
	}
}

void cluster_set_meters(struct cluster *cluster, const struct metering *metering)
{
	struct arena old = cluster->metering_memory; /* what is set may be made of what was */
	struct meter *meters;

	arena_init(&cluster->metering_memory);
	index_release(&cluster->metered_nodes);
	index_init(&cluster->metered_nodes, key_of_metered);
	meters = copy_metering(&cluster->metering_memory, metering, &cluster->metering);
	rank(cluster, meters, metering->count);
	if (cluster->is_metering_held)
		cluster->metering_gone = old;
	else
		arena_release(&old);
	cluster->is_metering_held = false; /* what is set now came in after the hold: nobody looks at it */
}

void cluster_power_hold(struct cluster *cluster)
{
	arena_release(&cluster->metering_gone);
	cluster->is_metering_held = true;
}

/* --- what a node draws --- */

/* The nodes for which a meter counts, and the place of one among them. */
struct sharing {
	size_t count, place;
	int64_t before, own, all; /* their use of CPU, scaled: of those before it, its own, of all; -1 where unknown */
};

static int64_t use_of(const struct cluster *cluster, const char *node)
{
	const struct node_entry *entry = cluster_find_node(cluster, node);

	return entry ? entry->sample.usage.cpu : RESOURCE_UNKNOWN;
}

static struct sharing find_sharing(const struct cluster *cluster, const struct meter *meter, const char *node)
{
	struct sharing sharing = { 0 };
	struct total all = { 0 };
	bool is_known = true;
	int bits = 0;

	for (size_t i = 0; i < meter->node_count; i++) {
		int64_t use = use_of(cluster, meter->nodes[i]);

		if (meter_of(cluster, meter->nodes[i]) != meter)
			continue;
		if (strcmp(meter->nodes[i], node) == 0)
			sharing.place = sharing.count;
		sharing.count++;
		is_known = is_known && use >= 0;
		total_add(&all, use >= 0 ? use : 0);
	}
	while (total_value(&all) >> bits >= INT64_C(1) << SHARE_BITS)
		bits++;
	for (size_t i = 0, place = 0; i < meter->node_count && is_known; i++) {
		int64_t use;

		if (meter_of(cluster, meter->nodes[i]) != meter)
			continue;
		use = use_of(cluster, meter->nodes[i]) >> bits;
		sharing.before += place < sharing.place ? use : 0;
		sharing.own += place == sharing.place ? use : 0;
		sharing.all += use;
		place++;
	}
	return sharing;
}

/* The part of `whole` from `from` to `to` of `all`: neighbouring parts leave no gap. */
static int64_t part_of(int64_t whole, int64_t from, int64_t to, int64_t all)
{
	return whole * to / all - whole * from / all;
}

static int64_t apportion(const struct meter *meter, const struct sharing *sharing)
{
	int64_t idle =
		meter->counted == meter->power && meter->least != POWER_UNKNOWN ? meter->least : meter->counted / 2;
	int64_t place = (int64_t)sharing->place, count = (int64_t)sharing->count;

	if (!count)
		return POWER_UNKNOWN;
	if (idle > meter->counted || meter->counted < 0 || sharing->all == 0)
		idle = meter->counted;
	if (idle < 0 && meter->counted > 0)
		idle = 0;
	if (idle == meter->counted)
		return part_of(idle, place, place + 1, count);
	return part_of(idle, place, place + 1, count) +
		part_of(meter->counted - idle, sharing->before, sharing->before + sharing->own, sharing->all);
}

struct node_power cluster_node_power(const struct cluster *cluster, const struct node_entry *entry)
{
	const struct meter *meter = meter_of(cluster, entry->name);
	struct node_power power = { .power = POWER_NONE, .meter = meter };
	struct sharing sharing;

	if (!meter)
		return power;
	power.power = meter->counted;
	power.is_estimated = meter->class == METER_ESTIMATE || meter->node_count > 1;
	if (meter->counted == POWER_UNKNOWN || meter->node_count == 1)
		return power;
	sharing = find_sharing(cluster, meter, entry->name);
	power.power = apportion(meter, &sharing);
	return power;
}
