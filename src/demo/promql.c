#include "promql.h"

#include <string.h>

#include "clusterutils/util/text.h"

enum { MAX_QUERY = 4096, MAX_RANGE_SECONDS = 400 * 86400 };

static const char name_letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:";

const char *const demo_promql_labels[DEMO_LABELS] = { "address", "channel", "firmwareVersion", "mac", "name", "type" };

static const char *const metrics[] = {
	[DEMO_NO_METRIC] = "",
	[DEMO_WATTS] = "shelly_meter_power_current_watts",
	[DEMO_WATTHOURS] = "shelly_meter_power_watthours_total",
	[DEMO_OVERPOWER] = "shelly_meter_overpower_watts",
};

static const char *const functions[] = {
	[DEMO_PLAIN] = "",
	[DEMO_INCREASE] = "increase",
	[DEMO_RATE] = "rate",
	[DEMO_AVERAGE] = "avg_over_time",
};

const char *demo_promql_metric(enum demo_metric metric)
{
	return metrics[metric];
}

const char *demo_promql_label(const struct demo_meter *meter, size_t label)
{
	switch (label) {
	case 0:
		return meter->address;
	case 1:
		return "0";
	case 2:
		return "20230913-112003/v1.14.0-gcb84623";
	case 3:
		return meter->mac;
	case 4:
		return meter->name;
	default:
		return "SHPLG-S";
	}
}

/* --- parsing --- */

struct cursor {
	const char *start, *at;
};

static void skip_blanks(struct cursor *cursor)
{
	cursor->at += strspn(cursor->at, " \t\r\n");
}

static bool take(struct cursor *cursor, char c)
{
	skip_blanks(cursor);
	if (*cursor->at != c)
		return false;
	cursor->at++;
	return true;
}

static int fail(const struct cursor *cursor, struct error *err)
{
	return error_set(err, ERROR_INVALID, "invalid parameter \"query\": 1:%d: parse error: unexpected %s",
		(int)(cursor->at - cursor->start) + 1, *cursor->at ? "character" : "end of input");
}

bool demo_promql_duration(const char *text, size_t length, int64_t *ret_seconds)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 'w', 604800 }, { 'y', 31536000 } };
	int64_t number = -1;

	*ret_seconds = 0;
	for (size_t i = 0; i < length; i++) {
		size_t unit = 0;

		if (text[i] >= '0' && text[i] <= '9') {
			number = (number < 0 ? 0 : number) * 10 + (text[i] - '0');
			if (number > MAX_RANGE_SECONDS)
				return false;
			continue;
		}
		while (unit < sizeof(units) / sizeof(units[0]) && units[unit].unit != text[i])
			unit++;
		if (unit == sizeof(units) / sizeof(units[0]) || number < 0)
			return false;
		*ret_seconds += number * units[unit].seconds;
		number = -1;
		if (*ret_seconds > MAX_RANGE_SECONDS)
			return false;
	}
	return number < 0 && *ret_seconds > 0;
}

static size_t index_of(const char *const *names, size_t count, const char *text, size_t length, size_t otherwise)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(names[i]) == length && memcmp(names[i], text, length) == 0)
			return i;
	return otherwise;
}

static int parse_value(struct cursor *cursor, struct demo_matcher *matcher, struct error *err)
{
	char quote;
	size_t length = 0;

	skip_blanks(cursor);
	quote = *cursor->at;
	if (quote != '"' && quote != '\'')
		return fail(cursor, err);
	for (cursor->at++; *cursor->at && *cursor->at != quote; cursor->at++) {
		if (*cursor->at == '\\' && cursor->at[1])
			cursor->at++;
		if (length + 1 == sizeof(matcher->value))
			return fail(cursor, err);
		matcher->value[length++] = *cursor->at;
	}
	return take(cursor, quote) ? 0 : fail(cursor, err);
}

static int parse_matcher(struct cursor *cursor, struct demo_promql *query, struct error *err)
{
	struct demo_matcher *matcher = &query->matchers[query->matcher_count];
	size_t length;

	if (query->matcher_count == DEMO_MATCHERS)
		return fail(cursor, err);
	skip_blanks(cursor);
	length = strspn(cursor->at, name_letters);
	if (!length)
		return fail(cursor, err);
	*matcher = (struct demo_matcher){ .label = (int)index_of(
						  demo_promql_labels, DEMO_LABELS, cursor->at, length, DEMO_LABELS) };
	if (matcher->label == DEMO_LABELS)
		matcher->label = -1;
	cursor->at += length;
	matcher->is_not = take(cursor, '!');
	if (!matcher->is_not && !take(cursor, '='))
		return fail(cursor, err);
	if (*cursor->at == '~') {
		matcher->is_pattern = true;
		cursor->at++;
	} else if (matcher->is_not && !take(cursor, '=')) {
		return fail(cursor, err);
	}
	query->matcher_count++;
	return parse_value(cursor, matcher, err);
}

static int parse_selector(struct cursor *cursor, struct demo_promql *query, struct error *err)
{
	size_t length;

	skip_blanks(cursor);
	length = strspn(cursor->at, name_letters);
	if (!length || (*cursor->at >= '0' && *cursor->at <= '9'))
		return fail(cursor, err);
	query->metric = (enum demo_metric)index_of(
		metrics, sizeof(metrics) / sizeof(metrics[0]), cursor->at, length, DEMO_NO_METRIC);
	cursor->at += length;
	if (!take(cursor, '{'))
		return 0;
	while (!take(cursor, '}')) {
		if (parse_matcher(cursor, query, err) < 0)
			return -1;
		skip_blanks(cursor);
		if (*cursor->at != '}' && !take(cursor, ','))
			return fail(cursor, err);
	}
	return 0;
}

static int parse_range(struct cursor *cursor, struct demo_promql *query, struct error *err)
{
	size_t length;

	if (!take(cursor, '['))
		return fail(cursor, err);
	length = strcspn(cursor->at, "]");
	if (!demo_promql_duration(cursor->at, length, &query->range))
		return fail(cursor, err);
	cursor->at += length;
	return take(cursor, ']') && take(cursor, ')') ? 0 : fail(cursor, err);
}

int demo_promql_parse(const char *text, struct demo_promql *ret_query, struct error *err)
{
	struct cursor cursor = { text, text };
	size_t length;

	*ret_query = (struct demo_promql){ 0 };
	if (strlen(text) > MAX_QUERY)
		return error_set(err, ERROR_INVALID, "invalid parameter \"query\": too long");
	skip_blanks(&cursor);
	length = strspn(cursor.at, name_letters);
	if (cursor.at[length] == '(') {
		size_t function =
			index_of(functions, sizeof(functions) / sizeof(functions[0]), cursor.at, length, DEMO_PLAIN);

		if (function == DEMO_PLAIN)
			return error_set(err, ERROR_INVALID,
				"invalid parameter \"query\": 1:1: parse error: unknown function with name \"%.*s\"",
				(int)length, cursor.at);
		ret_query->function = (enum demo_function)function;
		cursor.at += length + 1;
	}
	if (parse_selector(&cursor, ret_query, err) < 0)
		return -1;
	if (ret_query->function != DEMO_PLAIN && parse_range(&cursor, ret_query, err) < 0)
		return -1;
	skip_blanks(&cursor);
	return *cursor.at ? fail(&cursor, err) : 0;
}

/* --- matching --- */

static bool alternative_matches(const char *pattern, size_t length, const char *value)
{
	static const char any[] = ".*";
	size_t tail = strlen(any);

	if (length >= tail && memcmp(pattern + length - tail, any, tail) == 0)
		return strncmp(pattern, value, length - tail) == 0;
	return strlen(value) == length && memcmp(pattern, value, length) == 0;
}

static bool matcher_holds(const struct demo_matcher *matcher, const char *value)
{
	const char *pattern = matcher->value;

	if (!matcher->is_pattern)
		return text_equal(pattern, value);
	for (;;) {
		size_t length = strcspn(pattern, "|");

		if (alternative_matches(pattern, length, value))
			return true;
		if (!pattern[length])
			return false;
		pattern += length + 1;
	}
}

bool demo_promql_matches(const struct demo_promql *query, const struct demo_meter *meter)
{
	for (size_t i = 0; i < query->matcher_count; i++) {
		const struct demo_matcher *matcher = &query->matchers[i];

		if (matcher->label >= 0 &&
			matcher_holds(matcher, demo_promql_label(meter, (size_t)matcher->label)) == matcher->is_not)
			return false;
	}
	return true;
}
