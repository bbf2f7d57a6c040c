/* `--every`: one pass after another, for as long as the program is left alone, and what one pass tells the next.
 *
 * The first pass begins at once, each other so long after the one before began, give or take a tenth, so that several
 * clusters are not looked at in the same second. A pass that lasts longer is followed at once by the next. While pods
 * of the last run are still on their way no new one begins. What is said is a line of JSON for each thing that
 * happens, on stdout, in the form of the journal (rebalance/journal.h) with two events more:
 *
 *	{"time":…,"run":…,"event":"pass","moves":3,"withheld":5,"state":"Done"}
 *	{"time":…,"run":…,"event":"error","why":…} */
#pragma once

#include "journal.h"
#include "rebalance.h"
#include "waves.h"

struct loop {
	const struct invocation *invocation;
	struct journal *log;
	struct came_back *came_back; /* texts are the loop's */
	size_t came_back_count, came_back_capacity;
	int64_t *evictions; /* when, of the last hour */
	size_t eviction_count, eviction_capacity;
	char **unfinished; /* uids of pods that were on their way when the last run ended */
	size_t unfinished_count, unfinished_capacity;
	size_t moves, withheld; /* of the plan of this pass */
	bool is_settling;       /* this pass did nothing, for that reason */
	uint64_t random;
};

/* Until a signal comes; an exit_status, or -1 where the first pass cannot begin. */
int loop_run(const struct invocation *invocation, struct session *session,
	int (*pass)(const struct invocation *invocation, struct session *session, struct loop *loop, struct error *err),
	struct error *err);

/* Before a plan: what it must not move again, and how many moves are left of --max-per-hour. The texts live as long as
 * the loop. */
void loop_narrow(struct loop *loop, struct plan_options *options, int64_t now);

/* Whether pods of the last run are still on their way in this cluster. */
bool loop_is_settling(struct loop *loop, const struct cluster *cluster);

/* After a run. */
void loop_take(struct loop *loop, const struct waves *waves);

void loop_release(struct loop *loop);
