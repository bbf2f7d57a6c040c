/* What makes pods: Deployment, ReplicaSet, StatefulSet, DaemonSet, Job and CronJob, as far as they are alike. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "clusterutils/model/kind.h"
#include "clusterutils/model/meta.h"
#include "clusterutils/model/selector.h"

struct workload {
	struct meta meta;
	enum kind kind;
	int64_t generation;     /* of its specification: counts up with each change; 0 where it is not told */
	int32_t replicas;       /* wanted; of a DaemonSet status.desiredNumberScheduled, of a Job spec.parallelism */
	int32_t ready_replicas; /* as the status says */
	bool suspended;         /* of a Job or CronJob */
	bool surges;            /* of a Deployment: it starts a new pod before it stops an old one */
	const struct label_selector *selector; /* of its pods; NULL for none, and of a CronJob */
};
