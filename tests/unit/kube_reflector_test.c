/* Lists that are followed: what is asked after what, and what the store holds then. */
#include <stdio.h>
#include <string.h>

#include "clusterutils/kube/sync.h"
#include "clusterutils/util/clock.h"
#include "objects.h"
#include "script.h"
#include "suite.h"

#define NODE(name, version) "{\"metadata\":{\"name\":\"" name "\",\"resourceVersion\":\"" version "\"}}"
#define LIST(version, items) \
	"{\"kind\":\"NodeList\",\"metadata\":{\"resourceVersion\":\"" version "\"},\"items\":[" items "]}"
#define PAGE(version, token, items) \
	"{\"kind\":\"NodeList\",\"metadata\":{\"resourceVersion\":\"" version "\",\"continue\":\"" token \
	"\"},\"items\":[" items "]}"
#define EVENT(type, object) "{\"type\":\"" type "\",\"object\":" object "}\n"
#define STATUS(code, reason) \
	"{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\"m\",\"reason\":\"" reason \
	"\",\"code\":" code "}"
#define LOST \
	{ \
		.code = ERROR_UNAVAILABLE, .message = "the connection is lost" \
	}

static const struct server streaming = { .major = 1, .minor = 33, .metrics_version = "v1beta1" };
static const struct server beginning = { .major = 1, .minor = 36 };
static const struct server old = { .major = 1, .minor = 30 };

struct fixture {
	struct script script;
	struct cluster cluster;
	struct sync_options options;
	struct sync_list list;
	struct sync *sync;
};

static void set_up(struct fixture *f, const struct server *server, const struct script_answer *answers, size_t count)
{
	*f = (struct fixture){ .options = { .server = server, .pause_ms = 1 }, .list = { .kind = KIND_NODE } };
	script_init(&f->script, answers, count);
	cluster_init(&f->cluster);
}

static void tear_down(struct fixture *f)
{
	sync_free(f->sync);
	cluster_release(&f->cluster);
	script_release(&f->script);
}

/* Until all answers are given and taken in, or a second is over. */
static void follow(struct fixture *f)
{
	int64_t until = clock_monotonic_ms() + 1000;

	f->sync = sync_new(&f->script.transport, &f->options, &f->list, 1, &f->cluster);
	while (!script_is_over(&f->script) && clock_monotonic_ms() < until)
		sync_step(f->sync, 1);
	for (int i = 0; i < 5; i++)
		sync_step(f->sync, 0);
	ck_assert_msg(script_is_over(&f->script), "%s", buffer_text(&f->script.asked));
}

static size_t node_count(const struct fixture *f)
{
	return cluster_node_count(&f->cluster);
}

static bool has_node(const struct fixture *f, const char *name)
{
	return cluster_find(&f->cluster, KIND_NODE, name, NULL) != NULL;
}

static bool asked(const struct fixture *f, const char *part)
{
	return strstr(buffer_text(&f->script.asked), part) != NULL;
}

START_TEST(a_list_is_watched_from_its_version)
{
	static const struct script_answer answers[] = {
		{ .asks = "GET /api/v1/nodes?resourceVersion=0",
			.status = 200,
			.body = LIST("10", NODE("a", "1") "," NODE("b", "2")) },
		{ .asks = "watch=1",
			.status = 200,
			.body = EVENT("ADDED", NODE("c", "11")) EVENT("DELETED", NODE("a", "12"))
				EVENT("MODIFIED", NODE("b", "13")) EVENT("BOOKMARK", NODE("", "20")) },
		{ .asks = "resourceVersion=20", .status = 200, .body = "", .stays_open = true },
	};
	struct fixture f;

	for (size_t piece = 0; piece < 8; piece++) {
		set_up(&f, &streaming, answers, 3);
		f.script.piece = piece;
		follow(&f);
		ck_assert(asked(&f, "resourceVersion=10\n") && asked(&f, "allowWatchBookmarks=true"));
		ck_assert_uint_eq(node_count(&f), 2);
		ck_assert(has_node(&f, "b") && has_node(&f, "c"));
		ck_assert_int_eq(f.list.state, SYNC_CURRENT);
		tear_down(&f);
	}
}
END_TEST

START_TEST(an_expired_watch_is_read_again_without_an_empty_store)
{
	static const struct script_answer answers[] = {
		{ .asks = "?resourceVersion=0", .status = 200, .body = LIST("10", NODE("a", "1") "," NODE("b", "2")) },
		{ .asks = "watch=1", .status = 200, .body = EVENT("ERROR", STATUS("410", "Expired")) },
		{ .asks = "nodes?resourceVersion=10\n", .status = 410, .body = STATUS("410", "Expired") },
		{ .asks = "nodes\n", .status = 200, .body = LIST("30", NODE("b", "2") "," NODE("c", "25")) },
		{ .asks = "resourceVersion=30", .status = 200, .body = "", .stays_open = true },
	};
	struct fixture f;
	int64_t until = clock_monotonic_ms() + 1000;
	bool was_full = false;

	set_up(&f, &streaming, answers, 5);
	f.sync = sync_new(&f.script.transport, &f.options, &f.list, 1, &f.cluster);
	while (!script_is_over(&f.script) && clock_monotonic_ms() < until) {
		sync_step(f.sync, 1);
		was_full = was_full || node_count(&f) == 2;
		ck_assert(!was_full || node_count(&f) >= 2);
	}
	ck_assert_msg(script_is_over(&f.script), "%s", buffer_text(&f.script.asked));
	ck_assert(!has_node(&f, "a") && has_node(&f, "b") && has_node(&f, "c"));
	ck_assert_int_eq(f.list.state, SYNC_CURRENT);
	tear_down(&f);
}
END_TEST

START_TEST(an_old_server_is_read_in_pages)
{
	static const struct script_answer answers[] = {
		{ .asks = "nodes?limit=5000\n", .status = 200, .body = PAGE("10", "p2", NODE("a", "1")) },
		{ .asks = "nodes?limit=5000&continue=p2\n", .status = 200, .body = LIST("10", NODE("b", "2")) },
		{ .asks = "watch=1", .status = 200, .body = "", .stays_open = true },
	};
	struct fixture f;

	set_up(&f, &old, answers, 3);
	follow(&f);
	ck_assert_uint_eq(node_count(&f), 2);
	ck_assert_uint_eq(f.list.objects, 2);
	tear_down(&f);
}
END_TEST

START_TEST(an_expired_page_means_all_in_one_answer)
{
	static const struct script_answer answers[] = {
		{ .asks = "nodes?limit=1\n", .status = 200, .body = PAGE("10", "p2", NODE("a", "1")) },
		{ .asks = "continue=p2\n", .status = 410, .body = STATUS("410", "Expired") },
		{ .asks = "nodes?resourceVersion=0\n", .status = 200, .body = LIST("20", NODE("b", "2")) },
	};
	struct fixture f;

	set_up(&f, &streaming, answers, 3);
	f.options.has_chunk_size = true;
	f.options.chunk_size = 1;
	sync_run(&f.script.transport, &f.options, &f.list, 1, &f.cluster);
	ck_assert(script_is_over(&f.script) && !f.list.is_failed);
	ck_assert(!has_node(&f, "a") && has_node(&f, "b"));
	ck_assert_uint_eq(f.list.objects, 1);
	tear_down(&f);
}
END_TEST

START_TEST(a_page_that_comes_again_is_an_error)
{
	static const struct script_answer answers[] = {
		{ .asks = "limit", .status = 200, .body = PAGE("10", "p2", NODE("a", "1")) },
		{ .asks = "continue=p2", .status = 200, .body = PAGE("10", "p2", NODE("a", "1")) },
	};
	struct fixture f;

	set_up(&f, &old, answers, 2);
	sync_run(&f.script.transport, &f.options, &f.list, 1, &f.cluster);
	ck_assert(f.list.is_failed);
	ck_assert_str_eq(f.list.error.message, "the server sends the same page again");
	ck_assert_uint_eq(node_count(&f), 0);
	tear_down(&f);
}
END_TEST

/* The body ends in the middle: once, and every time. */
START_TEST(a_list_that_breaks_off_is_read_again_and_never_shown_in_part)
{
	static const char half[] = "{\"kind\":\"NodeList\",\"metadata\":{},\"items\":[" NODE("a", "1") ",";
	static const struct script_answer answers[] = {
		{ .asks = "nodes", .status = 200, .body = half, .lost = LOST },
		{ .asks = "nodes", .status = 200, .body = half, .lost = LOST },
		{ .asks = "nodes", .status = 200, .body = LIST("7", NODE("b", "2")) },
		{ .asks = "nodes", .status = 200, .body = half, .lost = LOST },
	};
	struct fixture f;

	set_up(&f, &streaming, answers, 3);
	sync_run(&f.script.transport, &f.options, &f.list, 1, &f.cluster);
	ck_assert(!f.list.is_failed && script_is_over(&f.script));
	ck_assert(has_node(&f, "b") && !has_node(&f, "a"));
	tear_down(&f);

	set_up(&f, &streaming, answers, 4);
	f.script.given[2] = true;
	sync_run(&f.script.transport, &f.options, &f.list, 1, &f.cluster);
	ck_assert(f.list.is_failed && script_is_over(&f.script));
	ck_assert_str_eq(f.list.error.message, "the connection is lost");
	ck_assert_uint_eq(node_count(&f), 0);
	tear_down(&f);
}
END_TEST

START_TEST(a_lost_watch_leaves_stale_data_and_goes_on_from_its_version)
{
	static const struct script_answer answers[] = {
		{ .asks = "?resourceVersion=0", .status = 200, .body = LIST("10", NODE("a", "1")) },
		{ .asks = "resourceVersion=10", .status = 200, .body = EVENT("ADDED", NODE("b", "11")), .lost = LOST },
		{ .asks = "resourceVersion=11", .status = 0, .body = "", .lost = LOST },
		{ .asks = "resourceVersion=11", .status = 429, .body = STATUS("429", "TooManyRequests") },
		{ .asks = "resourceVersion=11", .status = 200, .body = "", .stays_open = true },
	};
	struct fixture f;
	int64_t until = clock_monotonic_ms() + 1000;
	bool was_stale = false;

	set_up(&f, &streaming, answers, 5);
	f.sync = sync_new(&f.script.transport, &f.options, &f.list, 1, &f.cluster);
	while ((!script_is_over(&f.script) || f.list.state != SYNC_CURRENT) && clock_monotonic_ms() < until) {
		sync_step(f.sync, 1);
		if (f.list.state != SYNC_STALE)
			continue;
		was_stale = true;
		ck_assert_int_eq(f.list.error.code, ERROR_UNAVAILABLE);
		ck_assert_uint_eq(node_count(&f), 2);
	}
	ck_assert(was_stale && script_is_over(&f.script));
	ck_assert_int_eq(f.list.state, SYNC_CURRENT);
	ck_assert_int_eq(f.list.error.code, ERROR_NONE);
	tear_down(&f);
}
END_TEST

START_TEST(a_watch_may_begin_with_what_is_there)
{
	static const char end[] = "{\"metadata\":{\"resourceVersion\":\"12\",\"annotations\":{"
				  "\"k8s.io/initial-events-end\":\"true\"}}}";
	static const struct script_answer answers[] = {
		{ .asks = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan\n",
			.status = 200,
			.body = "",
			.stays_open = true },
	};
	static struct script_answer with_body[1];
	static char body[1024];
	struct fixture f;

	snprintf(body, sizeof(body), "%s%s{\"type\":\"BOOKMARK\",\"object\":%s}\n%s", EVENT("ADDED", NODE("a", "5")),
		EVENT("ADDED", NODE("b", "3")), end, EVENT("DELETED", NODE("a", "13")));
	with_body[0] = answers[0];
	with_body[0].body = body;
	set_up(&f, &beginning, with_body, 1);
	f.script.piece = 10;
	f.sync = sync_new(&f.script.transport, &f.options, &f.list, 1, &f.cluster);
	for (int i = 0; i < 200; i++) {
		sync_step(f.sync, 0);
		ck_assert(f.list.state == SYNC_CURRENT || !has_node(&f, "b") || has_node(&f, "a"));
	}
	ck_assert_int_eq(f.list.state, SYNC_CURRENT);
	ck_assert(has_node(&f, "b") && !has_node(&f, "a"));
	tear_down(&f);
}
END_TEST

START_TEST(where_it_may_not_a_list_comes_first)
{
	static const struct script_answer answers[] = {
		{ .asks = "sendInitialEvents=true", .status = 422, .body = STATUS("422", "Invalid") },
		{ .asks = "nodes?resourceVersion=0\n", .status = 200, .body = LIST("10", NODE("a", "1")) },
		{ .asks = "resourceVersion=10", .status = 200, .body = EVENT("ERROR", STATUS("410", "Expired")) },
		{ .asks = "nodes?resourceVersion=10\n", .status = 200, .body = LIST("12", NODE("b", "1")) },
		{ .asks = "resourceVersion=12", .status = 200, .body = "", .stays_open = true },
	};
	struct fixture f;

	set_up(&f, &beginning, answers, 5);
	follow(&f);
	ck_assert(has_node(&f, "b") && !has_node(&f, "a"));
	tear_down(&f);
}
END_TEST

START_TEST(who_may_not_watch_reads_again)
{
	static const struct script_answer answers[] = {
		{ .asks = "?resourceVersion=0", .status = 200, .body = LIST("10", NODE("a", "1")) },
		{ .asks = "watch=1", .status = 403, .body = STATUS("403", "Forbidden") },
	};
	struct fixture f;

	set_up(&f, &streaming, answers, 2);
	follow(&f);
	ck_assert_int_eq(f.list.state, SYNC_CURRENT);
	ck_assert_uint_eq(script_requests(&f.script), 2);
	tear_down(&f);
}
END_TEST

START_TEST(an_object_that_is_no_longer_valid_is_left_out)
{
	static const struct script_answer answers[] = {
		{ .asks = "?resourceVersion=0", .status = 200, .body = LIST("10", NODE("a", "1")) },
		{ .asks = "watch=1",
			.status = 200,
			.body = EVENT(
				"MODIFIED", "{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"11\"},\"spec\":5}"),
			.stays_open = true },
	};
	struct fixture f;

	set_up(&f, &streaming, answers, 2);
	follow(&f);
	ck_assert_uint_eq(f.list.invalid, 1);
	ck_assert_uint_eq(node_count(&f), 0);
	tear_down(&f);
}
END_TEST

START_TEST(metrics_are_asked_in_the_version_that_is_there)
{
	static const struct script_answer answers[] = {
		{ .asks = "GET /apis/metrics.k8s.io/v1/nodes\n",
			.status = 200,
			.body = "{\"items\":[{\"metadata\":{\"name\":\"a\"},\"window\":\"20s\",\"usage\":{\"cpu\":\"1\",\"memory\":\"1Mi\"}}]}" },
	};
	static const struct server server = { .major = 1, .minor = 37, .metrics_version = "v1" };
	static const struct server without = { .metrics_error = { .code = ERROR_NOT_FOUND, .message = "none" } };
	struct fixture f;

	set_up(&f, &server, answers, 1);
	f.list.kind = KIND_NODE_METRICS;
	follow(&f);
	ck_assert_int_eq(cluster_find_node(&f.cluster, "a")->sample.usage.cpu, 1000000000);
	ck_assert_int_eq(f.cluster.sample_window_seconds, 20);
	tear_down(&f);

	set_up(&f, &without, answers, 0);
	f.list.kind = KIND_NODE_METRICS;
	follow(&f);
	ck_assert_int_eq(f.list.state, SYNC_FAILED);
	ck_assert_str_eq(f.list.error.message, "none");
	ck_assert_uint_eq(script_requests(&f.script), 0);
	tear_down(&f);
}
END_TEST

START_TEST(a_paused_list_asks_nothing_and_goes_on_from_its_version)
{
	static const struct script_answer answers[] = {
		{ .asks = "?resourceVersion=0", .status = 200, .body = LIST("10", NODE("a", "1")) },
		{ .asks = "resourceVersion=10",
			.status = 200,
			.body = EVENT("ADDED", NODE("b", "11")),
			.stays_open = true },
		{ .asks = "resourceVersion=11",
			.status = 200,
			.body = EVENT("ADDED", NODE("c", "12")),
			.stays_open = true },
	};
	struct fixture f;

	set_up(&f, &streaming, answers, 3);
	f.list.is_paused = true;
	f.sync = sync_new(&f.script.transport, &f.options, &f.list, 1, &f.cluster);
	sync_step(f.sync, 0);
	ck_assert(sync_is_complete(f.sync));
	ck_assert_uint_eq(script_requests(&f.script), 0);

	f.list.is_paused = false;
	for (int i = 0; i < 8; i++)
		sync_step(f.sync, 0);
	ck_assert(has_node(&f, "b"));
	f.list.is_paused = true;
	for (int i = 0; i < 3; i++)
		sync_step(f.sync, 0);
	ck_assert_int_eq(f.list.state, SYNC_STALE);
	ck_assert_uint_eq(script_requests(&f.script), 2);
	ck_assert(has_node(&f, "b"));

	f.list.is_paused = false;
	for (int i = 0; i < 8; i++)
		sync_step(f.sync, 0);
	ck_assert(has_node(&f, "c"));
	ck_assert_int_eq(f.list.state, SYNC_CURRENT);
	tear_down(&f);
}
END_TEST

TEST_MAIN("kube/reflector", TEST(a_paused_list_asks_nothing_and_goes_on_from_its_version),
	TEST(a_list_is_watched_from_its_version), TEST(an_expired_watch_is_read_again_without_an_empty_store),
	TEST(an_old_server_is_read_in_pages), TEST(an_expired_page_means_all_in_one_answer),
	TEST(a_page_that_comes_again_is_an_error), TEST(a_list_that_breaks_off_is_read_again_and_never_shown_in_part),
	TEST(a_lost_watch_leaves_stale_data_and_goes_on_from_its_version), TEST(a_watch_may_begin_with_what_is_there),
	TEST(where_it_may_not_a_list_comes_first), TEST(who_may_not_watch_reads_again),
	TEST(an_object_that_is_no_longer_valid_is_left_out), TEST(metrics_are_asked_in_the_version_that_is_there))
