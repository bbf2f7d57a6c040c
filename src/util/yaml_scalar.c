#include "yaml_scalar.h"

#include <string.h>

#include "clusterutils/util/memory.h"

static bool is_one_of(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(text, *words) == 0)
			return true;
	return false;
}

static bool is_digit(char c, unsigned base)
{
	if (base == 16)
		return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
	return c >= '0' && c < (char)('0' + base);
}

static unsigned digit_value(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)((c | 0x20) - 'a') + 10;
}

/* [-+]? (0b | 0x | 0 | "") digits, with underscores between them; what fits 64 bits. */
static bool to_integer(const char *text, int64_t *ret_number)
{
	bool negative = *text == '-', any = false;
	uint64_t value = 0, limit;
	unsigned base = 10;

	if (*text == '-' || *text == '+')
		text++;
	if (*text == '_')
		return false;
	if (text[0] == '0' && (text[1] == 'b' || text[1] == 'B')) {
		base = 2;
		text += 2;
	} else if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		base = 16;
		text += 2;
	} else if (text[0] == '0' && text[1]) {
		base = 8;
		any = text[1] != 'o' && text[1] != 'O';
		text += any ? 1 : 2;
	}
	limit = (uint64_t)INT64_MAX + (negative ? 1 : 0);
	for (; *text; text++) {
		unsigned digit;

		if (*text == '_')
			continue;
		if (!is_digit(*text, base))
			return false;
		digit = digit_value(*text);
		if (value > (limit - digit) / base)
			return false;
		value = value * base + digit;
		any = true;
	}
	*ret_number = negative ? (int64_t)(0 - value) : (int64_t)value;
	return any;
}

/* [-+]? digits with one point, and an exponent: JSON's numbers and what YAML adds. */
static bool is_float(const char *text)
{
	bool digits = false;

	if (*text == '-' || *text == '+')
		text++;
	for (; is_digit(*text, 10); text++)
		digits = true;
	if (*text == '.')
		for (text++; is_digit(*text, 10); text++)
			digits = true;
	if (!digits)
		return false;
	if (*text == 'e' || *text == 'E') {
		text++;
		if (*text == '-' || *text == '+')
			text++;
		if (!is_digit(*text, 10))
			return false;
		while (is_digit(*text, 10))
			text++;
	}
	return *text == '\0';
}

void yaml_resolve_plain(struct yaml_node *node)
{
	static const char *const nulls[] = { "", "~", "null", "Null", "NULL", NULL };
	static const char *const trues[] = { "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y",
		NULL };
	static const char *const endless[] = { ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf",
		"-.INF", ".nan", ".NaN", ".NAN", NULL };
	static const char *const falses[] = { "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n",
		"N", NULL };

	node->type = YAML_TEXT;
	if (is_one_of(node->text, nulls)) {
		node->type = YAML_NULL;
	} else if (is_one_of(node->text, trues) || is_one_of(node->text, falses)) {
		node->type = YAML_BOOL;
		node->flag = is_one_of(node->text, trues);
	} else if (to_integer(node->text, &node->number)) {
		node->type = YAML_INT;
	} else if (is_float(node->text) || is_one_of(node->text, endless)) {
		node->type = YAML_FLOAT;
	}
}
