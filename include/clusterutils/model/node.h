/* A node. Source: k8s.io/api/core/v1 types.go, v0.34. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/model/meta.h"
#include "clusterutils/model/resource.h"
#include "clusterutils/model/taint.h"

enum condition_status { CONDITION_ABSENT, CONDITION_TRUE, CONDITION_FALSE, CONDITION_UNKNOWN };

/* An image as the node reports it: the same bytes under several names. */
struct node_image {
	const struct text_list *names; /* "repository@sha256:…" and "repository:tag"; interned */
	int64_t bytes;
};

/* The kubelet reports at most this many, the largest first, unless told otherwise (nodeStatusMaxImages). */
enum { NODE_IMAGES_REPORTED = 50 };

struct node {
	struct meta meta;
	const char *arch; /* of nodeInfo, or the label kubernetes.io/arch; NULL where neither is there */
	const char *os_image;
	const char *kernel;
	const char *kubelet;     /* version */
	const char *internal_ip; /* NULL where there is none */
	const struct taint_list *taints;
	const struct resource_list *allocatable_resources;
	struct amounts allocatable; /* RESOURCE_UNKNOWN where the status does not say */
	int64_t pod_capacity;       /* allocatable pods, or RESOURCE_UNKNOWN */
	struct node_image *images;  /* in meta.memory */
	size_t image_count;
	bool unschedulable; /* cordoned */
	enum condition_status ready, memory_pressure, disk_pressure, pid_pressure, network_unavailable;
};

/* What is the matter with a node, worst first; the first that applies names its state. */
enum node_state {
	NODE_MISSING, /* pods say they run there, but there is no such node */
	NODE_NOT_READY,
	NODE_UNREACHABLE, /* Ready is Unknown: the kubelet has stopped reporting */
	NODE_UNKNOWN,     /* it says nothing of being ready */
	NODE_NO_NETWORK,
	NODE_MEMORY_PRESSURE,
	NODE_DISK_PRESSURE,
	NODE_PID_PRESSURE,
	NODE_CORDONED,
	NODE_DELETING,
	NODE_OK,
};

enum node_state node_state(const struct node *node); /* NULL is a node that is missing */
const char *node_state_text(enum node_state state);  /* "NotReady" */

/* The values of the labels and of the well-known fallbacks: NULL where none is set. */
extern const char *const node_zone_labels[];
const char *node_first_label(const struct node *node, const char *const *keys); /* keys end in NULL */
