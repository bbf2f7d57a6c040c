/* What scheduler_choose keeps from one question to the next. */
#pragma once

#include "scheduler_private.h"

struct quick_spread; /* spread_quick.c */

/* Room and its points on each node, for all pods that ask for the same amounts. */
struct sched_shape {
	const char *key; /* the amounts, as text */
	const struct sched_needs *needs;
	uint8_t *fits, *points; /* by node; at most 200 points */
	size_t seen;            /* so many of the changes */
};

/* Nodes that pods may be on but for room and other pods; of those they may not, why, the first reason of each. */
struct sched_mask {
	uint8_t *of_node;
	size_t cordoned, tainted, unselected;
};

struct sched_quick {
	struct index shapes;         /* by key */
	struct pointer_map shape_of; /* the same by struct sched_needs */
	struct pointer_map masks;    /* uint8_t[]: nodes that pods may be on but for room; by what they ask of nodes */
	struct pointer_map dislikes; /* int64_t[]: taints of PreferNoSchedule not tolerated; by tolerations */
	struct pointer_map preferences; /* int64_t[]: points of preferred node affinity; by its terms */
	struct pointer_map images;      /* struct node_points, by containers */
	bool has_soft_taints;           /* some node has one of PreferNoSchedule */
	uint32_t *changes;              /* nodes that a pod came to or left, in the order of events */
	size_t change_count, change_capacity;
	struct quick_spread *spread;
	struct arena scratch; /* of one question */
	uint32_t *feasible, *equals;
	int32_t *totals; /* by position in feasible, as the next */
	int64_t *scores;
};

void spread_quick_release(struct quick_spread *spread); /* NULL-safe */
