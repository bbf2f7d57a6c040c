/* The priority tiers: a row a PriorityClass, highest first, with what stands above and below it. */
#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "view.h"

struct tier {
	const char *name;                   /* "(no class)" for pods without one */
	const struct priority_class *class; /* NULL where pods name one that is not there */
	int32_t priority;
	bool never_preempts;
	struct pod_usage sum, pending;
	struct pod_usage above; /* of this tier and all of higher priority */
	struct pod_usage below; /* of lower priority */
};

struct context {
	const struct cluster *cluster;
	const struct node_usage *nodes;
	struct table *table;
};

static struct cell name(const struct context *c, const struct tier *tier)
{
	(void)c;
	return cell_text(tier->name);
}

static struct cell value(const struct context *c, const struct tier *tier)
{
	(void)c;
	return cell_number(tier->priority);
}

static struct cell preemption(const struct context *c, const struct tier *tier)
{
	(void)c;
	return cell_text(tier->never_preempts ? "Never" : "PreemptLowerPriority");
}

static struct cell is_default(const struct context *c, const struct tier *tier)
{
	if (c->cluster->is_unread[KIND_PRIORITY_CLASS])
		return cell_unknown();
	return cell_flag(tier->class && tier->class->global_default);
}

static struct cell pods(const struct context *c, const struct tier *tier)
{
	(void)c;
	return cell_number(tier->sum.pods);
}

static struct cell pending(const struct context *c, const struct tier *tier)
{
	(void)c;
	return cell_with_role(cell_number(tier->pending.pods), tier->pending.pods ? ROLE_WARNING : ROLE_PLAIN);
}

static struct cell cpu(const struct context *c, const struct tier *tier)
{
	return cell_pods_cpu_share(c->nodes, &tier->sum);
}

static struct cell memory(const struct context *c, const struct tier *tier)
{
	return cell_pods_memory_share(c->nodes, &tier->sum);
}

static struct cell percent(enum unit unit, const struct total *request, const struct total *allocatable)
{
	struct cell cell = { .type = CELL_PERCENT };

	cell.as.share.unit = unit;
	cell.as.share.request = total_value(request);
	cell.as.share.allocatable = total_value(allocatable);
	return cell;
}

static struct cell cumulative_cpu(const struct context *c, const struct tier *tier)
{
	return percent(UNIT_CPU, &tier->above.request_cpu, &c->nodes->allocatable_cpu);
}

static struct cell cumulative_memory(const struct context *c, const struct tier *tier)
{
	return percent(UNIT_MEMORY, &tier->above.request_memory, &c->nodes->allocatable_memory);
}

/* What could be preempted for a pod of this tier, if it is one that preempts. */
static struct cell below_cpu(const struct context *c, const struct tier *tier)
{
	(void)c;
	return tier->never_preempts ? cell_none() : cell_cpu(total_value(&tier->below.request_cpu));
}

static struct cell below_memory(const struct context *c, const struct tier *tier)
{
	(void)c;
	return tier->never_preempts ? cell_none() : cell_bytes(total_value(&tier->below.request_memory));
}

/* A column is one row here. */
static const struct {
	struct column column;
	struct cell (*cell)(const struct context *c, const struct tier *tier);
	unsigned from; /* FROM_… */
} columns[] = {
	{ { "name", "TIER", 0, 0 }, name, 0 },
	{ { "value", "VALUE", COLUMN_RIGHT, 3 }, value, 0 },
	{ { "preemptionPolicy", "PREEMPTION", COLUMN_WIDE, 7 }, preemption, 0 },
	{ { "globalDefault", "DEFAULT", COLUMN_WIDE, 8 }, is_default, 0 },
	{ { "pods", "PODS", COLUMN_RIGHT, 1 }, pods, FROM_PODS },
	{ { "pending", "PENDING", COLUMN_RIGHT, 2 }, pending, FROM_PODS },
	{ { "cpu", "CPU% USE|REQ|LIM", COLUMN_RIGHT, 0 }, cpu, FROM_PODS | FROM_NODES },
	{ { "cumulativeCpu", "CPU% TO HERE", COLUMN_RIGHT, 4 }, cumulative_cpu, FROM_PODS | FROM_NODES },
	{ { "belowCpu", "CPU BELOW", COLUMN_RIGHT, 5 }, below_cpu, FROM_PODS },
	{ { "memory", "MEM% USE|REQ|LIM", COLUMN_RIGHT, 0 }, memory, FROM_PODS | FROM_NODES },
	{ { "cumulativeMemory", "MEM% TO HERE", COLUMN_RIGHT, 4 }, cumulative_memory, FROM_PODS | FROM_NODES },
	{ { "belowMemory", "MEM BELOW", COLUMN_RIGHT, 5 }, below_memory, FROM_PODS },
};

enum { COLUMNS = ARRAY_LEN(columns) };

/* --- rows --- */

static int compare_tiers(const void *a, const void *b)
{
	const struct tier *x = a, *y = b;

	if (x->priority != y->priority)
		return x->priority < y->priority ? 1 : -1;
	return strcmp(x->name, y->name);
}

static struct tier *find_tier(struct tier *tiers, size_t count, const char *class_name, int32_t priority)
{
	for (size_t i = 0; i < count; i++)
		if (tiers[i].priority == priority && strcmp(tiers[i].name, class_name) == 0)
			return &tiers[i];
	return NULL;
}

/* Whether any of its pods, of which all are alike, says that it never preempts. */
static bool pods_never_preempt(const struct tier_entry *entry)
{
	return entry->pods && entry->pods->never_preempts;
}

/* The classes, and what pods say that no class explains: no class, or one that has changed its value or is gone. */
static size_t collect(const struct cluster *cluster, struct tier *tiers)
{
	size_t count = 0, classes = cluster_count(cluster, KIND_PRIORITY_CLASS);

	for (size_t i = 0; i < classes; i++) {
		const struct priority_class *class =
			CLUSTER_ITEM(cluster, KIND_PRIORITY_CLASS, struct priority_class, i);

		tiers[count++] = (struct tier){ .name = class->meta.name,
			.class = class,
			.priority = class->value,
			.never_preempts = class->never_preempts };
	}
	for (size_t i = 0; i < cluster->tiers.count; i++) {
		const struct tier_entry *entry = cluster->tiers.items[i];
		struct tier *tier = find_tier(tiers, classes, entry->class_name, entry->priority);

		if (!entry->pods)
			continue;
		if (!tier) {
			tier = &tiers[count++];
			*tier = (struct tier){ .name = *entry->class_name ? entry->class_name : "(no class)",
				.priority = entry->priority,
				.never_preempts = pods_never_preempt(entry) };
		}
		tier->sum = entry->sum;
		tier->pending = entry->pending;
	}
	return count;
}

/* Tiers of equal priority neither preempt each other nor stand above one another. */
static void accumulate(struct tier *tiers, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < count; j++) {
			if (tiers[j].priority >= tiers[i].priority)
				pod_usage_merge(&tiers[i].above, &tiers[j].sum);
			else
				pod_usage_merge(&tiers[i].below, &tiers[j].sum);
		}
	}
}

static void add_tier(const struct context *c, enum row_kind kind, const struct tier *tier)
{
	struct row *row = table_add_row(c->table, kind, 0);

	row->id = kind == ROW_TOTAL ? "total//"
				    : arena_printf(&c->table->arena, "tier/%d/%s", (int)tier->priority, tier->name);
	for (size_t i = 0; i < COLUMNS; i++)
		row->cells[i] = cell_as_read(columns[i].cell(c, tier), c->cluster, columns[i].from);
}

static void add_total(const struct context *c, const struct tier *tiers, size_t count)
{
	struct tier total = { .name = "cluster" };
	struct row *row;

	for (size_t i = 0; i < count; i++) {
		pod_usage_merge(&total.sum, &tiers[i].sum);
		pod_usage_merge(&total.pending, &tiers[i].pending);
	}
	add_tier(c, ROW_TOTAL, &total);
	row = &c->table->rows[c->table->row_count - 1];
	for (size_t i = 0; i < COLUMNS; i++)
		if (columns[i].cell != name && columns[i].cell != pods && columns[i].cell != pending &&
			columns[i].cell != cpu && columns[i].cell != memory)
			row->cells[i] = cell_none();
}

static int build(
	const struct cluster *cluster, const struct view_options *options, struct table *ret_table, struct error *err)
{
	AUTO_FREE struct tier *tiers =
		memory_new_array(cluster_count(cluster, KIND_PRIORITY_CLASS) + cluster->tiers.count, sizeof(*tiers));
	struct node_usage nodes = all_nodes(cluster);
	struct context c = { cluster, &nodes, ret_table };
	struct column shown[COLUMNS];
	size_t count;

	if (options->node)
		return evict_order_build(cluster, options, ret_table, err);
	for (size_t i = 0; i < COLUMNS; i++)
		shown[i] = columns[i].column;
	table_init(ret_table, TIER_LIST, shown, COLUMNS);
	count = collect(cluster, tiers);
	accumulate(tiers, count);
	qsort(tiers, count, sizeof(*tiers), compare_tiers);
	for (size_t i = 0; i < count; i++)
		add_tier(&c, ROW_ITEM, &tiers[i]);
	add_total(&c, tiers, count);
	ret_table->resource = "priorityclass.scheduling.k8s.io";
	ret_table->total_key = "cluster";
	if (!cluster->has_pod_samples)
		table_hide_usage(ret_table);
	add_metrics_source(ret_table, cluster, options->now);
	return 0;
}

const struct view view_tiers = {
	.name = "tiers",
	.summary = "priority classes, highest first: what each uses, what lies above and below; with --node, the\n"
		   "order in which that node's kubelet would evict under memory pressure",
	.main_kind = KIND_POD,
	.kinds = { KIND_NODE, KIND_POD, KIND_PRIORITY_CLASS, KIND_POD_METRICS, KIND_COUNT },
	.build = build,
};
