#include "tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/kube/json.h"
#include "clusterutils/util/die.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/timestamp.h"

enum { NAME_SIZE = 256 };

static void *made(void *tree)
{
	if (!tree)
		die("out of memory");
	return tree;
}

/* Cuts the first name off the path. */
static const char *next_name(const char *path, char name[NAME_SIZE])
{
	size_t length = strcspn(path, " ");

	snprintf(name, NAME_SIZE, "%.*s", (int)length, path);
	return path[length] ? path + length + 1 : path + length;
}

cJSON *demo_tree_at(const cJSON *tree, const char *path)
{
	char name[NAME_SIZE];

	while (tree && *path) {
		path = next_name(path, name);
		tree = cJSON_GetObjectItemCaseSensitive(tree, name);
	}
	return (cJSON *)(uintptr_t)tree; /* as strstr: as constant as what was given */
}

const char *demo_tree_text(const cJSON *tree, const char *path)
{
	return cJSON_GetStringValue(demo_tree_at(tree, path));
}

int64_t demo_tree_number(const cJSON *tree, const char *path, int64_t otherwise)
{
	const cJSON *value = demo_tree_at(tree, path);

	if (!value || !cJSON_IsNumber(value) || value->valuedouble > 9e15 || value->valuedouble < -9e15)
		return otherwise;
	return (int64_t)value->valuedouble;
}

void demo_tree_set(cJSON *object, const char *name, cJSON *value)
{
	made(value);
	if (cJSON_GetObjectItemCaseSensitive(object, name))
		cJSON_ReplaceItemInObjectCaseSensitive(object, name, value);
	else if (!cJSON_AddItemToObject(object, name, value))
		die("out of memory");
}

cJSON *demo_tree_object(cJSON *tree, const char *path)
{
	char name[NAME_SIZE];

	while (*path) {
		cJSON *member;

		path = next_name(path, name);
		member = cJSON_GetObjectItemCaseSensitive(tree, name);
		if (!cJSON_IsObject(member))
			demo_tree_set(tree, name, member = made(cJSON_CreateObject()));
		tree = member;
	}
	return tree;
}

cJSON *demo_tree_array(cJSON *tree, const char *name)
{
	cJSON *member = cJSON_GetObjectItemCaseSensitive(tree, name);

	if (!cJSON_IsArray(member))
		demo_tree_set(tree, name, member = made(cJSON_CreateArray()));
	return member;
}

void demo_tree_set_text(cJSON *object, const char *name, const char *text)
{
	demo_tree_set(object, name, cJSON_CreateString(text));
}

void demo_tree_set_number(cJSON *object, const char *name, int64_t number)
{
	demo_tree_set(object, name, cJSON_CreateNumber((double)number));
}

void demo_tree_set_flag(cJSON *object, const char *name, bool flag)
{
	demo_tree_set(object, name, cJSON_CreateBool(flag));
}

void demo_tree_set_time(cJSON *object, const char *name, int64_t seconds)
{
	char text[TIMESTAMP_SIZE];

	demo_tree_set_text(object, name, timestamp_text(seconds, text));
}

void demo_tree_insert(cJSON *array, int at, cJSON *item)
{
	cJSON *rest = made(cJSON_CreateArray()), *moved;

	while ((moved = cJSON_DetachItemFromArray(array, at)))
		cJSON_AddItemToArray(rest, moved);
	cJSON_AddItemToArray(array, item);
	while ((moved = cJSON_DetachItemFromArray(rest, 0)))
		cJSON_AddItemToArray(array, moved);
	cJSON_Delete(rest);
}

cJSON *demo_tree_copy(const cJSON *tree)
{
	return made(cJSON_Duplicate(tree, true));
}

char *demo_tree_print(const cJSON *tree)
{
	return made(cJSON_PrintUnformatted(tree));
}

void demo_tree_release_text(char **text)
{
	cJSON_free(*text);
}

cJSON *demo_tree_parse(const char *text)
{
	AUTO_FREE char *copy = memory_copy_text(text);

	for (char *quote = copy; (quote = strchr(quote, '\''));)
		*quote = '"';
	return made(cJSON_Parse(copy));
}

cJSON *demo_tree_element(cJSON *array, const char *member, const char *text)
{
	cJSON *element;

	cJSON_ArrayForEach (element, array)
		if (text_equal(demo_tree_text(element, member), text))
			return element;
	element = made(cJSON_CreateObject());
	demo_tree_set_text(element, member, text);
	cJSON_AddItemToArray(array, element);
	return element;
}
