/* Objects from the API into the cluster store: several kinds side by side, once or for as long as one looks.
 *
 * A list is read in one answer from the server's watch cache where the server streams it (kube/server.h), in large
 * pages before that, and is then watched; its objects go into the store one by one as they arrive, and what is no
 * longer there is swept out at its end, so that the store is never empty in between. Metrics cannot be watched: they
 * are read again, never faster than the window they are averaged over.
 *
 * Source of the rules: k8s.io/client-go/tools/cache/reflector.go, v0.34. Where it differs: after 410 Expired on a page
 * the list is read again in one answer (its pager does that too, but the reflector then keeps two copies). */
#pragma once

#include "clusterutils/kube/path.h"
#include "clusterutils/kube/server.h"
#include "clusterutils/kube/transport.h"
#include "clusterutils/kube/wire.h"
#include "clusterutils/model/cluster.h"

enum sync_state {
	SYNC_READING, /* the first list is under way */
	SYNC_CURRENT, /* the store holds what the server said last */
	SYNC_STALE,   /* it was current; now the server does not answer, and `error` says why */
	SYNC_FAILED,  /* it could not be read at all */
};

/* What is to be read. No two lists may cover the same objects. */
struct sync_list {
	enum kind kind;
	const char *namespace;      /* NULL for all */
	const char *label_selector; /* NULL for none; judged by the server */
	const char *field_selector;
	bool is_needed;     /* without it nothing can be shown */
	bool metadata_only; /* name, owner and labels are all that is needed */
	bool is_paused; /* nothing is asked for now; what was read stays, and is stale. May change between two steps */

	/* Kept by the sync. */
	enum sync_state state;
	bool is_failed;             /* nothing of it is in the store */
	struct error error;         /* why it failed or is stale */
	int64_t heard;              /* clock_now() when the server last said something of it; TIME_NONE before */
	uint64_t objects;           /* read into the store by the last list */
	uint64_t changes;           /* lists, and events of the watch, so far */
	uint64_t invalid;           /* left out, because they are not valid */
	struct error first_invalid; /* what was wrong with the first of those */
};

struct sync_options {
	const struct server *server; /* NULL: a dump, or nobody has asked */
	enum wire wire;              /* to ask for; the server may answer with the other */
	bool has_chunk_size;
	uint64_t chunk_size; /* objects a page; 0 for one answer */
	int64_t pause_ms;    /* after a first failure; 0 for 800, as client-go has it */
};

/* Reads all lists once. A list that fails says so in its place, leaves nothing of itself in the store, and the others
 * are read all the same: whether that is an error is for the caller to say. */
void sync_run(struct transport *transport, const struct sync_options *options, struct sync_list *lists, size_t count,
	struct cluster *cluster);

/* The same, going on: lists and store stay in place until sync_free, and change during sync_step alone. */
struct sync;
struct sync *sync_new(struct transport *transport, const struct sync_options *options, struct sync_list *lists,
	size_t count, struct cluster *cluster);
void sync_free(struct sync *sync);

/* Waits for at most timeout_ms and takes in what has arrived. Whether anything changed: store, state or error. */
bool sync_step(struct sync *sync, int timeout_ms);

/* Every list that is not paused has been read, or has failed, at least once. */
bool sync_is_complete(const struct sync *sync);
