/* The fields of a pod and of its metrics. */
#include "clusterutils/kube/decode.h"

#include <string.h>

#include "objects.h"
#include "suite.h"

#define GI INT64_C(1073741824)
#define MI INT64_C(1048576)

static const struct pod *put(struct cluster *cluster, const char *text)
{
	cluster_init(cluster);
	objects_put(cluster, KIND_POD, text);
	return CLUSTER_ITEM(cluster, KIND_POD, struct pod, 0);
}

START_TEST(reads_every_field)
{
	AUTO_CLUSTER cluster;
	const struct pod *pod = put(&cluster,
		"{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p','namespace':'n','uid':'u'},"
		"'spec':{'nodeName':'a','priorityClassName':'high','priority':-7,'preemptionPolicy':'Never',"
		"'nodeSelector':{'disk':'ssd'},"
		"'tolerations':[{'key':'k','operator':'Exists','effect':'NoExecute','tolerationSeconds':300},"
		"{'key':'l','value':'v','effect':'NoSchedule'},{'operator':'Matches','effect':'Sometimes'},{}],"
		"'initContainers':[{'name':'i','image':'init:1'},{'name':'s','image':'side:1','restartPolicy':'Always'}],"
		"'containers':[{'name':'c','image':'app:1','resources':{'requests':{'cpu':'250m','memory':'64Mi'},"
		"'limits':{'cpu':'1','memory':'128Mi'}}}]},"
		"'status':{'phase':'Running','qosClass':'Guaranteed','startTime':'2026-03-01T12:00:00Z','reason':'Why',"
		"'message':'because','nominatedNodeName':'b','conditions':[{'type':'Ready','status':'True'}],"
		"'initContainerStatuses':[{'name':'i','state':{'terminated':{'exitCode':0,'reason':'Completed'}}},"
		"{'name':'s','ready':true,'restartCount':2,'state':{'running':{}}}],"
		"'containerStatuses':[{'name':'c','ready':true,'restartCount':3,'state':{'waiting':{'reason':'Slow'}}}]}}");
	const struct container_list *containers = pod->containers;
	const struct toleration *tolerations = pod->tolerations->items;

	ck_assert_str_eq(pod->node, "a");
	ck_assert_str_eq(pod->priority_class, "high");
	ck_assert_int_eq(pod->priority, -7);
	ck_assert(pod->never_preempts && pod->ready && !pod->mirror);
	ck_assert_str_eq(labels_get(pod->node_selector, "disk"), "ssd");
	ck_assert_int_eq(pod->phase, POD_RUNNING);
	ck_assert_int_eq(pod->qos, QOS_GUARANTEED);
	ck_assert_int_eq(pod->started, 1772366400);
	ck_assert_str_eq(pod->reason, "Why");
	ck_assert_str_eq(pod->rare->message, "because");
	ck_assert_str_eq(pod->rare->nominated_node, "b");

	ck_assert_uint_eq(pod->tolerations->count, 4);
	ck_assert_str_eq(tolerations[0].key, "k");
	ck_assert_int_eq(tolerations[0].op, TOLERATION_EXISTS);
	ck_assert_int_eq(tolerations[0].effect, EFFECT_NO_EXECUTE);
	ck_assert_int_eq(tolerations[0].seconds, 300);
	ck_assert_str_eq(tolerations[1].value, "v");
	ck_assert_int_eq(tolerations[1].op, TOLERATION_EQUAL);
	ck_assert_int_eq(tolerations[1].effect, EFFECT_NO_SCHEDULE);
	ck_assert_int_eq(tolerations[1].seconds, TOLERATION_FOREVER);
	ck_assert_int_eq(tolerations[2].op, TOLERATION_OTHER);
	ck_assert_int_eq(tolerations[2].effect, EFFECT_OTHER);
	ck_assert_int_eq(tolerations[3].op, TOLERATION_EQUAL);
	ck_assert_int_eq(tolerations[3].effect, EFFECT_NONE);
	ck_assert_str_eq(tolerations[3].key, "");

	ck_assert_uint_eq(containers->count, 3);
	ck_assert_str_eq(containers->items[0].name, "i");
	ck_assert_uint_eq(containers->items[0].role, CONTAINER_INIT);
	ck_assert_str_eq(containers->items[1].image, "side:1");
	ck_assert_uint_eq(containers->items[1].role, CONTAINER_SIDECAR);
	ck_assert_uint_eq(containers->items[2].role, CONTAINER_APP);
	ck_assert_int_eq(quantity_milli(resource_find(containers->items[2].requests, "cpu")), 250);
	ck_assert_int_eq(quantity_value(resource_find(containers->items[2].limits, "memory")), 128 * MI);

	ck_assert_int_eq(pod->status_count, 3);
	ck_assert_int_eq(pod->statuses[0].role, CONTAINER_INIT);
	ck_assert_int_eq(pod->statuses[0].state, CONTAINER_TERMINATED);
	ck_assert_str_eq(pod->statuses[0].reason, "Completed");
	ck_assert_int_eq(pod->statuses[1].role, CONTAINER_SIDECAR);
	ck_assert_int_eq(pod->statuses[1].state, CONTAINER_RUNNING);
	ck_assert_int_eq(pod->statuses[2].role, CONTAINER_APP);
	ck_assert_int_eq(pod->statuses[2].state, CONTAINER_WAITING);
	ck_assert_str_eq(pod->statuses[2].reason, "Slow");
	ck_assert(pod->statuses[2].ready);
	ck_assert_uint_eq(pod_restarts(pod), 5);
}
END_TEST

START_TEST(absent_and_null_fields_have_their_defaults)
{
	static const char *const texts[] = {
		"{'metadata':{'name':'p'}}",
		"{'metadata':{'name':'p'},'spec':{},'status':{}}",
		"{'metadata':{'name':'p'},'spec':null,'status':null}",
		"{'metadata':{'name':'p','annotations':null},'spec':{'nodeName':null,'priorityClassName':null,'priority':null,"
		"'preemptionPolicy':null,'nodeSelector':null,'tolerations':null,'containers':null,'initContainers':null,"
		"'overhead':null,'resources':null},'status':{'phase':null,'qosClass':null,'startTime':null,'reason':null,"
		"'message':null,'nominatedNodeName':null,'conditions':null,'containerStatuses':null,"
		"'initContainerStatuses':null}}",
		"{'metadata':{'name':'p','annotations':{}},'spec':{'nodeName':'','priorityClassName':'','nodeSelector':{},"
		"'tolerations':[],'containers':[],'initContainers':[],'overhead':{}},'status':{'phase':'','reason':'',"
		"'conditions':[],'containerStatuses':[],'initContainerStatuses':[]}}",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		AUTO_CLUSTER cluster;
		const struct pod *pod = put(&cluster, texts[i]);

		ck_assert_ptr_null(pod->node);
		ck_assert_ptr_null(pod->priority_class);
		ck_assert_ptr_null(pod->reason);
		ck_assert_ptr_null(pod->node_selector);
		ck_assert_ptr_null(pod->tolerations);
		ck_assert_ptr_null(pod->rare);
		ck_assert_uint_eq(pod->containers->count, 0);
		ck_assert_int_eq(pod->status_count, 0);
		ck_assert_int_eq(pod->priority, 0);
		ck_assert_int_eq(pod->phase, POD_UNKNOWN);
		ck_assert_int_eq(pod->qos, QOS_BEST_EFFORT);
		ck_assert_int_eq(pod->started, TIME_NONE);
		ck_assert(!pod->ready && !pod->mirror && !pod->never_preempts);
		ck_assert_int_eq(pod->request.cpu, 0);
		ck_assert_int_eq(pod->request.memory, 0);
		ck_assert_int_eq(pod->limit.cpu, RESOURCE_UNKNOWN);
		ck_assert_int_eq(pod->limit.memory, RESOURCE_UNKNOWN);
		ck_assert_int_eq(pod->usage.cpu, RESOURCE_UNKNOWN);
		ck_assert_int_eq(pod->usage.memory, RESOURCE_UNKNOWN);
		ck_assert_int_eq(cluster.pending.pods, 1);
	}
}
END_TEST

static const struct {
	const char *text;
	enum pod_phase phase;
	bool active;
} phases[] = {
	{ "Pending", POD_PENDING, true },
	{ "Running", POD_RUNNING, true },
	{ "Succeeded", POD_SUCCEEDED, false },
	{ "Failed", POD_FAILED, false },
	{ "Unknown", POD_UNKNOWN, true },
	{ "running", POD_UNKNOWN, true },
};

START_TEST(phases_decide_what_counts)
{
	AUTO_CLUSTER cluster;
	AUTO_BUFFER json = { 0 };
	const struct pod *pod;

	buffer_printf(
		&json, "{'metadata':{'name':'p'},'spec':{'nodeName':'a'},'status':{'phase':'%s'}}", phases[_i].text);
	pod = put(&cluster, buffer_text(&json));
	ck_assert_int_eq(pod->phase, phases[_i].phase);
	ck_assert_int_eq(cluster_find_node(&cluster, "a")->sum.pods, phases[_i].active);
}
END_TEST

#define REQUEST(cpu, memory) "'resources':{'requests':{'cpu':'" cpu "','memory':'" memory "'}}"

static const struct {
	const char *spec, *status;
	int64_t cpu, memory; /* millicores, Mi */
} requests[] = {
	{ "'containers':[{" REQUEST("100m", "1Mi") "},{" REQUEST("1", "2Mi") "}]", "", 1100, 3 },
	/* init containers run before, not beside */
	{ "'initContainers':[{" REQUEST("2", "1Mi") "},{" REQUEST("1", "9Mi") "}],'containers':[{" REQUEST(
		  "1", "2Mi") "}]",
		"", 2000, 9 },
	/* a sidecar runs beside the containers, and beside the init containers after it */
	{ "'initContainers':[{'restartPolicy':'Always'," REQUEST("1", "4Mi") "},{" REQUEST(
		  "3", "1Mi") "}],"
			      "'containers':[{" REQUEST("1", "2Mi") "}]",
		"", 4000, 6 },
	{ "'initContainers':[{" REQUEST("3", "1Mi") "},{'restartPolicy':'Always'," REQUEST(
		  "1", "4Mi") "}],"
			      "'containers':[{" REQUEST("1", "2Mi") "}]",
		"", 3000, 6 },
	{ "'overhead':{'cpu':'250m','memory':'10Mi'},'containers':[{" REQUEST("1", "2Mi") "}]", "", 1250, 12 },
	/* for the pod as a whole */
	{ "'resources':{'requests':{'cpu':'5'}},'containers':[{" REQUEST("1", "2Mi") "}]", "", 5000, 2 },
	{ "'resources':{'requests':{'cpu':'5'}},'overhead':{'cpu':'1'},'containers':[{" REQUEST("1", "2Mi") "}]", "",
		6000, 2 },
	/* a resize under way: the larger of what is wanted and what is in force */
	{ "'containers':[{'name':'c'," REQUEST("1", "2Mi") "}]",
		"'containerStatuses':[{'name':'c','resources':{'requests':{'cpu':'3','memory':'1Mi'}}}]", 3000, 2 },
	{ "'containers':[{'name':'c'," REQUEST("1", "2Mi") "}]",
		"'containerStatuses':[{'name':'c','allocatedResources':{'cpu':'4'},"
		"'resources':{'requests':{'cpu':'3','memory':'1Mi'}}}]",
		4000, 2 },
	{ "'containers':[{'name':'c'," REQUEST("9", "9Mi") "}]",
		"'conditions':[{'type':'PodResizePending','status':'True','reason':'Infeasible'}],"
		"'containerStatuses':[{'name':'c','allocatedResources':{'cpu':'2','memory':'2Mi'},"
		"'resources':{'requests':{'cpu':'2','memory':'2Mi'}}}]",
		2000, 2 },
	{ "'containers':[{'name':'c'," REQUEST("9", "9Mi") "}]",
		"'conditions':[{'type':'PodResizePending','status':'True','reason':'Deferred'}],"
		"'containerStatuses':[{'name':'c','allocatedResources':{'cpu':'2','memory':'2Mi'},"
		"'resources':{'requests':{'cpu':'2','memory':'2Mi'}}}]",
		9000, 9 },
};

START_TEST(requests_are_what_the_scheduler_counts)
{
	AUTO_CLUSTER cluster;
	AUTO_BUFFER json = { 0 };
	const struct pod *pod;

	buffer_printf(
		&json, "{'metadata':{'name':'p'},'spec':{%s},'status':{%s}}", requests[_i].spec, requests[_i].status);
	pod = put(&cluster, buffer_text(&json));
	ck_assert_int_eq(pod->request.cpu, requests[_i].cpu * 1000000);
	ck_assert_int_eq(pod->request.memory, requests[_i].memory * MI);
}
END_TEST

START_TEST(a_request_without_end_does_not_overflow)
{
	AUTO_CLUSTER cluster;
	const struct pod *pod = put(&cluster,
		"{'metadata':{'name':'p'},'spec':{'nodeName':'a','containers':[{" REQUEST("9E", "8Ei") "},{" REQUEST(
			"9E", "8Ei") "}]}}");
	struct error err = { 0 };

	ck_assert_int_eq(pod->request.cpu, INT64_MAX);
	ck_assert_int_eq(pod->request.memory, INT64_MAX);
	ck_assert_int_eq(
		objects_try(&cluster, KIND_POD,
			"{'metadata':{'name':'q'},'spec':{'nodeName':'a','containers':[{" REQUEST("9E", "8Ei") "}]}}",
			&err),
		0);
	ck_assert_int_eq(total_value(&cluster_find_node(&cluster, "a")->sum.request_cpu), INT64_MAX);
}
END_TEST

START_TEST(the_mirror_annotation_marks_a_static_pod)
{
	AUTO_CLUSTER cluster;

	ck_assert(put(&cluster, "{'metadata':{'name':'p','annotations':{'kubernetes.io/config.mirror':'3f2a'}}}")
			  ->mirror);
	objects_put(
		&cluster, KIND_POD, "{'metadata':{'name':'q','annotations':{'kubernetes.io/config.source':'api'}}}");
	ck_assert(!CLUSTER_ITEM(&cluster, KIND_POD, struct pod, 1)->mirror);
}
END_TEST

START_TEST(the_scheduler_says_why_a_pod_waits)
{
	AUTO_CLUSTER cluster;
	const struct pod *pod = put(&cluster,
		"{'metadata':{'name':'p'},'status':{'phase':'Pending','conditions':[{'type':'PodScheduled','status':'False',"
		"'reason':'Unschedulable','message':'0/3 nodes are available'}]}}");

	ck_assert_str_eq(pod->reason, "Unschedulable");
	ck_assert_str_eq(pod->rare->message, "0/3 nodes are available");
	objects_put(&cluster, KIND_POD,
		"{'metadata':{'name':'q'},'status':{'reason':'Evicted','message':'disk','conditions':["
		"{'type':'PodScheduled','status':'True','reason':'x','message':'y'},{'type':'Ready','status':'False'}]}}");
	pod = CLUSTER_ITEM(&cluster, KIND_POD, struct pod, 1);
	ck_assert_str_eq(pod->reason, "Evicted");
	ck_assert_str_eq(pod->rare->message, "disk");
	ck_assert(!pod->ready);
}
END_TEST

static const struct {
	const char *state;
	enum container_state expected;
	const char *reason;
	int exit_code;
} states[] = {
	{ "", CONTAINER_WAITING, NULL, 0 },
	{ ",'state':{}", CONTAINER_WAITING, NULL, 0 },
	{ ",'state':null", CONTAINER_WAITING, NULL, 0 },
	{ ",'state':{'waiting':{}}", CONTAINER_WAITING, NULL, 0 },
	{ ",'state':{'waiting':{'reason':'CrashLoopBackOff'}}", CONTAINER_WAITING, "CrashLoopBackOff", 0 },
	{ ",'state':{'running':{'startedAt':'2026-03-01T12:00:00Z'}}", CONTAINER_RUNNING, NULL, 0 },
	{ ",'state':{'terminated':{'exitCode':137,'reason':'OOMKilled'}}", CONTAINER_TERMINATED, "OOMKilled", 137 },
	{ ",'state':{'terminated':{'exitCode':-1}}", CONTAINER_TERMINATED, NULL, -1 },
	{ ",'state':{'waiting':null,'running':null,'terminated':{'exitCode':2}}", CONTAINER_TERMINATED, NULL, 2 },
};

START_TEST(the_state_of_a_container_is_the_member_that_is_there)
{
	AUTO_CLUSTER cluster;
	AUTO_BUFFER json = { 0 };
	const struct container_status *status;

	buffer_printf(
		&json, "{'metadata':{'name':'p'},'status':{'containerStatuses':[{'name':'c'%s}]}}", states[_i].state);
	status = &put(&cluster, buffer_text(&json))->statuses[0];
	ck_assert_int_eq(status->state, states[_i].expected);
	ck_assert_pstr_eq(status->reason, states[_i].reason);
	ck_assert_int_eq(status->exit_code, states[_i].exit_code);
}
END_TEST

/* A dump may lie: a pod has as many statuses as containers, but nothing says so. */
START_TEST(refuses_more_statuses_than_can_be_counted)
{
	AUTO_CLUSTER cluster;
	AUTO_BUFFER json = { 0 };
	struct error err = { 0 };

	cluster_init(&cluster);
	buffer_add_text(&json, "{'metadata':{'name':'p'},'status':{'containerStatuses':[{}");
	for (int i = 1; i < UINT16_MAX; i++)
		buffer_add_text(&json, ",{}");
	buffer_add_text(&json, "]}}");
	ck_assert_int_eq(objects_try(&cluster, KIND_POD, buffer_text(&json), &err), 0);
	ck_assert_int_eq(CLUSTER_ITEM(&cluster, KIND_POD, struct pod, 0)->status_count, UINT16_MAX);
	buffer_cut(&json, json.length - 3);
	buffer_add_text(&json, ",{}]}}");
	ck_assert_int_eq(objects_try(&cluster, KIND_POD, buffer_text(&json), &err), -1);
	ck_assert_str_eq(err.message, "Pod p: status: more container statuses than a pod has containers");
}
END_TEST

/* --- metrics --- */

static const struct {
	const char *containers;
	int64_t cpu, memory;
} samples[] = {
	{ "'containers':[{'usage':{'cpu':'1500000n','memory':'2Ki'}},{'usage':{'cpu':'1m','memory':'1Ki'}}]", 2500000,
		3072 },
	{ "'containers':[{'usage':{'cpu':'0','memory':'0'}}]", 0, 0 },
	{ "'containers':[{'usage':{'cpu':'1m','memory':'1Ki'}},{'name':'b'}]", RESOURCE_UNKNOWN, RESOURCE_UNKNOWN },
	{ "'containers':[{'name':'b'},{'usage':{'cpu':'1m','memory':'1Ki'}}]", RESOURCE_UNKNOWN, RESOURCE_UNKNOWN },
	{ "'containers':[{'usage':{'cpu':'1m'}}]", RESOURCE_UNKNOWN, RESOURCE_UNKNOWN },
	{ "'containers':[{'usage':null}]", RESOURCE_UNKNOWN, RESOURCE_UNKNOWN },
	{ "'containers':[]", RESOURCE_UNKNOWN, RESOURCE_UNKNOWN },
	{ "'containers':null", RESOURCE_UNKNOWN, RESOURCE_UNKNOWN },
	{ "'containers':[{'usage':{'cpu':'9E','memory':'8Ei'}},{'usage':{'cpu':'9E','memory':'8Ei'}}]", INT64_MAX,
		INT64_MAX },
};

START_TEST(usage_is_the_sum_of_containers_that_all_tell_theirs)
{
	AUTO_CLUSTER cluster;
	AUTO_BUFFER json = { 0 };
	const struct pod *pod = put(&cluster, "{'metadata':{'name':'p','namespace':'n'},'spec':{'nodeName':'a'}}");

	buffer_printf(&json, "{'metadata':{'name':'p','namespace':'n'},'window':'15s',%s}", samples[_i].containers);
	objects_put(&cluster, KIND_POD_METRICS, buffer_text(&json));
	ck_assert_int_eq(pod->usage.cpu, samples[_i].cpu);
	ck_assert_int_eq(pod->usage.memory, samples[_i].memory);
	ck_assert_int_eq(cluster_find_node(&cluster, "a")->sum.unsampled, samples[_i].cpu == RESOURCE_UNKNOWN);
	ck_assert(cluster.has_pod_samples);
}
END_TEST

START_TEST(metrics_may_come_before_their_pod)
{
	AUTO_CLUSTER cluster;
	const struct pod *pod;

	cluster_init(&cluster);
	objects_put(&cluster, KIND_POD_METRICS,
		"{'metadata':{'name':'p','namespace':'n'},'containers':[{'usage':{'cpu':'1','memory':'1Gi'}}]}");
	objects_put(&cluster, KIND_POD, "{'metadata':{'name':'p','namespace':'other'}}");
	objects_put(&cluster, KIND_POD, "{'metadata':{'name':'p','namespace':'n'}}");
	pod = (const struct pod *)(const void *)cluster_find(&cluster, KIND_POD, "p", "n");
	ck_assert_int_eq(pod->usage.memory, GI);
	pod = (const struct pod *)(const void *)cluster_find(&cluster, KIND_POD, "p", "other");
	ck_assert_int_eq(pod->usage.memory, RESOURCE_UNKNOWN);
}
END_TEST

TEST_MAIN("kube/decode_pod", TEST(reads_every_field), TEST(absent_and_null_fields_have_their_defaults),
	TEST_TABLE(phases_decide_what_counts, phases), TEST_TABLE(requests_are_what_the_scheduler_counts, requests),
	TEST(a_request_without_end_does_not_overflow), TEST(the_mirror_annotation_marks_a_static_pod),
	TEST(the_scheduler_says_why_a_pod_waits),
	TEST_TABLE(the_state_of_a_container_is_the_member_that_is_there, states),
	TEST(refuses_more_statuses_than_can_be_counted),
	TEST_TABLE(usage_is_the_sum_of_containers_that_all_tell_theirs, samples),
	TEST(metrics_may_come_before_their_pod))
