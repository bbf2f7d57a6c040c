/* What lies over the list: pages to read, menus, questions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "describe.h"
#include "screen_parts.h"

void screen_close_overlay(struct screen *screen)
{
	if (screen->overlay == OVERLAY_PAGE)
		pager_release(&screen->page);
	else if (screen->overlay != OVERLAY_NONE)
		menu_release(&screen->menu);
	screen->overlay = OVERLAY_NONE;
	free(screen->page_id);
	screen->page_id = NULL;
}

static void open_page(struct screen *screen, const char *title)
{
	screen_close_overlay(screen);
	pager_init(&screen->page, title);
	screen->overlay = OVERLAY_PAGE;
}

static void open_menu(struct screen *screen, enum overlay overlay, const char *title)
{
	screen_close_overlay(screen);
	menu_init(&screen->menu, title);
	screen->overlay = overlay;
}

/* --- pages --- */

static void add_legend(struct pager *page)
{
	static const struct {
		enum role role;
		const char *text;
	} lines[] = {
		{ ROLE_GOOD, "  Ready, Running              as it should be" },
		{ ROLE_WARNING, "  Cordoned, Pending           wants a look" },
		{ ROLE_BAD, "  NotReady, CrashLoopBackOff  is wrong" },
		{ ROLE_PLAIN, "  ?  unknown    -  does not apply    ~  estimated from a part of the data" },
		{ ROLE_PLAIN, "  *  tagged     +  new                ! better or worse, with Highlight changes in F2" },
		{ ROLE_PLAIN,
			"  35|72|180  used, requested and at most allowed, in per cent of what can be allocated" },
	};

	pager_add(page, ROLE_STRONG, "What is shown");
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		pager_add(page, lines[i].role, lines[i].text);
}

void screen_help(struct screen *screen)
{
	open_page(screen, "Help");
	add_legend(&screen->page);
	pager_add(&screen->page, ROLE_PLAIN, "");
	pager_add(&screen->page, ROLE_STRONG, "Keys");
	for (const struct key_line *line = key_lines; line->action; line++) {
		char text[256];

		snprintf(text, sizeof(text), "  %-20s %s", line->keys, line->help);
		pager_add(&screen->page, ROLE_PLAIN, text);
	}
}

void screen_show_page(struct screen *screen, const char *title, const char *text)
{
	open_page(screen, title);
	pager_add_text(&screen->page, ROLE_PLAIN, text);
}

static void describe_page(struct screen *screen)
{
	struct frame_id id;

	pager_clear(&screen->page);
	if (frame_id_read(screen->page_id, &id) && id.feed < screen->feed_count)
		describe(screen->feeds[id.feed], &id, &screen->view, screen->now, &screen->page);
}

void screen_describe_again(struct screen *screen)
{
	describe_page(screen);
}

void screen_describe(struct screen *screen)
{
	const struct row *row = list_selected(&screen_tab(screen)->list);
	AUTO_ARENA scratch = { 0 };
	const char *text = row ? row_identity(row, &scratch) : NULL;
	struct frame_id id;
	char title[1400];
	bool has_namespace;

	if (!frame_id_read(text, &id))
		return;
	has_namespace = *id.namespace && strcmp(id.kind, "tier") != 0;
	snprintf(title, sizeof(title), "%s %s%s%s", id.kind, has_namespace ? id.namespace : "",
		has_namespace ? "/" : "", id.name);
	open_page(screen, title);
	screen->page_id = memory_copy_text(text);
	describe_page(screen);
}

/* --- what a row stands for --- */

static bool kind_of_id(const struct frame_id *id, enum kind *ret_kind)
{
	static const struct {
		const char *word;
		enum kind kind;
	} words[] = { { "node", KIND_NODE }, { "pod", KIND_POD }, { "event", KIND_EVENT },
		{ "tier", KIND_PRIORITY_CLASS } };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strcmp(words[i].word, id->kind) == 0) {
			*ret_kind = words[i].kind;
			return true;
		}
	}
	return false;
}

/* False where it is no object, or one that is no longer there. */
static bool object_of(const struct screen *screen, const char *text, struct object_ref *ret_object)
{
	struct frame_id id;
	enum kind kind;
	const struct meta *meta;
	const char *namespace;

	if (!frame_id_read(text, &id) || !kind_of_id(&id, &kind) || id.feed >= screen->feed_count)
		return false;
	namespace = kind == KIND_PRIORITY_CLASS || !*id.namespace ? NULL : id.namespace;
	meta = cluster_find(&screen->feeds[id.feed]->cluster, kind, id.name, namespace);
	if (!meta)
		return false;
	*ret_object = (struct object_ref){ .feed = id.feed,
		.kind = kind,
		.namespace = memory_copy_text(namespace ? namespace : ""),
		.name = memory_copy_text(id.name),
		.uid = memory_copy_text(meta->uid ? meta->uid : "") };
	return true;
}

static void add_object(const struct screen *screen, struct wish *wish, const char *id)
{
	struct object_ref object;

	if (!object_of(screen, id, &object))
		return;
	wish->objects = memory_resize(wish->objects, wish->count + 1, sizeof(*wish->objects));
	wish->objects[wish->count++] = object;
}

/* A container is a part of its pod. */
void screen_wish_yaml(struct screen *screen)
{
	const struct row *row = list_selected(&screen_tab(screen)->list);
	AUTO_ARENA scratch = { 0 };
	const char *id = screen_tab(screen)->view == &view_pods && screen->drill.pod ? screen->drill.pod
		: row                                                                ? row_identity(row, &scratch)
										     : NULL;

	wish_clear(&screen->wish);
	if (id)
		add_object(screen, &screen->wish, id);
	if (screen->wish.count)
		screen->wish.type = WISH_YAML;
	else
		screen_tell(screen, ROLE_WARNING, "this row is no object: there is no YAML of it");
}

/* --- sorting and grouping --- */

void screen_sort_menu(struct screen *screen)
{
	const struct table *table = screen_tab(screen)->frame->table;
	const char *sort = screen_tab(screen)->sort;

	open_menu(screen, OVERLAY_SORT, "Sort by");
	menu_add(&screen->menu, "(own order)", "");
	menu_add(&screen->menu, "severity", "severity");
	for (size_t i = 0; i < table->column_count; i++) {
		const struct column *column = &table->columns[i];

		if (!column->header || column->flags & COLUMN_DATA)
			continue;
		menu_add(&screen->menu, column->header, column->key);
	}
	for (size_t i = 0; i < screen->menu.count; i++)
		if (text_equal(screen->menu.items[i].help, sort + (*sort == '-')))
			menu_select(&screen->menu, i);
}

static void choose_sort(struct screen *screen)
{
	AUTO_FREE char *key = memory_copy_text(screen->menu.items[screen->menu.selected].help);

	screen_close_overlay(screen);
	screen_sort(screen, key);
}

static const char *const groupings[] = { "zone", "zone,arch", "arch", "pool", "flat" };

int screen_group_by(struct screen *screen, const char *keys, struct error *err)
{
	struct grouping grouping;
	char *copy = arena_text(&screen->grouping_memory, keys);

	if (grouping_parse(copy, screen->view.zone_labels, &grouping, err) < 0)
		return -1;
	screen->view.grouping = grouping;
	snprintf(screen->settings.grouping, sizeof(screen->settings.grouping), "%s", keys);
	screen->hold_until = 0;
	screen_build(screen);
	return 0;
}

void screen_next_grouping(struct screen *screen)
{
	size_t next = 0;
	struct error ignored;

	for (size_t i = 0; i < ARRAY_LEN(groupings); i++)
		if (text_equal(screen->settings.grouping, groupings[i]) || (i == 0 && !*screen->settings.grouping))
			next = (i + 1) % ARRAY_LEN(groupings);
	if (screen_group_by(screen, groupings[next], &ignored) == 0)
		screen_tell(screen, ROLE_PLAIN, "grouped by %s", groupings[next]);
}

/* --- actions --- */

static void add_objects(const struct screen *screen, const struct list *list, enum kind kind, struct wish *wish)
{
	const struct row *row = list_selected(list);
	AUTO_ARENA scratch = { 0 };
	const char *id = row ? row_identity(row, &scratch) : NULL;
	size_t kept = 0;

	if (list->tagged.count)
		for (size_t i = 0; i < list->tagged.count; i++)
			add_object(screen, wish, list->tagged.items[i]);
	else if (id)
		add_object(screen, wish, id);
	for (size_t i = 0; i < wish->count; i++) {
		struct object_ref *object = &wish->objects[i];

		if (object->kind == kind) {
			wish->objects[kept++] = *object;
			continue;
		}
		free(object->namespace);
		free(object->name);
		free(object->uid);
	}
	wish->count = kept;
}

void screen_action_menu(struct screen *screen)
{
	const struct view *view = screen_tab(screen)->view;
	enum kind kind = view == &view_nodes ? KIND_NODE : KIND_POD;

	if (!screen->allows_actions) {
		screen_tell(screen, ROLE_WARNING, "nothing is changed here: start with --allow-actions for that");
		return;
	}
	wish_clear(&screen->asked);
	if ((view == &view_nodes || view == &view_pods) && !screen->drill.pod)
		add_objects(screen, &screen_tab(screen)->list, kind, &screen->asked);
	if (!screen->asked.count) {
		screen_tell(screen, ROLE_WARNING, "choose a node or a pod first");
		return;
	}
	open_menu(screen, OVERLAY_ACTIONS, "Action");
	if (kind == KIND_NODE) {
		menu_add(&screen->menu, "Cordon", "no new pods are placed there");
		menu_add(&screen->menu, "Uncordon", "new pods may be placed there again");
	} else {
		menu_add(&screen->menu, "Evict", "as its disruption budget allows; its workload makes another");
	}
}

static void ask_question(struct screen *screen)
{
	static const enum wish_type types[] = { WISH_CORDON, WISH_UNCORDON };
	const struct wish *asked = &screen->asked;
	AUTO_FREE char *verb = memory_copy_text(screen->menu.items[screen->menu.selected].text);
	char title[400];

	screen->asked.type = asked->objects[0].kind == KIND_POD ? WISH_EVICT : types[screen->menu.selected];
	if (asked->count == 1)
		snprintf(title, sizeof(title), "%s %s%s%s?", verb, asked->objects[0].namespace,
			*asked->objects[0].namespace ? "/" : "", asked->objects[0].name);
	else
		snprintf(title, sizeof(title), "%s %zu tagged %s?", verb, asked->count,
			kind_info(asked->objects[0].kind)->resource);
	open_menu(screen, OVERLAY_QUESTION, title);
	menu_add(&screen->menu, "No", "nothing happens");
	menu_add(&screen->menu, "Yes", "do it now");
}

static void answer(struct screen *screen, bool is_yes)
{
	screen_close_overlay(screen);
	if (!is_yes) {
		wish_clear(&screen->asked);
		return;
	}
	wish_clear(&screen->wish);
	screen->wish = screen->asked;
	screen->asked = (struct wish){ 0 };
}

/* --- keys and mouse --- */

static void choose(struct screen *screen)
{
	switch (screen->overlay) {
	case OVERLAY_SORT:
		choose_sort(screen);
		break;
	case OVERLAY_SETUP:
		screen_setup_choose(screen);
		break;
	case OVERLAY_ACTIONS:
		ask_question(screen);
		break;
	case OVERLAY_QUESTION:
		answer(screen, screen->menu.selected == 1);
		break;
	default:
		break;
	}
}

static void menu_event(struct screen *screen, uint32_t key)
{
	if (screen->overlay == OVERLAY_QUESTION && (key == 'y' || key == 'Y' || key == 'n' || key == 'N')) {
		answer(screen, key == 'y' || key == 'Y');
		return;
	}
	if (screen->overlay == OVERLAY_SETUP && (key == KEY_F7 || key == KEY_F8)) {
		screen_setup_move(screen, key == KEY_F7 ? -1 : 1);
		return;
	}
	switch (menu_key(&screen->menu, key)) {
	case MENU_CHOSEN:
	case MENU_TOGGLED:
		choose(screen);
		break;
	case MENU_LEFT:
		if (screen->overlay == OVERLAY_SETUP)
			screen_setup_leave(screen);
		else
			screen_close_overlay(screen);
		break;
	default:
		break;
	}
}

static struct rect menu_rect(const struct screen *screen, int rows, int columns)
{
	return menu_place(&screen->menu, (struct rect){ 0, 0, rows, columns }, screen->overlay != OVERLAY_SORT);
}

static void mouse_event(struct screen *screen, const struct input_event *event)
{
	bool is_wheel = event->button == MOUSE_WHEEL_UP || event->button == MOUSE_WHEEL_DOWN;
	int step = event->button == MOUSE_WHEEL_UP ? -3 : 3, item;

	if (screen->overlay == OVERLAY_PAGE) {
		if (is_wheel)
			pager_scroll(&screen->page, step);
		return;
	}
	if (is_wheel) {
		menu_scroll(&screen->menu, step / 3);
		return;
	}
	item = menu_at(&screen->menu, menu_rect(screen, screen->rows, screen->columns), event->row, event->column);
	if (item < 0 || !event->is_release || event->button != MOUSE_LEFT)
		return;
	menu_select(&screen->menu, (size_t)item);
	choose(screen);
}

void screen_overlay_event(struct screen *screen, const struct input_event *event)
{
	if (event->type == EVENT_MOUSE)
		mouse_event(screen, event);
	else if (event->key == 3) /* Ctrl-C */
		screen->wish.type = WISH_QUIT;
	else if (screen->overlay != OVERLAY_PAGE)
		menu_event(screen, event->key);
	else if (pager_key(&screen->page, event->key) == PAGER_LEFT)
		screen_close_overlay(screen);
}

void screen_overlay_draw(struct screen *screen, struct canvas *canvas)
{
	screen->rows = canvas->rows;
	screen->columns = canvas->columns;
	if (screen->overlay == OVERLAY_PAGE)
		pager_draw(canvas, canvas_rect(canvas), &screen->page, screen->glyphs);
	else
		menu_draw(canvas, menu_rect(screen, canvas->rows, canvas->columns), &screen->menu, screen->glyphs);
}
