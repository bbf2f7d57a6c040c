#include "clusterutils/util/duration.h"

#include <string.h>

#include "suite.h"

static const struct {
	const char *text;
	int64_t nanoseconds;
} accepted[] = {
	{ "0", 0 },
	{ "+0", 0 },
	{ "-0", 0 },
	{ "0s", 0 },
	{ "1ns", 1 },
	{ "1us", 1000 },
	{ "1\xC2\xB5s", 1000 },
	{ "1\xCE\xBCs", 1000 },
	{ "1ms", 1000000 },
	{ "1h30m", 90 * DURATION_MINUTE },
	{ "1.5h", 90 * DURATION_MINUTE },
	{ "-1.5h", -90 * DURATION_MINUTE },
	{ ".5s", DURATION_SECOND / 2 },
	{ "1.s", DURATION_SECOND },
	{ "00001s", DURATION_SECOND },
	{ "1s1s1m", 62 * DURATION_SECOND },
	{ "0.9ns", 0 },
	{ "0.3333333333333333333h", 20 * DURATION_MINUTE },
	{ "0.99999999999999999999999999999999s", DURATION_SECOND },
	{ "9223372036854775807ns", INT64_MAX },
	{ "-9223372036854775807ns", -INT64_MAX },
	{ "-9223372036854775808ns", INT64_MIN },
	{ "-2562047h47m16.854775808s", INT64_MIN },
};

START_TEST(parse_accepts)
{
	struct error err = { 0 };
	int64_t nanoseconds = -1;

	ck_assert_msg(duration_parse(accepted[_i].text, &nanoseconds, &err) == 0, "%s", err.message);
	ck_assert_int_eq(nanoseconds, accepted[_i].nanoseconds);
	ck_assert_int_eq(err.code, ERROR_NONE);
}
END_TEST

static const struct {
	const char *text, *message;
} refused[] = {
	{ "", "time: invalid duration \"\"" },
	{ "-", "time: invalid duration \"-\"" },
	{ "--1s", "time: invalid duration \"--1s\"" },
	{ "+-1s", "time: invalid duration \"+-1s\"" },
	{ ".", "time: invalid duration \".\"" },
	{ "-.s", "time: invalid duration \"-.s\"" },
	{ " 1s", "time: invalid duration \" 1s\"" },
	{ "s", "time: invalid duration \"s\"" },
	{ "5", "time: missing unit in duration \"5\"" },
	{ "00", "time: missing unit in duration \"00\"" },
	{ "1s5", "time: missing unit in duration \"1s5\"" },
	{ "1..s", "time: missing unit in duration \"1..s\"" },
	{ "1d", "time: unknown unit \"d\" in duration \"1d\"" },
	{ "1H", "time: unknown unit \"H\" in duration \"1H\"" },
	{ "1s ", "time: unknown unit \"s \" in duration \"1s \"" },
	{ "1h-2m", "time: unknown unit \"h-\" in duration \"1h-2m\"" },
	{ "1\xC2\xB5", "time: unknown unit \"\\xc2\\xb5\" in duration \"1\\xc2\\xb5\"" },
	{ "1\x1B\"\\", "time: unknown unit \"\\x1b\\\"\\\\\" in duration \"1\\x1b\\\"\\\\\"" },
	{ "9223372036854775808ns", "time: invalid duration \"9223372036854775808ns\"" },
	{ "-9223372036854775809ns", "time: invalid duration \"-9223372036854775809ns\"" },
	{ "9223372036854775809ns1x", "time: invalid duration \"9223372036854775809ns1x\"" },
	{ "18446744073709551616ns", "time: invalid duration \"18446744073709551616ns\"" },
	{ "9223372036854775807ns1ns", "time: invalid duration \"9223372036854775807ns1ns\"" },
	{ "9223372036.854775808s", "time: invalid duration \"9223372036.854775808s\"" },
	{ "2562048h", "time: invalid duration \"2562048h\"" },
};

START_TEST(parse_refuses_with_the_sentence_of_go)
{
	struct error err = { 0 };
	int64_t nanoseconds = 42;

	ck_assert_int_eq(duration_parse(refused[_i].text, &nanoseconds, &err), -1);
	ck_assert_str_eq(err.message, refused[_i].message);
	ck_assert_int_eq(err.code, ERROR_INVALID);
	ck_assert_int_eq(nanoseconds, 42);
}
END_TEST

START_TEST(parse_survives_long_text)
{
	static char text[100001];
	struct error err = { 0 };
	int64_t nanoseconds;

	memset(text, '9', sizeof(text) - 1);
	ck_assert_int_eq(duration_parse(text, &nanoseconds, &err), -1);
	ck_assert_uint_eq(strlen(err.message), ERROR_MESSAGE_SIZE - 1);
	memset(text, '0', sizeof(text) - 1);
	text[sizeof(text) - 2] = 's';
	ck_assert_int_eq(duration_parse(text, &nanoseconds, &err), 0);
	ck_assert_int_eq(nanoseconds, 0);
}
END_TEST

static const struct {
	int64_t nanoseconds;
	const char *text;
} texts[] = {
	{ 0, "0s" },
	{ 1, "1ns" },
	{ -1, "-1ns" },
	{ 999, "999ns" },
	{ 1100, "1.1\xC2\xB5s" },
	{ 2200000, "2.2ms" },
	{ 999999999, "999.999999ms" },
	{ DURATION_SECOND, "1s" },
	{ 3300000000, "3.3s" },
	{ DURATION_MINUTE, "1m0s" },
	{ 4 * DURATION_MINUTE + 5001000000, "4m5.001s" },
	{ DURATION_HOUR, "1h0m0s" },
	{ 5 * DURATION_HOUR + 6 * DURATION_MINUTE + 7001000000, "5h6m7.001s" },
	{ 8 * DURATION_MINUTE + 1, "8m0.000000001s" },
	{ INT64_MAX, "2562047h47m16.854775807s" },
	{ INT64_MIN, "-2562047h47m16.854775808s" },
};

START_TEST(text_is_that_of_go)
{
	char buffer[DURATION_TEXT_SIZE];

	ck_assert_str_eq(duration_text(texts[_i].nanoseconds, buffer), texts[_i].text);
}
END_TEST

START_TEST(parse_is_the_inverse_of_text)
{
	uint64_t state = 88172645463325252;

	for (int i = 0; i < 200000; i++) {
		char buffer[DURATION_TEXT_SIZE];
		struct error err = { 0 };
		int64_t value, again = 0;

		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		value = (int64_t)(state >> (state % 64)) * (i % 2 ? -1 : 1);
		ck_assert_msg(duration_parse(duration_text(value, buffer), &again, &err) == 0, "%s", err.message);
		ck_assert_int_eq(again, value);
	}
}
END_TEST

static const struct {
	int64_t seconds;
	const char *human, *brief;
} ages[] = {
	{ -2, "<invalid>", "<invalid>" },
	{ -1, "0s", "0s" },
	{ 0, "0s", "0s" },
	{ 59, "59s", "59s" },
	{ 60, "60s", "1m" },
	{ 119, "119s", "1m" },
	{ 120, "2m", "2m" },
	{ 121, "2m1s", "2m" },
	{ 599, "9m59s", "9m" },
	{ 600, "10m", "10m" },
	{ 3600, "60m", "1h" },
	{ 10799, "179m", "2h" },
	{ 10800, "3h", "3h" },
	{ 10860, "3h1m", "3h" },
	{ 28799, "7h59m", "7h" },
	{ 28800, "8h", "8h" },
	{ 86400, "24h", "1d" },
	{ 172799, "47h", "1d" },
	{ 172800, "2d", "2d" },
	{ 176400, "2d1h", "2d" },
	{ 691199, "7d23h", "7d" },
	{ 691200, "8d", "8d" },
	{ 31536000, "365d", "1y" },
	{ 63071999, "729d", "1y" },
	{ 63072000, "2y", "2y" },
	{ 63158400, "2y1d", "2y" },
	{ 252287999, "7y364d", "7y" },
	{ 252288000, "8y", "8y" },
};

START_TEST(ages_are_those_of_kubectl)
{
	char buffer[DURATION_HUMAN_SIZE];

	ck_assert_str_eq(duration_human(ages[_i].seconds * DURATION_SECOND, buffer), ages[_i].human);
	ck_assert_str_eq(duration_human_short(ages[_i].seconds * DURATION_SECOND, buffer), ages[_i].brief);
}
END_TEST

START_TEST(ages_at_the_ends_of_the_range)
{
	char buffer[DURATION_HUMAN_SIZE];

	ck_assert_str_eq(duration_human(INT64_MAX, buffer), "292y");
	ck_assert_str_eq(duration_human_short(INT64_MAX, buffer), "292y");
	ck_assert_str_eq(duration_human(INT64_MIN, buffer), "<invalid>");
	ck_assert_str_eq(duration_human_short(INT64_MIN, buffer), "<invalid>");
	ck_assert_str_eq(duration_human(-1999999999, buffer), "0s");
	ck_assert_str_eq(duration_human_short(30239999999999999, buffer), "350d"); /* rounded, as upstream */
}
END_TEST

TEST_MAIN("util/duration", TEST_TABLE(parse_accepts, accepted),
	TEST_TABLE(parse_refuses_with_the_sentence_of_go, refused), TEST(parse_survives_long_text),
	TEST_TABLE(text_is_that_of_go, texts), TEST(parse_is_the_inverse_of_text),
	TEST_TABLE(ages_are_those_of_kubectl, ages), TEST(ages_at_the_ends_of_the_range))
