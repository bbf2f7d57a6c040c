/* Cells that several views make of sums and of pods. */
#pragma once

#include "clusterutils/model/cluster.h"
#include "clusterutils/output/table.h"

/* Usage, requests and limits in shares of what the nodes offer. Usage counts where `sampled` of the nodes told it:
 * unknown where none did, an estimate where some did not. */
struct cell cell_cpu_share(const struct node_usage *nodes, const struct pod_usage *pods);
struct cell cell_memory_share(const struct node_usage *nodes, const struct pod_usage *pods);

/* The same with the usage of the pods themselves. */
struct cell cell_pods_cpu_share(const struct node_usage *nodes, const struct pod_usage *pods);
struct cell cell_pods_memory_share(const struct node_usage *nodes, const struct pod_usage *pods);

/* Of one pod, in units. */
struct cell cell_pod_cpu(const struct pod *pod);
struct cell cell_pod_memory(const struct pod *pod);

/* "Running", "CrashLoopBackOff", "Terminating": as kubectl's STATUS column says it. */
struct cell cell_pod_status(const struct pod *pod, struct arena *arena);

/* The cell as far as the lists were read that it is made of: what comes from a list that could not be read is unknown,
 * never 0. */
enum { FROM_NODES = 1, FROM_PODS = 2 };
struct cell cell_as_read(struct cell cell, const struct cluster *cluster, unsigned from);

/* "pod/web/blog-0", "node//corellia": of the object that a row shows, for row.id. */
const char *row_id(struct arena *arena, const char *kind, const char *namespace, const char *name);

/* What all nodes together offer and use. */
struct node_usage all_nodes(const struct cluster *cluster);

/* The sources that every view has: lists of nodes and pods, metrics and their age. */
void add_metrics_source(struct table *table, const struct cluster *cluster, int64_t now);
