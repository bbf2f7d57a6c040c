/* The arithmetic of struct node_load. */
#pragma once

#include "clusterutils/rebalance/landing.h"

/* A pod comes (sign 1) or goes (-1); `is_measured` where the node's sample has it already. */
void node_load_charge(struct node_load *load, const struct pod *pod, int sign, bool is_measured);

/* How full the node is of what a target names, by the rules' kind of use; NAN for a resource that is not looked at. */
double node_load_percent_of(const struct landing_rules *rules, const struct node_load *load, const char *resource);

/* The first target that the node is above; NULL for none. */
const struct param_percent *node_load_exceeded(const struct landing_rules *rules, const struct node_load *load);

/* The largest percent of requested cpu, requested memory and pods; NAN where none is known. */
double node_load_fullness(const struct node_load *load);
