/* What all views have in common. */
#include "../../src/top/view.h"
#include "clusterutils/output/print.h"
#include "objects.h"
#include "suite.h"

START_TEST(every_view_reads_what_it_shows)
{
	size_t count = 0;

	for (const struct view *const *views = views_all(); *views; views++, count++) {
		const struct view *view = *views;
		bool has_main_kind = false;
		size_t i = 0;

		ck_assert_ptr_eq(view_find(view->name), view);
		ck_assert(view->summary && *view->summary && view->build);
		for (; i < VIEW_MAX_KINDS && view->kinds[i] != KIND_COUNT; i++) {
			ck_assert_int_lt(view->kinds[i], KIND_COUNT);
			has_main_kind = has_main_kind || view->kinds[i] == view->main_kind;
			for (size_t j = 0; j < i; j++)
				ck_assert_int_ne(view->kinds[i], view->kinds[j]);
		}
		/* A list that forgets its end goes on with zeros, which are KIND_NODE. */
		ck_assert_msg(has_main_kind && (i == VIEW_MAX_KINDS || view->kinds[i] == KIND_COUNT), "%s", view->name);
	}
	ck_assert_uint_eq(count, 6);
	ck_assert_ptr_null(view_find("node"));
	ck_assert_ptr_null(view_find(""));
}
END_TEST

/* Meters of all the nodes together, and of each alone, with all that a meter can show. */
static void put_meters(struct cluster *cluster)
{
	static const char *const nodes[] = { "x", "y", "z" };
	const struct meter meters[] = {
		{ .name = "a",
			.nodes = nodes,
			.node_count = 3,
			.power = POWER_MAX,
			.average = POWER_MAX,
			.least = -POWER_MAX,
			.today = ENERGY_MAX,
			.month = -ENERGY_MAX,
			.taken = INT64_MAX },
		{ .name = "b", .nodes = nodes, .node_count = 1, .power = -POWER_MAX, .taken = TIME_NONE },
		{ .name = "c", .class = METER_RAPL, .nodes = nodes + 1, .node_count = 1, .power = INT64_MAX },
	};

	cluster_set_meters(
		cluster, &(struct metering){ .is_read = true, .meters = meters, .count = 3, .warning = "w" });
}

/* Every view of an empty cluster, and of one whose numbers are as large as they can be, in every format. */
START_TEST(every_view_bears_any_cluster)
{
	static const char *const nodes[] = { "x", "y", "z" };
	AUTO_CLUSTER empty;
	AUTO_CLUSTER full;
	const struct cluster *const clusters[] = { &empty, &full };

	cluster_init(&empty);
	cluster_init(&full);
	for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++) {
		AUTO_BUFFER json = { 0 };

		buffer_printf(&json,
			"{'metadata':{'name':'%s','creationTimestamp':'0001-01-01T00:00:00Z'},'status':{'allocatable':{'cpu':'9E',"
			"'memory':'8Ei','pods':'9223372036854775807'},'images':[{'names':['i'],'sizeBytes':9007199254740992}]}}",
			nodes[i]);
		objects_put(&full, KIND_NODE, buffer_text(&json));
		buffer_clear(&json);
		buffer_printf(&json,
			"{'metadata':{'name':'%s'},'timestamp':'9999-12-31T23:59:59Z','usage':{'cpu':'9E','memory':'8Ei'}}",
			nodes[i]);
		objects_put(&full, KIND_NODE_METRICS, buffer_text(&json));
		for (int pod = 0; pod < 4; pod++) {
			buffer_clear(&json);
			buffer_printf(&json,
				"{'metadata':{'name':'%s%d','namespace':'n'},'spec':{'nodeName':'%s','priority':%d,'containers':["
				"{'image':'i','resources':{'requests':{'cpu':'9E','memory':'8Ei'},'limits':{'cpu':'9E'}}}]},"
				"'status':{'containerStatuses':[{'restartCount':2147483647},{'restartCount':2147483647},"
				"{'restartCount':2147483647}]}}",
				nodes[i], pod, pod == 3 ? "" : nodes[i], pod % 2 ? 2147483647 : -2147483647 - 1);
			objects_put(&full, KIND_POD, buffer_text(&json));
			buffer_clear(&json);
			buffer_printf(&json,
				"{'metadata':{'name':'%s%d','namespace':'n'},'containers':[{'usage':{'cpu':'9E','memory':'8Ei'}}]}",
				nodes[i], pod);
			objects_put(&full, KIND_POD_METRICS, buffer_text(&json));
			buffer_clear(&json);
			buffer_printf(&json, "{'metadata':{'name':'%s%d'},'count':2147483647,'lastTimestamp':'%s'}",
				nodes[i], pod, pod % 2 ? "0001-01-01T00:00:00Z" : "9999-12-31T23:59:59Z");
			objects_put(&full, KIND_EVENT, buffer_text(&json));
		}
	}
	put_meters(&full);
	for (size_t i = 0; i < 2; i++) {
		for (const struct view *const *views = views_all(); *views; views++) {
			for (int format = OUTPUT_TABLE; format <= OUTPUT_NAME; format++) {
				struct view_options options = { .zone_labels = node_zone_labels,
					.now = 1772366400,
					.tariff = { .is_known = true, .price = PRICE_MAX } };
				struct print_options print = { .format = (enum output_format)format,
					.now = options.now };
				struct error err = { 0 };
				AUTO_TABLE table = { 0 };
				AUTO_BUFFER out = { 0 };

				ck_assert_int_eq((*views)->build(clusters[i], &options, &table, &err), 0);
				table_print(&table, &print, &out);
				ck_assert_msg(i == 0 || out.length > 0, "%s", (*views)->name);
			}
		}
	}
}
END_TEST

TEST_MAIN("top/view", TEST(every_view_reads_what_it_shows), TEST(every_view_bears_any_cluster))
