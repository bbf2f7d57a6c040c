/* The plan as one object, for programs and for the file that a run keeps to. */
#include <math.h>

#include "clusterutils/util/timestamp.h"
#include "orders.h"
#include "plan_table.h"

void document_percent(struct document *document, const char *key, double percent)
{
	if (isnan(percent))
		document_null(document, key);
	else
		document_milli(document, key, (int64_t)llround(percent * 1000));
}

static void add_amount(struct document *document, const char *key, int64_t amount, int64_t unit)
{
	if (amount == RESOURCE_UNKNOWN)
		document_null(document, key);
	else
		document_number(document, key, amount / unit);
}

static void add_owner(struct document *document, const struct owner *owner)
{
	if (!owner) {
		document_null(document, "owner");
		return;
	}
	document_begin_object(document, "owner");
	document_text(document, "kind", owner->kind);
	document_text(document, "name", owner->name);
	document_end(document);
}

static void add_move(struct document *document, const struct plan_move *item)
{
	const struct landing *landing = &item->landing;
	bool moves = landing->withheld == WITHHELD_NOT;

	document_begin_object(document, NULL);
	document_text(document, "namespace", item->pod->meta.namespace);
	document_text(document, "name", item->pod->meta.name);
	document_text(document, "uid", item->pod->meta.uid);
	add_owner(document, item->owner);
	document_text(document, "profile", item->profile);
	document_text(document, "strategy", item->strategy);
	document_text(document, "reason", item->reason);
	document_text(document, "from", item->from);
	document_text(document, "to", landing->to ? landing->to->meta.name : NULL);
	document_text(document, "runnerUp", landing->runner_up ? landing->runner_up->meta.name : NULL);
	document_percent(document, "gain", landing->gain);
	document_text(document, "verdict", moves ? "move" : "withheld");
	if (moves)
		document_null(document, "withheldBecause");
	else
		document_text(document, "withheldBecause", withheld_names[landing->withheld]);
	document_text(document, "why", landing->why);
	if (moves)
		document_number(document, "wave", item->wave);
	else
		document_null(document, "wave");
	document_end(document);
}

static void add_load(struct document *document, const char *key, const struct node_load *load)
{
	document_begin_object(document, key);
	add_amount(document, "cpuRequest", load->request.cpu, 1000000);
	add_amount(document, "memoryRequest", load->request.memory, 1);
	add_amount(document, "cpuUsage", load->usage.cpu, 1000000);
	add_amount(document, "memoryUsage", load->usage.memory, 1);
	document_number(document, "pods", load->pods);
	document_percent(document, "cpuPercent", node_load_percent(load, LOAD_CPU));
	document_percent(document, "memoryPercent", node_load_percent(load, LOAD_MEMORY));
	document_percent(document, "podsPercent", node_load_percent(load, LOAD_PODS));
	document_percent(document, "cpuUsagePercent", node_load_percent(load, LOAD_USED_CPU));
	document_percent(document, "memoryUsagePercent", node_load_percent(load, LOAD_USED_MEMORY));
	document_end(document);
}

static void add_spread(const struct plan *plan, struct document *document, const char *key, bool after)
{
	static const struct {
		enum load_kind kind;
		const char *name;
	} kinds[] = { { LOAD_CPU, "cpu" }, { LOAD_MEMORY, "memory" }, { LOAD_PODS, "pods" } };

	document_begin_object(document, key);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct plan_spread spread = plan_spread_of(plan, kinds[i].kind, after);

		document_begin_object(document, kinds[i].name);
		document_percent(document, "deviation", spread.deviation);
		document_percent(document, "largest", spread.most);
		document_end(document);
	}
	document_end(document);
}

static void add_policy(const struct plan *plan, const char *name, struct document *document)
{
	const struct param_percents *targets = plan->options.rules.targets;

	document_begin_object(document, "policy");
	document_text(document, "name", name);
	document_flag(document, "parity", plan->options.parity);
	if (targets) {
		document_begin_object(document, "targets");
		for (size_t i = 0; i < targets->count; i++)
			document_percent(document, targets->items[i].resource, targets->items[i].percent);
		document_end(document);
	} else {
		document_null(document, "targets");
	}
	document_text(document, "targetsAreOf", plan->options.rules.targets_are_usage ? "usage" : "requests");
	document_end(document);
}

void plan_document_nodes(const struct plan_node *nodes, size_t count, struct document *document)
{
	document_begin_array(document, "nodes");
	for (size_t i = 0; i < count; i++) {
		const struct plan_node *node = &nodes[i];

		document_begin_object(document, NULL);
		document_text(document, "name", node->before.node->meta.name);
		document_text(document, "class", node->class);
		orders_document_node(node->before.node, document);
		add_load(document, "before", &node->before);
		add_load(document, "after", &node->after);
		document_end(document);
	}
	document_end(document);
}

static void add_waves(const struct plan *plan, struct document *document)
{
	document_begin_array(document, "waves");
	for (unsigned wave = 1; wave <= plan->waves; wave++) {
		struct plan_wave sum = plan_wave_of(plan, wave);

		document_begin_object(document, NULL);
		document_number(document, "wave", wave);
		document_number(document, "moves", (int64_t)sum.moves);
		add_amount(document, "cpuRequest", sum.request.cpu, 1000000);
		add_amount(document, "memoryRequest", sum.request.memory, 1);
		document_end(document);
	}
	document_end(document);
}

void plan_document_notes(const struct plan *plan, struct document *document)
{
	document_begin_array(document, "notes");
	for (size_t i = 0; i < plan->pass.note_count; i++) {
		if (!plan_has_strategy(plan, plan->pass.notes[i].strategy))
			continue;
		document_begin_object(document, NULL);
		document_text(document, "strategy", plan->pass.notes[i].strategy);
		document_text(document, "text", plan->pass.notes[i].text);
		document_end(document);
	}
	document_end(document);
}

void plan_document(const struct plan *plan, const char *key, const char *policy_name, struct document *document)
{
	char made[TIMESTAMP_SIZE];

	document_begin_object(document, key);
	document_text(document, "apiVersion", "clusterutils/v1");
	document_text(document, "kind", "RebalancePlan");
	document_text(document, "made", timestamp_text(plan->made, made));
	add_policy(plan, policy_name, document);
	document_begin_array(document, "moves");
	for (size_t i = 0; i < plan->count; i++)
		add_move(document, &plan->items[i]);
	document_end(document);
	plan_document_nodes(plan->nodes, plan->node_count, document);
	add_waves(plan, document);
	plan_document_notes(plan, document);
	document_begin_object(document, "summary");
	document_number(document, "moves", (int64_t)plan->moves);
	document_number(document, "withheld", (int64_t)plan->withheld);
	document_number(document, "waves", plan->waves);
	document_number(document, "pendingPlaced", (int64_t)plan->settled);
	document_number(document, "pendingWithoutPlace", (int64_t)plan->waiting);
	add_spread(plan, document, "spreadBefore", false);
	add_spread(plan, document, "spreadAfter", true);
	document_end(document);
	document_end(document);
}
