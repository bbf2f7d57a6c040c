/* Each test sets the clock for all that follow in the process: the order is part of the test. */
#include "clusterutils/util/clock.h"

#include <stdlib.h>
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

START_TEST(at_first_it_is_the_clock_of_the_system)
{
	check_near((int64_t)time(NULL));
}
END_TEST

START_TEST(the_clock_is_set_and_then_frozen)
{
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

static const struct {
	const char *zone;
	int64_t now, midnight, month;
} days[] = {
	{ "UTC", NOON, NOON - 43200, NOON - 43200 },
	{ "UTC", NOON + 86400, NOON + 43200, NOON - 43200 },
	{ "UTC", NOON - 43200, NOON - 43200, NOON - 43200 },
	{ "UTC", NOON - 43201, NOON - 129600, 1769904000 },
	{ "AAA-3BBB,M3.1.0,M10.5.0", NOON + 43200, NOON - 43200 + 72000,
		NOON - 43200 - 10800 }, /* one hour less in that month */
	{ "XXX+8", NOON, NOON - 43200 + 28800, NOON - 43200 + 28800 },
	{ "UTC", 0, 0, 0 },
};

START_TEST(a_day_and_a_month_begin_at_midnight)
{
	setenv("TZ", days[_i].zone, 1);
	tzset();
	ck_assert_int_eq(clock_midnight(days[_i].now), days[_i].midnight);
	ck_assert_int_eq(clock_month(days[_i].now), days[_i].month);
}
END_TEST

START_TEST(a_moment_beyond_all_calendars_has_a_day_too)
{
	ck_assert_int_le(clock_midnight(INT64_MAX), INT64_MAX);
	ck_assert_int_le(clock_month(INT64_MIN + 86400), INT64_MIN + 86400);
}
END_TEST

TEST_MAIN("util/clock", TEST(at_first_it_is_the_clock_of_the_system), TEST(a_clock_that_was_set_runs_on),
	TEST(measuring_never_goes_back), TEST_TABLE(a_day_and_a_month_begin_at_midnight, days),
	TEST(a_moment_beyond_all_calendars_has_a_day_too), TEST(the_clock_is_set_and_then_frozen))
