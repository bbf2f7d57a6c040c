#include "clusterutils/tui/list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

void list_init(struct list *list)
{
	*list = (struct list){ 0 };
}

void list_release(struct list *list)
{
	free(list->rows);
	free(list->selected_id);
	names_release(&list->folded);
	names_release(&list->tagged);
	*list = (struct list){ 0 };
}

const struct row *list_row(const struct list *list, size_t position)
{
	return position < list->count ? &list->table->rows[list->rows[position].row] : NULL;
}

const struct row *list_selected(const struct list *list)
{
	return list_row(list, list->selected);
}

/* --- which rows are visible --- */

/* A row of a tree stands below the last one before it that is less deep. The total stands on its own. */
bool list_is_parent(const struct table *table, size_t row)
{
	return table->rows[row].kind != ROW_TOTAL && row + 1 < table->row_count &&
		table->rows[row + 1].depth > table->rows[row].depth;
}

static bool is_folded(const struct list *list, size_t row)
{
	const char *id = list->table->rows[row].id;

	return id && list_is_parent(list->table, row) && names_has(&list->folded, id);
}

static void add_visible(struct list *list, size_t row)
{
	ARRAY_GROW(list->rows, list->count, list->capacity);
	list->rows[list->count++] = (struct list_row){ .row = row };
}

/* A filter looks into what is folded: what it finds is shown. */
static void collect_visible(struct list *list)
{
	const struct table *table = list->table;
	AUTO_FREE bool *keep = memory_new_array(table->row_count, sizeof(*keep));
	int folded_at = TABLE_DEPTH + 1; /* rows that are deeper are hidden */

	table_filter_marks(table, list->filter, list->now, keep);
	list->count = 0;
	list->is_tree = false;
	for (size_t i = 0; i < table->row_count; i++) {
		const struct row *row = &table->rows[i];

		if (row->depth > folded_at && !*list->filter)
			continue;
		folded_at = is_folded(list, i) ? row->depth : TABLE_DEPTH + 1;
		list->is_tree = list->is_tree || row->depth > 0;
		if (keep[i])
			add_visible(list, i);
	}
}

/* From the end: at which depths something comes later, before the tree goes up above them. */
static void connect_branches(struct list *list)
{
	uint32_t later = 0;

	for (size_t i = list->count; i-- > 0;) {
		const struct row *row = &list->table->rows[list->rows[i].row];
		int depth = row->depth < 31 ? row->depth : 31;
		uint32_t bit = UINT32_C(1) << depth;

		if (row->kind == ROW_TOTAL)
			later = bit = 0;
		list->rows[i].trunks = later & (bit - (bit > 0));
		list->rows[i].is_last = !(later & bit);
		later = (later & (bit - (bit > 0))) | bit;
	}
}

/* --- the cursor --- */

static void note_row(struct list *list, const struct row *row)
{
	AUTO_ARENA scratch = { 0 };
	const char *id = row ? row_identity(row, &scratch) : NULL;

	free(list->selected_id);
	list->selected_id = id ? memory_copy_text(id) : NULL;
}

static void note_selected(struct list *list)
{
	note_row(list, list_selected(list));
}

static bool is_at(const struct list *list, size_t position, const char *id, struct arena *scratch)
{
	arena_reset(scratch);
	return position < list->count && text_equal(row_identity(list_row(list, position), scratch), id);
}

/* From where the cursor is on, to both sides: a row is seldom far from where it was. */
static bool find_id(const struct list *list, const char *id, size_t *ret_position)
{
	AUTO_ARENA scratch = { 0 };
	size_t from = list->selected < list->count ? list->selected : 0;

	for (size_t away = 0; id && away < list->count; away++) {
		bool is_after = is_at(list, from + away, id, &scratch);

		if (!is_after && (away > from || !is_at(list, from - away, id, &scratch)))
			continue;
		*ret_position = is_after ? from + away : from - away;
		return true;
	}
	return false;
}

static void stay_inside(struct list *list)
{
	if (list->selected >= list->count)
		list->selected = list->count ? list->count - 1 : 0;
}

/* After the rows have changed. The line on the screen stays where it is, whatever comes to stand above. */
static void find_selected(struct list *list, bool keeps_row)
{
	size_t line = list->selected - (list->top < list->selected ? list->top : list->selected);

	if (keeps_row && find_id(list, list->selected_id, &list->selected))
		list->top = list->selected > line ? list->selected - line : 0;
	stay_inside(list);
	if (list->is_moved)
		note_selected(list);
}

static void refresh(struct list *list, bool keeps_row)
{
	collect_visible(list);
	connect_branches(list);
	find_selected(list, keeps_row);
}

void list_show(struct list *list, const struct table *table, int64_t now, bool is_sorted)
{
	list->table = table;
	list->now = now;
	list->is_measured = false;
	if (!text_equal(list->widths_of, table->kind)) {
		memset(list->widths, 0, sizeof(list->widths));
		list->widths_of = table->kind;
	}
	refresh(list, list->follows || !is_sorted);
}

void list_forget(struct list *list)
{
	list->table = NULL;
	list->widths_of = NULL;
	list->count = 0;
	list->is_tree = false;
}

void list_select(struct list *list, size_t position)
{
	list->selected = position;
	list->is_moved = true;
	stay_inside(list);
	note_selected(list);
}

void list_move(struct list *list, long rows)
{
	size_t up = rows < 0 ? (size_t)-rows : 0, down = rows > 0 ? (size_t)rows : 0;

	list_select(list, up > list->selected ? 0 : list->selected - up + (down < list->count ? down : list->count));
}

bool list_select_id(struct list *list, const char *id)
{
	size_t position;

	if (!find_id(list, id, &position))
		return false;
	list_select(list, position);
	return true;
}

void list_pan(struct list *list, int columns)
{
	int most = list->table ? (int)list->table->column_count - 2 : 0;

	list->pan += columns;
	if (list->pan > most)
		list->pan = most;
	if (list->pan < 0)
		list->pan = 0;
}

/* --- folding --- */

static void fold_all(struct list *list)
{
	bool any_open = false;

	for (size_t i = 0; i < list->table->row_count; i++)
		any_open =
			any_open || (list_is_parent(list->table, i) && list->table->rows[i].id && !is_folded(list, i));
	names_release(&list->folded);
	for (size_t i = 0; any_open && i < list->table->row_count; i++)
		if (list_is_parent(list->table, i) && list->table->rows[i].id)
			names_add(&list->folded, list->table->rows[i].id);
}

/* The row above that is less deep. */
static const struct row *parent_of(const struct list *list, size_t row)
{
	int depth = list->table->rows[row].depth;

	while (row-- > 0)
		if (list->table->rows[row].depth < depth)
			return &list->table->rows[row];
	return NULL;
}

static void turn(struct names *names, const char *id)
{
	if (names_has(names, id))
		names_remove(names, id);
	else
		names_add(names, id);
}

void list_fold(struct list *list, enum list_fold how)
{
	const struct row *row = list_selected(list), *parent;
	size_t at = row ? list->rows[list->selected].row : 0;

	if (!row)
		return;
	parent = list_is_parent(list->table, at) && how == FOLD_TURN ? row : parent_of(list, at);
	if (how == FOLD_TURN_ALL) {
		fold_all(list);
		while (parent_of(list, at) && names_has(&list->folded, parent_of(list, at)->id))
			at = (size_t)(parent_of(list, at) - list->table->rows);
		note_row(list, &list->table->rows[at]);
	} else if (how == FOLD_TURN) {
		if (parent == row && row->id)
			turn(&list->folded, row->id);
	} else if (parent && parent->id) {
		names_add(&list->folded, parent->id);
		note_row(list, parent);
	}
	refresh(list, true);
}

/* --- tags --- */

bool list_is_tagged(const struct list *list, const struct row *row, struct arena *scratch)
{
	const char *id = list->tagged.count ? row_identity(row, scratch) : NULL;

	return id && names_has(&list->tagged, id);
}

void list_tag(struct list *list, bool with_children)
{
	const struct row *row = list_selected(list);
	AUTO_ARENA scratch = { 0 };
	bool is_tagged;

	if (!row || row->kind == ROW_TOTAL)
		return;
	is_tagged = list_is_tagged(list, row, &scratch);
	for (size_t i = list->rows[list->selected].row; i < list->table->row_count; i++) {
		const struct row *other = &list->table->rows[i];
		const char *id = row_identity(other, &scratch);

		if (other != row && (!with_children || other->depth <= row->depth || other->kind == ROW_TOTAL))
			break;
		if (!id)
			continue;
		if (is_tagged)
			names_remove(&list->tagged, id);
		else
			names_add(&list->tagged, id);
	}
	list_move(list, 1);
}

void list_untag_all(struct list *list)
{
	names_release(&list->tagged);
}

/* --- filter and search --- */

void list_filter(struct list *list, const char *words)
{
	snprintf(list->filter, sizeof(list->filter), "%s", words ? words : "");
	if (list->table)
		refresh(list, true);
}

bool list_search(struct list *list, const char *text, int direction, bool from_here)
{
	for (size_t step = from_here ? 0 : 1; step <= list->count; step++) {
		size_t offset = step % (list->count ? list->count : 1);
		size_t position = (list->selected + (direction < 0 ? list->count - offset : offset)) %
			(list->count ? list->count : 1);
		const struct row *row = list_row(list, position);

		if (row && row->kind != ROW_TOTAL && table_row_matches(list->table, row, text, list->now)) {
			list_select(list, position);
			return true;
		}
	}
	return false;
}
