/* Another program, run to its end while its output is read. No shell is involved.
 *
 * Ctrl-C (SIGINT) and SIGTERM meant for us are passed on, the program is waited for and killed where it lingers; then
 * the signal takes its way with us, too. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "clusterutils/util/arena.h"
#include "clusterutils/util/buffer.h"

struct process {
	const char *path;               /* of the executable */
	const char *const *arguments;   /* with the name in front; NULL-ended */
	const char *const *environment; /* "NAME=VALUE"; NULL-ended */
	bool has_stdin;                 /* ours; else it reads nothing. Its stderr is ours always */
	size_t max_output;              /* it is killed where it writes more to stdout */
};

struct process_end {
	int start_error; /* errno where it could not be started; then nothing else counts */
	int status;      /* of exit; -1 where a signal ended it */
	bool is_interrupted, is_too_long;
};

void process_run(const struct process *process, struct buffer *output, struct process_end *ret_end);

/* The executable of this name in $PATH, or NULL; relative folders in $PATH do not count, as in Go. */
const char *process_find(const char *name, struct arena *arena);
