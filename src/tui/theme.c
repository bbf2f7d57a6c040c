#include "clusterutils/tui/theme.h"

#include <limits.h>
#include <stdbool.h>
#include <strings.h>

#include "clusterutils/util/memory.h"
#include "themes.h"

enum { BASE = 8, BRIGHT = 16, PALETTE = 256, CUBE = 16, CUBE_SIDE = 6, GREYS = 232, GREY_STEP = 10, GREY_FIRST = 8 };

/* What a style looks like where the scheme says nothing of it: like this other one. */
static const enum style parents[STYLES] = {
	[STYLE_GOOD] = STYLE_PLAIN,
	[STYLE_WARNING] = STYLE_PLAIN,
	[STYLE_BAD] = STYLE_STRONG,
	[STYLE_MUTED] = STYLE_PLAIN,
	[STYLE_STRONG] = STYLE_PLAIN,
	[STYLE_HEADER] = STYLE_STRONG,
	[STYLE_HEADER_SORTED] = STYLE_SELECTED,
	[STYLE_GROUP] = STYLE_STRONG,
	[STYLE_SELECTED] = STYLE_HEADER,
	[STYLE_SELECTED_FOLLOWED] = STYLE_SELECTED,
	[STYLE_TAGGED] = STYLE_WARNING,
	[STYLE_MATCH] = STYLE_SELECTED_FOLLOWED,
	[STYLE_FRESH] = STYLE_GOOD,
	[STYLE_GONE] = STYLE_BAD,
	[STYLE_STALE] = STYLE_MUTED,
	[STYLE_TAB] = STYLE_MUTED,
	[STYLE_TAB_ACTIVE] = STYLE_HEADER,
	[STYLE_BAR_KEY] = STYLE_PLAIN,
	[STYLE_BAR_LABEL] = STYLE_SELECTED,
	[STYLE_PROMPT] = STYLE_BAR_LABEL,
	[STYLE_PROMPT_FAILED] = STYLE_BANNER_BAD,
	[STYLE_BANNER] = STYLE_SELECTED_FOLLOWED,
	[STYLE_BANNER_BAD] = STYLE_BANNER,
	[STYLE_METER_NAME] = STYLE_PLAIN,
	[STYLE_METER_BRACKET] = STYLE_STRONG,
	[STYLE_METER_USE] = STYLE_GOOD,
	[STYLE_METER_REQUEST] = STYLE_METER_NAME,
	[STYLE_METER_LIMIT] = STYLE_WARNING,
	[STYLE_METER_FREE] = STYLE_PLAIN,
	[STYLE_METER_VALUE] = STYLE_STRONG,
	[STYLE_METER_OVER] = STYLE_BAD,
	[STYLE_SPARK] = STYLE_METER_USE,
	[STYLE_TREE] = STYLE_METER_NAME,
	[STYLE_BOX] = STYLE_METER_NAME,
	[STYLE_BOX_TITLE] = STYLE_STRONG,
	[STYLE_BOX_TEXT] = STYLE_PLAIN,
	[STYLE_BOX_SELECTED] = STYLE_SELECTED,
	[STYLE_BOX_MUTED] = STYLE_MUTED,
};

const struct theme *const *theme_all(size_t *ret_count)
{
	*ret_count = themes_count;
	return themes;
}

const struct theme *theme_default(void)
{
	return themes[0];
}

const struct theme *theme_find(const char *name)
{
	for (size_t i = 0; i < themes_count; i++)
		if (strcasecmp(themes[i]->name, name) == 0 || strcasecmp(themes[i]->title, name) == 0)
			return themes[i];
	return NULL;
}

enum style style_of_role(enum role role)
{
	switch (role) {
	case ROLE_PLAIN:
		return STYLE_PLAIN;
	case ROLE_GOOD:
		return STYLE_GOOD;
	case ROLE_WARNING:
		return STYLE_WARNING;
	case ROLE_BAD:
		return STYLE_BAD;
	case ROLE_MUTED:
		return STYLE_MUTED;
	case ROLE_STRONG:
		return STYLE_STRONG;
	}
	return STYLE_PLAIN;
}

/* --- colours --- */

struct rgb {
	int red, green, blue;
};

/* xterm's: 16 of its own, a cube of 6 x 6 x 6, 24 greys. */
static struct rgb rgb_of(int colour)
{
	static const struct rgb base[BRIGHT] = { { 0, 0, 0 }, { 205, 0, 0 }, { 0, 205, 0 }, { 205, 205, 0 },
		{ 0, 0, 238 }, { 205, 0, 205 }, { 0, 205, 205 }, { 229, 229, 229 }, { 127, 127, 127 }, { 255, 0, 0 },
		{ 0, 255, 0 }, { 255, 255, 0 }, { 92, 92, 255 }, { 255, 0, 255 }, { 0, 255, 255 }, { 255, 255, 255 } };
	static const int steps[CUBE_SIDE] = { 0, 95, 135, 175, 215, 255 };

	if (colour < BRIGHT)
		return base[colour];
	if (colour >= GREYS) {
		int grey = GREY_FIRST + (colour - GREYS) * GREY_STEP;

		return (struct rgb){ grey, grey, grey };
	}
	colour -= CUBE;
	return (struct rgb){ steps[colour / (CUBE_SIDE * CUBE_SIDE)], steps[colour / CUBE_SIDE % CUBE_SIDE],
		steps[colour % CUBE_SIDE] };
}

/* Of the first 16. Bright black is for greys alone, as pale colours would all be that; never for a background, for it
 * is black where there are eight. */
static short nearest(short colour, bool is_background)
{
	struct rgb wanted = rgb_of(colour);
	bool is_grey = wanted.red == wanted.green && wanted.green == wanted.blue;
	int best = 0, least = INT_MAX;

	for (int i = 0; i < BRIGHT; i++) {
		struct rgb other = rgb_of(i);
		int red = wanted.red - other.red, green = wanted.green - other.green, blue = wanted.blue - other.blue;
		int distance = red * red + green * green + blue * blue;

		if (distance < least && (i != BASE || (is_grey && !is_background))) {
			least = distance;
			best = i;
		}
	}
	return (short)best;
}

/* Eight colours: a bright one is bold, and bright black, which is black on black there, is dim. */
static struct look to_base(struct look look)
{
	if (look.foreground == BASE) {
		look.foreground = -1;
		look.attributes |= LOOK_DIM;
	} else if (look.foreground > BASE) {
		look.foreground = (short)(look.foreground - BASE);
		look.attributes |= LOOK_BOLD;
	}
	if (look.background >= BASE)
		look.background = (short)(look.background - BASE);
	/* What two colours became one would not be seen. */
	if (look.background >= 0 && look.foreground == look.background)
		look.foreground = look.background == 0 ? BASE - 1 : 0;
	return look;
}

static bool is_set(const struct look *look)
{
	return look->foreground != 0 || look->background != 0 || look->attributes != 0;
}

struct look theme_look(const struct theme *theme, enum style style, int colours)
{
	const struct theme *source = colours < BASE ? &theme_monochromatic : theme;
	struct look look;

	for (size_t i = 0; i < STYLES && !is_set(&source->looks[style]) && style != STYLE_PLAIN; i++)
		style = parents[style];
	look = source->looks[style];
	if (colours >= PALETTE)
		return look;
	if (look.foreground >= BRIGHT)
		look.foreground = nearest(look.foreground, false);
	if (look.background >= BRIGHT)
		look.background = nearest(look.background, true);
	if (look.foreground >= 0 && look.foreground == look.background)
		look.foreground = look.background == 0 ? BASE - 1 : 0;
	return colours >= BRIGHT ? look : to_base(look);
}
