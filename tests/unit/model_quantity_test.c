#include "clusterutils/model/quantity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "suite.h"

#define REGEX  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
#define SUFFIX "unable to parse quantity's suffix"
#define NUMBER "unable to parse numeric part of quantity"

#define DIGITS_20  "12345678901234567890"
#define DIGITS_140 DIGITS_20 DIGITS_20 DIGITS_20 DIGITS_20 DIGITS_20 DIGITS_20 DIGITS_20
#define NINES_20   "99999999999999999999"
#define NINES_140  NINES_20 NINES_20 NINES_20 NINES_20 NINES_20 NINES_20 NINES_20
#define ZEROS_20   "00000000000000000000"
#define ZEROS_100  ZEROS_20 ZEROS_20 ZEROS_20 ZEROS_20 ZEROS_20

static struct quantity parsed(const char *text)
{
	struct quantity quantity;
	struct error err;

	ck_assert_msg(quantity_parse(text, &quantity, &err) == 0, "%s: %s", text, err.message);
	return quantity;
}

static void check_text(const struct quantity *quantity, const char *want)
{
	char text[QUANTITY_TEXT_SIZE];

	ck_assert_str_eq(quantity_text(quantity, text), want);
}

static const struct {
	const char *text, *canonical;
} accepted[] = {
	{ "0", "0" },
	{ "-0", "0" },
	{ "+", "0" },
	{ "-", "0" },
	{ ".", "0" },
	{ "Ki", "0" },
	{ "0Ki", "0" },
	{ "e3", "0" },
	{ "e99999", "0" },
	{ "0e-999999999999", "0" },
	{ "1.", "1" },
	{ ".5", "500m" },
	{ "1.G", "1G" },
	{ "01", "1" },
	{ "1.5", "1500m" },
	{ "-1500m", "-1500m" },
	{ "1500m", "1500m" },
	{ "1000m", "1" },
	{ "1000M", "1G" },
	{ "1E", "1E" },
	{ "1E3", "1e3" },
	{ "1E+3", "1e3" },
	{ "1e0", "1" },
	{ "100e-3", "100e-3" },
	{ "1e18", "1e18" },
	{ "1e19", "10e18" },
	{ "1e100", "10e99" },
	{ "9e139", "90e138" },
	{ "1e-9", "1e-9" },
	{ "1e-10", "1e-9" },
	{ "1e-9223372036854775808", "1e-9" },
	{ "1e0000000000000000000000003", "1e3" },
	{ "1.0000000001e3", "1000000000100e-9" },
	{ "0.1n", "1n" },
	{ "-0.1n", "-1n" },
	{ "1.0n", "1n" },
	{ "1.0000n", "1n" },
	{ "1.00001n", "2n" },
	{ "0.0000000010000000000000000001", "2n" },
	{ "999999999.9999999991", "1G" },
	{ "100E", "100E" },
	{ "2000E", "2000E" },
	{ "1000000E", "1000000E" },
	{ "9223372036854775807", "9223372036854775807" },
	{ "9223372036854775808", "9223372036854775808" },
	{ "1234567890123456789012345678901234567890123456789012345678901234",
		"1234567890123456789012345678901234567890123456789012345678901234" },
	{ DIGITS_140, DIGITS_20 DIGITS_20 DIGITS_20 DIGITS_20 DIGITS_20 DIGITS_20 DIGITS_20 },
	{ NINES_140 ".999999999", NINES_140 "999999999n" },
	{ ZEROS_100 ZEROS_100 "1", "1" },
	{ "." ZEROS_100 "1e101", "1" },
	{ "." ZEROS_100 "1", "1n" },
	{ "-." ZEROS_100 "1", "-1n" },
	{ "1Ki", "1Ki" },
	{ "1024", "1024" },
	{ "1023Ki", "1023Ki" },
	{ "1024Ki", "1Mi" },
	{ "1024Mi", "1Gi" },
	{ "1024Pi", "1Ei" },
	{ "1.5Gi", "1536Mi" },
	{ "0.5Mi", "512Ki" },
	{ "0.5Ki", "512" },
	{ "1.0009765625Ki", "1025" },
	{ "0.1Ki", "102400m" },
	{ "0.0001Ki", "102400u" },
	{ "0.0000000001Ki", "103n" },
	{ "-0.5Mi", "-512Ki" },
	{ "-40.2Ki", "-41164800m" },
	{ "1.0000000001Ki", "1024000000103n" },
	{ "7Ei", "7Ei" },
	{ "8Ei", "9223372036854775807" },
	{ "-8Ei", "-9223372036854775807" },
	{ "7.99999999999999999999999999999999999999999999999999999999999999999999999999999999Ei",
		"9223372036854775807" },
	{ DIGITS_140 "Ki", "9223372036854775807" },
	/* 2^-60 of an Ei is one byte; beyond the 69th place only whether something is there matters */
	{ "0.000000000000000000867361737988403547205962240695953369140625Ei", "1" },
	{ "0.0000000000000000008673617379884035472059622406959533691406250000000000000000000000000000001Ei",
		"1000000001n" },
	{ "0." ZEROS_100 "1Ei", "1n" },
	{ "0." ZEROS_100 "0Ei", "0" },
};

START_TEST(parse_gives_the_canonical_number)
{
	struct quantity quantity = parsed(accepted[_i].text), again = parsed(accepted[_i].canonical);

	check_text(&quantity, accepted[_i].canonical);
	ck_assert_int_eq(quantity_compare(&quantity, &again), 0);
	check_text(&again, accepted[_i].canonical);
}
END_TEST

static const struct {
	const char *text, *message;
} refused[] = {
	{ "", REGEX },
	{ " 1", REGEX },
	{ "1 ", REGEX },
	{ "1\n", REGEX },
	{ "1.1.M", REGEX },
	{ "1+1.0M", REGEX },
	{ "1,5", REGEX },
	{ "0x10", REGEX },
	{ "Inf", REGEX },
	{ "1e1.5", REGEX },
	{ "1e3Ki", REGEX },
	{ "\xEF\xBC\x91", REGEX },
	{ "0.1mi", SUFFIX },
	{ ".5i", SUFFIX },
	{ "i", SUFFIX },
	{ "-3.01e-", SUFFIX },
	{ "1K", SUFFIX },
	{ "1ki", SUFFIX },
	{ "1ni", SUFFIX },
	{ "1e", SUFFIX },
	{ "1e+", SUFFIX },
	{ "1ee1", SUFFIX },
	{ "++1", SUFFIX },
	{ "1m1", SUFFIX },
	{ "1Kii", SUFFIX },
	{ "1e9223372036854775808", SUFFIX },
	{ "1e-9223372036854775809", SUFFIX },
	{ "Ei", NUMBER },
	{ ".Pi", NUMBER },
	{ "-e-10", NUMBER },
	{ "9e140", "quantity \"9e140\" is out of range" },
	{ "9e999", "quantity \"9e999\" is out of range" },
	{ "-9e999", "quantity \"-9e999\" is out of range" },
	{ "1e1000", "quantity \"1e1000\" is out of range" },
	{ "1e2147483648", "quantity \"1e2147483648\" is out of range" },
	{ "1e4294967296", "quantity \"1e4294967296\" is out of range" },
	{ "1e9223372036854775807", "quantity \"1e9223372036854775807\" is out of range" },
	{ ".0001e2000", "quantity \".0001e2000\" is out of range" },
	{ DIGITS_140 "0", "quantity \"" DIGITS_140 "0\" is out of range" },
	{ DIGITS_140 "k", "quantity \"" DIGITS_140 "k\" is out of range" },
	{ NINES_140 ".9999999991", "quantity \"" NINES_140 ".9999999991\" is out of range" },
	{ ZEROS_100 ZEROS_100 ZEROS_100,
		"quantity \"00000000000000000000000000000000...\" is longer than 256 characters" },
};

START_TEST(parse_refuses_in_the_words_of_upstream)
{
	struct quantity untouched = { .sign = 42 };
	struct error err = { 0 };

	ck_assert_int_eq(quantity_parse(refused[_i].text, &untouched, &err), -1);
	ck_assert_int_eq(err.code, ERROR_INVALID);
	ck_assert_str_eq(err.message, refused[_i].message);
	ck_assert_int_eq(untouched.sign, 42);
}
END_TEST

START_TEST(parse_refuses_a_huge_text_by_its_length)
{
	static const char fillings[] = "019.-eEKx";
	size_t size = 1 << 20;
	AUTO_FREE char *text = memory_new(size);
	struct quantity quantity;
	struct error err;

	for (size_t i = 0; i < sizeof(fillings) - 1; i++) {
		memset(text, fillings[i], size - 1);
		ck_assert_int_eq(quantity_parse(text, &quantity, &err), -1);
		ck_assert_ptr_nonnull(strstr(err.message, "is longer than 256 characters"));
	}
}
END_TEST

static const struct {
	const char *text;
	int64_t value, milli, nano;
} integers[] = {
	{ "0", 0, 0, 0 },
	{ "1", 1, 1000, 1000000000 },
	{ "1500m", 2, 1500, 1500000000 },
	{ "-1500m", -2, -1500, -1500000000 },
	{ "1n", 1, 1, 1 },
	{ "-1n", -1, -1, -1 },
	{ "1000001n", 1, 2, 1000001 },
	{ "9223372036854775807n", 9223372037, 9223372036855, INT64_MAX },
	{ "9223372036854775808n", 9223372037, 9223372036855, INT64_MAX },
	{ "-9223372036854775807n", -9223372037, -9223372036855, -INT64_MAX },
	{ "-9223372036854775808n", -9223372037, -9223372036855, -INT64_MAX },
	{ "9223372036854775807", INT64_MAX, INT64_MAX, INT64_MAX },
	{ "9223372036854775806.5", INT64_MAX, INT64_MAX, INT64_MAX },
	{ "9223372036854775807.000000001", INT64_MAX, INT64_MAX, INT64_MAX },
	{ "-9223372036854775808", -INT64_MAX, -INT64_MAX, -INT64_MAX },
	{ "8Ei", INT64_MAX, INT64_MAX, INT64_MAX },
	{ "9e139", INT64_MAX, INT64_MAX, INT64_MAX },
	{ "-9e139", -INT64_MAX, -INT64_MAX, -INT64_MAX },
};

START_TEST(integers_round_away_from_zero_and_saturate)
{
	struct quantity quantity = parsed(integers[_i].text);

	ck_assert_int_eq(quantity_value(&quantity), integers[_i].value);
	ck_assert_int_eq(quantity_milli(&quantity), integers[_i].milli);
	ck_assert_int_eq(quantity_nano(&quantity), integers[_i].nano);
}
END_TEST

START_TEST(numbers_become_quantities)
{
	struct quantity most = quantity_of(INT64_MAX, QUANTITY_DECIMAL_SI);
	struct quantity least = quantity_of(INT64_MIN, QUANTITY_DECIMAL_SI);
	struct quantity memory = quantity_of(200 << 20, QUANTITY_BINARY_SI);
	struct quantity cpu = quantity_of_milli(100, QUANTITY_DECIMAL_SI);
	struct quantity none = quantity_of(0, QUANTITY_BINARY_SI);

	check_text(&most, "9223372036854775807");
	check_text(&least, "-9223372036854775808");
	check_text(&memory, "200Mi");
	check_text(&cpu, "100m");
	check_text(&none, "0");
	ck_assert_int_eq(none.sign, 0);
}
END_TEST

static const struct {
	const char *a, *b, *sum, *difference;
} sums[] = {
	{ "1Gi", "1G", "2073741824", "73741824" },
	{ "1G", "1Gi", "2073741824", "-73741824" },
	{ "0", "1Ki", "1Ki", "-1Ki" },
	{ "0Ki", "1k", "1k", "-1k" },
	{ "1e3", "1", "1001", "999" },
	{ "1", "1e3", "1001", "-999" },
	{ "1.5e3", "1.5k", "3e3", "0" },
	{ "-1", "-1", "-2", "0" },
	{ "-1", "1", "0", "-2" },
	{ "-100m", "300m", "200m", "-400m" },
	{ "4294967295n", "1n", "4294967296n", "4294967294n" },
	{ "18446744073709551615n", "1n", "18446744073709551616n", "18446744073709551614n" },
	{ "18446744073709551616n", "1n", "18446744073709551617n", "18446744073709551615n" },
	{ "7Ei", "1Ei", "8Ei", "6Ei" },
	{ "8Ei", "8Ei", "18446744073709551614", "0" },
};

START_TEST(sums_are_exact_and_keep_the_first_format)
{
	struct quantity a = parsed(sums[_i].a), b = parsed(sums[_i].b), c = a;
	struct error err;

	ck_assert_int_eq(quantity_add(&a, &b, &err), 0);
	check_text(&a, sums[_i].sum);
	ck_assert_int_eq(quantity_subtract(&c, &b, &err), 0);
	check_text(&c, sums[_i].difference);
}
END_TEST

START_TEST(binary_sums_beyond_the_largest_suffix_keep_it)
{
	struct quantity sum = parsed("4Ei");
	struct error err;

	for (int i = 0; i < 8; i++) {
		struct quantity same = sum;

		ck_assert_int_eq(quantity_add(&sum, &same, &err), 0);
	}
	check_text(&sum, "1024Ei");
}
END_TEST

START_TEST(a_sum_out_of_range_leaves_its_operand)
{
	struct quantity sum = parsed(NINES_140), before = sum, one = parsed("1"), negative = parsed("-" NINES_140);
	struct error err = { 0 };

	ck_assert_int_eq(quantity_add(&sum, &one, &err), -1);
	ck_assert_str_eq(err.message, "the result is out of range");
	ck_assert_mem_eq(&sum, &before, sizeof(sum));
	ck_assert_int_eq(quantity_subtract(&sum, &negative, &err), -1);
	ck_assert_int_eq(quantity_add(&sum, &negative, &err), 0);
	ck_assert_int_eq(sum.sign, 0);
}
END_TEST

START_TEST(five_thousand_nanocore_values_add_up)
{
	struct quantity sum = { 0 }, term;
	uint64_t exact = 0;
	struct error err;
	char text[32];

	for (uint64_t i = 0; i < 5000; i++) {
		uint64_t nano = 999999937 * i % 64000000007;

		snprintf(text, sizeof(text), "%llun", (unsigned long long)nano);
		term = parsed(text);
		ck_assert_int_eq(quantity_add(&sum, &term, &err), 0);
		exact += nano;
	}
	ck_assert_int_eq(quantity_nano(&sum), (int64_t)exact);
}
END_TEST

/* The properties below hold for numbers of all sizes and suffixes. */

static uint32_t seed;

static uint32_t next_random(uint32_t bound)
{
	seed = seed * 1664525 + 1013904223;
	return (uint32_t)(((uint64_t)seed * bound) >> 32);
}

static struct quantity any_quantity(void)
{
	static const char *const suffixes[] = { "", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti",
		"Pi", "Ei", "e3", "e-6", "E+12", "e60", "e-40" };
	static const uint32_t lengths[] = { 1, 4, 19, 70 };
	uint32_t length = 1 + next_random(lengths[next_random(4)]), point = next_random(2 * length);
	char text[128];
	size_t used = 0;

	if (next_random(2))
		text[used++] = '-';
	for (uint32_t i = 0; i < length; i++) {
		if (i == point)
			text[used++] = '.';
		text[used++] = (char)('0' + (next_random(3) ? next_random(10) : 0));
	}
	snprintf(text + used, sizeof(text) - used, "%s", suffixes[next_random(ARRAY_LEN(suffixes))]);
	return parsed(text);
}

enum { ROUNDS = 20000 };

START_TEST(printing_and_parsing_is_the_identity)
{
	seed = 1;
	for (int i = 0; i < ROUNDS; i++) {
		struct quantity quantity = any_quantity(), again;
		char text[QUANTITY_TEXT_SIZE], second[QUANTITY_TEXT_SIZE];

		again = parsed(quantity_text(&quantity, text));
		ck_assert_msg(quantity_compare(&quantity, &again) == 0, "%s", text);
		if (again.format == quantity.format)
			ck_assert_str_eq(quantity_text(&again, second), text);
	}
}
END_TEST

START_TEST(the_order_is_total)
{
	seed = 2;
	for (int i = 0; i < ROUNDS; i++) {
		struct quantity a = any_quantity(), b = any_quantity(), c = any_quantity();
		int ab = quantity_compare(&a, &b), bc = quantity_compare(&b, &c), ac = quantity_compare(&a, &c);

		ck_assert_int_eq(quantity_compare(&a, &a), 0);
		ck_assert_int_eq(quantity_compare(&b, &a), -ab);
		if (ab <= 0 && bc <= 0)
			ck_assert_int_le(ac, ab < 0 || bc < 0 ? -1 : 0);
		if (ab >= 0 && bc >= 0)
			ck_assert_int_ge(ac, ab > 0 || bc > 0 ? 1 : 0);
	}
}
END_TEST

START_TEST(what_is_added_can_be_taken_away)
{
	seed = 3;
	for (int i = 0; i < ROUNDS; i++) {
		struct quantity a = any_quantity(), b = any_quantity(), ab = a, ba = b;
		struct error err;

		ck_assert_int_eq(quantity_add(&ab, &b, &err), 0);
		ck_assert_int_eq(quantity_add(&ba, &a, &err), 0);
		ck_assert_int_eq(quantity_compare(&ab, &ba), 0);
		ck_assert_int_eq(quantity_compare(&ab, &a), b.sign);
		ck_assert_int_eq(quantity_subtract(&ab, &b, &err), 0);
		ck_assert_mem_eq(ab.limbs, a.limbs, sizeof(a.limbs));
		ck_assert_int_eq(ab.sign, a.sign);
	}
}
END_TEST

START_TEST(a_rounded_value_is_the_next_one_away_from_zero)
{
	seed = 4;
	for (int i = 0; i < ROUNDS; i++) {
		struct quantity quantity = any_quantity(), rest, one = quantity_of(1, QUANTITY_DECIMAL_SI);
		int64_t value = quantity_value(&quantity);
		struct error err;

		ck_assert_int_ge(value, -INT64_MAX);
		if (value == INT64_MAX || value == -INT64_MAX)
			continue;
		rest = quantity_of(value, QUANTITY_DECIMAL_SI);
		ck_assert_int_eq(quantity_subtract(&rest, &quantity, &err), 0);
		ck_assert(rest.sign == 0 || rest.sign == quantity.sign);
		rest.sign = abs(rest.sign);
		ck_assert_int_lt(quantity_compare(&rest, &one), 0);
	}
}
END_TEST

TEST_MAIN("model/quantity", TEST_TABLE(parse_gives_the_canonical_number, accepted),
	TEST_TABLE(parse_refuses_in_the_words_of_upstream, refused), TEST(parse_refuses_a_huge_text_by_its_length),
	TEST_TABLE(integers_round_away_from_zero_and_saturate, integers), TEST(numbers_become_quantities),
	TEST_TABLE(sums_are_exact_and_keep_the_first_format, sums), TEST(binary_sums_beyond_the_largest_suffix_keep_it),
	TEST(a_sum_out_of_range_leaves_its_operand), TEST(five_thousand_nanocore_values_add_up),
	TEST(printing_and_parsing_is_the_identity), TEST(the_order_is_total), TEST(what_is_added_can_be_taken_away),
	TEST(a_rounded_value_is_the_next_one_away_from_zero))
