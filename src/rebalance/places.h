/* What does not depend on room, known once: on which nodes pods may run that ask the same; and what does, kept as plain
 * numbers. For NodeFit, which is asked for every pod, of every node. */
#pragma once

#include "clusterutils/rebalance/pass.h"

struct places_memory *places_memory_new(void);
void places_memory_free(struct places_memory *memory);

/* An empty set of the pass's nodes, with a new id. */
struct node_set node_set_new(struct pass *pass);
void node_set_add(struct node_set *set, const struct pass *pass, const struct pass_node *node);
bool node_set_has(const struct node_set *set, const struct pass *pass, const struct pass_node *node);

/* The place in pass.nodes of the first node among the places that is not before `from`; SIZE_MAX for none. */
size_t places_next(const struct pass_places *places, size_t from);

/* What a pod asks of a node's room. */
struct pass_demand {
	size_t count;
	struct demand_item {
		const char *resource;
		size_t position; /* in pass.resources; beyond them for one that is not there */
		int64_t milli;
	} items[];
};

/* Nodes of a set that a pod has room on. Room only grows in a pass: who has fitted fits, and of those that did not only
 * where a pod has left since is to be asked again. */
struct fit_memo {
	uint32_t set;               /* id; 0 while there is none */
	bool is_begun;              /* `seen` is set */
	struct pass_node *known[2]; /* that fit: two, for a pod's own node does not count */
	size_t next;                /* nodes before this place were asked */
	size_t seen;                /* of pass.left */
};

enum fit_of { FIT_OF_EVICTOR, FIT_OF_LISTED, FIT_MEMOS };

/* Shared by all pods that ask the same. */
struct pod_fit {
	const struct pass_places *places;
	const struct pass_demand *demand;
	struct fit_memo memos[FIT_MEMOS];
};

struct pod_fit *pod_fit_of(struct pass *pass, const struct pass_pod *pod);

/* The pod fits on some node of the set, or on one that is not its own. */
bool pass_fits_set(struct pass *pass, struct pass_pod *pod, const struct node_set *set, enum fit_of of, bool is_other);
