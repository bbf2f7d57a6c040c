#include "policy_tree.h"

#include <stdlib.h>
#include <string.h>

#include "clusterutils/rebalance/policy.h"
#include "clusterutils/util/memory.h"

struct expansion {
	struct arena *arena;
	tree_on_duplicate *on_duplicate;
	void *context;
	size_t node_count;
};

struct slot {
	struct yaml_node *node;
	size_t position; /* in the text, for equal keys */
};

static int compare_slots(const void *a, const void *b)
{
	const struct slot *first = a, *second = b;
	int order = strcmp(first->node->key, second->node->key);

	return order ? order : (first->position > second->position) - (first->position < second->position);
}

/* Sorts the members of a map by key; of equal ones the last in the text stays. */
static void sort_map(struct expansion *expansion, struct yaml_node *map)
{
	AUTO_FREE struct slot *slots = NULL;
	struct yaml_node **tail = &map->first;
	size_t count = 0;

	for (const struct yaml_node *member = map->first; member; member = member->next)
		count++;
	slots = memory_new_array(count, sizeof(*slots));
	count = 0;
	for (struct yaml_node *member = map->first; member; member = member->next, count++)
		slots[count] = (struct slot){ member, count };
	if (count)
		qsort(slots, count, sizeof(*slots), compare_slots);
	for (size_t i = 0; i < count; i++) {
		if (i + 1 < count && strcmp(slots[i].node->key, slots[i + 1].node->key) == 0) {
			expansion->on_duplicate(expansion->context, slots[i].node, slots[i + 1].node);
			continue;
		}
		*tail = slots[i].node;
		tail = &slots[i].node->next;
	}
	*tail = NULL;
}

static int expand(
	struct expansion *expansion, const struct yaml_node *node, int depth, struct yaml_node **ret, struct error *err)
{
	struct yaml_node *copy, **tail;

	if (++expansion->node_count > POLICY_MAX_NODES)
		return error_set(err, ERROR_INVALID, "line %u: more than %d values, each alias counted", node->line,
			POLICY_MAX_NODES);
	if (depth > POLICY_MAX_DEPTH)
		return error_set(err, ERROR_INVALID, "line %u: exceeded max depth of %d", node->line, POLICY_MAX_DEPTH);
	copy = ARENA_NEW(expansion->arena, struct yaml_node);
	*copy = *node;
	copy->next = NULL;
	copy->first = NULL;
	tail = &copy->first;
	for (const struct yaml_node *member = node->first; member; member = member->next) {
		struct yaml_node *child = NULL;

		if (expand(expansion, member, depth + 1, &child, err) < 0 || !child)
			return -1;
		*tail = child;
		tail = &child->next;
	}
	if (node->type == YAML_MAP)
		sort_map(expansion, copy);
	*ret = copy;
	return 0;
}

/* Of what counts in the end: of equal keys the last. */
static int check_numbers(const struct yaml_node *node, struct error *err)
{
	if (node->type == YAML_FLOAT && strpbrk(node->text, "iInN"))
		return error_set(err, ERROR_INVALID, "line %u: unsupported value: %s", node->line,
			strpbrk(node->text, "aA")    ? "NaN"
				: *node->text == '-' ? "-Inf"
						     : "+Inf");
	for (const struct yaml_node *member = node->first; member; member = member->next)
		if (check_numbers(member, err) < 0)
			return -1;
	return 0;
}

int tree_expand(const struct yaml_node *node, struct arena *arena, tree_on_duplicate *on_duplicate, void *context,
	struct yaml_node **ret_root, struct error *err)
{
	struct expansion expansion = { .arena = arena, .on_duplicate = on_duplicate, .context = context };

	return expand(&expansion, node, 0, ret_root, err) < 0 || check_numbers(*ret_root, err) < 0 ? -1 : 0;
}

struct yaml_node *tree_new(struct arena *arena, enum yaml_type type, unsigned line)
{
	struct yaml_node *node = ARENA_NEW(arena, struct yaml_node);

	node->type = type;
	node->line = line ? line : 1;
	node->text = "";
	return node;
}

struct yaml_node *tree_text(struct arena *arena, unsigned line, const char *text)
{
	struct yaml_node *node = tree_new(arena, YAML_TEXT, line);

	node->text = text;
	return node;
}

struct yaml_node *tree_copy(struct arena *arena, const struct yaml_node *node)
{
	struct yaml_node *copy = ARENA_NEW(arena, struct yaml_node), **tail = &copy->first;

	*copy = *node;
	copy->next = NULL;
	copy->first = NULL;
	for (const struct yaml_node *member = node->first; member; member = member->next) {
		*tail = tree_copy(arena, member);
		tail = &(*tail)->next;
	}
	return copy;
}

struct yaml_node *tree_find(struct yaml_node *map, const char *key)
{
	struct yaml_node *found = NULL;

	if (!tree_is(map, YAML_MAP))
		return NULL;
	for (struct yaml_node *member = map->first; member; member = member->next)
		if (strcmp(member->key, key) == 0)
			found = member;
	return found;
}

struct yaml_node *tree_take(struct yaml_node *map, const char *key)
{
	struct yaml_node *taken = tree_find(map, key);

	for (struct yaml_node **at = &map->first; taken && *at; at = &(*at)->next) {
		if (*at != taken)
			continue;
		*at = taken->next;
		break;
	}
	if (taken) {
		taken->next = NULL;
		taken->key = NULL;
	}
	return taken;
}

/* Where a new last member goes. */
static struct yaml_node **end_of(struct yaml_node *collection)
{
	struct yaml_node **tail = &collection->first;

	while (*tail)
		tail = &(*tail)->next;
	return tail;
}

void tree_put(struct yaml_node *map, const char *key, struct yaml_node *value)
{
	tree_take(map, key);
	value->key = key;
	value->next = NULL;
	*end_of(map) = value;
}

void tree_append(struct yaml_node *list, struct yaml_node *value)
{
	value->key = NULL;
	value->next = NULL;
	*end_of(list) = value;
}

struct yaml_node *tree_need(struct arena *arena, struct yaml_node *map, const char *key, enum yaml_type type)
{
	struct yaml_node *node = tree_find(map, key);

	if (!node || node->type == YAML_NULL) {
		node = tree_new(arena, type, node ? node->line : map->line);
		tree_put(map, key, node);
	}
	return node->type == type ? node : NULL;
}
