/* The fields of the kinds that are not pods. */
#include "clusterutils/kube/decode.h"

#include "objects.h"
#include "suite.h"

static const struct node *put_node(struct cluster *cluster, const char *text)
{
	cluster_init(cluster);
	objects_put(cluster, KIND_NODE, text);
	return cluster_node(cluster, 0)->node;
}

START_TEST(reads_a_node)
{
	AUTO_CLUSTER cluster;
	const struct node *node = put_node(&cluster,
		"{'metadata':{'name':'a','labels':{'kubernetes.io/arch':'old'}},'spec':{'unschedulable':true,"
		"'taints':[{'key':'edge','value':'yes','effect':'NoSchedule'},{'key':'k','effect':'PreferNoSchedule'},"
		"{'key':'l','effect':'NoExecute'},{'key':'m','effect':'NoThing'},{}]},"
		"'status':{'allocatable':{'cpu':'3920m','memory':'7Gi','pods':'110','nvidia.com/gpu':2},"
		"'nodeInfo':{'architecture':'arm64','osImage':'Debian','kernelVersion':'6.1','kubeletVersion':'v1.34.1'},"
		"'addresses':[{'type':'Hostname','address':'a'},{'type':'InternalIP','address':'10.0.0.1'},"
		"{'type':'InternalIP','address':'fd00::1'}],"
		"'conditions':[{'type':'Ready','status':'True'},{'type':'MemoryPressure','status':'False'},"
		"{'type':'DiskPressure','status':'Unknown'},{'type':'PIDPressure','status':'maybe'},"
		"{'type':'EtcdIsVoter','status':'True'}],"
		"'images':[{'names':['x@sha256:1','x:1'],'sizeBytes':12345},{'names':[]},{'names':null},{'names':['y']}]}}");

	ck_assert_str_eq(node->arch, "arm64");
	ck_assert_str_eq(node->os_image, "Debian");
	ck_assert_str_eq(node->kernel, "6.1");
	ck_assert_str_eq(node->kubelet, "v1.34.1");
	ck_assert_str_eq(node->internal_ip, "10.0.0.1");
	ck_assert(node->unschedulable);
	ck_assert_uint_eq(node->taints->count, 5);
	ck_assert_str_eq(node->taints->items[0].value, "yes");
	ck_assert_uint_eq(node->taints->items[0].effect, EFFECT_NO_SCHEDULE);
	ck_assert_uint_eq(node->taints->items[1].effect, EFFECT_PREFER_NO_SCHEDULE);
	ck_assert_uint_eq(node->taints->items[2].effect, EFFECT_NO_EXECUTE);
	ck_assert_uint_eq(node->taints->items[3].effect, EFFECT_OTHER);
	ck_assert_uint_eq(node->taints->items[4].effect, EFFECT_NONE);
	ck_assert_int_eq(node->allocatable.cpu, INT64_C(3920000000));
	ck_assert_int_eq(node->allocatable.memory, INT64_C(7516192768));
	ck_assert_int_eq(node->pod_capacity, 110);
	ck_assert_int_eq(quantity_value(resource_find(node->allocatable_resources, "nvidia.com/gpu")), 2);
	ck_assert_int_eq(node->ready, CONDITION_TRUE);
	ck_assert_int_eq(node->memory_pressure, CONDITION_FALSE);
	ck_assert_int_eq(node->disk_pressure, CONDITION_UNKNOWN);
	ck_assert_int_eq(node->pid_pressure, CONDITION_UNKNOWN);
	ck_assert_int_eq(node->network_unavailable, CONDITION_ABSENT);
	ck_assert_uint_eq(node->image_count, 2);
	ck_assert_str_eq(node->images[0].names->items[1], "x:1");
	ck_assert_int_eq(node->images[0].bytes, 12345);
	ck_assert_str_eq(node->images[1].names->items[0], "y");
}
END_TEST

START_TEST(a_bare_node_knows_nothing)
{
	AUTO_CLUSTER cluster;
	const struct node *node = put_node(&cluster, "{'metadata':{'name':'a'},'spec':null,'status':{'images':null}}");

	ck_assert_ptr_null(node->arch);
	ck_assert_ptr_null(node->internal_ip);
	ck_assert_ptr_null(node->taints);
	ck_assert_ptr_null(node->allocatable_resources);
	ck_assert_int_eq(node->allocatable.cpu, RESOURCE_UNKNOWN);
	ck_assert_int_eq(node->allocatable.memory, RESOURCE_UNKNOWN);
	ck_assert_int_eq(node->pod_capacity, RESOURCE_UNKNOWN);
	ck_assert_int_eq(node->ready, CONDITION_ABSENT);
	ck_assert_uint_eq(node->image_count, 0);
	ck_assert(!node->unschedulable);
}
END_TEST

START_TEST(the_arch_may_stand_in_a_label)
{
	AUTO_CLUSTER cluster;

	ck_assert_str_eq(
		put_node(&cluster, "{'metadata':{'name':'a','labels':{'kubernetes.io/arch':'arm'}}}")->arch, "arm");
}
END_TEST

static const struct {
	const char *usage;
	int64_t cpu, memory;
} node_samples[] = {
	{ "{'cpu':'1234567n','memory':'1Ki'}", 1234567, 1024 },
	{ "{'cpu':'0','memory':'0'}", 0, 0 },
	{ "{'cpu':'1'}", RESOURCE_UNKNOWN, RESOURCE_UNKNOWN },
	{ "{'memory':'1'}", RESOURCE_UNKNOWN, RESOURCE_UNKNOWN },
	{ "{}", RESOURCE_UNKNOWN, RESOURCE_UNKNOWN },
	{ "null", RESOURCE_UNKNOWN, RESOURCE_UNKNOWN },
};

START_TEST(a_node_sample_is_whole_or_none)
{
	AUTO_CLUSTER cluster;
	AUTO_BUFFER json = { 0 };
	const struct sample *sample;

	cluster_init(&cluster);
	buffer_printf(&json, "{'metadata':{'name':'a'},'timestamp':'2026-03-01T12:00:00Z','window':'20.5s','usage':%s}",
		node_samples[_i].usage);
	objects_put(&cluster, KIND_NODE_METRICS, buffer_text(&json));
	sample = &cluster_find_node(&cluster, "a")->sample;
	ck_assert_int_eq(sample->usage.cpu, node_samples[_i].cpu);
	ck_assert_int_eq(sample->usage.memory, node_samples[_i].memory);
	ck_assert_int_eq(sample->taken, 1772366400);
	ck_assert_int_eq(sample->window_seconds, 20);
	ck_assert_ptr_null(cluster_find_node(&cluster, "a")->node);
}
END_TEST

static const struct {
	enum kind kind;
	const char *json;
	int32_t replicas, ready;
	bool suspended;
} workloads[] = {
	{ KIND_DEPLOYMENT, "'spec':{'replicas':3},'status':{'readyReplicas':2}", 3, 2, false },
	{ KIND_DEPLOYMENT, "'spec':{}", 1, 0, false },
	{ KIND_DEPLOYMENT, "'spec':{'replicas':0}", 0, 0, false },
	{ KIND_STATEFUL_SET, "'spec':{'replicas':2147483647}", 2147483647, 0, false },
	{ KIND_REPLICA_SET, "'spec':{'replicas':4},'status':{'readyReplicas':4}", 4, 4, false },
	{ KIND_DAEMON_SET, "'spec':{'replicas':9},'status':{'desiredNumberScheduled':5,'numberReady':4}", 5, 4, false },
	{ KIND_DAEMON_SET, "'status':null", 0, 0, false },
	{ KIND_JOB, "'spec':{'parallelism':6,'suspend':true},'status':{'ready':1}", 6, 1, true },
	{ KIND_JOB, "'spec':null", 1, 0, false },
	{ KIND_CRON_JOB, "'spec':{'suspend':true}", 0, 0, true },
};

START_TEST(reads_workloads)
{
	AUTO_CLUSTER cluster;
	AUTO_BUFFER json = { 0 };
	const struct workload *workload;

	cluster_init(&cluster);
	buffer_printf(&json, "{'metadata':{'name':'w','namespace':'n'},%s}", workloads[_i].json);
	objects_put(&cluster, workloads[_i].kind, buffer_text(&json));
	workload = CLUSTER_ITEM(&cluster, workloads[_i].kind, struct workload, 0);
	ck_assert_int_eq(workload->kind, workloads[_i].kind);
	ck_assert_int_eq(workload->replicas, workloads[_i].replicas);
	ck_assert_int_eq(workload->ready_replicas, workloads[_i].ready);
	ck_assert_int_eq(workload->suspended, workloads[_i].suspended);
}
END_TEST

START_TEST(reads_priority_classes)
{
	AUTO_CLUSTER cluster;
	const struct priority_class *class;

	cluster_init(&cluster);
	objects_put(&cluster, KIND_PRIORITY_CLASS,
		"{'metadata':{'name':'a'},'value':-2147483648,'globalDefault':true,'preemptionPolicy':'Never'}");
	objects_put(&cluster, KIND_PRIORITY_CLASS,
		"{'metadata':{'name':'b'},'value':2000001000,'preemptionPolicy':'PreemptLowerPriority'}");
	class = CLUSTER_ITEM(&cluster, KIND_PRIORITY_CLASS, struct priority_class, 0);
	ck_assert_int_eq(class->value, INT32_MIN);
	ck_assert(class->global_default && class->never_preempts);
	class = CLUSTER_ITEM(&cluster, KIND_PRIORITY_CLASS, struct priority_class, 1);
	ck_assert_int_eq(class->value, 2000001000);
	ck_assert(!class->global_default && !class->never_preempts);
}
END_TEST

static const struct {
	const char *spec, *min, *max;
} budgets[] = {
	{ "'minAvailable':2", "2", NULL },
	{ "'minAvailable':'50%'", "50%", NULL },
	{ "'maxUnavailable':0", NULL, "0" },
	{ "'maxUnavailable':'1'", NULL, "1" },
	{ "'minAvailable':null,'maxUnavailable':2147483647", NULL, "2147483647" },
	{ "'minAvailable':''", NULL, NULL },
};

START_TEST(a_budget_is_a_number_or_a_text)
{
	AUTO_CLUSTER cluster;
	AUTO_BUFFER json = { 0 };
	const struct disruption_budget *budget;

	cluster_init(&cluster);
	buffer_printf(&json,
		"{'metadata':{'name':'b'},'spec':{%s},'status':{'disruptionsAllowed':1,'currentHealthy':2,"
		"'desiredHealthy':3}}",
		budgets[_i].spec);
	objects_put(&cluster, KIND_POD_DISRUPTION_BUDGET, buffer_text(&json));
	budget = CLUSTER_ITEM(&cluster, KIND_POD_DISRUPTION_BUDGET, struct disruption_budget, 0);
	ck_assert_pstr_eq(budget->min_available, budgets[_i].min);
	ck_assert_pstr_eq(budget->max_unavailable, budgets[_i].max);
	ck_assert_int_eq(budget->disruptions_allowed, 1);
	ck_assert_int_eq(budget->current_healthy, 2);
	ck_assert_int_eq(budget->desired_healthy, 3);
	ck_assert_ptr_null(budget->selector);
}
END_TEST

static const struct {
	const char *selector, *text;
	bool nothing;
} selectors[] = {
	{ "null", "", true },
	{ "{}", "", false },
	{ "{'matchLabels':{}}", "", false },
	{ "{'matchLabels':{'b':'2','a':'1'}}", "a=1,b=2", false },
	{ "{'matchLabels':{'a':''}}", "a=", false },
	{ "{'matchExpressions':[{'key':'a','operator':'In','values':['y','x']}]}", "a in (x,y)", false },
	{ "{'matchExpressions':[{'key':'a','operator':'NotIn','values':['']}]}", "a notin ()", false },
	{ "{'matchExpressions':[{'key':'a','operator':'In','values':['','x']}]}", "a in (,x)", false },
	{ "{'matchLabels':{'c':'3'},'matchExpressions':[{'key':'a','operator':'Exists'},"
	  "{'key':'b','operator':'DoesNotExist','values':[]}]}",
		"a,!b,c=3", false },
};

START_TEST(reads_the_selector_of_a_budget)
{
	AUTO_CLUSTER cluster;
	AUTO_BUFFER json = { 0 }, text = { 0 };
	AUTO_SELECTOR selector = { 0 };
	struct error err = { 0 };
	const struct disruption_budget *budget;

	cluster_init(&cluster);
	buffer_printf(&json, "{'metadata':{'name':'b'},'spec':{'selector':%s}}", selectors[_i].selector);
	objects_put(&cluster, KIND_POD_DISRUPTION_BUDGET, buffer_text(&json));
	budget = CLUSTER_ITEM(&cluster, KIND_POD_DISRUPTION_BUDGET, struct disruption_budget, 0);
	ck_assert_int_eq(selector_build(budget->selector, &selector, &err), 0);
	selector_print(&selector, &text);
	ck_assert_str_eq(buffer_text(&text), selectors[_i].text);
	ck_assert_int_eq(selector.is_nothing, selectors[_i].nothing);
}
END_TEST

static const struct {
	const char *source;
	enum volume_source expected;
	const char *driver, *server, *path;
} sources[] = {
	{ "'nfs':{'server':'nas','path':'/export'}", SOURCE_NFS, NULL, "nas", "/export" },
	{ "'csi':{'driver':'nfs.csi.k8s.io','volumeAttributes':{'server':'nas','share':'/x'}}", SOURCE_CSI,
		"nfs.csi.k8s.io", "nas", "/x" },
	{ "'csi':{'driver':'ebs'}", SOURCE_CSI, "ebs", NULL, NULL },
	{ "'csi':{'driver':'ebs','volumeAttributes':null}", SOURCE_CSI, "ebs", NULL, NULL },
	{ "'local':{'path':'/disk'}", SOURCE_LOCAL, NULL, NULL, "/disk" },
	{ "'hostPath':{'path':'/var'}", SOURCE_HOST_PATH, NULL, NULL, "/var" },
	{ "'iscsi':{'targetPortal':'x'}", SOURCE_OTHER, NULL, NULL, NULL },
	{ "'nfs':null,'local':{'path':'/disk'}", SOURCE_LOCAL, NULL, NULL, "/disk" },
};

START_TEST(a_volume_comes_from_one_source)
{
	AUTO_CLUSTER cluster;
	AUTO_BUFFER json = { 0 };
	const struct volume *volume;

	cluster_init(&cluster);
	buffer_printf(&json, "{'metadata':{'name':'v'},'spec':{%s}}", sources[_i].source);
	objects_put(&cluster, KIND_PERSISTENT_VOLUME, buffer_text(&json));
	volume = CLUSTER_ITEM(&cluster, KIND_PERSISTENT_VOLUME, struct volume, 0);
	ck_assert_int_eq(volume->source, sources[_i].expected);
	ck_assert_pstr_eq(volume->driver, sources[_i].driver);
	ck_assert_pstr_eq(volume->server, sources[_i].server);
	ck_assert_pstr_eq(volume->path, sources[_i].path);
}
END_TEST

START_TEST(reads_a_volume)
{
	AUTO_CLUSTER cluster;
	const struct volume *volume;

	cluster_init(&cluster);
	objects_put(&cluster, KIND_PERSISTENT_VOLUME,
		"{'metadata':{'name':'v'},'spec':{'capacity':{'storage':'1Ti'},'storageClassName':'fast',"
		"'claimRef':{'namespace':'n','name':'c'},'persistentVolumeReclaimPolicy':'Delete',"
		"'nodeAffinity':{'required':{'nodeSelectorTerms':[{'matchExpressions':[{'key':'zone','operator':'In',"
		"'values':['z']},{'key':'kubernetes.io/hostname','operator':'NotIn','values':['a']}]},{'matchExpressions':["
		"{'key':'kubernetes.io/hostname','operator':'In','values':['b','c']}]}]}}},'status':{'phase':'Released'}}");
	objects_put(&cluster, KIND_PERSISTENT_VOLUME, "{'metadata':{'name':'w'}}");
	volume = CLUSTER_ITEM(&cluster, KIND_PERSISTENT_VOLUME, struct volume, 0);
	ck_assert_int_eq(volume->capacity, INT64_C(1) << 40);
	ck_assert_str_eq(volume->storage_class, "fast");
	ck_assert_str_eq(volume->claim_namespace, "n");
	ck_assert_str_eq(volume->claim_name, "c");
	ck_assert_int_eq(volume->reclaim, RECLAIM_DELETE);
	ck_assert_int_eq(volume->phase, VOLUME_RELEASED);
	ck_assert_uint_eq(volume->hosts->count, 2);
	ck_assert_str_eq(volume->hosts->items[1], "c");
	volume = CLUSTER_ITEM(&cluster, KIND_PERSISTENT_VOLUME, struct volume, 1);
	ck_assert_int_eq(volume->capacity, RESOURCE_UNKNOWN);
	ck_assert_ptr_null(volume->storage_class);
	ck_assert_ptr_null(volume->claim_name);
	ck_assert_ptr_null(volume->hosts);
	ck_assert_int_eq(volume->reclaim, RECLAIM_RETAIN);
	ck_assert_int_eq(volume->phase, VOLUME_PENDING);
	ck_assert_int_eq(volume->source, SOURCE_OTHER);
}
END_TEST

START_TEST(reads_claims_and_storage_classes)
{
	AUTO_CLUSTER cluster;
	const struct claim *claim;
	const struct storage_class *class;

	cluster_init(&cluster);
	objects_put(&cluster, KIND_PERSISTENT_VOLUME_CLAIM,
		"{'metadata':{'name':'c','namespace':'n'},'spec':{'resources':{'requests':{'storage':'10Gi'}},"
		"'storageClassName':'fast','volumeName':'v'},'status':{'phase':'Bound'}}");
	objects_put(&cluster, KIND_PERSISTENT_VOLUME_CLAIM,
		"{'metadata':{'name':'d','namespace':'n'},'spec':{'storageClassName':'','volumeName':''},'status':{'phase':'Lost'}}");
	claim = CLUSTER_ITEM(&cluster, KIND_PERSISTENT_VOLUME_CLAIM, struct claim, 0);
	ck_assert_int_eq(claim->request, INT64_C(10737418240));
	ck_assert_str_eq(claim->volume, "v");
	ck_assert_str_eq(claim->storage_class, "fast");
	ck_assert_int_eq(claim->phase, VOLUME_BOUND);
	claim = CLUSTER_ITEM(&cluster, KIND_PERSISTENT_VOLUME_CLAIM, struct claim, 1);
	ck_assert_int_eq(claim->request, RESOURCE_UNKNOWN);
	ck_assert_ptr_null(claim->volume);
	ck_assert_ptr_null(claim->storage_class);
	ck_assert_int_eq(claim->phase, VOLUME_LOST);

	objects_put(&cluster, KIND_STORAGE_CLASS,
		"{'metadata':{'name':'s','annotations':{'storageclass.kubernetes.io/is-default-class':'true'}},"
		"'provisioner':'nfs','volumeBindingMode':'WaitForFirstConsumer','reclaimPolicy':'Retain'}");
	objects_put(&cluster, KIND_STORAGE_CLASS,
		"{'metadata':{'name':'t','annotations':{'storageclass.kubernetes.io/is-default-class':'false'}},"
		"'volumeBindingMode':'Immediate'}");
	class = CLUSTER_ITEM(&cluster, KIND_STORAGE_CLASS, struct storage_class, 0);
	ck_assert_str_eq(class->provisioner, "nfs");
	ck_assert(class->is_default && class->waits_for_first_consumer);
	ck_assert_int_eq(class->reclaim, RECLAIM_RETAIN);
	class = CLUSTER_ITEM(&cluster, KIND_STORAGE_CLASS, struct storage_class, 1);
	ck_assert(!class->is_default && !class->waits_for_first_consumer);
	ck_assert_int_eq(class->reclaim, RECLAIM_DELETE);
}
END_TEST

/* 2026-03-01T12:00:0N */
#define MOMENT(second) "'2026-03-01T12:00:0" #second "Z'"
#define NOON           1772366400

static const struct {
	const char *json;
	const char *message, *object, *reporter;
	uint32_t count;
	int64_t last_seen;
} events[] = {
	/* core/v1 */
	{ "'count':5,'firstTimestamp':" MOMENT(1) ",'lastTimestamp':" MOMENT(
		  2) ",'message':'m',"
		     "'involvedObject':{'kind':'Pod','namespace':'n','name':'o'},'source':{'component':'kubelet'},"
		     "'reportingComponent':'','eventTime':null",
		"m", "o", "kubelet", 5, NOON + 2 },
	{ "'reportingComponent':'scheduler','source':{'component':'old'},'eventTime':'2026-03-01T12:00:03.123456Z'",
		NULL, NULL, "scheduler", 1, NOON + 3 },
	{ "'count':2,'lastTimestamp':" MOMENT(
		  2) ",'series':{'count':7,'lastObservedTime':'2026-03-01T12:00:06.000000Z'}",
		NULL, NULL, NULL, 7, NOON + 6 },
	/* events.k8s.io/v1 */
	{ "'note':'m','regarding':{'kind':'Pod','name':'o'},'reportingController':'kubelet','deprecatedCount':4,"
	  "'deprecatedFirstTimestamp':" MOMENT(1) ",'deprecatedLastTimestamp':" MOMENT(4) ",'eventTime':null",
		"m", "o", "kubelet", 4, NOON + 4 },
	{ "'note':'m','reportingController':'','deprecatedSource':{'component':'kubelet','host':'a'},'eventTime':" MOMENT(
		  5),
		"m", NULL, "kubelet", 1, NOON + 5 },
	/* nothing but the object */
	{ "'series':null,'involvedObject':null,'count':0", NULL, NULL, NULL, 1, NOON + 9 },
};

START_TEST(reads_events_of_both_groups)
{
	AUTO_CLUSTER cluster;
	AUTO_BUFFER json = { 0 };
	const struct event *event;

	cluster_init(&cluster);
	buffer_printf(&json,
		"{'metadata':{'name':'e','namespace':'n','creationTimestamp':" MOMENT(
			9) "},'type':'Warning','reason':'R',%s}",
		events[_i].json);
	objects_put(&cluster, KIND_EVENT, buffer_text(&json));
	event = CLUSTER_ITEM(&cluster, KIND_EVENT, struct event, 0);
	ck_assert_str_eq(event->type, "Warning");
	ck_assert_str_eq(event->reason, "R");
	ck_assert_pstr_eq(event->message, events[_i].message);
	ck_assert_pstr_eq(event->object_name, events[_i].object);
	ck_assert_pstr_eq(event->reporter, events[_i].reporter);
	ck_assert_uint_eq(event->count, events[_i].count);
	ck_assert_int_eq(event->last_seen, events[_i].last_seen);
}
END_TEST

TEST_MAIN("kube/decode_kinds", TEST(reads_a_node), TEST(a_bare_node_knows_nothing), TEST(the_arch_may_stand_in_a_label),
	TEST_TABLE(a_node_sample_is_whole_or_none, node_samples), TEST_TABLE(reads_workloads, workloads),
	TEST(reads_priority_classes), TEST_TABLE(a_budget_is_a_number_or_a_text, budgets),
	TEST_TABLE(reads_the_selector_of_a_budget, selectors), TEST_TABLE(a_volume_comes_from_one_source, sources),
	TEST(reads_a_volume), TEST(reads_claims_and_storage_classes), TEST_TABLE(reads_events_of_both_groups, events))
