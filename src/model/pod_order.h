/* The pods of a store in the order of their namespaces and names, kept while they come and go.
 *
 * To sort 150,000 pods for every frame of a screen takes longer than a key may wait, for each comparison looks at
 * memory that nothing else has looked at. Here a pod has a slot for as long as one of its name is there, and the order
 * is of slots: that a pod is replaced does not change it, and those that came are found their places when it is asked
 * for. */
#pragma once

#include "clusterutils/model/pod.h"

struct pod_order {
	bool is_kept;             /* since somebody asked */
	bool is_current;          /* `pods` is as the slots are */
	const struct pod **slots; /* NULL where the pod has gone */
	size_t slot_count, slot_capacity;
	uint32_t *unused; /* slots for those that come */
	size_t unused_count, unused_capacity;
	uint32_t *sorted; /* slots, those of pods that have gone among them */
	size_t sorted_count, sorted_capacity;
	uint32_t *fresh; /* slots that have no place among the sorted yet */
	size_t fresh_count, fresh_capacity;
	size_t gone;
	const struct pod **pods; /* the answer */
	size_t pod_capacity;
};

void pod_order_release(struct pod_order *order);

void pod_order_add(struct pod_order *order, struct pod *pod);
void pod_order_replace(struct pod_order *order, const struct pod *old, struct pod *pod);
void pod_order_remove(struct pod_order *order, const struct pod *pod);

/* The items are all pods of the store. Valid until the next call of any function here. */
const struct pod *const *pod_order_get(struct pod_order *order, void *const *items, size_t count);
