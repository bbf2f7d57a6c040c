#include "clusterutils/util/text.h"

#include <string.h>

enum { REPLACEMENT = 0xFFFD };

static bool is_continuation(char byte)
{
	return ((unsigned char)byte & 0xC0) == 0x80;
}

size_t text_decode(const char *text, size_t length, uint32_t *ret_code_point)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char lead;
	size_t need, have;
	uint32_t code_point;

	if (length == 0)
		return 0;
	lead = (unsigned char)text[0];
	if (lead < 0x80) {
		*ret_code_point = lead;
		return 1;
	}
	*ret_code_point = REPLACEMENT;
	if (lead < 0xC2 || lead > 0xF4)
		return 1;
	need = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
	code_point = lead & (0x7FU >> need);
	for (have = 1; have < need && have < length && is_continuation(text[have]); have++)
		code_point = code_point << 6 | ((unsigned char)text[have] & 0x3FU);
	if (have < need)
		return have;
	if (code_point < smallest[need] || code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF))
		return 1;
	*ret_code_point = code_point;
	return need;
}

size_t text_encode(uint32_t code_point, char ret_bytes[4])
{
	if (code_point < 0x80) {
		ret_bytes[0] = (char)code_point;
		return 1;
	}
	if (code_point < 0x800) {
		ret_bytes[0] = (char)(0xC0 | code_point >> 6);
		ret_bytes[1] = (char)(0x80 | (code_point & 0x3F));
		return 2;
	}
	if (code_point < 0x10000) {
		ret_bytes[0] = (char)(0xE0 | code_point >> 12);
		ret_bytes[1] = (char)(0x80 | (code_point >> 6 & 0x3F));
		ret_bytes[2] = (char)(0x80 | (code_point & 0x3F));
		return 3;
	}
	ret_bytes[0] = (char)(0xF0 | code_point >> 18);
	ret_bytes[1] = (char)(0x80 | (code_point >> 12 & 0x3F));
	ret_bytes[2] = (char)(0x80 | (code_point >> 6 & 0x3F));
	ret_bytes[3] = (char)(0x80 | (code_point & 0x3F));
	return 4;
}

/* Controls, and the marks that reorder what a reader sees (U+202A..E, U+2066..9). */
static bool is_hostile(uint32_t code_point)
{
	return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) || code_point == 0x2028 ||
		code_point == 0x2029 || (code_point >= 0x202A && code_point <= 0x202E) ||
		(code_point >= 0x2066 && code_point <= 0x2069);
}

/* Whether the sequence of `step` bytes that decoded to this code point may stand. */
static bool is_clean(const char *bytes, size_t step, uint32_t code_point)
{
	if (code_point == REPLACEMENT)
		return step == 3 && memcmp(bytes, "\xEF\xBF\xBD", 3) == 0;
	return !is_hostile(code_point);
}

/* White space that moves the cursor becomes a blank: messages are written in several lines. */
static bool is_blank(uint32_t code_point)
{
	return code_point == '\t' || code_point == '\n' || code_point == '\r';
}

/* Eight bytes from ' ' to '~': most text is nothing else. */
static bool is_plain_word(const char *bytes)
{
	const uint64_t ones = 0x0101010101010101ULL;
	uint64_t word, deleted;

	memcpy(&word, bytes, sizeof(word));
	deleted = word ^ ones * 0x7F;
	return !((word | ((word - ones * 0x20) & ~word) | ((deleted - ones) & ~deleted)) & ones << 7);
}

bool text_is_clean(const char *text, size_t length)
{
	uint32_t code_point;
	size_t at = 0;

	while (length - at >= sizeof(uint64_t) && is_plain_word(text + at))
		at += sizeof(uint64_t);
	for (size_t step; at < length; at += step) {
		unsigned char byte = (unsigned char)text[at];

		step = 1;
		if (byte >= 0x20 && byte < 0x7F)
			continue;
		step = text_decode(text + at, length - at, &code_point);
		if (!is_clean(text + at, step, code_point))
			return false;
	}
	return true;
}

size_t text_scrub(const char *text, size_t length, char *ret_clean)
{
	size_t used = 0;
	uint32_t code_point;

	for (size_t at = 0, step; at < length; at += step) {
		step = text_decode(text + at, length - at, &code_point);
		if (is_clean(text + at, step, code_point)) {
			memcpy(ret_clean + used, text + at, step);
			used += step;
		} else {
			used += text_encode(is_blank(code_point) ? ' ' : REPLACEMENT, ret_clean + used);
		}
	}
	ret_clean[used] = '\0';
	return used;
}

void text_scrub_in_place(char *text)
{
	size_t length = strlen(text), used = 0;
	uint32_t code_point;

	for (size_t at = 0, step; at < length; at += step) {
		step = text_decode(text + at, length - at, &code_point);
		if (is_clean(text + at, step, code_point)) {
			memmove(text + used, text + at, step);
			used += step;
		} else {
			text[used++] = is_blank(code_point) ? ' ' : '?';
		}
	}
	text[used] = '\0';
}

bool text_equal(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

bool text_starts_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_ends_with(const char *text, const char *suffix)
{
	size_t length = strlen(text), tail = strlen(suffix);

	return length >= tail && memcmp(text + length - tail, suffix, tail) == 0;
}

static char fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

const char *text_find_fold(const char *text, const char *part)
{
	for (;; text++) {
		size_t i = 0;

		while (part[i] && fold(text[i]) == fold(part[i]))
			i++;
		if (!part[i])
			return text;
		if (!*text)
			return NULL;
	}
}

bool text_contains_fold(const char *text, const char *part)
{
	return text_find_fold(text, part) != NULL;
}

bool text_to_uint(const char *text, uint64_t max, uint64_t *ret_value)
{
	uint64_t value = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		uint64_t digit = (uint64_t)(*text - '0');

		if (*text < '0' || *text > '9' || digit > max || value > (max - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*ret_value = value;
	return true;
}
