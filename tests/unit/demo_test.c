/* The demo's API server: what it answers before anything has happened. */
#include "clusterutils/demo/demo.h"

#include <string.h>

#include "clusterutils/kube/memory.h"
#include "clusterutils/kube/server.h"
#include "clusterutils/kube/sync.h"
#include "clusterutils/util/clock.h"
#include "dump.h"
#include "objects.h"
#include "question.h"
#include "suite.h"

#define AUTO_TRANSPORT CLEANUP(transport_release) struct transport

static struct transport *fresh(void)
{
	clock_freeze(demo_now);
	return demo_transport_new(DEMO_SEED);
}

/* --- lists --- */

static void read_all(struct transport *transport, struct cluster *cluster, struct sync_list lists[KIND_COUNT])
{
	cluster_init(cluster);
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		lists[kind] = (struct sync_list){ .kind = kind };
	sync_run(transport, NULL, lists, KIND_COUNT, cluster);
}

START_TEST(at_first_it_is_the_embedded_objects)
{
	AUTO_TRANSPORT *demo = fresh(), *dump = memory_transport_new();
	AUTO_CLUSTER lives, stands;
	struct sync_list lists[KIND_COUNT], expected[KIND_COUNT];

	memory_add_bytes(dump, "the demo cluster", demo_data, demo_data_size);
	read_all(demo, &lives, lists);
	read_all(dump, &stands, expected);
	for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
		AUTO_BUFFER got = { 0 };
		AUTO_BUFFER want = { 0 };

		ck_assert_int_eq(lists[kind].state, SYNC_CURRENT);
		if (kind_is_stored(kind))
			ck_assert_uint_eq(lists[kind].invalid, 0);
		ck_assert_uint_eq(lists[kind].objects, expected[kind].objects);
		dump_kind(&lives, kind, &got);
		dump_kind(&stands, kind, &want);
		ck_assert_str_eq(buffer_text(&got), buffer_text(&want));
	}
	ck_assert_uint_eq(lists[KIND_POD].objects, 151);
}
END_TEST

START_TEST(every_object_has_a_version)
{
	AUTO_TRANSPORT *demo = fresh();

	for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
		AUTO_QUESTION question;
		const cJSON *item;
		char path[PATH_SIZE];
		bool is_metrics = kind == KIND_NODE_METRICS || kind == KIND_POD_METRICS;

		path_of_kind(kind, NULL, path);
		question_ask(&question, demo, "GET", path, NULL);
		ck_assert_int_eq(question.request.status, 200);
		cJSON_ArrayForEach (item, cJSON_GetObjectItem(question_json(&question), "items")) {
			const cJSON *metadata = cJSON_GetObjectItem(item, "metadata");

			ck_assert_int_eq(cJSON_GetObjectItem(metadata, "resourceVersion") != NULL, !is_metrics);
		}
	}
}
END_TEST

START_TEST(selectors_and_namespaces)
{
	AUTO_TRANSPORT *demo = fresh();
	AUTO_CLUSTER cluster;
	struct sync_list lists[] = {
		{ .kind = KIND_POD, .namespace = "batch" },
		{ .kind = KIND_POD, .namespace = "media", .label_selector = "app=jellyfin" },
		{ .kind = KIND_POD, .namespace = "argocd", .field_selector = "spec.nodeName=nowhere" },
		{ .kind = KIND_NODE, .label_selector = "kubernetes.io/arch=arm64" },
		{ .kind = KIND_EVENT, .field_selector = "nonsense=1" },
	};

	cluster_init(&cluster);
	sync_run(demo, NULL, lists, 5, &cluster);
	ck_assert_uint_eq(lists[0].objects, 12);
	ck_assert_uint_eq(lists[1].objects, 1);
	ck_assert_uint_eq(lists[2].objects, 0);
	ck_assert_uint_eq(lists[3].objects, 3);
	ck_assert_int_eq(lists[4].error.http_status, 400);
}
END_TEST

START_TEST(it_is_asked_as_a_server)
{
	AUTO_TRANSPORT *demo = fresh();
	struct server server;
	struct error err;

	ck_assert_int_eq(server_ask(demo, &server, &err), 0);
	ck_assert_str_eq(server.version, "v1.34.4+k3s1");
	ck_assert_uint_eq(server.minor, 34);
	ck_assert_str_eq(server.metrics_version, "v1beta1");
}
END_TEST

/* --- single requests --- */

static const struct {
	const char *verb, *path;
	int status;
	const char *part; /* of the body, or of the error's sentence */
} requests[] = {
	{ "GET", "/api/v1/nodes/corellia", 200, "\"kind\":\"Node\"" },
	{ "GET", "/apis/apps/v1/namespaces/batch/deployments/ci-agent", 200, "\"replicas\":6" },
	{ "GET", "/apis/metrics.k8s.io/v1beta1/nodes/corellia", 200, "\"kind\":\"NodeMetrics\"" },
	{ "GET", "/api/v1/nodes/alderaan", 404, "Error from server (NotFound): nodes \"alderaan\" not found" },
	{ "GET", "/apis/apps/v1/namespaces/batch/deployments/x", 404,
		"Error from server (NotFound): deployments.apps \"x\" not found" },
	{ "GET", "/api/v1/namespaces/media/pods/x", 404, "pods \"x\" not found" },
	{ "GET", "/api/v1/widgets", 404, "the server could not find the requested resource" },
	{ "GET", "/apis/apps/v1/namespaces//deployments", 404, "could not find" },
	{ "GET", "/api/v1/nodes/", 404, "could not find" },
	{ "GET", "/", 404, "could not find" },
	{ "GET", "", 404, "could not find" },
	{ "GET", "nodes", 404, "could not find" },
	{ "GET", "/api/v1/nodes/corellia/proxy/metrics/resource", 404, "could not find" },
	{ "GET", "/api/v1/nodes/corellia/proxy/stats/summary", 200, "\"usageNanoCores\":" },
	{ "POST", "/api/v1/nodes/corellia/proxy/stats/summary", 405, "does not allow this method" },
	{ "GET", "/api/v1/nodes/dagobah/proxy/stats/summary", 503, "error trying to reach service: dial tcp" },
	{ "GET", "/api/v1/nodes/alderaan/proxy/stats/summary", 404, "nodes \"alderaan\" not found" },
	{ "GET", "/api/v1/nodes//proxy/stats/summary", 404, "not found" },
	{ "GET", "/api/v1/namespaces/a/b/c/d/e/f", 404, "could not find" },
	{ "POST", "/version", 405, "does not allow this method" },
	{ "PUT", "/api/v1/nodes/corellia", 405, "does not allow this method" },
	{ "DELETE", "/api/v1/nodes", 405, "does not allow this method" },
	{ "BREW", "/api/v1/nodes", 405, "does not allow this method" },
};

START_TEST(a_request_and_its_answer)
{
	AUTO_TRANSPORT *demo = fresh();
	AUTO_QUESTION question;

	question_ask(&question, demo, requests[_i].verb, requests[_i].path, NULL);
	ck_assert_int_eq(question.request.status, requests[_i].status);
	if (requests[_i].status == 200) {
		ck_assert_int_eq(question.request.error.code, ERROR_NONE);
		ck_assert_ptr_nonnull(strstr(buffer_text(&question.body), requests[_i].part));
	} else {
		ck_assert_int_eq(question.request.error.http_status, requests[_i].status);
		ck_assert_ptr_nonnull(strstr(question.request.error.message, requests[_i].part));
	}
}
END_TEST

START_TEST(who_cannot_read_json_is_told_so)
{
	AUTO_TRANSPORT *demo = fresh();
	AUTO_QUESTION question;

	question_prepare(&question, "GET", "/api/v1/nodes", NULL);
	question.request.accept = "application/vnd.kubernetes.protobuf";
	question_run(&question, demo);
	ck_assert_int_eq(question.request.status, 406);
	ck_assert_str_eq(question.request.api_status.reason, "NotAcceptable");
}
END_TEST

/* --- watches --- */

static void watch(struct question *question, struct transport *demo, const char *path, const char *version)
{
	question_prepare(question, "GET", path, NULL);
	question_add(question, "watch", "true");
	question_add(question, "resourceVersion", version);
	question_add(question, "allowWatchBookmarks", "true");
	question_add(question, "timeoutSeconds", "300");
	question->request.is_watch = true;
	transport_start(demo, &question->request);
	transport_step(demo, 0);
}

START_TEST(a_watch_may_begin_with_all)
{
	AUTO_TRANSPORT *demo = fresh();
	AUTO_QUESTION question;

	question_prepare(&question, "GET", "/api/v1/nodes", NULL);
	question_add(&question, "watch", "1");
	question_add(&question, "sendInitialEvents", "true");
	question_add(&question, "allowWatchBookmarks", "true");
	question.request.is_watch = true;
	transport_start(demo, &question.request);
	transport_step(demo, 0);
	transport_step(demo, 0);
	ck_assert_uint_eq(question_count(&question, "\"type\":\"ADDED\""), 7);
	ck_assert_uint_eq(question_count(&question, "\"k8s.io/initial-events-end\":\"true\""), 1);
	ck_assert(!question.request.done);
	transport_cancel(demo, &question.request);
	transport_step(demo, 0);
}
END_TEST

START_TEST(a_watch_ends_in_time_and_sends_bookmarks)
{
	AUTO_TRANSPORT *demo = fresh();
	AUTO_QUESTION question;

	watch(&question, demo, "/apis/storage.k8s.io/v1/storageclasses", "0");
	ck_assert_uint_eq(question_count(&question, "\"ADDED\""), 3);
	ck_assert_uint_eq(question_count(&question, "\"BOOKMARK\""), 0);
	clock_freeze(demo_now + 61);
	question_settle(demo);
	ck_assert_uint_eq(question_count(&question, "\"BOOKMARK\""), 1);
	ck_assert(!question.request.done);
	clock_freeze(demo_now + 301);
	question_settle(demo);
	ck_assert(question.request.done);
	ck_assert_int_eq(question.request.error.code, ERROR_NONE);
}
END_TEST

START_TEST(a_version_of_another_time)
{
	AUTO_TRANSPORT *demo = fresh();
	AUTO_QUESTION old, late, wrong, metrics;

	watch(&old, demo, "/api/v1/pods", "17");
	transport_step(demo, 0);
	ck_assert(old.request.done);
	ck_assert_int_eq(old.request.status, 200);
	ck_assert_ptr_nonnull(strstr(buffer_text(&old.body), "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\""));
	ck_assert_ptr_nonnull(strstr(buffer_text(&old.body), "too old resource version: 17 ("));
	ck_assert_ptr_nonnull(strstr(buffer_text(&old.body), "\"code\":410"));
	watch(&late, demo, "/api/v1/pods", "99999999999");
	ck_assert_int_eq(late.request.status, 504);
	ck_assert_str_eq(late.request.api_status.cause, "ResourceVersionTooLarge");
	watch(&wrong, demo, "/api/v1/pods", "x");
	ck_assert_int_eq(wrong.request.status, 400);
	watch(&metrics, demo, "/apis/metrics.k8s.io/v1beta1/pods", "");
	ck_assert_int_eq(metrics.request.status, 405);
}
END_TEST

START_TEST(a_sync_follows_it)
{
	AUTO_TRANSPORT *demo = fresh();
	AUTO_CLUSTER cluster;
	struct server server;
	struct error err;
	struct sync_options options = { .server = &server };
	struct sync_list lists[] = { { .kind = KIND_NODE }, { .kind = KIND_POD }, { .kind = KIND_POD_METRICS } };
	struct sync *sync;

	cluster_init(&cluster);
	ck_assert_int_eq(server_ask(demo, &server, &err), 0);
	sync = sync_new(demo, &options, lists, 3, &cluster);
	for (int i = 0; i < 100 && !sync_is_complete(sync); i++)
		sync_step(sync, 0);
	ck_assert(sync_is_complete(sync));
	ck_assert_uint_eq(cluster_node_count(&cluster), 7);
	ck_assert_uint_eq(cluster_count(&cluster, KIND_POD), 151);
	ck_assert_int_eq(lists[2].state, SYNC_CURRENT);
	sync_free(sync);
	transport_step(demo, 0);
}
END_TEST

TEST_MAIN("demo", TEST(at_first_it_is_the_embedded_objects), TEST(every_object_has_a_version),
	TEST(selectors_and_namespaces), TEST(it_is_asked_as_a_server), TEST_TABLE(a_request_and_its_answer, requests),
	TEST(who_cannot_read_json_is_told_so), TEST(a_watch_may_begin_with_all),
	TEST(a_watch_ends_in_time_and_sends_bookmarks), TEST(a_version_of_another_time), TEST(a_sync_follows_it))
