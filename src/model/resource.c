#include "clusterutils/model/resource.h"

#include <stdbool.h>
#include <string.h>

#include "clusterutils/util/die.h"

enum { FIRST_CAPACITY = 4 };

/* What a merge makes of two quantities of one resource. */
typedef void merge_rule(struct quantity *ours, const struct quantity *theirs);

static int order_of_names(const char *a, const char *b)
{
	return a == b ? 0 : strcmp(a, b);
}

const struct quantity *resource_find(const struct resource_list *list, const char *name)
{
	size_t first = 0, end = list ? list->count : 0;

	while (first < end) {
		size_t middle = first + (end - first) / 2;
		int order = order_of_names(name, list->items[middle].name);

		if (order == 0)
			return &list->items[middle].quantity;
		if (order < 0)
			end = middle;
		else
			first = middle + 1;
	}
	return NULL;
}

void resource_sums_init(struct resource_sums *sums, struct arena *arena)
{
	*sums = (struct resource_sums){ .arena = arena };
}

void resource_sums_clear(struct resource_sums *sums)
{
	if (sums->list)
		sums->list->count = 0;
}

static void reserve(struct resource_sums *sums, size_t capacity)
{
	size_t count = sums->list ? sums->list->count : 0;
	struct resource_list *list;

	if (sums->list && capacity <= sums->capacity)
		return;
	if (capacity < sums->capacity * 2)
		capacity = sums->capacity * 2;
	if (capacity < FIRST_CAPACITY)
		capacity = FIRST_CAPACITY;
	if (capacity > (SIZE_MAX - sizeof(*list)) / sizeof(list->items[0]))
		die("out of memory");
	list = arena_alloc(sums->arena, sizeof(*list) + capacity * sizeof(list->items[0]));
	list->count = count;
	if (count > 0)
		memcpy(list->items, sums->list->items, count * sizeof(list->items[0]));
	sums->list = list;
	sums->capacity = capacity;
}

static size_t count_new_names(const struct resource_list *ours, const struct resource_list *theirs)
{
	size_t count = 0, i = 0;

	for (size_t j = 0; j < theirs->count; j++) {
		int order = 1;

		while (i < ours->count && (order = order_of_names(ours->items[i].name, theirs->items[j].name)) < 0)
			i++;
		if (i == ours->count || order > 0)
			count++;
	}
	return count;
}

/* Both lists are sorted, so one walk from their ends makes the merged one in the place of ours. */
static void merge(struct resource_sums *sums, const struct resource_list *theirs, merge_rule *rule)
{
	struct resource_list *ours;
	size_t i, j, at;

	if (!theirs || theirs->count == 0)
		return;
	reserve(sums, 0);
	i = sums->list->count;
	at = i + count_new_names(sums->list, theirs);
	reserve(sums, at);
	ours = sums->list;
	ours->count = at;
	for (j = theirs->count; j > 0;) {
		int order = i == 0 ? -1 : order_of_names(ours->items[i - 1].name, theirs->items[j - 1].name);

		at--;
		if (order < 0) {
			ours->items[at] = theirs->items[--j];
			continue;
		}
		if (--i != at)
			ours->items[at] = ours->items[i];
		if (order == 0)
			rule(&ours->items[at].quantity, &theirs->items[--j].quantity);
	}
}

static void add(struct quantity *ours, const struct quantity *theirs)
{
	struct error ignored;

	if (quantity_add(ours, theirs, &ignored) && quantity_compare(ours, theirs) < 0)
		*ours = *theirs;
}

static void keep_larger(struct quantity *ours, const struct quantity *theirs)
{
	if (quantity_compare(ours, theirs) < 0)
		*ours = *theirs;
}

static void take_theirs(struct quantity *ours, const struct quantity *theirs)
{
	*ours = *theirs;
}

static void keep_ours(struct quantity *ours, const struct quantity *theirs)
{
	(void)ours;
	(void)theirs;
}

void resource_sums_add(struct resource_sums *sums, const struct resource_list *list)
{
	merge(sums, list, add);
}

void resource_sums_max(struct resource_sums *sums, const struct resource_list *list)
{
	merge(sums, list, keep_larger);
}

void resource_sums_replace(struct resource_sums *sums, const struct resource_list *list)
{
	merge(sums, list, take_theirs);
}

void resource_sums_complete(struct resource_sums *sums, const struct resource_list *list)
{
	merge(sums, list, keep_ours);
}

const struct resource_list *resource_sums_list(struct resource_sums *sums)
{
	reserve(sums, 0);
	return sums->list;
}
