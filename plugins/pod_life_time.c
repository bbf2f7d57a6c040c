/* PodLifeTime: evicts pods that are older than maxPodLifeTimeSeconds, or in a state for long.
 * Upstream: pkg/framework/plugins/podlifetime, v0.36.0. */
#include "clusterutils/rebalance/strategy.h"

static const char *const states[] = { "Completed", "ContainerCannotRun", "ContainerCreating", "CrashLoopBackOff",
	"CreateContainerConfigError", "CreateContainerError", "DeadlineExceeded", "ErrImagePull", "Error", "Evicted",
	"Failed", "ImagePullBackOff", "InvalidImageName", "NodeAffinity", "NodeLost", "OOMKilled", "Pending",
	"PodInitializing", "Running", "Shutdown", "StartError", "Succeeded", "UnexpectedAdmissionError", "Unknown",
	NULL };

/* Of the members that are given all must hold. */
struct condition {
	unsigned line;
	const char *type, *status, *reason;
	struct param_uint min_seconds; /* since its last transition */
};

static const struct param condition_params[] = {
	{ .name = "type", .type = PARAM_TEXT, .offset = offsetof(struct condition, type), .help = "its type" },
	{ .name = "status", .type = PARAM_TEXT, .offset = offsetof(struct condition, status), .help = "its status" },
	{ .name = "reason", .type = PARAM_TEXT, .offset = offsetof(struct condition, reason), .help = "its reason" },
	{ .name = "minTimeSinceLastTransitionSeconds",
		.type = PARAM_OPTIONAL_UINT,
		.offset = offsetof(struct condition, min_seconds),
		.help = "how long it has been so" },
	PARAM_END,
};

static const struct param_object condition_object = { "podlifetime.PodConditionFilter", sizeof(struct condition),
	condition_params, false };

static const struct param owner_kinds_params[] = {
	{ .name = "include",
		.type = PARAM_TEXTS,
		.offset = offsetof(struct param_names, include),
		.help = "these alone" },
	{ .name = "exclude",
		.type = PARAM_TEXTS,
		.offset = offsetof(struct param_names, exclude),
		.help = "all but these" },
	PARAM_END,
};

static const struct param_object owner_kinds_object = { "podlifetime.OwnerKinds", sizeof(struct param_names),
	owner_kinds_params, false };

struct args {
	struct param_names namespaces;
	const struct param_labels *labels;
	struct param_names owner_kinds;
	struct param_uint max_seconds; /* since the pod was made */
	struct param_texts states;
	struct param_objects conditions; /* of struct condition */
	struct param_numbers exit_codes;
	bool with_init, with_ephemeral;
};

static const struct param params[] = {
	PARAM_NAMESPACES(struct args, namespaces),
	PARAM_SELECTOR(struct args, labels),
	{ .name = "ownerKinds",
		.type = PARAM_OBJECT,
		.offset = offsetof(struct args, owner_kinds),
		.help = "kinds of owners: include or exclude",
		.object = &owner_kinds_object,
		.constraint = "only one of include and exclude" },
	{ .name = "maxPodLifeTimeSeconds",
		.type = PARAM_OPTIONAL_UINT,
		.offset = offsetof(struct args, max_seconds),
		.help = "pods older than this" },
	{ .name = "states",
		.type = PARAM_TEXTS,
		.offset = offsetof(struct args, states),
		.help = "only pods in one of these states: phase, reason, or a reason of a container",
		.choices = states },
	{ .name = "conditions",
		.type = PARAM_OBJECTS,
		.offset = offsetof(struct args, conditions),
		.help = "only pods with one of these conditions",
		.object = &condition_object },
	{ .name = "exitCodes",
		.type = PARAM_NUMBERS,
		.offset = offsetof(struct args, exit_codes),
		.help = "only pods with a container that ended with one of these" },
	{ .name = "includingInitContainers",
		.type = PARAM_BOOL,
		.offset = offsetof(struct args, with_init),
		.help = "look at init containers, too",
		.fallback = "false" },
	{ .name = "includingEphemeralContainers",
		.type = PARAM_BOOL,
		.offset = offsetof(struct args, with_ephemeral),
		.help = "look at ephemeral containers, too",
		.fallback = "false" },
	PARAM_END,
};

static void check_conditions(struct check *check, const struct param_objects *conditions)
{
	const struct condition *items = conditions->items;

	for (size_t i = 0; i < conditions->count; i++)
		if (!*items[i].type && !*items[i].status && !*items[i].reason && !items[i].min_seconds.is_set)
			check_fail(check, "conditions", NULL,
				"conditions[%zu]: at least one of type, status, reason, or "
				"minTimeSinceLastTransitionSeconds must be set",
				i);
}

static void check(const void *args, struct check *check)
{
	const struct args *a = args;

	check_names(check, "namespaces", &a->namespaces);
	check_names(check, "ownerKinds", &a->owner_kinds);
	check_labels(check, "labelSelector", a->labels);
	if (check_first_other(check, "states", &a->states))
		check_fail(check, "states", NULL, "states must be one of %s", check_choices(check, "states"));
	check_conditions(check, &a->conditions);
	if (!a->max_seconds.is_set && !a->states.count && !a->conditions.count && !a->exit_codes.count)
		check_fail(check, NULL, NULL,
			"at least one filtering criterion must be specified (maxPodLifeTimeSeconds, states, "
			"conditions, or exitCodes)");
}

const struct strategy strategy_pod_life_time = {
	.name = "PodLifeTime",
	.summary = "pods that are old, or in a state for long",
	.points = STRATEGY_DESCHEDULE,
	.params = params,
	.args_size = sizeof(struct args),
	.check = check,
};
