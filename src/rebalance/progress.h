/* What a run says while it goes on, on stderr: a line for each thing that happens, and on a terminal a bar below them
 * with what is done, how fast, and how long the rest may take. */
#pragma once

#include "waves.h"

struct progress {
	const struct waves *waves;
	bool is_terminal;
	bool has_bar; /* it stands on the last line */
	enum waves_state state;
	unsigned wave;
	unsigned char *told; /* of each move: a set of what was said of it */
	int64_t drawn;       /* when the bar was, in milliseconds that never go back */
};

void progress_init(struct progress *progress, const struct waves *waves);
void progress_release(struct progress *progress); /* takes the bar away */

/* As waves_options.on_change has it. */
void progress_change(struct progress *progress, const struct move *move);
/* A line of somebody else's. */
void progress_line(struct progress *progress, const char *format, ...) PRINTF_LIKE(2, 3);
void progress_tick(struct progress *progress);
