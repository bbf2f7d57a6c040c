#include "clusterutils/tui/canvas.h"

#include <limits.h>
#include <string.h>

#include "clusterutils/util/width.h"
#include "suite.h"

#define WIDE   "\u4E2D"
#define FAMILY "\U0001F469\u200D\U0001F469\u200D\U0001F467"

static const char *line_of(const struct canvas *canvas, int row)
{
	static struct buffer line;

	buffer_clear(&line);
	canvas_line_text(canvas, row, &line);
	return buffer_text(&line);
}

static const struct {
	int column, max_columns;
	const char *text;
	int used;
	const char *line;
} texts[] = {
	{ 0, 10, "node", 4, "node" },
	{ 2, 10, "node", 4, "  node" },
	{ 0, 3, "node", 3, "nod" },
	{ 0, 0, "node", 0, "" },
	{ 0, -4, "node", 0, "" },
	{ 8, 10, "node", 2, "        no" },
	{ 10, 10, "node", 0, "" },
	{ INT_MAX, 10, "node", 0, "" },
	{ -2, 10, "node", 4, "de" },
	{ -9, 10, "node", 4, "" },
	{ 0, 3, WIDE WIDE, 2, WIDE },
	{ 9, 9, WIDE, 0, "" },        /* half of it is outside */
	{ -1, 9, WIDE "a", 3, " a" }, /* half of it is cut */
	{ 0, 10, "gr\u00FC\u00DFe", 5, "gr\u00FC\u00DFe" },
	{ 0, 10, "u\u0308b", 2, "u\u0308b" },
	{ 0, 10, "\u0308b", 1, "b" }, /* a mark on nothing */
	{ 0, 10, "a\x1B[31mb", 6, "a[31mb" },
	{ 0, 10, "a\u202Eb", 2, "ab" },
	{ 0, 10, "\xFF", 1, "\uFFFD" },
	{ 0, 10, FAMILY "x", 3, "\U0001F469\u200D\U0001F469x" },
};

START_TEST(text_is_cut_by_columns)
{
	AUTO_CANVAS canvas = { 0 };

	canvas_init(&canvas, 3, 10);
	ck_assert_int_eq(canvas_text(&canvas, 1, texts[_i].column, texts[_i].max_columns, STYLE_BAD, texts[_i].text),
		texts[_i].used);
	ck_assert_str_eq(line_of(&canvas, 1), texts[_i].line);
	ck_assert_str_eq(line_of(&canvas, 0), "");
	ck_assert_str_eq(line_of(&canvas, 2), "");
}
END_TEST

START_TEST(rows_outside_are_not_drawn)
{
	AUTO_CANVAS canvas = { 0 };

	canvas_init(&canvas, 1, 4);
	canvas_text(&canvas, -1, 0, 4, STYLE_PLAIN, "a");
	canvas_text(&canvas, 1, 0, 4, STYLE_PLAIN, "b");
	canvas_text(&canvas, INT_MAX, 0, 4, STYLE_PLAIN, "c");
	ck_assert_str_eq(line_of(&canvas, 0), "");
	ck_assert_ptr_null(canvas_cell(&canvas, 0, 4));
	ck_assert_ptr_null(canvas_cell(&canvas, -1, 0));
}
END_TEST

START_TEST(overwriting_half_of_a_wide_character_blanks_the_other)
{
	AUTO_CANVAS canvas = { 0 };

	canvas_init(&canvas, 1, 8);
	canvas_text(&canvas, 0, 0, 8, STYLE_GOOD, WIDE WIDE WIDE);
	canvas_text(&canvas, 0, 1, 2, STYLE_BAD, "ab");
	ck_assert_str_eq(line_of(&canvas, 0), " ab " WIDE);
	ck_assert_int_eq(canvas_cell(&canvas, 0, 0)->style, STYLE_GOOD);
	ck_assert_int_eq(canvas_cell(&canvas, 0, 3)->style, STYLE_GOOD);
	canvas_text(&canvas, 0, 3, 2, STYLE_BAD, WIDE);
	ck_assert_str_eq(line_of(&canvas, 0), " ab" WIDE);
	canvas_fill(&canvas, (struct rect){ 0, 4, 1, 1 }, STYLE_BAD);
	ck_assert_str_eq(line_of(&canvas, 0), " ab");
}
END_TEST

START_TEST(text_at_the_right_ends_where_it_should)
{
	AUTO_CANVAS canvas = { 0 };

	canvas_init(&canvas, 3, 10);
	ck_assert_int_eq(canvas_text_right(&canvas, 0, 2, 6, STYLE_PLAIN, "12%"), 3);
	canvas_text_right(&canvas, 1, 2, 6, STYLE_PLAIN, "1234567");
	canvas_text_right(&canvas, 2, 2, 6, STYLE_PLAIN, WIDE);
	ck_assert_str_eq(line_of(&canvas, 0), "     12%");
	ck_assert_str_eq(line_of(&canvas, 1), "  123456");
	ck_assert_str_eq(line_of(&canvas, 2), "      " WIDE);
}
END_TEST

static const struct {
	const char *text;
	int columns;
	const char *line;
} cuts[] = { { "corellia", 8, "corellia" }, { "corellia", 7, "corell~" }, { "corellia", 1, "~" }, { "corellia", 0, "" },
	{ WIDE WIDE, 3, WIDE "~" }, { WIDE WIDE, 2, "~" } };

START_TEST(a_cut_text_says_so)
{
	AUTO_CANVAS canvas = { 0 };

	canvas_init(&canvas, 1, 20);
	ck_assert_int_le(
		canvas_text_cut(&canvas, 0, 0, cuts[_i].columns, STYLE_PLAIN, cuts[_i].text, "~"), cuts[_i].columns);
	ck_assert_str_eq(line_of(&canvas, 0), cuts[_i].line);
}
END_TEST

START_TEST(restyling_keeps_the_text)
{
	AUTO_CANVAS canvas = { 0 };

	canvas_init(&canvas, 2, 6);
	canvas_text(&canvas, 0, 0, 6, STYLE_GOOD, "a" WIDE "bc");
	canvas_restyle(&canvas, (struct rect){ 0, 1, 9, 1 }, STYLE_SELECTED);
	ck_assert_str_eq(line_of(&canvas, 0), "a" WIDE "bc");
	ck_assert_int_eq(canvas_cell(&canvas, 0, 0)->style, STYLE_GOOD);
	ck_assert_int_eq(canvas_cell(&canvas, 0, 1)->style, STYLE_SELECTED);
	ck_assert_int_eq(canvas_cell(&canvas, 0, 2)->style, STYLE_SELECTED); /* the right half goes with it */
	ck_assert_int_eq(canvas_cell(&canvas, 0, 3)->style, STYLE_GOOD);
	ck_assert_int_eq(canvas_cell(&canvas, 1, 1)->style, STYLE_SELECTED);
}
END_TEST

START_TEST(sizes_are_bound)
{
	AUTO_CANVAS canvas = { 0 };

	canvas_init(&canvas, INT_MAX, 3);
	ck_assert_int_eq(canvas.rows, CANVAS_MAX_ROWS);
	canvas_text(&canvas, 0, 0, 3, STYLE_PLAIN, "abc");
	canvas_resize(&canvas, -1, 5);
	ck_assert_int_eq(canvas.rows, 0);
	canvas_text(&canvas, 0, 0, 3, STYLE_PLAIN, "abc");
	canvas_fill(&canvas, (struct rect){ -3, -3, 99, 99 }, STYLE_BAD);
	canvas_resize(&canvas, 2, 5);
	canvas_text(&canvas, 0, 0, 3, STYLE_PLAIN, "abc");
	canvas.cursor_row = 1;
	canvas_resize(&canvas, 2, 5);
	ck_assert_str_eq(line_of(&canvas, 0), "");
	ck_assert_int_eq(canvas.cursor_row, -1);
}
END_TEST

/* Of whatever was drawn: a wide character has its right half, and no half is without its left. */
START_TEST(no_drawing_leaves_half_a_character)
{
	static const char *const parts[] = { "a", WIDE, "u\u0308", FAMILY, "\U0001F1E9\U0001F1EA", "\u200D", "\x1B",
		" ", "\u0308", "\u2764\uFE0F\u200D\U0001F525" };
	enum { COLUMNS = 12, PARTS = sizeof(parts) / sizeof(parts[0]) };
	AUTO_CANVAS canvas = { 0 };
	uint32_t state = 42;

	canvas_init(&canvas, 1, COLUMNS);
	for (int round = 0; round < 20000; round++) {
		AUTO_BUFFER text = { 0 };
		int column, used, columns = 0;

		for (int i = 0; i < 5; i++) {
			state = state * 1664525 + 1013904223;
			buffer_add_text(&text, parts[(state >> 16) % PARTS]);
		}
		column = (int)(state >> 8) % 20 - 6;
		used = canvas_text(&canvas, 0, column, (int)(state >> 20) % 8, STYLE_PLAIN, buffer_text(&text));
		ck_assert_int_le(used, 7);
		ck_assert_int_le(used, width_of_text(buffer_text(&text)));
		if (round % 3 == 0)
			canvas_fill(&canvas, (struct rect){ 0, column, 1, 1 }, STYLE_PLAIN);
		for (int at = 0; at < COLUMNS; at++) {
			const struct canvas_cell *cell = canvas_cell(&canvas, 0, at);

			ck_assert_uint_lt(strlen(cell->text), CANVAS_CELL_BYTES);
			ck_assert(!strchr(cell->text, '\x1B'));
			if (cell->columns == 2)
				ck_assert_int_eq(canvas_cell(&canvas, 0, at + 1)->columns, 0);
			if (cell->columns == 0)
				ck_assert_int_eq(canvas_cell(&canvas, 0, at - 1)->columns, 2);
			ck_assert_int_eq(cell->columns == 0, cell->text[0] == '\0');
			columns += cell->columns;
		}
		ck_assert_int_eq(columns, COLUMNS);
	}
}
END_TEST

TEST_MAIN("tui/canvas", TEST_TABLE(text_is_cut_by_columns, texts), TEST(rows_outside_are_not_drawn),
	TEST(overwriting_half_of_a_wide_character_blanks_the_other), TEST(text_at_the_right_ends_where_it_should),
	TEST_TABLE(a_cut_text_says_so, cuts), TEST(restyling_keeps_the_text), TEST(sizes_are_bound),
	TEST(no_drawing_leaves_half_a_character))
