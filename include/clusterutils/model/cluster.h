/* The cluster store: every object that was read, found by the keys that the commands need, with sums kept up to date.
 *
 * A feature sees it as `const struct cluster *`. It owns its objects: cluster_put takes over what OBJECT_NEW made and
 * frees the object of the same name that it replaces. Order does not matter: pods may come before their node, metrics
 * before their pod. */
#pragma once

#include "clusterutils/model/event.h"
#include "clusterutils/model/intern.h"
#include "clusterutils/model/kind.h"
#include "clusterutils/model/meter.h"
#include "clusterutils/model/node.h"
#include "clusterutils/model/pod.h"
#include "clusterutils/model/policy.h"
#include "clusterutils/model/pressure.h"
#include "clusterutils/model/usage.h"
#include "clusterutils/model/volume.h"
#include "clusterutils/model/workload.h"
#include "clusterutils/util/error.h"
#include "clusterutils/util/index.h"

/* A sample of metrics.k8s.io, or of a kubelet. */
struct sample {
	struct amounts usage;   /* RESOURCE_UNKNOWN while there is none */
	int64_t taken;          /* seconds since 1970, or TIME_NONE */
	int64_t window_seconds; /* over which it was averaged; 0 where not told */
	uint32_t stamp;         /* of the reading that brought it; the store sets it */
};

/* A node's place: made when the node, its first pod or its metrics are seen, whichever comes first. */
struct node_entry {
	const char *name;  /* interned */
	struct node *node; /* NULL while only pods or metrics name it */
	struct sample sample;
	struct pressure *pressure; /* NULL where it is not known; with the node's usage it is swept */
	struct pod_usage sum;      /* of active pods bound to it */
	struct pod *pods;          /* all that are bound to it, linked by by_node.next */
};

struct namespace_entry {
	const char *name;
	struct pod *pods; /* by_namespace.next */
	size_t pod_count;
};

struct owner_entry {
	const char *uid;
	struct pod *pods; /* by_owner.next */
	size_t pod_count;
};

/* The pods of one priority class and value; pods without a class form a tier of their own. */
struct tier_entry {
	const char *class_name; /* interned; "" for none */
	int32_t priority;
	char key[16];             /* the priority as text, for the index */
	struct pod_usage sum;     /* of active pods that are bound */
	struct pod_usage pending; /* of active pods that are not */
	struct pod *pods;         /* by_tier.next */
};

/* Where the last pod went: those of a workload come one after the other. */
struct cluster_recent {
	struct node_entry *node;
	struct namespace_entry *space;
	struct owner_entry *owner;
	struct tier_entry *tier;
};

/* What decoders keep beyond what every view needs: of 150,000 pods it takes its memory. Set before anything is read. */
enum cluster_details {
	CLUSTER_PLACEMENT = 1,  /* pod.placement, pod.marks: what decides where a pod can run */
	CLUSTER_CONDITIONS = 2, /* pod_rare.conditions and ephemerals */
};

/* What came of asking the kubelets themselves. Zeroed where nobody has. */
struct survey {
	bool is_asked;
	bool is_first;      /* the first round is not over */
	size_t nodes;       /* asked in the last round */
	size_t answered;    /* of these */
	int64_t heard;      /* clock_now() of the last answer; TIME_NONE before */
	struct error error; /* of the first that did not answer; ERROR_NONE where all did */
};

struct cluster {
	struct interner interner;
	unsigned details; /* a set of enum cluster_details */
	struct cluster_recent recent;
	struct index objects[KIND_COUNT]; /* by name and namespace; of KIND_POD too, not of nodes */
	struct index pods_by_uid;
	struct pod_order *pod_order;
	struct index nodes; /* of struct node_entry */
	struct index namespaces;
	struct index owners; /* by uid of the controller */
	struct index tiers;
	struct index samples;     /* of pods that are not there yet */
	struct pod_usage pending; /* active pods that no node has taken */
	bool has_node_samples, has_pod_samples;
	int64_t newest_sample;         /* of nodes and pods; TIME_NONE where none says when it was taken */
	int64_t sample_window_seconds; /* the longest over which a sample was averaged; 0 where none says so */
	bool is_unread[KIND_COUNT];    /* could not be read: that the store has none says nothing */
	uint32_t stamp;                /* given to what is put: see cluster_sweep */
	uint32_t last_stamp;           /* the newest that cluster_new_stamp has given out */
	uint32_t hold;                 /* the newest of cluster_hold; 0 for none */
	struct meta **gone;            /* left the store since then */
	size_t gone_count, gone_capacity;
	size_t swept_bytes;           /* that were interned after the last sweep */
	struct survey survey;         /* of kubelets; set by who asks them */
	struct metering metering;     /* of power; set by cluster_set_meters */
	struct arena metering_memory; /* all of it */
	struct arena metering_gone;   /* replaced since cluster_hold, where is_metering_held was set */
	bool is_metering_held;
	struct index metered_nodes; /* which meter counts for a node */
};

void cluster_init(struct cluster *cluster);
void cluster_release(struct cluster *cluster);

/* Fails, and frees the object, where another pod has the same uid. */
int cluster_put(struct cluster *cluster, enum kind kind, struct meta *object, struct error *err) MUST_USE;
void cluster_remove(struct cluster *cluster, enum kind kind, const char *name, const char *namespace);
void cluster_set_node_sample(struct cluster *cluster, const char *node, const struct sample *sample);
/* A copy of it; NULL where it is not known. */
void cluster_set_node_pressure(struct cluster *cluster, const char *node, const struct pressure *pressure);
void cluster_set_pod_sample(
	struct cluster *cluster, const char *name, const char *namespace, const struct sample *sample);

/* For who shows what is in the store while it changes: what is there now stays readable, even where it is replaced or
 * removed, until the next call or cluster_release. Costs at most as much memory again as the objects of now. What was
 * interned and is not used by what is there now may go: so this is for when nobody looks at anything older. */
void cluster_hold(struct cluster *cluster);

/* Replaces all that is known of power by a copy of this. */
void cluster_set_meters(struct cluster *cluster, const struct metering *metering);

/* What a node draws. Of a meter that feeds several, the idle part (what it showed least in the last hour, else half) is
 * shared equally and the rest by the nodes' use of CPU, or equally too where one of them has no sample; the parts add
 * up to the whole. */
struct node_power cluster_node_power(const struct cluster *cluster, const struct node_entry *entry);

uint32_t cluster_new_stamp(struct cluster *cluster); /* never 0 */

/* The second half of reading a list into a store that is in use: set `stamp` to a new one, put what the list holds,
 * then sweep. What it no longer holds goes: objects of the kind, or usage (and of nodes pressure) where the kind is of
 * metrics, in the namespace (NULL for all) with another stamp. So a view never sees an empty store in between. */
void cluster_sweep(struct cluster *cluster, enum kind kind, const char *namespace);

/* NULL where there is none. A node is found only where it really is there. */
const struct meta *cluster_find(const struct cluster *cluster, enum kind kind, const char *name, const char *namespace);
const struct pod *cluster_find_pod_by_uid(const struct cluster *cluster, const char *uid);
const struct node_entry *cluster_find_node(const struct cluster *cluster, const char *name);

/* How many of a kind, and the i-th of them (not of KIND_NODE: see nodes). */
size_t cluster_count(const struct cluster *cluster, enum kind kind);
const struct meta *cluster_item(const struct cluster *cluster, enum kind kind, size_t i);
#define CLUSTER_ITEM(cluster, kind, type, i) ((const type *)(const void *)cluster_item((cluster), (kind), (i)))
const struct pod *cluster_pod(const struct cluster *cluster, size_t i);

/* All cluster_count(KIND_POD) of them in the order of their namespaces and names, until the store changes. The first
 * call sorts; after it the order is kept, so that another costs little. */
const struct pod *const *cluster_pods_in_order(const struct cluster *cluster);

size_t cluster_node_count(const struct cluster *cluster); /* entries, missing nodes included */
const struct node_entry *cluster_node(const struct cluster *cluster, size_t i);

/* The workload at the top of the chain of controllers: Pod -> ReplicaSet -> Deployment, Job -> CronJob. Where the
 * chain leads out of what was read, the last reference that is known. NULL for a pod on its own. */
const struct owner *cluster_workload_of(const struct cluster *cluster, const struct pod *pod);

/* The class that a pod without one gets: the one with globalDefault, NULL for none. */
const struct priority_class *cluster_default_priority_class(const struct cluster *cluster);
