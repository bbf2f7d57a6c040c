#include "clusterutils/util/timestamp.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "clusterutils/util/buffer.h"
#include "clusterutils/util/quote.h"

enum { DAY = 86400 };

static bool is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in_month(int64_t year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

static int64_t floor_divide(int64_t value, int64_t by)
{
	return value / by - (value % by < 0);
}

/* Years begin in March here, so that the leap day is the last of its year and months have a regular pattern:
 * 153 days in five of them. An era is 400 years, 146097 days; day 0 of era 0 is 0000-03-01. */
enum { ERA_YEARS = 400, ERA_DAYS = 146097, DAYS_TO_1970 = 719468 };

static int64_t days_since_1970(int64_t year, int month, int day)
{
	int64_t march_year = month <= 2 ? year - 1 : year;
	int64_t era = floor_divide(march_year, ERA_YEARS), of_era = march_year - era * ERA_YEARS;
	int64_t month_from_march = (month + 9) % 12;
	int64_t of_year = (153 * month_from_march + 2) / 5 + day - 1;

	return era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + of_year - DAYS_TO_1970;
}

static void date_of_day(int64_t days, int64_t *ret_year, int *ret_month, int *ret_day)
{
	int64_t since = days + DAYS_TO_1970, era = floor_divide(since, ERA_DAYS), of_era = since - era * ERA_DAYS;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t month_from_march = (5 * of_year + 2) / 153;

	*ret_day = (int)(of_year - (153 * month_from_march + 2) / 5 + 1);
	*ret_month = (int)((month_from_march + 2) % 12 + 1);
	*ret_year = era * ERA_YEARS + year + (*ret_month <= 2);
}

#define LAYOUT       "2006-01-02T15:04:05Z07:00"
#define LAYOUT_MICRO "2006-01-02T15:04:05.000000Z07:00"

struct reader {
	const char *text;
	const char *layout;
	const char *at;
	struct error *err;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_point(char c)
{
	return c == '.' || c == ','; /* ISO 8601 knows both, and Go takes both */
}

/* What stands at `value` is not what the layout has there. */
static int refuse(const struct reader *reader, const char *value, const char *element)
{
	AUTO_BUFFER text = { 0 }, rest = { 0 };

	quote_bytes(&text, reader->text, strlen(reader->text));
	quote_bytes(&rest, value, strlen(value));
	return error_set(reader->err, ERROR_INVALID, "parsing time %s as \"%s\": cannot parse %s as \"%s\"",
		buffer_text(&text), reader->layout, buffer_text(&rest), element);
}

static int out_of_range(const struct reader *reader, const char *what)
{
	AUTO_BUFFER text = { 0 };

	quote_bytes(&text, reader->text, strlen(reader->text));
	return error_set(reader->err, ERROR_INVALID, "parsing time %s: %s out of range", buffer_text(&text), what);
}

static int take_char(struct reader *reader, const char *expected)
{
	if (*reader->at != *expected)
		return refuse(reader, reader->at, expected);
	reader->at++;
	return 0;
}

static bool read_two_digits(const char *at, int *ret_value)
{
	if (!is_digit(at[0]) || !is_digit(at[1]))
		return false;
	*ret_value = (at[0] - '0') * 10 + (at[1] - '0');
	return true;
}

/* Takes a number of two digits within bounds; `element` is its place in the layout. */
static int take_part(
	struct reader *reader, const char *element, const char *name, int smallest, int largest, int *ret_value)
{
	if (!read_two_digits(reader->at, ret_value))
		return refuse(reader, reader->at, element);
	reader->at += 2;
	if (*ret_value < smallest || *ret_value > largest)
		return out_of_range(reader, name);
	return 0;
}

static int take_year(struct reader *reader, int64_t *ret_year)
{
	int century = 0, year = 0;

	if (!read_two_digits(reader->at, &century) || !read_two_digits(reader->at + 2, &year))
		return refuse(reader, reader->at, "2006");
	reader->at += 4;
	*ret_year = century * 100 + year;
	return 0;
}

/* The day is held against its month only when the whole text has the right form, as Go does it. */
static int take_date(struct reader *reader, int64_t *ret_year, int *ret_month, int *ret_day)
{
	if (take_year(reader, ret_year) || take_char(reader, "-"))
		return -1;
	if (take_part(reader, "01", "month", 1, 12, ret_month) || take_char(reader, "-"))
		return -1;
	return take_part(reader, "02", "day", 0, 99, ret_day);
}

/* Go takes an hour of one digit. */
static int take_hour(struct reader *reader, int *ret_hour)
{
	if (is_digit(reader->at[0]) && !is_digit(reader->at[1])) {
		*ret_hour = *reader->at++ - '0';
		return 0;
	}
	return take_part(reader, "15", "hour", 0, 23, ret_hour);
}

static int take_clock(struct reader *reader, int64_t *ret_seconds)
{
	int hour = 0, minute = 0, second = 0;

	if (take_hour(reader, &hour) || take_char(reader, ":"))
		return -1;
	if (take_part(reader, "04", "minute", 0, 59, &minute) || take_char(reader, ":"))
		return -1;
	if (take_part(reader, "05", "second", 0, 59, &second))
		return -1;
	*ret_seconds = hour * 3600 + minute * 60 + second;
	return 0;
}

/* A fraction may stand there: any number of digits, of which nine count. */
static void take_fraction(struct reader *reader, int32_t *ret_nanoseconds)
{
	int32_t value = 0, unit = 100000000;

	*ret_nanoseconds = 0;
	if (!is_point(reader->at[0]) || !is_digit(reader->at[1]))
		return;
	for (reader->at++; is_digit(*reader->at); reader->at++, unit /= 10)
		value += (*reader->at - '0') * unit;
	*ret_nanoseconds = value;
}

static int take_six_digits(struct reader *reader, int32_t *ret_nanoseconds)
{
	int32_t value = 0;

	if (!is_point(*reader->at))
		return refuse(reader, reader->at, ".000000");
	for (int i = 1; i <= 6; i++) {
		if (!is_digit(reader->at[i]))
			return refuse(reader, reader->at, ".000000");
		value = value * 10 + (reader->at[i] - '0');
	}
	reader->at += 7;
	*ret_nanoseconds = value * 1000;
	return 0;
}

/* Offsets of 24 hours and 60 minutes are in use, so Go takes them. */
static int take_offset(struct reader *reader, int64_t *ret_offset)
{
	const char *start = reader->at;
	int hours = 0, minutes = 0;
	bool is_offset;

	*ret_offset = 0;
	if (*start == 'Z') {
		reader->at++;
		return 0;
	}
	if (strlen(start) < 6 || start[3] != ':')
		return refuse(reader, start, "Z07:00");
	is_offset = read_two_digits(start + 1, &hours) && read_two_digits(start + 4, &minutes);
	if (minutes > 60)
		return out_of_range(reader, "time zone offset minute");
	if (hours > 24)
		return out_of_range(reader, "time zone offset hour");
	if (!is_offset || (*start != '+' && *start != '-'))
		return refuse(reader, start, "Z07:00");
	reader->at = start + 6;
	*ret_offset = (hours * 60 + minutes) * (*start == '-' ? -60 : 60);
	return 0;
}

static int take_end(const struct reader *reader)
{
	AUTO_BUFFER text = { 0 }, rest = { 0 };

	if (!*reader->at)
		return 0;
	quote_bytes(&text, reader->text, strlen(reader->text));
	quote_bytes(&rest, reader->at, strlen(reader->at));
	return error_set(
		reader->err, ERROR_INVALID, "parsing time %s: extra text: %s", buffer_text(&text), buffer_text(&rest));
}

static int parse(struct reader *reader, bool micro, int64_t *ret_seconds, int32_t *ret_nanoseconds)
{
	int64_t year = 0, clock = 0, offset = 0;
	int month = 0, day = 0;
	int32_t nanoseconds = 0;

	if (take_date(reader, &year, &month, &day) || take_char(reader, "T") || take_clock(reader, &clock))
		return -1;
	if (!micro)
		take_fraction(reader, &nanoseconds);
	else if (take_six_digits(reader, &nanoseconds))
		return -1;
	if (take_offset(reader, &offset) || take_end(reader))
		return -1;
	if (day < 1 || day > days_in_month(year, month))
		return out_of_range(reader, "day");
	*ret_seconds = days_since_1970(year, month, day) * DAY + clock - offset;
	*ret_nanoseconds = nanoseconds;
	return 0;
}

int timestamp_parse(const char *text, int64_t *ret_seconds, int32_t *ret_nanoseconds, struct error *err)
{
	struct reader reader = { text, LAYOUT, text, err };

	return parse(&reader, false, ret_seconds, ret_nanoseconds);
}

int timestamp_micro_parse(const char *text, int64_t *ret_seconds, int32_t *ret_nanoseconds, struct error *err)
{
	struct reader reader = { text, LAYOUT_MICRO, text, err };

	return parse(&reader, true, ret_seconds, ret_nanoseconds);
}

/* Writes all but the fraction and the zone. Returns the length. */
static size_t write_seconds(int64_t seconds, char *buffer)
{
	int64_t days = floor_divide(seconds, DAY), clock = (seconds % DAY + DAY) % DAY, year;
	int month, day, length;

	date_of_day(days, &year, &month, &day);
	length = snprintf(buffer, TIMESTAMP_SIZE, "%s%04" PRId64 "-%02d-%02dT%02d:%02d:%02d", year < 0 ? "-" : "",
		year < 0 ? -year : year, month, day, (int)(clock / 3600), (int)(clock / 60 % 60), (int)(clock % 60));
	return (size_t)length;
}

const char *timestamp_text(int64_t seconds, char buffer[TIMESTAMP_SIZE])
{
	size_t used = write_seconds(seconds, buffer);

	snprintf(buffer + used, TIMESTAMP_SIZE - used, "Z");
	return buffer;
}

const char *timestamp_micro_text(int64_t seconds, int32_t nanoseconds, char buffer[TIMESTAMP_SIZE])
{
	size_t used = write_seconds(seconds, buffer);

	snprintf(buffer + used, TIMESTAMP_SIZE - used, ".%06dZ", (int)(nanoseconds / 1000));
	return buffer;
}
