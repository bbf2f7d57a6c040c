/* Objects found by a key of one or two texts. Iteration is over the dense array `items`, in the order of insertion
 * (a removal moves the last object into the gap). An index holds pointers, never the objects. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct index_key {
	const char *first;  /* never NULL */
	const char *second; /* NULL counts as "" */
};

/* Reads the key of an object: a pointer into it, for it must not change while the object is in the index. */
typedef struct index_key index_key_of(const void *object);

struct index_slot {
	uint32_t position; /* in items + 1; 0 is empty */
	uint32_t hash;     /* of the key, so that other objects are not looked at */
};

struct index {
	index_key_of *key_of;
	void **items;
	size_t count, item_capacity;
	struct index_slot *slots; /* linear probing, a power of two */
	size_t slot_capacity;
};

void index_init(struct index *index, index_key_of *key_of);
void index_release(struct index *index);

void *index_find(const struct index *index, const char *first, const char *second); /* NULL where there is none */

/* The key must not be in the index yet: look first. */
void index_add(struct index *index, void *object);

/* Takes it out and returns it; NULL where there is none. */
void *index_remove(struct index *index, const char *first, const char *second);
