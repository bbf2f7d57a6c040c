/* Which rows have appeared or become better or worse lately, for the screen to mark. Rows are told by their ids; only
 * items count. It keeps a copy of each id: none where nothing is to be marked. */
#pragma once

#include "clusterutils/tui/list.h"
#include "clusterutils/util/index.h"

struct fresh {
	struct index rows;
	char *of; /* what they are the rows of; NULL for nothing yet */
	uint64_t turn;
};

void fresh_release(struct fresh *fresh); /* all zero afterwards, which is ready for use */

/* The table that is shown now. Where `of` is another than the last time, nothing in it counts as new. Times are
 * monotonic milliseconds. */
void fresh_note(struct fresh *fresh, const char *of, const struct table *table, int64_t now_ms, int64_t marked_ms);

enum list_mark fresh_mark(const struct fresh *fresh, const char *id, int64_t now_ms);
