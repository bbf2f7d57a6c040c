/* How many terminal columns text takes. Of our own tables (Unicode 15.1 East_Asian_Width W and F, general categories
 * Mn, Me and Cf, emoji presentation): libc's wcwidth depends on the locale and lags behind terminals.
 *
 * What a terminal shows in one place counts once: a character with its combining marks, a syllable of conjoining
 * Hangul, emoji joined by ZWJ, an emoji with a skin tone, a flag of two regional indicators. A variation selector
 * changes no width: terminals disagree about it. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* 0 for combining marks and zero-width characters, 2 for wide East Asian characters and emoji, else 1: also for the few
 * Cf that are drawn, which are the soft hyphen and the signs before a number (U+0600..5, 06DD, 070F, 0890..1, 08E2,
 * 110BD, 110CD). Text is clean (util/text.h), so control characters do not occur; they count 0. */
int width_of_code_point(uint32_t code_point);
int width_of_text(const char *text);

/* The longest prefix that fits `columns`, in bytes; never parts a combining mark from its base, nor what else is shown
 * in one place. */
size_t width_fit(const char *text, int columns);

/* The bytes of the first thing that is shown in one place, and the columns it takes; 0 where length is 0. */
size_t width_next(const char *text, size_t length, int *ret_columns);
