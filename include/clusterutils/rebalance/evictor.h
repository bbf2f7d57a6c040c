/* DefaultEvictor's settings: which pods a profile may evict at all.
 *
 * Source: sigs.k8s.io/descheduler pkg/framework/plugins/defaultevictor types.go, v0.36.0. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "clusterutils/rebalance/param.h"

/* Pods of this priority and above are the system's: upstream's default threshold, and the highest it takes. */
#define EVICTOR_SYSTEM_CRITICAL INT32_C(2000000000)

/* What protects pods by itself, then what protects them where it is asked for. A set is of 1u << PROTECT_…. */
enum protection {
	PROTECT_LOCAL_STORAGE,
	PROTECT_SYSTEM_CRITICAL,
	PROTECT_FAILED_BARE,
	PROTECT_DAEMON_SET,
	PROTECT_PVC,
	PROTECT_WITHOUT_PDB,
	PROTECT_RESOURCE_CLAIMS,
	PROTECTION_COUNT,
	PROTECTION_DEFAULTS = PROTECT_PVC, /* so many are on by default */
};

struct storage_class_name {
	unsigned line;
	const char *name;
};

struct evictor_args {
	const char *node_selector; /* of nodes that nodeFit looks at; "" for all */
	const struct param_labels *labels;
	const struct param_labels *namespace_labels;
	struct priority_threshold {
		unsigned line;
		struct param_int value; /* always set once a policy is loaded: from here on pods are protected */
		const char *name;       /* of a PriorityClass; "" once it was looked up */
	} priority_threshold;
	bool node_fit;
	uint64_t min_replicas;
	struct param_int min_pod_age;   /* nanoseconds */
	const char *no_eviction_policy; /* "Preferred", "Mandatory", or "" for the former */
	struct pod_protections {
		unsigned line;
		struct param_texts extra_enabled, default_disabled;
		struct protections_config {
			unsigned line;
			struct pvc_config {
				unsigned line;
				struct param_objects protected_classes; /* of struct storage_class_name */
			} pods_with_pvc;
		} config;
	} pod_protections;
	bool evict_local_storage_pods, evict_daemon_set_pods, evict_system_critical_pods, evict_failed_bare_pods;
	bool ignore_pvc_pods, ignore_pods_without_pdb;
};

struct strategy;

extern const struct strategy strategy_default_evictor;
extern const char *const evictor_name; /* "DefaultEvictor" */

const char *protection_name(enum protection protection); /* "PodsWithLocalStorage" */

/* What protects pods under these settings: the lists of podProtections where one of them is not empty, else the older
 * switches. */
unsigned evictor_protections(const struct evictor_args *args);
