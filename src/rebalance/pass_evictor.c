#include "pass_evictor.h"

#include <stdlib.h>
#include <string.h>

#include "clusterutils/model/policy.h"
#include "clusterutils/model/volume.h"
#include "clusterutils/util/duration.h"
#include "clusterutils/util/index.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "places.h"

struct budget {
	const struct disruption_budget *budget;
	struct selector selector;
	bool is_valid;
};

/* How many pods name an owner, over all phases and nodes. */
struct replicas {
	const char *uid;
	uint64_t count;
};

struct evictor_state {
	struct arena arena;
	unsigned protections; /* a set of 1u << PROTECT_... */
	struct selector node_selector;
	struct budget *budgets; /* where PROTECT_WITHOUT_PDB asks for them */
	size_t budget_count;
	struct index replicas; /* where min_replicas does */
	struct node_set nodes; /* that a pod may fit, where node_fit does */
};

static struct index_key key_of_replicas(const void *object)
{
	return (struct index_key){ ((const struct replicas *)object)->uid, NULL };
}

static void find_budgets(const struct pass *pass, struct evictor_state *state)
{
	size_t count = cluster_count(pass->cluster, KIND_POD_DISRUPTION_BUDGET);

	state->budgets = memory_new_array(count, sizeof(*state->budgets));
	for (size_t i = 0; i < count; i++) {
		struct budget *budget = &state->budgets[state->budget_count++];
		struct error ignored;

		budget->budget = CLUSTER_ITEM(pass->cluster, KIND_POD_DISRUPTION_BUDGET, struct disruption_budget, i);
		budget->is_valid = selector_build(budget->budget->selector, &budget->selector, &ignored) == 0;
	}
}

static void count_replicas(const struct pass *pass, struct evictor_state *state)
{
	for (size_t i = 0; i < pass->pod_count; i++) {
		const struct owners *owners = pass->pods[i].pod->meta.owners;

		for (size_t k = 0; owners && k < owners->count; k++) {
			struct replicas *replicas = index_find(&state->replicas, owners->items[k].uid, NULL);

			if (!replicas) {
				replicas = ARENA_NEW(&state->arena, struct replicas);
				replicas->uid = owners->items[k].uid;
				index_add(&state->replicas, replicas);
			}
			replicas->count++;
		}
	}
}

/* Ready ones, whether or not the strategies are given them. */
static void find_nodes(struct pass *pass, struct evictor_state *state)
{
	state->nodes = node_set_new(pass);
	for (size_t i = 0; i < pass->node_count; i++) {
		const struct node *node = pass->nodes[i].node;

		if ((node->ready == CONDITION_TRUE || node->ready == CONDITION_ABSENT) &&
			selector_matches(&state->node_selector, node->meta.labels))
			node_set_add(&state->nodes, pass, &pass->nodes[i]);
	}
}

struct evictor_state *evictor_state_new(struct pass *pass)
{
	struct evictor_state *state = NEW(struct evictor_state);
	struct error ignored = { 0 };

	state->protections = evictor_protections(pass->evictor);
	/* Upstream cannot list nodes by an invalid selector: no pod fits any then. */
	if (selector_parse(pass->evictor->node_selector, &state->node_selector, &ignored) < 0)
		state->node_selector = (struct selector){ .is_nothing = true };
	index_init(&state->replicas, key_of_replicas);
	if (state->protections & 1U << PROTECT_WITHOUT_PDB)
		find_budgets(pass, state);
	if (pass->evictor->min_replicas > 1)
		count_replicas(pass, state);
	if (pass->evictor->node_fit)
		find_nodes(pass, state);
	return state;
}

void evictor_state_free(struct evictor_state *state)
{
	if (!state)
		return;
	for (size_t i = 0; i < state->budget_count; i++)
		if (state->budgets[i].is_valid)
			selector_release(&state->budgets[i].selector);
	selector_release(&state->node_selector);
	free(state->budgets);
	index_release(&state->replicas);
	arena_release(&state->arena);
	free(state);
}

/* --- the filter --- */

/* Of equal sentences upstream prints one. */
static void refuse(struct buffer *reasons, const char *sentence)
{
	if (strstr(buffer_text(reasons), sentence))
		return;
	if (reasons->length)
		buffer_add_char(reasons, '\n');
	buffer_add_text(reasons, sentence);
}

static const struct pod_volumes *volumes_of(const struct pod *pod)
{
	static const struct pod_volumes none;

	return pod->placement && pod->placement->volumes ? pod->placement->volumes : &none;
}

static bool has_volume(const struct pod *pod, unsigned types)
{
	const struct pod_volumes *volumes = volumes_of(pod);

	for (size_t i = 0; i < volumes->count; i++)
		if (types & 1U << volumes->items[i].type)
			return true;
	return false;
}

static bool protects(const struct pass *pass, enum protection protection)
{
	return pass->evictor_state->protections & 1U << protection;
}

static void judge_priority(const struct pass *pass, const struct pod *pod, struct buffer *reasons)
{
	const struct param_int *threshold = &pass->evictor->priority_threshold.value;

	if (!protects(pass, PROTECT_SYSTEM_CRITICAL) || !pod->has_priority)
		return;
	if (pod->priority >= EVICTOR_SYSTEM_CRITICAL)
		refuse(reasons, "pod has system critical priority and is protected against eviction");
	if (threshold->is_set && pod->priority >= threshold->value)
		refuse(reasons, "pod has higher priority than specified priority class threshold");
}

static void judge_owners(const struct pass *pass, const struct pod *pod, struct buffer *reasons)
{
	const struct owners *owners = pod->meta.owners;
	bool is_bare = !owners || !owners->count;

	if (protects(pass, PROTECT_FAILED_BARE) && is_bare)
		refuse(reasons, "pod does not have any ownerRefs");
	else if (!protects(pass, PROTECT_FAILED_BARE) && is_bare && pod->phase != POD_FAILED)
		refuse(reasons, "pod does not have any ownerRefs and is not in failed phase");
	if (protects(pass, PROTECT_LOCAL_STORAGE) &&
		has_volume(pod, 1U << POD_VOLUME_EMPTY_DIR | 1U << POD_VOLUME_HOST_PATH))
		refuse(reasons, "pod has local storage and is protected against eviction");
	if (!protects(pass, PROTECT_DAEMON_SET))
		return;
	for (size_t i = 0; owners && i < owners->count; i++)
		if (strcmp(owners->items[i].kind, "DaemonSet") == 0)
			refuse(reasons, "daemonset pods are protected against eviction");
}

/* A claim that cannot be found, or has no class, is protected as well. */
static void judge_classes(struct pass *pass, const struct pod *pod, struct buffer *reasons)
{
	const struct param_objects *protected = &pass->evictor->pod_protections.config.pods_with_pvc.protected_classes;
	const struct storage_class_name *classes = protected->items;
	const struct pod_volumes *volumes = volumes_of(pod);

	for (size_t i = 0; i < volumes->count; i++) {
		const char *name = volumes->items[i].name ? volumes->items[i].name : "";
		const struct claim *claim;

		if (volumes->items[i].type != POD_VOLUME_CLAIM)
			continue;
		claim = (const struct claim *)(const void *)cluster_find(
			pass->cluster, KIND_PERSISTENT_VOLUME_CLAIM, name, pod->meta.namespace);
		if (!claim)
			refuse(reasons,
				arena_printf(&pass->arena, "failed to get persistent volume claim \"%s\"/\"%s\"",
					pod->meta.namespace ? pod->meta.namespace : "", name));
		else if (!claim->storage_class)
			refuse(reasons,
				arena_printf(&pass->arena, "failed to resolve storage class for pod \"%s\"/\"%s\"",
					pod->meta.namespace ? pod->meta.namespace : "", name));
		for (size_t k = 0; claim && claim->storage_class && k < protected->count; k++)
			if (strcmp(classes[k].name, claim->storage_class) == 0)
				refuse(reasons,
					arena_printf(&pass->arena, "pod using protected storage class \"%s\"",
						claim->storage_class));
	}
}

static bool has_budget(const struct evictor_state *state, const struct pod *pod)
{
	for (size_t i = 0; i < state->budget_count; i++)
		if (state->budgets[i].is_valid &&
			text_equal(state->budgets[i].budget->meta.namespace, pod->meta.namespace) &&
			selector_matches(&state->budgets[i].selector, pod->meta.labels))
			return true;
	return false;
}

static void judge_extra(struct pass *pass, const struct pod *pod, struct buffer *reasons)
{
	bool has_classes = pass->evictor->pod_protections.config.pods_with_pvc.protected_classes.count > 0;

	if (protects(pass, PROTECT_PVC) && has_classes)
		judge_classes(pass, pod, reasons);
	else if (protects(pass, PROTECT_PVC) && has_volume(pod, 1U << POD_VOLUME_CLAIM))
		refuse(reasons, "pod with PVC is protected against eviction");
	if (protects(pass, PROTECT_WITHOUT_PDB) && !has_budget(pass->evictor_state, pod))
		refuse(reasons, "pod does not have a PodDisruptionBudget and is protected against eviction");
	if (protects(pass, PROTECT_RESOURCE_CLAIMS) && pod->placement && pod->placement->resource_claims)
		refuse(reasons, "pod has ResourceClaims and descheduler is configured to protect ResourceClaims pods");
}

/* Only a pod with one owner is counted with its fellows. */
static void judge_replicas(struct pass *pass, const struct pod *pod, struct buffer *reasons)
{
	const struct owners *owners = pod->meta.owners;
	const struct replicas *replicas;

	if (pass->evictor->min_replicas <= 1 || !owners || owners->count != 1)
		return;
	replicas = index_find(&pass->evictor_state->replicas, owners->items[0].uid, NULL);
	if (replicas && replicas->count < pass->evictor->min_replicas)
		refuse(reasons,
			arena_printf(&pass->arena, "owner has %llu replicas which is less than minReplicas of %llu",
				(unsigned long long)replicas->count, (unsigned long long)pass->evictor->min_replicas));
}

static void judge_age(struct pass *pass, const struct pod *pod, struct buffer *reasons)
{
	int64_t least = pass->evictor->min_pod_age.value;
	char text[DURATION_TEXT_SIZE];

	if (!pass->evictor->min_pod_age.is_set)
		return;
	if (pod->started != TIME_NONE && (pass->now - pod->started) >= least / 1000000000 + (least % 1000000000 > 0))
		return;
	refuse(reasons,
		arena_printf(&pass->arena, "pod age is not older than MinPodAge: &Duration{Duration:%s,} seconds",
			duration_text(least, text)));
}

bool pass_filter_reasons(struct pass *pass, const struct pass_pod *pod, struct buffer *ret_reasons)
{
	const struct param_labels *labels = pass->evictor->labels;
	const struct pod *of = pod->pod;

	if (of->marks & MARK_EVICT)
		return true;
	if (strcmp(pass->evictor->no_eviction_policy, "Mandatory") == 0 && of->marks & MARK_PREFER_NO_EVICTION)
		return false;
	if (of->mirror)
		refuse(ret_reasons, "pod is a mirror pod");
	if (of->marks & MARK_STATIC)
		refuse(ret_reasons, "pod is a static pod");
	if (of->meta.deleted != TIME_NONE)
		refuse(ret_reasons, "pod is terminating");
	judge_priority(pass, of, ret_reasons);
	judge_owners(pass, of, ret_reasons);
	judge_extra(pass, of, ret_reasons);
	if (labels && !selector_matches(&labels->selector, of->meta.labels))
		refuse(ret_reasons, "pod labels do not match the labelSelector filter in the policy parameter");
	judge_replicas(pass, of, ret_reasons);
	judge_age(pass, of, ret_reasons);
	return ret_reasons->length == 0;
}

bool pass_is_evictable(struct pass *pass, struct pass_pod *pod)
{
	enum { NOT_ASKED, MAY_GO, MUST_STAY };

	if (pod->verdict == NOT_ASKED) {
		AUTO_BUFFER reasons = { 0 };

		pod->verdict = pass_filter_reasons(pass, pod, &reasons) ? MAY_GO : MUST_STAY;
	}
	return pod->verdict == MAY_GO;
}

bool pass_may_leave(struct pass *pass, struct pass_pod *pod)
{
	const struct param_labels *labels = pass->evictor->namespace_labels;
	const struct evictor_state *state = pass->evictor_state;
	const struct meta *namespace;

	if (pass->evictor->node_fit && !pass_fits_set(pass, pod, &state->nodes, FIT_OF_EVICTOR, true))
		return false;
	if (!labels || selector_is_everything(&labels->selector))
		return true;
	namespace = pod->pod->meta.namespace
		? cluster_find(pass->cluster, KIND_NAMESPACE, pod->pod->meta.namespace, NULL)
		: NULL;
	return namespace && selector_matches(&labels->selector, namespace->labels);
}
