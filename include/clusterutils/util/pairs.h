/* Values found by two pointers: for what is derived of interned things, whose equality is that of their pointers. */
#pragma once

#include <stddef.h>

struct pair_slot {
	const void *first, *second;
	void *value; /* NULL: the slot is empty */
};

/* All zero is empty. It owns its slots, never the values. */
struct pairs {
	struct pair_slot *slots; /* linear probing, a power of two */
	size_t capacity, count;
};

void pairs_release(struct pairs *pairs);

/* NULL where there is none. Either pointer may be NULL. */
void *pairs_find(const struct pairs *pairs, const void *first, const void *second);

/* The pair must not be there yet. */
void pairs_add(struct pairs *pairs, const void *first, const void *second, void *value);
