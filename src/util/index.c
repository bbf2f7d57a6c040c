#include "clusterutils/util/index.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/die.h"
#include "clusterutils/util/memory.h"

enum { FIRST_SLOTS = 16 };

/* Eight bytes a step: names and uids have some dozens. */
static uint64_t hash_text(uint64_t hash, const char *text)
{
	size_t left = strlen(text);
	uint64_t word;

	hash ^= left;
	for (; left >= sizeof(word); left -= sizeof(word), text += sizeof(word)) {
		memcpy(&word, text, sizeof(word));
		hash = (hash ^ word) * 0xFF51AFD7ED558CCDULL;
		hash ^= hash >> 32;
	}
	word = 0;
	memcpy(&word, text, left);
	hash = (hash ^ word) * 0xFF51AFD7ED558CCDULL;
	return hash ^ hash >> 32;
}

static uint32_t hash_of(const char *first, const char *second)
{
	uint64_t hash = hash_text(0x9E3779B97F4A7C15ULL, first);

	if (second && *second)
		hash = hash_text(hash, second);
	return (uint32_t)(hash ^ hash >> 29);
}

void index_init(struct index *index, index_key_of *key_of)
{
	*index = (struct index){ .key_of = key_of };
}

void index_release(struct index *index)
{
	free(index->items);
	free(index->slots);
	index_init(index, index->key_of);
}

static bool has_key(const struct index *index, const void *object, const char *first, const char *second)
{
	struct index_key key = index->key_of(object);

	return strcmp(key.first, first) == 0 && strcmp(key.second ? key.second : "", second ? second : "") == 0;
}

/* The slot that holds the key, or the empty one where it would go. */
static struct index_slot *slot_of(const struct index *index, uint32_t hash, const char *first, const char *second)
{
	size_t mask = index->slot_capacity - 1, i = hash & mask;

	for (struct index_slot *slot; (slot = &index->slots[i])->position; i = (i + 1) & mask)
		if (slot->hash == hash && has_key(index, index->items[slot->position - 1], first, second))
			return slot;
	return &index->slots[i];
}

static void rehash(struct index *index)
{
	size_t old_capacity = index->slot_capacity, mask;
	struct index_slot *old = index->slots;

	index->slot_capacity = old_capacity ? old_capacity * 2 : FIRST_SLOTS;
	index->slots = memory_new_array(index->slot_capacity, sizeof(*index->slots));
	mask = index->slot_capacity - 1;
	for (size_t i = 0; i < old_capacity; i++) {
		size_t slot = old[i].hash & mask;

		if (!old[i].position)
			continue;
		while (index->slots[slot].position)
			slot = (slot + 1) & mask;
		index->slots[slot] = old[i];
	}
	free(old);
}

void *index_find(const struct index *index, const char *first, const char *second)
{
	const struct index_slot *slot;

	if (!index->slot_capacity)
		return NULL;
	slot = slot_of(index, hash_of(first, second), first, second);
	return slot->position ? index->items[slot->position - 1] : NULL;
}

void index_add(struct index *index, void *object)
{
	struct index_key key = index->key_of(object);
	uint32_t hash = hash_of(key.first, key.second);
	struct index_slot *slot;

	if (index->count >= UINT32_MAX - 1)
		die("more than %zu objects of a kind", index->count);
	if ((index->count + 1) * 4 > index->slot_capacity * 3)
		rehash(index);
	slot = slot_of(index, hash, key.first, key.second);
	if (slot->position)
		die("index_add: the key is already there");
	ARRAY_GROW(index->items, index->count, index->item_capacity);
	index->items[index->count++] = object;
	*slot = (struct index_slot){ (uint32_t)index->count, hash };
}

/* Closes the gap that a removed slot leaves, so that probing never stops too early. */
static void close_gap(struct index *index, size_t gap)
{
	size_t mask = index->slot_capacity - 1;

	for (size_t slot = (gap + 1) & mask; index->slots[slot].position; slot = (slot + 1) & mask) {
		size_t home = index->slots[slot].hash & mask;

		if (((slot - home) & mask) >= ((slot - gap) & mask)) {
			index->slots[gap] = index->slots[slot];
			gap = slot;
		}
	}
	index->slots[gap].position = 0;
}

void *index_remove(struct index *index, const char *first, const char *second)
{
	struct index_slot *slot;
	size_t position;
	void *object;

	if (!index->slot_capacity)
		return NULL;
	slot = slot_of(index, hash_of(first, second), first, second);
	if (!slot->position)
		return NULL;
	position = slot->position - 1;
	object = index->items[position];
	if (position != index->count - 1) {
		void *last = index->items[index->count - 1];
		struct index_key key = index->key_of(last);

		slot_of(index, hash_of(key.first, key.second), key.first, key.second)->position =
			(uint32_t)position + 1;
		index->items[position] = last;
	}
	slot->position = 0;
	index->count--;
	close_gap(index, (size_t)(slot - index->slots));
	return object;
}
