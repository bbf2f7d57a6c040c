#include <string.h>

#include "../../src/top/view.h"
#include "objects.h"
#include "suite.h"

/* Nodes of 4 CPUs and 8 GiB. */
#define NODE(name, labels, more) \
	"{'metadata':{'name':'" name "','labels':{" labels "}}," more \
	"'status':{'allocatable':{'cpu':'4','memory':'8Gi'," \
	"'pods':'10'},'nodeInfo':{'architecture':'amd64'},'conditions':[{'type':'Ready','status':'True'}]}}"
#define ZONE(zone) "'topology.kubernetes.io/zone':'" zone "'"
#define POD(name, node, phase, cpu, memory) \
	"{'metadata':{'name':'" name "','namespace':'n'},'spec':{'nodeName':'" node "','containers':[{'resources':{" \
	"'requests':{'cpu':'" cpu "','memory':'" memory "'},'limits':{'cpu':'" cpu "'}}}]},'status':{'phase':'" phase \
	"'}}"
#define USAGE(name, cpu, memory) \
	"{'metadata':{'name':'" name "'},'timestamp':'2026-03-01T11:59:50Z','usage':{'cpu':'" cpu \
	"','memory':'" memory "'}}"

enum { NOW = 1772366400 };

static void build(
	const struct cluster *cluster, const char *by, const char *node, bool selected_only, struct table *ret_table)
{
	struct view_options options = {
		.zone_labels = node_zone_labels, .node = node, .selected_nodes_only = selected_only, .now = NOW
	};
	struct error err = { 0 };

	ck_assert_int_eq(grouping_parse(by, node_zone_labels, &options.grouping, &err), 0);
	ck_assert_int_eq(view_nodes.build(cluster, &options, ret_table, &err), 0);
}

static void check_rows(const struct table *table, const char *keys, const char *expected)
{
	AUTO_BUFFER rows = { 0 };

	objects_rows(table, keys, NOW, &rows);
	ck_assert_str_eq(buffer_text(&rows), expected);
}

/* a and b in the west, b with no metrics; c in no zone; pods on d, which is not there. */
static void fill(struct cluster *cluster)
{
	cluster_init(cluster);
	objects_put(cluster, KIND_POD, POD("p1", "a", "Running", "1", "2Gi"));
	objects_put(cluster, KIND_POD, POD("p2", "a", "Pending", "1", "1Gi"));
	objects_put(cluster, KIND_POD, POD("p3", "a", "Succeeded", "3", "3Gi"));
	objects_put(cluster, KIND_POD, POD("p4", "b", "Failed", "3", "3Gi"));
	objects_put(cluster, KIND_POD, POD("p5", "d", "Running", "1", "1Gi"));
	objects_put(cluster, KIND_POD, POD("p6", "", "Pending", "1500m", "512Mi"));
	objects_put(cluster, KIND_POD, POD("p7", "", "Pending", "1n", "512Mi"));
	objects_put(cluster, KIND_POD, POD("p8", "", "Failed", "1", "1Gi"));
	objects_put(cluster, KIND_NODE, NODE("b", ZONE("west"), ""));
	objects_put(cluster, KIND_NODE, NODE("a", ZONE("west"), ""));
	objects_put(cluster, KIND_NODE, NODE("c", "", "'spec':{'unschedulable':true},"));
	objects_put(cluster, KIND_NODE_METRICS, USAGE("a", "2", "2Gi"));
	objects_put(cluster, KIND_NODE_METRICS, USAGE("c", "1", "4Gi"));
}

START_TEST(groups_sum_what_their_nodes_use)
{
	AUTO_CLUSTER cluster;
	AUTO_TABLE table = { 0 };

	fill(&cluster);
	build(&cluster, "zone", NULL, false, &table);
	check_rows(&table, "node state pods cpu memory",
		"+west (2) - 2/20 ~25|25|25 ~13|19|0\n"
		"  a Ready 2/10 50|50|50 25|38|0\n"
		"  b Ready 0/10 ?|0|0 ?|0|0\n"
		"+(no zone) (1) - 1/10 25|25|25 50|13|0\n"
		"  c Cordoned 0/10 25|0|0 50|0|0\n"
		"  d Missing 1/? ?|?|? ?|?|?\n"
		"=cluster (3) - 3/30 ~25|25|25 ~25|17|0\n");
	check_rows(&table, "name nodes zone arch ready schedulable",
		"+west 2 west - ? ?\n"
		"  a 1 west amd64 true true\n"
		"  b 1 west amd64 true true\n"
		"+(no zone) 1 - - ? ?\n"
		"  c 1 - amd64 true false\n"
		"  d 0 - ? ? ?\n"
		"=cluster 3 - - ? ?\n");
	ck_assert_uint_eq(table.summary_count, 1);
	ck_assert_str_eq(
		table.summary[0], "3 nodes: 3 ready, 1 cordoned   3/30 pods   2 pending (1501m cpu, 1024Mi memory)");
	ck_assert_str_eq(table.group_key, "zones");
}
END_TEST

START_TEST(pending_pods_are_counted_apart)
{
	AUTO_CLUSTER cluster;
	AUTO_TABLE table = { 0 };
	size_t total;

	fill(&cluster);
	build(&cluster, "flat", NULL, false, &table);
	total = table.row_count - 1;
	ck_assert_int_eq(objects_cell(&table, total, "pending")->as.number, 2);
	ck_assert_int_eq(objects_cell(&table, total, "pendingCpu")->as.number, 1500000001);
	ck_assert_int_eq(objects_cell(&table, total, "pendingMemory")->as.number, 1 << 30);
}
END_TEST

static void press(struct cluster *cluster, const char *node, int64_t cpu, int64_t io)
{
	struct pressure pressure = { .of = { [PRESSURE_CPU].some.avg10 = cpu } };

	pressure.of[PRESSURE_IO].some.avg10 = pressure.of[PRESSURE_IO].full.avg10 = io;
	cluster_set_node_pressure(cluster, node, &pressure);
}

static bool is_in_text(const struct table *table, const char *key)
{
	for (size_t i = 0; i < table->column_count; i++)
		if (strcmp(table->columns[i].key, key) == 0)
			return !(table->columns[i].flags & COLUMN_DATA);
	return false;
}

START_TEST(pressure_of_a_group_is_that_of_its_worst_node)
{
	AUTO_CLUSTER cluster;
	AUTO_TABLE table = { 0 };

	fill(&cluster);
	press(&cluster, "a", 51000, 300);
	press(&cluster, "b", 200, 12000);
	build(&cluster, "zone", NULL, false, &table);
	ck_assert(is_in_text(&table, "psi"));
	check_rows(&table, "node psi",
		"+west (2) 51 cpu\n"
		"  a 51 cpu\n"
		"  b 12 io\n"
		"+(no zone) (1) ?\n"
		"  c ?\n"
		"  d ?\n"
		"=cluster (3) ~51 cpu\n");
	ck_assert_int_eq(objects_cell(&table, 0, "psi")->role, ROLE_PLAIN);
	ck_assert_int_eq(objects_cell(&table, 1, "psi")->role, ROLE_WARNING);
	ck_assert_int_eq(objects_cell(&table, 2, "psi")->role, ROLE_BAD);
}
END_TEST

START_TEST(pressure_that_nobody_knows_is_no_column)
{
	AUTO_CLUSTER cluster;
	AUTO_TABLE table = { 0 };

	fill(&cluster);
	build(&cluster, "flat", NULL, false, &table);
	ck_assert(!is_in_text(&table, "psi"));
	check_rows(&table, "node psi", "a ?\nb ?\nc ?\nd ?\n=cluster (3) ?\n");
}
END_TEST

START_TEST(one_node_alone)
{
	AUTO_CLUSTER cluster;
	AUTO_TABLE table = { 0 };

	fill(&cluster);
	build(&cluster, "zone", "a", false, &table);
	check_rows(&table, "node pods", "+west (1) 2/10\n  a 2/10\n=total (1) 2/10\n");
}
END_TEST

START_TEST(of_selected_nodes_a_missing_one_is_none)
{
	AUTO_CLUSTER cluster;
	AUTO_TABLE table = { 0 };

	fill(&cluster);
	build(&cluster, "flat", NULL, true, &table);
	check_rows(&table, "node pods", "a 2/10\nb 0/10\nc 0/10\n=total (3) 2/30\n");
}
END_TEST

/* Its pods have gone with it: what is left of it in the store is no row. */
START_TEST(a_node_that_was_removed_is_gone)
{
	AUTO_CLUSTER cluster;
	AUTO_TABLE table = { 0 };

	fill(&cluster);
	cluster_remove(&cluster, KIND_NODE, "b", NULL);
	cluster_remove(&cluster, KIND_NODE, "a", NULL);
	cluster_remove(&cluster, KIND_POD, "p1", "n");
	cluster_remove(&cluster, KIND_POD, "p2", "n");
	cluster_remove(&cluster, KIND_POD, "p3", "n");
	build(&cluster, "flat", NULL, false, &table);
	check_rows(&table, "node cpu", "c 25|0|0\nd ?|?|?\n=cluster (1) 25|25|25\n");
}
END_TEST

START_TEST(without_metrics_usage_is_left_out)
{
	AUTO_CLUSTER cluster;
	AUTO_TABLE table = { 0 };

	cluster_init(&cluster);
	objects_put(&cluster, KIND_NODE, NODE("a", "", ""));
	objects_put(&cluster, KIND_POD, POD("p", "a", "Running", "1", "2Gi"));
	build(&cluster, "flat", NULL, false, &table);
	check_rows(&table, "node cpu memory", "a 25|25 25|0\n=cluster (1) 25|25 25|0\n");
	ck_assert_str_eq(table.columns[10].header, "CPU% REQ|LIM");
	ck_assert_uint_eq(table.summary_count, 2);
	ck_assert_str_eq(table.summary[0], "1 node: 1 ready   1/10 pods   0 pending");
	ck_assert_str_eq(table.summary[1], "no metrics: requests and limits only (is metrics-server installed?)");
	ck_assert_uint_eq(table.source_count, 1);
	ck_assert_str_eq(table.sources[0].state, "missing");
	ck_assert_int_eq(table.sources[0].age, VALUE_UNKNOWN);
}
END_TEST

START_TEST(metrics_are_as_old_as_the_newest)
{
	AUTO_CLUSTER cluster;
	AUTO_TABLE table = { 0 };

	fill(&cluster);
	objects_put(&cluster, KIND_NODE_METRICS,
		"{'metadata':{'name':'b'},'timestamp':'2026-03-01T10:00:00Z','usage':{'cpu':'0','memory':'0'}}");
	build(&cluster, "flat", NULL, false, &table);
	ck_assert_str_eq(table.sources[0].state, "ok");
	ck_assert_int_eq(table.sources[0].age, 10);
	check_rows(&table, "node cpu", "a 50|50|50\nb 0|0|0\nc 25|0|0\nd ?|?|?\n=cluster (3) 25|25|25\n");
}
END_TEST

/* A node that says nothing of itself: unknown, not nothing. */
START_TEST(a_bare_node_is_unknown)
{
	AUTO_CLUSTER cluster;
	AUTO_TABLE table = { 0 };

	cluster_init(&cluster);
	objects_put(&cluster, KIND_NODE, "{'metadata':{'name':'a'}}");
	objects_put(&cluster, KIND_NODE_METRICS, USAGE("a", "1", "1Gi"));
	build(&cluster, "flat", NULL, false, &table);
	check_rows(&table, "node state pods cpu memory created version internalIP taints",
		"a Unknown 0/? ?|?|? ?|?|? ? - - -\n=cluster (1) - 0/0 -|-|- -|-|- - - - -\n");
}
END_TEST

START_TEST(nested_groups_end_with_nodes_that_have_no_value)
{
	AUTO_CLUSTER cluster;
	AUTO_TABLE table = { 0 };

	cluster_init(&cluster);
	objects_put(&cluster, KIND_NODE, NODE("n1", ZONE("b") ",'example.com/rack':'2'", ""));
	objects_put(&cluster, KIND_NODE, NODE("n2", ZONE("b"), ""));
	objects_put(&cluster, KIND_NODE, NODE("n3", "'example.com/rack':'2'", ""));
	objects_put(&cluster, KIND_NODE, NODE("n4", "", ""));
	objects_put(&cluster, KIND_NODE, NODE("n5", ZONE("a") ",'example.com/rack':'2'", ""));
	objects_put(&cluster, KIND_NODE, NODE("n6", ZONE("b") ",'example.com/rack':'10'", ""));
	objects_put(&cluster, KIND_NODE, NODE("n0", ZONE("b") ",'example.com/rack':'2'", ""));
	build(&cluster, "zone,example.com/rack", NULL, false, &table);
	check_rows(&table, "node zone",
		"+a (1) a\n"
		"  +2 (1) a\n"
		"    n5 a\n"
		"+b (4) b\n"
		"  +10 (1) b\n"
		"    n6 b\n"
		"  +2 (2) b\n"
		"    n0 b\n"
		"    n1 b\n"
		"  +(no example.com/rack) (1) b\n"
		"    n2 b\n"
		"+(no zone) (2) -\n"
		"  +2 (1) -\n"
		"    n3 -\n"
		"  +(no example.com/rack) (1) -\n"
		"    n4 -\n"
		"=cluster (7) -\n");
	ck_assert_str_eq(table.group_key, "groups");
}
END_TEST

/* The zone of an inner level is not known of the outer one. */
START_TEST(a_group_knows_the_levels_that_it_shares)
{
	AUTO_CLUSTER cluster;
	AUTO_TABLE table = { 0 };

	cluster_init(&cluster);
	objects_put(&cluster, KIND_NODE, NODE("n1", ZONE("b"), ""));
	build(&cluster, "arch,zone", NULL, false, &table);
	check_rows(
		&table, "node arch zone", "+amd64 (1) amd64 -\n  +b (1) amd64 b\n    n1 amd64 b\n=cluster (1) - -\n");
}
END_TEST

static const struct {
	const char *conditions, *spec, *metadata, *state;
	enum role role;
} states[] = {
	{ "{'type':'Ready','status':'True'}", "", "", "Ready", ROLE_GOOD },
	{ "{'type':'Ready','status':'True'},{'type':'DiskPressure','status':'True'}", "'unschedulable':true", "",
		"DiskPressure,Cordoned", ROLE_WARNING },
	{ "{'type':'Ready','status':'False'},{'type':'DiskPressure','status':'True'}", "", "", "NotReady", ROLE_BAD },
	{ "{'type':'Ready','status':'Unknown'}", "'unschedulable':true", "", "Unreachable,Cordoned", ROLE_BAD },
	{ "{'type':'Ready','status':'True'},{'type':'NetworkUnavailable','status':'True'}", "", "", "NoNetwork",
		ROLE_BAD },
	{ "{'type':'Ready','status':'True'}", "'unschedulable':true", ",'deletionTimestamp':'2026-03-01T12:00:00Z'",
		"Cordoned", ROLE_WARNING },
	{ "{'type':'Ready','status':'True'}", "", ",'deletionTimestamp':'2026-03-01T12:00:00Z'", "Deleting",
		ROLE_WARNING },
};

START_TEST(the_state_is_a_word_and_a_colour)
{
	AUTO_CLUSTER cluster;
	AUTO_BUFFER json = { 0 };
	AUTO_TABLE table = { 0 };

	cluster_init(&cluster);
	buffer_printf(&json, "{'metadata':{'name':'a'%s},'spec':{%s},'status':{'conditions':[%s]}}",
		states[_i].metadata, states[_i].spec, states[_i].conditions);
	objects_put(&cluster, KIND_NODE, buffer_text(&json));
	build(&cluster, "flat", NULL, false, &table);
	ck_assert_str_eq(objects_cell(&table, 0, "state")->as.text, states[_i].state);
	ck_assert_int_eq(objects_cell(&table, 0, "state")->role, states[_i].role);
}
END_TEST

START_TEST(the_taint_of_a_cordon_is_told_by_the_state)
{
	AUTO_CLUSTER cluster;
	AUTO_TABLE table = { 0 };

	cluster_init(&cluster);
	objects_put(&cluster, KIND_NODE,
		"{'metadata':{'name':'a'},'spec':{'taints':[{'key':'node.kubernetes.io/unschedulable','effect':'NoSchedule'},"
		"{'key':'edge','value':'yes','effect':'NoExecute'},{'key':'k','effect':'PreferNoSchedule'}]}}");
	build(&cluster, "flat", NULL, false, &table);
	check_rows(&table, "node taints", "a edge=yes:NoExecute,k:PreferNoSchedule\n=cluster (1) -\n");
}
END_TEST

/* What comes from a list that could not be read is unknown; what does not, stays. */
START_TEST(what_could_not_be_read_is_unknown)
{
	AUTO_CLUSTER cluster;
	AUTO_TABLE without_pods = { 0 };
	AUTO_TABLE without_nodes = { 0 };

	cluster_init(&cluster);
	objects_put(&cluster, KIND_NODE, NODE("a", ZONE("west"), ""));
	objects_put(&cluster, KIND_NODE_METRICS, USAGE("a", "2", "2Gi"));
	cluster.is_unread[KIND_POD] = true;
	build(&cluster, "zone", NULL, false, &without_pods);
	check_rows(&without_pods, "node state pods cpu pending pendingCpu",
		"+west (1) - ?/10 50|?|? ? ?\n  a Ready ?/10 50|?|? ? ?\n=cluster (1) - ?/10 50|?|? ? ?\n");
	ck_assert_str_eq(without_pods.summary[0], "1 node: 1 ready   ?/10 pods   ? pending");

	cluster_remove(&cluster, KIND_NODE, "a", NULL);
	objects_put(&cluster, KIND_POD, POD("p1", "a", "Running", "1", "2Gi"));
	cluster.is_unread[KIND_POD] = false;
	cluster.is_unread[KIND_NODE] = true;
	build(&cluster, "flat", NULL, false, &without_nodes);
	check_rows(&without_nodes, "node state taints pods cpu", "a ? ? 1/? ?|?|?\n=cluster (?) - - 1/? ?|?|?\n");
	ck_assert_str_eq(without_nodes.summary[0], "? nodes: ? ready   1/? pods   0 pending");
}
END_TEST

TEST_MAIN("top/nodes", TEST(what_could_not_be_read_is_unknown), TEST(groups_sum_what_their_nodes_use),
	TEST(pending_pods_are_counted_apart), TEST(one_node_alone), TEST(pressure_of_a_group_is_that_of_its_worst_node),
	TEST(pressure_that_nobody_knows_is_no_column), TEST(of_selected_nodes_a_missing_one_is_none),
	TEST(a_node_that_was_removed_is_gone), TEST(without_metrics_usage_is_left_out),
	TEST(metrics_are_as_old_as_the_newest), TEST(a_bare_node_is_unknown),
	TEST(nested_groups_end_with_nodes_that_have_no_value), TEST(a_group_knows_the_levels_that_it_shares),
	TEST_TABLE(the_state_is_a_word_and_a_colour, states), TEST(the_taint_of_a_cordon_is_told_by_the_state))
