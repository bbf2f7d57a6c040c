#include "reflector.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "clusterutils/kube/api_status.h"
#include "clusterutils/util/clock.h"
#include "clusterutils/util/text.h"

static bool is_metrics(const struct reflector *r)
{
	return kind_is_metrics(r->list->kind);
}

static int64_t jitter(struct reflector *r, int64_t bound)
{
	r->random = r->random * UINT64_C(6364136223846793005) + 1442695040888963407U;
	return (int64_t)((r->random >> 33) % (uint64_t)bound);
}

/* --- what arrives --- */

static void note_invalid(struct reflector *r, const struct error *invalid)
{
	if (r->list->invalid++ == 0)
		r->list->first_invalid = *invalid;
}

static void note_heard(struct reflector *r)
{
	r->list->heard = clock_now();
}

static void note_version(struct reflector *r, const char *version)
{
	if (*version)
		snprintf(r->resource_version, sizeof(r->resource_version), "%s", version);
}

static void set_state(struct reflector *r, enum sync_state state)
{
	if (r->list->state != state)
		r->changed = true;
	r->list->state = state;
	r->list->is_failed = r->cluster->is_unread[r->list->kind] = state == SYNC_FAILED;
}

static void list_is_complete(struct reflector *r)
{
	r->cluster->stamp = r->stamp;
	cluster_sweep(r->cluster, r->list->kind, r->list->namespace);
	r->list->changes++;
	r->changed = true;
	error_clear(&r->list->error);
	set_state(r, SYNC_CURRENT);
	note_heard(r);
}

/* What the store has of an object that is gone, or that can no longer be read. */
static void remove_object(struct reflector *r, const char *bytes, size_t length)
{
	struct identity identity;
	struct error ignored;

	if (decode_identity(r->decoder, r->stream.wire, bytes, length, &identity, &ignored) < 0 || !identity.name)
		return;
	note_version(r, identity.resource_version);
	cluster_remove(r->cluster, r->list->kind, identity.name, identity.namespace);
}

static void put_object(struct reflector *r, const char *bytes, size_t length)
{
	struct error invalid;

	r->cluster->stamp = r->stamp;
	if (decode_object(r->decoder, r->list->kind, r->stream.wire, bytes, length, r->cluster, &invalid) == 0) {
		r->list->objects++;
		if (r->step == REFLECTOR_WATCHING)
			note_version(r, r->decoder->resource_version);
		return;
	}
	note_invalid(r, &invalid);
	if (r->step == REFLECTOR_WATCHING)
		remove_object(r, bytes, length);
}

static void take_bookmark(struct reflector *r, const char *bytes, size_t length)
{
	struct identity identity;
	struct error ignored;

	if (decode_identity(r->decoder, r->stream.wire, bytes, length, &identity, &ignored) < 0)
		return;
	note_version(r, identity.resource_version);
	if (!r->begins_watch || !identity.ends_initial_events)
		return;
	r->begins_watch = false;
	list_is_complete(r);
}

static int take_error(struct reflector *r, const char *bytes, size_t length, struct error *err)
{
	struct api_status status;

	if (!api_status_read(r->stream.wire, bytes, length, &status))
		return error_set(err, ERROR_INVALID, "the watch ended with an error that is no Status");
	error_set(err,
		status.code == 410 || text_equal(status.reason, "Expired") || text_equal(status.reason, "Gone")
			? ERROR_EXPIRED
			: ERROR_UNAVAILABLE,
		"%s", status.message);
	err->http_status = status.code;
	return -1;
}

static int take_object(void *context, enum event_type type, const char *bytes, size_t length, struct error *err)
{
	struct reflector *r = context;

	r->events++;
	switch (type) {
	case EVENT_BOOKMARK:
		take_bookmark(r, bytes, length);
		return 0;
	case EVENT_ERROR:
		return take_error(r, bytes, length, err);
	case EVENT_DELETED:
		remove_object(r, bytes, length);
		break;
	case EVENT_ADDED:
	case EVENT_MODIFIED:
		put_object(r, bytes, length);
		break;
	}
	if (r->step == REFLECTOR_WATCHING) {
		r->list->changes++;
		r->changed = true;
	}
	return 0;
}

static int feed(void *context, const char *bytes, size_t length, struct error *err)
{
	struct reflector *r = context;

	if (!r->stream_is_open) {
		int wire = *r->request.type ? wire_of_content_type(r->request.type) : WIRE_JSON;

		if (wire < 0)
			return error_set(err, ERROR_INVALID, "an answer of an unknown type: %s", r->request.type);
		stream_init(&r->stream, (enum wire)wire, r->step == REFLECTOR_WATCHING ? STREAM_WATCH : STREAM_LIST,
			take_object, r);
		r->stream_is_open = true;
	}
	if (r->step == REFLECTOR_WATCHING)
		note_heard(r);
	return stream_feed(&r->stream, bytes, length, err);
}

/* --- what is asked --- */

static void add_parameter(struct reflector *r, const char *name, const char *value)
{
	if (value && *value)
		r->request.parameters[r->request.parameter_count++] = (struct request_parameter){ name, value };
}

static const char *accepted(const struct reflector *r)
{
	bool is_protobuf = r->options->wire == WIRE_PROTOBUF;

	if (!r->list->metadata_only)
		return is_protobuf ? "application/vnd.kubernetes.protobuf,application/json" : NULL;
	if (r->step == REFLECTOR_WATCHING)
		return is_protobuf ? "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,"
				     "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json"
				   : "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";
	return is_protobuf ? "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,"
			     "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
			   : "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
}

static void prepare(struct reflector *r, enum reflector_step step)
{
	const struct server *server = r->options->server;

	r->step = step;
	path_of_version(
		r->list->kind, is_metrics(r) && server ? server->metrics_version : NULL, r->list->namespace, r->path);
	r->request = (struct request){
		.verb = "GET",
		.path = r->path,
		.accept = accepted(r),
		.is_watch = step == REFLECTOR_WATCHING,
		.on_bytes = feed,
		.context = r,
	};
	add_parameter(r, "labelSelector", r->list->label_selector);
	add_parameter(r, "fieldSelector", r->list->field_selector);
}

static void start(struct reflector *r)
{
	r->events = 0;
	r->started = clock_monotonic_ms();
	transport_start(r->transport, &r->request);
}

/* How many objects a page; 0 for all in one answer. */
static uint64_t page_size(const struct reflector *r)
{
	if (r->no_pages)
		return 0;
	if (r->options->has_chunk_size)
		return r->options->chunk_size;
	return r->options->server && !server_streams_lists(r->options->server) ? REFLECTOR_PAGE : 0;
}

static void start_list(struct reflector *r)
{
	uint64_t limit = page_size(r);

	prepare(r, REFLECTOR_LISTING);
	if (!*r->page_token) {
		r->stamp = cluster_new_stamp(r->cluster);
		r->list->objects = r->list->invalid = 0;
	}
	if (r->options->server && !is_metrics(r)) {
		snprintf(r->limit, sizeof(r->limit), "%llu", (unsigned long long)limit);
		if (limit)
			add_parameter(r, "limit", r->limit);
		if (*r->page_token)
			add_parameter(r, "continue", r->page_token);
		else if (!limit && !r->any_version)
			add_parameter(r, "resourceVersion", *r->resource_version ? r->resource_version : "0");
	}
	start(r);
}

static void start_watch(struct reflector *r)
{
	prepare(r, REFLECTOR_WATCHING);
	snprintf(r->timeout, sizeof(r->timeout), "%d",
		REFLECTOR_WATCH_MIN_SECONDS + (int)jitter(r, REFLECTOR_WATCH_MIN_SECONDS));
	add_parameter(r, "watch", "1");
	add_parameter(r, "allowWatchBookmarks", "true");
	add_parameter(r, "timeoutSeconds", r->timeout);
	if (r->begins_watch) {
		r->stamp = cluster_new_stamp(r->cluster);
		r->list->objects = r->list->invalid = 0;
		add_parameter(r, "sendInitialEvents", "true");
		add_parameter(r, "resourceVersionMatch", "NotOlderThan");
	}
	add_parameter(r, "resourceVersion", r->any_version && r->begins_watch ? NULL : r->resource_version);
	start(r);
}

/* --- what comes next --- */

static void wait_until(struct reflector *r, int64_t milliseconds)
{
	r->step = REFLECTOR_IDLE;
	r->due = clock_monotonic_ms() + milliseconds;
}

static int64_t first_pause(const struct reflector *r)
{
	return r->options->pause_ms ? r->options->pause_ms : REFLECTOR_PAUSE_MS;
}

static void pause_after_failure(struct reflector *r)
{
	int64_t now = clock_monotonic_ms(), pause = first_pause(r);

	if (now - r->failed_at > REFLECTOR_HEALTHY_MS)
		r->failures = 0;
	r->failed_at = now;
	for (unsigned i = 0; i < r->failures && pause < REFLECTOR_PAUSE_MAX_MS; i++)
		pause *= 2;
	r->failures++;
	if (pause > REFLECTOR_PAUSE_MAX_MS)
		pause = REFLECTOR_PAUSE_MAX_MS;
	wait_until(r, pause + jitter(r, pause));
}

static int64_t metrics_pause(const struct reflector *r)
{
	int64_t window = r->cluster->sample_window_seconds * 1000;

	return window > REFLECTOR_METRICS_MS ? window : REFLECTOR_METRICS_MS;
}

/* After a list that is complete, or when its watch has ended. */
static void go_on(struct reflector *r)
{
	if (!r->goes_on) {
		r->step = REFLECTOR_IDLE;
		r->is_done = true;
		return;
	}
	if (is_metrics(r))
		wait_until(r, metrics_pause(r));
	else if (r->no_watch)
		wait_until(r, REFLECTOR_POLL_MS);
	else
		start_watch(r);
}

static void begin(struct reflector *r)
{
	bool is_known = r->list->state == SYNC_CURRENT || r->list->state == SYNC_STALE;

	if (is_metrics(r) || r->no_watch || !is_known || r->reads_again) {
		r->begins_watch = r->goes_on && !is_metrics(r) && !r->no_watch && !r->no_begun_watch &&
			r->options->server && server_begins_watches(r->options->server) && !r->options->has_chunk_size;
		r->page_token[0] = '\0';
		if (r->begins_watch)
			start_watch(r);
		else
			start_list(r);
		return;
	}
	start_watch(r);
}

/* It failed before it was ever complete: a part of a list is no list. */
static void drop_part(struct reflector *r)
{
	r->cluster->stamp = cluster_new_stamp(r->cluster);
	cluster_sweep(r->cluster, r->list->kind, r->list->namespace);
	r->list->objects = 0;
}

/* What breaks off for the first time is tried again before anybody is told. */
static void note_failure(struct reflector *r, const struct error *err)
{
	bool was_known = r->list->state == SYNC_CURRENT || r->list->state == SYNC_STALE;
	bool has_begun = r->request.status >= 200 && r->request.status < 300;

	if (!was_known)
		drop_part(r);
	if (r->list->state == SYNC_READING && r->goes_on && has_begun && err->code == ERROR_UNAVAILABLE &&
		r->failures + 1 < REFLECTOR_ATTEMPTS)
		return;
	r->list->error = *err;
	set_state(r, was_known ? SYNC_STALE : SYNC_FAILED);
}

static void list_failed(struct reflector *r, const struct error *err)
{
	bool had_begun = r->request.status >= 200 && r->request.status < 300;

	if (err->code == ERROR_EXPIRED && r->failures < REFLECTOR_ATTEMPTS) {
		r->no_pages = r->no_pages || *r->page_token;
		r->any_version = r->any_version || !*r->page_token;
		r->page_token[0] = '\0';
		r->failures++;
		wait_until(r, 0);
		return;
	}
	if (text_equal(r->request.api_status.cause, "ResourceVersionTooLarge"))
		r->any_version = true;
	r->page_token[0] = '\0';
	if (!r->goes_on && had_begun && err->code == ERROR_UNAVAILABLE && ++r->failures < REFLECTOR_ATTEMPTS) {
		wait_until(r, first_pause(r) / 2 + jitter(r, first_pause(r)));
		return;
	}
	note_failure(r, err);
	if (r->goes_on) {
		pause_after_failure(r);
	} else {
		r->step = REFLECTOR_IDLE;
		r->is_done = true;
	}
}

/* "PodList", or the metadata of any kind; a dump may hold a plain "List". */
static bool is_list_of(const struct list_meta *meta, enum kind kind)
{
	const char *name = kind_info(kind)->name;
	size_t length = strlen(name);

	return !*meta->kind || (strncmp(meta->kind, name, length) == 0 && strcmp(meta->kind + length, "List") == 0) ||
		strcmp(meta->kind, "PartialObjectMetadataList") == 0 || strcmp(meta->kind, "List") == 0;
}

static void list_ended(struct reflector *r, const struct list_meta *meta, struct error *err)
{
	if (!err->code && !is_list_of(meta, r->list->kind))
		error_set(err, ERROR_INVALID, "the server answers with a %s", meta->kind);
	if (!err->code && *meta->continue_token && strcmp(meta->continue_token, r->page_token) == 0)
		error_set(err, ERROR_INVALID, "the server sends the same page again");
	if (err->code) {
		list_failed(r, err);
		return;
	}
	if (*meta->continue_token) {
		memcpy(r->page_token, meta->continue_token, sizeof(r->page_token));
		start_list(r);
		return;
	}
	r->page_token[0] = '\0';
	r->any_version = r->reads_again = false;
	note_version(r, meta->resource_version);
	list_is_complete(r);
	go_on(r);
}

static void watch_ended(struct reflector *r, const struct error *err)
{
	int64_t lived = clock_monotonic_ms() - r->started;
	int status = r->request.status;

	if (r->begins_watch && (status == 400 || status == 403 || status == 405 || status == 422)) {
		r->no_begun_watch = true; /* the feature is off, or not for us: a list and a watch, from now on */
		wait_until(r, 0);
		return;
	}
	if (err->code == ERROR_EXPIRED && !r->begins_watch) {
		r->reads_again = true;
		wait_until(r, 0);
		return;
	}
	r->any_version = r->any_version || err->code == ERROR_EXPIRED;
	if (!r->begins_watch && (status == 403 || status == 405)) {
		r->no_watch = true;
		go_on(r);
		return;
	}
	if (!err->code && (r->events || lived >= 1000)) {
		wait_until(r, 0); /* its timeoutSeconds are over */
		return;
	}
	if (err->code)
		note_failure(r, err);
	pause_after_failure(r);
}

static void finish(struct reflector *r)
{
	struct error err = r->request.error;
	struct list_meta meta = { 0 };

	if (r->stream_is_open) {
		if (!err.code && stream_finish(&r->stream, &err) < 0 && !err.code)
			err.code = ERROR_INVALID;
		meta = r->stream.meta;
		stream_release(&r->stream);
		r->stream_is_open = false;
	} else if (!err.code && r->step == REFLECTOR_LISTING) {
		error_set(&err, ERROR_INVALID, "an empty answer");
	}
	if (r->step == REFLECTOR_WATCHING)
		watch_ended(r, &err);
	else
		list_ended(r, &meta, &err);
}

/* A server without the metrics API is not asked for metrics. */
static bool is_missing(const struct reflector *r)
{
	return is_metrics(r) && r->options->server && !*r->options->server->metrics_version;
}

void reflector_init(struct reflector *r, struct sync_list *list, struct transport *transport,
	const struct sync_options *options, struct cluster *cluster, struct decoder *decoder, bool goes_on)
{
	*r = (struct reflector){
		.list = list,
		.transport = transport,
		.options = options,
		.cluster = cluster,
		.decoder = decoder,
		.goes_on = goes_on,
		.random = (uint64_t)time(NULL) ^ ((uint64_t)(uintptr_t)r << 16),
		.failed_at = INT64_MIN / 2,
	};
	list->state = SYNC_READING;
	list->is_failed = false;
	list->objects = list->invalid = list->changes = 0;
	list->heard = TIME_NONE;
	error_clear(&list->error);
	if (is_missing(r)) {
		list->error = options->server->metrics_error;
		set_state(r, SYNC_FAILED);
		r->is_done = true;
	}
}

void reflector_release(struct reflector *r)
{
	if (r->step != REFLECTOR_IDLE && !r->request.done)
		transport_cancel(r->transport, &r->request);
	if (r->stream_is_open)
		stream_release(&r->stream);
	r->stream_is_open = false;
	r->step = REFLECTOR_IDLE;
}

/* Nothing is under way while it is paused; what comes next is decided anew, from what the store has. */
static void rest(struct reflector *r)
{
	if (r->step == REFLECTOR_IDLE)
		return;
	reflector_release(r);
	r->due = 0;
	if (r->list->state == SYNC_CURRENT)
		set_state(r, SYNC_STALE);
}

int reflector_turn(struct reflector *r, int timeout_ms)
{
	int64_t left;

	if (r->list->is_paused) {
		rest(r);
		return timeout_ms;
	}
	if (r->step != REFLECTOR_IDLE && r->request.done)
		finish(r);
	if (r->step == REFLECTOR_WATCHING && r->list->state == SYNC_STALE && r->request.status == 200) {
		error_clear(&r->list->error);
		set_state(r, SYNC_CURRENT);
		note_heard(r);
	}
	if (r->step != REFLECTOR_IDLE || r->is_done)
		return timeout_ms;
	left = r->due - clock_monotonic_ms();
	if (left > 0)
		return left < timeout_ms ? (int)left : timeout_ms;
	begin(r);
	return timeout_ms;
}
