/* Any text is a quantity or an error. A quantity survives being printed and parsed (its format does not where the text
 * has no suffix: 1500 bytes are 1500), and what is added to it can be taken away. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "clusterutils/model/quantity.h"

#ifdef NDEBUG
#error "this target checks with assert"
#endif

enum { LONGEST_INPUT = 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[LONGEST_INPUT + 1], printed[QUANTITY_TEXT_SIZE], again[QUANTITY_TEXT_SIZE];
	struct quantity quantity, parsed, sum;
	struct error err;

	if (size > LONGEST_INPUT)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	if (quantity_parse(text, &quantity, &err)) {
		assert(err.code == ERROR_INVALID && err.message[0]);
		return 0;
	}
	quantity_text(&quantity, printed);
	assert(quantity_parse(printed, &parsed, &err) == 0);
	assert(quantity_compare(&quantity, &parsed) == 0);
	assert(parsed.format != quantity.format || strcmp(quantity_text(&parsed, again), printed) == 0);
	assert(quantity_value(&quantity) > INT64_MIN && quantity_milli(&quantity) > INT64_MIN);
	assert(quantity_nano(&quantity) > INT64_MIN);
	sum = quantity;
	if (quantity_add(&sum, &quantity, &err) == 0) {
		assert(quantity_compare(&sum, &quantity) == quantity.sign);
		assert(quantity_subtract(&sum, &quantity, &err) == 0);
		assert(quantity_compare(&sum, &quantity) == 0);
		assert(quantity_subtract(&sum, &quantity, &err) == 0 && sum.sign == 0);
	}
	return 0;
}
