/* From a valid policy to profiles that can run: defaults, priorities, and each strategy in its place. */
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/quote.h"
#include "policy_private.h"

const struct policy_config *policy_find_config(const struct policy_profile *profile, const char *name)
{
	const struct policy_config *configs = profile->configs.items;

	for (size_t i = 0; i < profile->configs.count; i++)
		if (strcmp(configs[i].name, name) == 0)
			return &configs[i];
	return NULL;
}

/* --- defaults --- */

static void prepend_name(struct arena *arena, struct policy_points *points, unsigned line)
{
	const char **items = ARENA_ARRAY(arena, points->enabled.count + 1, const char *);

	for (size_t i = 0; i < points->enabled.count; i++) {
		if (strcmp(points->enabled.items[i], evictor_name) == 0)
			return;
		items[i + 1] = points->enabled.items[i];
	}
	items[0] = evictor_name;
	points->enabled = (struct param_texts){ true, points->enabled.count + 1, items };
	points->line = points->line ? points->line : line;
}

/* Every profile has DefaultEvictor, in front of what it configures. Returns its settings. */
static struct evictor_args *add_evictor(struct loader *loader, struct policy_profile *profile)
{
	struct arena *arena = &loader->policy->arena;
	const struct policy_config *given = policy_find_config(profile, evictor_name);
	const struct strategy *evictor = &strategy_default_evictor;
	struct policy_config *configs;

	prepend_name(arena, &profile->plugins.filter, profile->line);
	prepend_name(arena, &profile->plugins.pre_eviction_filter, profile->line);
	if (given)
		return given->args;
	configs = ARENA_ARRAY(arena, profile->configs.count + 1, struct policy_config);
	if (profile->configs.count)
		memcpy(configs + 1, profile->configs.items, profile->configs.count * sizeof(*configs));
	configs[0] = (struct policy_config){ profile->line, evictor_name, NULL, evictor, NULL };
	configs[0].args = arena_new(arena, 1, evictor->args_size);
	param_read(&(struct param_reader){ .arena = arena, .labels = &loader->policy->labels },
		&(struct param_object){ .params = evictor->params }, NULL, configs[0].args);
	profile->configs.items = configs;
	profile->configs.count++;
	return configs[0].args;
}

static int refuse_priority(struct loader *loader, const struct policy_profile *profile,
	const struct priority_threshold *threshold, const char *cause, const char *upstream)
{
	return policy_refuse_at(loader, POLICY_BAD_PRIORITY, threshold->line ? threshold->line : profile->line,
		arena_printf(&loader->policy->arena, "profile %s: %s", profile->name, cause), upstream);
}

/* Without a cluster nothing can be said of a class: so that nothing is evicted by mistake, it protects every pod. */
static int look_up_class(struct loader *loader, const struct policy_profile *profile,
	const struct priority_threshold *threshold, int32_t *ret_value)
{
	const struct policy_source *source = loader->source;
	struct arena *arena = &loader->policy->arena;
	struct error err = { 0 };

	if (!source->find_priority && loader->mode == POLICY_LENIENT) {
		policy_add_finding(loader->policy, POLICY_WARNING, threshold->line,
			"profile %s: without a cluster the value of PriorityClass %s is not known: every pod is protected",
			profile->name, threshold->name);
		*ret_value = INT32_MIN;
		return 0;
	}
	if (!source->find_priority)
		error_set(&err, ERROR_NOT_FOUND, "priorityclasses.scheduling.k8s.io \"%s\" not found", threshold->name);
	else if (source->find_priority(source->context, threshold->name, ret_value, &err) == 0)
		return 0;
	return refuse_priority(loader, profile, threshold,
		arena_printf(arena, "PriorityClass %s of priorityThreshold: %s", threshold->name,
			err.code == ERROR_NOT_FOUND ? "there is none of that name" : err.message),
		arena_printf(arena, "unable to get priority value from the priority class: %s", err.message));
}

static int set_priority(struct loader *loader, const struct policy_profile *profile, struct evictor_args *args)
{
	struct priority_threshold *threshold = &args->priority_threshold;
	int32_t value = EVICTOR_SYSTEM_CRITICAL;

	if (threshold->value.is_set)
		value = (int32_t)threshold->value.value;
	else if (*threshold->name && look_up_class(loader, profile, threshold, &value) < 0)
		return -1;
	if (value > EVICTOR_SYSTEM_CRITICAL)
		return refuse_priority(loader, profile, threshold,
			"priorityThreshold can't be greater than 2000000000, the least of system pods",
			"priority threshold can't be greater than 2000000000");
	threshold->line = threshold->line ? threshold->line : profile->line;
	threshold->value = (struct param_int){ true, value };
	threshold->name = "";
	return 0;
}

static int default_profile(struct loader *loader, struct policy_profile *profile)
{
	struct arena *arena = &loader->policy->arena;
	struct policy_config *configs;
	struct evictor_args *evictor;

	evictor = add_evictor(loader, profile);
	profile->evictor = evictor;
	if (set_priority(loader, profile, evictor) < 0)
		return -1;
	configs = profile->configs.items;
	for (size_t i = 0; i < profile->configs.count; i++)
		param_default(configs[i].strategy->params, configs[i].args, arena);
	return 0;
}

/* --- building --- */

static int refuse_profile(struct loader *loader, const struct policy_profile *profile, const char *cause)
{
	struct arena *arena = &loader->policy->arena;
	AUTO_BUFFER name = { 0 };

	quote_text(&name, profile->name, strlen(profile->name));
	return policy_refuse(loader, POLICY_CANNOT_BUILD,
		arena_printf(arena, "unable to create %s profile: %s", buffer_text(&name), cause));
}

static const struct policy_points *points_of(const struct policy_profile *profile, const struct policy_point *point)
{
	return (const struct policy_points *)(const void *)((const char *)&profile->plugins + point->offset);
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted, each once. */
static size_t unique(const char **items, size_t count)
{
	size_t kept = 0;

	if (count)
		qsort(items, count, sizeof(*items), compare_texts);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || strcmp(items[kept - 1], items[i]) != 0)
			items[kept++] = items[i];
	return kept;
}

static const char *point_names(unsigned points)
{
	if (points & STRATEGY_DESCHEDULE)
		return "deschedule";
	return points & STRATEGY_BALANCE ? "balance" : "filter and preEvictionFilter";
}

static void explain_misplaced(struct loader *loader, const struct policy_profile *profile,
	const struct policy_point *point, unsigned line, const char *name)
{
	const struct strategy *strategy = policy_strategy(loader, name), *similar = strategy_similar(name);

	if (strategy)
		policy_add_finding(loader->policy, POLICY_ERROR, line, "profile %s: %s belongs under %s, not %s",
			profile->name, name, point_names(strategy->points), point->name);
	else if (strategy_find(name))
		policy_add_finding(loader->policy, POLICY_ERROR, line,
			"profile %s: %s is no strategy of the descheduler, but of this program", profile->name, name);
	else
		policy_add_finding(loader->policy, POLICY_ERROR, line, "profile %s: there is no strategy %s%s%s%s",
			profile->name, name, similar ? "; is " : "", similar ? similar->name : "",
			similar ? " meant?" : "");
}

/* Only strategies that have the point may be enabled there. */
static int check_point(struct loader *loader, const struct policy_profile *profile, const struct policy_point *point)
{
	const struct policy_points *points = points_of(profile, point);
	AUTO_FREE const char **wrong = memory_new_array(points->enabled.count, sizeof(*wrong));
	struct arena *arena = &loader->policy->arena;
	AUTO_BUFFER cause = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < points->enabled.count; i++) {
		const struct strategy *strategy = policy_strategy(loader, points->enabled.items[i]);

		if (!strategy || !(strategy->points & point->points))
			wrong[count++] = points->enabled.items[i];
	}
	count = unique(wrong, count);
	if (count == 0)
		return 0;
	quote_text(&cause, profile->name, strlen(profile->name));
	buffer_printf(&cause, " configures %s extension point of non-existing plugins: map[", point->name);
	for (size_t i = 0; i < count; i++) {
		explain_misplaced(loader, profile, point, points->line, wrong[i]);
		buffer_printf(&cause, "%s%s:{}", i ? " " : "", wrong[i]);
	}
	return refuse_profile(loader, profile, arena_printf(arena, "profile %s]", buffer_text(&cause)));
}

static int build_plugin(struct loader *loader, const struct policy_profile *profile, const char *name)
{
	const struct policy_config *config = policy_find_config(profile, name);
	struct check check = { .loader = loader, .profile = profile, .config = config };
	struct arena *arena = &loader->policy->arena;
	AUTO_BUFFER quoted = { 0 };

	quote_text(&quoted, name, strlen(name));
	if (!config) {
		policy_add_finding(loader->policy, POLICY_ERROR, profile->line,
			"profile %s: %s is enabled, but has no entry in pluginConfig", profile->name, name);
		return refuse_profile(loader, profile,
			arena_printf(arena, "unable to build %s plugin: unable to find %s plugin config", name,
				buffer_text(&quoted)));
	}
	if (policy_run_check(&check, config->strategy->build))
		return 0;
	return refuse_profile(loader, profile,
		arena_printf(arena, "unable to build %s plugin: unable to initialize %s plugin: %s", name,
			buffer_text(&quoted), messages_text(&check.messages, arena)));
}

static int build_plugins(struct loader *loader, const struct policy_profile *profile)
{
	AUTO_FREE const char **names = NULL;
	size_t count = 0;
	int result = 0;

	for (const struct policy_point *point = policy_points; point->name; point++)
		count += points_of(profile, point)->enabled.count;
	names = memory_new_array(count, sizeof(*names));
	count = 0;
	for (const struct policy_point *point = policy_points; point->name; point++)
		for (size_t i = 0; point->points && i < points_of(profile, point)->enabled.count; i++)
			names[count++] = points_of(profile, point)->enabled.items[i];
	count = unique(names, count);
	for (size_t i = 0; i < count; i++)
		if (build_plugin(loader, profile, names[i]) < 0)
			result = -1;
	return result;
}

static const struct policy_step *make_steps(
	struct loader *loader, const struct policy_profile *profile, const struct param_texts *names)
{
	struct policy_step *steps = ARENA_ARRAY(&loader->policy->arena, names->count, struct policy_step);

	for (size_t i = 0; i < names->count; i++) {
		const struct policy_config *config = policy_find_config(profile, names->items[i]);

		if (config)
			steps[i] = (struct policy_step){ config->strategy, config->args };
	}
	return steps;
}

static int build_profile(struct loader *loader, struct policy_profile *profile)
{
	int result = 0;

	for (const struct policy_point *point = policy_points; point->name; point++)
		if (point->points && check_point(loader, profile, point) < 0)
			result = -1;
	if (result < 0 || build_plugins(loader, profile) < 0)
		return -1;
	profile->deschedule = make_steps(loader, profile, &profile->plugins.deschedule.enabled);
	profile->deschedule_count = profile->plugins.deschedule.enabled.count;
	profile->balance = make_steps(loader, profile, &profile->plugins.balance.enabled);
	profile->balance_count = profile->plugins.balance.enabled.count;
	return 0;
}

static int build_nodes(struct loader *loader)
{
	struct policy *policy = loader->policy;
	const struct yaml_node *node = yaml_find(loader->root, "nodeSelector");
	struct error err = { 0 };

	if (!policy->node_selector || selector_parse(policy->node_selector, &policy->nodes, &err) == 0)
		return 0;
	policy_add_finding(policy, POLICY_ERROR, node ? node->line : 0, "nodeSelector: %s", err.message);
	return policy_refuse(loader, POLICY_CANNOT_BUILD, arena_text(&policy->arena, err.message));
}

int policy_build(struct loader *loader)
{
	struct policy_profile *profiles = loader->policy->profiles.items;
	size_t count = loader->policy->profiles.count;
	int result = 0;

	for (size_t i = 0; i < count; i++)
		if (default_profile(loader, &profiles[i]) < 0)
			result = -1;
	if (result < 0)
		return -1;
	result = build_nodes(loader);
	for (size_t i = 0; i < count; i++)
		if (build_profile(loader, &profiles[i]) < 0)
			result = -1;
	return result;
}
