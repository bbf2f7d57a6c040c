/* PersistentVolumes, their claims and classes. Source: k8s.io/api/core/v1 and storage/v1, v0.34. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "clusterutils/model/meta.h"

enum volume_phase { VOLUME_PENDING, VOLUME_AVAILABLE, VOLUME_BOUND, VOLUME_RELEASED, VOLUME_FAILED, VOLUME_LOST };
enum reclaim_policy { RECLAIM_RETAIN, RECLAIM_DELETE, RECLAIM_RECYCLE };
enum volume_source { SOURCE_OTHER, SOURCE_NFS, SOURCE_CSI, SOURCE_LOCAL, SOURCE_HOST_PATH };

struct volume {
	struct meta meta;
	int64_t capacity;            /* bytes, or RESOURCE_UNKNOWN */
	const char *storage_class;   /* interned; NULL for none */
	const char *claim_namespace; /* of claimRef; NULL for none */
	const char *claim_name;
	const char *driver;            /* of a CSI volume */
	const char *server;            /* of an NFS volume, or the attribute "server" of a CSI one */
	const char *path;              /* of NFS, local and hostPath; the attribute "share" of a CSI one */
	const struct text_list *hosts; /* kubernetes.io/hostname In [...] of the node affinity; NULL for none */
	enum volume_source source;
	enum volume_phase phase;
	enum reclaim_policy reclaim;
};

struct claim {
	struct meta meta;
	int64_t request;
	const char *storage_class;
	const char *volume; /* NULL while it is not bound */
	enum volume_phase phase;
};

struct storage_class {
	struct meta meta;
	const char *provisioner;
	bool is_default;               /* annotation storageclass.kubernetes.io/is-default-class */
	bool waits_for_first_consumer; /* volumeBindingMode */
	enum reclaim_policy reclaim;
};
