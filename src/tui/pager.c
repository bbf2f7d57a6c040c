#include "clusterutils/tui/pager.h"

#include <string.h>

#include "clusterutils/tui/input.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/width.h"

enum { TAB_COLUMNS = 8, SIDE_STEP = 8 };

void pager_init(struct pager *pager, const char *title)
{
	*pager = (struct pager){ .found = SIZE_MAX };
	pager->title = arena_text(&pager->arena, title);
	line_init(&pager->prompt, NULL);
}

void pager_release(struct pager *pager)
{
	memory_auto_free(&pager->lines);
	arena_release(&pager->arena);
	*pager = (struct pager){ 0 };
}

void pager_clear(struct pager *pager)
{
	AUTO_FREE char *title = memory_copy_text(pager->title);

	arena_reset(&pager->arena);
	pager->title = arena_text(&pager->arena, title);
	pager->count = 0;
	pager->widest = 0;
	pager->found = SIZE_MAX;
}

void pager_add(struct pager *pager, enum role role, const char *text)
{
	struct pager_line *line;

	if (pager->count > PAGER_MAX_LINES)
		return;
	if (pager->count == PAGER_MAX_LINES) {
		role = ROLE_MUTED;
		text = "(there is more, which is not kept)";
	}
	ARRAY_GROW(pager->lines, pager->count, pager->capacity);
	line = &pager->lines[pager->count++];
	*line = (struct pager_line){ arena_text(&pager->arena, text), width_of_text(text), role };
	if (line->columns > pager->widest)
		pager->widest = line->columns;
}

/* Tabs to blanks up to the next stop, the rest scrubbed. */
static void add_clean(struct buffer *out, const char *text, size_t length)
{
	AUTO_FREE char *clean = memory_new_array(length * 3 + 1, 1);

	buffer_clear(out);
	for (size_t first = 0; first <= length;) {
		const char *tab = memchr(text + first, '\t', length - first);
		size_t end = tab ? (size_t)(tab - text) : length;

		text_scrub(text + first, end - first, clean);
		buffer_add_text(out, clean);
		if (tab)
			buffer_add_repeated(
				out, ' ', (size_t)(TAB_COLUMNS - width_of_text(buffer_text(out)) % TAB_COLUMNS));
		first = end + 1;
	}
}

void pager_add_text(struct pager *pager, enum role role, const char *text)
{
	AUTO_BUFFER line = { 0 };

	while (*text && pager->count <= PAGER_MAX_LINES) {
		size_t length = strcspn(text, "\n"), kept = length;

		if (kept > 0 && text[kept - 1] == '\r')
			kept--;
		add_clean(&line, text, kept);
		pager_add(pager, role, buffer_text(&line));
		text += length + (text[length] == '\n');
	}
}

/* --- where one is --- */

static size_t last_top(const struct pager *pager)
{
	size_t rows = pager->rows > 0 ? (size_t)pager->rows : 1;

	return pager->count > rows ? pager->count - rows : 0;
}

static void clamp(struct pager *pager)
{
	int most = pager->widest > pager->columns ? pager->widest - pager->columns : 0;

	if (pager->top > last_top(pager))
		pager->top = last_top(pager);
	if (pager->left > most)
		pager->left = most;
	if (pager->left < 0)
		pager->left = 0;
}

void pager_scroll(struct pager *pager, int lines)
{
	size_t back = lines < 0 ? (size_t) - (long)lines : 0;

	if (lines >= 0)
		pager->top = (size_t)lines > SIZE_MAX - pager->top ? SIZE_MAX : pager->top + (size_t)lines;
	else
		pager->top -= back < pager->top ? back : pager->top;
	clamp(pager);
}

/* --- search --- */

/* From the line after (or before) this one, once around. */
static void search_from(struct pager *pager, size_t from, bool back)
{
	size_t count = pager->count;

	pager->has_failed = false;
	if (pager->searched[0] == '\0')
		return;
	for (size_t i = 1; i <= count; i++) {
		size_t line = back ? (from + count - i % count) % count : (from + i) % count;

		if (!text_contains_fold(pager->lines[line].text, pager->searched))
			continue;
		pager->found = line;
		if (line < pager->top || line >= pager->top + (size_t)(pager->rows > 0 ? pager->rows : 1))
			pager->top = line > (size_t)pager->rows / 2 ? line - (size_t)pager->rows / 2 : 0;
		clamp(pager);
		return;
	}
	pager->found = SIZE_MAX;
	pager->has_failed = true;
}

static void search_next(struct pager *pager, bool back)
{
	size_t count = pager->count, at = pager->found;

	if (count == 0)
		return;
	if (at >= count)
		at = back ? (pager->top + 1) % count : (pager->top + count - 1) % count;
	search_from(pager, at, back);
}

/* Each letter searches on from where one is, as htop's F3 does. */
static enum pager_answer prompt_key(struct pager *pager, uint32_t key)
{
	if (key == KEY_ENTER) {
		pager->is_searching = false;
		return PAGER_USED;
	}
	if (key == KEY_ESCAPE) {
		pager->is_searching = false;
		pager->has_failed = false;
		pager->searched[0] = '\0';
		pager->found = SIZE_MAX;
		return PAGER_USED;
	}
	if (key == KEY_F3 || key == (KEY_F3 | KEY_SHIFT)) {
		search_next(pager, key != KEY_F3);
		return PAGER_USED;
	}
	if (!line_key(&pager->prompt, key))
		return PAGER_UNUSED;
	memcpy(pager->searched, pager->prompt.text, pager->prompt.length + 1);
	pager->found = SIZE_MAX;
	search_next(pager, false);
	return PAGER_USED;
}

/* --- keys --- */

static bool move_key(struct pager *pager, uint32_t key)
{
	int page = pager->rows > 1 ? pager->rows - 1 : 1;

	switch (key) {
	case KEY_UP:
	case 'k':
		pager_scroll(pager, -1);
		return true;
	case KEY_DOWN:
	case KEY_ENTER:
	case 'j':
		pager_scroll(pager, 1);
		return true;
	case KEY_PAGE_UP:
		pager_scroll(pager, -page);
		return true;
	case KEY_PAGE_DOWN:
	case ' ':
		pager_scroll(pager, page);
		return true;
	case KEY_HOME:
	case 'g':
		pager->top = 0;
		return true;
	case KEY_END:
	case 'G':
		pager->top = last_top(pager);
		return true;
	case KEY_LEFT:
	case KEY_RIGHT:
		pager->left += key == KEY_LEFT ? -SIDE_STEP : SIDE_STEP;
		clamp(pager);
		return true;
	default:
		return false;
	}
}

enum pager_answer pager_key(struct pager *pager, uint32_t key)
{
	if (pager->is_searching)
		return prompt_key(pager, key);
	if (move_key(pager, key))
		return PAGER_USED;
	switch (key) {
	case '/':
		pager->is_searching = true;
		line_clear(&pager->prompt);
		return PAGER_USED;
	case 'n':
	case KEY_F3:
		search_next(pager, false);
		return PAGER_USED;
	case 'N':
	case KEY_F3 | KEY_SHIFT:
		search_next(pager, true);
		return PAGER_USED;
	case 'q':
	case KEY_ESCAPE:
	case KEY_F10:
		return PAGER_LEFT;
	default:
		return PAGER_UNUSED;
	}
}

/* --- drawing --- */

static void draw_title(struct canvas *canvas, struct rect row, const struct pager *pager, const struct glyphs *glyphs)
{
	AUTO_BUFFER place = { 0 };
	size_t last = pager->top + (size_t)(pager->rows > 0 ? pager->rows : 0);
	int columns;

	if (rect_is_empty(row))
		return;
	canvas_fill(canvas, row, STYLE_HEADER);
	if (pager->count > 0)
		buffer_printf(&place, " %zu-%zu/%zu", pager->top + 1, last < pager->count ? last : pager->count,
			pager->count);
	columns = width_of_text(buffer_text(&place));
	if (columns > row.columns / 2)
		columns = 0;
	canvas_text_cut(
		canvas, row.row, row.column, row.columns - columns, STYLE_HEADER, pager->title, glyphs->ellipsis);
	canvas_text_right(
		canvas, row.row, row.column, row.columns, STYLE_HEADER, columns > 0 ? buffer_text(&place) : "");
}

/* The columns of a line from `column` on for so many, as far as they are in sight. */
static struct rect in_sight(struct rect row, const struct pager *pager, int column, int columns)
{
	int first = column - pager->left, end = first + columns;

	first = first < 0 ? 0 : first;
	end = end > row.columns ? row.columns : end;
	return (struct rect){ row.row, row.column + first, 1, end > first ? end - first : 0 };
}

static int columns_of(const char *text, size_t bytes)
{
	size_t length = strlen(text);
	int used = 0, columns;

	for (size_t at = 0, step; at < bytes && (step = width_next(text + at, length - at, &columns)) > 0; at += step)
		used += columns;
	return used;
}

static void mark_matches(struct canvas *canvas, struct rect row, const struct pager *pager, const char *text)
{
	const char *match = text;
	size_t length = strlen(pager->searched);

	while (length > 0 && (match = text_find_fold(match, pager->searched)) != NULL) {
		int column = columns_of(text, (size_t)(match - text));

		if (column - pager->left >= row.columns)
			return;
		match += length;
		canvas_restyle(canvas, in_sight(row, pager, column, columns_of(text, (size_t)(match - text)) - column),
			STYLE_MATCH);
	}
}

static void draw_line(struct canvas *canvas, struct rect row, const struct pager *pager, const struct pager_line *line)
{
	size_t length = strlen(line->text), at = 0, step;
	int column = 0, columns;

	/* A wide character that is cut on the left is not drawn; what follows keeps its place. */
	while (column < pager->left && (step = width_next(line->text + at, length - at, &columns)) > 0) {
		at += step;
		column += columns;
	}
	if (column < pager->left)
		return;
	column -= pager->left;
	canvas_text(
		canvas, row.row, row.column + column, row.columns - column, style_of_role(line->role), line->text + at);
	mark_matches(canvas, row, pager, line->text);
}

void pager_draw(struct canvas *canvas, struct rect rect, struct pager *pager, const struct glyphs *glyphs)
{
	struct rect text = rect, prompt = { 0 };

	if (rect_is_empty(rect))
		return;
	canvas_fill(canvas, rect, STYLE_PLAIN);
	if (text.rows > 1) {
		text.row++;
		text.rows--;
	}
	if ((pager->is_searching || pager->has_failed) && text.rows > 1) {
		text.rows--;
		prompt = rect_row(rect, rect.rows - 1);
	}
	pager->rows = text.rows;
	pager->columns = text.columns;
	clamp(pager);
	if (text.row > rect.row)
		draw_title(canvas, rect_row(rect, 0), pager, glyphs);
	for (int row = 0; row < text.rows && pager->top + (size_t)row < pager->count; row++)
		draw_line(canvas, rect_row(text, row), pager, &pager->lines[pager->top + (size_t)row]);
	if (rect_is_empty(prompt))
		return;
	line_draw(canvas, prompt, pager->has_failed ? "Not found: " : "Search: ", &pager->prompt,
		pager->has_failed ? STYLE_PROMPT_FAILED : STYLE_PROMPT);
	if (!pager->is_searching)
		canvas->cursor_row = canvas->cursor_column = -1;
}
