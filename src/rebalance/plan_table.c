#include "plan_table.h"

#include <math.h>
#include <string.h>

#include "clusterutils/util/text.h"

enum {
	NUMBER,
	NAMESPACE,
	NAME,
	POD,
	STRATEGY,
	OWNER,
	FROM,
	LANDING,
	WAVE = LANDING + LANDING_COLUMNS,
	GAIN,
	VERDICT,
	WHY
};

static const struct column move_columns[] = {
	[NUMBER] = { "number", "#", COLUMN_RIGHT, 3 },
	[NAMESPACE] = { "namespace", "NAMESPACE", COLUMN_DATA, 0 },
	[NAME] = { "name", "NAME", COLUMN_DATA, 0 },
	[POD] = { "pod", "POD", COLUMN_TEXT_ONLY, 0 },
	[STRATEGY] = { "strategy", "STRATEGY", 0, 2 },
	[OWNER] = { "owner", "OWNER", COLUMN_WIDE, 4 },
	[FROM] = { "from", "FROM", 0, 0 },
	[LANDING] = LANDING_TO,
	[LANDING + 1] = LANDING_NEXT,
	[LANDING + 2] = LANDING_SHOWN,
	[WAVE] = { "wave", "WAVE", COLUMN_RIGHT | COLUMN_WIDE, 4 },
	[GAIN] = { "gain", "GAIN", COLUMN_RIGHT | COLUMN_WIDE, 4 },
	[VERDICT] = { "verdict", "VERDICT", COLUMN_DATA, 0 },
	[WHY] = { "why", "WHY", 0, 1 },
};

static bool is_move(const struct plan_move *item)
{
	return item->landing.withheld == WITHHELD_NOT;
}

const char *pod_name(struct arena *arena, const struct pod *pod)
{
	return arena_printf(arena, "%s/%s", pod->meta.namespace ? pod->meta.namespace : "", pod->meta.name);
}

void landing_cells(const struct landing *landing, struct cell *cells, struct arena *arena)
{
	const struct node *to = landing ? landing->to : NULL, *next = landing ? landing->runner_up : NULL;

	cells[0] = cell_text(to ? to->meta.name : NULL);
	cells[1] = cell_text(to && next ? next->meta.name : NULL);
	cells[2] = cell_text(landing ? landing_name(arena, landing) : NULL);
}

static const char *owner_name(struct arena *arena, const struct owner *owner)
{
	return owner ? arena_printf(arena, "%s/%s", owner->kind, owner->name) : NULL;
}

const char *landing_name(struct arena *arena, const struct landing *landing)
{
	if (!landing->to)
		return NULL;
	if (!landing->runner_up)
		return landing->to->meta.name;
	return arena_printf(arena, "%s (%s)", landing->to->meta.name, landing->runner_up->meta.name);
}

/* Of a move that upstream makes all the same, what speaks against it is worth more than why it is made. */
static const char *why_of(struct arena *arena, const struct plan_move *item)
{
	if (!is_move(item))
		return item->landing.why;
	return item->landing.why ? arena_printf(arena, "%s; but %s", item->reason, item->landing.why) : item->reason;
}

static void add_move(size_t number, const struct plan_move *item, struct table *table)
{
	struct row *row = table_add_row(table, ROW_ITEM, 0);
	struct arena *arena = &table->arena;
	bool moves = is_move(item);

	row->cells[NUMBER] = moves ? cell_number((int64_t)number) : cell_none();
	row->cells[NAMESPACE] = cell_text(item->pod->meta.namespace);
	row->cells[NAME] = cell_text(item->pod->meta.name);
	row->cells[POD] = cell_text(pod_name(arena, item->pod));
	row->cells[STRATEGY] = cell_text(item->strategy);
	row->cells[OWNER] = cell_text(owner_name(arena, item->owner));
	row->cells[FROM] = cell_text(item->from);
	landing_cells(&item->landing, &row->cells[LANDING], arena);
	row->cells[WAVE] = moves ? cell_number(item->wave) : cell_none();
	row->cells[GAIN] =
		moves && !isnan(item->landing.gain) ? cell_number((int64_t)round(item->landing.gain)) : cell_none();
	row->cells[VERDICT] = cell_text(moves ? "move" : "withheld");
	row->cells[WHY] = cell_with_role(cell_text(why_of(arena, item)),
		moves && item->landing.why ? ROLE_WARNING
			: moves            ? ROLE_PLAIN
					   : ROLE_MUTED);
}

void plan_moves_table(const struct plan *plan, unsigned rows, struct table *ret_table)
{
	size_t number = 0;

	table_init(ret_table, "RebalancePlan", move_columns, sizeof(move_columns) / sizeof(move_columns[0]));
	ret_table->resource = "pod";
	if (!(rows & PLAN_ROWS_MOVES))
		ret_table->columns[NUMBER].flags |= COLUMN_DATA;
	for (size_t i = 0; i < plan->count; i++) {
		bool moves = is_move(&plan->items[i]);

		number += moves;
		if (rows & (moves ? PLAN_ROWS_MOVES : PLAN_ROWS_WITHHELD))
			add_move(number, &plan->items[i], ret_table);
	}
}

/* --- nodes --- */

enum { NODE, CLASS, CPU, MEMORY, USED_CPU, USED_MEMORY, PODS };

static const struct column node_columns[] = {
	[NODE] = { "name", "NODE", 0, 0 },
	[CLASS] = { "class", "IS", 0, 3 },
	[CPU] = { "cpu", "CPU%", COLUMN_RIGHT, 0 },
	[MEMORY] = { "memory", "MEM%", COLUMN_RIGHT, 0 },
	[USED_CPU] = { "cpuUsage", "CPU% USED", COLUMN_RIGHT | COLUMN_WIDE, 1 },
	[USED_MEMORY] = { "memoryUsage", "MEM% USED", COLUMN_RIGHT | COLUMN_WIDE, 1 },
	[PODS] = { "pods", "PODS", COLUMN_RIGHT, 0 },
};

static struct cell change_of(struct arena *arena, const struct plan_node *node, enum load_kind kind)
{
	double before = node_load_percent(&node->before, kind), after = node_load_percent(&node->after, kind);

	if (isnan(before) || isnan(after))
		return cell_unknown();
	if (round(before) == round(after))
		return cell_text(arena_printf(arena, "%.0f", before));
	return cell_text(arena_printf(arena, "%.0f -> %.0f", before, after));
}

static bool has_changed(const struct plan_node *node)
{
	return node->before.pods != node->after.pods || node->before.request.cpu != node->after.request.cpu ||
		node->before.request.memory != node->after.request.memory;
}

void plan_nodes_table(const struct plan_node *nodes, size_t count, bool all, struct table *ret_table)
{
	table_init(ret_table, "RebalancePlanNodes", node_columns, sizeof(node_columns) / sizeof(node_columns[0]));
	for (size_t i = 0; i < count; i++) {
		const struct plan_node *node = &nodes[i];
		struct arena *arena = &ret_table->arena;
		struct row *row;

		if (!all && !has_changed(node))
			continue;
		row = table_add_row(ret_table, ROW_ITEM, 0);
		row->cells[NODE] = cell_text(node->before.node->meta.name);
		row->cells[CLASS] = cell_text(node->class);
		row->cells[CPU] = change_of(arena, node, LOAD_CPU);
		row->cells[MEMORY] = change_of(arena, node, LOAD_MEMORY);
		row->cells[USED_CPU] = change_of(arena, node, LOAD_USED_CPU);
		row->cells[USED_MEMORY] = change_of(arena, node, LOAD_USED_MEMORY);
		row->cells[PODS] = cell_text(node->before.pods == node->after.pods
				? arena_printf(arena, "%lld", (long long)node->before.pods)
				: arena_printf(arena, "%lld -> %lld", (long long)node->before.pods,
					  (long long)node->after.pods));
	}
}

void print_section(
	const char *title, const struct table *table, const struct print_options *options, struct buffer *out)
{
	if (!table->row_count)
		return;
	buffer_printf(out, "\n%s%s", title ? title : "", title ? "\n" : "");
	table_print(table, options, out);
}

/* --- the sentences around them --- */

enum { MOST_WAVES_TOLD = 12 };

static size_t warnings_of(const struct policy *policy)
{
	size_t count = 0;

	for (size_t i = 0; i < policy->finding_count; i++)
		count += policy->findings[i].severity == POLICY_WARNING;
	return count;
}

static void add_targets(const struct plan *plan, struct buffer *out)
{
	const struct param_percents *targets = plan->options.rules.targets;

	buffer_printf(out, "   (over: ");
	for (size_t i = 0; i < targets->count; i++)
		buffer_printf(
			out, "%s%s > %.0f", i ? " or " : "", targets->items[i].resource, targets->items[i].percent);
}

/* The thresholds are those of every node unless they are distances from the mean. */
static void add_thresholds(const struct plan *plan, struct buffer *out)
{
	const struct node_class *first = plan->pass.class_count ? &plan->pass.classes[0] : NULL;
	bool is_first = true;

	for (size_t i = 0; first && i < first->share_count; i++) {
		if (isnan(first->shares[i].low))
			continue;
		buffer_printf(out, "%s%s <= %.0f", is_first ? "; under: " : " and ", first->shares[i].resource,
			first->shares[i].low);
		is_first = false;
	}
}

/* As the strategy that classes nodes saw them; without one, as the targets do. */
static void add_nodes_line(const struct plan *plan, struct buffer *out)
{
	static const char *const classes[] = { "over", "under", "neither" };
	size_t counts[3] = { 0 }, classed = 0, over = plan_above_target(plan, false);

	for (size_t i = 0; i < plan->node_count; i++)
		for (size_t k = 0; k < 3; k++)
			if (text_equal(plan->nodes[i].class, classes[k])) {
				counts[k]++;
				classed++;
			}
	if (classed)
		buffer_printf(out, "%zu over, %zu under, %zu neither", counts[0], counts[1],
			plan->node_count - counts[0] - counts[1]);
	else if (plan->options.rules.targets)
		buffer_printf(out, "%zu above target, %zu not", over, plan->node_count - over);
	else
		buffer_printf(out, "%zu", plan->node_count);
	if (!plan->options.rules.targets || !plan->options.rules.targets->count)
		return;
	add_targets(plan, out);
	if (classed)
		add_thresholds(plan, out);
	buffer_printf(out, "%s)", plan->options.rules.targets_are_usage ? ", of real use" : "");
}

static void add_pending_line(const struct plan *plan, struct buffer *out)
{
	size_t settled = plan->settled, waiting = plan->waiting;

	if (!settled && !waiting)
		return;
	buffer_printf(out, "pending ");
	if (settled)
		buffer_printf(out, "%zu %s counted where %s would land", settled, settled == 1 ? "pod is" : "pods are",
			settled == 1 ? "it" : "they");
	if (waiting)
		buffer_printf(out, "%s%zu %s nowhere", settled ? ", " : "", waiting,
			settled                ? waiting == 1 ? "fits" : "fit"
				: waiting == 1 ? "pod fits"
					       : "pods fit");
	buffer_printf(out, "\n");
}

void plan_head(const struct plan *plan, const char *policy_name, struct buffer *out)
{
	const struct policy_profile *profiles = plan->policy->profiles.items;
	size_t warnings = warnings_of(plan->policy);

	buffer_printf(out, "policy  %s", policy_name);
	for (size_t i = 0; i < plan->policy->profiles.count; i++)
		buffer_printf(out, "%s%s",
			i                                          ? ", "
				: plan->policy->profiles.count > 1 ? ", profiles "
								   : ", profile ",
			profiles[i].name);
	if (warnings)
		buffer_printf(out, "; %zu %s (see: rebalance lint)", warnings, warnings == 1 ? "warning" : "warnings");
	buffer_printf(out, "\nnodes   ");
	add_nodes_line(plan, out);
	buffer_printf(out, "\n");
	add_pending_line(plan, out);
}

static void add_spread(const struct plan *plan, struct buffer *out)
{
	static const struct {
		enum load_kind kind;
		const char *name;
	} kinds[] = { { LOAD_CPU, "cpu" }, { LOAD_MEMORY, "memory" } };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct plan_spread before = plan_spread_of(plan, kinds[i].kind, false);
		struct plan_spread after = plan_spread_of(plan, kinds[i].kind, true);

		if (!isnan(before.deviation))
			buffer_printf(out, "%s %s %.1f -> %.1f points", i ? "," : "; spread of", kinds[i].name,
				before.deviation, after.deviation);
	}
}

bool plan_has_strategy(const struct plan *plan, const char *strategy)
{
	const struct plan_scope *scope = &plan->options.scope;

	for (size_t i = 0; strategy && i < scope->strategy_count; i++)
		if (text_equal(scope->strategies[i], strategy))
			return true;
	return !strategy || !scope->strategy_count;
}

void plan_foot(const struct plan *plan, struct buffer *out)
{
	for (size_t i = 0; i < plan->pass.note_count; i++)
		if (plan_has_strategy(plan, plan->pass.notes[i].strategy))
			buffer_printf(out, "%s: %s\n",
				plan->pass.notes[i].strategy ? plan->pass.notes[i].strategy : "policy",
				plan->pass.notes[i].text);
	buffer_printf(out, "%zu %s", plan->moves, plan->moves == 1 ? "move" : "moves");
	if (plan->moves)
		buffer_printf(out, " in %u %s", plan->waves, plan->waves == 1 ? "wave" : "waves");
	if (plan->waves > 1 && plan->waves <= MOST_WAVES_TOLD)
		for (unsigned wave = 1; wave <= plan->waves; wave++)
			buffer_printf(out, "%s%zu", wave == 1 ? " of " : ", ", plan_wave_of(plan, wave).moves);
	buffer_printf(out, "; %zu withheld", plan->withheld);
	if (plan->moves)
		add_spread(plan, out);
	if (plan->options.rules.targets)
		buffer_printf(out, "; nodes above target: %zu -> %zu", plan_above_target(plan, false),
			plan_above_target(plan, true));
	buffer_printf(out, "\n");
}
