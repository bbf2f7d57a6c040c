/* Would this pod run on that node, and which node would the scheduler choose: the default profile of kube-scheduler
 * over a cluster store, for as many questions as a planner asks, with pods moved in between.
 *
 * Nothing here changes the cluster. Source of every rule: k8s.io/kubernetes pkg/scheduler v1.34.4, in-tree plugins with
 * their default arguments and feature gates. Left out: preemption, dynamic resource allocation, extenders, and that the
 * real scheduler looks at a part of the nodes where there are 100 or more. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/model/cluster.h"
#include "clusterutils/util/arena.h"
#include "clusterutils/util/buffer.h"

/* In the order of the default profile. */
enum sched_plugin {
	SCHED_NODE_UNSCHEDULABLE,
	SCHED_NODE_NAME,
	SCHED_TAINT_TOLERATION,
	SCHED_NODE_AFFINITY,
	SCHED_NODE_PORTS,
	SCHED_NODE_RESOURCES_FIT,
	SCHED_VOLUME_RESTRICTIONS,
	SCHED_NODE_VOLUME_LIMITS,
	SCHED_VOLUME_BINDING,
	SCHED_VOLUME_ZONE,
	SCHED_POD_TOPOLOGY_SPREAD,
	SCHED_INTER_POD_AFFINITY,
	SCHED_BALANCED_ALLOCATION,
	SCHED_IMAGE_LOCALITY,
	SCHED_PLUGIN_COUNT,
};

extern const char *const sched_plugin_names[]; /* "NodeUnschedulable" */

/* Why a node does not take the pod, or (node NULL) why none does. */
struct sched_refusal {
	enum sched_plugin plugin;
	bool is_unresolvable; /* no eviction could mend it */
	const char *reason;   /* upstream's words; lives as long as the trial */
};

struct scheduler;
struct sched_node;

/* What became of one node in a trial. */
struct sched_verdict {
	const struct node *node;
	bool is_feasible;
	struct sched_refusal *refusals; /* every plugin's, not the first alone */
	size_t refusal_count;
	int64_t total;   /* of a feasible node */
	int64_t *scores; /* by plugin, normalised and weighted, SCHED_NO_SCORE where it gave none; NULL unless kept */
};

#define SCHED_NO_SCORE INT64_MIN

/* The answer to one question. */
struct sched_trial {
	struct sched_verdict *verdicts; /* of every node, in the order of their names */
	size_t count;
	size_t feasible_count;
	struct sched_refusal *everywhere; /* of the whole pod, whatever the node */
	size_t everywhere_count;
	const char *const *nodes; /* that the pod's affinity names one by one; NULL where it does not */
	size_t node_count;
	const char *error; /* the cycle fails for a reason that lies with no node; NULL for none */
	struct arena arena;
};

/* How a question is put. */
enum sched_option {
	SCHED_AS_NEW = 1,       /* the pod as its controller would make it again: bound to no node, not being deleted */
	SCHED_ALL_REASONS = 2,  /* go on after a plugin has refused a node, and name all that refuse it */
	SCHED_KEEP_SCORES = 4,  /* fill `scores`, not the totals alone */
	SCHED_SCORE_ALWAYS = 8, /* also where one node alone is feasible, which upstream then takes unscored */
};

/* The cluster must outlive it and stay as it is; it has CLUSTER_PLACEMENT. Every active pod that is bound runs. */
struct scheduler *scheduler_new(const struct cluster *cluster) RETURNS_NONNULL;
void scheduler_free(struct scheduler *scheduler); /* NULL-safe */

/* Goes by the rules of Kubernetes 1.MINOR where releases differ; before the first question. 0 changes nothing. What
 * differs: NodeResourcesBalancedAllocation looked at how even a node would be, and looks at what the pod changes. */
enum { SCHED_MINOR_BY_DEFAULT = 34 };
void scheduler_follow(struct scheduler *scheduler, unsigned minor);

/* The pod is of the cluster. It must not run while it is asked where it would: take it away first. */
void scheduler_try(struct scheduler *scheduler, const struct pod *pod, unsigned options, struct sched_trial *ret_trial);
void sched_trial_release(struct sched_trial *trial);
#define AUTO_SCHED_TRIAL CLEANUP(sched_trial_release) struct sched_trial

/* The feasible nodes of the largest total: of equals the first by name. NULL where nothing fits. The real scheduler
 * draws lots among equals. */
const struct sched_verdict *sched_trial_best(const struct sched_trial *trial);

/* What a planner needs of a trial as new, without the reasons. */
struct sched_choice {
	size_t feasible_count;
	const struct node *best, *second; /* by points, of equals the first by name; NULL for none */
	int64_t best_points, second_points;
	const uint32_t *equals; /* the nodes of most points, best among them, by their place in the order of names */
	size_t equal_count;
	const char *message; /* where nothing is feasible: as sched_trial_message has it */
};

/* The same answer as SCHED_AS_NEW gives, in a small part of the time: what nodes have in common is counted once, and
 * what equal pods ask is kept. False where it must be tried: for what has volumes or host ports, names its nodes, or
 * cannot be read. What it points to holds until the next call. */
bool scheduler_choose(struct scheduler *scheduler, const struct pod *pod, struct sched_choice *ret_choice);

/* "0/3 nodes are available: 2 Insufficient cpu, …", as the event FailedScheduling says it, without preemption. Made of
 * the first plugin that refused each node. */
void sched_trial_message(const struct sched_trial *trial, struct buffer *out);

/* The pod runs from now on, on a node that is there; what it asks for is charged, volumes promised to it are taken.
 * And the reverse. A pod that runs already, or does not, is left as it is. */
void scheduler_place(struct scheduler *scheduler, const struct pod *pod, const char *node);
void scheduler_remove(struct scheduler *scheduler, const struct pod *pod);

/* The same for a pod that never went after all: where the cluster has it itself, it is as it is there, which may be on
 * its way out. One that is placed is as new. */
void scheduler_put_back(struct scheduler *scheduler, const struct pod *pod, const char *node);

/* Where it runs now: NULL for nowhere. */
const struct node *scheduler_node_of(const struct scheduler *scheduler, const struct pod *pod);
