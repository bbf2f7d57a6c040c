#include "clusterutils/util/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/die.h"

static void *must(void *memory)
{
	if (!memory)
		die("out of memory");
	return memory;
}

void *memory_new(size_t size)
{
	return must(calloc(1, size ? size : 1));
}

void *memory_new_array(size_t count, size_t size)
{
	return must(calloc(count ? count : 1, size ? size : 1));
}

void *memory_resize(void *memory, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		die("out of memory");
	if (count == 0 || size == 0)
		count = size = 1;
	return must(realloc(memory, count * size));
}

char *memory_copy_text(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(memory_new(size), text, size);
}

void memory_auto_free(void *pointer_to_pointer)
{
	void **pointer = pointer_to_pointer;

	free(*pointer);
	*pointer = NULL;
}

void *memory_grow(void *array, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return must(array);
	*capacity = *capacity ? *capacity * 2 : 8;
	return memory_resize(array, *capacity, size);
}
