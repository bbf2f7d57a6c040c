/* What the user does: keys, mouse, another size. The struct is not called "event", for that is Kubernetes' word. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/util/attribute.h"

/* A key is the Unicode code point that it gives (Ctrl-L is 0x0C), one of these, or either with flags. */
enum key {
	KEY_TAB = '\t',
	KEY_ENTER = '\r', /* "\n" is told as this, too; so there is no Ctrl-J */
	KEY_ESCAPE = 0x1B,
	KEY_BACKSPACE = 0x7F, /* so is Ctrl-H */
	KEY_NAMED = 0x110000, /* the first that is no code point */
	KEY_UP = KEY_NAMED,
	KEY_DOWN,
	KEY_LEFT,
	KEY_RIGHT,
	KEY_PAGE_UP,
	KEY_PAGE_DOWN,
	KEY_HOME,
	KEY_END,
	KEY_INSERT,
	KEY_DELETE,
	KEY_F1,
	KEY_F2,
	KEY_F3,
	KEY_F4,
	KEY_F5,
	KEY_F6,
	KEY_F7,
	KEY_F8,
	KEY_F9,
	KEY_F10,
	KEY_F11,
	KEY_F12,
	KEY_NAMED_END,
	KEY_ALT = 0x1000000,
	KEY_SHIFT = 0x2000000, /* of named keys and of KEY_TAB alone: 'A' is 'A' */
	KEY_CTRL = 0x4000000,  /* of named keys alone */
	KEY_FLAGS = KEY_ALT | KEY_SHIFT | KEY_CTRL,
	KEY_BACK_TAB = KEY_TAB | KEY_SHIFT,
};

enum event_type {
	EVENT_NONE, /* nothing to read */
	EVENT_KEY,
	EVENT_MOUSE,
	EVENT_RESIZE, /* the screen has another size, or must be drawn anew */
	EVENT_SIGNAL, /* SIGINT, SIGTERM or SIGHUP: end */
};

enum mouse_button { MOUSE_LEFT = 1, MOUSE_MIDDLE = 2, MOUSE_RIGHT = 3, MOUSE_WHEEL_UP = 4, MOUSE_WHEEL_DOWN = 5 };

struct input_event {
	enum event_type type;
	uint32_t key;    /* of EVENT_KEY */
	int signal;      /* of EVENT_SIGNAL */
	int row, column; /* of EVENT_MOUSE, as are the rest */
	enum mouse_button button;
	bool is_release; /* htop acts on these; never of the wheel */
	bool is_double;  /* the second release of the left button in this place, soon after the first */
};

/* "F5", "Shift-F3", "Ctrl-L", "Alt-j", "Space", "PgUp", "Shift-Tab", "q". The words' case does not matter, that of
 * single letters does but after "Ctrl-". 0 for what is none. */
uint32_t key_parse(const char *name);

enum { KEY_NAME_SIZE = 32 };

/* The name that gives this key again. */
const char *key_text(uint32_t key, char buffer[KEY_NAME_SIZE]) RETURNS_NONNULL;

/* Whether it is a character that one types into a text. */
bool key_is_text(uint32_t key);
