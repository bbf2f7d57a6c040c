#include "clusterutils/tui/theme.h"

#include "clusterutils/tui/glyphs.h"
#include "clusterutils/util/width.h"
#include "suite.h"

static bool same(struct look a, struct look b)
{
	return a.foreground == b.foreground && a.background == b.background && a.attributes == b.attributes;
}

static const struct {
	const char *name, *title;
} schemes[] = { { "default", "Default" }, { "MONOCHROMATIC", "Monochromatic" }, { "black-on-white", "Black on White" },
	{ "light-terminal", "Light Terminal" }, { "mc", "MC" }, { "black-night", "Black Night" },
	{ "broken-gray", "Broken Gray" }, { "nord", "Nord" }, { "Blue and Orange", "Blue and Orange" } };

START_TEST(schemes_are_found_by_name)
{
	const struct theme *theme = theme_find(schemes[_i].name);
	size_t count;

	ck_assert_ptr_nonnull(theme);
	ck_assert_str_eq(theme->title, schemes[_i].title);
	ck_assert_ptr_eq(theme_find(theme->title), theme);
	theme_all(&count);
	ck_assert_uint_eq(count, sizeof(schemes) / sizeof(schemes[0]));
}
END_TEST

START_TEST(other_names_are_none)
{
	ck_assert_ptr_null(theme_find("solarized"));
	ck_assert_ptr_null(theme_find(""));
	ck_assert_str_eq(theme_default()->name, "default");
}
END_TEST

/* Every style of every scheme on every terminal: colours that it has, and text that differs from its ground. */
START_TEST(every_look_can_be_shown)
{
	static const int terminals[] = { 0, 1, 2, 8, 16, 88, 256, 1 << 24 };
	size_t count;
	const struct theme *const *all = theme_all(&count);

	for (size_t i = 0; i < count; i++)
		for (int style = 0; style < STYLES; style++)
			for (size_t t = 0; t < sizeof(terminals) / sizeof(terminals[0]); t++) {
				struct look look = theme_look(all[i], (enum style)style, terminals[t]);
				int colours = terminals[t] < 8 ? 0
					: terminals[t] < 16    ? 8
					: terminals[t] < 256   ? 16
							       : 256;

				ck_assert_int_lt(look.foreground, colours > 0 ? colours : 0);
				ck_assert_int_lt(look.background, colours > 0 ? colours : 0);
				ck_assert_int_ge(look.foreground, -1);
				ck_assert_int_ge(look.background, -1);
				ck_assert_msg(look.foreground < 0 || look.foreground != look.background,
					"%s: style %d cannot be read with %d colours", all[i]->name, style,
					terminals[t]);
			}
}
END_TEST

/* What must not look the same, in any scheme, with any number of colours. */
START_TEST(states_differ)
{
	static const enum style pairs[][2] = { { STYLE_BAD, STYLE_PLAIN }, { STYLE_BAD, STYLE_WARNING },
		{ STYLE_WARNING, STYLE_PLAIN }, { STYLE_SELECTED, STYLE_PLAIN },
		{ STYLE_SELECTED, STYLE_SELECTED_FOLLOWED }, { STYLE_MATCH, STYLE_PLAIN },
		{ STYLE_TAGGED, STYLE_PLAIN }, { STYLE_TAB, STYLE_TAB_ACTIVE }, { STYLE_BAR_KEY, STYLE_BAR_LABEL },
		{ STYLE_PROMPT, STYLE_PROMPT_FAILED }, { STYLE_FRESH, STYLE_PLAIN },
		{ STYLE_BOX_SELECTED, STYLE_BOX_TEXT }, { STYLE_HEADER, STYLE_HEADER_SORTED },
		{ STYLE_METER_USE, STYLE_METER_REQUEST }, { STYLE_METER_REQUEST, STYLE_METER_LIMIT },
		{ STYLE_STALE, STYLE_PLAIN } };
	static const int terminals[] = { 0, 8, 16, 256 };
	size_t count;
	const struct theme *const *all = theme_all(&count);

	for (size_t i = 0; i < count; i++)
		for (size_t p = 0; p < sizeof(pairs) / sizeof(pairs[0]); p++)
			for (size_t t = 0; t < sizeof(terminals) / sizeof(terminals[0]); t++)
				ck_assert_msg(!same(theme_look(all[i], pairs[p][0], terminals[t]),
						      theme_look(all[i], pairs[p][1], terminals[t])),
					"%s: pair %zu is the same with %d colours", all[i]->name, p, terminals[t]);
}
END_TEST

START_TEST(without_colours_attributes_count)
{
	struct look look = theme_look(theme_default(), STYLE_BAD, 0);

	ck_assert_int_eq(look.foreground, -1);
	ck_assert_int_eq(look.background, -1);
	ck_assert_uint_ne(look.attributes, 0);
}
END_TEST

START_TEST(bright_black_only_where_there_is_some)
{
	ck_assert_int_eq(theme_look(theme_default(), STYLE_MUTED, 16).foreground, 8);
	ck_assert_int_eq(theme_look(theme_default(), STYLE_MUTED, 8).foreground, -1);
	ck_assert_uint_eq(theme_look(theme_default(), STYLE_MUTED, 8).attributes, LOOK_DIM);
}
END_TEST

START_TEST(palette_colours_become_the_nearest)
{
	const struct theme *theme = theme_find("blue-orange");

	ck_assert_int_eq(theme_look(theme, STYLE_BAD, 256).foreground, 208);
	ck_assert_int_eq(theme_look(theme, STYLE_BAD, 16).foreground, 3);
	ck_assert_int_eq(theme_look(theme, STYLE_GOOD, 16).foreground, 6);
}
END_TEST

START_TEST(roles_have_their_style)
{
	ck_assert_int_eq(style_of_role(ROLE_PLAIN), STYLE_PLAIN);
	ck_assert_int_eq(style_of_role(ROLE_GOOD), STYLE_GOOD);
	ck_assert_int_eq(style_of_role(ROLE_WARNING), STYLE_WARNING);
	ck_assert_int_eq(style_of_role(ROLE_BAD), STYLE_BAD);
	ck_assert_int_eq(style_of_role(ROLE_MUTED), STYLE_MUTED);
	ck_assert_int_eq(style_of_role(ROLE_STRONG), STYLE_STRONG);
}
END_TEST

static void check_glyph(const char *glyph, int columns, bool ascii)
{
	ck_assert_ptr_nonnull(glyph);
	ck_assert_int_eq(width_of_text(glyph), columns);
	for (const char *c = glyph; ascii && *c; c++)
		ck_assert_int_lt((unsigned char)*c, 0x80);
}

START_TEST(glyphs_have_the_width_that_is_promised)
{
	for (int set = 0; set < 4; set++) {
		const struct glyphs *glyphs = glyphs_find(set & 1, set & 2);
		const char *const single[] = { glyphs->expanded, glyphs->collapsed, glyphs->gap, glyphs->use,
			glyphs->request, glyphs->limit, glyphs->free, glyphs->over, glyphs->horizontal,
			glyphs->vertical, glyphs->top_left, glyphs->top_right, glyphs->bottom_left,
			glyphs->bottom_right, glyphs->ellipsis, glyphs->ascending, glyphs->descending, glyphs->tag,
			glyphs->more_above, glyphs->more_below };
		const char *const triple[] = { glyphs->branch, glyphs->last_branch, glyphs->trunk, glyphs->no_trunk,
			glyphs->checked, glyphs->unchecked };

		ck_assert_int_eq(glyphs->is_unicode, set & 1);
		for (size_t i = 0; i < sizeof(single) / sizeof(single[0]); i++)
			check_glyph(single[i], 1, !(set & 1));
		for (size_t i = 0; i < sizeof(triple) / sizeof(triple[0]); i++)
			check_glyph(triple[i], 3, !(set & 1));
		for (int i = 0; i < GLYPHS_LEVELS; i++)
			check_glyph(glyphs->levels[i], 1, !(set & 1));
		if (!(set & 2)) {
			ck_assert_str_ne(glyphs->use, glyphs->request);
			ck_assert_str_ne(glyphs->request, glyphs->limit);
		}
	}
}
END_TEST

TEST_MAIN("tui/theme", TEST_TABLE(schemes_are_found_by_name, schemes), TEST(other_names_are_none),
	TEST(every_look_can_be_shown), TEST(states_differ), TEST(without_colours_attributes_count),
	TEST(bright_black_only_where_there_is_some), TEST(palette_colours_become_the_nearest),
	TEST(roles_have_their_style), TEST(glyphs_have_the_width_that_is_promised))
