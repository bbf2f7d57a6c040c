#include "clusterutils/util/die.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void (*die_hook)(void);

void die_set_hook(void (*hook)(void))
{
	die_hook = hook;
}

void die(const char *format, ...)
{
	void (*hook)(void) = die_hook;
	va_list args;

	die_hook = NULL; /* a hook that dies itself must not come back here */
	if (hook)
		hook();
	va_start(args, format);
	fputs("kubectl-clusterutils: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}
