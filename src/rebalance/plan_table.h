/* A plan for people: tables and the sentences around them. And for programs: one object. */
#pragma once

#include "clusterutils/output/print.h"
#include "clusterutils/output/table.h"
#include "clusterutils/rebalance/plan.h"
#include "clusterutils/util/document.h"

/* The moves, or what is withheld; both for CSV and names. The texts live as long as plan and table. */
enum plan_rows { PLAN_ROWS_MOVES = 1, PLAN_ROWS_WITHHELD = 2 };
void plan_moves_table(const struct plan *plan, unsigned rows, struct table *ret_table);

/* Nodes whose load changes; all of them where `all` is set. */
void plan_nodes_table(const struct plan_node *nodes, size_t count, bool all, struct table *ret_table);

/* "nodes   1 over, 4 under, …": how the policy sees them; and the line at the end. */
void plan_head(const struct plan *plan, const char *policy_name, struct buffer *out);
void plan_foot(const struct plan *plan, struct buffer *out);

/* {"apiVersion":"clusterutils/v1","kind":"RebalancePlan",…}: as README has it. */
void plan_document(const struct plan *plan, const char *key, const char *policy_name, struct document *document);

/* Its parts: [{"name","class","before":{…},"after":{…}}], and a number or null. */
void plan_document_nodes(const struct plan_node *nodes, size_t count, struct document *document);
void plan_document_notes(const struct plan *plan, struct document *document);
void document_percent(struct document *document, const char *key, double percent);

/* Whether the strategy was asked for (NULL: what is said of the policy). */
bool plan_has_strategy(const struct plan *plan, const char *strategy);

/* "namespace/name"; and "tatooine (kamino)": the landing foreseen and the next, NULL for none. */
const char *pod_name(struct arena *arena, const struct pod *pod);
const char *landing_name(struct arena *arena, const struct landing *landing);

/* Where a pod lands: two columns for programs, and one for people. A NULL landing is none. */
enum { LANDING_COLUMNS = 3 };
#define LANDING_TO \
	{ \
		"to", "TO", COLUMN_DATA, 0 \
	}
#define LANDING_NEXT \
	{ \
		"runnerUp", "RUNNER UP", COLUMN_DATA, 0 \
	}
#define LANDING_SHOWN \
	{ \
		"landing", "LANDS ON", COLUMN_TEXT_ONLY, 0 \
	}
void landing_cells(const struct landing *landing, struct cell *cells, struct arena *arena);

/* Prints a table under an empty line; nothing where it has no rows. */
void print_section(
	const char *title, const struct table *table, const struct print_options *options, struct buffer *out);
