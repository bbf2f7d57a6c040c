#include "budgets.h"

#include <stdlib.h>

#include "clusterutils/model/policy.h"
#include "clusterutils/model/selector.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

struct budget {
	const struct disruption_budget *object;
	struct selector selector; /* matches nothing where it cannot be read */
	int64_t left;
	struct budget *next; /* of the namespace */
};

struct space {
	const char *name;
	struct budget *budgets;
};

struct budgets {
	struct arena arena;
	struct budget *items;
	size_t count;
	struct index spaces; /* struct space: few pods are in a namespace that has budgets */
};

static struct index_key key_of_space(const void *object)
{
	return (struct index_key){ ((const struct space *)object)->name, NULL };
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static struct space *space_named(struct budgets *budgets, const char *name)
{
	struct space *space = index_find(&budgets->spaces, or_empty(name), NULL);

	if (!space) {
		space = ARENA_NEW(&budgets->arena, struct space);
		space->name = or_empty(name);
		index_add(&budgets->spaces, space);
	}
	return space;
}

struct budgets *budgets_new(const struct cluster *cluster)
{
	struct budgets *budgets = NEW(struct budgets);

	index_init(&budgets->spaces, key_of_space);
	budgets->count = cluster_count(cluster, KIND_POD_DISRUPTION_BUDGET);
	budgets->items = ARENA_ARRAY(&budgets->arena, budgets->count, struct budget);
	for (size_t i = 0; i < budgets->count; i++) {
		struct budget *budget = &budgets->items[i];
		struct space *space;
		struct error ignored = { 0 };

		budget->object = CLUSTER_ITEM(cluster, KIND_POD_DISRUPTION_BUDGET, struct disruption_budget, i);
		budget->left = budget->object->disruptions_allowed;
		if (selector_build(budget->object->selector, &budget->selector, &ignored) < 0)
			budget->selector.is_nothing = true;
		space = space_named(budgets, budget->object->meta.namespace);
		budget->next = space->budgets;
		space->budgets = budget;
	}
	return budgets;
}

void budgets_free(struct budgets *budgets)
{
	if (!budgets)
		return;
	for (size_t i = 0; i < budgets->count; i++)
		selector_release(&budgets->items[i].selector);
	index_release(&budgets->spaces);
	arena_release(&budgets->arena);
	free(budgets);
}

static struct budget *next_of(struct budget *budget, const struct pod *pod)
{
	while (budget && !selector_matches(&budget->selector, pod->meta.labels))
		budget = budget->next;
	return budget;
}

static struct budget *first_of(const struct budgets *budgets, const struct pod *pod)
{
	const struct space *space = index_find(&budgets->spaces, or_empty(pod->meta.namespace), NULL);

	return space ? next_of(space->budgets, pod) : NULL;
}

/* Pods that are not running yet, or not any more, go without a question; so do those that are not ready, where the
 * budget says so or is kept without them. */
static bool needs_leave(const struct budget *budget, const struct pod *pod)
{
	const struct disruption_budget *object = budget->object;

	if (pod->phase == POD_PENDING || !pod_is_active(pod) || pod->meta.deleted != TIME_NONE)
		return false;
	return pod->ready ||
		!(object->unhealthy_may_go ||
			(object->desired_healthy > 0 && object->current_healthy >= object->desired_healthy));
}

const char *budgets_refusal(
	const struct budgets *budgets, const struct pod *pod, struct arena *arena, bool *ret_is_spent)
{
	struct budget *budget = first_of(budgets, pod), *other = budget ? next_of(budget->next, pod) : NULL;

	*ret_is_spent = false;
	if (!budget || !needs_leave(budget, pod))
		return NULL;
	if (other)
		return arena_printf(arena, "both budgets %s and %s select it, so that the API server lets it not go",
			budget->object->meta.name, other->object->meta.name);
	if (budget->left > 0)
		return NULL;
	*ret_is_spent = budget->object->disruptions_allowed > 0;
	if (*ret_is_spent)
		return arena_printf(arena, "budget %s allows %d %s, which this plan has spent",
			budget->object->meta.name, (int)budget->object->disruptions_allowed,
			budget->object->disruptions_allowed == 1 ? "disruption" : "disruptions");
	return arena_printf(arena, "budget %s allows no disruption (%d of %d wanted are healthy)",
		budget->object->meta.name, (int)budget->object->current_healthy, (int)budget->object->desired_healthy);
}

static void count(struct budgets *budgets, const struct pod *pod, int by)
{
	struct budget *budget = first_of(budgets, pod);

	if (budget && needs_leave(budget, pod))
		budget->left += by;
}

void budgets_spend(struct budgets *budgets, const struct pod *pod)
{
	count(budgets, pod, -1);
}

void budgets_return(struct budgets *budgets, const struct pod *pod)
{
	count(budgets, pod, 1);
}

void budgets_renew(struct budgets *budgets)
{
	for (size_t i = 0; i < budgets->count; i++)
		budgets->items[i].left = budgets->items[i].object->disruptions_allowed;
}
