/* PodLifeTime: pods that are too old, or have been in some state, condition or exit code for too long.
 * Upstream: pkg/framework/plugins/podlifetime, v0.36.0. Differs: nothing. What is given is ANDed, its entries are ORed;
 * an age is creationTimestamp's and must be above the limit; the oldest of all nodes go first. */
#include <stdlib.h>
#include <string.h>

#include "clusterutils/rebalance/pass.h"
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

/* --- what it does --- */

static struct pod_filter filter_of(const struct args *a)
{
	return (struct pod_filter){ &a->namespaces, a->labels };
}

static bool status_has_state(const struct args *a, const struct container_status *status)
{
	return status->state != CONTAINER_RUNNING && status->reason && texts_have(&a->states, status->reason);
}

static bool has_state(const struct args *a, const struct pod *pod)
{
	if (texts_have(&a->states, pod_phase_text(pod->phase)) || (pod->reason && texts_have(&a->states, pod->reason)))
		return true;
	for (size_t i = 0; i < pod->status_count; i++)
		if ((a->with_init || pod->statuses[i].role == CONTAINER_APP) && status_has_state(a, &pod->statuses[i]))
			return true;
	for (size_t i = 0; a->with_ephemeral && pod->rare && i < pod->rare->ephemeral_count; i++)
		if (status_has_state(a, &pod->rare->ephemerals[i]))
			return true;
	return false;
}

static bool owned_by(const struct pod *pod, const struct param_texts *kinds)
{
	for (size_t i = 0; pod->meta.owners && i < pod->meta.owners->count; i++)
		if (texts_have(kinds, pod->meta.owners->items[i].kind))
			return true;
	return false;
}

static bool has_owner(const struct args *a, const struct pod *pod)
{
	if (a->owner_kinds.include.count)
		return owned_by(pod, &a->owner_kinds.include);
	return !owned_by(pod, &a->owner_kinds.exclude);
}

static bool is_met(const struct pass *pass, const struct condition *wanted, const struct pod_condition *condition)
{
	if ((*wanted->type && strcmp(wanted->type, condition->type) != 0) ||
		(*wanted->status && strcmp(wanted->status, condition->status) != 0) ||
		(*wanted->reason && strcmp(wanted->reason, condition->reason) != 0))
		return false;
	return !wanted->min_seconds.is_set ||
		(condition->changed != TIME_NONE && condition->changed <= pass->now &&
			(uint64_t)(pass->now - condition->changed) >= wanted->min_seconds.value);
}

static bool has_condition(const struct pass *pass, const struct args *a, const struct pod *pod)
{
	const struct condition *conditions = a->conditions.items;

	for (size_t i = 0; pod->rare && i < pod->rare->condition_count; i++)
		for (size_t k = 0; k < a->conditions.count; k++)
			if (is_met(pass, &conditions[k], &pod->rare->conditions[i]))
				return true;
	return false;
}

static bool has_exit_code(const struct args *a, const struct pod *pod)
{
	for (size_t i = 0; i < pod->status_count; i++)
		for (size_t k = 0; k < a->exit_codes.count; k++)
			if ((a->with_init || pod->statuses[i].role == CONTAINER_APP) &&
				pod->statuses[i].state == CONTAINER_TERMINATED &&
				pod->statuses[i].exit_code == a->exit_codes.items[k])
				return true;
	return false;
}

static bool is_too_old(const struct pass *pass, const struct args *a, const struct pod *pod)
{
	return pod->meta.created == TIME_NONE ||
		(pod->meta.created <= pass->now && (uint64_t)(pass->now - pod->meta.created) > a->max_seconds.value);
}

static bool is_wanted(const struct pass *pass, const struct args *a, const struct pod *pod)
{
	return (!a->max_seconds.is_set || is_too_old(pass, a, pod)) && (!a->states.count || has_state(a, pod)) &&
		has_owner(a, pod) && (!a->conditions.count || has_condition(pass, a, pod)) &&
		(!a->exit_codes.count || has_exit_code(a, pod));
}

/* The oldest first; of equals in the order of names, which the addresses have. A pod without a time is the oldest. */
static int compare(const void *a, const void *b)
{
	const struct pass_pod *x = *(struct pass_pod *const *)a, *y = *(struct pass_pod *const *)b;

	if (x->pod->meta.created != y->pod->meta.created)
		return x->pod->meta.created < y->pod->meta.created ? -1 : 1;
	return x < y ? -1 : x > y;
}

static int deschedule(struct pass *pass, const void *args, struct error *err)
{
	const struct args *a = args;
	struct pass_pod **all = ARENA_ARRAY(&pass->arena, pass->pod_count, struct pass_pod *);
	size_t found = 0;

	(void)err;
	FOR_EACH_NODE(pass, node)
	{
		size_t count;
		struct pass_pod **pods = pass_candidates(pass, node, PASS_ANY_PHASE, filter_of(a), &count);

		for (size_t i = 0; i < count; i++)
			if (is_wanted(pass, a, pods[i]->pod))
				all[found++] = pods[i];
	}
	qsort(all, found, sizeof(struct pass_pod *), compare);
	for (size_t i = 0; i < found; i++)
		if (pass_evict(pass, all[i], "its time is over") == PASS_TOTAL_FULL)
			break;
	return 0;
}

const struct strategy strategy_pod_life_time = {
	.name = "PodLifeTime",
	.summary = "pods that are old, or in a state for long",
	.points = STRATEGY_DESCHEDULE,
	.aim = AIM_RESTART,
	.params = params,
	.args_size = sizeof(struct args),
	.check = check,
	.deschedule = deschedule,
};
