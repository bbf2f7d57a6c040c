#include "patch.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/buffer.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "tree.h"

/* The depth bounds what many operations can nest into each other. */
enum { MAX_OPERATIONS = 1000, MAX_DEPTH = 64 };

/* --- merge --- */

static void merge_member(cJSON *target, const cJSON *member)
{
	cJSON *existing = cJSON_GetObjectItemCaseSensitive(target, member->string);
	cJSON *detached;

	if (cJSON_IsNull(member)) {
		cJSON_DeleteItemFromObjectCaseSensitive(target, member->string);
		return;
	}
	detached = existing ? cJSON_DetachItemViaPointer(target, existing) : NULL;
	demo_patch_merge(&detached, member);
	cJSON_AddItemToObject(target, member->string, detached);
}

void demo_patch_merge(cJSON **target, const cJSON *patch)
{
	const cJSON *member;

	if (!cJSON_IsObject(patch)) {
		cJSON_Delete(*target);
		*target = demo_tree_copy(patch);
		return;
	}
	if (!cJSON_IsObject(*target)) {
		cJSON_Delete(*target);
		*target = demo_tree_parse("{}");
	}
	cJSON_ArrayForEach (member, patch) {
		merge_member(*target, member);
	}
}

/* --- operations --- */

/* Where a pointer leads: a member of an object, or an element of an array. */
struct place {
	cJSON *parent; /* NULL: the whole document */
	struct buffer name;
	cJSON *value;   /* NULL where there is none yet */
	uint64_t index; /* in an array; its size for "-" */
};

static int missing(struct error *err)
{
	return error_set(err, ERROR_INVALID, "the path does not lead to a value");
}

/* The next part of the pointer, with ~1 as / and ~0 as ~. */
static const char *take_part(const char *pointer, struct buffer *name)
{
	buffer_clear(name);
	for (pointer++; *pointer && *pointer != '/'; pointer++) {
		if (*pointer != '~') {
			buffer_add_char(name, *pointer);
			continue;
		}
		if (pointer[1])
			pointer++;
		buffer_add_char(name, *pointer == '1' ? '/' : '~');
	}
	return pointer;
}

static int step_into(struct place *place, struct error *err)
{
	const char *name = buffer_text(&place->name);

	place->parent = place->value;
	if (cJSON_IsObject(place->parent)) {
		place->value = cJSON_GetObjectItemCaseSensitive(place->parent, name);
		return 0;
	}
	if (!cJSON_IsArray(place->parent))
		return missing(err);
	if (text_equal(name, "-"))
		place->index = (uint64_t)cJSON_GetArraySize(place->parent);
	else if (!text_to_uint(name, INT32_MAX, &place->index) || (int)place->index > cJSON_GetArraySize(place->parent))
		return missing(err);
	place->value = cJSON_GetArrayItem(place->parent, (int)place->index);
	return 0;
}

static int find_place(cJSON *root, const char *pointer, struct place *place, struct error *err)
{
	place->parent = NULL;
	place->value = root;
	if (!pointer || (*pointer && *pointer != '/'))
		return error_set(err, ERROR_INVALID, "an operation without a path");
	for (int depth = 0; *pointer; depth++) {
		if (!place->value || depth == MAX_DEPTH)
			return missing(err);
		pointer = take_part(pointer, &place->name);
		if (step_into(place, err) < 0)
			return -1;
	}
	return 0;
}

static void put(cJSON **root, struct place *place, cJSON *value, bool is_new)
{
	const char *name = buffer_text(&place->name);

	if (!place->parent) {
		cJSON_Delete(*root);
		*root = value;
	} else if (cJSON_IsObject(place->parent)) {
		demo_tree_set(place->parent, name, value);
	} else if (is_new) {
		demo_tree_insert(place->parent, (int)place->index, value);
	} else {
		cJSON_ReplaceItemViaPointer(place->parent, place->value, value);
	}
}

static void take_out(cJSON **root, struct place *place)
{
	if (place->parent)
		cJSON_Delete(cJSON_DetachItemViaPointer(place->parent, place->value));
	else
		put(root, place, demo_tree_parse("null"), false);
}

/* What "copy" and "move" take from. */
static int take_from(cJSON **root, const cJSON *operation, bool is_move, cJSON **ret_value, struct error *err)
{
	struct place from = { 0 };
	int result = find_place(*root, demo_tree_text(operation, "from"), &from, err);

	if (result == 0 && !from.value)
		result = missing(err);
	if (result == 0) {
		*ret_value = demo_tree_copy(from.value);
		if (is_move)
			take_out(root, &from);
	}
	buffer_release(&from.name);
	return result;
}

static int run_at(cJSON **root, struct place *place, const char *op, cJSON *value, struct error *err)
{
	bool is_new = text_equal(op, "add") || text_equal(op, "copy") || text_equal(op, "move");

	if (is_new && value) {
		put(root, place, demo_tree_copy(value), true);
		return 0;
	}
	if (text_equal(op, "test") && value)
		return place->value && cJSON_Compare(place->value, value, true)
			? 0
			: error_set(err, ERROR_CONFLICT, "a test of the patch did not hold");
	if (!place->value)
		return missing(err);
	if (text_equal(op, "replace") && value)
		put(root, place, demo_tree_copy(value), false);
	else if (text_equal(op, "remove"))
		take_out(root, place);
	else
		return error_set(err, ERROR_INVALID, "an operation that is not known, or without a value");
	return 0;
}

static int run_operation(cJSON **root, const cJSON *operation, struct error *err)
{
	const char *op = demo_tree_text(operation, "op");
	bool is_move = text_equal(op, "move"), has_from = is_move || text_equal(op, "copy");
	cJSON *value = NULL;
	struct place place = { 0 };
	int result = 0;

	if (!op)
		return error_set(err, ERROR_INVALID, "an operation without op");
	if (has_from)
		result = take_from(root, operation, is_move, &value, err);
	else if (cJSON_GetObjectItemCaseSensitive(operation, "value"))
		value = demo_tree_copy(cJSON_GetObjectItemCaseSensitive(operation, "value"));
	if (result == 0)
		result = find_place(*root, demo_tree_text(operation, "path"), &place, err);
	if (result == 0)
		result = run_at(root, &place, op, value, err);
	buffer_release(&place.name);
	cJSON_Delete(value);
	return result;
}

int demo_patch_operations(cJSON **target, const cJSON *operations, struct error *err)
{
	const cJSON *operation;

	if (!cJSON_IsArray(operations) || cJSON_GetArraySize(operations) > MAX_OPERATIONS)
		return error_set(err, ERROR_INVALID, "no list of operations");
	cJSON_ArrayForEach (operation, operations)
		if (run_operation(target, operation, err) < 0)
			return -1;
	return 0;
}
