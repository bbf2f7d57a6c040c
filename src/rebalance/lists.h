/* What of a cluster the command reads: once for a plan, and on and on while a plan is carried out. */
#pragma once

#include "clusterutils/command/command.h"

enum { REBALANCE_LISTS = 20 };

struct rebalance_lists {
	struct sync_list items[REBALANCE_LISTS];
	size_t count;
};

/* All that a plan is made of. */
void lists_for_plan(struct rebalance_lists *ret_lists);
/* The same without measured usage, which says nothing of where pods go, but with the warnings about pods. */
void lists_for_run(struct rebalance_lists *ret_lists);

/* A plan made of a part of the pods would be wrong. */
int lists_check(const struct rebalance_lists *lists, struct error *err) MUST_USE;

/* Those of the plan; and where it is carried out, to follow what it reads. Returns how many. */
size_t lists_rights(struct right *ret_rights, bool follows);
