/* Lenient reading of one strategy's settings: what earlier texts called them, and where people put them. */
#include <stdlib.h>
#include <string.h>

#include "lenient.h"

/* Where v1alpha1 had the settings of single strategies. */
static const char *const sections[] = { "nodeResourceUtilizationThresholds", "podsHavingTooManyRestarts", "podLifeTime",
	"removeDuplicates", "failedPods", NULL };

/* Moves the members of a map into another that does not have them. */
static void move_members(struct yaml_node *from, struct yaml_node *into)
{
	while (from->first) {
		const char *key = from->first->key;
		struct yaml_node *member = tree_take(from, key);

		if (!tree_find(into, key))
			tree_put(into, key, member);
	}
}

static void lift_sections(struct lenient *lenient, const char *name, struct yaml_node *args)
{
	for (const char *const *section = sections; *section; section++) {
		struct yaml_node *node = tree_find(args, *section);

		if (!tree_is(node, YAML_MAP))
			continue;
		lenient_took(lenient, node->line, "%s: what is in %s of v1alpha1 belongs into args: it is taken there",
			name, *section);
		move_members(tree_take(args, *section), args);
	}
}

/* namespaces and evictableNamespaces are two names of one thing: each strategy has one of them. */
static void fix_namespaces(struct lenient *lenient, const struct strategy *strategy, struct yaml_node *args)
{
	bool is_evictable = param_find(strategy->params, "evictableNamespaces") != NULL;
	const char *right = is_evictable ? "evictableNamespaces" : "namespaces",
		   *wrong = is_evictable ? "namespaces" : "evictableNamespaces";
	struct yaml_node *node = tree_find(args, wrong), *inner;

	if (!param_find(strategy->params, right))
		return;
	if (node && !tree_find(args, right)) {
		lenient_took(
			lenient, node->line, "%s has %s, not %s: it is taken for that", strategy->name, right, wrong);
		tree_put(args, right, tree_take(args, wrong));
	}
	node = tree_find(args, right);
	inner = tree_find(node, "namespaces");
	if (tree_is(inner, YAML_MAP) || (is_evictable && tree_is(inner, YAML_LIST))) {
		lenient_warn(lenient, inner->line, "%s.namespaces is %s%s today", right, right,
			inner->type == YAML_LIST ? ".exclude" : "");
		tree_take(node, "namespaces");
		if (inner->type == YAML_MAP)
			move_members(inner, node);
		else if (!tree_find(node, "exclude"))
			tree_put(node, "exclude", inner);
	}
}

static void fix_constraints(struct lenient *lenient, const struct strategy *strategy, struct yaml_node *args)
{
	const struct param *row = param_find(strategy->params, "constraints");
	struct yaml_node *soft = row ? tree_find(args, "includeSoftConstraints") : NULL, *list;

	if (!tree_is(soft, YAML_BOOL))
		return;
	soft = tree_take(args, "includeSoftConstraints");
	lenient_took(lenient, soft->line, "%s: includeSoftConstraints is constraints today: taken for %s",
		strategy->name, soft->flag ? "[DoNotSchedule, ScheduleAnyway]" : "[DoNotSchedule]");
	if (!soft->flag || tree_find(args, "constraints"))
		return;
	list = tree_new(lenient->arena, YAML_LIST, soft->line);
	for (const char *const *choice = row->choices; *choice; choice++)
		tree_append(list, tree_text(lenient->arena, soft->line, *choice));
	tree_put(args, "constraints", list);
}

static void fix_phases(struct lenient *lenient, const struct strategy *strategy, struct yaml_node *args)
{
	struct yaml_node *phases = tree_find(args, "podStatusPhases"), *states;

	if (!param_find(strategy->params, "maxPodLifeTimeSeconds") || !tree_is(phases, YAML_LIST))
		return;
	states = tree_need(lenient->arena, args, "states", YAML_LIST);
	if (!states)
		return;
	phases = tree_take(args, "podStatusPhases");
	lenient_took(lenient, phases->line, "%s: podStatusPhases is states today: it is taken there", strategy->name);
	while (phases->first) {
		struct yaml_node *phase = phases->first;

		phases->first = phase->next;
		tree_append(states, phase);
	}
}

/* In v1alpha1 all strategies shared one set of parameters: those of others said nothing. */
static void drop_foreign(struct lenient *lenient, const struct strategy *strategy, struct yaml_node *args)
{
	for (struct yaml_node *member = args->first, *next; member; member = next) {
		next = member->next;
		if (param_find(strategy->params, member->key))
			continue;
		if (!lenient_says_nothing(member))
			lenient_warn(
				lenient, member->line, "%s has no %s: it has no effect", strategy->name, member->key);
		tree_take(args, member->key);
	}
}

static void fix_args(
	struct lenient *lenient, const struct strategy *strategy, struct yaml_node *args, struct yaml_node *settings)
{
	bool is_evictor = strategy == &strategy_default_evictor;

	lenient_fold_keys(lenient, args, strategy->params);
	lift_sections(lenient, strategy->name, args);
	fix_namespaces(lenient, strategy, args);
	fix_constraints(lenient, strategy, args);
	fix_phases(lenient, strategy, args);
	/* It never had nodeFit, and v1alpha1 took no notice of it there. */
	if (lenient->is_legacy && param_find(strategy->params, "maxPodLifeTimeSeconds"))
		tree_take(args, "nodeFit");
	lenient_take_settings(lenient, args, strategy->params, is_evictor ? args : settings,
		is_evictor ? "is not what it is called today" : "is no setting of the strategy");
	if (lenient->is_legacy)
		drop_foreign(lenient, strategy, args);
}

/* Keys beside args, where upstream drops them in silence. */
static void fix_beside(
	struct lenient *lenient, const struct strategy *strategy, struct yaml_node *entry, struct yaml_node *args)
{
	for (struct yaml_node *member = entry->first, *next; member; member = next) {
		const char *key = member->key;

		next = member->next;
		if (!param_find(strategy->params, key) || tree_find(args, key))
			continue;
		lenient_warn(lenient, member->line,
			"%s of %s stands beside args, where upstream drops it: it is taken into them", key,
			strategy->name);
		tree_put(args, key, tree_take(entry, key));
	}
}

static const struct param *entry_params(void)
{
	return param_find(param_find(policy_object.params, "profiles")->object->params, "pluginConfig")->object->params;
}

void lenient_fix_entry(struct lenient *lenient, struct yaml_node *entry, struct yaml_node *settings)
{
	const struct strategy *strategy;
	struct yaml_node *args;

	if (!tree_is(entry, YAML_MAP))
		return;
	lenient_fold_keys(lenient, entry, entry_params());
	if (!tree_find(entry, "args") && tree_is(tree_find(entry, "params"), YAML_MAP)) {
		args = tree_take(entry, "params");
		lenient_warn(lenient, args->line, "params is args today: it is taken for that");
		tree_put(entry, "args", args);
	}
	strategy = strategy_find(lenient_text(entry, "name"));
	args = strategy ? tree_need(lenient->arena, entry, "args", YAML_MAP) : NULL;
	if (!args)
		return;
	fix_beside(lenient, strategy, entry, args);
	lenient_take_settings(lenient, entry, entry_params(), settings, "stands beside args");
	fix_args(lenient, strategy, args, settings);
}

void lenient_assume(struct lenient *lenient, struct yaml_node *entry)
{
	const struct strategy *strategy = strategy_find(lenient_text(entry, "name"));
	struct yaml_node *args = strategy ? tree_find(entry, "args") : NULL;

	if (!tree_is(args, YAML_MAP))
		return;
	for (const struct param *row = strategy->params; row->name; row++) {
		struct yaml_node *given = tree_find(args, row->name), *value;

		if (!row->assumed || (given && (given->type == YAML_INT || !lenient_says_nothing(given))))
			continue;
		lenient_warn(lenient, given ? given->line : entry->line,
			"%s without %s, which upstream refuses: %s is assumed", strategy->name, row->name,
			row->assumed);
		value = tree_text(lenient->arena, entry->line, row->assumed);
		if (row->type == PARAM_TEXTS) {
			tree_put(args, row->name, tree_new(lenient->arena, YAML_LIST, entry->line));
			tree_append(tree_find(args, row->name), value);
			continue;
		}
		value->type = YAML_INT;
		value->number = strtoll(row->assumed, NULL, 10);
		tree_put(args, row->name, value);
	}
}

/* --- v1alpha1 --- */

static void convert_strategy(struct lenient *lenient, const struct yaml_node *given, struct yaml_node *profiles)
{
	const struct strategy *strategy = strategy_find(given->key);
	const struct yaml_node *enabled = yaml_find(given, "enabled"), *params = yaml_find(given, "params");
	const char *point = strategy ? lenient_point_of(strategy) : NULL;
	struct arena *arena = lenient->arena;
	struct yaml_node *profile = tree_new(arena, YAML_MAP, given->line), *list, *set;

	/* An unknown one is refused below, where all are looked up. */
	if (strategy && !(tree_is(enabled, YAML_BOOL) && enabled->flag))
		return;
	tree_append(profiles, profile);
	tree_put(
		profile, "name", tree_text(arena, given->line, arena_printf(arena, "strategy-%s-profile", given->key)));
	list = tree_need(arena, profile, "pluginConfig", YAML_LIST);
	tree_append(
		list, lenient_new_entry(lenient, given->line, given->key, params ? tree_copy(arena, params) : NULL));
	if (!point)
		return;
	set = tree_need(arena, tree_need(arena, profile, "plugins", YAML_MAP), point, YAML_MAP);
	tree_append(tree_need(arena, set, "enabled", YAML_LIST), tree_text(arena, given->line, given->key));
}

void lenient_convert(struct lenient *lenient, const struct yaml_node *strategies_map, struct yaml_node *profiles)
{
	for (const struct yaml_node *given = strategies_map->first; given; given = given->next)
		convert_strategy(lenient, given, profiles);
}
