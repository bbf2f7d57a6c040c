#include "clusterutils/tui/bar.h"

#include "suite.h"

static const char *line_of(const struct canvas *canvas, int row)
{
	static struct buffer line;

	buffer_clear(&line);
	canvas_line_text(canvas, row, &line);
	return buffer_text(&line);
}

static const struct bar_entry keys[] = { { "F1", "Help" }, { "F2", "Setup" }, { "F3", "Search" }, { "F4", "Filter" },
	{ "F5", "Tree" }, { "F6", "SortBy" }, { "F7", NULL }, { "F8", "Zone+" }, { "F9", "Action" },
	{ "F10", "Quit" } };

enum { KEYS = sizeof(keys) / sizeof(keys[0]) };

START_TEST(the_bar_reads_as_htops)
{
	AUTO_CANVAS canvas = { 0 };

	canvas_init(&canvas, 1, 90);
	bar_draw(&canvas, canvas_rect(&canvas), keys, KEYS);
	ck_assert_str_eq(
		line_of(&canvas, 0), "F1Help  F2Setup F3SearchF4FilterF5Tree  F6SortByF7      F8Zone+ F9ActionF10Quit");
	ck_assert_int_eq(canvas_cell(&canvas, 0, 0)->style, STYLE_BAR_KEY);
	ck_assert_int_eq(canvas_cell(&canvas, 0, 2)->style, STYLE_BAR_LABEL);
	ck_assert_int_eq(canvas_cell(&canvas, 0, 89)->style, STYLE_BAR_LABEL);
}
END_TEST

START_TEST(the_bar_knows_what_is_where)
{
	const struct rect rect = { 5, 10, 1, 80 };

	ck_assert_int_eq(bar_at(rect, keys, KEYS, 9), -1);
	ck_assert_int_eq(bar_at(rect, keys, KEYS, 10), 0);
	ck_assert_int_eq(bar_at(rect, keys, KEYS, 17), 0);
	ck_assert_int_eq(bar_at(rect, keys, KEYS, 18), 1);
	ck_assert_int_eq(bar_at(rect, keys, KEYS, 58), -1); /* F7 does nothing */
	ck_assert_int_eq(bar_at(rect, keys, KEYS, 66), 7);
	ck_assert_int_eq(bar_at(rect, keys, KEYS, 89), 9);
	ck_assert_int_eq(bar_at(rect, keys, KEYS, 90), -1);
}
END_TEST

static const char *const names[] = { "Nodes", "Tiers", "Power", "Pods" };

static const struct {
	int columns;
	size_t active;
	const char *line;
} tabs[] = {
	{ 80, 0, " 1 Nodes  2 Tiers  3 Power  4 Pods" },
	{ 35, 0, " 1 Nodes  2 Tiers  3 Power  4 Pods" },
	{ 34, 0, " 1 Nodes  2 Tiers  3 Power  4" },
	{ 34, 3, " 1 Nodes  2 Tiers  3  4 Pods" },
	{ 17, 1, " 1  2 Tiers  3  4" },
	{ 14, 1, " 1  2 Tiers  3" },
	{ 5, 3, " 1  2" },
	{ 0, 0, "" },
};

START_TEST(tabs_give_way)
{
	AUTO_CANVAS canvas = { 0 };

	canvas_init(&canvas, 1, 80);
	tabs_draw(&canvas, (struct rect){ 0, 0, 1, tabs[_i].columns }, names, 4, tabs[_i].active);
	ck_assert_str_eq(line_of(&canvas, 0), tabs[_i].line);
}
END_TEST

/* What one sees is what one hits. */
START_TEST(tabs_are_hit_where_they_are_drawn)
{
	for (int columns = 0; columns < 50; columns++)
		for (size_t active = 0; active < 4; active++) {
			const struct rect rect = { 0, 3, 1, columns };
			AUTO_CANVAS canvas = { 0 };

			canvas_init(&canvas, 1, 80);
			tabs_draw(&canvas, rect, names, 4, active);
			for (int at = 0; at < 80; at++) {
				const struct canvas_cell *cell = canvas_cell(&canvas, 0, at);
				int hit = tabs_at(rect, names, 4, active, at);

				if (cell->text[0] >= '1' && cell->text[0] <= '4')
					ck_assert_int_eq(hit, cell->text[0] - '1');
				if (cell->style == STYLE_TAB_ACTIVE)
					ck_assert_int_eq(hit, (int)active);
				if (cell->style == STYLE_PLAIN)
					ck_assert_int_eq(hit, -1);
			}
		}
}
END_TEST

TEST_MAIN("tui/bar", TEST(the_bar_reads_as_htops), TEST(the_bar_knows_what_is_where), TEST_TABLE(tabs_give_way, tabs),
	TEST(tabs_are_hit_where_they_are_drawn))
