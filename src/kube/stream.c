#include "stream.h"

#include <string.h>

#include "clusterutils/kube/peek.h"
#include "clusterutils/util/text.h"
#include "value.h"

static const char *const event_types[] = {
	[EVENT_ADDED] = "ADDED",
	[EVENT_MODIFIED] = "MODIFIED",
	[EVENT_DELETED] = "DELETED",
	[EVENT_BOOKMARK] = "BOOKMARK",
	[EVENT_ERROR] = "ERROR",
	NULL,
};

int list_meta_read(struct list_meta *list_meta, struct reading *reading, struct value *meta)
{
	value_token(reading, meta, F("resourceVersion", 2), list_meta->resource_version, RESOURCE_VERSION_SIZE);
	value_token(reading, meta, F("continue", 3), list_meta->continue_token, CONTINUE_SIZE);
	list_meta->remaining = value_integer(reading, meta, F("remainingItemCount", 4), 0, INT64_MAX, -1);
	return reading->failed ? -1 : 0;
}

int event_type_find(struct raw_text text)
{
	for (int i = 0; event_types[i]; i++)
		if (text.length == strlen(event_types[i]) && memcmp(text.bytes, event_types[i], text.length) == 0)
			return i;
	return -1;
}

/* --- JSON --- */

static int read_envelope(struct stream *stream, const char *envelope, size_t length, struct error *err)
{
	struct reading reading = { .wire = WIRE_JSON, .scratch = &stream->scratch, .err = err };
	struct value list, meta;

	if (value_parse(&reading, envelope, length, &list, err) < 0)
		return -1;
	value_token(&reading, &list, F("kind", 2), stream->meta.kind, sizeof(stream->meta.kind));
	meta = value_member(&reading, &list, METADATA);
	stream->is_complete = true;
	return list_meta_read(&stream->meta, &reading, &meta);
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
	return read_envelope(context, envelope, length, err);
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
	return read_envelope(stream, json, length, err);
}

static int on_event(void *context, const char *event, size_t event_length, const char *object, size_t object_length,
	struct error *err)
{
	struct stream *stream = context;
	struct reading reading = { .wire = WIRE_JSON, .scratch = &stream->scratch, .err = err };
	struct value root;
	int type;

	if (value_parse(&reading, event, event_length, &root, err) < 0)
		return -1;
	type = event_type_find(value_raw(&reading, &root, F("type", 1)));
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
	wire_stream_init(stream);
	framer_init(&stream->framer, shape == STREAM_LIST ? &list_events : &watch_events, stream);
}

void stream_release(struct stream *stream)
{
	framer_release(&stream->framer);
	wire_stream_release(stream);
	arena_release(&stream->scratch);
}

int stream_feed(struct stream *stream, const char *bytes, size_t length, struct error *err)
{
	if (stream->wire == WIRE_PROTOBUF)
		return wire_stream_feed(stream, bytes, length, err);
	return framer_feed(&stream->framer, bytes, length, err);
}

int stream_finish(struct stream *stream, struct error *err)
{
	if (stream->wire == WIRE_PROTOBUF)
		return wire_stream_finish(stream, err);
	if (framer_finish(&stream->framer, err) < 0)
		return -1;
	if (stream->shape == STREAM_LIST && !stream->is_complete)
		return error_set(err, ERROR_INVALID, "the answer is no list");
	return 0;
}
