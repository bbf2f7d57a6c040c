/* How busy each node was: a ring of samples, for the small charts. */
#pragma once

#include "clusterutils/model/cluster.h"

enum { HISTORY_SAMPLES = 120 };

struct history {
	struct index nodes; /* of struct course, by name */
};

void history_init(struct history *history);
void history_release(struct history *history);

/* Notes the samples that are new since the last call, and forgets nodes that are gone. */
void history_take(struct history *history, const struct cluster *cluster);

/* The CPU use of a node in thousandths of what it can allocate, oldest first; returns how many. */
size_t history_cpu(const struct history *history, const char *node, int64_t ret_values[HISTORY_SAMPLES]);
