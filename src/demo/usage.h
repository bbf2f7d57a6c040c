/* What the demo's pods and nodes use, and metrics.k8s.io that tells it.
 *
 * A pod's usage wanders around what it was at first, as a function of seed, pod and moment alone; a node's is that of
 * its pods and of what runs beside them. Samples are DEMO_SAMPLE_SECONDS apart; the first is the embedded one. */
#pragma once

#include "clusterutils/model/pod.h"
#include "clusterutils/model/resource.h"
#include "world.h"

void demo_usage_begin(struct demo_world *world);
void demo_loads_free(struct demo_loads *loads);

/* The object of metrics as of the last sample: JSON in `out`. False where there is none now. */
bool demo_usage_print(
	struct demo_world *world, enum kind kind, const char *namespace, const char *name, struct buffer *out);

/* Before the first sample the embedded objects are what is to be told. */
bool demo_usage_is_old(const struct demo_world *world);

/* Of all nodes, in nanocores: at a moment before the beginning as if all had been as it was then. RESOURCE_UNKNOWN
 * where there is no such node. */
int64_t demo_usage_node_cpu(struct demo_world *world, const char *node, int64_t moment);

/* What a kubelet knows at the last sample. */
struct demo_node_usage {
	struct amounts usage;
	uint64_t key;        /* of its own chance */
	int64_t taken;       /* when it was measured */
	int64_t sampled;     /* the moment of the sample */
	int64_t pressed_for; /* seconds that its memory has been full; -1 where it is not */
};

enum { DEMO_MAX_CONTAINERS = 8 };

struct demo_container_usage {
	const char *name; /* until the next sample */
	struct amounts usage;
};

/* False for a node that tells nothing, or that is not there. The other gives how many containers there are. */
bool demo_usage_of_node(struct demo_world *world, const char *name, struct demo_node_usage *ret_usage);
size_t demo_usage_of_pod(const struct demo_world *world, const struct pod *pod,
	struct demo_container_usage ret_containers[DEMO_MAX_CONTAINERS], int64_t *ret_taken);

/* A node's memory fills up, or is as before. */
void demo_usage_press(struct demo_world *world, const char *node, bool is_pressed);

/* From -1000 to 1000: wanders, with that many seconds from one turn to the next. */
int64_t demo_noise(uint64_t key, int64_t moment, int64_t seconds);
