/* Questions to a Prometheus and what it answers: shapes recorded from Prometheus 3.5 and 2.55. */
#include "clusterutils/kube/prometheus.h"

#include <string.h>

#include "script.h"
#include "suite.h"

#define PATH   "/api/v1/namespaces/monitoring/services/http:prometheus-server:80/proxy"
#define METRIC "shelly_meter_power_current_watts"

static const struct {
	const char *text;
	int64_t milli;
} numbers[] = {
	{ "0", 0 },
	{ "71.25", 71250 },
	{ "102.11", 102110 },
	{ "-3.5", -3500 },
	{ "+4", 4000 },
	{ "-0", 0 },
	{ "0.0004", 0 },
	{ "0.0005", 1 },
	{ "-0.00049999999999999999999", 0 },
	{ "0.99999999999999999999", 1000 },
	{ "1234567.891", 1234567891 },
	{ "1e-06", 0 },
	{ "1.5e+03", 1500000 },
	{ "1E2", 100000 },
	{ "9223372036854775", INT64_C(9223372036854775000) },
	{ "9223372036854776", SERIES_UNKNOWN },
	{ "123456789012345678901234567890", SERIES_UNKNOWN },
	{ "1e+21", SERIES_UNKNOWN },
	{ "1e999999999999999999999", SERIES_UNKNOWN },
	{ "1e-999999999999999999999", 0 },
	{ "NaN", SERIES_UNKNOWN },
	{ "+Inf", SERIES_UNKNOWN },
	{ "-Inf", SERIES_UNKNOWN },
	{ "", SERIES_UNKNOWN },
	{ "-", SERIES_UNKNOWN },
	{ ".5", SERIES_UNKNOWN },
	{ "1e", SERIES_UNKNOWN },
	{ "1e+", SERIES_UNKNOWN },
	{ "12 ", SERIES_UNKNOWN },
	{ "0x10", SERIES_UNKNOWN },
	{ "5Ki", SERIES_UNKNOWN },
};

START_TEST(numbers_are_exact_thousandths)
{
	ck_assert_int_eq(prometheus_number(numbers[_i].text), numbers[_i].milli);
}
END_TEST

#define REFUSED NULL
static const struct {
	const char *service, *path;
} services[] = {
	{ "monitoring/prometheus-server:80", PATH },
	{ "monitoring/prometheus", "/api/v1/namespaces/monitoring/services/http:prometheus:/proxy" },
	{ "m/https:p:web/prometheus/", "/api/v1/namespaces/m/services/https:p:web/proxy/prometheus" },
	{ "m/http:p:9090/select/0/prometheus", "/api/v1/namespaces/m/services/http:p:9090/proxy/select/0/prometheus" },
	{ "", REFUSED },
	{ "prometheus", REFUSED },
	{ "/prometheus", REFUSED },
	{ "m/", REFUSED },
	{ "m/:80", REFUSED },
	{ "m/p:", REFUSED },
	{ "m/p:80:90", REFUSED },
	{ "m/p:80/../../secrets", REFUSED },
	{ "../p", REFUSED },
	{ "m/p?x=1", REFUSED },
	{ "m/p/a b", REFUSED },
	{ "m%2f/p", REFUSED },
};

START_TEST(a_service_is_a_path_of_the_api_server)
{
	char path[PATH_SIZE] = "";
	struct error err = { 0 };
	int result = prometheus_path(services[_i].service, path, &err);

	if (services[_i].path) {
		ck_assert_int_eq(result, 0);
		ck_assert_str_eq(path, services[_i].path);
	} else {
		ck_assert_int_eq(result, -1);
		ck_assert_int_eq(err.code, ERROR_USAGE);
		ck_assert_ptr_nonnull(strstr(err.message, "must be NAMESPACE/SERVICE[:PORT]"));
	}
}
END_TEST

/* Asks once; the script's answer comes in pieces of a few bytes. */
static int ask(const struct script_answer *answer, struct series_list *ret_list, struct error *err)
{
	struct prometheus_query query = { 0 };
	struct script script;
	int result;

	script_init(&script, answer, 1);
	script.piece = 7;
	prometheus_ask(&query, &script.transport, PATH, METRIC);
	while (!query.request.done)
		transport_step(&script.transport, 0);
	result = prometheus_finish(&query, ret_list, err);
	ck_assert_str_eq(buffer_text(&script.asked), "GET " PATH "/api/v1/query?query=" METRIC "\n");
	prometheus_release(&query, &script.transport);
	script_release(&script);
	return result;
}

#define AUTO_SERIES           CLEANUP(series_list_release) struct series_list
#define SUCCESS(type, result) "{\"status\":\"success\",\"data\":{\"resultType\":\"" type "\",\"result\":" result "}}"

START_TEST(a_vector_is_series_of_one_point)
{
	static const struct script_answer answer = { .asks = "query",
		.status = 200,
		.body = SUCCESS("vector",
			"[{\"metric\":{\"__name__\":\"" METRIC "\",\"address\":\"192.168.1.61\",\"channel\":\"0\","
			"\"name\":\"corellia\\u001b[2J\"},\"value\":[1772366400.781,\"23.41\"]},"
			"{\"metric\":{},\"value\":[1772366400,\"NaN\"]}]") };
	AUTO_SERIES list = { 0 };
	struct error err = { 0 };

	ck_assert_int_eq(ask(&answer, &list, &err), 0);
	ck_assert_uint_eq(list.count, 2);
	ck_assert_str_eq(series_label(&list.items[0], "__name__"), METRIC);
	ck_assert_str_eq(series_label(&list.items[0], "name"), "corellia\uFFFD[2J");
	ck_assert_ptr_null(series_label(&list.items[0], "mac"));
	ck_assert_uint_eq(list.items[0].point_count, 1);
	ck_assert_int_eq(list.items[0].points[0].time, INT64_C(1772366400781));
	ck_assert_int_eq(list.items[0].points[0].milli, 23410);
	ck_assert_uint_eq(list.items[1].label_count, 0);
	ck_assert_int_eq(list.items[1].points[0].milli, SERIES_UNKNOWN);
}
END_TEST

START_TEST(a_matrix_is_series_of_many)
{
	static const struct script_answer answer = {
		.asks = "/query_range?query=x&start=1772362800&end=1772366400&step=60",
		.status = 200,
		.body = SUCCESS("matrix",
			"[{\"metric\":{\"name\":\"a\"},\"values\":[[1772362800,\"1\"],[1772362860,\"+Inf\"],[1772362920,\"3\"]]}]")
	};
	struct prometheus_query query = { 0 };
	AUTO_SERIES list = { 0 };
	struct script script;
	struct error err = { 0 };

	script_init(&script, &answer, 1);
	prometheus_ask_range(&query, &script.transport, PATH, "x", 1772362800, 1772366400, 60);
	while (!query.request.done)
		transport_step(&script.transport, 0);
	ck_assert_int_eq(prometheus_finish(&query, &list, &err), 0);
	ck_assert_uint_eq(list.count, 1);
	ck_assert_uint_eq(list.items[0].point_count, 3);
	ck_assert_int_eq(list.items[0].points[1].milli, SERIES_UNKNOWN);
	ck_assert_int_eq(list.items[0].points[2].time, INT64_C(1772362920000));
	prometheus_release(&query, &script.transport);
	script_release(&script);
}
END_TEST

/* What may be read, and how many series and points of the first it then has. */
static const struct {
	const char *body;
	size_t series, points;
} odd[] = {
	{ SUCCESS("vector", "[]"), 0, 0 },
	{ SUCCESS("matrix", "[]"), 0, 0 },
	{ SUCCESS("vector", "null"), 0, 0 },
	{ SUCCESS("scalar", "[1772366400,\"2\"]"), 1, 1 },
	{ SUCCESS("scalar", "7"), 1, 0 },
	{ SUCCESS("vector", "[7,null,\"x\",[],{\"metric\":7,\"value\":7}]"), 1, 0 },
	{ SUCCESS("vector", "[{\"metric\":{\"a\":7,\"b\":\"c\"},\"histogram\":[1772366400,{\"count\":\"1\"}]}]"), 1,
		0 },
	{ SUCCESS("vector", "[{\"value\":[1772366400,5]}]"), 1, 1 },
	{ SUCCESS("vector", "[{\"value\":[\"now\",\"5\"]}]"), 1, 0 },
	{ SUCCESS("vector", "[{\"value\":[-1,\"5\"]}]"), 1, 0 },
	{ SUCCESS("vector", "[{\"value\":[1e300,\"5\"]}]"), 1, 0 },
	{ SUCCESS("vector", "[{\"value\":[1772366400]}]"), 1, 1 },
	{ SUCCESS("matrix", "[{\"values\":[[],[1],7,[2,\"3\"]]}]"), 1, 2 },
	{ SUCCESS("matrix", "[{\"values\":{\"a\":[2,\"3\"]}}]"), 1, 0 },
};

START_TEST(what_is_no_number_is_no_point)
{
	struct script_answer answer = { .asks = "query", .status = 200, .body = odd[_i].body };
	AUTO_SERIES list = { 0 };
	struct error err = { 0 };

	ck_assert_int_eq(ask(&answer, &list, &err), 0);
	ck_assert_uint_eq(list.count, odd[_i].series);
	if (list.count)
		ck_assert_uint_eq(list.items[0].point_count, odd[_i].points);
}
END_TEST

#define REFUSAL(type, words) "{\"status\":\"error\",\"errorType\":\"" type "\",\"error\":\"" words "\"}"

static const struct {
	int status;
	const char *body;
	enum error_code code;
	const char *message;
} failures[] = {
	{ 400, REFUSAL("bad_data", "invalid parameter \\\"query\\\": 1:3: parse error: unexpected \\u001b"),
		ERROR_INVALID,
		"Prometheus refuses the query: bad_data: invalid parameter \"query\": 1:3: parse error: unexpected ?" },
	{ 422, REFUSAL("execution", "many-to-many matching not allowed"), ERROR_FAILED,
		"Prometheus refuses the query: execution: many-to-many matching not allowed" },
	{ 503, REFUSAL("timeout", "query timed out in expression evaluation"), ERROR_TIMEOUT,
		"Prometheus refuses the query: timeout: query timed out in expression evaluation" },
	{ 503, "{\"status\":\"error\"}", ERROR_FAILED, "Prometheus refuses the query: " },
	{ 503,
		"{\"kind\":\"Status\",\"status\":\"Failure\",\"message\":\"no endpoints available for service "
		"\\\"http:prometheus:80\\\"\",\"reason\":\"ServiceUnavailable\",\"code\":503}",
		ERROR_UNAVAILABLE, "no endpoints available for service \"http:prometheus:80\"" },
	{ 404, "404 page not found", ERROR_NOT_FOUND, "404 page not found" },
	{ 200, REFUSAL("bad_data", "x"), ERROR_INVALID, "Prometheus refuses the query: bad_data: x" },
	{ 200, "", ERROR_INVALID, "the answer is not that of a Prometheus: invalid JSON" },
	{ 200, "<html>", ERROR_INVALID, "the answer is not that of a Prometheus: invalid JSON" },
	{ 200, "[]", ERROR_INVALID, "the answer is not that of a Prometheus: it has no status" },
	{ 200, "{\"status\":\"success\"}", ERROR_INVALID,
		"Prometheus answers with something without a type, not with series" },
	{ 200, SUCCESS("string", "[1,\"x\"]"), ERROR_INVALID, "Prometheus answers with string, not with series" },
	{ 200, SUCCESS("vector", "{}"), ERROR_INVALID, "Prometheus answers with vector, not with series" },
};

START_TEST(a_failure_is_a_sentence)
{
	struct script_answer answer = { .asks = "query", .status = failures[_i].status, .body = failures[_i].body };
	AUTO_SERIES list = { 0 };
	struct error err = { 0 };

	ck_assert_int_eq(ask(&answer, &list, &err), -1);
	ck_assert_str_eq(err.message, failures[_i].message);
	ck_assert_int_eq(err.code, failures[_i].code);
	ck_assert_int_eq(err.http_status, failures[_i].status == 200 ? 0 : failures[_i].status);
}
END_TEST

START_TEST(an_answer_is_bounded)
{
	AUTO_BUFFER body = { 0 };
	struct script_answer answer = { .asks = "query", .status = 200 };
	struct prometheus_query query = { 0 };
	AUTO_SERIES list = { 0 };
	struct script script;
	struct error err = { 0 };

	buffer_add_repeated(&body, ' ', PROMETHEUS_ANSWER_MAX + 1);
	answer.body = buffer_text(&body);
	script_init(&script, &answer, 1);
	prometheus_ask(&query, &script.transport, PATH, METRIC);
	while (!query.request.done)
		transport_step(&script.transport, 0);
	ck_assert_int_eq(prometheus_finish(&query, &list, &err), -1);
	ck_assert_str_eq(err.message, "the answer of Prometheus has more than 2097152 bytes");
	prometheus_release(&query, &script.transport);
	script_release(&script);
}
END_TEST

START_TEST(what_is_given_up_is_not_touched_again)
{
	static const struct script_answer answer = { .asks = "query", .status = 200, .body = "{", .stays_open = true };
	struct prometheus_query query = { 0 };
	struct script script;

	script_init(&script, &answer, 1);
	prometheus_release(&query, &script.transport); /* never started */
	prometheus_ask(&query, &script.transport, PATH, METRIC);
	transport_step(&script.transport, 0);
	prometheus_release(&query, &script.transport);
	ck_assert_uint_eq(script.open_count, 0);
	transport_step(&script.transport, 0);
	script_release(&script);
}
END_TEST

TEST_MAIN("kube/prometheus", TEST_TABLE(numbers_are_exact_thousandths, numbers),
	TEST_TABLE(a_service_is_a_path_of_the_api_server, services), TEST(a_vector_is_series_of_one_point),
	TEST(a_matrix_is_series_of_many), TEST_TABLE(what_is_no_number_is_no_point, odd),
	TEST_TABLE(a_failure_is_a_sentence, failures), TEST(an_answer_is_bounded),
	TEST(what_is_given_up_is_not_touched_again))
