#include "clusterutils/util/options.h"

#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/width.h"
#include "suite.h"

struct shared {
	const char *namespace;
	bool all;
	bool wide;
	const char *output;
};

struct args {
	struct option_list from;
	uint64_t limit;
	uint64_t verbosity;
	int64_t delay;
	int64_t period;
	const char *dry_run;
	bool colour;
	const char *sort;
};

static const char *const formats[] = { "table", "json", "yaml", NULL };
static const char *const modes[] = { "none", "client", "server", NULL };

static const struct option shared_options[] = {
	{ .name = "namespace",
		.letter = 'n',
		.type = OPTION_TEXT,
		.offset = offsetof(struct shared, namespace),
		.argument = "NAME",
		.help = "the namespace to look at, which must be there" },
	{ .name = "all-namespaces",
		.letter = 'A',
		.type = OPTION_FLAG,
		.offset = offsetof(struct shared, all),
		.help = "all namespaces" },
	{ .name = "wide",
		.letter = 'w',
		.type = OPTION_FLAG,
		.offset = offsetof(struct shared, wide),
		.help = "more columns" },
	{ .name = "output",
		.letter = 'o',
		.type = OPTION_CHOICE,
		.offset = offsetof(struct shared, output),
		.argument = "FORMAT",
		.help = "how to print",
		.choices = formats,
		.fallback = "table" },
	{ 0 },
};

static const struct option own_options[] = {
	{ .name = "from",
		.letter = 'f',
		.type = OPTION_LIST,
		.offset = offsetof(struct args, from),
		.argument = "FILE",
		.help = "a dump to read",
		.completion = "file" },
	{ .name = "limit",
		.type = OPTION_UINT,
		.offset = offsetof(struct args, limit),
		.argument = "NUMBER",
		.help = "at most so many",
		.fallback = "7",
		.min = 1,
		.max = 10 },
	{ .name = "v",
		.letter = 'v',
		.type = OPTION_UINT,
		.offset = offsetof(struct args, verbosity),
		.argument = "LEVEL",
		.help = "more talk" },
	{ .name = "delay",
		.letter = 'd',
		.type = OPTION_DURATION,
		.offset = offsetof(struct args, delay),
		.argument = "TIME",
		.help = "between two rounds",
		.fallback = "1.5s" },
	{ .name = "period",
		.type = OPTION_DURATION,
		.offset = offsetof(struct args, period),
		.argument = "TIME",
		.help = "how long",
		.min = 1000000000,
		.max = 60000000000 },
	{ .name = "dry-run",
		.letter = 'x',
		.type = OPTION_CHOICE,
		.offset = offsetof(struct args, dry_run),
		.argument = "MODE",
		.help = "change nothing",
		.choices = modes,
		.fallback = "none",
		.bare = "client" },
	{ .name = "colour",
		.type = OPTION_FLAG,
		.offset = offsetof(struct args, colour),
		.help = "use colour",
		.fallback = "true" },
	{ .name = "sort",
		.type = OPTION_TEXT,
		.offset = offsetof(struct args, sort),
		.argument = "KEY",
		.help = "by which column" },
	{ .name = "sort-by",
		.type = OPTION_TEXT,
		.offset = offsetof(struct args, sort),
		.argument = "KEY",
		.help = "the same",
		.hidden = true },
	{ 0 },
};

enum { MOST_WORDS = 16 };

struct run {
	struct shared shared;
	struct args args;
	struct arguments arguments;
	struct error err;
	struct arena arena;
	char text[512]; /* of the command line */
	int result;
};

/* Parses a line whose words are parted by blanks; `` stands for an empty word. */
static void run_line(struct run *run, const char *line)
{
	const struct option_group groups[] = { { "Shared", shared_options, &run->shared },
		{ "Own", own_options, &run->args }, { "None", NULL, NULL } };
	char *words[MOST_WORDS];
	int count = 0;

	*run = (struct run){ 0 };
	ck_assert_uint_lt(strlen(line), sizeof(run->text));
	memcpy(run->text, line, strlen(line) + 1);
	for (char *at = run->text; *at;) {
		ck_assert_int_lt(count, MOST_WORDS);
		words[count++] = at;
		at += strcspn(at, " ");
		if (*at)
			*at++ = '\0';
	}
	for (int i = 0; i < count; i++)
		if (strcmp(words[i], "``") == 0)
			*words[i] = '\0';
	run->result = options_parse(groups, 3, count, words, &run->arena, &run->arguments, &run->err);
}

/* All that was read, in one line. */
static const char *describe(struct run *run)
{
	AUTO_BUFFER out = { 0 };

	buffer_printf(&out,
		"n=%s A%d w%d o=%s limit=%llu v=%llu delay=%lldms period=%lldms dry=%s colour%d sort=%s from=",
		run->shared.namespace ? run->shared.namespace : "NULL", run->shared.all, run->shared.wide,
		run->shared.output, (unsigned long long)run->args.limit, (unsigned long long)run->args.verbosity,
		(long long)run->args.delay / 1000000, (long long)run->args.period / 1000000, run->args.dry_run,
		run->args.colour, run->args.sort ? run->args.sort : "NULL");
	for (size_t i = 0; i < run->args.from.count; i++)
		buffer_printf(&out, "%s,", run->args.from.items[i]);
	buffer_add_text(&out, " args=");
	for (size_t i = 0; i < run->arguments.count; i++)
		buffer_printf(&out, "%s,", run->arguments.items[i]);
	return arena_text(&run->arena, buffer_text(&out));
}

/* Only what differs from the line without options: "A1 v=6". */
static const char *describe_change(struct run *run)
{
	struct run untouched;
	AUTO_BUFFER out = { 0 };
	const char *now = describe(run), *before;

	run_line(&untouched, "");
	before = describe(&untouched);
	while (*now) {
		size_t length = strcspn(now, " "), old = strcspn(before, " ");

		if (length != old || memcmp(now, before, length) != 0) {
			buffer_add_text(&out, out.length ? " " : "");
			buffer_add(&out, now, length);
		}
		now += length + (now[length] == ' ');
		before += old + (before[old] == ' ');
	}
	arena_release(&untouched.arena);
	return arena_text(&run->arena, buffer_text(&out));
}

START_TEST(fallbacks_count_where_nothing_is_given)
{
	struct run run;

	run_line(&run, "");
	ck_assert_int_eq(run.result, 0);
	ck_assert_str_eq(describe(&run),
		"n=NULL A0 w0 o=table limit=7 v=0 delay=1500ms period=0ms dry=none colour1 sort=NULL from= args=");
	ck_assert_ptr_eq(run.shared.output, formats[0]);
	arena_release(&run.arena);
}
END_TEST

static const struct {
	const char *line, *change;
} accepted[] = {
	{ "--namespace media", "n=media" },
	{ "--namespace=media", "n=media" },
	{ "-n media", "n=media" },
	{ "-nmedia", "n=media" },
	{ "-n=media", "n=media" },
	{ "-n=", "n==" }, /* as pflag has it */
	{ "-n==", "n==" },
	{ "-n =", "n==" },
	{ "--namespace=", "n=" },
	{ "--namespace ``", "n=" },
	{ "-n ``", "n=" },
	{ "--namespace=a=b", "n=a=b" },
	{ "--namespace --wide", "n=--wide" }, /* a value is a value */
	{ "-n --", "n=--" },
	{ "-n -", "n=-" },
	{ "-n a -n b", "n=b" },
	{ "-A", "A1" },
	{ "-Aw", "A1 w1" },
	{ "-wA", "A1 w1" },
	{ "-Awnmedia", "n=media A1 w1" },
	{ "-Awn media", "n=media A1 w1" },
	{ "-Awn=media", "n=media A1 w1" },
	{ "-A=true", "A1" },
	{ "-A=false", "" },
	{ "-wA=false", "w1" },
	{ "-A -A=f", "" },
	{ "--all-namespaces", "A1" },
	{ "--all_namespaces", "A1" },
	{ "--all_namespaces=1", "A1" },
	{ "--all-namespaces=T", "A1" },
	{ "--all-namespaces=TRUE", "A1" },
	{ "--all-namespaces=False", "" },
	{ "--all-namespaces false", "A1 args=false," },
	{ "--colour=0", "colour0" },
	{ "--colour=false --colour", "" },
	{ "-o json", "o=json" },
	{ "--output=yaml", "o=yaml" },
	{ "--limit 1", "limit=1" },
	{ "--limit=010", "limit=10" },
	{ "-v6", "v=6" },
	{ "--v=18446744073709551615", "v=18446744073709551615" },
	{ "-d 5", "delay=5000ms" },
	{ "-d5m", "delay=300000ms" },
	{ "--delay=0", "delay=0ms" },
	{ "--delay 1h0.5s", "delay=3600500ms" },
	{ "--delay=9223372036", "delay=9223372036000ms" },
	{ "--period 1", "period=1000ms" },
	{ "--period 1m", "period=60000ms" },
	{ "--dry-run", "dry=client" },
	{ "--dry_run", "dry=client" },
	{ "--dry-run=server", "dry=server" },
	{ "--dry-run server", "dry=client args=server," },
	{ "-x", "dry=client" },
	{ "-x=server", "dry=server" },
	{ "-xA", "A1 dry=client" },
	{ "-f a --from b -fc", "from=a,b,c," },
	{ "-f a,b", "from=a,b," },
	{ "--sort cpu", "sort=cpu" },
	{ "--sort cpu --sort-by=memory", "sort=memory" },
	{ "nodes", "args=nodes," },
	{ "a -A b -n c d", "n=c A1 args=a,b,d," },
	{ "-- -A --bogus", "args=-A,--bogus," },
	{ "-A -- -- x", "A1 args=--,x," },
	{ "--", "" },
	{ "- -A -", "A1 args=-,-," },
	{ "`` x", "args=,x," },
};

START_TEST(command_lines_are_read_as_pflag_does)
{
	struct run run;

	run_line(&run, accepted[_i].line);
	ck_assert_msg(run.result == 0, "%s: %s", accepted[_i].line, run.err.message);
	ck_assert_msg(strcmp(describe_change(&run), accepted[_i].change) == 0, "%s: %s, not %s", accepted[_i].line,
		describe_change(&run), accepted[_i].change);
	ck_assert_int_eq(run.err.code, ERROR_NONE);
	arena_release(&run.arena);
}
END_TEST

static const struct {
	const char *line, *message;
} refused[] = {
	{ "--bogus", "unknown flag: --bogus" },
	{ "--bogus=x", "unknown flag: --bogus" },
	{ "--name", "unknown flag: --name" },
	{ "--namespaces", "unknown flag: --namespaces" },
	{ "--Namespace x", "unknown flag: --Namespace" },
	{ "-z", "unknown shorthand flag: 'z' in -z" },
	{ "-Azw", "unknown shorthand flag: 'z' in -zw" },
	{ "-A=", "unknown shorthand flag: '=' in -=" },
	{ "-xserver", "unknown shorthand flag: 's' in -server" },
	{ "-\u00E9a", "unknown shorthand flag: '\u00E9' in -\u00E9a" },
	{ "-\xFF", "unknown shorthand flag: '?' in -?" },
	{ "--\x1B[31m", "unknown flag: --?[31m" },
	{ "--namespace", "flag needs an argument: --namespace" },
	{ "A --from", "flag needs an argument: --from" },
	{ "-n", "flag needs an argument: 'n' in -n" },
	{ "-An", "flag needs an argument: 'n' in -n" },
	{ "--=x", "bad flag syntax: --=x" },
	{ "---x", "bad flag syntax: ---x" },
	{ "--limit x", "invalid argument \"x\" for \"--limit\" flag: must be a whole number" },
	{ "--limit=", "invalid argument \"\" for \"--limit\" flag: must be a whole number" },
	{ "--limit -1", "invalid argument \"-1\" for \"--limit\" flag: must be a whole number" },
	{ "--limit 0", "invalid argument \"0\" for \"--limit\" flag: must be from 1 to 10" },
	{ "--limit 11", "invalid argument \"11\" for \"--limit\" flag: must be from 1 to 10" },
	{ "-v 0x6", "invalid argument \"0x6\" for \"-v, --v\" flag: must be a whole number" },
	{ "-v18446744073709551616",
		"invalid argument \"18446744073709551616\" for \"-v, --v\" flag: must be a whole number" },
	{ "--all-namespaces=yes", "invalid argument \"yes\" for \"-A, --all-namespaces\" flag: must be true or false" },
	{ "-A=x", "invalid argument \"x\" for \"-A, --all-namespaces\" flag: must be true or false" },
	{ "--all-namespaces=", "invalid argument \"\" for \"-A, --all-namespaces\" flag: must be true or false" },
	{ "-o xml", "invalid argument \"xml\" for \"-o, --output\" flag: must be one of table, json, yaml" },
	{ "-o JSON", "invalid argument \"JSON\" for \"-o, --output\" flag: must be one of table, json, yaml" },
	{ "-o j\"s", "invalid argument \"j\\\"s\" for \"-o, --output\" flag: must be one of table, json, yaml" },
	{ "--dry-run=", "invalid argument \"\" for \"-x, --dry-run\" flag: must be one of none, client, server" },
	{ "-d x", "invalid argument \"x\" for \"-d, --delay\" flag: time: invalid duration \"x\"" },
	{ "-d 1d", "invalid argument \"1d\" for \"-d, --delay\" flag: time: unknown unit \"d\" in duration \"1d\"" },
	{ "-d -5s", "invalid argument \"-5s\" for \"-d, --delay\" flag: must not be negative" },
	{ "--delay=9223372037",
		"invalid argument \"9223372037\" for \"-d, --delay\" flag: time: missing unit in duration "
		"\"9223372037\"" },
	{ "--period 999ms", "invalid argument \"999ms\" for \"--period\" flag: must be from 1s to 1m0s" },
	{ "--period 61", "invalid argument \"61\" for \"--period\" flag: must be from 1s to 1m0s" },
};

START_TEST(wrong_lines_are_refused_in_pflags_words)
{
	struct run run;

	run_line(&run, refused[_i].line);
	ck_assert_msg(run.result == -1, "%s", refused[_i].line);
	ck_assert_int_eq(run.err.code, ERROR_USAGE);
	ck_assert_str_eq(run.err.message, refused[_i].message);
	arena_release(&run.arena);
}
END_TEST

START_TEST(a_long_wrong_value_leaves_room_for_the_reason)
{
	struct run run;
	char line[400] = "-o ";

	memset(line + 3, 'x', 390);
	run_line(&run, line);
	ck_assert_int_eq(run.result, -1);
	ck_assert(text_ends_with(run.err.message, "must be one of table, json, yaml"));
	ck_assert_uint_lt(strlen(run.err.message), 400);
	arena_release(&run.arena);
}
END_TEST

START_TEST(what_was_given_can_be_told_from_fallbacks)
{
	struct run run;

	run_line(&run, "--limit 7 --colour=true -f x --sort-by cpu -AAAAAA -AAAAAAA --limit=7");
	ck_assert_int_eq(run.result, 0);
	ck_assert(option_is_given(&run.arguments, &run.args.limit));
	ck_assert(option_is_given(&run.arguments, &run.args.colour));
	ck_assert(option_is_given(&run.arguments, &run.args.from));
	ck_assert(option_is_given(&run.arguments, &run.args.sort));
	ck_assert(option_is_given(&run.arguments, &run.shared.all));
	ck_assert(!option_is_given(&run.arguments, &run.args.delay));
	ck_assert(!option_is_given(&run.arguments, &run.shared.output));
	ck_assert(!option_is_given(&run.arguments, &run.shared.namespace));
	arena_release(&run.arena);
}
END_TEST

/* What a list held before is not added to. */
START_TEST(lists_begin_with_the_first_value_given)
{
	const char *preset[] = { "preset" };
	struct args args = { .from = { preset, 1 } };
	const struct option_group group = { "", own_options, &args };
	char first[] = "-fa", second[] = "-fb", *words[] = { first, second };
	struct arguments arguments;
	struct error err = { 0 };
	AUTO_ARENA arena = { 0 };

	ck_assert_int_eq(options_parse(&group, 1, 0, NULL, &arena, &arguments, &err), 0);
	ck_assert_uint_eq(args.from.count, 1);
	ck_assert_str_eq(args.from.items[0], "preset");
	ck_assert_int_eq(options_parse(&group, 1, 2, words, &arena, &arguments, &err), 0);
	ck_assert_uint_eq(args.from.count, 2);
	ck_assert_str_eq(args.from.items[0], "a");
	ck_assert_str_eq(args.from.items[1], "b");
}
END_TEST

/* Random lines of likely pieces: never a crash, every failure has a sentence, every word is accounted for. */
START_TEST(random_lines_are_survived)
{
	static const char *const pieces[] = { "-", "--", "-A", "A", "n", "=", "w", "x", "--from", "from", "=", "a", "f",
		"-d", "1", "s", "--dry-run", "_", "-o", "json", "\xFF", "``", " ", " ", " ", "--limit=", "2", "-v" };
	uint32_t state = 99;
	int failures = 0;

	for (int round = 0; round < 20000; round++) {
		struct run run;
		char line[256] = "";

		for (int i = 0; i < 10; i++) {
			state = state * 1664525 + 1013904223;
			strcat(line, pieces[(state >> 16) % ARRAY_LEN(pieces)]);
		}
		run_line(&run, line + strspn(line, " "));
		if (run.result) {
			failures++;
			ck_assert_int_eq(run.err.code, ERROR_USAGE);
			ck_assert_uint_gt(strlen(run.err.message), 0);
			ck_assert(text_is_clean(run.err.message, strlen(run.err.message)));
		} else {
			ck_assert_uint_le(run.arguments.count + run.args.from.count, 20);
		}
		arena_release(&run.arena);
	}
	ck_assert_int_gt(failures, 1000);
	ck_assert_int_lt(failures, 19000);
}
END_TEST

START_TEST(good_tables_pass_the_check)
{
	const struct option_group groups[] = { { "Shared", shared_options, NULL }, { "Own", own_options, NULL },
		{ "None", NULL, NULL } };
	struct error err = { 0 };

	ck_assert_msg(options_check(groups, 3, &err) == 0, "%s", err.message);
}
END_TEST

static const char *const no_choices[] = { NULL };
static const struct {
	struct option option;
	const char *message;
} mistakes[] = {
	{ { .name = "wide", .type = OPTION_FLAG, .help = "x" }, "option --wide has a name or letter that is taken" },
	{ { .name = "w", .letter = 'w', .type = OPTION_FLAG, .help = "x" },
		"option --w has a name or letter that is taken" },
	{ { .name = "", .type = OPTION_FLAG, .help = "x" }, "option -- has a name that nobody can type" },
	{ { .name = "-x", .type = OPTION_FLAG, .help = "x" }, "option ---x has a name that nobody can type" },
	{ { .name = "a_b", .type = OPTION_FLAG, .help = "x" }, "option --a_b has a name that nobody can type" },
	{ { .name = "a=b", .type = OPTION_FLAG, .help = "x" }, "option --a=b has a name that nobody can type" },
	{ { .name = "x", .letter = '-', .type = OPTION_FLAG, .help = "x" }, "option --x has a letter that is none" },
	{ { .name = "x", .type = OPTION_FLAG }, "option --x has no help" },
	{ { .name = "x", .type = OPTION_FLAG, .help = "x", .argument = "X" }, "option --x is a flag with an argument" },
	{ { .name = "x", .type = OPTION_FLAG, .help = "x", .bare = "false" },
		"option --x is a flag and says what it is alone" },
	{ { .name = "x", .type = OPTION_TEXT, .help = "x" }, "option --x does not name its argument" },
	{ { .name = "x", .type = OPTION_CHOICE, .help = "x", .argument = "X" }, "option --x has no choices" },
	{ { .name = "x", .type = OPTION_CHOICE, .help = "x", .argument = "X", .choices = no_choices },
		"option --x has no choices" },
	{ { .name = "x", .type = OPTION_TEXT, .help = "x", .argument = "X", .choices = formats },
		"option --x has choices for nothing" },
	{ { .name = "x", .type = OPTION_LIST, .help = "x", .argument = "X", .fallback = "y" },
		"option --x is a list with a fallback" },
	{ { .name = "x", .type = OPTION_TEXT, .help = "x", .argument = "X", .max = 1 },
		"option --x has bounds for nothing" },
	{ { .name = "x", .type = OPTION_UINT, .help = "x", .argument = "X", .min = 2, .max = 1 },
		"option --x has bounds that nothing is within" },
	{ { .name = "x", .type = OPTION_DURATION, .help = "x", .argument = "X", .min = UINT64_MAX },
		"option --x has bounds that nothing is within" },
	{ { .name = "x", .type = OPTION_UINT, .help = "x", .argument = "X", .max = 5, .fallback = "6" },
		"invalid argument \"6\" for \"--x\" flag: must be from 0 to 5" },
	{ { .name = "x", .type = OPTION_UINT, .help = "x", .argument = "X", .min = 5, .bare = "4" },
		"invalid argument \"4\" for \"--x\" flag: must be at least 5" },
	{ { .name = "x", .type = OPTION_CHOICE, .help = "x", .argument = "X", .choices = formats, .fallback = "xml" },
		"invalid argument \"xml\" for \"--x\" flag: must be one of table, json, yaml" },
};

START_TEST(mistakes_in_tables_are_found)
{
	const struct option table[] = { mistakes[_i].option, { 0 } };
	const struct option_group groups[] = { { "Shared", shared_options, NULL }, { "", table, NULL } };
	struct error err = { 0 };

	ck_assert_int_eq(options_check(groups, 2, &err), -1);
	ck_assert_str_eq(err.message, mistakes[_i].message);
}
END_TEST

START_TEST(a_table_twice_is_a_mistake)
{
	const struct option_group groups[] = { { "", shared_options, NULL }, { "", shared_options, NULL } };
	struct error err = { 0 };

	ck_assert_int_eq(options_check(groups, 1, &err), 0);
	ck_assert_int_eq(options_check(groups, 2, &err), -1);
}
END_TEST

START_TEST(help_is_aligned_and_wrapped)
{
	static const char expected[] =
		"\nFlags:\n"
		"  -f, --from FILE        a dump to read\n"
		"      --limit NUMBER     at most so many (default 7)\n"
		"  -v, --v LEVEL          more talk\n"
		"  -d, --delay TIME       between two rounds (default 1.5s)\n"
		"      --period TIME      how long\n"
		"  -x, --dry-run[=MODE]   change nothing: none, client or server (alone: client)\n"
		"                         (default none)\n"
		"      --colour           use colour (default true)\n"
		"      --sort KEY         by which column\n"
		"\n"
		"      --an-option-with-a-name-much-too-long ARGUMENT\n"
		"                         one two three four five six seven eight nine ten eleven\n"
		"                         twelve thirteen\n"
		"      --word             "
		"https://example.org/a/word/that/is/longer/than/the/line/has/room/for/it/so/it/stands/alone\n"
		"                         yes\n"
		"\nOf all commands:\n"
		"  -n, --namespace NAME   the namespace to look at, which must be there\n"
		"  -A, --all-namespaces   all namespaces\n"
		"  -w, --wide             more columns\n"
		"  -o, --output FORMAT    how to print: table, json or yaml (default table)\n";
	static const struct option long_options[] = {
		{ .name = "an-option-with-a-name-much-too-long",
			.type = OPTION_TEXT,
			.argument = "ARGUMENT",
			.help = "one two three four five six seven eight nine ten eleven twelve thirteen" },
		{ .name = "word",
			.type = OPTION_FLAG,
			.help = "https://example.org/a/word/that/is/longer/than/the/line/has/room/for/it/so/it/stands/alone yes" },
		{ 0 },
	};
	const struct option_group groups[] = { { "Flags", own_options, NULL }, { "", long_options, NULL },
		{ "Empty", NULL, NULL }, { "Of all commands", shared_options, NULL } };
	AUTO_BUFFER out = { 0 };

	options_help(groups, 4, &out);
	ck_assert_str_eq(buffer_text(&out), expected);
}
END_TEST

TEST_MAIN("util/options", TEST(fallbacks_count_where_nothing_is_given),
	TEST_TABLE(command_lines_are_read_as_pflag_does, accepted),
	TEST_TABLE(wrong_lines_are_refused_in_pflags_words, refused),
	TEST(a_long_wrong_value_leaves_room_for_the_reason), TEST(what_was_given_can_be_told_from_fallbacks),
	TEST(lists_begin_with_the_first_value_given), TEST(random_lines_are_survived), TEST(good_tables_pass_the_check),
	TEST_TABLE(mistakes_in_tables_are_found, mistakes), TEST(a_table_twice_is_a_mistake),
	TEST(help_is_aligned_and_wrapped))
