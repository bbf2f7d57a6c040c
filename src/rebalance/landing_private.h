/* The parts of a simulation of landings: the state (landing.c), pending pods (landing_pending.c), and what is asked
 * of it (landing_ask.c). */
#pragma once

#include "budgets.h"
#include "clusterutils/rebalance/landing.h"
#include "clusterutils/sched/scheduler.h"
#include "clusterutils/util/pointer_map.h"
#include "seen_arches.h"

/* So many pods that wait for room are looked at again each time a pod leaves. */
enum { WAITING_TRIED = 20 };

/* Who waited longer, or is more important, takes the room first that a pod leaves. */
struct newcomer {
	const struct pod *pod;
	struct node_load *at;
};

/* Where a pod was before it moved, and who came for it. */
struct journey {
	struct node_load *from, *to; /* NULL for nowhere */
	struct newcomer *newcomers;
	size_t newcomer_count;
};

struct landings {
	const struct cluster *cluster;
	const struct landing_rules *rules;
	int64_t now;
	struct arena arena;
	struct scheduler *scheduler;
	struct budgets *budgets;
	struct seen_arches *arches;
	struct node_load *loads; /* by name, as the scheduler's verdicts are */
	size_t load_count;
	struct pointer_map journeys; /* struct journey, by pod; both ends NULL once it was undone */
	const struct pod **waiting;  /* pending pods that no node takes, the first to be scheduled first */
	size_t waiting_count, settled;
};

struct node_load *landings_load_named(const struct landings *landings, const char *name); /* NULL for none */

/* Where the pod would land; the trial is only made where it must be, and holds what the choice then points to. */
void landings_choose(struct landings *landings, const struct pod *pod, struct sched_trial *ret_trial,
	struct sched_choice *ret_choice);

/* Each pending pod is put where the scheduler would put it, or waits. */
void landings_place_pending(struct landings *landings);

/* Pods that wait get the room that the leaver has left, where they come before it; returns how many. */
size_t newcomers_let_in(struct landings *landings, const struct pod *leaver, struct newcomer newcomers[WAITING_TRIED]);
void newcomers_send_away(struct landings *landings, const struct newcomer *newcomers, size_t count);  /* it came back */
void newcomers_keep(struct landings *landings, const struct newcomer *newcomers, size_t count);       /* it did not */
void newcomers_wait_again(struct landings *landings, const struct newcomer *newcomers, size_t count); /* after all */
