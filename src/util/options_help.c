#include <string.h>

#include "clusterutils/util/options.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/width.h"
#include "option_value.h"

enum {
	SCREEN = 80,
	GAP = 3,
	WIDEST_LEAD = 32, /* the sentence of an option with a longer name begins on the next line */
};

/* "  -n, --namespace NAME" */
static void add_lead(const struct option *option, struct buffer *out)
{
	if (option->letter)
		buffer_printf(out, "  -%c, --%s", option->letter, option->name);
	else
		buffer_printf(out, "      --%s", option->name);
	if (option->argument)
		buffer_printf(out, option->bare ? "[=%s]" : " %s", option->argument);
}

/* The sentence, and what else the row tells: "output format: table, json or yaml (default table)". */
static void add_sentence(const struct option *option, struct buffer *out)
{
	buffer_add_text(out, option->help);
	for (size_t i = 0; option->choices && option->choices[i]; i++) {
		bool is_last = !option->choices[i + 1];

		buffer_printf(out, "%s%s", i == 0 ? ": " : is_last ? " or " : ", ", option->choices[i]);
	}
	if (option->bare)
		buffer_printf(out, " (alone: %s)", option->bare);
	if (option->fallback && *option->fallback)
		buffer_printf(out, " (default %s)", option->fallback);
}

static int lead_width(const struct option_group *groups, size_t group_count)
{
	int widest = 0;
	AUTO_BUFFER lead = { 0 };

	for (size_t i = 0; i < group_count; i++) {
		for (const struct option *option = groups[i].options; option_is_row(option); option++) {
			int width;

			buffer_clear(&lead);
			add_lead(option, &lead);
			width = width_of_text(buffer_text(&lead));
			if (!option->hidden && width > widest && width <= WIDEST_LEAD)
				widest = width;
		}
	}
	return widest;
}

/* Adds the words of a text between the column `left` and the end of the screen; the cursor is at `at`. */
static void add_wrapped(const char *text, int left, int at, struct buffer *out)
{
	bool is_first = true;

	if (at > left) {
		buffer_add_char(out, '\n');
		at = 0;
	}
	buffer_add_repeated(out, ' ', (size_t)(left - at));
	at = left;
	for (text += strspn(text, " \n"); *text; text += strspn(text, " \n")) {
		AUTO_BUFFER word = { 0 };
		int width;

		buffer_add(&word, text, strcspn(text, " \n"));
		text += word.length;
		width = width_of_text(buffer_text(&word));
		if (!is_first && at + 1 + width > SCREEN) {
			buffer_add_char(out, '\n');
			buffer_add_repeated(out, ' ', (size_t)left);
			at = left;
		} else if (!is_first) {
			buffer_add_char(out, ' ');
			at++;
		}
		buffer_add(out, word.bytes, word.length);
		at += width;
		is_first = false;
	}
	buffer_add_char(out, '\n');
}

static void add_option(const struct option *option, int widest, struct buffer *out)
{
	AUTO_BUFFER lead = { 0 }, sentence = { 0 };
	int width;

	add_lead(option, &lead);
	add_sentence(option, &sentence);
	width = width_of_text(buffer_text(&lead));
	buffer_add_text(out, buffer_text(&lead));
	add_wrapped(buffer_text(&sentence), widest + GAP, width > widest ? SCREEN : width, out);
}

void options_help(const struct option_group *groups, size_t group_count, struct buffer *out)
{
	int widest = lead_width(groups, group_count);

	for (size_t i = 0; i < group_count; i++) {
		if (!option_is_row(groups[i].options))
			continue;
		buffer_add_char(out, '\n');
		if (groups[i].title && *groups[i].title)
			buffer_printf(out, "%s:\n", groups[i].title);
		for (const struct option *option = groups[i].options; option_is_row(option); option++)
			if (!option->hidden)
				add_option(option, widest, out);
	}
}
