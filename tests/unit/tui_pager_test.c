#include "clusterutils/tui/pager.h"

#include <stdio.h>
#include <string.h>

#include "clusterutils/tui/input.h"
#include "suite.h"

enum { ROWS = 6, COLUMNS = 24 };

static const char *line_of(const struct canvas *canvas, int row)
{
	static struct buffer line;

	buffer_clear(&line);
	canvas_line_text(canvas, row, &line);
	return buffer_text(&line);
}

static void fill(struct pager *pager, int lines)
{
	pager_init(pager, "Node corellia");
	for (int i = 0; i < lines; i++) {
		char text[64];

		snprintf(text, sizeof(text), "line %02d%s", i, i % 10 == 3 ? " Taint here, taint" : "");
		pager_add(pager, i == 1 ? ROLE_BAD : ROLE_PLAIN, text);
	}
}

static enum pager_answer type(struct pager *pager, const char *keys)
{
	char copy[256], *rest = copy, *word;
	enum pager_answer answer = PAGER_UNUSED;

	strcpy(copy, keys);
	while ((word = strsep(&rest, " ")) != NULL)
		answer = pager_key(pager, key_parse(word));
	return answer;
}

static void draw(struct canvas *canvas, struct pager *pager)
{
	canvas_init(canvas, ROWS, COLUMNS);
	pager_draw(canvas, canvas_rect(canvas), pager, glyphs_find(false, true));
}

START_TEST(a_page_has_title_and_place)
{
	AUTO_CANVAS canvas = { 0 };
	struct pager pager;

	fill(&pager, 30);
	draw(&canvas, &pager);
	ck_assert_str_eq(line_of(&canvas, 0), "Node corellia     1-5/30");
	ck_assert_str_eq(line_of(&canvas, 1), "line 00");
	ck_assert_str_eq(line_of(&canvas, 5), "line 04");
	ck_assert_int_eq(canvas_cell(&canvas, 0, 0)->style, STYLE_HEADER);
	ck_assert_int_eq(canvas_cell(&canvas, 2, 0)->style, STYLE_BAD);
	pager_release(&pager);
}
END_TEST

static const struct {
	const char *keys;
	enum pager_answer answer;
	size_t top;
	int left;
} cases[] = {
	{ "Down", PAGER_USED, 1, 0 },
	{ "j j k", PAGER_USED, 1, 0 },
	{ "Up", PAGER_USED, 0, 0 },
	{ "PgDn", PAGER_USED, 4, 0 },
	{ "Space PgUp", PAGER_USED, 0, 0 },
	{ "End", PAGER_USED, 25, 0 },
	{ "G", PAGER_USED, 25, 0 },
	{ "G Down PgDn", PAGER_USED, 25, 0 },
	{ "G g", PAGER_USED, 0, 0 },
	{ "End Home", PAGER_USED, 0, 0 },
	{ "Right", PAGER_USED, 0, 1 }, /* as far as the widest line goes */
	{ "Right Right Left", PAGER_USED, 0, 0 },
	{ "q", PAGER_LEFT, 0, 0 },
	{ "Esc", PAGER_LEFT, 0, 0 },
	{ "F10", PAGER_LEFT, 0, 0 },
	{ "x", PAGER_UNUSED, 0, 0 },
	{ "n", PAGER_USED, 0, 0 },
	{ "/ t a i n t", PAGER_USED, 0, 0 },
	{ "/ t a i n t Enter n", PAGER_USED, 11, 0 },
	{ "/ t a i n t Enter n F3", PAGER_USED, 21, 0 },
	{ "/ t a i n t Enter n n n", PAGER_USED, 1, 0 }, /* around */
	{ "/ t a i n t Enter N", PAGER_USED, 21, 0 },
	{ "/ 2 9", PAGER_USED, 25, 0 },
	{ "/ q q", PAGER_USED, 0, 0 },
	{ "/ q q Backspace Esc q", PAGER_LEFT, 0, 0 },
	{ "G / 0 0 Enter", PAGER_USED, 0, 0 },
};

START_TEST(keys_move)
{
	AUTO_CANVAS canvas = { 0 };
	struct pager pager;

	fill(&pager, 30);
	draw(&canvas, &pager);
	ck_assert_int_eq(type(&pager, cases[_i].keys), cases[_i].answer);
	ck_assert_uint_eq(pager.top, cases[_i].top);
	ck_assert_int_eq(pager.left, cases[_i].left);
	pager_release(&pager);
}
END_TEST

START_TEST(matches_are_marked)
{
	AUTO_CANVAS canvas = { 0 };
	struct pager pager;

	fill(&pager, 30);
	draw(&canvas, &pager);
	type(&pager, "/ t a i n t");
	canvas_release(&canvas);
	draw(&canvas, &pager);
	ck_assert_str_eq(line_of(&canvas, 5), "Search: taint");
	ck_assert_int_eq(canvas.cursor_row, 5);
	ck_assert_str_eq(line_of(&canvas, 4), "line 03 Taint here, tain");
	ck_assert_int_eq(canvas_cell(&canvas, 4, 7)->style, STYLE_PLAIN);
	ck_assert_int_eq(canvas_cell(&canvas, 4, 8)->style, STYLE_MATCH);
	ck_assert_int_eq(canvas_cell(&canvas, 4, 12)->style, STYLE_MATCH);
	ck_assert_int_eq(canvas_cell(&canvas, 4, 13)->style, STYLE_PLAIN);
	ck_assert_int_eq(canvas_cell(&canvas, 4, 23)->style, STYLE_MATCH);
	type(&pager, "x");
	canvas_release(&canvas);
	draw(&canvas, &pager);
	ck_assert_str_eq(line_of(&canvas, 5), "Not found: taintx");
	ck_assert_int_eq(canvas_cell(&canvas, 5, 0)->style, STYLE_PROMPT_FAILED);
	type(&pager, "Enter");
	canvas_release(&canvas);
	draw(&canvas, &pager);
	ck_assert_int_eq(canvas.cursor_row, -1);
	pager_release(&pager);
}
END_TEST

START_TEST(scrolled_sideways_columns_stay_in_line)
{
	AUTO_CANVAS canvas = { 0 };
	struct pager pager;

	pager_init(&pager, "");
	pager_add(&pager, ROLE_PLAIN, "0123456789abcdef0123456789abcdef");
	pager_add(&pager, ROLE_PLAIN, "012345\u4E2D\u4E2Dabcdef");
	pager_add(&pager, ROLE_PLAIN, "0123456\u4E2Dxy");
	pager_add(&pager, ROLE_PLAIN, "short");
	draw(&canvas, &pager);
	type(&pager, "Right");
	canvas_release(&canvas);
	draw(&canvas, &pager);
	ck_assert_str_eq(line_of(&canvas, 1), "89abcdef0123456789abcdef");
	ck_assert_str_eq(line_of(&canvas, 2), "\u4E2Dabcdef");
	ck_assert_str_eq(line_of(&canvas, 3), " xy"); /* half of the wide one is cut */
	ck_assert_str_eq(line_of(&canvas, 4), "");
	pager_release(&pager);
}
END_TEST

START_TEST(foreign_text_is_scrubbed_and_cut_into_lines)
{
	struct pager pager;

	pager_init(&pager, "YAML");
	pager_add_text(&pager, ROLE_PLAIN, "a:\r\n\tb\x1B[31m\n\nab\tc");
	ck_assert_uint_eq(pager.count, 4);
	ck_assert_str_eq(pager.lines[0].text, "a:");
	ck_assert_str_eq(pager.lines[1].text, "        b\uFFFD[31m");
	ck_assert_str_eq(pager.lines[2].text, "");
	ck_assert_str_eq(pager.lines[3].text, "ab      c");
	pager_release(&pager);
}
END_TEST

START_TEST(there_is_an_end_to_what_is_kept)
{
	struct pager pager;

	pager_init(&pager, "logs");
	for (int i = 0; i < PAGER_MAX_LINES + 100; i++)
		pager_add(&pager, ROLE_PLAIN, "x");
	ck_assert_uint_eq(pager.count, PAGER_MAX_LINES + 1);
	ck_assert_str_eq(pager.lines[PAGER_MAX_LINES].text, "(there is more, which is not kept)");
	pager_release(&pager);
}
END_TEST

START_TEST(read_anew_one_is_where_one_was)
{
	AUTO_CANVAS canvas = { 0 };
	struct pager pager;

	fill(&pager, 30);
	draw(&canvas, &pager);
	type(&pager, "PgDn PgDn");
	pager_clear(&pager);
	for (int i = 0; i < 10; i++)
		pager_add(&pager, ROLE_PLAIN, "anew");
	canvas_release(&canvas);
	draw(&canvas, &pager);
	ck_assert_str_eq(line_of(&canvas, 0), "Node corellia    6-10/10");
	pager_release(&pager);
}
END_TEST

/* Any size, any number of lines, any keys: nothing outside the rect, and lines in sight where there are some. */
START_TEST(every_size_holds)
{
	static const char *const keys[] = { "Down", "PgDn", "G", "/", "0", "Enter", "n", "N", "Right", "Left", "Esc",
		"Up" };
	static const int counts[] = { 0, 1, 3, 100 };
	uint32_t state = 1;

	for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++) {
		struct pager pager;

		fill(&pager, counts[c]);
		for (int rows = 0; rows < 12; rows++)
			for (int columns = 0; columns < 40; columns++) {
				const struct rect rect = { 2, 2, rows, columns };
				AUTO_CANVAS canvas = { 0 };

				canvas_init(&canvas, 16, 44);
				canvas_fill(&canvas, canvas_rect(&canvas), STYLE_GONE);
				state = state * 1664525 + 1013904223;
				type(&pager, keys[(state >> 16) % (sizeof(keys) / sizeof(keys[0]))]);
				pager_draw(&canvas, rect, &pager, glyphs_find(true, true));
				for (int at = 0; at < 16 * 44; at++)
					if (!rect_has(rect, at / 44, at % 44))
						ck_assert_int_eq(
							canvas_cell(&canvas, at / 44, at % 44)->style, STYLE_GONE);
				ck_assert(counts[c] == 0 || rows == 0 || columns == 0 || pager.top < pager.count);
			}
		pager_release(&pager);
	}
}
END_TEST

TEST_MAIN("tui/pager", TEST(a_page_has_title_and_place), TEST_TABLE(keys_move, cases), TEST(matches_are_marked),
	TEST(scrolled_sideways_columns_stay_in_line), TEST(foreign_text_is_scrubbed_and_cut_into_lines),
	TEST(there_is_an_end_to_what_is_kept), TEST(read_anew_one_is_where_one_was), TEST(every_size_holds))
