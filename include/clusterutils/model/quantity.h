/* Kubernetes' resource quantities, exact. Source: k8s.io/apimachinery/pkg/api/resource quantity.go, v0.34.
 *
 * Grammar: sign? digits[.digits] suffix, suffix one of n u m "" k M G T P E | Ki Mi Gi Ti Pi Ei | e or E with a signed
 * integer. `1E` is exa, `1e` an error. Parts below 1n are rounded away from zero to 1n. A text with a binary suffix is
 * capped at 2^63-1 in size; others are kept exactly up to QUANTITY_DIGITS digits before the point. A larger one is an
 * error here ("is out of range"): upstream computes on, with time and memory in proportion to the exponent. A text of
 * more than 256 characters is refused, too. Other errors are in upstream's words.
 * No floating point anywhere. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "clusterutils/util/error.h"

enum quantity_format { QUANTITY_DECIMAL_SI, QUANTITY_BINARY_SI, QUANTITY_DECIMAL_EXPONENT };

enum { QUANTITY_LIMBS = 16, QUANTITY_DIGITS = 140, QUANTITY_TEXT_SIZE = 176 };

/* A number of nanounits: sign and magnitude, 512 bits. All zero is 0. No padding: quantities are interned by bytes. */
struct quantity {
	uint32_t limbs[QUANTITY_LIMBS]; /* least significant first */
	int32_t sign;                   /* -1, 0, 1 */
	uint32_t format;                /* enum quantity_format: how it was written, and so how it prints */
};

int quantity_parse(const char *text, struct quantity *ret_quantity, struct error *err);

/* The canonical text, in a buffer of the caller's. */
const char *quantity_text(const struct quantity *quantity, char buffer[QUANTITY_TEXT_SIZE]);

/* The sum keeps a's format, or b's where a is zero. Fails only where the result is out of range. */
int quantity_add(struct quantity *a, const struct quantity *b, struct error *err);
int quantity_subtract(struct quantity *a, const struct quantity *b, struct error *err);
int quantity_compare(const struct quantity *a, const struct quantity *b); /* -1, 0, 1 */

/* In units, thousandths, and 1e-9ths. Rounded away from zero, negative numbers too, which upstream miscounts;
 * INT64_MAX or INT64_MIN + 1 where it does not fit. */
int64_t quantity_value(const struct quantity *quantity);
int64_t quantity_milli(const struct quantity *quantity);
int64_t quantity_nano(const struct quantity *quantity);

/* Of a whole number of units, thousandths or 1e-9ths. */
struct quantity quantity_of(int64_t units, enum quantity_format format);
struct quantity quantity_of_milli(int64_t milli, enum quantity_format format);
struct quantity quantity_of_nano(int64_t nano, enum quantity_format format);
