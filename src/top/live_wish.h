/* What the screen wishes for: an object read, a node cordoned, a file written. Requests run beside everything else;
 * the screen is told what came of them. */
#pragma once

#include "clusterutils/kube/write.h"
#include "live_feed.h"
#include "screen.h"

enum { ERRANDS_MAX = 256 };

/* One request that is under way for the screen. */
struct errand {
	struct transport *transport;
	enum wish_type type;
	char *title;            /* "node corellia" */
	struct write write;     /* of a change */
	struct request request; /* of reading an object */
	struct buffer answer;
	struct collector collector;
	char path[PATH_SIZE];
	char field[PATH_SIZE];
	bool is_list; /* the answer is a list of one */
};

struct errands {
	struct errand *items[ERRANDS_MAX];
	size_t count;
	size_t asked, done; /* of the changes asked for together */
};

void errands_start(
	struct errands *errands, struct screen *screen, struct live_feed *const *feeds, const struct wish *wish);

/* Tells the screen of those that have ended. Whether any has. */
bool errands_turn(struct errands *errands, struct screen *screen);

/* Gives up what is under way on a transport that is going away; NULL for all. */
void errands_cancel(struct errands *errands, const struct transport *transport);
