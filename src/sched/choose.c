/* scheduler_choose: the totals of scheduler_try, in which nodes that do not differ are not looked at one by one. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/sched/node_affinity.h"
#include "clusterutils/util/buffer.h"
#include "clusterutils/util/memory.h"
#include "message.h"
#include "quick.h"
#include "spread.h"

enum { MOST_POINTS = 100, TAINT_WEIGHT = 3, AFFINITY_WEIGHT = 2, SPREAD_WEIGHT = 2, INTER_POD_WEIGHT = 2 };

static struct index_key shape_key(const void *object)
{
	return (struct index_key){ ((const struct sched_shape *)object)->key, NULL };
}

static bool has_soft_taint(const struct node *node)
{
	for (size_t i = 0; node->taints && i < node->taints->count; i++)
		if (node->taints->items[i].effect == EFFECT_PREFER_NO_SCHEDULE)
			return true;
	return false;
}

static struct sched_quick *quick_of(struct scheduler *scheduler)
{
	struct sched_quick *quick = scheduler->quick;
	size_t nodes = scheduler->node_count;

	if (quick)
		return quick;
	scheduler->quick = quick = NEW(struct sched_quick);
	index_init(&quick->shapes, shape_key);
	/* One more: a place is written before it is known whether it is kept. */
	quick->feasible = ARENA_ARRAY(&scheduler->arena, nodes + 1, uint32_t);
	quick->equals = ARENA_ARRAY(&scheduler->arena, nodes, uint32_t);
	quick->totals = ARENA_ARRAY(&scheduler->arena, nodes, int32_t);
	quick->scores = ARENA_ARRAY(&scheduler->arena, nodes, int64_t);
	for (size_t i = 0; i < nodes; i++)
		quick->has_soft_taints = quick->has_soft_taints || has_soft_taint(scheduler->nodes[i].node);
	return quick;
}

void quick_release(struct scheduler *scheduler)
{
	struct sched_quick *quick = scheduler->quick;

	if (!quick)
		return;
	index_release(&quick->shapes);
	pointer_map_release(&quick->shape_of);
	pointer_map_release(&quick->masks);
	pointer_map_release(&quick->dislikes);
	pointer_map_release(&quick->preferences);
	pointer_map_release(&quick->images);
	spread_quick_release(quick->spread);
	free(quick->changes);
	arena_release(&quick->scratch);
	free(quick);
}

/* --- room --- */

void quick_note_change(struct scheduler *scheduler, const struct sched_node *node)
{
	struct sched_quick *quick = scheduler->quick;

	if (!quick)
		return;
	ARRAY_GROW(quick->changes, quick->change_count, quick->change_capacity);
	quick->changes[quick->change_count++] = node->position;
}

static void look_at(const struct scheduler *scheduler, struct sched_shape *shape, size_t node)
{
	shape->fits[node] = resources_fit(shape->needs, &scheduler->nodes[node]);
	shape->points[node] = (uint8_t)resources_points(scheduler, shape->needs, &scheduler->nodes[node]);
}

static const char *key_of(struct scheduler *scheduler, const struct sched_needs *needs)
{
	AUTO_BUFFER key = { 0 };

	buffer_printf(&key, "%" PRIx64 " %" PRIx64, (uint64_t)needs->asked_cpu, (uint64_t)needs->asked_memory);
	for (size_t i = 0; i < needs->count; i++)
		buffer_printf(
			&key, " %" PRIx32 ":%" PRIx64, needs->items[i].resource, (uint64_t)needs->items[i].amount);
	return arena_text(&scheduler->arena, buffer_text(&key));
}

static struct sched_shape *make_shape(struct scheduler *scheduler, const struct sched_needs *needs)
{
	const char *key = key_of(scheduler, needs);
	struct sched_shape *shape = index_find(&scheduler->quick->shapes, key, NULL);

	if (shape)
		return shape;
	shape = ARENA_NEW(&scheduler->arena, struct sched_shape);
	shape->key = key;
	shape->needs = needs;
	shape->fits = ARENA_ARRAY(&scheduler->arena, scheduler->node_count, uint8_t);
	shape->points = ARENA_ARRAY(&scheduler->arena, scheduler->node_count, uint8_t);
	shape->seen = SIZE_MAX;
	index_add(&scheduler->quick->shapes, shape);
	return shape;
}

static const struct sched_shape *shape_of(struct scheduler *scheduler, const struct sched_needs *needs)
{
	struct sched_quick *quick = scheduler->quick;
	struct sched_shape *shape = pointer_map_get(&quick->shape_of, POINTERS(needs));

	if (!shape) {
		shape = make_shape(scheduler, needs);
		*pointer_map_at(&quick->shape_of, POINTERS(needs)) = shape;
	}
	if (shape->seen == SIZE_MAX || quick->change_count - shape->seen > scheduler->node_count) {
		for (size_t i = 0; i < scheduler->node_count; i++)
			look_at(scheduler, shape, i);
	} else {
		for (size_t i = shape->seen; i < quick->change_count; i++)
			look_at(scheduler, shape, quick->changes[i]);
	}
	shape->seen = quick->change_count;
	return shape;
}

/* --- what does not depend on room --- */

static const struct sched_mask *mask_of(struct question *question)
{
	struct scheduler *scheduler = question->scheduler;
	const struct pod *pod = question->pod;
	void **known = pointer_map_at(&scheduler->quick->masks,
		POINTERS(pod->node_selector, pod->placement ? pod->placement->required_nodes : NULL, pod->tolerations));
	const uint8_t *selected, *tolerated;
	struct sched_mask *mask = *known;

	if (mask)
		return mask;
	*known = mask = ARENA_NEW(&scheduler->arena, struct sched_mask);
	mask->of_node = ARENA_ARRAY(&scheduler->arena, scheduler->node_count, uint8_t);
	selected = scheduler_selected(scheduler, pod);
	tolerated = scheduler_tolerated(scheduler, pod);
	for (size_t i = 0; i < scheduler->node_count; i++) {
		if (!is_schedulable(pod, &scheduler->nodes[i]))
			mask->cordoned++;
		else if (tolerated && !tolerated[i])
			mask->tainted++;
		else if (selected && !selected[i])
			mask->unselected++;
		else
			mask->of_node[i] = 1;
	}
	return mask;
}

static bool others_allow(const struct question *question, const struct sched_node *node)
{
	bool ignored;

	return !spread_misfit(question, node, &ignored) && !inter_pod_misfit(question, node, &ignored);
}

static size_t find_feasible(struct question *question)
{
	struct scheduler *scheduler = question->scheduler;
	struct sched_quick *quick = scheduler->quick;
	const uint8_t *mask = mask_of(question)->of_node, *fits = shape_of(scheduler, question->self->needs)->fits;
	uint32_t *feasible = quick->feasible;
	size_t count = 0, kept = 0;

	for (size_t i = 0; i < scheduler->node_count; i++) {
		feasible[count] = (uint32_t)i;
		count += mask[i] & fits[i];
	}
	if (!question->spread && !question->inter_pod)
		return count;
	for (size_t i = 0; i < count; i++) {
		feasible[kept] = feasible[i];
		kept += others_allow(question, &scheduler->nodes[feasible[i]]);
	}
	return kept;
}

/* --- why no node takes it: the first plugin's reasons of each --- */

static void tell_room(const struct question *question, const struct sched_node *node, size_t *slots, size_t *lacking)
{
	const struct sched_needs *needs = question->self->needs;

	*slots += !resources_have_slot(node);
	for (size_t i = 0; i < needs->count; i++)
		lacking[i] += resources_lack(node, &needs->items[i]);
}

static void tell_node(const struct question *question, const struct sched_node *node, struct tally *tally)
{
	bool ignored;
	const char *misfit = spread_misfit(question, node, &ignored);

	if (!misfit)
		misfit = inter_pod_misfit(question, node, &ignored);
	if (misfit)
		tally_add(tally, misfit, 1);
}

static void add_some(struct tally *tally, const char *reason, size_t nodes)
{
	if (nodes)
		tally_add(tally, reason, nodes);
}

static const char *tell(struct question *question)
{
	const struct scheduler *scheduler = question->scheduler;
	const struct sched_mask *mask = mask_of(question);
	const struct sched_needs *needs = question->self->needs;
	const uint8_t *fits = shape_of(question->scheduler, needs)->fits;
	size_t *lacking = ARENA_ARRAY(question->arena, needs->count + 1, size_t), slots = 0;
	CLEANUP(tally_release) struct tally tally = { 0 };
	AUTO_BUFFER text = { 0 };

	for (size_t i = 0; i < scheduler->node_count; i++) {
		if (mask->of_node[i] && !fits[i])
			tell_room(question, &scheduler->nodes[i], &slots, lacking);
		else if (mask->of_node[i])
			tell_node(question, &scheduler->nodes[i], &tally);
	}
	add_some(&tally, "node(s) were unschedulable", mask->cordoned);
	add_some(&tally, "node(s) had untolerated taint(s)", mask->tainted);
	add_some(&tally, "node(s) didn't match Pod's node affinity/selector", mask->unselected);
	add_some(&tally, "Too many pods", slots);
	for (size_t i = 0; i < needs->count; i++)
		add_some(&tally,
			arena_printf(
				question->arena, "Insufficient %s", scheduler->resources[needs->items[i].resource]),
			lacking[i]);
	tally_print(&tally, scheduler->node_count, &text);
	return arena_text(question->arena, buffer_text(&text));
}

/* --- points --- */

static void add(struct question *question, const int64_t *scores, size_t count, int64_t weight)
{
	int32_t *totals = question->scheduler->quick->totals;

	for (size_t i = 0; i < count; i++)
		totals[i] += (int32_t)(weight * scores[i]);
}

static void add_taints(struct question *question, size_t count)
{
	struct scheduler *scheduler = question->scheduler;
	struct sched_quick *quick = scheduler->quick;
	void **known = pointer_map_at(&quick->dislikes, POINTERS(question->pod->tolerations, quick));
	int64_t *dislikes = *known, most = 0;

	if (!dislikes) {
		*known = dislikes = ARENA_ARRAY(&scheduler->arena, scheduler->node_count, int64_t);
		for (size_t i = 0; i < scheduler->node_count; i++)
			dislikes[i] = taints_score(question, &scheduler->nodes[i]);
	}
	for (size_t i = 0; i < count; i++)
		most = dislikes[quick->feasible[i]] > most ? dislikes[quick->feasible[i]] : most;
	for (size_t i = 0; i < count; i++)
		quick->scores[i] = MOST_POINTS - (most ? MOST_POINTS * dislikes[quick->feasible[i]] / most : 0);
	add(question, quick->scores, count, TAINT_WEIGHT);
}

static void add_affinity(struct question *question, size_t count)
{
	struct scheduler *scheduler = question->scheduler;
	struct sched_quick *quick = scheduler->quick;
	void **known = pointer_map_at(&quick->preferences, POINTERS(question->pod->placement->preferred_nodes));
	int64_t *weights = *known, most = 0;

	if (!weights) {
		*known = weights = ARENA_ARRAY(&scheduler->arena, scheduler->node_count, int64_t);
		for (size_t i = 0; i < scheduler->node_count; i++)
			weights[i] = affinity_score(question, &scheduler->nodes[i]);
	}
	for (size_t i = 0; i < count; i++)
		most = weights[quick->feasible[i]] > most ? weights[quick->feasible[i]] : most;
	for (size_t i = 0; i < count; i++)
		quick->scores[i] =
			most ? MOST_POINTS * weights[quick->feasible[i]] / most : weights[quick->feasible[i]];
	add(question, quick->scores, count, AFFINITY_WEIGHT);
}

/* The plugins as they are, for what is rare. */
static void take_feasible(struct question *question, size_t count)
{
	const struct sched_quick *quick = question->scheduler->quick;

	question->feasible = ARENA_ARRAY(question->arena, count, const struct sched_node *);
	question->feasible_count = count;
	for (size_t i = 0; i < count; i++)
		question->feasible[i] = &question->scheduler->nodes[quick->feasible[i]];
}

static void add_own_spread(struct question *question, size_t count)
{
	int64_t *scores = question->scheduler->quick->scores;

	take_feasible(question, count);
	if (!spread_ask_scores(question))
		return;
	for (size_t i = 0; i < count; i++)
		scores[i] = spread_score(question, question->feasible[i]);
	spread_normalize(question, scores);
	add(question, scores, count, SPREAD_WEIGHT);
}

static void add_inter_pod(struct question *question, size_t count)
{
	int64_t *scores = question->scheduler->quick->scores;

	if (!inter_pod_ask_scores(question))
		return;
	take_feasible(question, count);
	for (size_t i = 0; i < count; i++)
		scores[i] = inter_pod_score(question, question->feasible[i]);
	inter_pod_normalize(question, scores);
	add(question, scores, count, INTER_POD_WEIGHT);
}

/* Both lists are in the order of nodes. */
static void add_images(struct question *question, size_t count)
{
	struct sched_quick *quick = question->scheduler->quick;
	void **known = pointer_map_at(&quick->images, POINTERS(question->pod->containers, quick));
	const struct node_points *points = *known;
	size_t at = 0;

	if (!points)
		points = images_points(question, &question->scheduler->arena);
	/* Nothing is called in between that could move the place. */
	*known = (void *)(uintptr_t)points;
	for (size_t i = 0; i < count && at < points->count; i++) {
		while (at < points->count && points->items[at].node < quick->feasible[i])
			at++;
		if (at < points->count && points->items[at].node == quick->feasible[i])
			quick->totals[i] += (int32_t)points->items[at].points;
	}
}

static void score(struct question *question, size_t count)
{
	struct scheduler *scheduler = question->scheduler;
	struct sched_quick *quick = scheduler->quick;
	const uint8_t *points = shape_of(scheduler, question->self->needs)->points;
	const struct placement *placement = question->pod->placement;

	for (size_t i = 0; i < count; i++)
		quick->totals[i] =
			points[quick->feasible[i]] + (quick->has_soft_taints ? 0 : TAINT_WEIGHT * MOST_POINTS);
	if (quick->has_soft_taints)
		add_taints(question, count);
	if (placement && placement->preferred_nodes)
		add_affinity(question, count);
	if (placement && placement->spread)
		add_own_spread(question, count);
	else
		spread_quick_add(question, quick->feasible, count, quick->totals);
	add_inter_pod(question, count);
	add_images(question, count);
}

/* --- the choice --- */

static void choose(const struct scheduler *scheduler, struct sched_choice *choice)
{
	const struct sched_quick *quick = scheduler->quick;
	size_t count = choice->feasible_count, second = count;
	int32_t most = quick->totals[0];

	for (size_t i = 1; i < count; i++)
		most = quick->totals[i] > most ? quick->totals[i] : most;
	for (size_t i = 0; i < count; i++)
		if (quick->totals[i] == most)
			quick->equals[choice->equal_count++] = quick->feasible[i];
	choice->equals = quick->equals;
	choice->best = scheduler->nodes[quick->equals[0]].node;
	choice->best_points = most;
	if (choice->equal_count > 1) {
		choice->second = scheduler->nodes[quick->equals[1]].node;
		choice->second_points = most;
		return;
	}
	for (size_t i = 0; i < count; i++)
		if (quick->totals[i] != most && (second == count || quick->totals[i] > quick->totals[second]))
			second = i;
	if (second < count) {
		choice->second = scheduler->nodes[quick->feasible[second]].node;
		choice->second_points = quick->totals[second];
	}
}

static bool names_nodes(const struct node_terms *terms)
{
	for (size_t i = 0; terms && i < terms->count; i++)
		if (terms->items[i].fields)
			return true;
	return false;
}

static bool is_plain(const struct pod *pod)
{
	const struct placement *placement = pod->placement;

	if (!placement)
		return true;
	for (size_t i = 0; placement->volumes && i < placement->volumes->count; i++)
		if (placement->volumes->items[i].type != POD_VOLUME_EMPTY_DIR &&
			placement->volumes->items[i].type != POD_VOLUME_HOST_PATH)
			return false;
	return !placement->ports && !names_nodes(placement->required_nodes) &&
		(!placement->preferred_nodes || node_affinity_preferred_is_valid(pod));
}

bool scheduler_choose(struct scheduler *scheduler, const struct pod *pod, struct sched_choice *ret_choice)
{
	struct sched_quick *quick = quick_of(scheduler);
	struct sched_trial trial = { 0 };
	struct question question = { .scheduler = scheduler,
		.pod = pod,
		.self = scheduler_find_pod(scheduler, pod),
		.options = SCHED_AS_NEW,
		.trial = &trial,
		.arena = &quick->scratch };

	*ret_choice = (struct sched_choice){ 0 };
	if (!is_plain(pod))
		return false;
	arena_reset(&quick->scratch);
	spread_ask(&question);
	inter_pod_ask(&question);
	if (trial.error || trial.everywhere_count)
		return false;
	ret_choice->feasible_count = find_feasible(&question);
	if (!ret_choice->feasible_count) {
		ret_choice->message = tell(&question);
		return true;
	}
	if (ret_choice->feasible_count == 1)
		quick->totals[0] = 0;
	else
		score(&question, ret_choice->feasible_count);
	choose(scheduler, ret_choice);
	return !trial.error;
}
