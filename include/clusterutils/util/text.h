/* Text as it comes from a cluster and as it goes to a terminal.
 *
 * Foreign text is hostile: it is scrubbed once, where it enters (kube's decoders, error sentences), and is valid
 * UTF-8 without control characters from there on. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/util/attribute.h"

/* Reads one code point. Returns the bytes it took (at least 1), or 0 at the end (length 0).
 * Malformed, overlong and surrogate sequences give U+FFFD and take the bytes that cannot be part of the next one. */
size_t text_decode(const char *text, size_t length, uint32_t *ret_code_point) NONNULL(3);

/* Writes one code point, 1 to 4 bytes, without a NUL. */
size_t text_encode(uint32_t code_point, char ret_bytes[4]);

/* Whether the text is as scrubbing leaves it. */
bool text_is_clean(const char *text, size_t length);

/* Replaces each C0 and C1 control character, DEL, bidirectional override and malformed sequence by U+FFFD, but tabs and
 * line ends by a blank. ret_clean must have
 * room for 3 * length + 1 bytes, for U+FFFD takes three. Returns the length written, without the final NUL. */
size_t text_scrub(const char *text, size_t length, char *ret_clean);

/* The same in the text's own place, with '?' as replacement. For sentences of our own that quote foreign bytes. */
void text_scrub_in_place(char *text);

bool text_equal(const char *a, const char *b); /* two NULLs are equal */
bool text_starts_with(const char *text, const char *prefix);
bool text_ends_with(const char *text, const char *suffix);
const char *text_find_fold(const char *text, const char *part); /* where it begins, or NULL; the same of "" */
bool text_contains_fold(const char *text, const char *part);    /* ASCII case does not matter */

/* Unsigned decimal digits alone, up to max; false for anything else. */
bool text_to_uint(const char *text, uint64_t max, uint64_t *ret_value);
