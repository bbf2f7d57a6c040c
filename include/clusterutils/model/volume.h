/* PersistentVolumes, their claims and classes, and what the CSI drivers of the nodes can do with them.
 * Source: k8s.io/api/core/v1 and storage/v1, v0.34. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "clusterutils/model/meta.h"
#include "clusterutils/model/placement.h"

enum volume_phase { VOLUME_PENDING, VOLUME_AVAILABLE, VOLUME_BOUND, VOLUME_RELEASED, VOLUME_FAILED, VOLUME_LOST };
enum reclaim_policy { RECLAIM_RETAIN, RECLAIM_DELETE, RECLAIM_RECYCLE };
enum volume_source { SOURCE_OTHER, SOURCE_NFS, SOURCE_CSI, SOURCE_LOCAL, SOURCE_HOST_PATH };

/* A set of these is what a volume offers and a claim asks for. */
enum access_mode {
	ACCESS_READ_WRITE_ONCE = 1,
	ACCESS_READ_ONLY_MANY = 2,
	ACCESS_READ_WRITE_MANY = 4,
	ACCESS_READ_WRITE_ONCE_POD = 8,
	ACCESS_OTHER = 16,
};

struct volume {
	struct meta meta;
	int64_t capacity;            /* bytes, or RESOURCE_UNKNOWN */
	const char *storage_class;   /* interned; NULL for none; the beta annotation goes before the field */
	const char *claim_namespace; /* of claimRef; NULL for none */
	const char *claim_name;
	const char *claim_uid;          /* NULL or "" where it was reserved by name alone */
	const char *driver;             /* of a CSI volume */
	const char *handle;             /* of a CSI volume: what the driver knows it by */
	const char *server;             /* of an NFS volume, or the attribute "server" of a CSI one */
	const char *path;               /* of NFS, local and hostPath; the attribute "share" of a CSI one */
	const struct text_list *hosts;  /* kubernetes.io/hostname In [...] of the node affinity; NULL for none */
	const struct node_terms *nodes; /* its required node affinity; NULL for none */
	const char *attributes_class;   /* volumeAttributesClassName; NULL for none */
	unsigned access;                /* a set of enum access_mode */
	bool is_block;                  /* volumeMode */
	enum volume_source source;
	enum volume_phase phase;
	enum reclaim_policy reclaim;
};

struct claim {
	struct meta meta;
	int64_t request;
	const char *storage_class;
	const char *volume; /* NULL while it is not bound */
	const char *attributes_class;
	const struct label_selector *selector; /* of volumes; NULL for none */
	const char *selected_node;             /* annotation volume.kubernetes.io/selected-node; NULL for none */
	unsigned access;
	bool is_block;
	bool is_bind_completed; /* annotation pv.kubernetes.io/bind-completed */
	enum volume_phase phase;
};

struct storage_class {
	struct meta meta;
	const char *provisioner;
	bool is_default;               /* annotation storageclass.kubernetes.io/is-default-class */
	bool waits_for_first_consumer; /* volumeBindingMode */
	bool has_binding_mode;
	const struct node_terms *topologies; /* allowedTopologies, as terms of labels with In; NULL for everywhere */
	enum reclaim_policy reclaim;
};

/* What the drivers on one node say of themselves: the name is the node's. */
struct csi_node_driver {
	const char *name; /* interned */
	int32_t limit;    /* allocatable.count: volumes at one time; -1 where not given */
};

struct csi_node {
	struct meta meta;
	struct csi_node_driver *drivers; /* in meta.memory */
	size_t driver_count;
	const char *migrated; /* annotation storage.alpha.kubernetes.io/migrated-plugins, "a,b"; NULL for none */
};

struct csi_driver {
	struct meta meta;
	bool tracks_capacity; /* spec.storageCapacity */
};

/* Room that a driver has for volumes of a class on the nodes of a topology. */
struct csi_capacity {
	struct meta meta;
	const char *storage_class;
	const struct label_selector *topology; /* of nodes; NULL for none of them */
	int64_t capacity;                      /* bytes, or RESOURCE_UNKNOWN */
	int64_t largest;                       /* maximumVolumeSize, or RESOURCE_UNKNOWN */
};

struct volume_attachment {
	struct meta meta;
	const char *attacher; /* the driver */
	const char *node;
	const char *volume; /* the PersistentVolume; NULL for an inline one */
};
