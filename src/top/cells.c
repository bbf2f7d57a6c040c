#include "cells.h"

#include "clusterutils/util/text.h"

static struct cell share(enum unit unit, const struct total *usage, int64_t samples, int64_t of,
	const struct total *request, const struct total *limit, const struct total *allocatable)
{
	struct cell cell = { .type = CELL_SHARE, .estimated = samples > 0 && samples < of };

	cell.as.share.unit = unit;
	cell.as.share.usage = samples > 0 ? total_value(usage) : VALUE_UNKNOWN;
	cell.as.share.request = total_value(request);
	cell.as.share.limit = total_value(limit);
	cell.as.share.allocatable = total_value(allocatable);
	return cell;
}

struct cell cell_cpu_share(const struct node_usage *nodes, const struct pod_usage *pods)
{
	return share(UNIT_CPU, &nodes->usage_cpu, nodes->sampled, nodes->nodes, &pods->request_cpu, &pods->limit_cpu,
		&nodes->allocatable_cpu);
}

struct cell cell_memory_share(const struct node_usage *nodes, const struct pod_usage *pods)
{
	return share(UNIT_MEMORY, &nodes->usage_memory, nodes->sampled, nodes->nodes, &pods->request_memory,
		&pods->limit_memory, &nodes->allocatable_memory);
}

/* Where no pod runs, nothing is used, and that is known. */
static struct cell of_pods(struct cell cell, const struct pod_usage *pods)
{
	if (!pods->pods)
		cell.as.share.usage = 0;
	return cell;
}

struct cell cell_pods_cpu_share(const struct node_usage *nodes, const struct pod_usage *pods)
{
	return of_pods(share(UNIT_CPU, &pods->usage_cpu, pods->pods - pods->unsampled, pods->pods, &pods->request_cpu,
			       &pods->limit_cpu, &nodes->allocatable_cpu),
		pods);
}

struct cell cell_pods_memory_share(const struct node_usage *nodes, const struct pod_usage *pods)
{
	return of_pods(share(UNIT_MEMORY, &pods->usage_memory, pods->pods - pods->unsampled, pods->pods,
			       &pods->request_memory, &pods->limit_memory, &nodes->allocatable_memory),
		pods);
}

/* A pod that has finished uses nothing, and nobody samples it. */
static struct cell pod_amount(const struct pod *pod, enum unit unit, int64_t usage, int64_t request, int64_t limit)
{
	struct cell cell = { .type = CELL_AMOUNT };

	cell.as.share.unit = unit;
	cell.as.share.usage = usage != RESOURCE_UNKNOWN ? usage : pod_is_active(pod) ? VALUE_UNKNOWN : VALUE_NONE;
	cell.as.share.request = request;
	cell.as.share.limit = limit == RESOURCE_UNKNOWN ? VALUE_NONE : limit;
	cell.as.share.allocatable = VALUE_NONE;
	return cell;
}

struct cell cell_pod_cpu(const struct pod *pod)
{
	return pod_amount(pod, UNIT_CPU, pod->usage.cpu, pod->request.cpu, pod->limit.cpu);
}

struct cell cell_pod_memory(const struct pod *pod)
{
	return pod_amount(pod, UNIT_MEMORY, pod->usage.memory, pod->request.memory, pod->limit.memory);
}

/* The first container that waits or has ended badly; init containers come first, as they do in the pod. */
static const char *container_trouble(const struct pod *pod, struct arena *arena)
{
	for (size_t i = 0; i < pod->status_count; i++) {
		const struct container_status *status = &pod->statuses[i];
		const char *prefix = status->role == CONTAINER_APP ? "" : "Init:";
		bool failed = status->state == CONTAINER_TERMINATED && status->exit_code != 0;

		if (status->state == CONTAINER_WAITING && status->reason &&
			!text_equal(status->reason, "PodInitializing"))
			return arena_printf(arena, "%s%s", prefix, status->reason);
		if (failed && status->reason)
			return arena_printf(arena, "%s%s", prefix, status->reason);
		if (failed)
			return arena_printf(arena, "%sExitCode:%d", prefix, (int)status->exit_code);
	}
	return NULL;
}

struct cell cell_pod_status(const struct pod *pod, struct arena *arena)
{
	static const char *const phases[] = {
		[POD_PENDING] = "Pending",
		[POD_RUNNING] = "Running",
		[POD_SUCCEEDED] = "Completed",
		[POD_FAILED] = "Failed",
		[POD_UNKNOWN] = "Unknown",
	};
	const char *trouble = container_trouble(pod, arena);

	if (pod->meta.deleted != TIME_NONE)
		return cell_with_role(cell_text("Terminating"), ROLE_MUTED);
	if (pod->phase == POD_SUCCEEDED)
		return cell_with_role(cell_text(phases[pod->phase]), ROLE_MUTED);
	if (pod->phase == POD_FAILED)
		return cell_with_role(cell_text(pod->reason ? pod->reason : trouble ? trouble : "Failed"), ROLE_BAD);
	if (trouble)
		return cell_with_role(
			cell_text(trouble), text_equal(trouble, "ContainerCreating") ? ROLE_WARNING : ROLE_BAD);
	if (pod->phase == POD_PENDING)
		return cell_with_role(cell_text("Pending"), ROLE_WARNING);
	return cell_with_role(cell_text(phases[pod->phase]),
		pod->phase == POD_UNKNOWN ? ROLE_BAD
			: pod->ready      ? ROLE_PLAIN
					  : ROLE_WARNING);
}

struct cell cell_as_read(struct cell cell, const struct cluster *cluster, unsigned from)
{
	bool lacks_nodes = from & FROM_NODES && cluster->is_unread[KIND_NODE];
	bool lacks_pods = from & FROM_PODS && cluster->is_unread[KIND_POD];

	if ((!lacks_nodes && !lacks_pods) || cell.type == CELL_NONE)
		return cell;
	switch (cell.type) {
	case CELL_COUNT:
		return cell_count(lacks_pods ? VALUE_UNKNOWN : cell.as.count.count,
			lacks_nodes ? VALUE_UNKNOWN : cell.as.count.capacity);
	case CELL_SHARE:
	case CELL_PERCENT:
		if (lacks_nodes)
			cell.as.share.allocatable = VALUE_UNKNOWN;
		if (lacks_pods) {
			cell.as.share.request = cell.as.share.limit = VALUE_UNKNOWN;
			if (!cluster->has_node_samples)
				cell.as.share.usage = VALUE_UNKNOWN;
		}
		return cell;
	default:
		return cell_unknown();
	}
}

struct node_usage all_nodes(const struct cluster *cluster)
{
	struct node_usage sum = { 0 };

	for (size_t i = 0; i < cluster_node_count(cluster); i++) {
		const struct node_entry *entry = cluster_node(cluster, i);

		if (entry->node)
			node_usage_add(&sum, entry->node, &entry->sample.usage);
	}
	return sum;
}

/* The age of the newest sample: an old one of a node that has gone quiet is that node's own matter. */
static void add_kubelet_source(struct table *table, const struct survey *survey, int64_t age)
{
	const struct error *err = &survey->error;

	table_add_source(table,
		(struct source){
			.name = "kubelet",
			.state = !err->code                    ? "ok"
				: survey->answered             ? "partial"
				: err->code == ERROR_FORBIDDEN ? "forbidden"
							       : "failed",
			.error = err->code ? arena_printf(&table->arena, "%zu of %zu nodes answered: %s",
						     survey->answered, survey->nodes, err->message)
					   : NULL,
			.age = age,
		});
}

void add_metrics_source(struct table *table, const struct cluster *cluster, int64_t now)
{
	int64_t newest = cluster->newest_sample,
		age = newest == TIME_NONE ? VALUE_UNKNOWN
		: now > newest            ? now - newest
					  : 0;

	if (cluster->survey.is_asked) {
		add_kubelet_source(table, &cluster->survey, age);
		return;
	}

	table_add_source(table,
		(struct source){
			.name = "metrics",
			.state = cluster->has_node_samples || cluster->has_pod_samples ? "ok" : "missing",
			.age = age,
		});
}

const char *row_id(struct arena *arena, const char *kind, const char *namespace, const char *name)
{
	return arena_printf(arena, "%s/%s/%s", kind, namespace ? namespace : "", name);
}
