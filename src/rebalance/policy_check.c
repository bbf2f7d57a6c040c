/* What must hold of a policy's values, in upstream's words and order. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/quote.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/url.h"
#include "policy_private.h"

static struct arena *arena_of(struct check *check)
{
	return &check->loader->policy->arena;
}

/* The line of the nearest of what was given: the member, the key, the settings, the entry. */
static unsigned line_of(const struct check *check, const char *key, const char *member)
{
	const struct yaml_node *args = check->config->raw, *value = key ? yaml_find(args, key) : NULL,
			       *inner = member ? yaml_find(value, member) : NULL;

	if (inner)
		return inner->line;
	if (value)
		return value->line;
	return args && args->line ? args->line : check->config->line;
}

void check_fail(struct check *check, const char *key, const char *member, const char *format, ...)
{
	struct policy *policy = check->loader->policy;
	AUTO_BUFFER sentence = { 0 };
	va_list args;

	va_start(args, format);
	buffer_vprintf(&sentence, format, args);
	va_end(args);
	messages_add(&check->messages, arena_of(check), arena_text(arena_of(check), buffer_text(&sentence)));
	policy_add_finding(policy, POLICY_ERROR, line_of(check, key, member), "profile %s: %s: %s",
		check->profile->name, check->config->name, buffer_text(&sentence));
}

void check_names(struct check *check, const char *what, const struct param_names *names)
{
	if (names->include.count && names->exclude.count)
		check_fail(check, what, NULL, "only one of Include/Exclude %s can be set", what);
}

void check_labels(struct check *check, const char *key, const struct param_labels *labels)
{
	if (labels && labels->problem)
		check_fail(
			check, key, NULL, "failed to get label selectors from strategy's params: %s", labels->problem);
}

static const struct param *row_of(const struct check *check, const char *key)
{
	return param_find(check->config->strategy->params, key);
}

const char *check_first_other(const struct check *check, const char *key, const struct param_texts *texts)
{
	const struct param *row = row_of(check, key);

	for (size_t i = 0; i < texts->count; i++) {
		size_t j = 0;

		while (row->choices[j] && strcmp(row->choices[j], texts->items[i]) != 0)
			j++;
		if (!row->choices[j])
			return texts->items[i];
	}
	return NULL;
}

const char *check_list_text(struct check *check, const char *const *items)
{
	AUTO_BUFFER text = { 0 };

	for (size_t i = 0; items[i]; i++)
		buffer_printf(&text, "%s%s", i ? " " : "", items[i]);
	return arena_printf(arena_of(check), "[%s]", buffer_text(&text));
}

const char *check_choices(struct check *check, const char *key)
{
	return check_list_text(check, row_of(check, key)->choices);
}

const char *check_quote(struct check *check, const char *text)
{
	AUTO_BUFFER quoted = { 0 };

	quote_text(&quoted, text, strlen(text));
	return arena_text(arena_of(check), buffer_text(&quoted));
}

bool check_is_below(const struct check *check, const char *key, int64_t number)
{
	return number < row_of(check, key)->min;
}

bool policy_run_check(struct check *check, void (*function)(const void *args, struct check *check))
{
	if (function)
		function(check->config->args, check);
	return check->messages.count == 0;
}

/* --- profiles --- */

static void check_unregistered(
	struct loader *loader, const struct policy_profile *profile, const struct policy_config *config)
{
	const struct strategy *similar = strategy_similar(config->name);
	struct policy *policy = loader->policy;
	bool is_ours = strategy_find(config->name) != NULL;

	messages_add(&loader->messages, &policy->arena,
		arena_printf(&policy->arena, "in profile %s: plugin %s in pluginConfig not registered", profile->name,
			config->name));
	if (is_ours)
		policy_add_finding(policy, POLICY_ERROR, config->line,
			"profile %s: %s is no strategy of the descheduler, but of this program", profile->name,
			config->name);
	else
		policy_add_finding(policy, POLICY_ERROR, config->line, "profile %s: there is no strategy %s%s%s%s",
			profile->name, *config->name ? config->name : "without a name", similar ? "; is " : "",
			similar ? similar->name : "", similar ? " meant?" : "");
}

static void check_profile(struct loader *loader, const struct policy_profile *profile)
{
	const struct policy_config *configs = profile->configs.items;
	struct arena *arena = &loader->policy->arena;

	for (size_t i = 0; i < profile->configs.count; i++) {
		struct check check = { .loader = loader, .profile = profile, .config = &configs[i] };

		if (!configs[i].strategy)
			check_unregistered(loader, profile, &configs[i]);
		else if (!policy_run_check(&check, configs[i].strategy->check))
			messages_add(&loader->messages, arena,
				arena_printf(arena, "in profile %s: %s", profile->name,
					messages_text(&check.messages, arena)));
	}
}

/* --- metrics --- */

static void fail_metrics(struct loader *loader, unsigned line, const char *sentence)
{
	messages_add(&loader->messages, &loader->policy->arena, sentence);
	policy_add_finding(loader->policy, POLICY_ERROR, line, "%s", sentence);
}

static const struct metrics_provider *find_provider(const struct policy *policy, const char *source)
{
	const struct metrics_provider *providers = policy->metrics_providers.items;

	for (size_t i = 0; i < policy->metrics_providers.count; i++)
		if (strcmp(providers[i].source, source) == 0)
			return &providers[i];
	return NULL;
}

static void check_prometheus(struct loader *loader, const struct metrics_provider *provider)
{
	const struct policy_prometheus *prometheus = &provider->prometheus;
	const struct policy_secret *secret = &prometheus->auth_token.secret;
	struct arena *arena = &loader->policy->arena;
	struct error err = { 0 };
	struct url url;

	if (!prometheus->line) {
		fail_metrics(loader, provider->line,
			"prometheus configuration is required when prometheus source is enabled");
		return;
	}
	if (!*prometheus->url)
		fail_metrics(loader, prometheus->line, "prometheus URL is required when prometheus is enabled");
	else if (url_parse(prometheus->url, arena, &url, &err) < 0)
		fail_metrics(
			loader, prometheus->line, arena_printf(arena, "error parsing prometheus URL: %s", err.message));
	if (prometheus->auth_token.line && !secret->line)
		fail_metrics(loader, prometheus->auth_token.line,
			"prometheus authToken secret is expected to be set when authToken field is");
	else if (prometheus->auth_token.line && (!*secret->name || !*secret->namespace))
		fail_metrics(loader, secret->line,
			"prometheus authToken secret reference does not set both namespace and name");
}

static void check_metrics(struct loader *loader)
{
	const struct policy *policy = loader->policy;
	const struct metrics_provider *providers = policy->metrics_providers.items, *prometheus, *kubernetes;

	for (size_t i = 0; i < policy->metrics_providers.count; i++)
		if (find_provider(policy, providers[i].source) != &providers[i]) {
			AUTO_BUFFER source = { 0 };

			quote_text(&source, providers[i].source, strlen(providers[i].source));
			fail_metrics(loader, providers[i].line,
				arena_printf(&loader->policy->arena,
					"metric provider %s is already configured, each source can be configured only "
					"once",
					buffer_text(&source)));
		}
	kubernetes = find_provider(policy, "KubernetesMetrics");
	if (kubernetes && policy->metrics_collector.enabled)
		fail_metrics(loader, kubernetes->line,
			"it is not allowed to combine metrics provider when metrics collector is enabled");
	prometheus = find_provider(policy, "Prometheus");
	if (prometheus)
		check_prometheus(loader, prometheus);
}

int policy_check(struct loader *loader)
{
	const struct policy_profile *profiles = loader->policy->profiles.items;

	for (size_t i = 0; i < loader->policy->profiles.count; i++)
		check_profile(loader, &profiles[i]);
	check_metrics(loader);
	if (loader->messages.count == 0)
		return 0;
	return policy_refuse(loader, POLICY_INVALID, messages_text(&loader->messages, &loader->policy->arena));
}
