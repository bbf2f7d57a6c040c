#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/text.h"
#include "landing_private.h"
#include "loads.h"

static bool waits_for_a_node(const struct pod *pod)
{
	return !pod->node && pod_is_active(pod) && pod->meta.deleted == TIME_NONE &&
		!(pod->placement && pod->placement->scheduling_gates);
}

/* As the scheduler's queue has them. */
static int by_turn(const void *a, const void *b)
{
	const struct pod *x = *(const struct pod *const *)a, *y = *(const struct pod *const *)b;

	if (x->priority != y->priority)
		return x->priority > y->priority ? -1 : 1;
	if (x->meta.created != y->meta.created)
		return x->meta.created < y->meta.created ? -1 : 1;
	return strcmp(x->meta.name, y->meta.name);
}

/* Made by one template: what is no place for the one is none for the other. */
static bool are_alike(const struct pod *a, const struct pod *b)
{
	return a->containers == b->containers && a->placement == b->placement && a->tolerations == b->tolerations &&
		a->node_selector == b->node_selector && a->meta.labels == b->meta.labels &&
		text_equal(a->meta.namespace, b->meta.namespace) && !a->rare == !b->rare;
}

static struct node_load *place_pending(struct landings *landings, const struct pod *pod)
{
	struct sched_choice choice;
	AUTO_SCHED_TRIAL trial = { 0 };
	struct node_load *load;

	landings_choose(landings, pod, &trial, &choice);
	if (!choice.best)
		return NULL;
	load = landings_load_named(landings, choice.best->meta.name);
	scheduler_place(landings->scheduler, pod, choice.best->meta.name);
	node_load_charge(load, pod, 1, false);
	return load;
}

void landings_place_pending(struct landings *landings)
{
	const struct pod *refused = NULL;
	size_t count = 0;

	landings->waiting =
		ARENA_ARRAY(&landings->arena, cluster_count(landings->cluster, KIND_POD) + 1, const struct pod *);
	for (size_t i = 0; i < cluster_count(landings->cluster, KIND_POD); i++)
		if (waits_for_a_node(cluster_pod(landings->cluster, i)))
			landings->waiting[count++] = cluster_pod(landings->cluster, i);
	if (count)
		qsort(landings->waiting, count, sizeof(*landings->waiting), by_turn);
	for (size_t i = 0; i < count; i++) {
		const struct pod *pod = landings->waiting[i];

		if (refused && are_alike(refused, pod)) {
			landings->waiting[landings->waiting_count++] = pod;
		} else if (place_pending(landings, pod)) {
			landings->settled++;
			refused = NULL;
		} else {
			landings->waiting[landings->waiting_count++] = pod;
			refused = pod;
		}
	}
}

size_t newcomers_let_in(struct landings *landings, const struct pod *leaver, struct newcomer newcomers[WAITING_TRIED])
{
	size_t tried = 0, count = 0;

	for (size_t i = 0; i < landings->waiting_count && tried < WAITING_TRIED; i++) {
		const struct pod *pod = landings->waiting[i];
		struct node_load *load;

		if (pod->priority < leaver->priority)
			break;
		tried++;
		load = place_pending(landings, pod);
		if (load)
			newcomers[count++] = (struct newcomer){ pod, load };
	}
	return count;
}

void newcomers_send_away(struct landings *landings, const struct newcomer *newcomers, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		scheduler_remove(landings->scheduler, newcomers[i].pod);
		node_load_charge(newcomers[i].at, newcomers[i].pod, -1, false);
	}
}

void newcomers_wait_again(struct landings *landings, const struct newcomer *newcomers, size_t count)
{
	newcomers_send_away(landings, newcomers, count);
	for (size_t i = 0; i < count; i++)
		landings->waiting[landings->waiting_count++] = newcomers[i].pod;
	landings->settled -= count;
	if (count)
		qsort(landings->waiting, landings->waiting_count, sizeof(*landings->waiting), by_turn);
}

void newcomers_keep(struct landings *landings, const struct newcomer *newcomers, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t kept = 0;

		for (size_t k = 0; k < landings->waiting_count; k++)
			if (landings->waiting[k] != newcomers[i].pod)
				landings->waiting[kept++] = landings->waiting[k];
		landings->waiting_count = kept;
		landings->settled++;
	}
}
