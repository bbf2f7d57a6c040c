/* Whole passes: what each strategy evicts, in order, and what stops it. The descheduler's own cases are in
 * tests/fixtures. */
#include <stdlib.h>
#include <string.h>

#include "clusterutils/rebalance/run.h"
#include "clusterutils/util/memory.h"
#include "objects.h"
#include "suite.h"

#define NODE(name, more) \
	"{'metadata':{'name':'" name "','labels':{'zone':'z-" name "','kubernetes.io/hostname':'" name \
	"'}},'spec':{" more \
	"},'status':{'allocatable':{'cpu':'4','memory':'8Gi','pods':'10'},'conditions':[{'type':'Ready','status':'True'}]}}"
#define POD(name, node, spec, status) \
	"{'metadata':{'name':'" name "','namespace':'web','uid':'u-" name "','labels':{'app':'shop'}," \
	"'creationTimestamp':'2026-01-01T00:00:00Z','ownerReferences':[{'apiVersion':'apps/v1','kind':'ReplicaSet'," \
	"'name':'shop','uid':'rs','controller':true}]},'spec':{'nodeName':'" node "','containers':[{'name':'c'," \
	"'image':'shop:1','resources':{'requests':{'cpu':'500m'}}}]" spec "},'status':{'phase':'Running'" status "}}"
#define POLICY(plugins, args) \
	"apiVersion: descheduler/v1alpha2\nkind: DeschedulerPolicy\n" args "profiles:\n- name: p\n" plugins

#define ONE(point, name, args) \
	"  pluginConfig: [{name: " name ", args: " args "}]\n  plugins: {" point ": {enabled: [" name "]}}\n"
#define ONE_WITH_EVICTOR(point, name, args, evictor) \
	"  pluginConfig: [{name: " name ", args: " args "}, {name: DefaultEvictor, args: " evictor \
	"}]\n  plugins: {" point ": {enabled: [" name "]}}\n"

enum { MOST = 12, NOW = 1767225600 + 86400 }; /* a day after the pods were made */

static const struct {
	const char *what, *policy;
	const char *nodes[4], *pods[MOST];
	const char *victims; /* in order */
} cases[] = {
	{ "a taint that nothing tolerates", POLICY(ONE("deschedule", "RemovePodsViolatingNodeTaints", "{}"), ""),
		{ NODE("a", "'taints':[{'key':'dedicated','value':'edge','effect':'NoSchedule'}]"), NODE("b", "") },
		{ POD("p1", "a", "", ""),
			POD("p2", "a", ",'tolerations':[{'key':'dedicated','operator':'Exists'}]", ""),
			POD("p3", "b", "", "") },
		"p1" },
	{ "a taint that is excluded",
		POLICY(ONE("deschedule", "RemovePodsViolatingNodeTaints", "{excludedTaints: [dedicated=edge]}"), ""),
		{ NODE("a", "'taints':[{'key':'dedicated','value':'edge','effect':'NoSchedule'}]"), NODE("b", "") },
		{ POD("p1", "a", "", "") }, "" },
	{ "one ready node is too few", POLICY(ONE("deschedule", "RemovePodsViolatingNodeTaints", "{}"), ""),
		{ NODE("a", "'taints':[{'key':'x','effect':'NoSchedule'}]") }, { POD("p1", "a", "", "") }, "" },
	{ "a limit of the whole pass",
		POLICY(ONE("deschedule", "RemovePodsViolatingNodeTaints", "{}"), "maxNoOfPodsToEvictTotal: 1\n"),
		{ NODE("a", "'taints':[{'key':'x','effect':'NoSchedule'}]"), NODE("b", "") },
		{ POD("p2", "a", "", ""), POD("p1", "a", "", "") }, "p1" },
	{ "a limit of each node",
		POLICY(ONE("deschedule", "RemovePodsViolatingNodeTaints", "{}"), "maxNoOfPodsToEvictPerNode: 1\n"),
		{ NODE("a", "'taints':[{'key':'x','effect':'NoSchedule'}]"),
			NODE("b", "'taints':[{'key':'x','effect':'NoSchedule'}]") },
		{ POD("p1", "a", "", ""), POD("p2", "a", "", ""), POD("p3", "b", "", "") }, "p1 p3" },
	{ "local storage protects", POLICY(ONE("deschedule", "RemovePodsViolatingNodeTaints", "{}"), ""),
		{ NODE("a", "'taints':[{'key':'x','effect':'NoSchedule'}]"), NODE("b", "") },
		{ POD("p1", "a", ",'volumes':[{'name':'v','emptyDir':{}}]", ""), POD("p2", "a", "", "") }, "p2" },
	{ "priority protects from its threshold on",
		POLICY(ONE_WITH_EVICTOR("deschedule", "RemovePodsViolatingNodeTaints", "{}",
			       "{priorityThreshold: {value: 1000}}"),
			""),
		{ NODE("a", "'taints':[{'key':'x','effect':'NoSchedule'}]"), NODE("b", "") },
		{ POD("p1", "a", ",'priority':1000", ""), POD("p2", "a", ",'priority':999", "") }, "p2" },
	{ "nodeFit keeps what fits nowhere else",
		POLICY(ONE_WITH_EVICTOR("deschedule", "RemovePodsViolatingNodeTaints", "{}", "{nodeFit: true}"), ""),
		{ NODE("a", "'taints':[{'key':'x','effect':'NoSchedule'}]"), NODE("b", "'unschedulable':true") },
		{ POD("p1", "a", "", "") }, "" },
	{ "required node affinity that another node fulfils",
		POLICY(ONE("deschedule", "RemovePodsViolatingNodeAffinity",
			       "{nodeAffinityType: [requiredDuringSchedulingIgnoredDuringExecution]}"),
			""),
		{ NODE("a", ""), NODE("b", "") },
		{ POD("p1", "a",
			  ",'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms'"
			  ":[{'matchExpressions':[{'key':'zone','operator':'In','values':['z-b']}]}]}}}",
			  ""),
			POD("p2", "a", ",'nodeSelector':{'zone':'z-b'}", "") },
		"p1" },
	{ "restarts, most first",
		POLICY(ONE("deschedule", "RemovePodsHavingTooManyRestarts", "{podRestartThreshold: 5}"), ""),
		{ NODE("a", ""), NODE("b", "") },
		{ POD("p1", "a", "", ",'containerStatuses':[{'name':'c','restartCount':5}]"),
			POD("p2", "a", "", ",'containerStatuses':[{'name':'c','restartCount':9}]"),
			POD("p3", "a", "", ",'containerStatuses':[{'name':'c','restartCount':4}]") },
		"p2 p1" },
	{ "the one that goes takes the offence with it",
		POLICY(ONE("deschedule", "RemovePodsViolatingInterPodAntiAffinity", "{}"), ""),
		{ NODE("a", ""), NODE("b", "") },
		{ POD("p1", "a",
			  ",'affinity':{'podAntiAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':[{'labelSelector':"
			  "{'matchLabels':{'app':'shop'}},'topologyKey':'zone'}]}}",
			  ""),
			POD("p2", "a",
				",'affinity':{'podAntiAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':[{"
				"'labelSelector':{'matchLabels':{'app':'shop'}},'topologyKey':'zone'}]}}",
				"") },
		"p1" },
	{ "age", POLICY(ONE("deschedule", "PodLifeTime", "{maxPodLifeTimeSeconds: 86399}"), ""),
		{ NODE("a", ""), NODE("b", "") }, { POD("p1", "a", "", "") }, "p1" },
	{ "age that is reached but not exceeded",
		POLICY(ONE("deschedule", "PodLifeTime", "{maxPodLifeTimeSeconds: 86400}"), ""),
		{ NODE("a", ""), NODE("b", "") }, { POD("p1", "a", "", "") }, "" },
	{ "failed pods", POLICY(ONE("deschedule", "RemoveFailedPods", "{reasons: [Evicted]}"), ""),
		{ NODE("a", ""), NODE("b", "") },
		{ POD("p1", "a", "", ",'phase':'Failed','reason':'Evicted'"), POD("p2", "a", "", ",'phase':'Failed'"),
			POD("p3", "a", "", "") },
		"p1" },
	{ "duplicates beyond the even share", POLICY(ONE("balance", "RemoveDuplicates", "{}"), ""),
		{ NODE("a", ""), NODE("b", "") },
		{ POD("p1", "a", "", ""), POD("p2", "a", "", ""), POD("p3", "a", "", ""), POD("p4", "a", "", "") },
		"p3 p4" },
	{ "spread over two zones", POLICY(ONE("balance", "RemovePodsViolatingTopologySpreadConstraint", "{}"), ""),
		{ NODE("a", ""), NODE("b", "") },
		{ POD("p1", "a",
			  ",'topologySpreadConstraints':[{'maxSkew':1,'topologyKey':'zone','whenUnsatisfiable':'DoNotSchedule',"
			  "'labelSelector':{'matchLabels':{'app':'shop'}}}]",
			  ""),
			POD("p2", "a", "", ""), POD("p3", "a", "", ""), POD("p4", "a", "", "") },
		"p3 p4" },
	{ "from the busy node until its target is met",
		POLICY(ONE("balance", "LowNodeUtilization", "{thresholds: {cpu: 20}, targetThresholds: {cpu: 50}}"),
			""),
		{ NODE("a", ""), NODE("b", "") },
		{ POD("p1", "a", ",'priority':9", ""), POD("p2", "a", ",'priority':8", ""),
			POD("p3", "a", ",'priority':7", ""), POD("p4", "a", ",'priority':6", ""),
			POD("p5", "a", ",'priority':5", ""), POD("p6", "a", ",'priority':4", "") },
		"p6 p5" },
	{ "no node has room",
		POLICY(ONE("balance", "LowNodeUtilization", "{thresholds: {cpu: 20}, targetThresholds: {cpu: 50}}"),
			""),
		{ NODE("a", ""), NODE("b", "'unschedulable':true") },
		{ POD("p1", "a", "", ""), POD("p2", "a", "", ""), POD("p3", "a", "", ""), POD("p4", "a", "", ""),
			POD("p5", "a", "", "") },
		"" },
	{ "to empty a node that is hardly used",
		POLICY(ONE("balance", "HighNodeUtilization", "{thresholds: {cpu: 20}}"), ""),
		{ NODE("a", ""), NODE("b", "") },
		{ POD("p1", "a", "", ""), POD("p2", "b", "", ""), POD("p3", "b", "", ""), POD("p4", "b", "", "") },
		"p1" },
};

static void victims_of(const struct pass *pass, struct buffer *out)
{
	for (size_t i = 0; i < pass->decision_count; i++)
		if (pass->decisions[i].refusal == PASS_ACCEPTED)
			buffer_printf(out, "%s%s", out->length ? " " : "", pass->decisions[i].pod->meta.name);
}

static void load(const char *text, struct policy *ret_policy)
{
	struct policy_source source = { .file = "policy.yaml", .text = text, .length = strlen(text) };
	struct error err = { 0 };

	ck_assert_msg(policy_load(&source, POLICY_STRICT, ret_policy, &err) == 0, "%s", err.message);
}

/* In the order given, or turned round: what comes first must not matter. */
static void read_objects(struct cluster *cluster, const char *const *nodes, const char *const *pods, bool turned)
{
	cluster_init(cluster);
	cluster->details = CLUSTER_PLACEMENT | CLUSTER_CONDITIONS;
	for (size_t i = 0; i < 4; i++)
		if (nodes[turned ? 3 - i : i])
			objects_put(cluster, KIND_NODE, nodes[turned ? 3 - i : i]);
	for (size_t i = 0; i < MOST; i++)
		if (pods[turned ? MOST - 1 - i : i])
			objects_put(cluster, KIND_POD, pods[turned ? MOST - 1 - i : i]);
}

START_TEST(evicts_what_it_must)
{
	AUTO_POLICY policy = { 0 };

	load(cases[_i].policy, &policy);
	for (int turned = 0; turned < 2; turned++) {
		AUTO_CLUSTER cluster;
		CLEANUP(pass_release) struct pass pass;
		AUTO_BUFFER victims = { 0 };

		read_objects(&cluster, cases[_i].nodes, cases[_i].pods, turned);
		pass_init(&pass, &cluster, NOW);
		run_policy(&pass, &policy);
		victims_of(&pass, &victims);
		ck_assert_msg(strcmp(buffer_text(&victims), cases[_i].victims) == 0, "%s: %s", cases[_i].what,
			buffer_text(&victims));
	}
}
END_TEST

/* Sums of a node are those of the pods that are left. */
START_TEST(what_goes_is_taken_off_its_node)
{
	AUTO_CLUSTER cluster;
	CLEANUP(pass_release) struct pass pass;
	AUTO_POLICY policy = { 0 };
	const struct pass_node *node;
	static const char *const nodes[4] = { NODE("a", "'taints':[{'key':'x','effect':'NoSchedule'}]"),
		NODE("b", "") };
	static const char *const pods[MOST] = { POD("p1", "a", "", ""),
		POD("p2", "a", ",'tolerations':[{'operator':'Exists'}]", "") };

	load(POLICY(ONE("deschedule", "RemovePodsViolatingNodeTaints", "{}"), ""), &policy);
	read_objects(&cluster, nodes, pods, false);
	pass_init(&pass, &cluster, NOW);
	node = pass_node_named(&pass, "a");
	ck_assert_int_eq(quantity_milli(pass_requested(&pass, node, "cpu")), 1000);
	run_policy(&pass, &policy);
	ck_assert_uint_eq(node->pod_count, 1);
	ck_assert_uint_eq(node->active_count, 1);
	ck_assert_uint_eq(node->evicted, 1);
	ck_assert_int_eq(quantity_milli(pass_requested(&pass, node, "cpu")), 500);
	ck_assert_int_eq(quantity_milli(pass_requested(&pass, node, "example.com/none")), 0);
}
END_TEST

/* All reasons are told, not the first alone. */
START_TEST(tells_why_a_pod_must_stay)
{
	AUTO_CLUSTER cluster;
	CLEANUP(pass_release) struct pass pass;
	AUTO_POLICY policy = { 0 };
	AUTO_BUFFER reasons = { 0 };
	static const char *const nodes[4] = { NODE("a", ""), NODE("b", "") };
	static const char *const pods[MOST] = { POD(
		"p1", "a", ",'priority':2000000001,'volumes':[{'name':'v','hostPath':{'path':'/dev/dri'}}]", "") };

	load(POLICY(ONE("balance", "RemoveDuplicates", "{}"), ""), &policy);
	read_objects(&cluster, nodes, pods, false);
	pass_init(&pass, &cluster, NOW);
	run_policy(&pass, &policy);
	ck_assert(!pass_filter_reasons(&pass, &pass.pods[0], &reasons));
	ck_assert_ptr_nonnull(strstr(buffer_text(&reasons), "system critical priority"));
	ck_assert_ptr_nonnull(strstr(buffer_text(&reasons), "\npod has local storage"));
}
END_TEST

TEST_MAIN("rebalance/pass", TEST_TABLE(evicts_what_it_must, cases), TEST(what_goes_is_taken_off_its_node),
	TEST(tells_why_a_pod_must_stay))
