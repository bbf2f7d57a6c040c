/* The default constraints of PodTopologySpread for many nodes at once. A node's points depend on its zone, on which of
 * the two labels it has, and on the pods that are there: few nodes have any, and all others of a zone are equal. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "quick.h"
#include "spread.h"

enum { MOST_POINTS = 100, WEIGHT = 2 };

/* Nodes that are equal but for their pods. */
struct node_sort {
	bool has_host;
	int32_t zone;    /* -1 for none */
	size_t feasible; /* of them, in this question */
	size_t plain;    /* of these, without any pod that counts */
	int64_t points;  /* of the plain ones */
};

/* What is counted for pods that are alike; NULL selector and labels: nothing. */
struct default_rule {
	struct counted_by by;
	struct arena memory;
};

struct quick_spread {
	const struct sched_topology *hosts, *zones;
	uint32_t *sort_of; /* by node */
	struct node_sort *sorts;
	size_t sort_count;
	int32_t *counts;   /* of pods by node: all 0 between questions */
	uint32_t *touched; /* nodes where they are not */
	size_t touched_count;
	size_t *crowded; /* the feasible ones among them, by their position among the feasible */
	size_t crowded_count;
	int64_t *zone_counts;     /* by zone */
	struct pointer_map rules; /* struct default_rule, by namespace, labels and owners */
	double host_weight, zone_weight;
	int64_t least, most; /* points before they are normalised */
};

static void find_sorts(struct quick_spread *spread, struct scheduler *scheduler)
{
	size_t zones = spread->zones->domain_count;

	/* By zone, without and with a host name; the last two have no zone. */
	spread->sort_count = 2 * (zones + 1);
	spread->sorts = ARENA_ARRAY(&scheduler->arena, spread->sort_count, struct node_sort);
	for (size_t i = 0; i < spread->sort_count; i++)
		spread->sorts[i] =
			(struct node_sort){ .has_host = i % 2 == 1, .zone = i / 2 < zones ? (int32_t)(i / 2) : -1 };
	for (size_t i = 0; i < scheduler->node_count; i++) {
		size_t zone = spread->zones->of_node[i] < 0 ? zones : (size_t)spread->zones->of_node[i];

		spread->sort_of[i] = (uint32_t)(2 * zone + (spread->hosts->of_node[i] >= 0));
	}
}

static struct quick_spread *spread_of(struct scheduler *scheduler)
{
	struct quick_spread *spread = scheduler->quick->spread;

	if (spread)
		return spread;
	scheduler->quick->spread = spread = ARENA_NEW(&scheduler->arena, struct quick_spread);
	spread->hosts = scheduler_topology(scheduler, spread_hostname_key);
	spread->zones = scheduler_topology(scheduler, spread_zone_key);
	spread->sort_of = ARENA_ARRAY(&scheduler->arena, scheduler->node_count, uint32_t);
	spread->counts = ARENA_ARRAY(&scheduler->arena, scheduler->node_count, int32_t);
	spread->touched = ARENA_ARRAY(&scheduler->arena, scheduler->node_count, uint32_t);
	spread->crowded = ARENA_ARRAY(&scheduler->arena, scheduler->node_count + 1, size_t);
	spread->zone_counts = ARENA_ARRAY(&scheduler->arena, spread->zones->domain_count + 1, int64_t);
	find_sorts(spread, scheduler);
	return spread;
}

void spread_quick_release(struct quick_spread *spread)
{
	if (!spread)
		return;
	for (size_t i = 0; i < spread->rules.capacity; i++)
		if (spread->rules.slots[i].value)
			arena_release(&((struct default_rule *)spread->rules.slots[i].value)->memory);
	pointer_map_release(&spread->rules);
}

static const struct counted_by *rule_of(struct question *question, struct quick_spread *spread)
{
	void **known = pointer_map_at(&spread->rules,
		POINTERS(question->self->space, question->pod->meta.labels, question->pod->meta.owners));
	struct default_rule *rule = *known;
	struct arena *scratch = question->arena;

	if (!rule) {
		*known = rule = ARENA_NEW(&question->scheduler->arena, struct default_rule);
		question->arena = &rule->memory;
		if (!spread_default(question, &rule->by))
			rule->by = (struct counted_by){ .is_nothing = true };
		question->arena = scratch;
	}
	return rule->by.is_nothing ? NULL : &rule->by;
}

/* --- counting --- */

static void count_pod(struct question *question, struct quick_spread *spread, const struct sched_pod *pod)
{
	uint32_t node = pod->node->position;
	int32_t zone = spread->zones->of_node[node];

	if (pod->is_leaving)
		return;
	if (spread->hosts->of_node[node] >= 0 && spread->counts[node]++ == 0)
		spread->touched[spread->touched_count++] = node;
	if (zone >= 0 && scheduler_selects(question->scheduler, question->pod, pod->node))
		spread->zone_counts[zone]++;
}

static void count_pods(struct question *question, struct quick_spread *spread, const struct counted_by *by)
{
	memset(spread->zone_counts, 0, (spread->zones->domain_count + 1) * sizeof(*spread->zone_counts));
	for (const struct sched_group *group = question->self->space->groups; group; group = group->next)
		if (group->count && spread_is_counted(by, group->labels))
			for (size_t i = 0; i < group->count; i++)
				count_pod(question, spread, group->pods[i]);
}

static void sort_feasible(struct quick_spread *spread, const uint32_t *feasible, size_t count)
{
	spread->crowded_count = 0;
	for (size_t i = 0; i < spread->sort_count; i++)
		spread->sorts[i].feasible = spread->sorts[i].plain = 0;
	for (size_t i = 0; i < count; i++) {
		struct node_sort *sort = &spread->sorts[spread->sort_of[feasible[i]]];
		bool is_plain = spread->counts[feasible[i]] == 0;

		sort->feasible++;
		sort->plain += is_plain;
		spread->crowded[spread->crowded_count] = i;
		spread->crowded_count += !is_plain;
	}
}

/* How many nodes and zones there are to choose from: nodes without a zone, and those where it is empty, are one. */
static void weigh(struct quick_spread *spread, size_t count)
{
	size_t zones = 0;
	bool has_none = false;

	for (size_t i = 0; i < spread->sort_count; i += 2) {
		int32_t zone = spread->sorts[i].zone;

		if (!spread->sorts[i].feasible && !spread->sorts[i + 1].feasible)
			continue;
		if (zone < 0 || !*spread->zones->values[zone])
			has_none = true;
		else
			zones++;
	}
	spread->host_weight = log((double)(count + 2));
	spread->zone_weight = log((double)(zones + has_none + 2));
}

/* --- points --- */

static int64_t points_of(const struct quick_spread *spread, const struct node_sort *sort, int32_t pods)
{
	double score = 0;

	if (sort->has_host)
		score += (double)pods * spread->host_weight + (double)(SPREAD_HOST_SKEW - 1);
	if (sort->zone >= 0)
		score += (double)spread->zone_counts[sort->zone] * spread->zone_weight + (double)(SPREAD_ZONE_SKEW - 1);
	return (int64_t)round(score);
}

static void widen(struct quick_spread *spread, int64_t points)
{
	spread->least = points < spread->least ? points : spread->least;
	spread->most = points > spread->most ? points : spread->most;
}

static int64_t normalised(const struct quick_spread *spread, int64_t points)
{
	return spread->most == 0 ? MOST_POINTS : MOST_POINTS * (spread->most + spread->least - points) / spread->most;
}

static int64_t crowded_points(const struct quick_spread *spread, uint32_t node)
{
	return points_of(spread, &spread->sorts[spread->sort_of[node]], spread->counts[node]);
}

static void find_range(struct quick_spread *spread, const uint32_t *feasible)
{
	spread->least = INT64_MAX;
	spread->most = 0;
	for (size_t i = 0; i < spread->crowded_count; i++)
		widen(spread, crowded_points(spread, feasible[spread->crowded[i]]));
	for (size_t i = 0; i < spread->sort_count; i++) {
		spread->sorts[i].points = points_of(spread, &spread->sorts[i], 0);
		if (spread->sorts[i].plain)
			widen(spread, spread->sorts[i].points);
	}
	for (size_t i = 0; i < spread->sort_count; i++)
		if (spread->sorts[i].feasible)
			spread->sorts[i].points = WEIGHT * normalised(spread, spread->sorts[i].points);
}

void spread_quick_add(struct question *question, const uint32_t *feasible, size_t count, int32_t *totals)
{
	struct quick_spread *spread = spread_of(question->scheduler);
	const struct counted_by *by = rule_of(question, spread);

	if (!by)
		return;
	count_pods(question, spread, by);
	sort_feasible(spread, feasible, count);
	weigh(spread, count);
	find_range(spread, feasible);
	for (size_t i = 0; i < count; i++)
		totals[i] += (int32_t)spread->sorts[spread->sort_of[feasible[i]]].points;
	for (size_t i = 0; i < spread->crowded_count; i++) {
		size_t at = spread->crowded[i];
		uint32_t node = feasible[at];

		totals[at] += (int32_t)(WEIGHT * normalised(spread, crowded_points(spread, node)) -
			spread->sorts[spread->sort_of[node]].points);
	}
	while (spread->touched_count)
		spread->counts[spread->touched[--spread->touched_count]] = 0;
}
