/* On which architectures an image has been seen: nodes that have it, and pods that run it. What was never seen on one
 * may lack it, and would not start there. */
#pragma once

#include "clusterutils/model/cluster.h"

struct seen_arches;

struct seen_arches *seen_arches_new(const struct cluster *cluster) RETURNS_NONNULL; /* reads the cluster when asked */
void seen_arches_free(struct seen_arches *arches);                                  /* NULL-safe */

/* The first image of the pod that was never seen on the architecture; NULL where all were. */
const char *seen_arches_missing(struct seen_arches *arches, const struct pod *pod, const char *arch);
