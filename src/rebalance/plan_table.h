/* A plan for people: tables and the sentences around them. And for programs: one object. */
#pragma once

#include "clusterutils/output/table.h"
#include "clusterutils/rebalance/plan.h"
#include "clusterutils/util/document.h"

/* The moves, or what is withheld; both for CSV and names. The texts live as long as plan and table. */
enum plan_rows { PLAN_ROWS_MOVES = 1, PLAN_ROWS_WITHHELD = 2 };
void plan_moves_table(const struct plan *plan, unsigned rows, struct table *ret_table);

/* Nodes whose load changes; all of them where `all` is set. */
void plan_nodes_table(const struct plan *plan, bool all, struct table *ret_table);

/* "nodes   1 over, 4 under, …": how the policy sees them; and the line at the end. */
void plan_head(const struct plan *plan, const char *policy_name, struct buffer *out);
void plan_foot(const struct plan *plan, struct buffer *out);

/* {"apiVersion":"clusterutils/v1","kind":"RebalancePlan",…}: as README has it. */
void plan_document(const struct plan *plan, const char *policy_name, struct document *document);
