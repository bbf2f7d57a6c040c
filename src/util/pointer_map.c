#include "clusterutils/util/pointer_map.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"

enum { FIRST_SLOTS = 64, PARTS = sizeof(((struct pointer_key *)NULL)->parts) / sizeof(void *) };

static size_t hash_of(const struct pointer_key *key)
{
	uint64_t hash = 0x9E3779B97F4A7C15ULL;

	for (size_t i = 0; i < PARTS; i++) {
		hash = (hash ^ (uint64_t)(uintptr_t)key->parts[i]) * 0xFF51AFD7ED558CCDULL;
		hash ^= hash >> 32;
	}
	return (size_t)hash;
}

/* The slot of the key, or the empty one where it would go. */
static struct pointer_slot *slot_of(const struct pointer_map *map, const struct pointer_key *key)
{
	size_t mask = map->capacity - 1, i = hash_of(key) & mask;

	while (map->slots[i].value && memcmp(&map->slots[i].key, key, sizeof(*key)) != 0)
		i = (i + 1) & mask;
	return &map->slots[i];
}

static void grow(struct pointer_map *map)
{
	struct pointer_map larger = { .capacity = map->capacity ? map->capacity * 2 : FIRST_SLOTS };

	larger.slots = memory_new_array(larger.capacity, sizeof(*larger.slots));
	for (size_t i = 0; i < map->capacity; i++) {
		if (!map->slots[i].value)
			continue;
		*slot_of(&larger, &map->slots[i].key) = map->slots[i];
		larger.count++;
	}
	free(map->slots);
	*map = larger;
}

/* A place that is asked for and then not filled counts until the map grows: it costs room, and nothing else. */
void **pointer_map_at(struct pointer_map *map, struct pointer_key key)
{
	struct pointer_slot *slot;

	if ((map->count + 1) * 4 > map->capacity * 3)
		grow(map);
	slot = slot_of(map, &key);
	if (!slot->value) {
		slot->key = key;
		map->count++;
	}
	return &slot->value;
}

void *pointer_map_get(const struct pointer_map *map, struct pointer_key key)
{
	return map->capacity ? slot_of(map, &key)->value : NULL;
}

void pointer_map_release(struct pointer_map *map)
{
	free(map->slots);
	*map = (struct pointer_map){ 0 };
}
