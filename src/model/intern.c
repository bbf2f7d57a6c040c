#include "clusterutils/model/intern.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"

enum { FIRST_CAPACITY = 64 };

enum kind { KIND_TEXT, KIND_BLOCK };

struct interned {
	size_t size;
	uint32_t hash;
	uint32_t kind; /* a text and a block of the same bytes are two things: only the text has a NUL behind it */
	alignas(max_align_t) char bytes[];
};

void interner_init(struct interner *interner)
{
	*interner = (struct interner){ 0 };
}

void interner_release(struct interner *interner)
{
	free(interner->slots);
	arena_release(&interner->arena);
	interner_init(interner);
}

/* FNV-1a, but eight bytes a step: container specifications are hundreds of bytes long. The seed is an address, which
 * differs from run to run, so that nobody can prepare a cluster's names to meet in one slot. */
static uint32_t hash_of(enum kind kind, const char *bytes, size_t size)
{
	static const char seed;
	uint64_t hash = 0xCBF29CE484222325 ^ (uint64_t)(uintptr_t)&seed ^ (uint64_t)size << 1 ^ kind, word;

	for (; size > 0; bytes += sizeof(word)) {
		size_t length = size < sizeof(word) ? size : sizeof(word);

		word = 0;
		memcpy(&word, bytes, length);
		hash = (hash ^ word) * 0x9E3779B97F4A7C15;
		hash ^= hash >> 32;
		size -= length;
	}
	return (uint32_t)hash;
}

/* Where it is, or would be. There is always a free slot. */
static size_t find_slot(const struct interner *interner, enum kind kind, uint32_t hash, const void *bytes, size_t size)
{
	size_t mask = interner->capacity - 1, at = hash & mask;
	const struct interned *found;

	for (; (found = interner->slots[at]) != NULL; at = (at + 1) & mask)
		if (found->hash == hash && found->size == size && found->kind == kind &&
			memcmp(found->bytes, bytes, size) == 0)
			break;
	return at;
}

static void grow(struct interner *interner)
{
	size_t old_capacity = interner->capacity;
	const struct interned **old = interner->slots;

	interner->capacity = old_capacity ? old_capacity * 2 : FIRST_CAPACITY;
	interner->slots = memory_new_array(interner->capacity, sizeof(*interner->slots));
	for (size_t i = 0; i < old_capacity; i++) {
		size_t mask = interner->capacity - 1, at;

		if (!old[i])
			continue;
		for (at = old[i]->hash & mask; interner->slots[at]; at = (at + 1) & mask)
			;
		interner->slots[at] = old[i];
	}
	free(old);
}

static const char *intern_bytes(struct interner *interner, enum kind kind, const void *bytes, size_t size)
{
	uint32_t hash = hash_of(kind, bytes, size);
	struct interned *added;
	size_t at;

	if (interner->count >= interner->capacity / 10 * 7) /* 70 %: probes stay short */
		grow(interner);
	at = find_slot(interner, kind, hash, bytes, size);
	if (interner->slots[at])
		return interner->slots[at]->bytes;
	added = arena_alloc(&interner->arena, sizeof(*added) + size + (kind == KIND_TEXT));
	added->size = size;
	added->hash = hash;
	added->kind = kind;
	memcpy(added->bytes, bytes, size);
	if (kind == KIND_TEXT)
		added->bytes[size] = '\0';
	interner->slots[at] = added;
	interner->count++;
	return added->bytes;
}

const char *intern(struct interner *interner, const char *text, size_t length)
{
	return intern_bytes(interner, KIND_TEXT, length > 0 ? text : "", length);
}

const char *intern_text(struct interner *interner, const char *text)
{
	return text ? intern(interner, text, strlen(text)) : NULL;
}

const void *intern_block(struct interner *interner, const void *block, size_t size)
{
	return intern_bytes(interner, KIND_BLOCK, size > 0 ? block : "", size);
}
