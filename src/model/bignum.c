#include "bignum.h"

#include <string.h>

#include "clusterutils/util/die.h"

enum { LIMB_BITS = 32, CHUNK_DIGITS = 9 }; /* as many decimal digits as fit into a limb */

static const uint32_t ten_to[CHUNK_DIGITS + 1] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
	1000000000 };

static void push_limb(struct bignum *number, uint32_t limb)
{
	if (limb == 0)
		return;
	if (number->used == BIGNUM_LIMBS)
		die("a number exceeds %d bits", BIGNUM_LIMBS * LIMB_BITS);
	number->limbs[number->used++] = limb;
}

static void drop_zero_limbs(struct bignum *number)
{
	while (number->used > 0 && number->limbs[number->used - 1] == 0)
		number->used--;
}

struct bignum bignum_of(uint64_t value)
{
	struct bignum number = { .limbs = { (uint32_t)value, (uint32_t)(value >> LIMB_BITS) }, .used = 2 };

	drop_zero_limbs(&number);
	return number;
}

struct bignum bignum_of_limbs(const uint32_t limbs[BIGNUM_LIMBS])
{
	struct bignum number;

	memcpy(number.limbs, limbs, sizeof(number.limbs));
	number.used = BIGNUM_LIMBS;
	drop_zero_limbs(&number);
	return number;
}

int64_t bignum_to_int64(const struct bignum *number)
{
	uint64_t value = (uint64_t)number->limbs[1] << LIMB_BITS | number->limbs[0];

	return number->used > 2 || value > INT64_MAX ? INT64_MAX : (int64_t)value;
}

int bignum_compare(const struct bignum *a, const struct bignum *b)
{
	if (a->used != b->used)
		return a->used < b->used ? -1 : 1;
	for (size_t i = a->used; i-- > 0;)
		if (a->limbs[i] != b->limbs[i])
			return a->limbs[i] < b->limbs[i] ? -1 : 1;
	return 0;
}

void bignum_add(struct bignum *a, const struct bignum *b)
{
	uint64_t carry = 0;

	if (a->used < b->used)
		a->used = b->used;
	for (size_t i = 0; i < a->used; i++) {
		carry += (uint64_t)a->limbs[i] + b->limbs[i];
		a->limbs[i] = (uint32_t)carry;
		carry >>= LIMB_BITS;
	}
	push_limb(a, (uint32_t)carry);
}

void bignum_subtract(struct bignum *a, const struct bignum *b)
{
	uint64_t borrow = 0;

	for (size_t i = 0; i < a->used; i++) {
		uint64_t difference = (uint64_t)a->limbs[i] - b->limbs[i] - borrow;

		a->limbs[i] = (uint32_t)difference;
		borrow = difference >> LIMB_BITS & 1;
	}
	if (borrow || a->used < b->used)
		die("a number fell below zero");
	drop_zero_limbs(a);
}

/* number * factor + addend */
static void multiply_add(struct bignum *number, uint32_t factor, uint32_t addend)
{
	uint64_t carry = addend;

	for (size_t i = 0; i < number->used; i++) {
		carry += (uint64_t)number->limbs[i] * factor;
		number->limbs[i] = (uint32_t)carry;
		carry >>= LIMB_BITS;
	}
	push_limb(number, (uint32_t)carry);
}

/* Returns the remainder. */
static uint32_t divide(struct bignum *number, uint32_t divisor)
{
	uint64_t remainder = 0;

	for (size_t i = number->used; i-- > 0;) {
		remainder = remainder << LIMB_BITS | number->limbs[i];
		number->limbs[i] = (uint32_t)(remainder / divisor);
		remainder %= divisor;
	}
	drop_zero_limbs(number);
	return (uint32_t)remainder;
}

void bignum_add_small(struct bignum *number, uint32_t addend)
{
	multiply_add(number, 1, addend);
}

void bignum_shift_left(struct bignum *number, unsigned bits)
{
	for (; bits >= LIMB_BITS; bits -= LIMB_BITS - 1)
		multiply_add(number, 1U << (LIMB_BITS - 1), 0);
	multiply_add(number, 1U << bits, 0);
}

void bignum_shift_right(struct bignum *number, unsigned bits)
{
	for (; bits >= LIMB_BITS; bits -= LIMB_BITS - 1)
		divide(number, 1U << (LIMB_BITS - 1));
	divide(number, 1U << bits);
}

void bignum_times_ten_to(struct bignum *number, unsigned power)
{
	for (; power > CHUNK_DIGITS; power -= CHUNK_DIGITS)
		multiply_add(number, ten_to[CHUNK_DIGITS], 0);
	multiply_add(number, ten_to[power], 0);
}

bool bignum_over_ten_to(struct bignum *number, unsigned power)
{
	bool cut = false;

	for (; power > CHUNK_DIGITS; power -= CHUNK_DIGITS)
		cut |= divide(number, ten_to[CHUNK_DIGITS]) != 0;
	return divide(number, ten_to[power]) != 0 || cut;
}

unsigned bignum_trailing_zeros(const struct bignum *number)
{
	unsigned count = 0;

	if (number->used == 0)
		return 0;
	while (!(number->limbs[count / LIMB_BITS] >> count % LIMB_BITS & 1))
		count++;
	return count;
}

struct bignum bignum_of_digits(const char *digits, size_t count)
{
	struct bignum number = { 0 };

	while (count > 0) {
		size_t length = count < CHUNK_DIGITS ? count : CHUNK_DIGITS;
		uint32_t chunk = 0;

		for (size_t i = 0; i < length; i++)
			chunk = chunk * 10 + (uint32_t)(digits[i] - '0');
		multiply_add(&number, ten_to[length], chunk);
		digits += length;
		count -= length;
	}
	return number;
}

/* From the last digit to the first, then turned round to where the caller wants them. */
size_t bignum_to_digits(const struct bignum *number, char ret_digits[BIGNUM_TEXT_SIZE])
{
	struct bignum rest = *number;
	size_t count = 0;

	do {
		uint32_t chunk = divide(&rest, ten_to[CHUNK_DIGITS]);

		for (int i = 0; i < CHUNK_DIGITS && (chunk > 0 || rest.used > 0); i++, chunk /= 10)
			ret_digits[count++] = (char)('0' + chunk % 10);
	} while (rest.used > 0);
	if (count == 0)
		ret_digits[count++] = '0';
	for (size_t i = 0; i < count / 2; i++) {
		char swapped = ret_digits[i];

		ret_digits[i] = ret_digits[count - 1 - i];
		ret_digits[count - 1 - i] = swapped;
	}
	ret_digits[count] = '\0';
	return count;
}
