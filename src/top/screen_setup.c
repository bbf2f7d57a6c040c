/* The setup screen: what it changes holds at once, and is saved when one says so. */
#include <stdio.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "screen_parts.h"

/* Things that are on or off. */
static const struct {
	const char *text, *help;
	size_t offset;
	bool says_on; /* the struct; else it says what is off */
} switches[] = {
	{ "Meters", "the lines above the tabs", offsetof(struct settings, no_meters), false },
	{ "Tabs", "the line of tabs", offsetof(struct settings, no_tabs), false },
	{ "Function bar", "the last line", offsetof(struct settings, no_bar), false },
	{ "Unicode", "lines and bars of Unicode, where the terminal has it", offsetof(struct settings, no_unicode),
		false },
	{ "Colours", "where the terminal has them", offsetof(struct settings, no_colour), false },
	{ "Mouse", "from the next start on", offsetof(struct settings, no_mouse), false },
	{ "Highlight changes", "+ new, ! better or worse", offsetof(struct settings, highlights), true },
};

static const int64_t durations[] = { 1, 2, 5, 10, 30, 60 };
static const int64_t delays[] = { 500, 1000, 1500, 2000, 5000, 10000 };

static bool *flag_of(struct screen *screen, size_t i)
{
	return (bool *)(void *)((char *)&screen->settings + switches[i].offset);
}

static void add_heading(struct menu *menu, const char *text)
{
	menu_add(menu, text, NULL)->is_blank = true;
}

static void add_choice(struct menu *menu, const char *text, const char *help, bool is_on)
{
	struct menu_item *item = menu_add(menu, text, help);

	item->is_checkable = true;
	item->is_on = is_on;
}

/* The order here is the order in screen_setup_choose. */
static void fill(struct screen *screen)
{
	struct menu *menu = &screen->menu;
	size_t themes;
	const struct theme *const *theme = theme_all(&themes);

	add_heading(menu, "Display");
	for (size_t i = 0; i < ARRAY_LEN(switches); i++)
		add_choice(menu, switches[i].text, switches[i].help, *flag_of(screen, i) == switches[i].says_on);
	add_heading(menu, "Time between two frames");
	for (size_t i = 0; i < ARRAY_LEN(delays); i++) {
		char text[32];

		snprintf(text, sizeof(text), "%lld.%lld s", (long long)(delays[i] / 1000),
			(long long)(delays[i] % 1000 / 100));
		add_choice(menu, text, NULL, screen->settings.delay_ms == delays[i]);
	}
	add_heading(menu, "Highlight for");
	for (size_t i = 0; i < ARRAY_LEN(durations); i++) {
		char text[32];

		snprintf(text, sizeof(text), "%lld s", (long long)durations[i]);
		add_choice(menu, text, NULL, screen->settings.highlight_seconds == durations[i]);
	}
	add_heading(menu, "Colour scheme");
	for (size_t i = 0; i < themes; i++)
		add_choice(menu, theme[i]->title, NULL, theme[i] == screen_theme(screen));
	screen_columns_fill(screen, menu);
	add_heading(menu, "File");
	menu_add(menu, "Save", "these settings, sorting and grouping for the next start");
}

static void open_menu(struct screen *screen)
{
	screen_close_overlay(screen);
	menu_init(&screen->menu, "Setup");
	screen->overlay = OVERLAY_SETUP;
	fill(screen);
	menu_select(&screen->menu, 1);
}

void screen_setup_menu(struct screen *screen)
{
	screen_columns_begin(screen);
	open_menu(screen);
}

static void refill(struct screen *screen)
{
	size_t selected = screen->menu.selected, top = screen->menu.top;

	open_menu(screen);
	menu_select(&screen->menu, selected);
	screen->menu.top = top;
}

void screen_look(struct screen *screen)
{
	screen->glyphs = glyphs_find(
		screen->is_unicode && !screen->settings.no_unicode, screen->colours > 0 && !screen->settings.no_colour);
}

void screen_setup_choose(struct screen *screen)
{
	size_t item = screen->menu.selected, themes, at = 1, columns = screen_columns_items(screen);
	const struct theme *const *theme = theme_all(&themes);

	if (item >= at && item < at + ARRAY_LEN(switches))
		*flag_of(screen, item - at) = !*flag_of(screen, item - at);
	at += ARRAY_LEN(switches) + 1;
	if (item >= at && item < at + ARRAY_LEN(delays))
		screen->settings.delay_ms = delays[item - at];
	at += ARRAY_LEN(delays) + 1;
	if (item >= at && item < at + ARRAY_LEN(durations))
		screen->settings.highlight_seconds = durations[item - at];
	at += ARRAY_LEN(durations) + 1;
	if (item >= at && item < at + themes)
		snprintf(screen->settings.theme, sizeof(screen->settings.theme), "%s", theme[item - at]->name);
	at += themes + 1;
	if (item >= at && item < at + columns)
		screen_columns_turn(screen, item - at);
	at += columns + 1;
	screen_look(screen);
	screen->settings_changed = item != at;
	if (item == at) {
		screen_close_overlay(screen);
		wish_clear(&screen->wish);
		screen->wish.type = WISH_SAVE;
		return;
	}
	refill(screen);
}

/* Of the columns alone. */
void screen_setup_move(struct screen *screen, int direction)
{
	size_t columns = screen->menu.count - screen_columns_items(screen) - 2, item = screen->menu.selected;

	if (item < columns || item >= screen->menu.count - 2 || !screen_columns_move(screen, item - columns, direction))
		return;
	screen->settings_changed = true;
	screen->menu.selected = direction < 0 ? item - 1 : item + 1;
	refill(screen);
}

void screen_setup_leave(struct screen *screen)
{
	screen_close_overlay(screen);
	if (screen->settings_changed)
		screen_tell(screen, ROLE_PLAIN, "the settings hold until you quit: choose Save to keep them");
}
