/* The end of the program for what no caller can mend: out of memory, a broken invariant.
 * Bad input, a failed request or a missing file are never that: they are a struct error (util/error.h). */
#pragma once

#include "clusterutils/util/attribute.h"

/* Prints "kubectl-clusterutils: MESSAGE" to stderr and exits with 1, after the hook has run. */
_Noreturn void die(const char *format, ...) PRINTF_LIKE(1, 2);

/* What must happen before the last message, once: the terminal sets this to restore itself. NULL for nothing. */
void die_set_hook(void (*hook)(void));
