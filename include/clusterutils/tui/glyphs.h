/* The characters that are not text: in UTF-8, and in ASCII where the terminal or the user wants that. Each has one
 * column but the branches, which have three. */
#pragma once

#include <stdbool.h>

enum { GLYPHS_LEVELS = 8 };

struct glyphs {
	bool is_unicode;
	const char *branch, *last_branch;         /* in front of a child: "|- ", "`- " */
	const char *trunk, *no_trunk;             /* under a parent whose children go on or have ended: "|  ", "   " */
	const char *expanded, *collapsed;         /* in front of a parent: "-", "+" */
	const char *levels[GLYPHS_LEVELS];        /* of a sparkline, from the lowest; none is a blank */
	const char *gap;                          /* of a sparkline, where nothing is known */
	const char *use, *request, *limit, *free; /* of a meter */
	const char *over;                         /* in place of a meter's closing bracket: more than the whole */
	const char *horizontal, *vertical;        /* of a box */
	const char *top_left, *top_right, *bottom_left, *bottom_right;
	const char *ellipsis;
	const char *ascending, *descending; /* the column sorted by */
	const char *tag;
	const char *more_above, *more_below; /* a list goes on beyond its box */
	const char *checked, *unchecked;     /* "[x]" has three columns, too */
};

/* Without colour the parts of a meter differ by character. */
const struct glyphs *glyphs_find(bool unicode, bool colour);
