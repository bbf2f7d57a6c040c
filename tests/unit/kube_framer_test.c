#include "clusterutils/kube/framer.h"

#include <stdlib.h>
#include <string.h>

#include "suite.h"

static int record_list(void *context, const char *envelope, size_t length, struct error *err)
{
	(void)err;
	ck_assert_uint_eq(strlen(envelope), length);
	buffer_printf(context, "list %s\n", envelope);
	return 0;
}

static int record_object(void *context, const char *json, size_t length, uint64_t line, struct error *err)
{
	(void)err;
	ck_assert_uint_eq(strlen(json), length);
	buffer_printf(context, "%d %s\n", (int)line, json);
	return 0;
}

static int record_end(void *context, const char *envelope, size_t length, struct error *err)
{
	(void)err;
	ck_assert_uint_eq(strlen(envelope), length);
	buffer_printf(context, "end %s\n", envelope);
	return 0;
}

static const struct framer_events events = {
	.on_list = record_list, .on_object = record_object, .on_list_end = record_end
};

/* Feeds the text in pieces of `step` bytes; returns what was recorded, or the error's sentence. */
static int frame(const char *text, size_t length, size_t step, struct buffer *ret_record)
{
	struct framer framer;
	struct error err = { 0 };
	int result = 0;

	framer_init(&framer, &events, ret_record);
	for (size_t at = 0; at < length && result == 0; at += step)
		result = framer_feed(&framer, text + at, step < length - at ? step : length - at, &err);
	if (result == 0)
		result = framer_finish(&framer, &err);
	if (result < 0)
		buffer_printf(ret_record, "error %s\n", err.message);
	framer_release(&framer);
	return result;
}

static const struct {
	const char *text, *record;
} cases[] = {
	{ "", "" },
	{ " \n\t ", "" },
	{ "{}", "1 {}\n" },
	{ "{ \"a\" : [ 1 , true ] }\n\n{\"b\":2}", "1 {\"a\":[1,true]}\n3 {\"b\":2}\n" },
	{ "{\"kind\":\"PodList\",\"items\":[{\"a\":1},\n {\"b\":\"x y\"}],\"metadata\":{\"continue\":\"t\"}}",
		"list {\"kind\":\"PodList\",\"items\":[]}\n1 {\"a\":1}\n2 {\"b\":\"x y\"}\n"
		"end {\"kind\":\"PodList\",\"items\":[],\"metadata\":{\"continue\":\"t\"}}\n" },
	{ "{\"items\":[]}", "list {\"items\":[]}\nend {\"items\":[]}\n" },
	{ "{\"items\":{\"items\":[1]}}", "1 {\"items\":{\"items\":[1]}}\n" },
	{ "{\"a\":{\"items\":[{}]}}", "1 {\"a\":{\"items\":[{}]}}\n" },
	{ "{\"items\":null}", "1 {\"items\":null}\n" },
	{ "[{\"a\":1},{\"b\":[{}]}]", "1 {\"a\":1}\n1 {\"b\":[{}]}\n" },
	{ "{\"s\":\"q\\\"}{\\\\\"}", "1 {\"s\":\"q\\\"}{\\\\\"}\n" },
	/* managed fields go, wherever they stand in the metadata, and nothing else does */
	{ "{\"metadata\":{\"managedFields\":[{\"f:a\":{}}],\"name\":\"n\"}}", "1 {\"metadata\":{\"name\":\"n\"}}\n" },
	{ "{\"metadata\":{\"name\":\"n\",\"managedFields\":[{\"x\":\"]}\"}]}}", "1 {\"metadata\":{\"name\":\"n\"}}\n" },
	{ "{\"metadata\":{\"a\":1,\"managedFields\":[],\"b\":2}}", "1 {\"metadata\":{\"a\":1,\"b\":2}}\n" },
	{ "{\"metadata\":{\"managedFields\":null}}", "1 {\"metadata\":{}}\n" },
	{ "{\"metadata\":{\"managedFields\":\"x\",\"b\":2}}", "1 {\"metadata\":{\"b\":2}}\n" },
	{ "{\"data\":{\"managedFields\":[1]}}", "1 {\"data\":{\"managedFields\":[1]}}\n" },
	{ "{\"metadata\":{\"labels\":{\"managedFields\":\"1\"}}}",
		"1 {\"metadata\":{\"labels\":{\"managedFields\":\"1\"}}}\n" },
	{ "{\"items\":[{\"metadata\":{\"managedFields\":[{}]}}]}",
		"list {\"items\":[]}\n1 {\"metadata\":{}}\nend {\"items\":[]}\n" },
	/* what is no JSON, in one sentence */
	{ "{\"a\":1", "error it ends in the middle of an object, on line 1 (after 0 whole objects)\n" },
	{ "{}\n{\"a", "1 {}\nerror it ends in the middle of an object, on line 2 (after 1 whole objects)\n" },
	{ "{\"a\":]", "error line 1: '}' expected\n" },
	{ "{\"a\":[}", "error line 1: ']' expected\n" },
	{ "}", "error line 1: bracket without a beginning\n" },
	{ "nonsense", "error line 1: no JSON object\n" },
	{ "\"text\"", "error line 1: no JSON object\n" },
	{ "{},{}", "1 {}\nerror line 1: ',' between two documents\n" },
	{ "{\"items\":[1]}", "list {\"items\":[]}\nerror line 1: an item of the list is not an object\n" },
	{ "{\"items\":[\"x\"]}", "list {\"items\":[]}\nerror line 1: an item of the list is not an object\n" },
	{ "{\"items\":[[]]}", "list {\"items\":[]}\nerror line 1: an item of the list is not an object\n" },
	{ "[:]", "error line 1: unexpected ':'\n" },
};

START_TEST(frames_objects_whatever_the_chunks)
{
	const char *text = cases[_i].text;

	for (size_t step = 1; step <= strlen(text) + 1; step++) {
		AUTO_BUFFER record = { 0 };

		frame(text, strlen(text), step, &record);
		ck_assert_str_eq(buffer_text(&record), cases[_i].record);
	}
}
END_TEST

START_TEST(refuses_nesting_without_end)
{
	AUTO_BUFFER text = { 0 }, record = { 0 };

	buffer_add_text(&text, "{\"a\":");
	buffer_add_repeated(&text, '[', 1000);
	ck_assert_int_eq(frame(text.bytes, text.length, 64, &record), -1);
	ck_assert_str_eq(buffer_text(&record), "error line 1: nested deeper than 256 levels\n");
}
END_TEST

START_TEST(refuses_an_object_beyond_the_ceiling)
{
	AUTO_BUFFER text = { 0 }, record = { 0 };

	buffer_add_text(&text, "{\"a\":\"");
	buffer_add_repeated(&text, 'x', FRAMER_MAX_OBJECT + 1);
	ck_assert_int_eq(frame(text.bytes, text.length, 65536, &record), -1);
	ck_assert_str_eq(buffer_text(&record), "error line 1: the object is larger than 8 MiB\n");
}
END_TEST

START_TEST(memory_does_not_grow_with_the_list)
{
	struct framer framer;
	struct error err;
	AUTO_BUFFER record = { 0 };

	framer_init(&framer, &events, &record);
	ck_assert_int_eq(framer_feed(&framer, "{\"items\":[", 10, &err), 0);
	for (int i = 0; i < 10000; i++) {
		ck_assert_int_eq(framer_feed(&framer, i ? ",{\"n\":1}" : "{\"n\":1}", i ? 8 : 7, &err), 0);
		buffer_clear(&record);
	}
	ck_assert_uint_lt(framer.envelope.capacity + framer.object.capacity, 1024);
	framer_release(&framer);
}
END_TEST

TEST_MAIN("kube/framer", TEST_TABLE(frames_objects_whatever_the_chunks, cases), TEST(refuses_nesting_without_end),
	TEST(refuses_an_object_beyond_the_ceiling), TEST(memory_does_not_grow_with_the_list))
