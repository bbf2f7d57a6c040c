/* Which command, with which flags; the last error and the exit status. */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/command/command.h"
#include "clusterutils/util/clock.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; commands[i]; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

/* What the user types to start this program: by kubectl, or by its own name. */
static const char *program_name(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL, *name = slash ? slash + 1 : path;

	return !name || text_starts_with(name, "kubectl-") ? "kubectl clusterutils" : name;
}

/* For tests: a moment in seconds since 1970. */
static void freeze_clock_from_environment(void)
{
	const char *text = getenv("CLUSTERUTILS_NOW");
	uint64_t seconds;

	if (text && text_to_uint(text, INT64_MAX, &seconds))
		clock_freeze((int64_t)seconds);
}

static int print_help(const struct invocation *invocation, struct error *err)
{
	AUTO_BUFFER out = { 0 };

	command_print_help(invocation, &out);
	return invocation_write(&out, err);
}

static int parse_and_run(struct invocation *invocation, struct arena *arena, int argc, char **argv, struct error *err)
{
	const struct command *command = invocation->command;
	struct option_group groups[] = {
		{ "", global_options, &invocation->global },
		{ "", connection_options, &invocation->global },
		{ "", command->options, invocation->options },
	};

	if (options_parse(groups, command->options ? 3 : 2, argc, argv, arena, &invocation->arguments, err) < 0)
		return -1;
	if (invocation->global.help)
		return print_help(invocation, err);
	if (invocation->arguments.count > command->max_arguments)
		return error_set(err, ERROR_USAGE, "unexpected argument \"%s\"",
			invocation->arguments.items[command->max_arguments]);
	return invocation->global.print_rbac ? command_print_rbac(invocation, err) : command->run(invocation, err);
}

static int dispatch(struct invocation *invocation, int argc, char **argv, struct error *err)
{
	AUTO_ARENA arena = { 0 };
	AUTO_FREE void *options = NULL;
	const char *name = argc > 1 ? argv[1] : "help";

	if (strcmp(name, "--version") == 0)
		name = "version";
	if (strcmp(name, "help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "--help") == 0) {
		if (argc > 2 && !(invocation->command = find_command(argv[2])))
			return error_set(err, ERROR_USAGE, "unknown command \"%s\"", argv[2]);
		return print_help(invocation, err);
	}
	if (*name == '-')
		return error_set(
			err, ERROR_USAGE, "flags come after the command: %s COMMAND %s", invocation->program, name);
	invocation->command = find_command(name);
	if (!invocation->command)
		return error_set(err, ERROR_USAGE, "unknown command \"%s\"", name);
	options = memory_new(invocation->command->options_size);
	invocation->options = options;
	return parse_and_run(invocation, &arena, argc - 2, argv + 2, err);
}

static int report(const struct invocation *invocation, const struct error *err)
{
	fprintf(stderr, "%s%s\n", err->is_whole_line ? "" : "error: ", err->message);
	if (err->code != ERROR_USAGE)
		return err->code == ERROR_TIMEOUT ? STATUS_TIMEOUT : STATUS_ERROR;
	fprintf(stderr, "See '%s%s%s --help' for usage.\n", invocation->program, invocation->command ? " " : "",
		invocation->command ? invocation->command->name : "");
	return STATUS_USAGE;
}

int main(int argc, char **argv)
{
	struct invocation invocation = { .program = program_name(argv[0]), .version = VERSION, .commit = COMMIT };
	struct error err = { 0 };
	int status;

	setlocale(LC_CTYPE, "");
	freeze_clock_from_environment();
	status = dispatch(&invocation, argc, argv, &err);
	return status < 0 ? report(&invocation, &err) : status;
}
