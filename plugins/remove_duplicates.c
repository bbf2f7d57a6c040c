/* RemoveDuplicates: evicts pods of one owner that share a node, down to an even share of the nodes they may run on.
 * Upstream: pkg/framework/plugins/removeduplicates, v0.36.0. */
#include "clusterutils/rebalance/strategy.h"

struct args {
	struct param_names namespaces;
	struct param_texts exclude_owner_kinds;
};

static const struct param params[] = {
	PARAM_NAMESPACES(struct args, namespaces),
	{ .name = "excludeOwnerKinds",
		.type = PARAM_TEXTS,
		.offset = offsetof(struct args, exclude_owner_kinds),
		.help = "kinds of owners whose pods are left alone" },
	PARAM_END,
};

static void check(const void *args, struct check *check)
{
	const struct args *a = args;

	check_names(check, "namespaces", &a->namespaces);
}

const struct strategy strategy_remove_duplicates = {
	.name = "RemoveDuplicates",
	.summary = "pods of one owner that share a node",
	.points = STRATEGY_BALANCE,
	.params = params,
	.args_size = sizeof(struct args),
	.check = check,
};
