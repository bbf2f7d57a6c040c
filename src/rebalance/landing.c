#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/rebalance/pass.h"
#include "clusterutils/util/memory.h"
#include "landing_private.h"
#include "loads.h"

static int by_node_name(const void *a, const void *b)
{
	return strcmp(((const struct node_load *)a)->node->meta.name, ((const struct node_load *)b)->node->meta.name);
}

struct node_load *landings_load_named(const struct landings *landings, const char *name)
{
	size_t low = 0, high = landings->load_count;

	while (name && low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(name, landings->loads[middle].node->meta.name);

		if (order == 0)
			return &landings->loads[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static void measure(struct landings *landings)
{
	const struct cluster *cluster = landings->cluster;
	size_t count = cluster_node_count(cluster);

	landings->loads = ARENA_ARRAY(&landings->arena, count + 1, struct node_load);
	for (size_t i = 0; i < count; i++) {
		const struct node_entry *entry = cluster_node(cluster, i);

		if (entry->node)
			landings->loads[landings->load_count++] =
				(struct node_load){ .node = entry->node, .usage = entry->sample.usage };
	}
	qsort(landings->loads, landings->load_count, sizeof(*landings->loads), by_node_name);
	for (size_t i = 0; i < landings->load_count; i++) {
		struct node_load *load = &landings->loads[i];
		const struct node_entry *entry = cluster_find_node(cluster, load->node->meta.name);

		for (const struct pod *pod = entry->pods; pod; pod = pod->by_node.next)
			if (pod_is_active(pod))
				node_load_charge(load, pod, 1, true);
	}
}

/* What a query says of a node is a share of it, whatever was asked: it is taken for cpu. */
static void take_readings(struct landings *landings)
{
	const struct node_readings *readings = landings->rules->readings;

	for (size_t i = 0; readings && i < readings->count; i++) {
		struct node_load *load = landings_load_named(landings, readings->items[i].node);

		if (load && load->node->allocatable.cpu != RESOURCE_UNKNOWN)
			load->usage.cpu = (int64_t)(readings->items[i].value * (double)load->node->allocatable.cpu);
	}
}

/* "v1.36.3+k3s1" -> 36; 0 for anything else. The control plane is never older than a kubelet. */
static unsigned minor_of(const char *version)
{
	unsigned minor = 0;

	if (!version || strncmp(version, "v1.", 3) != 0)
		return 0;
	for (const char *at = version + 3; *at >= '0' && *at <= '9' && minor < 1000; at++)
		minor = minor * 10 + (unsigned)(*at - '0');
	return minor;
}

static unsigned newest_kubelet(const struct landings *landings)
{
	unsigned newest = 0;

	for (size_t i = 0; i < landings->load_count; i++) {
		unsigned minor = minor_of(landings->loads[i].node->kubelet);

		newest = minor > newest ? minor : newest;
	}
	return newest;
}

/* --- beginning and end --- */

struct landings *landings_new(const struct cluster *cluster, const struct landing_rules *rules, int64_t now)
{
	struct landings *landings = NEW(struct landings);

	landings->cluster = cluster;
	landings->rules = rules;
	landings->now = now;
	landings->scheduler = scheduler_new(cluster);
	landings->budgets = budgets_new(cluster);
	landings->arches = seen_arches_new(cluster);
	measure(landings);
	take_readings(landings);
	scheduler_follow(landings->scheduler, rules->minor ? rules->minor : newest_kubelet(landings));
	landings_place_pending(landings);
	return landings;
}

void landings_free(struct landings *landings)
{
	if (!landings)
		return;
	scheduler_free(landings->scheduler);
	budgets_free(landings->budgets);
	seen_arches_free(landings->arches);
	pointer_map_release(&landings->journeys);
	arena_release(&landings->arena);
	free(landings);
}

const struct node_load *landings_loads(const struct landings *landings, size_t *ret_count)
{
	*ret_count = landings->load_count;
	return landings->loads;
}

const struct node_load *landings_load_of(const struct landings *landings, const char *node)
{
	return landings_load_named(landings, node);
}

size_t landings_settled(const struct landings *landings)
{
	return landings->settled;
}

size_t landings_waiting(const struct landings *landings)
{
	return landings->waiting_count;
}

/* --- targets --- */

bool landings_is_above(const struct landings *landings, const struct node_load *load, const char **ret_resource)
{
	const struct param_percent *target = node_load_exceeded(landings->rules, load);

	if (target && ret_resource)
		*ret_resource = target->resource;
	return target != NULL;
}

double landings_percent(const struct landings *landings, const struct node_load *load, const char *resource)
{
	return node_load_percent_of(landings->rules, load, resource);
}

double landings_target(const struct landings *landings, const char *resource)
{
	const struct param_percents *targets = landings->rules->targets;

	for (size_t i = 0; targets && i < targets->count; i++)
		if (strcmp(targets->items[i].resource, resource) == 0)
			return targets->items[i].percent;
	return NAN;
}

/* The resource that the kind is of, where targets are about this kind of it; NULL elsewhere. */
static const char *resource_of(const struct landings *landings, enum load_kind kind)
{
	const struct landing_rules *rules = landings->rules;

	switch (kind) {
	case LOAD_CPU:
		return rules->targets_are_usage ? NULL : "cpu";
	case LOAD_MEMORY:
		return rules->targets_are_usage ? NULL : "memory";
	case LOAD_PODS:
		return "pods";
	case LOAD_USED_CPU:
		if (rules->readings && !isnan(landings_target(landings, "MetricResource")))
			return "MetricResource";
		return rules->targets_are_usage ? "cpu" : NULL;
	case LOAD_USED_MEMORY:
		return rules->targets_are_usage ? "memory" : NULL;
	case LOAD_KINDS:
		break;
	}
	return NULL;
}

double landings_excess(const struct landings *landings, const struct node_load *load, enum load_kind kind)
{
	const char *resource = resource_of(landings, kind);
	double target = resource ? landings_target(landings, resource) : NAN, percent = node_load_percent(load, kind);

	return isnan(target) || isnan(percent) ? 0 : percent - target;
}

double landings_part_of(
	const struct landings *landings, const struct node_load *load, enum load_kind kind, const struct pod *pod)
{
	struct node_load without = *load;
	double percent = node_load_percent(load, kind);

	if (!resource_of(landings, kind) || isnan(percent))
		return 0;
	node_load_charge(&without, pod, -1, false);
	return percent - node_load_percent(&without, kind);
}
