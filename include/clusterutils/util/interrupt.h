/* Ctrl-C, SIGTERM and SIGHUP while something is carried out: the first is told, so that work can end in good order; a
 * second one ends the program at once. Not beside a screen, which has its own (tui/term.h). */
#pragma once

void interrupt_watch(void);
void interrupt_unwatch(void);

/* The signal that came; 0 for none. It stays until interrupt_unwatch. */
int interrupt_signal(void);
