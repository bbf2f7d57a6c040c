/* Changes to a cluster that are only thought of: `--what-if`, and the cordon of `--empty`. */
#pragma once

#include "clusterutils/model/cluster.h"
#include "clusterutils/rebalance/policy.h"
#include "clusterutils/util/options.h"

enum change_type {
	CHANGE_CORDON,
	CHANGE_UNCORDON,
	CHANGE_TAINT,
	CHANGE_REMOVE,    /* the node is gone; what its controllers make again is pending */
	CHANGE_ADD,       /* a node like another, ready and empty but for its DaemonSets' pods */
	CHANGE_TARGET,    /* a target of the strategies that have targets */
	CHANGE_THRESHOLD, /* and the threshold below which a node is underutilized */
};

/* One change as it was written. Texts live in the arena it was parsed with. */
struct change {
	enum change_type type;
	const char *text; /* as given */
	const char *node; /* that is changed or added */
	const char *like; /* CHANGE_ADD */
	const char *key, *value;
	enum taint_effect effect; /* CHANGE_TAINT */
	const char *resource;
	double percent; /* CHANGE_TARGET, CHANGE_THRESHOLD */
};

/* "cordon=NODE", "uncordon=NODE", "taint=NODE:KEY[=VALUE]:EFFECT", "remove=NODE", "add=NEW:like=OLD",
 * "target=RESOURCE:PERCENT", "threshold=RESOURCE:PERCENT". */
int change_parse(const char *text, struct arena *arena, struct change *ret_change, struct error *err) MUST_USE;

/* A pod that lost its node. */
struct displaced {
	const struct pod *pod; /* as it is now: bound to nothing */
	const char *from;
};

struct displacements {
	struct displaced *items;
	size_t count, capacity;
};

void displacements_release(struct displacements *displacements);
#define AUTO_DISPLACEMENTS CLEANUP(displacements_release) struct displacements

/* The store must be held (cluster_hold) for as long as it is used after this: new objects share what old ones own.
 * ret_displaced: NULL where nobody asks. Errors: a node that is not there, or is there already; a policy in which no
 * strategy has such a target. */
int change_apply(const struct change *change, struct cluster *cluster, struct policy *policy,
	struct displacements *displaced, struct error *err) MUST_USE;
