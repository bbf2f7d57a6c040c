/* Whose pods are shown, by the row that was entered or the rows that are tagged. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/tui/names.h"
#include "clusterutils/util/text.h"
#include "frame.h"
#include "view.h"

/* "home/amd64": the values of the levels; none is that the nodes have none. */
static void read_levels(const char *values, const struct grouping *grouping, struct arena *arena, struct scope *scope)
{
	scope->grouping = grouping;
	while (scope->level_count < grouping->count) {
		size_t length = strcspn(values, "/");

		scope->levels[scope->level_count++] = length ? arena_copy(arena, values, length) : NULL;
		if (!values[length])
			break;
		values += length + 1;
	}
}

void scope_of(const struct frame_id *id, const struct grouping *grouping, struct arena *arena, struct scope *ret_scope,
	const char **ret_node)
{
	if (strcmp(id->kind, "node") == 0)
		*ret_node = arena_text(arena, id->name);
	else if (strcmp(id->kind, "group") == 0)
		read_levels(id->name, grouping, arena, ret_scope);
	else if (strcmp(id->kind, "tier") == 0) {
		/* The name that the tier of pods without a class has cannot be a class's. */
		ret_scope->tier = id->name[0] == '(' ? "" : arena_text(arena, id->name);
		ret_scope->priority = (int32_t)strtol(id->namespace, NULL, 10);
	}
}

static bool has_levels(const struct scope *scope, const struct node *node)
{
	for (size_t i = 0; i < scope->level_count; i++)
		if (!text_equal(grouping_value(scope->grouping, i, node), scope->levels[i]))
			return false;
	return true;
}

static bool is_tagged(const struct scope *scope, const char *node)
{
	char id[512];

	snprintf(id, sizeof(id), "%snode//%s", scope->prefix ? scope->prefix : "", node);
	return names_has(scope->nodes, id);
}

bool scope_has_pod(const struct scope *scope, const struct cluster *cluster, const struct pod *pod)
{
	const struct node_entry *entry;

	if (scope->tier &&
		(pod->priority != scope->priority ||
			!text_equal(pod->priority_class ? pod->priority_class : "", scope->tier)))
		return false;
	if (scope->nodes && (!pod->node || !is_tagged(scope, pod->node)))
		return false;
	if (!scope->grouping)
		return true;
	entry = pod->node ? cluster_find_node(cluster, pod->node) : NULL;
	return entry && entry->node && has_levels(scope, entry->node);
}
