/* One context that is followed: its session, its lists, and what is under way until they are complete. Everything moves
 * on in live_feed_step alone, and nothing waits for an answer. */
#pragma once

#include "beside.h"
#include "clusterutils/command/command.h"
#include "feed.h"

struct live_feed {
	struct feed feed; /* first: the screen sees this */
	const struct invocation *invocation;
	struct session session;
	bool has_session;
	bool is_named;                  /* by its context; not by the flags that give the connection otherwise */
	struct server_inquiry *inquiry; /* under way until the server has said what it is */
	struct sync *sync;
	const struct power_options *power_options; /* NULL for none */
	struct beside beside;
	bool was_narrowed;
	uint64_t samples; /* readings of the nodes' metrics that the history has */
	uint64_t changes; /* of objects, that were looked at */
	char *name;
};

/* `name` is that of the context, NULL for the one that the flags give. Errors are the feed's own. */
void live_feed_open(struct live_feed *live, const struct invocation *invocation, const struct session_setup *setup,
	const struct power_options *power);
void live_feed_close(struct live_feed *live);

/* Which lists are read, from what the screen shows. */
void live_feed_choose(struct live_feed *live, bool (*wants)(const void *context, enum kind kind), const void *context);

/* Whether objects, not only their metrics, have changed since the last time. */
bool live_feed_has_object_news(struct live_feed *live);

/* Waits for at most timeout_ms, less where wake_fd has input, and takes in what has come. Whether anything changed. */
bool live_feed_step(struct live_feed *live, int timeout_ms, int wake_fd);
