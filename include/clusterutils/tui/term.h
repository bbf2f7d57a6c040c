/* The terminal: the one place that knows curses.
 *
 * A frame is a canvas, and the terminal is brought up to it: rows that are as they were cost nothing, and nothing is
 * ever cleared but by term_redraw. Input is read without waiting. There is one terminal at a time.
 *
 * How to wait: for input on term_fd, for at most TERM_WAIT_MS, in poll or what is built on it (struct transport's
 * wake_fd). Then read term_event until EVENT_NONE. Signal handlers only set flags; a signal interrupts poll, and one
 * that comes in the moment before is seen after TERM_WAIT_MS at the latest. Other calls that it interrupts are
 * started again by the system (SA_RESTART).
 *
 * SIGINT, SIGTERM and SIGHUP are told once; where the program does not read that one, a second one restores the
 * terminal and ends the program. SIGTSTP and SIGCONT are dealt with inside term_event, which then tells EVENT_RESIZE.
 * The end of the program restores the terminal however it comes: exit and die do it by themselves. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "clusterutils/tui/canvas.h"
#include "clusterutils/tui/input.h"
#include "clusterutils/tui/theme.h"
#include "clusterutils/util/error.h"

enum { TERM_WAIT_MS = 250 };

enum term_choice { TERM_AUTO, TERM_NEVER };

struct term_options {
	enum term_choice mouse;
	enum term_choice unicode;  /* auto: where the locale's character set is UTF-8; main has called setlocale */
	enum term_choice colour;   /* auto: what the terminal has, but none where NO_COLOR is set and not empty */
	const struct theme *theme; /* NULL for the default */
	const char *type;          /* NULL for $TERM */
	int input, output; /* descriptors; -1 for stdin, or /dev/tty where that is no terminal, and stdout. For tests */
};

#define TERM_OPTIONS_DEFAULT ((struct term_options){ .input = -1, .output = -1 })

struct term;

/* Fails with one sentence where TERM is unset, unknown, or of a terminal that cannot place its cursor; nothing has been
 * written then. */
int term_open(const struct term_options *options, struct term **ret_term, struct error *err) MUST_USE;
void term_close(struct term *term); /* NULL is fine */

int term_rows(const struct term *term);
int term_columns(const struct term *term);
int term_colours(const struct term *term); /* 0 where none are used */
bool term_is_unicode(const struct term *term);
void term_set_theme(struct term *term, const struct theme *theme); /* shown by the next frame */

void term_show(struct term *term, const struct canvas *canvas);
void term_redraw(struct term *term); /* the next frame is written as a whole: Ctrl-L */

/* The next event; EVENT_NONE where nothing is to be read. Never waits, but for the 25 ms in which an escape may turn
 * out to be a key. */
void term_event(struct term *term, struct input_event *ret_event);

int term_fd(const struct term *term);

/* The terminal as it was before, for what others ask on it (the password of a credential plugin); and back. */
void term_leave(struct term *term);
void term_return(struct term *term);

/* What SIGTSTP does: leaves, stops the program, and returns when it goes on. */
void term_suspend(struct term *term);

/* Bytes written to an output that can tell its place (a file): for benches. -1 where it cannot. */
int64_t term_bytes(const struct term *term);
