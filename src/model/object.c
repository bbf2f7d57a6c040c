#include <stdlib.h>

#include "clusterutils/model/meta.h"
#include "clusterutils/util/memory.h"

void *object_new(size_t size)
{
	struct meta *object = memory_new(size);

	object->name = object->uid = "";
	object->created = object->deleted = TIME_NONE;
	return object;
}

void object_free(struct meta *object)
{
	if (!object)
		return;
	arena_release(&object->memory);
	free(object);
}
