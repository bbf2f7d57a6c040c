#include "clusterutils/model/node.h"

#include "clusterutils/util/text.h"

/* The well-known label, its predecessor, and what clusters without a cloud provider use. */
const char *const node_zone_labels[] = {
	"topology.kubernetes.io/zone",
	"failure-domain.beta.kubernetes.io/zone",
	"kubernetes.io/zone",
	"kubernetes.io/location",
	NULL,
};

const char *node_first_label(const struct node *node, const char *const *keys)
{
	for (; node && *keys; keys++) {
		const char *value = labels_get(node->meta.labels, *keys);

		if (value && *value)
			return value;
	}
	return NULL;
}

enum node_state node_state(const struct node *node)
{
	if (!node)
		return NODE_MISSING;
	if (node->ready == CONDITION_FALSE)
		return NODE_NOT_READY;
	if (node->ready != CONDITION_TRUE)
		return node->ready == CONDITION_ABSENT ? NODE_UNKNOWN : NODE_UNREACHABLE;
	if (node->network_unavailable == CONDITION_TRUE)
		return NODE_NO_NETWORK;
	if (node->memory_pressure == CONDITION_TRUE)
		return NODE_MEMORY_PRESSURE;
	if (node->disk_pressure == CONDITION_TRUE)
		return NODE_DISK_PRESSURE;
	if (node->pid_pressure == CONDITION_TRUE)
		return NODE_PID_PRESSURE;
	if (node->unschedulable)
		return NODE_CORDONED;
	if (node->meta.deleted != TIME_NONE)
		return NODE_DELETING;
	return NODE_OK;
}

const char *node_state_text(enum node_state state)
{
	static const char *const texts[] = {
		[NODE_MISSING] = "Missing",
		[NODE_NOT_READY] = "NotReady",
		[NODE_UNREACHABLE] = "Unreachable",
		[NODE_UNKNOWN] = "Unknown",
		[NODE_NO_NETWORK] = "NoNetwork",
		[NODE_MEMORY_PRESSURE] = "MemoryPressure",
		[NODE_DISK_PRESSURE] = "DiskPressure",
		[NODE_PID_PRESSURE] = "PIDPressure",
		[NODE_CORDONED] = "Cordoned",
		[NODE_DELETING] = "Deleting",
		[NODE_OK] = "Ready",
	};

	return texts[state];
}
