/* What runs have done: one file for each cluster, a line of JSON for each thing that happened, added to and never
 * rewritten. `rebalance status` shows it, and the next plan learns from it who came back to where it was.
 *
 * The file is $XDG_STATE_HOME/clusterutils/rebalance-CLUSTER.jsonl, ~/.local/state where that is not set. It is locked
 * while a run is under way, so that there is one at a time on this machine. A line that cannot be read is passed over:
 * the program may have been killed while it wrote it.
 *
 *	{"time":"2026-03-01T12:00:00Z","run":"2026-03-01T12:00:00Z/4711","event":"begin","moves":12,"waves":4}
 *	{"time":…,"run":…,"event":"wave","wave":1}
 *	{"time":…,"run":…,"event":"move","namespace":…,"name":…,"uid":…,"ownerKind":…,"ownerName":…,"strategy":…,
 *	 "from":…,"to":…,"wave":1,"state":"Moved","pod":…,"landed":…,"seconds":8,"why":null,"miss":null}
 *	{"time":…,"run":…,"event":"end","state":"Done","why":null} */
#pragma once

#include "clusterutils/util/index.h"
#include "waves.h"

struct journal;

/* The default file for a cluster, by the URL of its server. NULL where neither XDG_STATE_HOME nor HOME is set. */
const char *journal_path(const char *server, struct arena *arena);

/* Opens and locks it, and makes the folders above it. Fails with ERROR_CONFLICT where a run is under way. */
int journal_open(const char *path, struct journal **ret_journal, struct error *err) MUST_USE;
/* The same lines for somebody else: an open descriptor, which is not locked and not closed. */
struct journal *journal_on(int fd) RETURNS_NONNULL;
void journal_close(struct journal *journal); /* NULL-safe, as are those below */

/* Fails where a line cannot be written: then the run must not go on. */
int journal_begin(struct journal *journal, const struct orders *orders, struct error *err) MUST_USE;
int journal_wave(struct journal *journal, unsigned wave, struct error *err) MUST_USE;
int journal_move(struct journal *journal, const struct move *move, struct error *err) MUST_USE;
int journal_end(struct journal *journal, const char *state, const char *why, struct error *err) MUST_USE;

/* What a loop says besides (rebalance/loop.h). */
int journal_pass(struct journal *journal, size_t moves, size_t withheld, const char *state, struct error *err) MUST_USE;
int journal_error(struct journal *journal, const char *why, struct error *err) MUST_USE;

/* --- reading --- */

/* A move as it was told last. Texts live as long as the record. */
struct record_move {
	const char *namespace, *name, *uid, *owner_kind, *owner_name, *strategy, *from, *to, *state, *pod, *landed,
		*why, *miss;
	unsigned wave;
	int64_t seconds; /* it took; -1 where it is not over */
	int64_t time;    /* of the last line */
};

/* The last run of a journal. */
struct record {
	const char *run;      /* NULL where there was none */
	int64_t began, ended; /* TIME_NONE where no line says so */
	size_t orders;
	unsigned waves, wave;
	const char *state, *why; /* of the end */
	bool is_under_way;       /* somebody holds the lock */
	struct index moves;      /* struct record_move, by uid, in the order in which they were first told */
	size_t unreadable;       /* lines */
	struct arena arena;
};

/* Fails with ERROR_NOT_FOUND where there is no such file. */
int record_read(const char *path, struct record *ret_record, struct error *err) MUST_USE;
void record_release(struct record *record);
#define AUTO_RECORD CLEANUP(record_release) struct record

/* Workloads one of whose pods came back, since then, to the node that it was to leave, by any run of the journal. In
 * the arena; none where the file cannot be read. */
const struct came_back *journal_came_back(const char *path, int64_t since, struct arena *arena, size_t *ret_count);
