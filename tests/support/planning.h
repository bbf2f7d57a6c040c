/* A plan made of objects and a policy, and told as lines of text: what tests of plans are written in. */
#pragma once

#include "clusterutils/model/cluster.h"
#include "clusterutils/rebalance/plan.h"
#include "clusterutils/util/buffer.h"

/* A point of view that narrows nothing and keeps nothing: the start of what a test sets. */
struct plan_options planning_options(void);

/* An empty cluster with all that plans look at. */
void planning_begin(struct cluster *cluster);

/* Objects. Node: so many cpus, GiB and pods; `more` is further keys of its spec, each with a comma
 * in front. Pod: on the node ("" for none), of the owner ("ReplicaSet/shop", whose uid is "o-shop"; "" for none), with
 * cpu in thousandths and memory in MiB; `meta` and `spec` are further keys of these, each with a comma in front. It
 * runs and is ready, unless the status says otherwise. */
struct planning_pod {
	const char *name, *node, *owner;
	unsigned cpu, memory;
	const char *meta, *spec, *status; /* NULL for nothing */
	const char *namespace;            /* NULL for "web" */
};

void planning_put_node(struct cluster *cluster, const char *name, unsigned cpu, unsigned memory, unsigned pods,
	const char *arch, const char *spec);
void planning_put_pod(struct cluster *cluster, const struct planning_pod *pod);

/* Of a policy as upstream takes it; the end of the test where it is refused. */
void planning_policy(const char *text, struct policy *ret_policy);

/* "p1 a>b" for a move, "p2 a AboveTarget" for what is withheld: a line an item, in the order of the plan. */
const char *planning_text(const struct plan *plan, struct buffer *out);

/* The pod of that name, whatever its namespace; its item in the plan, NULL where it has none. */
const struct pod *planning_pod(const struct cluster *cluster, const char *name);
const struct plan_move *planning_item(const struct plan *plan, const char *pod);
const struct plan_node *planning_node(const struct plan *plan, const char *name);

/* Items that land on the node (NULL for any), of those withheld for that reason, or not. */
size_t planning_count(const struct plan *plan, enum withheld withheld, const char *to);
