/* PriorityClasses and PodDisruptionBudgets. Source: k8s.io/api/scheduling/v1 and policy/v1, v0.34. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "clusterutils/model/meta.h"
#include "clusterutils/model/selector.h"

struct priority_class {
	struct meta meta;
	int32_t value;
	bool global_default; /* of several the smallest value counts, as in the API server's admission */
	bool never_preempts; /* preemptionPolicy: Never */
};

struct disruption_budget {
	struct meta meta;
	const struct label_selector *selector; /* interned; NULL where absent: selects nothing */
	const char *min_available;             /* as written: "1", "50%"; NULL where not set */
	const char *max_unavailable;
	int32_t disruptions_allowed;
	int32_t current_healthy;
	int32_t desired_healthy;
	bool unhealthy_may_go; /* unhealthyPodEvictionPolicy: AlwaysAllow */
};
