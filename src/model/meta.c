#include "clusterutils/model/meta.h"

#include <string.h>

const char *labels_get(const struct labels *labels, const char *key)
{
	size_t low = 0, high = labels ? labels->count : 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(labels->items[middle].key, key);

		if (order == 0)
			return labels->items[middle].value;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const struct owner *meta_controller(const struct meta *meta)
{
	for (size_t i = 0; meta->owners && i < meta->owners->count; i++)
		if (meta->owners->items[i].is_controller)
			return &meta->owners->items[i];
	return NULL;
}
