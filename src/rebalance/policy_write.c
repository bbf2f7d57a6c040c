#include "policy_private.h"

static void write_names(const char *key, const struct param_texts *names, struct document *document)
{
	if (!names->count)
		return;
	document_begin_array(document, key);
	for (size_t i = 0; i < names->count; i++)
		document_text(document, NULL, names->items[i]);
	document_end(document);
}

static void write_plugins(const struct policy_plugins *plugins, struct document *document)
{
	document_begin_object(document, "plugins");
	for (const struct policy_point *point = policy_points; point->name; point++) {
		const struct policy_points *points =
			(const struct policy_points *)(const void *)((const char *)plugins + point->offset);

		if (!points->enabled.count && !points->disabled.count)
			continue;
		document_begin_object(document, point->name);
		write_names("enabled", &points->enabled, document);
		write_names("disabled", &points->disabled, document);
		document_end(document);
	}
	document_end(document);
}

static void write_profile(const struct policy_profile *profile, struct document *document)
{
	const struct policy_config *configs = profile->configs.items;

	document_begin_object(document, NULL);
	document_text(document, "name", profile->name);
	document_begin_array(document, "pluginConfig");
	for (size_t i = 0; i < profile->configs.count; i++) {
		document_begin_object(document, NULL);
		document_text(document, "name", configs[i].name);
		document_begin_object(document, "args");
		if (configs[i].strategy && configs[i].args)
			param_write(configs[i].strategy->params, configs[i].args, document);
		document_end(document);
		document_end(document);
	}
	document_end(document);
	write_plugins(&profile->plugins, document);
	document_end(document);
}

void policy_effective(const struct policy *policy, struct document *document)
{
	const struct policy_profile *profiles = policy->profiles.items;

	document_begin_object(document, NULL);
	for (const struct param *param = policy_object.params; param->name; param++) {
		struct param row[2] = { *param, { 0 } };

		if (param->offset != offsetof(struct policy, profiles))
			param_write(row, policy, document);
	}
	document_begin_array(document, "profiles");
	for (size_t i = 0; i < policy->profiles.count; i++)
		write_profile(&profiles[i], document);
	document_end(document);
	document_end(document);
}
