/* The kubelets themselves, in place of metrics.k8s.io: what nodes and pods use, and the pressure that only they tell.
 * Once, or for as long as one looks.
 *
 * Each Ready node's stats/summary is asked for through the API server: GET nodes/NAME/proxy/stats/summary. That needs
 * `get` on nodes/proxy, which is a strong right (it reaches `exec`), and a request a node: never without being told to,
 * and nothing for thousands of nodes.
 *
 * Made to run beside a sync on the same transport: kubelets_turn starts what is due and takes in what is done, and
 * never waits. Rounds are KUBELETS_POLL_MS apart, and KUBELETS_UNDER_WAY of a connection's requests are at most theirs,
 * so that one is always left for lists and for what a person asks. A node that does not answer has no usage after the
 * round, and the others have theirs; the store's `survey` tells how many answered and why the first of the others did
 * not. */
#pragma once

#include "clusterutils/kube/transport.h"
#include "clusterutils/model/cluster.h"

enum {
	KUBELETS_POLL_MS = 15000, /* as metrics are read; a kubelet itself measures every ten to fifteen seconds */
	KUBELETS_UNDER_WAY = 3,
	KUBELETS_TIMEOUT_MS = 5000, /* of one node */
	KUBELETS_MAX_NODES = 10000, /* the rest is not asked, and is counted as not answering */
};

struct kubelets;

/* The store stays in place until kubelets_free. With `is_pods_only` what a node uses as a whole is left out, as where
 * one namespace is looked at. Nothing is asked before the first turn, which comes when the nodes are in the store;
 * where they could not be read (is_unread) those are asked that pods name. */
struct kubelets *kubelets_new(struct transport *transport, struct cluster *cluster, bool is_pods_only);
void kubelets_free(struct kubelets *kubelets); /* NULL-safe; gives up what is under way */

/* Returns the milliseconds until it wants to be called again, at most timeout_ms. */
int kubelets_turn(struct kubelets *kubelets, int timeout_ms);

/* Whether the store has changed since it was last asked. */
bool kubelets_has_changed(struct kubelets *kubelets);

/* How many rounds are over. */
uint64_t kubelets_rounds(const struct kubelets *kubelets);

/* Waits until the first round is over. */
void kubelets_complete(struct kubelets *kubelets);

/* For CLEANUP. */
static inline void kubelets_release(struct kubelets **kubelets)
{
	kubelets_free(*kubelets);
	*kubelets = NULL;
}
