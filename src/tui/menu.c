#include "clusterutils/tui/menu.h"

#include <string.h>
#include <strings.h>

#include "clusterutils/tui/input.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/width.h"

enum { BORDER = 1, MARGIN = 1, CHECK_COLUMNS = 4, HELP_GAP = 2 };

void menu_init(struct menu *menu, const char *title)
{
	*menu = (struct menu){ 0 };
	menu->title = arena_text(&menu->arena, title);
}

void menu_release(struct menu *menu)
{
	memory_auto_free(&menu->items);
	arena_release(&menu->arena);
	*menu = (struct menu){ 0 };
}

struct menu_item *menu_add(struct menu *menu, const char *text, const char *help)
{
	struct menu_item *item;

	ARRAY_GROW(menu->items, menu->count, menu->capacity);
	item = &menu->items[menu->count++];
	*item = (struct menu_item){ .text = arena_text(&menu->arena, text),
		.help = help ? arena_text(&menu->arena, help) : NULL };
	return item;
}

/* --- the selection --- */

static bool can_select(const struct menu *menu, size_t item)
{
	return item < menu->count && !menu->items[item].is_blank;
}

/* From an item that was a heading only after it was added. */
static size_t selected_of(const struct menu *menu)
{
	for (size_t i = menu->selected; i < menu->count; i++)
		if (can_select(menu, i))
			return i;
	for (size_t i = menu->count; i-- > 0;)
		if (can_select(menu, i))
			return i;
	return 0;
}

/* So many that can be selected further on or back; at the end it stays. */
static void move(struct menu *menu, bool back, size_t steps)
{
	size_t at = selected_of(menu);

	menu->selected = at;
	while (steps > 0 && (back ? at > 0 : at + 1 < menu->count)) {
		at = back ? at - 1 : at + 1;
		if (!can_select(menu, at))
			continue;
		menu->selected = at;
		steps--;
	}
}

void menu_scroll(struct menu *menu, int items)
{
	move(menu, items < 0, items < 0 ? (size_t) - (long)items : (size_t)items);
}

void menu_select(struct menu *menu, size_t item)
{
	if (can_select(menu, item))
		menu->selected = item;
}

/* --- keys --- */

static bool select_typed(struct menu *menu, size_t from)
{
	size_t length = strlen(menu->typed);

	for (size_t i = 0; i < menu->count; i++) {
		size_t item = (from + i) % menu->count;

		if (can_select(menu, item) && strncasecmp(menu->items[item].text, menu->typed, length) == 0) {
			menu->selected = item;
			return true;
		}
	}
	return false;
}

/* A letter more narrows down; one that leads nowhere begins anew, from the next item. */
static bool type(struct menu *menu, uint32_t key)
{
	size_t length = strlen(menu->typed), size, at = selected_of(menu);
	char bytes[4];

	size = text_encode(key, bytes);
	if (length > 0 && length + size < MENU_TYPED) {
		memcpy(menu->typed + length, bytes, size);
		menu->typed[length + size] = '\0';
		if (select_typed(menu, at))
			return true;
	}
	memcpy(menu->typed, bytes, size);
	menu->typed[size] = '\0';
	if (select_typed(menu, at + 1))
		return true;
	menu->typed[0] = '\0';
	return false;
}

static enum menu_answer choose(struct menu *menu, bool toggle)
{
	struct menu_item *item;

	menu->selected = selected_of(menu);
	if (!can_select(menu, menu->selected))
		return MENU_USED;
	item = &menu->items[menu->selected];
	if (!toggle)
		return MENU_CHOSEN;
	if (!item->is_checkable)
		return MENU_USED;
	item->is_on = !item->is_on;
	return MENU_TOGGLED;
}

static bool move_key(struct menu *menu, uint32_t key)
{
	size_t page = menu->rows > 1 ? (size_t)menu->rows - 1 : 1;

	switch (key) {
	case KEY_UP:
	case KEY_DOWN:
		move(menu, key == KEY_UP, 1);
		return true;
	case KEY_PAGE_UP:
	case KEY_PAGE_DOWN:
		move(menu, key == KEY_PAGE_UP, page);
		return true;
	case KEY_HOME:
	case KEY_END:
		move(menu, key == KEY_HOME, menu->count);
		return true;
	default:
		return false;
	}
}

enum menu_answer menu_key(struct menu *menu, uint32_t key)
{
	bool is_typing = menu->typed[0] != '\0';

	if (key_is_text(key) && key != ' ' && (key != 'q' || is_typing))
		return type(menu, key) ? MENU_USED : MENU_UNUSED;
	if (key == ' ' && is_typing && type(menu, key))
		return MENU_USED;
	menu->typed[0] = '\0';
	if (move_key(menu, key))
		return MENU_USED;
	if (key == KEY_ENTER || key == ' ')
		return choose(menu, key == ' ');
	if (key == KEY_ESCAPE || key == KEY_F10 || key == 'q')
		return MENU_LEFT;
	return MENU_UNUSED;
}

/* --- drawing --- */

static int text_columns(const struct menu *menu)
{
	int widest = 0;

	for (size_t i = 0; i < menu->count; i++) {
		int columns = width_of_text(menu->items[i].text) + (menu->items[i].is_checkable ? CHECK_COLUMNS : 0);

		widest = columns > widest ? columns : widest;
	}
	return widest;
}

static int help_columns(const struct menu *menu)
{
	int widest = 0;

	for (size_t i = 0; i < menu->count; i++) {
		int columns = menu->items[i].help ? width_of_text(menu->items[i].help) + HELP_GAP : 0;

		widest = columns > widest ? columns : widest;
	}
	return widest;
}

struct rect menu_place(const struct menu *menu, struct rect within, bool centred)
{
	int inside = text_columns(menu) + help_columns(menu), title = width_of_text(menu->title) + 2;
	int columns = (inside > title ? inside : title) + 2 * (BORDER + MARGIN);
	int rows = menu->count > (size_t)within.rows ? within.rows : (int)menu->count + 2 * BORDER;
	struct rect place = within;

	place.columns = columns < within.columns ? columns : within.columns;
	if (!centred)
		return place;
	place.rows = rows < within.rows ? rows : within.rows;
	place.row += (within.rows - place.rows) / 2;
	place.column += (within.columns - place.columns) / 2;
	return place;
}

/* Without the border; a box that is too small for one has none. */
static struct rect inside_of(struct rect rect)
{
	if (rect.rows < 3 || rect.columns < 2 * (BORDER + MARGIN) + 1)
		return rect;
	return (struct rect){ rect.row + BORDER, rect.column + BORDER, rect.rows - 2 * BORDER,
		rect.columns - 2 * BORDER };
}

static void draw_border(struct canvas *canvas, struct rect rect, const struct menu *menu, const struct glyphs *glyphs)
{
	int right = rect.column + rect.columns - 1, bottom = rect.row + rect.rows - 1;
	AUTO_BUFFER title = { 0 };

	canvas_repeat(canvas, rect.row, rect.column + 1, rect.columns - 2, STYLE_BOX, glyphs->horizontal);
	canvas_repeat(canvas, bottom, rect.column + 1, rect.columns - 2, STYLE_BOX, glyphs->horizontal);
	for (int row = rect.row + 1; row < bottom; row++) {
		canvas_text(canvas, row, rect.column, 1, STYLE_BOX, glyphs->vertical);
		canvas_text(canvas, row, right, 1, STYLE_BOX, glyphs->vertical);
	}
	canvas_text(canvas, rect.row, rect.column, 1, STYLE_BOX, glyphs->top_left);
	canvas_text(canvas, rect.row, right, 1, STYLE_BOX, glyphs->top_right);
	canvas_text(canvas, bottom, rect.column, 1, STYLE_BOX, glyphs->bottom_left);
	canvas_text(canvas, bottom, right, 1, STYLE_BOX, glyphs->bottom_right);
	if (*menu->title)
		buffer_printf(&title, " %s ", menu->title);
	canvas_text_cut(canvas, rect.row, rect.column + 1, rect.columns - 2, STYLE_BOX_TITLE, buffer_text(&title),
		glyphs->ellipsis);
	if (menu->top > 0)
		canvas_text(canvas, rect.row, right - 1, 1, STYLE_BOX, glyphs->more_above);
	if (menu->top + (size_t)menu->rows < menu->count)
		canvas_text(canvas, bottom, right - 1, 1, STYLE_BOX, glyphs->more_below);
}

static void draw_item(struct canvas *canvas, struct rect row, const struct menu *menu, size_t index, int text_width,
	const struct glyphs *glyphs)
{
	const struct menu_item *item = &menu->items[index];
	bool is_selected = index == menu->selected && !item->is_blank;
	enum style style = is_selected ? STYLE_BOX_SELECTED : item->is_blank ? STYLE_BOX_TITLE : STYLE_BOX_TEXT;
	int margin = row.columns > 2 * MARGIN ? MARGIN : 0, at = row.column + margin, left = row.columns - 2 * margin;
	int help = at + text_width + HELP_GAP, end = at + left;

	canvas_fill(canvas, row, style);
	if (item->is_checkable) {
		canvas_text(canvas, row.row, at, left, style, item->is_on ? glyphs->checked : glyphs->unchecked);
		at += CHECK_COLUMNS;
		left -= CHECK_COLUMNS;
	}
	canvas_text_cut(canvas, row.row, at, left, style, item->text, glyphs->ellipsis);
	if (item->help && help < end)
		canvas_text_cut(canvas, row.row, help, end - help, is_selected ? style : STYLE_BOX_MUTED, item->help,
			glyphs->ellipsis);
}

/* The selected item in sight, and no empty rows below where items are hidden above. */
static void scroll(struct menu *menu, int rows)
{
	size_t sight = rows > 0 ? (size_t)rows : 0;

	menu->selected = selected_of(menu);
	menu->rows = rows;
	if (menu->top + sight > menu->count)
		menu->top = menu->count > sight ? menu->count - sight : 0;
	if (menu->selected < menu->top)
		menu->top = menu->selected;
	if (sight > 0 && menu->selected >= menu->top + sight)
		menu->top = menu->selected - sight + 1;
}

void menu_draw(struct canvas *canvas, struct rect rect, struct menu *menu, const struct glyphs *glyphs)
{
	struct rect inside = inside_of(rect);
	int text_width = text_columns(menu);

	if (rect_is_empty(rect))
		return;
	canvas_fill(canvas, rect, STYLE_BOX_TEXT);
	scroll(menu, inside.rows);
	if (inside.rows < rect.rows)
		draw_border(canvas, rect, menu, glyphs);
	for (int row = 0; row < inside.rows && menu->top + (size_t)row < menu->count; row++)
		draw_item(canvas, rect_row(inside, row), menu, menu->top + (size_t)row, text_width, glyphs);
}

int menu_at(const struct menu *menu, struct rect rect, int row, int column)
{
	struct rect inside = inside_of(rect);
	size_t item;

	if (!rect_has(inside, row, column))
		return -1;
	item = menu->top + (size_t)(row - inside.row);
	return can_select(menu, item) ? (int)item : -1;
}
