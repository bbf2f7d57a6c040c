/* Lists of several kinds into one store; a transport that fails in every way. */
#include "clusterutils/kube/sync.h"

#include <string.h>

#include "clusterutils/kube/memory.h"
#include "clusterutils/util/buffer.h"
#include "objects.h"
#include "suite.h"

/* --- from a dump --- */

static const char dump[] =
	"{\"kind\":\"Node\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"x\"}}"
	"{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\",\"namespace\":\"n\",\"uid\":\"1\"},"
	"\"spec\":{\"nodeName\":\"x\"}}"
	"{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"b\",\"namespace\":\"n\"},\"spec\":7}"
	"{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"c\",\"namespace\":\"m\",\"labels\":{\"a\":\"1\"}}}"
	"{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"d\",\"namespace\":\"n\",\"uid\":\"1\"}}"
	"{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\",\"namespace\":\"n\",\"uid\":\"1\"},"
	"\"spec\":{\"nodeName\":\"y\"}}";

START_TEST(reads_kinds_side_by_side_and_leaves_out_what_is_invalid)
{
	CLEANUP(transport_release) struct transport *transport = memory_transport_new();
	AUTO_CLUSTER cluster;
	struct sync_list lists[] = { { .kind = KIND_POD }, { .kind = KIND_NODE }, { .kind = KIND_POD_METRICS },
		{ .kind = KIND_JOB } };

	cluster_init(&cluster);
	memory_add_bytes(transport, "dump", (const unsigned char *)dump, strlen(dump));
	for (int round = 0; round < 2; round++) {
		sync_run(transport, NULL, lists, 4, &cluster);
		ck_assert(!lists[0].is_failed && !lists[1].is_failed && !lists[3].is_failed);
		ck_assert_uint_eq(lists[0].objects, 3);
		ck_assert_uint_eq(lists[0].invalid, 2);
		ck_assert_str_eq(lists[0].first_invalid.message, "Pod n/b: spec: an object expected");
		ck_assert_uint_eq(lists[1].objects, 1);
		ck_assert(lists[2].is_failed);
		ck_assert_int_eq(lists[2].error.http_status, 404);
		ck_assert_uint_eq(lists[3].objects, 0);
		ck_assert_uint_eq(cluster_count(&cluster, KIND_POD), 2);
		ck_assert_ptr_nonnull(cluster_find(&cluster, KIND_NODE, "x", NULL));
		ck_assert_int_eq(cluster_find_node(&cluster, "y")->sum.pods, 1);
		ck_assert_int_eq(cluster_find_node(&cluster, "x")->sum.pods, 0);
	}
}
END_TEST

START_TEST(asks_by_namespace_and_selectors)
{
	CLEANUP(transport_release) struct transport *transport = memory_transport_new();
	AUTO_CLUSTER cluster;
	struct sync_list lists[] = {
		{ .kind = KIND_POD, .namespace = "m", .label_selector = "a=1", .field_selector = "metadata.name=c" },
		{ .kind = KIND_JOB, .label_selector = "a=1,", .field_selector = "" },
		{ .kind = KIND_NODE, .field_selector = "spec.color=red" },
	};

	cluster_init(&cluster);
	memory_add_bytes(transport, "dump", (const unsigned char *)dump, strlen(dump));
	sync_run(transport, NULL, lists, 3, &cluster);
	ck_assert(!lists[0].is_failed);
	ck_assert_uint_eq(lists[0].objects, 1);
	ck_assert_uint_eq(cluster_count(&cluster, KIND_POD), 1);
	ck_assert(lists[1].is_failed && lists[2].is_failed);
	ck_assert_int_eq(lists[1].error.http_status, 400);
	ck_assert_str_eq(lists[2].error.message, "field label not supported: spec.color");
}
END_TEST

START_TEST(nothing_to_read_is_read_at_once)
{
	CLEANUP(transport_release) struct transport *transport = memory_transport_new();
	AUTO_CLUSTER cluster;

	cluster_init(&cluster);
	sync_run(transport, NULL, NULL, 0, &cluster);
	ck_assert_uint_eq(cluster_node_count(&cluster), 0);
}
END_TEST

/* --- from a transport that answers as it is told, a byte a step --- */

struct script {
	struct transport transport;
	const char *body;
	struct error error; /* at the end of the body */
	struct request *request;
	size_t at;
	struct buffer asked;
};

static void script_start(struct transport *transport, struct request *request)
{
	struct script *script = (struct script *)(void *)transport;

	buffer_printf(&script->asked, "%s %s", request->verb, request->path);
	for (size_t i = 0; i < request->parameter_count; i++)
		buffer_printf(&script->asked, "%c%s=%s", i ? '&' : '?', request->parameters[i].name,
			request->parameters[i].value);
	script->request = request;
}

static void script_step(struct transport *transport, int timeout_ms)
{
	struct script *script = (struct script *)(void *)transport;
	struct request *request = script->request;

	(void)timeout_ms;
	if (script->body[script->at]) {
		if (request->on_bytes(request->context, &script->body[script->at++], 1, &request->error) < 0)
			request->done = true;
		return;
	}
	request->error = script->error;
	request->done = true;
}

static const struct transport_class script_class = { .start = script_start, .step = script_step };

static const struct {
	const char *body;
	struct error error;
	uint64_t objects;
	const char *message; /* NULL: not failed */
} bodies[] = {
	{ "{\"items\":[{\"metadata\":{\"name\":\"a\",\"namespace\":\"n\"}},{\"metadata\":{\"name\":\"b\",\"namespace\":\"n\"}}]}",
		{ 0 }, 2, NULL },
	{ "{\"items\":[]}", { 0 }, 0, NULL },
	{ "", { 0 }, 0, "an empty answer" },
	{ "{}", { 0 }, 0, "the answer is no list" },
	{ "{\"kind\":\"Status\",\"apiVersion\":\"v1\"}", { 0 }, 0, "the answer is no list" },
	{ "[]", { 0 }, 0, "the answer is no list" },
	{ "{\"items\":[]} {\"items\":[]}", { 0 }, 0, "a second list in one answer" },
	{ "{\"items\":[{\"metadata\":{\"name\":\"a\",\"namespace\":\"n\"}},{\"met", { 0 }, 0,
		"it ends in the middle of an object, on line 1 (after 1 whole objects)" },
	{ "{\"items\":[{\"metadata\":{\"name\":\"a\",\"namespace\":\"n\"}}}", { 0 }, 0, "line 1: ']' expected" },
	{ "<html>", { 0 }, 0, "line 1: no JSON object" },
	{ "", { .code = ERROR_FORBIDDEN, .http_status = 403, .message = "pods is forbidden" }, 0, "pods is forbidden" },
	{ "{\"items\":[{\"metadata\":{\"name\":\"a\",\"namespace\":\"n\"}},{",
		{ .code = ERROR_TIMEOUT, .http_status = 0, .message = "no answer" }, 0, "no answer" },
};

START_TEST(a_list_that_fails_says_so_in_its_place)
{
	struct script script = { { .class = &script_class, .wake_fd = -1 }, .body = bodies[_i].body,
		.error = bodies[_i].error };
	AUTO_CLUSTER cluster;
	struct sync_list list = { .kind = KIND_POD, .namespace = "n", .label_selector = "a", .field_selector = "b=c" };

	cluster_init(&cluster);
	sync_run(&script.transport, NULL, &list, 1, &cluster);
	ck_assert_str_eq(buffer_text(&script.asked), "GET /api/v1/namespaces/n/pods?labelSelector=a&fieldSelector=b=c");
	ck_assert_uint_eq(list.objects, bodies[_i].objects);
	ck_assert_uint_eq(cluster_count(&cluster, KIND_POD), bodies[_i].objects);
	ck_assert_int_eq(list.is_failed, bodies[_i].message != NULL);
	if (bodies[_i].message)
		ck_assert_str_eq(list.error.message, bodies[_i].message);
	if (bodies[_i].error.code)
		ck_assert_int_eq(list.error.code, bodies[_i].error.code);
	buffer_release(&script.asked);
}
END_TEST

TEST_MAIN("kube/sync", TEST(reads_kinds_side_by_side_and_leaves_out_what_is_invalid),
	TEST(asks_by_namespace_and_selectors), TEST(nothing_to_read_is_read_at_once),
	TEST_TABLE(a_list_that_fails_says_so_in_its_place, bodies))
