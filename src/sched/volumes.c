#include "volumes.h"

#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

static struct index_key class_key(const void *object)
{
	return (struct index_key){ ((const struct volume_class *)object)->name, NULL };
}

struct claim_state *volumes_claim(struct scheduler *scheduler, const char *namespace, const char *name)
{
	const struct meta *meta = cluster_find(scheduler->cluster, KIND_PERSISTENT_VOLUME_CLAIM, name, namespace);
	struct claim_state *state;

	if (!meta)
		return NULL;
	state = pointer_map_get(&scheduler->volumes->claims, POINTERS(meta));
	if (!state) {
		state = ARENA_NEW(&scheduler->arena, struct claim_state);
		state->claim = (const struct claim *)(const void *)meta;
		state->selected_node = state->claim->selected_node;
		*pointer_map_at(&scheduler->volumes->claims, POINTERS(meta)) = state;
	}
	return state;
}

struct volume_class *volumes_class(struct scheduler *scheduler, const char *name)
{
	struct volume_class *class = index_find(&scheduler->volumes->classes, name ? name : "", NULL);

	if (!class) {
		class = ARENA_NEW(&scheduler->arena, struct volume_class);
		class->name = name ? name : "";
		class->class = (const struct storage_class *)(const void *)cluster_find(
			scheduler->cluster, KIND_STORAGE_CLASS, class->name, NULL);
		index_add(&scheduler->volumes->classes, class);
	}
	return class;
}

bool volumes_owns(const struct pod *pod, const struct claim *claim)
{
	const struct owner *owner = meta_controller(&claim->meta);

	return owner && text_equal(owner->uid, pod->meta.uid);
}

/* --- what there is --- */

/* Claimed for good: its claim says so, too. */
static bool is_taken(struct scheduler *scheduler, const struct volume *volume)
{
	const struct meta *meta;
	const struct claim *claim;

	if (!volume->claim_name)
		return false;
	meta = cluster_find(
		scheduler->cluster, KIND_PERSISTENT_VOLUME_CLAIM, volume->claim_name, volume->claim_namespace);
	claim = (const struct claim *)(const void *)meta;
	return !claim || (claim->is_bind_completed && claim->volume);
}

static int by_name_down(const void *a, const void *b)
{
	return -strcmp((*(const struct volume *const *)a)->meta.name, (*(const struct volume *const *)b)->meta.name);
}

static void read_free_volumes(struct scheduler *scheduler)
{
	size_t count = cluster_count(scheduler->cluster, KIND_PERSISTENT_VOLUME), kept = 0;
	AUTO_FREE const struct volume **volumes = memory_new_array(count, sizeof(const struct volume *));

	for (size_t i = 0; i < count; i++) {
		const struct volume *volume =
			CLUSTER_ITEM(scheduler->cluster, KIND_PERSISTENT_VOLUME, struct volume, i);

		if (!is_taken(scheduler, volume))
			volumes[kept++] = volume;
	}
	if (kept)
		qsort(volumes, kept, sizeof(*volumes), by_name_down);
	for (size_t i = 0; i < kept; i++) {
		struct volume_state *state = ARENA_NEW(&scheduler->arena, struct volume_state);
		struct volume_class *class = volumes_class(scheduler, volumes[i]->storage_class);

		*state = (struct volume_state){ .volume = volumes[i], .next = class->free };
		class->free = state;
	}
}

void volumes_init(struct scheduler *scheduler)
{
	scheduler->volumes = ARENA_NEW(&scheduler->arena, struct sched_volumes);
	index_init(&scheduler->volumes->classes, class_key);
	scheduler->volumes->nodes = ARENA_ARRAY(&scheduler->arena, scheduler->node_count + 1, struct node_volumes);
	read_free_volumes(scheduler);
	limits_read(scheduler);
}

void volumes_release(struct scheduler *scheduler)
{
	struct sched_volumes *volumes = scheduler->volumes;

	for (size_t i = 0; i < scheduler->node_count; i++)
		free(volumes->nodes[i].items);
	index_release(&volumes->classes);
	pointer_map_release(&volumes->claims);
	pointer_map_release(&volumes->promises);
}

static const struct pod_volumes *volumes_of(const struct pod *pod)
{
	return pod->placement ? pod->placement->volumes : NULL;
}

static void count_users(struct scheduler *scheduler, const struct sched_pod *pod, int by)
{
	const struct pod_volumes *volumes = volumes_of(pod->pod);

	for (size_t i = 0; volumes && i < volumes->count; i++) {
		struct claim_state *state = volumes->items[i].type == POD_VOLUME_CLAIM && volumes->items[i].name
			? volumes_claim(scheduler, pod->pod->meta.namespace, volumes->items[i].name)
			: NULL;

		if (state)
			state->users += (size_t)by;
	}
}

void volumes_add(struct scheduler *scheduler, struct sched_pod *pod, bool is_promised)
{
	if (!volumes_of(pod->pod))
		return;
	if (is_promised)
		binding_promise(scheduler, pod);
	count_users(scheduler, pod, 1);
	limits_count(scheduler, pod, 1);
}

void volumes_remove(struct scheduler *scheduler, struct sched_pod *pod)
{
	if (!volumes_of(pod->pod))
		return;
	limits_count(scheduler, pod, -1);
	count_users(scheduler, pod, -1);
	binding_break(scheduler, pod);
}

/* --- a question --- */

/* The ephemeral volumes of a pod that is made anew are made for it; one of a StatefulSet has its name again. */
static bool is_made_anew(const struct question *question, const struct pod_volume *volume)
{
	const struct owner *owner = meta_controller(&question->pod->meta);

	return volume->type == POD_VOLUME_EPHEMERAL && question->options & SCHED_AS_NEW &&
		!(owner && strcmp(owner->kind, "StatefulSet") == 0);
}

static void ask_claim(struct question *question, struct asked_volume *asked)
{
	const struct pod *pod = question->pod;

	if (asked->volume->type == POD_VOLUME_CLAIM)
		asked->claim_name = asked->volume->name ? asked->volume->name : "";
	else if (asked->volume->type == POD_VOLUME_EPHEMERAL)
		asked->claim_name = arena_printf(
			question->arena, "%s-%s", pod->meta.name, asked->volume->name ? asked->volume->name : "");
	asked->is_ephemeral = asked->volume->type == POD_VOLUME_EPHEMERAL;
	if (asked->claim_name)
		asked->state = volumes_claim(question->scheduler, pod->meta.namespace, asked->claim_name);
}

struct volume_question *volumes_ask(struct question *question)
{
	const struct pod_volumes *volumes = volumes_of(question->pod);
	struct volume_question *asked;

	if (!volumes)
		return NULL;
	asked = ARENA_NEW(question->arena, struct volume_question);
	asked->asked = ARENA_ARRAY(question->arena, volumes->count, struct asked_volume);
	for (size_t i = 0; i < volumes->count; i++) {
		if (is_made_anew(question, &volumes->items[i]))
			continue;
		asked->asked[asked->count].volume = &volumes->items[i];
		ask_claim(question, &asked->asked[asked->count++]);
	}
	restrictions_ask(question, asked);
	limits_ask(question, asked);
	binding_ask(question, asked);
	zones_ask(question, asked);
	return asked;
}

void volumes_filter(struct question *question, struct volume_question *volumes, const struct sched_node *node)
{
	static const struct {
		enum sched_plugin plugin;
		void (*filter)(struct question *question, const struct volume_question *volumes,
			const struct sched_node *node);
	} filters[] = {
		{ SCHED_VOLUME_RESTRICTIONS, restrictions_filter },
		{ SCHED_NODE_VOLUME_LIMITS, limits_filter },
		{ SCHED_VOLUME_BINDING, binding_filter },
		{ SCHED_VOLUME_ZONE, zones_filter },
	};
	const struct sched_verdict *verdict = &question->trial->verdicts[node->position];

	for (size_t i = 0; i < ARRAY_LEN(filters); i++) {
		if (!question_is_refused(question, filters[i].plugin))
			filters[i].filter(question, volumes, node);
		if (verdict->refusal_count && !(question->options & SCHED_ALL_REASONS))
			return;
	}
}
