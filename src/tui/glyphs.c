#include "clusterutils/tui/glyphs.h"

#define UTF8 \
	.is_unicode = true, .branch = "\u251C\u2500 ", .last_branch = "\u2514\u2500 ", .trunk = "\u2502  ", \
	.no_trunk = "   ", .expanded = "\u25BE", .collapsed = "\u25B8", \
	.levels = { "\u2581", "\u2582", "\u2583", "\u2584", "\u2585", "\u2586", "\u2587", "\u2588" }, .gap = " ", \
	.horizontal = "\u2500", .vertical = "\u2502", .top_left = "\u250C", .top_right = "\u2510", \
	.bottom_left = "\u2514", .bottom_right = "\u2518", .ellipsis = "\u2026", .ascending = "\u25B3", \
	.descending = "\u25BD", .tag = "*", .more_above = "\u25B2", .more_below = "\u25BC", .checked = "[x]", \
	.unchecked = "[ ]"

#define ASCII \
	.branch = "|- ", .last_branch = "`- ", .trunk = "|  ", .no_trunk = "   ", .expanded = "-", .collapsed = "+", \
	.levels = { ".", ":", "-", "=", "+", "*", "#", "@" }, .gap = " ", .horizontal = "-", .vertical = "|", \
	.top_left = "+", .top_right = "+", .bottom_left = "+", .bottom_right = "+", .ellipsis = "~", .ascending = "^", \
	.descending = "v", .tag = "*", .more_above = "^", .more_below = "v", .checked = "[x]", .unchecked = "[ ]"

#define COLOUR     .use = "|", .request = "|", .limit = "|", .free = " ", .over = ">"
#define MONOCHROME .use = "|", .request = "#", .limit = ".", .free = " ", .over = ">"

const struct glyphs *glyphs_find(bool unicode, bool colour)
{
	static const struct glyphs sets[2][2] = {
		{ { ASCII, MONOCHROME }, { ASCII, COLOUR } },
		{ { UTF8, MONOCHROME }, { UTF8, COLOUR } },
	};

	return &sets[unicode][colour];
}
