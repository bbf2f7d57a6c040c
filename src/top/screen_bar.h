/* The function bar of the screen: its labels change with what is going on. */
#pragma once

#include "clusterutils/tui/bar.h"
#include "screen.h"

enum { BAR_ENTRIES = 10 };

void screen_bar_entries(const struct screen *screen, struct bar_entry ret_entries[BAR_ENTRIES]);
uint32_t screen_bar_key(const struct screen *screen, int column); /* 0 for none */
