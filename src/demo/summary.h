/* The kubelets of the demo, as far as stats/summary goes: through the API server's proxy of nodes. The numbers are
 * those of demo_usage.h, which metrics.k8s.io tells too; pressure is made of them, and rises where a node's memory is
 * full.
 *
 * Not all kubelets are alike: one cannot be reached, one is older than PSI and does not tell it, and one has a kernel
 * without it (as boards often have), of which it tells zeros, as a real one does. */
#pragma once

#include "clusterutils/kube/transport.h"
#include "world.h"

/* False where the path is none of these. */
bool demo_summary_serve(struct demo_world *world, struct request *request);
