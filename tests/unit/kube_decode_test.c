/* What all decoders have in common: what they refuse and how they say it, text that is hostile, parts that are shared.
 * The fields of each kind are in kube_decode_pod_test.c, kube_decode_node_test.c and kube_decode_kinds_test.c. */
#include "clusterutils/kube/decode.h"

#include <stdio.h>
#include <string.h>

#include "clusterutils/util/text.h"
#include "objects.h"
#include "suite.h"

#define META "'metadata':{'name':'p','namespace':'n'}"

static const struct {
	enum kind kind;
	const char *json, *message;
} refused[] = {
	/* no object, or no name */
	{ KIND_POD, "", "Pod: invalid JSON" },
	{ KIND_POD, "{", "Pod: invalid JSON" },
	{ KIND_POD, "{'metadata':{'name':'p'}}}", "Pod: invalid JSON" },
	{ KIND_POD, "[]", "Pod without a name: an object expected" },
	{ KIND_POD, "'x'", "Pod without a name: an object expected" },
	{ KIND_POD, "null", "Pod without a name: an object expected" },
	{ KIND_POD, "{}", "Pod without a name: metadata.name: the object has no name" },
	{ KIND_NODE, "{'metadata':null}", "Node without a name: metadata.name: the object has no name" },
	{ KIND_NODE, "{'metadata':[]}", "Node without a name: metadata: an object expected" },
	{ KIND_NODE, "{'metadata':{'name':''}}", "Node without a name: metadata.name: the object has no name" },
	{ KIND_NODE, "{'metadata':{'name':7}}", "Node without a name: metadata.name: text expected" },
	{ KIND_POD, "{'metadata':{'namespace':'n'}}", "Pod n/without a name: metadata.name: the object has no name" },
	{ KIND_NODE_METRICS, "{}", "NodeMetrics without a name: metadata.name: the object has no name" },
	{ KIND_POD_METRICS, "{'metadata':{'name':''}}",
		"PodMetrics without a name: metadata.name: the object has no name" },
	/* metadata */
	{ KIND_JOB, "{'metadata':{'name':'p','uid':1}}", "Job p: metadata.uid: text expected" },
	{ KIND_JOB, "{'metadata':{'name':'p','labels':[]}}", "Job p: metadata.labels: an object expected" },
	{ KIND_JOB, "{'metadata':{'name':'p','labels':{'a':1}}}", "Job p: metadata.labels.a: text expected" },
	{ KIND_JOB, "{'metadata':{'name':'p','ownerReferences':{}}}",
		"Job p: metadata.ownerReferences: a list expected" },
	{ KIND_JOB, "{'metadata':{'name':'p','ownerReferences':[{},'x']}}",
		"Job p: metadata.ownerReferences[1]: an object expected" },
	{ KIND_JOB, "{'metadata':{'name':'p','ownerReferences':[{'controller':'true'}]}}",
		"Job p: metadata.ownerReferences[0].controller: true or false expected" },
	{ KIND_JOB, "{'metadata':{'name':'p','creationTimestamp':12}}",
		"Job p: metadata.creationTimestamp: text expected" },
	/* a pod, down to the quantity */
	{ KIND_POD, "{" META ",'spec':{'containers':[{'resources':{'requests':{'cpu':'1x'}}}]}}",
		"Pod n/p: spec.containers[0].resources.requests.cpu: quantities must match the regular expression "
		"'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'" },
	{ KIND_POD, "{" META ",'spec':{'containers':[{},{'resources':{'limits':{'memory':'-1'}}}]}}",
		"Pod n/p: spec.containers[1].resources.limits.memory: the quantity is negative" },
	{ KIND_POD, "{" META ",'spec':{'containers':[{'resources':{'limits':{'memory':true}}}]}}",
		"Pod n/p: spec.containers[0].resources.limits.memory: a quantity expected" },
	{ KIND_POD, "{" META ",'spec':{'containers':[{'resources':{'limits':{'memory':{}}}}]}}",
		"Pod n/p: spec.containers[0].resources.limits.memory: a quantity expected" },
	{ KIND_POD, "{" META ",'spec':{'containers':[{'resources':{'limits':['1']}}]}}",
		"Pod n/p: spec.containers[0].resources.limits: an object expected" },
	{ KIND_POD, "{" META ",'spec':{'initContainers':[{'resources':[]}]}}",
		"Pod n/p: spec.initContainers[0].resources: an object expected" },
	{ KIND_POD, "{" META ",'spec':{'containers':'c'}}", "Pod n/p: spec.containers: a list expected" },
	{ KIND_POD, "{" META ",'spec':{'containers':['c']}}", "Pod n/p: spec.containers[0]: an object expected" },
	{ KIND_POD, "{" META ",'spec':{'containers':[{'image':1}]}}",
		"Pod n/p: spec.containers[0].image: text expected" },
	{ KIND_POD, "{" META ",'spec':{'overhead':{'cpu':'-1m'}}}",
		"Pod n/p: spec.overhead.cpu: the quantity is negative" },
	{ KIND_POD, "{" META ",'spec':{'tolerations':{}}}", "Pod n/p: spec.tolerations: a list expected" },
	{ KIND_POD, "{" META ",'spec':{'tolerations':[{'tolerationSeconds':1.5}]}}",
		"Pod n/p: spec.tolerations[0].tolerationSeconds: a whole number expected" },
	{ KIND_POD, "{" META ",'spec':{'nodeSelector':'x'}}", "Pod n/p: spec.nodeSelector: an object expected" },
	{ KIND_POD, "{" META ",'spec':{'priority':2147483648}}", "Pod n/p: spec.priority: the number is out of range" },
	{ KIND_POD, "{" META ",'spec':{'priority':1e999}}", "Pod n/p: spec.priority: the number is out of range" },
	{ KIND_POD, "{" META ",'spec':{'priority':'1'}}", "Pod n/p: spec.priority: a whole number expected" },
	{ KIND_POD, "{" META ",'spec':[]}", "Pod n/p: spec: an object expected" },
	{ KIND_POD, "{" META ",'status':{'containerStatuses':{}}}",
		"Pod n/p: status.containerStatuses: a list expected" },
	{ KIND_POD, "{" META ",'status':{'initContainerStatuses':'x'}}",
		"Pod n/p: status.initContainerStatuses: a list expected" },
	{ KIND_POD, "{" META ",'status':{'containerStatuses':[{'restartCount':-1}]}}",
		"Pod n/p: status.containerStatuses[0].restartCount: the number is out of range" },
	{ KIND_POD, "{" META ",'status':{'containerStatuses':[{'ready':1}]}}",
		"Pod n/p: status.containerStatuses[0].ready: true or false expected" },
	{ KIND_POD, "{" META ",'status':{'containerStatuses':[{'state':{'terminated':{'exitCode':0.5}}}]}}",
		"Pod n/p: status.containerStatuses[0].state.terminated.exitCode: a whole number expected" },
	{ KIND_POD, "{" META ",'status':{'conditions':[{'type':'Ready','status':true}]}}",
		"Pod n/p: status.conditions[0].status: text expected" },
	{ KIND_POD, "{" META ",'status':{'startTime':''}}",
		"Pod n/p: status.startTime: parsing time \"\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"\" as "
		"\"2006\"" },
	/* the first error counts */
	{ KIND_POD, "{'metadata':{'name':'p','uid':1,'labels':[]},'spec':[]}", "Pod p: metadata.uid: text expected" },
	/* other kinds */
	{ KIND_NODE, "{'metadata':{'name':'p'},'spec':{'taints':{}}}", "Node p: spec.taints: a list expected" },
	{ KIND_NODE, "{'metadata':{'name':'p'},'spec':{'unschedulable':'yes'}}",
		"Node p: spec.unschedulable: true or false expected" },
	{ KIND_NODE, "{'metadata':{'name':'p'},'status':{'allocatable':{'pods':'many'}}}",
		"Node p: status.allocatable.pods: quantities must match the regular expression "
		"'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'" },
	{ KIND_NODE, "{'metadata':{'name':'p'},'status':{'conditions':{}}}",
		"Node p: status.conditions: a list expected" },
	{ KIND_NODE, "{'metadata':{'name':'p'},'status':{'images':{}}}", "Node p: status.images: a list expected" },
	{ KIND_NODE, "{'metadata':{'name':'p'},'status':{'images':[{'names':'x'}]}}",
		"Node p: status.images[0].names: a list expected" },
	{ KIND_NODE, "{'metadata':{'name':'p'},'status':{'images':[{'names':['x',5]}]}}",
		"Node p: status.images[0].names[1]: text expected" },
	{ KIND_NODE, "{'metadata':{'name':'p'},'status':{'images':[{'names':['x'],'sizeBytes':-1}]}}",
		"Node p: status.images[0].sizeBytes: the number is out of range" },
	{ KIND_DEPLOYMENT, "{" META ",'spec':{'replicas':-1}}",
		"Deployment n/p: spec.replicas: the number is out of range" },
	{ KIND_DEPLOYMENT, "{" META ",'spec':{'replicas':'2'}}",
		"Deployment n/p: spec.replicas: a whole number expected" },
	{ KIND_PRIORITY_CLASS, "{'metadata':{'name':'p'},'value':1.5}",
		"PriorityClass p: value: a whole number expected" },
	{ KIND_POD_DISRUPTION_BUDGET, "{" META ",'spec':{'minAvailable':true}}",
		"PodDisruptionBudget n/p: spec.minAvailable: text expected" },
	{ KIND_POD_DISRUPTION_BUDGET, "{" META ",'spec':{'maxUnavailable':-1}}",
		"PodDisruptionBudget n/p: spec.maxUnavailable: the number is out of range" },
	{ KIND_POD_DISRUPTION_BUDGET, "{" META ",'spec':{'selector':{'matchExpressions':[{'values':'a'}]}}}",
		"PodDisruptionBudget n/p: spec.selector.matchExpressions[0].values: a list expected" },
	{ KIND_POD_DISRUPTION_BUDGET, "{" META ",'spec':{'selector':{'matchExpressions':{}}}}",
		"PodDisruptionBudget n/p: spec.selector.matchExpressions: a list expected" },
	{ KIND_PERSISTENT_VOLUME, "{'metadata':{'name':'p'},'spec':{'capacity':{'storage':'lots'}}}",
		"PersistentVolume p: spec.capacity.storage: quantities must match the regular expression "
		"'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'" },
	{ KIND_PERSISTENT_VOLUME, "{'metadata':{'name':'p'},'spec':{'nfs':'x'}}",
		"PersistentVolume p: spec.nfs: an object expected" },
	{ KIND_PERSISTENT_VOLUME_CLAIM, "{" META ",'spec':{'volumeName':[]}}",
		"PersistentVolumeClaim n/p: spec.volumeName: text expected" },
	{ KIND_STORAGE_CLASS, "{'metadata':{'name':'p','annotations':[]}}",
		"StorageClass p: metadata.annotations: an object expected" },
	{ KIND_CONFIG_MAP, "{" META ",'data':{'k':'v'}}", "ConfigMap n/p: ConfigMaps are not kept in the store" },
	{ KIND_EVENT, "{" META ",'count':-3}", "Event n/p: count: the number is out of range" },
	{ KIND_EVENT, "{" META ",'series':{'lastObservedTime':'now'}}",
		"Event n/p: series.lastObservedTime: parsing time \"now\" as \"2006-01-02T15:04:05Z07:00\": cannot parse "
		"\"now\" as \"2006\"" },
	{ KIND_NODE_METRICS, "{'metadata':{'name':'p'},'usage':{'cpu':'-1n'}}",
		"NodeMetrics p: usage.cpu: the quantity is negative" },
	{ KIND_NODE_METRICS, "{'metadata':{'name':'p'},'usage':[]}", "NodeMetrics p: usage: an object expected" },
	{ KIND_POD_METRICS, "{" META ",'containers':[{'usage':{'memory':'1','cpu':[]}}]}",
		"PodMetrics n/p: containers[0].usage.cpu: a quantity expected" },
	{ KIND_POD_METRICS, "{" META ",'containers':[{'usage':{}},{'usage':7}]}",
		"PodMetrics n/p: containers[1].usage: an object expected" },
};

static size_t objects_in(const struct cluster *cluster)
{
	size_t count =
		cluster->nodes.count + cluster->samples.count + cluster->tiers.count + cluster->pods_by_uid.count;

	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		count += cluster_count(cluster, kind);
	return count;
}

START_TEST(says_what_is_wrong_and_where_and_leaves_the_cluster_alone)
{
	AUTO_CLUSTER cluster;
	struct error err = { 0 };

	cluster_init(&cluster);
	ck_assert_int_eq(objects_try(&cluster, refused[_i].kind, refused[_i].json, &err), -1);
	ck_assert_str_eq(err.message, refused[_i].message);
	ck_assert_int_eq(err.code, ERROR_INVALID);
	ck_assert_uint_eq(objects_in(&cluster), 0);
	ck_assert(!cluster.has_node_samples && !cluster.has_pod_samples);
}
END_TEST

START_TEST(a_failed_decode_keeps_the_object_that_was_there)
{
	AUTO_CLUSTER cluster;
	struct error err = { 0 };
	const struct pod *pod;

	cluster_init(&cluster);
	objects_put(&cluster, KIND_POD,
		"{" META ",'spec':{'nodeName':'a','containers':[{'resources':{'requests':{'cpu':'2'}}}]}}");
	objects_put(&cluster, KIND_POD_METRICS, "{" META ",'containers':[{'usage':{'cpu':'1','memory':'1Gi'}}]}");
	ck_assert_int_eq(
		objects_try(&cluster, KIND_POD, "{" META ",'spec':{'nodeName':'b','priority':0.5}}", &err), -1);
	ck_assert_int_eq(objects_try(&cluster, KIND_POD_METRICS, "{" META ",'containers':5}", &err), -1);
	pod = CLUSTER_ITEM(&cluster, KIND_POD, struct pod, 0);
	ck_assert_str_eq(pod->node, "a");
	ck_assert_int_eq(pod->request.cpu, INT64_C(2000000000));
	ck_assert_int_eq(pod->usage.cpu, INT64_C(1000000000));
	ck_assert_ptr_null(cluster_find_node(&cluster, "b"));
}
END_TEST

START_TEST(refuses_a_uid_that_another_pod_has)
{
	AUTO_CLUSTER cluster;
	struct error err = { 0 };

	cluster_init(&cluster);
	objects_put(&cluster, KIND_POD, "{'metadata':{'name':'p','uid':'u'}}");
	objects_put(&cluster, KIND_POD, "{'metadata':{'name':'p','uid':'u'}}");
	ck_assert_int_eq(objects_try(&cluster, KIND_POD, "{'metadata':{'name':'q','uid':'u'}}", &err), -1);
	ck_assert_uint_eq(cluster_count(&cluster, KIND_POD), 1);
}
END_TEST

/* --- metadata --- */

START_TEST(reads_the_metadata)
{
	AUTO_CLUSTER cluster;
	const struct meta *meta;

	cluster_init(&cluster);
	objects_put(&cluster, KIND_JOB,
		"{'metadata':{'name':'p','namespace':'n','uid':'u-1','labels':{'b':'2','a':'1','c':null,'':''},"
		"'creationTimestamp':'2026-03-01T13:30:00+01:30','deletionTimestamp':'2026-03-01T12:00:01.999Z',"
		"'ownerReferences':[{'apiVersion':'v1','kind':'Node','name':'x','uid':'u-2'},"
		"{'apiVersion':'batch/v1','kind':'CronJob','name':'c','uid':'u-3','controller':true}]}}");
	meta = cluster_find(&cluster, KIND_JOB, "p", "n");
	ck_assert_ptr_nonnull(meta);
	ck_assert_str_eq(meta->uid, "u-1");
	ck_assert_uint_eq(meta->labels->count, 4);
	ck_assert_str_eq(labels_get(meta->labels, "a"), "1");
	ck_assert_str_eq(labels_get(meta->labels, "b"), "2");
	ck_assert_str_eq(labels_get(meta->labels, "c"), "");
	ck_assert_str_eq(labels_get(meta->labels, ""), "");
	ck_assert_int_eq(meta->created, 1772366400);
	ck_assert_int_eq(meta->deleted, 1772366401);
	ck_assert_uint_eq(meta->owners->count, 2);
	ck_assert_str_eq(meta->owners->items[0].kind, "Node");
	ck_assert_str_eq(meta_controller(meta)->api_version, "batch/v1");
	ck_assert_str_eq(meta_controller(meta)->name, "c");
	ck_assert_str_eq(meta_controller(meta)->uid, "u-3");
}
END_TEST

START_TEST(absent_and_null_metadata_is_none)
{
	static const char *const texts[] = {
		"{'metadata':{'name':'p'}}",
		"{'metadata':{'name':'p','namespace':null,'uid':null,'labels':null,'ownerReferences':null,"
		"'creationTimestamp':null,'deletionTimestamp':null}}",
		"{'metadata':{'name':'p','namespace':'','uid':'','labels':{},'ownerReferences':[]}}",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		AUTO_CLUSTER cluster;
		const struct meta *meta;

		cluster_init(&cluster);
		objects_put(&cluster, KIND_JOB, texts[i]);
		meta = cluster_item(&cluster, KIND_JOB, 0);
		ck_assert_str_eq(meta->name, "p");
		ck_assert_str_eq(meta->uid, "");
		ck_assert_ptr_null(meta->namespace);
		ck_assert_ptr_null(meta->labels);
		ck_assert_ptr_null(meta->owners);
		ck_assert_int_eq(meta->created, TIME_NONE);
		ck_assert_int_eq(meta->deleted, TIME_NONE);
	}
}
END_TEST

static const struct {
	const char *text;
	int64_t seconds; /* TIME_NONE: refused */
} moments[] = {
	{ "2026-03-01T12:00:00Z", 1772366400 },
	{ "2026-03-01T12:00:00.123456789012Z", 1772366400 },
	{ "2026-03-01T07:00:00-05:00", 1772366400 },
	{ "1969-12-31T23:59:59Z", -1 },
	{ "0001-01-01T00:00:00Z", INT64_C(-62135596800) },
	{ "2024-02-29T00:00:00Z", 1709164800 },
	{ "2026-02-29T00:00:00Z", TIME_NONE },
	{ "2026-13-01T00:00:00Z", TIME_NONE },
	{ "2026-03-01T24:00:00Z", TIME_NONE },
	{ "2026-03-01 12:00:00Z", TIME_NONE },
	{ "2026-03-01T12:00:00", TIME_NONE },
	{ "2026-03-01T12:00:00Zx", TIME_NONE },
	{ "2026-03-01", TIME_NONE },
	{ "yesterday", TIME_NONE },
};

START_TEST(moments_are_rfc_3339)
{
	AUTO_CLUSTER cluster;
	AUTO_BUFFER json = { 0 };
	struct error err = { 0 };
	int result = moments[_i].seconds == TIME_NONE ? -1 : 0;

	cluster_init(&cluster);
	buffer_printf(&json, "{'metadata':{'name':'p','creationTimestamp':'%s'}}", moments[_i].text);
	ck_assert_int_eq(objects_try(&cluster, KIND_JOB, buffer_text(&json), &err), result);
	if (result == 0)
		ck_assert_int_eq(cluster_item(&cluster, KIND_JOB, 0)->created, moments[_i].seconds);
	else
		ck_assert_ptr_nonnull(strstr(err.message, "metadata.creationTimestamp: parsing time"));
}
END_TEST

/* --- hostile text --- */

START_TEST(of_equal_keys_the_last_counts)
{
	AUTO_CLUSTER cluster;
	const struct pod *pod;
	const struct resource_list *requests;

	cluster_init(&cluster);
	objects_put(&cluster, KIND_POD,
		"{'metadata':{'name':'old','name':'p','labels':{'z':'9','a':'1','b':'3','a':'2','a':'4'}},"
		"'spec':{'nodeName':'x','nodeName':'y','containers':[{'resources':{'requests':"
		"{'cpu':'1','memory':'1Gi','cpu':'2','cpu':'3'}}}]}}");
	pod = CLUSTER_ITEM(&cluster, KIND_POD, struct pod, 0);
	ck_assert_str_eq(pod->meta.name, "p");
	ck_assert_str_eq(pod->node, "y");
	ck_assert_uint_eq(pod->meta.labels->count, 3);
	ck_assert_str_eq(labels_get(pod->meta.labels, "a"), "4");
	requests = pod->containers->items[0].requests;
	ck_assert_uint_eq(requests->count, 2);
	ck_assert_int_eq(quantity_value(resource_find(requests, "cpu")), 3);
	ck_assert_int_eq(pod->request.cpu, INT64_C(3000000000));
}
END_TEST

/* Sorting that is not stable would mix them up. */
START_TEST(of_many_equal_keys_the_last_counts)
{
	AUTO_CLUSTER cluster;
	AUTO_BUFFER json = { 0 };
	const struct meta *meta;

	cluster_init(&cluster);
	buffer_add_text(&json, "{'metadata':{'name':'p','labels':{");
	for (int i = 0; i < 3000; i++)
		buffer_printf(&json, "%s'k%d':'%d'", i ? "," : "", i * 7919 % 10, i);
	buffer_add_text(&json, "}}}");
	objects_put(&cluster, KIND_JOB, buffer_text(&json));
	meta = cluster_item(&cluster, KIND_JOB, 0);
	ck_assert_uint_eq(meta->labels->count, 10);
	for (int i = 2990; i < 3000; i++) {
		char key[16], value[16];

		snprintf(key, sizeof(key), "k%d", i * 7919 % 10);
		snprintf(value, sizeof(value), "%d", i);
		ck_assert_str_eq(labels_get(meta->labels, key), value);
	}
}
END_TEST

static const struct {
	const char *bytes, *clean;
} texts[] = {
	{ "plain", "plain" },
	{ "\\u001b[31m", "\xEF\xBF\xBD[31m" },
	{ "\x1B[31m", "\xEF\xBF\xBD[31m" },
	{ "a\\nb\\tc", "a b c" },
	{ "\xFF", "\xEF\xBF\xBD" },
	{ "\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD" },
	{ "\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD" },
	{ "\\u202e", "\xEF\xBF\xBD" },
	{ "\\u009b", "\xEF\xBF\xBD" },
	{ "\\ud83d\\ude00", "\xF0\x9F\x98\x80" },
	{ "a\\u0000b",
		"a\xEF\xBF\xBD"
		"b" },
	{ "\\u0000", "\xEF\xBF\xBD" },
	{ "\\\\u0000", "\\u0000" }, /* a backslash, then five characters */
	{ "\\\\\\u0000", "\\\xEF\xBF\xBD" },
};

static void check_clean(const char *text, const char *clean)
{
	ck_assert_ptr_nonnull(text);
	ck_assert_str_eq(text, clean);
	ck_assert(text_is_clean(text, strlen(text)));
}

START_TEST(text_is_scrubbed_wherever_it_goes)
{
	const char *bytes = texts[_i].bytes, *clean = texts[_i].clean;
	AUTO_CLUSTER cluster;
	AUTO_BUFFER json = { 0 };
	const struct pod *pod;

	cluster_init(&cluster);
	buffer_printf(&json,
		"{'metadata':{'name':'%s','namespace':'%s','uid':'%s','labels':{'%s':'%s'},"
		"'ownerReferences':[{'kind':'%s','name':'%s','uid':'%s','controller':true}]},"
		"'spec':{'nodeName':'%s','priorityClassName':'%s','containers':[{'name':'%s','image':'%s',"
		"'resources':{'requests':{'%s':'1'}}}],'tolerations':[{'key':'%s','value':'%s'}]},"
		"'status':{'reason':'%s','message':'%s','nominatedNodeName':'%s','containerStatuses':[{'name':'%s',"
		"'state':{'waiting':{'reason':'%s'}}}]}}",
		bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes,
		bytes, bytes, bytes, bytes, bytes);
	objects_put(&cluster, KIND_POD, buffer_text(&json));
	pod = CLUSTER_ITEM(&cluster, KIND_POD, struct pod, 0);
	check_clean(pod->meta.name, clean);
	check_clean(pod->meta.namespace, clean);
	check_clean(pod->meta.uid, clean);
	check_clean(labels_get(pod->meta.labels, clean), clean);
	check_clean(pod->meta.owners->items[0].kind, clean);
	check_clean(pod->meta.owners->items[0].name, clean);
	check_clean(pod->meta.owners->items[0].uid, clean);
	check_clean(pod->node, clean);
	check_clean(pod->priority_class, clean);
	check_clean(pod->containers->items[0].name, clean);
	check_clean(pod->containers->items[0].image, clean);
	ck_assert_ptr_nonnull(resource_find(pod->containers->items[0].requests, clean));
	check_clean(pod->tolerations->items[0].key, clean);
	check_clean(pod->tolerations->items[0].value, clean);
	check_clean(pod->reason, clean);
	check_clean(pod->rare->message, clean);
	check_clean(pod->rare->nominated_node, clean);
	check_clean(pod->statuses[0].name, clean);
	check_clean(pod->statuses[0].reason, clean);
	ck_assert_ptr_eq(cluster_find(&cluster, KIND_POD, clean, clean), &pod->meta);
}
END_TEST

START_TEST(an_error_quotes_hostile_names_clean)
{
	AUTO_CLUSTER cluster;
	AUTO_BUFFER json = { 0 };
	struct error err = { 0 };

	cluster_init(&cluster);
	buffer_add_text(&json, "{'metadata':{'name':'\\u001b]0;x\xFF");
	buffer_add_repeated(&json, 'x', 5000);
	buffer_add_text(&json, "','labels':{'\\u001b[2J\xC3");
	buffer_add_repeated(&json, 'y', 5000);
	buffer_add_text(&json, "':[]}}}");
	ck_assert_int_eq(objects_try(&cluster, KIND_JOB, buffer_text(&json), &err), -1);
	ck_assert_ptr_nonnull(strstr(err.message, "metadata.labels.\xEF\xBF\xBD[2J\xEF\xBF\xBDy"));
	ck_assert(text_is_clean(err.message, strlen(err.message)));
}
END_TEST

/* Keys that are the same once they are scrubbed are one key, and lists stay sorted by what they show. */
START_TEST(keys_are_sorted_as_they_are_scrubbed)
{
	AUTO_CLUSTER cluster;
	const struct meta *meta;

	cluster_init(&cluster);
	objects_put(&cluster, KIND_JOB,
		"{'metadata':{'name':'p','labels':{'\\u0001':'low','\\u0002':'last','a':'1','z':'2','\\u00e9':'3'}}}");
	meta = cluster_item(&cluster, KIND_JOB, 0);
	ck_assert_uint_eq(meta->labels->count, 4);
	ck_assert_str_eq(labels_get(meta->labels, "\xEF\xBF\xBD"), "last");
	ck_assert_str_eq(labels_get(meta->labels, "a"), "1");
	ck_assert_str_eq(labels_get(meta->labels, "z"), "2");
	ck_assert_str_eq(labels_get(meta->labels, "\xC3\xA9"), "3");
}
END_TEST

/* --- quantities --- */

static const struct {
	const char *json;
	int64_t nano, value; /* of cpu and of memory; -1: refused */
} quantities[] = {
	{ "'1'", INT64_C(1000000000), 1 },
	{ "' 1 '", INT64_C(1000000000), 1 },
	{ "'\\t1\\n'", INT64_C(1000000000), 1 },
	{ "1", INT64_C(1000000000), 1 },
	{ "0", 0, 0 },
	{ "-0", 0, 0 },
	{ "0.1", INT64_C(100000000), 1 },
	{ "1.5", INT64_C(1500000000), 2 },
	{ "1e3", INT64_C(1000000000000), 1000 },
	{ "1e-9", 1, 1 },
	{ "9007199254740991", INT64_MAX, INT64_C(9007199254740991) },
	{ "1234567890123456", INT64_MAX, INT64_C(1234567890123456) },
	{ "'0.1n'", 1, 1 },
	{ "'100m'", INT64_C(100000000), 1 },
	{ "'1Ki'", INT64_C(1024000000000), 1024 },
	{ "'1E'", INT64_MAX, INT64_C(1000000000000000000) },
	{ "'9223372036854775807'", INT64_MAX, INT64_MAX },
	{ "'9223372036854775808'", INT64_MAX, INT64_MAX },
	{ "'100E'", INT64_MAX, INT64_MAX },
	{ "''", -1, -1 },
	{ "'  '", -1, -1 },
	{ "'1 m'", -1, -1 },
	{ "'1K'", -1, -1 },
	{ "'inf'", -1, -1 },
	{ "1e999", -1, -1 },
	{ "-1", -1, -1 },
	{ "[1]", -1, -1 },
};

START_TEST(quantities_are_text_or_numbers)
{
	AUTO_CLUSTER cluster;
	AUTO_BUFFER json = { 0 };
	struct error err = { 0 };
	int result = quantities[_i].nano < 0 ? -1 : 0;
	const struct node_entry *entry;

	cluster_init(&cluster);
	buffer_printf(&json, "{'metadata':{'name':'p'},'status':{'allocatable':{'cpu':%s,'memory':%s}}}",
		quantities[_i].json, quantities[_i].json);
	ck_assert_int_eq(objects_try(&cluster, KIND_NODE, buffer_text(&json), &err), result);
	if (result < 0)
		return;
	entry = cluster_find_node(&cluster, "p");
	ck_assert_int_eq(entry->node->allocatable.cpu, quantities[_i].nano);
	ck_assert_int_eq(entry->node->allocatable.memory, quantities[_i].value);
}
END_TEST

START_TEST(a_quantity_that_is_null_is_absent)
{
	AUTO_CLUSTER cluster;
	const struct pod *pod;

	cluster_init(&cluster);
	objects_put(&cluster, KIND_POD,
		"{" META ",'spec':{'containers':[{'resources':{'limits':{'cpu':null,'memory':'1'},"
		"'requests':{'cpu':null}}}]}}");
	pod = CLUSTER_ITEM(&cluster, KIND_POD, struct pod, 0);
	ck_assert_int_eq(pod->limit.cpu, RESOURCE_UNKNOWN);
	ck_assert_int_eq(pod->limit.memory, 1);
	ck_assert_ptr_null(pod->containers->items[0].requests);
}
END_TEST

/* --- sharing --- */

START_TEST(what_pods_of_a_workload_have_in_common_is_kept_once)
{
	static const char shared[] =
		"'labels':{'app':'web'},'ownerReferences':[{'kind':'ReplicaSet','name':'web','uid':'u','controller':true}]},"
		"'spec':{'nodeSelector':{'disk':'ssd'},'tolerations':[{'key':'edge','operator':'Exists'}],"
		"'containers':[{'name':'web','image':'nginx','resources':{'requests':{'cpu':'100m','memory':'1Gi'}}}]},"
		"'status':{'containerStatuses':[{'name':'web','resources':{'requests':{'cpu':'100m'}}}]}}";
	AUTO_CLUSTER cluster;
	AUTO_BUFFER json = { 0 };
	const struct pod *a, *b;

	cluster_init(&cluster);
	buffer_printf(&json, "{'metadata':{'name':'a',%s", shared);
	objects_put(&cluster, KIND_POD, buffer_text(&json));
	buffer_clear(&json);
	buffer_printf(&json, "{'metadata':{'name':'b',%s", shared);
	objects_put(&cluster, KIND_POD, buffer_text(&json));
	a = CLUSTER_ITEM(&cluster, KIND_POD, struct pod, 0);
	b = CLUSTER_ITEM(&cluster, KIND_POD, struct pod, 1);
	ck_assert_str_eq(b->meta.name, "b");
	ck_assert_ptr_eq(a->containers, b->containers);
	ck_assert_ptr_eq(a->tolerations, b->tolerations);
	ck_assert_ptr_eq(a->node_selector, b->node_selector);
	ck_assert_ptr_eq(a->meta.labels, b->meta.labels);
	ck_assert_ptr_eq(a->meta.owners, b->meta.owners);
	ck_assert_ptr_eq(a->statuses[0].resources, b->statuses[0].resources);
}
END_TEST

/* "cpu" before "memory" or after it makes no other list; another amount does. */
START_TEST(lists_of_resources_are_compared_by_content)
{
	AUTO_CLUSTER cluster;
	const struct container_list *list;

	cluster_init(&cluster);
	objects_put(&cluster, KIND_POD,
		"{" META ",'spec':{'containers':[{'resources':{'requests':{'cpu':'1','memory':'1Gi'}}},"
		"{'resources':{'requests':{'memory':'1024Mi','cpu':'1'}}},"
		"{'resources':{'requests':{'cpu':'1','memory':'2Gi'}}}]}}");
	list = CLUSTER_ITEM(&cluster, KIND_POD, struct pod, 0)->containers;
	ck_assert_uint_eq(list->count, 3);
	ck_assert_ptr_eq(list->items[0].requests, list->items[1].requests);
	ck_assert_ptr_ne(list->items[0].requests, list->items[2].requests);
}
END_TEST

TEST_MAIN("kube/decode", TEST_TABLE(says_what_is_wrong_and_where_and_leaves_the_cluster_alone, refused),
	TEST(a_failed_decode_keeps_the_object_that_was_there), TEST(refuses_a_uid_that_another_pod_has),
	TEST(reads_the_metadata), TEST(absent_and_null_metadata_is_none), TEST_TABLE(moments_are_rfc_3339, moments),
	TEST(of_equal_keys_the_last_counts), TEST(of_many_equal_keys_the_last_counts),
	TEST_TABLE(text_is_scrubbed_wherever_it_goes, texts), TEST(an_error_quotes_hostile_names_clean),
	TEST(keys_are_sorted_as_they_are_scrubbed), TEST_TABLE(quantities_are_text_or_numbers, quantities),
	TEST(a_quantity_that_is_null_is_absent), TEST(what_pods_of_a_workload_have_in_common_is_kept_once),
	TEST(lists_of_resources_are_compared_by_content))
