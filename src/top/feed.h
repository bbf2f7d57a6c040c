/* One context as the live view sees it: what was read of its cluster, and how fresh that is. */
#pragma once

#include "clusterutils/kube/server.h"
#include "clusterutils/kube/sync.h"
#include "history.h"
#include "view.h"

enum { FEED_LISTS = KIND_COUNT, FEEDS_MAX = 16 };

enum feed_state {
	FEED_CONNECTING,
	FEED_OPEN,   /* the lists say the rest */
	FEED_FAILED, /* error says why */
};

struct feed {
	const char *name; /* of the context, or what is shown in its place: "demo" */
	enum feed_state state;
	struct error error;
	const struct server *server; /* version "" while it is not known */
	struct cluster cluster;
	struct sync_list lists[FEED_LISTS];
	size_t list_count;
	struct history history;
	bool is_still; /* a dump: it does not change */
};

/* NULL where that kind is not read at all. */
const struct sync_list *feed_find_list(const struct feed *feed, enum kind kind);
