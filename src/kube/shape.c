#include "shape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/kube/kubeconfig.h"
#include "clusterutils/util/base64.h"
#include "clusterutils/util/memory.h"

/* Where in the document we are, for sentences: the struct that holds the field, and the way to it. */
struct place {
	const struct place *parent;
	const char *name;
	const struct shape *shape;
};

static void add_way(const struct place *place, struct buffer *out)
{
	if (!place)
		return;
	add_way(place->parent, out);
	buffer_printf(out, ".%s", place->name);
}

static int mismatch(const struct yaml_node *node, const struct place *place, const char *type, struct error *err)
{
	static const char *const names[] = { [YAML_NULL] = "null",
		[YAML_BOOL] = "bool",
		[YAML_INT] = "number",
		[YAML_FLOAT] = "number",
		[YAML_TEXT] = "string",
		[YAML_LIST] = "array",
		[YAML_MAP] = "object" };
	AUTO_BUFFER way = { 0 };

	if (!place)
		return error_set(err, ERROR_INVALID, "json: cannot unmarshal %s into Go value of type %s",
			names[node->type], type);
	add_way(place, &way);
	return error_set(err, ERROR_INVALID, "json: cannot unmarshal %s into Go struct field %s%s of type %s",
		names[node->type], place->shape->name, buffer_text(&way), type);
}

static int read_text(const struct yaml_node *node, const struct place *place, const char *type, const char **target,
	struct error *err)
{
	if (node->type == YAML_NULL)
		return 0;
	if (node->type != YAML_TEXT)
		return mismatch(node, place, type ? type : "string", err);
	*target = *node->text ? node->text : NULL;
	return 0;
}

/* Bytes as a list of numbers, which Go takes, too. */
static int read_numbers(const struct yaml_node *node, const struct place *place, struct arena *arena,
	struct blob *target, struct error *err)
{
	AUTO_BUFFER bytes = { 0 };

	for (const struct yaml_node *member = node->first; member; member = member->next) {
		bool is_number = member->type == YAML_INT && member->number >= 0 && member->number <= UINT8_MAX;

		if (!is_number && member->type != YAML_NULL)
			return mismatch(member, place, "uint8", err);
		buffer_add_char(&bytes, is_number ? (char)member->number : '\0');
	}
	if (bytes.length)
		*target = (struct blob){ arena_copy(arena, bytes.bytes, bytes.length), bytes.length };
	return 0;
}

static int read_bytes(const struct yaml_node *node, const struct place *place, struct arena *arena, struct blob *target,
	struct error *err)
{
	AUTO_BUFFER bytes = { 0 };

	if (node->type == YAML_NULL)
		return 0;
	if (node->type == YAML_LIST)
		return read_numbers(node, place, arena, target, err);
	if (node->type != YAML_TEXT)
		return mismatch(node, place, "[]uint8", err);
	if (base64_decode(node->text, strlen(node->text), &bytes, err) < 0)
		return -1;
	if (bytes.length)
		*target = (struct blob){ arena_copy(arena, bytes.bytes, bytes.length), bytes.length };
	return 0;
}

static size_t count_members(const struct yaml_node *node)
{
	size_t count = 0;

	for (const struct yaml_node *member = node->first; member; member = member->next)
		count++;
	return count;
}

static int read_texts(const struct yaml_node *node, const struct place *place, struct arena *arena,
	const char ***target, size_t *ret_count, struct error *err)
{
	size_t count = 0;

	if (node->type == YAML_NULL)
		return 0;
	if (node->type != YAML_LIST)
		return mismatch(node, place, "[]string", err);
	*target = ARENA_ARRAY(arena, count_members(node), const char *);
	for (const struct yaml_node *member = node->first; member; member = member->next) {
		(*target)[count] = "";
		if (read_text(member, place, NULL, &(*target)[count], err) < 0)
			return -1;
		if (!(*target)[count])
			(*target)[count] = "";
		count++;
	}
	*ret_count = count;
	return 0;
}

/* --- maps, in the order that JSON has them in: sorted, of equal keys the last alone --- */

struct member {
	const struct yaml_node *node;
	size_t position;
};

static int compare_members(const void *a, const void *b)
{
	const struct member *left = a, *right = b;
	int order = strcmp(left->node->key, right->node->key);

	return order ? order : left->position < right->position ? -1 : 1;
}

static struct member *sort_members(const struct yaml_node *map, struct arena *arena, size_t *ret_count)
{
	struct member *members = ARENA_ARRAY(arena, count_members(map) + 1, struct member);
	size_t count = 0, kept = 0;

	for (const struct yaml_node *node = map->first; node; node = node->next, count++)
		members[count] = (struct member){ node, count };
	if (count)
		qsort(members, count, sizeof(*members), compare_members);
	for (size_t i = 0; i < count; i++)
		if (i + 1 == count || strcmp(members[i].node->key, members[i + 1].node->key) != 0)
			members[kept++] = members[i];
	*ret_count = kept;
	return members;
}

static int check_text_map(
	const struct yaml_node *node, const struct place *place, struct arena *arena, struct error *err)
{
	struct member *members;
	const char *ignored;
	size_t count;

	if (node->type == YAML_NULL)
		return 0;
	if (node->type != YAML_MAP)
		return mismatch(node, place, "map[string]string", err);
	members = sort_members(node, arena, &count);
	for (size_t i = 0; i < count; i++)
		if (read_text(members[i].node, place, NULL, &ignored, err) < 0)
			return -1;
	return 0;
}

static int read_texts_map(const struct yaml_node *node, const struct place *place, struct arena *arena,
	struct impersonation_extra **target, size_t *ret_count, struct error *err)
{
	struct member *members;

	if (node->type == YAML_NULL)
		return 0;
	if (node->type != YAML_MAP)
		return mismatch(node, place, "map[string][]string", err);
	members = sort_members(node, arena, ret_count);
	*target = ARENA_ARRAY(arena, *ret_count, struct impersonation_extra);
	for (size_t i = 0; i < *ret_count; i++) {
		(*target)[i].key = members[i].node->key;
		if (read_texts(members[i].node, place, arena, &(*target)[i].values, &(*target)[i].value_count, err) < 0)
			return -1;
	}
	return 0;
}

/* --- structs --- */

static int read_struct(const struct shape *shape, const struct yaml_node *node, const struct place *place,
	struct arena *arena, void *target, struct error *err);

static int read_structs(const struct shape *shape, const struct yaml_node *node, const struct place *place,
	struct arena *arena, void **target, size_t *ret_count, struct error *err)
{
	char type[64];
	size_t count = 0;
	char *items;

	if (node->type == YAML_NULL)
		return 0;
	snprintf(type, sizeof(type), "[]v1.%s", shape->name);
	if (node->type != YAML_LIST)
		return mismatch(node, place, type, err);
	items = arena_new(arena, count_members(node) + 1, shape->size);
	for (const struct yaml_node *member = node->first; member; member = member->next, count++)
		if (read_struct(shape, member, place, arena, items + count * shape->size, err) < 0)
			return -1;
	*target = items;
	*ret_count = count;
	return 0;
}

static int read_field(const struct field *field, const struct yaml_node *node, const struct place *place,
	struct arena *arena, char *target, struct error *err)
{
	void *at = target + field->offset;
	size_t *count = (size_t *)(void *)(target + field->count_offset);

	switch (field->type) {
	case FIELD_TEXT:
		return read_text(node, place, field->type_name, at, err);
	case FIELD_BOOL:
		if (node->type == YAML_NULL)
			return 0;
		if (node->type != YAML_BOOL)
			return mismatch(node, place, "bool", err);
		*(bool *)at = node->flag;
		return 0;
	case FIELD_BYTES:
		return read_bytes(node, place, arena, at, err);
	case FIELD_TEXTS:
		return read_texts(node, place, arena, at, count, err);
	case FIELD_TEXT_MAP:
		return check_text_map(node, place, arena, err);
	case FIELD_TEXTS_MAP:
		return read_texts_map(node, place, arena, at, count, err);
	case FIELD_ANY:
		*(const struct yaml_node **)at = node->type == YAML_NULL ? NULL : node;
		return 0;
	case FIELD_POINTER:
		if (node->type == YAML_NULL)
			return 0;
		*(void **)at = arena_new(arena, 1, field->shape->size);
		return read_struct(field->shape, node, place, arena, *(void **)at, err);
	case FIELD_STRUCTS:
		return read_structs(field->shape, node, place, arena, at, count, err);
	case FIELD_IGNORED:
		at = arena_new(arena, 1, field->shape->size);
		return read_struct(field->shape, node, place, arena, at, err);
	case FIELD_STRUCT:
	default:
		return read_struct(field->shape, node, place, arena, at, err);
	}
}

static int read_struct(const struct shape *shape, const struct yaml_node *node, const struct place *place,
	struct arena *arena, void *target, struct error *err)
{
	char type[64];

	if (node->type == YAML_NULL)
		return 0;
	snprintf(type, sizeof(type), "v1.%s", shape->name);
	if (node->type != YAML_MAP)
		return mismatch(node, place, type, err);
	for (const struct field *field = shape->fields; field->name; field++) {
		const struct yaml_node *member = yaml_find(node, field->name);
		struct place here = { place, field->name, shape };

		if (member && read_field(field, member, &here, arena, target, err) < 0)
			return -1;
	}
	return 0;
}

int shape_read(
	const struct shape *shape, const struct yaml_node *node, struct arena *arena, void *target, struct error *err)
{
	return read_struct(shape, node, NULL, arena, target, err);
}
