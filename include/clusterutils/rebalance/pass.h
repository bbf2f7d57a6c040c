/* One descheduling pass over a cluster as it is: what the strategies see, and the one door through which they evict.
 *
 * Nothing is changed outside the pass: an accepted eviction is noted, and the pod is gone for everything that comes
 * later, as in upstream's dry run. Where upstream's choice among equals depends on the order of a Go map, here it is
 * the order of namespaces and names.
 * Source: sigs.k8s.io/descheduler v0.36.0: pkg/descheduler/evictions, pkg/framework. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/model/cluster.h"
#include "clusterutils/model/quantity.h"
#include "clusterutils/rebalance/evictor.h"
#include "clusterutils/util/arena.h"
#include "clusterutils/util/attribute.h"
#include "clusterutils/util/pointer_map.h"

struct pass;
struct pod_fit;
struct made_selector;
struct places_memory;

/* A pod of the pass. Those that were evicted before are in no list any more. */
struct pass_pod {
	const struct pod *pod;
	struct pass_node *node;               /* that it is bound to, where the pass has it; NULL elsewhere */
	const struct resource_list *requests; /* of the specification alone, what the status says is left out */
	struct pod_fit *fit;                  /* what is known of where it fits; NULL while nobody has asked */
	bool is_gone;                         /* evicted in this pass */
	uint8_t verdict;                      /* of the evictor's filter: 0 while it has not been asked */
};

struct pass_node {
	const struct node *node;
	struct pass_pod **pods; /* that are there, of any phase, in the order of namespaces and names */
	size_t pod_count;
	struct quantity *requested; /* by active pods: one for each of pass.resources */
	size_t active_count;
	bool is_listed; /* handed to the strategies: ready, and chosen by the policy's nodeSelector */
	bool has_room;  /* the next two are those of now */
	uint32_t evicted;
	int64_t *room;  /* for NodeFit, in thousandths: one for each of pass.resources */
	int64_t places; /* for one more pod where it is above 0 */
};

/* Nodes of a pass, by their place in pass.nodes. */
struct node_set {
	uint64_t *bits;
	uint32_t id; /* another one for each set of a pass; 0 for none */
};

#define PASS_UNLIMITED UINT32_MAX

struct pass_limits {
	uint32_t per_node, per_namespace, total;
};

enum pass_refusal {
	PASS_ACCEPTED,
	PASS_REFUSED,        /* the pod has no uid, or is gone: try the next one */
	PASS_NAMESPACE_FULL, /* try the next one */
	PASS_NODE_FULL,      /* go on with the next node */
	PASS_TOTAL_FULL,     /* nothing more */
};

/* What became of one candidate, in the order of events. */
struct decision {
	const struct pod *pod;
	const char *node;
	const char *strategy;
	const char *profile;
	const char *reason;
	enum pass_refusal refusal;
	const char *refused_because; /* upstream's sentence; NULL where it was accepted */
};

/* How a strategy sees a node. */
struct node_share {
	const char *resource;
	struct quantity used;
	double percent;   /* of what the node has; NAN where it has none of it */
	double low, high; /* thresholds in percent; NAN for none */
};

struct node_class {
	const char *strategy;
	const char *profile;
	const char *node;
	const char *class; /* "underutilized", "overutilized", "destination", "neither" */
	const struct node_share *shares;
	size_t share_count;
};

/* What a query of Prometheus says of a node: a share, from 0 to 1. */
struct node_reading {
	const char *node;
	double value;
};

/* All that one query says. */
struct node_readings {
	const char *query;
	const struct node_reading *items;
	size_t count;
	const char *problem; /* why it says nothing: a sentence; NULL for none */
};

/* What a strategy says of itself: how it saw a node, and why it stopped. */
struct pass_note {
	const char *strategy;
	const char *profile;
	const char *text;
};

/* Asked of each eviction that the limits allow. False, with a reason, refuses it as if the pod could not be evicted. */
struct pass_gate {
	void *context; /* NULL: no gate */
	bool (*is_open)(void *context, const struct decision *decision, const char **ret_because);
	bool (*is_asked)(
		void *context, const struct pod *pod, const char *strategy); /* whether anybody wants to know */
};

struct landings;

struct pass {
	const struct cluster *cluster;
	struct arena arena;
	int64_t now;            /* seconds since 1970 */
	const char **resources; /* all that nodes offer and pods request, interned; "pods" is not among them */
	size_t resource_count, resource_capacity;
	struct pass_pod *pods; /* all of the cluster's, in order */
	size_t pod_count;
	struct pass_node *nodes; /* all of the cluster's */
	size_t node_count;
	struct pass_node **listed; /* what the strategies are given, in their order */
	size_t listed_count;
	struct node_set listed_set; /* the same */
	uint32_t last_set;          /* the newest id */
	struct index nodes_by_name;
	struct pointer_map selectors; /* of struct made_selector */
	struct made_selector *made;   /* all of them */
	struct places_memory *places;
	struct pass_node **left; /* that a pod has left, in the order of events: what has more room than before */
	size_t left_count, left_capacity;

	struct pass_gate gate;
	struct landings *landings; /* of the plan that this is a part of; NULL for none */
	struct pass_limits limits;
	uint32_t evicted;
	struct index evicted_by_namespace;

	const struct evictor_args *evictor; /* of the profile that runs */
	struct evictor_state *evictor_state;
	const char *strategy, *profile;      /* that run */
	const struct node_readings *queries; /* that were asked for the policy; NULL for none */
	size_t query_count;
	const struct node_reading *readings; /* of the strategy's query, where it has one */
	size_t reading_count;
	struct index readings_by_node; /* of those that were set when one was last asked for */
	const struct node_reading *indexed_readings;

	struct decision *decisions;
	size_t decision_count, decision_capacity;
	struct node_class *classes;
	size_t class_count, class_capacity;
	struct pass_note *notes;
	size_t note_count, note_capacity;
};

/* The cluster must outlive the pass and stay as it is; it has CLUSTER_PLACEMENT. The ready nodes are listed. */
void pass_init(struct pass *pass, const struct cluster *cluster, int64_t now);
void pass_release(struct pass *pass);

/* Only the nodes that the selector chooses, or exactly those named, in that order. */
void pass_select_nodes(struct pass *pass, const struct selector *selector);
void pass_list_nodes(struct pass *pass, const char *const *names, size_t count);

/* What runs from now on, in decisions and notes; the settings stay where they are. */
void pass_begin(struct pass *pass, const char *profile, const struct evictor_args *evictor);
void pass_begin_strategy(struct pass *pass, const char *strategy);

/* --- for strategies --- */

/* Which pods a strategy looks at, beside what the evictor says. All zero is all of them. */
struct pod_filter {
	const struct param_names *namespaces; /* NULL for all */
	const struct param_labels *labels;    /* NULL for all */
};

bool pod_filter_has(struct pod_filter filter, const struct pod *pod);
bool texts_have(const struct param_texts *texts, const char *text);

/* The pods of a node that a strategy may evict, of any phase or the active ones alone, in the order of names. The array
 * is the pass's and does not change when pods go. */
enum pass_phases { PASS_ACTIVE, PASS_ANY_PHASE };
struct pass_pod **pass_candidates(struct pass *pass, const struct pass_node *node, enum pass_phases phases,
	struct pod_filter filter, size_t *ret_count);

#define FOR_EACH_NODE(pass, node) \
	for (struct pass_node **node##_at = (pass)->listed, *node; \
		node##_at < (pass)->listed + (pass)->listed_count && ((node) = *node##_at, true); node##_at++)

struct pass_node *pass_node_named(const struct pass *pass, const char *name); /* NULL where there is none */
const struct quantity *pass_requested(const struct pass *pass, const struct pass_node *node, const char *resource);
bool pass_pod_is_active(const struct pass_pod *pod); /* there, and neither succeeded nor failed */

/* The evictor's filter, and what it asks last, just before an eviction. */
bool pass_is_evictable(struct pass *pass, struct pass_pod *pod);
bool pass_may_leave(struct pass *pass, struct pass_pod *pod);

/* A selector of an object, ready for use: made once in a pass. NULL where it is not valid. */
const struct selector *pass_selector(struct pass *pass, const struct label_selector *selector);

/* Whether the pod is one that was asked about, for this strategy: for who chooses among pods that could go. */
bool pass_is_asked(const struct pass *pass, const struct pod *pod);

enum pass_refusal pass_evict(struct pass *pass, struct pass_pod *pod, const char *format, ...) PRINTF_LIKE(3, 4);
const struct node_reading *pass_reading(struct pass *pass, const char *node); /* NULL for none */
void pass_classify(struct pass *pass, const struct node_class *class);        /* of this strategy and profile */
void pass_note(struct pass *pass, const char *format, ...) PRINTF_LIKE(2, 3);

/* Low priority first, pods without one before all; then BestEffort, Burstable, Guaranteed; then those that do not ask
 * to stay. Upstream: pkg/descheduler/pod (SortPodsBasedOnPriorityLowToHigh). */
void pass_sort_by_priority(struct pass_pod **pods, size_t count);

/* The nodes that some pods are let on by their nodeSelector and required node affinity, and unless said otherwise by
 * their tolerations; cordons and room aside. Made once in a pass for all pods that ask the same. */
struct pass_places;
const struct pass_places *pass_places_of(struct pass *pass, const struct pod *pod);
const struct pass_places *pass_places_by_affinity(struct pass *pass, const struct pod *pod);
bool pass_places_have(const struct pass *pass, const struct pass_places *places, const struct pass_node *node);

/* Whether a required anti-affinity term of a pod means another: in the term's namespaces, or the pod's own; its
 * namespaceSelector is not looked at. Upstream: pkg/utils/predicates.go. */
bool pass_term_selects(struct pass *pass, const struct pod_term *term, const struct pod *of, const struct pod *other);

/* All reasons for which a pod must stay, in upstream's words and order, parted by '\n'; none where it may go. A pod
 * that asks to stay under a mandatory policy has no reason to give: returns false with an empty text. */
bool pass_filter_reasons(struct pass *pass, const struct pass_pod *pod, struct buffer *ret_reasons);

/* --- NodeFit. Upstream: pkg/descheduler/node (NodeFit and its three users) --- */

/* NULL where it fits, else upstream's sentence; it lives as long as the pass. */
const char *pass_misfit(struct pass *pass, const struct pass_pod *pod, const struct pass_node *node);
bool pass_fits_other_node(struct pass *pass, struct pass_pod *pod, struct pass_node *const *nodes, size_t node_count);
bool pass_fits_any_node(struct pass *pass, struct pass_pod *pod, struct pass_node *const *nodes, size_t node_count);
