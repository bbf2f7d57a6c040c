/* A box with choices: the column to sort by, the pages of the setup, actions. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/tui/canvas.h"
#include "clusterutils/tui/glyphs.h"
#include "clusterutils/util/arena.h"

struct menu_item {
	const char *text, *help; /* in the arena; help may be NULL */
	bool is_checkable, is_on;
	bool is_blank; /* a heading: cannot be selected */
};

enum { MENU_TYPED = 64 };

struct menu {
	const char *title;
	struct menu_item *items;
	size_t count, capacity;
	size_t selected; /* always one that can be selected, where there is one */
	size_t top;      /* the first in sight */
	int rows;        /* of items, as drawn last */
	char typed[MENU_TYPED];
	struct arena arena;
};

enum menu_answer { MENU_UNUSED, MENU_USED, MENU_TOGGLED, MENU_CHOSEN, MENU_LEFT };

void menu_init(struct menu *menu, const char *title); /* copies */
void menu_release(struct menu *menu);
struct menu_item *menu_add(struct menu *menu, const char *text, const char *help); /* valid until the next */

/* Up, Down, PgUp, PgDn, Home, End; Space toggles what can be checked; Enter chooses; Escape, q (while nothing is
 * typed) and F10 leave. Other characters go to the next item that begins with what was typed, ASCII case aside. */
enum menu_answer menu_key(struct menu *menu, uint32_t key);
void menu_scroll(struct menu *menu, int items); /* the wheel: moves the selection */
void menu_select(struct menu *menu, size_t item);

/* The box that it needs within this rect, centred or at the left, as high as the rect there. */
struct rect menu_place(const struct menu *menu, struct rect within, bool centred);

void menu_draw(struct canvas *canvas, struct rect rect, struct menu *menu, const struct glyphs *glyphs);

/* Which item is at this place of the box drawn last into this rect; -1 for none. */
int menu_at(const struct menu *menu, struct rect rect, int row, int column);
