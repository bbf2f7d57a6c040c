/* Numbers as they stand after YAML was made JSON: what Go's decoder is given, and quotes. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "param_private.h"

enum { SHORTEST = 1, LONGEST = 17, FIRST_EXPONENT = 21, LAST_FRACTION = -6 };

/* "1.5e+21" as Go has it: no zeroes in front of the exponent's digits. */
static void write_scientific(const char *digits, size_t count, int exponent, char *out)
{
	snprintf(out, PARAM_LITERAL_SIZE, "%c%s%.*se%c%d", digits[0], count > 1 ? "." : "", (int)(count - 1),
		digits + 1, exponent < 0 ? '-' : '+', abs(exponent));
}

static void write_plain(const char *digits, size_t count, int exponent, char *out)
{
	static const char zeroes[] = "000000000000000000000";

	if (exponent < 0)
		snprintf(out, PARAM_LITERAL_SIZE, "0.%.*s%.*s", -exponent - 1, zeroes, (int)count, digits);
	else if ((size_t)exponent + 1 >= count)
		snprintf(out, PARAM_LITERAL_SIZE, "%.*s%.*s", (int)count, digits, exponent + 1 - (int)count, zeroes);
	else
		snprintf(out, PARAM_LITERAL_SIZE, "%.*s.%.*s", exponent + 1, digits, (int)count - exponent - 1,
			digits + exponent + 1);
}

const char *param_number_text(double number, char buffer[PARAM_LITERAL_SIZE])
{
	char text[PARAM_LITERAL_SIZE], digits[LONGEST + 1];
	size_t count = 0;
	int exponent;

	if (number == 0 || !isfinite(number))
		return memcpy(buffer, "0", sizeof("0"));
	for (int precision = SHORTEST; precision <= LONGEST; precision++) {
		snprintf(text, sizeof(text), "%.*e", precision - 1, fabs(number));
		if (strtod(text, NULL) == fabs(number))
			break;
	}
	for (const char *at = text; *at != 'e'; at++)
		if (*at != '.' && count < LONGEST)
			digits[count++] = *at;
	while (count > 1 && digits[count - 1] == '0')
		count--;
	digits[count] = '\0';
	exponent = (int)strtol(strchr(text, 'e') + 1, NULL, 10);
	if (number < 0)
		*buffer = '-';
	if (exponent >= FIRST_EXPONENT || exponent < LAST_FRACTION)
		write_scientific(digits, count, exponent, buffer + (number < 0));
	else
		write_plain(digits, count, exponent, buffer + (number < 0));
	return buffer;
}

const char *param_literal(const struct yaml_node *node, char buffer[PARAM_LITERAL_SIZE])
{
	static const char *const largest = "18446744073709551615";
	size_t length;

	if (node->type == YAML_INT) {
		snprintf(buffer, PARAM_LITERAL_SIZE, "%lld", (long long)node->number);
		return buffer;
	}
	if (node->type != YAML_FLOAT)
		return NULL;
	/* Whole numbers of 64 bits without a sign are whole numbers in YAML, too. */
	length = strlen(node->text);
	if (strspn(node->text, "0123456789") == length &&
		(length < strlen(largest) || (length == strlen(largest) && strcmp(node->text, largest) <= 0)))
		return node->text;
	return param_number_text(strtod(node->text, NULL), buffer);
}
