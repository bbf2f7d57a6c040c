/* RemovePodsViolatingInterPodAntiAffinity: pods whose own required anti-affinity another pod offends.
 * Upstream: pkg/framework/plugins/removepodsviolatinginterpodantiaffinity, v0.36.0. Differs: nothing. Pods that the
 * namespaces or the labelSelector leave out do not offend either; a term's namespaceSelector is not looked at. */
#include <stdlib.h>
#include <string.h>

#include "clusterutils/rebalance/groups.h"
#include "clusterutils/rebalance/strategy.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

struct args {
	struct param_names namespaces;
	const struct param_labels *labels;
};

static const struct param params[] = {
	PARAM_NAMESPACES(struct args, namespaces),
	PARAM_SELECTOR(struct args, labels),
	PARAM_END,
};

static void check(const void *args, struct check *check)
{
	const struct args *a = args;

	check_names(check, "namespaces", &a->namespaces);
	check_labels(check, "labelSelector", a->labels);
}

/* --- what it does --- */

static struct pod_filter filter_of(const struct args *a)
{
	return (struct pod_filter){ &a->namespaces, a->labels };
}

/* Pods of one group in one domain, in the order of the pass. */
struct member {
	struct pod_group *group;
	struct pass_pod **pods;
	size_t count, capacity;
	size_t first; /* those before it are gone */
};

/* Nodes with one value of the key; a node without it is a domain of its own. */
struct domain {
	struct member **members;
	size_t count, capacity;
};

/* What a term means, in the namespace of the pod or in its own ones: by number. */
struct meaning {
	struct pod_group **groups;
	size_t count;
};

struct search {
	struct pass *pass;
	const struct args *a;
	struct pod_groups groups;
	struct pointer_map meanings; /* by term, and namespace where that matters */
	struct pointer_map keys;     /* whose domains there are */
	struct pointer_map domains;  /* by key, and value or node */
	struct pointer_map members;  /* by domain and group */
	struct domain **all_domains;
	size_t domain_count, domain_capacity;
	struct member **all_members;
	size_t member_count, member_capacity;
};

static void search_release(struct search *search)
{
	pod_groups_release(&search->groups);
	pointer_map_release(&search->meanings);
	pointer_map_release(&search->keys);
	pointer_map_release(&search->domains);
	pointer_map_release(&search->members);
	for (size_t i = 0; i < search->domain_count; i++)
		free(search->all_domains[i]->members);
	for (size_t i = 0; i < search->member_count; i++)
		free(search->all_members[i]->pods);
	free(search->all_domains);
	free(search->all_members);
}

/* Only these can offend. */
static bool is_seen(const struct search *search, const struct pass_pod *pod)
{
	return pass_pod_is_active(pod) && pod->node && pod->node->is_listed &&
		pod_filter_has(filter_of(search->a), pod->pod);
}

static void find_groups(struct search *search)
{
	pod_groups_init(&search->groups, search->pass);
	for (size_t i = 0; i < search->pass->pod_count; i++)
		if (is_seen(search, &search->pass->pods[i]))
			pod_groups_add(&search->groups, &search->pass->pods[i]);
}

/* --- domains --- */

static struct pointer_key domain_key(const struct pass_node *node, const char *key)
{
	const char *value = labels_get(node->node->meta.labels, key);

	return POINTERS(key, value ? (const void *)value : (const void *)node);
}

static struct domain *make_domain(struct search *search, struct pointer_key key)
{
	void **known = pointer_map_at(&search->domains, key);

	if (!*known) {
		*known = ARENA_NEW(&search->pass->arena, struct domain);
		ARRAY_GROW(search->all_domains, search->domain_count, search->domain_capacity);
		search->all_domains[search->domain_count++] = *known;
	}
	return *known;
}

static void add_member(struct search *search, struct domain *domain, struct pod_group *group, struct pass_pod *pod)
{
	void **known = pointer_map_at(&search->members, POINTERS(domain, group));
	struct member *member = *known;

	if (!member) {
		*known = member = ARENA_NEW(&search->pass->arena, struct member);
		member->group = group;
		ARRAY_GROW(domain->members, domain->count, domain->capacity);
		domain->members[domain->count++] = member;
		ARRAY_GROW(search->all_members, search->member_count, search->member_capacity);
		search->all_members[search->member_count++] = member;
	}
	ARRAY_GROW(member->pods, member->count, member->capacity);
	member->pods[member->count++] = pod;
}

/* Groups were filled in the order of the pass, so members are. */
static void find_domains(struct search *search, const char *key)
{
	void **known = pointer_map_at(&search->keys, POINTERS(key));

	if (*known)
		return;
	*known = search;
	for (size_t i = 0; i < search->groups.count; i++) {
		struct pod_group *group = search->groups.items[i];

		for (size_t k = 0; k < group->count; k++)
			add_member(search, make_domain(search, domain_key(group->pods[k]->node, key)), group,
				group->pods[k]);
	}
}

/* --- who offends --- */

static int by_number(const void *a, const void *b)
{
	const struct pod_group *x = *(struct pod_group *const *)a, *y = *(struct pod_group *const *)b;

	return x->number < y->number ? -1 : x->number > y->number;
}

static bool is_repeated(const struct text_list *texts, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (text_equal(texts->items[k], texts->items[i]))
			return true;
	return false;
}

static void add_meaning(
	struct search *search, struct meaning *meaning, const char *namespace, const struct selector *selector)
{
	struct pod_group **found, **all;
	size_t count = pod_groups_select(&search->groups, namespace, selector, &found);

	all = ARENA_ARRAY(&search->pass->arena, meaning->count + count, struct pod_group *);
	for (size_t i = 0; i < meaning->count + count; i++)
		all[i] = i < meaning->count ? meaning->groups[i] : found[i - meaning->count];
	meaning->groups = all;
	meaning->count += count;
}

/* Equal terms are one object where they stand in equal lists, for these are interned. */
static const struct meaning *meaning_of(
	struct search *search, const struct pod_term *term, const struct selector *selector, const struct pod *pod)
{
	void **known = pointer_map_at(&search->meanings, POINTERS(term, term->namespaces ? NULL : pod->meta.namespace));
	struct meaning *meaning = *known;

	if (meaning)
		return meaning;
	*known = meaning = ARENA_NEW(&search->pass->arena, struct meaning);
	if (!term->namespaces)
		add_meaning(search, meaning, pod->meta.namespace, selector);
	for (size_t i = 0; term->namespaces && i < term->namespaces->count; i++)
		if (!is_repeated(term->namespaces, i))
			add_meaning(search, meaning, term->namespaces->items[i], selector);
	if (meaning->count)
		qsort(meaning->groups, meaning->count, sizeof(*meaning->groups), by_number);
	return meaning;
}

/* The first that is there and is not called as the pod itself. */
static struct pass_pod *first_other(struct member *member, const struct pod *pod)
{
	while (member->first < member->count && member->pods[member->first]->is_gone)
		member->first++;
	for (size_t i = member->first; i < member->count; i++)
		if (!member->pods[i]->is_gone && !text_equal(member->pods[i]->pod->meta.name, pod->meta.name))
			return member->pods[i];
	return NULL;
}

static struct pass_pod *earlier(struct pass_pod *a, struct pass_pod *b)
{
	return !a || (b && b < a) ? b : a; /* one array, in order of names */
}

static struct pass_pod *offender_in(
	const struct search *search, const struct domain *domain, const struct meaning *meaning, const struct pod *pod)
{
	struct pass_pod *found = NULL;

	if (meaning->count < domain->count) {
		for (size_t i = 0; i < meaning->count; i++) {
			struct member *member = pointer_map_get(&search->members, POINTERS(domain, meaning->groups[i]));

			if (member)
				found = earlier(found, first_other(member, pod));
		}
		return found;
	}
	for (size_t i = 0; meaning->count && i < domain->count; i++)
		if (bsearch(&domain->members[i]->group, meaning->groups, meaning->count, sizeof(*meaning->groups),
			    by_number))
			found = earlier(found, first_other(domain->members[i], pod));
	return found;
}

/* NULL where nobody does. An invalid selector ends the search, as upstream's. */
static const struct pod *offender(struct search *search, const struct pass_pod *pod)
{
	const struct placement *placement = pod->pod->placement;
	const struct pod_terms *terms = placement ? placement->required_anti_pods : NULL;

	for (size_t i = 0; terms && i < terms->count; i++) {
		const struct pod_term *term = &terms->items[i];
		const struct selector *selector = pass_selector(search->pass, term->selector);
		const struct domain *domain;
		const struct pass_pod *other;

		if (!selector)
			return NULL;
		find_domains(search, term->topology_key);
		domain = pointer_map_get(&search->domains, domain_key(pod->node, term->topology_key));
		other = domain ? offender_in(search, domain, meaning_of(search, term, selector, pod->pod), pod->pod)
			       : NULL;
		if (other)
			return other->pod;
	}
	return NULL;
}

static enum pass_refusal process(struct search *search, const struct pass_node *node)
{
	struct pass *pass = search->pass;
	struct pass_pod **pods = ARENA_ARRAY(&pass->arena, node->pod_count, struct pass_pod *);
	enum pass_refusal refusal = PASS_ACCEPTED;
	size_t count = 0;

	for (size_t i = 0; i < node->pod_count; i++)
		if (pass_pod_is_active(node->pods[i]) && pod_filter_has(filter_of(search->a), node->pods[i]->pod))
			pods[count++] = node->pods[i];
	pass_sort_by_priority(pods, count);
	for (size_t i = 0; i < count && refusal != PASS_NODE_FULL && refusal != PASS_TOTAL_FULL; i++) {
		const struct pod *other = offender(search, pods[i]);

		if (other && pass_is_evictable(pass, pods[i]) && pass_may_leave(pass, pods[i]))
			refusal = pass_evict(pass, pods[i], "its anti-affinity does not want %s/%s so near",
				other->meta.namespace ? other->meta.namespace : "", other->meta.name);
	}
	return refusal;
}

static int deschedule(struct pass *pass, const void *args, struct error *err)
{
	CLEANUP(search_release) struct search search = { .pass = pass, .a = args };

	(void)err;
	find_groups(&search);
	FOR_EACH_NODE(pass, node)
	if (process(&search, node) == PASS_TOTAL_FULL)
		break;
	return 0;
}

const struct strategy strategy_remove_pods_violating_inter_pod_anti_affinity = {
	.name = "RemovePodsViolatingInterPodAntiAffinity",
	.summary = "pods that must not run beside another that is there",
	.points = STRATEGY_DESCHEDULE,
	.params = params,
	.args_size = sizeof(struct args),
	.check = check,
	.deschedule = deschedule,
};
