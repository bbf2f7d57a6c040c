/* One line of text that the user edits: the prompts of search, filter and commands. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/tui/canvas.h"

enum { LINE_SIZE = 1024, LINE_HISTORY = 50 };

struct line {
	char text[LINE_SIZE]; /* clean UTF-8; never NULL, "" at first */
	size_t length;        /* in bytes */
	size_t limit;         /* bytes that may be typed; 0 for LINE_SIZE - 1 */
	size_t cursor;        /* in bytes; between what is shown as two characters */
	size_t left;          /* the first byte in sight: line_draw sees to it */
	struct line_history *history;
	size_t history_at; /* how far back one has gone; 0 is the new text, which `kept` holds meanwhile */
	char kept[LINE_SIZE];
};

/* What was entered before, newest last. All zero is ready for use. Several lines may share one. */
struct line_history {
	char *entries[LINE_HISTORY];
	size_t count;
};

void line_init(struct line *line, struct line_history *history); /* NULL for none; nothing is to be released */
void line_clear(struct line *line);
void line_set(struct line *line, const char *text); /* the cursor at its end; cut at the limit */

/* Text goes in at the cursor; Left, Right, Home, End, Ctrl-A, Ctrl-E, Backspace, Delete, Ctrl-D, Ctrl-K (to the end),
 * Ctrl-U (to the beginning), Ctrl-W (the word before), Alt-B, Alt-F (by words), Up, Down and Ctrl-P, Ctrl-N where
 * there is a history. True if the key was one of these, whether or not anything changed: Enter and Escape never are. */
bool line_key(struct line *line, uint32_t key);

/* "Prompt: text" in the first row of the rect, with the canvas' cursor in it. A text that is too long is scrolled. */
void line_draw(struct canvas *canvas, struct rect rect, const char *prompt, struct line *line, enum style style);

/* Adds what the line holds, where it is neither empty nor the newest entry already. */
void line_history_add(struct line_history *history, const char *text);
void line_history_release(struct line_history *history);
