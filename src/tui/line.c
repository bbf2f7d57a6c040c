#include "clusterutils/tui/line.h"

#include <string.h>

#include "clusterutils/tui/input.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/width.h"

enum {
	CTRL_A = 1,
	CTRL_B = 2,
	CTRL_D = 4,
	CTRL_E = 5,
	CTRL_F = 6,
	CTRL_K = 11,
	CTRL_N = 14,
	CTRL_P = 16,
	CTRL_U = 21,
	CTRL_W = 23
};

void line_init(struct line *line, struct line_history *history)
{
	*line = (struct line){ .history = history };
}

void line_clear(struct line *line)
{
	line_set(line, "");
}

static size_t limit_of(const struct line *line)
{
	return line->limit > 0 && line->limit < LINE_SIZE ? line->limit : LINE_SIZE - 1;
}

/* As much as the limit allows, cut between what is shown as two characters. */
static void put_text(struct line *line, const char *text)
{
	size_t length = strlen(text), at = 0, step;
	int columns;

	while ((step = width_next(text + at, length - at, &columns)) > 0 && at + step <= limit_of(line))
		at += step;
	memcpy(line->text, text, at);
	line->text[at] = '\0';
	line->length = at;
	line->cursor = at;
}

void line_set(struct line *line, const char *text)
{
	put_text(line, text);
	line->left = 0;
	line->history_at = 0;
}

/* --- places in the text --- */

static size_t after(const struct line *line, size_t at)
{
	int columns;

	return at + width_next(line->text + at, line->length - at, &columns);
}

static size_t before(const struct line *line, size_t at)
{
	size_t found = 0;

	for (size_t next = 0; next < at; next = after(line, next))
		found = next;
	return found;
}

static size_t word_before(const struct line *line, size_t at)
{
	while (at > 0 && line->text[before(line, at)] == ' ')
		at = before(line, at);
	while (at > 0 && line->text[before(line, at)] != ' ')
		at = before(line, at);
	return at;
}

static size_t word_after(const struct line *line, size_t at)
{
	while (at < line->length && line->text[at] == ' ')
		at = after(line, at);
	while (at < line->length && line->text[at] != ' ')
		at = after(line, at);
	return at;
}

/* A mark that is left without its character may join the one before: the cursor must not be between them. */
static void settle(struct line *line)
{
	size_t at = 0;

	while (at < line->cursor)
		at = after(line, at);
	line->cursor = at;
}

static void cut(struct line *line, size_t first, size_t end)
{
	memmove(line->text + first, line->text + end, line->length - end + 1);
	line->length -= end - first;
	line->cursor = first;
	settle(line);
}

static void insert(struct line *line, uint32_t key)
{
	char bytes[4];
	size_t size = text_encode(key, bytes);

	if (line->length + size > limit_of(line))
		return;
	memmove(line->text + line->cursor + size, line->text + line->cursor, line->length - line->cursor + 1);
	memcpy(line->text + line->cursor, bytes, size);
	line->length += size;
	line->cursor += size;
	settle(line);
}

/* --- keys --- */

static bool go_in_history(struct line *line, bool back)
{
	const struct line_history *history = line->history;

	if (!history)
		return false;
	if (back ? line->history_at >= history->count : line->history_at == 0)
		return true;
	if (line->history_at == 0)
		memcpy(line->kept, line->text, line->length + 1);
	line->history_at += back ? 1 : (size_t)-1;
	put_text(line, line->history_at == 0 ? line->kept : history->entries[history->count - line->history_at]);
	return true;
}

static bool move_key(struct line *line, uint32_t key)
{
	switch (key) {
	case KEY_LEFT:
	case CTRL_B:
		line->cursor = before(line, line->cursor);
		return true;
	case KEY_RIGHT:
	case CTRL_F:
		line->cursor = after(line, line->cursor);
		return true;
	case KEY_HOME:
	case CTRL_A:
		line->cursor = 0;
		return true;
	case KEY_END:
	case CTRL_E:
		line->cursor = line->length;
		return true;
	case 'b' | KEY_ALT:
	case KEY_LEFT | KEY_CTRL:
		line->cursor = word_before(line, line->cursor);
		return true;
	case 'f' | KEY_ALT:
	case KEY_RIGHT | KEY_CTRL:
		line->cursor = word_after(line, line->cursor);
		return true;
	case KEY_UP:
	case CTRL_P:
		return go_in_history(line, true);
	case KEY_DOWN:
	case CTRL_N:
		return go_in_history(line, false);
	default:
		return false;
	}
}

static bool cut_key(struct line *line, uint32_t key)
{
	switch (key) {
	case KEY_BACKSPACE:
		cut(line, before(line, line->cursor), line->cursor);
		return true;
	case KEY_DELETE:
	case CTRL_D:
		cut(line, line->cursor, after(line, line->cursor));
		return true;
	case CTRL_K:
		cut(line, line->cursor, line->length);
		return true;
	case CTRL_U:
		cut(line, 0, line->cursor);
		return true;
	case CTRL_W:
		cut(line, word_before(line, line->cursor), line->cursor);
		return true;
	default:
		return false;
	}
}

bool line_key(struct line *line, uint32_t key)
{
	char bytes[4];

	if (key_is_text(key)) {
		if (text_is_clean(bytes, text_encode(key, bytes)))
			insert(line, key);
		return true;
	}
	return move_key(line, key) || cut_key(line, key);
}

/* --- drawing --- */

static int columns_between(const struct line *line, size_t first, size_t end)
{
	int used = 0, columns;

	for (size_t at = first, step; at < end; at += step, used += columns)
		step = width_next(line->text + at, line->length - at, &columns);
	return used;
}

/* The cursor stays in sight, and where all has room again the text is shown from its beginning. */
static void scroll(struct line *line, int columns)
{
	if (line->left > line->cursor || columns_between(line, 0, line->length) < columns)
		line->left = 0;
	while (line->left < line->cursor && columns_between(line, line->left, line->cursor) >= columns)
		line->left = after(line, line->left);
}

void line_draw(struct canvas *canvas, struct rect rect, const char *prompt, struct line *line, enum style style)
{
	struct rect row = rect_row(rect, 0);
	int at;

	if (rect_is_empty(row))
		return;
	canvas_fill(canvas, row, style);
	/* The prompt leaves room for a few characters where there is any. */
	at = canvas_text(canvas, row.row, row.column, row.columns > 8 ? row.columns - 8 : 0, style, prompt);
	scroll(line, row.columns - at);
	canvas_text(canvas, row.row, row.column + at, row.columns - at, style, line->text + line->left);
	canvas->cursor_row = row.row;
	canvas->cursor_column = row.column + at + columns_between(line, line->left, line->cursor);
}

/* --- history --- */

void line_history_add(struct line_history *history, const char *text)
{
	if (*text == '\0' || (history->count > 0 && strcmp(history->entries[history->count - 1], text) == 0))
		return;
	if (history->count == LINE_HISTORY) {
		memory_auto_free(&history->entries[0]);
		memmove(history->entries, history->entries + 1, (LINE_HISTORY - 1) * sizeof(*history->entries));
		history->count--;
	}
	history->entries[history->count++] = memory_copy_text(text);
}

void line_history_release(struct line_history *history)
{
	for (size_t i = 0; i < history->count; i++)
		memory_auto_free(&history->entries[i]);
	*history = (struct line_history){ 0 };
}
