/* What a run carries out: the moves of a plan, copied out of it or read from the file that `--plan` wrote, so that they
 * outlive the store that the plan was made from.
 *
 * The file is law. It may be shortened by hand; what is left of it is read strictly, and what it no longer fits is
 * skipped, never guessed. It names each pod by its uid, and tells the state in which it saw each node. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/model/cluster.h"
#include "clusterutils/rebalance/landing.h"
#include "clusterutils/rebalance/plan.h"
#include "clusterutils/util/document.h"

/* A move. Texts live as long as the orders. */
struct order {
	const char *namespace, *name, *uid;
	const char *owner_kind, *owner_name; /* the workload at the top; NULL for none */
	const char *profile, *strategy, *reason;
	const char *from; /* NULL for a pod that is on no node */
	const char *to;   /* foreseen; NULL where nothing is made again */
	unsigned wave;    /* from 1 */
};

/* A node as the plan saw it. */
struct order_node {
	const char *name;
	const char *state;  /* node_state_text */
	const char *taints; /* "dedicated=edge:NoSchedule,…" in their order; "" for none */
};

struct orders {
	struct order *items; /* in the order of their waves, and in these as the plan decided */
	size_t count;
	unsigned waves;
	struct order_node *nodes; /* in the order of names */
	size_t node_count;
	bool parity;  /* the plan did not ask about landings: nor does the run */
	int64_t made; /* seconds since 1970 */
	struct arena arena;
};

void orders_of_plan(const struct plan *plan, int64_t now, struct orders *ret_orders);

/* Of a file with the JSON of a plan. Fails with one sentence that names the file and the move. */
enum { ORDERS_FILE_MAX = 64 << 20 };
int orders_read(const char *file, struct orders *ret_orders, struct error *err) MUST_USE;
int orders_parse(const char *text, size_t length, struct orders *ret_orders, struct error *err) MUST_USE;

void orders_release(struct orders *orders);
#define AUTO_ORDERS CLEANUP(orders_release) struct orders

/* The node as it is now: the two members "state" and "taints" of a plan's nodes. */
void orders_document_node(const struct node *node, struct document *document);

/* What makes that an order does not hold any longer, as one sentence; NULL where it does. The text lives as long as the
 * arena. Who says `besides` a node has changed it himself: NULL for nobody. */
const char *order_drift(const struct orders *orders, const struct order *order, const struct cluster *cluster,
	const char *besides, struct arena *arena);

/* The pod that is meant, NULL where it is gone. */
const struct pod *order_pod(const struct order *order, const struct cluster *cluster);
