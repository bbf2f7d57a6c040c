#include "waves.h"

#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/clock.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "waves_private.h"

void waves_tell(const struct waves *waves, const struct move *move)
{
	if (waves->options.on_change)
		waves->options.on_change(waves->options.context, move);
}

static void set_state(struct waves *waves, enum waves_state state, const char *why)
{
	waves->state = state;
	waves->why = why ? arena_text(&waves->arena, why) : NULL;
	waves_tell(waves, NULL);
}

/* --- as it was when the run began --- */

static struct index_key key_of_workload(const void *workload)
{
	return (struct index_key){ ((const struct workload_seen *)workload)->uid, NULL };
}

static struct index_key key_of_newcomer(const void *move)
{
	return (struct index_key){ ((const struct move *)move)->uid, NULL };
}

static const struct workload *workload_found(
	const struct waves *waves, enum kind kind, const char *name, const char *namespace, const char *uid)
{
	const struct meta *found = cluster_find(waves->cluster, kind, name, namespace);

	return found && text_equal(found->uid, uid) ? (const struct workload *)(const void *)found : NULL;
}

static struct workload_seen *workload_of(struct waves *waves, const struct pod *pod)
{
	const struct owner *owner = cluster_workload_of(waves->cluster, pod);
	const struct workload *workload;
	struct workload_seen *seen;
	enum kind kind;

	if (!owner || !kind_find(owner->api_version, owner->kind, &kind))
		return NULL;
	seen = index_find(&waves->workloads, owner->uid, NULL);
	if (seen)
		return seen;
	if (kind != KIND_DEPLOYMENT && kind != KIND_REPLICA_SET && kind != KIND_STATEFUL_SET)
		return NULL;
	workload = workload_found(waves, kind, owner->name, pod->meta.namespace, owner->uid);
	if (!workload)
		return NULL;
	seen = ARENA_NEW(&waves->arena, struct workload_seen);
	*seen = (struct workload_seen){ .uid = arena_text(&waves->arena, owner->uid),
		.name = arena_text(&waves->arena, owner->name),
		.namespace = arena_text(&waves->arena, pod->meta.namespace),
		.kind = kind,
		.generation = workload->generation };
	index_add(&waves->workloads, seen);
	return seen;
}

static void note_nodes(struct waves *waves)
{
	size_t count = cluster_node_count(waves->cluster);

	waves->nodes = ARENA_ARRAY(&waves->arena, count + 1, struct order_node);
	for (size_t i = 0; i < count; i++) {
		const struct node_entry *entry = cluster_node(waves->cluster, i);
		enum node_state state = node_state(entry->node);

		if (state == NODE_OK || state == NODE_CORDONED)
			waves->nodes[waves->node_count++].name = arena_text(&waves->arena, entry->name);
	}
}

void waves_init(struct waves *waves, const struct orders *orders, const struct cluster *cluster,
	struct transport *transport, const struct waves_options *options)
{
	*waves = (struct waves){ .orders = orders,
		.cluster = cluster,
		.transport = transport,
		.options = *options,
		.began = clock_now(),
		.wave_began = clock_now(),
		.ended = TIME_NONE };
	index_init(&waves->workloads, key_of_workload);
	index_init(&waves->newcomers, key_of_newcomer);
	note_nodes(waves);
	waves->moves = ARENA_ARRAY(&waves->arena, orders->count + 1, struct move);
	for (size_t i = 0; i < orders->count; i++) {
		const struct pod *pod = order_pod(&orders->items[i], cluster);

		move_begin(waves, &waves->moves[i], &orders->items[i]);
		waves->moves[i].workload = pod ? workload_of(waves, pod) : NULL;
	}
}

void waves_release(struct waves *waves)
{
	for (size_t i = 0; waves->moves && i < waves->orders->count; i++) {
		struct write *write = waves->moves[i].write;

		if (write && !write->request.done)
			transport_cancel(waves->transport, &write->request);
		move_release(&waves->moves[i]);
	}
	index_release(&waves->workloads);
	index_release(&waves->newcomers);
	arena_release(&waves->arena);
	*waves = (struct waves){ 0 };
}

/* --- what is wrong --- */

static const char *node_trouble(const struct waves *waves, struct arena *arena)
{
	for (size_t i = 0; i < waves->node_count; i++) {
		const char *name = waves->nodes[i].name;
		const struct node_entry *entry = cluster_find_node(waves->cluster, name);
		enum node_state state = node_state(entry ? entry->node : NULL);

		if (state != NODE_OK && state != NODE_CORDONED)
			return arena_printf(
				arena, "node %s is %s", name, state == NODE_MISSING ? "gone" : node_state_text(state));
	}
	return NULL;
}

static const char *workload_trouble(const struct waves *waves, const struct move *move, struct arena *arena)
{
	const struct workload_seen *seen = move->workload;
	const struct workload *now;
	const char *kind;

	if (!seen)
		return NULL;
	kind = kind_info(seen->kind)->name;
	now = workload_found(waves, seen->kind, seen->name, seen->namespace, seen->uid);
	if (!now)
		return arena_printf(arena, "%s %s/%s is deleted by somebody else", kind, seen->namespace, seen->name);
	if (now->generation != seen->generation)
		return arena_printf(arena, "%s %s/%s is changed by somebody else", kind, seen->namespace, seen->name);
	return NULL;
}

/* The first thing that is wrong; and whose, NULL for none of the moves. What never becomes right again is not waited
 * for. */
static const char *trouble_of(struct waves *waves, struct arena *arena, struct move **ret_move, bool *ret_is_for_good)
{
	*ret_move = NULL;
	*ret_is_for_good = true;
	for (size_t i = waves->first; i < waves->end; i++) {
		const char *trouble =
			move_is_over(&waves->moves[i]) ? NULL : workload_trouble(waves, &waves->moves[i], arena);

		if (trouble)
			return trouble;
	}
	*ret_is_for_good = false;
	for (size_t i = waves->first; i < waves->end; i++) {
		const char *trouble = move_trouble(waves, &waves->moves[i], arena);

		if (trouble) {
			*ret_move = &waves->moves[i];
			return trouble;
		}
	}
	return node_trouble(waves, arena);
}

/* --- a wave --- */

static bool is_hopeless(enum withheld withheld)
{
	return withheld == WITHHELD_NO_LANDING || withheld == WITHHELD_RETURNS || withheld == WITHHELD_VOLUME ||
		withheld == WITHHELD_ARCHITECTURE || withheld == WITHHELD_TARGET || withheld == WITHHELD_MEMORY;
}

/* Whether each would still land where it does good, those before it having gone. */
static void check_landings(struct waves *waves)
{
	struct landings *landings = landings_new(waves->cluster, &waves->options.rules, clock_now());

	for (size_t i = waves->first; i < waves->end; i++) {
		struct move *move = &waves->moves[i];
		const struct pod *pod = order_pod(move->order, waves->cluster);
		struct landing landing;

		if (move->state != MOVE_WAITING || !pod || !move->order->to)
			continue;
		landings_move(landings, pod, plan_wish(move->order->strategy), &landing);
		if (is_hopeless(landing.withheld))
			move_set(waves, move, MOVE_SKIPPED, landing.why);
	}
	landings_free(landings);
}

static void check_orders(struct waves *waves)
{
	AUTO_ARENA scratch = { 0 };

	for (size_t i = waves->first; i < waves->end; i++) {
		struct move *move = &waves->moves[i];
		const char *drift =
			order_drift(waves->orders, move->order, waves->cluster, waves->options.cordoned, &scratch);

		if (drift)
			move_set(waves, move, MOVE_SKIPPED, drift);
	}
	if (!waves->orders->parity)
		check_landings(waves);
}

static bool is_wave_over(const struct waves *waves)
{
	for (size_t i = waves->first; i < waves->end; i++)
		if (!move_is_over(&waves->moves[i]))
			return false;
	return true;
}

static void end(struct waves *waves)
{
	waves->ended = clock_now();
	waves->state = WAVES_OVER;
	waves_tell(waves, NULL);
}

static void begin_wave(struct waves *waves)
{
	const struct orders *orders = waves->orders;

	waves->first = waves->end;
	waves->wave = orders->items[waves->first].wave;
	while (waves->end < orders->count && orders->items[waves->end].wave == waves->wave)
		waves->end++;
	waves->wave_began = clock_now();
	waves_tell(waves, NULL);
	check_orders(waves);
	for (size_t i = waves->first; i < waves->end; i++)
		if (waves->moves[i].state == MOVE_WAITING)
			move_ask(waves, &waves->moves[i]);
}

/* --- ending early --- */

static bool is_asking(const struct waves *waves)
{
	for (size_t i = waves->first; i < waves->end; i++)
		if (waves->moves[i].write)
			return true;
	return false;
}

static const char *unfinished(const struct move *move)
{
	if (move->why)
		return move->why;
	if (move->uid)
		return "the pod in its place is not ready yet";
	return move->evicted == TIME_NONE ? "whether it was evicted is not known" : "nothing has come in its place yet";
}

static void close_moves(struct waves *waves)
{
	for (size_t i = 0; i < waves->orders->count; i++) {
		struct move *move = &waves->moves[i];
		bool is_refused = move->state == MOVE_BLOCKED && !move->is_uncertain;

		if (move_is_over(move))
			continue;
		if (is_refused && waves->timed_out)
			move_set(waves, move, MOVE_FAILED, move->why);
		else if (is_refused || move->state == MOVE_WAITING)
			move_set(waves, move, MOVE_NOT_BEGUN, move->why);
		else
			move_set(waves, move, MOVE_UNFINISHED, unfinished(move));
	}
}

static void stop(struct waves *waves, const char *why)
{
	if (waves->state == WAVES_RUNNING || waves->state == WAVES_PAUSED)
		set_state(waves, WAVES_STOPPING, why);
}

void waves_stop(struct waves *waves, const char *why)
{
	waves->was_stopped = true;
	stop(waves, why);
}

void waves_end_with_wave(struct waves *waves)
{
	waves->ends_with_wave = true;
}

static void fail(struct waves *waves, struct move *move, const char *why)
{
	if (move)
		move_set(waves, move, MOVE_FAILED, why);
	stop(waves, why);
}

static void check_time(struct waves *waves)
{
	AUTO_ARENA scratch = { 0 };
	int64_t taken = clock_now() - waves->wave_began;

	if (taken <= waves->options.timeout || is_wave_over(waves))
		return;
	waves->timed_out = true;
	stop(waves,
		arena_printf(&scratch, "wave %u takes longer than %lld s%s%s", waves->wave,
			(long long)waves->options.timeout, waves->why ? ": " : "", waves->why ? waves->why : ""));
}

/* --- all of it --- */

static void look(struct waves *waves)
{
	AUTO_ARENA scratch = { 0 };
	struct move *whose;
	bool is_for_good;
	const char *trouble;

	for (size_t i = waves->first; i < waves->end; i++)
		move_look(waves, &waves->moves[i]);
	trouble = trouble_of(waves, &scratch, &whose, &is_for_good);
	if (!trouble) {
		if (waves->state == WAVES_PAUSED)
			set_state(waves, WAVES_RUNNING, NULL);
		return;
	}
	if (is_for_good || !waves->options.pauses)
		fail(waves, whose, trouble);
	else if (waves->state == WAVES_RUNNING)
		set_state(waves, WAVES_PAUSED, trouble);
}

static void ask_again(struct waves *waves)
{
	int64_t now = clock_now();

	for (size_t i = waves->first; i < waves->end; i++)
		if (waves->moves[i].state == MOVE_BLOCKED && waves->moves[i].next_attempt <= now)
			move_ask(waves, &waves->moves[i]);
}

static void go_on(struct waves *waves)
{
	ask_again(waves);
	while (waves->state == WAVES_RUNNING && is_wave_over(waves)) {
		if (waves->end == waves->orders->count || (waves->ends_with_wave && waves->wave)) {
			waves->state = WAVES_STOPPING;
			return;
		}
		begin_wave(waves);
	}
}

bool waves_step(struct waves *waves, bool is_current)
{
	for (size_t i = waves->first; i < waves->end; i++)
		move_answer(waves, &waves->moves[i]);
	if (is_current && (waves->state == WAVES_RUNNING || waves->state == WAVES_PAUSED))
		look(waves);
	if (waves->state == WAVES_RUNNING || waves->state == WAVES_PAUSED)
		check_time(waves);
	if (is_current && waves->state == WAVES_RUNNING)
		go_on(waves);
	if (waves->state == WAVES_STOPPING && !is_asking(waves)) {
		close_moves(waves);
		end(waves);
	}
	return waves->state != WAVES_OVER;
}

struct waves_tally waves_tally(const struct waves *waves)
{
	struct waves_tally tally = { 0 };

	for (size_t i = 0; i < waves->orders->count; i++) {
		const struct move *move = &waves->moves[i];

		tally.done += move->state == MOVE_DONE;
		tally.skipped += move->state == MOVE_SKIPPED;
		tally.failed += move->state == MOVE_FAILED;
		tally.not_begun += move->state == MOVE_NOT_BEGUN;
		tally.unfinished += move->state == MOVE_UNFINISHED;
		tally.evicted += move->evicted != TIME_NONE;
		if (!move->landed)
			continue;
		tally.as_foreseen += move->order->to && strcmp(move->order->to, move->landed) == 0;
		tally.elsewhere += !move->order->to || strcmp(move->order->to, move->landed) != 0;
		tally.returned += text_equal(move->order->from, move->landed);
	}
	return tally;
}

const char *waves_end_text(const struct waves *waves)
{
	struct waves_tally tally = waves_tally(waves);

	if (waves->was_stopped || (waves->ends_with_wave && tally.not_begun))
		return "Stopped";
	if (waves->timed_out)
		return "TimedOut";
	return waves->why || tally.failed ? "Failed" : "Done";
}
