#include <math.h>
#include <string.h>

#include "clusterutils/rebalance/evictor.h"
#include "clusterutils/util/duration.h"
#include "clusterutils/util/text.h"
#include "landing_private.h"
#include "loads.h"

const char *const withheld_names[] = {
	[WITHHELD_NOT] = "",
	[WITHHELD_NO_CONTROLLER] = "NoController",
	[WITHHELD_CRITICAL] = "Critical",
	[WITHHELD_VOLUME] = "LocalVolume",
	[WITHHELD_NO_LANDING] = "NoLanding",
	[WITHHELD_RETURNS] = "SameNode",
	[WITHHELD_ARCHITECTURE] = "Architecture",
	[WITHHELD_TARGET] = "AboveTarget",
	[WITHHELD_MEMORY] = "AboveMemoryLine",
	[WITHHELD_NO_GAIN] = "NoGain",
	[WITHHELD_RECENT] = "Recent",
	[WITHHELD_CAME_BACK] = "CameBack",
	[WITHHELD_SINGLE] = "SingleReplica",
	[WITHHELD_BUDGET] = "DisruptionBudget",
	[WITHHELD_LIMIT] = "Limit",
};

const char *const withheld_texts[] = {
	[WITHHELD_NOT] = "",
	[WITHHELD_NO_CONTROLLER] = "nothing would make them again",
	[WITHHELD_CRITICAL] = "they have the system's priority",
	[WITHHELD_VOLUME] = "their volumes are directories of the node",
	[WITHHELD_NO_LANDING] = "no node takes them",
	[WITHHELD_RETURNS] = "they would return",
	[WITHHELD_ARCHITECTURE] = "they would land where their images were never seen to run",
	[WITHHELD_TARGET] = "they would land above target",
	[WITHHELD_MEMORY] = "they would land above the memory line",
	[WITHHELD_NO_GAIN] = "they would land where it is as full",
	[WITHHELD_RECENT] = "they were made a short time ago",
	[WITHHELD_CAME_BACK] = "others of their workloads came back a short time ago",
	[WITHHELD_SINGLE] = "they are the only replica",
	[WITHHELD_BUDGET] = "disruption budgets keep them",
	[WITHHELD_LIMIT] = "a limit is reached",
};

/* What is asked, and what is known of it so far. */
struct asking {
	struct landings *landings;
	const struct pod *pod;
	enum landing_wish wish;
	struct node_load *from; /* NULL where it is on no node that there is */
	double fullness_before;
	struct landing *landing;
	struct newcomer newcomers[WAITING_TRIED];
	size_t newcomer_count;
};

static bool refuse(struct asking *asking, enum withheld withheld, const char *format, ...) PRINTF_LIKE(3, 4);
static bool refuse(struct asking *asking, enum withheld withheld, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	asking->landing->withheld = withheld;
	asking->landing->why = arena_vprintf(&asking->landings->arena, format, args);
	va_end(args);
	return true;
}

/* What can be told without asking where it would land. */
static bool is_refused_at_once(struct asking *asking)
{
	const struct pod *pod = asking->pod;
	const struct owner *owner = meta_controller(&pod->meta);

	if (!owner || pod->mirror)
		return refuse(asking, WITHHELD_NO_CONTROLLER, "no controller would make it again");
	if (pod->priority >= EVICTOR_SYSTEM_CRITICAL)
		return refuse(asking, WITHHELD_CRITICAL, "its priority %d is the system's", (int)pod->priority);
	if (strcmp(owner->kind, "DaemonSet") == 0 && asking->wish != LANDING_RESTART)
		return refuse(asking, WITHHELD_RETURNS, "its DaemonSet would start it again on %s",
			pod->node ? pod->node : "the same node");
	return false;
}

static const struct volume *volume_of(
	const struct cluster *cluster, const struct pod *pod, const struct pod_volume *use)
{
	const struct meta *claim, *volume;
	const char *name;

	if (use->type != POD_VOLUME_CLAIM || !use->name)
		return NULL;
	claim = cluster_find(cluster, KIND_PERSISTENT_VOLUME_CLAIM, use->name, pod->meta.namespace);
	name = claim ? ((const struct claim *)(const void *)claim)->volume : NULL;
	volume = name ? cluster_find(cluster, KIND_PERSISTENT_VOLUME, name, NULL) : NULL;
	return (const struct volume *)(const void *)volume;
}

/* A directory lives on one node, whatever its affinity says: elsewhere the pod would find it empty, or not at all. */
static bool is_held_by_volume(struct asking *asking)
{
	const struct pod_volumes *volumes = asking->pod->placement ? asking->pod->placement->volumes : NULL;

	for (size_t i = 0; volumes && asking->pod->node && i < volumes->count; i++) {
		const struct volume *volume = volume_of(asking->landings->cluster, asking->pod, &volumes->items[i]);

		if (volume && (volume->source == SOURCE_LOCAL || volume->source == SOURCE_HOST_PATH))
			return refuse(asking, WITHHELD_VOLUME, "its volume %s is a directory on %s", volume->meta.name,
				asking->pod->node);
	}
	return false;
}

/* The newest of its workload. */
static const struct came_back *who_came_back(
	const struct landings *landings, const struct pod *pod, const struct owner *owner)
{
	const struct landing_rules *rules = landings->rules;
	const struct came_back *newest = NULL;

	for (size_t i = 0; owner && i < rules->came_back_count; i++) {
		const struct came_back *item = &rules->came_back[i];

		if (text_equal(item->name, owner->name) && text_equal(item->kind, owner->kind) &&
			text_equal(item->namespace, pod->meta.namespace) && (!newest || item->time > newest->time))
			newest = item;
	}
	return newest;
}

static bool is_kept(struct asking *asking)
{
	const struct landings *landings = asking->landings;
	const struct pod *pod = asking->pod;
	const struct owner *owner = cluster_workload_of(landings->cluster, pod);
	const struct came_back *back = who_came_back(landings, pod, owner);
	const struct workload *workload = NULL;
	const char *because;
	char text[DURATION_HUMAN_SIZE];
	bool is_spent;
	int64_t age = landings->now - pod->meta.created;

	if (landings->rules->cool_down && pod->meta.created != TIME_NONE && age < landings->rules->cool_down)
		return refuse(asking, WITHHELD_RECENT, "it was made %s ago, less than --cool-down",
			duration_human((age < 0 ? 0 : age) * INT64_C(1000000000), text));
	if (back)
		return refuse(asking, WITHHELD_CAME_BACK,
			"a pod of %s/%s was moved and came back %s ago, less than --return-cool-down", owner->kind,
			owner->name, duration_human((landings->now - back->time) * INT64_C(1000000000), text));
	for (enum kind kind = KIND_REPLICA_SET; owner && kind <= KIND_STATEFUL_SET; kind++)
		if (strcmp(owner->kind, kind_info(kind)->name) == 0)
			workload = (const struct workload *)(const void *)cluster_find(
				landings->cluster, kind, owner->name, pod->meta.namespace);
	if (workload && workload->replicas == 1 && !workload->surges && !landings->rules->allows_single)
		return refuse(asking, WITHHELD_SINGLE,
			"it is the only replica, and %s/%s starts no other before it goes", owner->kind, owner->name);
	because = landings_budget(asking->landings, pod, &is_spent);
	return because && refuse(asking, WITHHELD_BUDGET, "%s", because);
}

/* One of the equal nodes on which it may land. */
static bool is_bad_landing(struct asking *asking, struct node_load *to)
{
	const struct landing_rules *rules = asking->landings->rules;
	const struct param_percent *target;
	const char *image, *name = to->node->meta.name;
	struct node_load after = *to;
	double memory, used;

	if (to == asking->from)
		return asking->wish != LANDING_RESTART &&
			refuse(asking, WITHHELD_RETURNS, "it would return to %s", name);
	if (!rules->allows_any_arch && to->node->arch &&
		!text_equal(to->node->arch, asking->from ? asking->from->node->arch : NULL) &&
		(image = seen_arches_missing(asking->landings->arches, asking->pod, to->node->arch)))
		return refuse(asking, WITHHELD_ARCHITECTURE, "%s is %s, where %s was never seen", name, to->node->arch,
			image);
	node_load_charge(&after, asking->pod, 1, false);
	target = node_load_exceeded(rules, &after);
	if (target)
		return refuse(asking, WITHHELD_TARGET, "%s %s would be %.0f%%, target %.0f%%", name, target->resource,
			node_load_percent_of(rules, &after, target->resource), target->percent);
	memory = node_load_percent(&after, LOAD_MEMORY);
	used = node_load_percent(&after, LOAD_USED_MEMORY);
	if (rules->memory_line > 0 && (memory > rules->memory_line || used > rules->memory_line))
		return refuse(asking, WITHHELD_MEMORY, "%s memory would be %.0f%% %s, the line of safety is %.0f%%",
			name, used > rules->memory_line ? used : memory,
			used > rules->memory_line ? "used" : "requested", rules->memory_line);
	if (asking->wish == LANDING_RELIEVE && node_load_fullness(&after) >= asking->fullness_before)
		return refuse(asking, WITHHELD_NO_GAIN, "%s would be as full as %s is (%.0f%%)", name,
			asking->pod->node, asking->fullness_before);
	return false;
}

static const struct sched_verdict *runner_up_of(const struct sched_trial *trial, const struct sched_verdict *best)
{
	const struct sched_verdict *second = NULL;

	for (size_t i = 0; i < trial->count; i++)
		if (trial->verdicts[i].is_feasible && &trial->verdicts[i] != best &&
			(!second || trial->verdicts[i].total > second->total))
			second = &trial->verdicts[i];
	return second;
}

static void choice_of(struct sched_trial *trial, struct sched_choice *choice)
{
	const struct sched_verdict *best = sched_trial_best(trial), *second = best ? runner_up_of(trial, best) : NULL;
	uint32_t *equals = ARENA_ARRAY(&trial->arena, trial->feasible_count + 1, uint32_t);

	*choice = (struct sched_choice){ .feasible_count = trial->feasible_count, .equals = equals };
	if (!best)
		return;
	choice->best = best->node;
	choice->best_points = best->total;
	choice->second = second ? second->node : NULL;
	choice->second_points = second ? second->total : 0;
	for (size_t i = 0; i < trial->count; i++)
		if (trial->verdicts[i].is_feasible && trial->verdicts[i].total == best->total)
			equals[choice->equal_count++] = (uint32_t)i;
}

void landings_choose(struct landings *landings, const struct pod *pod, struct sched_trial *ret_trial,
	struct sched_choice *ret_choice)
{
	if (scheduler_choose(landings->scheduler, pod, ret_choice))
		return;
	scheduler_try(landings->scheduler, pod, SCHED_AS_NEW, ret_trial);
	choice_of(ret_trial, ret_choice);
}

static bool refuse_for_want_of_landing(
	struct asking *asking, const struct sched_trial *trial, const struct sched_choice *choice)
{
	AUTO_BUFFER message = { 0 };

	if (trial->error)
		return refuse(asking, WITHHELD_NO_LANDING, "the scheduler would fail: %s", trial->error);
	if (choice->message)
		return refuse(asking, WITHHELD_NO_LANDING, "%s", choice->message);
	sched_trial_message(trial, &message);
	return refuse(asking, WITHHELD_NO_LANDING, "%s", buffer_text(&message));
}

/* Where it lands, and whether that is any good. True where it is not; the pod is on no node meanwhile. */
static bool is_landing_refused(struct asking *asking)
{
	struct landing *landing = asking->landing;
	AUTO_SCHED_TRIAL trial = { 0 };
	struct sched_choice choice;

	landings_choose(asking->landings, asking->pod, &trial, &choice);
	if (!choice.best)
		return refuse_for_want_of_landing(asking, &trial, &choice);
	landing->to = choice.best;
	landing->points = choice.best_points;
	landing->runner_up = choice.second;
	landing->runner_up_points = choice.second_points;
	for (size_t i = 0; i < choice.equal_count; i++)
		if (is_bad_landing(asking, &asking->landings->loads[choice.equals[i]]))
			return true;
	return false;
}

static void leave(struct asking *asking)
{
	struct landings *landings = asking->landings;

	if (!asking->from)
		return;
	asking->fullness_before = node_load_fullness(asking->from);
	scheduler_remove(landings->scheduler, asking->pod);
	node_load_charge(asking->from, asking->pod, -1, false);
	asking->newcomer_count = newcomers_let_in(landings, asking->pod, asking->newcomers);
}

static void come_back(struct asking *asking)
{
	struct landings *landings = asking->landings;

	if (!asking->from)
		return;
	newcomers_send_away(landings, asking->newcomers, asking->newcomer_count);
	node_load_charge(asking->from, asking->pod, 1, false);
	scheduler_put_back(landings->scheduler, asking->pod, asking->from->node->meta.name);
}

static void arrive(struct asking *asking)
{
	struct landings *landings = asking->landings;
	struct node_load *to =
		asking->landing->to ? landings_load_named(landings, asking->landing->to->meta.name) : NULL;
	struct journey *journey = pointer_map_get(&landings->journeys, POINTERS(asking->pod));

	if (!journey) {
		journey = ARENA_NEW(&landings->arena, struct journey);
		*pointer_map_at(&landings->journeys, POINTERS(asking->pod)) = journey;
	}
	*journey = (struct journey){ .from = asking->from, .to = to };
	if (asking->newcomer_count) {
		journey->newcomers = ARENA_ARRAY(&landings->arena, asking->newcomer_count, struct newcomer);
		memcpy(journey->newcomers, asking->newcomers, asking->newcomer_count * sizeof(struct newcomer));
		journey->newcomer_count = asking->newcomer_count;
	}
	newcomers_keep(landings, asking->newcomers, asking->newcomer_count);
	budgets_spend(landings->budgets, asking->pod);
	if (!to)
		return;
	node_load_charge(to, asking->pod, 1, false);
	scheduler_place(landings->scheduler, asking->pod, to->node->meta.name);
	asking->landing->gain = asking->fullness_before - node_load_fullness(to);
}

static struct asking begin(
	struct landings *landings, const struct pod *pod, enum landing_wish wish, struct landing *landing)
{
	const struct node *at = scheduler_node_of(landings->scheduler, pod);

	*landing = (struct landing){ .gain = NAN };
	return (struct asking){ .landings = landings,
		.pod = pod,
		.wish = wish,
		.from = at ? landings_load_named(landings, at->meta.name) : NULL,
		.fullness_before = NAN,
		.landing = landing };
}

void landings_move(
	struct landings *landings, const struct pod *pod, enum landing_wish wish, struct landing *ret_landing)
{
	struct asking asking = begin(landings, pod, wish, ret_landing);

	/* One that has ended takes no room, and what it was made for has another by now. */
	if (!pod_is_active(pod))
		return;
	if (is_refused_at_once(&asking) || (wish != LANDING_RESTART && is_held_by_volume(&asking)))
		return;
	leave(&asking);
	if (is_landing_refused(&asking) || is_kept(&asking))
		come_back(&asking);
	else
		arrive(&asking);
}

void landings_ask(struct landings *landings, const struct pod *pod, enum landing_wish wish, struct landing *ret_landing)
{
	landings_move(landings, pod, wish, ret_landing);
	if (ret_landing->withheld == WITHHELD_NOT)
		landings_undo(landings, pod);
}

void landings_force(struct landings *landings, const struct pod *pod, struct landing *ret_landing)
{
	struct asking asking = begin(landings, pod, LANDING_RESTART, ret_landing);

	leave(&asking);
	is_landing_refused(&asking);
	arrive(&asking);
}

void landings_undo(struct landings *landings, const struct pod *pod)
{
	struct journey *journey = pointer_map_get(&landings->journeys, POINTERS(pod));

	if (!journey || !(journey->from || journey->to))
		return;
	if (journey->to) {
		scheduler_remove(landings->scheduler, pod);
		node_load_charge(journey->to, pod, -1, false);
	}
	newcomers_wait_again(landings, journey->newcomers, journey->newcomer_count);
	if (journey->from) {
		scheduler_put_back(landings->scheduler, pod, journey->from->node->meta.name);
		node_load_charge(journey->from, pod, 1, false);
	}
	budgets_return(landings->budgets, pod);
	*journey = (struct journey){ 0 };
}

const struct landing_option *landings_options(
	struct landings *landings, const struct pod *pod, enum landing_wish wish, struct sched_trial *ret_trial)
{
	struct landing landing;
	struct asking asking = begin(landings, pod, wish, &landing);
	struct landing_option *options;

	leave(&asking);
	scheduler_try(landings->scheduler, pod,
		SCHED_AS_NEW | SCHED_ALL_REASONS | SCHED_KEEP_SCORES | SCHED_SCORE_ALWAYS, ret_trial);
	options = ARENA_ARRAY(&ret_trial->arena, ret_trial->count + 1, struct landing_option);
	for (size_t i = 0; i < ret_trial->count; i++) {
		landing = (struct landing){ .gain = NAN };
		if (ret_trial->verdicts[i].is_feasible)
			is_bad_landing(&asking, &landings->loads[i]);
		options[i] = (struct landing_option){ &ret_trial->verdicts[i], landing.withheld, landing.why,
			landings->loads[i] };
		node_load_charge(&options[i].after, pod, 1, false);
	}
	come_back(&asking);
	return options;
}

const char *landings_budget(struct landings *landings, const struct pod *pod, bool *ret_is_spent)
{
	return budgets_refusal(landings->budgets, pod, &landings->arena, ret_is_spent);
}

void landings_renew_budgets(struct landings *landings)
{
	budgets_renew(landings->budgets);
}

const struct node *landings_node_of(const struct landings *landings, const struct pod *pod)
{
	return scheduler_node_of(landings->scheduler, pod);
}
