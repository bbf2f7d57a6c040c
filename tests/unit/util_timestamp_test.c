#include "clusterutils/util/timestamp.h"

#include <stdbool.h>
#include <stdio.h>

#include "suite.h"

static const struct {
	const char *text;
	int64_t seconds;
	int32_t nanoseconds;
} accepted[] = {
	{ "1970-01-01T00:00:00Z", 0, 0 },
	{ "1969-12-31T23:59:59Z", -1, 0 },
	{ "0001-01-01T00:00:00Z", TIMESTAMP_ZERO, 0 },
	{ "0000-03-01T00:00:00Z", -62162035200, 0 },
	{ "9999-12-31T23:59:59Z", 253402300799, 0 },
	{ "9999-12-31T23:59:59-24:00", 253402387199, 0 },
	{ "0000-01-01T00:00:00+24:60", -62167309200, 0 },
	{ "2024-02-29T00:00:00Z", 1709164800, 0 },
	{ "2000-02-29T12:00:00Z", 951825600, 0 },
	{ "2026-03-01T12:00:00Z", 1772366400, 0 },
	{ "2026-03-01T17:30:00+05:30", 1772366400, 0 },
	{ "2026-03-01T00:00:00-12:00", 1772366400, 0 },
	{ "2026-03-01T12:00:00.5Z", 1772366400, 500000000 },
	{ "2026-03-01T12:00:00,000000001Z", 1772366400, 1 },
	{ "2026-03-01T12:00:00.1234567899999Z", 1772366400, 123456789 },
	{ "2026-03-01T2:00:00Z", 1772330400, 0 },
};

START_TEST(parse_accepts)
{
	struct error err = { 0 };
	int64_t seconds = 0;
	int32_t nanoseconds = -1;

	ck_assert_msg(timestamp_parse(accepted[_i].text, &seconds, &nanoseconds, &err) == 0, "%s", err.message);
	ck_assert_int_eq(seconds, accepted[_i].seconds);
	ck_assert_int_eq(nanoseconds, accepted[_i].nanoseconds);
}
END_TEST

static const struct {
	const char *text, *rest, *element; /* rest NULL: element is the whole reason */
} refused[] = {
	{ "", "", "2006" },
	{ "2026", "", "-" },
	{ "202x-01-02T03:04:05Z", "202x-01-02T03:04:05Z", "2006" },
	{ "-026-01-02T03:04:05Z", "-026-01-02T03:04:05Z", "2006" },
	{ "2026-1-02T03:04:05Z", "1-02T03:04:05Z", "01" },
	{ "2026-01-2T03:04:05Z", "2T03:04:05Z", "02" },
	{ "2026-01-02 03:04:05Z", " 03:04:05Z", "T" },
	{ "2026-01-02T:04:05Z", ":04:05Z", "15" },
	{ "2026-01-02T03:4:05Z", "4:05Z", "04" },
	{ "2026-01-02T03:04:5Z", "5Z", "05" },
	{ "2026-01-02T03:04:05", "", "Z07:00" },
	{ "2026-01-02T03:04:05z", "z", "Z07:00" },
	{ "2026-01-02T03:04:05.Z", ".Z", "Z07:00" },
	{ "2026-01-02T03:04:05+0200", "+0200", "Z07:00" },
	{ "2026-01-02T03:04:05*02:00", "*02:00", "Z07:00" },
	{ "2026-01-02T03:04:05+02:0", "+02:0", "Z07:00" },
	{ "2026-01-02T03:04:05+x2:00", "+x2:00", "Z07:00" },
	{ "2026-00-02T03:04:05Z", NULL, "month out of range" },
	{ "2026-13-02T03:04:05Z", NULL, "month out of range" },
	{ "2026-01-00T03:04:05Z", NULL, "day out of range" },
	{ "2026-01-32T03:04:05Z", NULL, "day out of range" },
	{ "2023-02-29T03:04:05Z", NULL, "day out of range" },
	{ "1900-02-29T03:04:05Z", NULL, "day out of range" },
	{ "2026-04-31T03:04:05Z", NULL, "day out of range" },
	{ "2026-01-02T24:00:00Z", NULL, "hour out of range" },
	{ "2026-01-02T23:60:00Z", NULL, "minute out of range" },
	{ "2026-06-30T23:59:60Z", NULL, "second out of range" }, /* a leap second */
	{ "2026-01-02T03:04:05+25:00", NULL, "time zone offset hour out of range" },
	{ "2026-01-02T03:04:05+23:61", NULL, "time zone offset minute out of range" },
	{ "2026-01-02T03:04:05ZZ", NULL, "extra text: \"Z\"" },
	{ "2026-01-02T03:04:05+02:00 ", NULL, "extra text: \" \"" },
};

START_TEST(parse_refuses_with_the_sentence_of_go)
{
	char message[256];
	struct error err = { 0 };
	int64_t seconds = 42;
	int32_t nanoseconds = 43;

	if (refused[_i].rest)
		snprintf(message, sizeof(message),
			"parsing time \"%s\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"%s\" as \"%s\"",
			refused[_i].text, refused[_i].rest, refused[_i].element);
	else
		snprintf(message, sizeof(message), "parsing time \"%s\": %s", refused[_i].text, refused[_i].element);
	ck_assert_int_eq(timestamp_parse(refused[_i].text, &seconds, &nanoseconds, &err), -1);
	ck_assert_str_eq(err.message, message);
	ck_assert_int_eq(err.code, ERROR_INVALID);
	ck_assert_int_eq(seconds, 42);
	ck_assert_int_eq(nanoseconds, 43);
}
END_TEST

static const struct {
	const char *fraction, *rest, *element;
} micro_refused[] = {
	{ "Z", "Z", ".000000" },
	{ ".12345Z", ".12345Z", ".000000" },
	{ ".", ".", ".000000" },
	{ ".1234567Z", "7Z", "Z07:00" },
	{ ".123456", "", "Z07:00" },
};

START_TEST(micro_wants_exactly_six_digits)
{
	char text[64], message[256];
	struct error err = { 0 };
	int64_t seconds;
	int32_t nanoseconds;

	snprintf(text, sizeof(text), "2026-03-01T12:00:00%s", micro_refused[_i].fraction);
	snprintf(message, sizeof(message),
		"parsing time \"%s\" as \"2006-01-02T15:04:05.000000Z07:00\": cannot parse \"%s\" as \"%s\"", text,
		micro_refused[_i].rest, micro_refused[_i].element);
	ck_assert_int_eq(timestamp_micro_parse(text, &seconds, &nanoseconds, &err), -1);
	ck_assert_str_eq(err.message, message);
}
END_TEST

START_TEST(micro_accepts_six_digits)
{
	char buffer[TIMESTAMP_SIZE];
	struct error err = { 0 };
	int64_t seconds = 0;
	int32_t nanoseconds = 0;

	ck_assert_int_eq(timestamp_micro_parse("2026-03-01T14:00:00.000120+02:00", &seconds, &nanoseconds, &err), 0);
	ck_assert_int_eq(seconds, 1772366400);
	ck_assert_int_eq(nanoseconds, 120000);
	ck_assert_str_eq(timestamp_micro_text(seconds, nanoseconds, buffer), "2026-03-01T12:00:00.000120Z");
}
END_TEST

START_TEST(parse_is_the_inverse_of_text)
{
	/* A prime step through all years that RFC 3339 can write: every month, every leap rule, every hour. */
	for (int64_t seconds = -62167219200; seconds <= 253402300799; seconds += 1299709) {
		char buffer[TIMESTAMP_SIZE];
		struct error err = { 0 };
		int64_t again = 0;
		int32_t nanoseconds = -1;

		ck_assert_msg(timestamp_parse(timestamp_text(seconds, buffer), &again, &nanoseconds, &err) == 0, "%s",
			err.message);
		ck_assert_int_eq(again, seconds);
		ck_assert_int_eq(nanoseconds, 0);
	}
}
END_TEST

START_TEST(each_day_follows_the_one_before)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int64_t seconds = -2208988800; /* 1900-01-01 */

	for (int year = 1900; year < 2301; year++)
		for (int month = 1; month <= 12; month++) {
			bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
			int last = days[month - 1] + (month == 2 && leap);

			for (int day = 1; day <= last; day++, seconds += 86400) {
				char buffer[TIMESTAMP_SIZE], expected[TIMESTAMP_SIZE];

				snprintf(expected, sizeof(expected), "%04d-%02d-%02dT00:00:00Z", year, month, day);
				ck_assert_str_eq(timestamp_text(seconds, buffer), expected);
			}
		}
}
END_TEST

START_TEST(text_holds_every_moment)
{
	char buffer[TIMESTAMP_SIZE];

	ck_assert_str_eq(timestamp_text(INT64_MAX, buffer), "292277026596-12-04T15:30:07Z");
	ck_assert_str_eq(timestamp_text(INT64_MIN, buffer), "-292277022657-01-27T08:29:52Z");
	ck_assert_str_eq(timestamp_micro_text(INT64_MIN, 999999999, buffer), "-292277022657-01-27T08:29:52.999999Z");
	ck_assert_str_eq(timestamp_text(-62167219201, buffer), "-0001-12-31T23:59:59Z");
	ck_assert_str_eq(timestamp_text(253402300800, buffer), "10000-01-01T00:00:00Z");
}
END_TEST

TEST_MAIN("util/timestamp", TEST_TABLE(parse_accepts, accepted),
	TEST_TABLE(parse_refuses_with_the_sentence_of_go, refused),
	TEST_TABLE(micro_wants_exactly_six_digits, micro_refused), TEST(micro_accepts_six_digits),
	TEST(parse_is_the_inverse_of_text), TEST(each_day_follows_the_one_before), TEST(text_holds_every_moment))
