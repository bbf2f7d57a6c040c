/* All that is known of what a row stands for, as lines to read. */
#pragma once

#include "clusterutils/tui/pager.h"
#include "feed.h"
#include "frame.h"

/* Adds the lines. Of an object that is gone they say so. */
void describe(const struct feed *feed, const struct frame_id *id, const struct view_options *options, int64_t now,
	struct pager *page);
