#include "cell.h"
#include "clusterutils/util/document.h"
#include "printers.h"

static void write_value(struct document *document, const char *key, int64_t value, bool is_milli)
{
	if (value_is_known(value) && is_milli)
		document_milli(document, key, value);
	else if (value_is_known(value))
		document_number(document, key, value);
	else
		document_null(document, key);
}

static void write_parts(struct document *document, const char *key, const struct cell *cell)
{
	const struct cell_parts *parts = cell_parts(cell->type);

	document_begin_object(document, key);
	for (size_t i = 0; i < parts->count; i++)
		write_value(document, cell_part_name(parts->items[i]), cell_part_as_data(cell, parts->items[i]),
			cell_is_milli(cell->type));
	if (cell->estimated)
		document_flag(document, "estimated", true);
	document_end(document);
}

/* Most nodes have no meter: one null says so. */
static void write_power(struct document *document, const char *key, const struct cell *cell)
{
	if (value_is_known(cell->as.power.watts) || value_is_known(cell->as.power.cost))
		write_parts(document, key, cell);
	else
		document_null(document, key);
}

static void write_level(struct document *document, const char *key, const struct pressure_level *level)
{
	document_begin_object(document, key);
	write_value(document, "avg10", level->avg10, true);
	write_value(document, "avg60", level->avg60, true);
	write_value(document, "avg300", level->avg300, true);
	write_value(document, "total", level->total, false);
	document_end(document);
}

static void write_pressure(struct document *document, const char *key, const struct pressure *pressure)
{
	document_begin_object(document, key);
	for (int i = 0; i < PRESSURE_RESOURCES; i++) {
		document_begin_object(document, pressure_resource_text((enum pressure_resource)i));
		write_level(document, "some", &pressure->of[i].some);
		write_level(document, "full", &pressure->of[i].full);
		document_end(document);
	}
	document_end(document);
}

static void write_list(struct document *document, const char *key, const struct cell *cell)
{
	document_begin_array(document, key);
	for (size_t i = 0; i < cell->as.list.count; i++)
		document_text(document, NULL, cell->as.list.items[i]);
	document_end(document);
}

/* A number has no object of its own to hold the word. */
static void write_estimated(struct document *document, const char *key, struct buffer *scratch)
{
	buffer_clear(scratch);
	buffer_printf(scratch, "%s_estimated", key);
	document_flag(document, buffer_text(scratch), true);
}

static void write_cell(struct document *document, const char *key, const struct cell *cell, struct buffer *scratch)
{
	char timestamp[TIMESTAMP_SIZE];

	switch (cell->type) {
	case CELL_NONE:
	case CELL_UNKNOWN:
		document_null(document, key);
		break;
	case CELL_TEXT:
		document_text(document, key, cell->as.text);
		break;
	case CELL_LIST:
		write_list(document, key, cell);
		break;
	case CELL_FLAG:
		document_flag(document, key, cell->as.flag);
		break;
	case CELL_TIME:
		document_text(document, key, cell_timestamp(cell, timestamp));
		break;
	case CELL_NUMBER:
	case CELL_BYTES:
	case CELL_CPU:
	case CELL_WATTS:
	case CELL_ENERGY:
	case CELL_MONEY:
		write_value(document, key, cell_number_as_data(cell), cell_is_milli(cell->type));
		break;
	case CELL_COUNT:
	case CELL_SHARE:
	case CELL_PERCENT:
	case CELL_AMOUNT:
		write_parts(document, key, cell);
		return;
	case CELL_POWER:
		write_power(document, key, cell);
		return;
	case CELL_PRESSURE:
		write_pressure(document, key, cell->as.pressure);
		return;
	}
	if (cell->estimated)
		write_estimated(document, key, scratch);
}

static void write_row(struct document *document, const char *key, const struct table *table, const struct row *row)
{
	AUTO_BUFFER scratch = { 0 };
	AUTO_ARENA made = { 0 };

	document_begin_object(document, key);
	for (size_t i = 0; i < table->column_count; i++) {
		struct cell cell;

		if (!column_is_data_of(&table->columns[i], row->kind))
			continue;
		cell = row_cell(row, i, &made);
		write_cell(document, table->columns[i].key, &cell, &scratch);
	}
	document_end(document);
}

static void write_rows(struct document *document, const char *key, const struct table *table, enum row_kind kind)
{
	document_begin_array(document, key);
	for (size_t i = 0; i < table->row_count; i++)
		if (table->rows[i].kind == kind)
			write_row(document, NULL, table, &table->rows[i]);
	document_end(document);
}

static void write_total(struct document *document, const struct table *table)
{
	for (size_t i = 0; i < table->row_count; i++) {
		if (table->rows[i].kind == ROW_TOTAL) {
			write_row(document, table->total_key, table, &table->rows[i]);
			return;
		}
	}
	document_null(document, table->total_key);
}

static void write_sources(struct document *document, const struct table *table)
{
	document_begin_object(document, "sources");
	for (size_t i = 0; i < table->source_count; i++) {
		const struct source *source = &table->sources[i];

		document_begin_object(document, source->name);
		document_text(document, "state", source->state);
		document_text(document, "error", source->error);
		write_value(document, "age", source->age, false);
		document_end(document);
	}
	document_end(document);
}

void print_data(const struct table *table, const struct print_options *options, struct buffer *out)
{
	struct document document;

	document_init(&document, options->format == OUTPUT_JSON ? DOCUMENT_JSON : DOCUMENT_YAML, out);
	document_begin_object(&document, NULL);
	document_text(&document, "apiVersion", "clusterutils/v1");
	document_text(&document, "kind", table->kind);
	write_rows(&document, "items", table, ROW_ITEM);
	if (table->group_key)
		write_rows(&document, table->group_key, table, ROW_GROUP);
	if (table->total_key)
		write_total(&document, table);
	write_sources(&document, table);
	document_end(&document);
	document_finish(&document);
}
