/* What has left the store while somebody looks at it: see cluster_hold. */
#pragma once

#include "clusterutils/model/cluster.h"

void cluster_let_go(struct cluster *cluster, struct meta *object); /* NULL-safe */
void cluster_hold_release(struct cluster *cluster);
