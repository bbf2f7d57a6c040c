#include "clusterutils/tui/layout.h"

#include "suite.h"

static bool overlap(struct rect a, struct rect b)
{
	return !rect_is_empty(a) && !rect_is_empty(b) && a.row < b.row + b.rows && b.row < a.row + a.rows &&
		a.column < b.column + b.columns && b.column < a.column + a.columns;
}

static void check_layout(int rows, int columns, struct layout_wants wants)
{
	const struct layout layout = layout_of(rows, columns, wants);
	const struct rect parts[] = { layout.meters, layout.tabs, layout.headers, layout.list, layout.message,
		layout.bar };
	enum { PARTS = sizeof(parts) / sizeof(parts[0]) };
	int used = 0;

	for (int i = 0; i < PARTS; i++) {
		ck_assert_int_ge(parts[i].row, 0);
		ck_assert_int_ge(parts[i].rows, 0);
		ck_assert_int_le(parts[i].row + parts[i].rows, rows);
		ck_assert_int_ge(parts[i].column, 0);
		ck_assert_int_le(parts[i].column + parts[i].columns, columns);
		used += parts[i].rows;
		for (int j = 0; j < i; j++)
			ck_assert(!overlap(parts[i], parts[j]));
	}
	ck_assert_int_eq(layout.one_line, rows < LAYOUT_MIN_ROWS || columns < LAYOUT_MIN_COLUMNS);
	ck_assert_int_eq(
		layout.list_only, !layout.one_line && (rows < LAYOUT_FULL_ROWS || columns < LAYOUT_FULL_COLUMNS));
	if (layout.one_line) {
		ck_assert_int_eq(used, rows > 0);
		return;
	}
	ck_assert_int_eq(used, rows); /* no row is for nothing */
	ck_assert_int_ge(layout.list.rows, LAYOUT_MIN_LIST);
	ck_assert_int_eq(layout.headers.rows, wants.headers);
	if (layout.list_only) {
		ck_assert_int_eq(layout.meters.rows + layout.tabs.rows + layout.bar.rows, 0);
		return;
	}
	ck_assert_int_eq(layout.tabs.rows, wants.tabs);
	ck_assert_int_eq(layout.bar.rows, wants.bar);
	ck_assert_int_eq(layout.message.rows > 0, wants.message > 0);
}

START_TEST(every_size_holds)
{
	static const struct layout_wants wants[] = { { 3, 0, true, true, true }, { 3, 1, true, true, true },
		{ 0, 0, false, false, false }, { 500, 500, true, true, true }, { -1, -1, false, true, true },
		{ 6, 2, false, true, false } };

	for (int rows = 5; rows <= 100; rows++)
		for (int columns = 20; columns <= 300; columns++)
			for (size_t i = 0; i < sizeof(wants) / sizeof(wants[0]); i++)
				check_layout(rows, columns, wants[i]);
	check_layout(0, 0, wants[0]);
	check_layout(1, 1, wants[0]);
}
END_TEST

START_TEST(a_usual_screen_has_everything)
{
	const struct layout layout = layout_of(24, 80, (struct layout_wants){ 3, 1, true, true, true });

	ck_assert_int_eq(layout.meters.row, 0);
	ck_assert_int_eq(layout.meters.rows, 3);
	ck_assert_int_eq(layout.tabs.row, 3);
	ck_assert_int_eq(layout.headers.row, 4);
	ck_assert_int_eq(layout.list.row, 5);
	ck_assert_int_eq(layout.list.rows, 17);
	ck_assert_int_eq(layout.message.row, 22);
	ck_assert_int_eq(layout.bar.row, 23);
	ck_assert_int_eq(layout.bar.columns, 80);
}
END_TEST

static const struct {
	int widths[5], priorities[5];
	int columns, used;
	const char *shown;
} fits[] = {
	{ { 10, 10, 10, 10, 10 }, { 0, 1, 2, 3, 4 }, 50, 50, "11111" },
	{ { 10, 10, 10, 10, 10 }, { 0, 1, 2, 3, 4 }, 49, 40, "11110" },
	{ { 10, 10, 10, 10, 10 }, { 0, 4, 3, 2, 1 }, 30, 30, "10011" },
	{ { 10, 10, 10, 10, 10 }, { 0, 2, 2, 2, 1 }, 30, 30, "11001" }, /* of equals the one further right */
	{ { 10, 10, 10, 10, 10 }, { 9, 1, 1, 1, 1 }, 10, 10, "10000" }, /* never the first */
	{ { 10, 10, 10, 10, 10 }, { 0, 0, 0, 5, 0 }, 10, 40, "11101" }, /* nor what is always shown */
	{ { 10, 10, 10, 10, 10 }, { 0, 1, 2, 3, 4 }, -5, 10, "10000" },
	{ { 5, 0, 5, 50, 5 }, { 0, 1, 3, 2, 1 }, 20, 10, "11001" }, /* the third helps little */
};

START_TEST(columns_go_by_priority)
{
	bool shown[5];
	char text[6] = "";

	int used = columns_fit(fits[_i].widths, fits[_i].priorities, 5, fits[_i].columns, shown);

	for (int i = 0; i < 5; i++)
		text[i] = shown[i] ? '1' : '0';
	ck_assert_str_eq(text, fits[_i].shown);
	ck_assert_int_eq(used, fits[_i].used);
}
END_TEST

START_TEST(no_columns_fit_everywhere)
{
	ck_assert_int_eq(columns_fit(NULL, NULL, 0, 80, NULL), 0);
}
END_TEST

TEST_MAIN("tui/layout", TEST(every_size_holds), TEST(a_usual_screen_has_everything),
	TEST_TABLE(columns_go_by_priority, fits), TEST(no_columns_fit_everywhere))
