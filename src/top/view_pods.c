/* The pods, with what they use and request. */
#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "view.h"

struct context {
	const struct cluster *cluster;
	struct arena *arena;
};

static struct cell namespace(const struct context *c, const struct pod *pod)
{
	(void)c;
	return cell_text(pod->meta.namespace);
}

static struct cell name(const struct context *c, const struct pod *pod)
{
	(void)c;
	return cell_text(pod->meta.name);
}

/* App containers and sidecars that are ready, of those there are. */
static struct cell ready(const struct context *c, const struct pod *pod)
{
	int64_t count = 0, wanted = 0;

	(void)c;
	for (size_t i = 0; i < pod->containers->count; i++)
		wanted += pod->containers->items[i].role != CONTAINER_INIT;
	for (size_t i = 0; i < pod->status_count; i++)
		count += pod->statuses[i].ready && pod->statuses[i].role != CONTAINER_INIT;
	return cell_count(count, wanted);
}

static struct cell status(const struct context *c, const struct pod *pod)
{
	return cell_pod_status(pod, c->arena);
}

static struct cell restarts(const struct context *c, const struct pod *pod)
{
	(void)c;
	return cell_number(pod_restarts(pod));
}

static struct cell node(const struct context *c, const struct pod *pod)
{
	(void)c;
	return cell_text(pod->node);
}

static struct cell tier(const struct context *c, const struct pod *pod)
{
	(void)c;
	return cell_text(pod->priority_class);
}

static struct cell priority(const struct context *c, const struct pod *pod)
{
	(void)c;
	return cell_number(pod->priority);
}

static struct cell qos(const struct context *c, const struct pod *pod)
{
	static const char *const texts[] = {
		[QOS_GUARANTEED] = "Guaranteed", [QOS_BURSTABLE] = "Burstable", [QOS_BEST_EFFORT] = "BestEffort"
	};

	(void)c;
	return cell_text(texts[pod->qos]);
}

static struct cell cpu(const struct context *c, const struct pod *pod)
{
	(void)c;
	return cell_pod_cpu(pod);
}

static struct cell memory(const struct context *c, const struct pod *pod)
{
	(void)c;
	return cell_pod_memory(pod);
}

static struct cell age(const struct context *c, const struct pod *pod)
{
	(void)c;
	return pod->meta.created == TIME_NONE ? cell_unknown() : cell_time(pod->meta.created);
}

static struct cell owner(const struct context *c, const struct pod *pod)
{
	const struct owner *workload = cluster_workload_of(c->cluster, pod);

	return workload ? cell_text(arena_printf(c->arena, "%s/%s", workload->kind, workload->name)) : cell_none();
}

/* A column is one row here. */
static const struct {
	struct column column;
	struct cell (*cell)(const struct context *c, const struct pod *pod);
} columns[] = {
	{ { "namespace", "NAMESPACE", 0, 2 }, namespace },
	{ { "name", "NAME", 0, 0 }, name },
	{ { "ready", "READY", 0, 4 }, ready },
	{ { "status", "STATUS", 0, 1 }, status },
	{ { "restarts", "RESTARTS", COLUMN_RIGHT, 6 }, restarts },
	{ { "node", "NODE", 0, 3 }, node },
	{ { "priorityClass", "TIER", 0, 5 }, tier },
	{ { "priority", "PRIORITY", COLUMN_WIDE | COLUMN_RIGHT, 8 }, priority },
	{ { "qosClass", "QOS", COLUMN_WIDE, 8 }, qos },
	{ { "cpu", "CPU USE|REQ|LIM", COLUMN_RIGHT, 0 }, cpu },
	{ { "memory", "MEM USE|REQ|LIM", COLUMN_RIGHT, 0 }, memory },
	{ { "created", "AGE", COLUMN_RIGHT, 7 }, age },
	{ { "workload", "WORKLOAD", COLUMN_WIDE, 9 }, owner },
};

enum { COLUMNS = ARRAY_LEN(columns) };

static bool is_shown(const struct cluster *cluster, const struct pod *pod, const struct view_options *options)
{
	return (!options->node || text_equal(pod->node, options->node)) && scope_has_pod(&options->scope, cluster, pod);
}

/* What rows need when they are asked. */
struct pods {
	struct row_source source;
	const struct cluster *cluster;
	const char *prefix; /* of ids */
};

static struct cell cell_of(const struct row_source *source, const void *object, size_t column, struct arena *arena)
{
	const struct context c = { ((const struct pods *)(const void *)source)->cluster, arena };

	/* A cell has texts of the pod and of the arena; none of it is the context's. */
	// cppcheck-suppress returnDanglingLifetime
	return columns[column].cell(&c, object);
}

static const char *id_of(const struct row_source *source, const void *object, struct arena *arena)
{
	const struct pod *pod = object;
	const char *prefix = ((const struct pods *)(const void *)source)->prefix;
	const char *id = row_id(arena, "pod", pod->meta.namespace, pod->meta.name);

	return *prefix ? arena_printf(arena, "%s%s", prefix, id) : id;
}

static void add_rows(const struct cluster *cluster, const struct view_options *options, struct table *table)
{
	const struct pod *const *pods = cluster_pods_in_order(cluster);
	size_t count = cluster_count(cluster, KIND_POD);
	struct pods *context = ARENA_NEW(&table->arena, struct pods);

	*context = (struct pods){ { cell_of, id_of }, cluster,
		options->scope.prefix ? arena_text(&table->arena, options->scope.prefix) : "" };
	table_reserve(table, count);
	for (size_t i = 0; i < count; i++)
		if (is_shown(cluster, pods[i], options))
			table_add_lazy_row(table, ROW_ITEM, 0, &context->source, pods[i]);
}

static int build(
	const struct cluster *cluster, const struct view_options *options, struct table *ret_table, struct error *err)
{
	struct column shown[COLUMNS];

	(void)err;
	for (size_t i = 0; i < COLUMNS; i++)
		shown[i] = columns[i].column;
	table_init(ret_table, POD_USAGE_LIST, shown, COLUMNS);
	add_rows(cluster, options, ret_table);
	ret_table->resource = "pod";
	if (!cluster->has_pod_samples)
		table_hide_usage(ret_table);
	add_metrics_source(ret_table, cluster, options->now);
	return 0;
}

const struct view view_pods = {
	.name = "pods",
	.summary = "pods: state, node, tier, and their use, requests and limits",
	.main_kind = KIND_POD,
	.kinds = { KIND_POD, KIND_POD_METRICS, KIND_REPLICA_SET, KIND_JOB, KIND_COUNT },
	.build = build,
};
