#include "clusterutils/model/intern.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/model/meta.h"
#include "clusterutils/util/die.h"
#include "clusterutils/util/memory.h"

/* Larger entries, and with a sanitizer all, are given back to the system, so that it sees who still uses them. */
#if defined(__SANITIZE_ADDRESS__)
enum { STEP = 16, LARGEST_KEPT = 0 };
#else
enum { STEP = 16, LARGEST_KEPT = 2048 };
#endif

enum { FIRST_SLOTS = 256, SIZES = LARGEST_KEPT / STEP + 1 };

#define IS_USED (UINT32_C(1) << 31)

/* Text and structures are told apart: a text never equals a structure of the same bytes. */
struct interned {
	uint32_t hash;
	uint32_t size_and_kind; /* the size doubled, plus 1 for text; during a sweep IS_USED */
	uint64_t bytes[];       /* aligned for pointers and integers, which is what structures here are made of */
};

struct unused_entry {
	struct unused_entry *next;
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

/* --- memory of entries --- */

/* With what stands before the bytes, and the NUL of a text. */
static size_t size_of(const struct interned *entry)
{
	uint32_t size_and_kind = entry->size_and_kind & ~IS_USED;

	return (sizeof(*entry) + size_and_kind / 2 + size_and_kind % 2 + STEP - 1) / STEP * STEP;
}

static struct interned *new_entry(struct interner *interner, size_t size)
{
	struct unused_entry *unused;

	if (size > LARGEST_KEPT)
		return memory_resize(NULL, 1, size);
	unused = interner->unused ? interner->unused[size / STEP] : NULL;
	if (!unused)
		return arena_alloc(&interner->arena, size);
	interner->unused[size / STEP] = unused->next;
	return (struct interned *)(void *)unused;
}

static void free_entry(struct interner *interner, struct interned *entry)
{
	size_t size = size_of(entry);
	struct unused_entry *unused = (struct unused_entry *)(void *)entry;

	if (size > LARGEST_KEPT) {
		free(entry);
		return;
	}
	if (!interner->unused)
		interner->unused = memory_new_array(SIZES, sizeof(*interner->unused));
	unused->next = interner->unused[size / STEP];
	interner->unused[size / STEP] = unused;
}

static void forget_memo(struct interner *interner)
{
	for (size_t i = 0; interner->memo && i < INTERN_MEMO_SLOTS; i++)
		free(interner->memo->slots[i].raw);
	free(interner->memo);
	interner->memo = NULL;
}

void interner_release(struct interner *interner)
{
	for (size_t i = 0; i < interner->capacity; i++)
		if (interner->slots[i] && size_of(interner->slots[i]) > LARGEST_KEPT)
			free(interner->slots[i]);
	free(interner->slots);
	free(interner->unused);
	forget_memo(interner);
	arena_release(&interner->arena);
	interner_init(interner);
}

/* --- finding --- */

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

static void insert(struct interned **slots, size_t capacity, struct interned *entry)
{
	size_t slot = entry->hash & (capacity - 1);

	while (slots[slot])
		slot = (slot + 1) & (capacity - 1);
	slots[slot] = entry;
}

static void grow(struct interner *interner)
{
	size_t capacity = interner->capacity ? interner->capacity * 2 : FIRST_SLOTS;
	struct interned **slots = memory_new_array(capacity, sizeof(*slots));

	for (size_t i = 0; i < interner->capacity; i++)
		if (interner->slots[i])
			insert(slots, capacity, interner->slots[i]);
	free(interner->slots);
	interner->slots = slots;
	interner->capacity = capacity;
}

static struct interned *find(
	const struct interner *interner, uint32_t hash, uint32_t size_and_kind, const void *bytes, size_t size)
{
	size_t slot = hash & (interner->capacity - 1);

	for (struct interned *entry; (entry = interner->slots[slot]); slot = (slot + 1) & (interner->capacity - 1))
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
	entry = new_entry(interner, size_of(&(struct interned){ .size_and_kind = size_and_kind }));
	entry->hash = hash;
	entry->size_and_kind = size_and_kind;
	interner->bytes += size_of(entry);
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

/* --- giving back --- */

/* By the bits above those that all addresses of entries have in common. */
static size_t slot_of_address(const struct intern_sweep *sweep, const void *address)
{
	return (size_t)(((uint64_t)(uintptr_t)address / STEP * 0x9E3779B97F4A7C15ULL) >> 32) & (sweep->capacity - 1);
}

void intern_sweep_begin(struct intern_sweep *sweep, struct interner *interner)
{
	*sweep = (struct intern_sweep){ .interner = interner, .capacity = FIRST_SLOTS };
	while (sweep->capacity < interner->count * 2)
		sweep->capacity *= 2;
	sweep->known = memory_new_array(sweep->capacity, sizeof(*sweep->known));
	for (size_t i = 0; i < interner->capacity; i++) {
		size_t slot;

		if (!interner->slots[i])
			continue;
		slot = slot_of_address(sweep, interner->slots[i]);
		while (sweep->known[slot])
			slot = (slot + 1) & (sweep->capacity - 1);
		sweep->known[slot] = interner->slots[i];
	}
	forget_memo(interner);
}

static struct interned *entry_at(const struct intern_sweep *sweep, uintptr_t start)
{
	size_t slot;

	if (start % STEP)
		return NULL;
	slot = slot_of_address(sweep, (const void *)start);
	for (struct interned *entry; (entry = sweep->known[slot]); slot = (slot + 1) & (sweep->capacity - 1))
		if ((uintptr_t)entry == start)
			return entry;
	return NULL;
}

/* As deep as structures hold structures: a few levels. */
void intern_sweep_mark(struct intern_sweep *sweep, const void *memory, size_t size)
{
	for (size_t i = 0; i + sizeof(uintptr_t) <= size; i += sizeof(uintptr_t)) {
		struct interned *entry;
		uintptr_t word;

		memcpy(&word, (const char *)memory + i, sizeof(word));
		entry = entry_at(sweep, word - offsetof(struct interned, bytes));
		if (!entry)
			entry = entry_at(
				sweep, word - offsetof(struct interned, bytes) - offsetof(struct labels, items));
		if (!entry || entry->size_and_kind & IS_USED)
			continue;
		entry->size_and_kind |= IS_USED;
		if (!(entry->size_and_kind & 1))
			intern_sweep_mark(sweep, entry->bytes, (entry->size_and_kind & ~IS_USED) / 2);
	}
}

void intern_sweep_end(struct intern_sweep *sweep)
{
	struct interner *interner = sweep->interner;
	struct interned **slots = memory_new_array(interner->capacity, sizeof(*slots));

	for (size_t i = 0; i < interner->capacity; i++) {
		struct interned *entry = interner->slots[i];

		if (!entry)
			continue;
		if (entry->size_and_kind & IS_USED) {
			entry->size_and_kind &= ~IS_USED;
			insert(slots, interner->capacity, entry);
			continue;
		}
		interner->count--;
		interner->bytes -= size_of(entry);
		free_entry(interner, entry);
	}
	free(interner->slots);
	interner->slots = slots;
	free(sweep->known);
	*sweep = (struct intern_sweep){ 0 };
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
