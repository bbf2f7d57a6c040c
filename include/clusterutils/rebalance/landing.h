/* What would come of an eviction: where the scheduler would put the pod that is made again, and whether that helps.
 *
 * One state for a whole plan: pods that are pending are put first, each pod that moves takes its room before the next
 * is asked about, and what disruption budgets allow is spent. The cluster itself is not changed.
 *
 * The scheduler draws lots among equal nodes. Here the first by name stands for them, and what is asked of the landing
 * is asked of all. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/model/cluster.h"
#include "clusterutils/rebalance/param.h"
#include "clusterutils/sched/scheduler.h"
#include "clusterutils/util/arena.h"

/* Why an eviction would be of no use, or do harm. */
enum withheld {
	WITHHELD_NOT,
	WITHHELD_NO_CONTROLLER, /* nothing would make it again */
	WITHHELD_CRITICAL,      /* of the system's priority */
	WITHHELD_VOLUME,        /* its volume keeps it where it is */
	WITHHELD_NO_LANDING,
	WITHHELD_RETURNS, /* to the node that it left */
	WITHHELD_ARCHITECTURE,
	WITHHELD_TARGET, /* the landing would be above its target */
	WITHHELD_MEMORY, /* or above the line of safety */
	WITHHELD_NO_GAIN,
	WITHHELD_RECENT,
	WITHHELD_CAME_BACK, /* another pod of its workload, to the node that it had left */
	WITHHELD_SINGLE,
	WITHHELD_BUDGET,
	WITHHELD_LIMIT, /* of the command line */
	WITHHELD_COUNT,
};

extern const char *const withheld_names[]; /* "NoLanding", for JSON */
extern const char *const withheld_texts[]; /* "no node takes them", of several pods */

struct node_readings; /* rebalance/pass.h */

/* A workload of which a pod was moved in vain. */
struct came_back {
	const char *namespace, *kind, *name;
	int64_t time; /* when it was back, in seconds since 1970 */
};

struct landing_rules {
	const struct param_percents *targets; /* of cpu, memory and pods, by requests; NULL for none */
	bool targets_are_usage;               /* by metrics.k8s.io instead */
	const struct node_readings *readings; /* shares of cpu in use, in place of the samples; NULL for none */
	unsigned minor;                       /* of Kubernetes 1.MINOR; 0: that of the newest kubelet */
	double memory_line;                   /* percent, of requests and of usage; 0 for none */
	int64_t cool_down;                    /* seconds that a pod stays at least; 0 for none */
	const struct came_back *came_back;    /* these stay where they are */
	size_t came_back_count;
	bool allows_single;   /* the only replica of something that cannot start another first */
	bool allows_any_arch; /* images run wherever the scheduler puts them */
};

/* A node as the plan goes on. Percent is of what is allocatable; NAN where either is not known. */
struct node_load {
	const struct node *node;
	struct amounts request; /* of the pods that are there: nanocores, bytes */
	struct amounts usage;   /* measured, and what moving pods take along; RESOURCE_UNKNOWN without a sample */
	int64_t pods;
};

enum load_kind { LOAD_CPU, LOAD_MEMORY, LOAD_PODS, LOAD_USED_CPU, LOAD_USED_MEMORY, LOAD_KINDS };

double node_load_percent(const struct node_load *load, enum load_kind kind);

/* How a pod is asked about. */
enum landing_wish {
	LANDING_MOVE,    /* it is to leave its node */
	LANDING_RELIEVE, /* and its node is to be the less loaded for it */
	LANDING_RESTART, /* it is to start anew, wherever */
};

/* One answer. Texts live as long as the landings. */
struct landing {
	enum withheld withheld;
	const char *why;              /* a sentence; NULL for WITHHELD_NOT */
	const struct node *to;        /* NULL where nothing is made again, or nothing fits */
	const struct node *runner_up; /* the next by the scheduler's points; NULL for none */
	int64_t points, runner_up_points;
	double gain; /* by how many points of percent the fuller of cpu, memory and pods is less at the landing; NAN */
};

struct landings;

/* The cluster has CLUSTER_PLACEMENT and outlives it, as the rules do. `now` in seconds since 1970. */
struct landings *landings_new(
	const struct cluster *cluster, const struct landing_rules *rules, int64_t now) RETURNS_NONNULL;
void landings_free(struct landings *landings); /* NULL-safe */

/* Asks, and changes nothing. */
void landings_ask(
	struct landings *landings, const struct pod *pod, enum landing_wish wish, struct landing *ret_landing);

/* Asks; where nothing is against it, the pod has moved from now on. */
void landings_move(
	struct landings *landings, const struct pod *pod, enum landing_wish wish, struct landing *ret_landing);

/* The pod is taken away, whatever speaks against it, and lands where it would. For `--empty` and what-ifs. */
void landings_force(struct landings *landings, const struct pod *pod, struct landing *ret_landing);

/* One node as the landing of a pod. */
struct landing_option {
	const struct sched_verdict *verdict; /* the scheduler's, of the trial */
	enum withheld withheld;              /* of a node that takes it: what would speak against landing there */
	const char *why;
	struct node_load after; /* as if it had landed there */
};

/* Every node in the order of names, with all reasons and scores; changes nothing. The options live in the trial's
 * arena. */
const struct landing_option *landings_options(struct landings *landings, const struct pod *pod, enum landing_wish wish,
	struct sched_trial *ret_trial) RETURNS_NONNULL;

/* What a disruption budget has against an eviction now; NULL for nothing. Whether it is only spent, so that the pod may
 * go once others have come back. */
const char *landings_budget(struct landings *landings, const struct pod *pod, bool *ret_is_spent);

/* All who went are back and ready by now. */
void landings_renew_budgets(struct landings *landings);

/* Where it runs by now: NULL for nowhere. */
const struct node *landings_node_of(const struct landings *landings, const struct pod *pod);

/* Takes back the last move of the pod. */
void landings_undo(struct landings *landings, const struct pod *pod);

/* In the order of names. */
const struct node_load *landings_loads(const struct landings *landings, size_t *ret_count);
const struct node_load *landings_load_of(const struct landings *landings, const char *node); /* NULL for none */

/* Whether the node is above a target; the first one that it is above, for messages (NULL for not asked). */
bool landings_is_above(const struct landings *landings, const struct node_load *load, const char **ret_resource);

/* For who chooses pods by what they take. In points of percent of the node: how far it is above its target (0 or less
 * where it is not, or where there is none), and what the pod takes of it. Of the kinds that the targets are about; 0 of
 * the others. */
double landings_excess(const struct landings *landings, const struct node_load *load, enum load_kind kind);
double landings_part_of(
	const struct landings *landings, const struct node_load *load, enum load_kind kind, const struct pod *pod);
double landings_percent(const struct landings *landings, const struct node_load *load, const char *resource);
double landings_target(const struct landings *landings, const char *resource); /* NAN for none */

/* Pending pods that found a place when the landings were made, and those that did not. */
size_t landings_settled(const struct landings *landings);
size_t landings_waiting(const struct landings *landings);
