/* Lists and watches in JSON: whatever the pieces in which they come. Protobuf: kube_stream_wire_test.c. */
#include "../../src/kube/stream.h"

#include <stdio.h>
#include <string.h>

#include "suite.h"

static const char *const type_names[] = { "ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR" };

static int record(void *context, enum event_type type, const char *bytes, size_t length, struct error *err)
{
	struct buffer *out = context;

	(void)err;
	ck_assert_uint_eq(strlen(bytes), length);
	buffer_printf(out, "%s %s\n", type_names[type], bytes);
	return 0;
}

static void read_stream(enum stream_shape shape, const char *text, size_t step, struct buffer *out)
{
	CLEANUP(stream_release) struct stream stream;
	size_t length = strlen(text);
	struct error err = { 0 };
	int result = 0;

	stream_init(&stream, WIRE_JSON, shape, record, out);
	for (size_t at = 0; at < length && result == 0; at += step)
		result = stream_feed(&stream, text + at, step < length - at ? step : length - at, &err);
	if (result == 0)
		result = stream_finish(&stream, &err);
	if (result < 0)
		buffer_printf(out, "error %s", err.message);
	else if (shape == STREAM_LIST)
		buffer_printf(out, "version %s continue %s remaining %d", stream.meta.resource_version,
			stream.meta.continue_token, (int)stream.meta.remaining);
}

static const struct {
	enum stream_shape shape;
	const char *text, *record;
} cases[] = {
	/* lists */
	{ STREAM_LIST,
		"{'kind':'PodList','apiVersion':'v1','metadata':{'resourceVersion':'12','continue':'t','remainingItemCount':3},"
		"'items':[{'a': 1},\n{'b':'\\''}]}",
		"ADDED {'a':1}\nADDED {'b':'\\''}\nversion 12 continue t remaining 3" },
	{ STREAM_LIST, "{'items':[],'metadata':{'resourceVersion':'9'}}", "version 9 continue  remaining -1" },
	{ STREAM_LIST, "{'items':[{}]}", "ADDED {}\nversion  continue  remaining -1" },
	{ STREAM_LIST, "{'kind':'PodList','metadata':{'resourceVersion':'9'},'items':null}",
		"version 9 continue  remaining -1" },
	{ STREAM_LIST, "", "error the answer is no list" },
	{ STREAM_LIST, "{}", "error the answer is no list" },
	{ STREAM_LIST, "[{'a':1}]", "ADDED {'a':1}\nerror the answer is no list" },
	{ STREAM_LIST, "{'kind':'Status','code':500}", "error the answer is no list" },
	{ STREAM_LIST, "{'items':[]}{'items':[]}", "error a second list in one answer" },
	{ STREAM_LIST, "{'items':[]}{'kind':'PodList'}", "error the answer is no list" },
	{ STREAM_LIST, "{'items':[{'a':1}",
		"ADDED {'a':1}\nerror it ends in the middle of an object, on line 1 (after 1 whole objects)" },
	{ STREAM_LIST, "{'items':[],'metadata':[]}", "error metadata: an object expected" },
	{ STREAM_LIST, "{'items':[],'metadata':{'continue':7}}", "error metadata.continue: text expected" },
	{ STREAM_LIST, "{'items':[],'metadata':{'continue':'a\\nb'}}",
		"error metadata.continue: the text cannot be sent back" },
	{ STREAM_LIST, "{'items':[],'metadata':{'remainingItemCount':-1}}",
		"error metadata.remainingItemCount: the number is out of range" },
	{ STREAM_LIST, "{'items':[],'metadata':}", "error invalid JSON" },
	/* watches */
	{ STREAM_WATCH, "", "" },
	{ STREAM_WATCH,
		"{'type':'ADDED','object':{'a': [1, {}]}}\n{'type':'MODIFIED','object':{'b':2}}\n"
		"{'type':'DELETED','object':{}}\n{'type':'BOOKMARK','object':{'kind':'Pod'}}\n"
		"{'type':'ERROR','object':{'kind':'Status'}}\n",
		"ADDED {'a':[1,{}]}\nMODIFIED {'b':2}\nDELETED {}\nBOOKMARK {'kind':'Pod'}\nERROR {'kind':'Status'}\n" },
	{ STREAM_WATCH, "{'object':{'type':'x','object':{'object':1},'items':[1]},'type':'ADDED'}",
		"ADDED {'type':'x','object':{'object':1},'items':[1]}\n" },
	{ STREAM_WATCH, "{'type':'ADDED','object':{'metadata':{'name':'a','managedFields':[{'object':{}}]},'b':1}}",
		"ADDED {'metadata':{'name':'a'},'b':1}\n" },
	{ STREAM_WATCH, "{'type':'ADDED','object':{'a':1},'object':{'b':1},'items':[{},{}]}", "ADDED {'a':1}\n" },
	{ STREAM_WATCH, "{'type':'RENAMED','object':{}}", "error an event of an unknown type" },
	{ STREAM_WATCH, "{'object':{}}", "error an event of an unknown type" },
	{ STREAM_WATCH, "{'type':7,'object':{}}", "error type: text expected" },
	{ STREAM_WATCH, "{'type':'ADDED','object':[{}]}", "error an event without an object" },
	{ STREAM_WATCH, "{'type':'ADDED'}", "error an event without an object" },
	{ STREAM_WATCH, "{'kind':'PodList','items':[{}]}", "error an event without an object" },
	{ STREAM_WATCH, "{'type':'ADDED','object':{'a':1}",
		"error it ends in the middle of an object, on line 1 (after 0 whole objects)" },
	{ STREAM_WATCH, "{'type':'ADDED','object':{}}{", /* the next one is cut off */
		"ADDED {}\nerror it ends in the middle of an object, on line 1 (after 1 whole objects)" },
};

static void with_quotes(const char *text, struct buffer *out)
{
	for (; *text; text++)
		buffer_add_char(out, *text == '\'' && (!out->length || text[-1] != '\\') ? '"' : *text);
}

START_TEST(reads_objects_whatever_the_pieces)
{
	AUTO_BUFFER text = { 0 }, wanted = { 0 };

	with_quotes(cases[_i].text, &text);
	with_quotes(cases[_i].record, &wanted);
	for (size_t step = 1; step <= 7 || step == text.length; step = step == 7 ? text.length : step + 1) {
		AUTO_BUFFER out = { 0 };

		read_stream(cases[_i].shape, buffer_text(&text), step, &out);
		ck_assert_str_eq(buffer_text(&out), buffer_text(&wanted));
		if (step >= text.length)
			break;
	}
}
END_TEST

/* A token goes back to the server: cut off it would be another. */
START_TEST(a_token_that_does_not_fit_is_an_error)
{
	for (size_t length = CONTINUE_SIZE - 1; length <= CONTINUE_SIZE; length++) {
		AUTO_BUFFER text = { 0 }, out = { 0 };

		buffer_add_text(&text, "{\"items\":[],\"metadata\":{\"continue\":\"");
		buffer_add_repeated(&text, 'x', length);
		buffer_add_text(&text, "\"}}");
		read_stream(STREAM_LIST, buffer_text(&text), text.length, &out);
		ck_assert_int_eq(strncmp(buffer_text(&out), "error", 5) == 0, length == CONTINUE_SIZE);
	}
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
	static const char *const texts[] = { "{\"items\":[{},{}]}",
		"{\"type\":\"ADDED\",\"object\":{}}{\"type\":\"ADDED\",\"object\":{}}" };

	for (int shape = STREAM_LIST; shape <= STREAM_WATCH; shape++) {
		CLEANUP(stream_release) struct stream stream;
		struct error err;
		int calls = 0;

		stream_init(&stream, WIRE_JSON, (enum stream_shape)shape, refuse, &calls);
		ck_assert_int_eq(stream_feed(&stream, texts[shape], strlen(texts[shape]), &err), -1);
		ck_assert_int_eq(err.code, ERROR_INTERRUPTED);
		ck_assert_int_eq(calls, 1);
	}
}
END_TEST

START_TEST(an_object_beyond_the_ceiling_is_refused)
{
	AUTO_BUFFER piece = { 0 }, out = { 0 };
	CLEANUP(stream_release) struct stream stream;
	struct error err;
	int result;

	stream_init(&stream, WIRE_JSON, STREAM_WATCH, record, &out);
	buffer_add_repeated(&piece, 'x', 1 << 20);
	result = stream_feed(&stream, "{\"type\":\"ADDED\",\"object\":{\"a\":\"", 31, &err);
	for (int i = 0; i < 9 && result == 0; i++)
		result = stream_feed(&stream, piece.bytes, piece.length, &err);
	ck_assert_int_eq(result, -1);
	ck_assert_str_eq(err.message, "line 1: the object is larger than 8 MiB");
}
END_TEST

TEST_MAIN("kube/stream", TEST_TABLE(reads_objects_whatever_the_pieces, cases),
	TEST(a_token_that_does_not_fit_is_an_error), TEST(the_reader_can_end_it),
	TEST(an_object_beyond_the_ceiling_is_refused))
