/* The nodes, grouped, with what their pods use, request and may use at most. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "clusterutils/tui/spark.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "history.h"
#include "view.h"

enum { TREND_COLUMNS = 10, TREND_FULL = 1000 };

/* One row: a node, or the sum of some. */
struct line {
	const struct node_entry *entry; /* NULL for a sum */
	const char *title;
	const char *levels[GROUPING_MAX]; /* values of the grouping; NULL where the node has none */
	size_t level_count;               /* of a sum: how many of them it shares */
	struct node_usage nodes;
	struct pod_usage pods;
	struct power_sum power;
	const struct pressure *pressure; /* of a sum that of its worst node; NULL where none is known */
	int64_t pressed;                 /* nodes of which it is known */
};

struct context {
	const struct cluster *cluster;
	const struct view_options *options;
	struct table *table;
};

static const struct node *node_of(const struct line *line)
{
	return line->entry ? line->entry->node : NULL;
}

/* --- one function a column --- */

/* "?" for what comes from a list that could not be read. */
static const char *number_of(const struct context *c, enum kind kind, int64_t number)
{
	return c->cluster->is_unread[kind] ? "?" : arena_printf(&c->table->arena, "%lld", (long long)number);
}

static struct cell title(const struct context *c, const struct line *line)
{
	if (line->entry)
		return cell_text(line->title);
	return cell_with_role(cell_text(arena_printf(&c->table->arena, "%s (%s)", line->title,
				      number_of(c, KIND_NODE, line->nodes.nodes))),
		ROLE_STRONG);
}

static struct cell name(const struct context *c, const struct line *line)
{
	(void)c;
	return cell_text(line->title);
}

static struct cell node_count(const struct context *c, const struct line *line)
{
	(void)c;
	return cell_number(line->nodes.nodes);
}

/* The value of the grouping where that is among its levels, else of the node. */
static struct cell level_value(const struct context *c, const struct line *line, const char *level)
{
	for (size_t i = 0; i < c->options->grouping.count; i++)
		if (strcmp(c->options->grouping.levels[i].name, level) == 0 && (line->entry || i < line->level_count))
			return cell_text(line->levels[i]);
	return cell_none();
}

static struct cell zone(const struct context *c, const struct line *line)
{
	if (!line->entry)
		return level_value(c, line, "zone");
	return cell_text(node_first_label(node_of(line), c->options->zone_labels));
}

static struct cell arch(const struct context *c, const struct line *line)
{
	if (!line->entry)
		return level_value(c, line, "arch");
	return node_of(line) ? cell_text(node_of(line)->arch) : cell_unknown();
}

static struct cell state(const struct context *c, const struct line *line)
{
	enum node_state state;
	const char *text;

	if (!line->entry)
		return cell_none();
	state = node_state(node_of(line));
	text = node_state_text(state);
	if (state < NODE_CORDONED && node_of(line) && node_of(line)->unschedulable)
		text = arena_printf(&c->table->arena, "%s,Cordoned", text);
	return cell_with_role(cell_text(text),
		state < NODE_MEMORY_PRESSURE ? ROLE_BAD
			: state < NODE_OK    ? ROLE_WARNING
					     : ROLE_GOOD);
}

static struct cell ready(const struct context *c, const struct line *line)
{
	(void)c;
	return line->entry && node_of(line) ? cell_flag(node_of(line)->ready == CONDITION_TRUE) : cell_unknown();
}

static struct cell schedulable(const struct context *c, const struct line *line)
{
	(void)c;
	return line->entry && node_of(line) ? cell_flag(!node_of(line)->unschedulable) : cell_unknown();
}

/* "dedicated=edge:NoSchedule". The taint of a cordon is told by the state. */
static struct cell taints(const struct context *c, const struct line *line)
{
	const struct taint_list *list = node_of(line) ? node_of(line)->taints : NULL;
	const char **items;
	size_t count = 0;

	if (!list)
		return line->entry ? cell_list(NULL, 0) : cell_none();
	items = ARENA_ARRAY(&c->table->arena, list->count, const char *);
	for (size_t i = 0; i < list->count; i++) {
		const struct taint *taint = &list->items[i];

		if (strcmp(taint->key, "node.kubernetes.io/unschedulable") == 0)
			continue;
		items[count++] = arena_printf(&c->table->arena, "%s%s%s:%s", taint->key, *taint->value ? "=" : "",
			taint->value, taint_effect_text((enum taint_effect)taint->effect));
	}
	return cell_list(items, count);
}

static struct cell pods(const struct context *c, const struct line *line)
{
	(void)c;
	if (line->entry && (!node_of(line) || node_of(line)->pod_capacity == RESOURCE_UNKNOWN))
		return cell_count(line->pods.pods, VALUE_UNKNOWN);
	return cell_count(line->pods.pods, line->nodes.pod_capacity);
}

/* A node that is missing offers an unknown amount, not none. */
static struct cell of_node(struct cell cell, const struct line *line, int64_t allocatable)
{
	if (line->entry && allocatable == RESOURCE_UNKNOWN)
		cell.as.share.allocatable = VALUE_UNKNOWN;
	return cell;
}

/* Where only pods were sampled, as for one namespace, what they use counts. */
static bool counts_pods(const struct context *c)
{
	return !c->cluster->has_node_samples && c->cluster->has_pod_samples;
}

static struct cell cpu(const struct context *c, const struct line *line)
{
	return of_node(counts_pods(c) ? cell_pods_cpu_share(&line->nodes, &line->pods)
				      : cell_cpu_share(&line->nodes, &line->pods),
		line, node_of(line) ? node_of(line)->allocatable.cpu : RESOURCE_UNKNOWN);
}

static struct cell memory(const struct context *c, const struct line *line)
{
	return of_node(counts_pods(c) ? cell_pods_memory_share(&line->nodes, &line->pods)
				      : cell_memory_share(&line->nodes, &line->pods),
		line, node_of(line) ? node_of(line)->allocatable.memory : RESOURCE_UNKNOWN);
}

/* On the screen alone: how busy it was, the newest on the right. */
static struct cell trend(const struct context *c, const struct line *line)
{
	int64_t values[HISTORY_SAMPLES];
	AUTO_BUFFER text = { 0 };
	size_t count;

	if (!c->options->history || !line->entry)
		return cell_none();
	count = history_cpu(c->options->history, line->entry->name, values);
	if (!count)
		return cell_unknown();
	spark_text(values, count, TREND_COLUMNS, TREND_FULL, c->options->glyphs, &text);
	return cell_text(arena_text(&c->table->arena, buffer_text(&text)));
}

static struct cell power(const struct context *c, const struct line *line)
{
	return power_sum_cell(&line->power, &c->options->tariff);
}

static struct cell psi(const struct context *c, const struct line *line)
{
	static const enum role roles[] = {
		[PRESSURE_LOW] = ROLE_PLAIN, [PRESSURE_HIGH] = ROLE_WARNING, [PRESSURE_SEVERE] = ROLE_BAD
	};
	struct cell cell = cell_pressure(line->pressure, &c->table->arena);

	if (line->pressure && line->entry)
		cell.role = roles[pressure_grade(line->pressure)];
	cell.estimated = line->pressure && line->pressed < line->nodes.nodes;
	return cell;
}

static struct cell cost(const struct context *c, const struct line *line)
{
	return power_sum_cost_cell(&line->power, &c->options->tariff);
}

static struct cell age(const struct context *c, const struct line *line)
{
	(void)c;
	if (!line->entry)
		return cell_none();
	return node_of(line) && node_of(line)->meta.created != TIME_NONE ? cell_time(node_of(line)->meta.created)
									 : cell_unknown();
}

static struct cell version(const struct context *c, const struct line *line)
{
	(void)c;
	return node_of(line) ? cell_text(node_of(line)->kubelet) : cell_none();
}

static struct cell kernel(const struct context *c, const struct line *line)
{
	(void)c;
	return node_of(line) ? cell_text(node_of(line)->kernel) : cell_none();
}

static struct cell internal_ip(const struct context *c, const struct line *line)
{
	(void)c;
	return node_of(line) ? cell_text(node_of(line)->internal_ip) : cell_none();
}

static struct cell os_image(const struct context *c, const struct line *line)
{
	(void)c;
	return node_of(line) ? cell_text(node_of(line)->os_image) : cell_none();
}

static struct cell pending(const struct context *c, const struct line *line)
{
	(void)line;
	return view_is_selection(c->options) ? cell_none() : cell_number(c->cluster->pending.pods);
}

static struct cell pending_cpu(const struct context *c, const struct line *line)
{
	(void)line;
	return view_is_selection(c->options) ? cell_none() : cell_cpu(total_value(&c->cluster->pending.request_cpu));
}

static struct cell pending_memory(const struct context *c, const struct line *line)
{
	(void)line;
	return view_is_selection(c->options) ? cell_none()
					     : cell_bytes(total_value(&c->cluster->pending.request_memory));
}

/* A column is one row here. */
static const struct {
	struct column column;
	struct cell (*cell)(const struct context *c, const struct line *line);
	unsigned from; /* FROM_… */
} columns[] = {
	{ { "node", "NODE", COLUMN_TEXT_ONLY, 0 }, title, 0 },
	{ { "name", NULL, COLUMN_DATA, 0 }, name, 0 },
	{ { "nodes", NULL, COLUMN_DATA | COLUMN_SUMS_ONLY, 0 }, node_count, FROM_NODES },
	{ { "zone", "ZONE", COLUMN_WIDE, 6 }, zone, 0 },
	{ { "arch", "ARCH", 0, 4 }, arch, 0 },
	{ { "state", "STATE", COLUMN_ITEMS_ONLY, 1 }, state, FROM_NODES },
	{ { "ready", NULL, COLUMN_DATA | COLUMN_ITEMS_ONLY, 0 }, ready, FROM_NODES },
	{ { "schedulable", NULL, COLUMN_DATA | COLUMN_ITEMS_ONLY, 0 }, schedulable, FROM_NODES },
	{ { "taints", "TAINTS", COLUMN_ITEMS_ONLY, 5 }, taints, FROM_NODES },
	{ { "pods", "PODS", COLUMN_RIGHT, 2 }, pods, FROM_PODS | FROM_NODES },
	{ { "cpu", "CPU% USE|REQ|LIM", COLUMN_RIGHT, 0 }, cpu, FROM_PODS | FROM_NODES },
	{ { "memory", "MEM% USE|REQ|LIM", COLUMN_RIGHT, 0 }, memory, FROM_PODS | FROM_NODES },
	{ { "trend", "CPU TREND", COLUMN_TEXT_ONLY, 3 }, trend, 0 },
	{ { "psi", "PSI%", COLUMN_RIGHT | COLUMN_ITEMS_ONLY, 2 }, psi, 0 },
	{ { "power", "W", COLUMN_RIGHT, 3 }, power, 0 },
	{ { "costPerDay", NULL, COLUMN_RIGHT | COLUMN_TEXT_ONLY, 4 }, cost, 0 },
	{ { "created", "AGE", COLUMN_RIGHT | COLUMN_ITEMS_ONLY, 3 }, age, 0 },
	{ { "version", "VERSION", COLUMN_WIDE | COLUMN_ITEMS_ONLY, 7 }, version, 0 },
	{ { "internalIP", "INTERNAL-IP", COLUMN_WIDE | COLUMN_ITEMS_ONLY, 8 }, internal_ip, 0 },
	{ { "osImage", "OS-IMAGE", COLUMN_WIDE | COLUMN_ITEMS_ONLY, 9 }, os_image, 0 },
	{ { "kernel", "KERNEL", COLUMN_WIDE | COLUMN_ITEMS_ONLY, 9 }, kernel, 0 },
	{ { "pending", NULL, COLUMN_DATA | COLUMN_TOTAL_ONLY, 0 }, pending, FROM_PODS },
	{ { "pendingCpu", NULL, COLUMN_DATA | COLUMN_TOTAL_ONLY, 0 }, pending_cpu, FROM_PODS },
	{ { "pendingMemory", NULL, COLUMN_DATA | COLUMN_TOTAL_ONLY, 0 }, pending_memory, FROM_PODS },
};

enum { COLUMNS = ARRAY_LEN(columns) };

/* --- rows --- */

/* Of a sum: "group//home/amd64", the values of its levels, none where the nodes have none. */
static const char *id_of(const struct context *c, enum row_kind kind, const struct line *line)
{
	struct arena *arena = &c->table->arena;
	const char *id = "group/";

	if (kind == ROW_TOTAL)
		return "total//";
	if (line->entry)
		return row_id(arena, "node", NULL, line->entry->name);
	for (size_t i = 0; i < line->level_count; i++)
		id = arena_printf(arena, "%s/%s", id, line->levels[i] ? line->levels[i] : "");
	return id;
}

static void add_line(const struct context *c, enum row_kind kind, int depth, const struct line *line)
{
	struct row *row = table_add_row(c->table, kind, depth);

	row->id = id_of(c, kind, line);
	for (size_t i = 0; i < COLUMNS; i++)
		row->cells[i] = cell_as_read(columns[i].cell(c, line), c->cluster, columns[i].from);
}

static int64_t worst_of(const struct pressure *pressure)
{
	int64_t avg10 = PRESSURE_UNKNOWN;

	if (pressure)
		pressure_worst(pressure, &avg10);
	return avg10;
}

static void add_pressure(struct line *sum, const struct line *line)
{
	sum->pressed += line->pressed;
	if (!sum->pressure || worst_of(line->pressure) > worst_of(sum->pressure))
		sum->pressure = line->pressure;
}

static void add_to(struct line *sum, const struct line *line)
{
	if (node_of(line))
		node_usage_add(&sum->nodes, node_of(line), &line->entry->sample.usage);
	pod_usage_merge(&sum->pods, &line->pods);
	power_sum_merge(&sum->power, &line->power);
	add_pressure(sum, line);
}

/* NULL, which is no value, comes last. */
static int compare_values(const char *a, const char *b)
{
	if (!a || !b)
		return !a - !b;
	return strcmp(a, b);
}

static int compare_lines(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	for (size_t i = 0; i < GROUPING_MAX; i++) {
		int order = compare_values(x->levels[i], y->levels[i]);

		if (order)
			return order;
	}
	return strcmp(x->title, y->title);
}

static bool shares_levels(const struct line *a, const struct line *b, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (compare_values(a->levels[i], b->levels[i]) != 0)
			return false;
	return true;
}

/* The subtotals that begin with line `first`, outermost first. */
static void add_groups(const struct context *c, const struct line *lines, size_t count, size_t first)
{
	const struct grouping *grouping = &c->options->grouping;

	for (size_t level = 0; level < grouping->count; level++) {
		struct line sum = lines[first];

		if (first && shares_levels(&lines[first - 1], &lines[first], level + 1))
			continue;
		sum.entry = NULL;
		sum.nodes = (struct node_usage){ 0 };
		sum.pods = (struct pod_usage){ 0 };
		sum.power = (struct power_sum){ 0 };
		sum.pressure = NULL;
		sum.pressed = 0;
		sum.level_count = level + 1;
		sum.title = sum.levels[level] ? sum.levels[level]
					      : arena_printf(&c->table->arena, "(no %s)", grouping->levels[level].name);
		for (size_t i = first; i < count && shares_levels(&lines[first], &lines[i], level + 1); i++)
			add_to(&sum, &lines[i]);
		add_line(c, ROW_GROUP, (int)level, &sum);
	}
}

static struct line line_of(const struct context *c, const struct node_entry *entry)
{
	struct line line = { .entry = entry,
		.title = entry->name,
		.pods = entry->sum,
		.pressure = entry->pressure,
		.pressed = entry->pressure != NULL };
	struct node_power drawn = cluster_node_power(c->cluster, entry);

	power_sum_add(&line.power, &drawn);
	if (entry->node)
		node_usage_add(&line.nodes, entry->node, &entry->sample.usage);
	for (size_t i = 0; i < c->options->grouping.count; i++)
		line.levels[i] = grouping_value(&c->options->grouping, i, entry->node);
	return line;
}

/* What is over of a node that has been removed is no row; pods that say they run there are. */
static bool is_shown(const struct node_entry *entry, const struct view_options *options)
{
	if (options->node && strcmp(entry->name, options->node) != 0)
		return false;
	return entry->node || (entry->sum.pods && !options->selected_nodes_only);
}

static int64_t millicores(int64_t nanocores)
{
	return nanocores / 1000000 + (nanocores % 1000000 > 0);
}

static const char *pending_text(const struct context *c)
{
	const struct pod_usage *waiting = &c->cluster->pending;

	if (c->cluster->is_unread[KIND_POD])
		return "   ? pending";
	if (!waiting->pods)
		return "   0 pending";
	return arena_printf(&c->table->arena, "   %lld pending (%lldm cpu, %lldMi memory)", (long long)waiting->pods,
		(long long)millicores(total_value(&waiting->request_cpu)),
		(long long)(total_value(&waiting->request_memory) >> 20));
}

static void add_summary(const struct context *c, const struct line *lines, size_t count, const struct line *total)
{
	struct arena *arena = &c->table->arena;
	int64_t ready_nodes = 0, cordoned = 0;

	for (size_t i = 0; i < count; i++) {
		const struct node *node = node_of(&lines[i]);

		ready_nodes += node && node->ready == CONDITION_TRUE;
		cordoned += node && node->unschedulable;
	}
	table_add_summary(c->table,
		arena_printf(arena, "%s node%s: %s ready%s   %s/%s pods%s", number_of(c, KIND_NODE, total->nodes.nodes),
			total->nodes.nodes == 1 ? "" : "s", number_of(c, KIND_NODE, ready_nodes),
			cordoned ? arena_printf(arena, ", %lld cordoned", (long long)cordoned) : "",
			number_of(c, KIND_POD, total->pods.pods), number_of(c, KIND_NODE, total->nodes.pod_capacity),
			view_is_selection(c->options) ? "" : pending_text(c)));
	if (!c->cluster->has_node_samples && !c->cluster->has_pod_samples)
		table_add_summary(c->table,
			c->cluster->survey.is_asked
				? "no kubelet tells usage: requests and limits only"
				: "no metrics: requests and limits only (is metrics-server installed?)");
}

static bool knows_pressure(const struct cluster *cluster)
{
	for (size_t i = 0; i < cluster_node_count(cluster); i++)
		if (cluster_node(cluster, i)->pressure)
			return true;
	return false;
}

/* Where nothing is measured, text has no column for it. */
static void init_table(const struct context *c)
{
	struct column shown[COLUMNS];

	for (size_t i = 0; i < COLUMNS; i++) {
		shown[i] = columns[i].column;
		if (columns[i].cell == trend && !c->options->history)
			shown[i].flags |= COLUMN_DATA;
		if (columns[i].cell == psi && !knows_pressure(c->cluster))
			shown[i].flags |= COLUMN_DATA;
		if (columns[i].cell == power && !c->cluster->metering.count)
			shown[i].flags |= COLUMN_DATA;
		if (columns[i].cell == cost && (!c->cluster->metering.count || !c->options->tariff.is_known))
			shown[i].flags |= COLUMN_DATA;
	}
	table_init(c->table, NODE_USAGE_LIST, shown, COLUMNS);
	for (size_t i = 0; i < COLUMNS; i++)
		if (columns[i].cell == cost)
			c->table->columns[i].header = tariff_header(&c->options->tariff, &c->table->arena);
}

static const char *group_key(const struct grouping *grouping)
{
	if (grouping->count > 1)
		return "groups";
	if (grouping->count == 0 || strcmp(grouping->levels[0].name, "zone") == 0)
		return "zones";
	return strcmp(grouping->levels[0].name, "arch") == 0 ? "arches" : "groups";
}

static int build(
	const struct cluster *cluster, const struct view_options *options, struct table *ret_table, struct error *err)
{
	AUTO_FREE struct line *lines = memory_new_array(cluster_node_count(cluster), sizeof(*lines));
	struct context c = { cluster, options, ret_table };
	struct line total = { .title = view_is_selection(options) ? "total" : "cluster" };
	size_t count = 0;

	(void)err;
	init_table(&c);
	for (size_t i = 0; i < cluster_node_count(cluster); i++)
		if (is_shown(cluster_node(cluster, i), options))
			lines[count++] = line_of(&c, cluster_node(cluster, i));
	qsort(lines, count, sizeof(*lines), compare_lines);
	for (size_t i = 0; i < count; i++)
		add_to(&total, &lines[i]);
	add_summary(&c, lines, count, &total);
	for (size_t i = 0; i < count; i++) {
		add_groups(&c, lines, count, i);
		add_line(&c, ROW_ITEM, (int)options->grouping.count, &lines[i]);
	}
	add_line(&c, ROW_TOTAL, 0, &total);
	ret_table->resource = "node";
	ret_table->group_key = group_key(&options->grouping);
	ret_table->total_key = "cluster";
	if (!cluster->has_node_samples && !cluster->has_pod_samples)
		table_hide_usage(ret_table);
	add_metrics_source(ret_table, cluster, options->now);
	add_power_source(ret_table, cluster, options->now);
	return 0;
}

const struct view view_nodes = {
	.name = "nodes",
	.summary = "nodes by zone: state, pods, and the use, requests and limits of CPU and memory",
	.main_kind = KIND_NODE,
	.kinds = { KIND_NODE, KIND_POD, KIND_NODE_METRICS, KIND_COUNT },
	.power = VIEW_POWER_NOW,
	.build = build,
};
