/* Allocation that does not fail: out of memory and size overflow end the program (util/die.h).
 * Locals are freed by AUTO_FREE; arrays grow by ARRAY_GROW. */
#pragma once

#include <stddef.h>

#include "clusterutils/util/attribute.h"

void *memory_new(size_t size) RETURNS_NONNULL;                     /* zeroed */
void *memory_new_array(size_t count, size_t size) RETURNS_NONNULL; /* zeroed */
void *memory_resize(void *memory, size_t count, size_t size) RETURNS_NONNULL;
char *memory_copy_text(const char *text) RETURNS_NONNULL;
void memory_auto_free(void *pointer_to_pointer);

/* Makes room for one more element: doubles *capacity when count has reached it. Returns the array. */
void *memory_grow(void *array, size_t count, size_t *capacity, size_t size) RETURNS_NONNULL;

#define AUTO_FREE CLEANUP(memory_auto_free)

#define NEW(type)                          ((type *)memory_new(sizeof(type)))
#define ARRAY_GROW(array, count, capacity) ((array) = memory_grow((array), (count), &(capacity), sizeof(*(array))))
#define ARRAY_LEN(array)                   (sizeof(array) / sizeof((array)[0]))
