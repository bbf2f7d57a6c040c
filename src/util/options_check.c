#include <string.h>

#include "clusterutils/util/options.h"
#include "clusterutils/util/text.h"
#include "option_value.h"

static int wrong(struct error *err, const struct option *option, const char *what)
{
	return error_set(err, ERROR_INVALID, "option --%s %s", option->name, what);
}

static bool is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_name(const char *name)
{
	if (!is_letter_or_digit(*name))
		return false;
	for (; *name; name++)
		if (!is_letter_or_digit(*name) && *name != '-')
			return false;
	return true;
}

static int check_values(const struct option *option, struct error *err)
{
	const char *const texts[] = { option->fallback, option->bare };
	struct option_value value;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i] && option_value_read(option, texts[i], &value, err))
			return -1;
	return 0;
}

static int check_row(const struct option *option, struct error *err)
{
	bool is_flag = option->type == OPTION_FLAG, is_choice = option->type == OPTION_CHOICE;
	bool has_bounds = option->type == OPTION_UINT || option->type == OPTION_DURATION;

	if (!is_name(option->name))
		return wrong(err, option, "has a name that nobody can type");
	if (option->letter && !is_letter_or_digit(option->letter))
		return wrong(err, option, "has a letter that is none");
	if (!option->help || !*option->help)
		return wrong(err, option, "has no help");
	if (is_flag != !option->argument)
		return wrong(err, option, is_flag ? "is a flag with an argument" : "does not name its argument");
	if (is_choice != (option->choices && *option->choices))
		return wrong(err, option, is_choice ? "has no choices" : "has choices for nothing");
	if (is_flag && option->bare)
		return wrong(err, option, "is a flag and says what it is alone");
	if (option->type == OPTION_LIST && option->fallback)
		return wrong(err, option, "is a list with a fallback");
	if (!has_bounds && (option->min || option->max))
		return wrong(err, option, "has bounds for nothing");
	if ((option->max && option->min > option->max) ||
		(option->type == OPTION_DURATION && (option->min > INT64_MAX || option->max > INT64_MAX)))
		return wrong(err, option, "has bounds that nothing is within");
	return check_values(option, err);
}

/* Whether a row before this one has its name or letter. */
static bool is_taken(const struct option_group *groups, size_t group, const struct option *row)
{
	for (size_t i = 0; i <= group; i++) {
		for (const struct option *option = groups[i].options; option_is_row(option); option++) {
			if (i == group && option == row)
				return false;
			if (text_equal(option->name, row->name) || (row->letter && option->letter == row->letter))
				return true;
		}
	}
	return false;
}

int options_check(const struct option_group *groups, size_t group_count, struct error *err)
{
	for (size_t i = 0; i < group_count; i++) {
		for (const struct option *option = groups[i].options; option_is_row(option); option++) {
			if (check_row(option, err))
				return -1;
			if (is_taken(groups, i, option))
				return wrong(err, option, "has a name or letter that is taken");
		}
	}
	return 0;
}
