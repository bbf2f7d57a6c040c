#include "clusterutils/util/yaml.h"

#include <string.h>

#include "suite.h"

static int to_json(const char *text, size_t length, struct buffer *ret_json, struct error *err)
{
	AUTO_ARENA arena = { 0 };
	struct yaml_node *root;

	if (yaml_parse(text, length, &arena, &root, err) < 0)
		return -1;
	return yaml_to_json(root, 1 << 20, ret_json, err);
}

static const struct {
	const char *yaml, *json;
} documents[] = {
	{ "", "null" },
	{ "a: 1\nb: [x, 'y']\n", "{\"a\":1,\"b\":[\"x\",\"y\"]}" },
	{ "a: {b: {c: d}}", "{\"a\":{\"b\":{\"c\":\"d\"}}}" },
	{ "a: |\n  one\n  two\n", "{\"a\":\"one\\ntwo\\n\"}" },
	{ "{\"json\": [true, null, 1.5]}", "{\"json\":[true,null,1.5]}" },
	/* scalars as YAML 1.1 has them */
	{ "[yes, No, on, OFF, y, N, true, False]", "[true,false,true,false,true,false,true,false]" },
	{ "['yes', \"no\", !!str on]", "[\"yes\",\"no\",\"on\"]" },
	{ "[~, null, NULL, nUll, ]", "[null,null,null,\"nUll\"]" },
	{ "[0, -0, 017, 0x1F, 0b101, 1_000, +7]", "[0,0,15,31,5,1000,7]" },
	{ "[9223372036854775807, -9223372036854775808]", "[9223372036854775807,-9223372036854775808]" },
	{ "[08, 0x, 1e, 1.2.3, 100m, 1Gi, .5, 1., -.5e3, +1e3]",
		"[8,\"0x\",\"1e\",\"1.2.3\",\"100m\",\"1Gi\",0.5,1.0,-0.5e3,1e3]" },
	{ "[2026-03-01, 12:30:45, '.inf', .nano]", "[\"2026-03-01\",\"12:30:45\",\".inf\",\".nano\"]" },
	/* anchors */
	{ "a: &x {k: 1}\nb: *x\nc: [*x, *x]", "{\"a\":{\"k\":1},\"b\":{\"k\":1},\"c\":[{\"k\":1},{\"k\":1}]}" },
	/* of equal keys both are kept here; readers take the last */
	{ "a: 1\na: 2", "{\"a\":1,\"a\":2}" },
	{ "first\n--- \nsecond", "\"first\"" },
	{ "---\n---\nsecond", "null" },
	/* keys are resolved as values are */
	{ "{yes: 1, 017: 2, 1.50: 3, 'no': 4, !!str off: 5}", "{\"true\":1,\"15\":2,\"1.5\":3,\"no\":4,\"off\":5}" },
	/* merged members stand where the merge stands */
	{ "a: &x {k: 1, l: 2}\nb: {l: 0, <<: *x, k: 3}",
		"{\"a\":{\"k\":1,\"l\":2},\"b\":{\"l\":0,\"k\":1,\"l\":2,\"k\":3}}" },
	{ "<<: [{a: 1}, {a: 2}]\n'<<': b", "{\"a\":2,\"a\":1,\"<<\":\"b\"}" },
	/* tags */
	{ "[!!int '5', !!float 5, !!bool yes, !!null '', !own 5, ! 5]", "[5,5,true,null,\"5\",\"5\"]" },
	{ "!!binary aG9tZQ==: !!binary 'eA=='", "{\"home\":\"x\"}" },
	{ "[0X1F, 0B11, 0o17, 0O17, 0x_1F, 0o, +_1, 1_]", "[31,3,15,15,31,\"0o\",\"+_1\",1]" },
};

START_TEST(documents_become_the_json_that_client_go_makes)
{
	AUTO_BUFFER json = { 0 };
	struct error err = { 0 };

	ck_assert_msg(to_json(documents[_i].yaml, strlen(documents[_i].yaml), &json, &err) == 0, "%s", err.message);
	ck_assert_str_eq(buffer_text(&json), documents[_i].json);
}
END_TEST

static const struct {
	const char *yaml, *message;
} errors[] = {
	{ "a: [1", "line 2: did not find expected ',' or ']'" },
	{ "a\nb: c", "line 2: mapping values are not allowed in this context" },
	{ "a: 1\n\tb: 2", "line 2: found a tab character that violates indentation" },
	{ "a: *nowhere", "line 1: the alias *nowhere names no anchor before it" },
	{ "a: &x [*x]", "line 1: the alias *x names no anchor before it" },
	{ "? [complex]\n: 1", "line 1: a key must be a plain text" },
	{ "~: 1", "line 1: a key must not be null" },
	{ "a: !!binary x", "line 1: !!binary value contains invalid base64 data" },
	{ "a: [-.Inf]", "unsupported value: -Inf" },
	{ ".inf: .nan", "unsupported value: NaN" },
	{ "a: !!int x", "line 1: cannot decode `x` as a !!int" },
	{ "a: 1\n<<: b", "line 2: map merge requires map or sequence of maps as the value" },
	{ "<<: [{}, b]", "line 1: map merge requires map or sequence of maps as the value" },
	{ "a: \x01", "line 1: control characters are not allowed" },
	{ "a: \xFF\xFE", "line 1: invalid leading UTF-8 octet" },
};

START_TEST(what_is_no_yaml_is_told_with_its_line)
{
	AUTO_BUFFER json = { 0 };
	struct error err = { 0 };

	ck_assert_int_eq(to_json(errors[_i].yaml, strlen(errors[_i].yaml), &json, &err), -1);
	ck_assert_str_eq(err.message, errors[_i].message);
	ck_assert_int_eq(err.code, ERROR_INVALID);
}
END_TEST

START_TEST(aliases_cannot_make_a_small_text_huge)
{
	AUTO_BUFFER yaml = { 0 }, json = { 0 };
	struct error err = { 0 };

	buffer_add_text(&yaml, "a0: &a0 [xxxxxxxx, xxxxxxxx]\n");
	for (int i = 1; i < 40; i++)
		buffer_printf(&yaml, "a%d: &a%d [*a%d, *a%d, *a%d]\n", i, i, i - 1, i - 1, i - 1);
	ck_assert_int_eq(to_json(yaml.bytes, yaml.length, &json, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.message, "the object is larger than 1 MiB"));
	ck_assert_uint_lt(json.length, 2 << 20);
}
END_TEST

START_TEST(nesting_is_bounded)
{
	AUTO_BUFFER yaml = { 0 }, json = { 0 };
	struct error err = { 0 };

	buffer_add_repeated(&yaml, '[', 1000);
	ck_assert_int_eq(to_json(yaml.bytes, yaml.length, &json, &err), -1);
	ck_assert_str_eq(err.message, "line 1: nested too deep");
}
END_TEST

START_TEST(find_takes_the_last_of_equal_keys)
{
	AUTO_ARENA arena = { 0 };
	struct yaml_node *root;
	struct error err;
	const char *text = "a: 1\nb:\n  c: 2\na: 3\n";

	ck_assert_int_eq(yaml_parse(text, strlen(text), &arena, &root, &err), 0);
	ck_assert_int_eq(yaml_find(root, "a")->number, 3);
	ck_assert_uint_eq(yaml_find(root, "a")->line, 4);
	ck_assert_int_eq(yaml_find(yaml_find(root, "b"), "c")->number, 2);
	ck_assert_ptr_null(yaml_find(root, "x"));
	ck_assert_ptr_null(yaml_find(yaml_find(root, "a"), "x"));
}
END_TEST

struct source {
	const char *text;
	size_t left;
};

static long read_source(void *context, void *bytes, size_t size, struct error *err)
{
	struct source *source = context;
	size_t taken = source->left < 3 ? source->left : 3; /* in small pieces */

	(void)size;
	(void)err;
	memcpy(bytes, source->text, taken);
	source->text += taken;
	source->left -= taken;
	return (long)taken;
}

START_TEST(lists_are_handed_out_by_element)
{
	const char *text =
		"---\n---\nkind: PodList\napiVersion: v1\nitems:\n- {i: 1}\n- {i: 2}\nmetadata: {x: y}\n---\nkind: Pod\nitem: 3\n";
	struct source source = { text, strlen(text) };
	struct yaml_reader *reader = yaml_reader_new(read_source, &source, "items");
	AUTO_BUFFER record = { 0 };
	AUTO_ARENA arena = { 0 };
	struct yaml_node *node;
	struct error err;
	struct yaml_head head;
	int result;

	while ((result = yaml_reader_next(reader, &arena, &node, &head, &err)) == 1) {
		buffer_printf(&record, "%u %s %s %s ", node->line, head.in_list ? "item" : "document",
			head.api_version ? head.api_version : "-", head.kind ? head.kind : "-");
		ck_assert_int_eq(yaml_to_json(node, 1 << 20, &record, &err), 0);
		buffer_add_char(&record, '\n');
		arena_reset(&arena);
	}
	ck_assert_int_eq(result, 0);
	ck_assert_str_eq(buffer_text(&record),
		"6 item v1 PodList {\"i\":1}\n7 item v1 PodList {\"i\":2}\n"
		"10 document - - {\"kind\":\"Pod\",\"item\":3}\n");
	yaml_reader_free(reader);
}
END_TEST

TEST_MAIN("util/yaml", TEST_TABLE(documents_become_the_json_that_client_go_makes, documents),
	TEST_TABLE(what_is_no_yaml_is_told_with_its_line, errors), TEST(aliases_cannot_make_a_small_text_huge),
	TEST(nesting_is_bounded), TEST(find_takes_the_last_of_equal_keys), TEST(lists_are_handed_out_by_element))
