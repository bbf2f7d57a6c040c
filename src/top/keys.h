/* What the keys of the list do: one line an action in keys.def gives its keys and its help. */
#pragma once

#include <stdint.h>

enum action {
	ACTION_NONE,
#define ACTION(name, keys, help) ACTION_##name,
#include "keys.def"
#undef ACTION
	ACTIONS
};

struct key_line {
	enum action action;
	const char *keys; /* names, parted by blanks (tui/input.h) */
	const char *help;
};

/* In the order of keys.def; ends with ACTION_NONE. */
extern const struct key_line key_lines[];

enum action action_of_key(uint32_t key); /* ACTION_NONE where it does nothing */
