/* What the user set up for the live view: $XDG_CONFIG_HOME/clusterutils/top.yaml. It is read at the start, and written
 * from the setup screen alone. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "clusterutils/util/buffer.h"
#include "clusterutils/util/error.h"

enum { SETTINGS_TEXT = 80, DELAY_DEFAULT_MS = 1500, DELAY_MIN_MS = 100, DELAY_MAX_MS = 60000 };

struct settings {
	char theme[SETTINGS_TEXT];    /* name of a scheme; "" for the default */
	char grouping[SETTINGS_TEXT]; /* as --by takes it; "" for zone */
	int64_t delay_ms;             /* between two frames */
	bool no_unicode, no_colour, no_mouse;
	bool no_meters, no_bar, no_tabs;
};

void settings_init(struct settings *settings); /* the defaults */

/* Into `path`, of at least 4096 bytes. False where neither XDG_CONFIG_HOME nor HOME is set. */
bool settings_path(char *path, size_t size);

/* A file that is not there leaves everything as it is. Unknown keys are left out of account: a newer version may have
 * written them. */
int settings_read(struct settings *settings, const char *path, struct error *err) MUST_USE;
int settings_write(const struct settings *settings, const char *path, struct error *err) MUST_USE;
