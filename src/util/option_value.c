#include "option_value.h"

#include <string.h>

#include "clusterutils/util/duration.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/quote.h"
#include "clusterutils/util/text.h"

bool option_is_row(const struct option *option)
{
	return option && option->name;
}

/* What Go's strconv.ParseBool takes. */
static int read_flag(const char *text, bool *ret_flag, struct error *err)
{
	static const char *const trues[] = { "1", "t", "T", "true", "True", "TRUE" };
	static const char *const falses[] = { "0", "f", "F", "false", "False", "FALSE" };

	for (size_t i = 0; i < ARRAY_LEN(trues); i++) {
		if (strcmp(text, trues[i]) == 0 || strcmp(text, falses[i]) == 0) {
			*ret_flag = strcmp(text, trues[i]) == 0;
			return 0;
		}
	}
	return error_set(err, ERROR_USAGE, "must be true or false");
}

static bool is_within(const struct option *option, uint64_t number)
{
	return number >= option->min && (option->max == 0 || number <= option->max);
}

static int read_number(const struct option *option, const char *text, uint64_t *ret_number, struct error *err)
{
	if (!text_to_uint(text, UINT64_MAX, ret_number))
		return error_set(err, ERROR_USAGE, "must be a whole number");
	if (is_within(option, *ret_number))
		return 0;
	if (option->max == 0)
		return error_set(err, ERROR_USAGE, "must be at least %llu", (unsigned long long)option->min);
	return error_set(err, ERROR_USAGE, "must be from %llu to %llu", (unsigned long long)option->min,
		(unsigned long long)option->max);
}

static int read_duration(const struct option *option, const char *text, int64_t *ret_nanoseconds, struct error *err)
{
	char least[DURATION_TEXT_SIZE], most[DURATION_TEXT_SIZE];
	uint64_t seconds;

	if (text_to_uint(text, INT64_MAX / DURATION_SECOND, &seconds))
		*ret_nanoseconds = (int64_t)seconds * DURATION_SECOND;
	else if (duration_parse(text, ret_nanoseconds, err))
		return -1;
	if (*ret_nanoseconds < 0)
		return error_set(err, ERROR_USAGE, "must not be negative");
	if (is_within(option, (uint64_t)*ret_nanoseconds))
		return 0;
	duration_text((int64_t)option->min, least);
	if (option->max == 0)
		return error_set(err, ERROR_USAGE, "must be at least %s", least);
	return error_set(err, ERROR_USAGE, "must be from %s to %s", least, duration_text((int64_t)option->max, most));
}

static int read_choice(const struct option *option, const char *text, const char **ret_choice, struct error *err)
{
	AUTO_BUFFER known = { 0 };

	for (const char *const *choice = option->choices; *choice; choice++) {
		if (strcmp(*choice, text) == 0) {
			*ret_choice = *choice;
			return 0;
		}
		buffer_printf(&known, "%s%s", choice == option->choices ? "" : ", ", *choice);
	}
	return error_set(err, ERROR_USAGE, "must be one of %s", buffer_text(&known));
}

static int read_by_type(
	const struct option *option, const char *text, struct option_value *ret_value, struct error *err)
{
	switch (option->type) {
	case OPTION_FLAG:
		return read_flag(text, &ret_value->flag, err);
	case OPTION_UINT:
		return read_number(option, text, &ret_value->number, err);
	case OPTION_DURATION:
		return read_duration(option, text, &ret_value->nanoseconds, err);
	case OPTION_CHOICE:
		return read_choice(option, text, &ret_value->text, err);
	case OPTION_TEXT:
	case OPTION_LIST:
		break;
	}
	ret_value->text = text;
	return 0;
}

int option_value_read(const struct option *option, const char *text, struct option_value *ret_value, struct error *err)
{
	enum { LONGEST_QUOTED = 200 }; /* the sentence must still tell what is wrong with it */
	char letter[] = { '-', option->letter, ',', ' ', '\0' };
	AUTO_BUFFER quoted = { 0 };

	if (read_by_type(option, text, ret_value, err) == 0)
		return 0;
	quote_text(&quoted, text, strnlen(text, LONGEST_QUOTED));
	err->code = ERROR_USAGE;
	return error_wrap(err, "invalid argument %s for \"%s--%s\" flag", buffer_text(&quoted),
		option->letter ? letter : "", option->name);
}
