#include "clusterutils/util/quote.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

enum { REPLACEMENT = 0xFFFD };

void quote_bytes(struct buffer *out, const char *text, size_t length)
{
	buffer_add_char(out, '"');
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)text[i];

		if (byte < ' ' || byte >= 0x80)
			buffer_printf(out, "\\x%02x", byte);
		else if (byte == '"' || byte == '\\')
			buffer_printf(out, "\\%c", byte);
		else
			buffer_add_char(out, text[i]);
	}
	buffer_add_char(out, '"');
}

/* What fills space or only steers it, and what has no form of its own: Unicode's Zs, Cf and Co beyond ASCII. */
static bool is_invisible(uint32_t code_point)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0xA0, 0xA0 },
		{ 0xAD, 0xAD },
		{ 0x600, 0x605 },
		{ 0x61C, 0x61C },
		{ 0x6DD, 0x6DD },
		{ 0x70F, 0x70F },
		{ 0x890, 0x891 },
		{ 0x8E2, 0x8E2 },
		{ 0x1680, 0x1680 },
		{ 0x180E, 0x180E },
		{ 0x2000, 0x200F },
		{ 0x202F, 0x202F },
		{ 0x205F, 0x206F },
		{ 0x3000, 0x3000 },
		{ 0xE000, 0xF8FF },
		{ 0xFEFF, 0xFEFF },
		{ 0xFFF0, 0xFFFB },
		{ 0xFFFE, 0xFFFF },
		{ 0xE0000, 0xE00FF },
		{ 0xF0000, 0x10FFFF },
	};

	for (size_t i = 0; i < ARRAY_LEN(ranges); i++)
		if (code_point >= ranges[i].first && code_point <= ranges[i].last)
			return true;
	return false;
}

/* Whether the sequence that gave U+FFFD is anything but U+FFFD itself. */
static bool is_malformed(const char *bytes, size_t step, uint32_t code_point)
{
	return code_point == REPLACEMENT && !(step == 3 && memcmp(bytes, "\xEF\xBF\xBD", 3) == 0);
}

static void add_escape(struct buffer *out, uint32_t code_point)
{
	static const char names[] = "abtnvfr"; /* of 7 to 13 */

	if (code_point == '"' || code_point == '\\')
		buffer_printf(out, "\\%c", (int)code_point);
	else if (code_point >= 7 && code_point <= 13)
		buffer_printf(out, "\\%c", names[code_point - 7]);
	else if (code_point < 0x80)
		buffer_printf(out, "\\x%02x", (unsigned)code_point);
	else if (code_point <= 0xFFFF)
		buffer_printf(out, "\\u%04x", (unsigned)code_point);
	else
		buffer_printf(out, "\\U%08x", (unsigned)code_point);
}

void quote_text(struct buffer *out, const char *text, size_t length)
{
	uint32_t code_point;

	buffer_add_char(out, '"');
	for (size_t at = 0, step; at < length; at += step) {
		step = text_decode(text + at, length - at, &code_point);
		if (is_malformed(text + at, step, code_point)) {
			for (size_t i = 0; i < step; i++)
				buffer_printf(out, "\\x%02x", (unsigned char)text[at + i]);
		} else if (code_point == '"' || code_point == '\\' || is_invisible(code_point) ||
			!text_is_clean(text + at, step)) {
			add_escape(out, code_point);
		} else {
			buffer_add(out, text + at, step);
		}
	}
	buffer_add_char(out, '"');
}

static bool needs_json_escape(uint32_t code_point)
{
	return code_point < ' ' || code_point == '<' || code_point == '>' || code_point == '&' ||
		code_point == 0x2028 || code_point == 0x2029;
}

static void add_json_char(struct buffer *out, const char *bytes, size_t step, uint32_t code_point)
{
	static const char *const names[] = {
		['\b'] = "\\b",
		['\t'] = "\\t",
		['\n'] = "\\n",
		['\f'] = "\\f",
		['\r'] = "\\r",
		['"'] = "\\\"",
		['\\'] = "\\\\",
	};

	if (code_point < ARRAY_LEN(names) && names[code_point])
		buffer_add_text(out, names[code_point]);
	else if (needs_json_escape(code_point) || is_malformed(bytes, step, code_point))
		buffer_printf(out, "\\u%04x", (unsigned)code_point);
	else
		buffer_add(out, bytes, step);
}

void quote_json(struct buffer *out, const char *text, size_t length)
{
	uint32_t code_point;

	buffer_add_char(out, '"');
	for (size_t at = 0, step; at < length; at += step) {
		step = text_decode(text + at, length - at, &code_point);
		add_json_char(out, text + at, step, code_point);
	}
	buffer_add_char(out, '"');
}
