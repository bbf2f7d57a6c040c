/* What a server tells of itself. */
#include "clusterutils/kube/server.h"

#include "script.h"
#include "suite.h"

#define GROUP(versions) "{\"kind\":\"APIGroup\",\"versions\":[" versions "]}"
#define V1              "{\"groupVersion\":\"metrics.k8s.io/v1\",\"version\":\"v1\"}"
#define V1BETA1         "{\"groupVersion\":\"metrics.k8s.io/v1beta1\",\"version\":\"v1beta1\"}"
#define VERSION(minor)  "{\"major\":\"1\",\"minor\":\"" minor "\",\"gitVersion\":\"v1." minor ".0\"}"

static const struct {
	int version_status;
	const char *version;
	int metrics_status;
	const char *metrics;
	unsigned minor;
	const char *metrics_version;
	bool streams, begins;
} servers[] = {
	{ 200, VERSION("36"), 200, GROUP(V1BETA1), 36, "v1beta1", true, true },
	{ 200, VERSION("37"), 200, GROUP(V1BETA1 "," V1), 37, "v1", true, true },
	{ 200, VERSION("33+"), 404, "x", 33, "", true, false },
	{ 200, VERSION("32"), 403, "x", 32, "", false, false },
	{ 403, "x", 503, "x", 0, "", false, false },
	{ 200, "not json", 200, "[]", 0, "", false, false },
	{ 200, "{\"major\":1,\"minor\":{}}", 200, "{\"versions\":7}", 0, "", false, false },
};

START_TEST(it_is_known_by_two_answers)
{
	const struct script_answer answers[] = {
		{ .asks = "GET /version\n", .status = servers[_i].version_status, .body = servers[_i].version },
		{ .asks = "GET /apis/metrics.k8s.io\n",
			.status = servers[_i].metrics_status,
			.body = servers[_i].metrics },
	};
	struct script script;
	struct server server;
	struct error err;

	script_init(&script, answers, 2);
	ck_assert_int_eq(server_ask(&script.transport, &server, &err), 0);
	ck_assert_uint_eq(server.minor, servers[_i].minor);
	ck_assert_str_eq(server.metrics_version, servers[_i].metrics_version);
	ck_assert_int_eq(server_streams_lists(&server), servers[_i].streams);
	ck_assert_int_eq(server_begins_watches(&server), servers[_i].begins);
	ck_assert_int_eq(server.metrics_error.code != ERROR_NONE, !*servers[_i].metrics_version);
	script_release(&script);
}
END_TEST

START_TEST(one_that_cannot_be_reached_is_an_error)
{
	static const struct script_answer answers[] = {
		{ .asks = "version",
			.status = 0,
			.body = "",
			.lost = { .code = ERROR_UNAVAILABLE, .message = "gone" } },
		{ .asks = "metrics",
			.status = 0,
			.body = "",
			.lost = { .code = ERROR_UNAVAILABLE, .message = "gone" } },
	};
	struct script script;
	struct server server;
	struct error err;

	script_init(&script, answers, 2);
	ck_assert_int_eq(server_ask(&script.transport, &server, &err), -1);
	ck_assert_str_eq(err.message, "gone");
	script_release(&script);
}
END_TEST

TEST_MAIN("kube/server", TEST_TABLE(it_is_known_by_two_answers, servers), TEST(one_that_cannot_be_reached_is_an_error))
