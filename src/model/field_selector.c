#include "clusterutils/model/field_selector.h"

#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

/* A backslash takes the meaning from these. */
static bool is_special(char c)
{
	return c == '\\' || c == ',' || c == '=';
}

/* The length of the term at `text`, up to a comma that is not escaped. */
static size_t term_length(const char *text)
{
	size_t length = 0;

	while (text[length] && text[length] != ',')
		length += text[length] == '\\' && text[length + 1] ? 2 : 1;
	return length;
}

/* Where field and value part: the first '=' or "!=". NULL for none. */
static char *find_sign(char *term)
{
	for (; *term; term++)
		if (*term == '=' || (*term == '!' && term[1] == '='))
			return term;
	return NULL;
}

static int refuse_escape(const char *escaped, struct error *err)
{
	uint32_t code_point;
	size_t length = text_decode(escaped, strlen(escaped), &code_point);

	return error_set(
		err, ERROR_INVALID, "invalid field selector: invalid escape sequence: \\%.*s", (int)length, escaped);
}

/* Removes the escapes in the value's own place. */
static int unescape(char *value, struct error *err)
{
	char *out = value;

	for (; *value; value++) {
		if (*value == '\\') {
			value++;
			if (!*value || !is_special(*value))
				return refuse_escape(value, err);
		} else if (is_special(*value)) {
			return error_set(
				err, ERROR_INVALID, "invalid field selector: unescaped character in value: %d", *value);
		}
		*out++ = *value;
	}
	*out = '\0';
	return 0;
}

static int parse_term(char *term, const char *text, struct field_term *ret_term, struct error *err)
{
	char *sign = find_sign(term), *value;

	if (!sign)
		return error_set(err, ERROR_INVALID, "invalid selector: '%s'; can't understand '%s'", text, term);
	value = sign + (*sign == '!' || sign[1] == '=' ? 2 : 1);
	ret_term->is_not = *sign == '!';
	*sign = '\0';
	if (unescape(value, err))
		return -1;
	ret_term->field = term;
	ret_term->value = value;
	return 0;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The terms in byte order, for that is the order in which upstream reads them, and so the error it reports. */
static int split(const char *text, struct arena *arena, char ***ret_terms, size_t *ret_count, struct error *err)
{
	char **terms = ARENA_ARRAY(arena, FIELD_SELECTOR_MAX_TERMS, char *);
	size_t count = 0;

	for (;;) {
		size_t length = term_length(text);

		if (length > 0) {
			if (count == FIELD_SELECTOR_MAX_TERMS)
				return error_set(err, ERROR_INVALID, "the field selector has more than %d terms",
					(int)FIELD_SELECTOR_MAX_TERMS);
			terms[count++] = arena_copy(arena, text, length);
		}
		if (!text[length])
			break;
		text += length + 1;
	}
	qsort(terms, count, sizeof(*terms), compare_texts);
	*ret_terms = terms;
	*ret_count = count;
	return 0;
}

int field_selector_parse(const char *text, struct field_selector *ret_selector, struct error *err)
{
	AUTO_ARENA arena = { 0 };
	struct field_term *parsed;
	char **terms = NULL;
	size_t term_count = 0, count = 0;

	if (strlen(text) > FIELD_SELECTOR_MAX_TEXT)
		return error_set(
			err, ERROR_INVALID, "the field selector has more than %d bytes", (int)FIELD_SELECTOR_MAX_TEXT);
	if (split(text, &arena, &terms, &term_count, err))
		return -1;
	parsed = ARENA_ARRAY(&arena, term_count, struct field_term);
	for (size_t i = 0; i < term_count; i++) {
		if (parse_term(terms[i], text, &parsed[count], err))
			return -1;
		/* Upstream drops "=" and "!=", which name neither field nor value. */
		if (parsed[count].field[0] || parsed[count].value[0])
			count++;
	}
	*ret_selector = (struct field_selector){ .terms = parsed, .count = count, .arena = arena };
	arena_init(&arena);
	return 0;
}

void field_selector_release(struct field_selector *selector)
{
	arena_release(&selector->arena);
	*selector = (struct field_selector){ 0 };
}

bool field_selector_matches(const struct field_selector *selector, field_lookup *lookup, const void *object)
{
	for (size_t i = 0; i < selector->count; i++) {
		const struct field_term *term = &selector->terms[i];
		const char *value = lookup(object, term->field);

		if ((strcmp(value ? value : "", term->value) == 0) == term->is_not)
			return false;
	}
	return true;
}

void field_selector_print(const struct field_selector *selector, struct buffer *out)
{
	for (size_t i = 0; i < selector->count; i++) {
		const struct field_term *term = &selector->terms[i];

		if (i > 0)
			buffer_add_char(out, ',');
		buffer_add_text(out, term->field);
		buffer_add_text(out, term->is_not ? "!=" : "=");
		for (const char *at = term->value; *at; at++) {
			if (is_special(*at))
				buffer_add_char(out, '\\');
			buffer_add_char(out, *at);
		}
	}
}
