/* Which columns a view shows, in which order: from the settings to the list, and the part of the setup that is about
 * it. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "clusterutils/util/text.h"
#include "screen_parts.h"

/* What the settings have and the view has not is told once, and forgotten. */
static void forget_unknown(struct screen *screen, const struct table *table, const char *view)
{
	const char *all = settings_columns(&screen->settings, view);
	AUTO_BUFFER keys = { 0 };

	for (size_t length; *all; all += length + (all[length] == ',')) {
		length = strcspn(all, ",");
		for (size_t i = 0; i < table->column_count; i++)
			if (strlen(table->columns[i].key) == length && memcmp(table->columns[i].key, all, length) == 0)
				buffer_printf(&keys, "%s%s", keys.length ? "," : "", table->columns[i].key);
	}
	settings_set_columns(&screen->settings, view, buffer_text(&keys));
}

void screen_choose_columns(struct screen *screen, struct tab *tab)
{
	const struct table *table = tab->frame->table;
	const char *view = screen_view(screen)->name;
	struct error err;

	if (*screen->settings.remark)
		screen_tell(screen, ROLE_WARNING, "%s", screen->settings.remark);
	screen->settings.remark[0] = '\0';
	tab->list.order.count = 0;
	if (!table->column_count)
		return; /* there is no cluster to show anything of */
	if (column_order_read(table, settings_columns(&screen->settings, view), COLUMNS_TEXT, &tab->list.order, &err) ==
		0)
		return;
	screen_tell(screen, ROLE_WARNING, "%s: %s", view, err.message);
	forget_unknown(screen, table, view);
}

/* --- the setup --- */

static void add_entry(struct column_setup *setup, const struct column *column, bool is_on)
{
	if (setup->count == COLUMNS_MAX)
		return;
	setup->entries[setup->count].key = arena_text(&setup->arena, column->key);
	setup->entries[setup->count].title = arena_text(&setup->arena, column->header);
	setup->entries[setup->count++].is_on = is_on;
}

static bool has_entry(const struct column_setup *setup, const char *key, size_t length)
{
	for (size_t i = 0; i < setup->count; i++)
		if (strlen(setup->entries[i].key) == length && memcmp(setup->entries[i].key, key, length) == 0)
			return true;
	return false;
}

/* A column with a header may be shown, if not now: that of watts while there is nobody to ask. */
static bool is_for_choice(const struct table *table, size_t column)
{
	return table->columns[column].header && !column_is_fixed(table, column, COLUMNS_TEXT);
}

static void add_chosen(struct column_setup *setup, const struct table *table, const char *keys)
{
	for (size_t length; *keys; keys += length + (keys[length] == ',')) {
		length = strcspn(keys, ",");
		for (size_t i = 0; i < table->column_count; i++) {
			const struct column *column = &table->columns[i];

			if (is_for_choice(table, i) && strlen(column->key) == length &&
				memcmp(column->key, keys, length) == 0 && !has_entry(setup, keys, length))
				add_entry(setup, column, true);
		}
	}
}

/* Those that are shown in their order, then the others in the view's. */
void screen_columns_begin(struct screen *screen)
{
	struct column_setup *setup = &screen->column_setup;
	const struct table *table = screen_tab(screen)->frame->table;
	const char *keys;

	arena_reset(&setup->arena);
	setup->count = 0;
	setup->view = screen_view(screen)->name;
	keys = settings_columns(&screen->settings, setup->view);
	add_chosen(setup, table, keys);
	for (size_t i = 0; i < table->column_count; i++) {
		const struct column *column = &table->columns[i];

		if (is_for_choice(table, i) && !has_entry(setup, column->key, strlen(column->key)))
			add_entry(setup, column, !*keys);
	}
}

void screen_columns_fill(const struct screen *screen, struct menu *menu)
{
	const struct column_setup *setup = &screen->column_setup;
	struct menu_item *item;
	char heading[64];

	snprintf(heading, sizeof(heading), "Columns of %c%s", toupper((unsigned char)setup->view[0]), setup->view + 1);
	menu_add(menu, heading, "Space shows and hides, F7 moves up, F8 down")->is_blank = true;
	item = menu_add(menu, "The view's own", "all columns, in its order");
	item->is_checkable = true;
	item->is_on = !*settings_columns(&screen->settings, setup->view);
	for (size_t i = 0; i < setup->count; i++) {
		item = menu_add(menu, setup->entries[i].title, setup->entries[i].key);
		item->is_checkable = true;
		item->is_on = setup->entries[i].is_on;
	}
}

size_t screen_columns_items(const struct screen *screen)
{
	return screen->column_setup.count + 1;
}

/* What comes first anyhow is told as well: no choice at all would be the view's own. */
static void hold(struct screen *screen)
{
	const struct column_setup *setup = &screen->column_setup;
	const struct table *table = screen_tab(screen)->frame->table;
	AUTO_BUFFER keys = { 0 };

	for (size_t i = 0; i < table->column_count; i++)
		if (column_is_fixed(table, i, COLUMNS_TEXT))
			buffer_printf(&keys, "%s%s", keys.length ? "," : "", table->columns[i].key);
	for (size_t i = 0; i < setup->count; i++)
		if (setup->entries[i].is_on)
			buffer_printf(&keys, "%s%s", keys.length ? "," : "", setup->entries[i].key);
	settings_set_columns(&screen->settings, setup->view, buffer_text(&keys));
	screen_choose_columns(screen, screen_tab(screen));
}

void screen_columns_turn(struct screen *screen, size_t item)
{
	if (item > 0) {
		screen->column_setup.entries[item - 1].is_on = !screen->column_setup.entries[item - 1].is_on;
		hold(screen);
		return;
	}
	settings_set_columns(&screen->settings, screen->column_setup.view, "");
	screen_choose_columns(screen, screen_tab(screen));
	screen_columns_begin(screen);
}

bool screen_columns_move(struct screen *screen, size_t item, int direction)
{
	struct column_setup *setup = &screen->column_setup;
	size_t from = item - 1, to = direction < 0 ? from - 1 : from + 1;
	struct column_entry moved;

	if (item == 0 || (direction < 0 && from == 0) || to >= setup->count)
		return false;
	moved = setup->entries[from];
	setup->entries[from] = setup->entries[to];
	setup->entries[to] = moved;
	hold(screen);
	return true;
}
