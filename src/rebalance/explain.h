/* The two halves of `rebalance --explain`. */
#pragma once

#include "clusterutils/output/table.h"
#include "rebalance.h"

/* Each node as each strategy that classes nodes saw it, and the keys that made it so. */
void explain_classes_table(const struct plan *plan, struct table *ret_table);

/* "NAMESPACE/POD", or "POD" in the namespace of the command line. */
int explain_one(const struct planned *planned, struct plan *plan, const char *name, struct error *err) MUST_USE;
