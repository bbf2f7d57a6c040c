/* Whom is asked, how many at a time, and what becomes of nodes that do not answer. */
#include "clusterutils/kube/kubelets.h"

#include <stdio.h>
#include <string.h>

#include "clusterutils/util/clock.h"
#include "clusterutils/util/memory.h"
#include "objects.h"
#include "script.h"
#include "suite.h"

enum { NOON = 1772366400 };

#define NODE(name, ready) \
	"{'metadata':{'name':'" name "'},'status':{'conditions':[{'type':'Ready','status':'" ready "'}]}}"
#define POD(name, node) \
	"{'metadata':{'namespace':'n','name':'" name "'},'spec':{'nodeName':'" node \
	"','containers':[{'name':'main'}]},'status':{'phase':'Running'}}"
#define PATH(node) "GET /api/v1/nodes/" node "/proxy/stats/summary\n"
#define SUMMARY(name, cpu) \
	"{\"node\":{\"nodeName\":\"" name "\",\"cpu\":{\"time\":\"2026-03-01T11:59:55Z\",\"usageNanoCores\":" cpu \
	",\"psi\":{\"some\":{\"avg10\":1,\"total\":5}}},\"memory\":{\"workingSetBytes\":7}},\"pods\":[]}"
#define REFUSAL(message) \
	"{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\"" message "\",\"code\":403}"

struct bench {
	struct script script;
	struct cluster cluster;
	struct kubelets *kubelets;
};

static void open_bench(struct bench *bench, const struct script_answer *answers, size_t count)
{
	clock_freeze(NOON);
	*bench = (struct bench){ 0 };
	script_init(&bench->script, answers, count);
	cluster_init(&bench->cluster);
}

static void ask_all(struct bench *bench)
{
	kubelets_free(bench->kubelets);
	bench->kubelets = kubelets_new(&bench->script.transport, &bench->cluster, false);
	kubelets_complete(bench->kubelets);
}

static void close_bench(struct bench *bench)
{
	kubelets_free(bench->kubelets);
	script_release(&bench->script);
	cluster_release(&bench->cluster);
}

#define AUTO_BENCH CLEANUP(close_bench) struct bench

static int64_t cpu_of(const struct bench *bench, const char *node)
{
	return cluster_find_node(&bench->cluster, node)->sample.usage.cpu;
}

START_TEST(ready_nodes_are_asked)
{
	static const struct script_answer answers[] = {
		{ .asks = PATH("a"), .status = 200, .body = SUMMARY("a", "11") },
		{ .asks = PATH("c"), .status = 200, .body = SUMMARY("c", "33") },
	};
	AUTO_BENCH bench;

	open_bench(&bench, answers, ARRAY_LEN(answers));
	objects_put(&bench.cluster, KIND_NODE, NODE("a", "True"));
	objects_put(&bench.cluster, KIND_NODE, NODE("b", "False"));
	objects_put(&bench.cluster, KIND_NODE, NODE("c", "True"));
	objects_put(&bench.cluster, KIND_POD, POD("p", "gone"));
	ask_all(&bench);
	ck_assert(script_is_over(&bench.script));
	ck_assert_uint_eq(script_requests(&bench.script), 2);
	ck_assert_int_eq(cpu_of(&bench, "a"), 11);
	ck_assert_int_eq(cpu_of(&bench, "b"), RESOURCE_UNKNOWN);
	ck_assert_int_eq(cpu_of(&bench, "c"), 33);
	ck_assert_int_eq(cluster_find_node(&bench.cluster, "c")->pressure->of[PRESSURE_CPU].some.avg10, 1000);
	ck_assert(bench.cluster.survey.is_asked);
	ck_assert(!bench.cluster.survey.is_first);
	ck_assert_uint_eq(bench.cluster.survey.nodes, 2);
	ck_assert_uint_eq(bench.cluster.survey.answered, 2);
	ck_assert_int_eq(bench.cluster.survey.heard, NOON);
	ck_assert_int_eq(bench.cluster.survey.error.code, ERROR_NONE);
	ck_assert(kubelets_has_changed(bench.kubelets));
	ck_assert(!kubelets_has_changed(bench.kubelets));
	ck_assert_uint_eq(kubelets_rounds(bench.kubelets), 1);
}
END_TEST

/* It does not wait, and it does not ask again at once. */
START_TEST(a_round_is_followed_by_a_pause)
{
	static const struct script_answer answers[] = {
		{ .asks = PATH("a"), .status = 200, .body = SUMMARY("a", "11") },
	};
	AUTO_BENCH bench;
	int wait;

	open_bench(&bench, answers, ARRAY_LEN(answers));
	objects_put(&bench.cluster, KIND_NODE, NODE("a", "True"));
	ask_all(&bench);
	wait = kubelets_turn(bench.kubelets, 60000);
	ck_assert_int_gt(wait, KUBELETS_POLL_MS / 2);
	ck_assert_int_le(wait, KUBELETS_POLL_MS);
	ck_assert_int_eq(kubelets_turn(bench.kubelets, 5), 5);
	ck_assert_uint_eq(script_requests(&bench.script), 1);
}
END_TEST

START_TEST(a_few_at_a_time)
{
	struct script_answer answers[8];
	char asks[8][64], bodies[8][256];
	AUTO_BENCH bench;
	size_t most = 0;

	for (int i = 0; i < 8; i++) {
		snprintf(asks[i], sizeof(asks[i]), "/nodes/n%d/proxy", i);
		snprintf(bodies[i], sizeof(bodies[i]), "{\"node\":{\"nodeName\":\"n%d\"},\"pods\":[]}", i);
		answers[i] = (struct script_answer){ .asks = asks[i], .status = 200, .body = bodies[i] };
	}
	open_bench(&bench, answers, 8);
	for (int i = 0; i < 8; i++) {
		char node[128];

		snprintf(node, sizeof(node),
			"{'metadata':{'name':'n%d'},'status':{'conditions':[{'type':'Ready','status':'True'}]}}", i);
		objects_put(&bench.cluster, KIND_NODE, node);
	}
	bench.kubelets = kubelets_new(&bench.script.transport, &bench.cluster, false);
	bench.script.piece = 5;
	for (int i = 0; i < 1000 && !kubelets_rounds(bench.kubelets); i++) {
		kubelets_turn(bench.kubelets, 0);
		most = bench.script.open_count > most ? bench.script.open_count : most;
		transport_step(&bench.script.transport, 0);
	}
	ck_assert_uint_eq(kubelets_rounds(bench.kubelets), 1);
	ck_assert_uint_eq(most, KUBELETS_UNDER_WAY);
	ck_assert_uint_eq(bench.cluster.survey.answered, 8);
}
END_TEST

START_TEST(who_does_not_answer_has_no_usage_and_the_others_have)
{
	static const struct script_answer answers[] = {
		{ .asks = PATH("a"), .status = 200, .body = SUMMARY("a", "11") },
		{ .asks = PATH("b"), .status = 200, .body = SUMMARY("b", "22") },
		{ .asks = PATH("a"), .status = 503, .body = "error trying to reach service" },
		{ .asks = PATH("b"), .status = 200, .body = SUMMARY("b", "23") },
		{ .asks = PATH("a"), .status = 200, .body = SUMMARY("b", "99") },
		{ .asks = PATH("b"),
			.status = 200,
			.body = "{\"node\":",
			.lost = { ERROR_TIMEOUT, 0, false, "no answer" } },
	};
	AUTO_BENCH bench;

	open_bench(&bench, answers, ARRAY_LEN(answers));
	objects_put(&bench.cluster, KIND_NODE, NODE("a", "True"));
	objects_put(&bench.cluster, KIND_NODE, NODE("b", "True"));
	ask_all(&bench);
	ck_assert_int_eq(cpu_of(&bench, "a"), 11);
	ask_all(&bench);
	ck_assert_int_eq(cpu_of(&bench, "a"), RESOURCE_UNKNOWN);
	ck_assert_ptr_null(cluster_find_node(&bench.cluster, "a")->pressure);
	ck_assert_int_eq(cpu_of(&bench, "b"), 23);
	ck_assert_uint_eq(bench.cluster.survey.nodes, 2);
	ck_assert_uint_eq(bench.cluster.survey.answered, 1);
	ck_assert_str_eq(bench.cluster.survey.error.message, "kubelet of a: error trying to reach service");
	ask_all(&bench);
	ck_assert_int_eq(cpu_of(&bench, "b"), RESOURCE_UNKNOWN);
	ck_assert_uint_eq(bench.cluster.survey.answered, 0);
	ck_assert(script_is_over(&bench.script));
	ck_assert_int_gt(kubelets_turn(bench.kubelets, 60000), KUBELETS_POLL_MS);
}
END_TEST

START_TEST(one_reason_is_told_for_all_that_are_refused)
{
	static const struct script_answer answers[] = {
		{ .asks = PATH("a"), .status = 403, .body = REFUSAL("nodes \\\"a\\\" is forbidden") },
		{ .asks = PATH("b"), .status = 403, .body = REFUSAL("nodes \\\"b\\\" is forbidden") },
	};
	AUTO_BENCH bench;

	open_bench(&bench, answers, ARRAY_LEN(answers));
	objects_put(&bench.cluster, KIND_NODE, NODE("a", "True"));
	objects_put(&bench.cluster, KIND_NODE, NODE("b", "True"));
	ask_all(&bench);
	ck_assert_uint_eq(bench.cluster.survey.answered, 0);
	ck_assert_int_eq(bench.cluster.survey.error.code, ERROR_FORBIDDEN);
	ck_assert_str_eq(bench.cluster.survey.error.message, "kubelet of a: nodes \"a\" is forbidden");
}
END_TEST

START_TEST(where_nodes_are_unread_pods_name_them)
{
	static const struct script_answer answers[] = {
		{ .asks = PATH("a"), .status = 200, .body = SUMMARY("a", "11") },
	};
	AUTO_BENCH bench;

	open_bench(&bench, answers, ARRAY_LEN(answers));
	bench.cluster.is_unread[KIND_NODE] = true;
	objects_put(&bench.cluster, KIND_POD, POD("p", "a"));
	ask_all(&bench);
	ck_assert(script_is_over(&bench.script));
	ck_assert_int_eq(cpu_of(&bench, "a"), 11);
}
END_TEST

/* They come from a cluster, and would ask for something else. */
static const char *const names[] = { "../../secrets", "a/b", "a?b", "a%2fb", "..", ".", "a..b", ".a", "a.", "A", "a b",
	"a\\\\b" };

START_TEST(a_name_that_is_none_is_not_asked)
{
	AUTO_BENCH bench;
	char pod[256];

	open_bench(&bench, NULL, 0);
	bench.cluster.is_unread[KIND_NODE] = true;
	snprintf(pod, sizeof(pod), POD("p", "%s"), names[_i]);
	objects_put(&bench.cluster, KIND_POD, pod);
	ask_all(&bench);
	ck_assert_uint_eq(script_requests(&bench.script), 0);
	ck_assert_uint_eq(bench.cluster.survey.nodes, 1);
	ck_assert_uint_eq(bench.cluster.survey.answered, 0);
	ck_assert_ptr_nonnull(strstr(bench.cluster.survey.error.message, "a node cannot have that name"));
}
END_TEST

START_TEST(without_nodes_there_is_nobody_to_ask)
{
	AUTO_BENCH bench;

	open_bench(&bench, NULL, 0);
	ask_all(&bench);
	ck_assert_uint_eq(bench.cluster.survey.nodes, 0);
	ck_assert_int_eq(bench.cluster.survey.error.code, ERROR_NONE);
}
END_TEST

/* In the middle of an answer: nothing of it is touched later. */
START_TEST(what_is_under_way_can_be_given_up)
{
	static const struct script_answer answers[] = {
		{ .asks = PATH("a"), .status = 200, .body = "{\"node\":{", .stays_open = true },
	};
	AUTO_BENCH bench;

	open_bench(&bench, answers, ARRAY_LEN(answers));
	objects_put(&bench.cluster, KIND_NODE, NODE("a", "True"));
	bench.kubelets = kubelets_new(&bench.script.transport, &bench.cluster, false);
	for (int i = 0; i < 5; i++) {
		ck_assert_int_eq(kubelets_turn(bench.kubelets, 9), 9);
		transport_step(&bench.script.transport, 0);
	}
	ck_assert_uint_eq(bench.script.open_count, 1);
	ck_assert(bench.cluster.survey.is_first);
	kubelets_free(bench.kubelets);
	bench.kubelets = NULL;
	ck_assert_uint_eq(bench.script.open_count, 0);
}
END_TEST

TEST_MAIN("kubelets", TEST(ready_nodes_are_asked), TEST(a_round_is_followed_by_a_pause), TEST(a_few_at_a_time),
	TEST(who_does_not_answer_has_no_usage_and_the_others_have), TEST(one_reason_is_told_for_all_that_are_refused),
	TEST(where_nodes_are_unread_pods_name_them), TEST_TABLE(a_name_that_is_none_is_not_asked, names),
	TEST(without_nodes_there_is_nobody_to_ask), TEST(what_is_under_way_can_be_given_up))
