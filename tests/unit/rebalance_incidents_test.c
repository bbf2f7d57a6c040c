/* What the descheduler did to a home cluster, four times: upstream's list shows each harmful eviction, ours
 * withholds it and says why. */
#include <string.h>

#include "objects.h"
#include "planning.h"
#include "suite.h"

enum { NOW = 1772366400 };

#define NODE(name, arch, cpu, memory, spec) \
	"{'metadata':{'name':'" name "','labels':{'kubernetes.io/hostname':'" name "','kubernetes.io/arch':'" arch \
	"'}},'spec':{" spec "},'status':{'allocatable':{'cpu':'" cpu "','memory':'" memory \
	"','pods':'110'},'nodeInfo':{'architecture':'" arch "'},'conditions':[{'type':'Ready','status':'True'}]}}"
#define SET(name, replicas) \
	"{'metadata':{'name':'" name "','namespace':'home','uid':'o-" name "'},'spec':{'replicas':" replicas \
	",'selector':{'matchLabels':{'app':'" name "'}}}}"
#define EVICT_PVC "  - {name: DefaultEvictor, args: {nodeFit: false}}\n"
#define LOW(args) \
	"apiVersion: descheduler/v1alpha2\nkind: DeschedulerPolicy\nprofiles:\n- name: default\n  pluginConfig:\n" EVICT_PVC \
	"  - {name: LowNodeUtilization, args: {" args "}}\n  plugins: {balance: {enabled: [LowNodeUtilization]}}\n"

static void put(struct cluster *cluster, enum kind kind, const struct buffer *text)
{
	objects_put(cluster, kind, buffer_text(text));
}

/* Of the set, on the node; `more` is further keys of its spec, each with a comma in front. */
static void put_pod(struct cluster *cluster, const char *kind, const char *set, const char *name, const char *node,
	const char *requests, const char *more)
{
	AUTO_BUFFER text = { 0 };

	buffer_printf(&text,
		"{'metadata':{'name':'%s','namespace':'home','uid':'u-%s','labels':{'app':'%s'},'ownerReferences':[{"
		"'apiVersion':'apps/v1','kind':'%s','name':'%s','uid':'o-%s','controller':true}]},'spec':{'nodeName':'%s',"
		"'containers':[{'name':'c','image':'%s:1','resources':{'requests':{%s}}}]%s},'status':{'phase':'Running',"
		"'conditions':[{'type':'Ready','status':'True'}]}}",
		name, name, set, kind, set, set, node, set, requests, more);
	put(cluster, KIND_POD, &text);
}

/* As a loop of upstream's has it, or as the program's own defaults have it. */
static struct plan_options options_of(bool parity)
{
	struct plan_options options = planning_options();

	options.parity = parity;
	options.rules.memory_line = 90;
	options.rules.allows_any_arch = true; /* what is withheld here must be so for its own reason */
	return options;
}

static void make(struct plan *plan, const struct cluster *cluster, const struct policy *policy, bool parity)
{
	const struct plan_options options = options_of(parity);

	plan_make(plan, cluster, policy, &options, NOW);
}

/* --- 1: a database was moved to a Raspberry Pi; its directory stayed behind --- */

static void put_database(struct cluster *cluster, const char *volume_source)
{
	AUTO_BUFFER text = { 0 };

	objects_put(cluster, KIND_NODE, NODE("corellia", "amd64", "8", "16Gi", ""));
	objects_put(cluster, KIND_NODE, NODE("kamino", "arm64", "4", "8Gi", ""));
	objects_put(cluster, KIND_STATEFUL_SET, SET("postgres", "2"));
	put_pod(cluster, "StatefulSet", "postgres", "postgres-0", "corellia", "'cpu':'5','memory':'10Gi'",
		",'volumes':[{'name':'d','persistentVolumeClaim':{'claimName':'data'}}]");
	put_pod(cluster, "StatefulSet", "keeper", "keeper-0", "corellia", "'cpu':'1'", ",'priority':2000000001");
	objects_put(cluster, KIND_PERSISTENT_VOLUME_CLAIM,
		"{'metadata':{'name':'data','namespace':'home','annotations':{'pv.kubernetes.io/bind-completed':'yes'}},"
		"'spec':{'volumeName':'pv-data','storageClassName':'local-path','accessModes':['ReadWriteOnce']},"
		"'status':{'phase':'Bound'}}");
	buffer_printf(&text,
		"{'metadata':{'name':'pv-data'},'spec':{%s,'storageClassName':'local-path','accessModes':["
		"'ReadWriteOnce'],'claimRef':{'namespace':'home','name':'data'}}}",
		volume_source);
	put(cluster, KIND_PERSISTENT_VOLUME, &text);
}

/* No affinity, one that names other nodes too (a trap: the directory is on one of them), and a true one. */
static const char *const directories[] = { "'hostPath':{'path':'/data'}",
	"'local':{'path':'/data'},'nodeAffinity':{'required':{'nodeSelectorTerms':[{'matchExpressions':[{'key':"
	"'kubernetes.io/hostname','operator':'In','values':['corellia','kamino']}]}]}}",
	"'local':{'path':'/data'},'nodeAffinity':{'required':{'nodeSelectorTerms':[{'matchExpressions':[{'key':"
	"'kubernetes.io/hostname','operator':'In','values':['corellia']}]}]}}" };

#define LOW_CPU LOW("thresholds: {cpu: 20, memory: 20}, targetThresholds: {cpu: 50, memory: 50}")

START_TEST(a_database_stays_with_its_directory)
{
	AUTO_CLUSTER cluster;
	AUTO_POLICY policy = { 0 };
	AUTO_PLAN upstream = { 0 }, ours = { 0 };
	AUTO_BUFFER text = { 0 };

	planning_begin(&cluster);
	put_database(&cluster, directories[_i]);
	planning_policy(LOW_CPU, &policy);
	make(&upstream, &cluster, &policy, true);
	ck_assert_uint_eq(upstream.moves, 1);
	ck_assert_ptr_nonnull(planning_item(&upstream, "postgres-0"));
	make(&ours, &cluster, &policy, false);
	ck_assert_uint_eq(ours.moves, 0);
	ck_assert_str_eq(planning_text(&ours, &text), "postgres-0 corellia LocalVolume\n");
	ck_assert_str_eq(ours.items[0].landing.why, "its volume pv-data is a directory on corellia");
	ck_assert_ptr_eq(landings_node_of(ours.landings, planning_pod(&cluster, "postgres-0")),
		cluster_find_node(&cluster, "corellia")->node);
}
END_TEST

/* The same pod with the same claim on a volume that can be mounted elsewhere may go, so it is the directory that holds
 * it above. */
START_TEST(a_volume_of_the_network_holds_nobody)
{
	AUTO_CLUSTER cluster;
	AUTO_POLICY policy = { 0 };
	AUTO_PLAN ours = { 0 };
	AUTO_BUFFER text = { 0 };

	planning_begin(&cluster);
	put_database(&cluster, "'nfs':{'server':'candlekeep','path':'/kubernetes'}");
	planning_policy(LOW_CPU, &policy);
	make(&ours, &cluster, &policy, false);
	ck_assert_ptr_ne(planning_item(&ours, "postgres-0"), NULL);
	ck_assert_int_ne(planning_item(&ours, "postgres-0")->landing.withheld, WITHHELD_VOLUME);
}
END_TEST

/* --- 2: forty pods onto one Raspberry Pi, which ran out of memory --- */

enum { CROWD = 84, MI_USED = 105 };

static void put_usage(struct cluster *cluster, const char *node, unsigned cpu, unsigned mi)
{
	AUTO_BUFFER text = { 0 };

	buffer_printf(&text,
		"{'metadata':{'name':'%s'},'timestamp':'2026-03-01T11:59:50Z','window':'10s','usage':{'cpu':'%um','memory':"
		"'%uMi'}}",
		node, cpu, mi);
	put(cluster, KIND_NODE_METRICS, &text);
}

static void put_pod_usage(struct cluster *cluster, const char *name, unsigned cpu, unsigned mi)
{
	AUTO_BUFFER text = { 0 };

	buffer_printf(&text,
		"{'metadata':{'name':'%s','namespace':'home'},'timestamp':'2026-03-01T11:59:50Z','window':'10s',"
		"'containers':[{'name':'c','usage':{'cpu':'%um','memory':'%uMi'}}]}",
		name, cpu, mi);
	put(cluster, KIND_POD_METRICS, &text);
}

/* Small requests, real appetite; something that may not go keeps the scheduler from coming back to corellia. */
static void put_crowd(struct cluster *cluster)
{
	objects_put(cluster, KIND_NODE, NODE("corellia", "amd64", "8", "16Gi", ""));
	objects_put(cluster, KIND_NODE, NODE("jakku", "arm64", "4", "4Gi", ""));
	objects_put(cluster, KIND_REPLICA_SET, SET("web", "84"));
	put_pod(cluster, "StatefulSet", "keeper", "keeper-0", "corellia", "'cpu':'6','memory':'4Gi'",
		",'priority':2000000001");
	for (unsigned i = 0; i < CROWD; i++) {
		AUTO_BUFFER name = { 0 };

		buffer_printf(&name, "web-%02u", i);
		put_pod(cluster, "ReplicaSet", "web", buffer_text(&name), "corellia", "'cpu':'10m','memory':'10Mi'",
			"");
		put_pod_usage(cluster, buffer_text(&name), 5, MI_USED);
	}
	put_usage(cluster, "corellia", 3000, CROWD * MI_USED + 2048);
	put_usage(cluster, "jakku", 100, 400);
}

START_TEST(a_small_node_is_not_filled_beyond_its_memory)
{
	AUTO_CLUSTER cluster;
	AUTO_POLICY policy = { 0 };
	AUTO_PLAN upstream = { 0 }, ours = { 0 };

	planning_begin(&cluster);
	put_crowd(&cluster);
	planning_policy(LOW("thresholds: {memory: 35, pods: 25}, targetThresholds: {memory: 55, pods: 40}"), &policy);
	make(&upstream, &cluster, &policy, true);
	ck_assert_uint_ge(upstream.moves, 40);
	ck_assert_uint_ge((unsigned)planning_node(&upstream, "jakku")->after.pods, 40);
	ck_assert_double_gt(node_load_percent(&planning_node(&upstream, "jakku")->after, LOAD_USED_MEMORY), 100);

	make(&ours, &cluster, &policy, false);
	ck_assert_uint_gt(ours.moves, 0);
	ck_assert_uint_lt(ours.moves, 40);
	ck_assert_double_le(node_load_percent(&planning_node(&ours, "jakku")->after, LOAD_USED_MEMORY), 90);
	ck_assert_uint_gt(planning_count(&ours, WITHHELD_MEMORY, "jakku"), 0);
	for (size_t i = 0; i < ours.count; i++)
		if (ours.items[i].landing.withheld == WITHHELD_MEMORY)
			ck_assert_str_eq(
				ours.items[i].landing.why, "jakku memory would be 92% used, the line of safety is 90%");
}
END_TEST

/* Without samples the targets hold: no more land than they let on, however many are asked for. */
START_TEST(a_small_node_is_not_filled_beyond_its_target)
{
	AUTO_CLUSTER cluster;
	AUTO_POLICY policy = { 0 };
	AUTO_PLAN upstream = { 0 }, ours = { 0 };

	planning_begin(&cluster);
	objects_put(&cluster, KIND_NODE, NODE("corellia", "amd64", "8", "16Gi", ""));
	objects_put(&cluster, KIND_NODE, NODE("jakku", "arm64", "4", "4Gi", ""));
	/* Empty: upstream counts its room, nobody may land there. */
	objects_put(&cluster, KIND_NODE,
		NODE("scarif", "amd64", "8", "16Gi",
			"'taints':[{'key':'dedicated','value':'edge','effect':'NoSchedule'}]"));
	/* No ReplicaSet is there to say who belongs together: the scheduler would spread them over both. */
	put_pod(&cluster, "StatefulSet", "keeper", "keeper-0", "corellia", "'cpu':'5','memory':'9Gi'",
		",'priority':2000000001");
	for (unsigned i = 0; i < 40; i++) {
		AUTO_BUFFER name = { 0 };

		buffer_printf(&name, "web-%02u", i);
		put_pod(&cluster, "ReplicaSet", "web", buffer_text(&name), "corellia", "'cpu':'60m','memory':'80Mi'",
			"");
	}
	planning_policy(LOW("thresholds: {memory: 20}, targetThresholds: {memory: 55}"), &policy);
	make(&upstream, &cluster, &policy, true);
	ck_assert_uint_eq(upstream.moves, 40);
	ck_assert_double_gt(node_load_percent(&planning_node(&upstream, "jakku")->after, LOAD_MEMORY), 55);
	make(&ours, &cluster, &policy, false);
	/* 28 x 80 MiB are 54.7 % of 4 GiB. */
	ck_assert_uint_eq(planning_count(&ours, WITHHELD_NOT, "jakku"), 28);
	ck_assert_double_le(node_load_percent(&planning_node(&ours, "jakku")->after, LOAD_MEMORY), 55);
	ck_assert_uint_gt(planning_count(&ours, WITHHELD_TARGET, NULL), 0);
	ck_assert_str_eq(planning_item(&ours, "web-39")->landing.why, "jakku memory would be 57%, target 55%");
}
END_TEST

/* --- 3: the edge node is empty, so upstream makes room there for pods that may not run on it --- */

static void put_edge(struct cluster *cluster)
{
	objects_put(cluster, KIND_NODE, NODE("corellia", "amd64", "8", "16Gi", ""));
	objects_put(cluster, KIND_NODE, NODE("mandalore", "amd64", "4", "16Gi", ""));
	objects_put(cluster, KIND_NODE,
		NODE("scarif", "amd64", "4", "8Gi",
			"'taints':[{'key':'dedicated','value':'edge','effect':'NoSchedule'}]"));
	objects_put(cluster, KIND_REPLICA_SET, SET("shop", "6"));
	/* Neither under nor over: the home has no room below its thresholds, the edge alone has. */
	put_pod(cluster, "StatefulSet", "media", "media-0", "mandalore", "'cpu':'1900m'", ",'priority':2000000001");
	for (unsigned i = 0; i < 6; i++) {
		AUTO_BUFFER name = { 0 };

		buffer_printf(&name, "shop-%u", i);
		put_pod(cluster, "ReplicaSet", "shop", buffer_text(&name), "corellia", "'cpu':'1'",
			i == 5 ? ",'tolerations':[{'key':'gpu','operator':'Exists'},"
				 "{'key':'dedicated','operator':'Equal','value':'home','effect':'NoSchedule'}]"
			       : "");
	}
}

START_TEST(nobody_is_evicted_for_room_behind_a_taint)
{
	AUTO_CLUSTER cluster;
	AUTO_POLICY policy = { 0 };
	AUTO_PLAN upstream = { 0 }, ours = { 0 };

	planning_begin(&cluster);
	put_edge(&cluster);
	/* tatooine is under its thresholds, too small for anybody: it has no taint, so upstream asks no further. */
	objects_put(&cluster, KIND_NODE, NODE("tatooine", "amd64", "500m", "1Gi", ""));
	planning_policy(LOW("thresholds: {cpu: 20}, targetThresholds: {cpu: 50}"), &policy);
	make(&upstream, &cluster, &policy, true);
	ck_assert_uint_eq(upstream.moves, 2);
	for (size_t i = 0; i < upstream.count; i++)
		ck_assert_ptr_nonnull(upstream.items[i].landing.why); /* what our plan would have said */
	make(&ours, &cluster, &policy, false);
	ck_assert_uint_eq(ours.moves, 0);
	ck_assert_uint_eq(ours.withheld, 6);
	for (size_t i = 0; i < ours.count; i++) {
		const struct landing *landing = &ours.items[i].landing;

		ck_assert_int_eq(landing->withheld, WITHHELD_TARGET);
		ck_assert_str_eq(landing->why, "mandalore cpu would be 72%, target 50%");
	}
	ck_assert_int_eq(planning_node(&upstream, "scarif")->after.pods, 0);
	ck_assert_int_eq(planning_node(&ours, "scarif")->after.pods, 0);
}
END_TEST

/* Where the home has no room at all, the reason is the scheduler's own, with the taint in it. */
START_TEST(the_taint_is_named_where_nothing_else_is_left)
{
	AUTO_CLUSTER cluster;
	AUTO_POLICY policy = { 0 };
	AUTO_PLAN upstream = { 0 }, ours = { 0 };

	planning_begin(&cluster);
	objects_put(&cluster, KIND_NODE, NODE("corellia", "amd64", "8", "16Gi", "'unschedulable':true"));
	objects_put(&cluster, KIND_NODE, NODE("tatooine", "amd64", "500m", "1Gi", ""));
	objects_put(&cluster, KIND_NODE,
		NODE("scarif", "amd64", "4", "8Gi",
			"'taints':[{'key':'dedicated','value':'edge','effect':'NoSchedule'}]"));
	objects_put(&cluster, KIND_REPLICA_SET, SET("shop", "5"));
	for (unsigned i = 0; i < 5; i++) {
		AUTO_BUFFER name = { 0 };

		buffer_printf(&name, "shop-%u", i);
		put_pod(&cluster, "ReplicaSet", "shop", buffer_text(&name), "corellia", "'cpu':'1'", "");
	}
	planning_policy(LOW("thresholds: {cpu: 20}, targetThresholds: {cpu: 50}"), &policy);
	make(&upstream, &cluster, &policy, true);
	ck_assert_uint_gt(upstream.moves, 0);
	make(&ours, &cluster, &policy, false);
	ck_assert_uint_eq(ours.moves, 0);
	ck_assert_int_eq(ours.items[0].landing.withheld, WITHHELD_NO_LANDING);
	ck_assert_ptr_nonnull(strstr(ours.items[0].landing.why, "untolerated taint"));
	ck_assert_ptr_null(ours.items[0].landing.to);
}
END_TEST

/* --- 4: databases were evicted while a film was transcoded --- */

#define LOW_USED \
	LOW("thresholds: {cpu: 25, memory: 90}, targetThresholds: {cpu: 60, memory: 95}, metricsUtilization: {source: " \
	    "KubernetesMetrics}")

static void put_spike(struct cluster *cluster)
{
	objects_put(cluster, KIND_NODE, NODE("mandalore", "amd64", "4", "16Gi", ""));
	objects_put(cluster, KIND_NODE, NODE("tatooine", "amd64", "4", "16Gi", ""));
	objects_put(cluster, KIND_STATEFUL_SET, SET("postgres", "1"));
	objects_put(cluster, KIND_REPLICA_SET, SET("film", "2"));
	put_pod(cluster, "StatefulSet", "postgres", "postgres-0", "mandalore", "'cpu':'500m','memory':'1Gi'",
		",'priority':1000000");
	/* What makes the node busy may not go: it is bound to its graphics card. */
	put_pod(cluster, "ReplicaSet", "film", "film-0", "mandalore", "'cpu':'500m','memory':'1Gi'",
		",'priority':100000,'volumes':[{'name':'g','hostPath':{'path':'/dev/dri'}}]");
	put_usage(cluster, "mandalore", 3800, 4096);
	put_usage(cluster, "tatooine", 200, 2048);
	put_pod_usage(cluster, "postgres-0", 200, 512);
	put_pod_usage(cluster, "film-0", 3500, 2048);
}

START_TEST(a_database_is_not_evicted_for_a_spike)
{
	AUTO_CLUSTER cluster;
	AUTO_POLICY policy = { 0 };
	AUTO_PLAN upstream = { 0 }, ours = { 0 };
	AUTO_BUFFER text = { 0 };

	planning_begin(&cluster);
	put_spike(&cluster);
	planning_policy(LOW_USED, &policy);
	make(&upstream, &cluster, &policy, true);
	ck_assert_str_eq(planning_text(&upstream, &text), "postgres-0 mandalore>tatooine\n");
	make(&ours, &cluster, &policy, false);
	ck_assert_str_eq(planning_text(&ours, &text), "postgres-0 mandalore SingleReplica\n");
	ck_assert_str_eq(ours.items[0].landing.why,
		"it is the only replica, and StatefulSet/postgres starts no other before it goes");
}
END_TEST

/* The policy that holds where none is given does not look at the spike at all, and lets nothing critical go. */
START_TEST(the_builtin_policy_leaves_databases_alone)
{
	AUTO_CLUSTER cluster;
	AUTO_POLICY policy = { 0 };
	AUTO_PLAN ours = { 0 };
	AUTO_BUFFER reasons = { 0 };

	planning_begin(&cluster);
	put_spike(&cluster);
	planning_policy(policy_builtin(), &policy);
	make(&ours, &cluster, &policy, false);
	ck_assert_ptr_null(planning_item(&ours, "postgres-0"));
	ck_assert_uint_eq(ours.moves, 0);
	for (size_t i = 0; i < ours.pass.pod_count; i++)
		if (strcmp(ours.pass.pods[i].pod->meta.name, "postgres-0") == 0)
			ck_assert(!pass_filter_reasons(&ours.pass, &ours.pass.pods[i], &reasons));
	ck_assert_ptr_nonnull(strstr(buffer_text(&reasons), "priority"));
}
END_TEST

TEST_MAIN("rebalance/incidents", TEST_TABLE(a_database_stays_with_its_directory, directories),
	TEST(a_volume_of_the_network_holds_nobody), TEST(a_small_node_is_not_filled_beyond_its_memory),
	TEST(a_small_node_is_not_filled_beyond_its_target), TEST(nobody_is_evicted_for_room_behind_a_taint),
	TEST(the_taint_is_named_where_nothing_else_is_left), TEST(a_database_is_not_evicted_for_a_spike),
	TEST(the_builtin_policy_leaves_databases_alone))
