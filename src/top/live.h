/* The live view: one loop that waits for the network and the keyboard together, feeds the screen, and shows it. */
#pragma once

#include "clusterutils/command/command.h"
#include "clusterutils/kube/power.h"
#include "clusterutils/tui/term.h"
#include "screen.h"

struct live_options {
	struct screen_options screen;
	struct term_options term;
	const char *const *contexts; /* NULL for the one that the connection flags name */
	size_t context_count;
	const struct power_options *power; /* NULL where nobody is to be asked for it */
	uint64_t iterations;               /* frames of new data until it ends by itself; 0 for no end */
};

/* Returns an exit_status, or -1. *ret_no_terminal where the terminal cannot show it: then nothing was shown, and *err
 * says why. */
int live_run(
	struct invocation *invocation, const struct live_options *options, bool *ret_no_terminal, struct error *err);

/* The contexts that --context names, parted by commas; texts live in the arena. */
size_t live_split_contexts(const char *text, struct arena *arena, const char *ret_contexts[FEEDS_MAX]);
