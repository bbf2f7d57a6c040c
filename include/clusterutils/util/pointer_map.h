/* What is known of up to four pointers together: for things that are interned, where equal pointers are equal things.
 *
 *	struct answer **answer = pointer_map_at(&map, POINTERS(pod->tolerations, node));
 *
 *	if (!*answer)
 *		*answer = …;
 *
 * A map that is all zero is ready for use. It holds pointers, never what they point to, and forgets nothing. */
#pragma once

#include <stddef.h>

#include "clusterutils/util/attribute.h"

struct pointer_key {
	const void *parts[4]; /* those not needed are NULL */
};

#define POINTERS(...) ((struct pointer_key){ { __VA_ARGS__ } })

struct pointer_slot {
	struct pointer_key key;
	void *value; /* NULL: not used yet */
};

struct pointer_map {
	struct pointer_slot *slots; /* linear probing, a power of two */
	size_t capacity, count;
};

/* The place of the key's value, which is NULL where there is none yet; until the next call, for the map may grow. A
 * value that is put there is never NULL again. */
void **pointer_map_at(struct pointer_map *map, struct pointer_key key) RETURNS_NONNULL;

/* NULL where there is none. */
void *pointer_map_get(const struct pointer_map *map, struct pointer_key key);

void pointer_map_release(struct pointer_map *map);
#define AUTO_POINTER_MAP CLEANUP(pointer_map_release) struct pointer_map
