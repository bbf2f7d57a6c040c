#include "clusterutils/util/index.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/die.h"
#include "clusterutils/util/memory.h"

enum { FIRST_SLOTS = 16 };

/* FNV-1a over both texts and the NUL between them. */
static uint32_t hash_of(const char *first, const char *second)
{
	uint32_t hash = 2166136261U;

	for (const char *c = first; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 16777619U;
	hash *= 16777619U;
	for (const char *c = second ? second : ""; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 16777619U;
	return hash;
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
static size_t slot_of(const struct index *index, const char *first, const char *second)
{
	size_t mask = index->slot_capacity - 1, slot = hash_of(first, second) & mask;

	while (index->slots[slot] && !has_key(index, index->items[index->slots[slot] - 1], first, second))
		slot = (slot + 1) & mask;
	return slot;
}

static size_t slot_of_object(const struct index *index, const void *object)
{
	struct index_key key = index->key_of(object);

	return slot_of(index, key.first, key.second);
}

static void rehash(struct index *index)
{
	index->slot_capacity = index->slot_capacity ? index->slot_capacity * 2 : FIRST_SLOTS;
	free(index->slots);
	index->slots = memory_new_array(index->slot_capacity, sizeof(*index->slots));
	for (size_t i = 0; i < index->count; i++)
		index->slots[slot_of_object(index, index->items[i])] = (uint32_t)i + 1;
}

void *index_find(const struct index *index, const char *first, const char *second)
{
	uint32_t position;

	if (!index->slot_capacity)
		return NULL;
	position = index->slots[slot_of(index, first, second)];
	return position ? index->items[position - 1] : NULL;
}

void index_add(struct index *index, void *object)
{
	size_t slot;

	if (index->count >= UINT32_MAX - 1)
		die("more than %zu objects of a kind", index->count);
	if ((index->count + 1) * 4 > index->slot_capacity * 3)
		rehash(index);
	slot = slot_of_object(index, object);
	if (index->slots[slot])
		die("index_add: the key is already there");
	ARRAY_GROW(index->items, index->count, index->item_capacity);
	index->items[index->count++] = object;
	index->slots[slot] = (uint32_t)index->count;
}

/* Closes the gap that a removed slot leaves, so that probing never stops too early. */
static void close_gap(struct index *index, size_t gap)
{
	size_t mask = index->slot_capacity - 1;

	for (size_t slot = (gap + 1) & mask; index->slots[slot]; slot = (slot + 1) & mask) {
		struct index_key key = index->key_of(index->items[index->slots[slot] - 1]);
		size_t home = hash_of(key.first, key.second) & mask;

		if (((slot - home) & mask) >= ((slot - gap) & mask)) {
			index->slots[gap] = index->slots[slot];
			gap = slot;
		}
	}
	index->slots[gap] = 0;
}

void *index_remove(struct index *index, const char *first, const char *second)
{
	size_t slot, position;
	void *object;

	if (!index->slot_capacity)
		return NULL;
	slot = slot_of(index, first, second);
	if (!index->slots[slot])
		return NULL;
	position = index->slots[slot] - 1;
	object = index->items[position];
	if (position != index->count - 1) {
		void *last = index->items[index->count - 1];

		index->slots[slot_of_object(index, last)] = (uint32_t)position + 1;
		index->items[position] = last;
	}
	index->slots[slot] = 0;
	index->count--;
	close_gap(index, slot);
	return object;
}
