/* Memory that is freed as a whole: everything a pass, a table or one decoded object needs.
 *
 * Nothing taken from an arena is freed alone; arena_reset keeps the memory for reuse, arena_release gives it back.
 * An arena that is all zero is ready for use. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#include "clusterutils/util/attribute.h"

struct arena_chunk;

struct arena {
	struct arena_chunk *chunks; /* newest first */
};

void arena_init(struct arena *arena);
void arena_reset(struct arena *arena); /* keeps the newest chunk for reuse */
void arena_release(struct arena *arena);

/* The first chunk of an empty arena will hold exactly this much: for the many small arenas of model objects. */
void arena_reserve(struct arena *arena, size_t size);

void *arena_alloc(struct arena *arena, size_t size) RETURNS_NONNULL;             /* aligned for any type, not zeroed */
void *arena_new(struct arena *arena, size_t count, size_t size) RETURNS_NONNULL; /* zeroed */
char *arena_copy(struct arena *arena, const char *text, size_t length) RETURNS_NONNULL; /* adds the final NUL */
char *arena_text(struct arena *arena, const char *text) RETURNS_NONNULL;
char *arena_vprintf(struct arena *arena, const char *format, va_list args) RETURNS_NONNULL PRINTF_LIKE(2, 0);
char *arena_printf(struct arena *arena, const char *format, ...) RETURNS_NONNULL PRINTF_LIKE(2, 3);

/* Shows all memory that was taken, aligned as arena_alloc does. */
void arena_visit(
	const struct arena *arena, void (*visit)(void *context, const void *memory, size_t size), void *context);

#define ARENA_NEW(arena, type)          ((type *)arena_new((arena), 1, sizeof(type)))
#define ARENA_ARRAY(arena, count, type) ((type *)arena_new((arena), (count), sizeof(type)))
#define AUTO_ARENA                      CLEANUP(arena_release) struct arena
