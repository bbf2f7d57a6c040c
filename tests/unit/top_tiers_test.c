#include "../../src/top/view.h"
#include "objects.h"
#include "suite.h"

#define CLASS(name, value, more) "{'metadata':{'name':'" name "'},'value':" value more "}"
#define POD(name, class, priority, node, phase, more) \
	"{'metadata':{'name':'" name "'},'spec':{'nodeName':'" node "','priorityClassName':'" class \
		"','priority':" priority more \
		",'containers':[{'resources':{'requests':{'cpu':'1','memory':'1Gi'}}}]},'status':{'phase':'" phase \
		"'}}"
#define USAGE(name, cpu, memory) \
	"{'metadata':{'name':'" name "'},'containers':[{'usage':{'cpu':'" cpu "','memory':'" memory "'}}]}"

static void check(const struct cluster *cluster, const char *keys, const char *expected)
{
	struct view_options options = { .zone_labels = node_zone_labels };
	struct error err = { 0 };
	AUTO_TABLE table = { 0 };
	AUTO_BUFFER rows = { 0 };

	ck_assert_int_eq(view_tiers.build(cluster, &options, &table, &err), 0);
	objects_rows(&table, keys, 0, &rows);
	ck_assert_str_eq(buffer_text(&rows), expected);
	ck_assert_str_eq(table.kind, "TierList");
}

/* Ten CPUs and ten GiB. */
static void fill(struct cluster *cluster)
{
	cluster_init(cluster);
	objects_put(
		cluster, KIND_NODE, "{'metadata':{'name':'a'},'status':{'allocatable':{'cpu':'10','memory':'10Gi'}}}");
}

START_TEST(tiers_stand_above_one_another)
{
	AUTO_CLUSTER cluster;

	fill(&cluster);
	objects_put(&cluster, KIND_PRIORITY_CLASS, CLASS("low", "10", ",'globalDefault':true"));
	objects_put(&cluster, KIND_PRIORITY_CLASS, CLASS("high", "1000", ""));
	objects_put(&cluster, KIND_PRIORITY_CLASS, CLASS("middle", "100", ""));
	objects_put(&cluster, KIND_POD, POD("h", "high", "1000", "a", "Running", ""));
	objects_put(&cluster, KIND_POD, POD("m1", "middle", "100", "a", "Running", ""));
	objects_put(&cluster, KIND_POD, POD("m2", "middle", "100", "a", "Pending", ""));
	objects_put(&cluster, KIND_POD, POD("l", "low", "10", "a", "Running", ""));
	check(&cluster, "name value pods pending cpu cumulativeCpu belowCpu memory cumulativeMemory belowMemory",
		"high 1000 1 0 10|0 10% 3000m 10|0 10% 3Gi\n"
		"middle 100 2 0 20|0 30% 1000m 20|0 30% 1Gi\n"
		"low 10 1 0 10|0 40% 0m 10|0 40% 0\n"
		"=cluster - 4 0 40|0 - - 40|0 - -\n");
	check(&cluster, "name globalDefault preemptionPolicy",
		"high false PreemptLowerPriority\n"
		"middle false PreemptLowerPriority\n"
		"low true PreemptLowerPriority\n"
		"=cluster - -\n");
}
END_TEST

/* They do not preempt each other; a pod of the one stands with those of the other against what is below. */
START_TEST(tiers_of_equal_priority_stand_side_by_side)
{
	AUTO_CLUSTER cluster;

	fill(&cluster);
	objects_put(&cluster, KIND_PRIORITY_CLASS, CLASS("y", "100", ""));
	objects_put(&cluster, KIND_PRIORITY_CLASS, CLASS("x", "100", ""));
	objects_put(&cluster, KIND_PRIORITY_CLASS, CLASS("z", "-1", ""));
	objects_put(&cluster, KIND_POD, POD("x", "x", "100", "a", "Running", ""));
	objects_put(&cluster, KIND_POD, POD("y", "y", "100", "a", "Running", ""));
	objects_put(&cluster, KIND_POD, POD("z", "z", "-1", "a", "Running", ""));
	check(&cluster, "name cumulativeCpu belowCpu", "x 20% 1000m\ny 20% 1000m\nz 30% 0m\n=cluster - -\n");
}
END_TEST

START_TEST(what_never_preempts_has_nothing_below)
{
	AUTO_CLUSTER cluster;

	fill(&cluster);
	objects_put(&cluster, KIND_PRIORITY_CLASS, CLASS("polite", "100", ",'preemptionPolicy':'Never'"));
	objects_put(&cluster, KIND_POD, POD("p", "polite", "100", "a", "Running", ""));
	objects_put(&cluster, KIND_POD, POD("g", "gone", "50", "a", "Running", ",'preemptionPolicy':'Never'"));
	objects_put(&cluster, KIND_POD, POD("q", "", "0", "a", "Running", ""));
	check(&cluster, "name preemptionPolicy cumulativeCpu belowCpu belowMemory",
		"polite Never 10% - -\n"
		"gone Never 20% - -\n"
		"(no class) PreemptLowerPriority 30% 0m 0\n"
		"=cluster - - - -\n");
}
END_TEST

/* A class that has changed its value, one that is gone, and none at all. */
START_TEST(pods_that_no_class_explains_are_tiers_too)
{
	AUTO_CLUSTER cluster;

	fill(&cluster);
	objects_put(&cluster, KIND_PRIORITY_CLASS, CLASS("web", "200", ""));
	objects_put(&cluster, KIND_POD, POD("old", "web", "100", "a", "Running", ""));
	objects_put(&cluster, KIND_POD, POD("new", "web", "200", "a", "Running", ""));
	objects_put(&cluster, KIND_POD, POD("orphan", "gone", "150", "a", "Running", ""));
	objects_put(&cluster, KIND_POD, POD("plain", "", "0", "a", "Running", ""));
	objects_put(&cluster, KIND_POD, POD("default", "", "7", "a", "Running", ""));
	check(&cluster, "name value pods",
		"web 200 1\ngone 150 1\nweb 100 1\n(no class) 7 1\n(no class) 0 1\n=cluster - 5\n");
}
END_TEST

START_TEST(a_tier_whose_pods_are_gone_is_none)
{
	AUTO_CLUSTER cluster;

	fill(&cluster);
	objects_put(&cluster, KIND_POD, POD("p", "gone", "1", "a", "Running", ""));
	cluster_remove(&cluster, KIND_POD, "p", NULL);
	check(&cluster, "name pods", "=cluster 0\n");
}
END_TEST

START_TEST(finished_pods_do_not_count_and_pending_ones_count_apart)
{
	AUTO_CLUSTER cluster;

	fill(&cluster);
	objects_put(&cluster, KIND_PRIORITY_CLASS, CLASS("c", "1", ""));
	objects_put(&cluster, KIND_POD, POD("running", "c", "1", "a", "Running", ""));
	objects_put(&cluster, KIND_POD, POD("starting", "c", "1", "a", "Pending", ""));
	objects_put(&cluster, KIND_POD, POD("pending", "c", "1", "", "Pending", ""));
	objects_put(&cluster, KIND_POD, POD("done", "c", "1", "a", "Succeeded", ""));
	objects_put(&cluster, KIND_POD, POD("failed", "c", "1", "a", "Failed", ""));
	objects_put(&cluster, KIND_POD, POD("evicted", "c", "1", "", "Failed", ""));
	check(&cluster, "name pods pending cpu cumulativeCpu", "c 2 1 20|0 20%\n=cluster 2 1 20|0 -\n");
}
END_TEST

START_TEST(usage_that_some_pods_do_not_tell_is_an_estimate)
{
	AUTO_CLUSTER cluster;

	fill(&cluster);
	objects_put(&cluster, KIND_POD, POD("a1", "a", "3", "a", "Running", ""));
	objects_put(&cluster, KIND_POD, POD("a2", "a", "3", "a", "Running", ""));
	objects_put(&cluster, KIND_POD, POD("b1", "b", "2", "a", "Running", ""));
	objects_put(&cluster, KIND_POD, POD("c1", "c", "1", "a", "Running", ""));
	objects_put(&cluster, KIND_POD_METRICS, USAGE("a1", "2", "1Gi"));
	objects_put(&cluster, KIND_POD_METRICS, USAGE("b1", "500m", "512Mi"));
	check(&cluster, "name cpu memory",
		"a ~20|20|0 ~10|20|0\nb 5|10|0 5|10|0\nc ?|10|0 ?|10|0\n=cluster ~25|40|0 ~15|40|0\n");
}
END_TEST

START_TEST(of_nodes_that_could_not_be_read_no_share_is_known)
{
	AUTO_CLUSTER cluster;

	cluster_init(&cluster);
	cluster.is_unread[KIND_NODE] = true;
	objects_put(&cluster, KIND_PRIORITY_CLASS, CLASS("low", "10", ""));
	objects_put(&cluster, KIND_POD, POD("l", "low", "10", "a", "Running", ""));
	check(&cluster, "name pods cpu cumulativeCpu belowCpu", "low 1 ?|? ? 0m\n=cluster 1 ?|? - -\n");
}
END_TEST

TEST_MAIN("top/tiers", TEST(of_nodes_that_could_not_be_read_no_share_is_known), TEST(tiers_stand_above_one_another),
	TEST(tiers_of_equal_priority_stand_side_by_side), TEST(what_never_preempts_has_nothing_below),
	TEST(pods_that_no_class_explains_are_tiers_too), TEST(a_tier_whose_pods_are_gone_is_none),
	TEST(finished_pods_do_not_count_and_pending_ones_count_apart),
	TEST(usage_that_some_pods_do_not_tell_is_an_estimate))
