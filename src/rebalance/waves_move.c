/* One move: the eviction, the pod that leaves, and the one that comes in its place. */
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/clock.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "pod_trouble.h"
#include "waves_private.h"

const char *const move_state_texts[] = {
	[MOVE_WAITING] = "Waiting",
	[MOVE_ASKED] = "Evicting",
	[MOVE_BLOCKED] = "Blocked",
	[MOVE_LEAVING] = "Terminating",
	[MOVE_MISSED] = "Gone",
	[MOVE_STARTING] = "Starting",
	[MOVE_DONE] = "Moved",
	[MOVE_SKIPPED] = "Skipped",
	[MOVE_FAILED] = "Failed",
	[MOVE_NOT_BEGUN] = "NotBegun",
	[MOVE_UNFINISHED] = "Unfinished",
};

void move_set(struct waves *waves, struct move *move, enum move_state state, const char *why)
{
	move->state = state;
	move->why = why ? arena_text(&waves->arena, why) : NULL;
	waves_tell(waves, move);
}

void move_begin(struct waves *waves, struct move *move, const struct order *order)
{
	const struct pod *pod = order_pod(order, waves->cluster);
	const struct owner *controller = pod ? meta_controller(&pod->meta) : NULL;

	*move = (struct move){ .order = order,
		.asked = TIME_NONE,
		.evicted = TIME_NONE,
		.gone = TIME_NONE,
		.bound = TIME_NONE,
		.ready = TIME_NONE };
	if (!controller)
		return;
	move->controller_kind = arena_text(&waves->arena, controller->kind);
	move->controller_name = arena_text(&waves->arena, controller->name);
	move->controller_uid = arena_text(&waves->arena, controller->uid);
}

void move_release(struct move *move)
{
	if (!move->write)
		return;
	write_release(move->write);
	free(move->write);
	move->write = NULL;
}

bool move_is_over(const struct move *move)
{
	return move->state == MOVE_DONE || move->state == MOVE_SKIPPED || move->state == MOVE_FAILED ||
		move->state == MOVE_NOT_BEGUN || move->state == MOVE_UNFINISHED;
}

/* --- asking --- */

static const struct pod *pods_of_controller(const struct waves *waves, const struct move *move)
{
	const struct owner_entry *entry =
		move->controller_uid ? index_find(&waves->cluster->owners, move->controller_uid, NULL) : NULL;

	return entry ? entry->pods : NULL;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Who is there before cannot be who comes. */
static void note_siblings(struct waves *waves, struct move *move)
{
	size_t count = 0;

	for (const struct pod *pod = pods_of_controller(waves, move); pod; pod = pod->by_owner.next)
		count++;
	move->siblings = (const char **)arena_new(&waves->arena, count + 1, sizeof(*move->siblings));
	move->sibling_count = 0;
	for (const struct pod *pod = pods_of_controller(waves, move); pod; pod = pod->by_owner.next)
		move->siblings[move->sibling_count++] = arena_text(&waves->arena, pod->meta.uid);
	qsort((void *)move->siblings, move->sibling_count, sizeof(*move->siblings), by_text);
}

void move_ask(struct waves *waves, struct move *move)
{
	const struct order *order = move->order;

	if (!move->siblings)
		note_siblings(waves, move);
	if (move->asked == TIME_NONE)
		move->asked = clock_now();
	move_release(move);
	move->write = NEW(struct write);
	write_evict(move->write, waves->transport, &waves->options.write, order->namespace, order->name, order->uid,
		waves->options.grace_seconds);
	move_set(waves, move, MOVE_ASKED, NULL);
}

/* The uid is a precondition, so that asking again never hits another pod. */
static void ask_again(struct waves *waves, struct move *move, int64_t least, const char *why)
{
	int64_t pause = INT64_C(1) << (move->attempts < 4 ? move->attempts : 4);

	pause = pause > MOVE_RETRY_MOST ? MOVE_RETRY_MOST : pause;
	pause = pause < least ? least : pause;
	move->attempts++;
	move->next_attempt = clock_now() + pause;
	move_set(waves, move, MOVE_BLOCKED, why);
}

static bool may_be_mended(enum error_code code)
{
	return code == ERROR_UNAVAILABLE || code == ERROR_TIMEOUT;
}

static void accept(struct waves *waves, struct move *move)
{
	move->evicted = clock_now();
	move_set(waves, move, MOVE_LEAVING, NULL);
}

static void take_answer(struct waves *waves, struct move *move)
{
	const struct request *request = &move->write->request;
	const char *said = *request->api_status.message ? request->api_status.message : request->error.message;

	switch (write_outcome(move->write)) {
	case WRITE_DONE:
		accept(waves, move);
		break;
	case WRITE_GONE:
		if (move->is_uncertain)
			accept(waves, move);
		else
			move_set(waves, move, MOVE_SKIPPED, "it was gone already");
		break;
	case WRITE_BLOCKED:
	case WRITE_TERMINATING:
		ask_again(waves, move, 0, said);
		break;
	case WRITE_BUSY:
		ask_again(waves, move, request->api_status.retry_after_seconds, said);
		break;
	case WRITE_FAILED:
		if (may_be_mended(request->error.code)) {
			move->is_uncertain = true;
			ask_again(waves, move, 0, said);
			break;
		}
		move_set(waves, move, MOVE_FAILED, said);
		break;
	case WRITE_CONFLICT:
	case WRITE_FORBIDDEN:
	case WRITE_UNDER_WAY:
		move_set(waves, move, MOVE_FAILED, said);
		break;
	}
}

void move_answer(struct waves *waves, struct move *move)
{
	if (!move->write || !move->write->request.done)
		return;
	take_answer(waves, move);
	move_release(move);
}

/* --- what comes of it --- */

static bool was_there(const struct move *move, const char *uid)
{
	return bsearch(&uid, (const void *)move->siblings, move->sibling_count, sizeof(*move->siblings), by_text) !=
		NULL;
}

/* The oldest of those that came since; of equals the first by name. */
static const struct pod *newcomer(const struct waves *waves, const struct move *move)
{
	const struct pod *found = NULL;

	for (const struct pod *pod = pods_of_controller(waves, move); pod; pod = pod->by_owner.next) {
		if (pod->meta.deleted != TIME_NONE || pod->phase == POD_SUCCEEDED || was_there(move, pod->meta.uid) ||
			index_find(&waves->newcomers, pod->meta.uid, NULL))
			continue;
		if (!found || pod->meta.created < found->meta.created ||
			(pod->meta.created == found->meta.created && strcmp(pod->meta.name, found->meta.name) < 0))
			found = pod;
	}
	return found;
}

static void lose_newcomer(struct waves *waves, struct move *move)
{
	index_remove(&waves->newcomers, move->uid, NULL);
	move->name = move->uid = move->landed = move->miss = NULL;
	move->is_ready = false;
	move->bound = move->ready = TIME_NONE;
}

static void note_landing(struct waves *waves, struct move *move, const struct pod *pod)
{
	const struct order *order = move->order;

	move->landed = arena_text(&waves->arena, pod->node);
	move->bound = clock_now();
	if (order->to && strcmp(order->to, pod->node) != 0)
		move->miss = miss_explain(waves->cluster, &waves->options.rules, pod, order->to, &waves->arena);
	waves_tell(waves, move);
}

static void look_at_newcomer(struct waves *waves, struct move *move)
{
	const struct pod *pod = move->uid ? cluster_find_pod_by_uid(waves->cluster, move->uid) : NULL;

	if (move->uid && (!pod || pod->meta.deleted != TIME_NONE)) {
		lose_newcomer(waves, move);
		pod = NULL;
	}
	if (!pod) {
		pod = newcomer(waves, move);
		if (!pod)
			return;
		move->name = arena_text(&waves->arena, pod->meta.name);
		move->uid = arena_text(&waves->arena, pod->meta.uid);
		index_add(&waves->newcomers, move);
	}
	if (pod->node && !move->landed)
		note_landing(waves, move, pod);
	if (pod->ready && !move->is_ready) {
		move->is_ready = true;
		move->ready = clock_now();
	} else if (!pod->ready) {
		move->is_ready = false;
	}
}

/* It has as many as it wants without one in the place of ours: it was scaled down, or had one too many. */
static bool is_needless(const struct waves *waves, const struct move *move)
{
	const struct workload *controller = NULL;
	int32_t ready = 0;
	enum kind kind;

	if (move->gone == TIME_NONE || clock_now() - move->gone < MOVE_NEEDLESS_SECONDS)
		return false;
	if (kind_find("apps/v1", move->controller_kind, &kind) || kind_find("batch/v1", move->controller_kind, &kind))
		controller = (const struct workload *)(const void *)cluster_find(
			waves->cluster, kind, move->controller_name, move->order->namespace);
	if (!controller || kind == KIND_JOB || !text_equal(controller->meta.uid, move->controller_uid))
		return false;
	for (const struct pod *pod = pods_of_controller(waves, move); pod; pod = pod->by_owner.next)
		ready += pod->ready && pod->meta.deleted == TIME_NONE;
	return ready >= controller->replicas;
}

void move_look(struct waves *waves, struct move *move)
{
	enum move_state state;

	if (move->state != MOVE_LEAVING && move->state != MOVE_MISSED && move->state != MOVE_STARTING)
		return;
	if (!move->is_gone && !order_pod(move->order, waves->cluster)) {
		move->is_gone = true;
		move->gone = clock_now();
		waves_tell(waves, move);
	}
	if (move->controller_uid)
		look_at_newcomer(waves, move);
	if (move->is_gone && (!move->controller_uid || move->is_ready))
		state = MOVE_DONE;
	else if (move->uid)
		state = MOVE_STARTING;
	else
		state = move->is_gone ? MOVE_MISSED : MOVE_LEAVING;
	if (state == MOVE_MISSED && is_needless(waves, move)) {
		move_set(waves, move, MOVE_DONE, "nothing was needed in its place");
		return;
	}
	if (state != move->state)
		move_set(waves, move, state, NULL);
}

static bool is_room_free(const struct waves *waves, int64_t now)
{
	for (size_t i = waves->first; i < waves->end; i++) {
		const struct move *move = &waves->moves[i];

		if (move->evicted != TIME_NONE && (!move->is_gone || now - move->gone < MOVE_SETTLE_SECONDS))
			return false;
	}
	return true;
}

const char *move_trouble(struct waves *waves, const struct move *move, struct arena *arena)
{
	const struct pod *pod = move->uid ? cluster_find_pod_by_uid(waves->cluster, move->uid) : NULL;
	int64_t now = clock_now();
	bool is_unschedulable;
	const char *trouble;

	if (!pod || move->state != MOVE_STARTING)
		return NULL;
	trouble = pod_trouble(waves->cluster, pod, now, arena, &is_unschedulable);
	if (!trouble ||
		(is_unschedulable && (now - pod->meta.created < MOVE_SETTLE_SECONDS || !is_room_free(waves, now))))
		return NULL;
	return arena_printf(arena, "pod %s/%s %s: %s", move->order->namespace, move->name,
		is_unschedulable ? "cannot be scheduled" : "does not become ready", trouble);
}
