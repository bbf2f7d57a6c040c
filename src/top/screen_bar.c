#include "screen_bar.h"

/* htop's ten, in htop's places; its Nice- and Nice+ are the groups here. */
void screen_bar_entries(const struct screen *screen, struct bar_entry ret_entries[BAR_ENTRIES])
{
	const struct list *list = &screen->tabs[screen->tab].list;
	const struct bar_entry entries[BAR_ENTRIES] = {
		{ "F1", "Help" },
		{ "F2", "Setup" },
		{ "F3", *screen->searched ? "Next" : "Search" },
		{ "F4", *list->filter ? "FILTER" : "Filter" },
		{ "F5", screen->tabs[screen->tab].view == &view_nodes ? "Tree" : NULL },
		{ "F6", "SortBy" },
		{ "F7", list->is_tree ? "Zone-" : NULL },
		{ "F8", list->is_tree ? "Zone+" : NULL },
		{ "F9", screen->allows_actions ? "Action" : NULL },
		{ "F10", "Quit" },
	};

	for (size_t i = 0; i < BAR_ENTRIES; i++)
		ret_entries[i] = entries[i];
}

uint32_t screen_bar_key(const struct screen *screen, int column)
{
	struct bar_entry entries[BAR_ENTRIES];
	int entry;

	screen_bar_entries(screen, entries);
	entry = bar_at(screen->layout.bar, entries, BAR_ENTRIES, column);
	return entry < 0 ? 0 : (uint32_t)KEY_F1 + (uint32_t)entry;
}
