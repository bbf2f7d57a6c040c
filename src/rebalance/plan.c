#include "clusterutils/rebalance/plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/rebalance/run.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/pointer_map.h"
#include "clusterutils/util/text.h"
#include "loads.h"
#include "targets.h"

/* Of second looks: at plans of many thousands it is not worth the time. */
enum { MOST_LOOKS = 4, MOST_QUESTIONS = 4000 };

/* What is only needed while the plan is made. */
struct planning {
	struct plan *plan;
	struct pointer_map items; /* struct numbered, by pod */
	size_t turn;
	struct pointer_map moved_by; /* the strategy's name, by the owner of who moved; "" for several */
	struct index counts;         /* struct counted, by name */
};

/* The position of a pod's item: the items themselves move while they grow. */
struct numbered {
	size_t position;
};

/* Moves of a node or a namespace. */
struct counted {
	const char *what, *name;
	uint32_t moves;
	unsigned wave;    /* the last in which one goes; 0 for none */
	uint32_t in_wave; /* how many go in it */
};

static struct index_key key_of_count(const void *object)
{
	const struct counted *counted = object;

	return (struct index_key){ counted->name, counted->what };
}

static struct counted *count_of(struct planning *planning, const char *what, const char *name)
{
	struct counted *counted = index_find(&planning->counts, name ? name : "", what);

	if (!counted) {
		counted = ARENA_NEW(&planning->plan->arena, struct counted);
		*counted = (struct counted){ .what = what, .name = name ? name : "" };
		index_add(&planning->counts, counted);
	}
	return counted;
}

/* --- scope --- */

static bool has(const char *const *texts, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (text_equal(texts[i], text))
			return true;
	return false;
}

bool plan_scope_has(const struct plan_scope *scope, const struct pod *pod, const char *strategy)
{
	return (!scope->namespace || text_equal(scope->namespace, pod->meta.namespace)) &&
		(!scope->node || text_equal(scope->node, pod->node)) &&
		(!scope->strategy_count || !strategy || has(scope->strategies, scope->strategy_count, strategy)) &&
		!has(scope->excluded_namespaces, scope->excluded_count, pod->meta.namespace);
}

static const char *limit_reached(struct planning *planning, const struct pod *pod)
{
	struct plan *plan = planning->plan;
	const struct plan_scope *scope = &plan->options.scope;

	if (plan->moves >= scope->max_moves)
		return arena_printf(&plan->arena, "--max-moves %u is reached", (unsigned)scope->max_moves);
	if (pod->node && count_of(planning, "node", pod->node)->moves >= scope->max_per_node)
		return arena_printf(&plan->arena, "--max-moves-per-node %u is reached", (unsigned)scope->max_per_node);
	if (count_of(planning, "namespace", pod->meta.namespace)->moves >= scope->max_per_namespace)
		return arena_printf(
			&plan->arena, "--max-moves-per-namespace %u is reached", (unsigned)scope->max_per_namespace);
	return NULL;
}

/* --- deciding --- */

enum landing_wish plan_wish(const char *name)
{
	const struct strategy *strategy = strategy_find(name);

	if (!strategy || strategy->aim == AIM_MOVE)
		return LANDING_MOVE;
	return strategy->aim == AIM_RELIEVE ? LANDING_RELIEVE : LANDING_RESTART;
}

/* A pod that was withheld from one strategy may be asked for by another: what was said last stands. */
static void note(struct planning *planning, const struct decision *decision, const struct landing *landing)
{
	struct plan *plan = planning->plan;
	struct numbered *known = pointer_map_get(&planning->items, POINTERS(decision->pod));
	struct plan_move *item;

	if (!known) {
		known = ARENA_NEW(&plan->arena, struct numbered);
		known->position = plan->count;
		*pointer_map_at(&planning->items, POINTERS(decision->pod)) = known;
		ARRAY_GROW(plan->items, plan->count, plan->capacity);
		plan->count++;
	}
	item = &plan->items[known->position];
	*item = (struct plan_move){ .pod = decision->pod,
		.owner = cluster_workload_of(plan->cluster, decision->pod),
		.strategy = decision->strategy,
		.profile = decision->profile,
		.reason = decision->reason,
		.from = decision->node,
		.landing = *landing,
		.turn = planning->turn++ };
}

static bool decide(struct planning *planning, const struct decision *decision, struct landing *landing)
{
	struct plan *plan = planning->plan;
	const char *limit = limit_reached(planning, decision->pod);
	struct landing forced;

	if (limit) {
		*landing = (struct landing){ .withheld = WITHHELD_LIMIT, .why = limit, .gain = NAN };
		return false;
	}
	landings_move(plan->landings, decision->pod, plan_wish(decision->strategy), landing);
	if (landing->withheld == WITHHELD_NOT)
		return true;
	if (!plan->options.parity)
		return false;
	/* Upstream does it all the same: `why` remains as a remark. */
	landings_force(plan->landings, decision->pod, &forced);
	forced.withheld = WITHHELD_NOT;
	forced.why = landing->why;
	*landing = forced;
	return true;
}

static void note_mover(struct planning *planning, const struct decision *decision)
{
	const struct owner *owner = cluster_workload_of(planning->plan->cluster, decision->pod);
	void **by = pointer_map_at(&planning->moved_by, POINTERS(owner));

	if (*by && strcmp(*by, decision->strategy) != 0)
		*by = (void *)(uintptr_t) "";
	else
		*by = (void *)(uintptr_t)decision->strategy;
}

static bool is_asked(void *context, const struct pod *pod, const char *strategy)
{
	const struct planning *planning = context;

	return plan_scope_has(&planning->plan->options.scope, pod, strategy);
}

static bool is_open(void *context, const struct decision *decision, const char **ret_because)
{
	struct planning *planning = context;
	struct landing landing;

	if (!is_asked(planning, decision->pod, decision->strategy)) {
		*ret_because = "it was not asked about";
		return false;
	}
	if (!decide(planning, decision, &landing)) {
		*ret_because = landing.why;
		note(planning, decision, &landing);
		return false;
	}
	planning->plan->moves++;
	note_mover(planning, decision);
	count_of(planning, "node", decision->pod->node)->moves++;
	count_of(planning, "namespace", decision->pod->meta.namespace)->moves++;
	note(planning, decision, &landing);
	return true;
}

/* --- waves --- */

static int by_turn(const void *a, const void *b)
{
	size_t x = ((const struct plan_move *)a)->turn, y = ((const struct plan_move *)b)->turn;

	return x < y ? -1 : x > y;
}

/* The first wave that has room for one more of them. */
static unsigned wave_with_room(const struct counted *counted, uint32_t parallel)
{
	if (!counted || !counted->wave)
		return 1;
	return counted->in_wave < parallel ? counted->wave : counted->wave + 1;
}

static void take_room(struct counted *counted, unsigned wave)
{
	if (!counted)
		return;
	counted->in_wave = counted->wave == wave ? counted->in_wave + 1 : 1;
	counted->wave = wave;
}

/* So many pods of a node and of a workload at a time; a pod lands on a node after those have left it that were to leave
 * before. */
static void find_waves(struct planning *planning)
{
	struct plan *plan = planning->plan;
	uint32_t parallel = plan->options.parallel ? plan->options.parallel : 1;

	for (size_t i = 0; i < plan->count; i++) {
		struct plan_move *item = &plan->items[i];
		const char *to = item->landing.to ? item->landing.to->meta.name : NULL;
		struct counted *from, *owner;
		unsigned wave, other;

		if (item->landing.withheld != WITHHELD_NOT)
			continue;
		from = item->from ? count_of(planning, "left in wave", item->from) : NULL;
		owner = item->owner ? count_of(planning, "workload in wave", item->owner->uid) : NULL;
		wave = wave_with_room(from, parallel);
		other = wave_with_room(owner, parallel);
		wave = other > wave ? other : wave;
		other = to ? count_of(planning, "left in wave", to)->wave + 1 : 1;
		wave = other > wave ? other : wave;
		item->wave = wave;
		take_room(from, wave);
		take_room(owner, wave);
		plan->waves = wave > plan->waves ? wave : plan->waves;
	}
}

struct plan_wave plan_wave_of(const struct plan *plan, unsigned wave)
{
	struct node_load sum = { 0 };
	struct plan_wave found = { 0 };

	for (size_t i = 0; i < plan->count; i++)
		if (plan->items[i].wave == wave && wave) {
			node_load_charge(&sum, plan->items[i].pod, 1, true);
			found.moves++;
		}
	found.request = sum.request;
	return found;
}

/* --- nodes --- */

void plan_nodes_take(
	const struct landings *landings, bool are_after, struct arena *arena, struct plan_node **nodes, size_t *count)
{
	const struct node_load *loads = landings_loads(landings, count);

	if (!*nodes)
		*nodes = ARENA_ARRAY(arena, *count + 1, struct plan_node);
	for (size_t i = 0; i < *count; i++)
		*(are_after ? &(*nodes)[i].after : &(*nodes)[i].before) = loads[i];
}

static const char *short_class(const char *class)
{
	return strcmp(class, "overutilized") == 0 ? "over" : strcmp(class, "underutilized") == 0 ? "under" : class;
}

static void find_classes(struct plan *plan)
{
	for (size_t i = 0; i < plan->pass.class_count; i++)
		for (size_t k = 0; k < plan->node_count; k++)
			if (text_equal(plan->pass.classes[i].node, plan->nodes[k].before.node->meta.name)) {
				plan->nodes[k].class = short_class(plan->pass.classes[i].class);
				break;
			}
}

struct plan_spread plan_spread_of(const struct plan *plan, enum load_kind kind, bool after)
{
	struct plan_spread spread = { NAN, NAN };
	double sum = 0, squares = 0;
	size_t count = 0;

	for (size_t i = 0; i < plan->node_count; i++) {
		double percent = node_load_percent(after ? &plan->nodes[i].after : &plan->nodes[i].before, kind);

		if (isnan(percent))
			continue;
		sum += percent;
		squares += percent * percent;
		spread.most = isnan(spread.most) || percent > spread.most ? percent : spread.most;
		count++;
	}
	if (count) {
		double mean = sum / (double)count, variance = squares / (double)count - mean * mean;

		spread.deviation = variance > 0 ? sqrt(variance) : 0;
	}
	return spread;
}

size_t plan_above_target(const struct plan *plan, bool after)
{
	size_t count = 0;

	for (size_t i = 0; i < plan->node_count; i++)
		count +=
			landings_is_above(plan->landings, after ? &plan->nodes[i].after : &plan->nodes[i].before, NULL);
	return count;
}

/* --- all of it --- */

static const struct strategy *relieving(void)
{
	return strategy_find("RelieveOverutilizedNodes");
}

static bool is_named(const struct policy *policy, const struct strategy *strategy)
{
	const struct policy_profile *profiles = policy->profiles.items;

	for (size_t i = 0; i < policy->profiles.count; i++)
		for (size_t k = 0; k < profiles[i].balance_count; k++)
			if (profiles[i].balance[k].strategy == strategy)
				return true;
	return false;
}

/* After everything that the policy names, as part of its first profile. */
static void relieve(struct plan *plan)
{
	const struct policy_profile *profile = plan->policy->profiles.items;
	const struct strategy *strategy = relieving();
	void *args = arena_new(&plan->arena, 1, strategy->args_size);
	struct error err = { 0 };

	if (!plan->policy->profiles.count || is_named(plan->policy, strategy) ||
		plan->pass.listed_count < RUN_LEAST_NODES)
		return;
	param_default(strategy->params, args, &plan->arena);
	pass_begin(&plan->pass, profile->name, profile->evictor);
	pass_begin_strategy(&plan->pass, strategy->name);
	if (strategy->balance(&plan->pass, args, &err) < 0)
		pass_note(&plan->pass, "%s", err.message);
}

/* --- second looks --- */

/* Whether another move may have changed what speaks against it. */
static bool may_have_changed(enum withheld withheld)
{
	switch (withheld) {
	case WITHHELD_NO_LANDING:
	case WITHHELD_RETURNS:
	case WITHHELD_ARCHITECTURE:
	case WITHHELD_TARGET:
	case WITHHELD_MEMORY:
	case WITHHELD_NO_GAIN:
		return true;
	case WITHHELD_NOT:
	case WITHHELD_NO_CONTROLLER:
	case WITHHELD_CRITICAL:
	case WITHHELD_VOLUME:
	case WITHHELD_RECENT:
	case WITHHELD_CAME_BACK:
	case WITHHELD_SINGLE:
	case WITHHELD_BUDGET:
	case WITHHELD_LIMIT:
	case WITHHELD_COUNT:
		break;
	}
	return false;
}

/* Another strategy has moved a replica: how evenly they are spread is for the next plan to say. */
static bool is_changed_by_others(const struct planning *planning, const struct plan_move *item)
{
	const char *by = pointer_map_get(&planning->moved_by, POINTERS(item->owner));

	return by && strcmp(by, item->strategy) != 0;
}

/* Whether the strategy's reason still holds: what is wrong with the pod itself stays so, a node may be below its target
 * by now. */
static bool is_still_wanted(const struct planning *planning, const struct plan_move *item)
{
	const struct plan *plan = planning->plan;
	const struct strategy *strategy = strategy_find(item->strategy);
	const struct node_load *load = item->from ? landings_load_of(plan->landings, item->from) : NULL;

	if (!strategy || !may_have_changed(item->landing.withheld))
		return false;
	if (strategy->points & STRATEGY_DESCHEDULE)
		return true;
	if (strategy->aim == AIM_RELIEVE)
		return load && landings_is_above(plan->landings, load, NULL);
	return !is_changed_by_others(planning, item);
}

static const struct policy_profile *profile_named(const struct policy *policy, const char *name)
{
	const struct policy_profile *profiles = policy->profiles.items;

	for (size_t i = 0; i < policy->profiles.count; i++)
		if (text_equal(profiles[i].name, name))
			return &profiles[i];
	return NULL;
}

static struct pass_pod *pass_pod_of(struct pass *pass, const struct plan_move *item)
{
	struct pass_node *node = item->from ? pass_node_named(pass, item->from) : NULL;

	for (size_t i = 0; node && i < node->pod_count; i++)
		if (node->pods[i]->pod == item->pod)
			return node->pods[i];
	return NULL;
}

/* Goes through the same door again, so that all limits hold. */
static bool look_again(struct plan *plan, const struct plan_move *item)
{
	const struct policy_profile *profile = profile_named(plan->policy, item->profile);
	struct pass_pod *pod = pass_pod_of(&plan->pass, item);

	if (!profile || !pod || pod->is_gone)
		return false;
	if (plan->pass.evictor != profile->evictor)
		pass_begin(&plan->pass, profile->name, profile->evictor);
	pass_begin_strategy(&plan->pass, item->strategy);
	return pass_evict(&plan->pass, pod, "%s", item->reason) == PASS_ACCEPTED;
}

/* A pod that was asked about early was asked before others made room, or took it. */
static void look_at_withheld_again(struct planning *planning)
{
	struct plan *plan = planning->plan;
	bool has_moved = plan->moves > 0;
	size_t questions = MOST_QUESTIONS;

	for (unsigned round = 0; round < MOST_LOOKS && has_moved; round++) {
		has_moved = false;
		for (size_t i = 0; i < plan->count && questions; i++) {
			struct plan_move item = plan->items[i];

			if (!is_still_wanted(planning, &item))
				continue;
			questions--;
			has_moved = look_again(plan, &item) || has_moved;
		}
	}
}

void plan_make(struct plan *plan, const struct cluster *cluster, const struct policy *policy,
	const struct plan_options *options, int64_t now)
{
	struct planning planning = { .plan = plan };

	*plan = (struct plan){ .cluster = cluster, .policy = policy, .options = *options, .made = now };
	index_init(&planning.counts, key_of_count);
	pass_init(&plan->pass, cluster, now);
	plan->options.rules.readings = targets_readings(plan);
	plan->landings = landings_new(cluster, &plan->options.rules, now);
	plan->settled = landings_settled(plan->landings);
	plan->waiting = landings_waiting(plan->landings);
	plan_nodes_take(plan->landings, false, &plan->arena, &plan->nodes, &plan->node_count);
	if (!plan->options.rules.targets)
		targets_find(plan);
	plan->pass.gate = (struct pass_gate){ &planning, is_open, is_asked };
	plan->pass.landings = options->parity ? NULL : plan->landings;
	plan->pass.queries = options->readings;
	plan->pass.query_count = options->reading_count;
	run_policy(&plan->pass, policy);
	if (options->relieves && !options->parity)
		relieve(plan);
	if (!options->parity)
		look_at_withheld_again(&planning);
	plan->withheld = plan->count - plan->moves;
	if (plan->count)
		qsort(plan->items, plan->count, sizeof(*plan->items), by_turn);
	find_waves(&planning);
	plan_nodes_take(plan->landings, true, &plan->arena, &plan->nodes, &plan->node_count);
	find_classes(plan);
	plan->pass.gate = (struct pass_gate){ 0 };
	index_release(&planning.counts);
	pointer_map_release(&planning.items);
	pointer_map_release(&planning.moved_by);
}

void plan_release(struct plan *plan)
{
	landings_free(plan->landings);
	pass_release(&plan->pass);
	free(plan->items);
	arena_release(&plan->arena);
	*plan = (struct plan){ 0 };
}
