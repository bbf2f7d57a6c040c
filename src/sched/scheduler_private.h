/* The snapshot and one question put to it, as the plugins see them. Each plugin is a file, or a few alike are one; the
 * table of them is in trial.c. */
#pragma once

#include "clusterutils/model/selector.h"
#include "clusterutils/sched/scheduler.h"
#include "clusterutils/util/index.h"
#include "clusterutils/util/pointer_map.h"

struct sched_quick;   /* choose.c */
struct sched_volumes; /* volumes.c */
struct sched_images;  /* images.c */

/* Of what counts as a resource: cpu in thousandths, everything else in units. */
enum { NEED_CPU, NEED_MEMORY, NEED_STORAGE, NEED_FIRST_SCALAR };

struct sched_need {
	uint32_t resource; /* a position in scheduler.resources */
	int64_t amount;
};

/* What a pod asks for; pods with the same containers share it. */
struct sched_needs {
	size_t count;
	struct sched_need *items;        /* what it names */
	int64_t cpu, memory;             /* what scores count: something for each container that names none */
	int64_t asked_cpu, asked_memory; /* the same of the pod that asks: see resources.c */
};

/* The values that a label has on the nodes. */
struct sched_topology {
	const char *key;
	int32_t *of_node; /* by position of the node: a number below domain_count, or -1 where it has no such label */
	const char **values;
	size_t domain_count;
};

/* Pods that run in one namespace and are alike in something: their labels, or what they say of other pods. */
struct sched_group {
	const char *namespace; /* interned by the cluster, as the others are */
	const struct labels *labels;
	const struct placement *placement;
	struct sched_pod **pods;
	size_t count, capacity;
	struct sched_group *next; /* of the namespace, or of scheduler.far */
};

/* A namespace that pods are in, with its groups of equal labels. */
struct sched_space {
	const char *name;
	const struct labels *labels; /* of the namespace itself */
	bool is_known;               /* the cluster has such an object */
	struct sched_group *groups;
	struct sched_group *outspoken; /* whose terms are about pods of this namespace alone */
};

struct sched_pod {
	const struct pod *pod;
	struct sched_node *node; /* NULL where it does not run */
	const struct sched_needs *needs;
	struct sched_space *space;
	struct sched_group *alike;             /* by labels */
	struct sched_group *outspoken;         /* by what it says of other pods; NULL where it says nothing */
	uint32_t at_node, at_alike, at_spoken; /* positions there */
	bool is_leaving;                       /* being deleted; not one that was placed here */
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
	unsigned minor; /* of the Kubernetes whose rules it goes by */
	struct arena arena;
	const char **resources; /* interned */
	size_t resource_count, resource_capacity;
	struct sched_node *nodes; /* in the order of their names */
	size_t node_count;
	bool has_taints; /* some node has one */
	struct index nodes_by_name;
	struct sched_pod *pods; /* all of the cluster's, in the order of namespaces and names */
	size_t pod_count;
	struct pointer_map pod_of;     /* struct sched_pod, by its pod */
	struct pointer_map needs;      /* struct sched_needs, by the containers */
	struct index spaces;           /* struct sched_space */
	struct pointer_map groups;     /* struct sched_group, by namespace and labels */
	struct pointer_map outspoken;  /* the same by namespace and placement */
	struct pointer_map selectors;  /* struct sched_selector, by its source */
	struct pointer_map topologies; /* struct sched_topology, by the key */
	struct pointer_map affinities; /* uint8_t[] by node, by nodeSelector and required node affinity */
	struct pointer_map taints;     /* uint8_t[] by node, by tolerations */
	struct sched_group *far;       /* outspoken groups whose terms are about other namespaces, too */
	struct sched_quick *quick;     /* choose.c; NULL until something was chosen */
	struct sched_images *images;
	struct sched_volumes *volumes;
};

/* One question while it is answered. */
struct question {
	struct scheduler *scheduler;
	const struct pod *pod;
	const struct sched_pod *self;
	unsigned options;
	struct sched_trial *trial;
	struct arena *arena;                /* the trial's */
	const struct sched_node **feasible; /* for scores */
	size_t feasible_count;
	struct spread_question *spread; /* of each plugin, NULL where it has nothing to look at */
	struct inter_pod_question *inter_pod;
	struct volume_question *volumes;
	struct spread_question *soft_spread; /* while it scores */
	struct inter_pod_scores *liking;
	int64_t *image_bytes; /* by node */
};

struct sched_node *scheduler_find_node(const struct scheduler *scheduler, const char *name); /* NULL for none */
struct sched_pod *scheduler_find_pod(const struct scheduler *scheduler, const struct pod *pod);

/* --- lookup.c --- */

/* Built once. NULL where there is a mistake in it, told in apimachinery's words. A NULL source matches nothing. */
const struct selector *scheduler_selector(
	struct scheduler *scheduler, const struct label_selector *source, const char **ret_problem);
const struct sched_topology *scheduler_topology(struct scheduler *scheduler, const char *key); /* interned */
struct sched_space *scheduler_space(struct scheduler *scheduler, const char *name);            /* made where new */

/* Whether the node fulfils the pod's nodeSelector and required node affinity; whether the pod tolerates its taints of
 * NoSchedule and NoExecute. */
bool scheduler_selects(struct scheduler *scheduler, const struct pod *pod, const struct sched_node *node);
bool scheduler_tolerates(struct scheduler *scheduler, const struct pod *pod, const struct sched_node *node);

/* The same of all nodes, by position; NULL where it is so of every node. */
const uint8_t *scheduler_selected(struct scheduler *scheduler, const struct pod *pod);
const uint8_t *scheduler_tolerated(struct scheduler *scheduler, const struct pod *pod);

/* Some term of it is about pods of other namespaces. */
bool placement_looks_far(const struct placement *placement);

/* A pod comes into the groups of those that run, or leaves them. */
void groups_add(struct scheduler *scheduler, struct sched_pod *pod);
void groups_remove(struct sched_pod *pod);
void groups_release(struct scheduler *scheduler);

/* --- trial.c --- */

/* This plugin says no: to this node, or (NULL) to the pod as a whole. The reason lives as long as the trial. */
void question_refuse(struct question *question, const struct sched_node *node, enum sched_plugin plugin,
	bool is_unresolvable, const char *reason);
bool question_is_refused(const struct question *question, enum sched_plugin plugin); /* as a whole */

/* Whether the pod's affinity leaves the node in question; a trial without names leaves all. */
bool trial_names(const struct sched_trial *trial, const char *name);

/* The cycle fails; the first reason counts. */
void question_fail(struct question *question, const char *reason);

/* --- the plugins. What asks prepares, once a question; what filters refuses a node; what scores gives points. --- */

bool is_schedulable(const struct pod *pod, const struct sched_node *node); /* not cordoned for it */
void unschedulable_filter(struct question *question, const struct sched_node *node);
void node_name_filter(struct question *question, const struct sched_node *node);
void taints_filter(struct question *question, const struct sched_node *node);
int64_t taints_score(struct question *question, const struct sched_node *node);
void affinity_ask(struct question *question);
void affinity_filter(struct question *question, const struct sched_node *node);
bool affinity_ask_scores(struct question *question);
int64_t affinity_score(struct question *question, const struct sched_node *node);
void ports_filter(struct question *question, const struct sched_node *node);

const struct sched_needs *resources_of(struct scheduler *scheduler, const struct pod *pod);
void resources_offered(struct scheduler *scheduler, struct sched_node *node);
size_t resources_position(struct scheduler *scheduler, const char *name); /* resource_count for what does not count */
void resources_charge(struct sched_node *node, const struct sched_needs *needs, int sign);
void resources_filter(struct question *question, const struct sched_node *node);
int64_t resources_score(struct question *question, const struct sched_node *node);
bool balance_ask_scores(struct question *question);
int64_t balance_score(struct question *question, const struct sched_node *node);

bool resources_fit(const struct sched_needs *needs, const struct sched_node *node);
bool resources_have_slot(const struct sched_node *node);
bool resources_lack(const struct sched_node *node, const struct sched_need *need);
int64_t resources_points(const struct scheduler *scheduler, const struct sched_needs *needs,
	const struct sched_node *node); /* of both plugins */

void spread_ask(struct question *question);
const char *spread_misfit(
	const struct question *question, const struct sched_node *node, bool *ret_is_unresolvable); /* NULL: it fits */
void spread_filter(struct question *question, const struct sched_node *node);
bool spread_ask_scores(struct question *question);
int64_t spread_score(struct question *question, const struct sched_node *node);
void spread_normalize(struct question *question, int64_t *scores);

void inter_pod_ask(struct question *question);
const char *inter_pod_misfit(const struct question *question, const struct sched_node *node, bool *ret_is_unresolvable);
void inter_pod_filter(struct question *question, const struct sched_node *node);
bool inter_pod_ask_scores(struct question *question);
int64_t inter_pod_score(struct question *question, const struct sched_node *node);
void inter_pod_normalize(struct question *question, int64_t *scores);

/* Points of the nodes that have some of a pod's images, in the order of nodes. */
struct node_points {
	size_t count;
	struct node_point {
		uint32_t node;
		int64_t points;
	} items[];
};

bool images_ask_scores(struct question *question);
const struct node_points *images_points(struct question *question, struct arena *arena);
int64_t images_score(struct question *question, const struct sched_node *node);
void images_release(struct scheduler *scheduler);

/* --- choose.c --- */

void quick_release(struct scheduler *scheduler);
void quick_note_change(struct scheduler *scheduler, const struct sched_node *node); /* a pod came or went */

/* --- volumes: VolumeRestrictions, NodeVolumeLimits, VolumeBinding, VolumeZone --- */

void volumes_init(struct scheduler *scheduler);
void volumes_release(struct scheduler *scheduler);
/* A pod begins to run on pod->node, or leaves it: called after the lists of the node hold it, or hold it no more. The
 * claims of a pod that is placed by scheduler_place are promised the volumes that the filter would find for it
 * there. */
void volumes_add(struct scheduler *scheduler, struct sched_pod *pod, bool is_promised);
void volumes_remove(struct scheduler *scheduler, struct sched_pod *pod);

/* PreFilter of all four, then Filter of the four for a node; both refuse by question_refuse. The state between them is
 * the question's. */
struct volume_question *volumes_ask(struct question *question); /* in the question's arena; NULL: nothing to filter */
void volumes_filter(struct question *question, struct volume_question *volumes, const struct sched_node *node);
