/* Reading and changing the demo's objects as trees. What is missing on the way is made; memory that runs out ends the
 * program. Paths are member names separated by blanks: "spec template metadata". */
#pragma once

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "clusterutils/util/attribute.h"

/* Where the path leads; NULL where it leads nowhere. */
cJSON *demo_tree_at(const cJSON *tree, const char *path);
const char *demo_tree_text(const cJSON *tree, const char *path); /* NULL where there is no text */
int64_t demo_tree_number(const cJSON *tree, const char *path, int64_t otherwise);

/* The member, made where it is not there or is of another type. */
cJSON *demo_tree_object(cJSON *tree, const char *path) RETURNS_NONNULL;
cJSON *demo_tree_array(cJSON *tree, const char *name) RETURNS_NONNULL;

/* A member set to a value, replacing any other. The last takes the value over. */
void demo_tree_set_text(cJSON *object, const char *name, const char *text);
void demo_tree_set_number(cJSON *object, const char *name, int64_t number);
void demo_tree_set_flag(cJSON *object, const char *name, bool flag);
void demo_tree_set_time(cJSON *object, const char *name, int64_t seconds); /* RFC 3339 */
void demo_tree_set(cJSON *object, const char *name, cJSON *value);

/* Takes the item over. Not cJSON_InsertItemInArray, which in 1.7.17, and where its fix was taken into older versions,
 * refuses any place but the first and the last. */
void demo_tree_insert(cJSON *array, int at, cJSON *item);

cJSON *demo_tree_copy(const cJSON *tree) RETURNS_NONNULL;

/* Compact JSON. Freed by AUTO_TREE_TEXT. */
char *demo_tree_print(const cJSON *tree) RETURNS_NONNULL;
void demo_tree_release_text(char **text);
#define AUTO_TREE_TEXT CLEANUP(demo_tree_release_text) char

/* The text is JSON of our own, with ' for ". */
cJSON *demo_tree_parse(const char *text) RETURNS_NONNULL;

/* The element of an array whose member `type` has that text, made at its end where there is none. */
cJSON *demo_tree_element(cJSON *array, const char *member, const char *text) RETURNS_NONNULL;
