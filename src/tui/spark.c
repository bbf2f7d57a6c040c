#include "clusterutils/tui/spark.h"

#include "clusterutils/output/table.h"

static bool is_known(int64_t value)
{
	return value != VALUE_UNKNOWN && value != VALUE_NONE;
}

/* Of the known ones; negative ones count as 0. False where there is none. */
static bool average(const int64_t *values, size_t count, int64_t *ret_average)
{
	int64_t known = 0, whole = 0, rest = 0;

	for (size_t i = 0; i < count; i++)
		known += is_known(values[i]);
	if (known == 0)
		return false;
	/* Each is divided by itself: the sum of large ones has no type. */
	for (size_t i = 0; i < count; i++) {
		if (!is_known(values[i]) || values[i] < 0)
			continue;
		whole += values[i] / known;
		rest += values[i] % known;
	}
	*ret_average = whole + rest / known;
	return true;
}

static int64_t largest(const int64_t *values, size_t count)
{
	int64_t found = 0;

	for (size_t i = 0; i < count; i++)
		if (is_known(values[i]) && values[i] > found)
			found = values[i];
	return found;
}

static const char *level_of(int64_t value, int64_t max, const struct glyphs *glyphs)
{
	if (value >= max)
		return glyphs->levels[max > 0 ? GLYPHS_LEVELS - 1 : 0];
	return glyphs->levels[(int)((double)value * GLYPHS_LEVELS / (double)max)];
}

void spark_text(
	const int64_t *values, size_t count, int columns, int64_t max, const struct glyphs *glyphs, struct buffer *out)
{
	size_t shown = columns > 0 ? (size_t)columns : 0;

	if (max <= 0)
		max = largest(values, count);
	if (count < shown) {
		buffer_add_repeated(out, ' ', shown - count);
		shown = count;
	}
	for (size_t i = 0; i < shown; i++) {
		size_t first = (size_t)((double)i * (double)count / (double)shown);
		size_t end = (size_t)((double)(i + 1) * (double)count / (double)shown);
		int64_t value;

		if (average(values + first, end - first, &value))
			buffer_add_text(out, level_of(value, max, glyphs));
		else
			buffer_add_text(out, glyphs->gap);
	}
}
