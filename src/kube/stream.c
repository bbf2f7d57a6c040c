#include "stream.h"

#include <string.h>

#include "clusterutils/util/text.h"
#include "json.h"
#include "peek.h"

static const char *const event_types[] = {
	[EVENT_ADDED] = "ADDED",
	[EVENT_MODIFIED] = "MODIFIED",
	[EVENT_DELETED] = "DELETED",
	[EVENT_BOOKMARK] = "BOOKMARK",
	[EVENT_ERROR] = "ERROR",
	NULL,
};

/* --- JSON --- */

/* What goes back to the server must be whole. */
static void take_text(struct reading *reading, const struct json *meta, const char *key, char *buffer, size_t size)
{
	const char *text = json_raw(reading, meta, key);
	size_t length = text ? strlen(text) : 0;

	*buffer = '\0';
	if (length >= size || !text_is_clean(text, length))
		json_fail(reading, meta, "no metadata of a list");
	else if (length)
		memcpy(buffer, text, length + 1);
}

static int read_list_meta(struct stream *stream, const char *envelope, size_t length, struct error *err)
{
	const cJSON *value = json_parse(&stream->scratch, envelope, length, err);
	struct json object = json_root(value), meta;
	struct reading reading = { .scratch = &stream->scratch, .err = err };

	if (!value)
		return -1;
	meta = json_member(&reading, &object, "metadata");
	take_text(&reading, &meta, "resourceVersion", stream->meta.resource_version, RESOURCE_VERSION_SIZE);
	take_text(&reading, &meta, "continue", stream->meta.continue_token, CONTINUE_SIZE);
	stream->meta.remaining = json_integer(&reading, &meta, "remainingItemCount", 0, INT64_C(1) << 53, -1);
	stream->is_complete = true;
	return reading.failed ? -1 : 0;
}

static int on_list(void *context, const char *envelope, size_t length, struct error *err)
{
	const struct stream *stream = context;

	(void)envelope;
	(void)length;
	return stream->is_complete ? error_set(err, ERROR_INVALID, "a second list in one answer") : 0;
}

static int on_list_end(void *context, const char *envelope, size_t length, struct error *err)
{
	return read_list_meta(context, envelope, length, err);
}

/* An empty list of Go may have null for items: it is then an object like any other, but for its kind. */
static int on_item(void *context, const char *json, size_t length, uint64_t line, struct error *err)
{
	struct stream *stream = context;

	(void)line;
	if (stream->framer.is_list)
		return stream->on_object(stream->context, EVENT_ADDED, json, length, err);
	if (stream->is_complete || !text_ends_with(peek_object(json, length).kind, "List"))
		return error_set(err, ERROR_INVALID, "the answer is no list");
	return read_list_meta(stream, json, length, err);
}

static int on_event(void *context, const char *event, size_t event_length, const char *object, size_t object_length,
	struct error *err)
{
	struct stream *stream = context;
	const cJSON *value = json_parse(&stream->scratch, event, event_length, err);
	struct json root = json_root(value);
	struct reading reading = { .scratch = &stream->scratch, .err = err };
	int type;

	if (!value)
		return -1;
	type = json_choice(&reading, &root, "type", event_types, -1);
	if (type < 0)
		return reading.failed ? -1 : error_set(err, ERROR_INVALID, "an event of an unknown type");
	return stream->on_object(stream->context, (enum event_type)type, object, object_length, err);
}

static int on_no_event(void *context, const char *json, size_t length, uint64_t line, struct error *err)
{
	(void)context;
	(void)json;
	(void)length;
	(void)line;
	return error_set(err, ERROR_INVALID, "an event without an object");
}

static const struct framer_events list_events = {
	.on_list = on_list, .on_object = on_item, .on_list_end = on_list_end
};
static const struct framer_events watch_events = { .on_object = on_no_event, .on_event = on_event };

/* --- either format --- */

void stream_init(
	struct stream *stream, enum wire wire, enum stream_shape shape, stream_object *on_object, void *context)
{
	*stream = (struct stream){
		.wire = wire, .shape = shape, .on_object = on_object, .context = context, .meta = { .remaining = -1 }
	};
	framer_init(&stream->framer, shape == STREAM_LIST ? &list_events : &watch_events, stream);
}

void stream_release(struct stream *stream)
{
	framer_release(&stream->framer);
	arena_release(&stream->scratch);
}

int stream_feed(struct stream *stream, const char *bytes, size_t length, struct error *err)
{
	if (stream->wire == WIRE_PROTOBUF)
		return error_set(err, ERROR_INVALID, "protobuf is not read yet");
	return framer_feed(&stream->framer, bytes, length, err);
}

int stream_finish(struct stream *stream, struct error *err)
{
	if (framer_finish(&stream->framer, err) < 0)
		return -1;
	if (stream->shape == STREAM_LIST && !stream->is_complete)
		return error_set(err, ERROR_INVALID, "the answer is no list");
	return 0;
}
