#include "targets.h"

#include <math.h>
#include <string.h>

#include "clusterutils/util/text.h"

/* A member of a strategy's settings, by its name; NULL where it has none of that name and type. */
static const void *member(const struct policy_step *step, const char *name, enum param_type type)
{
	const struct param *param = param_find(step->strategy->params, name);

	return param && param->type == type ? (const char *)step->args + param->offset : NULL;
}

static const struct param_percents *targets_of(const struct policy_step *step)
{
	const struct param_percents *targets = member(step, "targetThresholds", PARAM_PERCENTS);

	return targets && targets->count ? targets : NULL;
}

/* The last that names targets: what is ours stands behind what is upstream's. */
static const struct policy_step *find_step(const struct policy *policy)
{
	const struct policy_profile *profiles = policy->profiles.items;
	const struct policy_step *found = NULL;

	for (size_t i = 0; i < policy->profiles.count; i++)
		for (size_t k = 0; k < profiles[i].balance_count; k++)
			if (targets_of(&profiles[i].balance[k]) && (!found || profiles[i].balance[k].strategy->is_ours))
				found = &profiles[i].balance[k];
	return found;
}

static const struct param_object *metrics_of(const struct policy_step *step, const char **ret_base)
{
	const struct param *metrics = param_find(step->strategy->params, "metricsUtilization");

	if (!metrics || metrics->type != PARAM_OBJECT)
		return NULL;
	*ret_base = (const char *)step->args + metrics->offset;
	return metrics->object;
}

static const char *text_in(const struct param_object *object, const char *base, const char *name)
{
	const struct param *param = param_find(object->params, name);

	return param ? *(const char *const *)(const void *)(base + param->offset) : NULL;
}

const char *policy_step_query(const struct policy_step *step)
{
	const char *base = NULL;
	const struct param_object *metrics = metrics_of(step, &base);
	const struct param *prometheus = metrics ? param_find(metrics->params, "prometheus") : NULL;

	if (!prometheus || !text_equal(text_in(metrics, base, "source"), "Prometheus"))
		return NULL;
	return text_in(prometheus->object, base + prometheus->offset, "query");
}

static bool are_usage(const struct policy_step *step)
{
	const char *base = NULL;
	const struct param_object *metrics = metrics_of(step, &base);
	const struct param *server = metrics ? param_find(metrics->params, "metricsServer") : NULL;
	const char *source = metrics ? text_in(metrics, base, "source") : NULL;

	return (server && *(const bool *)(const void *)(base + server->offset)) || (source && *source);
}

const struct param_percents *policy_targets(const struct policy *policy, bool *ret_are_usage)
{
	const struct policy_step *step = find_step(policy);
	const bool *deviations = step ? member(step, "useDeviationThresholds", PARAM_BOOL) : NULL;

	*ret_are_usage = step && are_usage(step);
	return step && !(deviations && *deviations) ? targets_of(step) : NULL;
}

/* Ready, and chosen by the policy: what the strategy takes its mean of. */
static bool is_listed(const struct plan *plan, const struct node *node)
{
	const struct pass_node *known = pass_node_named(&plan->pass, node->meta.name);

	return known && known->is_listed && selector_matches(&plan->policy->nodes, node->meta.labels);
}

static double mean_of(const struct plan *plan, enum load_kind kind)
{
	double sum = 0;
	size_t count = 0;

	for (size_t i = 0; i < plan->node_count; i++) {
		double percent = node_load_percent(&plan->nodes[i].before, kind);

		if (!isnan(percent) && is_listed(plan, plan->nodes[i].before.node)) {
			sum += percent;
			count++;
		}
	}
	return count ? sum / (double)count : 0;
}

static enum load_kind kind_of(const char *resource, bool are_used)
{
	if (strcmp(resource, "cpu") == 0)
		return are_used ? LOAD_USED_CPU : LOAD_CPU;
	if (strcmp(resource, "memory") == 0)
		return are_used ? LOAD_USED_MEMORY : LOAD_MEMORY;
	return strcmp(resource, "pods") == 0 ? LOAD_PODS : LOAD_KINDS;
}

static const struct param_percents *around_mean(struct plan *plan, const struct param_percents *distances)
{
	struct param_percent *items = ARENA_ARRAY(&plan->arena, distances->count, struct param_percent);
	struct param_percents *targets = ARENA_NEW(&plan->arena, struct param_percents);

	*targets = (struct param_percents){ .is_set = true, .items = items };
	for (size_t i = 0; i < distances->count; i++) {
		const char *resource = distances->items[i].resource;
		enum load_kind kind = kind_of(resource, plan->options.rules.targets_are_usage);
		double percent;

		if (kind == LOAD_KINDS)
			continue;
		percent = mean_of(plan, kind) + distances->items[i].percent;
		items[targets->count++] = (struct param_percent){ resource, percent > 100 ? 100 : percent };
	}
	return targets;
}

/* The plan's own: a what-if changes those of the policy. */
static const struct param_percents *copy_of(struct plan *plan, const struct param_percents *percents)
{
	struct param_percents *copy = ARENA_NEW(&plan->arena, struct param_percents);
	struct param_percent *items = ARENA_ARRAY(&plan->arena, percents->count, struct param_percent);

	memcpy(items, percents->items, percents->count * sizeof(*items));
	*copy = (struct param_percents){ true, percents->count, items };
	return copy;
}

const struct node_readings *targets_readings(const struct plan *plan)
{
	const struct policy_step *step = find_step(plan->policy);
	const char *query = step ? policy_step_query(step) : NULL;

	for (size_t i = 0; query && i < plan->options.reading_count; i++)
		if (text_equal(plan->options.readings[i].query, query))
			return &plan->options.readings[i];
	return NULL;
}

void targets_find(struct plan *plan)
{
	const struct policy_step *step = find_step(plan->policy);
	struct landing_rules *rules = &plan->options.rules;
	const struct param_percents *targets = policy_targets(plan->policy, &rules->targets_are_usage);
	const struct param_percents *distances = step ? targets_of(step) : NULL;

	if (targets)
		rules->targets = copy_of(plan, targets);
	else if (distances)
		rules->targets = around_mean(plan, distances);
}
