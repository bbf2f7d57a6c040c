/* Node selectors and node affinity. Source: k8s.io/component-helpers scheduling/corev1/nodeaffinity, v0.34. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "clusterutils/model/node.h"
#include "clusterutils/model/pod.h"

/* nodeSelector and required node affinity together. A term that cannot be parsed matches nothing. */
bool node_affinity_required(const struct pod *pod, const struct node *node);

/* Any of the terms; of none, no node. */
bool node_terms_match(const struct node_terms *terms, const struct node *node);

/* Whether the preferred terms can be parsed: else the scheduler fails the pod's whole cycle. */
bool node_affinity_preferred_is_valid(const struct pod *pod);

/* The sum of the weights of the preferred terms that match: of valid ones. */
int64_t node_affinity_preferred(const struct pod *pod, const struct node *node);
