/* What speaks against an eviction, one case each; and that asking, moving and undoing leave nothing behind. */
#include <math.h>
#include <string.h>

#include "clusterutils/rebalance/landing.h"
#include "clusterutils/util/text.h"
#include "objects.h"
#include "suite.h"

enum { NOW = 1772366400 };

#define NODE(name, arch, more) \
	"{'metadata':{'name':'" name "','labels':{'kubernetes.io/hostname':'" name "'}},'spec':{" more \
	"},'status':{'allocatable':{'cpu':'4','memory':'8Gi','pods':'20'},'conditions':[{'type':'Ready'," \
	"'status':'True'}],'nodeInfo':{'architecture':'" arch "'}}}"
#define SMALL \
	"{'metadata':{'name':'b'},'spec':{},'status':{'allocatable':{'cpu':'4','memory':'8Gi','pods':'2'},'conditions':[{" \
	"'type':'Ready','status':'True'}],'nodeInfo':{'architecture':'amd64'}}}"
#define OWNED(kind) \
	"'ownerReferences':[{'apiVersion':'apps/v1','kind':'" kind "','name':'shop','uid':'o','controller':true}]"
#define POD(name, node, meta, spec) \
	"{'metadata':{'name':'" name "','namespace':'web','uid':'u-" name \
	"','labels':{'app':'shop'},'creationTimestamp':'2026-01-01T00:00:00Z'," meta "},'spec':{'nodeName':'" node \
	"','containers':[{'name':'c','image':'shop:1','resources':{'requests':{'cpu':'1','memory':'2Gi'}}}]" spec \
	"},'status':{'phase':'Running','conditions':[{'type':'Ready','status':'True'}]}}"
#define BUDGET(allowed) \
	"{'metadata':{'name':'shop','namespace':'web'},'spec':{'selector':{'matchLabels':{'app':'shop'}}},'status':{" \
	"'disruptionsAllowed':" allowed ",'currentHealthy':2,'desiredHealthy':2}}"
#define REPLICAS(count) \
	"{'metadata':{'name':'shop','namespace':'web','uid':'o'},'spec':{'replicas':" count \
	",'selector':{'matchLabels':{'app':'shop'}}}}"

/* The pod p is on the node a; b is as a is, and empty. */
static const struct {
	enum withheld withheld;
	const char *why;
	enum landing_wish wish;
	struct landing_rules rules;
	const char *b, *pod, *replicas, *budget; /* NULL for the usual, or none */
} cases[] = {
	{ .withheld = WITHHELD_NOT },
	{ WITHHELD_NO_CONTROLLER, "no controller would make it again", .pod = POD("p", "a", "'annotations':{}", "") },
	{ WITHHELD_CRITICAL, "its priority 2000000000 is the system's",
		.pod = POD("p", "a", OWNED("ReplicaSet"), ",'priority':2000000000") },
	{ WITHHELD_NOT, NULL, .pod = POD("p", "a", OWNED("ReplicaSet"), ",'priority':1999999999") },
	{ WITHHELD_RETURNS, "its DaemonSet would start it again on a", .pod = POD("p", "a", OWNED("DaemonSet"), "") },
	{ WITHHELD_NO_LANDING, "0/2 nodes are available: 2 Insufficient cpu.",
		.pod = "{'metadata':{'name':'p','namespace':'web','uid':'u-p'," OWNED(
			"ReplicaSet") "},'spec':{'nodeName':'a','containers':[{'name':'c','resources':{'requests':{'cpu':'9'}}}]"
				      "},'status':{'phase':'Running'}}" },
	{ WITHHELD_RETURNS, "it would return to a", .b = NODE("b", "amd64", "'unschedulable':true") },
	{ WITHHELD_NOT, NULL, .wish = LANDING_RESTART, .b = NODE("b", "amd64", "'unschedulable':true") },
	{ WITHHELD_ARCHITECTURE, "b is arm64, where shop:1 was never seen", .b = NODE("b", "arm64", "") },
	{ WITHHELD_NOT, NULL, .rules = { .allows_any_arch = true }, .b = NODE("b", "arm64", "") },
	{ WITHHELD_MEMORY, "b memory would be 25% requested, the line of safety is 20%",
		.rules = { .memory_line = 20 } },
	{ WITHHELD_NOT, NULL, .rules = { .memory_line = 25 } },
	{ WITHHELD_NO_GAIN, "b would be as full as a is (38%)", .wish = LANDING_RELIEVE, .b = SMALL },
	{ WITHHELD_NOT, NULL, .wish = LANDING_RELIEVE },
	{ WITHHELD_RECENT, "it was made 59d ago, less than --cool-down", .rules = { .cool_down = 6000000 } },
	{ WITHHELD_SINGLE, "it is the only replica, and ReplicaSet/shop starts no other before it goes",
		.replicas = REPLICAS("1") },
	{ WITHHELD_NOT, NULL, .rules = { .allows_single = true }, .replicas = REPLICAS("1") },
	{ WITHHELD_NOT, NULL, .replicas = REPLICAS("2") },
	{ WITHHELD_BUDGET, "budget shop allows no disruption (2 of 2 wanted are healthy)", .budget = BUDGET("0") },
	{ WITHHELD_NOT, NULL, .budget = BUDGET("1") },
};

static const struct pod *pod_named(const struct cluster *cluster, const char *name)
{
	return (const struct pod *)(const void *)cluster_find(cluster, KIND_POD, name, "web");
}

static void begin(struct cluster *cluster)
{
	cluster_init(cluster);
	cluster->details = CLUSTER_PLACEMENT;
	objects_put(cluster, KIND_NODE, NODE("a", "amd64", ""));
	/* So that the other node is the better one. */
	objects_put(cluster, KIND_POD,
		"{'metadata':{'name':'stays','namespace':'web','uid':'u-stays'},'spec':{'nodeName':'a','containers':[{"
		"'name':'c','resources':{'requests':{'cpu':'500m','memory':'512Mi'}}}]},'status':{'phase':'Running'}}");
}

START_TEST(says_why_not)
{
	AUTO_CLUSTER cluster;
	struct landings *landings;
	struct landing landing;

	begin(&cluster);
	objects_put(&cluster, KIND_NODE, cases[_i].b ? cases[_i].b : NODE("b", "amd64", ""));
	objects_put(&cluster, KIND_POD, cases[_i].pod ? cases[_i].pod : POD("p", "a", OWNED("ReplicaSet"), ""));
	if (cases[_i].replicas)
		objects_put(&cluster, KIND_REPLICA_SET, cases[_i].replicas);
	if (cases[_i].budget)
		objects_put(&cluster, KIND_POD_DISRUPTION_BUDGET, cases[_i].budget);
	landings = landings_new(&cluster, &cases[_i].rules, NOW);
	landings_ask(landings, pod_named(&cluster, "p"), cases[_i].wish, &landing);
	ck_assert_msg(landing.withheld == cases[_i].withheld && text_equal(landing.why, cases[_i].why), "%s: %s",
		withheld_names[landing.withheld], landing.why);
	/* Asking has changed nothing. */
	ck_assert_str_eq(landings_node_of(landings, pod_named(&cluster, "p"))->meta.name, "a");
	landings_free(landings);
}
END_TEST

static void put_three(struct cluster *cluster)
{
	begin(cluster);
	objects_put(cluster, KIND_NODE, NODE("b", "amd64", ""));
	objects_put(cluster, KIND_POD, POD("p", "a", OWNED("ReplicaSet"), ""));
	objects_put(cluster, KIND_POD, POD("q", "a", OWNED("ReplicaSet"), ""));
	objects_put(cluster, KIND_POD, POD("r", "a", OWNED("ReplicaSet"), ""));
}

static double memory_of(const struct landings *landings, const char *node)
{
	return node_load_percent(landings_load_of(landings, node), LOAD_MEMORY);
}

START_TEST(each_move_counts_for_the_next)
{
	const struct param_percent target = { "memory", 30 };
	const struct param_percents targets = { true, 1, &target };
	const struct landing_rules rules = { .targets = &targets };
	AUTO_CLUSTER cluster;
	struct landings *landings;
	struct landing landing;

	put_three(&cluster);
	landings = landings_new(&cluster, &rules, NOW);
	ck_assert_double_eq(memory_of(landings, "a"), 81.25);
	landings_move(landings, pod_named(&cluster, "p"), LANDING_MOVE, &landing);
	ck_assert_int_eq(landing.withheld, WITHHELD_NOT);
	ck_assert_str_eq(landing.to->meta.name, "b");
	ck_assert_double_eq(landing.gain, 87.5 - 25); /* of cpu */
	ck_assert_double_eq(memory_of(landings, "a"), 56.25);
	ck_assert_double_eq(memory_of(landings, "b"), 25);
	landings_ask(landings, pod_named(&cluster, "q"), LANDING_MOVE, &landing);
	ck_assert_str_eq(landing.why, "b memory would be 50%, target 30%");
	landings_undo(landings, pod_named(&cluster, "p"));
	landings_undo(landings, pod_named(&cluster, "p"));
	ck_assert_double_eq(memory_of(landings, "a"), 81.25);
	ck_assert_double_eq(memory_of(landings, "b"), 0);
	landings_ask(landings, pod_named(&cluster, "q"), LANDING_MOVE, &landing);
	ck_assert_int_eq(landing.withheld, WITHHELD_NOT);
	landings_free(landings);
}
END_TEST

START_TEST(a_budget_is_spent_and_comes_back)
{
	const struct landing_rules rules = { 0 };
	AUTO_CLUSTER cluster;
	struct landings *landings;
	struct landing landing;
	bool is_spent;

	put_three(&cluster);
	objects_put(&cluster, KIND_POD_DISRUPTION_BUDGET, BUDGET("1"));
	landings = landings_new(&cluster, &rules, NOW);
	landings_move(landings, pod_named(&cluster, "p"), LANDING_MOVE, &landing);
	ck_assert_int_eq(landing.withheld, WITHHELD_NOT);
	landings_ask(landings, pod_named(&cluster, "q"), LANDING_MOVE, &landing);
	ck_assert_str_eq(landing.why, "budget shop allows 1 disruption, which this plan has spent");
	ck_assert_ptr_nonnull(landings_budget(landings, pod_named(&cluster, "q"), &is_spent));
	ck_assert(is_spent);
	landings_undo(landings, pod_named(&cluster, "p"));
	ck_assert_ptr_null(landings_budget(landings, pod_named(&cluster, "q"), &is_spent));
	landings_move(landings, pod_named(&cluster, "q"), LANDING_MOVE, &landing);
	landings_renew_budgets(landings);
	ck_assert_ptr_null(landings_budget(landings, pod_named(&cluster, "r"), &is_spent));
	landings_free(landings);
}
END_TEST

/* A pod waits for half a node; whoever leaves makes room for it, and finds none where it was. */
START_TEST(who_waits_takes_the_room)
{
	const struct landing_rules rules = { 0 };
	AUTO_CLUSTER cluster;
	struct landings *landings;
	struct landing landing;

	put_three(&cluster);
	cluster_remove(&cluster, KIND_POD, "r", "web");
	objects_put(&cluster, KIND_POD, POD("s", "b", OWNED("ReplicaSet"), ""));
	objects_put(&cluster, KIND_POD, POD("t", "b", OWNED("ReplicaSet"), ""));
	objects_put(&cluster, KIND_POD,
		"{'metadata':{'name':'w','namespace':'web','uid':'u-w'},'spec':{'containers':[{'name':'c','resources':{"
		"'requests':{'cpu':'2500m'}}}]},'status':{'phase':'Pending'}}");
	landings = landings_new(&cluster, &rules, NOW);
	ck_assert_uint_eq(landings_waiting(landings), 1);
	landings_move(landings, pod_named(&cluster, "s"), LANDING_RESTART, &landing);
	ck_assert_int_eq(landing.withheld, WITHHELD_NOT);
	ck_assert_str_eq(landing.to->meta.name, "a");
	ck_assert_uint_eq(landings_waiting(landings), 0);
	ck_assert_str_eq(landings_node_of(landings, pod_named(&cluster, "w"))->meta.name, "b");
	landings_undo(landings, pod_named(&cluster, "s"));
	ck_assert_uint_eq(landings_waiting(landings), 1);
	ck_assert_str_eq(landings_node_of(landings, pod_named(&cluster, "s"))->meta.name, "b");
	landings_free(landings);
}
END_TEST

TEST_MAIN("rebalance/landing", TEST_TABLE(says_why_not, cases), TEST(each_move_counts_for_the_next),
	TEST(a_budget_is_spent_and_comes_back), TEST(who_waits_takes_the_room))
