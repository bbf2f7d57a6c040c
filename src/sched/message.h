/* How many nodes say what. */
#pragma once

#include "scheduler_private.h"

struct said;

/* All zero is empty. The reasons outlive it. */
struct tally {
	struct said *items;
	size_t count, capacity;
};

void tally_add(struct tally *tally, const char *reason, size_t nodes);
void tally_print(struct tally *tally, size_t nodes, struct buffer *out); /* "0/3 nodes are available: 2 …, 1 …." */
void tally_release(struct tally *tally);
