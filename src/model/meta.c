#include "clusterutils/model/meta.h"

#include <string.h>

const char *labels_get(const struct labels *labels, const char *key)
{
	size_t first = 0, end = labels ? labels->count : 0;

	while (first < end) {
		size_t middle = first + (end - first) / 2;
		int order = strcmp(key, labels->items[middle].key);

		if (order == 0)
			return labels->items[middle].value;
		if (order < 0)
			end = middle;
		else
			first = middle + 1;
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
