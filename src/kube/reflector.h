/* One list, kept in the store: read, then watched or read again. */
#pragma once

#include "clusterutils/kube/sync.h"
#include "stream.h"

enum {
	REFLECTOR_PAGE = 5000,    /* objects a page where lists are not streamed */
	REFLECTOR_ATTEMPTS = 3,   /* of one list that is read once */
	REFLECTOR_PAUSE_MS = 800, /* doubling to the next, each with up to as much jitter again */
	REFLECTOR_PAUSE_MAX_MS = 30000,
	REFLECTOR_HEALTHY_MS = 120000,     /* after so long without failure the pause begins anew */
	REFLECTOR_METRICS_MS = 15000,      /* metrics are read again after their window, and not before this */
	REFLECTOR_POLL_MS = 30000,         /* a list that we may not watch is read again */
	REFLECTOR_WATCH_MIN_SECONDS = 300, /* timeoutSeconds of a watch: from here to twice that */
};

enum reflector_step {
	REFLECTOR_IDLE, /* nothing under way: waits for `due`, or is done */
	REFLECTOR_LISTING,
	REFLECTOR_WATCHING,
};

struct reflector {
	struct sync_list *list;
	struct transport *transport;
	const struct sync_options *options;
	struct cluster *cluster;
	struct decoder *decoder;
	bool goes_on; /* watched after the list, or read again */

	enum reflector_step step;
	struct request request;
	struct stream stream;
	bool stream_is_open;
	char path[PATH_SIZE];
	char page_token[CONTINUE_SIZE];
	char limit[24], timeout[24];
	char resource_version[RESOURCE_VERSION_SIZE]; /* that the store has; "" for none */

	bool begins_watch;   /* this watch sends what is there first */
	bool no_begun_watch; /* the server refused that once */
	bool no_pages;       /* a page had expired: all in one answer now */
	bool no_watch;       /* we may list, but not watch */
	bool reads_again;    /* the watch has expired: a list comes first */
	bool any_version;    /* the version that the store has is no longer known: take the newest */
	bool is_done;        /* will not start again by itself */
	uint32_t stamp;      /* of the list under way */
	unsigned failures;   /* in a row */
	int64_t failed_at;   /* clock_monotonic_ms() of the last of them */
	int64_t due;         /* clock_monotonic_ms() of the next start, while idle */
	int64_t started;     /* the request under way */
	uint64_t events;     /* of the watch under way */
	uint64_t random;
	bool changed; /* store or state, since it was last looked at */
};

void reflector_init(struct reflector *reflector, struct sync_list *list, struct transport *transport,
	const struct sync_options *options, struct cluster *cluster, struct decoder *decoder, bool goes_on);
void reflector_release(struct reflector *reflector); /* gives up what is under way */

/* Starts what is due, and finishes what is done. Returns the milliseconds until it wants to be called again, at most
 * timeout_ms. */
int reflector_turn(struct reflector *reflector, int timeout_ms);
