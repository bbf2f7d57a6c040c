/* What each key and each click does while the list is shown. */
#include <string.h>

#include "clusterutils/tui/bar.h"
#include "screen_bar.h"
#include "screen_parts.h"

/* The first row of a group, of those that stand before or after the cursor. */
static void go_to_group(struct screen *screen, int direction)
{
	struct list *list = &screen_tab(screen)->list;

	for (size_t i = list->selected; direction < 0 ? i-- > 0 : ++i < list->count;) {
		if (list_row(list, i)->kind == ROW_GROUP) {
			list_select(list, i);
			return;
		}
	}
}

static void invert(struct screen *screen)
{
	struct tab *tab = screen_tab(screen);

	if (!*tab->sort) {
		screen_sort(screen, "name");
		screen_sort(screen, "name");
		return;
	}
	if (*tab->sort == '-')
		memmove(tab->sort, tab->sort + 1, strlen(tab->sort));
	else if (strlen(tab->sort) + 1 < sizeof(tab->sort)) {
		memmove(tab->sort + 1, tab->sort, strlen(tab->sort) + 1);
		tab->sort[0] = '-';
	}
	screen->hold_until = 0;
	screen_build(screen);
}

static void scroll(struct screen *screen, long rows)
{
	struct list *list = &screen_tab(screen)->list;
	size_t height = (size_t)screen->layout.list.rows;

	if (rows < 0)
		list->top -= list->top < (size_t)-rows ? list->top : (size_t)-rows;
	else if (list->top + height < list->count)
		list->top += (size_t)rows;
	if (list->selected < list->top)
		list_select(list, list->top);
	if (height && list->selected >= list->top + height)
		list_select(list, list->top + height - 1);
}

static void move(struct screen *screen, enum action action)
{
	struct list *list = &screen_tab(screen)->list;
	long page = screen->layout.list.rows > 1 ? screen->layout.list.rows - 1 : 1;

	if (action == ACTION_UP || action == ACTION_DOWN)
		list_move(list, action == ACTION_UP ? -1 : 1);
	else if (action == ACTION_PAGE_UP || action == ACTION_PAGE_DOWN)
		list_move(list, action == ACTION_PAGE_UP ? -page : page);
	else if (action == ACTION_FIRST || action == ACTION_LAST)
		list_select(list, action == ACTION_FIRST ? 0 : SIZE_MAX);
	else if (action == ACTION_SCROLL_UP || action == ACTION_SCROLL_DOWN)
		scroll(screen, action == ACTION_SCROLL_UP ? -1 : 1);
	else
		list_pan(list, action == ACTION_PAN_LEFT ? -1 : 1);
}

/* NULL for what is no key of an order. */
static const char *order_of(enum action action)
{
	switch (action) {
	case ACTION_SORT_NAME:
		return "name";
	case ACTION_SORT_CPU:
		return "cpu";
	case ACTION_SORT_MEMORY:
		return "memory";
	case ACTION_SORT_AGE:
		return "created";
	case ACTION_SORT_WATTS:
		return "power";
	case ACTION_SORT_SEVERITY:
		return "severity";
	default:
		return NULL;
	}
}

static bool act_on_order(struct screen *screen, enum action action)
{
	const char *order = order_of(action);

	if (order) {
		/* As in htop the key chooses; I turns the order. */
		if (strcmp(screen_tab(screen)->sort, order) != 0)
			screen_sort(screen, order);
		return true;
	}
	if (action == ACTION_SORT)
		screen_sort_menu(screen);
	else if (action == ACTION_INVERT)
		invert(screen);
	else if (action == ACTION_GROUPING)
		screen_next_grouping(screen);
	else
		return false;
	return true;
}

static bool act_on_rows(struct screen *screen, enum action action)
{
	struct list *list = &screen_tab(screen)->list;

	switch (action) {
	case ACTION_GROUP_BACK:
	case ACTION_GROUP_NEXT:
		go_to_group(screen, action == ACTION_GROUP_BACK ? -1 : 1);
		return true;
	case ACTION_TAG:
	case ACTION_TAG_CHILDREN:
		list_tag(list, action == ACTION_TAG_CHILDREN);
		return true;
	case ACTION_UNTAG_ALL:
		list_untag_all(list);
		return true;
	case ACTION_FOLD:
		list_fold(list, FOLD_TURN);
		return true;
	case ACTION_FOLD_ALL:
		list_fold(list, FOLD_TURN_ALL);
		return true;
	case ACTION_FOLD_PARENT:
		list_fold(list, FOLD_INTO_PARENT);
		return true;
	case ACTION_FOLLOW:
		list->follows = !list->follows;
		return true;
	case ACTION_ENTER:
		screen_enter(screen);
		return true;
	case ACTION_BACK:
		screen_back(screen);
		return true;
	default:
		return false;
	}
}

static bool act_on_tabs(struct screen *screen, enum action action)
{
	if (action >= ACTION_TAB_1 && action <= ACTION_TAB_6)
		screen_go(screen, (size_t)(action - ACTION_TAB_1));
	else if (action == ACTION_TAB_NEXT)
		screen_go(screen, (screen->tab + 1) % screen->tab_count);
	else if (action == ACTION_TAB_BACK)
		screen_go(screen, (screen->tab + screen->tab_count - 1) % screen->tab_count);
	else
		return false;
	return true;
}

static void act_on_the_rest(struct screen *screen, enum action action)
{
	switch (action) {
	case ACTION_HELP:
		screen_help(screen);
		break;
	case ACTION_SETUP:
		screen_setup_menu(screen);
		break;
	case ACTION_SEARCH:
		screen_ask(screen, PROMPT_SEARCH);
		break;
	case ACTION_SEARCH_BACK:
		screen_search_on(screen, -1);
		break;
	case ACTION_FILTER:
		screen_ask(screen, PROMPT_FILTER);
		break;
	case ACTION_COMMAND:
		screen_ask(screen, PROMPT_COMMAND);
		break;
	case ACTION_SNAPSHOT:
		screen_ask(screen, PROMPT_SNAPSHOT);
		break;
	case ACTION_ACT:
		screen_action_menu(screen);
		break;
	case ACTION_DESCRIBE:
		screen_describe(screen);
		break;
	case ACTION_YAML:
		screen_wish_yaml(screen);
		break;
	case ACTION_QUIT:
		screen->wish.type = WISH_QUIT;
		break;
	case ACTION_REDRAW:
		screen->wish.type = WISH_REDRAW;
		break;
	case ACTION_METERS:
		screen->settings.no_meters = !screen->settings.no_meters;
		break;
	case ACTION_PAUSE:
		screen->is_paused = !screen->is_paused;
		break;
	default:
		break;
	}
}

/* F3 goes on with a search that has been made. */
static enum action as_going_on(const struct screen *screen, uint32_t key, enum action action)
{
	return action == ACTION_SEARCH && key == KEY_F3 && *screen->searched ? ACTION_NONE : action;
}

static void list_key(struct screen *screen, uint32_t key)
{
	enum action action = action_of_key(key);

	if (action != ACTION_NONE && as_going_on(screen, key, action) == ACTION_NONE) {
		screen_search_on(screen, 1);
		return;
	}
	if (action >= ACTION_UP && action <= ACTION_PAN_RIGHT)
		move(screen, action);
	else if (!act_on_order(screen, action) && !act_on_rows(screen, action) && !act_on_tabs(screen, action))
		act_on_the_rest(screen, action);
}

/* --- the mouse --- */

static void click_row(struct screen *screen, const struct input_event *event)
{
	struct list *list = &screen_tab(screen)->list;
	size_t position;
	bool is_second;

	if (!list_position_at(list, screen->layout.list, event->row, &position))
		return;
	is_second = position == list->selected && event->is_double;
	list_select(list, position);
	if (!is_second)
		return;
	if (list_row(list, position)->kind == ROW_GROUP)
		list_fold(list, FOLD_TURN);
	else
		screen_enter(screen);
}

static void click(struct screen *screen, const struct input_event *event)
{
	const struct layout *layout = &screen->layout;

	if (rect_has(layout->headers, event->row, event->column)) {
		const char *key = list_column_at(&screen_tab(screen)->list, layout->headers, event->column);

		if (key)
			screen_sort(screen, key);
	} else if (rect_has(layout->tabs, event->row, event->column)) {
		int tab = tabs_at(layout->tabs, screen->names, screen->tab_count, screen->tab, event->column);

		if (tab >= 0)
			screen_go(screen, (size_t)tab);
	} else if (rect_has(layout->bar, event->row, event->column)) {
		uint32_t key = screen_bar_key(screen, event->column);

		if (key)
			list_key(screen, key);
	} else {
		click_row(screen, event);
	}
}

static void list_mouse(struct screen *screen, const struct input_event *event)
{
	if (event->button == MOUSE_WHEEL_UP || event->button == MOUSE_WHEEL_DOWN)
		list_move(&screen_tab(screen)->list, event->button == MOUSE_WHEEL_UP ? -3 : 3);
	else if (event->is_release && (event->button == MOUSE_LEFT || event->button == MOUSE_RIGHT))
		click(screen, event);
}

void screen_event(struct screen *screen, const struct input_event *event)
{
	if (event->type == EVENT_SIGNAL)
		screen->wish.type = WISH_QUIT;
	if (event->type != EVENT_KEY && event->type != EVENT_MOUSE)
		return;
	screen->hold_until = screen->milliseconds + HOLD_TICKS * screen->settings.delay_ms;
	if (event->type == EVENT_KEY)
		screen->notice_until = 0;
	if (!screen_tab(screen)->frame)
		screen_build(screen);
	if (screen->overlay != OVERLAY_NONE)
		screen_overlay_event(screen, event);
	else if (screen->prompt != PROMPT_NONE && event->type == EVENT_KEY)
		screen_prompt_key(screen, event->key);
	else if (event->type == EVENT_KEY)
		list_key(screen, event->key);
	else
		list_mouse(screen, event);
}
