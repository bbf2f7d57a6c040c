/* VolumeBinding: bound claims must be reachable from the node, claims that wait for their first pod need a volume that
 * is free there or can be made there. Volumes that are found for a pod that is placed are promised to it. */
#include <stdlib.h>
#include <string.h>

#include "clusterutils/model/selector.h"
#include "clusterutils/sched/node_affinity.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "volumes.h"

/* --- what is asked --- */

static const char *claim_problem(struct question *question, const struct asked_volume *asked)
{
	const struct pod *pod = question->pod;
	const struct claim *claim = asked->state ? asked->state->claim : NULL;

	if (!claim)
		return arena_printf(question->arena,
			asked->is_ephemeral
				? "waiting for ephemeral volume controller to create the persistentvolumeclaim \"%s\""
				: "persistentvolumeclaim \"%s\" not found",
			asked->claim_name);
	if (claim->phase == VOLUME_LOST)
		return arena_printf(question->arena,
			"persistentvolumeclaim \"%s\" bound to non-existent persistentvolume \"%s\"", claim->meta.name,
			claim->volume ? claim->volume : "");
	if (claim->meta.deleted != TIME_NONE)
		return arena_printf(question->arena, "persistentvolumeclaim \"%s\" is being deleted", claim->meta.name);
	if (asked->is_ephemeral && !volumes_owns(pod, claim))
		return arena_printf(question->arena, "PVC %s/%s was not created for pod %s/%s (pod is not owner)",
			claim->meta.namespace, claim->meta.name, pod->meta.namespace, pod->meta.name);
	return NULL;
}

static bool is_bound(const struct claim *claim)
{
	return claim->volume && *claim->volume && claim->is_bind_completed;
}

/* Whether it is bound by the scheduler, when its first pod is; a claim that names its volume is not. */
static bool is_delayed(struct question *question, const struct claim *claim)
{
	const struct storage_class *class = claim->storage_class && *claim->storage_class
		? volumes_class(question->scheduler, claim->storage_class)->class
		: NULL;

	if (class && !class->has_binding_mode)
		question_fail(question,
			arena_printf(question->arena, "VolumeBindingMode not set for StorageClass \"%s\"",
				claim->storage_class));
	return class && class->waits_for_first_consumer && !(claim->volume && *claim->volume);
}

static int64_t size_of(const struct claim *claim)
{
	return claim->request == RESOURCE_UNKNOWN ? 0 : claim->request;
}

/* The smallest first, so that each finds the smallest volume that fits. */
static void sort_by_size(struct claim_state **claims, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct claim_state *claim = claims[i];
		size_t place = i;

		for (; place > 0 && size_of(claims[place - 1]->claim) > size_of(claim->claim); place--)
			claims[place] = claims[place - 1];
		claims[place] = claim;
	}
}

void binding_ask(struct question *question, struct volume_question *volumes)
{
	bool is_waiting = false;

	for (size_t i = 0; i < volumes->count; i++) {
		const char *problem = volumes->asked[i].claim_name ? claim_problem(question, &volumes->asked[i]) : NULL;

		if (problem) {
			question_refuse(question, NULL, SCHED_VOLUME_BINDING, true, problem);
			return;
		}
	}
	volumes->bound = ARENA_ARRAY(question->arena, volumes->count, struct claim_state *);
	volumes->unbound = ARENA_ARRAY(question->arena, volumes->count, struct claim_state *);
	for (size_t i = 0; i < volumes->count; i++) {
		struct claim_state *state = volumes->asked[i].claim_name ? volumes->asked[i].state : NULL;

		if (!state)
			continue;
		volumes->binds = true;
		if (is_bound(state->claim))
			volumes->bound[volumes->bound_count++] = state;
		else if (is_delayed(question, state->claim))
			volumes->unbound[volumes->unbound_count++] = state;
		else
			is_waiting = true;
	}
	if (is_waiting)
		question_refuse(
			question, NULL, SCHED_VOLUME_BINDING, true, "pod has unbound immediate PersistentVolumeClaims");
	sort_by_size(volumes->unbound, volumes->unbound_count);
}

/* --- what a node has for it --- */

/* What is found on one node, in the order of the claims. */
struct finding {
	struct scheduler *scheduler;
	const struct sched_node *node;
	struct volume_state **chosen; /* one for each that was found */
	size_t chosen_count;
	struct claim_state **made; /* claims for which a volume would be made */
	size_t made_count;
	bool fits_bound, fits_unbound, has_room, has_volume;
};

static bool is_reachable(const struct volume *volume, const struct node *node)
{
	return !volume->nodes || node_terms_match(volume->nodes, node);
}

static void look_at_bound(struct finding *finding, struct claim_state *const *claims, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct meta *volume = cluster_find(
			finding->scheduler->cluster, KIND_PERSISTENT_VOLUME, claims[i]->claim->volume, NULL);

		if (!volume) {
			finding->has_volume = false;
			return;
		}
		if (!is_reachable((const struct volume *)(const void *)volume, finding->node->node)) {
			finding->fits_bound = false;
			return;
		}
	}
}

/* Reserved for this claim, by its volume or here. */
static bool is_reserved_for(const struct volume_state *state, const struct claim *claim)
{
	const struct volume *volume = state->volume;

	if (state->promised_to)
		return state->promised_to == claim;
	return volume->claim_name && strcmp(volume->claim_name, claim->meta.name) == 0 &&
		text_equal(volume->claim_namespace, claim->meta.namespace) &&
		(!volume->claim_uid || !*volume->claim_uid || strcmp(volume->claim_uid, claim->meta.uid) == 0);
}

static bool is_chosen(const struct finding *finding, const struct volume_state *state)
{
	for (size_t i = 0; i < finding->chosen_count; i++)
		if (finding->chosen[i] == state)
			return true;
	return false;
}

static bool is_equal_or_none(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool is_large_enough(const struct volume *volume, const struct claim *claim)
{
	return (volume->capacity == RESOURCE_UNKNOWN ? 0 : volume->capacity) >= size_of(claim) &&
		volume->is_block == claim->is_block &&
		is_equal_or_none(volume->attributes_class, claim->attributes_class) &&
		volume->meta.deleted == TIME_NONE;
}

static bool is_wanted(struct finding *finding, const struct volume *volume, const struct claim *claim)
{
	const struct selector *selector =
		claim->selector ? scheduler_selector(finding->scheduler, claim->selector, NULL) : NULL;

	return volume->phase == VOLUME_AVAILABLE &&
		(!claim->selector || (selector && selector_matches(selector, volume->meta.labels))) &&
		is_reachable(volume, finding->node->node) && (claim->access & ~volume->access) == 0;
}

/* The volume that is reserved for the claim, else the smallest; of equals the first by name. */
static struct volume_state *find_volume(struct finding *finding, const struct claim *claim)
{
	struct volume_state *best = NULL;

	for (struct volume_state *state = volumes_class(finding->scheduler, claim->storage_class)->free; state;
		state = state->next) {
		bool is_reserved = is_reserved_for(state, claim);

		if (is_chosen(finding, state) || ((state->volume->claim_name || state->promised_to) && !is_reserved) ||
			!is_large_enough(state->volume, claim))
			continue;
		if (is_reserved)
			return is_reachable(state->volume, finding->node->node) ? state : NULL;
		if (is_wanted(finding, state->volume, claim) &&
			(!best || state->volume->capacity < best->volume->capacity))
			best = state;
	}
	return best;
}

static bool has_room(struct finding *finding, const struct claim *claim, const struct storage_class *class)
{
	const struct cluster *cluster = finding->scheduler->cluster;
	const struct meta *driver = cluster_find(cluster, KIND_CSI_DRIVER, class->provisioner, NULL);

	if (claim->request == RESOURCE_UNKNOWN || !driver ||
		!((const struct csi_driver *)(const void *)driver)->tracks_capacity)
		return true;
	for (size_t i = 0; i < cluster_count(cluster, KIND_CSI_CAPACITY); i++) {
		const struct csi_capacity *capacity = CLUSTER_ITEM(cluster, KIND_CSI_CAPACITY, struct csi_capacity, i);
		int64_t limit = capacity->largest == RESOURCE_UNKNOWN ? capacity->capacity : capacity->largest;
		const struct selector *nodes =
			capacity->topology ? scheduler_selector(finding->scheduler, capacity->topology, NULL) : NULL;

		if (limit != RESOURCE_UNKNOWN && limit >= claim->request && nodes &&
			strcmp(capacity->storage_class, class->meta.name) == 0 &&
			selector_matches(nodes, finding->node->node->meta.labels))
			return true;
	}
	return false;
}

static void look_at_made(struct finding *finding)
{
	for (size_t i = 0; i < finding->made_count; i++) {
		const struct claim *claim = finding->made[i]->claim;
		const struct storage_class *class = volumes_class(finding->scheduler, claim->storage_class)->class;

		if (!class || !class->provisioner || !*class->provisioner ||
			strcmp(class->provisioner, "kubernetes.io/no-provisioner") == 0 ||
			(class->topologies && !node_terms_match(class->topologies, finding->node->node))) {
			finding->fits_unbound = false;
			return;
		}
		if (!has_room(finding, claim, class)) {
			finding->fits_unbound = true;
			finding->has_room = false;
			return;
		}
	}
	finding->fits_unbound = true;
}

static void look_at_unbound(struct finding *finding, struct claim_state *const *claims, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (claims[i]->selected_node) {
			if (strcmp(claims[i]->selected_node, finding->node->node->meta.name) != 0) {
				finding->fits_unbound = false;
				return;
			}
			finding->made[finding->made_count++] = claims[i];
		}
	for (size_t i = 0; i < count; i++) {
		struct volume_state *volume = claims[i]->selected_node ? NULL : find_volume(finding, claims[i]->claim);

		if (volume)
			finding->chosen[finding->chosen_count++] = volume;
		else if (!claims[i]->selected_node)
			finding->made[finding->made_count++] = claims[i];
	}
	if (finding->made_count)
		look_at_made(finding);
}

static struct finding look(struct scheduler *scheduler, const struct volume_question *volumes,
	const struct sched_node *node, struct arena *arena)
{
	struct finding finding = { .scheduler = scheduler,
		.node = node,
		.fits_bound = true,
		.fits_unbound = true,
		.has_room = true,
		.has_volume = true };

	look_at_bound(&finding, volumes->bound, volumes->bound_count);
	if (volumes->unbound_count) {
		finding.chosen = ARENA_ARRAY(arena, volumes->unbound_count, struct volume_state *);
		finding.made = ARENA_ARRAY(arena, volumes->unbound_count, struct claim_state *);
		look_at_unbound(&finding, volumes->unbound, volumes->unbound_count);
	}
	return finding;
}

void binding_filter(struct question *question, const struct volume_question *volumes, const struct sched_node *node)
{
	struct finding finding;

	if (!volumes->binds)
		return;
	finding = look(question->scheduler, volumes, node, question->arena);
	if (!finding.fits_bound)
		question_refuse(question, node, SCHED_VOLUME_BINDING, true,
			"node(s) didn't match PersistentVolume's node affinity");
	if (!finding.fits_unbound)
		question_refuse(question, node, SCHED_VOLUME_BINDING, true,
			"node(s) didn't find available persistent volumes to bind");
	if (!finding.has_room)
		question_refuse(question, node, SCHED_VOLUME_BINDING, true, "node(s) did not have enough free storage");
	if (!finding.has_volume)
		question_refuse(question, node, SCHED_VOLUME_BINDING, true,
			"node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)");
}

/* --- promises --- */

static void promise(struct scheduler *scheduler, const struct sched_pod *pod, struct promise promise)
{
	struct promise *kept = ARENA_NEW(&scheduler->arena, struct promise);
	struct promise **first = pointer_map_get(&scheduler->volumes->promises, POINTERS(pod));

	if (!first) {
		first = arena_new(&scheduler->arena, 1, sizeof(struct promise *));
		*pointer_map_at(&scheduler->volumes->promises, POINTERS(pod)) = first;
	}
	*kept = promise;
	++*(promise.volume ? &promise.volume->holders : &promise.claim->holders);
	kept->next = *first;
	*first = kept;
}

void binding_promise(struct scheduler *scheduler, const struct sched_pod *pod)
{
	AUTO_SCHED_TRIAL trial = { 0 };
	struct question question = { .scheduler = scheduler,
		.pod = pod->pod,
		.self = pod,
		.options = SCHED_AS_NEW,
		.trial = &trial,
		.arena = &trial.arena };
	struct volume_question *volumes = volumes_ask(&question);
	struct finding finding;
	size_t chosen = 0;

	if (!volumes || !volumes->binds || !volumes->unbound_count)
		return;
	finding = look(scheduler, volumes, pod->node, &trial.arena);
	for (size_t i = 0; i < volumes->unbound_count && chosen < finding.chosen_count; i++) {
		struct claim_state *claim = volumes->unbound[i];
		bool is_made = false;

		for (size_t k = 0; k < finding.made_count; k++)
			is_made = is_made || finding.made[k] == claim;
		if (is_made)
			continue;
		finding.chosen[chosen]->promised_to = claim->claim;
		promise(scheduler, pod, (struct promise){ .volume = finding.chosen[chosen++] });
	}
	for (size_t k = 0; k < finding.made_count; k++)
		if (!finding.made[k]->selected_node || finding.made[k]->holders) {
			if (!finding.made[k]->selected_node)
				finding.made[k]->selected_node = pod->node->node->meta.name;
			promise(scheduler, pod, (struct promise){ .claim = finding.made[k] });
		}
}

void binding_break(struct scheduler *scheduler, const struct sched_pod *pod)
{
	struct promise **first = pointer_map_get(&scheduler->volumes->promises, POINTERS(pod));

	for (struct promise *kept = first ? *first : NULL; kept; kept = kept->next) {
		/* Pods may have a claim between them: the last one gives it back. */
		if (kept->volume && --kept->volume->holders == 0)
			kept->volume->promised_to = NULL;
		else if (!kept->volume && --kept->claim->holders == 0)
			kept->claim->selected_node = NULL;
	}
	if (first)
		*first = NULL;
}
