/* Meters from a Prometheus: what is asked, how often, and what becomes of the answers. */
#include "clusterutils/kube/power.h"

#include <stdio.h>
#include <string.h>

#include "clusterutils/kube/prometheus.h"
#include "clusterutils/util/clock.h"
#include "clusterutils/util/memory.h"
#include "objects.h"
#include "script.h"
#include "suite.h"

enum { NOON = 1772366400 };

#define PATH          "/api/v1/namespaces/m/services/http:p:80/proxy"
#define ASKS(promql)  "/query?query=" promql "\n"
#define RANGE(promql) "/query_range?query=" promql "&start=1772362800&end=1772366400&step=60\n"
#define TODAY         ASKS("increase(" ENERGY_QUERY "[43200s])")

#define VECTOR(result)      "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[" result "]}}"
#define MATRIX(result)      "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[" result "]}}"
#define PLUG(name, value)   "{\"metric\":{\"name\":\"" name "\"},\"value\":[1772366400,\"" value "\"]}"
#define PLUGS(name, values) "{\"metric\":{\"name\":\"" name "\"},\"values\":[" values "]}"
#define REFUSAL             "{\"status\":\"error\",\"errorType\":\"execution\",\"error\":\"no\"}"

static const char *const shelf[] = { "kamino", "jakku" };
static const struct power_scope scopes[] = { { "pi-shelf", shelf, 2 } };

struct bench {
	struct script script;
	struct cluster cluster;
	struct power_options options;
	struct power *power;
};

static void open_bench(
	struct bench *bench, const struct power_options *options, const struct script_answer *answers, size_t count)
{
	clock_freeze(NOON);
	script_init(&bench->script, answers, count);
	cluster_init(&bench->cluster);
	bench->options = *options;
	bench->options.path = PATH;
	bench->power = power_new(&bench->script.transport, &bench->options, &bench->cluster);
}

static void close_bench(struct bench *bench)
{
	power_free(bench->power);
	script_release(&bench->script);
	cluster_release(&bench->cluster);
}

#define AUTO_BENCH CLEANUP(close_bench) struct bench

static void complete(struct bench *bench)
{
	power_complete(bench->power);
	ck_assert_msg(script_is_over(&bench->script), "asked:\n%s", buffer_text(&bench->script.asked));
	ck_assert_uint_eq(script_requests(&bench->script), bench->script.count);
}

static const struct meter *meter_at(const struct bench *bench, size_t i, const char *name)
{
	ck_assert_uint_lt(i, bench->cluster.metering.count);
	ck_assert_str_eq(bench->cluster.metering.meters[i].name, name);
	return &bench->cluster.metering.meters[i];
}

START_TEST(watts_alone_take_one_question)
{
	static const struct script_answer answers[] = {
		{ .asks = "GET " PATH "/api/v1" ASKS(POWER_QUERY),
			.status = 200,
			.body = VECTOR(PLUG("Corellia", "23.41") "," PLUG("mandalore", "NaN")) },
	};
	AUTO_BENCH bench;
	const struct meter *meter;

	open_bench(&bench, &(struct power_options){ 0 }, answers, ARRAY_LEN(answers));
	ck_assert(!power_is_complete(bench.power));
	complete(&bench);
	ck_assert(power_has_changed(bench.power));
	ck_assert(!power_has_changed(bench.power));
	ck_assert(bench.cluster.metering.is_read);
	ck_assert_int_eq(bench.cluster.metering.heard, NOON);
	ck_assert_ptr_null(bench.cluster.metering.error);
	ck_assert_ptr_null(bench.cluster.metering.warning);
	ck_assert_uint_eq(bench.cluster.metering.tried_count, 1);
	meter = meter_at(&bench, 0, "Corellia");
	ck_assert_int_eq(meter->power, 23410);
	ck_assert_int_eq(meter->class, METER_WALL);
	ck_assert_uint_eq(meter->node_count, 1);
	ck_assert_str_eq(meter->nodes[0], "corellia");
	ck_assert_str_eq(meter->query, POWER_QUERY);
	ck_assert_int_eq(meter->taken, NOON);
	ck_assert_int_eq(meter->today, POWER_UNKNOWN);
	ck_assert_int_eq(meter_at(&bench, 1, "mandalore")->power, POWER_UNKNOWN);
}
END_TEST

START_TEST(details_are_all_there_is)
{
	static const struct script_answer answers[] = {
		{ .asks = "/api/v1" ASKS(POWER_QUERY),
			.status = 200,
			.body = VECTOR(PLUG("pi-shelf", "9") "," PLUG("a", "5")) },
		{ .asks = ASKS("timestamp(" POWER_QUERY ")"),
			.status = 200,
			.body = VECTOR(PLUG("pi-shelf", "1772366388.781") "," PLUG("a", "NaN")) },
		{ .asks = RANGE(POWER_QUERY),
			.status = 200,
			.body = MATRIX(PLUGS("pi-shelf",
				"[1772362800,\"7\"],[1772362860,\"NaN\"],[1772366340,\"11\"],[1772366400,\"9\"]") "," PLUGS("gone",
				"[1772366400,\"1\"]")) },
		{ .asks = TODAY, .status = 200, .body = VECTOR(PLUG("pi-shelf", "105.5")) },
		{ .asks = TODAY, .status = 200, .body = VECTOR(PLUG("pi-shelf", "211.0") "," PLUG("other", "1")) },
	};
	AUTO_BENCH bench;
	const struct meter *meter;

	open_bench(&bench, &(struct power_options){ .scopes = scopes, .scope_count = 1, .is_detailed = true }, answers,
		ARRAY_LEN(answers));
	complete(&bench);
	ck_assert_uint_eq(bench.cluster.metering.count, 2);
	meter = meter_at(&bench, 0, "pi-shelf");
	ck_assert_uint_eq(meter->node_count, 2);
	ck_assert_str_eq(meter->nodes[1], "jakku");
	ck_assert_int_eq(meter->taken, NOON - 12);
	ck_assert_int_eq(meter->least, 7000);
	ck_assert_int_eq(meter->average, 9000);
	ck_assert_uint_eq(meter->history_count, 61);
	ck_assert_int_eq(meter->history[0], 7000);
	ck_assert_int_eq(meter->history[1], POWER_UNKNOWN);
	ck_assert_int_eq(meter->history[2], POWER_UNKNOWN);
	ck_assert_int_eq(meter->history[59], 11000);
	ck_assert_int_eq(meter->history[60], 9000);
	ck_assert_int_eq(meter->today, 105500);
	ck_assert_int_eq(meter->month, 211000);
	meter = meter_at(&bench, 1, "a");
	ck_assert_int_eq(meter->taken, NOON);
	ck_assert_int_eq(meter->average, POWER_UNKNOWN);
	ck_assert_int_eq(meter->month, POWER_UNKNOWN);
	ck_assert_uint_eq(meter->history_count, 0);
}
END_TEST

START_TEST(a_shared_meter_needs_its_history)
{
	static const struct script_answer answers[] = {
		{ .asks = "/api/v1" ASKS(POWER_QUERY), .status = 200, .body = VECTOR(PLUG("pi-shelf", "9")) },
		{ .asks = RANGE(POWER_QUERY), .status = 200, .body = MATRIX("") },
	};
	AUTO_BENCH bench;

	open_bench(&bench, &(struct power_options){ .scopes = scopes, .scope_count = 1 }, answers, ARRAY_LEN(answers));
	complete(&bench);
	ck_assert_int_eq(meter_at(&bench, 0, "pi-shelf")->least, POWER_UNKNOWN);
}
END_TEST

/* Labels of a series, and what its meter is called. */
static const struct {
	const char *labels, *name;
} names[] = {
	{ "\"name\":\"plug\",\"address\":\"10.0.0.1\"", "plug" },
	{ "\"name\":\"\",\"address\":\"10.0.0.1\"", "10.0.0.1" },
	{ "\"instance\":\"nas:9100\",\"address\":\"10.0.0.1\"", "nas" },
	{ "\"instance\":\":9100\"", ":9100" },
	{ "\"node\":\"n\",\"node_name\":\"m\"", "n" },
	{ "\"node_name\":\"m\",\"instance\":\"i\"", "m" },
	{ "\"job\":\"x\"", "power" },
	{ "", "power" },
};

START_TEST(a_meter_is_called_as_a_label_says)
{
	AUTO_BUFFER body = { 0 };
	struct script_answer answer = { .asks = "query", .status = 200 };
	AUTO_BENCH bench;

	buffer_printf(&body, VECTOR("{\"metric\":{%s},\"value\":[1772366400,\"1\"]}"), names[_i].labels);
	answer.body = buffer_text(&body);
	open_bench(&bench, &(struct power_options){ 0 }, &answer, 1);
	complete(&bench);
	meter_at(&bench, 0, names[_i].name);
}
END_TEST

START_TEST(channels_of_one_name_are_one_meter)
{
	static const struct script_answer answers[] = {
		{ .asks = "/api/v1" ASKS(POWER_QUERY),
			.status = 200,
			.body = VECTOR(PLUG("a", "5") "," PLUG("b", "1") "," PLUG("a", "7.5") "," PLUG("b", "x")) },
		{ .asks = ASKS("timestamp(" POWER_QUERY ")"),
			.status = 200,
			.body = VECTOR(
				PLUG("a", "1772366390") "," PLUG("a", "1772366380") "," PLUG("b", "1772366399")) },
		{ .asks = RANGE(POWER_QUERY),
			.status = 200,
			.body = MATRIX(PLUGS("a", "[1772366400,\"5\"]") "," PLUGS("a", "[1772366400,\"7.5\"]")) },
		{ .asks = TODAY,
			.status = 200,
			.body = VECTOR(PLUG("a", "1") "," PLUG("a", "2") "," PLUG("b", "1e300") "," PLUG("b", "1")) },
		{ .asks = TODAY, .status = 422, .body = REFUSAL },
	};
	AUTO_BENCH bench;

	open_bench(&bench, &(struct power_options){ .is_detailed = true }, answers, ARRAY_LEN(answers));
	complete(&bench);
	ck_assert_uint_eq(bench.cluster.metering.count, 2);
	ck_assert_int_eq(meter_at(&bench, 0, "a")->power, 12500);
	ck_assert_int_eq(meter_at(&bench, 0, "a")->taken, NOON - 20);
	ck_assert_int_eq(meter_at(&bench, 0, "a")->average, 12500);
	ck_assert_int_eq(meter_at(&bench, 0, "a")->today, 3000);
	ck_assert_int_eq(meter_at(&bench, 0, "a")->month, POWER_UNKNOWN);
	ck_assert_int_eq(meter_at(&bench, 1, "b")->power, POWER_UNKNOWN);
	ck_assert_str_eq(bench.cluster.metering.warning,
		"the energy of this month is unknown: Prometheus refuses the query: execution: no");
}
END_TEST

#define OVERPOWER "shelly_meter_overpower_watts{channel=\"0\"}"

/* A query of one's own, what it and the default give, and the warning. */
static const struct {
	const char *query, *own, *of_default, *warning;
} doubts[] = {
	{ OVERPOWER, VECTOR(PLUG("a", "0")), VECTOR(PLUG("a", "102.11")),
		OVERPOWER " is 0 on every meter, while " POWER_QUERY " is there: is it the right query?" },
	{ OVERPOWER, VECTOR(""), VECTOR(PLUG("a", "102.11")),
		OVERPOWER " has no series, while " POWER_QUERY " is there: is it the right query?" },
	{ OVERPOWER, VECTOR(PLUG("a", "0.000")), VECTOR(""), NULL },
	{ OVERPOWER, VECTOR(PLUG("a", "102.11")), NULL, NULL },
	{ OVERPOWER, VECTOR(PLUG("a", "0") "," PLUG("b", "NaN")), NULL, NULL },
	{ POWER_QUERY, VECTOR(PLUG("a", "0")), NULL, NULL },
	{ NULL, VECTOR(""), NULL, NULL },
};

START_TEST(a_query_that_looks_wrong_is_held_against_the_default)
{
	struct script_answer answers[] = {
		{ .asks = ASKS(OVERPOWER), .status = 200, .body = doubts[_i].own },
		{ .asks = ASKS(POWER_QUERY), .status = 200, .body = doubts[_i].of_default },
	};
	bool is_default = !doubts[_i].query || strcmp(doubts[_i].query, POWER_QUERY) == 0;
	AUTO_BENCH bench;

	if (is_default)
		answers[0].asks = ASKS(POWER_QUERY);
	open_bench(
		&bench, &(struct power_options){ .query = doubts[_i].query }, answers, doubts[_i].of_default ? 2 : 1);
	complete(&bench);
	if (doubts[_i].warning)
		ck_assert_str_eq(bench.cluster.metering.warning, doubts[_i].warning);
	else
		ck_assert_ptr_null(bench.cluster.metering.warning);
	ck_assert_uint_eq(bench.cluster.metering.tried_count, doubts[_i].of_default ? 2 : 1);
}
END_TEST

/* What was 0 now and more than that an hour ago is no doubtful query. */
START_TEST(zero_now_is_not_zero_always)
{
	static const struct script_answer answers[] = {
		{ .asks = "/api/v1" ASKS("watts"), .status = 200, .body = VECTOR(PLUG("pi-shelf", "0")) },
		{ .asks = RANGE("watts"),
			.status = 200,
			.body = MATRIX(PLUGS("pi-shelf", "[1772362800,\"7\"],[1772366400,\"0\"]")) },
	};
	AUTO_BENCH bench;

	open_bench(&bench, &(struct power_options){ .query = "watts", .scopes = scopes, .scope_count = 1 }, answers,
		ARRAY_LEN(answers));
	complete(&bench);
	ck_assert_ptr_null(bench.cluster.metering.warning);
}
END_TEST

START_TEST(a_failure_is_told)
{
	static const struct script_answer answers[] = {
		{ .asks = "query", .status = 403, .body = "services \"http:p:80\" is forbidden" },
	};
	AUTO_BENCH bench;

	open_bench(&bench, &(struct power_options){ 0 }, answers, 1);
	complete(&bench);
	ck_assert(bench.cluster.metering.is_read);
	ck_assert_uint_eq(bench.cluster.metering.count, 0);
	ck_assert_int_eq(bench.cluster.metering.error->code, ERROR_FORBIDDEN);
	ck_assert_str_eq(bench.cluster.metering.error->message, "services \"http:p:80\" is forbidden");
	ck_assert_int_eq(bench.cluster.metering.heard, TIME_NONE);
}
END_TEST

/* Beside a sync: nothing waits, nothing is asked again too early. */
START_TEST(it_is_driven_by_turns)
{
	static const struct script_answer answers[] = {
		{ .asks = "query", .status = 200, .body = VECTOR(PLUG("a", "5")) },
	};
	AUTO_BENCH bench;

	open_bench(&bench, &(struct power_options){ 0 }, answers, 1);
	ck_assert_int_eq(power_turn(bench.power, 100), 100);
	ck_assert_uint_eq(script_requests(&bench.script), 1);
	ck_assert_int_eq(power_turn(bench.power, 100), 100);
	ck_assert(!power_has_changed(bench.power));
	while (!power_is_complete(bench.power)) {
		transport_step(&bench.script.transport, 0);
		power_turn(bench.power, 0);
	}
	ck_assert(power_has_changed(bench.power));
	ck_assert_int_eq(power_turn(bench.power, 100), 100);
	ck_assert_int_gt(power_turn(bench.power, 60000), POWER_POLL_MS - 5000);
	ck_assert_int_le(power_turn(bench.power, 60000), POWER_POLL_MS);
	ck_assert_uint_eq(script_requests(&bench.script), 1);
}
END_TEST

START_TEST(what_is_under_way_is_given_up)
{
	static const struct script_answer answers[] = {
		{ .asks = "query", .status = 200, .body = "{", .stays_open = true },
		{ .asks = "query", .status = 200, .body = "{", .stays_open = true },
	};
	AUTO_BENCH bench;

	open_bench(&bench, &(struct power_options){ .scopes = scopes, .scope_count = 1 }, answers, 2);
	power_turn(bench.power, 0);
	ck_assert_uint_eq(bench.script.open_count, 2);
	power_free(bench.power);
	bench.power = NULL;
	ck_assert_uint_eq(bench.script.open_count, 0);
}
END_TEST

/* The connection is there for others too. */
START_TEST(two_questions_at_a_time)
{
	static const struct script_answer answers[] = {
		{ .asks = "query", .status = 200, .body = "{", .stays_open = true },
		{ .asks = "query", .status = 200, .body = "{", .stays_open = true },
	};
	AUTO_BENCH bench;

	open_bench(&bench, &(struct power_options){ .is_detailed = true }, answers, 2);
	for (int i = 0; i < 5; i++)
		ck_assert_int_eq(power_turn(bench.power, 100), 100);
	ck_assert_uint_eq(script_requests(&bench.script), 2);
}
END_TEST

START_TEST(one_that_fails_is_not_asked_for_more)
{
	static const struct script_answer answers[] = {
		{ .asks = "/api/v1" ASKS(POWER_QUERY), .status = 500, .body = "no" },
		{ .asks = ASKS("timestamp(" POWER_QUERY ")"), .status = 500, .body = "no" },
	};
	AUTO_BENCH bench;

	open_bench(&bench, &(struct power_options){ .is_detailed = true }, answers, 2);
	complete(&bench);
	ck_assert_str_eq(bench.cluster.metering.error->message, "no");
	ck_assert_ptr_null(bench.cluster.metering.warning);
}
END_TEST

START_TEST(meters_are_bounded)
{
	AUTO_BUFFER body = { 0 };
	struct script_answer answer = { .asks = "query", .status = 200 };
	AUTO_BENCH bench;

	buffer_add_text(&body, "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[");
	for (int i = 0; i < POWER_MAX_METERS + 2; i++)
		buffer_printf(&body, "%s{\"metric\":{\"name\":\"m%d\"},\"value\":[1772366400,\"1\"]}", i ? "," : "", i);
	buffer_add_text(&body, "]}}");
	answer.body = buffer_text(&body);
	open_bench(&bench, &(struct power_options){ 0 }, &answer, 1);
	complete(&bench);
	ck_assert_uint_eq(bench.cluster.metering.count, POWER_MAX_METERS);
	ck_assert_str_eq(bench.cluster.metering.warning, "more than 4096 meters: 2 series are left out");
}
END_TEST

TEST_MAIN("kube/power", TEST(watts_alone_take_one_question), TEST(details_are_all_there_is),
	TEST(a_shared_meter_needs_its_history), TEST_TABLE(a_meter_is_called_as_a_label_says, names),
	TEST(channels_of_one_name_are_one_meter),
	TEST_TABLE(a_query_that_looks_wrong_is_held_against_the_default, doubts), TEST(zero_now_is_not_zero_always),
	TEST(a_failure_is_told), TEST(it_is_driven_by_turns), TEST(two_questions_at_a_time),
	TEST(one_that_fails_is_not_asked_for_more), TEST(what_is_under_way_is_given_up), TEST(meters_are_bounded))
