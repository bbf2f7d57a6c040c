/* `rebalance --what-if CHANGE`: the plan for the cluster as it is beside the plan for one that is changed. */
#include <math.h>
#include <string.h>

#include "change.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/pointer_map.h"
#include "clusterutils/util/text.h"
#include "plan_table.h"
#include "rebalance.h"

/* What a change does to one move. */
enum difference { MOVE_ADDED, MOVE_DROPPED, MOVE_ELSEWHERE, MOVE_SAME };

static const char *const difference_names[] = { "added", "dropped", "elsewhere", "same" };

struct moved {
	const struct pod *pod;
	const char *from;
	const struct plan_move *before, *after; /* NULL where the plan has no such move */
};

struct comparison {
	const struct planned *planned;
	const struct plan *before;
	struct plan after;
	const struct option_list *texts; /* the changes, as given */
	struct displacements displaced;
	struct moved *moves;
	size_t move_count, counts[MOVE_SAME + 1];
	size_t stranded; /* displaced pods that no node takes */
	struct arena arena;
};

static void comparison_release(struct comparison *comparison)
{
	plan_release(&comparison->after);
	displacements_release(&comparison->displaced);
	arena_release(&comparison->arena);
}

/* --- comparing --- */

static bool is_move(const struct plan_move *item)
{
	return item->landing.withheld == WITHHELD_NOT;
}

static bool land_alike(const struct plan_move *a, const struct plan_move *b)
{
	const struct node *x = a->landing.to, *y = b->landing.to;

	return x && y ? strcmp(x->meta.name, y->meta.name) == 0 : x == y;
}

static enum difference difference_of(const struct moved *moved)
{
	if (!moved->before || !moved->after)
		return moved->before ? MOVE_DROPPED : MOVE_ADDED;
	return land_alike(moved->before, moved->after) ? MOVE_SAME : MOVE_ELSEWHERE;
}

static struct index_key key_of_moved(const void *object)
{
	const struct pod *pod = ((const struct moved *)object)->pod;

	return (struct index_key){ pod->meta.name, pod->meta.namespace };
}

static struct moved *moved_of(struct comparison *comparison, struct index *known, const struct plan_move *item)
{
	struct moved *moved = index_find(known, item->pod->meta.name, item->pod->meta.namespace);

	if (moved)
		return moved;
	moved = &comparison->moves[comparison->move_count++];
	moved->pod = item->pod;
	moved->from = item->from;
	index_add(known, moved);
	return moved;
}

/* By name: a pod of a StatefulSet that comes again is the same one to whoever compares. */
static void compare(struct comparison *comparison)
{
	const struct plan *before = comparison->before, *after = &comparison->after;
	struct index known;

	index_init(&known, key_of_moved);
	comparison->moves = ARENA_ARRAY(&comparison->arena, before->count + after->count + 1, struct moved);
	for (size_t i = 0; i < before->count; i++)
		if (is_move(&before->items[i]))
			moved_of(comparison, &known, &before->items[i])->before = &before->items[i];
	for (size_t i = 0; i < after->count; i++)
		if (is_move(&after->items[i]))
			moved_of(comparison, &known, &after->items[i])->after = &after->items[i];
	index_release(&known);
	for (size_t i = 0; i < comparison->move_count; i++)
		comparison->counts[difference_of(&comparison->moves[i])]++;
	for (size_t i = 0; i < comparison->displaced.count; i++)
		comparison->stranded += !landings_node_of(after->landings, comparison->displaced.items[i].pod);
}

/* --- tables --- */

enum { NAMESPACE, NAME, POD, CHANGE, FROM, BEFORE, AFTER, TO, THEN, WHY };

static const struct column move_columns[] = {
	[NAMESPACE] = { "namespace", "NAMESPACE", COLUMN_DATA, 0 },
	[NAME] = { "name", "NAME", COLUMN_DATA, 0 },
	[POD] = { "pod", "POD", COLUMN_TEXT_ONLY, 0 },
	[CHANGE] = { "change", "MOVE IS", 0, 0 },
	[FROM] = { "from", "FROM", 0, 0 },
	[BEFORE] = { "before", "BEFORE", COLUMN_DATA, 0 },
	[AFTER] = { "after", "AFTER", COLUMN_DATA, 0 },
	[TO] = { "landing", "LANDS ON", COLUMN_TEXT_ONLY, 0 },
	[THEN] = { "landingThen", "THEN ON", COLUMN_TEXT_ONLY, 0 },
	[WHY] = { "why", "WHY", 0, 1 },
};

static const struct plan_move *item_of(const struct plan *plan, const struct pod *pod)
{
	for (size_t i = 0; i < plan->count; i++)
		if (text_equal(plan->items[i].pod->meta.name, pod->meta.name) &&
			text_equal(plan->items[i].pod->meta.namespace, pod->meta.namespace))
			return &plan->items[i];
	return NULL;
}

/* Why the other plan has no such move, where it has an opinion. */
static const char *why_of(const struct comparison *comparison, const struct moved *moved, struct arena *arena)
{
	const struct plan_move *other;

	if (moved->after)
		return moved->after->reason;
	other = item_of(&comparison->after, moved->pod);
	return other && other->landing.why ? arena_printf(arena, "withheld: %s", other->landing.why)
					   : "no strategy asks for it any more";
}

static const char *landing_node(const struct plan_move *item)
{
	return item && item->landing.to ? item->landing.to->meta.name : NULL;
}

static void make_move_table(const struct comparison *comparison, bool all, struct table *ret_table)
{
	struct arena *arena = &ret_table->arena;

	table_init(ret_table, "RebalanceComparison", move_columns, ARRAY_LEN(move_columns));
	ret_table->resource = "pod";
	for (size_t i = 0; i < comparison->move_count; i++) {
		const struct moved *moved = &comparison->moves[i];
		enum difference difference = difference_of(moved);
		struct row *row;

		if (difference == MOVE_SAME && !all)
			continue;
		row = table_add_row(ret_table, ROW_ITEM, 0);
		row->cells[NAMESPACE] = cell_text(moved->pod->meta.namespace);
		row->cells[NAME] = cell_text(moved->pod->meta.name);
		row->cells[POD] = cell_text(pod_name(arena, moved->pod));
		row->cells[CHANGE] = cell_text(difference_names[difference]);
		row->cells[FROM] = cell_text(moved->from);
		row->cells[BEFORE] = cell_text(landing_node(moved->before));
		row->cells[AFTER] = cell_text(landing_node(moved->after));
		row->cells[TO] = cell_text(moved->before ? landing_name(arena, &moved->before->landing) : NULL);
		row->cells[THEN] = cell_text(moved->after ? landing_name(arena, &moved->after->landing) : NULL);
		row->cells[WHY] = cell_text(why_of(comparison, moved, arena));
	}
}

enum { LOST_POD, LOST_FROM, LOST_TO, LOST_WHY };

static const struct column displaced_columns[] = {
	[LOST_POD] = { "pod", "POD", 0, 0 },
	[LOST_FROM] = { "from", "WAS ON", 0, 0 },
	[LOST_TO] = { "to", "LANDS ON", 0, 0 },
	[LOST_WHY] = { "why", "WHY", 0, 1 },
};

static const char *why_stranded(const struct comparison *comparison, const struct pod *pod, struct arena *arena)
{
	AUTO_SCHED_TRIAL trial;
	AUTO_BUFFER message = { 0 };

	landings_options(comparison->after.landings, pod, LANDING_RESTART, &trial);
	if (trial.error)
		return arena_text(arena, trial.error);
	sched_trial_message(&trial, &message);
	return arena_text(arena, buffer_text(&message));
}

static void make_displaced_table(const struct comparison *comparison, struct table *ret_table)
{
	struct arena *arena = &ret_table->arena;

	table_init(ret_table, "DisplacedPods", displaced_columns, ARRAY_LEN(displaced_columns));
	for (size_t i = 0; i < comparison->displaced.count; i++) {
		const struct displaced *displaced = &comparison->displaced.items[i];
		const struct node *to = landings_node_of(comparison->after.landings, displaced->pod);
		struct row *row = table_add_row(ret_table, ROW_ITEM, 0);

		row->cells[LOST_POD] = cell_text(pod_name(arena, displaced->pod));
		row->cells[LOST_FROM] = cell_text(displaced->from);
		row->cells[LOST_TO] = cell_text(to ? to->meta.name : NULL);
		row->cells[LOST_WHY] = cell_with_role(
			cell_text(to ? NULL : why_stranded(comparison, displaced->pod, arena)), ROLE_BAD);
	}
}

enum { NODE, CPU, MEMORY, PODS };

static const struct column node_columns[] = {
	[NODE] = { "name", "NODE", 0, 0 },
	[CPU] = { "cpu", "CPU%", COLUMN_RIGHT, 0 },
	[MEMORY] = { "memory", "MEM%", COLUMN_RIGHT, 0 },
	[PODS] = { "pods", "PODS", COLUMN_RIGHT, 0 },
};

static struct cell percents(
	struct arena *arena, const struct plan_node *before, const struct plan_node *after, enum load_kind kind)
{
	double x = before ? node_load_percent(&before->after, kind) : NAN;
	double y = after ? node_load_percent(&after->after, kind) : NAN;

	if (isnan(x) && isnan(y))
		return cell_unknown();
	if (isnan(x) || isnan(y))
		return cell_text(arena_printf(arena, isnan(x) ? "- | %.0f" : "%.0f | -", isnan(x) ? y : x));
	return cell_text(arena_printf(arena, "%.0f | %.0f", x, y));
}

static const char *pods_of(struct arena *arena, const struct plan_node *node)
{
	return node ? arena_printf(arena, "%lld", (long long)node->after.pods) : "-";
}

static void add_node(
	const char *name, const struct plan_node *before, const struct plan_node *after, struct table *table)
{
	struct arena *arena = &table->arena;
	struct row *row = table_add_row(table, ROW_ITEM, 0);

	row->cells[NODE] = cell_text(name);
	row->cells[CPU] = percents(arena, before, after, LOAD_CPU);
	row->cells[MEMORY] = percents(arena, before, after, LOAD_MEMORY);
	row->cells[PODS] = cell_text(arena_printf(arena, "%s | %s", pods_of(arena, before), pods_of(arena, after)));
}

/* Both in the order of names. */
static void make_node_table(const struct comparison *comparison, struct table *ret_table)
{
	const struct plan *before = comparison->before, *after = &comparison->after;
	size_t i = 0, k = 0;

	table_init(ret_table, "RebalanceComparisonNodes", node_columns, ARRAY_LEN(node_columns));
	while (i < before->node_count || k < after->node_count) {
		const char *x = i < before->node_count ? before->nodes[i].before.node->meta.name : NULL;
		const char *y = k < after->node_count ? after->nodes[k].before.node->meta.name : NULL;
		int order = !x ? 1 : !y ? -1 : strcmp(x, y);

		add_node(order <= 0 ? x : y, order <= 0 ? &before->nodes[i] : NULL,
			order >= 0 ? &after->nodes[k] : NULL, ret_table);
		i += order <= 0;
		k += order >= 0;
	}
}

/* --- printing --- */

static void print_summary(const struct comparison *comparison, struct buffer *out)
{
	const struct plan *before = comparison->before, *after = &comparison->after;
	const size_t *counts = comparison->counts;

	buffer_printf(out,
		"%zu -> %zu moves (%zu added, %zu dropped, %zu elsewhere, %zu the same), %zu -> %zu withheld",
		before->moves, after->moves, counts[MOVE_ADDED], counts[MOVE_DROPPED], counts[MOVE_ELSEWHERE],
		counts[MOVE_SAME], before->withheld, after->withheld);
	if (before->options.rules.targets)
		buffer_printf(out, "; nodes above target when done: %zu -> %zu", plan_above_target(before, true),
			plan_above_target(after, true));
	if (comparison->displaced.count)
		buffer_printf(out, "; of %zu pods that lose their node %zu land nowhere", comparison->displaced.count,
			comparison->stranded);
	if (before->waiting || after->waiting)
		buffer_printf(out, "; pods without a place: %zu -> %zu", before->waiting, after->waiting);
	buffer_printf(out, "\n");
}

static void print_text(const struct comparison *comparison, const struct print_options *options, struct buffer *out)
{
	CLEANUP(table_release) struct table moves = { 0 };
	CLEANUP(table_release) struct table displaced = { 0 };
	CLEANUP(table_release) struct table nodes = { 0 };

	make_move_table(comparison, options->format == OUTPUT_WIDE, &moves);
	make_displaced_table(comparison, &displaced);
	make_node_table(comparison, &nodes);
	buffer_printf(out, "policy  %s\nwhat if ", comparison->planned->policy_name);
	for (size_t i = 0; i < comparison->texts->count; i++)
		buffer_printf(out, "%s%s", i ? ", " : "", comparison->texts->items[i]);
	buffer_printf(out, "\n");
	print_section(NULL, &moves, options, out);
	print_section("pods that lose their node", &displaced, options, out);
	print_section("when the plan is done: as it is | what if", &nodes, options, out);
	buffer_printf(out, "\n");
	print_summary(comparison, out);
}

static void add_displaced(const struct comparison *comparison, struct document *document)
{
	document_begin_array(document, "displaced");
	for (size_t i = 0; i < comparison->displaced.count; i++) {
		const struct displaced *displaced = &comparison->displaced.items[i];
		const struct node *to = landings_node_of(comparison->after.landings, displaced->pod);

		document_begin_object(document, NULL);
		document_text(document, "namespace", displaced->pod->meta.namespace);
		document_text(document, "name", displaced->pod->meta.name);
		document_text(document, "from", displaced->from);
		document_text(document, "to", to ? to->meta.name : NULL);
		document_end(document);
	}
	document_end(document);
}

static void add_moves(const struct comparison *comparison, struct document *document)
{
	document_begin_array(document, "moves");
	for (size_t i = 0; i < comparison->move_count; i++) {
		const struct moved *moved = &comparison->moves[i];
		document_begin_object(document, NULL);
		document_text(document, "namespace", moved->pod->meta.namespace);
		document_text(document, "name", moved->pod->meta.name);
		document_text(document, "change", difference_names[difference_of(moved)]);
		document_text(document, "before", landing_node(moved->before));
		document_text(document, "after", landing_node(moved->after));
		document_end(document);
	}
	document_end(document);
}

static void print_document(const struct comparison *comparison, enum document_format format, struct buffer *out)
{
	struct document document;

	document_init(&document, format, out);
	document_begin_object(&document, NULL);
	document_text(&document, "apiVersion", "clusterutils/v1");
	document_text(&document, "kind", "RebalanceComparison");
	document_begin_array(&document, "changes");
	for (size_t i = 0; i < comparison->texts->count; i++)
		document_text(&document, NULL, comparison->texts->items[i]);
	document_end(&document);
	add_moves(comparison, &document);
	add_displaced(comparison, &document);
	plan_document(comparison->before, "before", comparison->planned->policy_name, &document);
	plan_document(&comparison->after, "after", comparison->planned->policy_name, &document);
	document_end(&document);
	document_finish(&document);
}

static int print(const struct comparison *comparison, struct error *err)
{
	const struct print_options options = invocation_print_options(comparison->planned->invocation);
	CLEANUP(table_release) struct table table = { 0 };
	AUTO_BUFFER out = { 0 };

	switch (options.format) {
	case OUTPUT_TABLE:
	case OUTPUT_WIDE:
		print_text(comparison, &options, &out);
		break;
	case OUTPUT_JSON:
	case OUTPUT_YAML:
		print_document(comparison, options.format == OUTPUT_JSON ? DOCUMENT_JSON : DOCUMENT_YAML, &out);
		break;
	case OUTPUT_CSV:
	case OUTPUT_NAME:
		make_move_table(comparison, true, &table);
		table_print(&table, &options, &out);
		break;
	}
	return invocation_write(&out, err);
}

/* All are read before the first is made. */
static int apply_all(struct comparison *comparison, struct error *err)
{
	const struct option_list *texts = comparison->texts;
	struct change *changes = ARENA_ARRAY(&comparison->arena, texts->count + 1, struct change);

	for (size_t i = 0; i < texts->count; i++)
		if (change_parse(texts->items[i], &comparison->arena, &changes[i], err) < 0)
			return -1;
	cluster_hold(comparison->planned->cluster);
	for (size_t i = 0; i < texts->count; i++)
		if (change_apply(&changes[i], comparison->planned->cluster, comparison->planned->policy,
			    &comparison->displaced, err) < 0)
			return -1;
	return 0;
}

int rebalance_what_if(const struct planned *planned, const struct plan *before, bool *ret_is_clear, struct error *err)
{
	const struct rebalance_options *options = planned->invocation->options;
	CLEANUP(comparison_release)
	struct comparison comparison = { .planned = planned, .before = before, .texts = &options->what_ifs };

	if (apply_all(&comparison, err) < 0)
		return -1;
	plan_make(&comparison.after, planned->cluster, planned->policy, &planned->options, planned->now);
	compare(&comparison);
	*ret_is_clear = !comparison.after.moves;
	return print(&comparison, err);
}
