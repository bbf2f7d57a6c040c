#include "clusterutils/util/text.h"

#include <string.h>

#include "suite.h"

static const struct {
	const char *bytes, *clean;
} scrubbed[] = {
	{ "plain", "plain" },
	{ "", "" },
	{ "gr\xC3\xBC\xC3\x9F", "gr\xC3\xBC\xC3\x9F" },
	{ "\x1B[31mred", "\xEF\xBF\xBD[31mred" },
	{ "a\nb\tc\r", "a b c " },
	{ "\x7F", "\xEF\xBF\xBD" },
	{ "\xC2\x9B"
	  "31m",
		"\xEF\xBF\xBD"
		"31m" }, /* C1 CSI */
	{ "\xE2\x80\xAE"
	  "abc",
		"\xEF\xBF\xBD"
		"abc" },                                                            /* right-to-left override */
	{ "\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD" },                                 /* overlong */
	{ "\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD" },                 /* surrogate */
	{ "\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD" }, /* beyond U+10FFFF */
	{ "\xE2\x82", "\xEF\xBF\xBD" },                                             /* cut off */
	{ "\xEF\xBF\xBD", "\xEF\xBF\xBD" },
	{ "\xF0\x9F\x90\xB3", "\xF0\x9F\x90\xB3" },
};

START_TEST(scrub_replaces_what_a_terminal_would_obey)
{
	const char *bytes = scrubbed[_i].bytes;
	char clean[128];
	size_t length = text_scrub(bytes, strlen(bytes), clean);

	ck_assert_str_eq(clean, scrubbed[_i].clean);
	ck_assert_uint_eq(length, strlen(clean));
	ck_assert(text_is_clean(clean, length));
	ck_assert_int_eq(text_is_clean(bytes, strlen(bytes)), strcmp(bytes, scrubbed[_i].clean) == 0);
}
END_TEST

START_TEST(encode_is_the_inverse_of_decode)
{
	for (uint32_t code_point = 0; code_point <= 0x10FFFF; code_point++) {
		char bytes[4];
		size_t length = text_encode(code_point, bytes);
		uint32_t again;

		if (code_point >= 0xD800 && code_point <= 0xDFFF)
			continue;
		ck_assert_uint_eq(text_decode(bytes, length, &again), length);
		ck_assert_uint_eq(again, code_point);
	}
}
END_TEST

START_TEST(scrub_in_place_never_grows)
{
	char text[] = "x\x1By\xFFz";

	text_scrub_in_place(text);
	ck_assert_str_eq(text, "x?y?z");
}
END_TEST

START_TEST(search_ignores_case)
{
	ck_assert(text_contains_fold("CordonedNode", "donedn"));
	ck_assert(text_contains_fold("x", ""));
	ck_assert(!text_contains_fold("abc", "abcd"));
}
END_TEST

static const struct {
	const char *text;
	uint64_t max;
	bool ok;
	uint64_t value;
} uints[] = {
	{ "0", 9, true, 0 },
	{ "007", 9, true, 7 },
	{ "10", 9, false, 0 },
	{ "", 9, false, 0 },
	{ "-1", 9, false, 0 },
	{ "1 ", 9, false, 0 },
	{ "18446744073709551615", UINT64_MAX, true, UINT64_MAX },
	{ "18446744073709551616", UINT64_MAX, false, 0 },
};

START_TEST(uint_is_digits_within_bounds)
{
	uint64_t value = 0;

	ck_assert_int_eq(text_to_uint(uints[_i].text, uints[_i].max, &value), uints[_i].ok);
	ck_assert_uint_eq(value, uints[_i].value);
}
END_TEST

TEST_MAIN("util/text", TEST_TABLE(scrub_replaces_what_a_terminal_would_obey, scrubbed),
	TEST(encode_is_the_inverse_of_decode), TEST(scrub_in_place_never_grows), TEST(search_ignores_case),
	TEST_TABLE(uint_is_digits_within_bounds, uints))
