/* The screen as a grid of cells: what features draw on, what tests read, and what the terminal is brought up to.
 *
 * Drawing never fails: what is outside the canvas is cut, never half of a wide character is left. Text is clean
 * (util/text.h); a control character that is in it all the same is left out, so no cell can hold one. */
#pragma once

#include <stdint.h>

#include "clusterutils/tui/rect.h"
#include "clusterutils/tui/theme.h"
#include "clusterutils/util/buffer.h"

enum { CANVAS_CELL_BYTES = 14, CANVAS_MAX_ROWS = 1000, CANVAS_MAX_COLUMNS = 2000 };

struct canvas_cell {
	/* A character with its marks, in UTF-8; " " where nothing was drawn. What takes more bytes (emoji joined to
	 * one) is held by its first character and as many of the rest as have room. */
	char text[CANVAS_CELL_BYTES];
	uint8_t columns; /* 1, 2, or 0 for the right half of a wide character: its text is empty */
	uint8_t style;   /* enum style */
};

struct canvas {
	int rows, columns;
	struct canvas_cell *cells;     /* row by row; NULL of a canvas without rows or columns */
	int cursor_row, cursor_column; /* where the terminal's cursor is shown; -1 hides it */
};

/* Blank. Sizes are bound by CANVAS_MAX_ROWS and CANVAS_MAX_COLUMNS; negative ones count as 0. */
void canvas_init(struct canvas *canvas, int rows, int columns);
void canvas_release(struct canvas *canvas);
void canvas_resize(
	struct canvas *canvas, int rows, int columns); /* blank afterwards, even where the size is the same */
void canvas_clear(struct canvas *canvas);              /* blanks of STYLE_PLAIN, no cursor */

struct rect canvas_rect(const struct canvas *canvas); /* all of it */

/* NULL outside. */
const struct canvas_cell *canvas_cell(const struct canvas *canvas, int row, int column);

/* Draws as much of the text as fits max_columns and the canvas; returns the columns it took. A negative column cuts the
 * text's beginning. */
int canvas_text(struct canvas *canvas, int row, int column, int max_columns, enum style style, const char *text);

/* The same so that the text ends where `columns` end; a longer one is cut at its end. Blanks in front are not drawn. */
int canvas_text_right(struct canvas *canvas, int row, int column, int columns, enum style style, const char *text);

/* Draws the text; where it does not fit, its end gives way to the ellipsis. */
int canvas_text_cut(struct canvas *canvas, int row, int column, int max_columns, enum style style, const char *text,
	const char *ellipsis);

/* One character, of one column, `count` times. */
void canvas_repeat(struct canvas *canvas, int row, int column, int count, enum style style, const char *character);

void canvas_fill(struct canvas *canvas, struct rect rect, enum style style);    /* with blanks */
void canvas_restyle(struct canvas *canvas, struct rect rect, enum style style); /* keeps the text */

/* Adds a row's text without the blanks at its end: for tests and snapshots. */
void canvas_line_text(const struct canvas *canvas, int row, struct buffer *out);

#define AUTO_CANVAS CLEANUP(canvas_release) struct canvas
