#include "clusterutils/rebalance/groups.h"

#include <stdlib.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

struct group_list {
	const char *first, *second; /* a namespace; or key and value of a label */
	struct pod_group **items;
	size_t count, capacity;
};

static struct index_key key_of_list(const void *object)
{
	const struct group_list *list = object;

	return (struct index_key){ list->first, list->second };
}

void pod_groups_init(struct pod_groups *groups, struct pass *pass)
{
	*groups = (struct pod_groups){ .pass = pass };
	index_init(&groups->by_namespace, key_of_list);
	index_init(&groups->by_value, key_of_list);
	index_init(&groups->keys, key_of_list);
}

static void release_lists(struct index *index)
{
	for (size_t i = 0; i < index->count; i++)
		free(((struct group_list *)index->items[i])->items);
	index_release(index);
}

void pod_groups_release(struct pod_groups *groups)
{
	for (size_t i = 0; i < groups->count; i++)
		free(groups->items[i]->pods);
	free(groups->items);
	pointer_map_release(&groups->by_labels);
	release_lists(&groups->by_namespace);
	release_lists(&groups->by_value);
	release_lists(&groups->keys);
}

static void add_to_list(
	struct pod_groups *groups, struct index *index, const char *first, const char *second, struct pod_group *group)
{
	struct group_list *list = index_find(index, first, second);

	if (!list) {
		list = ARENA_NEW(&groups->pass->arena, struct group_list);
		list->first = first;
		list->second = second;
		index_add(index, list);
	}
	if (!group)
		return;
	ARRAY_GROW(list->items, list->count, list->capacity);
	list->items[list->count++] = group;
}

static const char *text_of(const char *namespace)
{
	return namespace ? namespace : "";
}

struct pod_group *pod_groups_add(struct pod_groups *groups, struct pass_pod *pod)
{
	const struct meta *meta = &pod->pod->meta;
	void **known = pointer_map_at(&groups->by_labels, POINTERS(meta->namespace, meta->labels));
	struct pod_group *group = *known;

	if (!group) {
		*known = group = ARENA_NEW(&groups->pass->arena, struct pod_group);
		group->namespace = meta->namespace;
		group->labels = meta->labels;
		group->number = groups->count;
		ARRAY_GROW(groups->items, groups->count, groups->capacity);
		groups->items[groups->count++] = group;
		add_to_list(groups, &groups->by_namespace, text_of(meta->namespace), NULL, group);
	}
	ARRAY_GROW(group->pods, group->count, group->capacity);
	group->pods[group->count++] = pod;
	return group;
}

/* --- selecting --- */

/* The groups that have the value: an index of the key is made when it is first asked for. */
static const struct group_list *groups_with(struct pod_groups *groups, const char *key, const char *value)
{
	if (!index_find(&groups->keys, key, NULL)) {
		add_to_list(groups, &groups->keys, key, NULL, NULL);
		for (size_t i = 0; i < groups->count; i++) {
			const char *own = labels_get(groups->items[i]->labels, key);

			if (own)
				add_to_list(groups, &groups->by_value, key, own, groups->items[i]);
		}
	}
	return index_find(&groups->by_value, key, value);
}

static bool names_one_value(const struct requirement *requirement)
{
	return requirement->value_count == 1 &&
		(requirement->op == SELECTOR_EQUALS || requirement->op == SELECTOR_DOUBLE_EQUALS ||
			requirement->op == SELECTOR_IN);
}

/* The fewest groups that the selector can mean; NULL for none. */
static const struct group_list *shortest_list(
	struct pod_groups *groups, const char *namespace, const struct selector *selector)
{
	const struct group_list *shortest = index_find(&groups->by_namespace, text_of(namespace), NULL);

	for (size_t i = 0; shortest && i < selector->count; i++) {
		const struct requirement *requirement = &selector->requirements[i];
		const struct group_list *list;

		if (!names_one_value(requirement))
			continue;
		list = groups_with(groups, requirement->key, requirement->values[0]);
		if (!list || list->count < shortest->count)
			shortest = list;
	}
	return shortest;
}

size_t pod_groups_select(struct pod_groups *groups, const char *namespace, const struct selector *selector,
	struct pod_group ***ret_groups)
{
	const struct group_list *list = shortest_list(groups, namespace, selector);
	size_t count = 0;

	*ret_groups = ARENA_ARRAY(&groups->pass->arena, list ? list->count : 0, struct pod_group *);
	for (size_t i = 0; list && i < list->count; i++)
		if (text_equal(text_of(list->items[i]->namespace), text_of(namespace)) &&
			selector_matches(selector, list->items[i]->labels))
			(*ret_groups)[count++] = list->items[i];
	return count;
}
