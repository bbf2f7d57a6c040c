/* A pod, as far as the commands look at it.
 *
 * What pods of one workload share is interned (model/intern.h), so that 150,000 pods fit into 100 MB: keep the struct
 * small, and put what few pods have into struct pod_rare. Source: k8s.io/api/core/v1 types.go, v0.34. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/model/meta.h"
#include "clusterutils/model/placement.h"
#include "clusterutils/model/resource.h"
#include "clusterutils/model/taint.h"

enum pod_phase { POD_PENDING, POD_RUNNING, POD_SUCCEEDED, POD_FAILED, POD_UNKNOWN };
enum pod_qos { QOS_GUARANTEED, QOS_BURSTABLE, QOS_BEST_EFFORT };

enum container_role {
	CONTAINER_APP,
	CONTAINER_INIT,    /* runs once before the app containers */
	CONTAINER_SIDECAR, /* an init container with restartPolicy Always: stays beside them */
};

struct container {
	const char *name; /* interned */
	const char *image;
	const struct resource_list *requests; /* NULL for none */
	const struct resource_list *limits;
	uintptr_t role; /* enum container_role; a whole word, so that the interned list has no padding */
};

/* In the order of the specification: init containers and sidecars first, then app containers. Interned. */
struct container_list {
	size_t count;
	struct container items[];
};

enum container_state { CONTAINER_WAITING, CONTAINER_RUNNING, CONTAINER_TERMINATED };

/* What the status of a container reports of its resources, while a resize is under way. Interned. */
struct container_resources {
	const struct resource_list *requests; /* NULL for none */
	const struct resource_list *limits;
	const struct resource_list *allocated; /* allocatedResources */
};

struct container_status {
	const char *name;                            /* interned */
	const char *reason;                          /* of waiting or terminated; NULL for none. Interned */
	const struct container_resources *resources; /* NULL where status.resources is not there */
	uint32_t restarts;
	int32_t exit_code; /* of terminated */
	uint8_t state;     /* enum container_state */
	uint8_t role;      /* enum container_role, as the specification has it */
	bool ready;
};

/* What few pods have: at most one of these per pod, in the pod's own memory. */
struct pod_rare {
	const struct resource_list *overhead;
	const struct resource_list *requests; /* spec.resources: for the pod as a whole (KEP-2837); NULL for none */
	const struct resource_list *limits;
	bool has_resources;               /* spec.resources is there */
	bool resize_infeasible;           /* condition PodResizePending with reason Infeasible */
	const char *message;              /* why it could not be scheduled, or status.message; scrubbed */
	struct pod_condition *conditions; /* where the store wants them (CLUSTER_CONDITIONS); so are the next */
	size_t condition_count;
	struct container_status *ephemerals; /* of ephemeral containers */
	size_t ephemeral_count;
	const char *nominated_node;
};

struct pod {
	struct meta meta;
	const char *node;           /* interned; NULL while it is not bound */
	const char *priority_class; /* interned; NULL for none */
	const char *reason;         /* status.reason (Evicted), or of the scheduler (Unschedulable); NULL for none */
	const struct container_list *containers;
	const struct toleration_list *tolerations;
	const struct labels *node_selector;
	const struct placement *placement; /* NULL for none, or where the store does not want it (CLUSTER_PLACEMENT) */
	struct container_status *statuses; /* in meta.memory */
	struct pod_rare *rare;             /* NULL for most */
	int64_t started;                   /* status.startTime, or TIME_NONE */

	struct amounts request; /* of the whole pod (pod_requests), what the scheduler counts */
	struct amounts limit;   /* RESOURCE_UNKNOWN where a container has none */
	struct amounts usage;   /* of metrics.k8s.io; RESOURCE_UNKNOWN while there is no sample */

	uint32_t usage_stamp; /* of the reading that brought `usage`: see cluster_sweep */
	int32_t priority;
	uint16_t status_count;
	uint8_t phase;       /* enum pod_phase */
	uint8_t qos;         /* enum pod_qos */
	bool ready;          /* condition Ready */
	bool mirror;         /* annotation kubernetes.io/config.mirror: a static pod's picture in the API */
	bool never_preempts; /* preemptionPolicy: Never */
	bool has_priority;   /* spec.priority is there; a pod without counts as 0 */
	uint8_t marks;       /* a set of enum pod_mark; with CLUSTER_PLACEMENT */

	/* Of the store's indexes (model/cluster.h): not for anybody else. */
	uint32_t slot;
	struct pod_link {
		struct pod *next, *previous;
	} by_node, by_namespace, by_owner, by_tier;
};

/* Neither succeeded nor failed: it takes room on its node. */
bool pod_is_active(const struct pod *pod);

/* "Running"; "Unknown" where it is none of the list. */
extern const char *const pod_phase_texts[]; /* NULL-ended */
const char *pod_phase_text(enum pod_phase phase);

uint32_t pod_restarts(const struct pod *pod); /* of app containers and sidecars */
