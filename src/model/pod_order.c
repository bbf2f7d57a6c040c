#include "pod_order.h"

#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"

enum { ENOUGH = 1000 }; /* so many gone pods do not matter */

void pod_order_release(struct pod_order *order)
{
	free(order->slots);
	free(order->unused);
	free(order->sorted);
	free(order->fresh);
	free(order->pods);
	*order = (struct pod_order){ 0 };
}

/* --- what comes and goes --- */

void pod_order_add(struct pod_order *order, struct pod *pod)
{
	if (!order->is_kept)
		return;
	if (order->unused_count) {
		pod->slot = order->unused[--order->unused_count];
	} else {
		ARRAY_GROW(order->slots, order->slot_count, order->slot_capacity);
		pod->slot = (uint32_t)order->slot_count++;
	}
	order->slots[pod->slot] = pod;
	ARRAY_GROW(order->fresh, order->fresh_count, order->fresh_capacity);
	order->fresh[order->fresh_count++] = pod->slot;
	order->is_current = false;
}

void pod_order_replace(struct pod_order *order, const struct pod *old, struct pod *pod)
{
	if (!order->is_kept)
		return;
	pod->slot = old->slot;
	order->slots[pod->slot] = pod;
	order->is_current = false;
}

/* Where nobody asks any more, what has gone would add up. */
void pod_order_remove(struct pod_order *order, const struct pod *pod)
{
	if (!order->is_kept)
		return;
	order->slots[pod->slot] = NULL;
	order->is_current = false;
	if (++order->gone > ENOUGH && order->gone > order->slot_count / 2)
		pod_order_release(order);
}

/* --- in order --- */

/* As much of a name as can be compared without looking at the pod. */
struct entry {
	const struct pod *pod;
	const char *namespace;
	uint64_t first, second;
};

/* Eight bytes as a number that is in the order of strcmp; those beyond the end are 0. */
static uint64_t leading(const char *text, size_t length)
{
	uint64_t number = 0;

	for (size_t i = 0; i < sizeof(number); i++)
		number = number << 8 | (i < length ? (unsigned char)text[i] : 0);
	return number;
}

static struct entry entry_of(const struct pod *pod)
{
	size_t length = strlen(pod->meta.name);

	return (struct entry){ pod, pod->meta.namespace ? pod->meta.namespace : "", leading(pod->meta.name, length),
		length > 8 ? leading(pod->meta.name + 8, length - 8) : 0 };
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = x->namespace == y->namespace ? 0 : strcmp(x->namespace, y->namespace);

	if (order)
		return order;
	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	if (x->second != y->second)
		return x->second < y->second ? -1 : 1;
	return strcmp(x->pod->meta.name, y->pod->meta.name);
}

static void sort_slots(const struct pod_order *order, uint32_t *slots, size_t count)
{
	AUTO_FREE struct entry *entries = memory_new_array(count, sizeof(*entries));

	for (size_t i = 0; i < count; i++)
		entries[i] = entry_of(order->slots[slots[i]]);
	qsort(entries, count, sizeof(*entries), compare_entries);
	for (size_t i = 0; i < count; i++)
		slots[i] = entries[i].pod->slot;
}

/* How many of the sorted ones come before the pod. */
static size_t place_of(const struct pod_order *order, const struct pod *pod, size_t count)
{
	const struct entry entry = entry_of(pod);
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct entry other = entry_of(order->slots[order->sorted[middle]]);

		if (compare_entries(&other, &entry) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Leaves the slots that hold a pod; the others can be used again. */
static size_t drop_gone(struct pod_order *order, uint32_t *slots, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (order->slots[slots[i]]) {
			slots[kept++] = slots[i];
			continue;
		}
		ARRAY_GROW(order->unused, order->unused_count, order->unused_capacity);
		order->unused[order->unused_count++] = slots[i];
	}
	return kept;
}

static void reserve_sorted(struct pod_order *order, size_t count)
{
	if (count <= order->sorted_capacity)
		return;
	order->sorted_capacity = count + count / 4;
	order->sorted = memory_resize(order->sorted, order->sorted_capacity, sizeof(*order->sorted));
}

/* From the last one on, each moves those behind it to where they stay. */
static void merge_fresh(struct pod_order *order)
{
	size_t end = order->sorted_count;

	for (size_t i = order->fresh_count; i-- > 0;) {
		size_t place = place_of(order, order->slots[order->fresh[i]], end);

		memmove(order->sorted + place + i + 1, order->sorted + place, (end - place) * sizeof(*order->sorted));
		order->sorted[place + i] = order->fresh[i];
		end = place;
	}
}

static void find_places(struct pod_order *order)
{
	reserve_sorted(order, order->sorted_count + order->fresh_count);
	if (order->fresh_count > order->sorted_count / 8) {
		memcpy(order->sorted + order->sorted_count, order->fresh, order->fresh_count * sizeof(*order->sorted));
		sort_slots(order, order->sorted, order->sorted_count + order->fresh_count);
	} else {
		sort_slots(order, order->fresh, order->fresh_count);
		merge_fresh(order);
	}
	order->sorted_count += order->fresh_count;
	order->fresh_count = 0;
}

static void bring_up_to_date(struct pod_order *order)
{
	if (order->gone) {
		order->sorted_count = drop_gone(order, order->sorted, order->sorted_count);
		order->fresh_count = drop_gone(order, order->fresh, order->fresh_count);
		order->gone = 0;
	}
	if (order->fresh_count)
		find_places(order);
	if (order->pod_capacity < order->sorted_count) {
		order->pod_capacity = order->sorted_capacity;
		order->pods = memory_resize(order->pods, order->pod_capacity, sizeof(*order->pods));
	}
	for (size_t i = 0; i < order->sorted_count; i++)
		order->pods[i] = order->slots[order->sorted[i]];
	order->is_current = true;
}

const struct pod *const *pod_order_get(struct pod_order *order, void *const *items, size_t count)
{
	if (!order->is_kept) {
		order->is_kept = true;
		for (size_t i = 0; i < count; i++)
			pod_order_add(order, items[i]);
	}
	if (!order->is_current)
		bring_up_to_date(order);
	return (const struct pod *const *)order->pods;
}
