/* What `top` reads beside the lists, from others than the API server: meters of power, and usage from the kubelets
 * themselves where --source says so. NULL for what nobody is asked for. */
#pragma once

#include "clusterutils/kube/access.h"
#include "clusterutils/kube/kubelets.h"
#include "clusterutils/kube/power.h"
#include "clusterutils/kube/sync.h"

struct beside {
	struct power *power;
	struct kubelets *kubelets;
};

void beside_release(struct beside *beside);

/* Of lists that were chosen for metrics.k8s.io: those that kubelets need. What they tell is left out, and nodes, which
 * say whom to ask, are put in where they are missing (there is room for one more). Returns how many there are then;
 * lists without any of metrics stay as they are, for nobody shows usage. */
size_t beside_choose_lists(struct sync_list *lists, size_t count);

/* What asking kubelets needs. */
struct right beside_right(void);

/* Whom to ask is known: the nodes have been read, or cannot be. */
bool beside_knows_nodes(const struct sync_list *lists, size_t count);

/* Waits for what has not come yet, and tells on stderr what cannot be read; *ret_complete is false then. That is no
 * error: nothing else is missing without it. */
void beside_complete(struct beside *beside, const struct cluster *cluster, bool *ret_complete);

/* Moves on what is under way. Returns the milliseconds until it wants to be called again, at most timeout_ms. */
int beside_turn(struct beside *beside, int timeout_ms);
