/* Meters as rows, what nodes draw, and what it costs. */
#include <assert.h>
#include <string.h>

#include "../../src/top/view.h"
#include "clusterutils/util/memory.h"
#include "objects.h"
#include "suite.h"

static_assert(POWER_UNKNOWN == VALUE_UNKNOWN && POWER_NONE == VALUE_NONE, "a view shows power as the model has it");

enum { NOW = 1772366400 };

#define NODE(name, zone) "{'metadata':{'name':'" name "','labels':{'topology.kubernetes.io/zone':'" zone "'}}}"
#define PRICE(millionths) \
	{ \
		.is_known = true, .price = (millionths), .currency = "GBP" \
	}

static const struct {
	const char *text;
	int64_t price; /* -1: refused */
} prices[] = {
	{ "0.25", 250000 },
	{ "0", 0 },
	{ "1", 1000000 },
	{ "0.000001", 1 },
	{ "100000", PRICE_MAX },
	{ "100000.000000", PRICE_MAX },
	{ "100000.000001", -1 },
	{ "100001", -1 },
	{ "99999999999999999999", -1 },
	{ "0.0000001", -1 },
	{ "", -1 },
	{ ".", -1 },
	{ ".5", -1 },
	{ "5.", -1 },
	{ "1.2.3", -1 },
	{ "-1", -1 },
	{ "0,25", -1 },
	{ "0.25 ", -1 },
	{ "1e3", -1 },
};

START_TEST(a_price_has_six_decimals)
{
	int64_t price = -1;
	struct error err = { 0 };

	ck_assert_int_eq(price_parse(prices[_i].text, &price, &err), prices[_i].price < 0 ? -1 : 0);
	ck_assert_int_eq(price, prices[_i].price);
	if (price < 0)
		ck_assert_ptr_nonnull(strstr(err.message, "for \"--price\" flag: must be "));
}
END_TEST

static const struct {
	int64_t price, power, cost;
} costs[] = {
	{ 250000, 102110, 613 }, /* 102.11 W at 0.25: 18.6 in 730 hours */
	{ 250000, 1000000, 6000 },
	{ 250000, 0, 0 },
	{ 250000, -1000000, -6000 },
	{ 1, 1000000, 0 },
	{ 21, 1000000, 1 },
	{ 0, 71000, 0 },
	{ PRICE_MAX, POWER_MAX, INT64_C(2400000000000000) },
	{ PRICE_MAX, INT64_MAX, INT64_C(2400000000000000) },
	{ 250000, VALUE_UNKNOWN, VALUE_UNKNOWN },
	{ 250000, VALUE_NONE, VALUE_NONE },
};

START_TEST(what_is_drawn_costs)
{
	struct tariff tariff = PRICE(costs[_i].price);

	ck_assert_int_eq(tariff_cost_per_day(&tariff, costs[_i].power), costs[_i].cost);
	tariff.is_known = false;
	ck_assert_int_eq(tariff_cost_per_day(&tariff, 0), VALUE_UNKNOWN);
}
END_TEST

static const char *const shelf[] = { "c", "d" }, *const node_a[] = { "a" }, *const node_b[] = { "b" };

/* a and b have plugs, c and d share one, e has none; a meter that feeds nobody here. */
static const struct meter meters[] = {
	{ .name = "shelf",
		.nodes = shelf,
		.node_count = 2,
		.query = "q",
		.power = 9000,
		.average = 8000,
		.least = 3000,
		.today = 100000,
		.month = POWER_UNKNOWN,
		.taken = NOW - 12 },
	{ .name = "a",
		.nodes = node_a,
		.node_count = 1,
		.query = "q",
		.power = 71250,
		.average = 70000,
		.least = POWER_UNKNOWN,
		.today = 1240000,
		.month = 30000000,
		.taken = NOW - 3 },
	{ .name = "b",
		.class = METER_BMC,
		.nodes = node_b,
		.node_count = 1,
		.query = "q",
		.power = POWER_UNKNOWN,
		.average = 5000,
		.least = POWER_UNKNOWN,
		.today = 20000,
		.month = 20000,
		.taken = TIME_NONE },
	{ .name = "Studio Lamp",
		.query = "q",
		.power = 20000,
		.average = 20000,
		.least = POWER_UNKNOWN,
		.today = 240000,
		.month = 240000,
		.taken = NOW },
};

static void fill(struct cluster *cluster)
{
	static const char *const tried[] = { "q", "r" };

	cluster_init(cluster);
	objects_put(cluster, KIND_NODE, NODE("a", "west"));
	objects_put(cluster, KIND_NODE, NODE("b", "west"));
	objects_put(cluster, KIND_NODE, NODE("c", "east"));
	objects_put(cluster, KIND_NODE, NODE("d", "east"));
	objects_put(cluster, KIND_NODE, NODE("e", "cloud"));
	objects_put(cluster, KIND_NODE_METRICS, "{'metadata':{'name':'c'},'usage':{'cpu':'1','memory':'1'}}");
	objects_put(cluster, KIND_NODE_METRICS, "{'metadata':{'name':'d'},'usage':{'cpu':'2','memory':'1'}}");
	cluster_set_meters(cluster,
		&(struct metering){ .is_read = true,
			.heard = NOW - 20,
			.meters = meters,
			.count = ARRAY_LEN(meters),
			.tried = tried,
			.tried_count = 2 });
}

static void build(const struct view *view, const struct cluster *cluster, struct view_options options, const char *keys,
	const char *expected, struct table *ret_table)
{
	AUTO_BUFFER rows = { 0 };
	struct error err = { 0 };

	options.zone_labels = node_zone_labels;
	options.now = NOW;
	ck_assert_int_eq(grouping_parse("zone", node_zone_labels, &options.grouping, &err), 0);
	ck_assert_int_eq(view->build(cluster, &options, ret_table, &err), 0);
	objects_rows(ret_table, keys, NOW, &rows);
	ck_assert_str_eq(buffer_text(&rows), expected);
}

static const struct column *column_of(const struct table *table, const char *key)
{
	for (size_t i = 0; i < table->column_count; i++)
		if (strcmp(table->columns[i].key, key) == 0)
			return &table->columns[i];
	ck_abort_msg("no column %s", key);
}

START_TEST(nodes_draw_and_groups_sum)
{
	struct view_options options = { .tariff = PRICE(250000) };
	AUTO_CLUSTER cluster;
	AUTO_TABLE table = { 0 };

	fill(&cluster);
	build(&view_nodes, &cluster, options, "node power costPerDay",
		"+cloud (1) - -\n"
		"  e - -\n"
		"+east (2) ~9 ~0.054\n"
		"  c ~3.5 ~0.021\n"
		"  d ~5.5 ~0.033\n"
		"+west (2) ~71 ~0.43\n"
		"  a 71 0.43\n"
		"  b ? ?\n"
		"=cluster (5) ~80 ~0.48\n",
		&table);
	ck_assert_uint_eq(column_of(&table, "power")->flags & COLUMN_DATA, 0);
	ck_assert_uint_eq(column_of(&table, "costPerDay")->flags & COLUMN_DATA, 0);
	ck_assert_str_eq(column_of(&table, "costPerDay")->header, "GBP/DAY");
	ck_assert_int_eq(objects_cell(&table, 6, "power")->as.power.watts, 71250);
	ck_assert_int_eq(objects_cell(&table, 6, "power")->as.power.cost, 428);
	ck_assert_str_eq(table.sources[1].name, "power");
	ck_assert_str_eq(table.sources[1].state, "ok");
	ck_assert_int_eq(table.sources[1].age, 20);
}
END_TEST

START_TEST(without_a_price_nothing_has_a_cost)
{
	AUTO_CLUSTER cluster;
	AUTO_TABLE nodes = { 0 };
	AUTO_TABLE power = { 0 };

	fill(&cluster);
	build(&view_nodes, &cluster, (struct view_options){ .node = "a" }, "node power",
		"+west (1) 71\n  a 71\n=total (1) 71\n", &nodes);
	ck_assert_uint_ne(column_of(&nodes, "costPerDay")->flags & COLUMN_DATA, 0);
	ck_assert_int_eq(objects_cell(&nodes, 1, "power")->as.power.cost, VALUE_UNKNOWN);
	build(&view_power, &cluster, (struct view_options){ .node = "d" }, "name nodes watts costPerDay",
		"shelf d 9 ?\n=total 0/1 node, ~1 est 9 ?\n", &power);
	ck_assert_uint_ne(column_of(&power, "costPerDay")->flags & COLUMN_DATA, 0);
	ck_assert_str_eq(power.summary[0], "9 W   0/1 node, ~1 est   0.10 kWh today");
}
END_TEST

START_TEST(without_meters_text_has_no_column)
{
	AUTO_CLUSTER cluster;
	AUTO_TABLE nodes = { 0 };
	AUTO_TABLE power = { 0 };

	cluster_init(&cluster);
	objects_put(&cluster, KIND_NODE, NODE("a", "west"));
	build(&view_nodes, &cluster, (struct view_options){ .tariff = PRICE(250000) }, "node power",
		"+west (1) -\n  a -\n=cluster (1) -\n", &nodes);
	ck_assert_uint_ne(column_of(&nodes, "power")->flags & COLUMN_DATA, 0);
	ck_assert_uint_ne(column_of(&nodes, "costPerDay")->flags & COLUMN_DATA, 0);
	ck_assert_uint_eq(nodes.source_count, 1);
	build(&view_power, &cluster, (struct view_options){ 0 }, "name nodes watts averageWatts",
		"=cluster 0/1 node - -\n", &power);
	ck_assert_uint_eq(power.summary_count, 0);
	ck_assert_str_eq(power.nothing,
		"No meters found: say with --prometheus NAMESPACE/SERVICE[:PORT] where a Prometheus is that has them.");
	ck_assert_uint_eq(power.source_count, 1);
	ck_assert_str_eq(power.sources[0].name, "metrics");
}
END_TEST

START_TEST(a_row_for_each_meter)
{
	AUTO_CLUSTER cluster;
	AUTO_TABLE table = { 0 };

	fill(&cluster);
	build(&view_power, &cluster, (struct view_options){ .tariff = PRICE(250000) },
		"name nodes class watts averageWatts wattHoursToday wattHoursMonth costPerDay taken remark",
		"Studio Lamp - wall 20 20 0.24 0.24 0.12 0s feeds no known node\n"
		"a a wall 71 70 1.24 30.00 0.43 3s -\n"
		"shelf c,d wall 9 8 0.10 ? 0.054 12s -\n"
		"b b bmc ? 5 0.02 0.02 ? ? -\n"
		"=cluster wall 1/5 nodes, ~2 est - ~100 103 1.60 ? ~0.60 - -\n",
		&table);
	ck_assert_str_eq(table.summary[0], "~100 W   wall 1/5 nodes, ~2 est   1.60 kWh today   ~0.60 GBP/DAY");
	ck_assert_int_eq(objects_cell(&table, 4, "nodeCount")->as.number, 5);
	ck_assert_int_eq(objects_cell(&table, 4, "estimatedNodes")->as.number, 2);
	ck_assert_int_eq(objects_cell(&table, 4, "unmeasuredNodes")->as.number, 2);
	ck_assert_uint_eq(objects_cell(&table, 4, "tried")->as.list.count, 2);
	ck_assert_str_eq(objects_cell(&table, 4, "currency")->as.text, "GBP");
	ck_assert_str_eq(column_of(&table, "costPerDay")->header, "GBP/DAY");
}
END_TEST

/* Whose watts are not added twice, and what of a meter is not known alone. */
START_TEST(nothing_is_added_twice)
{
	static const char *const all[] = { "a", "b", "c", "d" };
	struct meter nested[ARRAY_LEN(meters) + 1];
	AUTO_CLUSTER cluster;
	AUTO_TABLE table = { 0 };

	fill(&cluster);
	memcpy(nested, meters, sizeof(meters));
	nested[2].power = 5000;
	nested[3] = meters[1];
	nested[3].name = "rapl-a";
	nested[3].class = METER_RAPL;
	nested[4] = meters[1];
	nested[4] = (struct meter){ .name = "ups",
		.class = METER_UPS,
		.nodes = all,
		.node_count = 4,
		.power = 95250,
		.average = 90000,
		.least = POWER_UNKNOWN,
		.today = 1,
		.month = 1,
		.taken = NOW };
	cluster_set_meters(&cluster, &(struct metering){ .is_read = true, .meters = nested, .count = 5 });
	build(&view_power, &cluster, (struct view_options){ 0 }, "name class watts averageWatts remark",
		"a wall 71 70 -\n"
		"shelf wall 9 8 -\n"
		"b bmc 5 5 -\n"
		"ups ups 95 90 not added: another meter counts\n"
		"rapl-a rapl 71 70 not added: another meter counts\n"
		"=cluster - 85 83 -\n",
		&table);
}
END_TEST

START_TEST(a_part_of_a_meter_is_no_energy)
{
	static const char *const both[] = { "a", "e" }, *const third[] = { "e", "c" };
	const struct meter parts[] = {
		meters[1],
		{ .name = "strip", .nodes = both, .node_count = 2, .query = "q", .power = 80000, .taken = NOW },
		{ .name = "z", .class = METER_UPS, .nodes = third, .node_count = 2, .power = 50000, .taken = NOW },
	};
	AUTO_CLUSTER cluster;
	AUTO_TABLE table = { 0 };

	fill(&cluster);
	cluster_set_meters(&cluster, &(struct metering){ .is_read = true, .meters = parts, .count = 3 });
	build(&view_power, &cluster, (struct view_options){ 0 }, "name watts wattHoursToday remark",
		"a 71 1.24 -\n"
		"strip 80 0.00 8.75 W added: the rest is another meter's\n"
		"z 50 0.00 not added: overlaps another meter\n"
		"=cluster ~80 ? -\n",
		&table);
}
END_TEST

/* What is said where there is no meter, and in which state the source is. */
static const struct {
	enum error_code code;
	const char *state, *nothing;
} failures[] = {
	{ ERROR_NONE, "missing", "No meters found: tried q." },
	{ ERROR_NOT_FOUND, "missing", "No meters found." },
	{ ERROR_FORBIDDEN, "forbidden", "No meters found." },
	{ ERROR_TIMEOUT, "failed", "No meters found." },
};

START_TEST(a_failure_is_told_by_the_source)
{
	static const char *const tried[] = { "q" };
	struct error failure = { .code = failures[_i].code, .message = "why" };
	AUTO_CLUSTER cluster;
	AUTO_TABLE table = { 0 };

	cluster_init(&cluster);
	cluster_set_meters(&cluster,
		&(struct metering){ .is_read = true,
			.error = failure.code ? &failure : NULL,
			.tried = tried,
			.tried_count = 1,
			.warning = "it is odd",
			.heard = TIME_NONE });
	build(&view_power, &cluster, (struct view_options){ 0 }, "name", "=cluster\n", &table);
	ck_assert_str_eq(table.nothing, failures[_i].nothing);
	ck_assert_str_eq(table.sources[0].name, "power");
	ck_assert_str_eq(table.sources[0].state, failures[_i].state);
	ck_assert_int_eq(table.sources[0].age, VALUE_UNKNOWN);
	ck_assert_str_eq(table.summary[0], "warning: it is odd");
	if (failure.code)
		ck_assert_str_eq(table.sources[0].error, "why");
}
END_TEST

START_TEST(meters_that_went_silent_are_stale)
{
	struct error failure = { .code = ERROR_TIMEOUT, .message = "why" };
	AUTO_CLUSTER cluster;
	AUTO_TABLE table = { 0 };

	fill(&cluster);
	cluster.metering.error = &failure;
	cluster_set_meters(&cluster, &cluster.metering);
	build(&view_power, &cluster, (struct view_options){ .node = "a" }, "name watts", "a 71\n=total 71\n", &table);
	ck_assert_str_eq(table.sources[0].state, "stale");
}
END_TEST

START_TEST(of_nodes_that_were_not_read_nothing_is_said)
{
	AUTO_CLUSTER cluster;
	AUTO_TABLE table = { 0 };

	cluster_init(&cluster);
	cluster.is_unread[KIND_NODE] = true;
	cluster_set_meters(&cluster, &(struct metering){ .is_read = true, .meters = &meters[1], .count = 1 });
	build(&view_power, &cluster, (struct view_options){ 0 }, "name nodes watts remark unmeasuredNodes",
		"a ? 71 - ?\n=cluster ? 71 - ?\n", &table);
}
END_TEST

TEST_MAIN("top/power", TEST_TABLE(a_price_has_six_decimals, prices), TEST_TABLE(what_is_drawn_costs, costs),
	TEST(nodes_draw_and_groups_sum), TEST(without_a_price_nothing_has_a_cost),
	TEST(without_meters_text_has_no_column), TEST(a_row_for_each_meter), TEST(nothing_is_added_twice),
	TEST(a_part_of_a_meter_is_no_energy), TEST_TABLE(a_failure_is_told_by_the_source, failures),
	TEST(meters_that_went_silent_are_stale), TEST(of_nodes_that_were_not_read_nothing_is_said))
