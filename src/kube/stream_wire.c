#include "stream_wire.h"

#include <string.h>

#include "envelope.h"
#include "stream.h"

enum {
	FRAME_HEAD = 4,            /* bytes, big-endian */
	EVENT_AROUND = 1024,       /* bytes of an event around its object, at most */
	TYPE_META_MAX = 4096,      /* bytes of apiVersion and kind */
	LIST_META_MAX = 64 * 1024, /* of resourceVersion and continue */
};

void wire_stream_init(struct stream *stream)
{
	stream->wire_stream.state = stream->shape == STREAM_LIST ? WIRE_MAGIC : WIRE_FRAME;
}

void wire_stream_release(struct stream *stream)
{
	buffer_release(&stream->wire_stream.held);
}

static int malformed(struct error *err)
{
	return error_set(err, ERROR_INVALID, "malformed protobuf");
}

/* True when `wanted` bytes are there in one piece: where they came, or put together. */
static bool gather(struct wire_stream *wire, const char **at, const char *end, size_t wanted, const char **ret_bytes)
{
	size_t left = (size_t)(end - *at), taken;

	if (!wire->held.length && left >= wanted) {
		*ret_bytes = *at;
		*at += wanted;
		return true;
	}
	taken = wanted - wire->held.length < left ? wanted - wire->held.length : left;
	if (taken)
		buffer_add(&wire->held, *at, taken);
	*at += taken;
	*ret_bytes = wire->held.bytes;
	return wire->held.length == wanted;
}

/* --- what a body means --- */

static int read_type(struct stream *stream, struct raw_text body, struct error *err)
{
	static const char list[] = "List";
	const size_t length = sizeof(list) - 1;
	struct raw_text kind;

	if (!envelope_read_kind(body, &kind))
		return malformed(err);
	stream->wire_stream.is_list =
		kind.length >= length && memcmp(kind.bytes + kind.length - length, list, length) == 0;
	if (kind.length >= sizeof(stream->meta.kind))
		return malformed(err);
	memcpy(stream->meta.kind, kind.bytes, kind.length);
	return 0;
}

static int read_meta(struct stream *stream, struct raw_text body, struct error *err)
{
	struct reading reading = { .wire = WIRE_PROTOBUF, .scratch = &stream->scratch, .err = err };
	struct value meta;

	if (value_parse(&reading, body.bytes, body.length, &meta, err) < 0)
		return -1;
	return list_meta_read(&stream->meta, &reading, &meta);
}

static int hand_out(struct stream *stream, enum event_type type, struct raw_text object, struct error *err)
{
	stream->wire_stream.objects++;
	return stream->on_object(stream->context, type, object.bytes, object.length, err);
}

/* WatchEvent {type 1, object 2: RawExtension {raw 1}}. Source: apimachinery, meta/v1 and runtime generated.proto. */
static int read_event(struct stream *stream, struct raw_text body, struct error *err)
{
	struct raw_text type, extension, raw, none;
	struct envelope envelope;
	int found;

	if (!envelope_read_fields(body, 1, &type, 2, &extension) || !envelope_read_fields(extension, 1, &raw, 1, &none))
		return malformed(err);
	found = event_type_find(type);
	if (found < 0)
		return error_set(err, ERROR_INVALID, "an event of an unknown type");
	if (!envelope_read(raw.bytes, raw.length, &envelope))
		return error_set(err, ERROR_INVALID, "an event without an object");
	return hand_out(stream, (enum event_type)found, envelope.raw, err);
}

static int read_body(struct stream *stream, struct raw_text body, struct error *err)
{
	switch (stream->wire_stream.body) {
	case WIRE_TYPE:
		return read_type(stream, body, err);
	case WIRE_META:
		return read_meta(stream, body, err);
	case WIRE_ITEM:
		return hand_out(stream, EVENT_ADDED, body, err);
	default:
		return read_event(stream, body, err);
	}
}

/* --- what a head means --- */

static int begin_body(struct wire_stream *wire, enum wire_body body, uint64_t length, uint64_t max, struct error *err)
{
	if (length > max)
		return error_set(err, ERROR_INVALID, "the object is larger than %d MiB", FRAMER_MAX_OBJECT >> 20);
	wire->state = WIRE_BODY;
	wire->body = body;
	wire->wanted = length;
	return 0;
}

static int begin_list(struct stream *stream, uint64_t length, struct error *err)
{
	struct wire_stream *wire = &stream->wire_stream;

	if (!wire->is_list)
		return error_set(err, ERROR_INVALID, "the answer is no list");
	if (stream->is_complete)
		return error_set(err, ERROR_INVALID, "a second list in one answer");
	wire->state = WIRE_HEAD;
	wire->in_list = true;
	wire->left = length;
	return 0;
}

/* A field of the list {metadata 1, items 2}, or of what is around it {typeMeta 1, raw 2}. */
static int begin_field(struct stream *stream, struct error *err)
{
	struct wire_stream *wire = &stream->wire_stream;
	uint64_t field = wire->head[0] >> 3, type = wire->head[0] & 7;
	uint64_t length = type == PIECE_BYTES ? wire->head[1] : type == PIECE_64 ? 8 : type == PIECE_32 ? 4 : 0;

	if (wire->in_list && length > wire->left)
		return malformed(err);
	if ((field == 1 || field == 2) && type != PIECE_BYTES)
		return malformed(err);
	if (wire->in_list)
		wire->left -= length;
	if (field == 1)
		return wire->in_list ? begin_body(wire, WIRE_META, length, LIST_META_MAX, err)
				     : begin_body(wire, WIRE_TYPE, length, TYPE_META_MAX, err);
	if (field == 2)
		return wire->in_list ? begin_body(wire, WIRE_ITEM, length, FRAMER_MAX_OBJECT, err)
				     : begin_list(stream, length, err);
	wire->state = WIRE_SKIP;
	wire->wanted = length;
	return 0;
}

static bool is_head_type(uint64_t type)
{
	return type == PIECE_VARINT || type == PIECE_BYTES || type == PIECE_64 || type == PIECE_32;
}

/* The next byte of a head. 1 where it is the last one, 0 where more are to come. */
static int push_head(struct wire_stream *wire, unsigned char byte, struct error *err)
{
	uint64_t *number = &wire->head[wire->head_index];

	if (wire->head_shift == 7 * (VARINT_MAX - 1) && byte > 1)
		return malformed(err);
	*number |= (uint64_t)(byte & 0x7F) << wire->head_shift;
	wire->head_shift += 7;
	if (byte & 0x80)
		return 0;
	wire->head_shift = 0;
	if (wire->head_index == 0) {
		if (*number >> 3 == 0 || *number > UINT32_MAX || !is_head_type(*number & 7))
			return malformed(err);
		if ((*number & 7) == PIECE_VARINT || (*number & 7) == PIECE_BYTES) {
			wire->head_index = 1;
			return 0;
		}
	}
	wire->head_index = 0;
	return 1;
}

static bool at_boundary(const struct wire_stream *wire)
{
	return wire->state == WIRE_HEAD && wire->head_index == 0 && wire->head_shift == 0;
}

static int read_head(struct stream *stream, const char **at, const char *end, struct error *err)
{
	struct wire_stream *wire = &stream->wire_stream;
	int whole = 0;

	if (wire->in_list && wire->left == 0 && at_boundary(wire)) {
		wire->in_list = false;
		stream->is_complete = true;
		return 1;
	}
	if (*at == end)
		return 0;
	if (at_boundary(wire))
		wire->head[0] = wire->head[1] = 0;
	while (*at < end && whole == 0) {
		if (wire->in_list && wire->left-- == 0)
			return malformed(err);
		whole = push_head(wire, (unsigned char)*(*at)++, err);
	}
	if (whole <= 0)
		return whole;
	return begin_field(stream, err) < 0 ? -1 : 1;
}

/* --- the bytes --- */

static int begin_frame(struct wire_stream *wire, const char *bytes, struct error *err)
{
	uint32_t length = 0;

	for (int i = 0; i < FRAME_HEAD; i++)
		length = length << 8 | (unsigned char)bytes[i];
	return begin_body(wire, WIRE_EVENT, length, FRAMER_MAX_OBJECT + EVENT_AROUND, err);
}

/* 1 where it went on, 0 where more bytes are needed. */
static int step(struct stream *stream, const char **at, const char *end, struct error *err)
{
	struct wire_stream *wire = &stream->wire_stream;
	const char *bytes;
	int result = 0;

	if (wire->state == WIRE_HEAD)
		return read_head(stream, at, end, err);
	if (wire->state == WIRE_SKIP) {
		size_t left = (size_t)(end - *at), taken = wire->wanted < left ? (size_t)wire->wanted : left;

		*at += taken;
		wire->wanted -= taken;
		if (wire->wanted)
			return 0;
		wire->state = WIRE_HEAD;
		return 1;
	}
	if (!gather(wire, at, end, wire->state == WIRE_BODY ? (size_t)wire->wanted : FRAME_HEAD, &bytes))
		return 0;
	if (wire->state == WIRE_MAGIC) {
		if (memcmp(bytes, ENVELOPE_MAGIC, ENVELOPE_MAGIC_SIZE) != 0)
			result = error_set(err, ERROR_INVALID, "the answer is no protobuf of Kubernetes");
		wire->state = WIRE_HEAD;
	} else if (wire->state == WIRE_FRAME) {
		result = begin_frame(wire, bytes, err);
	} else {
		wire->state = stream->shape == STREAM_LIST ? WIRE_HEAD : WIRE_FRAME;
		result = read_body(stream, (struct raw_text){ bytes, (size_t)wire->wanted }, err);
	}
	buffer_clear(&wire->held);
	return result < 0 ? -1 : 1;
}

int wire_stream_feed(struct stream *stream, const char *bytes, size_t length, struct error *err)
{
	const char *at = bytes, *end = bytes + length;
	int result = 0;

	while (length && (result = step(stream, &at, end, err)) > 0)
		;
	return result;
}

int wire_stream_finish(struct stream *stream, struct error *err)
{
	const struct wire_stream *wire = &stream->wire_stream;
	bool is_whole = stream->shape == STREAM_LIST ? at_boundary(wire) && !wire->in_list && stream->is_complete
						     : wire->state == WIRE_FRAME && !wire->held.length;

	if (is_whole)
		return 0;
	if (stream->shape == STREAM_LIST && !wire->in_list && !wire->held.length &&
		(wire->state == WIRE_MAGIC || at_boundary(wire)))
		return error_set(err, ERROR_INVALID, "the answer is no list");
	return error_set(err, ERROR_INVALID, "it ends in the middle of an object (after %llu whole objects)",
		(unsigned long long)wire->objects);
}
