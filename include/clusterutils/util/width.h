/* How many terminal columns text takes. Of our own tables (Unicode 15.1 East_Asian_Width W and F, general categories
 * Mn, Me and Cf, emoji presentation): libc's wcwidth depends on the locale and lags behind terminals. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* 0 for combining marks and zero-width characters, 2 for wide East Asian characters and emoji, else 1.
 * Text is clean (util/text.h), so control characters do not occur; they count 0. */
int width_of_code_point(uint32_t code_point);
int width_of_text(const char *text);

/* The longest prefix that fits `columns`, in bytes; never parts a combining mark from its base. */
size_t width_fit(const char *text, int columns);
