/* The run: carries out orders wave by wave, and starts nothing new once something goes wrong.
 *
 * It looks at a store that somebody else keeps up to date (kube/sync.h) and changes the cluster through kube/write.h;
 * waves_step moves on whatever can be moved on and never waits. A wave is over when each of its pods is gone and what
 * its controller made in its place is Ready. Before the next begins, what it is to move is looked at again: who is gone
 * or has moved, whose node has changed, and who would no longer land anywhere, is skipped.
 *
 * What ends a run early: a pod made in place of another that no node takes, that crashes, cannot be mounted or pulled;
 * a node that was well and is no longer; a workload whose specification is changed by somebody else; a wave that takes
 * too long. An eviction that is refused for good is that move's failure alone. A disruption budget that allows nothing
 * now is none of these: the eviction is tried again until it does, or the wave takes too long.
 *
 * All moments are of clock_now(). */
#pragma once

#include "clusterutils/kube/write.h"
#include "orders.h"

enum move_state {
	MOVE_WAITING,  /* for its wave */
	MOVE_ASKED,    /* the eviction is under way */
	MOVE_BLOCKED,  /* it is not allowed now, and is asked for again */
	MOVE_LEAVING,  /* it was accepted; the pod is still there */
	MOVE_MISSED,   /* the pod is gone, and nothing has come in its place */
	MOVE_STARTING, /* something has, and is not ready */
	MOVE_DONE,
	MOVE_SKIPPED, /* it no longer held; nothing was done */
	MOVE_FAILED,
	MOVE_NOT_BEGUN,  /* the run ended before */
	MOVE_UNFINISHED, /* the run ended while the pod was on its way */
};

extern const char *const move_state_texts[]; /* "Evicting" */

struct move {
	const struct order *order;
	enum move_state state;
	const char *why;      /* of what is blocked, skipped, failed or unfinished: one sentence; NULL for none */
	const char *name;     /* of the pod that came in its place; NULL while there is none */
	const char *uid;      /* the same */
	const char *landed;   /* its node; NULL while it has none */
	const char *miss;     /* why that is not the node foreseen; NULL where it is, or nothing was foreseen */
	bool is_gone;         /* the pod that was evicted */
	bool is_ready;        /* the one in its place */
	unsigned attempts;    /* answered so far */
	int64_t next_attempt; /* of what is blocked */
	int64_t asked, evicted, gone, bound, ready; /* TIME_NONE before */

	/* The run's own. */
	struct write *write;                                            /* NULL while none is under way */
	const char *controller_kind, *controller_name, *controller_uid; /* NULL for none */
	const char **siblings; /* uids of the controller's pods before the eviction, sorted */
	size_t sibling_count;
	struct workload_seen *workload; /* NULL where none is known */
	bool is_uncertain;              /* an eviction was sent, and its answer was lost */
};

enum waves_state {
	WAVES_RUNNING,
	WAVES_PAUSED,   /* something is wrong; it goes on once it is no longer (options.pauses) */
	WAVES_STOPPING, /* nothing new is begun; what the server was asked is awaited */
	WAVES_OVER,
};

struct waves_options {
	int64_t timeout; /* seconds that one wave may take */
	int64_t grace_seconds;
	bool pauses;                /* what is wrong with pods and nodes is waited for, as long as the wave may take */
	struct landing_rules rules; /* of the plan, without its limits */
	const char *cordoned;       /* a node that the run itself has cordoned; NULL for none */
	struct write_options write;
	/* After a move has changed its state; NULL for the run as a whole: a wave begins, it pauses, stops, ends. */
	void (*on_change)(void *context, const struct move *move);
	void *context;
};

struct waves {
	const struct orders *orders;
	const struct cluster *cluster;
	struct transport *transport;
	struct waves_options options;
	struct move *moves; /* one for each order, in their order */
	size_t first, end;  /* those of the wave that runs: [first, end) */
	unsigned wave;      /* its number; 0 before the first */
	enum waves_state state;
	bool ends_with_wave;         /* it was asked to */
	bool timed_out, was_stopped; /* by waves_stop */
	const char *why;             /* it pauses or ends early; NULL for no reason */
	int64_t began, wave_began, ended;
	struct order_node *nodes; /* that were well when the run began */
	size_t node_count;
	struct index workloads; /* struct workload_seen, by uid */
	struct index newcomers; /* struct move, by the uid of the pod that came in the place of its own */
	struct arena arena;
};

/* The store has CLUSTER_PLACEMENT, and is current. All of these outlive the run; the orders do not change. */
void waves_init(struct waves *waves, const struct orders *orders, const struct cluster *cluster,
	struct transport *transport, const struct waves_options *options);
void waves_release(struct waves *waves);

/* Call it after each step of the sync, with whether the store is what the server said last: where it is not, nothing is
 * judged and nothing new begun. Whether the run goes on. */
bool waves_step(struct waves *waves, bool is_current);

/* Begins nothing new; what the server was asked is awaited, and what is on its way is left to its controllers. */
void waves_stop(struct waves *waves, const char *why);
/* The wave that runs is the last. */
void waves_end_with_wave(struct waves *waves);

struct waves_tally {
	size_t done, skipped, failed, not_begun, unfinished;
	size_t evicted;                          /* pods that are gone or going because of the run */
	size_t as_foreseen, elsewhere, returned; /* landings; to the node that it left */
};

struct waves_tally waves_tally(const struct waves *waves);

/* How a run ended: "Done", "Stopped", "TimedOut", "Failed". */
const char *waves_end_text(const struct waves *waves);

/* Why the pod is not on the node that was foreseen: what that node has against it now, or by which score it lost. One
 * sentence, as long as the arena lives. */
const char *miss_explain(const struct cluster *cluster, const struct landing_rules *rules, const struct pod *pod,
	const char *foreseen, struct arena *arena);
