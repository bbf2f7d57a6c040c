#include "document_scalar.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

/* Controls, the line ends of Unicode, the byte order mark and non-characters: what YAML does not allow as it is, and
 * what a terminal could obey. */
static bool must_escape(uint32_t code_point)
{
	return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) || code_point == 0x2028 ||
		code_point == 0x2029 || code_point == 0xFEFF || code_point == 0xFFFE || code_point == 0xFFFF;
}

static void add_escape(struct buffer *out, uint32_t code_point)
{
	static const char short_forms[] = "\bb\ff\nn\rr\tt";

	for (const char *form = short_forms; *form; form += 2) {
		if ((unsigned char)*form == code_point) {
			buffer_add_char(out, '\\');
			buffer_add_char(out, form[1]);
			return;
		}
	}
	buffer_printf(out, "\\u%04x", (unsigned)code_point);
}

void scalar_add_quoted(struct buffer *out, const char *text)
{
	size_t length = strlen(text), done = 0, step;
	uint32_t code_point;

	buffer_add_char(out, '"');
	for (size_t at = 0; at < length; at += step) {
		char bytes[4];

		step = text_decode(text + at, length - at, &code_point);
		if (code_point != '"' && code_point != '\\' && code_point != 0xFFFD && !must_escape(code_point))
			continue;
		buffer_add(out, text + done, at - done);
		done = at + step;
		if (must_escape(code_point)) {
			add_escape(out, code_point);
			continue;
		}
		if (code_point != 0xFFFD)
			buffer_add_char(out, '\\');
		buffer_add(out, bytes, text_encode(code_point, bytes));
	}
	buffer_add(out, text + done, length - done);
	buffer_add_char(out, '"');
}

static void add_single_quoted(struct buffer *out, const char *text)
{
	buffer_add_char(out, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			buffer_add_char(out, '\'');
		buffer_add_char(out, *text);
	}
	buffer_add_char(out, '\'');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word_of_yaml(const char *text)
{
	static const char *const words[] = { "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False",
		"FALSE", "y", "Y", "yes", "Yes", "YES", "n", "N", "no", "No", "NO", "on", "On", "ON", "off", "Off",
		"OFF", ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf",
		"-.INF", "<<", "=" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(text, words[i]) == 0)
			return true;
	return false;
}

/* 0b, 0o or 0x and its digits; Go reads the prefix in either case. */
static bool is_number_with_prefix(const char *text)
{
	static const char *const digits_of[] = { "bB01_", "oO01234567_", "xX0123456789abcdefABCDEF_" };

	for (size_t i = 0; text[0] == '0' && i < ARRAY_LEN(digits_of); i++)
		if (text[1] == digits_of[i][0] || text[1] == digits_of[i][1])
			return text[2] && text[2 + strspn(text + 2, digits_of[i] + 2)] == '\0';
	return false;
}

/* :59 and so on, which YAML 1.1 reads as a number to the base of 60. */
static const char *skip_sexagesimal(const char *text)
{
	while (text[0] == ':' && is_digit(text[1]))
		text += text[1] <= '5' && is_digit(text[2]) ? 3 : 2;
	return text;
}

/* Integers and floats of YAML 1.1 and 1.2, with "_" among the digits. */
static bool is_number(const char *text)
{
	static const char digits[] = "0123456789_";
	bool is_signed = *text == '-' || *text == '+';
	size_t whole, part = 0;

	if (*text == '_' || !strpbrk(text, "0123456789"))
		return false;
	text += is_signed;
	if (is_number_with_prefix(text))
		return true;
	whole = strspn(text, digits);
	text += whole;
	if (whole > 0)
		text = skip_sexagesimal(text);
	if (*text == '.') {
		part = strspn(text + 1, digits);
		text += 1 + part;
	}
	if (whole + part == 0)
		return false;
	if (*text == 'e' || *text == 'E') {
		text++;
		text += *text == '-' || *text == '+';
		if (!is_digit(*text))
			return false;
		text += strspn(text, digits);
	}
	return *text == '\0';
}

/* Skips up to `most` digits, `least` at least; NULL where there are fewer. */
static const char *skip_digits(const char *text, int least, int most)
{
	int count = 0;

	while (count < most && is_digit(text[count]))
		count++;
	return count >= least ? text + count : NULL;
}

/* Skips "12:34", with "least" digits of each part at least, or returns NULL. */
static const char *skip_pair(const char *text, char separator, int least)
{
	text = skip_digits(text, least, 2);
	return text && *text == separator ? skip_digits(text + 1, least, 2) : NULL;
}

/* A date of YAML 1.1, or a date and a time. */
static bool is_timestamp(const char *text)
{
	text = skip_digits(text, 4, 4);
	if (!text || *text != '-')
		return false;
	text = skip_pair(text + 1, '-', 1);
	if (!text || !*text)
		return text != NULL;
	if (*text != 'T' && *text != 't' && *text != ' ')
		return false;
	text = skip_pair(text + 1 + strspn(text + 1, " "), ':', 1);
	text = text && *text == ':' ? skip_digits(text + 1, 1, 2) : NULL;
	if (!text)
		return false;
	if (*text == '.')
		text += 1 + strspn(text + 1, "0123456789");
	text += strspn(text, " ");
	if (*text == 'Z')
		return text[1] == '\0';
	if (*text == '-' || *text == '+') {
		text = skip_digits(text + 1, 1, 2);
		if (text && *text == ':')
			text = skip_digits(text + 1, 2, 2);
	}
	return text && *text == '\0';
}

/* Whether the text can stand without quotes, as far as the grammar goes. */
static bool is_plain(const char *text)
{
	static const char first_of_others[] = ",[]{}#&*!|>'\"%@`";
	size_t length = strlen(text);

	if (strchr(first_of_others, text[0]) || text[0] == ' ' || text[length - 1] == ' ' || text[length - 1] == ':')
		return false;
	if (strchr("-?:", text[0]) && (text[1] == ' ' || text[1] == '\0'))
		return false;
	return !text_starts_with(text, "---") && !text_starts_with(text, "...") && !strstr(text, ": ") &&
		!strstr(text, " #");
}

static bool has_escapes(const char *text)
{
	size_t length = strlen(text), step;
	uint32_t code_point;

	for (size_t at = 0; at < length; at += step) {
		step = text_decode(text + at, length - at, &code_point);
		if (must_escape(code_point) || code_point == 0xFFFD)
			return true;
	}
	return false;
}

/* The kind of quotes is what kubectl chooses: double for what would be another type, single for special characters. */
void scalar_add_yaml(struct buffer *out, const char *text)
{
	if (!*text || has_escapes(text) || is_word_of_yaml(text) || is_number(text) || is_timestamp(text))
		scalar_add_quoted(out, text);
	else if (!is_plain(text))
		add_single_quoted(out, text);
	else
		buffer_add_text(out, text);
}
