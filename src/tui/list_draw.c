/* Drawing a list: which columns there is room for, and the cells of the rows in sight. */
#include <string.h>

#include "clusterutils/tui/layout.h"
#include "clusterutils/tui/list.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/width.h"

enum {
	GAP = 2,
	MEASURED_ROWS = 2000, /* of a longer table; those in sight are measured as well */
	MEASURED_AGAIN = 200, /* of such a table when it comes anew: most widths are known by then */
	WIDEST = 200,
	LEAST_TEXT = 24, /* what is enough of a column of text, where others want room, too */
};

struct column_place {
	size_t index; /* of the table's column */
	int column, columns;
};

struct painter {
	const struct list *list;
	struct canvas *canvas;
	const struct list_look *look;
	struct arena scratch;
	struct column_place places[LIST_COLUMNS];
	size_t count;
};

static size_t column_count(const struct table *table)
{
	return table->column_count < LIST_COLUMNS ? table->column_count : LIST_COLUMNS;
}

static bool is_drawn(const struct table *table, size_t column)
{
	return !(table->columns[column].flags & COLUMN_DATA) && table->columns[column].header;
}

/* What stands in front of a row's first cell: branches, and whether it is folded. */
static const char *tree_text(struct painter *p, size_t position)
{
	const struct list *list = p->list;
	const struct glyphs *glyphs = p->look->glyphs;
	const struct list_row *at = &list->rows[position];
	const struct row *row = list_row(list, position);
	AUTO_BUFFER text = { 0 };

	if (!list->is_tree || row->kind == ROW_TOTAL)
		return "";
	for (int depth = 1; depth < row->depth && depth < 31; depth++)
		buffer_add_text(&text, at->trunks & UINT32_C(1) << depth ? glyphs->trunk : glyphs->no_trunk);
	if (row->depth > 0)
		buffer_add_text(&text, at->is_last ? glyphs->last_branch : glyphs->branch);
	if (list_is_parent(list->table, at->row))
		buffer_printf(&text, "%s ",
			row->id && names_has(&list->folded, row->id) ? glyphs->collapsed : glyphs->expanded);
	return arena_text(&p->scratch, buffer_text(&text));
}

static const char *cell_text_at(struct painter *p, size_t position, size_t column)
{
	const struct table *table = p->list->table;
	const struct row *row = list_row(p->list, position);
	const struct cell cell = row_cell(row, column, &p->scratch);
	const char *text = cell_format(&cell, &table->columns[column], p->list->now, &p->scratch);

	return column == 0 ? arena_printf(&p->scratch, "%s%s", tree_text(p, position), text) : text;
}

static void widen(int *width, int wanted)
{
	if (wanted > *width)
		*width = wanted < WIDEST ? wanted : WIDEST;
}

static void measure_row(struct painter *p, int *widths, size_t position)
{
	for (size_t i = 0; i < column_count(p->list->table); i++)
		if (is_drawn(p->list->table, i))
			widen(&widths[i], width_of_text(cell_text_at(p, position, i)));
}

/* The sign of a sorted column has its place in every header, so that sorting moves nothing. */
static void measure(struct painter *p, int *widths, struct rect rect)
{
	const struct list *list = p->list;
	size_t most = list->count > MEASURED_ROWS && list->widths[0] ? MEASURED_AGAIN : MEASURED_ROWS;

	for (size_t i = 0; i < column_count(list->table); i++)
		if (is_drawn(list->table, i))
			widen(&widths[i], width_of_text(list->table->columns[i].header) + 1);
	for (size_t i = 0; !list->is_measured && i < list->count && i < most; i++) {
		measure_row(p, widths, i);
		arena_reset(&p->scratch);
	}
	for (size_t i = list->top; i < list->count && i < list->top + (size_t)rect.rows; i++)
		measure_row(p, widths, i);
	arena_reset(&p->scratch);
}

static bool is_right(const struct table *table, size_t column)
{
	return table->columns[column].flags & COLUMN_RIGHT;
}

/* Widths as they compete for the room: long text may be cut, so that other columns stay; numbers never are. */
static size_t candidates(const struct list *list, int columns, size_t *ret_index, int *ret_widths, int *ret_priorities)
{
	const struct column_order *order = &list->order;
	int most = columns / 3 > LEAST_TEXT ? columns / 3 : LEAST_TEXT;
	size_t count = 0, places = order->count ? order->count : column_count(list->table);

	for (size_t place = 0; place < places && count < LIST_COLUMNS; place++) {
		size_t i = order->count ? order->items[place] : place;
		int width;

		if (i >= column_count(list->table) || !is_drawn(list->table, i))
			continue;
		width = list->widths[i];
		ret_index[count] = i;
		ret_widths[count] = (is_right(list->table, i) || width < most ? width : most) + GAP;
		ret_priorities[count] = list->table->columns[i].priority;
		count++;
	}
	if (count > 1 && ret_widths[count - 1] > LEAST_TEXT + GAP && !is_right(list->table, ret_index[count - 1]))
		ret_widths[count - 1] = LEAST_TEXT + GAP;
	return count;
}

/* What is over of the room, or lacking, goes to and comes from the columns of text that are shown. */
static void share_rest(
	const struct list *list, const size_t *index, int *widths, const bool *shown, size_t count, int rest)
{
	for (size_t i = 0; i < count && rest; i++) {
		int wanted = list->widths[index[i]] + GAP - widths[i], least = LEAST_TEXT / 2 + GAP - widths[i];

		if (!shown[i] || is_right(list->table, index[i]))
			continue;
		if (rest > 0)
			wanted = wanted < rest ? wanted : rest;
		else
			wanted = least > rest ? (least < 0 ? least : 0) : rest;
		widths[i] += wanted;
		rest -= wanted;
	}
}

/* Panned: the first column, and from the pan on as many as fit. */
static void show_panned(const int *widths, size_t count, int columns, int pan, bool *ret_shown)
{
	int left = columns - (count ? widths[0] : 0);

	for (size_t i = 0; i < count; i++) {
		bool is_passed = i > 0 && (int)i <= pan;

		ret_shown[i] = i == 0 || (!is_passed && left >= widths[i]);
		if (i > 0 && !is_passed)
			left -= widths[i];
	}
}

/* Numbers are shown whole or not at all: the last of them go where they do not fit beside the least of the texts. */
static void drop_numbers(
	const struct list *list, const size_t *index, const int *widths, size_t count, int room, bool *shown)
{
	int least = 0;

	for (size_t i = 0; i < count; i++) {
		bool may_shrink = !is_right(list->table, index[i]) && widths[i] > LEAST_TEXT / 2 + GAP;

		least += shown[i] ? may_shrink ? LEAST_TEXT / 2 + GAP : widths[i] : 0;
	}
	for (size_t i = count; i-- > 1 && least > room;) {
		if (!shown[i] || !is_right(list->table, index[i]))
			continue;
		shown[i] = false;
		least -= widths[i];
	}
}

static int width_shown(const int *widths, const bool *shown, size_t count)
{
	int width = 0;

	for (size_t i = 0; i < count; i++)
		width += shown[i] ? widths[i] : 0;
	return width;
}

static void place_columns(struct painter *p, struct rect rect)
{
	size_t index[LIST_COLUMNS] = { 0 }, count;
	int widths[LIST_COLUMNS] = { 0 }, priorities[LIST_COLUMNS] = { 0 }, column = rect.column;
	int room = rect.columns + GAP;
	bool shown[LIST_COLUMNS] = { 0 };

	count = candidates(p->list, rect.columns, index, widths, priorities);
	if (p->list->pan)
		show_panned(widths, count, room, p->list->pan, shown);
	else
		columns_fit(widths, priorities, count, room, shown);
	drop_numbers(p->list, index, widths, count, room, shown);
	share_rest(p->list, index, widths, shown, count, room - width_shown(widths, shown, count));
	for (size_t i = 0; i < count; i++) {
		bool is_cut = column - rect.column + widths[i] > room;

		if (!shown[i] || (is_cut && p->count && is_right(p->list->table, index[i])))
			continue;
		p->places[p->count++] = (struct column_place){ index[i], column, widths[i] - GAP };
		column += widths[i];
	}
}

static bool is_sorted_by(const struct list_look *look, const char *key)
{
	const char *sorted = look->sorted_by ? look->sorted_by + (*look->sorted_by == '-') : "";
	size_t length = strlen(key);

	return strncmp(sorted, key, length) == 0 && (sorted[length] == '\0' || sorted[length] == '.');
}

static void draw_in_column(
	struct painter *p, int row, const struct column_place *place, enum style style, const char *text)
{
	if (is_right(p->list->table, place->index))
		canvas_text_right(p->canvas, row, place->column, place->columns, style, text);
	else
		canvas_text_cut(p->canvas, row, place->column, place->columns, style, text, p->look->glyphs->ellipsis);
}

static void draw_headers(struct painter *p, struct rect rect)
{
	const struct glyphs *glyphs = p->look->glyphs;

	if (rect_is_empty(rect))
		return;
	canvas_fill(p->canvas, rect, STYLE_HEADER);
	for (size_t i = 0; i < p->count; i++) {
		const struct column *column = &p->list->table->columns[p->places[i].index];
		bool is_sorted = is_sorted_by(p->look, column->key);
		const char *sign = !is_sorted        ? ""
			: *p->look->sorted_by == '-' ? glyphs->ascending
						     : glyphs->descending;

		draw_in_column(p, rect.row, &p->places[i], is_sorted ? STYLE_HEADER_SORTED : STYLE_HEADER,
			arena_printf(&p->scratch, "%s%s", column->header, sign));
	}
}

static enum list_mark mark_of(struct painter *p, const struct row *row)
{
	const char *id = p->look->mark ? row_identity(row, &p->scratch) : NULL;

	return id ? p->look->mark(p->look->mark_context, id) : LIST_UNMARKED;
}

static enum style style_of_row(struct painter *p, size_t position)
{
	const struct row *row = list_row(p->list, position);
	enum list_mark mark = mark_of(p, row);

	if (p->look->has_cursor && position == p->list->selected)
		return p->list->follows ? STYLE_SELECTED_FOLLOWED : STYLE_SELECTED;
	if (list_is_tagged(p->list, row, &p->scratch))
		return STYLE_TAGGED;
	if (mark != LIST_UNMARKED)
		return mark == LIST_WORSE ? STYLE_GONE : STYLE_FRESH;
	if (p->look->is_stale)
		return STYLE_STALE;
	return row->kind == ROW_ITEM ? STYLE_PLAIN : STYLE_GROUP;
}

/* Tags and changes must be seen without colour, too. */
static const char *sign_of_row(struct painter *p, const struct row *row)
{
	static const char *const signs[] = {
		[LIST_UNMARKED] = "", [LIST_NEW] = "+", [LIST_BETTER] = "!", [LIST_WORSE] = "!"
	};

	if (list_is_tagged(p->list, row, &p->scratch))
		return p->look->glyphs->tag;
	return signs[mark_of(p, row)];
}

static void draw_row(struct painter *p, size_t position, struct rect rect)
{
	const struct row *row = list_row(p->list, position);
	enum style style = style_of_row(p, position);
	bool keeps_roles = style == STYLE_PLAIN || style == STYLE_GROUP;
	const char *sign = sign_of_row(p, row);

	canvas_fill(p->canvas, rect, style);
	for (size_t i = 0; i < p->count; i++) {
		const enum role role = row_cell(row, p->places[i].index, &p->scratch).role;
		const char *text = cell_text_at(p, position, p->places[i].index);
		enum style own = keeps_roles && role != ROLE_PLAIN && role != ROLE_STRONG ? style_of_role(role) : style;

		draw_in_column(p, rect.row, &p->places[i], own, text);
		if (i == 0 && keeps_roles && p->list->is_tree)
			canvas_text(p->canvas, rect.row, rect.column, p->places[0].columns, STYLE_TREE,
				tree_text(p, position));
	}
	if (*sign && p->count)
		canvas_text(p->canvas, rect.row, p->places[0].column + p->places[0].columns, 1, style, sign);
	arena_reset(&p->scratch);
}

/* The cursor stays in sight; no blank lines at the end while there is something above. */
static void scroll(struct list *list, int rows)
{
	size_t height = rows > 0 ? (size_t)rows : 1;

	if (list->top > list->selected)
		list->top = list->selected;
	if (list->selected >= list->top + height)
		list->top = list->selected - height + 1;
	if (list->top + height > list->count)
		list->top = list->count > height ? list->count - height : 0;
}

void list_draw(
	struct list *list, struct canvas *canvas, struct rect headers, struct rect rect, const struct list_look *look)
{
	struct painter p = { .list = list, .canvas = canvas, .look = look };

	if (!list->table || rect_is_empty(rect))
		return;
	scroll(list, rect.rows);
	measure(&p, list->widths, rect);
	list->is_measured = true;
	place_columns(&p, rect);
	draw_headers(&p, headers);
	for (int i = 0; i < rect.rows && list->top + (size_t)i < list->count; i++)
		draw_row(&p, list->top + (size_t)i, rect_row(rect, i));
	arena_release(&p.scratch);
}

bool list_position_at(const struct list *list, struct rect rect, int row, size_t *ret_position)
{
	if (!rect_has(rect, row, rect.column) || list->top + (size_t)(row - rect.row) >= list->count)
		return false;
	*ret_position = list->top + (size_t)(row - rect.row);
	return true;
}

const char *list_column_at(const struct list *list, struct rect headers, int column)
{
	struct painter p = { .list = list };

	if (!list->table || rect_is_empty(headers))
		return NULL;
	place_columns(&p, headers);
	for (size_t i = p.count; i-- > 0;)
		if (column >= p.places[i].column)
			return list->table->columns[p.places[i].index].key;
	return NULL;
}
