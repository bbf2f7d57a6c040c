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

/* --- in the order of their namespaces and names --- */

/* A pod with as much of its name as can be compared without looking at it: of 150,000 pods few are near in memory. */
struct entry {
	uint64_t first, second;
	const struct pod *pod;
};

struct space {
	const char *name;
	size_t count, next; /* next: where its next entry goes */
};

static int compare_spaces(const void *a, const void *b)
{
	return strcmp(((const struct space *)a)->name, ((const struct space *)b)->name);
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	if (x->second != y->second)
		return x->second < y->second ? -1 : 1;
	return strcmp(x->pod->meta.name, y->pod->meta.name);
}

/* Eight bytes as a number that is in the order of strcmp; blanks of it are 0. */
static uint64_t leading(const char *text, size_t length)
{
	uint64_t number = 0;

	for (size_t i = 0; i < sizeof(number); i++)
		number = number << 8 | (i < length ? (unsigned char)text[i] : 0);
	return number;
}

static struct entry entry_of(const struct pod *pod)
{
	size_t length = strlen(pod->meta.name);

	return (struct entry){ leading(pod->meta.name, length),
		length > 8 ? leading(pod->meta.name + 8, length - 8) : 0, pod };
}

static const char *space_of(const struct pod *pod)
{
	return pod->meta.namespace ? pod->meta.namespace : "";
}

/* The one of that name, which is there; else that after it, or the last. */
static struct space *space_named(struct space *spaces, size_t count, const char *name)
{
	size_t low = 0, high = count - 1;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(spaces[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return &spaces[low];
}

/* The namespaces that have pods, in order, with room for the pods that are shown; returns how many. */
static size_t count_spaces(
	const struct cluster *cluster, const struct pod *const *pods, size_t pod_count, struct space *spaces)
{
	size_t count = cluster->namespaces.count, at = 0;
	struct space *last = spaces;

	for (size_t i = 0; i < count; i++)
		spaces[i] =
			(struct space){ .name = ((const struct namespace_entry *)cluster->namespaces.items[i])->name };
	qsort(spaces, count, sizeof(*spaces), compare_spaces);
	for (size_t i = 0; i < pod_count; i++) {
		if (last->name != space_of(pods[i]))
			last = space_named(spaces, count, space_of(pods[i]));
		last->count++;
	}
	for (size_t i = 0; i < count; i++) {
		spaces[i].next = at;
		at += spaces[i].count;
	}
	return count;
}

/* Within each namespace, where the few that are compared with one another lie together. */
static struct entry *sort_pods(const struct cluster *cluster, const struct pod *const *pods, size_t count)
{
	AUTO_FREE struct space *spaces = memory_new_array(cluster->namespaces.count, sizeof(*spaces));
	struct entry *entries = memory_new_array(count, sizeof(*entries));
	size_t space_count = count_spaces(cluster, pods, count, spaces);
	struct space *last = spaces;

	for (size_t i = 0; i < count; i++) {
		if (last->name != space_of(pods[i]))
			last = space_named(spaces, space_count, space_of(pods[i]));
		entries[last->next++] = entry_of(pods[i]);
	}
	for (size_t i = 0; i < space_count; i++)
		qsort(entries + spaces[i].next - spaces[i].count, spaces[i].count, sizeof(*entries), compare_entries);
	return entries;
}

/* --- rows --- */

static bool is_shown(const struct cluster *cluster, const struct pod *pod, const struct view_options *options)
{
	return (!options->node || text_equal(pod->node, options->node)) && scope_has_pod(&options->scope, cluster, pod);
}

static struct cell cell_of(const struct row_source *source, const void *object, size_t column, struct arena *arena)
{
	const struct context c = { source->context, arena };

	/* A cell has texts of the pod and of the arena; none of it is the context's. */
	// cppcheck-suppress returnDanglingLifetime
	return columns[column].cell(&c, object);
}

static void add_rows(const struct cluster *cluster, const struct pod *const *pods, size_t count, struct table *table)
{
	AUTO_FREE struct entry *entries = sort_pods(cluster, pods, count);
	struct row_source *source = ARENA_NEW(&table->arena, struct row_source);

	*source = (struct row_source){ cell_of, cluster };
	table_reserve(table, count);
	for (size_t i = 0; i < count; i++) {
		const struct pod *pod = entries[i].pod;

		table_add_lazy_row(table, ROW_ITEM, 0, source, pod)->id =
			row_id(&table->arena, "pod", pod->meta.namespace, pod->meta.name);
	}
}

static int build(
	const struct cluster *cluster, const struct view_options *options, struct table *ret_table, struct error *err)
{
	size_t all = cluster_count(cluster, KIND_POD), count = 0;
	AUTO_FREE const struct pod **pods = memory_new_array(all, sizeof(const struct pod *));
	struct column shown[COLUMNS];

	(void)err;
	for (size_t i = 0; i < all; i++)
		if (is_shown(cluster, cluster_pod(cluster, i), options))
			pods[count++] = cluster_pod(cluster, i);
	for (size_t i = 0; i < COLUMNS; i++)
		shown[i] = columns[i].column;
	table_init(ret_table, POD_USAGE_LIST, shown, COLUMNS);
	add_rows(cluster, (const struct pod *const *)pods, count, ret_table);
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
