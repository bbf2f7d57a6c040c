/* A YAML tree that may be changed: aliases are copies, each key of a map is there once, and keys are sorted as upstream
 * sees them after YAML was made JSON. */
#pragma once

#include "clusterutils/util/arena.h"
#include "clusterutils/util/error.h"
#include "clusterutils/util/yaml.h"

typedef void tree_on_duplicate(void *context, const struct yaml_node *replaced, const struct yaml_node *by);

/* Fails where aliases make too many values of a small text, at a depth beyond POLICY_MAX_DEPTH, and at numbers that
 * JSON has no words for. `on_duplicate` is told of keys that are there twice; the last counts. */
int tree_expand(const struct yaml_node *node, struct arena *arena, tree_on_duplicate *on_duplicate, void *context,
	struct yaml_node **ret_root, struct error *err) MUST_USE;

struct yaml_node *tree_new(struct arena *arena, enum yaml_type type, unsigned line);
struct yaml_node *tree_text(struct arena *arena, unsigned line, const char *text);
struct yaml_node *tree_copy(struct arena *arena, const struct yaml_node *node);

struct yaml_node *tree_find(struct yaml_node *map, const char *key); /* NULL-safe, as yaml_find */
struct yaml_node *tree_take(struct yaml_node *map, const char *key); /* out of the map; NULL where it is not there */

/* Puts the value under the key, in place of one that is there. The key is not copied. */
void tree_put(struct yaml_node *map, const char *key, struct yaml_node *value);
void tree_append(struct yaml_node *list, struct yaml_node *value);

/* The map or list under the key: made where there is none or null, NULL where it is something else. */
struct yaml_node *tree_need(struct arena *arena, struct yaml_node *map, const char *key, enum yaml_type type);

static inline bool tree_is(const struct yaml_node *node, enum yaml_type type) /* false for NULL */
{
	return node && node->type == type;
}
