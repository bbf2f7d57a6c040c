/* The parts of a run: the waves (waves.c) and each move in them (waves_move.c). */
#pragma once

#include "waves.h"

enum {
	MOVE_SETTLE_SECONDS = 5, /* the scheduler takes that long to see that room is free */
	MOVE_NEEDLESS_SECONDS =
		10,           /* a controller that has not replaced a pod by then, and has all it wants, will not */
	MOVE_RETRY_MOST = 15, /* seconds between two attempts */
};

/* A workload as it was when the run began. */
struct workload_seen {
	const char *uid, *name, *namespace;
	enum kind kind;
	int64_t generation;
};

void waves_tell(const struct waves *waves, const struct move *move);

void move_begin(struct waves *waves, struct move *move, const struct order *order);
void move_release(struct move *move);
bool move_is_over(const struct move *move);
void move_ask(struct waves *waves, struct move *move);

/* Takes the server's answer, where there is one. */
void move_answer(struct waves *waves, struct move *move);

/* Looks at what has become of the pod and of what came in its place. */
void move_look(struct waves *waves, struct move *move);

/* What is wrong with the pod that came in its place; NULL for nothing. As long as the arena lives. */
const char *move_trouble(struct waves *waves, const struct move *move, struct arena *arena);

/* Changes the state and tells. `why` is copied; NULL for none. */
void move_set(struct waves *waves, struct move *move, enum move_state state, const char *why);
