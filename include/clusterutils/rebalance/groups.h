/* Pods with equal labels in one namespace, and those of them that a selector means: a selector need be matched with one
 * pod of a group alone, and mostly with few groups, for most selectors name a value of a label. */
#pragma once

#include "clusterutils/rebalance/pass.h"

struct pod_group {
	const char *namespace; /* NULL for none */
	const struct labels *labels;
	struct pass_pod **pods; /* in the order in which they were added */
	size_t count, capacity;
	size_t number; /* in which it was made, from 0 */
};

struct pod_groups {
	struct pass *pass;
	struct pod_group **items;
	size_t count, capacity;
	struct pointer_map by_labels;
	struct index by_namespace; /* of struct group_list */
	struct index by_value;     /* the same; of the keys below, without regard of the namespace */
	struct index keys;
};

/* What is found lives as long as the pass, the groups themselves until they are released. */
void pod_groups_init(struct pod_groups *groups, struct pass *pass);
void pod_groups_release(struct pod_groups *groups);

struct pod_group *pod_groups_add(struct pod_groups *groups, struct pass_pod *pod);

/* The groups of the namespace (text; NULL and "" are one) whose pods the selector means, by their number. After the
 * first question none may be added. */
size_t pod_groups_select(struct pod_groups *groups, const char *namespace, const struct selector *selector,
	struct pod_group ***ret_groups);
