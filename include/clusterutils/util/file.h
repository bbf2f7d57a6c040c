/* Whole files in memory, and paths as Go's path/filepath cleans them. */
#pragma once

#include <stddef.h>

#include "clusterutils/util/arena.h"
#include "clusterutils/util/buffer.h"
#include "clusterutils/util/error.h"

/* Adds the bytes of a file of at most max_length bytes. Fails with Go's sentences, "open PATH: no such file or
 * directory": ERROR_NOT_FOUND exactly where there is no such file. */
int file_read(const char *path, size_t max_length, struct buffer *bytes, struct error *err) MUST_USE;

/* Fails where file_read could not even begin. */
int file_check(const char *path, struct error *err) MUST_USE;

/* Writes PATH.new and puts it in the place of PATH, so that an end in between loses nothing. */
int file_replace(const char *path, const struct buffer *text, struct error *err) MUST_USE;

/* What Go says of an errno: "permission denied". */
const char *file_cause(int number, char buffer[128]);

/* The folder of a path: "." where it names none. */
const char *file_folder(const char *path, struct arena *arena) RETURNS_NONNULL;

/* The shortest path that means the same by its text alone: no ".", "..", "//" or "/" at the end, where not needed. */
const char *file_clean(const char *path, struct arena *arena) RETURNS_NONNULL;

/* BASE/PATH cleaned; an absolute path stays as it is. */
const char *file_resolve(const char *base, const char *path, struct arena *arena) RETURNS_NONNULL;

/* The path as seen from the root, cleaned. */
int file_absolute(const char *path, struct arena *arena, const char **ret_path, struct error *err) MUST_USE;
