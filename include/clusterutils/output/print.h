/* A table as text or data. */
#pragma once

#include "clusterutils/output/columns.h"
#include "clusterutils/util/buffer.h"

enum output_format { OUTPUT_TABLE, OUTPUT_WIDE, OUTPUT_JSON, OUTPUT_YAML, OUTPUT_CSV, OUTPUT_NAME };

struct print_options {
	enum output_format format;
	bool no_headers; /* in text and CSV: neither summary nor column headers */
	bool colour;
	int64_t now; /* for ages; seconds since 1970 */
	/* Columns of the terminal, 0 for no bound: of the plain table the columns of the largest priority are left out until
	 * the rest fits, and long text in the last one is cut. */
	int width;
	const struct column_order *columns; /* of text and CSV: these, whatever the width; NULL for the table's own */
};

void table_print(const struct table *table, const struct print_options *options, struct buffer *out);

/* Whether colour may be used: the stream is a terminal, TERM is set and not dumb, NO_COLOR is not set at all. */
bool colour_is_allowed(int file_descriptor);
