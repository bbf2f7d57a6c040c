/* Text and small structures that many objects share, kept once: namespaces, images, label sets, toleration lists,
 * container specifications. 150,000 pods of 5,000 workloads differ in little more than name and uid.
 *
 * Equal content gives the equal pointer, so interned things are compared by pointer. What is interned stays until the
 * interner is released, with the cluster store that owns it. Structures must not contain padding or pointers to
 * anything that is not itself interned or static: they are compared byte by byte. */
#pragma once

#include <stddef.h>

#include "clusterutils/util/arena.h"

struct interner {
	struct arena arena;
	const struct interned **slots; /* open addressing; a power of two */
	size_t capacity;
	size_t count;
};

void interner_init(struct interner *interner);
void interner_release(struct interner *interner);

/* The text of `length` bytes, followed by a NUL. */
const char *intern(struct interner *interner, const char *text, size_t length);
const char *intern_text(struct interner *interner, const char *text); /* NULL stays NULL */

/* A structure of `size` bytes, aligned for pointers and 64-bit integers. */
const void *intern_block(struct interner *interner, const void *block, size_t size);
