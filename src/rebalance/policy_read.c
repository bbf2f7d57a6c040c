/* The types of a policy: its tables, and what they make of the tree. */
#include <string.h>

#include "clusterutils/util/quote.h"
#include "clusterutils/util/text.h"
#include "policy_private.h"

#define GO_TYPE_META \
	"struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string " \
	"\"json:\\\"kind,omitempty\\\"\" }"

static const char group_version[] = "descheduler/v1alpha2", policy_kind[] = "DeschedulerPolicy";

static const struct param points_params[] = {
	{ .name = "enabled",
		.type = PARAM_TEXTS,
		.offset = offsetof(struct policy_points, enabled),
		.help = "strategies, by name" },
	{ .name = "disabled",
		.type = PARAM_TEXTS,
		.offset = offsetof(struct policy_points, disabled),
		.help = "has no effect" },
	PARAM_END,
};

static const struct param_object points_object = { "v1alpha2.PluginSet", sizeof(struct policy_points), points_params,
	false };

#define POINT(key, member) \
	{ \
		.name = key, .type = PARAM_OBJECT, .offset = offsetof(struct policy_plugins, member), \
		.object = &points_object \
	}

static const struct param plugins_params[] = {
	POINT("presort", presort),
	POINT("sort", sort),
	POINT("deschedule", deschedule),
	POINT("balance", balance),
	POINT("filter", filter),
	POINT("preevictionfilter", pre_eviction_filter),
	PARAM_END,
};

const struct policy_point policy_points[] = {
	{ "presort", "presort", 0, offsetof(struct policy_plugins, presort) },
	{ "sort", "sort", 0, offsetof(struct policy_plugins, sort) },
	{ "deschedule", "deschedule", STRATEGY_DESCHEDULE, offsetof(struct policy_plugins, deschedule) },
	{ "balance", "balance", STRATEGY_BALANCE, offsetof(struct policy_plugins, balance) },
	{ "filter", "filter", STRATEGY_EVICTOR, offsetof(struct policy_plugins, filter) },
	{ "preEvictionFilter", "preevictionfilter", STRATEGY_EVICTOR,
		offsetof(struct policy_plugins, pre_eviction_filter) },
	{ 0 },
};

static const struct param_object plugins_object = { "v1alpha2.Plugins", sizeof(struct policy_plugins), plugins_params,
	false };

static const struct param config_params[] = {
	{ .name = "name",
		.type = PARAM_TEXT,
		.offset = offsetof(struct policy_config, name),
		.help = "of the strategy" },
	{ .name = "args", .type = PARAM_RAW, .offset = offsetof(struct policy_config, raw), .help = "its settings" },
	PARAM_END,
};

static const struct param_object config_object = { "v1alpha2.PluginConfig", sizeof(struct policy_config), config_params,
	false };

static const struct param profile_params[] = {
	{ .name = "name",
		.type = PARAM_TEXT,
		.offset = offsetof(struct policy_profile, name),
		.help = "of the profile" },
	{ .name = "pluginConfig",
		.type = PARAM_OBJECTS,
		.offset = offsetof(struct policy_profile, configs),
		.help = "settings of strategies",
		.object = &config_object },
	{ .name = "plugins",
		.type = PARAM_OBJECT,
		.offset = offsetof(struct policy_profile, plugins),
		.help = "the strategies that run",
		.object = &plugins_object },
	PARAM_END,
};

static const struct param_object profile_object = { "v1alpha2.DeschedulerProfile", sizeof(struct policy_profile),
	profile_params, false };

static const struct param secret_params[] = {
	{ .name = "namespace", .type = PARAM_TEXT, .offset = offsetof(struct policy_secret, namespace) },
	{ .name = "name", .type = PARAM_TEXT, .offset = offsetof(struct policy_secret, name) },
	PARAM_END,
};

static const struct param_object secret_object = { "v1alpha2.SecretReference", sizeof(struct policy_secret),
	secret_params, false };

static const struct param token_params[] = {
	{ .name = "secretReference",
		.type = PARAM_OBJECT,
		.offset = offsetof(struct policy_auth_token, secret),
		.help = "the Secret that has it as prometheusAuthToken",
		.object = &secret_object },
	PARAM_END,
};

static const struct param_object token_object = { "v1alpha2.AuthToken", sizeof(struct policy_auth_token), token_params,
	false };

static const struct param prometheus_params[] = {
	{ .name = "url", .type = PARAM_TEXT, .offset = offsetof(struct policy_prometheus, url) },
	{ .name = "authToken",
		.type = PARAM_OBJECT,
		.offset = offsetof(struct policy_prometheus, auth_token),
		.object = &token_object },
	PARAM_END,
};

static const struct param_object prometheus_object = { "v1alpha2.Prometheus", sizeof(struct policy_prometheus),
	prometheus_params, false };

static const struct param provider_params[] = {
	{ .name = "source",
		.type = PARAM_TEXT,
		.offset = offsetof(struct metrics_provider, source),
		.help = "KubernetesMetrics or Prometheus",
		.go_type = "v1alpha2.MetricsSource" },
	{ .name = "prometheus",
		.type = PARAM_OBJECT,
		.offset = offsetof(struct metrics_provider, prometheus),
		.object = &prometheus_object },
	PARAM_END,
};

static const struct param_object provider_object = { "v1alpha2.MetricsProvider", sizeof(struct metrics_provider),
	provider_params, false };

static const struct param collector_params[] = {
	{ .name = "enabled", .type = PARAM_BOOL, .offset = offsetof(struct metrics_collector, enabled) },
	PARAM_END,
};

static const struct param_object collector_object = { "v1alpha2.MetricsCollector", sizeof(struct metrics_collector),
	collector_params, false };

static const struct param policy_params[] = {
	{ .name = "nodeSelector",
		.type = PARAM_OPTIONAL_TEXT,
		.offset = offsetof(struct policy, node_selector),
		.help = "the nodes that strategies look at" },
	{ .name = "maxNoOfPodsToEvictPerNode",
		.type = PARAM_OPTIONAL_UINT,
		.offset = offsetof(struct policy, max_per_node),
		.help = "at most so many evictions from one node" },
	{ .name = "maxNoOfPodsToEvictPerNamespace",
		.type = PARAM_OPTIONAL_UINT,
		.offset = offsetof(struct policy, max_per_namespace),
		.help = "at most so many evictions from one namespace" },
	{ .name = "maxNoOfPodsToEvictTotal",
		.type = PARAM_OPTIONAL_UINT,
		.offset = offsetof(struct policy, max_total),
		.help = "at most so many evictions" },
	{ .name = "evictionFailureEventNotification",
		.type = PARAM_OPTIONAL_BOOL,
		.offset = offsetof(struct policy, reports_failures),
		.help = "write an event for a failed eviction" },
	{ .name = "metricsCollector",
		.type = PARAM_OBJECT,
		.offset = offsetof(struct policy, metrics_collector),
		.help = "use metrics.k8s.io",
		.object = &collector_object,
		.is_deprecated = true },
	{ .name = "metricsProviders",
		.type = PARAM_OBJECTS,
		.offset = offsetof(struct policy, metrics_providers),
		.help = "where real use comes from",
		.object = &provider_object },
	{ .name = "gracePeriodSeconds",
		.type = PARAM_OPTIONAL_INT64,
		.offset = offsetof(struct policy, grace_period_seconds),
		.help = "how long an evicted pod may take to end" },
	{ .name = "profiles",
		.type = PARAM_OBJECTS,
		.offset = offsetof(struct policy, profiles),
		.help = "strategies, and what they may evict",
		.object = &profile_object },
	PARAM_END,
};

const struct param_object policy_object = { "v1alpha2.DeschedulerPolicy", sizeof(struct policy), policy_params, true };

/* --- apiVersion and kind --- */

static int refuse_type_meta(struct loader *loader, const struct yaml_node *node, const char *what, const char *go_type)
{
	static const char *const kinds[] = { [YAML_NULL] = "null",
		[YAML_BOOL] = "bool",
		[YAML_INT] = "number",
		[YAML_FLOAT] = "number",
		[YAML_TEXT] = "string",
		[YAML_LIST] = "array",
		[YAML_MAP] = "object" };
	struct arena *arena = &loader->policy->arena;

	return policy_refuse_at(loader, POLICY_NOT_A_MAP, node->line, what,
		policy_decode_error(loader,
			arena_printf(arena,
				"couldn't get version/kind; json parse error: json: cannot unmarshal %s into Go %s",
				kinds[node->type], go_type)));
}

/* What Kubernetes' decoders look at first, of the policy and of each strategy's settings. */
static int read_type_meta(struct loader *loader, const struct yaml_node *node, const char *what)
{
	static const char *const keys[] = { "apiVersion", "kind" };
	struct arena *arena = &loader->policy->arena;

	if (node->type == YAML_NULL)
		return 0;
	if (node->type != YAML_MAP)
		return refuse_type_meta(
			loader, node, arena_printf(arena, "%s must be a map", what), "value of type " GO_TYPE_META);
	for (size_t i = 0; i < 2; i++) {
		const struct yaml_node *member = yaml_find(node, keys[i]);

		if (member && member->type != YAML_TEXT && member->type != YAML_NULL)
			return refuse_type_meta(loader, member, arena_printf(arena, "%s must be a text", keys[i]),
				arena_printf(arena, "struct field .%s of type string", keys[i]));
	}
	return 0;
}

static const char *text_of(const struct yaml_node *map, const char *key)
{
	const struct yaml_node *member = yaml_find(map, key);

	return member && member->type == YAML_TEXT ? member->text : "";
}

static int refuse_version(struct loader *loader, const char *version, const char *kind)
{
	const struct yaml_node *node = yaml_find(loader->root, *version ? "apiVersion" : "kind");
	struct arena *arena = &loader->policy->arena;
	AUTO_BUFFER upstream = { 0 };

	if (strchr(version, '/') && strchr(strchr(version, '/') + 1, '/')) {
		buffer_printf(&upstream, "unexpected GroupVersion string: %s", version);
	} else {
		buffer_add_text(&upstream, "no kind ");
		quote_text(&upstream, kind, strlen(kind));
		buffer_add_text(&upstream, " is registered for ");
		if (*version && strcmp(version, "descheduler/__internal") != 0) {
			buffer_add_text(&upstream, "version ");
			quote_text(&upstream, version, strlen(version));
		} else {
			buffer_add_text(&upstream, "the internal version of group \"descheduler\"");
		}
		buffer_add_text(&upstream, " in scheme \"pkg/descheduler/scheme/scheme.go:40\"");
	}
	return policy_refuse_at(loader, POLICY_UNKNOWN_VERSION, node ? node->line : 0,
		arena_printf(arena, "apiVersion must be %s and kind %s, not %.100s and %.100s", group_version,
			policy_kind, *version ? version : "nothing", kind),
		policy_decode_error(loader, buffer_text(&upstream)));
}

/* Without apiVersion upstream takes the text for its internal form, whose keys nobody writes: nothing of it is read. */
static void read_header_of_nothing(struct loader *loader)
{
	if (loader->root->first)
		policy_add_finding(loader->policy, POLICY_WARNING, loader->root->line,
			"without apiVersion: %s upstream reads nothing of this policy", group_version);
	loader->root = tree_new(&loader->policy->arena, YAML_MAP, loader->root->line);
}

static int read_header(struct loader *loader)
{
	const char *version = text_of(loader->root, "apiVersion"), *kind = text_of(loader->root, "kind");

	if (!*kind)
		kind = policy_kind;
	if (strcmp(kind, policy_kind) != 0)
		return refuse_version(loader, version, kind);
	if (strcmp(version, group_version) == 0)
		return 0;
	if (*version && strcmp(version, "/") != 0 && strcmp(version, "descheduler/__internal") != 0)
		return refuse_version(loader, version, kind);
	read_header_of_nothing(loader);
	return 0;
}

/* --- values --- */

struct reading {
	struct loader *loader;
	const char *where; /* what paths are below: "", or "LowNodeUtilization: " */
	bool refuses_unknown;
	const char *wrong_type; /* upstream's sentence about the first; NULL for none */
	struct messages unknown;
};

static void on_problem(void *context, const struct param_problem *problem)
{
	struct reading *reading = context;
	struct policy *policy = reading->loader->policy;
	bool is_error = problem->kind == PARAM_WRONG_TYPE || reading->refuses_unknown;

	if (problem->kind == PARAM_WRONG_TYPE && !reading->wrong_type)
		reading->wrong_type = arena_text(&policy->arena, problem->upstream);
	if (problem->kind == PARAM_UNKNOWN_KEY)
		messages_add(&reading->unknown, &policy->arena, arena_text(&policy->arena, problem->upstream));
	policy_add_finding(policy, is_error ? POLICY_ERROR : POLICY_WARNING, problem->line, "%s%s%s", reading->where,
		problem->sentence, is_error ? "" : " (it is ignored)");
}

static int read_struct(struct loader *loader, struct reading *reading, const struct param_object *object,
	const struct yaml_node *node, void *ret)
{
	struct arena *arena = &loader->policy->arena;
	struct param_reader reader = { .arena = arena,
		.labels = &loader->policy->labels,
		.is_json = loader->is_json,
		.report = on_problem,
		.context = reading };
	AUTO_BUFFER cause = { 0 };

	reading->loader = loader;
	param_read(&reader, object, node, ret);
	if (reading->wrong_type)
		return policy_refuse(loader, POLICY_WRONG_TYPE, policy_decode_error(loader, reading->wrong_type));
	if (!reading->refuses_unknown || reading->unknown.count == 0)
		return 0;
	buffer_add_text(&cause, "strict decoding error: ");
	for (size_t i = 0; i < reading->unknown.count; i++)
		buffer_printf(&cause, "%s%s", i ? ", " : "", reading->unknown.items[i]);
	return policy_refuse(loader, POLICY_UNKNOWN_SETTING, policy_decode_error(loader, buffer_text(&cause)));
}

static int read_args(struct loader *loader, struct policy_config *config)
{
	struct arena *arena = &loader->policy->arena;
	struct param_object object = {
		.size = config->strategy->args_size, .params = config->strategy->params, .has_type = true
	};
	struct reading reading = { .refuses_unknown = true };

	object.go_name = arena_printf(arena, "%sArgs", config->strategy->name);
	reading.where = arena_printf(arena, "%s: ", config->strategy->name);
	config->args = arena_new(arena, 1, object.size);
	if (config->raw && read_type_meta(loader, config->raw, arena_printf(arena, "args of %s", config->name)) < 0)
		return -1;
	return read_struct(loader, &reading, &object, config->raw, config->args);
}

const struct strategy *policy_strategy(const struct loader *loader, const char *name)
{
	const struct strategy *strategy = strategy_find(name);

	return strategy && strategy->is_ours && loader->mode == POLICY_STRICT ? NULL : strategy;
}

/* Upstream stops at the first that it cannot read; the user is told of all. */
static int read_profile(struct loader *loader, struct policy_profile *profile)
{
	struct policy_config *configs = profile->configs.items;
	int result = 0;

	profile->name = policy_clean(loader->policy, profile->name);
	for (size_t i = 0; i < profile->configs.count; i++) {
		configs[i].strategy = policy_strategy(loader, configs[i].name);
		if (configs[i].strategy && read_args(loader, &configs[i]) < 0)
			result = -1;
	}
	return result;
}

int policy_read(struct loader *loader)
{
	struct reading reading = { .where = "" };
	struct policy_profile *profiles;
	int result = 0;

	if (read_type_meta(loader, loader->root, "a policy") < 0 || read_header(loader) < 0)
		return -1;
	/* What comes after the first refusal is for the user alone. */
	result = read_struct(loader, &reading, &policy_object, loader->root, loader->policy);
	profiles = loader->policy->profiles.items;
	for (size_t i = 0; i < loader->policy->profiles.count; i++)
		if (read_profile(loader, &profiles[i]) < 0)
			result = -1;
	return result;
}
