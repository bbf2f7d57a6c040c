#include "clusterutils/util/base64.h"

#include <string.h>

#include "suite.h"

static const struct {
	const char *text, *bytes;
} pairs[] = {
	{ "", "" },
	{ "eA==", "x" },
	{ "eHk=", "xy" },
	{ "eHl6", "xyz" },
	{ "Q0EgREFUQSBPTkUK", "CA DATA ONE\n" },
};

START_TEST(bytes_become_text_and_bytes_again)
{
	AUTO_BUFFER text = { 0 }, bytes = { 0 };
	struct error err = { 0 };

	base64_encode(pairs[_i].bytes, strlen(pairs[_i].bytes), &text);
	ck_assert_str_eq(buffer_text(&text), pairs[_i].text);
	ck_assert_int_eq(base64_decode(text.bytes, text.length, &bytes, &err), 0);
	ck_assert_str_eq(buffer_text(&bytes), pairs[_i].bytes);
}
END_TEST

START_TEST(line_ends_are_passed_over)
{
	static const char text[] = "\nQ0Eg\r\nREFUQQ=\n=\n";
	AUTO_BUFFER bytes = { 0 };
	struct error err = { 0 };

	ck_assert_int_eq(base64_decode(text, strlen(text), &bytes, &err), 0);
	ck_assert_str_eq(buffer_text(&bytes), "CA DATA");
}
END_TEST

/* Found with Go's decoder. */
static const struct {
	const char *text;
	unsigned at;
} refused[] = { { "*", 0 }, { "eA", 0 }, { "eA=", 3 }, { "eA==x", 4 }, { "eA=x", 2 }, { "=", 0 }, { "e===", 1 },
	{ "eHl6e", 4 }, { "eA ==", 2 }, { "e-__", 1 } };

START_TEST(the_place_of_the_first_wrong_byte_is_told)
{
	AUTO_BUFFER bytes = { 0 }, message = { 0 };
	struct error err = { 0 };

	buffer_printf(&message, "illegal base64 data at input byte %u", refused[_i].at);
	ck_assert_int_eq(base64_decode(refused[_i].text, strlen(refused[_i].text), &bytes, &err), -1);
	ck_assert_str_eq(err.message, buffer_text(&message));
}
END_TEST

TEST_MAIN("util/base64", TEST_TABLE(bytes_become_text_and_bytes_again, pairs), TEST(line_ends_are_passed_over),
	TEST_TABLE(the_place_of_the_first_wrong_byte_is_told, refused))
