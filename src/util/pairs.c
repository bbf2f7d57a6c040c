#include "clusterutils/util/pairs.h"

#include <stdint.h>
#include <stdlib.h>

#include "clusterutils/util/memory.h"

void pairs_release(struct pairs *pairs)
{
	free(pairs->slots);
	*pairs = (struct pairs){ 0 };
}

/* Where the pair is, or would be. */
static size_t position(const struct pairs *pairs, const void *first, const void *second)
{
	uint64_t hash = ((uint64_t)(uintptr_t)first >> 3) * UINT64_C(0x9e3779b97f4a7c15);
	size_t at;

	hash = (hash ^ (uint64_t)(uintptr_t)second >> 3) * UINT64_C(0x9e3779b97f4a7c15);
	at = (size_t)(hash >> 32) & (pairs->capacity - 1);
	while (pairs->slots[at].value && (pairs->slots[at].first != first || pairs->slots[at].second != second))
		at = (at + 1) & (pairs->capacity - 1);
	return at;
}

void *pairs_find(const struct pairs *pairs, const void *first, const void *second)
{
	return pairs->count ? pairs->slots[position(pairs, first, second)].value : NULL;
}

static void grow(struct pairs *pairs)
{
	struct pairs larger = { .capacity = pairs->capacity ? 2 * pairs->capacity : 16, .count = pairs->count };

	larger.slots = memory_new_array(larger.capacity, sizeof(*larger.slots));
	for (size_t i = 0; i < pairs->capacity; i++) {
		const struct pair_slot *slot = &pairs->slots[i];

		if (slot->value)
			larger.slots[position(&larger, slot->first, slot->second)] = *slot;
	}
	free(pairs->slots);
	*pairs = larger;
}

void pairs_add(struct pairs *pairs, const void *first, const void *second, void *value)
{
	if (2 * (pairs->count + 1) > pairs->capacity)
		grow(pairs);
	pairs->slots[position(pairs, first, second)] = (struct pair_slot){ first, second, value };
	pairs->count++;
}
