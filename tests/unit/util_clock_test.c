/* Each test sets the clock for all that follow in the process: the order is part of the test. */
#include "clusterutils/util/clock.h"

#include <time.h>

#include "suite.h"

enum { NOON = 1772366400 };

/* A second may begin between two calls. */
static void check_near(int64_t expected)
{
	int64_t now = clock_now();

	ck_assert_int_ge(now, expected);
	ck_assert_int_le(now, expected + 1);
}

START_TEST(the_clock_is_set_and_then_frozen)
{
	check_near((int64_t)time(NULL));
	clock_set(NOON);
	check_near(NOON);
	clock_set(-1);
	check_near(-1);
	clock_set((int64_t)time(NULL));
	check_near((int64_t)time(NULL));
	clock_freeze(NOON);
	ck_assert_int_eq(clock_now(), NOON);
	clock_set(7); /* as the demo does: it stands still all the same */
	ck_assert_int_eq(clock_now(), NOON);
	clock_freeze(INT64_MIN);
	ck_assert_int_eq(clock_now(), INT64_MIN);
}
END_TEST

START_TEST(a_clock_that_was_set_runs_on)
{
	clock_set(NOON);
	for (time_t start = time(NULL); time(NULL) == start;)
		clock_sleep_ms(10);
	check_near(NOON + 1);
}
END_TEST

START_TEST(measuring_never_goes_back)
{
	int64_t before = clock_monotonic_ms();

	for (int i = 0; i < 1000; i++) {
		int64_t now = clock_monotonic_ms();

		ck_assert_int_ge(now, before);
		before = now;
	}
	clock_sleep_ms(5);
	ck_assert_int_ge(clock_monotonic_ms(), before + 4);
	clock_sleep_ms(0);
}
END_TEST

TEST_MAIN("util/clock", TEST(a_clock_that_was_set_runs_on), TEST(measuring_never_goes_back),
	TEST(the_clock_is_set_and_then_frozen))
