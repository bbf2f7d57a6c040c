#include "clusterutils/tui/line.h"

#include <string.h>

#include "clusterutils/tui/input.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/width.h"
#include "suite.h"

/* Types words of keys ("a", "Left", "Ctrl-W"), parted by blanks. */
static void type(struct line *line, const char *keys)
{
	char copy[256], *rest = copy, *word;

	ck_assert_uint_lt(strlen(keys), sizeof(copy));
	strcpy(copy, keys);
	while ((word = strsep(&rest, " ")) != NULL) {
		uint32_t key = key_parse(word);

		if (*word == '\0')
			continue;
		ck_assert_msg(key != 0, "\"%s\" is no key", word);
		ck_assert_msg(line_key(line, key), "\"%s\" is not used", word);
	}
}

static const struct {
	const char *keys, *text;
	size_t cursor;
} cases[] = {
	{ "", "", 0 },
	{ "a b c", "abc", 3 },
	{ "a b Left c", "acb", 2 },
	{ "a b Home c End d", "cabd", 4 },
	{ "a b Ctrl-A c Ctrl-E d", "cabd", 4 },
	{ "a b c Backspace", "ab", 2 },
	{ "a b c Home Backspace", "abc", 0 },
	{ "a b c Home Del", "bc", 0 },
	{ "a b c Del", "abc", 3 },
	{ "a b c Left Ctrl-D", "ab", 2 },
	{ "a b c Left Ctrl-K", "ab", 2 },
	{ "a b c Left Ctrl-U", "c", 0 },
	{ "a b Space c d Ctrl-W", "ab ", 3 },
	{ "a b Space Space Ctrl-W", "", 0 },
	{ "a b Space c d Left Ctrl-W", "ab d", 3 },
	{ "a b Space c d Alt-b x", "ab xcd", 4 },
	{ "a b Space c d Home Alt-f x", "abx cd", 3 },
	{ "Left Right Backspace Del Ctrl-W Ctrl-K Ctrl-U", "", 0 },
	{ "\u00FC \u4E2D Left x", "\u00FCx\u4E2D", 3 },
	{ "\u00FC \u4E2D Backspace", "\u00FC", 2 },
	{ "u \u0308 x Left Left y", "yu\u0308x", 1 }, /* a character goes with its mark */
	{ "u \u0308 Backspace", "", 0 },
	{ "a Right Right Left Left Left b", "ba", 1 },
};

START_TEST(keys_edit)
{
	struct line line;

	line_init(&line, NULL);
	type(&line, cases[_i].keys);
	ck_assert_str_eq(line.text, cases[_i].text);
	ck_assert_uint_eq(line.cursor, cases[_i].cursor);
	ck_assert_uint_eq(line.length, strlen(line.text));
}
END_TEST

START_TEST(other_keys_are_for_others)
{
	static const char *const keys[] = { "Enter", "Esc", "Tab", "F3", "PgUp", "Up", "Alt-x", "Ctrl-L" };
	struct line line;

	line_init(&line, NULL);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		ck_assert_msg(!line_key(&line, key_parse(keys[i])), "%s is used", keys[i]);
	ck_assert_str_eq(line.text, "");
}
END_TEST

START_TEST(what_a_terminal_obeys_is_not_taken)
{
	struct line line;

	line_init(&line, NULL);
	line_key(&line, 0x202E);
	line_key(&line, 0x9B);
	line_key(&line, 'a');
	ck_assert_str_eq(line.text, "a");
}
END_TEST

START_TEST(the_limit_holds)
{
	struct line line;

	line_init(&line, NULL);
	line.limit = 4;
	type(&line, "a b c \u4E2D d e");
	ck_assert_str_eq(line.text, "abcd");
	line_set(&line, "ab\u4E2D");
	ck_assert_str_eq(line.text, "ab");
	line.limit = 0;
	for (int i = 0; i < 2 * LINE_SIZE; i++)
		line_key(&line, 'x');
	ck_assert_uint_eq(line.length, LINE_SIZE - 1);
	ck_assert_uint_eq(strlen(line.text), LINE_SIZE - 1);
}
END_TEST

START_TEST(history_goes_back_and_forth)
{
	struct line_history history = { 0 };
	struct line line;

	for (int i = 0; i < 2 * LINE_HISTORY; i++)
		line_history_add(&history, "old");
	ck_assert_uint_eq(history.count, 1);
	line_history_add(&history, "");
	line_history_add(&history, "one");
	line_history_add(&history, "two");
	line_init(&line, &history);
	type(&line, "n Up");
	ck_assert_str_eq(line.text, "two");
	type(&line, "Up");
	ck_assert_str_eq(line.text, "one");
	type(&line, "Up Up Up");
	ck_assert_str_eq(line.text, "old");
	type(&line, "Down Down Down");
	ck_assert_str_eq(line.text, "n");
	type(&line, "Down x");
	ck_assert_str_eq(line.text, "nx");
	line_history_release(&history);
}
END_TEST

START_TEST(history_forgets_the_oldest)
{
	struct line_history history = { 0 };
	char text[] = "00";

	for (int i = 0; i <= LINE_HISTORY; i++) {
		text[0] = (char)('0' + i / 10);
		text[1] = (char)('0' + i % 10);
		line_history_add(&history, text);
	}
	ck_assert_uint_eq(history.count, LINE_HISTORY);
	ck_assert_str_eq(history.entries[0], "01");
	ck_assert_str_eq(history.entries[LINE_HISTORY - 1], "50");
	line_history_release(&history);
}
END_TEST

static const char *line_of(const struct canvas *canvas, int row)
{
	static struct buffer line;

	buffer_clear(&line);
	canvas_line_text(canvas, row, &line);
	return buffer_text(&line);
}

START_TEST(drawing_shows_prompt_text_and_cursor)
{
	AUTO_CANVAS canvas = { 0 };
	struct line line;

	canvas_init(&canvas, 2, 20);
	line_init(&line, NULL);
	line_set(&line, "n\u00F6de");
	line_key(&line, KEY_LEFT);
	line_draw(&canvas, (struct rect){ 1, 0, 1, 20 }, "Search: ", &line, STYLE_PROMPT);
	ck_assert_str_eq(line_of(&canvas, 1), "Search: n\u00F6de");
	ck_assert_int_eq(canvas.cursor_row, 1);
	ck_assert_int_eq(canvas.cursor_column, 11);
	ck_assert_int_eq(canvas_cell(&canvas, 1, 19)->style, STYLE_PROMPT);
}
END_TEST

START_TEST(a_long_text_scrolls)
{
	AUTO_CANVAS canvas = { 0 };
	struct line line;
	const struct rect rect = { 0, 0, 1, 12 };

	canvas_init(&canvas, 1, 20);
	line_init(&line, NULL);
	line_set(&line, "0123456789abcdef");
	line_draw(&canvas, rect, "> ", &line, STYLE_PROMPT);
	ck_assert_str_eq(line_of(&canvas, 0), "> 789abcdef");
	ck_assert_int_eq(canvas.cursor_column, 11);
	line_key(&line, KEY_HOME);
	line_draw(&canvas, rect, "> ", &line, STYLE_PROMPT);
	ck_assert_str_eq(line_of(&canvas, 0), "> 0123456789");
	ck_assert_int_eq(canvas.cursor_column, 2);
}
END_TEST

/* Random keys: the text stays clean and the cursor between characters, in sight of any width. */
START_TEST(no_keys_break_it)
{
	static const char *const keys[] = { "a", "Space", "\u0308", "\u4E2D", "\U0001F469", "\u200D", "Left", "Right",
		"Backspace", "Del", "Home", "End", "Ctrl-W", "Alt-b", "Alt-f", "\U0001F1E9", "x", "\u1112", "\u1161" };
	struct line line;
	uint32_t state = 7;

	line_init(&line, NULL);
	for (int round = 0; round < 30000; round++) {
		AUTO_CANVAS canvas = { 0 };
		size_t at = 0;
		int columns;

		state = state * 1664525 + 1013904223;
		line_key(&line, key_parse(keys[(state >> 16) % (sizeof(keys) / sizeof(keys[0]))]));
		ck_assert(text_is_clean(line.text, line.length));
		while (at < line.cursor)
			at += width_next(line.text + at, line.length - at, &columns);
		ck_assert_uint_eq(at, line.cursor);
		canvas_init(&canvas, 1, (int)(state >> 8) % 30 + 1);
		line_draw(&canvas, canvas_rect(&canvas), "Filter: ", &line, STYLE_PROMPT);
		ck_assert_int_ge(canvas.cursor_column, 0);
		ck_assert_int_le(canvas.cursor_column, canvas.columns);
		if (line.length > 40)
			line_clear(&line);
	}
}
END_TEST

TEST_MAIN("tui/line", TEST_TABLE(keys_edit, cases), TEST(other_keys_are_for_others),
	TEST(what_a_terminal_obeys_is_not_taken), TEST(the_limit_holds), TEST(history_goes_back_and_forth),
	TEST(history_forgets_the_oldest), TEST(drawing_shows_prompt_text_and_cursor), TEST(a_long_text_scrolls),
	TEST(no_keys_break_it))
