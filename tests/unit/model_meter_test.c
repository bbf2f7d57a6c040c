/* Which meter counts for a node, and what of it the node draws. */
#include <string.h>

#include "clusterutils/model/cluster.h"
#include "clusterutils/util/memory.h"
#include "objects.h"
#include "suite.h"

#define WATT INT64_C(1000)
#define NODES(...) \
	.nodes = (const char *const[]){ __VA_ARGS__ }, \
	.node_count = sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *)
#define METER(meter_name, meter_class, watts, ...) \
	{ \
		.name = (meter_name), .class = (meter_class), .power = (watts), .average = POWER_UNKNOWN, \
		.least = POWER_UNKNOWN, .today = POWER_UNKNOWN, .month = POWER_UNKNOWN, .taken = 1, __VA_ARGS__ \
	}

static void set(struct cluster *cluster, const struct meter *meters, size_t count)
{
	cluster_set_meters(
		cluster, &(struct metering){ .is_read = true, .heard = 1, .meters = meters, .count = count });
}

static void put_node(struct cluster *cluster, const char *name, int64_t nanocores)
{
	AUTO_BUFFER json = { 0 };
	struct sample sample = { .usage = { nanocores, 0 }, .taken = 1 };

	buffer_printf(&json, "{'metadata':{'name':'%s'}}", name);
	objects_put(cluster, KIND_NODE, buffer_text(&json));
	if (nanocores != RESOURCE_UNKNOWN)
		cluster_set_node_sample(cluster, name, &sample);
}

static struct node_power power_of(const struct cluster *cluster, const char *name)
{
	const struct node_entry *entry = cluster_find_node(cluster, name);

	ck_assert_ptr_nonnull(entry);
	return cluster_node_power(cluster, entry);
}

static void check(const struct cluster *cluster, const char *name, int64_t power, bool is_estimated)
{
	struct node_power found = power_of(cluster, name);

	ck_assert_msg(found.power == power, "%s draws %lld", name, (long long)found.power);
	ck_assert_int_eq(found.is_estimated, is_estimated);
}

START_TEST(a_node_draws_what_its_meter_says)
{
	const struct meter meters[] = {
		METER("a", METER_WALL, 23 * WATT, NODES("a")),
		METER("b", METER_WALL, 0, NODES("b")),
		METER("c", METER_WALL, POWER_UNKNOWN, NODES("c")),
		METER("e", METER_ESTIMATE, 5 * WATT, NODES("e")),
		METER("Studio Lamp", METER_WALL, 9 * WATT, .node_count = 0),
	};
	AUTO_CLUSTER cluster;

	cluster_init(&cluster);
	put_node(&cluster, "a", 0);
	check(&cluster, "a", POWER_NONE, false);
	set(&cluster, meters, ARRAY_LEN(meters));
	for (const char *name = "bcde"; *name; name++)
		put_node(&cluster, (const char[]){ *name, '\0' }, RESOURCE_UNKNOWN);
	check(&cluster, "a", 23 * WATT, false);
	check(&cluster, "b", 0, false);
	check(&cluster, "c", POWER_UNKNOWN, false);
	check(&cluster, "d", POWER_NONE, false);
	check(&cluster, "e", 5 * WATT, true);
	ck_assert_int_eq(cluster.metering.meters[4].counted, 9 * WATT);
}
END_TEST

START_TEST(the_most_trusted_meter_counts_and_none_twice)
{
	const struct meter meters[] = {
		METER("rapl-a", METER_RAPL, 11 * WATT, NODES("a")),
		METER("ups", METER_UPS, 100 * WATT, NODES("a", "b", "c")),
		METER("strip", METER_WALL, 60 * WATT, NODES("a", "b")),
		METER("plug-a", METER_WALL, 25 * WATT, NODES("a")),
		METER("bmc-d", METER_BMC, 7 * WATT, NODES("d")),
		METER("ups-d", METER_UPS, 9 * WATT, NODES("d")),
	};
	static const int64_t counted[] = { POWER_NONE, 40 * WATT, 35 * WATT, 25 * WATT, 7 * WATT, POWER_NONE };
	AUTO_CLUSTER cluster;

	cluster_init(&cluster);
	for (const char *name = "abcd"; *name; name++)
		put_node(&cluster, (const char[]){ *name, '\0' }, 1);
	set(&cluster, meters, ARRAY_LEN(meters));
	for (size_t i = 0; i < ARRAY_LEN(meters); i++)
		ck_assert_int_eq(cluster.metering.meters[i].counted, counted[i]);
	check(&cluster, "a", 25 * WATT, false);
	check(&cluster, "b", 35 * WATT, true);
	check(&cluster, "c", 40 * WATT, true);
	check(&cluster, "d", 7 * WATT, false);
	ck_assert_str_eq(power_of(&cluster, "b").meter->name, "strip");
}
END_TEST

START_TEST(what_cannot_be_told_apart_is_unknown)
{
	const struct meter meters[] = {
		METER("ab", METER_WALL, 60 * WATT, NODES("a", "b")),
		METER("bcd", METER_WALL, 50 * WATT, NODES("b", "c", "d")),
		METER("e", METER_WALL, POWER_UNKNOWN, NODES("e")),
		METER("ef", METER_UPS, 50 * WATT, NODES("e", "f")),
		METER("g", METER_WALL, 30 * WATT, NODES("g")),
		METER("gh", METER_UPS, 20 * WATT, NODES("g", "h")),
	};
	AUTO_CLUSTER cluster;

	cluster_init(&cluster);
	for (const char *name = "abcdefgh"; *name; name++)
		put_node(&cluster, (const char[]){ *name, '\0' }, 1);
	set(&cluster, meters, ARRAY_LEN(meters));
	check(&cluster, "b", 30 * WATT, true);
	check(&cluster, "c", POWER_UNKNOWN, true);
	check(&cluster, "f", POWER_UNKNOWN, true);
	check(&cluster, "h", 0, true); /* less than what is behind it: not measured at the same moment */
}
END_TEST

/* Watts of a meter of three, its least of the last hour, use of CPU of each, and what comes of it. */
static const struct {
	int64_t power, least, use[3], parts[3];
} shares[] = {
	{ 10000, 4000, { 3, 2, 1 }, { 1333 + 3000, 1333 + 2000, 1334 + 1000 } },
	{ 10000, POWER_UNKNOWN, { 1, 1, 2 }, { 1666 + 1250, 1667 + 1250, 1667 + 2500 } },
	{ 10000, 10000, { 9, 1, 0 }, { 3333, 3333, 3334 } },
	{ 10000, 12000, { 9, 1, 0 }, { 3333, 3333, 3334 } },
	{ 9000, -3000, { 1, 0, 0 }, { 9000, 0, 0 } },
	{ 9000, 0, { 0, 0, 0 }, { 3000, 3000, 3000 } },
	{ 9000, 0, { 5, RESOURCE_UNKNOWN, 5 }, { 3000, 3000, 3000 } },
	{ -9000, -9000, { 1, 2, 3 }, { -3000, -3000, -3000 } },
	{ 0, 0, { 1, 2, 3 }, { 0, 0, 0 } },
	{ POWER_MAX, 0, { INT64_MAX, INT64_MAX, 0 }, { POWER_MAX / 2, POWER_MAX / 2, 0 } },
	{ POWER_MAX + 1, 0, { 1, 1, 1 }, { POWER_UNKNOWN, POWER_UNKNOWN, POWER_UNKNOWN } },
};

START_TEST(a_shared_meter_is_apportioned)
{
	struct meter meter = METER("m", METER_WALL, shares[_i].power, NODES("a", "b", "c"));
	AUTO_CLUSTER cluster;
	int64_t sum = 0;

	meter.least = shares[_i].least;
	cluster_init(&cluster);
	for (int i = 0; i < 3; i++)
		put_node(&cluster, (const char[]){ (char)('a' + i), '\0' }, shares[_i].use[i]);
	set(&cluster, &meter, 1);
	for (int i = 0; i < 3; i++) {
		struct node_power power = power_of(&cluster, (const char[]){ (char)('a' + i), '\0' });

		ck_assert_int_eq(power.power, shares[_i].parts[i]);
		ck_assert(power.is_estimated);
		sum += power.power == POWER_UNKNOWN ? 0 : power.power;
	}
	if (shares[_i].parts[0] != POWER_UNKNOWN)
		ck_assert_int_eq(sum, shares[_i].power);
}
END_TEST

/* A node of a configured meter that was not read has its part all the same. */
START_TEST(a_node_that_is_not_there_keeps_its_part)
{
	const struct meter meters[] = { METER("m", METER_WALL, 9000, NODES("a", "b", "b", "c")) };
	AUTO_CLUSTER cluster;

	cluster_init(&cluster);
	put_node(&cluster, "a", 1);
	set(&cluster, meters, 1);
	ck_assert_uint_eq(cluster.metering.meters[0].node_count, 3);
	check(&cluster, "a", 3000, true);
}
END_TEST

START_TEST(meters_are_replaced_at_once)
{
	const int64_t history[] = { 1, POWER_UNKNOWN, POWER_MAX + 1 };
	const char *const tried[] = { "watts" };
	struct error failure = { .code = ERROR_FORBIDDEN, .message = "no" };
	struct meter meter = METER("a", METER_WALL, 1000, NODES("a"), .history = history, .history_count = 3);
	AUTO_CLUSTER cluster;

	cluster_init(&cluster);
	put_node(&cluster, "a", 1);
	ck_assert(!cluster.metering.is_read);
	cluster_set_meters(&cluster,
		&(struct metering){ .is_read = true,
			.meters = &meter,
			.count = 1,
			.tried = tried,
			.tried_count = 1,
			.warning = "w" });
	ck_assert_int_eq(cluster.metering.meters[0].history[2], POWER_UNKNOWN);
	/* What is set may be what is there. */
	failure.code = ERROR_TIMEOUT;
	cluster.metering.error = &failure;
	cluster_set_meters(&cluster, &cluster.metering);
	ck_assert_str_eq(cluster.metering.meters[0].name, "a");
	ck_assert_str_eq(cluster.metering.tried[0], "watts");
	ck_assert_str_eq(cluster.metering.warning, "w");
	ck_assert_ptr_ne(cluster.metering.error, &failure);
	ck_assert_int_eq(cluster.metering.error->code, ERROR_TIMEOUT);
	check(&cluster, "a", 1000, false);
	set(&cluster, NULL, 0);
	check(&cluster, "a", POWER_NONE, false);
	ck_assert_uint_eq(cluster.metering.count, 0);
}
END_TEST

/* A screen that stands still shows names that it does not own. */
START_TEST(meters_that_are_shown_stay_readable)
{
	const struct meter first = METER("first", METER_WALL, 1000, NODES("a"));
	const struct meter others[] = { METER("second", METER_WALL, 1000, NODES("a")),
		METER("third", METER_WALL, 1000, NODES("a")) };
	const char *shown;
	AUTO_CLUSTER cluster;

	cluster_init(&cluster);
	put_node(&cluster, "a", 1);
	for (int frame = 0; frame < 3; frame++) {
		set(&cluster, &first, 1);
		cluster_hold(&cluster);
		shown = cluster.metering.meters[0].name;
		for (size_t i = 0; i < ARRAY_LEN(others); i++) {
			set(&cluster, &others[i], 1);
			ck_assert_str_eq(shown, "first");
			ck_assert_str_eq(cluster.metering.meters[0].name, others[i].name);
		}
	}
}
END_TEST

TEST_MAIN("model/meter", TEST(a_node_draws_what_its_meter_says), TEST(the_most_trusted_meter_counts_and_none_twice),
	TEST(what_cannot_be_told_apart_is_unknown), TEST_TABLE(a_shared_meter_is_apportioned, shares),
	TEST(a_node_that_is_not_there_keeps_its_part), TEST(meters_are_replaced_at_once),
	TEST(meters_that_are_shown_stay_readable))
