/* Text and small structures that many objects share, kept once: namespaces, images, label sets, toleration lists,
 * container specifications. 150,000 pods of 5,000 workloads differ in little more than name and uid.
 *
 * Equal content gives the equal pointer, so interned things are compared by pointer. What is interned stays until the
 * interner is released, with the cluster store that owns it, or swept. Structures must not contain padding or pointers
 * to anything that is not itself interned or static: they are compared byte by byte. */
#pragma once

#include <stddef.h>

#include "clusterutils/util/arena.h"

struct intern_memo;
struct interned;
struct unused_entry;

struct interner {
	struct arena arena;
	struct interned **slots; /* open addressing; a power of two */
	size_t capacity;
	size_t count;
	size_t bytes;                 /* of all that is interned */
	struct unused_entry **unused; /* what sweeps gave back, by its size; NULL until then */
	struct intern_memo *memo;     /* NULL until something is remembered */
};

void interner_init(struct interner *interner);
void interner_release(struct interner *interner);

/* The text of `length` bytes, followed by a NUL. */
const char *intern(struct interner *interner, const char *text, size_t length);
const char *intern_text(struct interner *interner, const char *text); /* NULL stays NULL */

/* A structure of `size` bytes, aligned for pointers and 64-bit integers. */
const void *intern_block(struct interner *interner, const void *block, size_t size);

/* Gives back what is not used any more, for what comes later: images and label sets of workloads come and go for as
 * long as a screen is open. Who owns the interner shows it, between begin and end, all memory that may hold pointers to
 * what is interned. Each word there, and in the structures that are interned, that is such a pointer, or one to the
 * items of a list that begins with their count (struct labels, struct text_list), keeps what it points to. So nothing
 * need be told of which words are pointers. */
struct intern_sweep {
	struct interner *interner;
	struct interned **known; /* what there is, by address; open addressing */
	size_t capacity;
};

void intern_sweep_begin(struct intern_sweep *sweep, struct interner *interner);
void intern_sweep_mark(struct intern_sweep *sweep, const void *memory, size_t size); /* aligned for pointers */
void intern_sweep_end(struct intern_sweep *sweep);

/* What is made of the same raw bytes again and again need be made once: of pods that come one after the other most
 * have the containers, owners and labels of their workload. `what` tells apart what is made of the bytes; the result
 * must be a function of both, and interned. Only the most recent are known, and only small ones: at most
 * INTERN_MEMO_SLOTS of INTERN_MEMO_SIZE bytes. intern_recall gives NULL where nothing is. */
enum { INTERN_MEMO_SLOTS = 512, INTERN_MEMO_SIZE = 4096 };

const void *intern_recall(struct interner *interner, unsigned what, const void *raw, size_t size);
void intern_remember(struct interner *interner, unsigned what, const void *raw, size_t size, const void *result);
