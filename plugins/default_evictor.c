/* DefaultEvictor: which pods may be evicted at all; every profile has it.
 * Upstream: pkg/framework/plugins/defaultevictor, v0.36.0. Differs: nothing. */
#include <string.h>

#include "clusterutils/rebalance/evictor.h"
#include "clusterutils/rebalance/strategy.h"

static const char *const protections[PROTECTION_COUNT + 1] = {
	[PROTECT_LOCAL_STORAGE] = "PodsWithLocalStorage",
	[PROTECT_SYSTEM_CRITICAL] = "SystemCriticalPods",
	[PROTECT_FAILED_BARE] = "FailedBarePods",
	[PROTECT_DAEMON_SET] = "DaemonSetPods",
	[PROTECT_PVC] = "PodsWithPVC",
	[PROTECT_WITHOUT_PDB] = "PodsWithoutPDB",
	[PROTECT_RESOURCE_CLAIMS] = "PodsWithResourceClaims",
};

static const char *const default_protections[] = { "PodsWithLocalStorage", "SystemCriticalPods", "FailedBarePods",
	"DaemonSetPods", NULL };
static const char *const eviction_policies[] = { "Preferred", "Mandatory", NULL };

const char *const evictor_name = "DefaultEvictor";

const char *protection_name(enum protection protection)
{
	return protections[protection];
}

static const struct param threshold_params[] = {
	{ .name = "value",
		.type = PARAM_OPTIONAL_INT32,
		.offset = offsetof(struct priority_threshold, value),
		.help = "pods of this priority and above are protected",
		.constraint = "at most 2000000000" },
	{ .name = "name",
		.type = PARAM_TEXT,
		.offset = offsetof(struct priority_threshold, name),
		.help = "the same, as the name of a PriorityClass" },
	PARAM_END,
};

static const struct param_object threshold_object = { "api.PriorityThreshold", sizeof(struct priority_threshold),
	threshold_params, false };

static const struct param class_params[] = {
	{ .name = "name",
		.type = PARAM_TEXT,
		.offset = offsetof(struct storage_class_name, name),
		.help = "the name of a StorageClass",
		.is_always_written = true },
	PARAM_END,
};

static const struct param_object class_object = { "defaultevictor.ProtectedStorageClass",
	sizeof(struct storage_class_name), class_params, false };

static const struct param pvc_params[] = {
	{ .name = "protectedStorageClasses",
		.type = PARAM_OBJECTS,
		.offset = offsetof(struct pvc_config, protected_classes),
		.help = "only pods with volumes of these classes are protected",
		.object = &class_object },
	PARAM_END,
};

static const struct param_object pvc_object = { "defaultevictor.PodsWithPVCConfig", sizeof(struct pvc_config),
	pvc_params, false };

static const struct param config_params[] = {
	{ .name = "PodsWithPVC",
		.type = PARAM_OBJECT,
		.offset = offsetof(struct protections_config, pods_with_pvc),
		.help = "what PodsWithPVC protects",
		.object = &pvc_object },
	PARAM_END,
};

static const struct param_object config_object = { "defaultevictor.PodProtectionsConfig",
	sizeof(struct protections_config), config_params, false };

static const struct param protections_params[] = {
	{ .name = "extraEnabled",
		.type = PARAM_TEXTS,
		.offset = offsetof(struct pod_protections, extra_enabled),
		.help = "what protects pods besides",
		.choices = protections + PROTECTION_DEFAULTS,
		.go_type = "defaultevictor.PodProtection" },
	{ .name = "defaultDisabled",
		.type = PARAM_TEXTS,
		.offset = offsetof(struct pod_protections, default_disabled),
		.help = "what does not protect pods though it does by default",
		.choices = default_protections,
		.go_type = "defaultevictor.PodProtection" },
	{ .name = "config",
		.type = PARAM_OBJECT,
		.offset = offsetof(struct pod_protections, config),
		.help = "settings of single protections",
		.object = &config_object },
	PARAM_END,
};

static const struct param_object protections_object = { "defaultevictor.PodProtections", sizeof(struct pod_protections),
	protections_params, false };

#define SWITCH(key, member, sentence) \
	{ \
		.name = key, .type = PARAM_BOOL, .offset = offsetof(struct evictor_args, member), .help = sentence, \
		.fallback = "false", .is_deprecated = true \
	}

static const struct param params[] = {
	{ .name = "nodeSelector",
		.type = PARAM_TEXT,
		.offset = offsetof(struct evictor_args, node_selector),
		.help = "nodes that nodeFit looks at" },
	PARAM_SELECTOR(struct evictor_args, labels),
	{ .name = "namespaceLabelSelector",
		.type = PARAM_LABELS,
		.offset = offsetof(struct evictor_args, namespace_labels),
		.help = "namespaces it evicts from, by their labels" },
	{ .name = "priorityThreshold",
		.type = PARAM_OBJECT,
		.offset = offsetof(struct evictor_args, priority_threshold),
		.help = "priority from which pods are protected",
		.fallback = "{value: 2000000000}",
		.object = &threshold_object,
		.constraint = "only one of value and name" },
	{ .name = "nodeFit",
		.type = PARAM_BOOL,
		.offset = offsetof(struct evictor_args, node_fit),
		.help = "evict only pods that would fit on another node",
		.fallback = "false" },
	{ .name = "minReplicas",
		.type = PARAM_UINT,
		.offset = offsetof(struct evictor_args, min_replicas),
		.help = "protect pods whose owner has fewer; 0 and 1 protect none",
		.fallback = "0" },
	{ .name = "minPodAge",
		.type = PARAM_DURATION,
		.offset = offsetof(struct evictor_args, min_pod_age),
		.help = "protect pods that started less than this ago" },
	{ .name = "noEvictionPolicy",
		.type = PARAM_TEXT,
		.offset = offsetof(struct evictor_args, no_eviction_policy),
		.help = "what the annotation prefer-no-eviction of a pod means",
		.choices = eviction_policies,
		.go_type = "defaultevictor.NoEvictionPolicy" },
	{ .name = "podProtections",
		.type = PARAM_OBJECT,
		.offset = offsetof(struct evictor_args, pod_protections),
		.help = "what protects pods",
		.object = &protections_object },
	SWITCH("evictLocalStoragePods", evict_local_storage_pods, "evict pods with emptyDir or hostPath volumes"),
	SWITCH("evictDaemonSetPods", evict_daemon_set_pods, "evict pods of DaemonSets"),
	SWITCH("evictSystemCriticalPods", evict_system_critical_pods, "evict pods of any priority"),
	SWITCH("ignorePvcPods", ignore_pvc_pods, "protect pods with PersistentVolumeClaims"),
	SWITCH("ignorePodsWithoutPDB", ignore_pods_without_pdb, "protect pods without PodDisruptionBudget"),
	SWITCH("evictFailedBarePods", evict_failed_bare_pods, "evict failed pods without owner"),
	PARAM_END,
};

static bool has_duplicates(const struct param_texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		for (size_t j = 0; j < i; j++)
			if (strcmp(texts->items[i], texts->items[j]) == 0)
				return true;
	return false;
}

static bool has_switch(const struct evictor_args *args)
{
	return args->evict_local_storage_pods || args->evict_daemon_set_pods || args->evict_system_critical_pods ||
		args->ignore_pvc_pods || args->evict_failed_bare_pods || args->ignore_pods_without_pdb;
}

static bool has(const struct param_texts *texts, const char *name)
{
	for (size_t i = 0; i < texts->count; i++)
		if (strcmp(texts->items[i], name) == 0)
			return true;
	return false;
}

static void check_list(struct check *check, const char *key, const char *upstream_key, const struct param_texts *texts)
{
	const struct param *row = param_find(protections_params, key);

	for (size_t i = 0; i < texts->count; i++) {
		bool is_known = false;

		for (size_t j = 0; row->choices[j]; j++)
			is_known = is_known || strcmp(row->choices[j], texts->items[i]) == 0;
		if (!is_known)
			check_fail(check, "podProtections", key,
				"invalid pod protection policy in %s: %s. Valid options are: %s", upstream_key,
				check_quote(check, texts->items[i]), check_list_text(check, row->choices));
	}
}

static void check_protections(struct check *check, const struct evictor_args *args)
{
	const struct pod_protections *given = &args->pod_protections;
	const struct param_objects *classes = &given->config.pods_with_pvc.protected_classes;
	const struct storage_class_name *class = classes->items;

	if (!given->extra_enabled.count && !given->default_disabled.count)
		return;
	if (has_switch(args))
		check_fail(check, "podProtections", NULL,
			"cannot use Deprecated fields alongside PodProtections.ExtraEnabled or "
			"PodProtections.DefaultDisabled");
	check_list(check, "extraEnabled", "ExtraEnabled", &given->extra_enabled);
	check_list(check, "defaultDisabled", "DefaultDisabled", &given->default_disabled);
	if (has_duplicates(&given->default_disabled))
		check_fail(check, "podProtections", "defaultDisabled",
			"PodProtections.DefaultDisabled contains duplicate entries");
	if (has_duplicates(&given->extra_enabled))
		check_fail(check, "podProtections", "extraEnabled",
			"PodProtections.ExtraEnabled contains duplicate entries");
	for (size_t i = 0; has(&given->extra_enabled, protections[PROTECT_PVC]) && i < classes->count; i++)
		if (!*class[i].name)
			check_fail(check, "podProtections", "config",
				"PodProtections.Config.PodsWithPVC.ProtectedStorageClasses[%zu] name cannot be empty",
				i);
}

static void check(const void *args, struct check *check)
{
	const struct evictor_args *a = args;

	if (a->priority_threshold.value.is_set && *a->priority_threshold.name)
		check_fail(check, "priorityThreshold", NULL,
			"priority threshold misconfigured, only one of priorityThreshold fields can be set");
	if (*a->no_eviction_policy &&
		check_first_other(check, "noEvictionPolicy", &(struct param_texts){ true, 1, &a->no_eviction_policy }))
		check_fail(check, "noEvictionPolicy", NULL,
			"noEvictionPolicy accepts only [\"Preferred\" \"Mandatory\"] values");
	check_protections(check, a);
}

static void build(const void *args, struct check *check)
{
	const struct evictor_args *a = args;

	if (a->labels && a->labels->problem)
		check_fail(check, "labelSelector", NULL, "%s", a->labels->problem);
	else if (a->namespace_labels && a->namespace_labels->problem)
		check_fail(check, "namespaceLabelSelector", NULL,
			"unable to convert namespaceLabelSelector to label selector: %s", a->namespace_labels->problem);
}

static unsigned set_of(const struct param_texts *texts)
{
	unsigned set = 0;

	for (unsigned i = 0; i < PROTECTION_COUNT; i++)
		if (has(texts, protections[i]))
			set |= 1u << i;
	return set;
}

unsigned evictor_protections(const struct evictor_args *args)
{
	unsigned set = (1u << PROTECTION_DEFAULTS) - 1;
	const struct pod_protections *given = &args->pod_protections;

	if (given->extra_enabled.count || given->default_disabled.count)
		return (set & ~set_of(&given->default_disabled)) | set_of(&given->extra_enabled);
	if (args->evict_local_storage_pods)
		set &= ~(1u << PROTECT_LOCAL_STORAGE);
	if (args->evict_daemon_set_pods)
		set &= ~(1u << PROTECT_DAEMON_SET);
	if (args->evict_system_critical_pods)
		set &= ~(1u << PROTECT_SYSTEM_CRITICAL);
	if (args->evict_failed_bare_pods)
		set &= ~(1u << PROTECT_FAILED_BARE);
	if (args->ignore_pvc_pods)
		set |= 1u << PROTECT_PVC;
	if (args->ignore_pods_without_pdb)
		set |= 1u << PROTECT_WITHOUT_PDB;
	return set;
}

const struct strategy strategy_default_evictor = {
	.name = "DefaultEvictor",
	.summary = "which pods may be evicted at all; part of every profile",
	.points = STRATEGY_EVICTOR,
	.params = params,
	.args_size = sizeof(struct evictor_args),
	.check = check,
	.build = build,
};
