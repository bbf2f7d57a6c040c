/* RelieveOverutilizedNodes: pods leave nodes above their targets wherever the landing that is foreseen stays inside
 * its own, in as few moves as are found. Upstream has nothing like it: LowNodeUtilization waits until some node is
 * below all its thresholds, which a small cluster may never be.
 *
 * For each node, the fullest first: pods are taken greedily, each time the one that takes most of what is too much;
 * what turned out not to be needed is put back; then smaller sets are looked for as far as a bound on the questions
 * allows. Greedy is optimal for one resource and pods that all can land; the search is for what these two hide. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/rebalance/landing.h"
#include "clusterutils/rebalance/pass.h"
#include "clusterutils/rebalance/strategy.h"

/* So many landings are asked about to find a smaller set, for the whole pass; of many nodes each is relieved once, and
 * few are told of one by one. */
enum {
	MOST_QUESTIONS = 4000,
	MOST_CANDIDATES = 256,
	MOST_ROUNDS = 4,
	MANY_NODES = 200,
	MOST_TOLD = 20,
	FEW_CANDIDATES = 16
};

struct relieve_overutilized_nodes_args {
	struct param_percents target_thresholds;
	struct relief_metrics {
		unsigned line;
		const char *source;
		struct relief_query {
			unsigned line;
			const char *query;
		} prometheus;
	} metrics_utilization;
	struct param_names evictable_namespaces;
};

static const char *const sources[] = { "KubernetesMetrics", "Prometheus", NULL };

static const struct param query_params[] = {
	{ .name = "query",
		.type = PARAM_TEXT,
		.offset = offsetof(struct relief_query, query),
		.help = "an instant query of each node's share of cpu in use, from 0 to 1, by instance" },
	PARAM_END,
};

static const struct param_object query_object = { "relief.Prometheus", sizeof(struct relief_query), query_params,
	false };

static const struct param metrics_params[] = {
	{ .name = "source",
		.type = PARAM_TEXT,
		.offset = offsetof(struct relief_metrics, source),
		.help = "where real use comes from",
		.choices = sources,
		.go_type = "api.MetricsSource" },
	{ .name = "prometheus",
		.type = PARAM_OBJECT,
		.offset = offsetof(struct relief_metrics, prometheus),
		.help = "what Prometheus is asked",
		.object = &query_object },
	PARAM_END,
};

static const struct param_object metrics_object = { "relief.MetricsUtilization", sizeof(struct relief_metrics),
	metrics_params, false };

static const struct param params[] = {
	{ .name = "targetThresholds",
		.type = PARAM_PERCENTS,
		.offset = offsetof(struct relieve_overutilized_nodes_args, target_thresholds),
		.help = "a node is relieved while its cpu, memory or pods are above, and nothing lands above (not given: those "
			"of LowNodeUtilization)",
		.max = 100 },
	{ .name = "metricsUtilization",
		.type = PARAM_OBJECT,
		.offset = offsetof(struct relieve_overutilized_nodes_args, metrics_utilization),
		.help = "real use instead of requests",
		.object = &metrics_object },
	PARAM_EVICTABLE_NAMESPACES(struct relieve_overutilized_nodes_args, evictable_namespaces),
	PARAM_END,
};

static void check(const void *args, struct check *check)
{
	const struct relieve_overutilized_nodes_args *a = args;

	for (size_t i = 0; i < a->target_thresholds.count; i++) {
		const struct param_percent *target = &a->target_thresholds.items[i];

		if (strcmp(target->resource, "cpu") != 0 && strcmp(target->resource, "memory") != 0 &&
			strcmp(target->resource, "pods") != 0)
			check_fail(check, "targetThresholds", target->resource,
				"only cpu, memory and pods can be targets");
		else if (target->percent < 0 || target->percent > 100)
			check_fail(check, "targetThresholds", target->resource, "percentage must be between 0 and 100");
	}
	if (strcmp(a->metrics_utilization.source, sources[1]) == 0 && !*a->metrics_utilization.prometheus.query)
		check_fail(check, "metricsUtilization", "prometheus",
			"prometheus query is required when metrics source is set to \"%s\"", sources[1]);
	if (a->evictable_namespaces.include.count)
		check_fail(check, "evictableNamespaces", NULL, "only exclude may be given");
}

/* --- one node --- */

struct candidate {
	struct pass_pod *pod;
	double worth;           /* the part of what is too much that it takes */
	enum withheld withheld; /* what the last question said */
	bool is_taken;
};

struct relief {
	struct pass *pass;
	struct landings *landings;
	const struct relieve_overutilized_nodes_args *args;
	const struct node_load *load;
	struct candidate *candidates; /* the least important first */
	size_t count;
	size_t *taken; /* positions of candidates, in the order of their moves */
	size_t taken_count;
	size_t *best; /* the smallest set so far */
	size_t best_count;
	size_t questions; /* left */
};

static bool is_above(const struct relief *relief)
{
	return landings_is_above(relief->landings, relief->load, NULL);
}

/* Of each resource that is above its target, the part that the pod takes of what is too much. */
static double worth_of(const struct relief *relief, const struct pod *pod)
{
	double worth = 0;

	for (enum load_kind kind = LOAD_CPU; kind < LOAD_KINDS; kind++) {
		double excess = landings_excess(relief->landings, relief->load, kind);
		double part = landings_part_of(relief->landings, relief->load, kind, pod);

		if (excess > 0 && part > 0)
			worth += part < excess ? part / excess : 1;
	}
	return worth;
}

static bool take(struct relief *relief, size_t position)
{
	struct candidate *candidate = &relief->candidates[position];
	struct landing landing;

	landings_move(relief->landings, candidate->pod->pod, LANDING_RELIEVE, &landing);
	candidate->withheld = landing.withheld;
	if (landing.withheld != WITHHELD_NOT)
		return false;
	candidate->is_taken = true;
	relief->taken[relief->taken_count++] = position;
	return true;
}

static void put_back(struct relief *relief, size_t at)
{
	struct candidate *candidate = &relief->candidates[relief->taken[at]];

	landings_undo(relief->landings, candidate->pod->pod);
	candidate->is_taken = false;
	memmove(&relief->taken[at], &relief->taken[at + 1], (relief->taken_count - at - 1) * sizeof(*relief->taken));
	relief->taken_count--;
}

static void put_all_back(struct relief *relief)
{
	while (relief->taken_count)
		put_back(relief, relief->taken_count - 1);
}

static void ask_again(struct relief *relief)
{
	for (size_t i = 0; i < relief->count; i++)
		relief->candidates[i].withheld = WITHHELD_NOT;
}

/* The one that takes most of what is too much, of those that were not refused; relief->count for none. */
static size_t worthiest(struct relief *relief)
{
	size_t best = relief->count;
	double most = 0;

	for (size_t i = 0; i < relief->count; i++) {
		struct candidate *candidate = &relief->candidates[i];

		if (candidate->is_taken || candidate->withheld != WITHHELD_NOT)
			continue;
		candidate->worth = worth_of(relief, candidate->pod->pod);
		if (candidate->worth > most) {
			most = candidate->worth;
			best = i;
		}
	}
	return best;
}

/* Whoever was refused is asked again once others have moved: another landing may be foreseen then. */
static void take_greedily(struct relief *relief)
{
	size_t taken_before;

	do {
		taken_before = relief->taken_count;
		ask_again(relief);
		for (size_t best; is_above(relief) && (best = worthiest(relief)) < relief->count;)
			take(relief, best);
	} while (is_above(relief) && relief->taken_count > taken_before);
}

/* What came first may be covered by what came later. */
static void put_back_what_is_not_needed(struct relief *relief)
{
	for (size_t at = 0; at < relief->taken_count && !is_above(relief);) {
		size_t position = relief->taken[at];

		put_back(relief, at);
		if (!is_above(relief))
			continue;
		/* Its place may be gone: then it is one of the set again at the end of it. */
		if (!take(relief, position))
			return;
		memmove(&relief->taken[at + 1], &relief->taken[at],
			(relief->taken_count - at - 1) * sizeof(*relief->taken));
		relief->taken[at++] = position;
	}
}

static void remember(struct relief *relief)
{
	memcpy(relief->best, relief->taken, relief->taken_count * sizeof(*relief->best));
	relief->best_count = relief->taken_count;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? 1 : x > y ? -1 : 0;
}

/* No set of fewer pods can be enough: the largest of them for each resource by itself. */
static size_t least_possible(const struct relief *relief)
{
	double *parts = ARENA_ARRAY(&relief->pass->arena, relief->count + 1, double);
	size_t least = 0;

	for (enum load_kind kind = LOAD_CPU; kind < LOAD_KINDS; kind++) {
		double excess = landings_excess(relief->landings, relief->load, kind), sum = 0;
		size_t needed = 0;

		if (!(excess > 0))
			continue;
		for (size_t i = 0; i < relief->count; i++)
			parts[i] =
				landings_part_of(relief->landings, relief->load, kind, relief->candidates[i].pod->pod);
		qsort(parts, relief->count, sizeof(*parts), by_size);
		while (needed < relief->count && sum < excess)
			sum += parts[needed++];
		least = needed > least ? needed : least;
	}
	return least;
}

/* Whether `left` more pods, from the position on, can be enough, and if so taken. Of few candidates all orders are
 * tried: who lands first may be where another would have. */
static bool search(struct relief *relief, size_t from, size_t left)
{
	bool any_order = relief->count <= FEW_CANDIDATES;

	if (!is_above(relief))
		return true;
	if (left == 0 || least_possible(relief) > left)
		return false;
	for (size_t i = any_order ? 0 : from; i < relief->count; i++) {
		if (relief->candidates[i].is_taken)
			continue;
		if (relief->questions == 0)
			return false;
		relief->questions--;
		if (!take(relief, i))
			continue;
		if (search(relief, i + 1, left - 1))
			return true;
		put_back(relief, relief->taken_count - 1);
	}
	return false;
}

/* The smallest set of fewer than `most` that is enough, where the questions suffice to find it. */
static void look_for_fewer(struct relief *relief, size_t most)
{
	size_t least = least_possible(relief);

	for (size_t size = least; size < most && relief->questions; size++) {
		if (search(relief, 0, size)) {
			remember(relief);
			put_all_back(relief);
			return;
		}
		put_all_back(relief);
	}
}

static void find_candidates(struct relief *relief, const struct pass_node *node)
{
	struct pass_pod **pods =
		pass_candidates(relief->pass, node, PASS_ACTIVE, (struct pod_filter){ 0 }, &relief->count);
	size_t kept = 0;

	pass_sort_by_priority(pods, relief->count);
	relief->candidates = ARENA_ARRAY(&relief->pass->arena, relief->count + 1, struct candidate);
	relief->taken = ARENA_ARRAY(&relief->pass->arena, relief->count + 1, size_t);
	relief->best = ARENA_ARRAY(&relief->pass->arena, relief->count + 1, size_t);
	for (size_t i = 0; i < relief->count && kept < MOST_CANDIDATES; i++)
		if (pass_is_asked(relief->pass, pods[i]->pod) &&
			!texts_have(&relief->args->evictable_namespaces.exclude, pods[i]->pod->meta.namespace))
			relief->candidates[kept++].pod = pods[i];
	relief->count = kept;
}

/* Why a node stays above: the reasons of those that are still there, the most frequent first. */
static void tell_what_remains(struct relief *relief, const struct pass_node *node)
{
	const char *resource = "";
	size_t counts[WITHHELD_COUNT] = { 0 };
	enum withheld most = WITHHELD_NOT;

	landings_is_above(relief->landings, relief->load, &resource);
	find_candidates(relief, node);
	if (!relief->count) {
		pass_note(relief->pass, "%s stays above its target of %s: none of its %zu pods may be evicted",
			relief->load->node->meta.name, resource, node->active_count);
		return;
	}
	for (size_t i = 0; i < relief->count; i++) {
		struct landing landing;

		landings_ask(relief->landings, relief->candidates[i].pod->pod, LANDING_RELIEVE, &landing);
		/* It could go: then it is a limit that keeps it. */
		if (landing.withheld == WITHHELD_NOT)
			landing.withheld = WITHHELD_LIMIT;
		if (++counts[landing.withheld] > counts[most])
			most = landing.withheld;
	}
	pass_note(relief->pass,
		"%s stays above its target of %s: %zu of its %zu pods may be evicted, to no good, most often because %s",
		relief->load->node->meta.name, resource, relief->count, node->active_count, withheld_texts[most]);
}

/* Returns whether anything moved. */
static bool relieve_node(struct relief *relief, const struct pass_node *node)
{
	const char *resource = NULL;
	const char *name = node->node->meta.name;
	bool has_moved = false, is_enough;

	find_candidates(relief, node);
	relief->taken_count = relief->best_count = 0;
	take_greedily(relief);
	put_back_what_is_not_needed(relief);
	remember(relief);
	is_enough = !is_above(relief);
	put_all_back(relief);
	/* Where greed did not get there, any set that does is better. */
	look_for_fewer(relief, is_enough ? relief->best_count : relief->count + 1);
	for (size_t i = 0; i < relief->best_count; i++) {
		struct candidate *candidate = &relief->candidates[relief->best[i]];

		landings_is_above(relief->landings, relief->load, &resource);
		candidate->is_taken = pass_evict(relief->pass, candidate->pod, "%s %s %.0f%% > %.0f%%", name, resource,
					      landings_percent(relief->landings, relief->load, resource),
					      landings_target(relief->landings, resource)) == PASS_ACCEPTED;
		if (!candidate->is_taken)
			candidate->withheld = WITHHELD_LIMIT;
		has_moved = has_moved || candidate->is_taken;
	}
	return has_moved;
}

/* --- all of them --- */

struct over {
	struct pass_node *node;
	const struct node_load *load;
	double excess;
};

static int by_excess(const void *a, const void *b)
{
	const struct over *x = a, *y = b;

	if (x->excess != y->excess)
		return x->excess > y->excess ? -1 : 1;
	return strcmp(x->node->node->meta.name, y->node->node->meta.name);
}

static void tell_all(struct relief *relief, const struct over *over, size_t count)
{
	size_t above = 0;

	for (size_t i = 0; i < count; i++) {
		relief->load = over[i].load;
		if (is_above(relief) && above++ < MOST_TOLD)
			tell_what_remains(relief, over[i].node);
	}
	if (above > MOST_TOLD)
		pass_note(relief->pass, "%zu more nodes stay above their targets", above - MOST_TOLD);
}

static int balance(struct pass *pass, const void *args, struct error *err)
{
	struct relief relief = { .pass = pass, .landings = pass->landings, .args = args, .questions = MOST_QUESTIONS };
	struct over *over = ARENA_ARRAY(&pass->arena, pass->listed_count + 1, struct over);
	size_t count = 0;
	bool has_moved = true;

	(void)err;
	if (!pass->landings) {
		pass_note(pass, "nothing to do: upstream has no such strategy");
		return 0;
	}
	FOR_EACH_NODE(pass, node)
	{
		const struct node_load *load = landings_load_of(pass->landings, node->node->meta.name);

		if (!load || !landings_is_above(pass->landings, load, NULL))
			continue;
		over[count] = (struct over){ .node = node, .load = load };
		for (enum load_kind kind = LOAD_CPU; kind < LOAD_KINDS; kind++)
			over[count].excess = fmax(over[count].excess, landings_excess(pass->landings, load, kind));
		count++;
	}
	if (!count)
		pass_note(pass, "nothing to do: no node is above its target");
	else
		qsort(over, count, sizeof(*over), by_excess);
	/* What the last node could not place may find room that the next one has left. */
	for (unsigned round = 0; round < (count > MANY_NODES ? 1 : MOST_ROUNDS) && has_moved; round++) {
		has_moved = false;
		for (size_t i = 0; i < count; i++) {
			relief.load = over[i].load;
			has_moved = (is_above(&relief) && relieve_node(&relief, over[i].node)) || has_moved;
		}
	}
	tell_all(&relief, over, count);
	return 0;
}

const struct strategy strategy_relieve_overutilized_nodes = {
	.name = "RelieveOverutilizedNodes",
	.summary = "pods on busy nodes, as few as bring them to their targets (not of the descheduler)",
	.points = STRATEGY_BALANCE,
	.aim = AIM_RELIEVE,
	.is_ours = true,
	.params = params,
	.args_size = sizeof(struct relieve_overutilized_nodes_args),
	.check = check,
	.balance = balance,
};
