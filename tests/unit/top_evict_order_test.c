/* The kubelet's order under memory pressure: no sample, then above the request, then priority, then the excess. */
#include "../../src/top/view.h"
#include "objects.h"
#include "suite.h"

#define POD(namespace, name, priority, request, more) \
	"{'metadata':{'name':'" name \
	"','namespace':'" namespace "'" more "},'spec':{'nodeName':'a','priority':" priority \
				    ",'priorityClassName':'c','containers':[{'resources':{'requests':{'memory':'" request \
				    "'}}}]}}"
#define USAGE(namespace, name, memory) \
	"{'metadata':{'name':'" name \
	"','namespace':'" namespace "'},'containers':[{'usage':{'cpu':'1m','memory':'" memory "'}}]}"

static void build(const struct cluster *cluster, struct table *ret_table)
{
	struct view_options options = { .zone_labels = node_zone_labels, .node = "a" };
	struct error err = { 0 };

	ck_assert_int_eq(view_tiers.build(cluster, &options, ret_table, &err), 0);
}

static void check(const struct cluster *cluster, const char *keys, const char *expected)
{
	AUTO_TABLE table = { 0 };
	AUTO_BUFFER rows = { 0 };

	build(cluster, &table);
	objects_rows(&table, keys, 0, &rows);
	ck_assert_str_eq(buffer_text(&rows), expected);
}

struct pod_text {
	const char *pod, *usage; /* usage NULL: no sample */
};

static const struct {
	struct pod_text pods[4];
	const char *order;
} orders[] = {
	/* a pod without a sample comes before one that is far above its request */
	{ { { POD("n", "sampled", "0", "1Mi", ""), USAGE("n", "sampled", "9Gi") },
		  { POD("n", "silent", "1000", "8Gi", ""), NULL } },
		"1 silent\n2 sampled\n" },
	/* of two without, the lower priority */
	{ { { POD("n", "high", "5", "1Mi", ""), NULL }, { POD("n", "low", "4", "9Gi", ""), NULL } },
		"1 low\n2 high\n" },
	/* above the request comes before priority */
	{ { { POD("n", "low", "-5", "2Gi", ""), USAGE("n", "low", "1Gi") },
		  { POD("n", "high", "1999999999", "1Gi", ""), USAGE("n", "high", "1073741825") } },
		"1 high\n2 low\n" },
	/* at the request is not above it */
	{ { { POD("n", "below", "0", "1Gi", ""), USAGE("n", "below", "1023Mi") },
		  { POD("n", "at", "0", "1Gi", ""), USAGE("n", "at", "1Gi") },
		  { POD("n", "above", "9", "1Gi", ""), USAGE("n", "above", "1025Mi") } },
		"1 above\n2 at\n3 below\n" },
	/* then priority before the amount */
	{ { { POD("n", "much", "1", "0", ""), USAGE("n", "much", "9Gi") },
		  { POD("n", "little", "0", "0", ""), USAGE("n", "little", "1") } },
		"1 little\n2 much\n" },
	/* then the larger excess, not the larger use */
	{ { { POD("n", "uses", "0", "8Gi", ""), USAGE("n", "uses", "9Gi") },
		  { POD("n", "exceeds", "0", "1Gi", ""), USAGE("n", "exceeds", "3Gi") } },
		"1 exceeds\n2 uses\n" },
	/* of those within, the one that is nearer to its request */
	{ { { POD("n", "far", "0", "8Gi", ""), USAGE("n", "far", "4Gi") },
		  { POD("n", "near", "0", "1Gi", ""), USAGE("n", "near", "900Mi") } },
		"1 near\n2 far\n" },
	/* all alike: by name, so that two runs say the same */
	{ { { POD("m", "b", "0", "1Gi", ""), NULL }, { POD("n", "a", "0", "1Gi", ""), NULL },
		  { POD("m", "c", "0", "1Gi", ""), NULL } },
		"1 b\n2 c\n3 a\n" },
	/* static pods and those of system priority never, whatever they use */
	{ { { POD("n", "static", "0", "0", ",'annotations':{'kubernetes.io/config.mirror':'x'}"), NULL },
		  { POD("n", "system", "2000000000", "0", ""), USAGE("n", "system", "9Gi") },
		  { POD("n", "highest", "1999999999", "9Gi", ""), USAGE("n", "highest", "1") } },
		"1 highest\n- static\n- system\n" },
};

START_TEST(evicts_in_the_order_of_the_kubelet)
{
	AUTO_CLUSTER cluster;

	cluster_init(&cluster);
	for (size_t i = 0; i < 4 && orders[_i].pods[i].pod; i++) {
		objects_put(&cluster, KIND_POD, orders[_i].pods[i].pod);
		if (orders[_i].pods[i].usage)
			objects_put(&cluster, KIND_POD_METRICS, orders[_i].pods[i].usage);
	}
	check(&cluster, "rank name", orders[_i].order);
}
END_TEST

START_TEST(says_why)
{
	AUTO_CLUSTER cluster;

	cluster_init(&cluster);
	objects_put(&cluster, KIND_POD, POD("n", "silent", "0", "1Gi", ""));
	objects_put(&cluster, KIND_POD, POD("n", "above", "0", "1Gi", ""));
	objects_put(&cluster, KIND_POD_METRICS, USAGE("n", "above", "3Gi"));
	objects_put(&cluster, KIND_POD, POD("n", "within", "0", "1Gi", ""));
	objects_put(&cluster, KIND_POD_METRICS, USAGE("n", "within", "512Mi"));
	objects_put(&cluster, KIND_POD, POD("n", "system", "2000001000", "1Gi", ""));
	objects_put(&cluster, KIND_POD,
		POD("n", "static", "2000001000", "1Gi", ",'annotations':{'kubernetes.io/config.mirror':'x'}"));
	check(&cluster, "rank name priorityClass priority memory excess reason",
		"1 silent c 0 ?|1024Mi|- ? no sample: taken as above its request\n"
		"2 above c 0 3072Mi|1024Mi|- 2Gi above its request\n"
		"3 within c 0 512Mi|1024Mi|- - within its request\n"
		"- static c 2000001000 ?|1024Mi|- ? never: static pod\n"
		"- system c 2000001000 ?|1024Mi|- ? never: system priority\n");
}
END_TEST

START_TEST(only_active_pods_of_the_node)
{
	AUTO_CLUSTER cluster;
	AUTO_TABLE table = { 0 };

	cluster_init(&cluster);
	objects_put(&cluster, KIND_POD, "{'metadata':{'name':'here'},'spec':{'nodeName':'a'}}");
	objects_put(&cluster, KIND_POD, "{'metadata':{'name':'there'},'spec':{'nodeName':'b'}}");
	objects_put(&cluster, KIND_POD, "{'metadata':{'name':'nowhere'}}");
	objects_put(&cluster, KIND_POD,
		"{'metadata':{'name':'done'},'spec':{'nodeName':'a'},'status':{'phase':'Succeeded'}}");
	objects_put(&cluster, KIND_POD,
		"{'metadata':{'name':'failed'},'spec':{'nodeName':'a'},'status':{'phase':'Failed'}}");
	check(&cluster, "rank namespace name", "1 - here\n");
	build(&cluster, &table);
	ck_assert_str_eq(table.kind, "EvictionOrderList");
	ck_assert_ptr_nonnull(table.summary);
}
END_TEST

START_TEST(an_unknown_node_is_an_error)
{
	struct view_options options = { .zone_labels = node_zone_labels, .node = "b" };
	struct error err = { 0 };
	AUTO_CLUSTER cluster;
	AUTO_TABLE table = { 0 };

	cluster_init(&cluster);
	ck_assert_int_eq(view_tiers.build(&cluster, &options, &table, &err), -1);
	ck_assert_int_eq(err.code, ERROR_NOT_FOUND);
	ck_assert_str_eq(err.message, "nodes \"b\" not found");
}
END_TEST

START_TEST(a_node_without_pods_evicts_none)
{
	AUTO_CLUSTER cluster;

	cluster_init(&cluster);
	objects_put(&cluster, KIND_NODE, "{'metadata':{'name':'a'}}");
	check(&cluster, "name", "");
}
END_TEST

TEST_MAIN("top/evict_order", TEST_TABLE(evicts_in_the_order_of_the_kubelet, orders), TEST(says_why),
	TEST(only_active_pods_of_the_node), TEST(an_unknown_node_is_an_error), TEST(a_node_without_pods_evicts_none))
