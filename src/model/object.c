#include "clusterutils/model/meta.h"

void *object_new(size_t size, size_t more)
{
	struct arena memory = { 0 };
	struct meta *object;

	arena_reserve(&memory, size + more);
	object = arena_new(&memory, 1, size);
	object->memory = memory;
	object->name = object->uid = "";
	object->created = object->deleted = TIME_NONE;
	return object;
}

void object_free(struct meta *object)
{
	if (object)
		arena_release(&object->memory);
}
