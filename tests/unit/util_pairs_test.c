#include "clusterutils/util/pairs.h"

#include "suite.h"

static int things[1000];

START_TEST(finds_what_was_added_by_both_pointers)
{
	struct pairs pairs = { 0 };

	ck_assert_ptr_null(pairs_find(&pairs, &things[0], &things[1]));
	pairs_add(&pairs, &things[0], &things[1], &things[2]);
	pairs_add(&pairs, &things[1], &things[0], &things[3]);
	pairs_add(&pairs, NULL, NULL, &things[4]);
	pairs_add(&pairs, &things[0], NULL, &things[5]);
	ck_assert_ptr_eq(pairs_find(&pairs, &things[0], &things[1]), &things[2]);
	ck_assert_ptr_eq(pairs_find(&pairs, &things[1], &things[0]), &things[3]);
	ck_assert_ptr_eq(pairs_find(&pairs, NULL, NULL), &things[4]);
	ck_assert_ptr_eq(pairs_find(&pairs, &things[0], NULL), &things[5]);
	ck_assert_ptr_null(pairs_find(&pairs, NULL, &things[0]));
	pairs_release(&pairs);
}
END_TEST

START_TEST(finds_all_of_many)
{
	struct pairs pairs = { 0 };

	for (size_t i = 0; i < 1000; i++)
		pairs_add(&pairs, &things[i], &things[i / 7], &things[999 - i]);
	ck_assert_uint_eq(pairs.count, 1000);
	for (size_t i = 0; i < 1000; i++)
		ck_assert_ptr_eq(pairs_find(&pairs, &things[i], &things[i / 7]), &things[999 - i]);
	pairs_release(&pairs);
}
END_TEST

TEST_MAIN("util/pairs", TEST(finds_what_was_added_by_both_pointers), TEST(finds_all_of_many))
