/* What came of a run: for people a few lines and the nodes before and after, for programs one object
 * {"apiVersion":"clusterutils/v1","kind":"RebalanceRun",…}. */
#pragma once

#include "clusterutils/output/print.h"
#include "clusterutils/rebalance/plan.h"
#include "waves.h"

struct run_report {
	const struct waves *waves;
	const struct plan_node *nodes;
	size_t node_count;
	size_t above_before, above_after; /* nodes above target */
	bool has_targets;
};

void run_report_print(const struct run_report *report, const struct print_options *options, struct buffer *out);
