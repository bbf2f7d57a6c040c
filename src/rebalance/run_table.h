/* The moves of a run as a table: of one that has just ended, and of one that is written down. */
#pragma once

#include "clusterutils/output/table.h"

/* Texts live as long as the table; NULL for what is not known. */
struct run_row {
	const char *namespace, *name, *strategy, *from, *to, *landed, *replacement, *state, *why;
	int64_t seconds; /* VALUE_NONE where it is not over */
	unsigned wave;
	enum role role; /* of the state */
};

void run_table_init(struct table *ret_table, const char *kind);
void run_table_add(struct table *table, const struct run_row *row);
