/* NodeResourcesFit with LeastAllocated, and NodeResourcesBalancedAllocation, over cpu and memory with equal weights.
 *
 * Amounts are 64-bit integers as upstream's are: thousandths of a core, else whole units, rounded up. A resource that
 * is neither one of the three known nor extended, huge pages or of volumes does not count. LeastAllocated sees pods
 * that run with spec.resources and what their status says, but not so the pod that asks: upstream's scorer is made
 * without these two switches. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "clusterutils/model/pod_resources.h"
#include "clusterutils/util/memory.h"
#include "scheduler_private.h"

enum { MOST_POINTS = 100, BALANCE_BY_GAIN_SINCE = 36 };

static bool is_scalar(const char *name)
{
	const char *slash = strchr(name, '/');

	if (strncmp(name, "hugepages-", 10) == 0 || strncmp(name, "attachable-volumes-", 19) == 0 ||
		strstr(name, "kubernetes.io/"))
		return true;
	/* An extended one: with a prefix that could be part of a quota's name. */
	return slash && slash != name && slash[1] && !strchr(slash + 1, '/') && strncmp(name, "requests.", 9) != 0;
}

size_t resources_position(struct scheduler *scheduler, const char *name)
{
	for (size_t i = 0; i < scheduler->resource_count; i++)
		if (scheduler->resources[i] == name || strcmp(scheduler->resources[i], name) == 0)
			return i;
	/* Nodes have room for those that were found while the snapshot was made. */
	if (!is_scalar(name) || scheduler->nodes)
		return scheduler->resource_count;
	ARRAY_GROW(scheduler->resources, scheduler->resource_count, scheduler->resource_capacity);
	scheduler->resources[scheduler->resource_count] = name;
	return scheduler->resource_count++;
}

static int64_t amount_of(size_t resource, const struct quantity *quantity)
{
	return resource == NEED_CPU ? quantity_milli(quantity) : quantity_value(quantity);
}

static struct sched_needs *make_needs(struct scheduler *scheduler, const struct pod *pod)
{
	AUTO_ARENA scratch = { 0 };
	const struct resource_list *list = pod_requests(pod, POD_RESOURCES_STATUS, &scratch);
	const struct resource_list *scored = pod_requests(pod, POD_RESOURCES_STATUS | POD_RESOURCES_NON_ZERO, &scratch);
	const struct quantity *cpu = resource_find(scored, "cpu"), *memory = resource_find(scored, "memory");
	struct sched_needs *needs = ARENA_NEW(&scheduler->arena, struct sched_needs);

	needs->items = ARENA_ARRAY(&scheduler->arena, list->count, struct sched_need);
	for (size_t i = 0; i < list->count; i++) {
		size_t resource = resources_position(scheduler, list->items[i].name);
		int64_t amount = amount_of(resource, &list->items[i].quantity);

		if (resource < scheduler->resource_count && amount != 0)
			needs->items[needs->count++] = (struct sched_need){ (uint32_t)resource, amount };
	}
	needs->cpu = cpu ? quantity_milli(cpu) : 0;
	needs->memory = memory ? quantity_value(memory) : 0;
	scored = pod_requests(pod, POD_RESOURCES_NON_ZERO | POD_RESOURCES_SKIP_POD_LEVEL, &scratch);
	cpu = resource_find(scored, "cpu");
	memory = resource_find(scored, "memory");
	needs->asked_cpu = cpu ? quantity_milli(cpu) : 0;
	needs->asked_memory = memory ? quantity_value(memory) : 0;
	return needs;
}

/* What the status says of a container's resources makes its pod one of a kind. */
static bool is_special(const struct pod *pod)
{
	if (pod->rare && (pod->rare->has_resources || pod->rare->overhead || pod->rare->resize_infeasible))
		return true;
	for (size_t i = 0; i < pod->status_count; i++)
		if (pod->statuses[i].resources)
			return true;
	return false;
}

const struct sched_needs *resources_of(struct scheduler *scheduler, const struct pod *pod)
{
	struct sched_needs *needs;

	if (is_special(pod) || !pod->containers)
		return make_needs(scheduler, pod);
	needs = pointer_map_get(&scheduler->needs, POINTERS(pod->containers));
	if (!needs) {
		needs = make_needs(scheduler, pod);
		*pointer_map_at(&scheduler->needs, POINTERS(pod->containers)) = needs;
	}
	return needs;
}

void resources_offered(struct scheduler *scheduler, struct sched_node *node)
{
	const struct resource_list *list = node->node->allocatable_resources;

	for (size_t i = 0; list && i < list->count; i++) {
		size_t resource = resources_position(scheduler, list->items[i].name);

		if (resource < scheduler->resource_count)
			node->allocatable[resource] = amount_of(resource, &list->items[i].quantity);
	}
}

void resources_charge(struct sched_node *node, const struct sched_needs *needs, int sign)
{
	for (size_t i = 0; i < needs->count; i++)
		node->requested[needs->items[i].resource] += sign * needs->items[i].amount;
	node->cpu += sign * needs->cpu;
	node->memory += sign * needs->memory;
}

bool resources_lack(const struct sched_node *node, const struct sched_need *need)
{
	return (need->amount > 0 || need->resource >= NEED_FIRST_SCALAR) &&
		need->amount > node->allocatable[need->resource] - node->requested[need->resource];
}

bool resources_have_slot(const struct sched_node *node)
{
	int64_t slots = node->node->pod_capacity == RESOURCE_UNKNOWN ? 0 : node->node->pod_capacity;

	return (int64_t)node->count + 1 <= slots;
}

void resources_filter(struct question *question, const struct sched_node *node)
{
	const struct sched_needs *needs = question->self->needs;
	bool is_unresolvable = false;

	for (size_t i = 0; i < needs->count; i++)
		if (resources_lack(node, &needs->items[i]) &&
			needs->items[i].amount > node->allocatable[needs->items[i].resource])
			is_unresolvable = true;
	if (!resources_have_slot(node))
		question_refuse(question, node, SCHED_NODE_RESOURCES_FIT, is_unresolvable, "Too many pods");
	for (size_t i = 0; i < needs->count; i++)
		if (resources_lack(node, &needs->items[i]))
			question_refuse(question, node, SCHED_NODE_RESOURCES_FIT, is_unresolvable,
				arena_printf(question->arena, "Insufficient %s",
					question->scheduler->resources[needs->items[i].resource]));
}

/* --- scores --- */

static int64_t least(int64_t requested, int64_t capacity)
{
	if (requested > capacity)
		return 0;
	while (capacity > INT64_MAX / MOST_POINTS) { /* no node has so much: only to stay in range */
		capacity /= 2;
		requested /= 2;
	}
	return (capacity - requested) * MOST_POINTS / capacity;
}

static int64_t least_allocated(const struct sched_needs *needs, const struct sched_node *node)
{
	int64_t cpu = node->allocatable[NEED_CPU], memory = node->allocatable[NEED_MEMORY], sum = 0, weights = 0;

	if (cpu) {
		sum += least(node->cpu + needs->asked_cpu, cpu);
		weights++;
	}
	if (memory) {
		sum += least(node->memory + needs->asked_memory, memory);
		weights++;
	}
	return weights ? sum / weights : 0;
}

int64_t resources_score(struct question *question, const struct sched_node *node)
{
	return least_allocated(question->self->needs, node);
}

static int64_t needed(const struct sched_needs *needs, uint32_t resource)
{
	for (size_t i = 0; i < needs->count; i++)
		if (needs->items[i].resource == resource)
			return needs->items[i].amount;
	return 0;
}

static bool is_balanced(const struct sched_needs *needs)
{
	return needed(needs, NEED_CPU) || needed(needs, NEED_MEMORY);
}

bool balance_ask_scores(struct question *question)
{
	return is_balanced(question->self->needs);
}

/* `more` of the resource asked for on top of what is charged. */
static double share(const struct sched_node *node, uint32_t resource, int64_t more)
{
	double fraction = (double)(node->requested[resource] + more) / (double)node->allocatable[resource];

	return fraction > 1 ? 1 : fraction;
}

static int64_t evenness(const struct sched_node *node, int64_t more_cpu, int64_t more_memory)
{
	double deviation = 0;

	if (node->allocatable[NEED_CPU] && node->allocatable[NEED_MEMORY])
		deviation = fabs((share(node, NEED_CPU, more_cpu) - share(node, NEED_MEMORY, more_memory)) / 2);
	return (int64_t)((1 - deviation) * MOST_POINTS);
}

/* How even the node would be; later releases: how much more so than it is. */
static int64_t balanced_allocation(
	const struct scheduler *scheduler, const struct sched_needs *needs, const struct sched_node *node)
{
	int64_t after = evenness(node, needed(needs, NEED_CPU), needed(needs, NEED_MEMORY));

	if (scheduler->minor < BALANCE_BY_GAIN_SINCE)
		return after;
	return MOST_POINTS / 2 + (MOST_POINTS / 2 + after - evenness(node, 0, 0)) / 2;
}

int64_t balance_score(struct question *question, const struct sched_node *node)
{
	return balanced_allocation(question->scheduler, question->self->needs, node);
}

/* --- both, for who keeps them --- */

bool resources_fit(const struct sched_needs *needs, const struct sched_node *node)
{
	if (!resources_have_slot(node))
		return false;
	for (size_t i = 0; i < needs->count; i++)
		if (resources_lack(node, &needs->items[i]))
			return false;
	return true;
}

int64_t resources_points(
	const struct scheduler *scheduler, const struct sched_needs *needs, const struct sched_node *node)
{
	return least_allocated(needs, node) + (is_balanced(needs) ? balanced_allocation(scheduler, needs, node) : 0);
}
