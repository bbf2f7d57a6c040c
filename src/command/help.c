#include <string.h>

#include "clusterutils/command/command.h"
#include "clusterutils/util/text.h"

static void add_examples(const struct invocation *invocation, struct buffer *out)
{
	const char *const *examples = invocation->command->examples;

	if (!examples)
		return;
	buffer_add_text(out, "\nExamples:\n");
	for (; examples[0]; examples += 2)
		buffer_printf(out, "  # %s\n  %s %s\n", examples[0], invocation->program, examples[1]);
}

static void add_indented(const char *text, struct buffer *out)
{
	for (; *text; text++) {
		buffer_add_char(out, *text);
		if (*text == '\n')
			buffer_add_repeated(out, ' ', 12);
	}
}

/* Without a command: what there is. */
static void print_overview(const struct invocation *invocation, struct buffer *out)
{
	buffer_printf(out,
		"See, rebalance and repair a Kubernetes cluster.\n\nUsage:\n  %s COMMAND [flags]\n\nCommands:\n",
		invocation->program);
	for (size_t i = 0; commands[i]; i++) {
		buffer_printf(out, "  %-10s", commands[i]->name);
		add_indented(commands[i]->summary, out);
		buffer_add_char(out, '\n');
	}
	buffer_printf(
		out, "\n%s COMMAND --help tells the flags of a command and shows examples.\n", invocation->program);
}

void command_print_help(const struct invocation *invocation, struct buffer *out)
{
	const struct command *command = invocation->command;
	struct option_group groups[] = {
		{ "Flags", command ? command->options : NULL, NULL },
		{ "Flags of every command", global_options, NULL },
		{ "The API server, as in kubectl", connection_options, NULL },
	};

	if (!command) {
		print_overview(invocation, out);
		return;
	}
	buffer_printf(out, "%s\n\nUsage:\n  %s %s%s%s\n", command->description, invocation->program, command->name,
		*command->usage ? " " : "", command->usage);
	add_examples(invocation, out);
	if (command->options)
		options_help(groups, 1, out);
	options_help(groups + 1, 2, out);
}
