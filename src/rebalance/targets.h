/* The targets that hold for a plan's landings. */
#pragma once

#include "clusterutils/rebalance/plan.h"

/* Sets the rules' targets from the policy; those that are distances from the mean are taken from the loads as they are
 * now. Leaves them NULL where the policy sets none. */
void targets_find(struct plan *plan);
