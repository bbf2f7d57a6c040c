/* What PodDisruptionBudgets still allow, spent as a plan grows.
 * Source: k8s.io/kubernetes pkg/registry/core/pod/storage/eviction.go, v1.34. */
#pragma once

#include "clusterutils/model/cluster.h"
#include "clusterutils/util/arena.h"

struct budgets;

struct budgets *budgets_new(const struct cluster *cluster) RETURNS_NONNULL;
void budgets_free(struct budgets *budgets); /* NULL-safe */

/* NULL where the API server would let the pod go now, else why not; it lives as long as the arena. Also whether that is
 * because others went before, so that it may go when they are back. */
const char *budgets_refusal(
	const struct budgets *budgets, const struct pod *pod, struct arena *arena, bool *ret_is_spent);

/* The pod goes; and comes back. */
void budgets_spend(struct budgets *budgets, const struct pod *pod);
void budgets_return(struct budgets *budgets, const struct pod *pod);

/* Who went is back and ready: everything that they allow is there again. */
void budgets_renew(struct budgets *budgets);
