#include "clusterutils/output/print.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cell.h"
#include "clusterutils/util/die.h"
#include "printers.h"

static size_t name_column(const struct table *table)
{
	for (size_t column = 0; column < table->column_count; column++)
		if (strcmp(table->columns[column].key, "name") == 0)
			return column;
	die("a table of %s has no column \"name\"", table->kind);
}

static void print_names(const struct table *table, const struct print_options *options, struct buffer *out)
{
	size_t column = name_column(table);
	AUTO_BUFFER scratch = { 0 };
	AUTO_ARENA made = { 0 };

	for (size_t i = 0; i < table->row_count; i++) {
		const struct row *row = &table->rows[i];
		struct cell name;

		if (row->kind != ROW_ITEM)
			continue;
		name = row_cell(row, column, &made);
		if (table->resource) {
			buffer_add_text(out, table->resource);
			buffer_add_char(out, '/');
		}
		buffer_add_text(out, cell_view(&name, &table->columns[column], options->now, &scratch));
		buffer_add_char(out, '\n');
		arena_reset(&made);
	}
}

void table_print(const struct table *table, const struct print_options *options, struct buffer *out)
{
	switch (options->format) {
	case OUTPUT_TABLE:
	case OUTPUT_WIDE:
		print_text(table, options, out);
		break;
	case OUTPUT_JSON:
	case OUTPUT_YAML:
		print_data(table, options, out);
		break;
	case OUTPUT_CSV:
		print_csv(table, options, out);
		break;
	case OUTPUT_NAME:
		print_names(table, options, out);
		break;
	}
}

bool colour_is_allowed(int file_descriptor)
{
	const char *terminal = getenv("TERM");

	return isatty(file_descriptor) && !getenv("NO_COLOR") && terminal && *terminal && strcmp(terminal, "dumb") != 0;
}
