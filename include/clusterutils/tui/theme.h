/* What each part of the screen looks like: one table from style to colours and attributes for each scheme.
 *
 * The schemes are htop's (CRT.c), from which the command line takes their names, and one whose two colours people with
 * any kind of colour vision tell apart. Colour is never the only signal: without colours the table of attributes
 * counts, whatever the scheme. */
#pragma once

#include <stddef.h>

#include "clusterutils/output/table.h"

enum style {
	STYLE_PLAIN,
	STYLE_GOOD,
	STYLE_WARNING,
	STYLE_BAD,
	STYLE_MUTED,
	STYLE_STRONG,
	STYLE_HEADER,
	STYLE_HEADER_SORTED,
	STYLE_GROUP,             /* a row that sums others */
	STYLE_SELECTED,          /* the row under the cursor */
	STYLE_SELECTED_FOLLOWED, /* the same while it is followed */
	STYLE_TAGGED,
	STYLE_MATCH, /* what the search found */
	STYLE_FRESH, /* a row that is new, or better than it was */
	STYLE_GONE,  /* a row that is worse than it was */
	STYLE_STALE, /* what may no longer be so */
	STYLE_TAB,
	STYLE_TAB_ACTIVE,
	STYLE_BAR_KEY,
	STYLE_BAR_LABEL,
	STYLE_PROMPT,
	STYLE_PROMPT_FAILED, /* a search without a match */
	STYLE_BANNER,
	STYLE_BANNER_BAD,
	STYLE_METER_NAME,
	STYLE_METER_BRACKET,
	STYLE_METER_USE,
	STYLE_METER_REQUEST,
	STYLE_METER_LIMIT,
	STYLE_METER_FREE,
	STYLE_METER_VALUE,
	STYLE_METER_OVER, /* the bracket where a part is more than the whole */
	STYLE_SPARK,
	STYLE_TREE, /* branches */
	STYLE_BOX,
	STYLE_BOX_TITLE,
	STYLE_BOX_TEXT,
	STYLE_BOX_SELECTED,
	STYLE_BOX_MUTED,
	STYLES
};

enum look_attribute { LOOK_BOLD = 1, LOOK_DIM = 2, LOOK_UNDERLINE = 4, LOOK_REVERSE = 8 };

struct look {
	short foreground, background; /* -1 is the terminal's own; 0..7, 8..15 bright, 16..255 xterm's palette */
	unsigned attributes;
};

struct theme {
	const char *name;  /* "black-on-white": on the command line and in the settings */
	const char *title; /* "Black on White": in the setup screen */
	struct look looks[STYLES];
};

const struct theme *theme_find(const char *name); /* by name or title, ASCII case does not matter; NULL for none */
const struct theme *theme_default(void);

/* All of them, the default first. */
const struct theme *const *theme_all(size_t *ret_count);

/* What a terminal of so many colours can show: 0 (or 1) gives attributes alone, 8 has neither bright black nor a bright
 * background, 16, 256. Colours beyond the terminal's become the nearest that it has. */
struct look theme_look(const struct theme *theme, enum style style, int colours);

enum style style_of_role(enum role role);
