#include "clusterutils/util/buffer.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/die.h"
#include "clusterutils/util/memory.h"

void buffer_init(struct buffer *buffer)
{
	*buffer = (struct buffer){ 0 };
}

void buffer_clear(struct buffer *buffer)
{
	buffer_cut(buffer, 0);
}

void buffer_release(struct buffer *buffer)
{
	free(buffer->bytes);
	buffer_init(buffer);
}

/* Room for `more` bytes and the NUL. */
static void reserve(struct buffer *buffer, size_t more)
{
	size_t need, capacity = buffer->capacity ? buffer->capacity : 64;

	if (more > SIZE_MAX / 4 - buffer->length)
		die("out of memory");
	need = buffer->length + more + 1;
	if (need <= buffer->capacity)
		return;
	while (capacity < need)
		capacity *= 2;
	buffer->bytes = memory_resize(buffer->bytes, capacity, 1);
	buffer->capacity = capacity;
}

void buffer_add(struct buffer *buffer, const void *bytes, size_t length)
{
	reserve(buffer, length);
	if (length)
		memcpy(buffer->bytes + buffer->length, bytes, length);
	buffer->length += length;
	buffer->bytes[buffer->length] = '\0';
}

void buffer_add_text(struct buffer *buffer, const char *text)
{
	buffer_add(buffer, text, strlen(text));
}

void buffer_add_repeated(struct buffer *buffer, char c, size_t count)
{
	reserve(buffer, count);
	memset(buffer->bytes + buffer->length, c, count);
	buffer->length += count;
	buffer->bytes[buffer->length] = '\0';
}

void buffer_add_number(struct buffer *buffer, int64_t number)
{
	char digits[20];
	size_t at = sizeof(digits);
	uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

	do {
		digits[--at] = (char)('0' + left % 10);
		left /= 10;
	} while (left > 0);
	if (number < 0)
		digits[--at] = '-';
	buffer_add(buffer, digits + at, sizeof(digits) - at);
}

void buffer_vprintf(struct buffer *buffer, const char *format, va_list args)
{
	va_list again;
	int length;

	va_copy(again, args);
	length = vsnprintf(NULL, 0, format, args);
	if (length < 0)
		die("invalid format: %s", format);
	reserve(buffer, (size_t)length);
	vsnprintf(buffer->bytes + buffer->length, (size_t)length + 1, format, again);
	va_end(again);
	buffer->length += (size_t)length;
}

void buffer_add_milli(struct buffer *buffer, int64_t thousandths)
{
	enum { MILLI = 1000 };
	int rest = (int)(thousandths % MILLI), digits = 3;

	if (thousandths < 0 && thousandths > -MILLI)
		buffer_add_char(buffer, '-');
	buffer_add_number(buffer, thousandths / MILLI);
	rest = rest < 0 ? -rest : rest;
	for (; rest > 0 && rest % 10 == 0; digits--)
		rest /= 10;
	if (rest > 0)
		buffer_printf(buffer, ".%0*d", digits, rest);
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buffer_vprintf(buffer, format, args);
	va_end(args);
}

void buffer_cut(struct buffer *buffer, size_t length)
{
	if (!buffer->bytes || length > buffer->length)
		return;
	buffer->length = length;
	buffer->bytes[length] = '\0';
}

const char *buffer_text(const struct buffer *buffer)
{
	return buffer->bytes ? buffer->bytes : "";
}
