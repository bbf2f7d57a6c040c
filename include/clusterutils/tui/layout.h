/* Where each part of the screen is, from its size alone. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "clusterutils/tui/rect.h"

enum {
	LAYOUT_MIN_ROWS = 10, /* below these there is one line of text */
	LAYOUT_MIN_COLUMNS = 40,
	LAYOUT_FULL_ROWS = 16, /* below these there are only column headers, list and message */
	LAYOUT_FULL_COLUMNS = 60,
	LAYOUT_MIN_LIST = 6, /* rows that meters leave to the list */
};

struct layout_wants {
	int meters;              /* rows of meters and of what stands above them */
	int message;             /* rows of banners */
	bool tabs, headers, bar; /* one row each; prompts are shown in place of the bar */
};

/* Parts that are not there have no rows; every part is within the screen, and none overlaps another. From above:
 * meters, tabs, headers, list, message, bar. */
struct layout {
	struct rect meters, tabs, headers, list, message, bar;
	bool list_only;
	bool one_line; /* the list is the first row alone, and everything else is empty */
};

struct layout layout_of(int rows, int columns, struct layout_wants wants);

/* Which columns of a table stay: while the widths are more than `columns` the one with the largest priority goes, of
 * equal ones the one further right; never the first, nor one of priority 0. A width includes the gap behind the column;
 * the last one needs none, which is the caller's to add to `columns`. Returns the width of those shown. */
int columns_fit(const int *widths, const int *priorities, size_t count, int columns, bool *ret_shown);
