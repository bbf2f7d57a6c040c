/* The command line, as tables of options: a row gives parsing, help, shell completion and the man page.
 *
 *	static const struct option options[] = {
 *		{ .name = "limit",
 *			.letter = 'n',
 *			.type = OPTION_UINT,
 *			.offset = offsetof(struct args, limit),
 *			.argument = "NUMBER",
 *			.help = "at most so many evictions",
 *			.max = 1000 },
 *		{ 0 },
 *	};
 *
 * The syntax and the sentences of errors are those of pflag v1.0 (parseLongArg, parseSingleShortArg), which kubectl
 * uses: --limit 5, --limit=5, -n 5, -n5, -n=5; letters without a value may be joined (-Aw), the last may have one
 * (-An5). Options and arguments may be mixed; after "--" there are arguments alone. "_" in a long name is the same as
 * "-". Of several values the last counts. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/util/arena.h"
#include "clusterutils/util/buffer.h"
#include "clusterutils/util/error.h"

/* What an option takes, and the type of the member that it fills. */
enum option_type {
	OPTION_FLAG,     /* bool: --name, --name=false; never --name false */
	OPTION_TEXT,     /* const char * */
	OPTION_LIST,     /* struct option_list: may be given several times, each adds one */
	OPTION_UINT,     /* uint64_t: decimal digits */
	OPTION_DURATION, /* int64_t, nanoseconds: "1m30s" (util/duration.h), or digits alone for seconds; never negative */
	OPTION_CHOICE, /* const char *: one of the choices; the pointer is the table's, not the command line's */
};

struct option {
	const char *name; /* long, without the dashes; NULL ends the table */
	char letter;      /* 0 for none */
	enum option_type type;
	size_t offset;              /* where its value is in the group's target */
	const char *argument;       /* what the help calls its value, in capitals; NULL for a flag */
	const char *help;           /* what it does, without a full stop */
	const char *const *choices; /* of OPTION_CHOICE; NULL-ended */
	const char *fallback; /* the value where it is not given, as one would type it; NULL leaves the member alone */
	const char *bare;  /* --name without a value is --name=BARE, and only "=" gives another; NULL: it needs one */
	uint64_t min, max; /* of OPTION_UINT, and of OPTION_DURATION in nanoseconds; max 0 is no bound */
	const char *completion; /* what its values are, for shells: "file", "node"; NULL for nothing known */
	bool hidden;            /* not in the help */
};

struct option_list {
	const char **items;
	size_t count;
};

/* Options with a common target: those of all commands, those of one. */
struct option_group {
	const char *title;            /* in the help; "" for none */
	const struct option *options; /* ended by a row without a name; NULL for none */
	void *target;                 /* not used by the help */
};

/* What is left when the options are taken out, in order. */
struct arguments {
	const char **items;
	size_t count;
	const void **given; /* the members that options have filled; for option_is_given */
	size_t given_count;
};

/* Fills the targets and the arguments. `argv` has neither the program nor the command; texts point into it or into the
 * tables, arrays live in the arena. Fails with ERROR_USAGE; the targets are then filled in part. */
int options_parse(const struct option_group *groups, size_t group_count, int argc, char *const *argv,
	struct arena *arena, struct arguments *ret_arguments, struct error *err) MUST_USE;

/* Whether the user gave an option that fills this member: option_is_given(&arguments, &args.limit). */
bool option_is_given(const struct arguments *arguments, const void *member);

/* Finds mistakes in the tables: names and letters that are there twice or that nobody could type, rows that lack what
 * their type needs, values that could not be given. For tests. */
int options_check(const struct option_group *groups, size_t group_count, struct error *err) MUST_USE;

/* Adds the help: each group under its title after an empty line, 80 columns wide. */
void options_help(const struct option_group *groups, size_t group_count, struct buffer *out);
