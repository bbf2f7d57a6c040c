/* The meters of power: what each shows now, what was used, and which nodes it feeds. */
#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "clusterutils/tui/spark.h"
#include "clusterutils/util/memory.h"
#include "view.h"

struct context {
	const struct cluster *cluster;
	const struct view_options *options;
	struct table *table;
};

/* One row: a meter, or what all of them show together. */
enum { TREND_COLUMNS = 12 };

struct line {
	const struct meter *meter; /* NULL for the sum */
	const char **nodes;        /* that it feeds and that are there */
	size_t node_count;
	int64_t power, average, today, month;
	bool is_estimated; /* the sum lacks a part */
};

/* How the nodes are measured. */
struct coverage {
	int64_t nodes, measured[METER_CLASSES], estimated, unmeasured;
};

/* --- one function a column --- */

static struct cell name(const struct context *c, const struct line *line)
{
	if (line->meter)
		return cell_text(line->meter->name);
	return cell_with_role(cell_text(view_is_selection(c->options) ? "total" : "cluster"), ROLE_STRONG);
}

static struct coverage cover(const struct context *c);

/* "wall 4/7 nodes, ~2 est". */
static const char *coverage_text(const struct context *c, const struct coverage *coverage)
{
	AUTO_BUFFER text = { 0 };
	const char *separator = "";

	if (c->cluster->is_unread[KIND_NODE])
		return "? nodes";
	for (int i = 0; i < METER_CLASSES; i++) {
		if (!coverage->measured[i])
			continue;
		buffer_printf(&text, "%s%s %lld/%lld", separator, meter_class_text((enum meter_class)i),
			(long long)coverage->measured[i], (long long)coverage->nodes);
		separator = ", ";
	}
	if (!text.length)
		buffer_printf(&text, "0/%lld", (long long)coverage->nodes);
	buffer_printf(&text, " node%s", coverage->nodes == 1 ? "" : "s");
	if (coverage->estimated)
		buffer_printf(&text, ", ~%lld est", (long long)coverage->estimated);
	return arena_text(&c->table->arena, buffer_text(&text));
}

static struct cell nodes(const struct context *c, const struct line *line)
{
	struct coverage coverage;

	if (line->meter)
		return cell_list(line->nodes, line->node_count);
	coverage = cover(c);
	return cell_text(coverage_text(c, &coverage));
}

static struct cell source(const struct context *c, const struct line *line)
{
	(void)c;
	return line->meter ? cell_text(meter_class_text(line->meter->class)) : cell_none();
}

static struct cell as_sum(struct cell cell, const struct line *line)
{
	return line->is_estimated ? cell_estimated(cell) : cell;
}

static struct cell power(const struct context *c, const struct line *line)
{
	(void)c;
	return as_sum(cell_watts(line->power), line);
}

static struct cell average(const struct context *c, const struct line *line)
{
	(void)c;
	return cell_watts(line->average);
}

static struct cell today(const struct context *c, const struct line *line)
{
	(void)c;
	return cell_energy(line->today);
}

static struct cell month(const struct context *c, const struct line *line)
{
	(void)c;
	return cell_energy(line->month);
}

static struct cell cost(const struct context *c, const struct line *line)
{
	return as_sum(cell_money(tariff_cost_per_day(&c->options->tariff, line->power)), line);
}

static struct cell taken(const struct context *c, const struct line *line)
{
	(void)c;
	if (!line->meter)
		return cell_none();
	return line->meter->taken == TIME_NONE ? cell_unknown() : cell_time(line->meter->taken);
}

/* What a sum makes of it, where that is not all. */
static struct cell remark(const struct context *c, const struct line *line)
{
	const struct meter *meter = line->meter;
	AUTO_BUFFER watts = { 0 };

	if (!meter)
		return cell_none();
	if (meter->counted == POWER_NONE)
		return cell_text("not added: another meter counts");
	if (meter->counted == POWER_UNKNOWN && meter->power != POWER_UNKNOWN)
		return cell_with_role(cell_text("not added: overlaps another meter"), ROLE_WARNING);
	if (meter->counted != meter->power) {
		buffer_add_milli(&watts, meter->counted);
		return cell_text(
			arena_printf(&c->table->arena, "%s W added: the rest is another meter's", buffer_text(&watts)));
	}
	return line->node_count || c->cluster->is_unread[KIND_NODE]
		? cell_none()
		: cell_with_role(cell_text("feeds no known node"), ROLE_WARNING);
}

static struct cell query(const struct context *c, const struct line *line)
{
	(void)c;
	return line->meter ? cell_text(line->meter->query) : cell_none();
}

static struct cell currency(const struct context *c, const struct line *line)
{
	(void)line;
	return cell_text(c->options->tariff.currency);
}

static struct cell node_count(const struct context *c, const struct line *line)
{
	(void)line;
	return cell_number(cover(c).nodes);
}

static struct cell estimated_nodes(const struct context *c, const struct line *line)
{
	(void)line;
	return cell_number(cover(c).estimated);
}

static struct cell unmeasured_nodes(const struct context *c, const struct line *line)
{
	(void)line;
	return cell_number(cover(c).unmeasured);
}

static struct cell tried(const struct context *c, const struct line *line)
{
	(void)line;
	return cell_list(c->cluster->metering.tried, c->cluster->metering.tried_count);
}

/* On the screen alone. */
static struct cell trend(const struct context *c, const struct line *line)
{
	AUTO_BUFFER text = { 0 };
	int64_t most = 0;

	if (!line->meter || !c->options->glyphs || !line->meter->history_count)
		return cell_none();
	for (size_t i = 0; i < line->meter->history_count; i++)
		if (line->meter->history[i] > most)
			most = line->meter->history[i];
	/* Some room above: what hardly changes is no full block. */
	spark_text(line->meter->history, line->meter->history_count, TREND_COLUMNS, most + most / 2, c->options->glyphs,
		&text);
	return cell_text(arena_text(&c->table->arena, buffer_text(&text)));
}

/* A column is one row here. */
static const struct {
	struct column column;
	struct cell (*cell)(const struct context *c, const struct line *line);
	unsigned from; /* FROM_… */
} columns[] = {
	{ { "name", "METER", 0, 0 }, name, 0 },
	{ { "nodes", "SCOPE", COLUMN_ITEMS_ONLY, 3 }, nodes, FROM_NODES },
	{ { "class", "SOURCE", COLUMN_ITEMS_ONLY, 5 }, source, 0 },
	{ { "watts", "W", COLUMN_RIGHT, 0 }, power, 0 },
	{ { "averageWatts", "AVG 1H", COLUMN_RIGHT, 4 }, average, 0 },
	{ { "wattHoursToday", "KWH TODAY", COLUMN_RIGHT, 1 }, today, 0 },
	{ { "wattHoursMonth", "MONTH", COLUMN_RIGHT, 2 }, month, 0 },
	{ { "costPerDay", NULL, COLUMN_RIGHT, 1 }, cost, 0 },
	{ { "taken", "AGE", COLUMN_RIGHT | COLUMN_ITEMS_ONLY, 4 }, taken, 0 },
	{ { "remark", "REMARK", COLUMN_ITEMS_ONLY, 6 }, remark, 0 },
	{ { "trend", "LAST HOUR", COLUMN_TEXT_ONLY, 2 }, trend, 0 },
	{ { "query", "QUERY", COLUMN_WIDE | COLUMN_ITEMS_ONLY, 7 }, query, 0 },
	{ { "currency", NULL, COLUMN_DATA | COLUMN_TOTAL_ONLY, 0 }, currency, 0 },
	{ { "nodeCount", NULL, COLUMN_DATA | COLUMN_TOTAL_ONLY, 0 }, node_count, FROM_NODES },
	{ { "estimatedNodes", NULL, COLUMN_DATA | COLUMN_TOTAL_ONLY, 0 }, estimated_nodes, FROM_NODES },
	{ { "unmeasuredNodes", NULL, COLUMN_DATA | COLUMN_TOTAL_ONLY, 0 }, unmeasured_nodes, FROM_NODES },
	{ { "tried", NULL, COLUMN_DATA | COLUMN_TOTAL_ONLY, 0 }, tried, 0 },
};

enum { COLUMNS = ARRAY_LEN(columns) };

/* --- rows --- */

static bool is_shown(const struct context *c, const struct node_entry *entry)
{
	return entry && entry->node && (!c->options->node || strcmp(entry->name, c->options->node) == 0);
}

static struct coverage cover(const struct context *c)
{
	struct coverage coverage = { 0 };

	for (size_t i = 0; i < cluster_node_count(c->cluster); i++) {
		const struct node_entry *entry = cluster_node(c->cluster, i);
		struct node_power drawn;

		if (!is_shown(c, entry))
			continue;
		drawn = cluster_node_power(c->cluster, entry);
		coverage.nodes++;
		if (drawn.power == POWER_NONE || drawn.power == POWER_UNKNOWN)
			coverage.unmeasured++;
		else if (drawn.is_estimated)
			coverage.estimated++;
		else
			coverage.measured[drawn.meter->class]++;
	}
	return coverage;
}

static struct line line_of(const struct context *c, const struct meter *meter)
{
	struct line line = {
		.meter = meter,
		.nodes = ARENA_ARRAY(&c->table->arena, meter->node_count, const char *),
		.power = meter->power,
		.average = meter->average,
		.today = meter->today,
		.month = meter->month,
	};

	for (size_t i = 0; i < meter->node_count; i++)
		if (is_shown(c, cluster_find_node(c->cluster, meter->nodes[i])))
			line.nodes[line.node_count++] = meter->nodes[i];
	return line;
}

static int compare_lines(const void *a, const void *b)
{
	const struct meter *x = ((const struct line *)a)->meter, *y = ((const struct line *)b)->meter;

	if (x->class != y->class)
		return x->class < y->class ? -1 : 1;
	return strcmp(x->name, y->name);
}

static void add_line(const struct context *c, enum row_kind kind, const struct line *line)
{
	struct row *row = table_add_row(c->table, kind, 0);

	row->id = kind == ROW_TOTAL ? "total//" : row_id(&c->table->arena, "meter", NULL, line->meter->name);
	for (size_t i = 0; i < COLUMNS; i++)
		row->cells[i] = cell_as_read(columns[i].cell(c, line), c->cluster, columns[i].from);
}

/* Unknown where a part is. */
static int64_t plus(int64_t sum, int64_t value)
{
	return sum == POWER_UNKNOWN || value == POWER_UNKNOWN ? POWER_UNKNOWN : sum + value;
}

/* Of a meter that counts in part nobody knows how much of its energy does. */
static struct line sum_of(const struct line *lines, size_t count)
{
	struct line sum = { 0 };
	bool has_known = false;

	for (size_t i = 0; i < count; i++) {
		const struct meter *meter = lines[i].meter;
		bool is_whole = meter->counted == meter->power;

		if (meter->counted == POWER_NONE)
			continue;
		if (meter->counted == POWER_UNKNOWN) {
			sum.is_estimated = true;
		} else {
			sum.power += meter->counted;
			has_known = true;
		}
		sum.average = plus(sum.average, is_whole ? meter->average : POWER_UNKNOWN);
		sum.today = plus(sum.today, is_whole ? meter->today : POWER_UNKNOWN);
		sum.month = plus(sum.month, is_whole ? meter->month : POWER_UNKNOWN);
	}
	if (!has_known) {
		sum.power = sum.average = sum.today = sum.month = count ? POWER_UNKNOWN : POWER_NONE;
		sum.is_estimated = false;
	}
	return sum;
}

static const char *text_of(const struct context *c, struct cell cell)
{
	return cell_format(&cell, &c->table->columns[0], c->options->now, &c->table->arena);
}

static void add_summary(const struct context *c, const struct line *sum)
{
	const struct tariff *tariff = &c->options->tariff;
	struct arena *arena = &c->table->arena;
	struct coverage coverage = cover(c);

	table_add_summary(c->table,
		arena_printf(arena, "%s W   %s   %s kWh today%s%s%s%s", text_of(c, power(c, sum)),
			coverage_text(c, &coverage), text_of(c, cell_energy(sum->today)), tariff->is_known ? "   " : "",
			tariff->is_known ? text_of(c, cost(c, sum)) : "", tariff->is_known ? " " : "",
			tariff->is_known ? tariff_header(tariff, arena) : ""));
}

/* What is said where there is no meter. */
static const char *nothing(const struct context *c)
{
	const struct metering *metering = &c->cluster->metering;
	AUTO_BUFFER text = { 0 };

	if (!metering->is_read)
		return "No meters found: say with --prometheus NAMESPACE/SERVICE[:PORT] where a Prometheus is that has "
		       "them.";
	if (metering->error)
		return "No meters found.";
	if (metering->count)
		return "No meters found: those that there are feed other nodes.";
	buffer_add_text(&text, "No meters found: tried ");
	for (size_t i = 0; i < metering->tried_count; i++)
		buffer_printf(&text, "%s%s", i ? ", " : "", metering->tried[i]);
	buffer_add_text(&text, ".");
	return arena_text(&c->table->arena, buffer_text(&text));
}

static void init_table(const struct context *c)
{
	struct column shown[COLUMNS];

	for (size_t i = 0; i < COLUMNS; i++) {
		shown[i] = columns[i].column;
		if (columns[i].cell == trend && !c->options->glyphs)
			shown[i].flags |= COLUMN_DATA;
		if (columns[i].cell == cost && !c->options->tariff.is_known)
			shown[i].flags |= COLUMN_DATA;
	}
	table_init(c->table, METER_LIST, shown, COLUMNS);
	for (size_t i = 0; i < COLUMNS; i++)
		if (columns[i].cell == cost)
			c->table->columns[i].header = tariff_header(&c->options->tariff, &c->table->arena);
}

static int build(
	const struct cluster *cluster, const struct view_options *options, struct table *ret_table, struct error *err)
{
	AUTO_FREE struct line *lines = memory_new_array(cluster->metering.count, sizeof(*lines));
	struct context c = { cluster, options, ret_table };
	struct line sum;
	size_t count = 0;

	(void)err;
	init_table(&c);
	for (size_t i = 0; i < cluster->metering.count; i++) {
		lines[count] = line_of(&c, &cluster->metering.meters[i]);
		count += lines[count].node_count || !view_is_selection(options);
	}
	qsort(lines, count, sizeof(*lines), compare_lines);
	sum = sum_of(lines, count);
	if (count)
		add_summary(&c, &sum);
	for (size_t i = 0; i < count; i++)
		add_line(&c, ROW_ITEM, &lines[i]);
	add_line(&c, ROW_TOTAL, &sum);
	ret_table->resource = "meter";
	ret_table->total_key = "cluster";
	ret_table->nothing = nothing(&c);
	add_power_source(ret_table, cluster, options->now);
	add_metrics_source(ret_table, cluster, options->now);
	return 0;
}

const struct view view_power = {
	.name = "power",
	.summary = "meters of power: what each shows now, what was used, which nodes it feeds",
	.main_kind = KIND_NODE,
	.kinds = { KIND_NODE, KIND_NODE_METRICS, KIND_COUNT },
	.power = VIEW_POWER_ALL,
	.build = build,
};
