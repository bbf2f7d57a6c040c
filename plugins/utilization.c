#include "utilization.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

const struct param_percent *threshold_find(const struct param_percents *thresholds, const char *resource)
{
	for (size_t i = 0; i < thresholds->count; i++)
		if (strcmp(thresholds->items[i].resource, resource) == 0)
			return &thresholds->items[i];
	return NULL;
}

/* --- measuring --- */

static void track(struct utilization *u, const char *resource)
{
	for (size_t i = 0; i < u->tracked_count; i++)
		if (strcmp(u->tracked[i], resource) == 0)
			return;
	if (u->tracked_count < TRACKED_MAX)
		u->tracked[u->tracked_count++] = resource;
}

/* NULL for a resource that the node does not have. A query of Prometheus answers in hundredths. */
static const struct quantity *capacity_of(
	const struct utilization *u, const struct pass_node *node, const char *resource)
{
	static struct quantity hundred;

	if (u->source != USE_PROMETHEUS)
		return resource_find(node->node->allocatable_resources, resource);
	hundred = quantity_of(100, QUANTITY_DECIMAL_SI);
	return &hundred;
}

static int64_t number_of(const char *resource, const struct quantity *quantity)
{
	return strcmp(resource, "cpu") == 0 ? quantity_milli(quantity) : quantity_value(quantity);
}

static double percent_of(const struct utilization *u, const struct node_use *use, size_t i)
{
	const struct quantity *capacity = capacity_of(u, use->node, u->tracked[i]);
	int64_t total;

	if (!capacity)
		return NAN;
	total = number_of(u->tracked[i], capacity);
	return total > 0 ? (double)number_of(u->tracked[i], &use->used[i]) / (double)total * 100 : 0;
}

static int measure_usage(const struct utilization *u, struct node_use *use, size_t i, struct error *err)
{
	const struct node_entry *entry = cluster_find_node(u->pass->cluster, use->node->node->meta.name);
	const char *resource = u->tracked[i];

	if (!entry || entry->sample.usage.cpu == RESOURCE_UNKNOWN)
		return error_set(err, ERROR_FAILED,
			"error getting node usage: unable to find node \"%s\" in the collected metrics",
			use->node->node->meta.name);
	if (strcmp(resource, "cpu") == 0)
		use->used[i] = quantity_of_nano(entry->sample.usage.cpu, QUANTITY_DECIMAL_SI);
	else if (strcmp(resource, "memory") == 0)
		use->used[i] = quantity_of(entry->sample.usage.memory, QUANTITY_BINARY_SI);
	else
		return error_set(err, ERROR_FAILED,
			"error getting node usage: unable to find \"%s\" resource for collected \"%s\" node metric",
			resource, use->node->node->meta.name);
	return 0;
}

static int measure(const struct utilization *u, struct node_use *use, struct error *err)
{
	for (size_t i = 0; i < u->tracked_count; i++) {
		if (u->source == USE_PROMETHEUS) {
			const struct node_reading *reading = pass_reading(u->pass, use->node->node->meta.name);

			if (!reading)
				return error_set(err, ERROR_FAILED,
					"error getting node usage: unable to find metric entry for %s",
					use->node->node->meta.name);
			use->used[i] = quantity_of((int64_t)(reading->value * 100), QUANTITY_DECIMAL_SI);
		} else if (strcmp(u->tracked[i], "pods") == 0) {
			use->used[i] = quantity_of((int64_t)use->node->active_count, QUANTITY_DECIMAL_SI);
		} else if (u->source == USE_METRICS) {
			if (measure_usage(u, use, i, err) < 0)
				return -1;
		} else {
			use->used[i] = *pass_requested(u->pass, use->node, u->tracked[i]);
		}
		use->percent[i] = percent_of(u, use, i);
	}
	return 0;
}

int utilization_measure(struct utilization *u, struct error *err)
{
	size_t count = u->pass->listed_count;

	for (size_t i = 0; i < u->low.count; i++)
		track(u, u->low.items[i].resource);
	if (u->source != USE_PROMETHEUS) {
		track(u, "cpu");
		track(u, "memory");
		track(u, "pods");
	}
	u->nodes = ARENA_ARRAY(&u->pass->arena, count, struct node_use);
	for (size_t i = 0; i < count; i++) {
		u->nodes[i].node = u->pass->listed[i];
		if (measure(u, &u->nodes[i], err) < 0)
			return -1;
	}
	return 0;
}

/* --- thresholds --- */

static double clamp(double percent)
{
	return percent < 0 ? 0 : percent > 100 ? 100 : percent;
}

/* Over the nodes that have the resource. */
static double mean_of(const struct utilization *u, const char *resource)
{
	double sum = 0;
	size_t count = 0;

	for (size_t i = 0; i < u->tracked_count; i++) {
		if (strcmp(u->tracked[i], resource) != 0)
			continue;
		for (size_t n = 0; n < u->pass->listed_count; n++) {
			if (isnan(u->nodes[n].percent[i]))
				continue;
			sum += u->nodes[n].percent[i];
			count++;
		}
	}
	return count ? sum / (double)count : 0;
}

static struct param_percents around_mean(const struct utilization *u, const struct param_percents *given, double sign)
{
	struct param_percent *items = ARENA_ARRAY(&u->pass->arena, given->count, struct param_percent);

	for (size_t i = 0; i < given->count; i++)
		items[i] = (struct param_percent){ given->items[i].resource,
			clamp(mean_of(u, given->items[i].resource) + sign * given->items[i].percent) };
	return (struct param_percents){ true, given->count, items };
}

/* Rounded towards zero, in upstream's order of operations: 29 of 100 is 28. */
static struct quantity part_of(const char *resource, const struct quantity *capacity, double percent)
{
	if (strcmp(resource, "cpu") == 0)
		return quantity_of_milli(
			(int64_t)(percent * 0.01 * (double)quantity_milli(capacity)), QUANTITY_DECIMAL_SI);
	return quantity_of((int64_t)(percent * 0.01 * (double)quantity_value(capacity)),
		strcmp(resource, "memory") == 0 ? QUANTITY_BINARY_SI : QUANTITY_DECIMAL_SI);
}

void utilization_set_thresholds(
	struct utilization *u, const struct param_percents *low, const struct param_percents *high, bool are_deviations)
{
	u->low = are_deviations ? around_mean(u, low, -1) : *low;
	u->high = are_deviations ? around_mean(u, high, 1) : *high;
	for (size_t n = 0; n < u->pass->listed_count; n++) {
		for (size_t i = 0; i < u->tracked_count; i++) {
			const struct quantity *capacity = capacity_of(u, u->nodes[n].node, u->tracked[i]);
			const struct param_percent *threshold = threshold_find(&u->high, u->tracked[i]);

			if (capacity)
				u->nodes[n].cap[i] =
					threshold ? part_of(u->tracked[i], capacity, threshold->percent) : *capacity;
		}
	}
}

static double percent_used(const struct utilization *u, const struct node_use *use, const char *resource)
{
	for (size_t i = 0; i < u->tracked_count; i++)
		if (strcmp(u->tracked[i], resource) == 0)
			return isnan(use->percent[i]) ? 0 : use->percent[i];
	return 0;
}

bool utilization_is_below(const struct utilization *u, const struct node_use *use)
{
	for (size_t i = 0; i < u->low.count; i++)
		if (u->low.items[i].percent < percent_used(u, use, u->low.items[i].resource))
			return false;
	return true;
}

bool utilization_is_above(const struct utilization *u, const struct node_use *use)
{
	for (size_t i = 0; i < u->high.count; i++)
		if (u->high.items[i].percent < percent_used(u, use, u->high.items[i].resource))
			return true;
	return false;
}

static double percent_or_nan(const struct param_percents *thresholds, const char *resource)
{
	const struct param_percent *threshold = threshold_find(thresholds, resource);

	return threshold ? threshold->percent : NAN;
}

void utilization_show(const struct utilization *u)
{
	for (size_t n = 0; n < u->pass->listed_count; n++) {
		const struct node_use *use = &u->nodes[n];
		struct node_share *shares = ARENA_ARRAY(&u->pass->arena, u->tracked_count, struct node_share);

		for (size_t i = 0; i < u->tracked_count; i++)
			shares[i] = (struct node_share){ u->tracked[i], use->used[i], use->percent[i],
				percent_or_nan(&u->low, u->tracked[i]), percent_or_nan(&u->high, u->tracked[i]) };
		pass_classify(u->pass,
			&(struct node_class){ .node = use->node->node->meta.name,
				.class = use->class ? use->class : "neither",
				.shares = shares,
				.share_count = u->tracked_count });
	}
}

/* --- moving --- */

/* Raw amounts of unlike things, as upstream adds them: in effect the order of memory. */
static int64_t weight_of(const struct utilization *u, const struct node_use *use)
{
	int64_t sum = 0;

	for (size_t i = 0; i < u->tracked_count; i++)
		sum += number_of(u->tracked[i], &use->used[i]);
	return sum;
}

void utilization_sort(const struct utilization *u, struct node_use **nodes, size_t count, bool ascending)
{
	for (size_t i = 1; i < count; i++) {
		struct node_use *node = nodes[i];
		int64_t weight = weight_of(u, node);
		size_t place = i;

		while (place > 0 &&
			(ascending ? weight_of(u, nodes[place - 1]) > weight
				   : weight_of(u, nodes[place - 1]) < weight)) {
			nodes[place] = nodes[place - 1];
			place--;
		}
		nodes[place] = node;
	}
}

struct moving {
	struct utilization *u;
	struct quantity room[TRACKED_MAX]; /* of all targets together */
	struct node_use **targets;
	size_t target_count;
};

static void sum_room(struct moving *moving)
{
	struct error ignored = { 0 };

	for (size_t i = 0; i < moving->u->tracked_count; i++) {
		for (size_t n = 0; n < moving->target_count; n++) {
			if (quantity_add(&moving->room[i], &moving->targets[n]->cap[i], &ignored) < 0 ||
				quantity_subtract(&moving->room[i], &moving->targets[n]->used[i], &ignored) < 0)
				break;
		}
	}
}

static bool goes_on(const struct moving *moving, const struct node_use *source)
{
	const struct utilization *u = moving->u;
	bool is_above = !u->stops_at_target;

	for (size_t i = 0; i < u->tracked_count; i++) {
		is_above = is_above || quantity_compare(&source->cap[i], &source->used[i]) < 0;
		if (moving->room[i].sign <= 0)
			return false;
	}
	return is_above;
}

/* All taints of some target are tolerated, PreferNoSchedule too, and there are at least as many tolerations: upstream's
 * shortcut. */
static bool tolerates_some(const struct moving *moving, const struct pod *pod)
{
	const unsigned effects = ~0U;
	size_t tolerations = pod->tolerations ? pod->tolerations->count : 0;

	for (size_t n = 0; n < moving->target_count; n++) {
		const struct taint_list *taints = moving->targets[n]->node->node->taints;

		if (tolerations >= (taints ? taints->count : 0) &&
			!taint_first_untolerated(taints, pod->tolerations, effects))
			return true;
	}
	return false;
}

enum use_of_pod { USE_KNOWN, USE_MISSING, USE_NOT_TOLD };

/* Upstream asks metrics.k8s.io for the pod when it is to go; one without a sample is passed over. */
static enum use_of_pod use_of_pod(
	const struct utilization *u, const struct pass_pod *pod, size_t i, struct quantity *ret_use)
{
	const struct quantity *request;

	*ret_use = (struct quantity){ 0 };
	if (u->source == USE_PROMETHEUS)
		return USE_NOT_TOLD;
	if (strcmp(u->tracked[i], "pods") == 0) {
		*ret_use = quantity_of(1, QUANTITY_DECIMAL_SI);
		return USE_KNOWN;
	}
	if (u->source == USE_METRICS) {
		bool is_cpu = strcmp(u->tracked[i], "cpu") == 0;
		int64_t usage = is_cpu ? pod->pod->usage.cpu : pod->pod->usage.memory;

		if (usage == RESOURCE_UNKNOWN)
			return USE_MISSING;
		*ret_use =
			is_cpu ? quantity_of_nano(usage, QUANTITY_DECIMAL_SI) : quantity_of(usage, QUANTITY_BINARY_SI);
		return USE_KNOWN;
	}
	request = resource_find(pod->requests, u->tracked[i]);
	if (request)
		*ret_use = *request;
	return USE_KNOWN;
}

static void subtract(struct moving *moving, struct node_use *source, const struct quantity *use)
{
	struct error ignored = { 0 };

	for (size_t i = 0; i < moving->u->tracked_count; i++)
		if (quantity_subtract(&source->used[i], &use[i], &ignored) < 0 ||
			quantity_subtract(&moving->room[i], &use[i], &ignored) < 0)
			break;
}

static const char *why(const struct utilization *u, const struct node_use *source)
{
	for (size_t i = 0; i < u->tracked_count; i++) {
		const struct param_percent *high = threshold_find(&u->high, u->tracked[i]);

		if (u->stops_at_target && high && quantity_compare(&source->cap[i], &source->used[i]) < 0)
			return arena_printf(&u->pass->arena, "%s %s %.0f%% > %.0f%%", source->node->node->meta.name,
				u->tracked[i], percent_of(u, source, i), high->percent);
	}
	return arena_printf(&u->pass->arena, "%s %s", source->node->node->meta.name,
		u->stops_at_target ? "is above its capacity" : "is hardly used");
}

static enum pass_refusal move_from(struct moving *moving, struct node_use *source)
{
	struct utilization *u = moving->u;
	int64_t moved = 0;

	if (!goes_on(moving, source))
		return PASS_ACCEPTED;
	for (size_t k = 0; k < source->removable_count; k++) {
		struct pass_pod *pod = source->removable[k];
		struct quantity use[TRACKED_MAX];
		enum use_of_pod told = USE_KNOWN;
		enum pass_refusal refusal;

		if (u->node_limit >= 0 && moved >= u->node_limit)
			break;
		if (!tolerates_some(moving, pod->pod) ||
			(u->namespaces && texts_have(&u->namespaces->exclude, pod->pod->meta.namespace)) ||
			!pass_may_leave(u->pass, pod))
			continue;
		for (size_t i = 0; i < u->tracked_count && told == USE_KNOWN; i++)
			told = use_of_pod(u, pod, i, &use[i]);
		if (told == USE_MISSING)
			continue;
		refusal = pass_evict(u->pass, pod, "%s", why(u, source));
		if (refusal == PASS_NODE_FULL || refusal == PASS_TOTAL_FULL)
			return refusal;
		if (refusal != PASS_ACCEPTED)
			continue;
		moved++;
		if (told == USE_NOT_TOLD && u->node_limit < 0)
			break; /* one at a time, where it cannot be told what it changes */
		if (told == USE_NOT_TOLD)
			continue;
		subtract(moving, source, use);
		if (!goes_on(moving, source))
			break;
	}
	return PASS_ACCEPTED;
}

static void find_removable(const struct utilization *u, struct node_use *source)
{
	source->removable = ARENA_ARRAY(&u->pass->arena, source->node->pod_count, struct pass_pod *);
	for (size_t i = 0; i < source->node->pod_count; i++) {
		struct pass_pod *pod = source->node->pods[i];

		if (pass_pod_is_active(pod) && pass_is_evictable(u->pass, pod) &&
			(!u->is_wanted || u->is_wanted(u, pod)))
			source->removable[source->removable_count++] = pod;
	}
	pass_sort_by_priority(source->removable, source->removable_count);
}

void utilization_move(struct utilization *u, struct node_use **sources, size_t source_count, struct node_use **targets,
	size_t target_count)
{
	struct moving moving = { .u = u, .targets = targets, .target_count = target_count };

	sum_room(&moving);
	for (size_t n = 0; n < source_count; n++) {
		find_removable(u, sources[n]);
		if (!sources[n]->removable_count) {
			pass_note(u->pass, "%s has no pod that may leave", sources[n]->node->node->meta.name);
			continue;
		}
		if (move_from(&moving, sources[n]) == PASS_TOTAL_FULL)
			return;
	}
}
