/* Bytes that grow. A buffer that is all zero is ready for use; text is always followed by a NUL. */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/util/attribute.h"

struct buffer {
	char *bytes; /* NULL while nothing was added */
	size_t length;
	size_t capacity;
};

void buffer_init(struct buffer *buffer);
void buffer_clear(struct buffer *buffer); /* keeps the memory */
void buffer_release(struct buffer *buffer);

void buffer_add(struct buffer *buffer, const void *bytes, size_t length);
void buffer_add_text(struct buffer *buffer, const char *text);
void buffer_add_repeated(struct buffer *buffer, char c, size_t count);
void buffer_add_number(struct buffer *buffer, int64_t number);     /* in decimal; many times faster than printf */
void buffer_add_milli(struct buffer *buffer, int64_t thousandths); /* "71.25", "3": no needless digits */
void buffer_printf(struct buffer *buffer, const char *format, ...) PRINTF_LIKE(2, 3);
void buffer_vprintf(struct buffer *buffer, const char *format, va_list args);
void buffer_cut(struct buffer *buffer, size_t length); /* keeps the first `length` bytes */

/* Inline: the framer calls it for every bracket. */
static inline void buffer_add_char(struct buffer *buffer, char c)
{
	if (buffer->capacity - buffer->length < 2) {
		buffer_add(buffer, &c, 1);
		return;
	}
	buffer->bytes[buffer->length++] = c;
	buffer->bytes[buffer->length] = '\0';
}

/* The content as C text: "" while nothing was added. Valid until the next change. */
const char *buffer_text(const struct buffer *buffer) RETURNS_NONNULL;

#define AUTO_BUFFER CLEANUP(buffer_release) struct buffer
