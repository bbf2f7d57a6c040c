/* The snapshot and one question put to it, as the plugins see them. Each plugin is a file; the table of them is in
 * scheduler.c. */
#pragma once

#include "clusterutils/model/selector.h"
#include "clusterutils/sched/scheduler.h"
#include "clusterutils/util/index.h"

struct sched_volumes; /* volumes.c */

/* Of what counts as a resource: cpu in thousandths, everything else in units. */
enum { NEED_CPU, NEED_MEMORY, NEED_STORAGE, NEED_FIRST_SCALAR };

struct sched_need {
	uint32_t resource; /* a position in scheduler.resources */
	int64_t amount;
};

/* What a pod asks for; pods with the same containers share it. */
struct sched_needs {
	size_t count;
	const struct sched_need *items; /* by resource; those that are named, 0 too */
	int64_t cpu, memory;            /* what scores count: something for each container that names none */
};

/* Pods of one namespace with the same labels: selectors look at them once. */
struct sched_group {
	const char *namespace; /* interned by the cluster, as labels are */
	const struct labels *labels;
	struct sched_pod **pods; /* that run */
	size_t count, capacity;
	struct sched_group *next; /* of the namespace */
};

struct sched_pod {
	const struct pod *pod;
	struct sched_node *node; /* NULL where it does not run */
	const struct sched_needs *needs;
	struct sched_group *group;
	uint32_t at_node, at_group; /* positions there */
	uint32_t at_terms;          /* position in scheduler.with_terms, from 1; 0 for none */
};

struct sched_node {
	const struct node *node;
	uint32_t position; /* in scheduler.nodes, and of its verdict */
	struct sched_pod **pods;
	size_t count, capacity;
	int64_t *allocatable, *requested; /* one for each resource */
	int64_t cpu, memory;              /* requested, as scores count it */
};

struct scheduler {
	const struct cluster *cluster;
	struct arena arena;
	const char **resources; /* interned */
	size_t resource_count, resource_capacity;
	struct sched_node *nodes; /* in the order of their names */
	size_t node_count;
	struct index nodes_by_name;
	struct sched_pod *pods; /* all of the cluster's */
	size_t pod_count;
	struct sched_pod **pods_by_pointer; /* open addressing */
	size_t pointer_capacity;
	struct index groups, spaces;   /* struct sched_group by namespace and labels; struct sched_space */
	struct index selectors;        /* struct sched_selector: built once for each that is asked for */
	struct sched_pod **with_terms; /* pods that run and say something of other pods */
	size_t with_terms_count, with_terms_capacity;
	struct sched_volumes *volumes;
};

/* One question while it is answered. */
struct question {
	struct scheduler *scheduler;
	const struct pod *pod;
	const struct sched_pod *self;
	unsigned options;
	struct sched_trial *trial;
	struct arena *arena; /* the trial's */
};

struct sched_node *scheduler_find_node(const struct scheduler *scheduler, const char *name); /* NULL for none */
struct sched_pod *scheduler_find_pod(const struct scheduler *scheduler, const struct pod *pod);

/* Built once; one with a mistake in it has `problem`, and matches nothing. NULL matches nothing. */
const struct selector *scheduler_selector(
	struct scheduler *scheduler, const struct label_selector *source, const char **ret_problem);

/* This plugin says no: to this node, or (NULL) to the pod as a whole. The reason lives as long as the trial. */
void question_refuse(struct question *question, const struct sched_node *node, enum sched_plugin plugin,
	bool is_unresolvable, const char *reason);

/* The cycle fails: "…" in upstream's words. The first counts. */
void question_fail(struct question *question, const char *reason);

/* --- volumes: VolumeRestrictions, NodeVolumeLimits, VolumeBinding, VolumeZone --- */

void volumes_init(struct scheduler *scheduler);
void volumes_release(struct scheduler *scheduler);
/* A pod begins to run on pod->node, or leaves it: called after the lists of the node hold it, or hold it no more. The
 * claims of a pod that is placed by scheduler_place are promised the volumes that the filter would find for it there. */
void volumes_add(struct scheduler *scheduler, struct sched_pod *pod, bool is_promised);
void volumes_remove(struct scheduler *scheduler, struct sched_pod *pod);

/* PreFilter of all four, then Filter of the one for a node; both refuse by question_refuse. The state between them is
 * the question's. `enters` says for which plugins PreFilter let the pod through to Filter. */
struct volume_question;
struct volume_question *volumes_ask(struct question *question); /* in the question's arena; NULL: nothing to filter */
void volumes_filter(struct question *question, struct volume_question *volumes, const struct sched_node *node);
