#include "clusterutils/tui/menu.h"

#include <string.h>

#include "clusterutils/tui/input.h"
#include "suite.h"

static const char *line_of(const struct canvas *canvas, int row)
{
	static struct buffer line;

	buffer_clear(&line);
	canvas_line_text(canvas, row, &line);
	return buffer_text(&line);
}

static void fill(struct menu *menu)
{
	menu_init(menu, "Sort by");
	menu_add(menu, "Columns", NULL)->is_blank = true;
	menu_add(menu, "NODE", "by name");
	menu_add(menu, "CPU", NULL);
	menu_add(menu, "MEMORY", NULL);
	menu_add(menu, "More", NULL)->is_blank = true;
	menu_add(menu, "Watts", NULL)->is_checkable = true;
	menu_add(menu, "cost", NULL);
}

static enum menu_answer type(struct menu *menu, const char *keys)
{
	char copy[256], *rest = copy, *word;
	enum menu_answer answer = MENU_UNUSED;

	strcpy(copy, keys);
	while ((word = strsep(&rest, " ")) != NULL)
		answer = menu_key(menu, key_parse(word));
	return answer;
}

static const struct {
	const char *keys;
	enum menu_answer answer;
	size_t selected;
} cases[] = {
	{ "Down", MENU_USED, 2 },
	{ "Up", MENU_USED, 1 },             /* the heading is no choice */
	{ "Down Down Down", MENU_USED, 5 }, /* and is passed over */
	{ "Down Down Down Up", MENU_USED, 3 },
	{ "End", MENU_USED, 6 },
	{ "End Down Down", MENU_USED, 6 },
	{ "End Home", MENU_USED, 1 },
	{ "PgDn", MENU_USED, 3 },
	{ "PgDn PgUp", MENU_USED, 1 },
	{ "Enter", MENU_CHOSEN, 1 },
	{ "Down Enter", MENU_CHOSEN, 2 },
	{ "Space", MENU_USED, 1 },
	{ "w", MENU_USED, 5 },
	{ "c", MENU_USED, 2 },
	{ "c o", MENU_USED, 6 },
	{ "c c", MENU_USED, 6 },
	{ "c c c", MENU_USED, 2 },
	{ "m", MENU_USED, 3 },
	{ "m e m Enter", MENU_CHOSEN, 3 },
	{ "z", MENU_UNUSED, 1 },
	{ "Esc", MENU_LEFT, 1 },
	{ "q", MENU_LEFT, 1 },
	{ "F10", MENU_LEFT, 1 },
	{ "Tab", MENU_UNUSED, 1 },
	{ "Right", MENU_UNUSED, 1 },
	{ "End Up Space", MENU_TOGGLED, 5 },
};

START_TEST(keys_choose)
{
	AUTO_CANVAS canvas = { 0 };
	struct menu menu;

	fill(&menu);
	canvas_init(&canvas, 5, 30);
	menu_draw(&canvas, canvas_rect(&canvas), &menu, glyphs_find(false, true));
	ck_assert_int_eq(type(&menu, cases[_i].keys), cases[_i].answer);
	ck_assert_uint_eq(menu.selected, cases[_i].selected);
	menu_release(&menu);
}
END_TEST

START_TEST(what_can_be_checked_is_toggled)
{
	struct menu menu;

	fill(&menu);
	menu_select(&menu, 5);
	ck_assert_int_eq(type(&menu, "Space"), MENU_TOGGLED);
	ck_assert(menu.items[5].is_on);
	ck_assert_int_eq(type(&menu, "Space"), MENU_TOGGLED);
	ck_assert(!menu.items[5].is_on);
	menu_release(&menu);
}
END_TEST

START_TEST(a_centred_box_is_as_large_as_it_needs)
{
	static const char *const box[] = {
		"",
		"    + Sort by -----------+",
		"    | Columns            |",
		"    | NODE       by name |",
		"    | CPU                |",
		"    | MEMORY             |",
		"    | More               |",
		"    | [x] Watts          |",
		"    | cost               |",
		"    +--------------------+",
		"",
	};
	AUTO_CANVAS canvas = { 0 };
	struct menu menu;
	struct rect place;

	fill(&menu);
	menu.items[5].is_on = true;
	canvas_init(&canvas, 11, 30);
	place = menu_place(&menu, canvas_rect(&canvas), true);
	menu_draw(&canvas, place, &menu, glyphs_find(false, true));
	for (int row = 0; row < 11; row++)
		ck_assert_str_eq(line_of(&canvas, row), box[row]);
	menu_release(&menu);
}
END_TEST

START_TEST(a_box_at_the_left_is_as_high_as_the_list)
{
	struct menu menu;
	struct rect place;

	fill(&menu);
	place = menu_place(&menu, (struct rect){ 4, 2, 15, 60 }, false);
	ck_assert_int_eq(place.row, 4);
	ck_assert_int_eq(place.column, 2);
	ck_assert_int_eq(place.rows, 15);
	ck_assert_int_lt(place.columns, 40);
	menu_release(&menu);
}
END_TEST

START_TEST(nothing_to_choose_is_nothing_chosen)
{
	AUTO_CANVAS canvas = { 0 };
	struct menu menu;

	menu_init(&menu, "");
	canvas_init(&canvas, 5, 10);
	menu_draw(&canvas, canvas_rect(&canvas), &menu, glyphs_find(true, true));
	ck_assert_int_eq(type(&menu, "Enter"), MENU_USED);
	ck_assert_int_eq(type(&menu, "Down End PgUp Space"), MENU_USED);
	ck_assert_int_eq(type(&menu, "x"), MENU_UNUSED);
	menu_add(&menu, "heading", NULL)->is_blank = true;
	ck_assert_int_eq(type(&menu, "Home Enter"), MENU_USED);
	ck_assert_int_eq(menu_at(&menu, canvas_rect(&canvas), 1, 1), -1);
	menu_release(&menu);
}
END_TEST

/* Any size: inside its rect, the selection in sight, and the mouse hits what is drawn there. */
START_TEST(every_size_holds)
{
	for (int rows = 0; rows < 14; rows++)
		for (int columns = 0; columns < 32; columns++)
			for (size_t selected = 0; selected < 7; selected++) {
				const struct rect within = { 2, 3, rows, columns };
				AUTO_CANVAS canvas = { 0 };
				struct menu menu;
				struct rect place;
				bool in_sight = false;

				fill(&menu);
				menu_select(&menu, selected);
				canvas_init(&canvas, 18, 40);
				place = menu_place(&menu, within, selected % 2);
				menu_draw(&canvas, place, &menu, glyphs_find(true, true));
				ck_assert(place.row >= 2 && place.row + place.rows <= 2 + rows);
				ck_assert(place.column >= 3 && place.column + place.columns <= 3 + columns);
				for (int row = 0; row < 18; row++)
					for (int column = 0; column < 40; column++) {
						const struct canvas_cell *cell = canvas_cell(&canvas, row, column);
						int hit = menu_at(&menu, place, row, column);

						if (!rect_has(place, row, column))
							ck_assert_int_eq(cell->style, STYLE_PLAIN);
						if (cell->style == STYLE_BOX_SELECTED) {
							in_sight = true;
							ck_assert_int_eq(hit, (int)menu.selected);
						} else {
							ck_assert_int_ne(hit, (int)menu.selected);
						}
					}
				ck_assert_int_eq(in_sight, rows > 0 && columns > 0);
				menu_release(&menu);
			}
}
END_TEST

START_TEST(the_wheel_moves)
{
	struct menu menu;

	fill(&menu);
	menu_scroll(&menu, 2);
	ck_assert_uint_eq(menu.selected, 3);
	menu_scroll(&menu, -1);
	ck_assert_uint_eq(menu.selected, 2);
	menu_scroll(&menu, -100);
	ck_assert_uint_eq(menu.selected, 1);
	menu_release(&menu);
}
END_TEST

TEST_MAIN("tui/menu", TEST_TABLE(keys_choose, cases), TEST(what_can_be_checked_is_toggled),
	TEST(a_centred_box_is_as_large_as_it_needs), TEST(a_box_at_the_left_is_as_high_as_the_list),
	TEST(nothing_to_choose_is_nothing_chosen), TEST(every_size_holds), TEST(the_wheel_moves))
