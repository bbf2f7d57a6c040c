#include "clusterutils/model/selector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/model/field_selector.h"
#include "clusterutils/util/memory.h"
#include "suite.h"

#define VALUE_RULE \
	"a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must " \
	"start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for " \
	"validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
#define NAME_RULE \
	"must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " \
	"character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " \
	"'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"

#define SIXTY_THREE "aaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg"

static const struct {
	const char *text, *canonical;
} texts[] = {
	{ "", "" },
	{ " \t\r\n", "" },
	{ "a", "a" },
	{ "!a", "!a" },
	{ " ! a ", "!a" },
	{ "a=b", "a=b" },
	{ "a==b", "a==b" },
	{ "a!=b", "a!=b" },
	{ "a=", "a=" },
	{ "a=,b", "a=,b" },
	{ "a != , b", "a!=,b" },
	{ "b,a", "a,b" },
	{ "x=2,x=1", "x=2,x=1" }, /* equal keys stay in their order */
	{ "a in (c,b,a,b)", "a in (a,b,c)" },
	{ "a in(b)", "a in (b)" },
	{ "a in ()", "a in ()" },
	{ "a in ( )", "a in ()" },
	{ "a in (,)", "a in ()" },
	{ "a in (,,b)", "a in (,b)" },
	{ "a in (b,,c)", "a in (,b,c)" },
	{ "a in (b,)", "a in (,b)" },
	{ "in in (in,notin)", "in in (in,notin)" },
	{ "notin notin (notin)", "notin notin (notin)" },
	{ "in,notin", "in,notin" },
	{ "!in", "!in" },
	{ "in=notin", "in=notin" },
	{ "a>1,b<9223372036854775807", "a>1,b<9223372036854775807" },
	{ "example.com/a.b_c-D=x", "example.com/a.b_c-D=x" },
	{ SIXTY_THREE "=" SIXTY_THREE, SIXTY_THREE "=" SIXTY_THREE },
};

START_TEST(parse_gives_the_canonical_text)
{
	AUTO_SELECTOR selector = { 0 };
	AUTO_BUFFER out = { 0 };
	struct error err = { 0 };

	ck_assert_msg(selector_parse(texts[_i].text, &selector, &err) == 0, "%s", err.message);
	selector_print(&selector, &out);
	ck_assert_str_eq(buffer_text(&out), texts[_i].canonical);
	ck_assert_int_eq(selector_is_everything(&selector), !texts[_i].canonical[0]);
}
END_TEST

static const struct {
	const char *text, *message;
} refused[] = {
	{ ",a", "found ',', expected: !, identifier, or 'end of string'" },
	{ "=a", "found '=', expected: !, identifier, or 'end of string'" },
	{ "a,", "found '', expected: identifier after ','" },
	{ "a,,b", "found ',', expected: identifier after ','" },
	{ "a)", "unable to parse requirement: found ')', expected: in, notin, =, ==, !=, gt, lt" },
	{ "a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt" },
	{ "a!b", "unable to parse requirement: found '!', expected: in, notin, =, ==, !=, gt, lt" },
	{ "!", "unable to parse requirement: found '', expected: identifier" },
	{ "!!a", "unable to parse requirement: found '!', expected: identifier" },
	{ "!a=b", "found '=', expected: ',' or 'end of string'" },
	{ "a=b c", "found 'c', expected: ',' or 'end of string'" },
	{ "a===b", "unable to parse requirement: found '=', expected: identifier" },
	{ "a=!b", "unable to parse requirement: found '!', expected: identifier" },
	{ "a=(b)", "unable to parse requirement: found '(', expected: identifier" },
	{ "a in", "unable to parse requirement: found '' expected: '('" },
	{ "a in b", "unable to parse requirement: found 'b' expected: '('" },
	{ "a in (", "unable to parse requirement: found '', expected: ',', ')' or identifier" },
	{ "a in (=", "unable to parse requirement: found '=', expected: ',', ')' or identifier" },
	{ "a in (b", "unable to parse requirement: found '', expected: ',' or ')'" },
	{ "a in (b c)", "unable to parse requirement: found 'c', expected: ',' or ')'" },
	{ "a in (b,=)", "unable to parse requirement: found '=', expected: ',', or identifier" },
	{ "a in (b,,)", "unable to parse requirement: found ')', expected: ',', or identifier" },
	{ "a in (b))", "found ')', expected: ',' or 'end of string'" },
	{ "a>b",
		"unable to parse requirement: values[0]: Invalid value: \"b\": for 'Gt', 'Lt' operators, the value "
		"must be an integer" },
	{ "a<9223372036854775808",
		"unable to parse requirement: values[0]: Invalid value: \"9223372036854775808\": for 'Gt', 'Lt' "
		"operators, the value must be an integer" },
	{ "a>",
		"unable to parse requirement: values[0]: Invalid value: \"\": for 'Gt', 'Lt' operators, the value "
		"must be an integer" },
	{ "a>-5", "unable to parse requirement: values[0][a]: Invalid value: \"-5\": " VALUE_RULE },
	{ "a in (ok,*)", "unable to parse requirement: values[0][a]: Invalid value: \"*\": " VALUE_RULE },
	{ "a=\xC3\xA9", "unable to parse requirement: values[0][a]: Invalid value: \"\xC3\xA9\": " VALUE_RULE },
	{ "a=\"\xFF\x01", "unable to parse requirement: values[0][a]: Invalid value: \"\\\"\\xff\\x01\": " VALUE_RULE },
	{ "a/=b",
		"unable to parse requirement: <nil>: Invalid value: \"a/\": name part must be non-empty; name part " NAME_RULE },
	{ "/a", "unable to parse requirement: <nil>: Invalid value: \"/a\": prefix part must be non-empty" },
	{ "a/b/c",
		"unable to parse requirement: <nil>: Invalid value: \"a/b/c\": a qualified name " NAME_RULE
		" with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')" },
	{ SIXTY_THREE "x",
		"unable to parse requirement: <nil>: Invalid value: \"" SIXTY_THREE
		"x\": name part must be no more than 63 characters" },
	{ "a=" SIXTY_THREE "x",
		"unable to parse requirement: values[0][a]: Invalid value: \"" SIXTY_THREE
		"x\": must be no more than 63 characters" },
};

START_TEST(parse_refuses_with_the_sentence_of_upstream)
{
	struct selector selector = { .count = 42 };
	struct error err = { 0 };

	ck_assert_int_eq(selector_parse(refused[_i].text, &selector, &err), -1);
	ck_assert_str_eq(err.message, refused[_i].message);
	ck_assert_int_eq(err.code, ERROR_INVALID);
	ck_assert_uint_eq(selector.count, 42);
}
END_TEST

static const struct {
	const char *prefix;
	bool ok;
} prefixes[] = {
	{ "a", true },
	{ "0", true },
	{ "a-b", true },
	{ "a.b", true },
	{ "a--b.c", true },
	{ "a-.b", false },
	{ "a.-b", false },
	{ "a..b", false },
	{ ".a", false },
	{ "a.", false },
	{ "-", false },
	{ "A", false },
	{ "a_b", false },
};

START_TEST(prefix_is_a_dns_subdomain)
{
	AUTO_SELECTOR selector = { 0 };
	struct error err = { 0 };
	char text[32];

	snprintf(text, sizeof(text), "%s/x", prefixes[_i].prefix);
	ck_assert_int_eq(selector_parse(text, &selector, &err), prefixes[_i].ok ? 0 : -1);
}
END_TEST

START_TEST(prefix_ends_at_253_bytes)
{
	char text[300];

	memset(text, 'a', sizeof(text));
	memcpy(text + 253, "/x", 3);
	{
		AUTO_SELECTOR selector = { 0 };
		struct error err = { 0 };

		ck_assert_msg(selector_parse(text, &selector, &err) == 0, "%s", err.message);
	}
	memcpy(text + 253, "a/x", 4);
	{
		AUTO_SELECTOR selector = { 0 };
		struct error err = { 0 };

		ck_assert_int_eq(selector_parse(text, &selector, &err), -1);
		ck_assert_ptr_nonnull(strstr(err.message, "\": prefix part must be no more than 253 characters"));
	}
}
END_TEST

/* a=1, b="", n=-7, as every test of matching uses them. */
static const struct labels *some_labels(void)
{
	static struct labels *labels;

	if (!labels) {
		labels = memory_new(sizeof(*labels) + 3 * sizeof(struct label));
		labels->count = 3;
		labels->items[0] = (struct label){ "a", "1" };
		labels->items[1] = (struct label){ "b", "" };
		labels->items[2] = (struct label){ "n", "-7" };
	}
	return labels;
}

static const struct {
	const char *text;
	bool with_labels, without;
} matches[] = {
	{ "", true, true },
	{ "a", true, false },
	{ "!a", false, true },
	{ "c", false, false },
	{ "b", true, false },
	{ "a=1", true, false },
	{ "a==1", true, false },
	{ "a=2", false, false },
	{ "a!=1", false, true },
	{ "a!=2", true, true },
	{ "c!=1", true, true },
	{ "b=", true, false },
	{ "c=", false, false },
	{ "a in (0,1,2)", true, false },
	{ "a in (0,2)", false, false },
	{ "a notin (0,1,2)", false, true },
	{ "a notin (0,2)", true, true },
	{ "b in ()", true, false },
	{ "a>0", true, false },
	{ "a>1", false, false },
	{ "a<2", true, false },
	{ "a<1", false, false },
	{ "n<0", true, false },
	{ "n>0", false, false },
	{ "b<1", false, false },
	{ "a,b,!c", true, false },
	{ "a,b,c", false, false },
};

START_TEST(matches_as_the_api_server_does)
{
	AUTO_SELECTOR selector = { 0 };
	struct error err = { 0 };

	ck_assert_msg(selector_parse(matches[_i].text, &selector, &err) == 0, "%s", err.message);
	ck_assert_int_eq(selector_matches(&selector, some_labels()), matches[_i].with_labels);
	ck_assert_int_eq(selector_matches(&selector, NULL), matches[_i].without);
}
END_TEST

static const struct {
	const char *value;
	bool above_zero, below_zero;
} integers[] = {
	{ "1", true, false },
	{ "+1", true, false },
	{ "-1", false, true },
	{ "0", false, false },
	{ "-0", false, false },
	{ "9223372036854775807", true, false },
	{ "-9223372036854775808", false, true },
	{ "9223372036854775808", false, false },
	{ "-9223372036854775809", false, false },
	{ "99999999999999999999", false, false },
	{ "", false, false },
	{ "-", false, false },
	{ "1x", false, false },
	{ " 1", false, false },
	{ "1_000", false, false },
};

START_TEST(comparison_takes_64_bit_integers_alone)
{
	AUTO_SELECTOR above = { 0 }, below = { 0 };
	AUTO_FREE struct labels *labels = memory_new(sizeof(*labels) + sizeof(struct label));
	struct error err = { 0 };

	labels->count = 1;
	labels->items[0] = (struct label){ "x", integers[_i].value };
	ck_assert_int_eq(selector_parse("x>0", &above, &err), 0);
	ck_assert_int_eq(selector_parse("x<0", &below, &err), 0);
	ck_assert_int_eq(selector_matches(&above, labels), integers[_i].above_zero);
	ck_assert_int_eq(selector_matches(&below, labels), integers[_i].below_zero);
}
END_TEST

START_TEST(nil_matches_nothing_and_empty_everything)
{
	AUTO_SELECTOR nil = { 0 }, empty = { 0 };
	AUTO_BUFFER out = { 0 };
	struct error err = { 0 };

	ck_assert_int_eq(selector_build(NULL, &nil, &err), 0);
	ck_assert_int_eq(selector_build(&(struct label_selector){ 0 }, &empty, &err), 0);
	ck_assert(!selector_matches(&nil, some_labels()));
	ck_assert(!selector_matches(&nil, NULL));
	ck_assert(!selector_is_everything(&nil));
	ck_assert(selector_matches(&empty, some_labels()));
	ck_assert(selector_matches(&empty, NULL));
	ck_assert(selector_is_everything(&empty));
	selector_print(&nil, &out);
	selector_print(&empty, &out);
	ck_assert_str_eq(buffer_text(&out), "");
}
END_TEST

START_TEST(build_takes_labels_and_expressions)
{
	const char *values[] = { "2", "1", "2" };
	const struct label labels[] = { { "z", "1" }, { "a", "1" } };
	const struct label_expression expressions[] = {
		{ "m", "In", values, 3 },
		{ "c", "NotIn", values, 1 },
		{ "b", "Exists", NULL, 0 },
		{ "d", "DoesNotExist", NULL, 0 },
	};
	const struct label_selector source = { labels, 2, expressions, 4 };
	AUTO_SELECTOR selector = { 0 };
	AUTO_BUFFER out = { 0 };
	struct error err = { 0 };

	ck_assert_msg(selector_build(&source, &selector, &err) == 0, "%s", err.message);
	selector_print(&selector, &out);
	ck_assert_str_eq(buffer_text(&out), "a=1,b,c notin (2),!d,m in (1,2,2),z=1");
	ck_assert_str_eq(values[0], "2"); /* the source is left as it was */
}
END_TEST

static const char *const two_values[] = { "a\"<\n", "-" };
static const struct {
	struct label_expression expression;
	const char *message;
} unbuildable[] = {
	{ { "a", "Equals", NULL, 0 }, "\"Equals\" is not a valid label selector operator" },
	{ { "a", "in", NULL, 0 }, "\"in\" is not a valid label selector operator" },
	{ { "a", "", NULL, 0 }, "\"\" is not a valid label selector operator" },
	{ { "a", "In", NULL, 0 },
		"values: Invalid value: null: for 'in', 'notin' operators, values set can't be empty" },
	{ { "a", "NotIn", NULL, 0 },
		"values: Invalid value: null: for 'in', 'notin' operators, values set can't be empty" },
	{ { "a", "Exists", (const char *const[]){ "x", "y" }, 2 },
		"values: Invalid value: [\"x\",\"y\"]: values set must be empty for exists and does not exist" },
	{ { "-", "Exists", NULL, 0 }, "key: Invalid value: \"-\": name part " NAME_RULE },
	{ { "a", "DoesNotExist", two_values, 2 },
		"[values: Invalid value: [\"a\\\"\\u003c\\n\",\"-\"]: values set must be empty for exists and does "
		"not exist, values[0][a]: Invalid value: \"a\\\"<\\n\": " VALUE_RULE
		", values[1][a]: Invalid value: \"-\": " VALUE_RULE "]" },
};

START_TEST(build_refuses_with_the_sentence_of_upstream)
{
	const struct label_selector source = { NULL, 0, &unbuildable[_i].expression, 1 };
	struct selector selector = { .count = 42 };
	struct error err = { 0 };

	ck_assert_int_eq(selector_build(&source, &selector, &err), -1);
	ck_assert_str_eq(err.message, unbuildable[_i].message);
	ck_assert_uint_eq(selector.count, 42);
}
END_TEST

START_TEST(build_checks_match_labels)
{
	const struct label label = { "a/b/c", "-" };
	struct selector selector;
	struct error err = { 0 };

	ck_assert_int_eq(selector_build(&(struct label_selector){ &label, 1, NULL, 0 }, &selector, &err), -1);
	ck_assert_str_eq(err.message,
		"[key: Invalid value: \"a/b/c\": a qualified name " NAME_RULE
		" with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName'), "
		"values[0][a/b/c]: Invalid value: \"-\": " VALUE_RULE "]");
}
END_TEST

/* `count` times the text, and then the end. */
static char *repeated(const char *text, size_t count, const char *end)
{
	AUTO_BUFFER out = { 0 };

	for (size_t i = 0; i < count; i++)
		buffer_add_text(&out, text);
	buffer_add_text(&out, end);
	return memory_copy_text(buffer_text(&out));
}

START_TEST(ceilings_hold)
{
	AUTO_FREE char *most = repeated("a,", SELECTOR_MAX_REQUIREMENTS - 1, "a");
	AUTO_FREE char *many = repeated("a,", SELECTOR_MAX_REQUIREMENTS, "a");
	AUTO_FREE char *longest = repeated(" ", SELECTOR_MAX_TEXT, "");
	AUTO_FREE char *too_long = repeated(" ", SELECTOR_MAX_TEXT, " ");
	AUTO_FREE char *commas = repeated(",", SELECTOR_MAX_VALUES * 2 + 2, ")");
	AUTO_FREE char *values = NULL;
	AUTO_SELECTOR largest = { 0 }, empty = { 0 };
	struct selector selector;
	struct error err = { 0 };

	ck_assert_int_eq(selector_parse(most, &largest, &err), 0);
	ck_assert_uint_eq(largest.count, SELECTOR_MAX_REQUIREMENTS);
	ck_assert_int_eq(selector_parse(longest, &empty, &err), 0);
	ck_assert_int_eq(selector_parse(many, &selector, &err), -1);
	ck_assert_str_eq(err.message, "unable to parse requirement: the selector has more than 1000 requirements");
	ck_assert_int_eq(selector_parse(too_long, &selector, &err), -1);
	ck_assert_str_eq(err.message, "the selector has more than 65536 bytes");
	values = repeated("a in (", 1, commas);
	ck_assert_int_eq(selector_parse(values, &selector, &err), -1);
	ck_assert_str_eq(err.message, "unable to parse requirement: the selector has more than 10000 values");
}
END_TEST

START_TEST(ceilings_hold_for_the_structure)
{
	AUTO_FREE struct label *labels = memory_new_array(SELECTOR_MAX_REQUIREMENTS + 1, sizeof(*labels));
	const char *value = "x";
	const struct label_expression expressions[] = { { "a", "In", &value, 1 },
		{ "a", "In", NULL, SELECTOR_MAX_VALUES } };
	struct selector selector;
	struct error err = { 0 };

	for (size_t i = 0; i <= SELECTOR_MAX_REQUIREMENTS; i++)
		labels[i] = (struct label){ "a", "b" };
	ck_assert_int_eq(selector_build(&(struct label_selector){ labels, SELECTOR_MAX_REQUIREMENTS + 1, NULL, 0 },
				 &selector, &err),
		-1);
	ck_assert_str_eq(err.message, "the selector has more than 1000 requirements");
	ck_assert_int_eq(selector_build(&(struct label_selector){ NULL, 0, expressions, 2 }, &selector, &err), -1);
	ck_assert_str_eq(err.message, "the selector has more than 10000 values");
}
END_TEST

/* Random texts of the grammar's own characters: nothing crashes, and what parses means the same when printed and
 * parsed again. */
START_TEST(canonical_text_is_a_fixed_point)
{
	static const char *const words[] = { "a", "b", "in", "notin", "=", "!", "(", ")", ",", " ", ">", "<", "1", "-",
		"x/y" };
	uint32_t state = 1;
	int parsed = 0;

	for (int round = 0; round < 200000; round++) {
		AUTO_SELECTOR first = { 0 }, second = { 0 };
		AUTO_BUFFER text = { 0 }, canonical = { 0 }, again = { 0 };
		struct error err = { 0 };
		uint32_t length = (state >> 16) % 9;

		for (uint32_t i = 0; i <= length; i++) {
			state = state * 1664525 + 1013904223;
			buffer_add_text(&text, words[(state >> 16) % ARRAY_LEN(words)]);
		}
		if (selector_parse(buffer_text(&text), &first, &err))
			continue;
		parsed++;
		selector_print(&first, &canonical);
		ck_assert_msg(selector_parse(buffer_text(&canonical), &second, &err) == 0, "%s -> %s: %s",
			buffer_text(&text), buffer_text(&canonical), err.message);
		selector_print(&second, &again);
		ck_assert_str_eq(buffer_text(&again), buffer_text(&canonical));
		ck_assert_int_eq(selector_matches(&first, some_labels()), selector_matches(&second, some_labels()));
	}
	ck_assert_int_gt(parsed, 2000);
}
END_TEST

static const char *look_up(const void *object, const char *field)
{
	return strcmp(field, "spec.nodeName") == 0 ? object : NULL;
}

static const struct {
	const char *text, *canonical;
	bool match; /* of spec.nodeName a,b */
} fields[] = {
	{ "", "", true },
	{ ",,", "", true },
	{ "spec.nodeName=a\\,b", "spec.nodeName=a\\,b", true },
	{ "spec.nodeName==a\\,b", "spec.nodeName=a\\,b", true },
	{ "spec.nodeName!=a\\,b", "spec.nodeName!=a\\,b", false },
	{ "spec.nodeName=a", "spec.nodeName=a", false },
	{ "spec.nodeName!=a", "spec.nodeName!=a", true },
	{ "status.phase=", "status.phase=", true },
	{ "status.phase!=Failed,spec.nodeName!=x", "spec.nodeName!=x,status.phase!=Failed", true },
	{ "b=,a=", "a=,b=", true },
	{ "a=\\\\\\=", "a=\\\\\\=", false },
	{ "a= b ", "a= b ", false },
	{ "=x", "=x", false },
	{ "=,==,!=", "", true },
	{ "a\\,b=", "a\\,b=", true },
	{ "a=b!", "a=b!", false },
};

START_TEST(fields_parse_print_and_match)
{
	AUTO_FIELD_SELECTOR selector = { 0 };
	AUTO_BUFFER out = { 0 };
	struct error err = { 0 };

	ck_assert_msg(field_selector_parse(fields[_i].text, &selector, &err) == 0, "%s", err.message);
	field_selector_print(&selector, &out);
	ck_assert_str_eq(buffer_text(&out), fields[_i].canonical);
	ck_assert_int_eq(field_selector_matches(&selector, look_up, "a,b"), fields[_i].match);
}
END_TEST

static const struct {
	const char *text, *message;
} refused_fields[] = {
	{ "a", "invalid selector: 'a'; can't understand 'a'" },
	{ "x=1,a>1", "invalid selector: 'x=1,a>1'; can't understand 'a>1'" },
	{ "z,y", "invalid selector: 'z,y'; can't understand 'y'" }, /* the first in byte order */
	{ "a in (b)", "invalid selector: 'a in (b)'; can't understand 'a in (b)'" },
	{ "a===b", "invalid field selector: unescaped character in value: 61" },
	{ "a=b=c", "invalid field selector: unescaped character in value: 61" },
	{ "a=\\x", "invalid field selector: invalid escape sequence: \\x" },
	{ "a=\\\xC3\xA9z", "invalid field selector: invalid escape sequence: \\\xC3\xA9" },
	{ "a=b\\", "invalid field selector: invalid escape sequence: \\" },
};

START_TEST(fields_refuse_with_the_sentence_of_upstream)
{
	struct field_selector selector = { .count = 42 };
	struct error err = { 0 };

	ck_assert_int_eq(field_selector_parse(refused_fields[_i].text, &selector, &err), -1);
	ck_assert_str_eq(err.message, refused_fields[_i].message);
	ck_assert_uint_eq(selector.count, 42);
}
END_TEST

START_TEST(field_ceilings_hold)
{
	AUTO_FREE char *most = repeated("a=,", FIELD_SELECTOR_MAX_TERMS, "");
	AUTO_FREE char *many = repeated("a=,", FIELD_SELECTOR_MAX_TERMS, "a=");
	AUTO_FREE char *too_long = repeated(",", FIELD_SELECTOR_MAX_TEXT, ",");
	AUTO_FIELD_SELECTOR largest = { 0 };
	struct field_selector selector;
	struct error err = { 0 };

	ck_assert_int_eq(field_selector_parse(most, &largest, &err), 0);
	ck_assert_uint_eq(largest.count, FIELD_SELECTOR_MAX_TERMS);
	ck_assert_int_eq(field_selector_parse(many, &selector, &err), -1);
	ck_assert_str_eq(err.message, "the field selector has more than 1000 terms");
	ck_assert_int_eq(field_selector_parse(too_long, &selector, &err), -1);
	ck_assert_str_eq(err.message, "the field selector has more than 65536 bytes");
}
END_TEST

TEST_MAIN("model/selector", TEST_TABLE(parse_gives_the_canonical_text, texts),
	TEST_TABLE(parse_refuses_with_the_sentence_of_upstream, refused),
	TEST_TABLE(prefix_is_a_dns_subdomain, prefixes), TEST(prefix_ends_at_253_bytes),
	TEST_TABLE(matches_as_the_api_server_does, matches),
	TEST_TABLE(comparison_takes_64_bit_integers_alone, integers), TEST(nil_matches_nothing_and_empty_everything),
	TEST(build_takes_labels_and_expressions), TEST_TABLE(build_refuses_with_the_sentence_of_upstream, unbuildable),
	TEST(build_checks_match_labels), TEST(ceilings_hold), TEST(ceilings_hold_for_the_structure),
	TEST(canonical_text_is_a_fixed_point), TEST_TABLE(fields_parse_print_and_match, fields),
	TEST_TABLE(fields_refuse_with_the_sentence_of_upstream, refused_fields), TEST(field_ceilings_hold))
