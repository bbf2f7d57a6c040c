#include "warning.h"

#include <ctype.h>
#include <string.h>

#include "clusterutils/util/text.h"

struct cursor {
	const char *at, *end;
};

static void skip_blanks(struct cursor *cursor)
{
	while (cursor->at < cursor->end && (*cursor->at == ' ' || *cursor->at == '\t'))
		cursor->at++;
}

/* Up to the next blank; empty at the end. */
static size_t skip_word(struct cursor *cursor)
{
	const char *start = cursor->at;

	while (cursor->at < cursor->end && *cursor->at != ' ' && *cursor->at != '\t')
		cursor->at++;
	return (size_t)(cursor->at - start);
}

/* "text with \" and \\"; out may be NULL. */
static bool read_quoted(struct cursor *cursor, struct buffer *out)
{
	if (cursor->at == cursor->end || *cursor->at++ != '"')
		return false;
	while (cursor->at < cursor->end && *cursor->at != '"') {
		if (*cursor->at == '\\' && ++cursor->at == cursor->end)
			return false;
		if (out)
			buffer_add_char(out, *cursor->at);
		cursor->at++;
	}
	return cursor->at < cursor->end && *cursor->at++ == '"';
}

void warning_parse(const char *value, size_t length, struct buffer *ret_texts)
{
	struct cursor cursor = { value, value + length };

	for (;;) {
		size_t before = ret_texts->length;
		const char *code;
		bool is_ours;

		skip_blanks(&cursor);
		code = cursor.at;
		if (skip_word(&cursor) != 3)
			return;
		is_ours = memcmp(code, "299", 3) == 0;
		skip_blanks(&cursor);
		if (!skip_word(&cursor)) /* the agent, "-" */
			return;
		skip_blanks(&cursor);
		if (!read_quoted(&cursor, is_ours ? ret_texts : NULL)) {
			buffer_cut(ret_texts, before);
			return;
		}
		if (is_ours)
			buffer_add_char(ret_texts, '\0');
		skip_blanks(&cursor);
		if (cursor.at < cursor.end && *cursor.at == '"' && !read_quoted(&cursor, NULL)) /* a date */
			return;
		skip_blanks(&cursor);
		if (cursor.at == cursor.end || *cursor.at++ != ',')
			return;
	}
}
