#include "clusterutils/model/intern.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/die.h"
#include "clusterutils/util/memory.h"

enum { FIRST_SLOTS = 256 };

/* Text and structures are told apart: a text never equals a structure of the same bytes. */
struct interned {
	uint32_t hash;
	uint32_t size_and_kind; /* the size doubled, plus 1 for text */
	uint64_t bytes[];       /* aligned for pointers and integers, which is what structures here are made of */
};

struct memo_slot {
	void *raw; /* NULL: empty */
	size_t size, capacity;
	uint32_t hash;
	unsigned what;
	const void *result;
};

struct intern_memo {
	struct memo_slot slots[INTERN_MEMO_SLOTS];
};

void interner_init(struct interner *interner)
{
	*interner = (struct interner){ 0 };
}

void interner_release(struct interner *interner)
{
	free(interner->slots);
	for (size_t i = 0; interner->memo && i < INTERN_MEMO_SLOTS; i++)
		free(interner->memo->slots[i].raw);
	free(interner->memo);
	arena_release(&interner->arena);
	interner_init(interner);
}

/* Eight bytes a step: the structures are a few hundred bytes each. */
static uint32_t hash_of(const void *bytes, size_t size)
{
	const unsigned char *at = bytes;
	uint64_t hash = 0x9E3779B97F4A7C15ULL ^ size, word;

	for (; size >= sizeof(word); size -= sizeof(word), at += sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		hash = (hash ^ word) * 0xFF51AFD7ED558CCDULL;
		hash ^= hash >> 32;
	}
	word = 0;
	if (size)
		memcpy(&word, at, size);
	hash = (hash ^ word) * 0xFF51AFD7ED558CCDULL;
	return (uint32_t)(hash ^ hash >> 29);
}

static void insert(const struct interned **slots, size_t capacity, const struct interned *entry)
{
	size_t slot = entry->hash & (capacity - 1);

	while (slots[slot])
		slot = (slot + 1) & (capacity - 1);
	slots[slot] = entry;
}

static void grow(struct interner *interner)
{
	size_t capacity = interner->capacity ? interner->capacity * 2 : FIRST_SLOTS;
	const struct interned **slots = memory_new_array(capacity, sizeof(const struct interned *));

	for (size_t i = 0; i < interner->capacity; i++)
		if (interner->slots[i])
			insert(slots, capacity, interner->slots[i]);
	free(interner->slots);
	interner->slots = slots;
	interner->capacity = capacity;
}

static const struct interned *find(
	const struct interner *interner, uint32_t hash, uint32_t size_and_kind, const void *bytes, size_t size)
{
	size_t slot = hash & (interner->capacity - 1);

	for (const struct interned *entry; (entry = interner->slots[slot]);
		slot = (slot + 1) & (interner->capacity - 1))
		if (entry->hash == hash && entry->size_and_kind == size_and_kind &&
			(!size || memcmp(entry->bytes, bytes, size) == 0))
			return entry;
	return NULL;
}

static const void *intern_bytes(struct interner *interner, bool is_text, const void *bytes, size_t size)
{
	uint32_t hash = hash_of(bytes, size), size_and_kind = (uint32_t)size * 2 + is_text;
	const struct interned *known;
	struct interned *entry;

	if (size > UINT32_MAX / 4)
		die("out of memory");
	if ((interner->count + 1) * 10 > interner->capacity * 7)
		grow(interner);
	known = find(interner, hash, size_and_kind, bytes, size);
	if (known)
		return known->bytes;
	entry = arena_alloc(&interner->arena, sizeof(*entry) + size + is_text);
	entry->hash = hash;
	entry->size_and_kind = size_and_kind;
	if (size)
		memcpy(entry->bytes, bytes, size);
	if (is_text)
		((char *)entry->bytes)[size] = '\0';
	insert(interner->slots, interner->capacity, entry);
	interner->count++;
	return entry->bytes;
}

const char *intern(struct interner *interner, const char *text, size_t length)
{
	return intern_bytes(interner, true, text, length);
}

const char *intern_text(struct interner *interner, const char *text)
{
	return text ? intern(interner, text, strlen(text)) : NULL;
}

const void *intern_block(struct interner *interner, const void *block, size_t size)
{
	return intern_bytes(interner, false, block, size);
}

/* --- what was made of raw bytes --- */

static struct memo_slot *memo_slot_of(const struct interner *interner, uint32_t hash, unsigned what)
{
	return &interner->memo->slots[(hash ^ what) % INTERN_MEMO_SLOTS];
}

const void *intern_recall(struct interner *interner, unsigned what, const void *raw, size_t size)
{
	const struct memo_slot *slot;
	uint32_t hash;

	if (!interner->memo || !size || size > INTERN_MEMO_SIZE)
		return NULL;
	hash = hash_of(raw, size);
	slot = memo_slot_of(interner, hash, what);
	if (slot->raw && slot->hash == hash && slot->what == what && slot->size == size &&
		memcmp(slot->raw, raw, size) == 0)
		return slot->result;
	return NULL;
}

void intern_remember(struct interner *interner, unsigned what, const void *raw, size_t size, const void *result)
{
	struct memo_slot *slot;
	uint32_t hash;

	if (!size || size > INTERN_MEMO_SIZE)
		return;
	if (!interner->memo)
		interner->memo = NEW(struct intern_memo);
	hash = hash_of(raw, size);
	slot = memo_slot_of(interner, hash, what);
	if (slot->capacity < size) {
		slot->raw = memory_resize(slot->raw, 1, size);
		slot->capacity = size;
	}
	memcpy(slot->raw, raw, size);
	slot->size = size;
	slot->hash = hash;
	slot->what = what;
	slot->result = result;
}
