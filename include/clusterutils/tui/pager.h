/* Lines of text to read: help, descriptions, YAML, why something is as it is. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/tui/canvas.h"
#include "clusterutils/tui/glyphs.h"
#include "clusterutils/tui/line.h"
#include "clusterutils/util/arena.h"

enum { PAGER_MAX_LINES = 200000 };

struct pager_line {
	const char *text; /* clean, without line end; in the arena */
	int columns;
	enum role role;
};

struct pager {
	const char *title; /* in the arena */
	struct pager_line *lines;
	size_t count, capacity;
	size_t top; /* the first line in sight */
	int left;   /* the first column in sight */
	int rows;   /* of lines, columns: as drawn last */
	int columns;
	int widest;
	bool is_searching;  /* the prompt is open */
	bool has_failed;    /* nothing found */
	struct line prompt; /* also what is searched for, once it is closed */
	char searched[LINE_SIZE];
	size_t found; /* the line found last; SIZE_MAX for none */
	struct arena arena;
};

enum pager_answer { PAGER_UNUSED, PAGER_USED, PAGER_LEFT };

void pager_init(struct pager *pager, const char *title);
void pager_release(struct pager *pager);
void pager_clear(struct pager *pager); /* its lines; keeps place and search, so that the same may be read anew */

/* Copies. Lines beyond PAGER_MAX_LINES are not kept, but for one that says so. */
void pager_add(struct pager *pager, enum role role, const char *text);

/* Adds each line of a text; control characters are scrubbed and tabs become blanks. */
void pager_add_text(struct pager *pager, enum role role, const char *text);

/* Up, Down, PgUp, PgDn, Space, Home, End, Left, Right, j, k, g, G, / (search, ASCII case does not matter), n and F3
 * (next), N and Shift-F3 (the one before); q, Escape and F10 leave. */
enum pager_answer pager_key(struct pager *pager, uint32_t key);
void pager_scroll(struct pager *pager, int lines); /* the wheel */

/* In the whole rect: a title line with the place in the text, the lines, and the search prompt in the last row. */
void pager_draw(struct canvas *canvas, struct rect rect, struct pager *pager, const struct glyphs *glyphs);
