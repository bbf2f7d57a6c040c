/* The part of the cluster store that knows of power: cluster_set_meters, cluster_node_power. */
#pragma once

#include "clusterutils/model/cluster.h"

void cluster_power_init(struct cluster *cluster);
void cluster_power_release(struct cluster *cluster);
void cluster_power_hold(struct cluster *cluster); /* of cluster_hold */
