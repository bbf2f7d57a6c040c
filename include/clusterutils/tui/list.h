/* The rows of a table on the screen: which are visible, which is under the cursor, what is folded, tagged, filtered.
 *
 * The table is made anew again and again; what the user did stays, for it belongs to the ids of rows. Cursor: where it
 * follows a row it goes where the row goes; else it stays with its row while the rows keep their own order, and on its
 * line where they are sorted by something that changes, as htop does both. */
#pragma once

#include "clusterutils/output/columns.h"
#include "clusterutils/tui/canvas.h"
#include "clusterutils/tui/glyphs.h"
#include "clusterutils/tui/names.h"

enum { LIST_COLUMNS = 48, LIST_TEXT = 120 };

struct list_row {
	size_t row;      /* of the table */
	uint32_t trunks; /* bit d: at depth d there is more below */
	bool is_last;    /* of its siblings */
};

struct list {
	const struct table *table; /* of the last list_show, borrowed */
	int64_t now;
	struct list_row *rows; /* the visible ones */
	size_t count, capacity;
	bool is_tree; /* any row stands below another */

	size_t selected, top; /* positions among the visible */
	char *selected_id;
	bool is_moved; /* by the user; before that the cursor is on the first row, whatever comes in above it */
	bool follows;
	struct names folded, tagged;
	char filter[LIST_TEXT]; /* "" for none */

	struct column_order order; /* as the user chose; none: all of the table */
	int pan;                   /* columns after the first that are passed over */
	int widths[LIST_COLUMNS];  /* of the columns of the table; they grow while the table is of one kind */
	const char *widths_of;     /* table.kind that they were measured for */
	bool is_measured;          /* this very table */
};

void list_init(struct list *list);
void list_release(struct list *list);

/* From now on this table is shown. */
void list_show(struct list *list, const struct table *table, int64_t now, bool is_sorted);

/* The table goes: there are no rows until the next list_show, which finds all that the user did again. */
void list_forget(struct list *list);

/* NULL where there is none. */
const struct row *list_selected(const struct list *list);
const struct row *list_row(const struct list *list, size_t position);

/* Whether rows stand below this one of the table, so that it can be folded. */
bool list_is_parent(const struct table *table, size_t row);

void list_move(struct list *list, long rows); /* stops at the ends */
void list_select(struct list *list, size_t position);
bool list_select_id(struct list *list, const char *id); /* false where it is not visible */
void list_pan(struct list *list, int columns);

enum list_fold { FOLD_TURN, FOLD_TURN_ALL, FOLD_INTO_PARENT };
void list_fold(struct list *list, enum list_fold how);

bool list_is_tagged(const struct list *list, const struct row *row, struct arena *scratch);
void list_tag(struct list *list, bool with_children); /* turns the tag of the selected row, and goes on to the next */
void list_untag_all(struct list *list);

/* Hides what has none of the words ('|' parts them); NULL or "" shows everything. */
void list_filter(struct list *list, const char *words);

/* Moves the cursor to the next row, or the one before, that contains the text, `from_here` first of all to its own.
 * Goes round. False, and nothing moves, where there is none. */
bool list_search(struct list *list, const char *text, int direction, bool from_here);

/* What happened to a row lately. */
enum list_mark { LIST_UNMARKED, LIST_NEW, LIST_BETTER, LIST_WORSE };

struct list_look {
	const struct glyphs *glyphs;
	const char *sorted_by; /* key of a column, with '-' for the other way; NULL for none */
	bool is_stale;         /* what is shown may be out of date: dim */
	bool has_cursor;
	enum list_mark (*mark)(const void *context, const char *id); /* of the rows in sight; NULL for none */
	const void *mark_context;
};

/* One row of headers, and the rows. Scrolls so that the cursor is to be seen. */
void list_draw(
	struct list *list, struct canvas *canvas, struct rect headers, struct rect rect, const struct list_look *look);

/* What the mouse meets: a position among the visible, or the key of the column whose header it is. */
bool list_position_at(const struct list *list, struct rect rect, int row, size_t *ret_position);
const char *list_column_at(const struct list *list, struct rect headers, int column);
