/* The list: which rows are visible, where the cursor is, what is drawn. */
#include "clusterutils/tui/list.h"

#include <stdio.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "suite.h"

static const struct column columns[] = {
	{ "name", "NAME", 0, 0 },
	{ "kind", "KIND", 0, 3 },
	{ "size", "SIZE", COLUMN_RIGHT, 1 },
	{ "note", "NOTE", COLUMN_WIDE, 5 },
};

/* "A a b=" is group A with items a and b, and the total; a letter's case says which it is, '>' goes one deeper. */
static void fill(struct table *table, const char *rows)
{
	int depth = 0;

	table_init(table, "ThingList", columns, ARRAY_LEN(columns));
	for (; *rows; rows++) {
		bool is_group = *rows >= 'A' && *rows <= 'Z';
		struct row *row;

		if (*rows == '>' || *rows == '<') {
			depth += *rows == '>' ? 1 : -1;
			continue;
		}
		row = table_add_row(table,
			*rows == '='       ? ROW_TOTAL
				: is_group ? ROW_GROUP
					   : ROW_ITEM,
			*rows == '=' ? 0 : depth);
		row->id = arena_printf(&table->arena, "thing//%c", *rows);
		row->cells[0] = cell_text(arena_printf(&table->arena, "%c", *rows));
		row->cells[1] = cell_text("kind");
		row->cells[2] = cell_number(*rows);
		row->cells[3] = cell_text("a note");
	}
}

static struct list list;
static struct table table;

static void set_up(const char *rows)
{
	list_init(&list);
	fill(&table, rows);
	list_show(&list, &table, 0, false);
}

static void tear_down(void)
{
	list_release(&list);
	table_release(&table);
}

static const char *visible(void)
{
	static char names[64];

	for (size_t i = 0; i < list.count && i < sizeof(names) - 1; i++) {
		names[i] = list_row(&list, i)->cells[0].as.text[0];
		names[i + 1] = 0;
	}
	return list.count ? names : "";
}

static char selected(void)
{
	return list_selected(&list) ? list_selected(&list)->cells[0].as.text[0] : '-';
}

static void again(const char *rows, bool is_sorted)
{
	struct table next;

	fill(&next, rows);
	list_show(&list, &next, 0, is_sorted);
	table_release(&table);
	table = next;
	list.table = &table;
}

START_TEST(folding_hides_what_is_below)
{
	set_up("A>ab<B>c<=");
	list_fold(&list, FOLD_TURN);
	ck_assert_str_eq(visible(), "ABc=");
	again("A>abx<B>c<=", false);
	ck_assert_str_eq(visible(), "ABc=");
	list_fold(&list, FOLD_TURN);
	ck_assert_str_eq(visible(), "AabxBc=");
	list_fold(&list, FOLD_TURN_ALL);
	ck_assert_str_eq(visible(), "AB=");
	list_fold(&list, FOLD_TURN_ALL);
	ck_assert_str_eq(visible(), "AabxBc=");
	ck_assert(list_select_id(&list, "thing//c"));
	list_fold(&list, FOLD_INTO_PARENT);
	ck_assert_str_eq(visible(), "AabxB=");
	ck_assert_int_eq(selected(), 'B');
	list_select_id(&list, "thing//a");
	list_fold(&list, FOLD_TURN);
	ck_assert_str_eq(visible(), "AabxB=");
	tear_down();
}
END_TEST

START_TEST(folding_all_keeps_the_cursor_on_what_stays)
{
	set_up("A>B>ab<<");
	list_select_id(&list, "thing//b");
	list_fold(&list, FOLD_TURN_ALL);
	ck_assert_str_eq(visible(), "A");
	ck_assert_int_eq(selected(), 'A');
	tear_down();
}
END_TEST

START_TEST(a_filter_finds_what_is_folded)
{
	set_up("A>ab<B>c<=");
	list_fold(&list, FOLD_TURN_ALL);
	list_filter(&list, "zzz");
	ck_assert_str_eq(visible(), "=");
	list_filter(&list, "c");
	list_filter(&list, "99"); /* the size of c */
	ck_assert_str_eq(visible(), "Bc=");
	list_filter(&list, NULL);
	ck_assert_str_eq(visible(), "AB=");
	tear_down();
}
END_TEST

START_TEST(the_cursor_stays_with_its_row_or_its_line)
{
	set_up("abcd");
	again("xabcd", false);
	ck_assert_int_eq(selected(), 'x'); /* nobody has moved it yet */
	list_select_id(&list, "thing//c");
	again("yxabcd", false);
	ck_assert_int_eq(selected(), 'c');
	again("dcba", true);
	ck_assert_int_eq(selected(), 'a'); /* sorted: it stays on its line, the last that there is */
	list_select_id(&list, "thing//c");
	list.follows = true;
	again("cdba", true);
	ck_assert_int_eq(selected(), 'c');
	again("db", true);
	ck_assert_int_eq(selected(), 'd');
	again("", true);
	ck_assert_int_eq(selected(), '-');
	tear_down();
}
END_TEST

START_TEST(moving_stops_at_the_ends)
{
	set_up("abc");
	list_move(&list, -1);
	ck_assert_int_eq(selected(), 'a');
	list_move(&list, 2000000000);
	ck_assert_int_eq(selected(), 'c');
	list_move(&list, -2);
	ck_assert_int_eq(selected(), 'a');
	list_select(&list, SIZE_MAX);
	ck_assert_int_eq(selected(), 'c');
	list_pan(&list, 100);
	ck_assert_int_eq(list.pan, (int)ARRAY_LEN(columns) - 2);
	list_pan(&list, -100);
	ck_assert_int_eq(list.pan, 0);
	tear_down();
}
END_TEST

START_TEST(search_goes_round)
{
	set_up("abcb=");
	ck_assert(list_search(&list, "98", 1, true)); /* the size of b */
	ck_assert_uint_eq(list.selected, 1);
	ck_assert(list_search(&list, "98", 1, false));
	ck_assert_uint_eq(list.selected, 3);
	ck_assert(list_search(&list, "98", 1, false));
	ck_assert_uint_eq(list.selected, 1);
	ck_assert(list_search(&list, "98", -1, false));
	ck_assert_uint_eq(list.selected, 3);
	ck_assert(!list_search(&list, "nothing", 1, true));
	ck_assert(!list_search(&list, "61", 1, true)); /* the total is not found */
	ck_assert_uint_eq(list.selected, 3);
	tear_down();
}
END_TEST

START_TEST(tags_go_with_their_children)
{
	set_up("A>ab<B>c<=");
	list_tag(&list, true);
	ck_assert_uint_eq(list.tagged.count, 3);
	ck_assert_int_eq(selected(), 'a');
	list_tag(&list, false);
	ck_assert(!names_has(&list.tagged, "thing//a"));
	list_untag_all(&list);
	ck_assert_uint_eq(list.tagged.count, 0);
	list_select(&list, SIZE_MAX);
	list_tag(&list, true);
	ck_assert_uint_eq(list.tagged.count, 0);
	tear_down();
}
END_TEST

static const char *drawn(struct canvas *canvas, struct buffer *text, const char *sorted_by)
{
	struct rect headers = { 0, 0, 1, canvas->columns }, rect = { 1, 0, canvas->rows - 1, canvas->columns };
	struct list_look look = { .glyphs = glyphs_find(false, true), .sorted_by = sorted_by, .has_cursor = true };

	canvas_clear(canvas);
	list_draw(&list, canvas, headers, rect, &look);
	buffer_clear(text);
	for (int row = 0; row < canvas->rows; row++) {
		canvas_line_text(canvas, row, text);
		buffer_add_char(text, '\n');
	}
	return buffer_text(text);
}

START_TEST(rows_are_drawn_as_a_tree)
{
	AUTO_CANVAS canvas = { 0 };
	AUTO_BUFFER text = { 0 };

	canvas_init(&canvas, 8, 40);
	set_up("A>B>ab<C>c<<=");
	ck_assert_str_eq(drawn(&canvas, &text, "-size"),
		"NAME     KIND   SIZE^  NOTE\n"
		"- A      kind      65  a note\n"
		"|- - B   kind      66  a note\n"
		"|  |- a  kind      97  a note\n"
		"|  `- b  kind      98  a note\n"
		"`- - C   kind      67  a note\n"
		"   `- c  kind      99  a note\n"
		"=        kind      61  a note\n");
	canvas_resize(&canvas, 3, 17);
	ck_assert_str_eq(drawn(&canvas, &text, NULL), "NAME      SIZE\n- A         65\n|- - B      66\n");
	list_select(&list, SIZE_MAX);
	ck_assert_str_eq(drawn(&canvas, &text, NULL), "NAME      SIZE\n   `- c     99\n=           61\n");
	ck_assert_int_eq(canvas_cell(&canvas, 2, 0)->style, STYLE_SELECTED);
	tear_down();
}
END_TEST

/* Where there is no room for all, the least important go, wherever they stand. */
START_TEST(columns_stand_as_they_were_chosen)
{
	static const struct {
		int columns;
		const char *headers;
	} widths[] = { { 60, "NAME   NOTE     SIZE  KIND\n" }, { 27, "NAME   NOTE     SIZE  KIND\n" },
		{ 20, "NAME    SIZE  KIND\n" }, { 14, "NAME    SIZE\n" }, { 8, "NAME\n" } };
	AUTO_BUFFER text = { 0 };

	set_up("abc");
	list.order = (struct column_order){ { 0, 3, 2, 1 }, 4 };
	for (size_t i = 0; i < ARRAY_LEN(widths); i++) {
		AUTO_CANVAS canvas = { 0 };
		struct rect headers = { 0, 0, 1, widths[i].columns };

		canvas_init(&canvas, 5, widths[i].columns);
		ck_assert_msg(strncmp(drawn(&canvas, &text, NULL), widths[i].headers, strlen(widths[i].headers)) == 0,
			"%d: %s", widths[i].columns, buffer_text(&text));
		if (widths[i].columns == 60)
			ck_assert_str_eq(list_column_at(&list, headers, 8), "note");
	}
	tear_down();
}
END_TEST

START_TEST(the_mouse_finds_rows_and_headers)
{
	AUTO_CANVAS canvas = { 0 };
	AUTO_BUFFER text = { 0 };
	struct rect headers = { 0, 0, 1, 40 }, rect = { 1, 0, 5, 40 };
	size_t position;

	canvas_init(&canvas, 6, 40);
	set_up("ab");
	drawn(&canvas, &text, NULL);
	ck_assert(list_position_at(&list, rect, 2, &position));
	ck_assert_uint_eq(position, 1);
	ck_assert(!list_position_at(&list, rect, 3, &position));
	ck_assert(!list_position_at(&list, rect, 0, &position));
	ck_assert_str_eq(list_column_at(&list, headers, 0), "name");
	ck_assert_str_eq(list_column_at(&list, headers, 39), "note");
	tear_down();
}
END_TEST

TEST_MAIN("tui/list", TEST(folding_hides_what_is_below), TEST(folding_all_keeps_the_cursor_on_what_stays),
	TEST(a_filter_finds_what_is_folded), TEST(the_cursor_stays_with_its_row_or_its_line),
	TEST(moving_stops_at_the_ends), TEST(search_goes_round), TEST(tags_go_with_their_children),
	TEST(rows_are_drawn_as_a_tree), TEST(columns_stand_as_they_were_chosen),
	TEST(columns_stand_as_they_were_chosen), TEST(the_mouse_finds_rows_and_headers))
