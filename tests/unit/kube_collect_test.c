/* Answers that are held whole have an end. */
#include "clusterutils/kube/collect.h"

#include "suite.h"

START_TEST(what_fits_is_held_and_more_is_refused)
{
	AUTO_BUFFER answer = { 0 };
	struct collector collector = { &answer, 5, "the answer" };
	struct error err;

	ck_assert_int_eq(collect(&collector, "", 0, &err), 0);
	ck_assert_int_eq(collect(&collector, "abc", 3, &err), 0);
	ck_assert_int_eq(collect(&collector, "def", 3, &err), -1);
	ck_assert_str_eq(err.message, "the answer has more than 5 bytes");
	ck_assert_int_eq(collect(&collector, "de", 2, &err), 0);
	ck_assert_str_eq(buffer_text(&answer), "abcde");
	ck_assert_int_eq(collect(&collector, "f", 1, &err), -1);
	ck_assert_uint_eq(answer.length, 5);
}
END_TEST

START_TEST(one_piece_may_be_too_much)
{
	AUTO_BUFFER answer = { 0 };
	struct collector collector = { &answer, 2, "Node corellia" };
	struct error err;

	ck_assert_int_eq(collect(&collector, "abc", 3, &err), -1);
	ck_assert_str_eq(err.message, "Node corellia has more than 2 bytes");
	ck_assert_uint_eq(answer.length, 0);
}
END_TEST

TEST_MAIN("kube/collect", TEST(what_fits_is_held_and_more_is_refused), TEST(one_piece_may_be_too_much))
