/* Lenient reading: the tree is changed into what upstream would read with the meaning that is plain, and each change is
 * a warning. What is left is read as strictly as upstream's own. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "clusterutils/util/duration.h"
#include "lenient.h"

enum { SENTENCE_SIZE = 600 };

static void add(struct lenient *lenient, unsigned line, const char *format, va_list args) PRINTF_LIKE(3, 0);

static void add(struct lenient *lenient, unsigned line, const char *format, va_list args)
{
	char sentence[SENTENCE_SIZE];

	vsnprintf(sentence, sizeof(sentence), format, args);
	policy_add_finding(lenient->loader->policy, POLICY_WARNING, line, "%s", sentence);
}

void lenient_warn(struct lenient *lenient, unsigned line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(lenient, line, format, args);
	va_end(args);
}

void lenient_took(struct lenient *lenient, unsigned line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (!lenient->is_legacy)
		add(lenient, line, format, args);
	va_end(args);
}

const char *lenient_text(const struct yaml_node *map, const char *key)
{
	const struct yaml_node *node = yaml_find(map, key);

	return tree_is(node, YAML_TEXT) ? node->text : "";
}

static const struct param_object *object_of(const struct param_object *object, const char *key)
{
	return param_find(object->params, key)->object;
}

/* --- header --- */

static void fix_kind(struct lenient *lenient, struct yaml_node *root)
{
	static const char right[] = "DeschedulerPolicy";
	const char *kind = lenient_text(root, "kind");
	struct yaml_node *node = tree_find(root, "kind");

	if (node && node->type != YAML_NULL && strcasecmp(kind, right) != 0)
		return;
	if (!node)
		lenient_warn(lenient, root->line, "kind is missing: %s is assumed", right);
	else if (strcmp(kind, right) != 0)
		lenient_warn(lenient, node->line, "kind is %s, not %s", right, *kind ? kind : "nothing");
	tree_put(root, "kind", tree_text(lenient->arena, node ? node->line : root->line, right));
}

static void fix_version(struct lenient *lenient, struct yaml_node *root)
{
	static const char right[] = "descheduler/v1alpha2";
	const char *version = lenient_text(root, "apiVersion");
	struct yaml_node *node = tree_find(root, "apiVersion");
	bool is_old = strcasecmp(version, "descheduler/v1alpha1") == 0 || strcasecmp(version, "v1alpha1") == 0;

	if (node && node->type != YAML_NULL && !is_old && strcasecmp(version, right) != 0 &&
		strcasecmp(version, "v1alpha2") != 0)
		return;
	lenient->is_legacy = is_old || tree_is(tree_find(root, "strategies"), YAML_MAP);
	if (lenient->is_legacy)
		lenient_warn(lenient, node ? node->line : root->line,
			"a policy of v1alpha1, which upstream reads no more since v0.31.0: it is converted");
	else if (!node || node->type == YAML_NULL)
		lenient_warn(lenient, root->line,
			"apiVersion is missing: %s is assumed (upstream reads nothing of such a policy)", right);
	else if (strcmp(version, right) != 0)
		lenient_warn(lenient, node->line, "apiVersion is %s, not %s", right, version);
	tree_put(root, "apiVersion", tree_text(lenient->arena, node ? node->line : root->line, right));
}

/* --- keys --- */

void lenient_fold_keys(struct lenient *lenient, struct yaml_node *map, const struct param *params)
{
	for (struct yaml_node *member = map->first; member; member = member->next) {
		const struct param *row = param_find_fold(params, member->key);

		if (!row || strcmp(row->name, member->key) == 0 || tree_find(map, row->name))
			continue;
		lenient_warn(lenient, member->line, "%s is %s: case counts, upstream reads nothing of it", member->key,
			row->name);
		member->key = row->name;
	}
}

bool lenient_says_nothing(const struct yaml_node *node)
{
	return !node || node->type == YAML_NULL || (node->type == YAML_BOOL && !node->flag) ||
		(node->type == YAML_INT && node->number == 0) || (node->type == YAML_TEXT && !*node->text) ||
		((node->type == YAML_LIST || node->type == YAML_MAP) && !node->first);
}

/* thresholdPriority and its class are members of priorityThreshold today. */
static const char *older_priority_key(const char *key)
{
	if (strcmp(key, "thresholdPriority") == 0)
		return "value";
	return strcmp(key, "thresholdPriorityClassName") == 0 ? "name" : NULL;
}

static void put_setting(struct lenient *lenient, struct yaml_node *settings, const char *key, struct yaml_node *value)
{
	const char *older = older_priority_key(key);

	if (older) {
		if (lenient_says_nothing(value) && value->type != YAML_INT)
			return;
		settings = tree_need(lenient->arena, settings, "priorityThreshold", YAML_MAP);
		key = older;
	}
	if (settings && !tree_find(settings, key))
		tree_put(settings, key, value);
}

void lenient_take_settings(struct lenient *lenient, struct yaml_node *map, const struct param *own,
	struct yaml_node *settings, const char *where)
{
	const struct param *evictor = strategy_default_evictor.params;

	for (struct yaml_node *member = map->first, *next; member; member = next) {
		const char *key = member->key;

		next = member->next;
		if (param_find(own, key) || (!param_find(evictor, key) && !older_priority_key(key)))
			continue;
		lenient_took(lenient, member->line, "%s %s: it is taken for a setting of %s, where it belongs%s", key,
			where, evictor_name, older_priority_key(key) ? ", as priorityThreshold" : "");
		put_setting(lenient, settings, key, tree_take(map, key));
	}
}

/* --- the policy's own level --- */

static void fix_prometheus(struct lenient *lenient, struct yaml_node *root)
{
	struct yaml_node *prometheus = tree_take(root, "prometheus"), *providers, *provider;

	if (!prometheus)
		return;
	providers = tree_need(lenient->arena, root, "metricsProviders", YAML_LIST);
	if (!providers)
		return;
	lenient_warn(lenient, prometheus->line,
		"prometheus belongs into metricsProviders, as source: Prometheus; it is taken for that");
	for (provider = providers->first; provider; provider = provider->next)
		if (strcmp(lenient_text(provider, "source"), "Prometheus") == 0)
			break;
	if (!provider) {
		provider = tree_new(lenient->arena, YAML_MAP, prometheus->line);
		tree_put(provider, "source", tree_text(lenient->arena, prometheus->line, "Prometheus"));
		tree_append(providers, provider);
	}
	if (!tree_find(provider, "prometheus"))
		tree_put(provider, "prometheus", prometheus);
}

static void fix_interval(struct lenient *lenient, struct yaml_node *root)
{
	struct yaml_node *node = tree_take(root, "deschedulingInterval");
	struct param_int *interval = &lenient->loader->policy->interval;
	struct error err = { 0 };
	int64_t nanoseconds = 0;

	if (!node)
		return;
	if (tree_is(node, YAML_TEXT) && duration_parse(node->text, &nanoseconds, &err) == 0 && nanoseconds >= 0)
		*interval = (struct param_int){ true, nanoseconds };
	lenient_warn(lenient, node->line,
		"deschedulingInterval is no part of a policy, but how often the descheduler is run: upstream ignores it");
}

/* A profile's strategies at the level of the policy. */
static void wrap_profile(struct lenient *lenient, struct yaml_node *root)
{
	static const char *const keys[] = { "plugins", "pluginConfig" };
	struct yaml_node *profile, *profiles;

	if (tree_find(root, "profiles") || (!tree_find(root, keys[0]) && !tree_find(root, keys[1])))
		return;
	profile = tree_new(lenient->arena, YAML_MAP, root->line);
	tree_put(profile, "name", tree_text(lenient->arena, root->line, "default"));
	for (size_t i = 0; i < 2; i++) {
		struct yaml_node *node = tree_take(root, keys[i]);

		if (!node)
			continue;
		lenient_warn(lenient, node->line, "%s belongs into an item of profiles: it is taken for one", keys[i]);
		tree_put(profile, keys[i], node);
	}
	profiles = tree_need(lenient->arena, root, "profiles", YAML_LIST);
	if (profiles)
		tree_append(profiles, profile);
}

static void take_namespaces(struct lenient *lenient, struct yaml_node *map, struct yaml_node **namespaces)
{
	struct yaml_node *node = tree_find(map, "namespaces");

	if (!node || (!tree_find(node, "include") && !tree_find(node, "exclude"))) {
		if (node)
			policy_refuse_at(lenient->loader, POLICY_WRONG_TYPE, node->line,
				"namespaces must say which to include or to exclude",
				"namespaces is not a part of a policy");
		return;
	}
	*namespaces = tree_take(map, "namespaces");
	lenient_warn(lenient, node->line,
		"namespaces is a setting of each strategy: it is taken for all of them (upstream ignores it)");
}

/* --- profiles --- */

const char *lenient_point_of(const struct strategy *strategy)
{
	if (strategy->points & STRATEGY_DESCHEDULE)
		return "deschedule";
	return strategy->points & STRATEGY_BALANCE ? "balance" : NULL;
}

/* "- name: X" for X, and X for [X]. */
static void fix_names(struct lenient *lenient, struct yaml_node *set)
{
	struct yaml_node *enabled = tree_find(set, "enabled"), *list;

	if (tree_is(enabled, YAML_TEXT)) {
		lenient_warn(lenient, enabled->line, "enabled is a list: taken for [%s]", enabled->text);
		list = tree_new(lenient->arena, YAML_LIST, enabled->line);
		tree_append(list, tree_take(set, "enabled"));
		tree_put(set, "enabled", list);
		enabled = list;
	}
	if (!tree_is(enabled, YAML_LIST))
		return;
	for (struct yaml_node *item = enabled->first; item; item = item->next) {
		struct yaml_node *name = tree_find(item, "name");

		if (!tree_is(name, YAML_TEXT) || name->next || item->first != name)
			continue;
		lenient_warn(lenient, item->line, "an item of enabled is a name alone: taken for \"- %s\"", name->text);
		item->type = YAML_TEXT;
		item->text = name->text;
		item->first = NULL;
	}
}

static void fix_point(struct lenient *lenient, struct yaml_node *plugins, const struct policy_point *point,
	const struct param_object *object)
{
	struct yaml_node *set = tree_find(plugins, point->key), *disabled;

	if (tree_is(set, YAML_LIST)) {
		lenient_warn(lenient, set->line, "%s has a list of names under enabled: taken for it", point->name);
		set = tree_take(plugins, point->key);
		tree_put(plugins, point->key, tree_new(lenient->arena, YAML_MAP, set->line));
		tree_put(tree_find(plugins, point->key), "enabled", set);
		set = tree_find(plugins, point->key);
	}
	if (!tree_is(set, YAML_MAP))
		return;
	lenient_fold_keys(lenient, set, object->params);
	fix_names(lenient, set);
	disabled = tree_find(set, "disabled");
	if (disabled && !lenient_says_nothing(disabled))
		lenient_warn(lenient, disabled->line,
			"disabled has no effect: what runs is what enabled names, and DefaultEvictor");
	if (!point->points && !lenient_says_nothing(tree_find(set, "enabled")))
		lenient_warn(lenient, set->line, "%s has no effect", point->name);
}

/* A strategy under the wrong point goes where it belongs. */
static void move_strategies(struct lenient *lenient, struct yaml_node *plugins, const struct policy_point *point)
{
	struct yaml_node *enabled = tree_find(tree_find(plugins, point->key), "enabled"), **at;

	if (!point->points || !tree_is(enabled, YAML_LIST))
		return;
	for (at = &enabled->first; *at;) {
		struct yaml_node *item = *at, *set, *list;
		const struct strategy *strategy = tree_is(item, YAML_TEXT) ? strategy_find(item->text) : NULL;
		const char *right = strategy ? lenient_point_of(strategy) : NULL;

		if (!strategy || (strategy->points & point->points)) {
			at = &item->next;
			continue;
		}
		*at = item->next;
		item->next = NULL;
		if (!right) {
			lenient_warn(lenient, item->line, "%s under %s has no effect: every profile has it", item->text,
				point->name);
			continue;
		}
		lenient_warn(lenient, item->line, "%s belongs under %s, not %s: it is taken there", item->text, right,
			point->name);
		set = tree_need(lenient->arena, plugins, right, YAML_MAP);
		list = set ? tree_need(lenient->arena, set, "enabled", YAML_LIST) : NULL;
		if (list)
			tree_append(list, item);
	}
}

static void fix_plugins(struct lenient *lenient, struct yaml_node *profile, const struct param_object *object)
{
	struct yaml_node *plugins = NULL;

	for (const struct policy_point *point = policy_points; point->name; point++) {
		struct yaml_node *set = tree_take(profile, point->key);

		if (!set)
			continue;
		lenient_warn(lenient, set->line, "%s belongs under plugins: it is taken there", point->name);
		plugins = tree_need(lenient->arena, profile, "plugins", YAML_MAP);
		if (plugins && !tree_find(plugins, point->key))
			tree_put(plugins, point->key, set);
	}
	plugins = tree_find(profile, "plugins");
	if (!tree_is(plugins, YAML_MAP))
		return;
	lenient_fold_keys(lenient, plugins, object->params);
	for (const struct policy_point *point = policy_points; point->name; point++)
		fix_point(lenient, plugins, point, object_of(object, point->key));
	for (const struct policy_point *point = policy_points; point->name; point++)
		move_strategies(lenient, plugins, point);
}

struct yaml_node *lenient_new_entry(struct lenient *lenient, unsigned line, const char *name, struct yaml_node *args)
{
	struct yaml_node *entry = tree_new(lenient->arena, YAML_MAP, line);

	tree_put(entry, "name", tree_text(lenient->arena, line, name));
	tree_put(entry, "args", args ? args : tree_new(lenient->arena, YAML_MAP, line));
	return entry;
}

static struct yaml_node *find_entry(struct yaml_node *configs, const char *name)
{
	for (struct yaml_node *entry = configs->first; entry; entry = entry->next)
		if (strcmp(lenient_text(entry, "name"), name) == 0)
			return entry;
	return NULL;
}

/* The first name that a point of the profile enables; NULL for none. */
static const struct yaml_node *enabled_items(struct yaml_node *profile, const char *point)
{
	const struct yaml_node *enabled = tree_find(tree_find(tree_find(profile, "plugins"), point), "enabled");

	return tree_is(enabled, YAML_LIST) ? enabled->first : NULL;
}

static bool is_enabled(struct yaml_node *profile, const char *name)
{
	for (const struct policy_point *point = policy_points; point->name; point++)
		for (const struct yaml_node *item = enabled_items(profile, point->key); item; item = item->next)
			if (strcmp(item->text, name) == 0)
				return true;
	return false;
}

static void add_missing_entries(struct lenient *lenient, struct yaml_node *profile, struct yaml_node *configs)
{
	for (const struct policy_point *point = policy_points; point->name; point++)
		for (const struct yaml_node *item = enabled_items(profile, point->key); item; item = item->next) {
			if (!tree_is(item, YAML_TEXT) || !strategy_find(item->text) ||
				strcmp(item->text, evictor_name) == 0 || find_entry(configs, item->text))
				continue;
			lenient_warn(lenient, item->line,
				"%s has no entry in pluginConfig, which upstream refuses: \"- name: %s\" is assumed",
				item->text, item->text);
			tree_append(configs, lenient_new_entry(lenient, item->line, item->text, NULL));
		}
}

/* Gives DefaultEvictor what was found elsewhere and what it does not say itself. */
static void apply_settings(struct lenient *lenient, struct yaml_node *configs, const struct yaml_node *settings)
{
	struct yaml_node *entry = find_entry(configs, evictor_name), *args;

	if (!settings->first)
		return;
	if (!entry) {
		entry = lenient_new_entry(lenient, settings->first->line, evictor_name, NULL);
		entry->next = configs->first;
		configs->first = entry;
	}
	args = tree_need(lenient->arena, entry, "args", YAML_MAP);
	for (const struct yaml_node *setting = settings->first; args && setting; setting = setting->next)
		if (!tree_find(args, setting->key))
			tree_put(args, setting->key, tree_copy(lenient->arena, setting));
		else
			lenient_took(lenient, setting->line, "%s has its own %s: this one has no effect", evictor_name,
				setting->key);
}

static bool has_text(const struct yaml_node *list, const char *text)
{
	for (const struct yaml_node *item = list->first; item; item = item->next)
		if (strcmp(item->text, text) == 0)
			return true;
	return false;
}

/* What is excluded for all is excluded also where a strategy excludes more. */
static void merge_excluded(struct lenient *lenient, struct yaml_node *own, const struct yaml_node *namespaces)
{
	const struct yaml_node *common = yaml_find(namespaces, "exclude");
	struct yaml_node *excluded = tree_find(own, "exclude");

	if (!tree_is(excluded, YAML_LIST) || !tree_is(common, YAML_LIST))
		return;
	for (const struct yaml_node *item = common->first; item; item = item->next)
		if (!has_text(excluded, item->text))
			tree_append(excluded, tree_copy(lenient->arena, item));
}

static void apply_namespaces(struct lenient *lenient, struct yaml_node *configs, const struct yaml_node *namespaces)
{
	static const char *const keys[] = { "namespaces", "evictableNamespaces" };

	for (struct yaml_node *entry = configs->first; namespaces && entry; entry = entry->next) {
		const struct strategy *strategy = strategy_find(lenient_text(entry, "name"));

		for (size_t i = 0; strategy && i < 2; i++) {
			struct yaml_node *args = param_find(strategy->params, keys[i])
				? tree_need(lenient->arena, entry, "args", YAML_MAP)
				: NULL;

			if (args && !tree_find(args, keys[i]))
				tree_put(args, keys[i], tree_copy(lenient->arena, namespaces));
			else if (args)
				merge_excluded(lenient, tree_find(args, keys[i]), namespaces);
		}
	}
}

static void warn_of_unused(struct lenient *lenient, struct yaml_node *profile, struct yaml_node *configs)
{
	for (struct yaml_node *entry = configs->first; entry; entry = entry->next) {
		const char *name = lenient_text(entry, "name");

		if (find_entry(configs, name) != entry && strategy_find(name))
			lenient_warn(lenient, entry->line, "%s has an entry above: this one has no effect", name);
		else if (strategy_find(name) && strcmp(name, evictor_name) != 0 && !is_enabled(profile, name))
			lenient_warn(lenient, entry->line, "%s is configured, but not enabled", name);
	}
}

static void fix_profile(struct lenient *lenient, struct yaml_node *profile, const struct param_object *object)
{
	struct yaml_node *settings = tree_new(lenient->arena, YAML_MAP, profile->line), *namespaces = NULL, *configs;

	if (profile->type != YAML_MAP)
		return;
	lenient_fold_keys(lenient, profile, object->params);
	lenient_take_settings(lenient, profile, object->params, settings, "is no part of a profile");
	take_namespaces(lenient, profile, &namespaces);
	fix_plugins(lenient, profile, object_of(object, "plugins"));
	configs = tree_need(lenient->arena, profile, "pluginConfig", YAML_LIST);
	if (!configs)
		return;
	for (struct yaml_node *entry = configs->first; entry; entry = entry->next)
		lenient_fix_entry(lenient, entry, settings);
	add_missing_entries(lenient, profile, configs);
	warn_of_unused(lenient, profile, configs);
	apply_namespaces(lenient, configs, namespaces);
	apply_namespaces(lenient, configs, lenient->namespaces);
	apply_settings(lenient, configs, settings);
	apply_settings(lenient, configs, lenient->settings);
	for (struct yaml_node *entry = configs->first; entry; entry = entry->next)
		lenient_assume(lenient, entry);
}

static bool runs_something(struct yaml_node *profiles)
{
	for (struct yaml_node *profile = profiles ? profiles->first : NULL; profile; profile = profile->next)
		if (enabled_items(profile, "deschedule") || enabled_items(profile, "balance"))
			return true;
	return false;
}

void policy_be_lenient(struct loader *loader)
{
	struct lenient lenient = { .loader = loader, .arena = &loader->policy->arena };
	const struct param *own = policy_object.params;
	struct yaml_node *root = loader->root, *profiles, *strategies_map;

	if (root->type != YAML_MAP)
		return;
	lenient.settings = tree_new(lenient.arena, YAML_MAP, root->line);
	fix_version(&lenient, root);
	fix_kind(&lenient, root);
	lenient_fold_keys(&lenient, root, own);
	fix_prometheus(&lenient, root);
	fix_interval(&lenient, root);
	wrap_profile(&lenient, root);
	lenient_take_settings(&lenient, root, own, lenient.settings, "is no part of a policy itself");
	take_namespaces(&lenient, root, &lenient.namespaces);
	strategies_map = tree_is(tree_find(root, "strategies"), YAML_MAP) ? tree_take(root, "strategies") : NULL;
	if (strategies_map) {
		profiles = tree_need(lenient.arena, root, "profiles", YAML_LIST);
		if (profiles)
			lenient_convert(&lenient, strategies_map, profiles);
	}
	profiles = tree_find(root, "profiles");
	for (struct yaml_node *profile = tree_is(profiles, YAML_LIST) ? profiles->first : NULL; profile;
		profile = profile->next)
		fix_profile(&lenient, profile, object_of(&policy_object, "profiles"));
	if (!runs_something(profiles))
		lenient_warn(&lenient, 0, "no strategy is enabled: nothing will be evicted");
}
