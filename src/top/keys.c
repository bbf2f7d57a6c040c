#include "keys.h"

#include <stdio.h>
#include <string.h>

#include "clusterutils/tui/input.h"

const struct key_line key_lines[] = {
#define ACTION(name, keys, help) { ACTION_##name, keys, help },
#include "keys.def"
#undef ACTION
	{ 0 },
};

static bool has_key(const char *keys, uint32_t key)
{
	while (*keys) {
		char name[KEY_NAME_SIZE];
		size_t length = strcspn(keys, " ");

		snprintf(name, sizeof(name), "%.*s", (int)length, keys);
		if (key_parse(name) == key)
			return true;
		keys += length + strspn(keys + length, " ");
	}
	return false;
}

enum action action_of_key(uint32_t key)
{
	for (const struct key_line *line = key_lines; line->action; line++)
		if (has_key(line->keys, key))
			return line->action;
	return ACTION_NONE;
}
