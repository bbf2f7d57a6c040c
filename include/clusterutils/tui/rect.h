/* A part of the screen, in rows and columns from its upper left corner, which is 0, 0. */
#pragma once

#include <stdbool.h>

struct rect {
	int row, column, rows, columns; /* neither rows nor columns is negative */
};

static inline bool rect_is_empty(struct rect rect)
{
	return rect.rows <= 0 || rect.columns <= 0;
}

static inline bool rect_has(struct rect rect, int row, int column)
{
	return row >= rect.row && row - rect.row < rect.rows && column >= rect.column &&
		column - rect.column < rect.columns;
}

/* One of its rows, counted from its first; empty where it has not that many. */
static inline struct rect rect_row(struct rect rect, int row)
{
	bool is_there = row >= 0 && row < rect.rows;

	return (struct rect){ rect.row + row, rect.column, is_there, is_there ? rect.columns : 0 };
}
