/* Lists and watches in protobuf, as a real API server wrote them: the same objects in whatever pieces they come, an
 * error wherever they are cut off. */
#include <stdio.h>
#include <string.h>

#include "../../src/kube/stream.h"
#include "clusterutils/kube/api_status.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "recorded.h"
#include "suite.h"

static const char *const type_names[] = { "ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR" };

/* Each object's type, length and sum: a record that is short however large they are. */
static int record(void *context, enum event_type type, const char *bytes, size_t length, struct error *err)
{
	uint32_t sum = 2166136261U;

	(void)err;
	for (size_t i = 0; i < length; i++)
		sum = (sum ^ (unsigned char)bytes[i]) * 16777619U;
	buffer_printf(context, "%s %zu %x\n", type_names[type], length, (unsigned)sum);
	return 0;
}

/* Feeds the first `length` bytes in pieces: up to `split`, then `step` at a time. */
static int read_stream(enum stream_shape shape, const char *bytes, size_t length, size_t split, size_t step,
	struct buffer *ret_record, struct error *err)
{
	CLEANUP(stream_release) struct stream stream;
	int result;

	stream_init(&stream, WIRE_PROTOBUF, shape, record, ret_record);
	result = stream_feed(&stream, bytes, split, err);
	for (size_t at = split; at < length && result == 0; at += step)
		result = stream_feed(&stream, bytes + at, step < length - at ? step : length - at, err);
	if (result == 0)
		result = stream_finish(&stream, err);
	if (result == 0)
		buffer_printf(ret_record, "version %s continue %s remaining %lld\n", stream.meta.resource_version,
			stream.meta.continue_token, (long long)stream.meta.remaining);
	return result;
}

static const struct {
	enum stream_shape shape;
	const char *file;
	unsigned objects;
} bodies[] = {
	{ STREAM_LIST, "pods.pb", 15 },
	{ STREAM_LIST, "storageclasses.pb", 2 },
	{ STREAM_LIST, "nodemetrics.pb", 1 },
	{ STREAM_LIST, "page.pb", 1 },
	{ STREAM_LIST, "partial.pb", 2 },
	{ STREAM_WATCH, "watch.pb", 5 },
	{ STREAM_WATCH, "expired.pb", 1 },
};

static unsigned lines_of(const struct buffer *text)
{
	unsigned lines = 0;

	for (const char *at = buffer_text(text); (at = strchr(at, '\n')); at++)
		lines++;
	return lines;
}

START_TEST(reads_objects_whatever_the_pieces)
{
	AUTO_RECORDED body = recorded_read(bodies[_i].file);
	AUTO_BUFFER wanted = { 0 }, found = { 0 };
	struct error err = { 0 };

	ck_assert_int_eq(read_stream(bodies[_i].shape, body.bytes, body.length, body.length, 1, &wanted, &err), 0);
	ck_assert_uint_eq(lines_of(&wanted), bodies[_i].objects + 1);
	for (size_t split = 0; split <= body.length; split++) {
		buffer_clear(&found);
		ck_assert_int_eq(
			read_stream(bodies[_i].shape, body.bytes, body.length, split, body.length, &found, &err), 0);
		ck_assert_str_eq(buffer_text(&found), buffer_text(&wanted));
	}
	for (size_t step = 1; step < 300; step += step < 20 ? 1 : 37) {
		buffer_clear(&found);
		ck_assert_int_eq(read_stream(bodies[_i].shape, body.bytes, body.length, 0, step, &found, &err), 0);
		ck_assert_str_eq(buffer_text(&found), buffer_text(&wanted));
	}
}
END_TEST

/* Where a watch may end: behind each of its frames. */
static bool is_end_of_frame(const struct recorded *body, size_t length)
{
	const unsigned char *bytes = (const unsigned char *)body->bytes;
	size_t at = 0;

	while (at < length)
		at += 4 +
			((size_t)bytes[at] << 24 | (size_t)bytes[at + 1] << 16 | (size_t)bytes[at + 2] << 8 |
				bytes[at + 3]);
	return at == length;
}

/* Behind the list stand the empty contentEncoding and contentType, of two bytes each: nothing is lost with them, and
 * nothing tells that they are to come. */
static bool is_whole(const struct recorded *body, enum stream_shape shape, size_t length)
{
	if (shape == STREAM_WATCH)
		return is_end_of_frame(body, length);
	return length == body->length || length == body->length - 2 || length == body->length - 4;
}

START_TEST(an_end_before_the_end_is_an_error)
{
	AUTO_RECORDED body = recorded_read(bodies[_i].file);

	for (size_t length = 0; length <= body.length; length++) {
		AUTO_FREE char *exact = memory_new(length);
		AUTO_BUFFER found = { 0 };
		struct error err = { 0 };
		int result;

		if (length)
			memcpy(exact, body.bytes, length);
		result = read_stream(bodies[_i].shape, exact, length, length, 1, &found, &err);
		ck_assert_msg(result == (is_whole(&body, bodies[_i].shape, length) ? 0 : -1), "%s at %zu: %d %s",
			bodies[_i].file, length, result, err.message);
	}
}
END_TEST

/* What a server means by a page, and how many objects are behind it. */
START_TEST(the_metadata_of_a_list_is_read)
{
	static const char *const files[] = { "page.json", "page.pb" };
	struct list_meta metas[2];

	for (int wire = WIRE_JSON; wire <= WIRE_PROTOBUF; wire++) {
		AUTO_RECORDED body = recorded_read(files[wire]);
		CLEANUP(stream_release) struct stream stream;
		AUTO_BUFFER ignored = { 0 };
		struct error err = { 0 };

		stream_init(&stream, (enum wire)wire, STREAM_LIST, record, &ignored);
		ck_assert_int_eq(stream_feed(&stream, body.bytes, body.length, &err), 0);
		ck_assert_int_eq(stream_finish(&stream, &err), 0);
		metas[wire] = stream.meta;
	}
	ck_assert_uint_gt(strlen(metas[1].resource_version), 0);
	ck_assert_uint_gt(strlen(metas[1].continue_token), 20);
	ck_assert_int_eq(metas[1].remaining, 1);
	ck_assert_int_eq(metas[0].remaining, 1);
	ck_assert_str_eq(metas[0].resource_version, metas[1].resource_version);
	ck_assert_str_eq(metas[0].continue_token, metas[1].continue_token);
}
END_TEST

/* --- events --- */

struct events {
	enum wire wire;
	struct decoder decoder;
	struct buffer record;
};

static void events_release(struct events *events)
{
	decoder_release(&events->decoder);
	buffer_release(&events->record);
}

static int identify(void *context, enum event_type type, const char *bytes, size_t length, struct error *err)
{
	struct events *events = context;
	struct identity identity;
	struct api_status status;

	buffer_printf(&events->record, "%s ", type_names[type]);
	if (type == EVENT_ERROR) {
		ck_assert(api_status_read(events->wire, bytes, length, &status));
		buffer_printf(&events->record, "%d %s %s\n", status.code, status.reason, status.message);
		return 0;
	}
	if (decode_identity(&events->decoder, events->wire, bytes, length, &identity, err) < 0)
		return -1;
	buffer_printf(&events->record, "%s/%s uid %d version %d end %d\n",
		identity.namespace ? identity.namespace : "-", identity.name ? identity.name : "-",
		(int)strlen(identity.uid), (int)strlen(identity.resource_version), identity.ends_initial_events);
	return 0;
}

static const struct {
	const char *file;
	enum wire wire;
	const char *record;
} watches[] = {
	{ "watch.json", WIRE_JSON,
		"BOOKMARK -/- uid 0 version 3 end 1\nADDED wire/watched-json uid 36 version 3 end 0\n"
		"MODIFIED wire/watched-json uid 36 version 3 end 0\nBOOKMARK -/- uid 0 version 3 end 0\n"
		"DELETED wire/watched-json uid 36 version 3 end 0\n" },
	{ "watch.pb", WIRE_PROTOBUF,
		"BOOKMARK -/- uid 0 version 3 end 1\nADDED wire/watched-pb uid 36 version 3 end 0\n"
		"MODIFIED wire/watched-pb uid 36 version 3 end 0\nDELETED wire/watched-pb uid 36 version 3 end 0\n"
		"BOOKMARK -/- uid 0 version 3 end 0\n" },
	{ "expired.json", WIRE_JSON, "ERROR 410 Expired too old resource version: 2 (440)\n" },
	{ "expired.pb", WIRE_PROTOBUF, "ERROR 410 Expired too old resource version: 2 (440)\n" },
};

START_TEST(events_say_what_happened_to_what)
{
	AUTO_RECORDED body = recorded_read(watches[_i].file);
	CLEANUP(events_release) struct events events = { .wire = watches[_i].wire };
	CLEANUP(stream_release) struct stream stream;
	struct error err = { 0 };

	stream_init(&stream, watches[_i].wire, STREAM_WATCH, identify, &events);
	ck_assert_int_eq(stream_feed(&stream, body.bytes, body.length, &err), 0);
	ck_assert_int_eq(stream_finish(&stream, &err), 0);
	ck_assert_str_eq(buffer_text(&events.record), watches[_i].record);
}
END_TEST

START_TEST(a_status_is_the_same_in_both_formats)
{
	static const char *const files[] = { "status.json", "status.pb" };

	for (int wire = WIRE_JSON; wire <= WIRE_PROTOBUF; wire++) {
		AUTO_RECORDED body = recorded_read(files[wire]);
		struct api_status status;

		ck_assert(api_status_read((enum wire)wire, body.bytes, body.length, &status));
		ck_assert_int_eq(status.code, 404);
		ck_assert_str_eq(status.reason, "NotFound");
		ck_assert_str_eq(status.message, "pods \"none\" not found");
		ck_assert_str_eq(status.cause, "");
		ck_assert_int_eq(status.retry_after_seconds, -1);
		ck_assert(!api_status_read((enum wire) !wire, body.bytes, body.length, &status));
	}
}
END_TEST

static const struct {
	const char *bytes;
	size_t length;
	int code;
} statuses[] = {
#define BYTES(text) text, sizeof(text) - 1
	{ BYTES("\x12\7Failure\x30\x9a\x03"), 410 },
	{ BYTES("\x12\7Success\x30\xc8\x01"), 200 },
	{ BYTES("k8s\0\x0a\x08\x12\6Status\x0a\5\x12\3Pod\x12\3\x30\x9a\x03"), -1 }, /* the last typeMeta counts */
	{ BYTES("k8s\0\x0a\x08\x12\6Status\x12\3\x30\x9a\x03"), 410 },
	{ BYTES("k8s\0\x0a\x05\x12\3Pod\x12\3\x30\x9a\x03"), -1 },
	{ BYTES("k8s\0\x0a\x08\x12\6Status"), -1 },                   /* no object */
	{ BYTES("k8s\0\x0a\x08\x12\6Status\x12\4\x30\x9a\x03"), -1 }, /* cut off */
	{ BYTES("k8s\0\x0a\x08\x12\6Status\x12\3\x32\x9a\x03"), -1 }, /* malformed */
	{ BYTES("k8s\0\x0a\x08\x12\6Status\x12\4\x32\2ab"), -1 },     /* the code is a text */
	{ BYTES("k8s\0\x0a\x08\x12\6Status\x12\3\x30\xe8\x07"), -1 }, /* 1000 */
	{ BYTES("\x12\7Unknown\x30\x9a\x03"), -1 },
	{ BYTES("k8s"), -1 },
	{ BYTES(""), -1 },
};

START_TEST(what_is_a_status_in_protobuf)
{
	struct api_status status;
	bool is_status = api_status_read(WIRE_PROTOBUF, statuses[_i].bytes, statuses[_i].length, &status);

	ck_assert_int_eq(is_status, statuses[_i].code >= 0);
	ck_assert_int_eq(status.code, is_status ? statuses[_i].code : 0);
}
END_TEST

/* --- lies --- */

#define LIST  "k8s\0\x0a\6\x12\4List"
#define EVENT "\x0a\5ADDED\x12\x0f\x0a\x0dk8s\0\x0a\3\x12\1P\x12\2ab"

static const struct {
	enum stream_shape shape;
	const char *bytes;
	size_t length;
	const char *record;
} hostile[] = {
	{ STREAM_LIST, BYTES(""), "the answer is no list" },
	{ STREAM_LIST, BYTES("{\"kind\":\"PodList\"}"), "the answer is no protobuf of Kubernetes" },
	{ STREAM_LIST, BYTES("k8s\0"), "the answer is no list" },
	{ STREAM_LIST, BYTES(LIST), "the answer is no list" },
	{ STREAM_LIST, BYTES("k8s\0\x12\2\x12\0"), "the answer is no list" },
	{ STREAM_LIST, BYTES("k8s\0\x0a\5\x12\3Pod\x12\2\x12\0"), "the answer is no list" },
	{ STREAM_LIST, BYTES(LIST "\x12\0"), NULL },
	{ STREAM_LIST, BYTES(LIST "\x12\2\x12\0"), NULL },
	{ STREAM_LIST, BYTES(LIST "\x12\0\x12\0"), "a second list in one answer" },
	/* fields that are skipped, of every type, inside and outside */
	{ STREAM_LIST,
		BYTES(LIST "\x18\xff\1\x21"
			   "12345678\x2a\2xx\x35"
			   "1234\x12\x15\x18\xff\1\x21"
			   "12345678\x2a\2xx\x35"
			   "1234"),
		NULL },
	/* lengths beyond what encloses them */
	{ STREAM_LIST, BYTES(LIST "\x12\2\x12\1a"), "malformed protobuf" },
	{ STREAM_LIST, BYTES(LIST "\x12\2\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\1"), "malformed protobuf" },
	{ STREAM_LIST, BYTES(LIST "\x12\1\x12\0"), "malformed protobuf" },
	{ STREAM_LIST,
		BYTES(LIST "\x12\3\x19"
			   "12345678"),
		"malformed protobuf" },
	{ STREAM_LIST, BYTES(LIST "\x12\4\x12\x80\x80\x80\0"), "malformed protobuf" },
	{ STREAM_LIST, BYTES(LIST "\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\1\x12\x81\x80\x80\x04"),
		"the object is larger than 8 MiB" },
	{ STREAM_LIST, BYTES(LIST "\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\1\x12\x80\x80\x80\x04"),
		"it ends in the middle of an object (after 0 whole objects)" },
	{ STREAM_LIST, BYTES(LIST "\x1a\xff\xff\xff\xff\xff\xff\xff\xff\xff\1x"),
		"it ends in the middle of an object (after 0 whole objects)" },
	{ STREAM_LIST, BYTES("k8s\0\x0a\x81\x20"), "the object is larger than 8 MiB" },
	{ STREAM_LIST, BYTES(LIST "\x12\x80\x80\x10\x0a\x81\x80\4"), "the object is larger than 8 MiB" },
	/* varints */
	{ STREAM_LIST, BYTES(LIST "\x12\x80\x80\x80\x80\x80\x80\x80\x80\x80\2"), "malformed protobuf" },
	{ STREAM_LIST, BYTES(LIST "\x12\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80"), "malformed protobuf" },
	{ STREAM_LIST, BYTES(LIST "\x92\x80\x80\x80\x80\1\0"), "malformed protobuf" },
	/* tags: no number, groups, types that there are not, a wrong one */
	{ STREAM_LIST, BYTES(LIST "\2\0"), "malformed protobuf" },
	{ STREAM_LIST, BYTES(LIST "\x1b"), "malformed protobuf" },
	{ STREAM_LIST, BYTES(LIST "\x1c"), "malformed protobuf" },
	{ STREAM_LIST, BYTES(LIST "\x1e"), "malformed protobuf" },
	{ STREAM_LIST, BYTES(LIST "\x1f"), "malformed protobuf" },
	{ STREAM_LIST, BYTES(LIST "\x10\1"), "malformed protobuf" },
	{ STREAM_LIST, BYTES(LIST "\x12\2\x10\1"), "malformed protobuf" },
	{ STREAM_LIST, BYTES("k8s\0\x0a\2\x12\5"), "malformed protobuf" },
	{ STREAM_LIST, BYTES("k8s\0\x0a\2\x10\5"), "malformed protobuf" },
	{ STREAM_LIST, BYTES(LIST "\x12\4\x0a\2\x10\1"), "resourceVersion: text expected" },
	{ STREAM_LIST, BYTES(LIST "\x12\4\x0a\2\x1a\1"), "malformed protobuf" },
	{ STREAM_LIST, BYTES(LIST "\x12\5\x0a\3\x1a\1\n"), "continue: the text cannot be sent back" },
	/* events */
	{ STREAM_WATCH, BYTES(""), NULL },
	{ STREAM_WATCH, BYTES("\0\0\0\x18" EVENT), NULL },
	{ STREAM_WATCH, BYTES("\0\0\0\x18" EVENT "\0\0\0"),
		"it ends in the middle of an object (after 1 whole objects)" },
	{ STREAM_WATCH, BYTES("\0\0\0\0"), "an event of an unknown type" },
	{ STREAM_WATCH, BYTES("\0\0\0\7\x0a\5ADDED"), "an event without an object" },
	{ STREAM_WATCH, BYTES("\0\0\0\x17" EVENT), "malformed protobuf" },
	{ STREAM_WATCH, BYTES("\0\0\0\6\x0a\4GONE"), "an event of an unknown type" },
	{ STREAM_WATCH, BYTES("\0\0\0\2\x08\1"), "malformed protobuf" },
	{ STREAM_WATCH, BYTES("\0\0\0\x0b\x0a\5ADDED\x12\2\x08\1"), "malformed protobuf" },
	{ STREAM_WATCH, BYTES("\0\0\0\x0f\x0a\5ADDED\x12\6\x0a\4k8s\0"), "an event without an object" },
	{ STREAM_WATCH, BYTES("\0\0\0\x0e\x0a\5ADDED\x12\5\x0a\3{\"a"), "an event without an object" },
	{ STREAM_WATCH, BYTES("\0\x80\4\1"), "the object is larger than 8 MiB" },
	{ STREAM_WATCH, BYTES("\xff\xff\xff\xff"), "the object is larger than 8 MiB" },
	{ STREAM_WATCH, BYTES("k8s\0"), "the object is larger than 8 MiB" },
};

START_TEST(believes_no_length)
{
	for (size_t step = 1; step <= hostile[_i].length + 1; step++) {
		AUTO_BUFFER found = { 0 };
		AUTO_FREE char *exact = memory_new(hostile[_i].length);
		struct error err = { 0 };
		int result;

		if (hostile[_i].length)
			memcpy(exact, hostile[_i].bytes, hostile[_i].length);
		result = read_stream(hostile[_i].shape, exact, hostile[_i].length, 0, step, &found, &err);
		ck_assert_str_eq(result < 0 ? err.message : "whole", hostile[_i].record ? hostile[_i].record : "whole");
	}
}
END_TEST

/* What is claimed takes no memory; what comes takes what it is. */
START_TEST(memory_follows_what_came)
{
	static const char head[] = LIST "\x12\xff\xff\xff\xff\x0f\x12\x80\x80\x80\x04";
	CLEANUP(stream_release) struct stream stream;
	AUTO_BUFFER found = { 0 };
	struct error err = { 0 };

	stream_init(&stream, WIRE_PROTOBUF, STREAM_LIST, record, &found);
	ck_assert_int_eq(stream_feed(&stream, head, sizeof(head) - 1, &err), 0);
	ck_assert_int_eq(stream_feed(&stream, "abc", 3, &err), 0);
	ck_assert_uint_eq(stream.wire_stream.held.length, 3);
	ck_assert_uint_lt(stream.wire_stream.held.capacity, 4096);
}
END_TEST

static int refuse(void *context, enum event_type type, const char *bytes, size_t length, struct error *err)
{
	(void)type;
	(void)bytes;
	(void)length;
	++*(int *)context;
	return error_set(err, ERROR_INTERRUPTED, "enough");
}

START_TEST(the_reader_can_end_it)
{
	AUTO_RECORDED body = recorded_read(bodies[_i].file);
	CLEANUP(stream_release) struct stream stream;
	struct error err = { 0 };
	int calls = 0;

	stream_init(&stream, WIRE_PROTOBUF, bodies[_i].shape, refuse, &calls);
	ck_assert_int_eq(stream_feed(&stream, body.bytes, body.length, &err), -1);
	ck_assert_int_eq(err.code, ERROR_INTERRUPTED);
	ck_assert_int_eq(calls, 1);
}
END_TEST

TEST_MAIN("kube/stream_wire", TEST_TABLE(reads_objects_whatever_the_pieces, bodies),
	TEST_TABLE(an_end_before_the_end_is_an_error, bodies), TEST(the_metadata_of_a_list_is_read),
	TEST_TABLE(events_say_what_happened_to_what, watches), TEST(a_status_is_the_same_in_both_formats),
	TEST_TABLE(what_is_a_status_in_protobuf, statuses), TEST_TABLE(believes_no_length, hostile),
	TEST(memory_follows_what_came), TEST_TABLE(the_reader_can_end_it, bodies))
