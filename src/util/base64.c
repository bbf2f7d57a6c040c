#include "clusterutils/util/base64.h"

#include <stdint.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int value_of(char c)
{
	const char *at = c ? strchr(alphabet, c) : NULL;

	return at ? (int)(at - alphabet) : -1;
}

static size_t skip_line_ends(const char *text, size_t length, size_t at)
{
	while (at < length && (text[at] == '\n' || text[at] == '\r'))
		at++;
	return at;
}

static int fail(size_t at, struct error *err)
{
	return error_set(err, ERROR_INVALID, "illegal base64 data at input byte %zu", at);
}

/* The end of the data: "=" stands at `at`, after `count` digits of a group. */
static int check_padding(const char *text, size_t length, size_t at, size_t count, struct error *err)
{
	size_t next = at + 1;

	if (count < 2)
		return fail(at, err);
	if (count == 2) {
		next = skip_line_ends(text, length, next);
		if (next == length)
			return fail(length, err);
		if (text[next] != '=')
			return fail(next - 1, err);
		next++;
	}
	next = skip_line_ends(text, length, next);
	return next < length ? fail(next, err) : 0;
}

static void add_group(uint32_t group, size_t count, struct buffer *bytes)
{
	uint32_t bits = group << (6 * (4 - count));

	for (size_t i = 0; i + 1 < count; i++)
		buffer_add_char(bytes, (char)(bits >> (16 - 8 * i) & 0xff));
}

int base64_decode(const char *text, size_t length, struct buffer *bytes, struct error *err)
{
	uint32_t group = 0;
	size_t count = 0;

	for (size_t i = 0; i < length; i++) {
		int value;

		if (text[i] == '\n' || text[i] == '\r')
			continue;
		if (text[i] == '=') {
			if (check_padding(text, length, i, count, err) < 0)
				return -1;
			add_group(group, count, bytes);
			return 0;
		}
		value = value_of(text[i]);
		if (value < 0)
			return fail(i, err);
		group = group << 6 | (uint32_t)value;
		if (++count == 4) {
			add_group(group, count, bytes);
			group = 0;
			count = 0;
		}
	}
	return count ? fail(length - count, err) : 0;
}

void base64_encode(const void *bytes, size_t length, struct buffer *text)
{
	const unsigned char *in = bytes;

	for (size_t i = 0; i < length; i += 3) {
		size_t count = length - i < 3 ? length - i : 3;
		uint32_t group = (uint32_t)in[i] << 16;

		if (count > 1)
			group |= (uint32_t)in[i + 1] << 8;
		if (count > 2)
			group |= in[i + 2];
		for (size_t digit = 0; digit < 4; digit++)
			buffer_add_char(text, digit <= count ? alphabet[group >> (18 - 6 * digit) & 63] : '=');
	}
}
