/* The row of function keys at the bottom, and the row of tabs. Both say what is at a column, for the mouse. */
#pragma once

#include <stddef.h>

#include "clusterutils/tui/canvas.h"
#include "clusterutils/tui/glyphs.h"

enum { BAR_LABEL_COLUMNS = 6 }; /* htop's: labels are filled up with blanks to this width */

struct bar_entry {
	const char *key; /* "F5" */
	const char
		*label; /* "Tree"; NULL where the key does nothing now: blanks, so that the others keep their places */
};

/* "F1Help  F2Setup …": what does not fit is cut. */
void bar_draw(struct canvas *canvas, struct rect rect, const struct bar_entry *entries, size_t count);
int bar_at(struct rect rect, const struct bar_entry *entries, size_t count, int column); /* -1: none, or does nothing */

/* " 1 Nodes  2 Tiers  3 Power": where they do not fit, names give way to numbers, but not the active one's. */
void tabs_draw(struct canvas *canvas, struct rect rect, const char *const *names, size_t count, size_t active);
int tabs_at(struct rect rect, const char *const *names, size_t count, size_t active, int column);
