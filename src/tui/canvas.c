#include "clusterutils/tui/canvas.h"

#include <stdbool.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/width.h"

enum { JOINER = 0x200D, CODE_POINT_BYTES = 4 };

static int clamp(int value, int most)
{
	if (value < 0)
		return 0;
	return value > most ? most : value;
}

static struct canvas_cell blank_of(enum style style)
{
	return (struct canvas_cell){ .text = " ", .columns = 1, .style = (uint8_t)style };
}

void canvas_init(struct canvas *canvas, int rows, int columns)
{
	*canvas = (struct canvas){ 0 };
	canvas_resize(canvas, rows, columns);
}

void canvas_release(struct canvas *canvas)
{
	memory_auto_free(&canvas->cells);
	*canvas = (struct canvas){ 0 };
}

void canvas_resize(struct canvas *canvas, int rows, int columns)
{
	rows = clamp(rows, CANVAS_MAX_ROWS);
	columns = clamp(columns, CANVAS_MAX_COLUMNS);
	if (rows != canvas->rows || columns != canvas->columns) {
		memory_auto_free(&canvas->cells);
		canvas->cells = NULL;
		if (rows > 0 && columns > 0)
			canvas->cells = memory_new_array((size_t)rows * (size_t)columns, sizeof(*canvas->cells));
	}
	canvas->rows = rows;
	canvas->columns = columns;
	canvas_clear(canvas);
}

void canvas_clear(struct canvas *canvas)
{
	canvas->cursor_row = -1;
	canvas->cursor_column = -1;
	canvas_fill(canvas, canvas_rect(canvas), STYLE_PLAIN);
}

struct rect canvas_rect(const struct canvas *canvas)
{
	return (struct rect){ 0, 0, canvas->rows, canvas->columns };
}

/* Of a row that is there. */
static struct canvas_cell *cells_of(const struct canvas *canvas, int row)
{
	return canvas->cells + (size_t)row * (size_t)canvas->columns;
}

static struct canvas_cell *cell_at(const struct canvas *canvas, int row, int column)
{
	if (!canvas->cells || row < 0 || row >= canvas->rows || column < 0 || column >= canvas->columns)
		return NULL;
	return &cells_of(canvas, row)[column];
}

const struct canvas_cell *canvas_cell(const struct canvas *canvas, int row, int column)
{
	return cell_at(canvas, row, column);
}

/* Makes room for what will stand from `first` to before `end`: a wide character that is partly in there goes, and
 * leaves a blank of its own style in the half that stays. */
static void part_wide(struct canvas *canvas, int row, int first, int end)
{
	struct canvas_cell *start = cell_at(canvas, row, first), *after = cell_at(canvas, row, end);

	if (start && start->columns == 0 && first > 0)
		start[-1] = blank_of(start[-1].style);
	if (after && after->columns == 0)
		*after = blank_of(after->style);
}

static bool is_control(uint32_t code_point)
{
	return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) ||
		(code_point >= 0x2028 && code_point <= 0x202E) || (code_point >= 0x2066 && code_point <= 0x2069);
}

/* As many code points as have room, none that a terminal obeys. False where nothing is left. */
static bool set_text(struct canvas_cell *cell, const char *text, size_t length)
{
	size_t used = 0, without_joiner = 0;
	uint32_t code_point;

	for (size_t at = 0, step; (step = text_decode(text + at, length - at, &code_point)) > 0; at += step) {
		char bytes[CODE_POINT_BYTES];
		size_t size = text_encode(code_point, bytes);

		if (is_control(code_point))
			continue;
		if (used + size >= CANVAS_CELL_BYTES)
			break;
		memcpy(cell->text + used, bytes, size);
		used += size;
		if (code_point != JOINER)
			without_joiner = used;
	}
	memset(cell->text + without_joiner, 0, CANVAS_CELL_BYTES - without_joiner);
	return without_joiner > 0;
}

/* One thing of one or two columns, cut at the canvas' edges. */
static void draw_cluster(
	struct canvas *canvas, int row, int column, int columns, enum style style, const char *text, size_t length)
{
	struct canvas_cell *left = cell_at(canvas, row, column), *right = cell_at(canvas, row, column + 1);
	struct canvas_cell drawn = { .columns = (uint8_t)columns, .style = (uint8_t)style };
	bool is_whole = left && (columns == 1 || right);

	part_wide(canvas, row, column, column + columns);
	if (is_whole && set_text(&drawn, text, length)) {
		*left = drawn;
		if (columns == 2)
			*right = (struct canvas_cell){ .style = (uint8_t)style };
		return;
	}
	/* Half of a wide character would be in sight: that half is blank. */
	if (left)
		*left = blank_of(style);
	if (columns == 2 && right)
		*right = blank_of(style);
}

int canvas_text(struct canvas *canvas, int row, int column, int max_columns, enum style style, const char *text)
{
	size_t length = strlen(text);
	int used = 0, columns;

	for (size_t at = 0; at < length;) {
		size_t step = width_next(text + at, length - at, &columns);

		if (columns > max_columns - used || columns > canvas->columns - column - used)
			break;
		if (columns > 0)
			draw_cluster(canvas, row, column + used, columns, style, text + at, step);
		used += columns;
		at += step;
	}
	return used;
}

int canvas_text_right(struct canvas *canvas, int row, int column, int columns, enum style style, const char *text)
{
	int width = width_of_text(text);

	return canvas_text(canvas, row, width < columns ? column + columns - width : column, columns, style, text);
}

int canvas_text_cut(struct canvas *canvas, int row, int column, int max_columns, enum style style, const char *text,
	const char *ellipsis)
{
	int mark = width_of_text(ellipsis), used;

	if (width_of_text(text) <= max_columns || mark > max_columns)
		return canvas_text(canvas, row, column, max_columns, style, text);
	used = canvas_text(canvas, row, column, max_columns - mark, style, text);
	return used + canvas_text(canvas, row, column + used, mark, style, ellipsis);
}

void canvas_repeat(struct canvas *canvas, int row, int column, int count, enum style style, const char *character)
{
	int first = column < 0 ? 0 : column, end = count > canvas->columns - column ? canvas->columns : column + count;

	for (int at = first; at < end; at++)
		canvas_text(canvas, row, at, 1, style, character);
}

/* What of the rect is on the canvas. */
static struct rect clip(const struct canvas *canvas, struct rect rect)
{
	int row = clamp(rect.row, canvas->rows), column = clamp(rect.column, canvas->columns);
	int hidden_rows = row - rect.row, hidden_columns = column - rect.column;

	return (struct rect){ row, column, clamp(rect.rows - hidden_rows, canvas->rows - row),
		clamp(rect.columns - hidden_columns, canvas->columns - column) };
}

void canvas_fill(struct canvas *canvas, struct rect rect, enum style style)
{
	struct rect inside = clip(canvas, rect);
	struct canvas_cell blank = blank_of(style);

	for (int row = inside.row; row < inside.row + inside.rows; row++) {
		part_wide(canvas, row, inside.column, inside.column + inside.columns);
		for (int column = inside.column; column < inside.column + inside.columns; column++)
			cells_of(canvas, row)[column] = blank;
	}
}

void canvas_restyle(struct canvas *canvas, struct rect rect, enum style style)
{
	struct rect inside = clip(canvas, rect);

	for (int row = inside.row; row < inside.row + inside.rows; row++)
		for (int column = inside.column; column < inside.column + inside.columns; column++) {
			struct canvas_cell *cell = &cells_of(canvas, row)[column];

			cell->style = (uint8_t)style;
			if (cell->columns == 2)
				cell[1].style = (uint8_t)style;
		}
}

void canvas_line_text(const struct canvas *canvas, int row, struct buffer *out)
{
	size_t kept = out->length;

	for (int column = 0; column < canvas->columns; column++) {
		const struct canvas_cell *cell = cell_at(canvas, row, column);

		if (!cell || cell->columns == 0)
			continue;
		buffer_add_text(out, cell->text);
		if (strcmp(cell->text, " ") != 0)
			kept = out->length;
	}
	buffer_cut(out, kept);
}
