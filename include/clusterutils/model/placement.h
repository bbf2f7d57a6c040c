/* What a pod asks of the node that it is to run on, beside resources, tolerations and its nodeSelector.
 *
 * Read only into a store that wants it (cluster.details): it is what the scheduler and the descheduler look at. All of
 * it is interned (model/intern.h), for the pods of a workload ask the same; NULL stands for none given, and equal
 * pointers are equal demands. Source: k8s.io/api/core/v1 types.go, v0.34. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "clusterutils/model/meta.h"
#include "clusterutils/model/selector.h"

/* --- nodes: NodeSelector, NodeAffinity, VolumeNodeAffinity --- */

enum node_operator { NODE_IN, NODE_NOT_IN, NODE_EXISTS, NODE_DOES_NOT_EXIST, NODE_GT, NODE_LT, NODE_OPERATOR_OTHER };

struct node_requirement {
	const char *key;
	uintptr_t op;                   /* enum node_operator */
	const struct text_list *values; /* NULL for none */
	const char *op_text;            /* as written, for messages */
};

struct node_requirements {
	size_t count;
	struct node_requirement items[];
};

/* Both must be fulfilled; a term of neither matches nothing. */
struct node_term {
	const struct node_requirements *labels; /* matchExpressions; NULL for none */
	const struct node_requirements *fields; /* matchFields: metadata.name alone */
	intptr_t weight;                        /* of a preferred one */
};

/* Of required ones any must match; that there are none (count 0) matches no node. */
struct node_terms {
	size_t count;
	struct node_term items[];
};

/* --- other pods: PodAffinityTerm --- */

struct pod_term {
	const struct label_selector *selector;           /* NULL matches no pod */
	const struct label_selector *namespace_selector; /* NULL matches no namespace, an empty one all */
	const struct text_list *namespaces;              /* with neither: the pod's own */
	const struct text_list *match_label_keys;
	const struct text_list *mismatch_label_keys;
	const char *topology_key; /* "" for none */
	intptr_t weight;          /* of a preferred one */
};

struct pod_terms {
	size_t count;
	struct pod_term items[];
};

/* --- topologySpreadConstraints --- */

enum spread_action { SPREAD_DO_NOT_SCHEDULE, SPREAD_SCHEDULE_ANYWAY, SPREAD_ACTION_OTHER };
enum spread_policy { SPREAD_UNSET, SPREAD_HONOR, SPREAD_IGNORE }; /* unset: Honor for affinity, Ignore for taints */

struct spread_constraint {
	const struct label_selector *selector;
	const struct text_list *match_label_keys;
	const char *topology_key;
	intptr_t max_skew;
	intptr_t min_domains; /* 0 where not given */
	uint32_t action;      /* enum spread_action */
	uint16_t node_affinity_policy, node_taints_policy;
};

struct spread_constraints {
	size_t count;
	struct spread_constraint items[];
};

/* --- hostPorts: of app containers and sidecars, those that are not 0 --- */

enum port_protocol { PORT_TCP, PORT_UDP, PORT_SCTP, PORT_OTHER };

struct host_port {
	const char *ip; /* "" for all */
	uint32_t port;
	uint32_t protocol; /* enum port_protocol; none given is TCP */
};

struct host_ports {
	size_t count;
	struct host_port items[];
};

/* --- volumes: those that bind a pod to a node, or that somebody looks for --- */

enum pod_volume_type {
	POD_VOLUME_CLAIM,     /* name: the claim's */
	POD_VOLUME_EPHEMERAL, /* name: the volume's; its claim is POD-NAME */
	POD_VOLUME_EMPTY_DIR,
	POD_VOLUME_HOST_PATH,
	POD_VOLUME_CSI, /* inline; name: the driver's */
	POD_VOLUME_GCE, /* name: the disk's */
	POD_VOLUME_AWS,
	POD_VOLUME_ISCSI, /* name: the IQN; detail: the LUN and the portal are not compared by the scheduler */
	POD_VOLUME_RBD,   /* name: pool/image; detail: the monitors */
};

struct pod_volume {
	uintptr_t type;                 /* enum pod_volume_type */
	const char *name;               /* NULL for none */
	const struct text_list *detail; /* NULL for none */
	uintptr_t read_only;
};

struct pod_volumes {
	size_t count;
	struct pod_volume items[];
};

/* --- all of it --- */

struct placement {
	const struct node_terms *required_nodes; /* requiredDuringSchedulingIgnoredDuringExecution */
	const struct node_terms *preferred_nodes;
	const struct pod_terms *required_pods, *preferred_pods;           /* podAffinity */
	const struct pod_terms *required_anti_pods, *preferred_anti_pods; /* podAntiAffinity */
	const struct spread_constraints *spread;
	const struct host_ports *ports;
	const struct pod_volumes *volumes;
	const struct text_list *resource_claims; /* the names of spec.resourceClaims */
	const struct text_list *scheduling_gates;
	const char *scheduler; /* schedulerName; NULL for the default one */
};

/* --- conditions of pods, and what terminated containers say: kept where the store wants them --- */

struct pod_condition {
	const char *type, *status, *reason; /* interned, "" for none */
	int64_t changed;                    /* lastTransitionTime, or TIME_NONE */
};

/* --- annotations that decide over an eviction: a set of these in pod.marks --- */

enum pod_mark {
	MARK_EVICT = 1,              /* descheduler.alpha.kubernetes.io/evict, whatever its value */
	MARK_PREFER_NO_EVICTION = 2, /* descheduler.alpha.kubernetes.io/prefer-no-eviction */
	MARK_STATIC = 4,             /* kubernetes.io/config.source that is not "api" */
	MARK_BACKGROUND = 8,         /* descheduler.alpha.kubernetes.io/request-evict-only */
	MARK_IN_PROGRESS = 16,       /* descheduler.alpha.kubernetes.io/eviction-in-progress */
};
