/* What a pod requests as a whole. Source: k8s.io/component-helpers/resource helpers.go (PodRequests, PodLimits) and
 * k8s.io/kubectl/pkg/util/qos, v0.34.
 *
 * The rule: the larger of (the app containers and the sidecars) and (each init container in turn beside the sidecars
 * started before it), plus overhead; resources set for the pod as a whole take the place of the sum for those they
 * name; while a resize in place is under way, the larger of specification and status counts, unless the resize is
 * infeasible. */
#pragma once

#include "clusterutils/model/pod.h"
#include "clusterutils/util/arena.h"

enum pod_resources_option {
	POD_RESOURCES_STATUS = 1,         /* count what the status reports: as the scheduler does */
	POD_RESOURCES_SKIP_POD_LEVEL = 2, /* leave out spec.resources */
	POD_RESOURCES_SKIP_OVERHEAD = 4,
	POD_RESOURCES_NON_ZERO =
		8, /* count 100m and 200 MiB for a container that names none, as the scheduler's scores do */
};

/* The lists live in the arena and are never NULL. `kubectl describe node` shows the requests with STATUS and
 * SKIP_POD_LEVEL, and the limits with SKIP_POD_LEVEL. */
const struct resource_list *pod_requests(const struct pod *pod, unsigned options, struct arena *arena);
const struct resource_list *pod_limits(const struct pod *pod, unsigned options, struct arena *arena);

/* By the specification alone; the API server's own answer (status.qosClass) is decoded into pod->qos. */
enum pod_qos pod_qos_of_spec(const struct pod *pod);
