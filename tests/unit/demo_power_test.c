/* The demo's Prometheus, and the meters behind it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/demo/demo.h"
#include "clusterutils/util/clock.h"
#include "clusterutils/util/text.h"
#include "question.h"
#include "suite.h"

#define AUTO_TRANSPORT CLEANUP(transport_release) struct transport

#define PROXY "/api/v1/namespaces/monitoring/services/http:prometheus-server:80/proxy"
#define WATTS "shelly_meter_power_current_watts"
#define HOURS "shelly_meter_power_watthours_total"

static struct transport *fresh(void)
{
	clock_freeze(demo_now);
	return demo_transport_new(DEMO_SEED);
}

static void query(struct question *question, struct transport *demo, const char *text, int64_t moment)
{
	char time[24];

	snprintf(time, sizeof(time), "%" PRId64, moment);
	question_prepare(question, "GET", PROXY "/api/v1/query", NULL);
	question_add(question, "query", text);
	question_add(question, "time", time);
	question_run(question, demo);
}

static const cJSON *result_of(struct question *question, const char *type)
{
	const cJSON *data;

	ck_assert_msg(question->request.status == 200, "%s", question->request.error.message);
	ck_assert_str_eq(cJSON_GetObjectItem(question_json(question), "status")->valuestring, "success");
	data = cJSON_GetObjectItem(question_json(question), "data");
	ck_assert_str_eq(cJSON_GetObjectItem(data, "resultType")->valuestring, type);
	return cJSON_GetObjectItem(data, "result");
}

/* The one value of a query that has one. */
static double value_at(struct transport *demo, const char *text, int64_t moment)
{
	AUTO_QUESTION question;
	const cJSON *result, *value;

	query(&question, demo, text, moment);
	result = result_of(&question, "vector");
	ck_assert_int_eq(cJSON_GetArraySize(result), 1);
	value = cJSON_GetObjectItem(result->child, "value");
	ck_assert(cJSON_GetArrayItem(value, 0)->valuedouble == (double)moment);
	return strtod(cJSON_GetArrayItem(value, 1)->valuestring, NULL);
}

static void ask_range(struct question *question, struct transport *demo, const char *text, int64_t start, int64_t end)
{
	char from[24], to[24];

	snprintf(from, sizeof(from), "%" PRId64, start);
	snprintf(to, sizeof(to), "%" PRId64, end);
	question_prepare(question, "GET", PROXY "/api/v1/query_range", NULL);
	question_add(question, "query", text);
	question_add(question, "start", from);
	question_add(question, "end", to);
	question_add(question, "step", "15s");
	question_run(question, demo);
}

/* --- what it says --- */

START_TEST(a_plug_a_node_but_for_the_shelf)
{
	static const char *const names[] = { "corellia", "mandalore", "tatooine", "pi-shelf", "dagobah" };
	AUTO_TRANSPORT *demo = fresh();
	AUTO_QUESTION question;
	const cJSON *result, *series;
	int i = 0;

	query(&question, demo, WATTS, demo_now);
	result = result_of(&question, "vector");
	cJSON_ArrayForEach (series, result) {
		const cJSON *metric = cJSON_GetObjectItem(series, "metric");

		ck_assert_str_eq(cJSON_GetObjectItem(metric, "name")->valuestring, names[i++]);
		ck_assert_str_eq(cJSON_GetObjectItem(metric, "__name__")->valuestring, WATTS);
		ck_assert_str_eq(cJSON_GetObjectItem(metric, "channel")->valuestring, "0");
		ck_assert_ptr_nonnull(cJSON_GetObjectItem(metric, "address"));
		ck_assert_ptr_nonnull(cJSON_GetObjectItem(metric, "firmwareVersion"));
		ck_assert_ptr_nonnull(cJSON_GetObjectItem(metric, "mac"));
		ck_assert_ptr_nonnull(cJSON_GetObjectItem(metric, "type"));
	}
	ck_assert_int_eq(i, 5);
}
END_TEST

static const struct {
	const char *query;
	int series;
	const char *part; /* of the body */
} queries[] = {
	{ "shelly_meter_overpower_watts{channel=\"0\"}", 5, "\"0\"]}" },
	{ WATTS "{name=\"pi-shelf\"}", 1, "\"7.663\"]}" },
	{ " " WATTS " { name = 'pi-shelf' , } ", 1, "pi-shelf" },
	{ WATTS "{name!=\"pi-shelf\"}", 4, "corellia" },
	{ WATTS "{name=~\"corellia|da.*\"}", 2, "dagobah" },
	{ WATTS "{name!~\"corellia|da.*\"}", 3, "mandalore" },
	{ WATTS "{name=\"scarif\"}", 0, "\"result\":[]" },
	{ WATTS "{job=\"shelly\",instance=~\".*\"}", 5, "corellia" },
	{ WATTS "{}", 5, "corellia" },
	{ "increase(" HOURS "[1h])", 5, "{\"metric\":{\"address\"" },
	{ "rate( " HOURS "{name=\"corellia\"}[5m] )", 1, "corellia" },
	{ "avg_over_time(" WATTS "[1h30m])", 5, "corellia" },
	{ "increase(up[5m])", 0, "\"result\":[]" },
	{ "up", 0, "\"result\":[]" },
	{ "node_memory:ratio", 0, "\"result\":[]" },
};

START_TEST(a_query_and_its_series)
{
	AUTO_TRANSPORT *demo = fresh();
	AUTO_QUESTION question;

	query(&question, demo, queries[_i].query, demo_now);
	ck_assert_int_eq(cJSON_GetArraySize(result_of(&question, "vector")), queries[_i].series);
	ck_assert_ptr_nonnull(strstr(buffer_text(&question.body), queries[_i].part));
}
END_TEST

static const char *const wrong[] = {
	"",
	" ",
	"1",
	"{}",
	WATTS "{",
	WATTS "{name}",
	WATTS "{name=}",
	WATTS "{name=\"x}",
	WATTS "{name=\"x\" y=\"z\"}",
	WATTS "{name!\"x\"}",
	WATTS "[5m]",
	WATTS " or up",
	"sum(" WATTS ")",
	"increase(" HOURS ")",
	"increase(" HOURS "[])",
	"increase(" HOURS "[5])",
	"increase(" HOURS "[m])",
	"increase(" HOURS "[0s])",
	"increase(" HOURS "[99999999999999999999y])",
	"increase(" HOURS "[5m]",
	"increase(" HOURS "[5m]))",
	"increase(",
	"(",
	"\xff\xfe",
};

START_TEST(what_it_does_not_understand)
{
	AUTO_TRANSPORT *demo = fresh();
	AUTO_QUESTION question;

	query(&question, demo, wrong[_i], demo_now);
	ck_assert_int_eq(question.request.status, 400);
	ck_assert_int_ne(question.request.error.code, ERROR_NONE);
}
END_TEST

static const struct {
	const char *path, *name, *value;
	int status;
} requests[] = {
	{ PROXY "/api/v1/query", "time", "yesterday", 400 },
	{ PROXY "/api/v1/query", "time", "-1", 400 },
	{ PROXY "/api/v1/query", "time", "1772366400.781", 200 },
	{ PROXY "/api/v1/query", "time", "2026-03-01T12:00:00Z", 200 },
	{ PROXY "/api/v1/query_range", "start", "", 400 },
	{ PROXY "/api/v1/query_range", "step", "0", 400 },
	{ PROXY "/api/v1/query_range", "step", "-5", 400 },
	{ PROXY "/api/v1/query_range", "step", "0.5", 400 },
	{ PROXY "/api/v1/query_range", "end", "1772300000", 400 },
	{ PROXY "/api/v1/query_range", "end", "4000000000", 400 }, /* too many points */
	{ PROXY "/api/v1/query_range", "step", "1h", 200 },
	{ PROXY "/api/v1/series", "a", "b", 404 },
	{ PROXY, "a", "b", 404 },
	{ "/api/v1/namespaces/monitoring/services/http:grafana:80/proxy/api/v1/query", "a", "b", 404 },
	{ "/api/v1/namespaces/media/services/http:prometheus-server:80/proxy/api/v1/query", "a", "b", 404 },
	{ "/api/v1/namespaces/monitoring/services/prometheus:9090/proxy/api/v1/query", "a", "b", 200 },
};

START_TEST(a_parameter_and_its_answer)
{
	static const char *const parameters[][2] = { { "query", WATTS }, { "start", "1772366000" },
		{ "end", "1772366400" }, { "step", "60" } };
	AUTO_TRANSPORT *demo = fresh();
	AUTO_QUESTION question;

	question_prepare(&question, "GET", requests[_i].path, NULL);
	for (size_t i = 0; i < 4; i++)
		if (strcmp(parameters[i][0], requests[_i].name) != 0)
			question_add(&question, parameters[i][0], parameters[i][1]);
	question_add(&question, requests[_i].name, requests[_i].value);
	question_run(&question, demo);
	ck_assert_int_eq(question.request.status, requests[_i].status);
}
END_TEST

/* --- how its numbers hang together --- */

START_TEST(a_counter_is_the_integral_of_its_gauge)
{
	AUTO_TRANSPORT *demo = fresh();
	AUTO_QUESTION gauge, counter;
	const cJSON *watts, *hours;
	double low = 1e9, high = 0;

	clock_freeze(demo_now + 1800);
	ask_range(&gauge, demo, WATTS "{name=\"mandalore\"}", demo_now - 3600, demo_now + 1800);
	ask_range(&counter, demo, HOURS "{name=\"mandalore\"}", demo_now - 3600, demo_now + 1800);
	watts = cJSON_GetObjectItem(result_of(&gauge, "matrix")->child, "values");
	hours = cJSON_GetObjectItem(result_of(&counter, "matrix")->child, "values");
	ck_assert_int_eq(cJSON_GetArraySize(watts), 361);
	ck_assert_int_eq(cJSON_GetArraySize(hours), 361);
	for (const cJSON *w = watts->child->next, *h = hours->child->next; w; w = w->next, h = h->next) {
		double drawn = strtod(cJSON_GetArrayItem(w, 1)->valuestring, NULL);
		double counted = strtod(cJSON_GetArrayItem(h, 1)->valuestring, NULL) -
			strtod(cJSON_GetArrayItem(h->prev, 1)->valuestring, NULL);

		ck_assert_double_eq_tol(counted * 3600 / 15, drawn, 0.01);
		ck_assert_double_ge(drawn, 8);
		ck_assert_double_le(drawn, 24);
		low = drawn < low ? drawn : low;
		high = drawn > high ? drawn : high;
	}
	ck_assert_double_gt(high - low, 1); /* it moves */
}
END_TEST

START_TEST(an_increase_is_what_lies_between)
{
	static const int64_t hours[] = { 1, 12, 24, 300, 700 };
	AUTO_TRANSPORT *demo = fresh();

	clock_freeze(demo_now + 7200);
	for (size_t i = 0; i < 5; i++) {
		char text[128];
		double between, increase;

		snprintf(text, sizeof(text), "increase(" HOURS "{name=\"corellia\"}[%dh])", (int)hours[i]);
		increase = value_at(demo, text, demo_now + 7200);
		between = value_at(demo, HOURS "{name=\"corellia\"}", demo_now + 7200) -
			value_at(demo, HOURS "{name=\"corellia\"}", demo_now + 7200 - hours[i] * 3600);
		ck_assert_double_eq_tol(increase, between, 0.001);
		ck_assert_double_gt(increase, 44 * (double)hours[i]); /* what it draws at rest */
		ck_assert_double_lt(increase, 71 * (double)hours[i]);
	}
}
END_TEST

START_TEST(the_past_stays_as_it_was)
{
	AUTO_TRANSPORT *demo = fresh();
	AUTO_QUESTION early, late;

	clock_freeze(demo_now + 30);
	ask_range(&early, demo, WATTS, demo_now - 3600, demo_now + 15);
	clock_freeze(demo_now + 5000);
	ask_range(&late, demo, WATTS, demo_now - 3600, demo_now + 15);
	ck_assert_str_eq(buffer_text(&early.body), buffer_text(&late.body));
}
END_TEST

START_TEST(two_days_later_a_day_is_remembered)
{
	AUTO_TRANSPORT *demo = fresh();
	double before = 0;

	clock_freeze(demo_now + 2 * 86400);
	question_settle(demo);
	for (int64_t at = -40 * 86400; at <= 2 * 86400; at += 7200) {
		double now = value_at(demo, HOURS "{name=\"dagobah\"}", demo_now + at);

		ck_assert_double_ge(now, before);
		before = now;
	}
	ck_assert_double_gt(value_at(demo, HOURS "{name=\"dagobah\"}", demo_now - 200 * 86400), 0);
	ck_assert_double_le(value_at(demo, HOURS "{name=\"dagobah\"}", demo_now - 400 * 86400), 0);
}
END_TEST

TEST_MAIN("demo power", TEST(a_plug_a_node_but_for_the_shelf), TEST_TABLE(a_query_and_its_series, queries),
	TEST_TABLE(what_it_does_not_understand, wrong), TEST_TABLE(a_parameter_and_its_answer, requests),
	TEST(a_counter_is_the_integral_of_its_gauge), TEST(an_increase_is_what_lies_between),
	TEST(the_past_stays_as_it_was), TEST(two_days_later_a_day_is_remembered))
