/* A plan: what a policy would evict, where each pod would land, and which of these moves are withheld because they
 * would help nobody.
 *
 * The strategies run as upstream's do (rebalance/run.h); each eviction that they and the limits agree on is then asked
 * about (rebalance/landing.h). What is withheld does not count as evicted: the strategy goes on with its next pod. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/rebalance/landing.h"
#include "clusterutils/rebalance/pass.h"
#include "clusterutils/rebalance/policy.h"

/* What the command line narrows. All zero narrows nothing. */
struct plan_scope {
	const char *namespace; /* pods of this one alone; NULL for all */
	const char *const *excluded_namespaces;
	size_t excluded_count;
	const char *node;              /* pods on this one alone */
	const char *const *strategies; /* these alone */
	size_t strategy_count;
	uint32_t max_moves, max_per_node, max_per_namespace; /* PASS_UNLIMITED for none */
};

/* Whether it leaves the pod, and the strategy (NULL for any), in. */
bool plan_scope_has(const struct plan_scope *scope, const struct pod *pod, const char *strategy);

struct plan_options {
	struct plan_scope scope;
	struct landing_rules rules;           /* its targets come from the policy where they are NULL */
	bool parity;                          /* every eviction of upstream's is a move, whatever comes of it */
	uint32_t parallel;                    /* pods of one node, and of one workload, in a wave; 0 for 1 */
	bool relieves;                        /* RelieveOverutilizedNodes too, where the policy does not name it */
	const struct node_readings *readings; /* of the policy's queries */
	size_t reading_count;
};

struct plan_move {
	const struct pod *pod;
	const struct owner *owner; /* the workload at the top; NULL for none */
	const char *strategy, *profile;
	const char *reason; /* the strategy's */
	const char *from;   /* NULL for a pod that is on no node */
	struct landing landing;
	unsigned wave; /* from 1; 0 for what is withheld */
	size_t turn;   /* when it was decided, from 0 */
};

/* A node before and after. */
struct plan_node {
	struct node_load before, after;
	const char *class; /* of the utilization strategy: "over", "under", "neither"; NULL where none ran */
};

struct plan_spread {
	double deviation, most; /* standard deviation and largest, of the nodes' percents */
};

struct plan {
	const struct cluster *cluster;
	const struct policy *policy;
	struct plan_options options;
	int64_t made;     /* seconds since 1970 */
	struct pass pass; /* for the classes of nodes, and the notes */
	struct landings *landings;
	struct plan_move *items; /* moves and what is withheld, in the order in which they were decided */
	size_t count, capacity;
	size_t moves, withheld;
	unsigned waves;
	struct plan_node *nodes; /* in the order of names */
	size_t node_count;
	size_t settled, waiting; /* pending pods that found a place, and those that did not, before the plan */
	struct arena arena;
};

/* The cluster and the policy outlive the plan; `now` in seconds since 1970. */
void plan_make(struct plan *plan, const struct cluster *cluster, const struct policy *policy,
	const struct plan_options *options, int64_t now);
void plan_release(struct plan *plan);
#define AUTO_PLAN CLEANUP(plan_release) struct plan

/* How a strategy's evictions are asked about. */
enum landing_wish plan_wish(const char *strategy);

/* The targets that a policy sets for its nodes, by requests or by usage: those of RelieveOverutilizedNodes, else of
 * LowNodeUtilization; NULL where it sets none, or as distances from the mean. */
const struct param_percents *policy_targets(const struct policy *policy, bool *ret_are_usage);

struct plan_spread plan_spread_of(const struct plan *plan, enum load_kind kind, bool after);

/* What moves in a wave, from 1. */
struct plan_wave {
	size_t moves;
	struct amounts request; /* of the pods: nanocores, bytes */
};

struct plan_wave plan_wave_of(const struct plan *plan, unsigned wave);

size_t plan_above_target(const struct plan *plan, bool after); /* nodes */

/* The loads of now, as `before` or as `after`; makes the array in the arena where it is NULL. */
void plan_nodes_take(
	const struct landings *landings, bool are_after, struct arena *arena, struct plan_node **nodes, size_t *count);
