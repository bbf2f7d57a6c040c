/* The live screen without a terminal: the demo cluster, keys by name, and the picture as text. */
#pragma once

#include "../../src/top/power_source.h"
#include "../../src/top/screen.h"
#include "clusterutils/kube/transport.h"

struct stage {
	struct transport *transport;
	struct server server;
	struct power_source power;
	struct feed parts[2];
	struct feed *feeds[2];
	size_t feed_count;
	struct screen screen;
	struct canvas canvas;
	struct buffer text;
};

struct stage_options {
	int rows, columns;
	bool is_ascii, is_mono, is_double, allows_actions; /* is_double: the same cluster twice, as two contexts */
	bool asks_kubelets;
};

/* With the clock at the demo's moment. */
void stage_open(struct stage *stage, struct stage_options options);
void stage_close(struct stage *stage);

/* Keys by their names, parted by blanks; a word in quotes is typed: "F4 'jelly' Enter". Draws at the end. */
void stage_keys(struct stage *stage, const char *keys);
void stage_draw(struct stage *stage);

/* The whole picture, a line a row; and one row of it. Valid until the next call. */
const char *stage_text(struct stage *stage);
const char *stage_row(struct stage *stage, int row);
bool stage_shows(struct stage *stage, const char *text);

/* The styles in place of the characters: a letter for each enum style, '.' for STYLE_PLAIN. */
const char *stage_styles(struct stage *stage);

/* The id of the row under the cursor; "" for none. */
const char *stage_selected(const struct stage *stage);

/* Ends the test where a key is unknown. */
struct input_event stage_event(const char *key);
