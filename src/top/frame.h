/* The table that a tab shows: a view of one cluster, or of several, each below a row of its own; ids of rows then begin
 * with the number of their feed: "1:node//corellia". */
#pragma once

#include "feed.h"

struct frame {
	struct table parts[FEEDS_MAX]; /* of each feed */
	size_t part_count;
	struct table joined; /* of several parts; its cells are theirs */
	struct table *table; /* what is shown: the only part, or the joined one; */
};

/* Feeds that have nothing yet give their row alone, with the reason. `only` is the number of the one to be shown,
 * SIZE_MAX for all. */
struct frame *frame_new(const struct view *view, const struct view_options *options, struct feed *const *feeds,
	size_t count, size_t only);
void frame_free(struct frame *frame);

/* What an id says: the feed, the word before the first slash, the two texts after it. False where it is none. */
struct frame_id {
	size_t feed;
	char kind[16];
	char namespace[256]; /* "" for none */
	char name[1024];
};

bool frame_id_read(const char *id, struct frame_id *ret_id);
