/* A descheduler policy (descheduler/v1alpha2 DeschedulerPolicy): read, checked, defaulted, ready for a pass.
 *
 * Strict reading accepts and refuses what upstream does, and says so in its words. Lenient reading also takes what
 * upstream drops in silence or refuses though it is plain what is meant, and says what it took for what; bad YAML,
 * wrong types, unknown strategies and settings, and numbers out of range are refused all the same.
 * Source: sigs.k8s.io/descheduler pkg/api/v1alpha2, pkg/descheduler/policyconfig.go, pkg/framework/profile, v0.36.0;
 * for v1alpha1, pkg/api/v1alpha1 of v0.30.2. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/model/cluster.h"
#include "clusterutils/rebalance/evictor.h"
#include "clusterutils/rebalance/param.h"
#include "clusterutils/rebalance/strategy.h"
#include "clusterutils/util/arena.h"
#include "clusterutils/util/document.h"
#include "clusterutils/util/error.h"

/* Larger texts are refused, and aliases that would make more values than this of a small one. */
enum { POLICY_MAX_TEXT = 1 << 20, POLICY_MAX_NODES = 10000, POLICY_MAX_DEPTH = 32 };

enum policy_mode { POLICY_LENIENT, POLICY_STRICT };

enum policy_severity { POLICY_NOTE, POLICY_WARNING, POLICY_ERROR };

struct policy_finding {
	enum policy_severity severity;
	unsigned line;        /* of the file, from 1; 0 for the policy as a whole */
	const char *sentence; /* clean text */
};

/* Why a policy is refused. */
enum policy_refusal {
	POLICY_ACCEPTED,
	POLICY_NOT_YAML,
	POLICY_NOT_A_MAP, /* a list, say, where the policy or a strategy's settings belong */
	POLICY_UNKNOWN_VERSION,
	POLICY_WRONG_TYPE,
	POLICY_UNKNOWN_SETTING,
	POLICY_INVALID,
	POLICY_BAD_PRIORITY, /* its class is not there, or it is above EVICTOR_SYSTEM_CRITICAL */
	POLICY_CANNOT_BUILD, /* it can be read, but no profile can be made of it */
};

struct policy_points {
	unsigned line;
	struct param_texts enabled, disabled;
};

struct policy_plugins {
	unsigned line;
	struct policy_points presort, sort, deschedule, balance, filter, pre_eviction_filter;
};

struct policy_config {
	unsigned line;
	const char *name;
	const struct yaml_node *raw;     /* NULL where not given */
	const struct strategy *strategy; /* NULL where there is none of that name */
	void *args;                      /* of strategy->args_size */
};

/* A strategy that a profile runs. */
struct policy_step {
	const struct strategy *strategy;
	const void *args;
};

struct policy_profile {
	unsigned line;
	const char *name;             /* clean text */
	struct param_objects configs; /* of struct policy_config */
	struct policy_plugins plugins;
	size_t deschedule_count, balance_count;
	const struct policy_step *deschedule, *balance; /* in the order given; set once the policy is accepted */
	const struct evictor_args *evictor;
};

struct metrics_provider {
	unsigned line;
	const char *source; /* "KubernetesMetrics", "Prometheus" */
	struct policy_prometheus {
		unsigned line;
		const char *url;
		struct policy_auth_token {
			unsigned line;
			struct policy_secret {
				unsigned line;
				const char *namespace, *name;
			} secret;
		} auth_token;
	} prometheus;
};

/* Everything lives in its arena, and as long as it does. */
struct policy {
	const char *node_selector; /* NULL where not given */
	struct selector nodes;     /* the same; matches every node where not given */
	struct param_uint max_per_node, max_per_namespace, max_total;
	struct param_bool reports_failures;
	struct metrics_collector {
		unsigned line;
		bool enabled;
	} metrics_collector;
	struct param_objects metrics_providers; /* of struct metrics_provider */
	struct param_int grace_period_seconds;
	struct param_objects profiles; /* of struct policy_profile */
	struct param_int interval; /* nanoseconds; not part of a policy, but people write deschedulingInterval there */

	const char *file; /* as messages show it */
	enum policy_refusal refusal;
	const char *upstream_error;      /* what upstream says of a refused policy; "" where it says nothing */
	struct policy_finding *findings; /* by line */
	size_t finding_count, finding_capacity;
	struct param_labels *labels;
	struct arena arena;
};

/* The query of a step that wants its use from Prometheus; NULL for all others. */
const char *policy_step_query(const struct policy_step *step);

/* The value of a PriorityClass: 0, or -1 with ERROR_NOT_FOUND or another error. */
typedef int policy_find_priority(void *context, const char *name, int32_t *ret_value, struct error *err);

struct policy_source {
	const char *file; /* for messages */
	const char *text; /* YAML or JSON */
	size_t length;
	policy_find_priority *find_priority; /* NULL where no cluster is known: a class then protects every pod, and a
	                                      * warning says so (lenient), or it is not found (strict) */
	void *context;
};

/* Fills the policy, also where it fails: the findings, the refusal and upstream's error are those of the text then,
 * and with POLICY_CANNOT_BUILD it can be shown by policy_effective. The error is the first finding of that severity
 * with file and line in front: "policy.yaml:12: …". */
int policy_load(const struct policy_source *source, enum policy_mode mode, struct policy *ret_policy,
	struct error *err) MUST_USE;
void policy_release(struct policy *policy);
#define AUTO_POLICY CLEANUP(policy_release) struct policy

/* The policy that holds where the user gives none: careful, and checked by the tests. Loading it cannot fail. */
const char *policy_builtin(void);

/* A policy_find_priority that looks into a const struct cluster. */
int policy_priority_in_cluster(void *cluster, const char *name, int32_t *ret_value, struct error *err);

/* Writes one object: the policy as it holds, defaults filled in and DefaultEvictor added, unknown keys gone. */
void policy_effective(const struct policy *policy, struct document *document);

/* "policy.yaml:12: warning: …" */
void policy_finding_print(const struct policy *policy, const struct policy_finding *finding, struct buffer *out);
