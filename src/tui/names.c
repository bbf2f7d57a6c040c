#include "clusterutils/tui/names.h"

#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"

void names_release(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i]);
	free(names->items);
	*names = (struct names){ 0 };
}

/* Where it is, or where it would be. */
static size_t place_of(const struct names *names, const char *name, bool *ret_found)
{
	size_t low = 0, high = names->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(names->items[middle], name);

		if (order == 0) {
			*ret_found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*ret_found = false;
	return low;
}

bool names_has(const struct names *names, const char *name)
{
	bool found;

	place_of(names, name, &found);
	return found;
}

void names_add(struct names *names, const char *name)
{
	bool found;
	size_t place = place_of(names, name, &found);

	if (found)
		return;
	ARRAY_GROW(names->items, names->count, names->capacity);
	memmove(names->items + place + 1, names->items + place, (names->count - place) * sizeof(*names->items));
	names->items[place] = memory_copy_text(name);
	names->count++;
}

void names_remove(struct names *names, const char *name)
{
	bool found;
	size_t place = place_of(names, name, &found);

	if (!found)
		return;
	free(names->items[place]);
	names->count--;
	memmove(names->items + place, names->items + place + 1, (names->count - place) * sizeof(*names->items));
}
