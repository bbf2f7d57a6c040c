#include "lists.h"

/* Without nodes and pods there is no plan; what else cannot be read is told. */
static const struct {
	enum kind kind;
	bool is_needed, metadata_only;
} kinds[] = {
	{ KIND_NODE, true, false },
	{ KIND_POD, true, false },
	{ KIND_NAMESPACE, false, false },
	{ KIND_REPLICA_SET, false, false },
	{ KIND_DEPLOYMENT, false, false },
	{ KIND_STATEFUL_SET, false, false },
	{ KIND_JOB, false, true },
	{ KIND_SERVICE, false, false },
	{ KIND_PRIORITY_CLASS, false, false },
	{ KIND_POD_DISRUPTION_BUDGET, false, false },
	{ KIND_PERSISTENT_VOLUME, false, false },
	{ KIND_PERSISTENT_VOLUME_CLAIM, false, false },
	{ KIND_STORAGE_CLASS, false, false },
	{ KIND_CSI_NODE, false, false },
	{ KIND_CSI_DRIVER, false, false },
	{ KIND_CSI_CAPACITY, false, false },
	{ KIND_VOLUME_ATTACHMENT, false, false },
	{ KIND_NODE_METRICS, false, false },
	{ KIND_POD_METRICS, false, false },
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

_Static_assert((int)KINDS <= (int)REBALANCE_LISTS, "all of them");

static bool is_measured(enum kind kind)
{
	return kind == KIND_NODE_METRICS || kind == KIND_POD_METRICS;
}

static void add(struct rebalance_lists *lists, bool with_usage)
{
	*lists = (struct rebalance_lists){ 0 };
	for (size_t i = 0; i < KINDS; i++)
		if (with_usage || !is_measured(kinds[i].kind))
			lists->items[lists->count++] = (struct sync_list){ .kind = kinds[i].kind,
				.is_needed = kinds[i].is_needed,
				.metadata_only = kinds[i].metadata_only };
}

void lists_for_plan(struct rebalance_lists *ret_lists)
{
	add(ret_lists, true);
}

void lists_for_run(struct rebalance_lists *ret_lists)
{
	add(ret_lists, false);
	ret_lists->items[ret_lists->count++] =
		(struct sync_list){ .kind = KIND_EVENT, .field_selector = "type=Warning,involvedObject.kind=Pod" };
}

int lists_check(const struct rebalance_lists *lists, struct error *err)
{
	for (size_t i = 0; i < lists->count; i++)
		if (lists->items[i].is_needed && lists->items[i].namespace)
			return error_set(err, ERROR_FORBIDDEN,
				"a plan needs the %s of all namespaces, and those of %s alone may be read",
				kind_info(lists->items[i].kind)->resource, lists->items[i].namespace);
	return 0;
}

size_t lists_rights(struct right *ret_rights, bool follows)
{
	for (size_t i = 0; i < KINDS; i++) {
		const struct kind_info *info = kind_info(kinds[i].kind);

		ret_rights[i] = (struct right){ .group = info->group,
			.resource = info->resource,
			.is_cluster_scoped = info->scope == SCOPE_CLUSTER,
			.verbs = { "list", follows && !is_measured(kinds[i].kind) ? "watch" : NULL } };
	}
	return KINDS;
}
