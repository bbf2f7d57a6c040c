#include "clusterutils/tui/bar.h"

#include "clusterutils/util/width.h"

static int entry_columns(const struct bar_entry *entry)
{
	int label = entry->label ? width_of_text(entry->label) : 0;

	return width_of_text(entry->key) + (label > BAR_LABEL_COLUMNS ? label : BAR_LABEL_COLUMNS);
}

void bar_draw(struct canvas *canvas, struct rect rect, const struct bar_entry *entries, size_t count)
{
	struct rect row = rect_row(rect, 0);
	int column = 0;

	if (rect_is_empty(row))
		return;
	canvas_fill(canvas, row, STYLE_BAR_LABEL);
	for (size_t i = 0; i < count && column < row.columns; i++) {
		int key = canvas_text(
			canvas, row.row, row.column + column, row.columns - column, STYLE_BAR_KEY, entries[i].key);

		if (entries[i].label)
			canvas_text(canvas, row.row, row.column + column + key, row.columns - column - key,
				STYLE_BAR_LABEL, entries[i].label);
		column += entry_columns(&entries[i]);
	}
}

int bar_at(struct rect rect, const struct bar_entry *entries, size_t count, int column)
{
	int end = rect.column;

	if (!rect_has(rect, rect.row, column))
		return -1;
	for (size_t i = 0; i < count; i++) {
		end += entry_columns(&entries[i]);
		if (column < end)
			return entries[i].label ? (int)i : -1;
	}
	return -1;
}

/* " 1 Nodes ", or " 1 " where names have no room. */
static void tab_text(const char *name, size_t index, bool with_name, struct buffer *out)
{
	buffer_clear(out);
	buffer_printf(out, " %zu ", index + 1);
	if (with_name)
		buffer_printf(out, "%s ", name);
}

/* How many names are shown from the first on, beside the active one's. */
static size_t names_shown(const char *const *names, size_t count, size_t active, int columns)
{
	AUTO_BUFFER text = { 0 };

	for (size_t shown = count; shown > 0; shown--) {
		int used = 0;

		for (size_t i = 0; i < count; i++) {
			tab_text(names[i], i, i < shown || i == active, &text);
			used += width_of_text(buffer_text(&text));
		}
		if (used <= columns)
			return shown;
	}
	return 0;
}

void tabs_draw(struct canvas *canvas, struct rect rect, const char *const *names, size_t count, size_t active)
{
	AUTO_BUFFER text = { 0 };
	struct rect row = rect_row(rect, 0);
	size_t shown = names_shown(names, count, active, row.columns);
	int column = 0;

	for (size_t i = 0; i < count; i++) {
		tab_text(names[i], i, i < shown || i == active, &text);
		column += canvas_text(canvas, row.row, row.column + column, row.columns - column,
			i == active ? STYLE_TAB_ACTIVE : STYLE_TAB, buffer_text(&text));
	}
}

int tabs_at(struct rect rect, const char *const *names, size_t count, size_t active, int column)
{
	AUTO_BUFFER text = { 0 };
	size_t shown = names_shown(names, count, active, rect.columns);
	int end = rect.column;

	if (!rect_has(rect, rect.row, column))
		return -1;
	for (size_t i = 0; i < count; i++) {
		tab_text(names[i], i, i < shown || i == active, &text);
		end += width_of_text(buffer_text(&text));
		if (column < end)
			return (int)i;
	}
	return -1;
}
