/* Lists and watches of the demo's API server. */
#pragma once

#include "clusterutils/kube/filter.h"
#include "world.h"

/* One request under way. */
struct demo_exchange {
	struct request *request; /* NULL once it was cancelled */
	struct filter filter;
	char namespace[PATH_SIZE];
	bool is_open; /* a watch that has begun */
	bool has_bookmarks, owes_initial_end;
	uint64_t seen;    /* the watch has told all up to this version */
	int64_t ends;     /* of the world's time */
	int64_t bookmark; /* when the next is due */
};

/* A collection in a namespace ("" for all): answers the list, or opens the watch. */
void demo_collection_get(struct demo_world *world, struct demo_exchange *exchange, enum kind kind);

/* What has happened since. Whether anything was sent. */
bool demo_watch_step(struct demo_world *world, struct demo_exchange *exchange);

void demo_exchange_release(struct demo_exchange *exchange);
