/* The picture of the screen. */
#include <stdio.h>
#include <string.h>

#include "clusterutils/tui/bar.h"
#include "screen_bar.h"
#include "screen_parts.h"

static enum sync_state state_of(const struct feed *feed, enum kind kind)
{
	const struct sync_list *list = feed_find_list(feed, kind);

	return list ? list->state : SYNC_CURRENT;
}

/* What the rows of the view are made of is no longer followed. */
static bool is_stale(const struct screen *screen)
{
	const struct view *view = screen->tabs[screen->tab].view;

	for (size_t i = 0; i < screen->feed_count; i++)
		if (screen->feeds[i]->state == FEED_OPEN && state_of(screen->feeds[i], view->main_kind) == SYNC_STALE)
			return true;
	return false;
}

/* --- the line of what is wrong --- */

/* Of some nodes the header tells how many; where no kubelet answers there is a reason common to all. */
static const char *survey_trouble(const struct survey *survey, char *text, size_t size)
{
	if (!survey->error.code || survey->answered || survey->is_first)
		return NULL;
	snprintf(text, size, "usage cannot be read: %s", survey->error.message);
	return text;
}

static const char *trouble_of(const struct feed *feed, int64_t now, char *text, size_t size)
{
	if (feed->state == FEED_FAILED) {
		snprintf(text, size, "%s: %s", feed->name, feed->error.message);
		return text;
	}
	for (size_t i = 0; i < feed->list_count; i++) {
		const struct sync_list *list = &feed->lists[i];
		const char *resource = kind_info(list->kind)->resource;

		if (list->is_paused || !list->error.code || (list->state != SYNC_STALE && list->state != SYNC_FAILED))
			continue;
		if (list->error.http_status == 404)
			continue; /* the header says that there are no metrics */
		if (list->state == SYNC_STALE && list->heard != TIME_NONE)
			snprintf(text, size, "%s of %llds ago: %s", resource, (long long)(now - list->heard),
				list->error.message);
		else
			snprintf(text, size, "%s cannot be read: %s", resource, list->error.message);
		return text;
	}
	return survey_trouble(&feed->cluster.survey, text, size);
}

static const char *trouble(const struct screen *screen, char *text, size_t size)
{
	const char *found = NULL;

	/* Of several clusters each tells its own in its row. */
	for (size_t i = 0; i < screen->feed_count && !found; i++)
		if (screen->feed_count == 1 || screen->feeds[i]->state == FEED_OPEN)
			found = trouble_of(screen->feeds[i], screen->clock, text, size);
	return found;
}

static bool has_notice(const struct screen *screen)
{
	return screen->notice_until > screen->milliseconds;
}

static void draw_message(const struct screen *screen, struct canvas *canvas, struct rect rect, const char *message)
{
	bool is_bad = !has_notice(screen) || screen->notice_role == ROLE_BAD;
	enum style style = is_bad ? STYLE_BANNER_BAD : STYLE_BANNER;

	if (rect_is_empty(rect) || !message)
		return;
	canvas_fill(canvas, rect, style);
	canvas_text_cut(canvas, rect.row, rect.column, rect.columns, style, message, screen->glyphs->ellipsis);
}

/* --- the whole --- */

static void draw_bar(struct screen *screen, struct canvas *canvas, struct rect rect)
{
	struct bar_entry entries[BAR_ENTRIES];

	if (screen->prompt != PROMPT_NONE) {
		line_draw(canvas, rect, screen_prompt_text(screen), &screen->line,
			screen->search_failed ? STYLE_PROMPT_FAILED : STYLE_PROMPT);
		return;
	}
	screen_bar_entries(screen, entries);
	bar_draw(canvas, rect, entries, BAR_ENTRIES);
}

static const char *empty_text(const struct screen *screen)
{
	const struct feed *feed = screen->feeds[0];
	const struct tab *tab = &screen->tabs[screen->tab];
	enum sync_state state = state_of(feed, tab->view->main_kind);

	if (*tab->list.filter)
		return "nothing has these words: Esc clears the filter";
	if (feed->state == FEED_CONNECTING)
		return "connecting";
	if (feed->state == FEED_FAILED || state == SYNC_FAILED)
		return "nothing could be read";
	return state == SYNC_READING ? "reading" : "nothing here";
}

static enum list_mark mark_of(const void *context, const char *id)
{
	const struct screen *screen = context;

	return fresh_mark(&screen->fresh, id, screen->milliseconds);
}

static void draw_list(struct screen *screen, struct canvas *canvas)
{
	struct tab *tab = screen_tab(screen);
	struct list_look look = { .glyphs = screen->glyphs,
		.sorted_by = *tab->sort ? tab->sort : NULL,
		.is_stale = is_stale(screen),
		.has_cursor = true,
		.mark = mark_of,
		.mark_context = screen };

	list_draw(&tab->list, canvas, screen->layout.headers, screen->layout.list, &look);
	if (tab->list.count == 0 && screen->layout.list.rows > 1)
		canvas_text(canvas, screen->layout.list.row + 1, screen->layout.list.column + 2,
			screen->layout.list.columns - 2, STYLE_MUTED, empty_text(screen));
}

/* Too small for a list: what matters most, in one line. */
static void draw_one_line(const struct screen *screen, struct canvas *canvas)
{
	AUTO_BUFFER text = { 0 };

	header_line(screen, &text);
	canvas_text(canvas, 0, 0, canvas->columns, STYLE_PLAIN, buffer_text(&text));
}

static int tabs_width(const struct screen *screen, struct rect rect)
{
	int width = rect.columns;

	while (width > 0 && tabs_at(rect, screen->names, screen->tab_count, screen->tab, rect.column + width - 1) < 0)
		width--;
	return width;
}

/* The tab of the pods says whose they are. */
static void draw_tabs(struct screen *screen, struct canvas *canvas, struct rect rect)
{
	char where[512] = "";
	int width;

	tabs_draw(canvas, rect, screen->names, screen->tab_count, screen->tab);
	if (screen_tab(screen)->view == &view_pods && screen->drill.pod)
		snprintf(where, sizeof(where), "containers of %s", strchr(screen->drill.pod, '/') + 1);
	else if (screen->drill.title && screen_narrows(screen))
		snprintf(where, sizeof(where), "%s", screen->drill.title);
	else if (screen_narrows(screen) && screen_tagged_nodes(screen))
		snprintf(where, sizeof(where), "%zu tagged nodes", screen_tagged_nodes(screen));
	if (screen->namespace)
		snprintf(where + strlen(where), sizeof(where) - strlen(where), "%sns %s", *where ? "  " : "",
			screen->namespace);
	if (screen->is_paused)
		snprintf(where + strlen(where), sizeof(where) - strlen(where), "%sPAUSED", *where ? "  " : "");
	width = tabs_width(screen, rect);
	if (*where && width + 2 < rect.columns)
		canvas_text_right(
			canvas, rect.row, rect.column + width + 2, rect.columns - width - 2, STYLE_TAB, where);
}

void screen_draw(struct screen *screen, struct canvas *canvas)
{
	char text[ERROR_MESSAGE_SIZE + 128];
	const char *message = has_notice(screen) ? screen->notice : trouble(screen, text, sizeof(text));
	struct layout_wants wants = {
		.meters = screen->settings.no_meters ? 0 : HEADER_ROWS,
		.message = message != NULL,
		.tabs = !screen->settings.no_tabs,
		.headers = true,
		.bar = !screen->settings.no_bar || screen->prompt != PROMPT_NONE,
	};

	canvas_clear(canvas);
	screen->layout = layout_of(canvas->rows, canvas->columns, wants);
	if (screen->layout.one_line) {
		draw_one_line(screen, canvas);
		return;
	}
	if (!rect_is_empty(screen->layout.meters))
		header_draw(screen, canvas, screen->layout.meters);
	if (!rect_is_empty(screen->layout.tabs))
		draw_tabs(screen, canvas, screen->layout.tabs);
	draw_list(screen, canvas);
	draw_message(screen, canvas, screen->layout.message, message);
	if (!rect_is_empty(screen->layout.bar))
		draw_bar(screen, canvas, screen->layout.bar);
	else if (screen->prompt != PROMPT_NONE)
		draw_bar(screen, canvas, rect_row(screen->layout.list, screen->layout.list.rows - 1));
	if (screen->overlay != OVERLAY_NONE)
		screen_overlay_draw(screen, canvas);
}
