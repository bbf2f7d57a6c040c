/* The targets that hold for a plan's landings. */
#pragma once

#include "clusterutils/rebalance/plan.h"

/* Sets the rules' targets from the policy; those that are distances from the mean are taken from the loads as they are
 * now. Leaves them NULL where the policy sets none. */
void targets_find(struct plan *plan);

/* What the query of the step with the targets says of the nodes, in place of their samples; NULL where it has none. */
const struct node_readings *targets_readings(const struct plan *plan);
