#include "clusterutils/util/document.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <regex.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <yaml.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "suite.h"

static void write_sample(struct document *document)
{
	document_begin_object(document, NULL);
	document_text(document, "kind", "NodeUsageList");
	document_begin_array(document, "items");
	document_begin_object(document, NULL);
	document_text(document, "name", "corellia");
	document_begin_object(document, "cpu");
	document_number(document, "usage", 35);
	document_null(document, "limit");
	document_end(document);
	document_begin_array(document, "zones");
	document_text(document, NULL, "a");
	document_text(document, NULL, NULL);
	document_end(document);
	document_end(document);
	document_begin_object(document, NULL);
	document_end(document);
	document_begin_array(document, NULL);
	document_begin_array(document, NULL);
	document_flag(document, NULL, true);
	document_end(document);
	document_flag(document, NULL, false);
	document_begin_array(document, NULL);
	document_end(document);
	document_end(document);
	document_end(document);
	document_begin_array(document, "none");
	document_end(document);
	document_begin_object(document, "nothing");
	document_end(document);
	document_end(document);
	document_finish(document);
}

static const struct {
	enum document_format format;
	const char *text;
} layouts[] = {
	{ DOCUMENT_JSON,
		"{\n"
		"    \"kind\": \"NodeUsageList\",\n"
		"    \"items\": [\n"
		"        {\n"
		"            \"name\": \"corellia\",\n"
		"            \"cpu\": {\n"
		"                \"usage\": 35,\n"
		"                \"limit\": null\n"
		"            },\n"
		"            \"zones\": [\n"
		"                \"a\",\n"
		"                null\n"
		"            ]\n"
		"        },\n"
		"        {},\n"
		"        [\n"
		"            [\n"
		"                true\n"
		"            ],\n"
		"            false,\n"
		"            []\n"
		"        ]\n"
		"    ],\n"
		"    \"none\": [],\n"
		"    \"nothing\": {}\n"
		"}\n" },
	{ DOCUMENT_YAML,
		"kind: NodeUsageList\n"
		"items:\n"
		"- name: corellia\n"
		"  cpu:\n"
		"    usage: 35\n"
		"    limit: null\n"
		"  zones:\n"
		"  - a\n"
		"  - null\n"
		"- {}\n"
		"- - - true\n"
		"  - false\n"
		"  - []\n"
		"none: []\n"
		"nothing: {}\n" },
};

START_TEST(layout_is_kubectls)
{
	AUTO_BUFFER out = { 0 };
	struct document document;

	document_init(&document, layouts[_i].format, &out);
	write_sample(&document);
	ck_assert_str_eq(buffer_text(&out), layouts[_i].text);
}
END_TEST

static const struct {
	int depth;
	bool is_array;
	const char *json, *yaml;
} roots[] = {
	{ 0, false, "null\n", "null\n" },
	{ 1, false, "{}\n", "{}\n" },
	{ 1, true, "[]\n", "[]\n" },
	{ 2, true, "[\n    []\n]\n", "- []\n" },
};

START_TEST(any_value_can_be_the_document)
{
	for (int yaml = 0; yaml < 2; yaml++) {
		AUTO_BUFFER out = { 0 };
		struct document document;

		document_init(&document, yaml ? DOCUMENT_YAML : DOCUMENT_JSON, &out);
		for (int i = 0; i < roots[_i].depth; i++)
			(roots[_i].is_array ? document_begin_array : document_begin_object)(&document, NULL);
		if (roots[_i].depth == 0)
			document_null(&document, NULL);
		for (int i = 0; i < roots[_i].depth; i++)
			document_end(&document);
		document_finish(&document);
		ck_assert_str_eq(buffer_text(&out), yaml ? roots[_i].yaml : roots[_i].json);
	}
}
END_TEST

static const struct {
	const char *text, *json, *yaml;
} texts[] = {
	{ "plain", "\"plain\"", "plain" },
	{ "", "\"\"", "\"\"" },
	{ "two words", "\"two words\"", "two words" },
	{ "say \"hi\"", "\"say \\\"hi\\\"\"", "say \"hi\"" },
	{ "\"hi\"", "\"\\\"hi\\\"\"", "'\"hi\"'" },
	{ "back\\slash", "\"back\\\\slash\"", "back\\slash" },
	{ "a/b", "\"a/b\"", "a/b" },
	{ "<a&b>", "\"<a&b>\"", "<a&b>" },
	{ "line\nline", "\"line\\nline\"", "\"line\\nline\"" },
	{ "\t\r\b\f", "\"\\t\\r\\b\\f\"", "\"\\t\\r\\b\\f\"" },
	{ "\x01\x1F\x1B[31m", "\"\\u0001\\u001f\\u001b[31m\"", "\"\\u0001\\u001f\\u001b[31m\"" },
	{ "\x7F\xC2\x9B", "\"\\u007f\\u009b\"", "\"\\u007f\\u009b\"" },
	{ "a\u2028b\u2029c", "\"a\\u2028b\\u2029c\"", "\"a\\u2028b\\u2029c\"" },
	{ "\uFEFFx", "\"\\ufeffx\"", "\"\\ufeffx\"" },
	{ "gr\u00FC\u00DFe", "\"gr\u00FC\u00DFe\"", "gr\u00FC\u00DFe" },
	{ "\U0001F433 \u4E2D", "\"\U0001F433 \u4E2D\"", "\U0001F433 \u4E2D" },
	{ "bad\xFF\xC3(", "\"bad\uFFFD\uFFFD(\"", "\"bad\uFFFD\uFFFD(\"" },
	{ "\xED\xA0\x80", "\"\uFFFD\uFFFD\uFFFD\"", "\"\uFFFD\uFFFD\uFFFD\"" },
	{ "\uFFFD", "\"\uFFFD\"", "\"\uFFFD\"" },
};

START_TEST(texts_are_escaped_and_quoted)
{
	for (int yaml = 0; yaml < 2; yaml++) {
		AUTO_BUFFER out = { 0 };
		struct document document;

		document_init(&document, yaml ? DOCUMENT_YAML : DOCUMENT_JSON, &out);
		document_text(&document, NULL, texts[_i].text);
		ck_assert_str_eq(buffer_text(&out), yaml ? texts[_i].yaml : texts[_i].json);
	}
}
END_TEST

/* What kubectl prints without quotes, in double and in single quotes. */
static const char *const plain[] = { "a", "v1", "10.0.0.1", "10.42.0.0/16", "1.5Gi", "35m", "2d1h", "1h30m", "1.2.3",
	"v1.36.0+k3s1", "node-1", "-x", "--flag", "?x", ":x", "a:b", "a#b", "yesterday", "nullable", "e5", "1e", "1e+",
	"0b", "0x", "0xg", "0b2", "08x", "a, b", "x [y]", "it's", "2026-03", "2026-03-01x", "12345-01-01", "1:60x", "+",
	"_", "_1", "+_", ".", "..", "1-2", "2001-1-1Tx", "1:2:x", "nginx:1.27", "sha256:00aa", "key=value", "NaN",
	"inf", "nAn", "tRue", "a'b", "a\"b", "100%", "a@b", "(a)", "$x", "^", ";" };
static const char *const in_double_quotes[] = { "", "null", "Null", "NULL", "~", "true", "True", "TRUE", "false", "yes",
	"Yes", "y", "N", "no", "on", "ON", "off", "0", "1", "-1", "+1", "007", "08", "1_000", "0x1F", "0X1F", "-0b1",
	"0o17", "1.5", "1.", ".5", "-.5", "1e3", "1E+3", "1.5e-3", "1_0.5_0", ".inf", "-.Inf", "+.INF", ".nan", ".NaN",
	"1:30", "190:20:30", "190:20:30.15", "2026-03-01", "2026-3-1", "2026-03-01T12:00:00Z",
	"2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.10 -5", "2001-12-14 21:59:43.10", "<<", "=",
	"18446744073709551616", "\t", "a\tb" };
static const char *const in_single_quotes[] = { " ", " x", "x ", "- x", "? x", ": x", "a: b", "a:", ":", "a #b", "# x",
	"#x", "&a", "*a", "!a", "|", "> x", "%x", "@x", "`x`", "[a]", "{a}", ",", "]", "}", "'x'", "\"x", "---",
	"--- x", "...", "?", "-", "x: 'y'" };

static void assert_yaml(const char *text, char quote)
{
	AUTO_BUFFER out = { 0 };
	struct document document;

	document_init(&document, DOCUMENT_YAML, &out);
	document_text(&document, NULL, text);
	ck_assert_msg(buffer_text(&out)[0] == (quote ? quote : text[0]), "[%s] became [%s]", text, buffer_text(&out));
	if (!quote)
		ck_assert_str_eq(buffer_text(&out), text);
}

START_TEST(yaml_quotes_exactly_what_needs_it)
{
	for (size_t i = 0; i < ARRAY_LEN(plain); i++)
		assert_yaml(plain[i], '\0');
	for (size_t i = 0; i < ARRAY_LEN(in_double_quotes); i++)
		assert_yaml(in_double_quotes[i], '"');
	for (size_t i = 0; i < ARRAY_LEN(in_single_quotes); i++)
		assert_yaml(in_single_quotes[i], '\'');
}
END_TEST

static const struct {
	int64_t number;
	const char *text;
} numbers[] = {
	{ 0, "0" },
	{ -1, "-1" },
	{ INT64_MAX, "9223372036854775807" },
	{ INT64_MIN, "-9223372036854775808" },
};

START_TEST(numbers_are_exact)
{
	AUTO_BUFFER out = { 0 };
	struct document document;

	document_init(&document, DOCUMENT_JSON, &out);
	document_number(&document, NULL, numbers[_i].number);
	ck_assert_str_eq(buffer_text(&out), numbers[_i].text);
}
END_TEST

START_TEST(thousandths_are_numbers)
{
	AUTO_BUFFER out = { 0 };
	struct document document;

	document_init(&document, DOCUMENT_YAML, &out);
	document_begin_object(&document, NULL);
	document_milli(&document, "watts", 71250);
	document_milli(&document, "least", -40);
	document_end(&document);
	document_finish(&document);
	ck_assert_str_eq(buffer_text(&out), "watts: 71.25\nleast: -0.04\n");
}
END_TEST

START_TEST(a_number_that_is_written_already)
{
	AUTO_BUFFER out = { 0 };
	struct document document;

	document_init(&document, DOCUMENT_YAML, &out);
	document_begin_array(&document, NULL);
	document_literal(&document, NULL, "18446744073709551615");
	document_end(&document);
	document_finish(&document);
	ck_assert_str_eq(buffer_text(&out), "- 18446744073709551615\n");
}
END_TEST

static uint32_t state;

static uint32_t next_random(uint32_t below)
{
	state = state * 1664525 + 1013904223;
	return (uint32_t)(((uint64_t)(state >> 8) * below) >> 24);
}

static const char *random_text(char text[512])
{
	static const char *const parts[] = { "a", "Z", "0", "1", "9", "-", "+", ".", ":", " ", "#", "'", "\"", "\\",
		"_", "x", "e", "E", "T", ",", "[", "]", "{", "}", "&", "*", "!", "|", ">", "%", "@", "`", "?", "=", "<",
		"~", "\n", "\t", "\r", "\x01", "\x1B", "\x7F", "\xC2\x85", "\u00A0", "\u2028", "\u2029", "\uFEFF",
		"\uFFFE", "\u00FC", "\u4E2D", "\U0001F433", "\U0001FFFE", "/", "\u200D", "true", "no", "null",
		"2026-03-01", "12:30", ": ", " #", "---", "...", "- ", "0x" };
	uint32_t count = next_random(8);

	text[0] = '\0';
	if (next_random(50) == 0)
		count = 40; /* a key too long to be a simple one */
	while (count-- > 0)
		strcat(text, parts[next_random(ARRAY_LEN(parts))]);
	return text;
}

/* Writes a random value, and the same as one flat line of what a reader should find. */
static void write_random(struct document *document, struct buffer *expected, const char *key, int depth)
{
	char text[512], child_key[512];
	uint32_t kind = next_random(depth == 0 ? 2 : depth < 6 ? 7 : 5) + (depth < 6 ? 0 : 2);

	if (key)
		buffer_printf(expected, "K%s|", key);
	if (kind < 2) {
		uint32_t count = next_random(5);

		(kind == 0 ? document_begin_object : document_begin_array)(document, key);
		buffer_add_char(expected, kind == 0 ? '{' : '[');
		while (count-- > 0)
			write_random(document, expected, kind == 0 ? random_text(child_key) : NULL, depth + 1);
		document_end(document);
		buffer_add_char(expected, kind == 0 ? '}' : ']');
	} else if (kind == 2) {
		int64_t number = (int64_t)next_random(1U << 24) * (int64_t)next_random(1U << 24) - (1 << 24);

		document_number(document, key, number);
		buffer_printf(expected, "N%" PRId64 "|", number);
	} else if (kind == 3) {
		document_flag(document, key, true);
		buffer_add_text(expected, "Ftrue|");
	} else if (kind == 4) {
		document_null(document, key);
		buffer_add_text(expected, "0|");
	} else {
		document_text(document, key, random_text(text));
		buffer_printf(expected, "T%s|", text);
	}
}

static void flatten_json(const cJSON *value, struct buffer *found)
{
	const cJSON *child;

	if (value->string)
		buffer_printf(found, "K%s|", value->string);
	if (cJSON_IsObject(value) || cJSON_IsArray(value)) {
		buffer_add_char(found, cJSON_IsObject(value) ? '{' : '[');
		cJSON_ArrayForEach (child, value)
			flatten_json(child, found);
		buffer_add_char(found, cJSON_IsObject(value) ? '}' : ']');
	} else if (cJSON_IsNumber(value)) {
		buffer_printf(found, "N%.0f|", value->valuedouble);
	} else if (cJSON_IsBool(value)) {
		buffer_printf(found, "F%s|", cJSON_IsTrue(value) ? "true" : "false");
	} else if (cJSON_IsNull(value)) {
		buffer_add_text(found, "0|");
	} else {
		buffer_printf(found, "T%s|", value->valuestring);
	}
}

/* The types that yaml.org/type gives plain scalars, each with the letter of the flat line; '!' for what we never write. */
static const struct {
	char letter;
	const char *pattern;
} yaml_types[] = {
	{ '0', "^(~|null|Null|NULL|)$" },
	{ 'F', "^(y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$" },
	{ 'N', "^[-+]?(0|[1-9][0-9_]*)$" },
	{ '!', "^[-+]?(0b[0-1_]+|0[0-7_]+|0x[0-9a-fA-F_]+|0o[0-7]+|[1-9][0-9_]*(:[0-5]?[0-9])+)$" },
	{ '!', "^[-+]?[0-9][0-9_]*\\.[0-9_]*([eE][-+]?[0-9]+)?$" },
	{ '!', "^[-+]?\\.[0-9_]*[0-9][0-9_]*([eE][-+]?[0-9]+)?$" },
	{ '!', "^[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?$" },
	{ '!', "^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\\.[0-9_]*$" },
	{ '!', "^([-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN))$" },
	{ '!', "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" },
	{ '!',
		"^[0-9]{4}-[0-9][0-9]?-[0-9][0-9]?([Tt]|[ \t]+)[0-9][0-9]?:[0-9]{2}:[0-9]{2}(\\.[0-9]*)?"
		"([ \t]*(Z|[-+][0-9][0-9]?(:[0-9]{2})?))?$" },
	{ '!', "^(<<|=)$" },
};

static char plain_type(const char *text)
{
	static regex_t patterns[ARRAY_LEN(yaml_types)];
	static bool are_compiled;

	for (size_t i = 0; i < ARRAY_LEN(yaml_types) && !are_compiled; i++)
		ck_assert_int_eq(regcomp(&patterns[i], yaml_types[i].pattern, REG_EXTENDED | REG_NOSUB), 0);
	are_compiled = true;
	for (size_t i = 0; i < ARRAY_LEN(yaml_types); i++)
		if (regexec(&patterns[i], text, 0, NULL, 0) == 0)
			return yaml_types[i].letter;
	return 'T';
}

static void add_yaml_scalar(struct buffer *found, const yaml_event_t *event, bool is_key)
{
	const char *text = (const char *)event->data.scalar.value;
	char type = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE ? plain_type(text) : 'T';

	ck_assert_msg(type != '!', "[%s] reads as another type", text);
	if (is_key) {
		ck_assert_msg(type == 'T', "key [%s] reads as another type", text);
		buffer_printf(found, "K%s|", text);
	} else {
		buffer_printf(found, "%c%s|", type, type == '0' ? "" : text);
	}
}

static void flatten_yaml(const struct buffer *text, struct buffer *found)
{
	struct {
		bool is_array, at_value;
	} levels[64] = { { true, false } };
	int depth = 0;
	yaml_parser_t parser;
	yaml_event_type_t type;

	ck_assert(yaml_parser_initialize(&parser));
	yaml_parser_set_input_string(&parser, (const unsigned char *)text->bytes, text->length);
	do {
		yaml_event_t event;
		bool is_key = !levels[depth].is_array && !levels[depth].at_value;

		ck_assert_msg(yaml_parser_parse(&parser, &event), "%s in line %zu:\n%s", parser.problem,
			parser.problem_mark.line + 1, text->bytes);
		type = event.type;
		if (type == YAML_SCALAR_EVENT)
			add_yaml_scalar(found, &event, is_key);
		if (type == YAML_SCALAR_EVENT || type == YAML_MAPPING_START_EVENT || type == YAML_SEQUENCE_START_EVENT)
			levels[depth].at_value = is_key;
		if (type == YAML_MAPPING_START_EVENT || type == YAML_SEQUENCE_START_EVENT) {
			levels[++depth].is_array = type == YAML_SEQUENCE_START_EVENT;
			levels[depth].at_value = false;
			buffer_add_char(found, levels[depth].is_array ? '[' : '{');
		}
		if (type == YAML_MAPPING_END_EVENT || type == YAML_SEQUENCE_END_EVENT)
			buffer_add_char(found, levels[depth--].is_array ? ']' : '}');
		yaml_event_delete(&event);
	} while (type != YAML_STREAM_END_EVENT);
	yaml_parser_delete(&parser);
}

START_TEST(random_documents_read_back_as_written)
{
	for (uint32_t round = 0; round < 4000; round++) {
		AUTO_BUFFER json = { 0 }, yaml = { 0 }, expected = { 0 }, found = { 0 };
		struct document document;
		cJSON *tree;

		state = round;
		document_init(&document, DOCUMENT_JSON, &json);
		write_random(&document, &expected, NULL, 0);
		document_finish(&document);
		tree = cJSON_ParseWithOpts(buffer_text(&json), NULL, 1);
		ck_assert_msg(tree != NULL, "%s", buffer_text(&json));
		flatten_json(tree, &found);
		cJSON_Delete(tree);
		ck_assert_str_eq(buffer_text(&found), buffer_text(&expected));

		buffer_clear(&expected);
		buffer_clear(&found);
		state = round;
		document_init(&document, DOCUMENT_YAML, &yaml);
		write_random(&document, &expected, NULL, 0);
		document_finish(&document);
		flatten_yaml(&yaml, &found);
		ck_assert_str_eq(buffer_text(&found), buffer_text(&expected));
	}
}
END_TEST

/* Longer than parsers look for a colon. */
START_TEST(long_keys_can_be_read)
{
	char key[3001];
	AUTO_BUFFER out = { 0 }, found = { 0 }, expected = { 0 };
	struct document document;

	memset(key, '\x01', sizeof(key));
	key[sizeof(key) - 1] = '\0';
	document_init(&document, DOCUMENT_YAML, &out);
	document_begin_array(&document, NULL);
	document_begin_object(&document, NULL);
	document_begin_array(&document, key);
	document_text(&document, NULL, "x");
	document_end(&document);
	document_begin_object(&document, key);
	document_text(&document, key, "y");
	document_end(&document);
	document_end(&document);
	document_end(&document);
	document_finish(&document);
	flatten_yaml(&out, &found);
	buffer_printf(&expected, "[{K%s|[Tx|]K%s|{K%s|Ty|}}]", key, key, key);
	ck_assert_str_eq(buffer_text(&found), buffer_text(&expected));
}
END_TEST

static void end_too_often(struct document *document)
{
	document_begin_object(document, NULL);
	document_end(document);
	document_end(document);
}

static void finish_too_early(struct document *document)
{
	document_begin_object(document, NULL);
	document_finish(document);
}

static void finish_nothing(struct document *document)
{
	document_finish(document);
}

static void leave_out_key(struct document *document)
{
	document_begin_object(document, NULL);
	document_number(document, NULL, 1);
}

static void give_key_in_array(struct document *document)
{
	document_begin_array(document, NULL);
	document_number(document, "key", 1);
}

static void give_key_to_document(struct document *document)
{
	document_begin_object(document, "key");
}

static void write_two_documents(struct document *document)
{
	document_null(document, NULL);
	document_null(document, NULL);
}

static void nest_too_deeply(struct document *document)
{
	for (int i = 0; i <= DOCUMENT_DEPTH; i++)
		document_begin_array(document, NULL);
}

static void (*const misuses[])(struct document *) = { end_too_often, finish_too_early, finish_nothing, leave_out_key,
	give_key_in_array, give_key_to_document, write_two_documents, nest_too_deeply };

START_TEST(misuse_ends_the_program)
{
	static struct buffer out;
	struct document document;
	int status;
	pid_t child = fork();

	ck_assert_int_ge(child, 0);
	if (child == 0) {
		close(STDERR_FILENO);
		document_init(&document, _i % 2 ? DOCUMENT_YAML : DOCUMENT_JSON, &out);
		misuses[_i](&document);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 1);
}
END_TEST

START_TEST(the_deepest_document_is_written)
{
	AUTO_BUFFER out = { 0 }, found = { 0 };
	struct document document;

	document_init(&document, DOCUMENT_YAML, &out);
	for (int i = 0; i < DOCUMENT_DEPTH; i++)
		document_begin_array(&document, NULL);
	for (int i = 0; i < DOCUMENT_DEPTH; i++)
		document_end(&document);
	document_finish(&document);
	flatten_yaml(&out, &found);
	ck_assert_uint_eq(found.length, 2 * DOCUMENT_DEPTH);
}
END_TEST

TEST_MAIN("util/document", TEST_TABLE(layout_is_kubectls, layouts), TEST_TABLE(any_value_can_be_the_document, roots),
	TEST_TABLE(texts_are_escaped_and_quoted, texts), TEST(yaml_quotes_exactly_what_needs_it),
	TEST_TABLE(numbers_are_exact, numbers), TEST(thousandths_are_numbers), TEST(a_number_that_is_written_already),
	TEST(random_documents_read_back_as_written), TEST(long_keys_can_be_read),
	TEST_TABLE(misuse_ends_the_program, misuses), TEST(the_deepest_document_is_written))
