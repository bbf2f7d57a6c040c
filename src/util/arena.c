#include "clusterutils/util/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/die.h"
#include "clusterutils/util/memory.h"

enum { FIRST_CHUNK = 4096, LARGEST_STEP = 1 << 20 };

/* Small, for there is one in each of 150,000 pods. */
struct arena_chunk {
	struct arena_chunk *older;
	uint32_t size, used;
	alignas(max_align_t) char bytes[];
};

void arena_init(struct arena *arena)
{
	*arena = (struct arena){ 0 };
}

static void add_chunk(struct arena *arena, size_t size)
{
	struct arena_chunk *chunk;

	if (size > UINT32_MAX - sizeof(*chunk))
		die("out of memory");
	chunk = memory_resize(NULL, 1, sizeof(*chunk) + size);
	chunk->older = arena->chunks;
	chunk->size = (uint32_t)size;
	chunk->used = 0;
	arena->chunks = chunk;
}

void arena_reserve(struct arena *arena, size_t size)
{
	if (!arena->chunks && size)
		add_chunk(arena, size);
}

static void grow(struct arena *arena, size_t need)
{
	size_t size = arena->chunks ? (size_t)arena->chunks->size * 2 : FIRST_CHUNK;

	if (size > LARGEST_STEP)
		size = LARGEST_STEP;
	add_chunk(arena, size > need ? size : need);
}

/* Text needs no alignment: it fills the gaps that other things leave. */
static void *take(struct arena *arena, size_t size, size_t alignment)
{
	const struct arena_chunk *newest = arena->chunks;
	size_t start = newest ? (newest->used + alignment - 1) / alignment * alignment : 0;
	struct arena_chunk *chunk;

	if (!newest || start > newest->size || size > newest->size - start) {
		grow(arena, size);
		start = 0;
	}
	chunk = arena->chunks;
	memset(chunk->bytes + chunk->used, 0, start - chunk->used);
	chunk->used = (uint32_t)(start + size);
	return chunk->bytes + start;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return take(arena, size, alignof(max_align_t));
}

void *arena_new(struct arena *arena, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		die("out of memory");
	return memset(arena_alloc(arena, count * size), 0, count * size);
}

char *arena_copy(struct arena *arena, const char *text, size_t length)
{
	char *copy = take(arena, length + 1, 1);

	memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

char *arena_text(struct arena *arena, const char *text)
{
	return arena_copy(arena, text, strlen(text));
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
	va_list again;
	char *text;
	int length;

	va_copy(again, args);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (length < 0)
		die("invalid format: %s", format);
	text = take(arena, (size_t)length + 1, 1);
	vsnprintf(text, (size_t)length + 1, format, args);
	return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = arena_vprintf(arena, format, args);
	va_end(args);
	return text;
}

/* The newest chunk is the largest but for single huge requests, which are not worth keeping. */
void arena_reset(struct arena *arena)
{
	struct arena_chunk *kept = arena->chunks;

	if (!kept)
		return;
	for (struct arena_chunk *chunk = kept->older, *older; chunk; chunk = older) {
		older = chunk->older;
		free(chunk);
	}
	kept->older = NULL;
	kept->used = 0;
}

void arena_release(struct arena *arena)
{
	struct arena_chunk *chunk = arena->chunks;

	arena_init(arena); /* first: the arena may lie in its own memory */
	for (struct arena_chunk *older; chunk; chunk = older) {
		older = chunk->older;
		free(chunk);
	}
}

void arena_visit(
	const struct arena *arena, void (*visit)(void *context, const void *memory, size_t size), void *context)
{
	for (const struct arena_chunk *chunk = arena->chunks; chunk; chunk = chunk->older)
		visit(context, chunk->bytes, chunk->used);
}
