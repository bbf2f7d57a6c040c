#include <stdbool.h>
#include <string.h>

#include "clusterutils/model/selector.h"
#include "clusterutils/util/memory.h"
#include "requirement.h"
#include "selector_builder.h"

/* The words and signs of the text form. "in" and "notin" are names, but where an operator is due. */
enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_SIGN };

struct token {
	enum token_kind kind;
	const char *text;
	size_t length;
};

struct parser {
	const char *at;
	struct token next; /* not taken yet */
	struct selector_builder *builder;
	struct error *err;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_sign(char c)
{
	return c != '\0' && strchr("=!(),><", c);
}

static struct token scan(const char **at)
{
	struct token token = { 0 };

	while (is_space(**at))
		(*at)++;
	token.text = *at;
	if (**at == '\0')
		return token;
	if (is_sign(**at)) {
		bool is_pair = (**at == '=' || **at == '!') && (*at)[1] == '=';

		token.kind = TOKEN_SIGN;
		*at += is_pair ? 2 : 1;
	} else {
		token.kind = TOKEN_NAME;
		while (**at && !is_sign(**at) && !is_space(**at))
			(*at)++;
	}
	token.length = (size_t)(*at - token.text);
	return token;
}

static struct token take(struct parser *parser)
{
	struct token token = parser->next;

	parser->next = scan(&parser->at);
	return token;
}

static bool is(struct token token, const char *text)
{
	return token.kind != TOKEN_END && strlen(text) == token.length && memcmp(token.text, text, token.length) == 0;
}

/* Nothing follows in this requirement. */
static bool is_last(struct token token)
{
	return token.kind == TOKEN_END || is(token, ",");
}

static int unexpected(const struct parser *parser, struct token token, const char *expected)
{
	int length = token.length < ERROR_MESSAGE_SIZE ? (int)token.length : ERROR_MESSAGE_SIZE;

	return error_set(parser->err, ERROR_INVALID, "found '%.*s'%s", length, token.text, expected);
}

static char *copy(struct parser *parser, struct token token)
{
	return arena_copy(&parser->builder->arena, token.text, token.length);
}

/* Sorted, each once: a value's place is then the same as upstream's, and sentences name it. */
static void sort_values(struct requirement *requirement)
{
	size_t kept = 0;

	requirement_sort_values(requirement);
	for (size_t i = 0; i < requirement->value_count; i++)
		if (i == 0 || strcmp(requirement->values[i], requirement->values[kept - 1]) != 0)
			requirement->values[kept++] = requirement->values[i];
	requirement->value_count = kept;
}

struct values {
	const char **items;
	size_t count, capacity;
};

static int add_value(struct parser *parser, struct values *values, const char *value)
{
	struct selector_builder *builder = parser->builder;

	if (builder->value_count++ >= SELECTOR_MAX_VALUES)
		return selector_too_many(parser->err, "values", SELECTOR_MAX_VALUES);
	values->items =
		selector_builder_grow(builder, values->items, values->count, &values->capacity, sizeof(*values->items));
	values->items[values->count++] = value;
	return 0;
}

/* Takes what stands between the parentheses. A value may be empty: "(,a)", "(a,)" and "(a,,b)". */
static int take_items(struct parser *parser, struct values *values)
{
	for (;;) {
		struct token token = take(parser);

		if (token.kind == TOKEN_NAME) {
			if (add_value(parser, values, copy(parser, token)))
				return -1;
			if (is(parser->next, ")"))
				return 0;
			if (!is(parser->next, ","))
				return unexpected(parser, parser->next, ", expected: ',' or ')'");
			continue;
		}
		if (!is(token, ","))
			return unexpected(parser, token, ", expected: ',', or identifier");
		if (values->count == 0 && add_value(parser, values, ""))
			return -1;
		if (is(parser->next, ")"))
			return add_value(parser, values, "");
		if (is(parser->next, ",")) {
			take(parser);
			if (add_value(parser, values, ""))
				return -1;
		}
	}
}

static int take_set(struct parser *parser, struct values *values)
{
	struct token token = take(parser);

	if (!is(token, "("))
		return unexpected(parser, token, " expected: '('");
	if (parser->next.kind != TOKEN_NAME && !is(parser->next, ",") && !is(parser->next, ")"))
		return unexpected(parser, parser->next, ", expected: ',', ')' or identifier");
	if (is(parser->next, ")") ? add_value(parser, values, "") : take_items(parser, values))
		return -1;
	take(parser); /* the closing parenthesis */
	return 0;
}

static int take_exact(struct parser *parser, struct values *values)
{
	struct token token;

	if (is_last(parser->next))
		return add_value(parser, values, "");
	token = take(parser);
	if (token.kind != TOKEN_NAME)
		return unexpected(parser, token, ", expected: identifier");
	return add_value(parser, values, copy(parser, token));
}

static int take_operator(struct parser *parser, enum selector_operator *ret_operator)
{
	static const struct {
		const char *text;
		enum selector_operator op;
	} operators[] = {
		{ "in", SELECTOR_IN },
		{ "notin", SELECTOR_NOT_IN },
		{ "=", SELECTOR_EQUALS },
		{ "==", SELECTOR_DOUBLE_EQUALS },
		{ "!=", SELECTOR_NOT_EQUALS },
		{ ">", SELECTOR_GREATER },
		{ "<", SELECTOR_LESS },
	};
	struct token token = take(parser);

	for (size_t i = 0; i < ARRAY_LEN(operators); i++)
		if (is(token, operators[i].text)) {
			*ret_operator = operators[i].op;
			return 0;
		}
	return unexpected(parser, token, ", expected: in, notin, =, ==, !=, gt, lt");
}

static int take_requirement(struct parser *parser)
{
	struct requirement requirement = { .op = SELECTOR_EXISTS };
	struct values values = { 0 };
	struct token token = take(parser);
	bool is_set;

	if (is(token, "!")) {
		requirement.op = SELECTOR_DOES_NOT_EXIST;
		token = take(parser);
	}
	if (token.kind != TOKEN_NAME)
		return unexpected(parser, token, ", expected: identifier");
	requirement.key = copy(parser, token);
	if (requirement_check_key(requirement.key, parser->err))
		return -1;
	if (requirement.op == SELECTOR_DOES_NOT_EXIST || is_last(parser->next))
		return selector_builder_add(parser->builder, requirement, parser->err);

	if (take_operator(parser, &requirement.op))
		return -1;
	is_set = requirement.op == SELECTOR_IN || requirement.op == SELECTOR_NOT_IN;
	if (is_set ? take_set(parser, &values) : take_exact(parser, &values))
		return -1;
	requirement.values = values.items;
	requirement.value_count = values.count;
	sort_values(&requirement);
	return selector_builder_add(parser->builder, requirement, parser->err);
}

static bool is_start(struct token token)
{
	return token.kind == TOKEN_NAME || is(token, "!");
}

static int take_requirements(struct parser *parser)
{
	if (parser->next.kind == TOKEN_END)
		return 0;
	if (!is_start(parser->next))
		return unexpected(parser, parser->next, ", expected: !, identifier, or 'end of string'");
	for (;;) {
		struct token token;

		if (take_requirement(parser))
			return error_wrap(parser->err, "unable to parse requirement");
		token = take(parser);
		if (token.kind == TOKEN_END)
			return 0;
		if (!is(token, ","))
			return unexpected(parser, token, ", expected: ',' or 'end of string'");
		if (!is_start(parser->next))
			return unexpected(parser, parser->next, ", expected: identifier after ','");
	}
}

int selector_parse(const char *text, struct selector *ret_selector, struct error *err)
{
	AUTO_SELECTOR_BUILDER builder = { 0 };
	struct parser parser = { .at = text, .builder = &builder, .err = err };

	if (strlen(text) > SELECTOR_MAX_TEXT)
		return selector_too_many(err, "bytes", SELECTOR_MAX_TEXT);
	parser.next = scan(&parser.at);
	if (take_requirements(&parser))
		return -1;
	selector_builder_finish(&builder, ret_selector);
	return 0;
}
