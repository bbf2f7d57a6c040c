#include "clusterutils/util/quote.h"

#include <string.h>

#include "suite.h"

static const struct {
	const char *text, *bytes, *quoted, *json;
} cases[] = {
	{ "", "\"\"", "\"\"", "\"\"" },
	{ "plain", "\"plain\"", "\"plain\"", "\"plain\"" },
	{ "\"\\", "\"\\\"\\\\\"", "\"\\\"\\\\\"", "\"\\\"\\\\\"" },
	{ "\a\b\t\n\v\f\r", "\"\\x07\\x08\\x09\\x0a\\x0b\\x0c\\x0d\"", "\"\\a\\b\\t\\n\\v\\f\\r\"",
		"\"\\u0007\\b\\t\\n\\u000b\\f\\r\"" },
	{ "\x1B\x7F", "\"\\x1b\x7F\"", "\"\\x1b\\x7f\"", "\"\\u001b\x7F\"" },
	{ "<&>", "\"<&>\"", "\"<&>\"", "\"\\u003c\\u0026\\u003e\"" },
	{ "\xC3\xA9", "\"\\xc3\\xa9\"", "\"\xC3\xA9\"", "\"\xC3\xA9\"" },
	{ "\xC2\xA0", "\"\\xc2\\xa0\"", "\"\\u00a0\"", "\"\xC2\xA0\"" },
	{ "\xC2\x85", "\"\\xc2\\x85\"", "\"\\u0085\"", "\"\xC2\x85\"" },
	{ "\xE2\x80\xA8", "\"\\xe2\\x80\\xa8\"", "\"\\u2028\"", "\"\\u2028\"" },
	{ "\xE2\x80\xAE", "\"\\xe2\\x80\\xae\"", "\"\\u202e\"", "\"\xE2\x80\xAE\"" },
	{ "\xF0\x9F\x90\xB3", "\"\\xf0\\x9f\\x90\\xb3\"", "\"\xF0\x9F\x90\xB3\"", "\"\xF0\x9F\x90\xB3\"" },
	{ "\xF3\xB0\x80\x80", "\"\\xf3\\xb0\\x80\\x80\"", "\"\\U000f0000\"", "\"\xF3\xB0\x80\x80\"" },
	{ "\xEF\xBF\xBD", "\"\\xef\\xbf\\xbd\"", "\"\xEF\xBF\xBD\"", "\"\xEF\xBF\xBD\"" },
	{ "a\xFFz", "\"a\\xffz\"", "\"a\\xffz\"", "\"a\\ufffdz\"" },
};

START_TEST(quotes_as_go_does)
{
	AUTO_BUFFER bytes = { 0 }, quoted = { 0 }, json = { 0 };
	const char *text = cases[_i].text;

	quote_bytes(&bytes, text, strlen(text));
	quote_text(&quoted, text, strlen(text));
	quote_json(&json, text, strlen(text));
	ck_assert_str_eq(buffer_text(&bytes), cases[_i].bytes);
	ck_assert_str_eq(buffer_text(&quoted), cases[_i].quoted);
	ck_assert_str_eq(buffer_text(&json), cases[_i].json);
}
END_TEST

START_TEST(cut_off_sequences_are_quoted_byte_by_byte)
{
	AUTO_BUFFER out = { 0 };

	quote_text(&out, "\xF0\x9F\x90", 3);
	ck_assert_str_eq(buffer_text(&out), "\"\\xf0\\x9f\\x90\"");
	buffer_clear(&out);
	quote_text(&out, "a\0b", 3);
	ck_assert_str_eq(buffer_text(&out), "\"a\\x00b\"");
}
END_TEST

TEST_MAIN("util/quote", TEST_TABLE(quotes_as_go_does, cases), TEST(cut_off_sequences_are_quoted_byte_by_byte))
