#include "screen.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/output/print.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "describe.h"
#include "screen_parts.h"

/* --- its life --- */

static void name_tabs(struct screen *screen)
{
	for (size_t i = 0; i < screen->tab_count; i++) {
		char *name = memory_copy_text(screen->tabs[i].view->name);

		name[0] = (char)toupper((unsigned char)name[0]);
		screen->names[i] = name;
	}
}

static void copy_text(char *target, size_t size, const char *text)
{
	snprintf(target, size, "%s", text ? text : "");
}

void screen_init(struct screen *screen, const struct screen_options *options, struct feed *const *feeds, size_t count)
{
	*screen = (struct screen){
		.feeds = feeds,
		.feed_count = count,
		.view = options->view,
		.settings = options->settings,
		.allows_actions = options->allows_actions,
		.namespace = options->namespace,
		.is_unicode = options->is_unicode,
		.colours = options->colours,
		.glyphs = glyphs_find(options->is_unicode, options->colours > 0),
	};
	for (; views_all()[screen->tab_count] && screen->tab_count < TABS_MAX; screen->tab_count++) {
		struct tab *tab = &screen->tabs[screen->tab_count];

		tab->view = views_all()[screen->tab_count];
		list_init(&tab->list);
		if (tab->view != options->first)
			continue;
		screen->tab = screen->tab_count;
		copy_text(tab->sort, sizeof(tab->sort), options->sort);
		list_filter(&tab->list, options->filter);
	}
	name_tabs(screen);
	line_init(&screen->line, NULL);
}

void wish_clear(struct wish *wish)
{
	for (size_t i = 0; i < wish->count; i++) {
		free(wish->objects[i].namespace);
		free(wish->objects[i].name);
		free(wish->objects[i].uid);
	}
	free(wish->objects);
	free(wish->text);
	*wish = (struct wish){ 0 };
}

static void clear_drill(struct drill *drill)
{
	free(drill->id);
	free(drill->title);
	free(drill->pod);
	*drill = (struct drill){ 0 };
}

void screen_release(struct screen *screen)
{
	for (size_t i = 0; i < screen->tab_count; i++) {
		list_release(&screen->tabs[i].list);
		frame_free(screen->tabs[i].frame);
		free((char *)(uintptr_t)screen->names[i]);
	}
	screen_close_overlay(screen);
	clear_drill(&screen->drill);
	arena_release(&screen->scope_memory);
	arena_release(&screen->grouping_memory);
	arena_release(&screen->column_setup.arena);
	fresh_release(&screen->fresh);
	line_history_release(&screen->command_history);
	wish_clear(&screen->wish);
	wish_clear(&screen->asked);
	free(screen->page_id);
}

static void forget_frame(struct tab *tab)
{
	frame_free(tab->frame);
	tab->frame = NULL;
	list_forget(&tab->list);
}

static void forget_frames(struct screen *screen)
{
	for (size_t i = 0; i < screen->tab_count; i++)
		forget_frame(&screen->tabs[i]);
}

/* What was shown of the old ones has no place any more. */
void screen_set_feeds(struct screen *screen, struct feed *const *feeds, size_t count)
{
	screen->feeds = feeds;
	screen->feed_count = count;
	screen_close_overlay(screen);
	clear_drill(&screen->drill);
	forget_frames(screen);
	for (size_t i = 0; i < screen->tab_count; i++)
		list_untag_all(&screen->tabs[i].list);
}

void screen_renew_feeds(struct screen *screen)
{
	forget_frames(screen);
	screen_build(screen);
}

const struct theme *screen_theme(const struct screen *screen)
{
	const struct theme *theme = theme_find(screen->settings.theme);

	return theme ? theme : theme_default();
}

void screen_tell(struct screen *screen, enum role role, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(screen->notice, sizeof(screen->notice), format, args);
	va_end(args);
	text_scrub_in_place(screen->notice);
	screen->notice_role = role;
	screen->notice_until = screen->milliseconds + NOTICE_MS;
}

/* --- what is shown --- */

struct tab *screen_tab(struct screen *screen)
{
	return &screen->tabs[screen->tab];
}

size_t screen_tab_of(const struct screen *screen, const struct view *view)
{
	for (size_t i = 0; i < screen->tab_count; i++)
		if (screen->tabs[i].view == view)
			return i;
	return 0;
}

const struct view *screen_view(const struct screen *screen)
{
	const struct view *view = screen->tabs[screen->tab].view;

	return view == &view_pods && screen->drill.pod ? &view_containers : view;
}

bool screen_wants(const struct screen *screen, enum kind kind)
{
	const struct view *view = screen_view(screen);

	/* Samples are written into the pods that are shown: what is held shall stay as it is. */
	if (kind == KIND_POD_METRICS && screen->is_paused)
		return false;
	if (kind == KIND_NODE || kind == KIND_POD || kind == KIND_NODE_METRICS)
		return true;
	/* Of one namespace it is the pods that say what is used. */
	if (kind == KIND_POD_METRICS && screen->namespace)
		return true;
	for (size_t i = 0; i < VIEW_MAX_KINDS && view->kinds[i] != KIND_COUNT; i++)
		if (view->kinds[i] == kind)
			return true;
	return false;
}

bool screen_narrows(const struct screen *screen)
{
	const struct view *view = screen->tabs[screen->tab].view;

	return view == &view_pods || view == &view_events || view == &view_images;
}

size_t screen_tagged_nodes(const struct screen *screen)
{
	return screen->tabs[screen_tab_of(screen, &view_nodes)].list.tagged.count;
}

/* What was entered, or else what is tagged, decides whose pods and events are shown. Returns the feed, SIZE_MAX for
 * all. */
static size_t narrow(struct screen *screen, struct view_options *options)
{
	const struct tab *nodes = &screen->tabs[screen_tab_of(screen, &view_nodes)];
	const struct view *view = screen_tab(screen)->view;
	struct frame_id id;

	if (!screen_narrows(screen))
		return SIZE_MAX;
	if (view == &view_pods && screen->drill.pod && frame_id_read(screen->drill.pod, &id)) {
		arena_reset(&screen->scope_memory);
		options->pod = arena_printf(&screen->scope_memory, "%s/%s", id.namespace, id.name);
		return screen->feed_count > 1 ? id.feed : SIZE_MAX;
	}
	if (!screen->drill.id) {
		if (nodes->list.tagged.count)
			options->scope.nodes = &nodes->list.tagged;
		return SIZE_MAX;
	}
	arena_reset(&screen->scope_memory);
	if (!frame_id_read(screen->drill.id, &id))
		return SIZE_MAX;
	scope_of(&id, &options->grouping, &screen->scope_memory, &options->scope, &options->node);
	return screen->feed_count > 1 ? id.feed : SIZE_MAX;
}

static void sort_frame(struct screen *screen, struct tab *tab, const struct frame *before)
{
	struct error ignored;

	if (!*tab->sort)
		return;
	if (screen->hold_until > screen->milliseconds && before) {
		table_sort_as(tab->frame->table, before->table);
		return;
	}
	if (table_sort(tab->frame->table, tab->sort, &ignored) < 0)
		tab->sort[0] = '\0'; /* this view has no such column */
}

/* The rows of the frame look into the clusters. There is one frame at a time, so that nothing else needs what has left
 * them: the other tabs' are made anew when they are shown. */
static void hold_what_is_shown(struct screen *screen)
{
	for (size_t i = 0; i < screen->tab_count; i++)
		if (i != screen->tab && screen->tabs[i].frame)
			forget_frame(&screen->tabs[i]);
	for (size_t i = 0; i < screen->feed_count; i++)
		cluster_hold(&screen->feeds[i]->cluster);
}

/* What is shown, and which of its lists are being read for the first time: where that becomes another, nothing counts
 * as new. */
static void tell_what_is_shown(const struct screen *screen, struct buffer *out)
{
	const struct view *view = screen_view(screen);

	buffer_printf(out, "%s %s %s", view->name, screen->drill.id ? screen->drill.id : "",
		screen->drill.pod ? screen->drill.pod : "");
	for (size_t i = 0; i < screen->feed_count; i++) {
		buffer_printf(out, " %d", screen->feeds[i]->state);
		for (size_t j = 0; j < VIEW_MAX_KINDS && view->kinds[j] != KIND_COUNT; j++) {
			const struct sync_list *list = feed_find_list(screen->feeds[i], view->kinds[j]);

			buffer_add_char(out, !list || list->state == SYNC_READING ? '-' : '+');
		}
	}
}

static void note_changes(struct screen *screen, const struct table *table)
{
	AUTO_BUFFER of = { 0 };

	if (!screen->settings.highlights) {
		fresh_release(&screen->fresh);
		return;
	}
	tell_what_is_shown(screen, &of);
	fresh_note(&screen->fresh, buffer_text(&of), table, screen->milliseconds,
		screen->settings.highlight_seconds * 1000);
}

void screen_build(struct screen *screen)
{
	struct tab *tab = screen_tab(screen);
	struct frame *before = tab->frame;
	struct view_options options = screen->view;
	size_t only;

	options.now = screen->now;
	options.glyphs = screen->glyphs;
	only = narrow(screen, &options);
	tab->frame = frame_new(screen_view(screen), &options, screen->feeds, screen->feed_count, only);
	sort_frame(screen, tab, before);
	list_show(&tab->list, tab->frame->table, screen->now, *tab->sort != '\0');
	screen_choose_columns(screen, tab);
	note_changes(screen, tab->frame->table);
	frame_free(before);
	hold_what_is_shown(screen);
	if (screen->overlay == OVERLAY_PAGE && screen->page_id)
		screen_describe_again(screen);
}

void screen_tick(struct screen *screen, int64_t now, int64_t milliseconds)
{
	screen->clock = now;
	screen->milliseconds = milliseconds;
}

void screen_take(struct screen *screen)
{
	if (screen->is_paused)
		return;
	screen->now = screen->clock;
	screen_build(screen);
}

/* --- going from one tab to another --- */

void screen_go(struct screen *screen, size_t tab)
{
	if (tab >= screen->tab_count || tab == screen->tab)
		return;
	screen->tab = tab;
	screen->hold_until = 0;
	screen_build(screen);
}

static void forget_rows(struct tab *tab)
{
	list_select(&tab->list, 0);
	tab->list.top = 0;
	tab->list.follows = false;
}

static const char *drill_word(const struct screen *screen, const char *kind)
{
	if (strcmp(kind, "group") != 0)
		return kind;
	return screen->view.grouping.count ? screen->view.grouping.levels[0].name : "group";
}

static void drill_into(struct screen *screen, const struct frame_id *id, const char *text)
{
	size_t pods = screen_tab_of(screen, &view_pods);
	AUTO_BUFFER title = { 0 };

	buffer_printf(&title, "%s %s", drill_word(screen, id->kind),
		strcmp(id->kind, "context") == 0 ? screen->feeds[id->feed]->name
			: *id->name              ? id->name
						 : "(none)");
	clear_drill(&screen->drill);
	screen->drill = (struct drill){
		.id = memory_copy_text(text), .title = memory_copy_text(buffer_text(&title)), .from = screen->tab
	};
	screen->tab = pods;
	screen_build(screen);
	forget_rows(screen_tab(screen));
}

void screen_enter(struct screen *screen)
{
	const struct row *row = list_selected(&screen_tab(screen)->list);
	AUTO_ARENA scratch = { 0 };
	const char *text = row ? row_identity(row, &scratch) : NULL;
	struct frame_id id;

	if (!frame_id_read(text, &id))
		return;
	if (strcmp(id.kind, "node") == 0 || strcmp(id.kind, "group") == 0 || strcmp(id.kind, "tier") == 0 ||
		strcmp(id.kind, "context") == 0) {
		drill_into(screen, &id, text);
	} else if (strcmp(id.kind, "pod") == 0 && !screen->drill.pod) {
		screen->drill.pod = memory_copy_text(text);
		screen_build(screen);
		forget_rows(screen_tab(screen));
	} else {
		screen_describe(screen);
	}
}

/* The row that was entered is under the cursor again. */
static void come_back(struct screen *screen, size_t tab, const char *id)
{
	screen->tab = tab;
	screen_build(screen);
	if (id)
		list_select_id(&screen_tab(screen)->list, id);
}

void screen_back(struct screen *screen)
{
	struct tab *tab = screen_tab(screen);
	bool is_pods = tab->view == &view_pods;
	struct drill drill = screen->drill;

	if (is_pods && drill.pod) {
		screen->drill.pod = NULL;
		come_back(screen, screen->tab, drill.pod);
		free(drill.pod);
	} else if (*tab->list.filter) {
		list_filter(&tab->list, NULL);
	} else if (drill.id) {
		size_t from = is_pods ? drill.from : screen->tab;

		screen->drill = (struct drill){ 0 };
		come_back(screen, from, is_pods ? drill.id : NULL);
		clear_drill(&drill);
	}
}

void screen_sort(struct screen *screen, const char *key)
{
	struct tab *tab = screen_tab(screen);
	bool is_same = text_equal(tab->sort, key);

	if (is_same)
		snprintf(tab->sort, sizeof(tab->sort), "-%s", key);
	else
		copy_text(tab->sort, sizeof(tab->sort), key);
	screen->hold_until = 0;
	screen_build(screen);
	if (!*tab->sort && *key)
		screen_tell(screen, ROLE_WARNING, "%s have no column \"%s\" to sort by", tab->view->name, key);
}

/* Of the rows those that the filter leaves. */
void screen_write(const struct screen *screen, struct buffer *out)
{
	const struct tab *tab = &screen->tabs[screen->tab];
	struct print_options options = { .format = OUTPUT_WIDE, .now = screen->now };
	AUTO_FREE struct row *rows = NULL;
	AUTO_FREE bool *keep = NULL;
	struct table shown;

	if (!tab->frame)
		return;
	shown = *tab->frame->table;
	rows = memory_new_array(shown.row_count, sizeof(*rows));
	keep = memory_new_array(shown.row_count, sizeof(*keep));
	table_filter_marks(&shown, tab->list.filter, screen->now, keep);
	shown.row_count = 0;
	for (size_t i = 0; i < tab->frame->table->row_count; i++)
		if (keep[i])
			rows[shown.row_count++] = tab->frame->table->rows[i];
	shown.rows = rows;
	options.columns = tab->list.order.count ? &tab->list.order : NULL;
	table_print(&shown, &options, out);
}
