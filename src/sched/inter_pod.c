/* InterPodAffinity: what the pod asks of others, what those that run ask of it, and what both would like.
 *
 * As upstream's code has it: a pod that has affinity to its own kind may be the first of it; the namespaceSelector of
 * its terms also means every namespace if it matches one without labels (it copies the term before it replaces the
 * selector by the names that it found). */
#include <string.h>

#include "clusterutils/util/text.h"
#include "scheduler_private.h"

enum { MOST_POINTS = 100 };

/* A number for each domain of a topology. */
struct domain_counts {
	const struct sched_topology *topology;
	int64_t *counts;
};

/* At most one for each key that terms name. */
struct counts_by_key {
	struct domain_counts *items;
	size_t count, room;
};

struct inter_pod_question {
	struct counts_by_key repelled;         /* by anti-affinity of pods that run */
	struct domain_counts *affinity, *anti; /* one for each required term */
	size_t affinity_count, anti_count;
	bool any_affinity; /* some pod fulfils all required affinity terms, on a node with one of their keys */
	bool is_first;     /* the pod fulfils them itself */
};

struct inter_pod_scores {
	struct counts_by_key sums;
};

static struct domain_counts make_counts(struct question *question, const char *key)
{
	const struct sched_topology *topology = scheduler_topology(question->scheduler, key);

	return (struct domain_counts){ topology,
		ARENA_ARRAY(question->arena, topology->domain_count ? topology->domain_count : 1, int64_t) };
}

/* Those of the key, made where there are none. */
static struct domain_counts *counts_of(struct question *question, struct counts_by_key *all, const char *key)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->items[i].topology->key == key)
			return &all->items[i];
	if (all->count == all->room) {
		struct domain_counts *larger;

		all->room = all->room ? 2 * all->room : 4;
		larger = ARENA_ARRAY(question->arena, all->room, struct domain_counts);
		if (all->count)
			memcpy(larger, all->items, all->count * sizeof(*larger));
		all->items = larger;
	}
	all->items[all->count] = make_counts(question, key);
	return &all->items[all->count++];
}

/* --- which pods a term means --- */

static bool names_namespace(const struct pod_term *term, const char *owner, const char *namespace)
{
	if (!term->namespaces && !term->namespace_selector)
		return strcmp(owner, namespace) == 0;
	for (size_t i = 0; term->namespaces && i < term->namespaces->count; i++)
		if (strcmp(term->namespaces->items[i], namespace) == 0)
			return true;
	return false;
}

/* Whether the term, of a pod in `owner`, is about pods of the namespace, as upstream has it: for the terms of the pod
 * in question those of the namespaces that there are, or, as if no namespace had labels, all; to the terms of others a
 * namespace that is unknown has no labels. */
static bool covers(struct scheduler *scheduler, const struct pod_term *term, const char *owner,
	const struct sched_space *space, bool is_own)
{
	const struct selector *selector;

	if (names_namespace(term, owner, space->name))
		return true;
	if (!term->namespace_selector)
		return false;
	selector = scheduler_selector(scheduler, term->namespace_selector, NULL);
	if (!selector)
		return false;
	if (is_own && selector_matches(selector, NULL))
		return true;
	return (space->is_known || !is_own) && selector_matches(selector, space->labels);
}

static bool matches(struct scheduler *scheduler, const struct pod_term *term, const char *owner,
	const struct sched_space *space, const struct labels *labels, bool is_own)
{
	const struct selector *selector = scheduler_selector(scheduler, term->selector, NULL);

	return selector && covers(scheduler, term, owner, space, is_own) && selector_matches(selector, labels);
}

/* Why the terms cannot be read: NULL where they can. */
static const char *problem_of(struct scheduler *scheduler, const struct pod_terms *terms)
{
	const char *problem = NULL;

	for (size_t i = 0; terms && i < terms->count && !problem; i++) {
		scheduler_selector(scheduler, terms->items[i].selector, &problem);
		if (!problem && terms->items[i].namespace_selector)
			scheduler_selector(scheduler, terms->items[i].namespace_selector, &problem);
	}
	return problem;
}

/* Of a pod that runs: one term that cannot be read, and none of its list counts. */
static const struct pod_terms *readable(struct scheduler *scheduler, const struct pod_terms *terms)
{
	return problem_of(scheduler, terms) ? NULL : terms;
}

static void count_group(const struct sched_group *group, struct domain_counts *counts, int64_t weight)
{
	for (size_t i = 0; i < group->count; i++) {
		int32_t domain = counts->topology->of_node[group->pods[i]->node->position];

		if (domain >= 0)
			counts->counts[domain] += weight;
	}
}

/* Calls for each group of pods that run and have equal labels. */
typedef void visit_group(struct question *question, const struct sched_space *space, const struct sched_group *group);

static void visit_space(struct question *question, const struct sched_space *space, visit_group *visit)
{
	for (const struct sched_group *group = space->groups; group; group = group->next)
		if (group->count)
			visit(question, space, group);
}

/* Those that the pod's own terms can be about. */
static void visit_groups(struct question *question, visit_group *visit)
{
	const struct index *spaces = &question->scheduler->spaces;

	if (!placement_looks_far(question->pod->placement)) {
		visit_space(question, question->self->space, visit);
		return;
	}
	for (size_t i = 0; i < spaces->count; i++)
		visit_space(question, spaces->items[i], visit);
}

typedef void visit_outspoken_group(struct question *question, const struct sched_group *group);

/* Each group of pods that run and may have something to say of this one. */
static void visit_outspoken(struct question *question, visit_outspoken_group *visit)
{
	for (const struct sched_group *group = question->self->space->outspoken; group; group = group->next)
		if (group->count)
			visit(question, group);
	for (const struct sched_group *group = question->scheduler->far; group; group = group->next)
		if (group->count)
			visit(question, group);
}

/* --- what must hold --- */

static bool fulfils_all(struct question *question, const struct pod_terms *terms, const struct sched_space *space,
	const struct labels *labels)
{
	for (size_t i = 0; terms && i < terms->count; i++)
		if (!matches(question->scheduler, &terms->items[i], question->self->space->name, space, labels, true))
			return false;
	return terms && terms->count > 0;
}

static void count_asked(struct question *question, const struct sched_space *space, const struct sched_group *group)
{
	struct inter_pod_question *state = question->inter_pod;
	const struct placement *own = question->pod->placement;

	if (own->required_pods && fulfils_all(question, own->required_pods, space, group->labels))
		for (size_t i = 0; i < state->affinity_count; i++)
			count_group(group, &state->affinity[i], 1);
	for (size_t i = 0; i < state->anti_count; i++)
		if (matches(question->scheduler, &own->required_anti_pods->items[i], question->self->space->name, space,
			    group->labels, true))
			count_group(group, &state->anti[i], 1);
}

static void count_repelled(struct question *question, const struct sched_group *group)
{
	const struct pod_terms *terms = readable(question->scheduler, group->placement->required_anti_pods);

	for (size_t i = 0; terms && i < terms->count; i++)
		if (matches(question->scheduler, &terms->items[i], group->namespace, question->self->space,
			    question->pod->meta.labels, false))
			count_group(group,
				counts_of(question, &question->inter_pod->repelled, terms->items[i].topology_key), 1);
}

static bool is_any(const struct domain_counts *counts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < counts[i].topology->domain_count; k++)
			if (counts[i].counts[k])
				return true;
	return false;
}

static struct domain_counts *make_all(struct question *question, const struct pod_terms *terms, size_t *ret_count)
{
	struct domain_counts *all = ARENA_ARRAY(question->arena, terms ? terms->count : 0, struct domain_counts);

	*ret_count = terms ? terms->count : 0;
	for (size_t i = 0; i < *ret_count; i++)
		all[i] = make_counts(question, terms->items[i].topology_key);
	return all;
}

/* The first thing that is wrong with the pod's own terms, in the words of the scheduler; NULL for nothing. */
static const char *own_problem(struct question *question, const struct placement *own)
{
	const struct {
		const char *name;
		const struct pod_terms *terms;
	} lists[] = {
		{ "requiredAffinityTerms", own->required_pods },
		{ "requiredAntiAffinityTerms", own->required_anti_pods },
		{ "preferredAffinityTerms", own->preferred_pods },
		{ "preferredAntiAffinityTerms", own->preferred_anti_pods },
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		const char *problem = problem_of(question->scheduler, lists[i].terms);

		if (problem)
			return arena_printf(question->arena, "parsing pod: %s: %s", lists[i].name, problem);
	}
	return NULL;
}

void inter_pod_ask(struct question *question)
{
	const struct placement *own = question->pod->placement;
	struct inter_pod_question *state = ARENA_NEW(question->arena, struct inter_pod_question);
	const char *problem = own ? own_problem(question, own) : NULL;

	if (problem) {
		question_refuse(question, NULL, SCHED_INTER_POD_AFFINITY, true, problem);
		return;
	}
	question->inter_pod = state;
	visit_outspoken(question, count_repelled);
	if (own && (own->required_pods || own->required_anti_pods)) {
		state->affinity = make_all(question, own->required_pods, &state->affinity_count);
		state->anti = make_all(question, own->required_anti_pods, &state->anti_count);
		visit_groups(question, count_asked);
		state->any_affinity = is_any(state->affinity, state->affinity_count);
		state->is_first = state->affinity_count &&
			fulfils_all(question, own->required_pods, question->self->space, question->pod->meta.labels);
	} else if (!state->repelled.count) {
		question->inter_pod = NULL;
	}
}

static bool has_affinity(const struct inter_pod_question *state, uint32_t node)
{
	bool are_there = true;

	for (size_t i = 0; i < state->affinity_count; i++) {
		int32_t domain = state->affinity[i].topology->of_node[node];

		if (domain < 0)
			return false;
		if (!state->affinity[i].counts[domain])
			are_there = false;
	}
	return are_there || (!state->any_affinity && state->is_first);
}

static bool is_in(const struct domain_counts *counts, size_t count, uint32_t node)
{
	for (size_t i = 0; i < count; i++) {
		int32_t domain = counts[i].topology->of_node[node];

		if (domain >= 0 && counts[i].counts[domain] > 0)
			return true;
	}
	return false;
}

const char *inter_pod_misfit(const struct question *question, const struct sched_node *node, bool *ret_is_unresolvable)
{
	const struct inter_pod_question *state = question->inter_pod;

	*ret_is_unresolvable = false;
	if (!state)
		return NULL;
	if (!has_affinity(state, node->position)) {
		*ret_is_unresolvable = true;
		return "node(s) didn't match pod affinity rules";
	}
	if (is_in(state->anti, state->anti_count, node->position))
		return "node(s) didn't match pod anti-affinity rules";
	if (is_in(state->repelled.items, state->repelled.count, node->position))
		return "node(s) didn't satisfy existing pods anti-affinity rules";
	return NULL;
}

void inter_pod_filter(struct question *question, const struct sched_node *node)
{
	bool is_unresolvable;
	const char *misfit = inter_pod_misfit(question, node, &is_unresolvable);

	if (misfit)
		question_refuse(question, node, SCHED_INTER_POD_AFFINITY, is_unresolvable, misfit);
}

/* --- what both would like --- */

static void add_group(struct question *question, const struct sched_group *group, const char *key, int64_t weight)
{
	for (size_t i = 0; i < group->count; i++)
		if (scheduler_topology(question->scheduler, key)->of_node[group->pods[i]->node->position] >= 0) {
			count_group(group, counts_of(question, &question->liking->sums, key), weight);
			return;
		}
}

static void add_liked(struct question *question, const struct sched_space *space, const struct sched_group *group)
{
	const struct placement *own = question->pod->placement;

	for (int sign = 1; sign >= -1; sign -= 2) {
		const struct pod_terms *terms = sign > 0 ? own->preferred_pods : own->preferred_anti_pods;

		for (size_t i = 0; terms && i < terms->count; i++)
			if (matches(question->scheduler, &terms->items[i], question->self->space->name, space,
				    group->labels, true))
				add_group(question, group, terms->items[i].topology_key, sign * terms->items[i].weight);
	}
}

static void add_liking(struct question *question, const struct sched_group *group, const struct pod_terms *terms,
	int sign, bool is_required)
{
	terms = readable(question->scheduler, terms);
	for (size_t i = 0; terms && i < terms->count; i++)
		if (matches(question->scheduler, &terms->items[i], group->namespace, question->self->space,
			    question->pod->meta.labels, false))
			add_group(question, group, terms->items[i].topology_key,
				is_required ? 1 : sign * terms->items[i].weight);
}

static void add_likings(struct question *question, const struct sched_group *group)
{
	add_liking(question, group, group->placement->required_pods, 1, true);
	add_liking(question, group, group->placement->preferred_pods, 1, false);
	add_liking(question, group, group->placement->preferred_anti_pods, -1, false);
}

bool inter_pod_ask_scores(struct question *question)
{
	const struct placement *own = question->pod->placement;

	question->liking = ARENA_NEW(question->arena, struct inter_pod_scores);
	if (own && (own->preferred_pods || own->preferred_anti_pods))
		visit_groups(question, add_liked);
	visit_outspoken(question, add_likings);
	return question->liking->sums.count > 0;
}

int64_t inter_pod_score(struct question *question, const struct sched_node *node)
{
	const struct counts_by_key *sums = &question->liking->sums;
	int64_t score = 0;

	for (size_t i = 0; i < sums->count; i++) {
		int32_t domain = sums->items[i].topology->of_node[node->position];

		score += domain >= 0 ? sums->items[i].counts[domain] : 0;
	}
	return score;
}

void inter_pod_normalize(struct question *question, int64_t *scores)
{
	int64_t least = INT64_MAX, most = INT64_MIN;

	for (size_t i = 0; i < question->feasible_count; i++) {
		least = scores[i] < least ? scores[i] : least;
		most = scores[i] > most ? scores[i] : most;
	}
	for (size_t i = 0; i < question->feasible_count; i++)
		scores[i] = most > least
			? (int64_t)(MOST_POINTS * ((double)(scores[i] - least) / (double)(most - least)))
			: 0;
}
