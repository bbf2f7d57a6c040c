#include "clusterutils/util/quote.h"

#include <stdint.h>
#include <string.h>

#include "clusterutils/util/text.h"

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
		if (code_point == 0xFFFD && !(step == 3 && memcmp(text + at, "\xEF\xBF\xBD", 3) == 0)) {
			for (size_t i = 0; i < step; i++)
				buffer_printf(out, "\\x%02x", (unsigned char)text[at + i]);
		} else if (code_point == '"' || code_point == '\\' || !text_is_clean(text + at, step)) {
			add_escape(out, code_point);
		} else {
			buffer_add(out, text + at, step);
		}
	}
	buffer_add_char(out, '"');
}
