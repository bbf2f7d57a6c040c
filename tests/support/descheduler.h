/* Cases of the descheduler: a cluster, settings and what upstream's code did. */
#pragma once

#include <cjson/cJSON.h>

#include "clusterutils/model/cluster.h"
#include "clusterutils/rebalance/pass.h"
#include "clusterutils/rebalance/strategy.h"
#include "clusterutils/util/arena.h"
#include "clusterutils/util/error.h"

/* A case on its way: everything of it. */
struct descheduling {
	struct cluster cluster;
	struct pass pass;
	struct arena arena;
	struct param_labels *labels;
	struct evictor_args *evictor;
	void *args;
	const struct strategy *strategy;
};

/* The objects, read as the API server's; and one alone, which may have no name. */
int descheduling_read(struct cluster *cluster, const cJSON *objects, struct error *err) MUST_USE;

/* Reads the case and begins its pass: nodes, limits, evictor, usage. */
int descheduling_begin(struct descheduling *d, const cJSON *line, struct error *err) MUST_USE;
void descheduling_release(struct descheduling *d);
