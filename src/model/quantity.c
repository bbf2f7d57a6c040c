#include "clusterutils/model/quantity.h"

#include <stdio.h>
#include <string.h>

#include "bignum.h"

enum {
	NANO_DIGITS = 9,
	MAGNITUDE_DIGITS = QUANTITY_DIGITS + NANO_DIGITS, /* of a quantity in nanounits */
	CAP_DIGITS = 19,                                  /* of 2^63-1 */
	LONGEST_TEXT = 256,
	EXPONENT_LIMIT = 1000, /* beyond it a number is out of range, or 1n */

	/* Behind a binary suffix, digits right of the point that can matter one by one: an end of a nanounit lies
	 * on a multiple of 10^-9 * 2^-60, which 69 decimal places write exactly. Of the rest it only matters
	 * whether all are zero. */
	BINARY_PLACES = NANO_DIGITS + 60,
};

_Static_assert((int)QUANTITY_LIMBS == (int)BIGNUM_LIMBS, "a quantity is stored as one number");
_Static_assert((int)QUANTITY_TEXT_SIZE > (int)BIGNUM_TEXT_SIZE + 16, "room for sign and suffix");

static const char decimal_suffixes[] = "num kMGTPE"; /* 10^-9, 10^-6 ...; the space is in the place of no suffix */
static const char binary_suffixes[] = "KMGTPE";      /* 2^10, 2^20 ..., each followed by an i */

/* A text taken apart: digits * 10^(exponent - places) * 2^shift */
struct parts {
	char digits[LONGEST_TEXT]; /* of both sides of the point, without leading zeros */
	int count;
	int places; /* digits right of the point, leading zeros included */
	int exponent;
	unsigned shift;
	enum quantity_format format;
	bool negative;
	bool has_digits;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_suffix_letter(char c)
{
	return c && strchr("eEinumkKMGTP", c);
}

static const char *read_digits(const char *text, struct parts *parts)
{
	for (; is_digit(*text); text++) {
		parts->has_digits = true;
		if (*text != '0' || parts->count > 0)
			parts->digits[parts->count++] = *text;
	}
	return text;
}

/* A signed integer of 64 bits and nothing else. What no quantity can need is cut to the limit. */
static bool read_exponent(const char *text, int *ret_exponent)
{
	bool negative = *text == '-';
	uint64_t max = (uint64_t)INT64_MAX + negative, value = 0;

	if (*text == '-' || *text == '+')
		text++;
	if (!*text)
		return false;
	for (; *text; text++) {
		uint64_t digit = (uint64_t)(*text - '0');

		if (!is_digit(*text) || value > (max - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	if (value > EXPONENT_LIMIT)
		value = EXPONENT_LIMIT;
	*ret_exponent = negative ? -(int)value : (int)value;
	return true;
}

/* Ei and E are suffixes, so the exponent comes last. */
static bool read_suffix(const char *suffix, struct parts *parts)
{
	const char *found;

	if (!*suffix)
		return true;
	if (!suffix[1]) {
		found = strchr(decimal_suffixes, *suffix);
		if (found)
			parts->exponent = (int)(found - decimal_suffixes) * 3 - NANO_DIGITS;
		return found;
	}
	if (suffix[1] == 'i') {
		found = strchr(binary_suffixes, *suffix);
		if (!found || suffix[2])
			return false;
		parts->shift = (unsigned)(found - binary_suffixes + 1) * 10;
		parts->format = QUANTITY_BINARY_SI;
		return true;
	}
	parts->format = QUANTITY_DECIMAL_EXPONENT;
	return (*suffix == 'e' || *suffix == 'E') && read_exponent(suffix + 1, &parts->exponent);
}

/* Upstream takes a number without any digit for 0, where it does not need arbitrary precision to scale it. */
static bool is_numeric(const struct parts *parts)
{
	return parts->has_digits || (parts->shift < 50 && parts->exponent >= -NANO_DIGITS);
}

static int take_apart(const char *text, struct parts *parts, struct error *err)
{
	const char *at = text, *point, *suffix;

	parts->count = parts->places = parts->exponent = 0;
	parts->shift = 0;
	parts->format = QUANTITY_DECIMAL_SI;
	parts->has_digits = false;
	parts->negative = *at == '-';
	if (*at == '-' || *at == '+')
		at++;
	at = read_digits(at, parts);
	if (*at == '.') {
		point = at;
		at = read_digits(at + 1, parts);
		parts->places = (int)(at - point - 1);
	}
	suffix = at;
	while (is_suffix_letter(*at))
		at++;
	if (*at == '-' || *at == '+')
		at++;
	while (is_digit(*at))
		at++;
	if (*at || at == text)
		return error_set(err, ERROR_INVALID,
			"quantities must match the regular expression "
			"'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
	if (!read_suffix(suffix, parts))
		return error_set(err, ERROR_INVALID, "unable to parse quantity's suffix");
	if (!is_numeric(parts))
		return error_set(err, ERROR_INVALID, "unable to parse numeric part of quantity");
	return 0;
}

static bool has_nonzero(const char *digits, int count)
{
	for (int i = 0; i < count; i++)
		if (digits[i] != '0')
			return true;
	return false;
}

/* False where it is out of range. */
static bool decimal_magnitude(const struct parts *parts, struct bignum *ret_magnitude)
{
	int power = NANO_DIGITS + parts->exponent - parts->places, kept = parts->count;

	if (parts->count > 0 && parts->count + power > MAGNITUDE_DIGITS)
		return false;
	if (power < 0)
		kept = parts->count > -power ? parts->count + power : 0;
	*ret_magnitude = bignum_of_digits(parts->digits, (size_t)kept);
	if (power > 0 && kept > 0)
		bignum_times_ten_to(ret_magnitude, (unsigned)power);
	if (has_nonzero(parts->digits + kept, parts->count - kept))
		bignum_add_small(ret_magnitude, 1);
	return true;
}

/* Capped at 2^63-1 units. */
static struct bignum binary_magnitude(const struct parts *parts)
{
	struct bignum magnitude, cap = bignum_of(INT64_MAX);
	int places = parts->places < BINARY_PLACES ? parts->places : BINARY_PLACES;
	int kept = parts->count - (parts->places - places);
	bool cut;

	bignum_times_ten_to(&cap, NANO_DIGITS);
	if (parts->count - parts->places > CAP_DIGITS)
		return cap;
	if (kept < 0)
		kept = 0;
	magnitude = bignum_of_digits(parts->digits, (size_t)kept);
	bignum_shift_left(&magnitude, parts->shift);
	bignum_times_ten_to(&magnitude, NANO_DIGITS);
	cut = bignum_over_ten_to(&magnitude, (unsigned)places);
	if (cut || has_nonzero(parts->digits + kept, parts->count - kept))
		bignum_add_small(&magnitude, 1);
	return bignum_compare(&magnitude, &cap) > 0 ? cap : magnitude;
}

static bool is_in_range(const struct bignum *magnitude)
{
	struct bignum end;

	if (magnitude->used < BIGNUM_LIMBS)
		return true;
	end = bignum_of(1);
	bignum_times_ten_to(&end, MAGNITUDE_DIGITS);
	return bignum_compare(magnitude, &end) < 0;
}

static struct bignum magnitude_of(const struct quantity *quantity)
{
	return bignum_of_limbs(quantity->limbs);
}

static void store(struct quantity *quantity, bool negative, const struct bignum *magnitude)
{
	memcpy(quantity->limbs, magnitude->limbs, sizeof(quantity->limbs));
	quantity->sign = magnitude->used == 0 ? 0 : negative ? -1 : 1;
}

static bool is_below_one(const struct bignum *magnitude)
{
	return magnitude->used == 0 || (magnitude->used == 1 && magnitude->limbs[0] < 1000000000);
}

int quantity_parse(const char *text, struct quantity *ret_quantity, struct error *err)
{
	struct bignum magnitude;
	struct parts parts;

	if (strnlen(text, LONGEST_TEXT + 1) > LONGEST_TEXT)
		return error_set(
			err, ERROR_INVALID, "quantity \"%.32s...\" is longer than %d characters", text, LONGEST_TEXT);
	if (take_apart(text, &parts, err))
		return -1;
	if (parts.format == QUANTITY_BINARY_SI) {
		magnitude = binary_magnitude(&parts);
		if (magnitude.used > 0 && is_below_one(&magnitude))
			parts.format = QUANTITY_DECIMAL_SI;
	} else if (!decimal_magnitude(&parts, &magnitude) || !is_in_range(&magnitude)) {
		return error_set(err, ERROR_INVALID, "quantity \"%s\" is out of range", text);
	}
	store(ret_quantity, parts.negative, &magnitude);
	ret_quantity->format = parts.format;
	return 0;
}

/* The canonical text has no fraction, and the largest exponent that leaves none. */
static void decimal_text(const struct quantity *quantity, char *buffer)
{
	bool with_exponent = quantity->format == QUANTITY_DECIMAL_EXPONENT;
	const char *sign = quantity->sign < 0 ? "-" : "";
	struct bignum magnitude = magnitude_of(quantity);
	char digits[BIGNUM_TEXT_SIZE];
	size_t count = bignum_to_digits(&magnitude, digits);
	int thousands = 0; /* steps of a thousand, from 1n */

	while (count > 3 && memcmp(digits + count - 3, "000", 3) == 0 &&
		(with_exponent || decimal_suffixes[thousands + 1])) {
		count -= 3;
		thousands++;
	}
	digits[count] = '\0';
	if (thousands == NANO_DIGITS / 3)
		snprintf(buffer, QUANTITY_TEXT_SIZE, "%s%s", sign, digits);
	else if (with_exponent)
		snprintf(buffer, QUANTITY_TEXT_SIZE, "%s%se%d", sign, digits, thousands * 3 - NANO_DIGITS);
	else
		snprintf(buffer, QUANTITY_TEXT_SIZE, "%s%s%c", sign, digits, decimal_suffixes[thousands]);
}

/* False for what has no binary text: a fraction, or less than 1Ki. */
static bool binary_text(const struct quantity *quantity, char *buffer)
{
	const unsigned largest = sizeof(binary_suffixes) - 1;
	struct bignum units = magnitude_of(quantity), smallest = bignum_of(1024);
	const char *sign = quantity->sign < 0 ? "-" : "";
	char digits[BIGNUM_TEXT_SIZE];
	unsigned power;

	if (bignum_over_ten_to(&units, NANO_DIGITS) || bignum_compare(&units, &smallest) < 0)
		return false;
	power = bignum_trailing_zeros(&units) / 10;
	if (power > largest)
		power = largest;
	bignum_shift_right(&units, power * 10);
	bignum_to_digits(&units, digits);
	if (power == 0)
		snprintf(buffer, QUANTITY_TEXT_SIZE, "%s%s", sign, digits);
	else
		snprintf(buffer, QUANTITY_TEXT_SIZE, "%s%s%ci", sign, digits, binary_suffixes[power - 1]);
	return true;
}

const char *quantity_text(const struct quantity *quantity, char buffer[QUANTITY_TEXT_SIZE])
{
	if (quantity->sign == 0)
		snprintf(buffer, QUANTITY_TEXT_SIZE, "0");
	else if (quantity->format != QUANTITY_BINARY_SI || !binary_text(quantity, buffer))
		decimal_text(quantity, buffer);
	return buffer;
}

/* a + sign * b, with b's own sign left aside */
static int combine(struct quantity *a, const struct quantity *b, int sign, struct error *err)
{
	struct bignum left = magnitude_of(a), right = magnitude_of(b);
	uint32_t format = a->sign == 0 ? b->format : a->format;
	bool negative = a->sign < 0;

	if (a->sign == 0)
		negative = sign < 0;
	if (negative == (sign < 0)) {
		bignum_add(&left, &right);
	} else if (bignum_compare(&left, &right) >= 0) {
		bignum_subtract(&left, &right);
	} else {
		bignum_subtract(&right, &left);
		left = right;
		negative = !negative;
	}
	if (!is_in_range(&left))
		return error_set(err, ERROR_INVALID, "the result is out of range");
	store(a, negative, &left);
	a->format = format;
	return 0;
}

int quantity_add(struct quantity *a, const struct quantity *b, struct error *err)
{
	return combine(a, b, b->sign, err);
}

int quantity_subtract(struct quantity *a, const struct quantity *b, struct error *err)
{
	return combine(a, b, -b->sign, err);
}

int quantity_compare(const struct quantity *a, const struct quantity *b)
{
	struct bignum left, right;

	if (a->sign != b->sign)
		return a->sign < b->sign ? -1 : 1;
	left = magnitude_of(a);
	right = magnitude_of(b);
	return a->sign * bignum_compare(&left, &right);
}

/* In units of 10^(digits - 9), rounded away from zero. */
static int64_t rounded(const struct quantity *quantity, unsigned digits)
{
	struct bignum magnitude = magnitude_of(quantity);

	if (bignum_over_ten_to(&magnitude, digits))
		bignum_add_small(&magnitude, 1);
	return quantity->sign * bignum_to_int64(&magnitude);
}

int64_t quantity_value(const struct quantity *quantity)
{
	return rounded(quantity, NANO_DIGITS);
}

int64_t quantity_milli(const struct quantity *quantity)
{
	return rounded(quantity, NANO_DIGITS - 3);
}

int64_t quantity_nano(const struct quantity *quantity)
{
	return rounded(quantity, 0);
}

static struct quantity scaled(int64_t value, unsigned digits, enum quantity_format format)
{
	struct bignum magnitude = bignum_of(value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
	struct quantity quantity = { .format = format };

	bignum_times_ten_to(&magnitude, digits);
	store(&quantity, value < 0, &magnitude);
	return quantity;
}

struct quantity quantity_of(int64_t units, enum quantity_format format)
{
	return scaled(units, NANO_DIGITS, format);
}

struct quantity quantity_of_milli(int64_t milli, enum quantity_format format)
{
	return scaled(milli, NANO_DIGITS - 3, format);
}

struct quantity quantity_of_nano(int64_t nano, enum quantity_format format)
{
	return scaled(nano, 0, format);
}
