#include "clusterutils/tui/input.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

enum { CTRL_MASK = 0x1F };

struct key_word {
	uint32_t key;
	const char *word;
};

static const struct key_word words[] = {
	{ KEY_TAB, "Tab" },
	{ KEY_ENTER, "Enter" },
	{ KEY_ESCAPE, "Esc" },
	{ KEY_BACKSPACE, "Backspace" },
	{ ' ', "Space" },
	{ KEY_UP, "Up" },
	{ KEY_DOWN, "Down" },
	{ KEY_LEFT, "Left" },
	{ KEY_RIGHT, "Right" },
	{ KEY_PAGE_UP, "PgUp" },
	{ KEY_PAGE_DOWN, "PgDn" },
	{ KEY_HOME, "Home" },
	{ KEY_END, "End" },
	{ KEY_INSERT, "Ins" },
	{ KEY_DELETE, "Del" },
	{ KEY_F1, "F1" },
	{ KEY_F2, "F2" },
	{ KEY_F3, "F3" },
	{ KEY_F4, "F4" },
	{ KEY_F5, "F5" },
	{ KEY_F6, "F6" },
	{ KEY_F7, "F7" },
	{ KEY_F8, "F8" },
	{ KEY_F9, "F9" },
	{ KEY_F10, "F10" },
	{ KEY_F11, "F11" },
	{ KEY_F12, "F12" },
};

static const struct key_word flags[] = { { KEY_CTRL, "Ctrl-" }, { KEY_ALT, "Alt-" }, { KEY_SHIFT, "Shift-" } };

static bool is_named(uint32_t key)
{
	return key >= KEY_NAMED && key < KEY_NAMED_END;
}

static bool is_control(uint32_t key)
{
	return key < 0x20 || (key >= 0x7F && key < 0xA0);
}

bool key_is_text(uint32_t key)
{
	return key < KEY_NAMED && !is_control(key) && !(key >= 0xD800 && key <= 0xDFFF);
}

/* The key that a word without flags names; 0 for none. */
static uint32_t parse_base(const char *name)
{
	uint32_t key;
	size_t length = strlen(name);

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcasecmp(name, words[i].word) == 0)
			return words[i].key;
	if (length == 0 || text_decode(name, length, &key) != length || !key_is_text(key))
		return 0;
	return key;
}

/* Ctrl and a character is a character of its own: Ctrl-@ is 0, which is no key here. */
static uint32_t with_ctrl(uint32_t key)
{
	uint32_t upper = key >= 'a' && key <= 'z' ? key - 'a' + 'A' : key, control = upper & CTRL_MASK;

	if (is_named(key))
		return key | KEY_CTRL;
	if (upper <= '@' || upper > '_')
		return 0;
	if (control == '\n' || control == KEY_ENTER)
		return KEY_ENTER;
	return control == '\b' ? KEY_BACKSPACE : control;
}

uint32_t key_parse(const char *name)
{
	uint32_t given = 0, key;

	for (size_t i = 0; i < ARRAY_LEN(flags);) {
		size_t length = strlen(flags[i].word);

		if (strncasecmp(name, flags[i].word, length) == 0 && name[length] && !(given & flags[i].key)) {
			given |= flags[i].key;
			name += length;
			i = 0;
		} else {
			i++;
		}
	}
	key = parse_base(name);
	if (key == 0)
		return 0;
	if (given & KEY_CTRL)
		key = with_ctrl(key);
	if (key == 0 || ((given & KEY_SHIFT) && key != KEY_TAB && !is_named(key & ~(uint32_t)KEY_FLAGS)))
		return 0;
	return key | (given & ~(uint32_t)KEY_CTRL);
}

const char *key_text(uint32_t key, char buffer[KEY_NAME_SIZE])
{
	uint32_t base = key & ~(uint32_t)KEY_FLAGS;
	size_t length = 0;
	char character[5] = "";

	buffer[0] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (key & flags[i].key)
			length += (size_t)snprintf(buffer + length, KEY_NAME_SIZE - length, "%s", flags[i].word);
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (words[i].key == base) {
			snprintf(buffer + length, KEY_NAME_SIZE - length, "%s", words[i].word);
			return buffer;
		}
	if (key_is_text(base))
		text_encode(base, character);
	else if (base > 0 && base < 0x20)
		snprintf(character, sizeof(character), "%c", (char)(base + '@'));
	else
		snprintf(character, sizeof(character), "?");
	snprintf(buffer + length, KEY_NAME_SIZE - length, "%s%s", is_control(base) ? "Ctrl-" : "", character);
	return buffer;
}
