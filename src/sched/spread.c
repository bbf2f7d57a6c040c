/* PodTopologySpread: the constraints that must hold, and those that are scored; a pod that has none of its own is
 * scored by the default ones, with the selector of its Services and its ReplicaSet or StatefulSet.
 *
 * As upstream's code has it: an empty selector counts no pods, though the pod itself matches it; a node without one of
 * the keys takes part in nothing where the constraints are the pod's own. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/model/service.h"
#include "clusterutils/model/workload.h"
#include "clusterutils/util/text.h"
#include "scheduler_private.h"
#include "spread.h"

enum { MOST_POINTS = 100 };

const char *const spread_hostname_key = "kubernetes.io/hostname";
const char *const spread_zone_key = "topology.kubernetes.io/zone";

struct spread_rule {
	const struct sched_topology *topology;
	struct counted_by by;
	int64_t max_skew, min_domains;
	bool honors_affinity, honors_taints;
	bool is_hostname;
	bool is_by_node;    /* scores count pods on the node itself where the key is of hosts */
	int64_t *counts;    /* by domain, or by node */
	uint8_t *is_domain; /* whether a node that takes part, or (of scores) that is feasible, is in it */
	int64_t domains;    /* how many are */
	int64_t least;      /* of them, with min_domains; of filters */
	double weight;      /* of scores */
	bool matches_self;
};

struct spread_question {
	struct spread_rule *rules;
	size_t count;
	bool requires_all; /* keys, of a node that takes part */
};

/* --- which pods count --- */

static bool labels_include(const struct labels *labels, const struct labels *part)
{
	for (size_t i = 0; part && i < part->count; i++)
		if (!text_equal(labels_get(labels, part->items[i].key), part->items[i].value))
			return false;
	return true;
}

bool spread_is_counted(const struct counted_by *by, const struct labels *labels)
{
	if (by->is_nothing || !labels_include(labels, by->labels))
		return false;
	return !by->selector || selector_matches(by->selector, labels);
}

static void count_pods(struct question *question, struct spread_rule *rule, const uint8_t *takes_part)
{
	const struct sched_space *space = question->self->space;

	if (rule->by.is_empty)
		return;
	for (const struct sched_group *group = space->groups; group; group = group->next) {
		if (!group->count || !spread_is_counted(&rule->by, group->labels))
			continue;
		for (size_t i = 0; i < group->count; i++) {
			const struct sched_pod *pod = group->pods[i];
			int32_t domain = rule->topology->of_node[pod->node->position];

			if (!pod->is_leaving && domain >= 0 && takes_part[pod->node->position])
				rule->counts[rule->is_by_node ? pod->node->position : (uint32_t)domain]++;
		}
	}
}

/* Labels of the pod itself that matchLabelKeys names. */
static const struct labels *own_labels(struct question *question, const struct text_list *keys)
{
	const struct labels *labels = question->pod->meta.labels;
	struct labels *found;

	if (!keys || !labels)
		return NULL;
	found = arena_new(question->arena, 1, sizeof(*found) + labels->count * sizeof(found->items[0]));
	for (size_t i = 0; i < labels->count; i++)
		for (size_t k = 0; k < keys->count; k++)
			if (strcmp(keys->items[k], labels->items[i].key) == 0) {
				found->items[found->count++] = labels->items[i];
				break;
			}
	return found->count ? found : NULL;
}

/* --- the constraints --- */

static bool read_rule(struct question *question, const struct spread_constraint *constraint, const char *what,
	struct spread_rule *rule)
{
	const char *problem = "";
	const struct selector *selector = scheduler_selector(question->scheduler, constraint->selector, &problem);

	if (!selector) {
		question_fail(question,
			arena_printf(
				question->arena, "obtaining pod's %s topology spread constraints: %s", what, problem));
		return false;
	}
	rule->by.selector = selector;
	rule->by.is_nothing = selector->is_nothing;
	rule->by.labels = own_labels(question, constraint->match_label_keys);
	rule->by.is_empty = selector_is_everything(selector) && !rule->by.labels;
	rule->topology = scheduler_topology(question->scheduler, constraint->topology_key);
	rule->is_hostname = strcmp(constraint->topology_key, spread_hostname_key) == 0;
	rule->max_skew = constraint->max_skew;
	rule->min_domains = constraint->min_domains ? constraint->min_domains : 1;
	rule->honors_affinity = constraint->node_affinity_policy != SPREAD_IGNORE;
	rule->honors_taints = constraint->node_taints_policy == SPREAD_HONOR;
	return true;
}

static void add_rules(
	struct question *question, enum spread_action action, const char *what, struct spread_question *spread)
{
	const struct spread_constraints *all = question->pod->placement ? question->pod->placement->spread : NULL;

	spread->rules = ARENA_ARRAY(question->arena, (all ? all->count : 0) + 2, struct spread_rule);
	for (size_t i = 0; all && i < all->count; i++)
		if (all->items[i].action == action &&
			read_rule(question, &all->items[i], what, &spread->rules[spread->count]))
			spread->count++;
}

static bool has_all_keys(const struct spread_question *spread, size_t node)
{
	for (size_t i = 0; i < spread->count; i++)
		if (spread->rules[i].topology->of_node[node] < 0)
			return false;
	return true;
}

/* Which nodes take part in a rule: 1 for each by its position. */
static uint8_t *participants(
	struct question *question, const struct spread_question *spread, const struct spread_rule *rule)
{
	struct scheduler *scheduler = question->scheduler;
	uint8_t *takes_part = ARENA_ARRAY(question->arena, scheduler->node_count, uint8_t);
	const uint8_t *selected = rule->honors_affinity ? scheduler_selected(scheduler, question->pod) : NULL;
	const uint8_t *tolerated = rule->honors_taints ? scheduler_tolerated(scheduler, question->pod) : NULL;

	for (size_t i = 0; i < scheduler->node_count; i++)
		takes_part[i] = (!spread->requires_all || has_all_keys(spread, i)) && (!selected || selected[i]) &&
			(!tolerated || tolerated[i]);
	return takes_part;
}

/* --- what must hold --- */

static void find_least(struct spread_rule *rule)
{
	rule->least = INT32_MAX;
	for (size_t i = 0; i < rule->topology->domain_count; i++) {
		if (!rule->is_domain[i])
			continue;
		rule->domains++;
		if (rule->counts[i] < rule->least)
			rule->least = rule->counts[i];
	}
	if (rule->domains < rule->min_domains)
		rule->least = 0;
}

void spread_ask(struct question *question)
{
	struct spread_question *spread;

	if (!question->pod->placement || !question->pod->placement->spread)
		return;
	spread = ARENA_NEW(question->arena, struct spread_question);
	spread->requires_all = true;
	add_rules(question, SPREAD_DO_NOT_SCHEDULE, "hard", spread);
	for (size_t i = 0; i < spread->count; i++) {
		struct spread_rule *rule = &spread->rules[i];
		uint8_t *takes_part = participants(question, spread, rule);

		rule->counts = ARENA_ARRAY(question->arena, rule->topology->domain_count, int64_t);
		rule->is_domain = ARENA_ARRAY(question->arena, rule->topology->domain_count, uint8_t);
		for (size_t k = 0; k < question->scheduler->node_count; k++)
			if (takes_part[k])
				rule->is_domain[rule->topology->of_node[k]] = 1;
		count_pods(question, rule, takes_part);
		find_least(rule);
		rule->matches_self = spread_is_counted(&rule->by, question->pod->meta.labels);
	}
	question->spread = spread->count ? spread : NULL;
}

const char *spread_misfit(const struct question *question, const struct sched_node *node, bool *ret_is_unresolvable)
{
	const struct spread_question *spread = question->spread;

	for (size_t i = 0; spread && i < spread->count; i++) {
		const struct spread_rule *rule = &spread->rules[i];
		int32_t domain = rule->topology->of_node[node->position];

		*ret_is_unresolvable = domain < 0;
		if (domain < 0)
			return "node(s) didn't match pod topology spread constraints (missing required label)";
		if (rule->counts[domain] + rule->matches_self - rule->least > rule->max_skew)
			return "node(s) didn't match pod topology spread constraints";
	}
	return NULL;
}

void spread_filter(struct question *question, const struct sched_node *node)
{
	bool is_unresolvable;
	const char *misfit = spread_misfit(question, node, &is_unresolvable);

	if (misfit)
		question_refuse(question, node, SCHED_POD_TOPOLOGY_SPREAD, is_unresolvable, misfit);
}

/* --- scores --- */

/* Labels of every Service that chooses the pod, merged: they agree, for each is among the pod's. */
static const struct labels *service_labels(struct question *question)
{
	const struct cluster *cluster = question->scheduler->cluster;
	const struct labels *own = question->pod->meta.labels;
	struct labels *merged = NULL;

	for (size_t i = 0; own && i < cluster_count(cluster, KIND_SERVICE); i++) {
		const struct service *service = CLUSTER_ITEM(cluster, KIND_SERVICE, struct service, i);

		if (!service->selector || !text_equal(service->meta.namespace, question->pod->meta.namespace) ||
			!labels_include(own, service->selector))
			continue;
		if (!merged)
			merged = arena_new(question->arena, 1, sizeof(*merged) + own->count * sizeof(merged->items[0]));
		for (size_t k = 0; k < service->selector->count; k++)
			if (!labels_get(merged, service->selector->items[k].key))
				merged->items[merged->count++] = service->selector->items[k];
	}
	return merged;
}

static const struct workload *find_owner(struct question *question)
{
	static const struct {
		const char *name;
		enum kind kind;
	} kinds[] = { { "ReplicaSet", KIND_REPLICA_SET }, { "StatefulSet", KIND_STATEFUL_SET } };
	const struct owner *owner = meta_controller(&question->pod->meta);

	for (size_t i = 0; owner && i < 2; i++)
		if (strcmp(owner->api_version, "apps/v1") == 0 && strcmp(owner->kind, kinds[i].name) == 0)
			return (const struct workload *)(const void *)cluster_find(question->scheduler->cluster,
				kinds[i].kind, owner->name, question->pod->meta.namespace);
	return NULL;
}

bool spread_default(struct question *question, struct counted_by *ret_by)
{
	const struct workload *owner = find_owner(question);
	const struct selector *selector =
		owner && owner->selector ? scheduler_selector(question->scheduler, owner->selector, NULL) : NULL;

	*ret_by = (struct counted_by){ .labels = service_labels(question) };
	if (selector && !selector->is_nothing && !selector_is_everything(selector))
		ret_by->selector = selector;
	return ret_by->selector || ret_by->labels;
}

static void add_default_rules(struct question *question, struct spread_question *spread)
{
	const struct {
		const char *key;
		int64_t max_skew;
	} rules[] = { { spread_hostname_key, SPREAD_HOST_SKEW }, { spread_zone_key, SPREAD_ZONE_SKEW } };
	struct counted_by by;

	if (!spread_default(question, &by))
		return;
	for (size_t i = 0; i < 2; i++)
		spread->rules[spread->count++] = (struct spread_rule){
			.topology = scheduler_topology(question->scheduler, rules[i].key),
			.by = by,
			.max_skew = rules[i].max_skew,
			.honors_affinity = true,
			.is_hostname = i == 0,
		};
}

/* Nodes that miss a key are neither scored nor counted where the constraints are the pod's own. */
static bool is_ignored(const struct spread_question *spread, size_t node)
{
	return spread->requires_all && !has_all_keys(spread, node);
}

static void weigh(struct question *question, struct spread_question *spread, struct spread_rule *rule)
{
	int64_t size = 0;

	rule->is_domain = ARENA_ARRAY(question->arena, rule->topology->domain_count + 1, uint8_t);
	for (size_t i = 0; i < question->feasible_count; i++) {
		uint32_t node = question->feasible[i]->position;
		int32_t domain = rule->topology->of_node[node];
		/* Nodes without the label are a domain here, with those where it is empty. */
		size_t at =
			domain < 0 || !*rule->topology->values[domain] ? rule->topology->domain_count : (size_t)domain;

		if (is_ignored(spread, node))
			continue;
		size += rule->is_hostname || !rule->is_domain[at];
		rule->is_domain[at] = 1;
	}
	rule->weight = log((double)(size + 2));
}

bool spread_ask_scores(struct question *question)
{
	struct spread_question *spread = ARENA_NEW(question->arena, struct spread_question);
	const struct placement *placement = question->pod->placement;

	spread->requires_all = placement && placement->spread;
	add_rules(question, SPREAD_SCHEDULE_ANYWAY, "soft", spread);
	if (!spread->requires_all)
		add_default_rules(question, spread);
	for (size_t i = 0; i < spread->count; i++) {
		struct spread_rule *rule = &spread->rules[i];
		uint8_t *takes_part;

		weigh(question, spread, rule);
		rule->is_by_node = rule->is_hostname;
		rule->counts = ARENA_ARRAY(question->arena,
			rule->is_by_node ? question->scheduler->node_count : rule->topology->domain_count, int64_t);
		if (rule->is_by_node) {
			takes_part = ARENA_ARRAY(question->arena, question->scheduler->node_count, uint8_t);
			memset(takes_part, 1, question->scheduler->node_count);
		} else {
			takes_part = participants(question, spread, rule);
		}
		count_pods(question, rule, takes_part);
	}
	question->soft_spread = spread->count ? spread : NULL;
	return spread->count > 0;
}

int64_t spread_score(struct question *question, const struct sched_node *node)
{
	const struct spread_question *spread = question->soft_spread;
	double score = 0;

	if (is_ignored(spread, node->position))
		return 0;
	for (size_t i = 0; i < spread->count; i++) {
		const struct spread_rule *rule = &spread->rules[i];
		int32_t domain = rule->topology->of_node[node->position];

		if (domain >= 0)
			score += (double)rule->counts[rule->is_by_node ? node->position : (uint32_t)domain] *
					rule->weight +
				(double)(rule->max_skew - 1);
	}
	return (int64_t)round(score);
}

void spread_normalize(struct question *question, int64_t *scores)
{
	const struct spread_question *spread = question->soft_spread;
	int64_t least = INT64_MAX, most = 0;

	for (size_t i = 0; i < question->feasible_count; i++) {
		if (is_ignored(spread, question->feasible[i]->position))
			continue;
		least = scores[i] < least ? scores[i] : least;
		most = scores[i] > most ? scores[i] : most;
	}
	for (size_t i = 0; i < question->feasible_count; i++) {
		if (is_ignored(spread, question->feasible[i]->position))
			scores[i] = 0;
		else
			scores[i] = most == 0 ? MOST_POINTS : MOST_POINTS * (most + least - scores[i]) / most;
	}
}
