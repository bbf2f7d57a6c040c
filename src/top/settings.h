/* What the user set up for the live view: $XDG_CONFIG_HOME/clusterutils/top.yaml. It is read at the start, and written
 * from the setup screen alone. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "clusterutils/util/buffer.h"
#include "clusterutils/util/error.h"

enum {
	SETTINGS_TEXT = 80,
	SETTINGS_COLUMNS = 512,
	SETTINGS_VIEWS = 8,
	DELAY_DEFAULT_MS = 1500,
	DELAY_MIN_MS = 100,
	DELAY_MAX_MS = 60000,
	HIGHLIGHT_DEFAULT = 5, /* seconds, as in htop */
	HIGHLIGHT_MAX = 86400,
};

struct settings {
	char theme[SETTINGS_TEXT];    /* name of a scheme; "" for the default */
	char grouping[SETTINGS_TEXT]; /* as --by takes it; "" for zone */
	int64_t delay_ms;             /* between two frames */
	bool no_unicode, no_colour, no_mouse;
	bool no_meters, no_bar, no_tabs;
	bool highlights; /* rows that are new or have changed */
	int64_t highlight_seconds;
	struct {
		char view[16];
		char keys[SETTINGS_COLUMNS]; /* in order, parted by commas */
	} columns[SETTINGS_VIEWS];
	size_t column_count;            /* views whose columns were chosen */
	char remark[2 * SETTINGS_TEXT]; /* what of the file was left out, for the user to know; "" for nothing */
};

void settings_init(struct settings *settings); /* the defaults */

/* Into `path`, of at least 4096 bytes. False where neither XDG_CONFIG_HOME nor HOME is set. */
bool settings_path(char *path, size_t size);

/* The columns chosen for a view, as --columns takes them; "" for the view's own. */
const char *settings_columns(const struct settings *settings, const char *view);
void settings_set_columns(struct settings *settings, const char *view, const char *keys);

/* A file that is not there leaves everything as it is. Unknown keys are left out of account: a newer version may have
 * written them; so are columns of unknown views, with a remark. Which columns a view has is not known here. */
int settings_read(struct settings *settings, const char *path, struct error *err) MUST_USE;
int settings_write(const struct settings *settings, const char *path, struct error *err) MUST_USE;
