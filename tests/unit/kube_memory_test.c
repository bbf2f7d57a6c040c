/* Dumps that answer as an API server does. */
#include "clusterutils/kube/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "clusterutils/util/buffer.h"
#include "clusterutils/util/memory.h"
#include "suite.h"

#define AUTO_TRANSPORT CLEANUP(transport_release) struct transport

/* --- a request, and what came back --- */

struct answer {
	struct request request;
	struct buffer body;
	size_t refuse_after; /* pieces; 0 for never */
	size_t pieces;
	struct transport *transport;
	struct answer *then; /* started by the last piece of this one */
};

static int take(void *context, const char *bytes, size_t length, struct error *err)
{
	struct answer *answer = context;

	if (++answer->pieces == answer->refuse_after)
		return error_set(err, ERROR_INTERRUPTED, "enough");
	buffer_add(&answer->body, bytes, length);
	if (answer->then && length == 2 && memcmp(bytes, "]}", 2) == 0) {
		transport_start(answer->transport, &answer->then->request);
		answer->then = NULL;
	}
	return 0;
}

static void answer_release(struct answer *answer)
{
	buffer_release(&answer->body);
}

#define AUTO_ANSWER CLEANUP(answer_release) struct answer

static void ask_for(struct answer *answer, const char *path, const char *labels, const char *fields)
{
	struct request *request = &answer->request;

	*request = (struct request){ .verb = "GET", .path = path, .on_bytes = take, .context = answer };
	if (labels)
		request->parameters[request->parameter_count++] = (struct request_parameter){ "labelSelector", labels };
	if (fields)
		request->parameters[request->parameter_count++] = (struct request_parameter){ "fieldSelector", fields };
}

static void finish(struct transport *transport, const struct answer *answer)
{
	for (int steps = 0; !answer->request.done; steps++) {
		ck_assert_int_lt(steps, 10000);
		transport_step(transport, 0);
	}
}

static void get(struct transport *transport, struct answer *answer, const char *path)
{
	ask_for(answer, path, NULL, NULL);
	transport_start(transport, &answer->request);
	finish(transport, answer);
}

/* "a b c": the names of the items, in their order. "ERROR STATUS MESSAGE" where it failed. */
static const char *names(struct answer *answer)
{
	AUTO_BUFFER body = answer->body;

	answer->body = (struct buffer){ 0 };
	if (answer->request.error.code) {
		buffer_printf(&answer->body, "%d %s", answer->request.status, answer->request.error.message);
		ck_assert_int_eq(answer->request.error.http_status, answer->request.status);
		return buffer_text(&answer->body);
	}
	ck_assert_int_eq(answer->request.status, 200);
	for (const char *at = buffer_text(&body); (at = strstr(at, "\"name\":\""));) {
		at += strlen("\"name\":\"");
		if (answer->body.length)
			buffer_add_char(&answer->body, ' ');
		buffer_add(&answer->body, at, strcspn(at, "\""));
	}
	return buffer_text(&answer->body);
}

/* --- dumps --- */

struct dumps {
	struct transport *transport;
	char *texts[8];
	size_t count;
};

static void dumps_release(struct dumps *dumps)
{
	transport_free(dumps->transport);
	for (size_t i = 0; i < dumps->count; i++)
		free(dumps->texts[i]);
}

#define AUTO_DUMPS CLEANUP(dumps_release) struct dumps

/* Written with ' for ". */
static void add_dump(struct dumps *dumps, const char *name, const char *text)
{
	char *copy = memory_copy_text(text);

	for (char *quote = copy; (quote = strchr(quote, '\''));)
		*quote = '"';
	dumps->texts[dumps->count++] = copy;
	memory_add_bytes(dumps->transport, name, (const unsigned char *)copy, strlen(copy));
}

#define OBJECT(version, kind, name, more) \
	"{'apiVersion':'" version "','kind':'" kind "','metadata':{'name':'" name "'" more "}}"
#define POD(name)    OBJECT("v1", "Pod", name, ",'namespace':'n'")
#define NODE(name)   OBJECT("v1", "Node", name, "")
#define LIST(items)  "{'apiVersion':'v1','kind':'List','items':[" items "]}"
#define BARE(name)   "{'metadata':{'name':'" name "'}}"
#define PODS         "/api/v1/pods"
#define NODES        "/api/v1/nodes"
#define DEPLOYMENTS  "/apis/apps/v1/deployments"
#define NODE_METRICS "/apis/metrics.k8s.io/v1beta1/nodes"
#define NOT_FOUND    "404 the server could not find the requested resource"

static const struct {
	const char *text, *pods, *nodes, *deployments;
} streams[] = {
	{ "", "", "", "" },
	{ "  \n", "", "", "" },
	{ POD("a"), "a", "", "" },
	{ POD("a") NODE("x") "\n" POD("b"), "a b", "x", "" },
	{ "[" POD("a") "," NODE("x") "]", "a", "x", "" },
	{ LIST(POD("a") "," NODE("x") "," OBJECT("apps/v1", "Deployment", "d", "")), "a", "x", "d" },
	/* kubectl sorts the members: the kind of the list comes last */
	{ "{'apiVersion':'v1','items':[" POD("a") "," NODE("x") "],'kind':'List','metadata':{'resourceVersion':''}}",
		"a", "x", "" },
	/* of a typed list the items need not say what they are */
	{ "{'kind':'PodList','apiVersion':'v1','items':[" BARE("a") "," BARE("b") "]}", "a b", "", "" },
	{ "{'kind':'DeploymentList','apiVersion':'apps/v1','items':[" BARE("d") "]}", "", "", "d" },
	{ "{'apiVersion':'v1','metadata':{},'kind':'NodeList','items':[]}", "", "", "" },
	/* and what it says ends with it */
	{ "{'kind':'PodList','apiVersion':'v1','items':[" BARE("a") "]}" NODE("x"), "a", "x", "" },
	{ "{'kind':'PodList','apiVersion':'v1','items':[" BARE("a") "]}" LIST(NODE("x") "," POD("b")), "a b", "x", "" },
	{ "{'kind':'PodList','apiVersion':'v1','items':[" BARE(
		  "a") "]}"
		       "{'kind':'NodeList','apiVersion':'v1','items':[" BARE(
			       "x") "]}"
				    "{'kind':'PodList','apiVersion':'v1','items':[" BARE("b") "]}",
		"a b", "x", "" },
	{ "{'kind':'PodList','apiVersion':'v1','items':[]}" NODE("x"), "", "x", "" },
	{ LIST(POD("a")) LIST(NODE("x")) LIST(POD("b")), "a b", "x", "" },
	{ LIST(POD("a")) LIST(POD("a")), "a a", "", "" },
	/* kinds and groups that are not known */
	{ OBJECT("v1", "Secret", "s", "") POD("a") OBJECT("example.com/v1", "Pod", "p", ""), "a", "", "" },
	{ "{'kind':'SecretList','apiVersion':'v1','items':[" BARE("s") "]}" POD("a"), "a", "", "" },
	{ OBJECT("apps/v1beta2", "Deployment", "d", "") OBJECT("extensions/v1beta1", "Deployment", "e", ""), "", "",
		"d" },
	{ OBJECT("example.com/v1", "AllowList", "l", "") POD("a"), "a", "", "" },
	/* YAML */
	{ "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n", "a", "", "" },
	{ "---\n---\n# nothing\n", "", "", "" },
	{ "# x\n" POD("a") "\n---\n" NODE("x") "\n---\n" LIST(POD("b")) "\n", "a b", "x", "" },
	{ "kind: PodList\napiVersion: v1\nitems: [" BARE("a") "]\n---\n" NODE("x") "\n---\nkind: List\nitems: [" NODE(
		  "y") "]\n---\nkind: NodeList\nitems: [" BARE("z") "]\n",
		"a", "x y z", "" },
	{ "kind: PodList\napiVersion: v1\nitems: [" BARE("a") "]\n---\napiVersion: v1\nitems:\n- " NODE(
		  "x") "\nkind: List\n---\nkind: PodList\nitems: [" BARE("b") "]\n",
		"a b", "x", "" },
	{ "kind: PodList\nitems: []\n---\n" NODE("x") "\n", "", "x", "" },
	/* a byte order mark */
	{ "\xEF\xBB\xBF" POD("a"), "a", "", "" },
	{ "\xEF\xBB\xBF\n" LIST(POD("a")), "a", "", "" },
	{ "\xEF\xBB\xBFitems:\n- " POD("a") "\n", "a", "", "" },
};

/* The kind of one document must not be that of the next: three lists of the same dump, in one pass and alone. */
START_TEST(a_stream_holds_documents_of_many_kinds)
{
	AUTO_DUMPS dumps = { .transport = memory_transport_new() };
	AUTO_ANSWER pods = { 0 }, nodes = { 0 }, deployments = { 0 }, again = { 0 };

	add_dump(&dumps, "dump", streams[_i].text);
	ask_for(&pods, PODS, NULL, NULL);
	ask_for(&nodes, NODES, NULL, NULL);
	ask_for(&deployments, DEPLOYMENTS, NULL, NULL);
	transport_start(dumps.transport, &pods.request);
	transport_start(dumps.transport, &nodes.request);
	transport_start(dumps.transport, &deployments.request);
	finish(dumps.transport, &pods);
	ck_assert(nodes.request.done && deployments.request.done);
	ck_assert_str_eq(names(&pods), streams[_i].pods);
	ck_assert_str_eq(names(&nodes), streams[_i].nodes);
	ck_assert_str_eq(names(&deployments), streams[_i].deployments);
	get(dumps.transport, &again, NODES);
	ck_assert_str_eq(names(&again), streams[_i].nodes);
}
END_TEST

static const struct {
	const char *text, *message;
} broken[] = {
	{ "x", "dump: line 1: no Kubernetes object" },
	{ "{'kind':'Pod'", "dump: it ends in the middle of an object, on line 1 (after 0 whole objects)" },
	{ POD("a") "}", "dump: line 1: bracket without a beginning" },
	{ "{}", "dump: line 1: an object without a kind" },
	{ BARE("a"), "dump: line 1: an object without a kind" },
	{ "{'kind':'List','items':[\n" POD("a") ",\n" BARE("b") "]}", "dump: line 3: an object without a kind" },
	{ "{'items':[" BARE("b") "]}", "dump: line 1: an object without a kind" },
	{ "{'kind':'PodList','apiVersion':'v1','items':[" BARE("a") "]}" BARE("b"),
		"dump: line 1: an object without a kind" },
	{ "{'kind':'PodList','apiVersion':'v1','items':[" BARE("a") "]}{'kind':'List','items':[" BARE("b") "]}",
		"dump: line 1: an object without a kind" },
	{ "kind: PodList\nitems: [" BARE("a") "]\n---\nkind: List\nitems:\n- " BARE("b") "\n",
		"dump: line 6: an object without a kind" },
	{ "kind: Pod\n---\n- 1\n", "dump: line 3: no Kubernetes object" },
	{ "a: [\n", "dump: line 2: did not find expected node content" },
	{ "{'kind':7}", "dump: line 1: an object without a kind" },
	/* what `jq -s` makes of lists: nothing in it would be found */
	{ "[" LIST(POD("a")) "]", "dump: line 1: a list inside a list" },
	{ LIST(LIST(POD("a"))), "dump: line 1: a list inside a list" },
	{ "[\n{'kind':'PodList','apiVersion':'v1','items':[]}]", "dump: line 2: a list inside a list" },
};

START_TEST(a_broken_dump_fails_every_list_with_its_name)
{
	AUTO_DUMPS dumps = { .transport = memory_transport_new() };
	AUTO_ANSWER pods = { 0 }, nodes = { 0 };

	add_dump(&dumps, "good", POD("x"));
	add_dump(&dumps, "dump", broken[_i].text);
	add_dump(&dumps, "never read", "{");
	ask_for(&pods, PODS, NULL, NULL);
	ask_for(&nodes, NODES, NULL, NULL);
	transport_start(dumps.transport, &pods.request);
	transport_start(dumps.transport, &nodes.request);
	finish(dumps.transport, &pods);
	ck_assert(nodes.request.done);
	ck_assert_str_eq(pods.request.error.message, broken[_i].message);
	ck_assert_str_eq(nodes.request.error.message, broken[_i].message);
	ck_assert_int_eq(pods.request.error.http_status, 0);
	ck_assert_int_eq(pods.request.status, 0);
}
END_TEST

START_TEST(an_answer_is_a_list_as_a_server_writes_it)
{
	AUTO_DUMPS dumps = { .transport = memory_transport_new() };
	AUTO_ANSWER pods = { 0 }, empty = { 0 };

	add_dump(&dumps, "dump",
		"{'apiVersion' : 'v1', 'kind' : 'Pod', 'metadata' : {'managedFields' : [{}], 'name' : 'a'}}\n" POD(
			"b"));
	get(dumps.transport, &pods, PODS);
	ck_assert_str_eq(buffer_text(&pods.body),
		"{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"0\"},\"items\":["
		"{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\"}},"
		"{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"b\",\"namespace\":\"n\"}}]}");
	get(dumps.transport, &empty, DEPLOYMENTS);
	ck_assert_str_eq(buffer_text(&empty.body),
		"{\"kind\":\"DeploymentList\",\"apiVersion\":\"apps/v1\",\"metadata\":{\"resourceVersion\":\"0\"},\"items\":[]}");
}
END_TEST

START_TEST(without_a_dump_there_is_nothing)
{
	AUTO_TRANSPORT *transport = memory_transport_new();
	AUTO_ANSWER pods = { 0 }, metrics = { 0 };

	get(transport, &pods, PODS);
	ck_assert_str_eq(names(&pods), "");
	get(transport, &metrics, NODE_METRICS);
	ck_assert_str_eq(names(&metrics), NOT_FOUND);
	transport_step(transport, 0);
}
END_TEST

/* --- what is asked for --- */

static const char cluster[] =
	"{'apiVersion':'v1','kind':'Pod','metadata':{'name':'a','namespace':'n','labels':{'app':'web','tier':'1'}},"
	"'spec':{'nodeName':'x','hostNetwork':true},'status':{'phase':'Running','podIP':'10.0.0.1'}}"
	"{'apiVersion':'v1','kind':'Pod','metadata':{'name':'b','namespace':'n','labels':{'app':'db'}},"
	"'spec':{'nodeName':'y'},'status':{'phase':'Pending'}}"
	"{'apiVersion':'v1','kind':'Pod','metadata':{'name':'c','namespace':'o','namespace':'m'},"
	"'spec':{'nodeName':null},'status':{'phase':'Failed','phase':'Running'}}"
	"{'apiVersion':'v1','kind':'Node','metadata':{'name':'x','labels':{'app':'old','z':'','app':'web'}}}"
	"{'apiVersion':'v1','kind':'Node','metadata':{'name':'y'},'spec':{'unschedulable':true}}"
	"{'apiVersion':'apps/v1','kind':'ReplicaSet','metadata':{'name':'r','namespace':'n'},'status':{'replicas':3}}"
	"{'apiVersion':'apps/v1','kind':'ReplicaSet','metadata':{'name':'s','namespace':'n'},'status':{}}"
	"{'apiVersion':'batch/v1','kind':'Job','metadata':{'name':'j','namespace':'n'},'status':{'succeeded':2}}"
	"{'apiVersion':'v1','kind':'Event','metadata':{'name':'e','namespace':'n'},'type':'Warning','reason':'Bad',"
	"'involvedObject':{'kind':'Pod','name':'a'},'source':{'component':'kubelet'}}"
	"{'apiVersion':'v1','kind':'Event','metadata':{'name':'f','namespace':'n'},'type':'Normal','source':{},"
	"'reportingComponent':'kubelet'}"
	"{'apiVersion':'metrics.k8s.io/v1','kind':'PodMetrics','metadata':{'name':'a','namespace':'n'}}";

#define POD_METRICS "/apis/metrics.k8s.io/v1beta1/pods"

static const struct {
	const char *path, *labels, *fields, *names;
} requests[] = {
	{ PODS, NULL, NULL, "a b c" },
	{ PODS, "", "", "a b c" },
	/* namespaces */
	{ "/api/v1/namespaces/n/pods", NULL, NULL, "a b" },
	{ "/api/v1/namespaces/m/pods", NULL, NULL, "c" }, /* the last of two counts */
	{ "/api/v1/namespaces/o/pods", NULL, NULL, "" },
	{ "/api/v1/namespaces/none/pods", NULL, NULL, "" },
	{ "/api/v1/namespaces/n/pods", "app=web", NULL, "a" },
	/* labels */
	{ PODS, "app", NULL, "a b" },
	{ PODS, "!app", NULL, "c" },
	{ PODS, "app in (web,db),tier!=1", NULL, "b" },
	{ NODES, "app=web", NULL, "x" }, /* the last of two counts */
	{ NODES, "app=old", NULL, "" },
	{ NODES, "z=", NULL, "x" },
	{ PODS, "app in (", NULL, "400 unable to parse requirement: found '', expected: ',', ')' or identifier" },
	/* fields */
	{ PODS, NULL, "metadata.name=b", "b" },
	{ PODS, NULL, "metadata.namespace=n", "a b" },
	{ PODS, NULL, "metadata.namespace!=n", "c" },
	{ PODS, NULL, "spec.nodeName=x", "a" },
	{ PODS, NULL, "spec.nodeName=", "c" },
	{ PODS, NULL, "status.phase=Running", "a c" },
	{ PODS, NULL, "status.phase!=Running,status.phase!=Failed", "b" },
	{ PODS, NULL, "spec.hostNetwork=true", "a" },
	{ PODS, NULL, "spec.hostNetwork=false", "b c" },
	{ PODS, NULL, "status.podIP=10.0.0.1", "a" },
	{ PODS, "app", "status.phase=Running", "a" },
	{ NODES, NULL, "spec.unschedulable=true", "y" },
	{ NODES, NULL, "spec.unschedulable=false", "x" },
	{ NODES, NULL, "spec.unschedulable!=true", "x" },
	{ "/apis/apps/v1/replicasets", NULL, "status.replicas=3", "r" },
	{ "/apis/apps/v1/replicasets", NULL, "status.replicas=0", "s" },
	{ "/apis/apps/v1/replicasets", NULL, "status.replicas!=0", "r" },
	{ "/apis/batch/v1/jobs", NULL, "status.successful=2", "j" },
	{ "/apis/batch/v1/jobs", NULL, "status.successful=0", "" },
	{ "/api/v1/events", NULL, "type=Warning", "e a" },
	{ "/api/v1/events", NULL, "involvedObject.name=a,involvedObject.kind=Pod", "e a" },
	{ "/api/v1/events", NULL, "source=kubelet", "e a f" },
	{ "/api/v1/events", NULL, "reason=", "f" },
	{ PODS, NULL, "spec.priority=1", "400 field label not supported: spec.priority" },
	{ NODES, NULL, "status.phase=Running", "400 field label not supported: status.phase" },
	{ DEPLOYMENTS, NULL, "status.replicas=1", "400 field label not supported: status.replicas" },
	{ PODS, NULL, "spec=x", "400 field label not supported: spec" },
	{ PODS, NULL, "phase", "400 invalid selector: 'phase'; can't understand 'phase'" },
	/* metrics: there, whether or not any of them is asked for */
	{ POD_METRICS, NULL, NULL, "a" },
	{ "/apis/metrics.k8s.io/v1beta1/namespaces/n/pods", NULL, NULL, "a" },
	{ "/apis/metrics.k8s.io/v1beta1/namespaces/m/pods", NULL, NULL, "" },
	{ POD_METRICS, "app=web", NULL, "" },
	{ NODE_METRICS, NULL, NULL, NOT_FOUND },
	/* what is no list of a known kind */
	{ "/api/v1/secrets", NULL, NULL, NOT_FOUND },
	{ "/api/v1/namespaces/n/nodes", NULL, NULL, NOT_FOUND },
	{ "/api/v1/namespaces/n/pods/a", NULL, NULL, NOT_FOUND },
	{ "/api/v1/namespaces//pods", NULL, NULL, NOT_FOUND },
	{ "/api/v1/pods/", NULL, NULL, NOT_FOUND },
	{ "/api/v1", NULL, NULL, NOT_FOUND },
	{ "", NULL, NULL, NOT_FOUND },
};

START_TEST(answers_by_path_and_selectors)
{
	AUTO_DUMPS dumps = { .transport = memory_transport_new() };
	AUTO_ANSWER answer = { 0 };

	add_dump(&dumps, "dump", cluster);
	ask_for(&answer, requests[_i].path, requests[_i].labels, requests[_i].fields);
	transport_start(dumps.transport, &answer.request);
	finish(dumps.transport, &answer);
	ck_assert_str_eq(names(&answer), requests[_i].names);
}
END_TEST

START_TEST(only_reads)
{
	AUTO_DUMPS dumps = { .transport = memory_transport_new() };
	AUTO_ANSWER answer = { 0 };

	add_dump(&dumps, "dump", cluster);
	ask_for(&answer, PODS, NULL, NULL);
	answer.request.verb = "DELETE";
	transport_start(dumps.transport, &answer.request);
	ck_assert(answer.request.done);
	ck_assert_str_eq(names(&answer), NOT_FOUND);
}
END_TEST

/* A request may be used again: nothing of its first answer is left. */
START_TEST(a_request_is_answered_anew)
{
	AUTO_DUMPS dumps = { .transport = memory_transport_new() };
	AUTO_ANSWER answer = { 0 };

	add_dump(&dumps, "dump", POD("a") "{");
	ask_for(&answer, "/nothing", NULL, NULL);
	transport_start(dumps.transport, &answer.request);
	ck_assert_int_eq(answer.request.status, 404);
	answer.request.path = PODS;
	transport_start(dumps.transport, &answer.request);
	finish(dumps.transport, &answer);
	ck_assert_int_eq(answer.request.status, 0);
	ck_assert_ptr_nonnull(strstr(answer.request.error.message, "dump: it ends in the middle"));
}
END_TEST

/* --- passes --- */

START_TEST(a_request_during_a_pass_waits_for_the_next)
{
	AUTO_DUMPS dumps = { .transport = memory_transport_new() };
	AUTO_ANSWER first = { 0 }, late = { 0 };

	add_dump(&dumps, "one", POD("a"));
	add_dump(&dumps, "two", POD("b"));
	add_dump(&dumps, "three", POD("c"));
	ask_for(&first, PODS, NULL, NULL);
	ask_for(&late, PODS, NULL, NULL);
	transport_start(dumps.transport, &first.request);
	while (!strstr(buffer_text(&first.body), "\"a\""))
		transport_step(dumps.transport, 0);
	ck_assert(!first.request.done);
	transport_start(dumps.transport, &late.request);
	finish(dumps.transport, &first);
	ck_assert(!late.request.done);
	ck_assert_uint_eq(late.pieces, 0);
	finish(dumps.transport, &late);
	ck_assert_str_eq(names(&first), "a b c");
	ck_assert_str_eq(names(&late), "a b c");
}
END_TEST

/* As one that asks for the next kind as soon as it has this one. */
START_TEST(a_request_from_the_last_piece_of_another_is_answered)
{
	AUTO_DUMPS dumps = { .transport = memory_transport_new() };
	AUTO_ANSWER first = { .transport = dumps.transport }, second = { .transport = dumps.transport }, third = { 0 };

	add_dump(&dumps, "one", POD("a") NODE("x"));
	ask_for(&first, PODS, NULL, NULL);
	ask_for(&second, NODES, NULL, NULL);
	ask_for(&third, PODS, NULL, NULL);
	first.then = &second;
	second.then = &third;
	transport_start(dumps.transport, &first.request);
	finish(dumps.transport, &first);
	finish(dumps.transport, &second);
	finish(dumps.transport, &third);
	ck_assert_str_eq(names(&first), "a");
	ck_assert_str_eq(names(&second), "x");
	ck_assert_str_eq(names(&third), "a");
}
END_TEST

START_TEST(a_reader_that_refuses_ends_its_own_request_alone)
{
	for (size_t after = 1; after <= 5; after++) {
		AUTO_DUMPS dumps = { .transport = memory_transport_new() };
		AUTO_ANSWER refused = { .refuse_after = after }, whole = { 0 };

		add_dump(&dumps, "dump", POD("a") POD("b"));
		ask_for(&refused, PODS, NULL, NULL);
		ask_for(&whole, PODS, NULL, NULL);
		transport_start(dumps.transport, &refused.request);
		transport_start(dumps.transport, &whole.request);
		finish(dumps.transport, &refused);
		ck_assert_uint_eq(refused.pieces, after);
		ck_assert_int_eq(refused.request.error.code, ERROR_INTERRUPTED);
		ck_assert_str_eq(refused.request.error.message, "enough");
		ck_assert_str_eq(names(&whole), "a b");
	}
}
END_TEST

/* Its memory goes with it: the leak checker tells. */
START_TEST(may_be_freed_in_the_middle_of_a_pass)
{
	static const char *const formats[] = { LIST(POD("a") "," POD("b")),
		"items:\n- " POD("a") "\n- " POD("b") "\n" };

	for (size_t i = 0; i < 2; i++) {
		for (int steps = 0; steps < 4; steps++) {
			AUTO_DUMPS dumps = { .transport = memory_transport_new() };
			AUTO_ANSWER pods = { 0 }, late = { 0 };

			add_dump(&dumps, "one", formats[i]);
			add_dump(&dumps, "two", formats[1 - i]);
			ask_for(&pods, PODS, "app!=x", "metadata.name!=y");
			ask_for(&late, PODS, "app!=x", "metadata.name!=y");
			transport_start(dumps.transport, &pods.request);
			for (int step = 0; step < steps; step++)
				transport_step(dumps.transport, 0);
			transport_start(dumps.transport, &late.request);
			ck_assert(!late.request.done);
		}
	}
}
END_TEST

/* --- files --- */

struct folder {
	char path[32];
};

static void folder_remove(struct folder *folder)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", folder->path);
	ck_assert_int_eq(system(command), 0);
}

#define AUTO_FOLDER CLEANUP(folder_remove) struct folder

static void folder_make(struct folder *folder)
{
	snprintf(folder->path, sizeof(folder->path), "/tmp/memory_test.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder->path));
}

static const char *file_in(const struct folder *folder, const char *name, char path[128])
{
	snprintf(path, 128, "%s/%s", folder->path, name);
	return path;
}

/* With ' for "; compressed where the name says so. */
static void write_file(const struct folder *folder, const char *name, const char *text)
{
	char path[128];
	size_t length = strlen(name);
	AUTO_FREE char *json = memory_copy_text(text);
	bool is_compressed = length > 3 && strcmp(name + length - 3, ".gz") == 0;
	gzFile file = gzopen(file_in(folder, name, path), is_compressed ? "wb" : "wbT");

	ck_assert_ptr_nonnull(file);
	for (char *quote = json; (quote = strchr(quote, '\''));)
		*quote = '"';
	ck_assert_int_eq(gzwrite(file, json, (unsigned)strlen(json)), (int)strlen(json));
	ck_assert_int_eq(gzclose(file), Z_OK);
}

START_TEST(a_folder_is_its_dumps_by_name)
{
	AUTO_FOLDER folder;
	AUTO_DUMPS dumps = { .transport = memory_transport_new() };
	AUTO_ANSWER pods = { 0 };
	struct error err = { 0 };

	folder_make(&folder);
	write_file(&folder, "3.yml", "kind: Pod\napiVersion: v1\nmetadata: {name: c}\n");
	write_file(&folder, "1.json.gz", LIST(POD("a")));
	write_file(&folder, "2.yaml", POD("b"));
	write_file(&folder, "4.yaml.gz", "items:\n- " POD("d") "\n");
	write_file(&folder, "5.json", ""); /* of a kubectl that failed */
	write_file(&folder, ".hidden.json", "{");
	write_file(&folder, "notes.txt", "{");
	write_file(&folder, "6.json~", "{");
	ck_assert_int_eq(memory_add_path(dumps.transport, folder.path, &err), 0);
	add_dump(&dumps, "bytes", POD("e"));
	get(dumps.transport, &pods, PODS);
	ck_assert_str_eq(names(&pods), "a b c d e");
}
END_TEST

START_TEST(names_the_file_that_cannot_be_read)
{
	AUTO_FOLDER folder;
	AUTO_DUMPS dumps = { .transport = memory_transport_new() };
	AUTO_ANSWER pods = { 0 };
	struct error err = { 0 };
	char path[128], sentence[256];

	folder_make(&folder);
	file_in(&folder, "a.json", path);
	ck_assert_int_eq(memory_add_path(dumps.transport, path, &err), -1);
	ck_assert_int_eq(err.code, ERROR_NOT_FOUND);
	snprintf(sentence, sizeof(sentence), "%s: No such file or directory", path);
	ck_assert_str_eq(err.message, sentence);

	ck_assert_int_eq(memory_add_path(dumps.transport, folder.path, &err), -1);
	snprintf(sentence, sizeof(sentence), "%s: no .json or .yaml file in this folder", folder.path);
	ck_assert_str_eq(err.message, sentence);

	write_file(&folder, "a.json", POD("a"));
	ck_assert_int_eq(memory_add_path(dumps.transport, path, &err), 0);
	ck_assert_int_eq(unlink(path), 0); /* it goes between the two */
	get(dumps.transport, &pods, PODS);
	snprintf(sentence, sizeof(sentence), "%s: No such file or directory", path);
	ck_assert_str_eq(pods.request.error.message, sentence);
}
END_TEST

START_TEST(a_damaged_archive_is_no_end)
{
	AUTO_FOLDER folder;
	AUTO_BUFFER text = { 0 };
	char path[128], sentence[256];
	struct stat info;
	struct error err = { 0 };

	folder_make(&folder);
	for (int i = 0; i < 3000; i++)
		buffer_printf(&text, "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p%d'}}\n", i * 7919);
	write_file(&folder, "a.json.gz", buffer_text(&text));
	ck_assert_int_eq(stat(file_in(&folder, "a.json.gz", path), &info), 0);
	for (int cut = 1; cut < 5; cut++) {
		AUTO_DUMPS dumps = { .transport = memory_transport_new() };
		AUTO_ANSWER pods = { 0 };

		ck_assert_int_eq(truncate(path, info.st_size * (5 - cut) / 5), 0);
		ck_assert_int_eq(memory_add_path(dumps.transport, path, &err), 0);
		get(dumps.transport, &pods, PODS);
		snprintf(sentence, sizeof(sentence), "%s: the gzip data ends too early", path);
		ck_assert_str_eq(pods.request.error.message, sentence);
	}
}
END_TEST

/* Objects across the boundaries of the pieces that are read. */
START_TEST(a_large_file_is_read_whole)
{
	static const char *const files[] = { "a.json", "a.json.gz", "a.yaml" };
	AUTO_FOLDER folder;
	AUTO_BUFFER text = { 0 };
	struct error err = { 0 };

	folder_make(&folder);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		AUTO_DUMPS dumps = { .transport = memory_transport_new() };
		AUTO_ANSWER pods = { 0 };
		bool is_yaml = i == 2;
		char path[128];
		size_t count = 0;

		buffer_clear(&text);
		buffer_add_text(&text, is_yaml ? "items:\n" : "{'items':[");
		for (int pod = 0; pod < 4000; pod++)
			buffer_printf(&text, "%s{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p%d'}}\n",
				is_yaml       ? "- "
					: pod ? ","
					      : "",
				pod);
		buffer_add_text(&text, is_yaml ? "" : "]}");
		write_file(&folder, files[i], buffer_text(&text));
		ck_assert_int_eq(memory_add_path(dumps.transport, file_in(&folder, files[i], path), &err), 0);
		get(dumps.transport, &pods, PODS);
		ck_assert_int_eq(pods.request.error.code, ERROR_NONE);
		for (const char *at = buffer_text(&pods.body); (at = strstr(at, "\"name\":\"p")); at++)
			ck_assert_uint_eq(strtoul(at + strlen("\"name\":\"p"), NULL, 10), count++);
		ck_assert_uint_eq(count, 4000);
	}
}
END_TEST

/* --- standard input --- */

static void feed_stdin(const char *text)
{
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], text, strlen(text)), (ssize_t)strlen(text));
	close(ends[1]);
	ck_assert_int_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	close(ends[0]);
}

START_TEST(standard_input_is_read_once)
{
	AUTO_TRANSPORT *transport = memory_transport_new();
	AUTO_ANSWER pods = { 0 }, nodes = { 0 }, again = { 0 };
	struct error err = { 0 };

	feed_stdin("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\"}}");
	ck_assert_int_eq(memory_add_path(transport, "-", &err), 0);
	ask_for(&pods, PODS, NULL, NULL);
	ask_for(&nodes, NODES, NULL, NULL);
	transport_start(transport, &pods.request);
	transport_start(transport, &nodes.request);
	finish(transport, &pods);
	finish(transport, &nodes);
	ck_assert_str_eq(names(&pods), "a");
	ck_assert_str_eq(names(&nodes), "");
	get(transport, &again, PODS);
	ck_assert_str_eq(again.request.error.message, "standard input can be read only once");
}
END_TEST

START_TEST(standard_input_is_named_in_errors)
{
	AUTO_TRANSPORT *transport = memory_transport_new();
	AUTO_ANSWER pods = { 0 };
	struct error err = { 0 };

	feed_stdin("{\"apiVersion\":");
	ck_assert_int_eq(memory_add_path(transport, "-", &err), 0);
	get(transport, &pods, PODS);
	ck_assert_str_eq(pods.request.error.message,
		"standard input: it ends in the middle of an object, on line 1 (after 0 whole objects)");
}
END_TEST

TEST_MAIN("kube/memory", TEST_TABLE(a_stream_holds_documents_of_many_kinds, streams),
	TEST_TABLE(a_broken_dump_fails_every_list_with_its_name, broken),
	TEST(an_answer_is_a_list_as_a_server_writes_it), TEST(without_a_dump_there_is_nothing),
	TEST_TABLE(answers_by_path_and_selectors, requests), TEST(only_reads), TEST(a_request_is_answered_anew),
	TEST(a_request_during_a_pass_waits_for_the_next), TEST(a_request_from_the_last_piece_of_another_is_answered),
	TEST(a_reader_that_refuses_ends_its_own_request_alone), TEST(may_be_freed_in_the_middle_of_a_pass),
	TEST(a_folder_is_its_dumps_by_name), TEST(names_the_file_that_cannot_be_read),
	TEST(a_damaged_archive_is_no_end), TEST(a_large_file_is_read_whole), TEST(standard_input_is_read_once),
	TEST(standard_input_is_named_in_errors))
