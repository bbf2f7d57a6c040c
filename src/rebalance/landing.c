#include "clusterutils/rebalance/landing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "budgets.h"
#include "clusterutils/rebalance/evictor.h"
#include "clusterutils/sched/scheduler.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/pointer_map.h"
#include "clusterutils/util/text.h"
#include "seen_arches.h"

/* So many pods that wait for room are looked at again each time a pod leaves. */
enum { WAITING_TRIED = 20 };

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
	[WITHHELD_SINGLE] = "SingleReplica",
	[WITHHELD_BUDGET] = "DisruptionBudget",
	[WITHHELD_LIMIT] = "Limit",
};

/* Who waited longer, or is more important, takes the room first that a pod leaves. */
struct newcomer {
	const struct pod *pod;
	struct node_load *at;
};

/* Where a pod was before it moved, and who came for it. */
struct journey {
	struct node_load *from, *to; /* NULL for nowhere */
	struct newcomer *newcomers;
	size_t newcomer_count;
};

struct landings {
	const struct cluster *cluster;
	const struct landing_rules *rules;
	int64_t now;
	struct arena arena;
	struct scheduler *scheduler;
	struct budgets *budgets;
	struct seen_arches *arches;
	struct node_load *loads; /* by name, as the scheduler's verdicts are */
	size_t load_count;
	struct pointer_map journeys; /* struct journey, by pod; both ends NULL once it was undone */
	const struct pod **waiting;  /* pending pods that no node takes, the first to be scheduled first */
	size_t waiting_count, settled;
};

/* --- loads --- */

static int64_t capacity_of(const struct node_load *load, enum load_kind kind)
{
	switch (kind) {
	case LOAD_CPU:
	case LOAD_USED_CPU:
		return load->node->allocatable.cpu;
	case LOAD_MEMORY:
	case LOAD_USED_MEMORY:
		return load->node->allocatable.memory;
	case LOAD_PODS:
	case LOAD_KINDS:
		break;
	}
	return load->node->pod_capacity;
}

static int64_t amount_of(const struct node_load *load, enum load_kind kind)
{
	switch (kind) {
	case LOAD_CPU:
		return load->request.cpu;
	case LOAD_MEMORY:
		return load->request.memory;
	case LOAD_USED_CPU:
		return load->usage.cpu;
	case LOAD_USED_MEMORY:
		return load->usage.memory;
	case LOAD_PODS:
	case LOAD_KINDS:
		break;
	}
	return load->pods;
}

double node_load_percent(const struct node_load *load, enum load_kind kind)
{
	int64_t amount = amount_of(load, kind), capacity = capacity_of(load, kind);

	if (amount == RESOURCE_UNKNOWN || capacity == RESOURCE_UNKNOWN || capacity <= 0)
		return NAN;
	return (double)amount / (double)capacity * 100;
}

static int64_t known(int64_t amount)
{
	return amount == RESOURCE_UNKNOWN ? 0 : amount;
}

static int64_t used_by(int64_t usage, int64_t request)
{
	return usage == RESOURCE_UNKNOWN ? known(request) : usage;
}

/* A pod comes or goes; `measured` where the node's sample has it already. */
static void charge(struct node_load *load, const struct pod *pod, int sign, bool measured)
{
	load->request.cpu += sign * known(pod->request.cpu);
	load->request.memory += sign * known(pod->request.memory);
	load->pods += sign;
	if (measured)
		return;
	if (load->usage.cpu != RESOURCE_UNKNOWN)
		load->usage.cpu += sign * used_by(pod->usage.cpu, pod->request.cpu);
	if (load->usage.memory != RESOURCE_UNKNOWN)
		load->usage.memory += sign * used_by(pod->usage.memory, pod->request.memory);
}

static int by_node_name(const void *a, const void *b)
{
	return strcmp(((const struct node_load *)a)->node->meta.name, ((const struct node_load *)b)->node->meta.name);
}

static struct node_load *load_named(const struct landings *landings, const char *name)
{
	size_t low = 0, high = landings->load_count;

	while (name && low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(name, landings->loads[middle].node->meta.name);

		if (order == 0)
			return &landings->loads[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static void measure(struct landings *landings)
{
	const struct cluster *cluster = landings->cluster;
	size_t count = cluster_node_count(cluster);

	landings->loads = ARENA_ARRAY(&landings->arena, count + 1, struct node_load);
	for (size_t i = 0; i < count; i++) {
		const struct node_entry *entry = cluster_node(cluster, i);

		if (entry->node)
			landings->loads[landings->load_count++] =
				(struct node_load){ .node = entry->node, .usage = entry->sample.usage };
	}
	qsort(landings->loads, landings->load_count, sizeof(*landings->loads), by_node_name);
	for (size_t i = 0; i < landings->load_count; i++) {
		struct node_load *load = &landings->loads[i];
		const struct node_entry *entry = cluster_find_node(cluster, load->node->meta.name);

		for (const struct pod *pod = entry->pods; pod; pod = pod->by_node.next)
			if (pod_is_active(pod))
				charge(load, pod, 1, true);
	}
}

/* --- pods that are pending --- */

static bool waits_for_a_node(const struct pod *pod)
{
	return !pod->node && pod_is_active(pod) && pod->meta.deleted == TIME_NONE &&
		!(pod->placement && pod->placement->scheduling_gates);
}

/* As the scheduler's queue has them. */
static int by_turn(const void *a, const void *b)
{
	const struct pod *x = *(const struct pod *const *)a, *y = *(const struct pod *const *)b;

	if (x->priority != y->priority)
		return x->priority > y->priority ? -1 : 1;
	if (x->meta.created != y->meta.created)
		return x->meta.created < y->meta.created ? -1 : 1;
	return strcmp(x->meta.name, y->meta.name);
}

/* Made by one template: what is no place for the one is none for the other. */
static bool are_alike(const struct pod *a, const struct pod *b)
{
	return a->containers == b->containers && a->placement == b->placement && a->tolerations == b->tolerations &&
		a->node_selector == b->node_selector && a->meta.labels == b->meta.labels &&
		text_equal(a->meta.namespace, b->meta.namespace) && !a->rare == !b->rare;
}

static struct node_load *place_pending(struct landings *landings, const struct pod *pod)
{
	AUTO_SCHED_TRIAL trial;
	const struct sched_verdict *best;
	struct node_load *load;

	scheduler_try(landings->scheduler, pod, SCHED_AS_NEW, &trial);
	best = sched_trial_best(&trial);
	if (!best)
		return NULL;
	load = load_named(landings, best->node->meta.name);
	scheduler_place(landings->scheduler, pod, best->node->meta.name);
	charge(load, pod, 1, false);
	return load;
}

static void place_all_pending(struct landings *landings)
{
	const struct pod *refused = NULL;
	size_t count = 0;

	landings->waiting =
		ARENA_ARRAY(&landings->arena, cluster_count(landings->cluster, KIND_POD) + 1, const struct pod *);
	for (size_t i = 0; i < cluster_count(landings->cluster, KIND_POD); i++)
		if (waits_for_a_node(cluster_pod(landings->cluster, i)))
			landings->waiting[count++] = cluster_pod(landings->cluster, i);
	if (count)
		qsort(landings->waiting, count, sizeof(*landings->waiting), by_turn);
	for (size_t i = 0; i < count; i++) {
		const struct pod *pod = landings->waiting[i];

		if (refused && are_alike(refused, pod)) {
			landings->waiting[landings->waiting_count++] = pod;
		} else if (place_pending(landings, pod)) {
			landings->settled++;
			refused = NULL;
		} else {
			landings->waiting[landings->waiting_count++] = pod;
			refused = pod;
		}
	}
}

static size_t let_in(struct landings *landings, const struct pod *leaver, struct newcomer newcomers[WAITING_TRIED])
{
	size_t tried = 0, count = 0;

	for (size_t i = 0; i < landings->waiting_count && tried < WAITING_TRIED; i++) {
		const struct pod *pod = landings->waiting[i];
		struct node_load *load;

		if (pod->priority < leaver->priority)
			break;
		tried++;
		load = place_pending(landings, pod);
		if (load)
			newcomers[count++] = (struct newcomer){ pod, load };
	}
	return count;
}

static void send_away(struct landings *landings, const struct newcomer *newcomers, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		scheduler_remove(landings->scheduler, newcomers[i].pod);
		charge(newcomers[i].at, newcomers[i].pod, -1, false);
	}
}

static void wait_again(struct landings *landings, const struct newcomer *newcomers, size_t count)
{
	send_away(landings, newcomers, count);
	for (size_t i = 0; i < count; i++)
		landings->waiting[landings->waiting_count++] = newcomers[i].pod;
	landings->settled -= count;
	if (count)
		qsort(landings->waiting, landings->waiting_count, sizeof(*landings->waiting), by_turn);
}

static void keep(struct landings *landings, const struct newcomer *newcomers, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t kept = 0;

		for (size_t k = 0; k < landings->waiting_count; k++)
			if (landings->waiting[k] != newcomers[i].pod)
				landings->waiting[kept++] = landings->waiting[k];
		landings->waiting_count = kept;
		landings->settled++;
	}
}

/* --- beginning and end --- */

struct landings *landings_new(const struct cluster *cluster, const struct landing_rules *rules, int64_t now)
{
	struct landings *landings = NEW(struct landings);

	landings->cluster = cluster;
	landings->rules = rules;
	landings->now = now;
	landings->scheduler = scheduler_new(cluster);
	landings->budgets = budgets_new(cluster);
	landings->arches = seen_arches_new(cluster);
	measure(landings);
	place_all_pending(landings);
	return landings;
}

void landings_free(struct landings *landings)
{
	if (!landings)
		return;
	scheduler_free(landings->scheduler);
	budgets_free(landings->budgets);
	seen_arches_free(landings->arches);
	pointer_map_release(&landings->journeys);
	arena_release(&landings->arena);
	free(landings);
}

const struct node_load *landings_loads(const struct landings *landings, size_t *ret_count)
{
	*ret_count = landings->load_count;
	return landings->loads;
}

const struct node_load *landings_load_of(const struct landings *landings, const char *node)
{
	return load_named(landings, node);
}

size_t landings_settled(const struct landings *landings)
{
	return landings->settled;
}

size_t landings_waiting(const struct landings *landings)
{
	return landings->waiting_count;
}

/* --- targets --- */

/* How full the node is of what a target names; NAN for a resource that is not looked at. */
static double percent_for(const struct landing_rules *rules, const struct node_load *load, const char *resource)
{
	if (strcmp(resource, "cpu") == 0)
		return node_load_percent(load, rules->targets_are_usage ? LOAD_USED_CPU : LOAD_CPU);
	if (strcmp(resource, "memory") == 0)
		return node_load_percent(load, rules->targets_are_usage ? LOAD_USED_MEMORY : LOAD_MEMORY);
	return strcmp(resource, "pods") == 0 ? node_load_percent(load, LOAD_PODS) : NAN;
}

static const struct param_percent *exceeded(const struct landing_rules *rules, const struct node_load *load)
{
	for (size_t i = 0; rules->targets && i < rules->targets->count; i++)
		if (percent_for(rules, load, rules->targets->items[i].resource) > rules->targets->items[i].percent)
			return &rules->targets->items[i];
	return NULL;
}

bool landings_is_above(const struct landings *landings, const struct node_load *load, const char **ret_resource)
{
	const struct param_percent *target = exceeded(landings->rules, load);

	if (target && ret_resource)
		*ret_resource = target->resource;
	return target != NULL;
}

double landings_percent(const struct landings *landings, const struct node_load *load, const char *resource)
{
	return percent_for(landings->rules, load, resource);
}

double landings_target(const struct landings *landings, const char *resource)
{
	const struct param_percents *targets = landings->rules->targets;

	for (size_t i = 0; targets && i < targets->count; i++)
		if (strcmp(targets->items[i].resource, resource) == 0)
			return targets->items[i].percent;
	return NAN;
}

/* The resource that the kind is of, where targets are about this kind of it; NULL elsewhere. */
static const char *resource_of(const struct landing_rules *rules, enum load_kind kind)
{
	switch (kind) {
	case LOAD_CPU:
		return rules->targets_are_usage ? NULL : "cpu";
	case LOAD_MEMORY:
		return rules->targets_are_usage ? NULL : "memory";
	case LOAD_PODS:
		return "pods";
	case LOAD_USED_CPU:
		return rules->targets_are_usage ? "cpu" : NULL;
	case LOAD_USED_MEMORY:
		return rules->targets_are_usage ? "memory" : NULL;
	case LOAD_KINDS:
		break;
	}
	return NULL;
}

double landings_excess(const struct landings *landings, const struct node_load *load, enum load_kind kind)
{
	const char *resource = resource_of(landings->rules, kind);
	double target = resource ? landings_target(landings, resource) : NAN, percent = node_load_percent(load, kind);

	return isnan(target) || isnan(percent) ? 0 : percent - target;
}

double landings_part_of(
	const struct landings *landings, const struct node_load *load, enum load_kind kind, const struct pod *pod)
{
	struct node_load without = *load;
	double percent = node_load_percent(load, kind);

	if (!resource_of(landings->rules, kind) || isnan(percent))
		return 0;
	charge(&without, pod, -1, false);
	return percent - node_load_percent(&without, kind);
}

static double fullness(const struct node_load *load)
{
	double most = NAN;

	for (enum load_kind kind = LOAD_CPU; kind <= LOAD_PODS; kind++) {
		double percent = node_load_percent(load, kind);

		if (isnan(most) || percent > most)
			most = percent;
	}
	return most;
}

/* --- one question --- */

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

static bool is_kept(struct asking *asking)
{
	const struct landings *landings = asking->landings;
	const struct pod *pod = asking->pod;
	const struct owner *owner = cluster_workload_of(landings->cluster, pod);
	const struct workload *workload = NULL;
	const char *because;
	int64_t age = landings->now - pod->meta.created;

	if (landings->rules->cool_down && pod->meta.created != TIME_NONE && age < landings->rules->cool_down)
		return refuse(asking, WITHHELD_RECENT, "it was made %lld s ago, less than --cool-down",
			(long long)(age < 0 ? 0 : age));
	for (enum kind kind = KIND_REPLICA_SET; owner && kind <= KIND_STATEFUL_SET; kind++)
		if (strcmp(owner->kind, kind_info(kind)->name) == 0)
			workload = (const struct workload *)(const void *)cluster_find(
				landings->cluster, kind, owner->name, pod->meta.namespace);
	if (workload && workload->replicas == 1 && !workload->surges && !landings->rules->allows_single)
		return refuse(asking, WITHHELD_SINGLE,
			"it is the only replica, and %s/%s starts no other before it goes", owner->kind, owner->name);
	because = budgets_refusal(landings->budgets, pod, &asking->landings->arena);
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
	charge(&after, asking->pod, 1, false);
	target = exceeded(rules, &after);
	if (target)
		return refuse(asking, WITHHELD_TARGET, "%s %s would be %.0f%%, target %.0f%%", name, target->resource,
			percent_for(rules, &after, target->resource), target->percent);
	memory = node_load_percent(&after, LOAD_MEMORY);
	used = node_load_percent(&after, LOAD_USED_MEMORY);
	if (rules->memory_line > 0 && (memory > rules->memory_line || used > rules->memory_line))
		return refuse(asking, WITHHELD_MEMORY, "%s memory would be %.0f%% %s, the line of safety is %.0f%%",
			name, used > rules->memory_line ? used : memory,
			used > rules->memory_line ? "used" : "requested", rules->memory_line);
	if (asking->wish == LANDING_RELIEVE && fullness(&after) >= asking->fullness_before)
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

static bool refuse_for_want_of_landing(struct asking *asking, const struct sched_trial *trial)
{
	AUTO_BUFFER message = { 0 };

	if (trial->error)
		return refuse(asking, WITHHELD_NO_LANDING, "the scheduler would fail: %s", trial->error);
	sched_trial_message(trial, &message);
	return refuse(asking, WITHHELD_NO_LANDING, "%s", buffer_text(&message));
}

/* Where it lands, and whether that is any good. True where it is not; the pod is on no node meanwhile. */
static bool is_landing_refused(struct asking *asking)
{
	struct landing *landing = asking->landing;
	AUTO_SCHED_TRIAL trial;
	const struct sched_verdict *best, *second;

	scheduler_try(asking->landings->scheduler, asking->pod, SCHED_AS_NEW, &trial);
	best = sched_trial_best(&trial);
	if (!best)
		return refuse_for_want_of_landing(asking, &trial);
	second = runner_up_of(&trial, best);
	landing->to = best->node;
	landing->points = best->total;
	landing->runner_up = second ? second->node : NULL;
	landing->runner_up_points = second ? second->total : 0;
	for (size_t i = 0; i < trial.count; i++)
		if (trial.verdicts[i].is_feasible && trial.verdicts[i].total == best->total &&
			is_bad_landing(asking, &asking->landings->loads[i]))
			return true;
	return false;
}

static void leave(struct asking *asking)
{
	struct landings *landings = asking->landings;

	if (!asking->from)
		return;
	asking->fullness_before = fullness(asking->from);
	scheduler_remove(landings->scheduler, asking->pod);
	charge(asking->from, asking->pod, -1, false);
	asking->newcomer_count = let_in(landings, asking->pod, asking->newcomers);
}

static void come_back(struct asking *asking)
{
	struct landings *landings = asking->landings;

	if (!asking->from)
		return;
	send_away(landings, asking->newcomers, asking->newcomer_count);
	charge(asking->from, asking->pod, 1, false);
	scheduler_place(landings->scheduler, asking->pod, asking->from->node->meta.name);
}

static void arrive(struct asking *asking)
{
	struct landings *landings = asking->landings;
	struct node_load *to = asking->landing->to ? load_named(landings, asking->landing->to->meta.name) : NULL;
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
	keep(landings, asking->newcomers, asking->newcomer_count);
	budgets_spend(landings->budgets, asking->pod);
	if (!to)
		return;
	charge(to, asking->pod, 1, false);
	scheduler_place(landings->scheduler, asking->pod, to->node->meta.name);
	asking->landing->gain = asking->fullness_before - fullness(to);
}

static struct asking begin(
	struct landings *landings, const struct pod *pod, enum landing_wish wish, struct landing *landing)
{
	const struct node *at = scheduler_node_of(landings->scheduler, pod);

	*landing = (struct landing){ .gain = NAN };
	return (struct asking){ .landings = landings,
		.pod = pod,
		.wish = wish,
		.from = at ? load_named(landings, at->meta.name) : NULL,
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
		charge(journey->to, pod, -1, false);
	}
	wait_again(landings, journey->newcomers, journey->newcomer_count);
	if (journey->from) {
		scheduler_place(landings->scheduler, pod, journey->from->node->meta.name);
		charge(journey->from, pod, 1, false);
	}
	budgets_return(landings->budgets, pod);
	*journey = (struct journey){ 0 };
}
