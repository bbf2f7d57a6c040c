/* Natural numbers of up to 512 bits: the arithmetic below quantities, and nothing of their grammar.
 *
 * The work is in proportion to the limbs in use, for nearly every quantity of a cluster takes two or three. A result
 * must fit: its callers know the bounds of their input, and one that does not fit ends the program. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	BIGNUM_LIMBS = 16,
	BIGNUM_DIGITS = 155, /* of the largest, in decimal */
	BIGNUM_TEXT_SIZE = BIGNUM_DIGITS + 1,
};

/* A number that is all zero is 0. */
struct bignum {
	uint32_t limbs[BIGNUM_LIMBS]; /* least significant first; zero from `used` on */
	size_t used;                  /* the limb below is not zero */
};

struct bignum bignum_of(uint64_t value);
struct bignum bignum_of_limbs(const uint32_t limbs[BIGNUM_LIMBS]);

/* INT64_MAX stands for whatever is larger. */
int64_t bignum_to_int64(const struct bignum *number);

int bignum_compare(const struct bignum *a, const struct bignum *b); /* -1, 0, 1 */

void bignum_add(struct bignum *a, const struct bignum *b);
void bignum_subtract(struct bignum *a, const struct bignum *b); /* b is not larger than a */
void bignum_add_small(struct bignum *number, uint32_t addend);
void bignum_shift_left(struct bignum *number, unsigned bits);

void bignum_times_ten_to(struct bignum *number, unsigned power);

/* Cuts that many decimal digits off; true if one of them was not zero. */
bool bignum_over_ten_to(struct bignum *number, unsigned power);

/* How often 2 divides it; 0 for 0. */
unsigned bignum_trailing_zeros(const struct bignum *number);
void bignum_shift_right(struct bignum *number, unsigned bits);

/* Decimal digits: reads `count` of them; writes as many as there are (one for 0), a NUL, and returns their number. */
struct bignum bignum_of_digits(const char *digits, size_t count);
size_t bignum_to_digits(const struct bignum *number, char ret_digits[BIGNUM_TEXT_SIZE]);
