/* A whole pass as a policy wants it. Source: sigs.k8s.io/descheduler v0.36.0, pkg/descheduler/descheduler.go
 * (runProfiles): first what deschedules of every profile, then what balances; a strategy that fails does not stop the
 * others; limits are of the whole pass. */
#pragma once

#include "clusterutils/rebalance/pass.h"
#include "clusterutils/rebalance/policy.h"

/* Upstream does nothing where fewer than two nodes are ready and chosen by the nodeSelector. */
enum { RUN_LEAST_NODES = 2 };

/* The policy was accepted; it and the cluster outlive the pass. What goes wrong with a strategy, and that there are too
 * few nodes, is a note of the pass. */
void run_policy(struct pass *pass, const struct policy *policy);
