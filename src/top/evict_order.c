/* The order in which a node's kubelet evicts pods when the node runs short of memory.
 *
 * Owners believe that priority alone decides. It does not: pods that use more memory than they request come first, then
 * lower priority, then the larger excess. A pod without a sample counts as one that exceeds. Static pods and those of
 * system priority (2000000000 and above) are never evicted this way.
 * Source: k8s.io/kubernetes/pkg/kubelet/eviction helpers.go (rankMemoryPressure), pkg/kubelet/types pod_update.go
 * (IsCriticalPod), v1.34. */
#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "clusterutils/util/memory.h"
#include "view.h"

enum { SYSTEM_CRITICAL_PRIORITY = 2000000000 };

struct candidate {
	const struct pod *pod;
	int64_t rank; /* from 1; 0 for never */
};

static bool is_never_evicted(const struct pod *pod)
{
	return pod->mirror || pod->priority >= SYSTEM_CRITICAL_PRIORITY;
}

static bool is_sampled(const struct pod *pod)
{
	return pod->usage.memory != RESOURCE_UNKNOWN;
}

static int64_t excess(const struct pod *pod)
{
	return is_sampled(pod) ? pod->usage.memory - pod->request.memory : 0;
}

static int order_of(bool a_first, bool b_first)
{
	return (int)b_first - (int)a_first;
}

static int compare_candidates(const void *a, const void *b)
{
	const struct pod *x = ((const struct candidate *)a)->pod, *y = ((const struct candidate *)b)->pod;
	int order = -order_of(is_never_evicted(x), is_never_evicted(y));

	if (!order)
		order = order_of(!is_sampled(x), !is_sampled(y));
	if (!order)
		order = order_of(excess(x) > 0, excess(y) > 0);
	if (!order)
		order = (x->priority > y->priority) - (x->priority < y->priority);
	if (!order)
		order = (excess(x) < excess(y)) - (excess(x) > excess(y));
	if (!order)
		order = strcmp(x->meta.namespace ? x->meta.namespace : "", y->meta.namespace ? y->meta.namespace : "");
	return order ? order : strcmp(x->meta.name, y->meta.name);
}

static struct cell rank(const struct candidate *candidate)
{
	return candidate->rank ? cell_number(candidate->rank) : cell_none();
}

static struct cell namespace(const struct candidate *candidate)
{
	return cell_text(candidate->pod->meta.namespace);
}

static struct cell name(const struct candidate *candidate)
{
	return cell_text(candidate->pod->meta.name);
}

static struct cell tier(const struct candidate *candidate)
{
	return cell_text(candidate->pod->priority_class);
}

static struct cell priority(const struct candidate *candidate)
{
	return cell_number(candidate->pod->priority);
}

static struct cell memory(const struct candidate *candidate)
{
	return cell_pod_memory(candidate->pod);
}

static struct cell over_request(const struct candidate *candidate)
{
	if (!is_sampled(candidate->pod))
		return cell_unknown();
	return excess(candidate->pod) > 0 ? cell_bytes(excess(candidate->pod)) : cell_none();
}

static struct cell reason(const struct candidate *candidate)
{
	if (candidate->pod->mirror)
		return cell_with_role(cell_text("never: static pod"), ROLE_MUTED);
	if (is_never_evicted(candidate->pod))
		return cell_with_role(cell_text("never: system priority"), ROLE_MUTED);
	if (!is_sampled(candidate->pod))
		return cell_with_role(cell_text("no sample: taken as above its request"), ROLE_WARNING);
	if (excess(candidate->pod) > 0)
		return cell_with_role(cell_text("above its request"), ROLE_WARNING);
	return cell_text("within its request");
}

/* A column is one row here. */
static const struct {
	struct column column;
	struct cell (*cell)(const struct candidate *candidate);
} columns[] = {
	{ { "rank", "RANK", COLUMN_RIGHT, 0 }, rank },
	{ { "namespace", "NAMESPACE", 0, 2 }, namespace },
	{ { "name", "POD", 0, 0 }, name },
	{ { "priorityClass", "TIER", 0, 3 }, tier },
	{ { "priority", "PRIORITY", COLUMN_RIGHT, 1 }, priority },
	{ { "memory", "MEM USE|REQ|LIM", COLUMN_RIGHT, 0 }, memory },
	{ { "excess", "OVER REQ", COLUMN_RIGHT, 4 }, over_request },
	{ { "reason", "WHY", 0, 5 }, reason },
};

enum { COLUMNS = ARRAY_LEN(columns) };

int evict_order_build(
	const struct cluster *cluster, const struct view_options *options, struct table *ret_table, struct error *err)
{
	const struct node_entry *entry = cluster_find_node(cluster, options->node);
	AUTO_FREE struct candidate *candidates = NULL;
	struct column shown[COLUMNS];
	size_t count = 0;

	if (!entry)
		return error_set(err, ERROR_NOT_FOUND, "nodes \"%s\" not found", options->node);
	candidates = memory_new_array((size_t)entry->sum.pods, sizeof(*candidates));
	for (const struct pod *pod = entry->pods; pod; pod = pod->by_node.next)
		if (pod_is_active(pod))
			candidates[count++].pod = pod;
	qsort(candidates, count, sizeof(*candidates), compare_candidates);
	for (size_t i = 0; i < COLUMNS; i++)
		shown[i] = columns[i].column;
	table_init(ret_table, EVICTION_ORDER_LIST, shown, COLUMNS);
	for (size_t i = 0; i < count; i++) {
		struct row *row = table_add_row(ret_table, ROW_ITEM, 0);

		row->id = row_id(
			&ret_table->arena, "pod", candidates[i].pod->meta.namespace, candidates[i].pod->meta.name);
		candidates[i].rank = is_never_evicted(candidates[i].pod) ? 0 : (int64_t)i + 1;
		for (size_t column = 0; column < COLUMNS; column++)
			row->cells[column] = columns[column].cell(&candidates[i]);
	}
	ret_table->resource = "pod";
	table_add_summary(ret_table,
		arena_printf(&ret_table->arena,
			"if %s runs short of memory, its kubelet evicts in this order (use above request first, then priority)",
			options->node));
	if (!cluster->has_pod_samples) {
		table_add_summary(
			ret_table, "no metrics: by priority alone; the kubelet, which knows the use, may differ");
		table_hide_usage(ret_table);
	}
	add_metrics_source(ret_table, cluster, options->now);
	return 0;
}
