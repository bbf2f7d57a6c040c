/* What the printers, sorting and filtering know of a cell beyond output/table.h. */
#pragma once

#include "clusterutils/output/table.h"
#include "clusterutils/util/buffer.h"
#include "clusterutils/util/timestamp.h"

/* The text of a cell (cell_format): the cell's own where it has one, else built in the buffer, which is cleared. */
const char *cell_view(const struct cell *cell, const struct column *column, int64_t now, struct buffer *scratch);

/* The named numbers of which a share, percentage, amount or count consists. */
enum cell_part {
	PART_USAGE,
	PART_REQUEST,
	PART_LIMIT,
	PART_ALLOCATABLE,
	PART_COUNT,
	PART_CAPACITY,
	PART_WATTS,
	PART_COST,
	PART_CPU, /* of pressure: some.avg10; PART_WORST is the largest of the three, for sorting */
	PART_MEMORY,
	PART_IO,
	PART_WORST,
};

struct cell_parts {
	size_t count;
	enum cell_part items[4];
};

/* In the order of JSON and CSV; none for other types. */
const struct cell_parts *cell_parts(enum cell_type type);
const char *cell_part_name(enum cell_part part);
int64_t cell_part(const struct cell *cell, enum cell_part part); /* nanocores, bytes, VALUE_UNKNOWN: as in the cell */

/* The same as data has it: millicores, rounded up, for cores; thousandths where cell_is_milli. */
int64_t cell_part_as_data(const struct cell *cell, enum cell_part part);

/* A plain number as data has it, likewise. */
int64_t cell_number_as_data(const struct cell *cell);

/* Its numbers are thousandths, which data has as numbers with decimals. */
bool cell_is_milli(enum cell_type type);

/* How many `scale`ths of allocatable the value is, rounded. VALUE_UNKNOWN where allocatable is, VALUE_NONE where that
 * is nothing, then the value itself where it is one of the two. */
int64_t cell_ratio(int64_t value, int64_t allocatable, int64_t scale);

/* "2026-03-01T12:00:00Z", or NULL for a moment that RFC 3339 has no form for. */
const char *cell_timestamp(const struct cell *cell, char buffer[TIMESTAMP_SIZE]);

/* What a column's cells are: as the first row shows that is neither none nor unknown. */
enum cell_type table_column_type(const struct table *table, size_t column);

/* Whether JSON, YAML and CSV have the column in rows of this kind. */
bool column_is_data_of(const struct column *column, enum row_kind kind);

static inline bool value_is_known(int64_t value)
{
	return value != VALUE_UNKNOWN && value != VALUE_NONE;
}
