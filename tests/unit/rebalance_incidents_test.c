/* What a descheduler did to a homelab: a database moved away from its disk, forty pods put onto one Raspberry Pi, pods
 * sent towards a node that takes none of them, databases evicted during a transcoding spike. Parity shows each as
 * upstream does it; a plan withholds the harm, and says why. */
#include <math.h>
#include <string.h>

#include "clusterutils/rebalance/plan.h"
#include "clusterutils/util/text.h"
#include "objects.h"
#include "suite.h"

enum { NOW = 1772366400 };

#define NODE(name, arch, cpu, memory, more) \
	"{'metadata':{'name':'" name "','labels':{'kubernetes.io/hostname':'" name "','kubernetes.io/arch':'" arch \
	"'}},'spec':{" more "},'status':{'allocatable':{'cpu':'" cpu "','memory':'" memory \
	"','pods':'110'},'conditions':[{'type':'Ready','status':'True'}],'nodeInfo':{'architecture':'" arch "'}}}"

#define EDGE "'taints':[{'key':'dedicated','value':'edge','effect':'NoSchedule'}]"

#define POLICY(args, more) \
	"apiVersion: descheduler/v1alpha2\nkind: DeschedulerPolicy\nprofiles:\n- name: default\n  pluginConfig:\n" \
	"  - {name: DefaultEvictor, args: {evictLocalStoragePods: true}}\n  - name: LowNodeUtilization\n    args: {" args \
	"}\n  plugins: {balance: {enabled: [LowNodeUtilization]}}\n" more

static void put_workload(struct cluster *cluster, const char *kind, const char *name, unsigned replicas)
{
	AUTO_BUFFER text = { 0 };

	buffer_printf(&text,
		"{'metadata':{'name':'%s','namespace':'home','uid':'o-%s'},'spec':{'replicas':%u,'selector':{'matchLabels':{"
		"'app':'%s'}}}}",
		name, name, replicas, name);
	objects_put(
		cluster, strcmp(kind, "StatefulSet") == 0 ? KIND_STATEFUL_SET : KIND_REPLICA_SET, buffer_text(&text));
}

static void put_pod(struct cluster *cluster, const char *kind, const char *app, unsigned i, const char *node,
	const char *cpu, const char *memory, const char *spec)
{
	AUTO_BUFFER text = { 0 };

	buffer_printf(&text,
		"{'metadata':{'name':'%s-%u','namespace':'home','uid':'u-%s-%u','labels':{'app':'%s'},'creationTimestamp':"
		"'2026-01-01T00:00:00Z','ownerReferences':[{'apiVersion':'apps/v1','kind':'%s','name':'%s','uid':'o-%s',"
		"'controller':true}]},'spec':{'nodeName':'%s','containers':[{'name':'c','image':'%s:1','resources':{"
		"'requests':{'cpu':'%s','memory':'%s'}}}]%s},'status':{'phase':'Running','conditions':[{'type':'Ready',"
		"'status':'True'}]}}",
		app, i, app, i, app, kind, app, app, node, app, cpu, memory, spec);
	objects_put(cluster, KIND_POD, buffer_text(&text));
}

/* A database whose directory is on the node where it runs, though its volume names other nodes, too: as the local-path
 * provisioner writes it where several nodes share the label. */
static void put_database(struct cluster *cluster, const char *node)
{
	put_workload(cluster, "StatefulSet", "postgres", 1);
	put_pod(cluster, "StatefulSet", "postgres", 0, node, "500m", "1Gi",
		",'volumes':[{'name':'data','persistentVolumeClaim':{'claimName':'data'}}]");
	objects_put(cluster, KIND_PERSISTENT_VOLUME_CLAIM,
		"{'metadata':{'name':'data','namespace':'home','annotations':{'pv.kubernetes.io/bind-completed':'yes'}},"
		"'spec':{'volumeName':'pv','storageClassName':'local-path','accessModes':['ReadWriteOnce']},'status':{"
		"'phase':'Bound'}}");
	objects_put(cluster, KIND_PERSISTENT_VOLUME,
		"{'metadata':{'name':'pv'},'spec':{'hostPath':{'path':'/opt/pv'},'storageClassName':'local-path',"
		"'accessModes':['ReadWriteOnce'],'claimRef':{'namespace':'home','name':'data'}},'status':{'phase':'Bound'}}");
}

struct incident {
	struct cluster cluster;
	struct policy policy;
	struct plan plan;
};

static void incident_release(struct incident *incident)
{
	plan_release(&incident->plan);
	policy_release(&incident->policy);
	cluster_release(&incident->cluster);
}

static void begin(struct incident *incident)
{
	*incident = (struct incident){ 0 };
	cluster_init(&incident->cluster);
	incident->cluster.details = CLUSTER_PLACEMENT;
}

static void plan(struct incident *incident, const char *policy, bool is_parity)
{
	const struct policy_source source = { .file = "policy", .text = policy, .length = strlen(policy) };
	const struct plan_options options = { .rules = { .memory_line = 90, .cool_down = 900, .allows_single = true },
		.parity = is_parity,
		.scope = { .max_moves = PASS_UNLIMITED,
			.max_per_node = PASS_UNLIMITED,
			.max_per_namespace = PASS_UNLIMITED } };
	struct error err = { 0 };

	plan_release(&incident->plan);
	policy_release(&incident->policy);
	if (policy_load(&source, POLICY_LENIENT, &incident->policy, &err) < 0)
		ck_abort_msg("%s", err.message);
	plan_make(&incident->plan, &incident->cluster, &incident->policy, &options, NOW);
}

/* What became of the pod; all zero where nobody asked about it. */
static struct plan_move item_of(const struct incident *incident, const char *pod)
{
	for (size_t i = 0; i < incident->plan.count; i++)
		if (text_equal(incident->plan.items[i].pod->meta.name, pod))
			return incident->plan.items[i];
	return (struct plan_move){ 0 };
}

/* Of the node in the end. */
static double percent_of(const struct incident *incident, const char *node, enum load_kind kind)
{
	for (size_t i = 0; i < incident->plan.node_count; i++)
		if (text_equal(incident->plan.nodes[i].before.node->meta.name, node))
			return node_load_percent(&incident->plan.nodes[i].after, kind);
	return NAN;
}

static void put_fillers(struct cluster *cluster, const char *app, unsigned count, const char *node, const char *cpu,
	const char *memory, const char *spec)
{
	put_workload(cluster, "ReplicaSet", app, count);
	for (unsigned i = 0; i < count; i++)
		put_pod(cluster, "ReplicaSet", app, i, node, cpu, memory, spec);
}

START_TEST(a_database_stays_with_its_disk)
{
	CLEANUP(incident_release) struct incident incident;
	const char *policy = POLICY("thresholds: {cpu: 20}, targetThresholds: {cpu: 30}", "");
	struct plan_move item;

	begin(&incident);
	objects_put(&incident.cluster, KIND_NODE, NODE("corellia", "amd64", "4", "16Gi", ""));
	objects_put(&incident.cluster, KIND_NODE, NODE("kamino", "arm64", "4", "8Gi", ""));
	put_database(&incident.cluster, "corellia");
	put_fillers(&incident.cluster, "zigbee", 1, "corellia", "1500m", "1Gi", ",'priority':100");
	plan(&incident, policy, true);
	item = item_of(&incident, "postgres-0");
	ck_assert_ptr_nonnull(item.pod);
	ck_assert_int_eq(item.landing.withheld, WITHHELD_NOT);
	ck_assert(item.landing.to && text_equal(item.landing.to->meta.name, "kamino"));
	plan(&incident, policy, false);
	item = item_of(&incident, "postgres-0");
	ck_assert_int_eq(item.landing.withheld, WITHHELD_VOLUME);
	ck_assert_str_eq(item.landing.why, "its volume pv is a directory on corellia");
}
END_TEST

/* Upstream counts the room of all nodes that are underutilized, the edge node's too; who leaves can land on one alone. */
START_TEST(a_small_node_is_not_filled_to_the_brim)
{
	CLEANUP(incident_release) struct incident incident;
	const char *policy = POLICY("thresholds: {cpu: 20, memory: 40}, targetThresholds: {cpu: 30, memory: 60}", "");
	size_t harmful = 0;

	begin(&incident);
	objects_put(&incident.cluster, KIND_NODE, NODE("corellia", "amd64", "8", "32Gi", ""));
	objects_put(&incident.cluster, KIND_NODE, NODE("kamino", "arm64", "16", "4Gi", ""));
	objects_put(&incident.cluster, KIND_NODE, NODE("scarif", "amd64", "16", "64Gi", EDGE));
	put_fillers(&incident.cluster, "app", 40, "corellia", "150m", "140Mi", "");
	/* Its image runs on both: kamino had one of them once. */
	put_pod(&incident.cluster, "ReplicaSet", "app", 40, "kamino", "10m", "10Mi", "");
	plan(&incident, policy, true);
	for (size_t i = 0; i < incident.plan.count; i++)
		harmful += incident.plan.items[i].landing.why != NULL;
	ck_assert_uint_ge(incident.plan.moves, 20);
	ck_assert_double_gt(percent_of(&incident, "kamino", LOAD_MEMORY), 60);
	ck_assert_uint_gt(harmful, 0);
	plan(&incident, policy, false);
	ck_assert_uint_gt(incident.plan.moves, 0);
	ck_assert_double_le(percent_of(&incident, "kamino", LOAD_MEMORY), 60);
	ck_assert_double_le(percent_of(&incident, "kamino", LOAD_CPU), 30);
	ck_assert_uint_gt(incident.plan.withheld, 0);
}
END_TEST

/* The edge node counts as underutilized, so upstream sees room; the pods tolerate its taint, but live elsewhere. */
START_TEST(nothing_is_sent_where_it_cannot_land)
{
	CLEANUP(incident_release) struct incident incident;
	const char *policy = POLICY("thresholds: {cpu: 20}, targetThresholds: {cpu: 30}", "");

	begin(&incident);
	objects_put(&incident.cluster, KIND_NODE, NODE("corellia", "amd64", "4", "16Gi", ""));
	objects_put(&incident.cluster, KIND_NODE, NODE("scarif", "amd64", "4", "16Gi", EDGE));
	put_fillers(&incident.cluster, "media", 5, "corellia", "500m", "1Gi",
		",'nodeSelector':{'kubernetes.io/hostname':'corellia'},'tolerations':[{'operator':'Exists'}]");
	plan(&incident, policy, true);
	ck_assert_uint_gt(incident.plan.moves, 0);
	for (size_t i = 0; i < incident.plan.count; i++)
		ck_assert_str_eq(incident.plan.items[i].landing.why, "it would return to corellia");
	plan(&incident, policy, false);
	ck_assert_uint_eq(incident.plan.moves, 0);
	for (size_t i = 0; i < incident.plan.count; i++)
		ck_assert_int_eq(incident.plan.items[i].landing.withheld, WITHHELD_RETURNS);
	ck_assert_double_eq(percent_of(&incident, "scarif", LOAD_CPU), 0);
}
END_TEST

static void use(struct cluster *cluster, const char *node, int64_t cores)
{
	const struct sample sample = { .usage = { cores * 1000000000, 1 << 30 }, .taken = NOW, .window_seconds = 15 };

	cluster_set_node_sample(cluster, node, &sample);
}

/* Transcoding takes all of a node for ten minutes; its own pods are protected, so that the databases pay for it. */
START_TEST(a_spike_evicts_no_database)
{
	CLEANUP(incident_release) struct incident incident;
	const char *policy = POLICY("thresholds: {cpu: 20}, targetThresholds: {cpu: 50}, metricsUtilization: {source: "
				    "KubernetesMetrics}",
		"metricsProviders:\n- source: KubernetesMetrics\n");
	const struct sample idle = { .usage = { 100000000, 1 << 28 }, .taken = NOW, .window_seconds = 15 };
	struct plan_move item;

	begin(&incident);
	objects_put(&incident.cluster, KIND_NODE, NODE("mandalore", "amd64", "8", "16Gi", ""));
	objects_put(&incident.cluster, KIND_NODE, NODE("tatooine", "amd64", "8", "16Gi", ""));
	put_database(&incident.cluster, "mandalore");
	put_workload(&incident.cluster, "StatefulSet", "redis", 1);
	put_pod(&incident.cluster, "StatefulSet", "redis", 0, "mandalore", "100m", "256Mi", ",'priority':2000000000");
	use(&incident.cluster, "mandalore", 7);
	use(&incident.cluster, "tatooine", 1);
	cluster_set_pod_sample(&incident.cluster, "postgres-0", "home", &idle);
	cluster_set_pod_sample(&incident.cluster, "redis-0", "home", &idle);
	plan(&incident, policy, true);
	item = item_of(&incident, "postgres-0");
	ck_assert_ptr_nonnull(item.pod);
	ck_assert_int_eq(item.landing.withheld, WITHHELD_NOT);
	plan(&incident, policy, false);
	item = item_of(&incident, "postgres-0");
	ck_assert_ptr_nonnull(item.pod);
	ck_assert_int_eq(item.landing.withheld, WITHHELD_VOLUME);
	ck_assert_ptr_null(item_of(&incident, "redis-0").pod);
	ck_assert_uint_eq(incident.plan.moves, 0);
}
END_TEST

TEST_MAIN("rebalance/incidents", TEST(a_database_stays_with_its_disk), TEST(a_small_node_is_not_filled_to_the_brim),
	TEST(nothing_is_sent_where_it_cannot_land), TEST(a_spike_evicts_no_database))
