#include "clusterutils/util/error.h"

#include <string.h>

#include "clusterutils/util/text.h"
#include "suite.h"

START_TEST(setting_fills_all_and_fails)
{
	struct error err = { .code = ERROR_FORBIDDEN, .http_status = 403, .message = "before" };

	ck_assert_int_eq(error_set(&err, ERROR_NOT_FOUND, "nodes \"%s\" not found", "a"), -1);
	ck_assert_int_eq(err.code, ERROR_NOT_FOUND);
	ck_assert_int_eq(err.http_status, 0);
	ck_assert_str_eq(err.message, "nodes \"a\" not found");
}
END_TEST

START_TEST(a_whole_line_is_what_kubectl_prints_as_it_stands)
{
	struct error err = { 0 };

	error_set_whole(&err, ERROR_INVALID, "Error in configuration: ");
	ck_assert(err.is_whole_line);
	ck_assert_int_eq(error_add_line(&err, "* no server found for cluster \"%s\"", "a\nb"), -1);
	ck_assert_str_eq(err.message, "Error in configuration: \n* no server found for cluster \"a b\"");
	error_wrap(&err, "here\nthere");
	ck_assert(!err.is_whole_line);
	ck_assert_str_eq(err.message, "here there: Error in configuration: \n* no server found for cluster \"a b\"");
}
END_TEST

START_TEST(wrapping_says_where_and_keeps_what)
{
	struct error err = { .code = ERROR_FORBIDDEN, .http_status = 403, .message = "cause" };

	ck_assert_int_eq(error_wrap(&err, "Pod %s/%s", "n", "p"), -1);
	ck_assert_str_eq(err.message, "Pod n/p: cause");
	ck_assert_int_eq(err.code, ERROR_FORBIDDEN);
	ck_assert_int_eq(err.http_status, 403);
	ck_assert_int_eq(error_wrap(&err, "dump"), -1);
	ck_assert_str_eq(err.message, "dump: Pod n/p: cause");
}
END_TEST

START_TEST(clearing_leaves_nothing)
{
	struct error err = { .code = ERROR_FORBIDDEN, .http_status = 403, .message = "cause" };

	error_clear(&err);
	ck_assert_int_eq(err.code, ERROR_NONE);
	ck_assert_int_eq(err.http_status, 0);
	ck_assert_str_eq(err.message, "");
}
END_TEST

/* What is left of a character that was cut in two is one '?'. */
static void check_cut(const struct error *err)
{
	ck_assert_uint_le(strlen(err->message), ERROR_MESSAGE_SIZE - 1);
	ck_assert_uint_ge(strlen(err->message), ERROR_MESSAGE_SIZE - 2);
	ck_assert(text_is_clean(err->message, strlen(err->message)));
}

/* Cut at every place of a text of wide characters: it stays text, and within bounds. */
START_TEST(long_sentences_are_cut)
{
	struct error err = { 0 };
	char text[3000];

	for (size_t i = 0; i < sizeof(text) - 1; i++)
		text[i] = "\xE2\x82\xAC"[i % 3];
	text[sizeof(text) - 1] = '\0';
	for (size_t skip = 0; skip < 4; skip++) {
		error_set(&err, ERROR_FAILED, "%.*s%s", (int)skip, "xxxx", text);
		check_cut(&err);
		error_wrap(&err, "%.*s", (int)skip, "yyyy");
		check_cut(&err);
		error_wrap(&err, "%s", text);
		check_cut(&err);
	}
}
END_TEST

START_TEST(sentences_have_no_control_characters)
{
	struct error err = { 0 };

	error_set(&err, ERROR_FAILED, "a\nb\t%s", "\x1B[31m\xFF");
	ck_assert_str_eq(err.message, "a b ?[31m?");
	error_wrap(&err, "%s", "\x07");
	ck_assert_str_eq(err.message, "?: a b ?[31m?");
}
END_TEST

TEST_MAIN("util/error", TEST(setting_fills_all_and_fails), TEST(a_whole_line_is_what_kubectl_prints_as_it_stands),
	TEST(wrapping_says_where_and_keeps_what), TEST(clearing_leaves_nothing), TEST(long_sentences_are_cut),
	TEST(sentences_have_no_control_characters))
