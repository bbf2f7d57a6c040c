/* `rebalance --empty NODE`: a drain that is known to work before it starts. */
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "clusterutils/util/text.h"
#include "plan_table.h"
#include "rebalance.h"

/* What becomes of a pod of the node. */
enum fate {
	FATE_MOVES,
	FATE_STAYS, /* a drain leaves it alone */
	FATE_ENDS,  /* it has ended, or is going: nothing is made again */
	FATE_LOST,  /* nothing makes it again: a drain needs --force */
	FATE_HELD,  /* it cannot go, or has nowhere to go */
	FATE_COUNT,
};

static const char *const fate_names[] = { "moves", "stays", "ends", "lost", "held" };

struct leaver {
	const struct pod *pod;
	enum fate fate;
	struct landing landing;
	unsigned round; /* from 1; 0 for who does not move */
	const char *why;
};

struct emptying {
	const struct planned *planned;
	const char *node;
	struct landing_rules rules;
	struct landings *landings;
	struct leaver *leavers; /* the most important first, as they are scheduled again */
	size_t count, counts[FATE_COUNT];
	size_t doubtful; /* land where something speaks against it */
	unsigned rounds;
	struct plan_node *nodes;
	size_t node_count;
	struct arena arena;
};

static void emptying_release(struct emptying *emptying)
{
	landings_free(emptying->landings);
	arena_release(&emptying->arena);
}

static int by_turn(const void *a, const void *b)
{
	const struct pod *x = ((const struct leaver *)a)->pod, *y = ((const struct leaver *)b)->pod;
	int order;

	if (x->priority != y->priority)
		return x->priority > y->priority ? -1 : 1;
	order = strcmp(x->meta.namespace ? x->meta.namespace : "", y->meta.namespace ? y->meta.namespace : "");
	return order ? order : strcmp(x->meta.name, y->meta.name);
}

static void find_leavers(struct emptying *emptying)
{
	const struct node_entry *entry = cluster_find_node(emptying->planned->cluster, emptying->node);

	for (const struct pod *pod = entry->pods; pod; pod = pod->by_node.next)
		emptying->count++;
	emptying->leavers = ARENA_ARRAY(&emptying->arena, emptying->count + 1, struct leaver);
	emptying->count = 0;
	for (const struct pod *pod = entry->pods; pod; pod = pod->by_node.next)
		emptying->leavers[emptying->count++] = (struct leaver){ .pod = pod, .fate = FATE_COUNT };
	qsort(emptying->leavers, emptying->count, sizeof(*emptying->leavers), by_turn);
}

/* --- one pod --- */

static void decide(struct leaver *leaver, enum fate fate, const char *why)
{
	leaver->fate = fate;
	leaver->why = why;
}

static bool is_decided_at_once(struct leaver *leaver)
{
	const struct pod *pod = leaver->pod;
	const struct owner *owner = meta_controller(&pod->meta);

	if (pod->mirror || pod->marks & MARK_STATIC)
		decide(leaver, FATE_STAYS, "a static pod: the kubelet's own");
	else if (!pod_is_active(pod))
		decide(leaver, FATE_ENDS, "it has ended");
	else if (pod->meta.deleted != TIME_NONE)
		decide(leaver, FATE_ENDS, "it is going already");
	else if (owner && strcmp(owner->kind, "DaemonSet") == 0)
		decide(leaver, FATE_STAYS, "its DaemonSet runs it there, cordoned or not");
	else if (!owner)
		decide(leaver, FATE_LOST, "no controller would make it again");
	return leaver->fate != FATE_COUNT;
}

static bool has_empty_dir(const struct pod *pod)
{
	const struct pod_volumes *volumes = pod->placement ? pod->placement->volumes : NULL;

	for (size_t i = 0; volumes && i < volumes->count; i++)
		if (volumes->items[i].type == POD_VOLUME_EMPTY_DIR)
			return true;
	return false;
}

/* What a plan withholds, but a drain does not: it is told, and done. */
static bool is_doubt(enum withheld withheld)
{
	switch (withheld) {
	case WITHHELD_CRITICAL:
	case WITHHELD_ARCHITECTURE:
	case WITHHELD_TARGET:
	case WITHHELD_MEMORY:
	case WITHHELD_NO_GAIN:
	case WITHHELD_RECENT:
	case WITHHELD_CAME_BACK:
	case WITHHELD_SINGLE:
	case WITHHELD_LIMIT:
		return true;
	case WITHHELD_NOT:
	case WITHHELD_NO_CONTROLLER:
	case WITHHELD_VOLUME:
	case WITHHELD_NO_LANDING:
	case WITHHELD_RETURNS:
	case WITHHELD_BUDGET:
	case WITHHELD_COUNT:
		break;
	}
	return false;
}

static const char *remark(struct emptying *emptying, const struct leaver *leaver, const char *doubt)
{
	const char *loss = has_empty_dir(leaver->pod) ? "what is in its emptyDir is lost" : NULL;

	if (doubt && loss)
		return arena_printf(&emptying->arena, "%s; %s", doubt, loss);
	return doubt ? doubt : loss;
}

static void move(struct emptying *emptying, struct leaver *leaver, unsigned round)
{
	const char *doubt = NULL;

	landings_move(emptying->landings, leaver->pod, LANDING_MOVE, &leaver->landing);
	if (leaver->landing.withheld != WITHHELD_NOT && !is_doubt(leaver->landing.withheld)) {
		decide(leaver, FATE_HELD, leaver->landing.why);
		return;
	}
	if (leaver->landing.withheld != WITHHELD_NOT) {
		doubt = leaver->landing.why;
		landings_force(emptying->landings, leaver->pod, &leaver->landing);
		emptying->doubtful++;
	}
	decide(leaver, FATE_MOVES, remark(emptying, leaver, doubt));
	leaver->round = round;
	emptying->rounds = round;
}

/* Those that a budget lets go now. Returns whether some must wait until these are back. */
static bool move_round(struct emptying *emptying, unsigned round)
{
	bool is_more = false;

	for (size_t i = 0; i < emptying->count; i++) {
		struct leaver *leaver = &emptying->leavers[i];
		const char *because;
		bool is_spent;

		if (leaver->fate != FATE_COUNT || is_decided_at_once(leaver))
			continue;
		because = landings_budget(emptying->landings, leaver->pod, &is_spent);
		if (!because)
			move(emptying, leaver, round);
		else if (is_spent)
			is_more = true;
		else
			decide(leaver, FATE_HELD, because);
	}
	return is_more;
}

/* --- all of them --- */

/* In a round at least one goes of each budget that is spent only: so there are no more rounds than pods. */
static void empty(struct emptying *emptying)
{
	const struct planned *planned = emptying->planned;

	emptying->rules = planned->options.rules;
	emptying->rules.allows_single = true;
	emptying->rules.cool_down = 0;
	emptying->rules.targets = policy_targets(planned->policy, &emptying->rules.targets_are_usage);
	emptying->landings = landings_new(planned->cluster, &emptying->rules, planned->now);
	plan_nodes_take(emptying->landings, false, &emptying->arena, &emptying->nodes, &emptying->node_count);
	find_leavers(emptying);
	for (unsigned round = 1; round <= emptying->count && move_round(emptying, round); round++)
		landings_renew_budgets(emptying->landings);
	for (size_t i = 0; i < emptying->count; i++)
		emptying->counts[emptying->leavers[i].fate]++;
	plan_nodes_take(emptying->landings, true, &emptying->arena, &emptying->nodes, &emptying->node_count);
}

static bool can_be_emptied(const struct emptying *emptying)
{
	return !emptying->counts[FATE_HELD] && !emptying->counts[FATE_LOST];
}

/* --- printing --- */

enum { NAMESPACE, NAME, POD, FATE, LANDING, ROUND = LANDING + LANDING_COLUMNS, WHY };

static const struct column columns[] = {
	[NAMESPACE] = { "namespace", "NAMESPACE", COLUMN_DATA, 0 },
	[NAME] = { "name", "NAME", COLUMN_DATA, 0 },
	[POD] = { "pod", "POD", COLUMN_TEXT_ONLY, 0 },
	[FATE] = { "verdict", "VERDICT", 0, 0 },
	[LANDING] = LANDING_TO,
	[LANDING + 1] = LANDING_NEXT,
	[LANDING + 2] = LANDING_SHOWN,
	[ROUND] = { "round", "ROUND", COLUMN_RIGHT, 2 },
	[WHY] = { "why", "WHY", 0, 1 },
};

static enum role role_of(const struct leaver *leaver)
{
	switch (leaver->fate) {
	case FATE_HELD:
	case FATE_LOST:
		return ROLE_BAD;
	case FATE_MOVES:
		return leaver->why ? ROLE_WARNING : ROLE_GOOD;
	case FATE_STAYS:
	case FATE_ENDS:
	case FATE_COUNT:
		break;
	}
	return ROLE_MUTED;
}

static void add_row(const struct leaver *leaver, struct table *table)
{
	struct row *row = table_add_row(table, ROW_ITEM, 0);

	row->cells[NAMESPACE] = cell_text(leaver->pod->meta.namespace);
	row->cells[NAME] = cell_text(leaver->pod->meta.name);
	row->cells[POD] = cell_text(pod_name(&table->arena, leaver->pod));
	row->cells[FATE] = cell_with_role(cell_text(fate_names[leaver->fate]), role_of(leaver));
	landing_cells(leaver->fate == FATE_MOVES ? &leaver->landing : NULL, &row->cells[LANDING], &table->arena);
	row->cells[ROUND] = leaver->round ? cell_number(leaver->round) : cell_none();
	row->cells[WHY] = cell_text(leaver->why);
}

/* What matters first. */
static void make_table(const struct emptying *emptying, struct table *ret_table)
{
	static const enum fate order[] = { FATE_HELD, FATE_LOST, FATE_MOVES, FATE_ENDS, FATE_STAYS };

	table_init(ret_table, "NodeEmptying", columns, sizeof(columns) / sizeof(columns[0]));
	ret_table->resource = "pod";
	ret_table->nothing = "no pods are there";
	for (size_t k = 0; k < sizeof(order) / sizeof(order[0]); k++)
		for (size_t i = 0; i < emptying->count; i++)
			if (emptying->leavers[i].fate == order[k])
				add_row(&emptying->leavers[i], ret_table);
}

static const char *pods(size_t count)
{
	return count == 1 ? "pod" : "pods";
}

static void print_verdict(const struct emptying *emptying, struct buffer *out)
{
	const size_t *counts = emptying->counts;
	size_t bad = counts[FATE_HELD] + counts[FATE_LOST];

	if (can_be_emptied(emptying))
		buffer_printf(out, "%s can be emptied: ", emptying->node);
	else
		buffer_printf(out, "%s cannot be emptied: %zu %s cannot leave, ", emptying->node, bad, pods(bad));
	if (counts[FATE_MOVES])
		buffer_printf(out, "%zu %s would land elsewhere in %u %s", counts[FATE_MOVES], pods(counts[FATE_MOVES]),
			emptying->rounds, emptying->rounds == 1 ? "round" : "rounds");
	else
		buffer_printf(out, "no pod would move");
	if (emptying->doubtful)
		buffer_printf(out, " (%zu with a doubt)", emptying->doubtful);
	if (counts[FATE_ENDS])
		buffer_printf(out, ", %zu %s ended", counts[FATE_ENDS], counts[FATE_ENDS] == 1 ? "has" : "have");
	buffer_printf(out, ", %zu of DaemonSets and the kubelet %s\n", counts[FATE_STAYS],
		counts[FATE_STAYS] == 1 ? "stays" : "stay");
}

static void print_text(const struct emptying *emptying, const struct print_options *options, struct buffer *out)
{
	CLEANUP(table_release) struct table table = { 0 };
	CLEANUP(table_release) struct table nodes = { 0 };

	make_table(emptying, &table);
	plan_nodes_table(emptying->nodes, emptying->node_count, options->format == OUTPUT_WIDE, &nodes);
	print_verdict(emptying, out);
	print_section(NULL, &table, options, out);
	print_section(NULL, &nodes, options, out);
}

static void add_leaver(const struct leaver *leaver, struct document *document)
{
	const struct landing *landing = &leaver->landing;
	bool moves = leaver->fate == FATE_MOVES;

	document_begin_object(document, NULL);
	document_text(document, "namespace", leaver->pod->meta.namespace);
	document_text(document, "name", leaver->pod->meta.name);
	document_text(document, "uid", leaver->pod->meta.uid);
	document_text(document, "verdict", fate_names[leaver->fate]);
	document_text(document, "to", moves && landing->to ? landing->to->meta.name : NULL);
	document_text(document, "runnerUp", moves && landing->runner_up ? landing->runner_up->meta.name : NULL);
	if (moves)
		document_number(document, "round", leaver->round);
	else
		document_null(document, "round");
	document_text(document, "why", leaver->why);
	document_end(document);
}

static void print_document(const struct emptying *emptying, enum document_format format, struct buffer *out)
{
	struct document document;

	document_init(&document, format, out);
	document_begin_object(&document, NULL);
	document_text(&document, "apiVersion", "clusterutils/v1");
	document_text(&document, "kind", "NodeEmptying");
	document_text(&document, "node", emptying->node);
	document_flag(&document, "canBeEmptied", can_be_emptied(emptying));
	document_number(&document, "rounds", emptying->rounds);
	document_begin_array(&document, "pods");
	for (size_t i = 0; i < emptying->count; i++)
		add_leaver(&emptying->leavers[i], &document);
	document_end(&document);
	plan_document_nodes(emptying->nodes, emptying->node_count, &document);
	document_end(&document);
	document_finish(&document);
}

static int print(const struct emptying *emptying, struct error *err)
{
	const struct print_options options = invocation_print_options(emptying->planned->invocation);
	CLEANUP(table_release) struct table table = { 0 };
	AUTO_BUFFER out = { 0 };

	switch (options.format) {
	case OUTPUT_TABLE:
	case OUTPUT_WIDE:
		print_text(emptying, &options, &out);
		break;
	case OUTPUT_JSON:
	case OUTPUT_YAML:
		print_document(emptying, options.format == OUTPUT_JSON ? DOCUMENT_JSON : DOCUMENT_YAML, &out);
		break;
	case OUTPUT_CSV:
	case OUTPUT_NAME:
		make_table(emptying, &table);
		table_print(&table, &options, &out);
		break;
	}
	return invocation_write(&out, err);
}

int rebalance_empty(const struct planned *planned, const char *node, bool *ret_is_clear, struct error *err)
{
	CLEANUP(emptying_release) struct emptying emptying = { .planned = planned, .node = node };
	const struct change cordon = { .type = CHANGE_CORDON, .text = "cordon", .node = node };

	cluster_hold(planned->cluster);
	if (change_apply(&cordon, planned->cluster, planned->policy, NULL, err) < 0)
		return -1;
	empty(&emptying);
	*ret_is_clear = can_be_emptied(&emptying);
	return print(&emptying, err);
}
