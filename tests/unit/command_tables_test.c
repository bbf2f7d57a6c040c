/* The tables of commands and flags: what a wrong row would only show to whoever runs that command. */
#include <string.h>

#include "clusterutils/command/command.h"
#include "clusterutils/util/memory.h"
#include "suite.h"

static size_t command_count(void)
{
	size_t count = 0;

	while (commands[count])
		count++;
	return count;
}

START_TEST(flags_of_each_command_fit_together)
{
	for (size_t i = 0; i < command_count(); i++) {
		const struct option_group groups[] = { { "", global_options, NULL }, { "", connection_options, NULL },
			{ "", commands[i]->options, NULL } };
		struct error err = { 0 };

		ck_assert_msg(options_check(groups, 3, &err) == 0, "%s: %s", commands[i]->name, err.message);
		ck_assert_int_eq(err.code, ERROR_NONE);
	}
}
END_TEST

/* The size of what a row fills. */
static size_t value_size(enum option_type type)
{
	switch (type) {
	case OPTION_FLAG:
		return sizeof(bool);
	case OPTION_LIST:
		return sizeof(struct option_list);
	case OPTION_UINT:
	case OPTION_DURATION:
		return sizeof(uint64_t);
	default:
		return sizeof(const char *);
	}
}

static void check_offsets(const struct option *options, size_t size)
{
	for (const struct option *option = options; option && option->name; option++) {
		size_t bytes = value_size(option->type);

		ck_assert_msg(option->offset + bytes <= size, "--%s", option->name);
		for (const struct option *other = options; other != option; other++) {
			size_t other_end = other->offset + value_size(other->type);
			bool is_alias = other->offset == option->offset && other->type == option->type;

			ck_assert_msg(
				is_alias || other_end <= option->offset || option->offset + bytes <= other->offset,
				"--%s and --%s", option->name, other->name);
		}
	}
}

START_TEST(flags_fill_members_of_their_own)
{
	check_offsets(global_options, sizeof(struct global_options));
	check_offsets(connection_options, sizeof(struct global_options));
	for (size_t i = 0; i < command_count(); i++)
		check_offsets(commands[i]->options, commands[i]->options_size);
}
END_TEST

/* One line, without a full stop and without white space at its ends. */
static bool is_phrase(const char *text)
{
	size_t length = text ? strlen(text) : 0;

	return length && !strchr(text, '\n') && *text != ' ' && text[length - 1] != ' ' && text[length - 1] != '.';
}

START_TEST(every_command_describes_itself)
{
	ck_assert_uint_gt(command_count(), 0);
	for (size_t i = 0; i < command_count(); i++) {
		const struct command *command = commands[i];

		ck_assert(command->name && *command->name && !strchr(command->name, ' ') && command->run);
		for (size_t j = 0; j < i; j++)
			ck_assert_str_ne(command->name, commands[j]->name);
		ck_assert_msg(is_phrase(command->summary), "%s", command->name);
		ck_assert_uint_le(strlen(command->summary), 66); /* "  %-10s" before it */
		ck_assert(command->description && *command->description);
		ck_assert_ptr_nonnull(command->usage);
		ck_assert_int_eq(command->options_size > 0, command->options != NULL);
	}
}
END_TEST

/* A pair: a comment, and a command line that starts with the command. */
START_TEST(every_command_has_examples_that_parse)
{
	for (size_t i = 0; i < command_count(); i++) {
		const struct command *command = commands[i];
		const char *const *examples = command->examples;

		ck_assert(examples && examples[0]);
		for (; examples[0]; examples += 2) {
			AUTO_ARENA arena = { 0 };
			AUTO_FREE char *line = memory_copy_text(examples[1]);
			AUTO_FREE void *options = memory_new(command->options_size + 1);
			struct global_options global = { 0 };
			struct option_group groups[] = { { "", global_options, &global },
				{ "", connection_options, &global }, { "", command->options, options } };
			struct arguments arguments = { 0 };
			struct error err = { 0 };
			char *words[32];
			int count = 0;

			ck_assert_msg(is_phrase(examples[0]), "%s", examples[0]);
			for (char *word = line; word && count < 32; count++) {
				char *end = strchr(word, ' ');

				words[count] = word;
				if (end)
					*end++ = '\0';
				word = end;
			}
			ck_assert_str_eq(words[0], command->name);
			ck_assert_msg(options_parse(groups, 3, count - 1, words + 1, &arena, &arguments, &err) == 0,
				"%s: %s", examples[1], err.message);
			ck_assert_uint_le(arguments.count, command->max_arguments);
		}
	}
}
END_TEST

START_TEST(the_help_names_all_there_is)
{
	struct invocation invocation = { .program = "kubectl clusterutils" };
	AUTO_BUFFER overview = { 0 };

	command_print_help(&invocation, &overview);
	for (size_t i = 0; i < command_count(); i++) {
		AUTO_BUFFER help = { 0 };

		invocation.command = commands[i];
		command_print_help(&invocation, &help);
		ck_assert_ptr_nonnull(strstr(buffer_text(&overview), commands[i]->name));
		ck_assert_ptr_nonnull(strstr(buffer_text(&overview), commands[i]->summary));
		ck_assert_ptr_nonnull(strstr(buffer_text(&help), commands[i]->description));
		ck_assert_ptr_nonnull(strstr(buffer_text(&help), commands[i]->examples[1]));
		for (const struct option *option = commands[i]->options; option && option->name; option++)
			ck_assert(option->hidden || strstr(buffer_text(&help), option->name));
		for (const char *line = buffer_text(&help); *line;
			line += strcspn(line, "\n") + (strchr(line, '\n') != NULL))
			ck_assert_msg(strcspn(line, "\n") <= 110, "%.110s", line);
	}
}
END_TEST

TEST_MAIN("command/tables", TEST(flags_of_each_command_fit_together), TEST(flags_fill_members_of_their_own),
	TEST(every_command_describes_itself), TEST(every_command_has_examples_that_parse),
	TEST(the_help_names_all_there_is))
