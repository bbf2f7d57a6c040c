#include "clusterutils/tui/input.h"

#include <string.h>

#include "suite.h"

static const struct {
	const char *name;
	uint32_t key;
} keys[] = {
	{ "F1", KEY_F1 },
	{ "F10", KEY_F10 },
	{ "F12", KEY_F12 },
	{ "Shift-F3", KEY_F3 | KEY_SHIFT },
	{ "Shift-Tab", KEY_BACK_TAB },
	{ "Tab", '\t' },
	{ "Enter", '\r' },
	{ "Esc", 0x1B },
	{ "Backspace", 0x7F },
	{ "Space", ' ' },
	{ "Ctrl-L", 0x0C },
	{ "Ctrl-A", 1 },
	{ "Ctrl-\\", 0x1C },
	{ "Ctrl-_", 0x1F },
	{ "Alt-j", 'j' | KEY_ALT },
	{ "Alt-J", 'J' | KEY_ALT },
	{ "Alt-Enter", KEY_ENTER | KEY_ALT },
	{ "Alt-Ctrl-L", 0x0C | KEY_ALT },
	{ "Ctrl-Up", KEY_UP | KEY_CTRL },
	{ "Ctrl-Alt-Shift-PgDn", KEY_PAGE_DOWN | KEY_CTRL | KEY_ALT | KEY_SHIFT },
	{ "Shift-Left", KEY_LEFT | KEY_SHIFT },
	{ "Del", KEY_DELETE },
	{ "Ins", KEY_INSERT },
	{ "q", 'q' },
	{ "Q", 'Q' },
	{ "-", '-' },
	{ "Alt--", '-' | KEY_ALT },
	{ "\u00FC", 0xFC },
	{ "\U0001F433", 0x1F433 },
};

START_TEST(names_and_keys_go_both_ways)
{
	char buffer[KEY_NAME_SIZE];

	ck_assert_uint_eq(key_parse(keys[_i].name), keys[_i].key);
	ck_assert_str_eq(key_text(keys[_i].key, buffer), keys[_i].name);
}
END_TEST

static const struct {
	const char *name;
	uint32_t key;
} spellings[] = { { "f5", KEY_F5 }, { "ctrl-l", 0x0C }, { "CTRL-L", 0x0C }, { "pgup", KEY_PAGE_UP },
	{ "shift-alt-up", KEY_UP | KEY_ALT | KEY_SHIFT }, { "Ctrl-Alt-l", 0x0C | KEY_ALT }, { "Ctrl-M", KEY_ENTER },
	{ "Ctrl-J", KEY_ENTER }, { "Ctrl-H", KEY_BACKSPACE }, { "Ctrl-I", KEY_TAB }, { "Ctrl-[", KEY_ESCAPE },
	{ "", 0 }, { "F13", 0 }, { "F0", 0 }, { "Foo", 0 }, { "qq", 0 }, { "Ctrl-", 0 }, { "Ctrl-@", 0 },
	{ "Ctrl-1", 0 }, { "Ctrl-\u00FC", 0 }, { "Shift-a", 0 }, { "Shift-Enter", 0 }, { "Alt-Alt-j", 0 },
	{ "\x01", 0 }, { "\xFF\xFF", 0 }, { "Alt-\x7F", 0 } };

START_TEST(other_spellings_are_understood_or_refused)
{
	ck_assert_uint_eq(key_parse(spellings[_i].name), spellings[_i].key);
}
END_TEST

static void goes_both_ways(uint32_t key)
{
	char buffer[KEY_NAME_SIZE];

	ck_assert_msg(key_parse(key_text(key, buffer)) == key, "%#x is \"%s\", which is %#x", (unsigned)key, buffer,
		(unsigned)key_parse(buffer));
}

START_TEST(every_key_has_a_name_that_gives_it_again)
{
	for (uint32_t key = KEY_NAMED; key < KEY_NAMED_END; key++)
		for (unsigned flag = 0; flag < 8; flag++)
			goes_both_ways(key | (flag & 1 ? KEY_ALT : 0) | (flag & 2 ? KEY_SHIFT : 0) |
				(flag & 4 ? KEY_CTRL : 0));
	for (uint32_t key = 1; key < 0x3000; key++) {
		if (key == '\b' || key == '\n' || (key >= 0x80 && key < 0xA0) || key == 0xFFFD)
			continue; /* never told, or no character */
		goes_both_ways(key);
		goes_both_ways(key | KEY_ALT);
	}
	goes_both_ways(KEY_BACK_TAB);
	goes_both_ways(KEY_BACK_TAB | KEY_ALT);
}
END_TEST

START_TEST(what_is_no_key_has_some_name)
{
	static const uint32_t none[] = { 0, 0xD800, 0x9F, KEY_NAMED_END, UINT32_MAX, KEY_CTRL | 'a' };
	char buffer[KEY_NAME_SIZE];

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		ck_assert_uint_ge(strlen(key_text(none[i], buffer)), 1);
}
END_TEST

START_TEST(text_is_what_one_types)
{
	ck_assert(key_is_text('a') && key_is_text(' ') && key_is_text(0x4E2D) && key_is_text(0x10FFFF));
	ck_assert(!key_is_text(0) && !key_is_text(KEY_ENTER) && !key_is_text(KEY_BACKSPACE) && !key_is_text(0x85));
	ck_assert(!key_is_text(KEY_UP) && !key_is_text('a' | KEY_ALT) && !key_is_text(0xDC00));
}
END_TEST

TEST_MAIN("tui/input", TEST_TABLE(names_and_keys_go_both_ways, keys),
	TEST_TABLE(other_spellings_are_understood_or_refused, spellings),
	TEST(every_key_has_a_name_that_gives_it_again), TEST(what_is_no_key_has_some_name),
	TEST(text_is_what_one_types))
