#include "clusterutils/tui/layout.h"

static int least(int a, int b)
{
	return a < b ? a : b;
}

static int most(int a, int b)
{
	return a > b ? a : b;
}

/* The next rows from above; less where there are not as many. */
static struct rect take_top(struct rect *rest, int rows)
{
	struct rect taken = *rest;

	taken.rows = least(most(rows, 0), rest->rows);
	rest->row += taken.rows;
	rest->rows -= taken.rows;
	return taken;
}

static struct rect take_bottom(struct rect *rest, int rows)
{
	struct rect taken = *rest;

	taken.rows = least(most(rows, 0), rest->rows);
	rest->rows -= taken.rows;
	taken.row += rest->rows;
	return taken;
}

struct layout layout_of(int rows, int columns, struct layout_wants wants)
{
	struct layout layout = { 0 };
	struct rect rest = { 0, 0, most(rows, 0), most(columns, 0) };
	bool is_full = rows >= LAYOUT_FULL_ROWS && columns >= LAYOUT_FULL_COLUMNS;

	layout.one_line = rows < LAYOUT_MIN_ROWS || columns < LAYOUT_MIN_COLUMNS;
	layout.list_only = !layout.one_line && !is_full;
	if (layout.one_line) {
		layout.list = take_top(&rest, 1);
		return layout;
	}
	layout.bar = take_bottom(&rest, is_full && wants.bar);
	layout.message = take_bottom(&rest, is_full ? least(wants.message, LAYOUT_FULL_ROWS / 4) : wants.message > 0);
	layout.meters = take_top(
		&rest, is_full ? least(wants.meters, rest.rows - wants.tabs - wants.headers - LAYOUT_MIN_LIST) : 0);
	layout.tabs = take_top(&rest, is_full && wants.tabs);
	layout.headers = take_top(&rest, wants.headers);
	layout.list = rest;
	return layout;
}

/* Of those shown but for the first; 0 where none may go. */
static size_t least_important(const int *priorities, size_t count, const bool *shown)
{
	size_t found = 0;

	for (size_t i = 1; i < count; i++)
		if (shown[i] && priorities[i] > 0 && (found == 0 || priorities[i] >= priorities[found]))
			found = i;
	return found;
}

int columns_fit(const int *widths, const int *priorities, size_t count, int columns, bool *ret_shown)
{
	int used = 0;
	size_t gone;

	for (size_t i = 0; i < count; i++) {
		ret_shown[i] = true;
		used += widths[i];
	}
	while (used > columns && (gone = least_important(priorities, count, ret_shown)) > 0) {
		ret_shown[gone] = false;
		used -= widths[gone];
	}
	return used;
}
