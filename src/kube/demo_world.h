/* The demo's world: its objects, its time, and what is going to happen. */
#pragma once

#include "clusterutils/kube/path.h"
#include "clusterutils/util/arena.h"
#include "demo_store.h"

struct demo_world {
	struct demo_store store;
	struct arena scratch; /* of one call */
	uint64_t seed;
	int64_t start, now; /* seconds since 1970 */
};
