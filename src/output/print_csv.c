/* Comma-separated values: RFC 4180, but lines end in LF alone. */
#include <string.h>

#include "cell.h"
#include "clusterutils/util/memory.h"
#include "printers.h"

struct csv_printer {
	const struct table *table;
	struct buffer *out;
	const struct column_order *order; /* NULL for all */
	enum cell_type *types;            /* of the columns */
	bool has_field;                   /* the line was begun */
};

static void add_field(struct csv_printer *printer, const char *text)
{
	if (printer->has_field)
		buffer_add_char(printer->out, ',');
	printer->has_field = true;
	if (!strpbrk(text, ",\"\r\n")) {
		buffer_add_text(printer->out, text);
		return;
	}
	buffer_add_char(printer->out, '"');
	for (; *text; text++) {
		if (*text == '"')
			buffer_add_char(printer->out, '"');
		buffer_add_char(printer->out, *text);
	}
	buffer_add_char(printer->out, '"');
}

static void add_value(struct csv_printer *printer, int64_t value, bool is_milli)
{
	add_field(printer, "");
	if (value_is_known(value) && is_milli)
		buffer_add_milli(printer->out, value);
	else if (value_is_known(value))
		buffer_add_number(printer->out, value);
}

static void end_line(struct csv_printer *printer)
{
	buffer_add_char(printer->out, '\n');
	printer->has_field = false;
}

static void add_list(struct csv_printer *printer, const struct cell *cell)
{
	AUTO_BUFFER joined = { 0 };

	for (size_t i = 0; i < cell->as.list.count; i++) {
		if (i > 0)
			buffer_add_char(&joined, ';');
		buffer_add_text(&joined, cell->as.list.items[i]);
	}
	add_field(printer, buffer_text(&joined));
}

static void add_single(struct csv_printer *printer, const struct cell *cell)
{
	char timestamp[TIMESTAMP_SIZE];
	const char *text = "";

	switch (cell->type) {
	case CELL_NUMBER:
	case CELL_BYTES:
	case CELL_CPU:
	case CELL_WATTS:
	case CELL_ENERGY:
	case CELL_MONEY:
		add_value(printer, cell_number_as_data(cell), cell_is_milli(cell->type));
		return;
	case CELL_LIST:
		add_list(printer, cell);
		return;
	case CELL_TEXT:
		text = cell->as.text;
		break;
	case CELL_FLAG:
		text = cell->as.flag ? "true" : "false";
		break;
	case CELL_TIME:
		text = cell_timestamp(cell, timestamp);
		break;
	default:
		break; /* unknown, or not what its column holds */
	}
	add_field(printer, text ? text : "");
}

static void add_cell(struct csv_printer *printer, const struct cell *cell, enum cell_type type)
{
	const struct cell_parts *parts = cell_parts(type);

	if (parts->count == 0)
		add_single(printer, cell);
	for (size_t i = 0; i < parts->count; i++)
		add_value(printer, cell_part_as_data(cell, parts->items[i]), cell_is_milli(type));
}

static void add_header(struct csv_printer *printer, const char *key, enum cell_type type)
{
	const struct cell_parts *parts = cell_parts(type);
	AUTO_BUFFER name = { 0 };

	if (parts->count == 0)
		add_field(printer, key);
	for (size_t i = 0; i < parts->count; i++) {
		buffer_clear(&name);
		buffer_printf(&name, "%s_%s", key, cell_part_name(parts->items[i]));
		add_field(printer, buffer_text(&name));
	}
}

static void print_line(struct csv_printer *printer, const struct row *row)
{
	size_t count = printer->order ? printer->order->count : printer->table->column_count;
	AUTO_ARENA made = { 0 };

	for (size_t i = 0; i < count; i++) {
		size_t at = printer->order ? printer->order->items[i] : i;
		const struct column *column = &printer->table->columns[at];
		struct cell cell;

		if (!column_is_data_of(column, ROW_ITEM))
			continue;
		if (!row) {
			add_header(printer, column->key, printer->types[at]);
			continue;
		}
		cell = row_cell(row, at, &made);
		add_cell(printer, &cell, printer->types[at]);
	}
	end_line(printer);
}

void print_csv(const struct table *table, const struct print_options *options, struct buffer *out)
{
	struct csv_printer printer = { .table = table, .out = out, .order = options->columns };

	printer.types = memory_new_array(table->column_count, sizeof(*printer.types));
	for (size_t i = 0; i < table->column_count; i++)
		printer.types[i] = table_column_type(table, i);
	if (!options->no_headers)
		print_line(&printer, NULL);
	for (size_t i = 0; i < table->row_count; i++)
		if (table->rows[i].kind == ROW_ITEM)
			print_line(&printer, &table->rows[i]);
	memory_auto_free(&printer.types);
}
