#include "requirement.h"

#include <stdlib.h>
#include <string.h>

#include "clusterutils/model/label_rules.h"
#include "clusterutils/util/quote.h"

/* What is wrong with one requirement. Upstream collects all of it: "[first, second]" where it is more than one. */
struct problems {
	struct buffer text;
	size_t count;
};

static void problems_release(struct problems *problems)
{
	buffer_release(&problems->text);
}

#define AUTO_PROBLEMS CLEANUP(problems_release) struct problems

/* Begins the next problem with its path. */
static struct buffer *next_problem(struct problems *problems, const char *path)
{
	if (problems->count++)
		buffer_add_text(&problems->text, ", ");
	buffer_printf(&problems->text, "%s: Invalid value: ", path);
	return &problems->text;
}

static int refuse(const struct problems *problems, struct error *err)
{
	if (problems->count == 1)
		return error_set(err, ERROR_INVALID, "%s", buffer_text(&problems->text));
	return error_set(err, ERROR_INVALID, "[%s]", buffer_text(&problems->text));
}

static void check_key(const char *key, const char *path, struct problems *problems)
{
	AUTO_BUFFER details = { 0 };
	struct buffer *out;

	if (!label_key_problems(key, &details))
		return;
	out = next_problem(problems, path);
	quote_text(out, key, strlen(key));
	buffer_printf(out, ": %s", buffer_text(&details));
}

int requirement_check_key(const char *key, struct error *err)
{
	AUTO_PROBLEMS problems = { 0 };

	check_key(key, "<nil>", &problems);
	return problems.count ? refuse(&problems, err) : 0;
}

static void check_value(const struct requirement *requirement, size_t index, struct problems *problems)
{
	AUTO_BUFFER details = { 0 }, path = { 0 };
	const char *value = requirement->values[index];
	struct buffer *out;

	if (!label_value_problems(value, &details))
		return;
	buffer_printf(&path, "values[%zu][%s]", index, requirement->key);
	out = next_problem(problems, buffer_text(&path));
	quote_text(out, value, strlen(value));
	buffer_printf(out, ": %s", buffer_text(&details));
}

/* A refused number of values is shown whole, as a JSON array. */
static void add_count_problem(const struct requirement *requirement, const char *sentence, struct problems *problems)
{
	struct buffer *out = next_problem(problems, "values");

	if (requirement->value_count == 0) {
		buffer_add_text(out, "null");
	} else {
		buffer_add_char(out, '[');
		for (size_t i = 0; i < requirement->value_count; i++) {
			if (i > 0)
				buffer_add_char(out, ',');
			quote_json(out, requirement->values[i], strlen(requirement->values[i]));
		}
		buffer_add_char(out, ']');
	}
	buffer_printf(out, ": %s", sentence);
}

/* Decimal with an optional sign, within 64 bits. */
static bool read_integer(const char *text, int64_t *ret_value)
{
	bool negative = *text == '-';
	int64_t value = 0;

	if (*text == '-' || *text == '+')
		text++;
	if (!*text)
		return false;
	for (; *text; text++) {
		int digit = *text - '0';

		if (digit < 0 || digit > 9)
			return false;
		/* Downwards, for the smallest number has no positive counterpart. */
		if (value < (INT64_MIN + digit) / 10)
			return false;
		value = value * 10 - digit;
	}
	if (!negative && value == INT64_MIN)
		return false;
	*ret_value = negative ? value : -value;
	return true;
}

static void check_number(struct requirement *requirement, struct problems *problems)
{
	const char *value = requirement->values[0];
	struct buffer *out;

	if (read_integer(value, &requirement->number))
		return;
	out = next_problem(problems, "values[0]");
	quote_text(out, value, strlen(value));
	buffer_add_text(out, ": for 'Gt', 'Lt' operators, the value must be an integer");
}

/* Only In, NotIn, Exists and DoesNotExist can come with a wrong number of values: the others have one by grammar. */
static void check_values(struct requirement *requirement, struct problems *problems)
{
	switch (requirement->op) {
	case SELECTOR_IN:
	case SELECTOR_NOT_IN:
		if (requirement->value_count == 0)
			add_count_problem(
				requirement, "for 'in', 'notin' operators, values set can't be empty", problems);
		break;
	case SELECTOR_EXISTS:
	case SELECTOR_DOES_NOT_EXIST:
		if (requirement->value_count > 0)
			add_count_problem(
				requirement, "values set must be empty for exists and does not exist", problems);
		break;
	case SELECTOR_GREATER:
	case SELECTOR_LESS:
		check_number(requirement, problems);
		break;
	case SELECTOR_EQUALS:
	case SELECTOR_DOUBLE_EQUALS:
	case SELECTOR_NOT_EQUALS:
		break;
	}
	for (size_t i = 0; i < requirement->value_count; i++)
		check_value(requirement, i, problems);
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void requirement_sort_values(struct requirement *requirement)
{
	if (requirement->value_count > 1)
		qsort(requirement->values, requirement->value_count, sizeof(*requirement->values), compare_texts);
}

int requirement_finish(struct requirement *requirement, struct error *err)
{
	AUTO_PROBLEMS problems = { 0 };

	check_key(requirement->key, "key", &problems);
	check_values(requirement, &problems);
	if (problems.count)
		return refuse(&problems, err);
	requirement_sort_values(requirement);
	return 0;
}

static bool has_value(const struct requirement *requirement, const char *value)
{
	return requirement->value_count > 0 &&
		bsearch(&value, requirement->values, requirement->value_count, sizeof(value), compare_texts);
}

bool requirement_matches(const struct requirement *requirement, const struct labels *labels)
{
	const char *value = labels_get(labels, requirement->key);
	int64_t number;

	switch (requirement->op) {
	case SELECTOR_EQUALS:
	case SELECTOR_DOUBLE_EQUALS:
	case SELECTOR_IN:
		return value && has_value(requirement, value);
	case SELECTOR_NOT_EQUALS:
	case SELECTOR_NOT_IN:
		return !value || !has_value(requirement, value);
	case SELECTOR_EXISTS:
		return value;
	case SELECTOR_DOES_NOT_EXIST:
		return !value;
	case SELECTOR_GREATER:
		return value && read_integer(value, &number) && number > requirement->number;
	case SELECTOR_LESS:
		return value && read_integer(value, &number) && number < requirement->number;
	}
	return false;
}

void requirement_print(const struct requirement *requirement, struct buffer *out)
{
	static const char *const signs[] = {
		[SELECTOR_EQUALS] = "=",
		[SELECTOR_DOUBLE_EQUALS] = "==",
		[SELECTOR_NOT_EQUALS] = "!=",
		[SELECTOR_IN] = " in ",
		[SELECTOR_NOT_IN] = " notin ",
		[SELECTOR_EXISTS] = "",
		[SELECTOR_DOES_NOT_EXIST] = "",
		[SELECTOR_GREATER] = ">",
		[SELECTOR_LESS] = "<",
	};
	bool is_set = requirement->op == SELECTOR_IN || requirement->op == SELECTOR_NOT_IN;

	if (requirement->op == SELECTOR_DOES_NOT_EXIST)
		buffer_add_char(out, '!');
	buffer_add_text(out, requirement->key);
	buffer_add_text(out, signs[requirement->op]);
	if (is_set)
		buffer_add_char(out, '(');
	for (size_t i = 0; i < requirement->value_count; i++) {
		if (i > 0)
			buffer_add_char(out, ',');
		buffer_add_text(out, requirement->values[i]);
	}
	if (is_set)
		buffer_add_char(out, ')');
}
