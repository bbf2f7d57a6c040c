#include "orders.h"

#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

/* --- of a plan --- */

static const char *copy(struct arena *arena, const char *text)
{
	return text ? arena_text(arena, text) : NULL;
}

static int by_wave(const void *a, const void *b)
{
	const struct plan_move *x = *(const struct plan_move *const *)a, *y = *(const struct plan_move *const *)b;

	if (x->wave != y->wave)
		return x->wave < y->wave ? -1 : 1;
	return x->turn < y->turn ? -1 : x->turn > y->turn;
}

static struct order order_of(const struct plan_move *move, struct arena *arena)
{
	const struct node *to = move->landing.to;

	return (struct order){
		.namespace = arena_text(arena, move->pod->meta.namespace),
		.name = arena_text(arena, move->pod->meta.name),
		.uid = arena_text(arena, move->pod->meta.uid),
		.owner_kind = move->owner ? copy(arena, move->owner->kind) : NULL,
		.owner_name = move->owner ? copy(arena, move->owner->name) : NULL,
		.profile = copy(arena, move->profile),
		.strategy = copy(arena, move->strategy),
		.reason = copy(arena, move->reason),
		.from = copy(arena, move->from),
		.to = to ? arena_text(arena, to->meta.name) : NULL,
		.wave = move->wave,
	};
}

static void add_taints(const struct node *node, struct buffer *out)
{
	for (size_t i = 0; node->taints && i < node->taints->count; i++) {
		const struct taint *taint = &node->taints->items[i];

		buffer_printf(out, "%s%s%s%s:%s", i ? "," : "", taint->key, *taint->value ? "=" : "", taint->value,
			taint_effect_text((enum taint_effect)taint->effect));
	}
}

static struct order_node node_of(const struct node *node, struct arena *arena)
{
	AUTO_BUFFER taints = { 0 };

	add_taints(node, &taints);
	return (struct order_node){
		.name = arena_text(arena, node->meta.name),
		.state = node_state_text(node_state(node)),
		.taints = arena_text(arena, buffer_text(&taints)),
	};
}

void orders_document_node(const struct node *node, struct document *document)
{
	AUTO_BUFFER taints = { 0 };

	add_taints(node, &taints);
	document_text(document, "state", node_state_text(node_state(node)));
	document_text(document, "taints", buffer_text(&taints));
}

void orders_of_plan(const struct plan *plan, int64_t now, struct orders *ret_orders)
{
	AUTO_FREE const struct plan_move **moves = memory_new_array(plan->count + 1, sizeof(*moves));
	struct orders *orders = ret_orders;
	size_t count = 0;

	*orders = (struct orders){ .waves = plan->waves, .parity = plan->options.parity, .made = now };
	for (size_t i = 0; i < plan->count; i++)
		if (plan->items[i].wave)
			moves[count++] = &plan->items[i];
	qsort((void *)moves, count, sizeof(*moves), by_wave);
	orders->items = ARENA_ARRAY(&orders->arena, count + 1, struct order);
	for (size_t i = 0; i < count; i++)
		orders->items[orders->count++] = order_of(moves[i], &orders->arena);
	orders->nodes = ARENA_ARRAY(&orders->arena, plan->node_count + 1, struct order_node);
	for (size_t i = 0; i < plan->node_count; i++)
		orders->nodes[orders->node_count++] = node_of(plan->nodes[i].before.node, &orders->arena);
}

void orders_release(struct orders *orders)
{
	arena_release(&orders->arena);
	*orders = (struct orders){ 0 };
}

/* --- what has become of them --- */

const struct pod *order_pod(const struct order *order, const struct cluster *cluster)
{
	return cluster_find_pod_by_uid(cluster, order->uid);
}

static const struct order_node *node_named(const struct orders *orders, const char *name)
{
	for (size_t i = 0; name && i < orders->node_count; i++)
		if (strcmp(orders->nodes[i].name, name) == 0)
			return &orders->nodes[i];
	return NULL;
}

static const char *node_drift(
	const struct orders *orders, const char *name, const struct cluster *cluster, struct arena *arena)
{
	const struct order_node *before = node_named(orders, name);
	const struct node_entry *entry = name ? cluster_find_node(cluster, name) : NULL;
	struct order_node now;

	if (!name)
		return NULL;
	if (!entry || !entry->node)
		return arena_printf(arena, "node %s is gone", name);
	if (!before)
		return NULL;
	now = node_of(entry->node, arena);
	if (strcmp(now.state, before->state) != 0)
		return arena_printf(arena, "node %s was %s and is %s now", name, before->state, now.state);
	if (strcmp(now.taints, before->taints) != 0)
		return arena_printf(arena, "node %s has other taints now: %s", name, *now.taints ? now.taints : "none");
	return NULL;
}

const char *order_drift(const struct orders *orders, const struct order *order, const struct cluster *cluster,
	const char *besides, struct arena *arena)
{
	const struct pod *pod = order_pod(order, cluster);
	const struct meta *other = cluster_find(cluster, KIND_POD, order->name, order->namespace);
	const char *drift;

	if (!pod)
		return other ? "it is gone, and another pod has its name" : "it is gone";
	if (pod->meta.deleted != TIME_NONE)
		return "it is being deleted already";
	if (!pod_is_active(pod) && pod->node)
		drift = NULL; /* it has ended: where it ran matters to nobody */
	else if (!text_equal(pod->node, order->from))
		return arena_printf(arena, "it is on %s now", pod->node ? pod->node : "no node");
	drift = text_equal(order->from, besides) ? NULL : node_drift(orders, order->from, cluster, arena);
	return drift ? drift : node_drift(orders, order->to, cluster, arena);
}
