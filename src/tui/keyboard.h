/* Keys and mouse as curses tells them, as events. Beside term.c and terminfo.c no other file knows curses. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "clusterutils/tui/input.h"

enum { KEYBOARD_MAX_SEQUENCES = 512, KEYBOARD_MOUSE = 16 };

struct keyboard {
	uint32_t keys[KEYBOARD_MAX_SEQUENCES]; /* of the sequences that were added, by the code that curses tells */
	int count;
	struct {
		int row, column;
		int64_t when;                     /* in milliseconds */
	} click;                                  /* the last release of the left button */
	struct input_event mouse[KEYBOARD_MOUSE]; /* what was read of it and not told yet, the oldest last */
	int mouse_count;
	char bytes[4]; /* of a character whose rest has not come yet */
	size_t byte_count;
};

/* Tells the current screen of curses the sequences that terminfo often lacks. */
void keyboard_init(struct keyboard *keyboard);

/* What is there to read, EVENT_NONE for nothing. */
void keyboard_read(struct keyboard *keyboard, struct input_event *ret_event);
