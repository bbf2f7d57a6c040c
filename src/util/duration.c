#include "clusterutils/util/duration.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "clusterutils/util/buffer.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/quote.h"

/* Magnitudes are unsigned, for the smallest duration has no positive counterpart. */
#define LARGEST (UINT64_C(1) << 63)

static const struct {
	const char *name;
	uint64_t nanoseconds;
} units[] = {
	{ "ns", 1 },
	{ "us", DURATION_MICROSECOND },
	{ "\xC2\xB5s", DURATION_MICROSECOND }, /* U+00B5, the micro sign */
	{ "\xCE\xBCs", DURATION_MICROSECOND }, /* U+03BC, the Greek letter */
	{ "ms", DURATION_MILLISECOND },
	{ "s", DURATION_SECOND },
	{ "m", DURATION_MINUTE },
	{ "h", DURATION_HOUR },
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_number(char c)
{
	return c == '.' || is_digit(c);
}

/* Takes the digits at *at. False where they are more than LARGEST. */
static bool take_whole(const char **at, uint64_t *ret_value)
{
	uint64_t value = 0;

	for (; is_digit(**at); (*at)++) {
		if (value > LARGEST / 10)
			return false;
		value = value * 10 + (uint64_t)(**at - '0');
		if (value > LARGEST)
			return false;
	}
	*ret_value = value;
	return true;
}

/* Takes the digits behind the point: digits / *ret_scale. Those that no longer fit are dropped. */
static uint64_t take_fraction(const char **at, double *ret_scale)
{
	uint64_t value = 0;
	double scale = 1;
	bool full = false;

	for (; is_digit(**at); (*at)++) {
		uint64_t next;

		full = full || value > (LARGEST - 1) / 10;
		if (full)
			continue;
		next = value * 10 + (uint64_t)(**at - '0');
		full = next > LARGEST;
		if (full)
			continue;
		value = next;
		scale *= 10;
	}
	*ret_scale = scale;
	return value;
}

static uint64_t find_unit(const char *name, size_t length)
{
	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (strlen(units[i].name) == length && memcmp(units[i].name, name, length) == 0)
			return units[i].nanoseconds;
	return 0;
}

static int refuse(struct error *err, const char *problem, const char *text)
{
	AUTO_BUFFER quoted = { 0 };

	quote_bytes(&quoted, text, strlen(text));
	return error_set(err, ERROR_INVALID, "time: %s duration %s", problem, buffer_text(&quoted));
}

static int refuse_unit(struct error *err, const char *unit, size_t length, const char *text)
{
	AUTO_BUFFER problem = { 0 };

	buffer_add_text(&problem, "unknown unit ");
	quote_bytes(&problem, unit, length);
	buffer_add_text(&problem, " in");
	return refuse(err, buffer_text(&problem), text);
}

/* Takes one number with its unit at *at. `text` is the whole, for the sentence. */
static int take_term(const char *text, const char **at, uint64_t *ret_value, struct error *err)
{
	const char *start = *at, *unit_start;
	uint64_t value, fraction = 0, unit;
	double scale = 1, step, part;
	bool has_digits;

	if (!is_number(*start) || !take_whole(at, &value))
		return refuse(err, "invalid", text);
	has_digits = *at > start;
	if (**at == '.') {
		start = ++*at;
		fraction = take_fraction(at, &scale);
		has_digits = has_digits || *at > start;
	}
	if (!has_digits)
		return refuse(err, "invalid", text);

	for (unit_start = *at; **at && !is_number(**at); (*at)++)
		continue;
	if (*at == unit_start)
		return refuse(err, "missing unit in", text);
	unit = find_unit(unit_start, (size_t)(*at - unit_start));
	if (!unit)
		return refuse_unit(err, unit_start, (size_t)(*at - unit_start), text);
	if (value > LARGEST / unit)
		return refuse(err, "invalid", text);
	value *= unit;
	/* In floating point as Go does it, each step rounded: the last nanosecond of a fraction depends on it. */
	step = (double)unit / scale;
	part = (double)fraction * step;
	value += (uint64_t)part;
	if (value > LARGEST)
		return refuse(err, "invalid", text);
	*ret_value = value;
	return 0;
}

int duration_parse(const char *text, int64_t *ret_nanoseconds, struct error *err)
{
	const char *at = text;
	bool negative = *at == '-';
	uint64_t sum = 0;

	if (*at == '-' || *at == '+')
		at++;
	if (strcmp(at, "0") == 0) {
		*ret_nanoseconds = 0;
		return 0;
	}
	if (!*at)
		return refuse(err, "invalid", text);
	while (*at) {
		uint64_t value = 0;

		if (take_term(text, &at, &value, err))
			return -1;
		if (value > LARGEST - sum)
			return refuse(err, "invalid", text);
		sum += value;
	}
	if (sum == LARGEST && !negative)
		return refuse(err, "invalid", text);
	if (sum == LARGEST)
		*ret_nanoseconds = INT64_MIN;
	else
		*ret_nanoseconds = negative ? -(int64_t)sum : (int64_t)sum;
	return 0;
}

static uint64_t magnitude(int64_t nanoseconds)
{
	return nanoseconds < 0 ? 0 - (uint64_t)nanoseconds : (uint64_t)nanoseconds;
}

/* Adds value / 10^digits, without zeros at its end. Returns the length. */
static int add_decimal(char *out, size_t size, uint64_t value, int digits)
{
	uint64_t one = 1, rest;

	for (int i = 0; i < digits; i++)
		one *= 10;
	rest = value % one;
	for (; digits > 0 && rest % 10 == 0; digits--)
		rest /= 10;
	if (digits == 0)
		return snprintf(out, size, "%" PRIu64, value / one);
	return snprintf(out, size, "%" PRIu64 ".%0*" PRIu64, value / one, digits, rest);
}

const char *duration_text(int64_t nanoseconds, char buffer[DURATION_TEXT_SIZE])
{
	uint64_t value = magnitude(nanoseconds), seconds = value / DURATION_SECOND;
	const char *unit = "s";
	int used = 0, digits = 9;

	if (nanoseconds < 0)
		buffer[used++] = '-';
	if (value == 0) {
		digits = 0;
	} else if (value < DURATION_MICROSECOND) {
		unit = "ns";
		digits = 0;
	} else if (value < DURATION_MILLISECOND) {
		unit = "\xC2\xB5s";
		digits = 3;
	} else if (value < DURATION_SECOND) {
		unit = "ms";
		digits = 6;
	} else if (seconds >= 3600) {
		used += snprintf(buffer + used, DURATION_TEXT_SIZE - (size_t)used, "%" PRIu64 "h%" PRIu64 "m",
			seconds / 3600, seconds / 60 % 60);
		value %= DURATION_MINUTE;
	} else if (seconds >= 60) {
		used += snprintf(buffer + used, DURATION_TEXT_SIZE - (size_t)used, "%" PRIu64 "m", seconds / 60);
		value %= DURATION_MINUTE;
	}
	used += add_decimal(buffer + used, DURATION_TEXT_SIZE - (size_t)used, value, digits);
	snprintf(buffer + used, DURATION_TEXT_SIZE - (size_t)used, "%s", unit);
	return buffer;
}

static const char *one_unit(char *buffer, int64_t count, char unit)
{
	snprintf(buffer, DURATION_HUMAN_SIZE, "%" PRId64 "%c", count, unit);
	return buffer;
}

/* The second unit is left out where it is 0. */
static const char *two_units(char *buffer, int64_t count, char unit, int64_t rest, char rest_unit)
{
	if (rest == 0)
		return one_unit(buffer, count, unit);
	snprintf(buffer, DURATION_HUMAN_SIZE, "%" PRId64 "%c%" PRId64 "%c", count, unit, rest, rest_unit);
	return buffer;
}

/* What both ladders say about times that are not yet there; NULL for the others. */
static const char *negative_age(char *buffer, int64_t nanoseconds)
{
	if (nanoseconds >= 0)
		return NULL;
	snprintf(buffer, DURATION_HUMAN_SIZE, "%s", nanoseconds <= -2 * DURATION_SECOND ? "<invalid>" : "0s");
	return buffer;
}

const char *duration_human(int64_t nanoseconds, char buffer[DURATION_HUMAN_SIZE])
{
	int64_t seconds = nanoseconds / DURATION_SECOND;
	int64_t minutes = seconds / 60, hours = minutes / 60, days = hours / 24;

	if (negative_age(buffer, nanoseconds))
		return buffer;
	if (seconds < 120)
		return one_unit(buffer, seconds, 's');
	if (minutes < 10)
		return two_units(buffer, minutes, 'm', seconds % 60, 's');
	if (hours < 3)
		return one_unit(buffer, minutes, 'm');
	if (hours < 8)
		return two_units(buffer, hours, 'h', minutes % 60, 'm');
	if (hours < 48)
		return one_unit(buffer, hours, 'h');
	if (days < 8)
		return two_units(buffer, days, 'd', hours % 24, 'h');
	if (days < 2 * 365)
		return one_unit(buffer, days, 'd');
	if (days < 8 * 365)
		return two_units(buffer, days / 365, 'y', days % 365, 'd');
	return one_unit(buffer, days / 365, 'y');
}

const char *duration_human_short(int64_t nanoseconds, char buffer[DURATION_HUMAN_SIZE])
{
	int64_t seconds = nanoseconds / DURATION_SECOND, whole_hours;
	/* Upstream counts hours in floating point, so that a day can begin a few nanoseconds early. */
	int64_t full_hours = nanoseconds / DURATION_HOUR;
	double hours = (double)full_hours + (double)(nanoseconds % DURATION_HOUR) / DURATION_HOUR;

	if (negative_age(buffer, nanoseconds))
		return buffer;
	whole_hours = (int64_t)hours;
	if (seconds < 60)
		return one_unit(buffer, seconds, 's');
	if (seconds < 3600)
		return one_unit(buffer, seconds / 60, 'm');
	if (whole_hours < 24)
		return one_unit(buffer, whole_hours, 'h');
	if (whole_hours < 24 * 365)
		return one_unit(buffer, whole_hours / 24, 'd');
	return one_unit(buffer, (int64_t)(hours / 24 / 365), 'y');
}
