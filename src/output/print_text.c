#include <string.h>

#include "cell.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/width.h"
#include "printers.h"

enum {
	GAP = 3, /* between columns, as kubectl has it */
	INDENT = 2,
	/* A cell that is wider does not widen its column: one long message must not pad every row. */
	WIDEST_COLUMN = 200,
	LEAST_LAST_COLUMN = 30, /* what is enough of a last column whose text may be cut */
};

static const char sgr_reset[] = "\33[0m";
static const char *const sgr_of_role[] = {
	[ROLE_PLAIN] = "",
	[ROLE_GOOD] = "\33[32m",
	[ROLE_WARNING] = "\33[33m",
	[ROLE_BAD] = "\33[31m",
	[ROLE_MUTED] = "\33[2m",
	[ROLE_STRONG] = "\33[1m",
};

struct text_column {
	const struct column *column;
	size_t index;
	int width;
	int most; /* longer text is cut; 0 for no bound */
};

struct text_printer {
	const struct table *table;
	const struct print_options *options;
	struct buffer *out;
	struct buffer scratch; /* the text of the cell at hand */
	struct arena made;     /* what lazy rows make for it */
	size_t blanks;         /* that stand before the next text of the line, if there is one */
	struct text_column *columns;
	size_t count;
};

static void choose_columns(struct text_printer *printer)
{
	const struct table *table = printer->table;
	const struct column_order *order = printer->options->columns;

	for (size_t i = 0; order && i < order->count; i++)
		printer->columns[printer->count++] =
			(struct text_column){ &table->columns[order->items[i]], order->items[i], 0, 0 };
	for (size_t i = 0; !order && i < table->column_count; i++) {
		unsigned flags = table->columns[i].flags;

		if (flags & COLUMN_DATA || (flags & COLUMN_WIDE && printer->options->format != OUTPUT_WIDE))
			continue;
		printer->columns[printer->count++] = (struct text_column){ &table->columns[i], i, 0, 0 };
	}
}

/* Until the next one. */
static const char *cell_text_of(
	struct text_printer *printer, const struct row *row, const struct text_column *column, enum role *ret_role)
{
	struct cell cell;

	arena_reset(&printer->made);
	cell = row_cell(row, column->index, &printer->made);
	*ret_role = cell.role;
	return cell_view(&cell, column->column, printer->options->now, &printer->scratch);
}

static int indent_of(const struct text_printer *printer, const struct row *row, const struct text_column *column)
{
	return column == printer->columns ? INDENT * row->depth : 0;
}

static void widen(struct text_column *column, int width)
{
	if (width > column->width && width <= WIDEST_COLUMN)
		column->width = width;
}

static void measure(struct text_printer *printer)
{
	const struct table *table = printer->table;

	for (size_t i = 0; i < printer->count && !printer->options->no_headers; i++)
		widen(&printer->columns[i], width_of_text(printer->columns[i].column->header));
	for (size_t i = 0; i < table->row_count; i++) {
		const struct row *row = &table->rows[i];

		for (size_t j = 0; j < printer->count; j++) {
			struct text_column *column = &printer->columns[j];
			enum role ignored;
			const char *text = cell_text_of(printer, row, column, &ignored);

			widen(column, indent_of(printer, row, column) + width_of_text(text));
		}
	}
}

static bool may_be_cut(const struct text_printer *printer, const struct text_column *column)
{
	return column == &printer->columns[printer->count - 1] && !(column->column->flags & COLUMN_RIGHT);
}

static int width_of_line(const struct text_printer *printer)
{
	int width = 0;

	for (size_t i = 0; i < printer->count; i++) {
		const struct text_column *column = &printer->columns[i];

		width += may_be_cut(printer, column) && column->width > LEAST_LAST_COLUMN ? LEAST_LAST_COLUMN
											  : column->width;
		width += i ? GAP : 0;
	}
	return width;
}

/* Of equal priority the one further right goes first. */
static size_t least_important(const struct text_printer *printer)
{
	size_t found = 0;

	for (size_t i = 1; i < printer->count; i++)
		if (printer->columns[i].column->priority >= printer->columns[found].column->priority)
			found = i;
	return found;
}

/* To what is left of the line; where that is too little, the text runs over. */
static void cut_last_column(struct text_printer *printer)
{
	struct text_column *last = &printer->columns[printer->count - 1];
	int left = printer->options->width;

	for (const struct text_column *column = printer->columns; column < last; column++)
		left -= column->width + GAP;
	if (may_be_cut(printer, last) && left >= LEAST_LAST_COLUMN && last->width > left)
		last->width = last->most = left;
}

static void fit(struct text_printer *printer)
{
	if (printer->options->format == OUTPUT_WIDE || printer->options->width <= 0)
		return;
	while (!printer->options->columns && width_of_line(printer) > printer->options->width) {
		size_t gone = least_important(printer);

		if (printer->columns[gone].column->priority == 0)
			break;
		printer->count--;
		memmove(&printer->columns[gone], &printer->columns[gone + 1],
			(printer->count - gone) * sizeof(*printer->columns));
	}
	cut_last_column(printer);
}

/* Blanks at the end of a text wait for what follows on the line, like all others. */
static void add_text(struct text_printer *printer, const char *text, enum role role)
{
	const char *sgr = printer->options->colour ? sgr_of_role[role] : "";
	size_t length = strlen(text), trailing = 0;

	while (trailing < length && text[length - trailing - 1] == ' ')
		trailing++;
	length -= trailing;
	if (length > 0) {
		buffer_add_repeated(printer->out, ' ', printer->blanks);
		buffer_add_text(printer->out, sgr);
		buffer_add(printer->out, text, length);
		buffer_add_text(printer->out, *sgr ? sgr_reset : "");
		printer->blanks = 0;
	}
	printer->blanks += trailing;
}

static void add_aligned(
	struct text_printer *printer, const struct text_column *column, const char *text, int indent, enum role role)
{
	int padding = column->width - indent - width_of_text(text);
	size_t blanks = padding > 0 ? (size_t)padding : 0;
	bool right = column->column->flags & COLUMN_RIGHT;

	printer->blanks += (size_t)indent + (column > printer->columns ? GAP : 0) + (right ? blanks : 0);
	add_text(printer, text, role);
	printer->blanks += right ? 0 : blanks;
}

static void end_line(struct text_printer *printer)
{
	buffer_add_char(printer->out, '\n');
	printer->blanks = 0;
}

static void print_head(struct text_printer *printer)
{
	const struct table *table = printer->table;

	for (size_t i = 0; i < table->summary_count; i++) {
		add_text(printer, table->summary[i], ROLE_PLAIN);
		end_line(printer);
	}
	for (size_t i = 0; i < printer->count; i++)
		add_aligned(printer, &printer->columns[i], printer->columns[i].column->header, 0, ROLE_PLAIN);
	end_line(printer);
}

static void print_row(struct text_printer *printer, const struct row *row)
{
	for (size_t i = 0; i < printer->count; i++) {
		const struct text_column *column = &printer->columns[i];
		enum role role;
		const char *text = cell_text_of(printer, row, column, &role);
		AUTO_BUFFER cut = { 0 };

		if (column->most && width_of_text(text) > column->most) {
			buffer_add(&cut, text, width_fit(text, column->most - (int)strlen("...")));
			buffer_add_text(&cut, "...");
			text = buffer_text(&cut);
		}
		add_aligned(printer, column, text, indent_of(printer, row, column), role);
	}
	end_line(printer);
}

void print_text(const struct table *table, const struct print_options *options, struct buffer *out)
{
	struct text_printer printer = { .table = table, .options = options, .out = out };

	printer.columns = memory_new_array(table->column_count, sizeof(*printer.columns));
	choose_columns(&printer);
	measure(&printer);
	fit(&printer);
	if (!options->no_headers)
		print_head(&printer);
	for (size_t i = 0; i < table->row_count; i++)
		print_row(&printer, &table->rows[i]);
	memory_auto_free(&printer.columns);
	buffer_release(&printer.scratch);
	arena_release(&printer.made);
}
