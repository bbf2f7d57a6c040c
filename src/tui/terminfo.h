/* What is known of a kind of terminal before curses takes it. Apart from term.c, for curses' <term.h> has a struct
 * term. */
#pragma once

#include "clusterutils/util/error.h"

/* Fails with one sentence where no full screen can be shown: not known, dumb, cannot place its cursor. The type may be
 * NULL. */
int terminfo_check(const char *type, int output, struct error *err) MUST_USE;
