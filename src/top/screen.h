/* The live view as a state: what is shown, and what each key makes of it. Pure: it knows neither the terminal nor the
 * network. What it wants of them it leaves in `wish`, for whoever runs it (live.c) to fulfil. */
#pragma once

#include "clusterutils/tui/canvas.h"
#include "clusterutils/tui/input.h"
#include "clusterutils/tui/layout.h"
#include "clusterutils/tui/line.h"
#include "clusterutils/tui/list.h"
#include "clusterutils/tui/menu.h"
#include "clusterutils/tui/pager.h"
#include "feed.h"
#include "frame.h"
#include "fresh.h"
#include "keys.h"
#include "settings.h"

enum { TABS_MAX = 8, SORT_SIZE = 64, HOLD_TICKS = 5, NOTICE_MS = 6000 };

/* A view on the screen, with all that the user did to it. */
struct tab {
	const struct view *view;
	struct list list;
	struct frame *frame;  /* NULL before it is shown for the first time */
	char sort[SORT_SIZE]; /* column; "" for the view's own order */
};

struct column_entry {
	const char *key, *title; /* in the setup's arena */
	bool is_on;
};

/* The columns of the view whose setup is shown, as they stand there. */
struct column_setup {
	struct column_entry entries[COLUMNS_MAX];
	size_t count;
	const char *view;
	struct arena arena;
};

enum prompt { PROMPT_NONE, PROMPT_SEARCH, PROMPT_FILTER, PROMPT_COMMAND, PROMPT_SNAPSHOT };

/* What lies over the list. */
enum overlay { OVERLAY_NONE, OVERLAY_PAGE, OVERLAY_SORT, OVERLAY_SETUP, OVERLAY_ACTIONS, OVERLAY_QUESTION };

enum wish_type {
	WISH_NONE,
	WISH_QUIT,
	WISH_REDRAW,
	WISH_YAML,      /* of `object`: then screen_show_page */
	WISH_SNAPSHOT,  /* the tables as text into the file `text` */
	WISH_SAVE,      /* settings */
	WISH_CONTEXT,   /* `text` in place of those that are shown */
	WISH_NAMESPACE, /* `text`, "" for all */
	WISH_CORDON,    /* of `objects`: all of them */
	WISH_UNCORDON,
	WISH_EVICT,
};

/* What a row stands for. */
struct object_ref {
	size_t feed;
	enum kind kind;
	char *namespace, *name; /* namespace "" for none */
	char *uid;              /* as it was when it was chosen */
};

struct wish {
	enum wish_type type;
	char *text;
	struct object_ref *objects;
	size_t count;
};

void wish_clear(struct wish *wish);

/* Where the pods of the tab come from: the way back. */
struct drill {
	char *id;    /* of the row that was entered: a node, a group, a tier; NULL for all pods */
	char *title; /* "node corellia" */
	size_t from; /* the tab that Esc goes back to */
	char *pod;   /* id of the one whose containers are shown; NULL for the list of pods */
};

struct screen {
	struct feed *const *feeds;
	size_t feed_count;
	int64_t now;          /* of the data shown */
	int64_t milliseconds; /* monotonic: for what passes by itself */
	struct view_options view;
	struct settings settings;
	struct column_setup column_setup;
	struct fresh fresh;    /* of the tab shown */
	bool settings_changed; /* in the setup, and not saved since */
	bool allows_actions;
	const char *namespace; /* shown; NULL for all */

	struct tab tabs[TABS_MAX];
	const char *names[TABS_MAX]; /* "Nodes" */
	size_t tab_count, tab;
	struct drill drill;
	bool is_paused;
	int64_t hold_until; /* until then nothing is sorted anew, so that no row moves from under the cursor */
	int64_t clock;      /* seconds since 1970: for the ages in the header */

	enum prompt prompt;
	struct line line;
	struct line_history command_history;
	bool search_failed;
	char searched[LIST_TEXT];

	enum overlay overlay;
	struct pager page;
	char *page_id; /* of the row that it describes: made anew with the data; NULL for others */
	struct arena scope_memory, grouping_memory;
	int rows, columns; /* as drawn last */
	struct menu menu;
	struct wish asked; /* that the question is about */

	char notice[256]; /* one line that passes by itself */
	enum role notice_role;
	int64_t notice_until;

	struct layout layout; /* as drawn last */
	struct glyphs const *glyphs;
	bool is_unicode;
	int colours;
	struct wish wish;
};

struct screen_options {
	struct view_options view;
	struct settings settings;
	const struct view *first; /* the tab to begin with */
	const char *sort, *filter, *namespace;
	bool allows_actions, is_unicode;
	int colours;
};

/* The feeds stay in place until screen_release; the screen reads them in screen_take and while keys are handled. */
void screen_init(struct screen *screen, const struct screen_options *options, struct feed *const *feeds, size_t count);
void screen_release(struct screen *screen);
void screen_set_feeds(struct screen *screen, struct feed *const *feeds, size_t count);

/* One of them is another one in the same place: what is shown is made anew, what the user did stays. */
void screen_renew_feeds(struct screen *screen);

/* The data has changed: what is shown is made anew, unless it is paused. */
void screen_take(struct screen *screen);

/* Time has passed: for what is shown of it. Comes first, before anything else is done. */
void screen_tick(struct screen *screen, int64_t now, int64_t milliseconds);

void screen_event(struct screen *screen, const struct input_event *event);
void screen_draw(struct screen *screen, struct canvas *canvas);

/* Whether lists of that kind are to be read now. */
bool screen_wants(const struct screen *screen, enum kind kind);

/* One line that passes by itself. */
void screen_tell(struct screen *screen, enum role role, const char *format, ...) PRINTF_LIKE(3, 4);
void screen_show_page(struct screen *screen, const char *title, const char *text);

const struct theme *screen_theme(const struct screen *screen);

/* The rows shown, as text: for a snapshot. */
void screen_write(const struct screen *screen, struct buffer *out);
