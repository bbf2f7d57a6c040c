/* PodDisruptionBudgets of the demo. Source of the rules: k8s.io/kubernetes/pkg/controller/disruption/disruption.go,
 * v0.34 (getExpectedPodCount, countHealthyPods, updatePdbStatus). */
#include <stdlib.h>
#include <string.h>

#include "clusterutils/model/policy.h"
#include "clusterutils/util/text.h"
#include "control.h"
#include "pod.h"
#include "tree.h"

static const struct disruption_budget *budget_of(struct demo_world *world, const struct demo_object *object)
{
	return (const void *)cluster_find(
		demo_store_cluster(&world->store), KIND_POD_DISRUPTION_BUDGET, object->name, object->namespace);
}

bool demo_budget_selects(struct demo_world *world, const struct demo_object *object, const struct demo_object *pod)
{
	const struct disruption_budget *budget = budget_of(world, object);
	const struct meta *meta = cluster_find(demo_store_cluster(&world->store), KIND_POD, pod->name, pod->namespace);
	AUTO_SELECTOR selector = { 0 };
	struct error err;

	if (!budget || !meta || !budget->selector || !text_equal(object->namespace, pod->namespace))
		return false;
	return selector_build(budget->selector, &selector, &err) == 0 && selector_matches(&selector, meta->labels);
}

/* "50%" of the pods, rounded up; or a number of them. */
static int64_t amount_of(const char *text, int64_t whole)
{
	uint64_t number = 0;
	char digits[16];
	size_t length = strlen(text);

	if (length && length < sizeof(digits) && text[length - 1] == '%') {
		memcpy(digits, text, length - 1);
		digits[length - 1] = '\0';
		text_to_uint(digits, 100, &number);
		return (whole * (int64_t)number + 99) / 100;
	}
	text_to_uint(text, INT32_MAX, &number);
	return (int64_t)number;
}

/* What the pods' controllers want there to be. */
static int64_t scale_of(const struct cluster *cluster, const struct pod *pod)
{
	static const enum kind kinds[] = { KIND_REPLICA_SET, KIND_STATEFUL_SET };
	const struct owner *owner = meta_controller(&pod->meta);

	for (size_t i = 0; owner && i < 2; i++) {
		const struct meta *meta = cluster_find(cluster, kinds[i], owner->name, pod->meta.namespace);

		if (meta && text_equal(meta->uid, owner->uid))
			return ((const struct workload *)(const void *)meta)->replicas;
	}
	return 1;
}

struct health {
	int64_t pods, healthy, expected;
};

static struct health health_of(struct demo_world *world, const struct demo_object *object)
{
	const struct cluster *cluster = demo_store_cluster(&world->store);
	const struct disruption_budget *budget = budget_of(world, object);
	const struct namespace_entry *space = index_find(&cluster->namespaces, object->namespace, NULL);
	struct health health = { 0 };
	AUTO_SELECTOR selector = { 0 };
	struct error err;
	const char *last_owner = "";

	if (!budget || !budget->selector || !space || selector_build(budget->selector, &selector, &err) < 0)
		return health;
	for (const struct pod *pod = space->pods; pod; pod = pod->by_namespace.next) {
		const struct owner *owner = meta_controller(&pod->meta);

		if (!selector_matches(&selector, pod->meta.labels) || !pod_is_active(pod))
			continue;
		health.pods++;
		health.healthy += pod->ready && pod->meta.deleted == TIME_NONE;
		if (!owner || !text_equal(owner->uid, last_owner)) /* those of a budget are of one controller, mostly */
			health.expected += scale_of(cluster, pod);
		last_owner = owner ? owner->uid : "";
	}
	return health;
}

void demo_budget_look(struct demo_world *world, struct demo_object *object, int64_t number, const char *text)
{
	const struct disruption_budget *budget = budget_of(world, object);
	struct health health = health_of(world, object);
	cJSON *status = demo_tree_object(demo_object_tree(object), "status");
	int64_t expected = health.expected, desired = 0, allowed;
	bool changed;

	(void)number;
	(void)text;
	if (!budget)
		return;
	if (budget->max_unavailable) {
		desired = expected - amount_of(budget->max_unavailable, expected);
	} else if (budget->min_available) {
		if (!strchr(budget->min_available, '%'))
			expected = health.pods;
		desired = amount_of(budget->min_available, expected);
	}
	desired = desired < 0 ? 0 : desired;
	allowed = expected > 0 && health.healthy > desired ? health.healthy - desired : 0;
	changed = demo_count_set(status, "expectedPods", expected);
	changed = demo_count_set(status, "currentHealthy", health.healthy) || changed;
	changed = demo_count_set(status, "desiredHealthy", desired) || changed;
	changed = demo_count_set(status, "disruptionsAllowed", allowed) || changed;
	changed = demo_count_set(
			  status, "observedGeneration", demo_tree_number(object->tree, "metadata generation", 0)) ||
		changed;
	if (!changed)
		return;
	/* These four have no omitempty. */
	demo_tree_set_number(status, "expectedPods", expected);
	demo_tree_set_number(status, "currentHealthy", health.healthy);
	demo_tree_set_number(status, "desiredHealthy", desired);
	demo_tree_set_number(status, "disruptionsAllowed", allowed);
	demo_condition_set(
		world, object, "DisruptionAllowed", allowed > 0, allowed > 0 ? "SufficientPods" : "InsufficientPods");
	demo_commit(world, object);
}

void demo_budgets_look(struct demo_world *world, const char *namespace)
{
	const struct index *budgets = &world->store.objects[KIND_POD_DISRUPTION_BUDGET];

	for (size_t i = 0; i < budgets->count; i++) {
		struct demo_object *budget = budgets->items[i];

		if (text_equal(budget->namespace, namespace))
			demo_budget_look(world, budget, 0, "");
	}
}
