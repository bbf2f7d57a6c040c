/* The signals that a program on a terminal lives with: handlers only set flags, which are asked for outside.
 * What was ignored before (nohup) stays ignored. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

enum { SIGNALS_RESTORE_SIZE = 512 };

/* What brings the terminal back without curses, which may not be called in a handler. */
struct signals_restore {
	int fd;
	bool has_mode; /* it is a terminal, whose mode before is known */
	struct termios mode;
	char bytes[SIGNALS_RESTORE_SIZE];
	size_t length;
};

/* From here on the flags are set. A second SIGINT, SIGTERM or SIGHUP before the first was taken restores the terminal
 * and ends the program as that signal does. */
void signals_install(const struct signals_restore *restore);
void signals_set_restore(const struct signals_restore *restore);
void signals_uninstall(void); /* the handlers are those from before */

/* Whether it came since it was last asked for. */
bool signals_take(int number);

/* SIGINT, SIGTERM or SIGHUP, the first that came; 0 for none. */
int signals_take_end(void);
