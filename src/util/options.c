#include "clusterutils/util/options.h"

#include <string.h>

#include "clusterutils/util/die.h"
#include "clusterutils/util/text.h"
#include "option_value.h"

struct parser {
	const struct option_group *groups;
	size_t group_count;
	char *const *words; /* those that are left */
	size_t word_count;
	size_t most; /* how many words there are in all, and so at most how many arguments or values of a list */
	struct arena *arena;
	struct arguments *arguments;
	struct error *err;
};

/* An option that was found, with where its value goes. */
struct match {
	const struct option *option;
	void *member;
};

static struct match match_of(const struct option_group *group, const struct option *option)
{
	return (struct match){ option, (char *)group->target + option->offset };
}

static bool is_same_name(const char *name, const char *typed, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!name[i] || name[i] != (typed[i] == '_' ? '-' : typed[i]))
			return false;
	return !name[length];
}

/* By long name, or by letter where the name is NULL. */
static bool find_option(
	const struct parser *parser, const char *name, size_t length, char letter, struct match *ret_match)
{
	for (size_t i = 0; i < parser->group_count; i++) {
		const struct option_group *group = &parser->groups[i];

		for (const struct option *option = group->options; option_is_row(option); option++) {
			if (name ? is_same_name(option->name, name, length) : option->letter == letter) {
				*ret_match = match_of(group, option);
				return true;
			}
		}
	}
	return false;
}

bool option_is_given(const struct arguments *arguments, const void *member)
{
	for (size_t i = 0; i < arguments->given_count; i++)
		if (arguments->given[i] == member)
			return true;
	return false;
}

static void add_to_list(struct option_list *list, const char *text, bool is_first, const struct parser *parser)
{
	if (is_first)
		*list = (struct option_list){ ARENA_ARRAY(parser->arena, parser->most, const char *), 0 };
	list->items[list->count++] = text;
}

static void store(const struct parser *parser, const struct match *match, const struct option_value *value)
{
	switch (match->option->type) {
	case OPTION_FLAG:
		*(bool *)match->member = value->flag;
		break;
	case OPTION_UINT:
		*(uint64_t *)match->member = value->number;
		break;
	case OPTION_DURATION:
		*(int64_t *)match->member = value->nanoseconds;
		break;
	case OPTION_TEXT:
	case OPTION_CHOICE:
		*(const char **)match->member = value->text;
		break;
	case OPTION_LIST:
		add_to_list(match->member, value->text, !option_is_given(parser->arguments, match->member), parser);
		break;
	}
}

static int set(struct parser *parser, const struct match *match, const char *text)
{
	struct arguments *arguments = parser->arguments;
	struct option_value value = { 0 };

	if (option_value_read(match->option, text, &value, parser->err))
		return -1;
	store(parser, match, &value);
	if (!option_is_given(arguments, match->member))
		arguments->given[arguments->given_count++] = match->member;
	return 0;
}

/* What the option means without a value; NULL where it needs one. */
static const char *bare_value(const struct option *option)
{
	return option->type == OPTION_FLAG ? "true" : option->bare;
}

static const char *next_word(struct parser *parser)
{
	if (parser->word_count == 0)
		return NULL;
	parser->word_count--;
	return *parser->words++;
}

/* --name, --name=VALUE, --name VALUE */
static int parse_long(struct parser *parser, const char *word)
{
	const char *name = word + 2, *value = strchr(name, '=');
	size_t length = value ? (size_t)(value - name) : strlen(name);
	struct match match;

	if (length == 0 || *name == '-')
		return error_set(parser->err, ERROR_USAGE, "bad flag syntax: %s", word);
	if (!find_option(parser, name, length, '\0', &match))
		return error_set(parser->err, ERROR_USAGE, "unknown flag: --%.*s", (int)length, name);
	value = value ? value + 1 : bare_value(match.option);
	if (!value)
		value = next_word(parser);
	if (!value)
		return error_set(parser->err, ERROR_USAGE, "flag needs an argument: %s", word);
	return set(parser, &match, value);
}

/* How many bytes the character takes that the text begins with: a sentence must not quote half of one. */
static int first_character(const char *text)
{
	uint32_t code_point;

	return (int)text_decode(text, strlen(text), &code_point);
}

/* One letter and its value. *ret_rest is what follows in the word: more letters. */
static int parse_letter(struct parser *parser, const char *letters, const char **ret_rest)
{
	const char *value, *rest = "";
	struct match match;

	if (!find_option(parser, NULL, 0, letters[0], &match))
		return error_set(parser->err, ERROR_USAGE, "unknown shorthand flag: '%.*s' in -%s",
			first_character(letters), letters, letters);
	value = bare_value(match.option);
	if (letters[1] == '=' && letters[2])
		value = letters + 2;
	else if (value)
		rest = letters + 1;
	else
		value = letters[1] ? letters + 1 : next_word(parser);
	if (!value)
		return error_set(parser->err, ERROR_USAGE, "flag needs an argument: '%c' in -%s", letters[0], letters);
	*ret_rest = rest;
	return set(parser, &match, value);
}

/* -A, -An5, -n=5, -n 5 */
static int parse_letters(struct parser *parser, const char *word)
{
	for (const char *letters = word + 1; *letters;)
		if (parse_letter(parser, letters, &letters))
			return -1;
	return 0;
}

static void add_argument(struct parser *parser, const char *word)
{
	parser->arguments->items[parser->arguments->count++] = word;
}

static int parse_words(struct parser *parser)
{
	const char *word;

	while ((word = next_word(parser))) {
		int result = 0;

		if (strcmp(word, "--") == 0)
			break;
		if (word[0] != '-' || !word[1])
			add_argument(parser, word);
		else
			result = word[1] == '-' ? parse_long(parser, word) : parse_letters(parser, word);
		if (result)
			return -1;
	}
	while ((word = next_word(parser)))
		add_argument(parser, word);
	return 0;
}

/* Sets the fallbacks. Returns how many options there are. */
static size_t prepare(struct parser *parser)
{
	size_t count = 0;
	struct option_value value = { 0 };
	struct error err;

	for (size_t i = 0; i < parser->group_count; i++) {
		for (const struct option *option = parser->groups[i].options; option_is_row(option);
			option++, count++) {
			struct match match = match_of(&parser->groups[i], option);

			if (!option->fallback)
				continue;
			if (option_value_read(option, option->fallback, &value, &err))
				die("%s", err.message);
			store(parser, &match, &value);
		}
	}
	return count;
}

int options_parse(const struct option_group *groups, size_t group_count, int argc, char *const *argv,
	struct arena *arena, struct arguments *ret_arguments, struct error *err)
{
	struct parser parser = { .groups = groups,
		.group_count = group_count,
		.words = argv,
		.word_count = argc > 0 ? (size_t)argc : 0,
		.arena = arena,
		.arguments = ret_arguments,
		.err = err };
	size_t option_count;

	*ret_arguments = (struct arguments){ 0 };
	parser.most = parser.word_count;
	option_count = prepare(&parser);
	ret_arguments->items = ARENA_ARRAY(arena, parser.most, const char *);
	ret_arguments->given = ARENA_ARRAY(arena, option_count, const void *);
	return parse_words(&parser);
}
