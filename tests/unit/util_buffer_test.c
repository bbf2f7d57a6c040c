#include "clusterutils/util/buffer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "suite.h"

static void check(const struct buffer *buffer, const char *expected)
{
	ck_assert_uint_eq(buffer->length, strlen(expected));
	ck_assert_str_eq(buffer_text(buffer), expected);
	ck_assert(!buffer->bytes || buffer->capacity > buffer->length);
}

START_TEST(grows_by_whatever_is_added)
{
	AUTO_BUFFER buffer = { 0 };

	check(&buffer, "");
	buffer_add_char(&buffer, 'a');
	check(&buffer, "a");
	buffer_add_text(&buffer, "bc");
	buffer_add_text(&buffer, "");
	buffer_add(&buffer, "defg", 2);
	buffer_add_repeated(&buffer, 'x', 3);
	buffer_add_repeated(&buffer, 'y', 0);
	buffer_add_number(&buffer, -7);
	buffer_printf(&buffer, "[%s %d]", "z", 9);
	check(&buffer, "abcdexxx-7[z 9]");
	buffer_cut(&buffer, 3);
	check(&buffer, "abc");
	buffer_cut(&buffer, 4); /* it is not that long */
	check(&buffer, "abc");
	buffer_clear(&buffer);
	check(&buffer, "");
	buffer_release(&buffer);
	check(&buffer, "");
	buffer_release(&buffer);
	ck_assert_ptr_null(buffer.bytes);
}
END_TEST

/* Around every boundary, by every way to it: the NUL always has its place. */
START_TEST(keeps_room_for_the_end)
{
	for (size_t length = 0; length < 300; length++) {
		for (int way = 0; way < 5; way++) {
			AUTO_BUFFER buffer = { 0 };

			buffer_add_repeated(&buffer, 'x', length);
			if (way == 0)
				buffer_add_char(&buffer, 'y');
			else if (way == 1)
				buffer_add(&buffer, "y", 1);
			else if (way == 2)
				buffer_printf(&buffer, "%c", 'y');
			else if (way == 3)
				buffer_add_repeated(&buffer, 'y', 1);
			else
				buffer_add_text(&buffer, "y");
			ck_assert_uint_eq(buffer.length, length + 1);
			ck_assert_uint_eq(strlen(buffer.bytes), length + 1);
			ck_assert_int_eq(buffer.bytes[length], 'y');
			ck_assert_uint_gt(buffer.capacity, buffer.length);
		}
	}
}
END_TEST

START_TEST(a_char_at_a_time_is_the_same_as_all_at_once)
{
	AUTO_BUFFER buffer = { 0 };

	for (int i = 0; i < 100000; i++)
		buffer_add_char(&buffer, (char)('a' + i % 26));
	ck_assert_uint_eq(strlen(buffer_text(&buffer)), 100000);
	for (int i = 0; i < 100000; i++)
		ck_assert_int_eq(buffer.bytes[i], 'a' + i % 26);
}
END_TEST

START_TEST(bytes_may_be_zeros)
{
	AUTO_BUFFER buffer = { 0 };

	buffer_add(&buffer, "a\0b", 3);
	buffer_add(&buffer, NULL, 0);
	ck_assert_uint_eq(buffer.length, 3);
	ck_assert_mem_eq(buffer.bytes, "a\0b", 4);
}
END_TEST

START_TEST(clearing_keeps_the_memory)
{
	AUTO_BUFFER buffer = { 0 };
	const char *bytes;
	size_t capacity;

	buffer_add_repeated(&buffer, 'x', 5000);
	bytes = buffer.bytes;
	capacity = buffer.capacity;
	buffer_clear(&buffer);
	buffer_add_repeated(&buffer, 'y', capacity - 1);
	ck_assert_ptr_eq(buffer.bytes, bytes);
	ck_assert_uint_eq(buffer.capacity, capacity);
}
END_TEST

static const int64_t numbers[] = { 0, 1, -1, 9, 10, 99, 100, -100, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN,
	INT64_MIN + 1, INT64_C(1000000000000000000), INT64_C(-999999999999999999) };

START_TEST(numbers_are_decimal)
{
	AUTO_BUFFER buffer = { 0 };
	char expected[32];

	buffer_add_number(&buffer, numbers[_i]);
	snprintf(expected, sizeof(expected), "%" PRId64, numbers[_i]);
	check(&buffer, expected);
}
END_TEST

static const struct {
	int64_t thousandths;
	const char *text;
} thousandths[] = {
	{ 0, "0" },
	{ 71250, "71.25" },
	{ 71000, "71" },
	{ 5, "0.005" },
	{ -5, "-0.005" },
	{ 400, "0.4" },
	{ -1234, "-1.234" },
	{ -2000, "-2" },
	{ INT64_MAX, "9223372036854775.807" },
	{ INT64_MIN, "-9223372036854775.808" },
};

START_TEST(thousandths_have_no_needless_digits)
{
	AUTO_BUFFER buffer = { 0 };

	buffer_add_milli(&buffer, thousandths[_i].thousandths);
	check(&buffer, thousandths[_i].text);
}
END_TEST

TEST_MAIN("util/buffer", TEST(grows_by_whatever_is_added), TEST(keeps_room_for_the_end),
	TEST(a_char_at_a_time_is_the_same_as_all_at_once), TEST(bytes_may_be_zeros), TEST(clearing_keeps_the_memory),
	TEST_TABLE(numbers_are_decimal, numbers), TEST_TABLE(thousandths_have_no_needless_digits, thousandths))
