/* The course of a value in one line of small bars. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "clusterutils/tui/glyphs.h"
#include "clusterutils/util/buffer.h"

/* Adds exactly `columns` columns: the samples, oldest first, right-aligned; of more samples than columns some are
 * averaged. An unknown one (VALUE_UNKNOWN, VALUE_NONE) is a gap; 0 and what is below it the lowest bar, `max` and
 * what is above it the highest. A max of 0 or less is the largest sample. */
void spark_text(
	const int64_t *values, size_t count, int columns, int64_t max, const struct glyphs *glyphs, struct buffer *out);
