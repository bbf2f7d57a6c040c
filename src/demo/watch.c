#include "watch.h"

#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "clusterutils/util/text.h"
#include "tree.h"
#include "usage.h"

enum { BOOKMARK_SECONDS = 60, WATCH_SECONDS = 1800 };

void demo_exchange_release(struct demo_exchange *exchange)
{
	filter_release(&exchange->filter);
	exchange->filter = (struct filter){ 0 };
}

static const char *group_version(enum kind kind, char text[128])
{
	const struct kind_info *info = kind_info(kind);

	snprintf(text, 128, "%.60s%s%.60s", info->group, *info->group ? "/" : "", info->version);
	return text;
}

static bool is_metrics(enum kind kind)
{
	return kind == KIND_NODE_METRICS || kind == KIND_POD_METRICS;
}

/* --- lists --- */

/* Metrics that have moved on are not held as objects. */
static void send_metrics(struct demo_world *world, struct demo_exchange *exchange, enum kind kind)
{
	const struct index *objects = &world->store.objects[kind == KIND_NODE_METRICS ? KIND_NODE : KIND_POD];
	const char *separator = "";
	AUTO_BUFFER json = { 0 };

	for (size_t i = 0; i < objects->count; i++) {
		const struct demo_object *object = objects->items[i];

		if (!demo_usage_print(world, kind, object->namespace, object->name, &json) ||
			!filter_matches(&exchange->filter, json.bytes, json.length, &world->scratch))
			continue;
		if (demo_answer_send(exchange->request, separator, strlen(separator)) < 0 ||
			demo_answer_send(exchange->request, json.bytes, json.length) < 0)
			return;
		separator = ",";
	}
}

static void send_items(struct demo_world *world, struct demo_exchange *exchange, enum kind kind)
{
	const struct index *objects = &world->store.objects[kind];
	const char *separator = "";

	for (size_t i = 0; i < objects->count; i++) {
		const struct demo_object *object = objects->items[i];

		if (!filter_matches(&exchange->filter, object->text->bytes, object->text->length, &world->scratch))
			continue;
		if (demo_answer_send(exchange->request, separator, strlen(separator)) < 0 ||
			demo_answer_send(exchange->request, object->text->bytes, object->text->length) < 0)
			return;
		separator = ",";
	}
}

static void answer_list(struct demo_world *world, struct demo_exchange *exchange, enum kind kind)
{
	struct request *request = exchange->request;
	char head[512], version[24] = "", text[128];
	int length;

	if (!is_metrics(kind))
		snprintf(version, sizeof(version), "%llu", (unsigned long long)world->store.version);
	length = snprintf(head, sizeof(head),
		"{\"kind\":\"%sList\",\"apiVersion\":\"%s\",\"metadata\":{\"resourceVersion\":\"%s\"},\"items\":[",
		kind_info(kind)->name, group_version(kind, text), version);
	demo_answer_begin(request, 200);
	if (demo_answer_send(request, head, (size_t)length) < 0)
		return;
	if (is_metrics(kind) && !demo_usage_is_old(world))
		send_metrics(world, exchange, kind);
	else
		send_items(world, exchange, kind);
	demo_answer_send(request, "]}", 2);
	demo_answer_end(request);
}

/* --- watches --- */

static int send_event(struct demo_exchange *exchange, enum demo_change_type type, const char *json, size_t length)
{
	static const char *const names[] = { "ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR" };
	char head[64];
	int used = snprintf(head, sizeof(head), "{\"type\":\"%s\",\"object\":", names[type]);

	if (demo_answer_send(exchange->request, head, (size_t)used) < 0 ||
		demo_answer_send(exchange->request, json, length) < 0)
		return -1;
	return demo_answer_send(exchange->request, "}\n", 2);
}

static void send_expired(struct demo_world *world, struct demo_exchange *exchange, uint64_t asked)
{
	const struct demo_refusal refusal = { .code = 410, .reason = "Expired" };
	AUTO_BUFFER status = { 0 };
	char message[100];

	snprintf(message, sizeof(message), "too old resource version: %llu (%llu)", (unsigned long long)asked,
		(unsigned long long)world->store.forgotten);
	demo_status_add(&status, &refusal, message);
	if (send_event(exchange, DEMO_ERROR, status.bytes, status.length) == 0)
		demo_answer_end(exchange->request);
}

static int send_bookmark(struct demo_world *world, struct demo_exchange *exchange)
{
	char text[512], version[128];
	int length = snprintf(text, sizeof(text),
		"{\"kind\":\"%s\",\"apiVersion\":\"%s\",\"metadata\":{\"resourceVersion\":\"%llu\"%s}}",
		kind_info(exchange->filter.kind)->name, group_version(exchange->filter.kind, version),
		(unsigned long long)exchange->seen,
		exchange->owes_initial_end ? ",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}" : "");

	exchange->owes_initial_end = false;
	exchange->bookmark = world->now + BOOKMARK_SECONDS;
	return send_event(exchange, DEMO_BOOKMARK, text, (size_t)length);
}

static void send_all(struct demo_world *world, struct demo_exchange *exchange)
{
	const struct index *objects = &world->store.objects[exchange->filter.kind];

	exchange->seen = world->store.version;
	for (size_t i = 0; i < objects->count; i++) {
		const struct demo_object *object = objects->items[i];
		const struct demo_text *text = object->text;

		if (filter_matches(&exchange->filter, text->bytes, text->length, &world->scratch) &&
			send_event(exchange, DEMO_ADDED, text->bytes, text->length) < 0)
			return;
	}
}

/* Out of the selection: the object as it was, under the version of the change that took it out. */
static int send_left(struct demo_exchange *exchange, const struct demo_change *change)
{
	cJSON *tree = cJSON_ParseWithLength(change->before->bytes, change->before->length + 1);
	AUTO_TREE_TEXT *printed = NULL;
	char version[24];

	snprintf(version, sizeof(version), "%llu", (unsigned long long)change->version);
	demo_tree_set_text(demo_tree_object(tree, "metadata"), "resourceVersion", version);
	printed = demo_tree_print(tree);
	cJSON_Delete(tree);
	return send_event(exchange, DEMO_DELETED, printed, strlen(printed));
}

/* 1 where something was sent. */
static int send_change(struct demo_world *world, struct demo_exchange *exchange, const struct demo_change *change)
{
	const struct demo_text *now = change->object, *before = change->before;
	const struct filter *filter = &exchange->filter;
	bool was_in = before && filter_matches(filter, before->bytes, before->length, &world->scratch);
	bool is_in = change->type != DEMO_DELETED && filter_matches(filter, now->bytes, now->length, &world->scratch);

	if (is_in)
		return send_event(exchange, was_in ? DEMO_MODIFIED : DEMO_ADDED, now->bytes, now->length) < 0 ? -1 : 1;
	if (!was_in)
		return 0;
	if (change->type == DEMO_DELETED)
		return send_event(exchange, DEMO_DELETED, now->bytes, now->length) < 0 ? -1 : 1;
	return send_left(exchange, change) < 0 ? -1 : 1;
}

static bool send_changes(struct demo_world *world, struct demo_exchange *exchange)
{
	bool has_sent = false;

	for (size_t i = 0; i < world->store.log_count && !exchange->request->done; i++) {
		const struct demo_change *change = demo_store_change(&world->store, i);

		if (change->version <= exchange->seen)
			continue;
		exchange->seen = change->version;
		if (change->kind == exchange->filter.kind)
			has_sent = send_change(world, exchange, change) != 0 || has_sent;
	}
	return has_sent;
}

bool demo_watch_step(struct demo_world *world, struct demo_exchange *exchange)
{
	bool has_sent;

	if (exchange->seen < world->store.forgotten) {
		send_expired(world, exchange, exchange->seen);
		return true;
	}
	has_sent = send_changes(world, exchange);
	if (exchange->request->done)
		return true;
	if (exchange->owes_initial_end || (exchange->has_bookmarks && world->now >= exchange->bookmark)) {
		send_bookmark(world, exchange);
		has_sent = true;
	}
	if (world->now >= exchange->ends) {
		demo_answer_end(exchange->request);
		return true;
	}
	return has_sent;
}

static bool is_true(const char *text)
{
	return text_equal(text, "true") || text_equal(text, "1");
}

static void open_watch(struct demo_world *world, struct demo_exchange *exchange, uint64_t version)
{
	struct request *request = exchange->request;
	bool with_initial = is_true(demo_parameter(request, "sendInitialEvents"));
	uint64_t seconds;

	if (!text_to_uint(demo_parameter(request, "timeoutSeconds"), 86400, &seconds) || seconds == 0)
		seconds = WATCH_SECONDS;
	exchange->is_open = true;
	exchange->has_bookmarks = is_true(demo_parameter(request, "allowWatchBookmarks"));
	exchange->ends = world->now + (int64_t)seconds;
	exchange->bookmark = world->now + BOOKMARK_SECONDS;
	exchange->seen = version;
	demo_answer_begin(request, 200);
	if (with_initial || version == 0)
		send_all(world, exchange);
	exchange->owes_initial_end = with_initial && exchange->has_bookmarks;
}

/* --- either --- */

/* False, and the request is done, where the version is none of ours. */
static bool check_version(struct demo_world *world, struct request *request, uint64_t *ret_version)
{
	const char *text = demo_parameter(request, "resourceVersion");

	*ret_version = 0;
	if (*text && !text_to_uint(text, UINT64_MAX, ret_version)) {
		demo_refuse(request, &(struct demo_refusal){ .code = 400, .reason = "BadRequest" },
			"Invalid value: \"%s\": invalid resource version", text);
		return false;
	}
	if (*ret_version > world->store.version) {
		const struct demo_refusal refusal = { .code = 504,
			.reason = "Timeout",
			.cause = "ResourceVersionTooLarge",
			.cause_message = "Too large resource version",
			.retry_after_seconds = 1 };

		demo_refuse(request, &refusal, "Too large resource version: %llu, current: %llu",
			(unsigned long long)*ret_version, (unsigned long long)world->store.version);
		return false;
	}
	return true;
}

void demo_collection_get(struct demo_world *world, struct demo_exchange *exchange, enum kind kind)
{
	struct request *request = exchange->request;
	bool is_watch = is_true(demo_parameter(request, "watch"));
	struct error err;
	uint64_t version;

	if (is_watch && is_metrics(kind)) {
		demo_refuse_method(request);
		return;
	}
	if (!is_metrics(kind) && !check_version(world, request, &version))
		return;
	if (filter_init(&exchange->filter, kind, exchange->namespace, request, &err) < 0) {
		demo_refuse(request, &(struct demo_refusal){ .code = 400, .reason = "BadRequest" }, "%s", err.message);
		return;
	}
	if (is_watch)
		open_watch(world, exchange, version);
	else
		answer_list(world, exchange, kind);
}
