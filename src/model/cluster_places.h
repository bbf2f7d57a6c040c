/* Where a pod has its place in the store: its node, namespace, owner and tier. */
#pragma once

#include "clusterutils/model/cluster.h"

/* Made at first sight. Those of the last pod are remembered: those of a workload come one after the other. */
struct node_entry *node_entry_of(struct cluster *cluster, const char *name);
struct namespace_entry *namespace_entry_of(struct cluster *cluster, const char *name);
struct owner_entry *owner_entry_of(struct cluster *cluster, const char *uid);
struct tier_entry *tier_entry_of(struct cluster *cluster, const struct pod *pod);

/* Freed where nothing needs them any longer. */
void leave_node_entry(struct cluster *cluster, struct node_entry *entry);
void leave_namespace_entry(struct cluster *cluster, struct namespace_entry *entry);
void leave_owner_entry(struct cluster *cluster, struct owner_entry *entry);
void leave_tier_entry(struct cluster *cluster, struct tier_entry *entry);
