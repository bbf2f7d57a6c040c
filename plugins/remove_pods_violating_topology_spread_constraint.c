/* RemovePodsViolatingTopologySpreadConstraint: pods of crowded domains, so that others can take them.
 * Upstream: pkg/framework/plugins/removepodsviolatingtopologyspreadconstraint, v0.36.0. Differs: nothing. Protected
 * pods are not counted in their domains; minDomains is not looked at; within a domain pods of HIGH priority go
 * first, against the comment in upstream's code; each constraint is solved for itself. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/rebalance/groups.h"
#include "clusterutils/rebalance/strategy.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

static const char *const constraints[] = { "DoNotSchedule", "ScheduleAnyway", NULL };

struct args {
	struct param_names namespaces;
	const struct param_labels *labels;
	struct param_texts constraints;
	struct param_bool node_fit;
};

static const struct param params[] = {
	PARAM_NAMESPACES(struct args, namespaces),
	PARAM_SELECTOR(struct args, labels),
	{ .name = "constraints",
		.type = PARAM_TEXTS,
		.offset = offsetof(struct args, constraints),
		.help = "spread constraints that count, by whenUnsatisfiable",
		.choices = constraints,
		.go_type = "v1.UnsatisfiableConstraintAction",
		.fallback = "DoNotSchedule" },
	{ .name = "topologyBalanceNodeFit",
		.type = PARAM_OPTIONAL_BOOL,
		.offset = offsetof(struct args, node_fit),
		.help = "evict only pods that would fit on a node of a smaller domain",
		.fallback = "true" },
	PARAM_END,
};

static void check(const void *args, struct check *check)
{
	const struct args *a = args;

	check_names(check, "namespaces", &a->namespaces);
	check_labels(check, "labelSelector", a->labels);
	for (size_t i = 0; i < a->constraints.count; i++) {
		struct param_texts one = { true, 1, &a->constraints.items[i] };

		if (check_first_other(check, "constraints", &one))
			check_fail(check, "constraints", NULL,
				"constraint %s is not one of map[DoNotSchedule:{} ScheduleAnyway:{}]", one.items[0]);
	}
}

/* --- what it does --- */

/* A constraint as a pod states it; NULL where it is of no account to the domains. */
struct constraint {
	const struct spread_constraint *given;
	const struct selector *selector;
	const struct label *match_labels; /* matchLabelKeys with this pod's values */
	size_t match_label_count;
	const struct pod *affinity_of;             /* whose node affinity the nodes must match; NULL for any node */
	const struct pass_places *affinity;        /* the nodes that do */
	const struct toleration_list *tolerations; /* that must tolerate their taints, where has_tolerations */
	bool has_tolerations;
};

/* The nodes by their values of a key, made once: values are interned, so equal ones are one text. */
struct topology {
	const char **values; /* by the node's place in the pass; NULL for none */
	size_t *numbers;     /* of these values, from 0 */
	size_t count;        /* different ones */
};

struct domain {
	const char *value;
	size_t number; /* of the value */
	struct pass_pod **pods;
	size_t count, capacity;
};

struct solving {
	struct pass *pass;
	const struct args *a;
	const char *namespace;
	struct pass_pod **pods; /* of the namespace, in order */
	size_t pod_count;
	bool *is_victim;           /* of pods */
	struct pod_groups *groups; /* of pods */
	struct pointer_map *topologies;
	const struct topology *topology;
	const struct constraint *constraint;
	struct domain *domains;
	size_t domain_count;
	size_t *places; /* in domains, plus one, by the number of the value; 0 for none */
	double mean;
	struct pass_node **below; /* nodes of domains that are below the mean */
	size_t below_count;
};

/* --- constraints --- */

static bool is_listed(const struct args *a, const struct spread_constraint *given)
{
	return (given->action == SPREAD_DO_NOT_SCHEDULE && texts_have(&a->constraints, "DoNotSchedule")) ||
		(given->action == SPREAD_SCHEDULE_ANYWAY && texts_have(&a->constraints, "ScheduleAnyway"));
}

static void take_match_labels(struct pass *pass, const struct pod *pod, struct constraint *constraint)
{
	const struct text_list *keys = constraint->given->match_label_keys;
	struct label *labels = ARENA_ARRAY(&pass->arena, keys ? keys->count : 0, struct label);

	for (size_t i = 0; keys && i < keys->count; i++) {
		const char *value = labels_get(pod->meta.labels, keys->items[i]);

		if (value)
			labels[constraint->match_label_count++] = (struct label){ keys->items[i], value };
	}
	constraint->match_labels = labels;
}

static bool constraint_of(struct pass *pass, const struct pod *pod, const struct spread_constraint *given,
	struct constraint *ret_constraint)
{
	struct constraint constraint = { .given = given, .selector = pass_selector(pass, given->selector) };

	if (!constraint.selector)
		return false;
	take_match_labels(pass, pod, &constraint);
	if (given->node_affinity_policy != SPREAD_IGNORE) {
		constraint.affinity_of = pod;
		constraint.affinity = pass_places_by_affinity(pass, pod);
	}
	constraint.has_tolerations = given->node_taints_policy == SPREAD_HONOR;
	if (constraint.has_tolerations)
		constraint.tolerations = pod->tolerations;
	*ret_constraint = constraint;
	return true;
}

/* What a node must match: equal demands are one object, for they are interned. */
static bool have_equal_affinity(const struct pod *a, const struct pod *b)
{
	if (!a || !b)
		return a == b;
	return a->node_selector == b->node_selector &&
		(a->placement ? a->placement->required_nodes : NULL) ==
		(b->placement ? b->placement->required_nodes : NULL);
}

static bool are_equal(const struct constraint *a, const struct constraint *b)
{
	if (a->given->max_skew != b->given->max_skew || a->given->selector != b->given->selector ||
		strcmp(a->given->topology_key, b->given->topology_key) != 0 ||
		a->match_label_count != b->match_label_count || a->has_tolerations != b->has_tolerations ||
		a->tolerations != b->tolerations || !have_equal_affinity(a->affinity_of, b->affinity_of))
		return false;
	for (size_t i = 0; i < a->match_label_count; i++)
		if (!text_equal(a->match_labels[i].key, b->match_labels[i].key) ||
			!text_equal(a->match_labels[i].value, b->match_labels[i].value))
			return false;
	return true;
}

/* matchLabelKeys, beside the selector. */
static bool has_match_labels(const struct constraint *constraint, const struct labels *labels)
{
	for (size_t i = 0; i < constraint->match_label_count; i++)
		if (!text_equal(labels_get(labels, constraint->match_labels[i].key), constraint->match_labels[i].value))
			return false;
	return true;
}

static bool includes(const struct solving *s, const struct pass_node *node)
{
	const struct constraint *constraint = s->constraint;
	const unsigned effects = 1U << EFFECT_NO_SCHEDULE | 1U << EFFECT_NO_EXECUTE;

	if (constraint->affinity && !pass_places_have(s->pass, constraint->affinity, node))
		return false;
	return !constraint->has_tolerations ||
		!taint_first_untolerated(node->node->taints, constraint->tolerations, effects);
}

/* --- domains --- */

static const struct topology *topology_of(struct solving *s, const char *key)
{
	struct pass *pass = s->pass;
	void **known = pointer_map_at(s->topologies, POINTERS(key));
	struct topology *topology = *known;
	AUTO_POINTER_MAP numbers = { 0 };

	if (topology)
		return topology;
	*known = topology = ARENA_NEW(&pass->arena, struct topology);
	topology->values = ARENA_ARRAY(&pass->arena, pass->node_count, const char *);
	topology->numbers = ARENA_ARRAY(&pass->arena, pass->node_count, size_t);
	for (size_t i = 0; i < pass->node_count; i++) {
		const char *value = labels_get(pass->nodes[i].node->meta.labels, key);
		void **first = value ? pointer_map_at(&numbers, POINTERS(value)) : NULL;

		if (!value)
			continue;
		topology->values[i] = value;
		topology->numbers[i] =
			*first ? topology->numbers[(struct pass_node *)*first - pass->nodes] : topology->count++;
		*first = *first ? *first : &pass->nodes[i];
	}
	return topology;
}

static const char *value_of(const struct solving *s, const struct pass_node *node)
{
	return s->topology->values[node - s->pass->nodes];
}

static size_t number_of(const struct solving *s, const struct pass_node *node)
{
	return s->topology->numbers[node - s->pass->nodes];
}

/* The node has a value. */
static struct domain *domain_of(struct solving *s, const struct pass_node *node)
{
	size_t number = number_of(s, node);

	if (!s->places[number]) {
		s->domains[s->domain_count] = (struct domain){ .value = value_of(s, node), .number = number };
		s->places[number] = ++s->domain_count;
	}
	return &s->domains[s->places[number] - 1];
}

/* Those of nodes may be empty; that of a pod need not be of a node that the constraint includes. */
static void find_domains(struct solving *s)
{
	struct pod_group **groups;
	size_t sum = 0, count = pod_groups_select(s->groups, s->namespace, s->constraint->selector, &groups);

	FOR_EACH_NODE(s->pass, node)
	if (value_of(s, node) && includes(s, node))
		domain_of(s, node);
	for (size_t i = 0; i < count; i++) {
		if (!has_match_labels(s->constraint, groups[i]->labels))
			continue;
		for (size_t k = 0; k < groups[i]->count; k++) {
			struct pass_pod *pod = groups[i]->pods[k];
			struct domain *domain;

			if (pod->is_gone || pod->pod->meta.deleted != TIME_NONE || !value_of(s, pod->node))
				continue;
			domain = domain_of(s, pod->node);
			ARRAY_GROW(domain->pods, domain->count, domain->capacity);
			domain->pods[domain->count++] = pod;
			sum++;
		}
	}
	s->mean = s->domain_count ? (double)sum / (double)s->domain_count : 0;
}

static bool is_balanced(const struct solving *s)
{
	size_t least = SIZE_MAX, most = 0;

	for (size_t i = 0; i < s->domain_count; i++) {
		least = s->domains[i].count < least ? s->domains[i].count : least;
		most = s->domains[i].count > most ? s->domains[i].count : most;
	}
	return !s->domain_count || (intptr_t)(most - least) <= s->constraint->given->max_skew;
}

static int compare_domains(const void *a, const void *b)
{
	const struct domain *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? -1 : 1;
	return strcmp(x->value, y->value);
}

static bool is_picky(const struct pod *pod)
{
	return pod->node_selector ||
		(pod->placement && (pod->placement->required_nodes || pod->placement->preferred_nodes));
}

/* Victims are taken from the end: of the easy-going ones those of high priority. */
static int compare_pods(const void *a, const void *b)
{
	const struct pass_pod *x = *(struct pass_pod *const *)a, *y = *(struct pass_pod *const *)b;

	if (is_picky(x->pod) != is_picky(y->pod))
		return is_picky(x->pod) ? -1 : 1;
	if (x->pod->has_priority != y->pod->has_priority)
		return x->pod->has_priority ? 1 : -1;
	if (x->pod->priority != y->pod->priority)
		return x->pod->priority < y->pod->priority ? -1 : 1;
	return x < y ? -1 : x > y;
}

static void sort_domains(struct solving *s)
{
	for (size_t i = 0; i < s->domain_count; i++)
		if (s->domains[i].count)
			qsort(s->domains[i].pods, s->domains[i].count, sizeof(struct pass_pod *), compare_pods);
	qsort(s->domains, s->domain_count, sizeof(*s->domains), compare_domains);
}

/* Sorting has given the domains other places. */
static void find_below(struct solving *s)
{
	s->below_count = 0;
	for (size_t i = 0; i < s->domain_count; i++)
		s->places[s->domains[i].number] = i + 1;
	FOR_EACH_NODE(s->pass, node)
	{
		size_t place = value_of(s, node) ? s->places[number_of(s, node)] : 0;

		if (place && (double)s->domains[place - 1].count < s->mean && includes(s, node))
			s->below[s->below_count++] = node;
	}
}

/* --- balancing --- */

static int by_address(const void *a, const void *b)
{
	const struct pass_pod *x = *(struct pass_pod *const *)a, *y = *(struct pass_pod *const *)b;

	return x < y ? -1 : x > y;
}

static void mark(struct solving *s, const struct pass_pod *pod)
{
	struct pass_pod **place = bsearch(&pod, s->pods, s->pod_count, sizeof(struct pass_pod *), by_address);

	if (place)
		s->is_victim[place - s->pods] = true;
}

/* Those that fit somewhere below the mean come last, in the order they had. */
static void put_fitting_last(struct solving *s, struct domain *domain)
{
	struct pass_pod **sorted = ARENA_ARRAY(&s->pass->arena, domain->count, struct pass_pod *);
	bool *fits = ARENA_ARRAY(&s->pass->arena, domain->count, bool);
	size_t count = 0;

	for (size_t i = 0; i < domain->count; i++)
		fits[i] = pass_fits_other_node(s->pass, domain->pods[i], s->below, s->below_count);
	for (int turn = 0; turn < 2; turn++)
		for (size_t i = 0; i < domain->count; i++)
			if (fits[i] == (turn == 1))
				sorted[count++] = domain->pods[i];
	memcpy(domain->pods, sorted, count * sizeof(struct pass_pod *));
}

static void move(struct solving *s, struct domain *from, struct domain *to, size_t count)
{
	bool needs_fit = !s->a->node_fit.is_set || s->a->node_fit.value;

	put_fitting_last(s, from);
	for (size_t i = 0; i < count; i++) {
		struct pass_pod *pod = from->pods[from->count - count + i];

		/* One that fits nowhere else stays, but the sums go on as if it had gone. */
		if (!needs_fit || pass_fits_other_node(s->pass, pod, s->below, s->below_count))
			mark(s, pod);
		ARRAY_GROW(to->pods, to->count, to->capacity);
		to->pods[to->count++] = pod;
	}
	from->count -= count;
}

static size_t moves_between(const struct solving *s, const struct domain *low, const struct domain *high, double skew)
{
	double above = ceil((double)high->count - s->mean), below = ceil(s->mean - (double)low->count);
	double half = ceil((skew - (double)s->constraint->given->max_skew) / 2);
	double least = fmin(fmin(above, below), half);

	return least > 0 ? (size_t)least : 0;
}

static void balance_domains(struct solving *s)
{
	size_t i = 0, j = s->domain_count - 1;

	sort_domains(s);
	find_below(s);
	while (i < j) {
		double skew;
		size_t count;

		/* As upstream's, this goes on with the next one even where that is i itself. */
		if ((double)s->domains[j].count <= s->mean)
			j--;
		skew = (double)s->domains[j].count - (double)s->domains[i].count;
		if ((intptr_t)skew <= s->constraint->given->max_skew) {
			i++;
			continue;
		}
		count = moves_between(s, &s->domains[i], &s->domains[j], skew);
		if (!count) {
			i++;
			continue;
		}
		move(s, &s->domains[j], &s->domains[i], count);
	}
}

static void solve(struct solving *s, const struct constraint *constraint)
{
	s->constraint = constraint;
	s->topology = topology_of(s, constraint->given->topology_key);
	s->domains = memory_new_array(s->topology->count, sizeof(*s->domains));
	s->places = memory_new_array(s->topology->count, sizeof(*s->places));
	s->domain_count = 0;
	find_domains(s);
	if (!is_balanced(s))
		balance_domains(s);
	for (size_t i = 0; i < s->domain_count; i++)
		free(s->domains[i].pods);
	memory_auto_free(&s->domains);
	memory_auto_free(&s->places);
}

static void solve_namespace(struct solving *s)
{
	AUTO_FREE struct constraint *found = NULL;
	size_t count = 0, capacity = 0;

	for (size_t i = 0; i < s->pod_count; i++) {
		const struct placement *placement = s->pods[i]->pod->placement;

		for (size_t k = 0; placement && placement->spread && k < placement->spread->count; k++) {
			struct constraint constraint;
			bool is_known = false;

			if (!is_listed(s->a, &placement->spread->items[k]) ||
				!constraint_of(s->pass, s->pods[i]->pod, &placement->spread->items[k], &constraint))
				continue;
			/* Mostly it is that of the pod before. */
			for (size_t n = count; n > 0 && !is_known; n--)
				is_known = are_equal(&constraint, &found[n - 1]);
			if (is_known)
				continue;
			ARRAY_GROW(found, count, capacity);
			found[count++] = constraint;
		}
	}
	for (size_t i = 0; i < count; i++)
		solve(s, &found[i]);
}

/* Victims of all namespaces go one after the other; a node that is full is passed over from then on. */
static void evict_victims(
	struct pass *pass, struct pass_pod **pods, const bool *is_victim, size_t count, const struct args *a)
{
	AUTO_FREE bool *is_full = memory_new_array(pass->node_count, sizeof(*is_full));

	for (size_t i = 0; i < count; i++) {
		size_t node = (size_t)(pods[i]->node - pass->nodes);
		enum pass_refusal refusal;

		if (!is_victim[i] || is_full[node] ||
			!pod_filter_has((struct pod_filter){ &a->namespaces, a->labels }, pods[i]->pod) ||
			!pass_is_evictable(pass, pods[i]) || !pass_may_leave(pass, pods[i]))
			continue;
		refusal = pass_evict(pass, pods[i], "its domain has more than maxSkew pods above another");
		if (refusal == PASS_TOTAL_FULL)
			return;
		if (refusal == PASS_NODE_FULL)
			is_full[node] = true;
	}
}

/* Pods in the order of namespaces and names: those of a namespace stand together. */
static size_t find_pods(struct pass *pass, const struct args *a, struct pass_pod **ret_pods)
{
	size_t found = 0;

	FOR_EACH_NODE(pass, node)
	{
		for (size_t i = 0; i < node->pod_count; i++) {
			struct pass_pod *pod = node->pods[i];

			if (pass_pod_is_active(pod) &&
				pod_filter_has((struct pod_filter){ &a->namespaces, a->labels }, pod->pod) &&
				pass_is_evictable(pass, pod))
				ret_pods[found++] = pod;
		}
	}
	qsort(ret_pods, found, sizeof(struct pass_pod *), by_address);
	return found;
}

static int balance(struct pass *pass, const void *args, struct error *err)
{
	const struct args *a = args;
	AUTO_FREE struct pass_pod **pods = memory_new_array(pass->pod_count, sizeof(struct pass_pod *));
	AUTO_FREE bool *is_victim = memory_new_array(pass->pod_count, sizeof(*is_victim));
	AUTO_FREE struct pass_node **below = memory_new_array(pass->listed_count, sizeof(struct pass_node *));
	AUTO_POINTER_MAP topologies = { 0 };
	size_t count = find_pods(pass, a, pods), end;

	(void)err;
	for (size_t first = 0; first < count; first = end) {
		CLEANUP(pod_groups_release) struct pod_groups groups;
		struct solving solving = { .pass = pass,
			.a = a,
			.namespace = pods[first]->pod->meta.namespace,
			.pods = pods + first,
			.groups = &groups,
			.topologies = &topologies,
			.below = below };

		for (end = first + 1;
			end < count && pods[end]->pod->meta.namespace == pods[first]->pod->meta.namespace;)
			end++;
		solving.pod_count = end - first;
		solving.is_victim = is_victim + first;
		pod_groups_init(&groups, pass);
		for (size_t i = first; i < end; i++)
			pod_groups_add(&groups, pods[i]);
		solve_namespace(&solving);
	}
	evict_victims(pass, pods, is_victim, count, a);
	return 0;
}

const struct strategy strategy_remove_pods_violating_topology_spread_constraint = {
	.name = "RemovePodsViolatingTopologySpreadConstraint",
	.summary = "pods that are spread unevenly over zones or nodes",
	.points = STRATEGY_BALANCE,
	.params = params,
	.args_size = sizeof(struct args),
	.check = check,
	.balance = balance,
};
