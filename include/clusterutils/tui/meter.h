/* A bar at the top of the screen, as htop draws them: name, brackets, one bar that shows use, request and limit one
 * after the other up to their share of the whole, and its value in words inside, on the right.
 *
 *	CPU [||||||||#########.............     use 31% req 58% lim 140%] */
#pragma once

#include <stdint.h>

#include "clusterutils/tui/canvas.h"
#include "clusterutils/tui/glyphs.h"

struct meter_bar {
	const char *name; /* "CPU" */
	/* In one unit. VALUE_UNKNOWN is not drawn and "?" in words; VALUE_NONE is not mentioned at all. A part that
	 * is not more than those before it is hidden by them. */
	int64_t use, request, limit;
	int64_t total;    /* a full bar; VALUE_UNKNOWN or 0 where that is not known: no bar, only "?" */
	const char *text; /* in place of the shares: "184 W  wall 5/7 nodes"; NULL for none */
};

enum { METER_MIN_BAR = 4 }; /* columns between the brackets; with less only name and text are drawn */

/* "use 31% req 58% lim 140%". */
void meter_text(const struct meter_bar *meter, struct buffer *out);

/* In the first row of the rect. Names of several meters line up where name_columns is the widest of them; 0 is this
 * one's. */
void meter_draw(struct canvas *canvas, struct rect rect, const struct meter_bar *meter, int name_columns,
	const struct glyphs *glyphs);
