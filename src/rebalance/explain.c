/* `rebalance --explain`: how each node was seen, what became of every pod, and why the strategies stopped. With a pod:
 * what stands in its way, and every node as its landing. */
#include <math.h>
#include <string.h>

#include "clusterutils/rebalance/run.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/pointer_map.h"
#include "clusterutils/util/text.h"
#include "explain.h"
#include "plan_table.h"

/* --- nodes --- */

enum { STRATEGY, NODE, CLASS, SHARES, BECAUSE };

static const struct column class_columns[] = {
	[STRATEGY] = { "strategy", "STRATEGY", 0, 3 },
	[NODE] = { "node", "NODE", 0, 0 },
	[CLASS] = { "class", "IS", 0, 0 },
	[SHARES] = { "use", "USE", 0, 2 },
	[BECAUSE] = { "because", "BECAUSE", 0, 1 },
};

static const char *shares_text(struct arena *arena, const struct node_class *class)
{
	AUTO_BUFFER text = { 0 };

	for (size_t i = 0; i < class->share_count; i++)
		buffer_printf(&text, "%s%s %.0f%%", i ? ", " : "", class->shares[i].resource, class->shares[i].percent);
	return arena_text(arena, buffer_text(&text));
}

/* The keys that make it what it is; of "neither" those that keep it from being under. */
static const char *because_text(const struct plan *plan, struct arena *arena, const struct node_class *class)
{
	const struct node_entry *entry = cluster_find_node(plan->cluster, class->node);
	bool is_under = strcmp(class->class, "underutilized") == 0, is_over = strcmp(class->class, "overutilized") == 0;
	AUTO_BUFFER text = { 0 };

	for (size_t i = 0; i < class->share_count; i++) {
		const struct node_share *share = &class->shares[i];
		const char *sep = text.length ? ", " : is_under || is_over ? "" : "not under: ";

		if (is_under && !isnan(share->low))
			buffer_printf(&text, "%s%s %.1f <= %.4g", sep, share->resource, share->percent, share->low);
		else if (is_over && !isnan(share->high) && share->percent > share->high)
			buffer_printf(&text, "%s%s %.1f > %.4g", sep, share->resource, share->percent, share->high);
		else if (!is_under && !is_over && !isnan(share->low) && share->percent > share->low)
			buffer_printf(&text, "%s%s %.1f > %.4g", sep, share->resource, share->percent, share->low);
	}
	if (!text.length && entry && entry->node && entry->node->unschedulable)
		return "not under: cordoned";
	return arena_text(arena, buffer_text(&text));
}

void explain_classes_table(const struct plan *plan, struct table *ret_table)
{
	table_init(ret_table, "RebalanceNodeClasses", class_columns, ARRAY_LEN(class_columns));
	for (size_t i = 0; i < plan->pass.class_count; i++) {
		const struct node_class *class = &plan->pass.classes[i];
		struct row *row = table_add_row(ret_table, ROW_ITEM, 0);
		const char *because = because_text(plan, &ret_table->arena, class);

		row->cells[STRATEGY] = cell_text(class->strategy);
		row->cells[NODE] = cell_text(class->node);
		row->cells[CLASS] = cell_text(class->class);
		row->cells[SHARES] = cell_text(shares_text(&ret_table->arena, class));
		row->cells[BECAUSE] = cell_text(*because ? because : NULL);
	}
}

/* --- pods --- */

enum { NAMESPACE, NAME, POD, ON, VERDICT, ASKED_BY, LANDING, WHY = LANDING + LANDING_COLUMNS };

static const struct column pod_columns[] = {
	[NAMESPACE] = { "namespace", "NAMESPACE", COLUMN_DATA, 0 },
	[NAME] = { "name", "NAME", COLUMN_DATA, 0 },
	[POD] = { "pod", "POD", COLUMN_TEXT_ONLY, 0 },
	[ON] = { "node", "NODE", 0, 2 },
	[VERDICT] = { "verdict", "VERDICT", 0, 0 },
	[ASKED_BY] = { "strategy", "STRATEGY", 0, 3 },
	[LANDING] = LANDING_TO,
	[LANDING + 1] = LANDING_NEXT,
	[LANDING + 2] = LANDING_SHOWN,
	[WHY] = { "why", "WHY", 0, 1 },
};

/* What became of the pods, while the table is made. */
struct explaining {
	const struct planned *planned;
	struct plan *plan;
	struct pointer_map moves;     /* struct plan_move, by pod */
	struct pointer_map decisions; /* the last struct decision, by pod */
};

static void explaining_release(struct explaining *explaining)
{
	pointer_map_release(&explaining->moves);
	pointer_map_release(&explaining->decisions);
}

static struct explaining explaining_begin(const struct planned *planned, struct plan *plan)
{
	struct explaining explaining = { .planned = planned, .plan = plan };

	for (size_t i = 0; i < plan->count; i++)
		*pointer_map_at(&explaining.moves, POINTERS(plan->items[i].pod)) = &plan->items[i];
	for (size_t i = 0; i < plan->pass.decision_count; i++)
		*pointer_map_at(&explaining.decisions, POINTERS(plan->pass.decisions[i].pod)) =
			&plan->pass.decisions[i];
	return explaining;
}

/* In the profile whose evictor the pass was left with: the last that ran. */
static const char *protection_of(struct plan *plan, const struct pass_pod *pod, struct arena *arena)
{
	AUTO_BUFFER reasons = { 0 };
	AUTO_BUFFER text = { 0 };

	if (pass_filter_reasons(&plan->pass, pod, &reasons))
		return NULL;
	if (!reasons.length)
		return "it asks not to be evicted, and the policy makes that binding";
	for (const char *at = buffer_text(&reasons); *at; at++)
		buffer_add_text(&text, *at == '\n' ? "; " : (const char[]){ *at, '\0' });
	return arena_text(arena, buffer_text(&text));
}

static bool relieves(const struct plan *plan)
{
	for (size_t i = 0; i < plan->pass.note_count; i++)
		if (text_equal(plan->pass.notes[i].strategy, "RelieveOverutilizedNodes"))
			return true;
	return plan->options.relieves;
}

/* Nobody has decided on it: the answer is that of now, when the plan is made. */
static void explain_candidate(
	struct explaining *explaining, const struct pod *pod, struct row *row, struct arena *arena)
{
	struct landings *landings = explaining->plan->landings;
	const struct node_load *load = pod->node ? landings_load_of(landings, pod->node) : NULL;
	struct landing landing;

	row->cells[VERDICT] = cell_with_role(cell_text("stays"), ROLE_MUTED);
	if (!load || !landings_is_above(landings, load, NULL) || !relieves(explaining->plan)) {
		row->cells[WHY] = cell_text("no strategy asks for it");
		return;
	}
	landings_ask(landings, pod, LANDING_RELIEVE, &landing);
	row->cells[ASKED_BY] = cell_text("RelieveOverutilizedNodes");
	landing_cells(&landing, &row->cells[LANDING], arena);
	row->cells[WHY] = cell_text(landing.withheld == WITHHELD_NOT ? "its going would not be enough, or is not needed"
								     : arena_text(arena, landing.why));
	if (landing.withheld != WITHHELD_NOT)
		row->cells[VERDICT] = cell_with_role(cell_text("withheld"), ROLE_WARNING);
}

static void explain_pod(struct explaining *explaining, const struct pass_pod *pod, struct table *table)
{
	const struct plan_move *move = pointer_map_get(&explaining->moves, POINTERS(pod->pod));
	const struct decision *decision = pointer_map_get(&explaining->decisions, POINTERS(pod->pod));
	struct row *row = table_add_row(table, ROW_ITEM, 0);
	struct arena *arena = &table->arena;
	const char *protection;

	row->cells[NAMESPACE] = cell_text(pod->pod->meta.namespace);
	row->cells[NAME] = cell_text(pod->pod->meta.name);
	row->cells[POD] = cell_text(pod_name(arena, pod->pod));
	row->cells[ON] = cell_text(pod->pod->node);
	if (move) {
		bool moves = move->landing.withheld == WITHHELD_NOT;

		row->cells[VERDICT] =
			cell_with_role(cell_text(moves ? "move" : "withheld"), moves ? ROLE_GOOD : ROLE_WARNING);
		row->cells[ASKED_BY] = cell_text(move->strategy);
		landing_cells(&move->landing, &row->cells[LANDING], arena);
		row->cells[WHY] = cell_text(moves ? move->reason : move->landing.why);
	} else if (decision) {
		row->cells[VERDICT] = cell_with_role(cell_text("refused"), ROLE_WARNING);
		row->cells[ASKED_BY] = cell_text(decision->strategy);
		row->cells[WHY] = cell_text(decision->refused_because);
	} else if (explaining->plan->pass.evictor && (protection = protection_of(explaining->plan, pod, arena))) {
		row->cells[VERDICT] = cell_with_role(cell_text("protected"), ROLE_MUTED);
		row->cells[WHY] = cell_text(protection);
	} else {
		explain_candidate(explaining, pod->pod, row, arena);
	}
}

static void make_pod_table(const struct planned *planned, struct plan *plan, struct table *ret_table)
{
	CLEANUP(explaining_release) struct explaining explaining = explaining_begin(planned, plan);

	table_init(ret_table, "RebalanceExplanation", pod_columns, ARRAY_LEN(pod_columns));
	ret_table->resource = "pod";
	for (size_t i = 0; i < plan->pass.pod_count; i++)
		if (plan_scope_has(&plan->options.scope, plan->pass.pods[i].pod, NULL))
			explain_pod(&explaining, &plan->pass.pods[i], ret_table);
}

/* --- printing --- */

static void print_text(
	const struct planned *planned, struct plan *plan, const struct print_options *options, struct buffer *out)
{
	CLEANUP(table_release) struct table classes = { 0 };
	CLEANUP(table_release) struct table pods = { 0 };

	explain_classes_table(plan, &classes);
	make_pod_table(planned, plan, &pods);
	plan_head(plan, planned->policy_name, out);
	print_section("nodes, as the strategies see them", &classes, options, out);
	print_section("pods", &pods, options, out);
	buffer_printf(out, "\n");
	plan_foot(plan, out);
}

static void add_classes(const struct plan *plan, struct document *document)
{
	document_begin_array(document, "classes");
	for (size_t i = 0; i < plan->pass.class_count; i++) {
		const struct node_class *class = &plan->pass.classes[i];

		document_begin_object(document, NULL);
		document_text(document, "strategy", class->strategy);
		document_text(document, "profile", class->profile);
		document_text(document, "node", class->node);
		document_text(document, "class", class->class);
		document_begin_array(document, "shares");
		for (size_t k = 0; k < class->share_count; k++) {
			document_begin_object(document, NULL);
			document_text(document, "resource", class->shares[k].resource);
			document_percent(document, "percent", class->shares[k].percent);
			document_percent(document, "threshold", class->shares[k].low);
			document_percent(document, "target", class->shares[k].high);
			document_end(document);
		}
		document_end(document);
		document_end(document);
	}
	document_end(document);
}

static const char *text_of(const struct row *row, size_t column)
{
	return row->cells[column].type == CELL_TEXT ? row->cells[column].as.text : NULL;
}

static void add_pods(const struct table *table, struct document *document)
{
	document_begin_array(document, "pods");
	for (size_t i = 0; i < table->row_count; i++) {
		document_begin_object(document, NULL);
		for (size_t k = 0; k < table->column_count; k++)
			if (!(table->columns[k].flags & COLUMN_TEXT_ONLY))
				document_text(document, table->columns[k].key, text_of(&table->rows[i], k));
		document_end(document);
	}
	document_end(document);
}

static void print_document(
	const struct planned *planned, struct plan *plan, enum document_format format, struct buffer *out)
{
	CLEANUP(table_release) struct table pods = { 0 };
	struct document document;

	make_pod_table(planned, plan, &pods);
	document_init(&document, format, out);
	document_begin_object(&document, NULL);
	document_text(&document, "apiVersion", "clusterutils/v1");
	document_text(&document, "kind", "RebalanceExplanation");
	document_text(&document, "policy", planned->policy_name);
	add_classes(plan, &document);
	add_pods(&pods, &document);
	plan_document_notes(plan, &document);
	document_end(&document);
	document_finish(&document);
}

static int explain_all(const struct planned *planned, struct plan *plan, struct error *err)
{
	const struct print_options options = invocation_print_options(planned->invocation);
	CLEANUP(table_release) struct table table = { 0 };
	AUTO_BUFFER out = { 0 };

	switch (options.format) {
	case OUTPUT_TABLE:
	case OUTPUT_WIDE:
		print_text(planned, plan, &options, &out);
		break;
	case OUTPUT_JSON:
	case OUTPUT_YAML:
		print_document(planned, plan, options.format == OUTPUT_JSON ? DOCUMENT_JSON : DOCUMENT_YAML, &out);
		break;
	case OUTPUT_CSV:
	case OUTPUT_NAME:
		make_pod_table(planned, plan, &table);
		table_print(&table, &options, &out);
		break;
	}
	return invocation_write(&out, err);
}

int rebalance_explain(const struct planned *planned, struct plan *plan, const char *pod, struct error *err)
{
	return pod ? explain_one(planned, plan, pod, err) : explain_all(planned, plan, err);
}
