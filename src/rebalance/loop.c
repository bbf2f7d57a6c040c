#include "loop.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clusterutils/util/clock.h"
#include "clusterutils/util/interrupt.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

enum { HOUR = 3600, NAP_MS = 1000 };

static const struct rebalance_options *options_of(const struct loop *loop)
{
	return loop->invocation->options;
}

/* --- what is remembered --- */

static void free_came_back(struct came_back *item)
{
	free((char *)(uintptr_t)item->namespace);
	free((char *)(uintptr_t)item->kind);
	free((char *)(uintptr_t)item->name);
}

static void forget_unfinished(struct loop *loop)
{
	for (size_t i = 0; i < loop->unfinished_count; i++)
		free(loop->unfinished[i]);
	loop->unfinished_count = 0;
}

void loop_release(struct loop *loop)
{
	for (size_t i = 0; i < loop->came_back_count; i++)
		free_came_back(&loop->came_back[i]);
	forget_unfinished(loop);
	free(loop->came_back);
	free(loop->evictions);
	free(loop->unfinished);
	*loop = (struct loop){ 0 };
}

static void forget_old(struct loop *loop, int64_t now)
{
	int64_t rest = options_of(loop)->return_cool_down / 1000000000;
	size_t kept = 0;

	for (size_t i = 0; i < loop->came_back_count; i++)
		if (loop->came_back[i].time < now - rest)
			free_came_back(&loop->came_back[i]);
		else
			loop->came_back[kept++] = loop->came_back[i];
	loop->came_back_count = kept;
	kept = 0;
	for (size_t i = 0; i < loop->eviction_count; i++)
		if (loop->evictions[i] > now - HOUR)
			loop->evictions[kept++] = loop->evictions[i];
	loop->eviction_count = kept;
}

void loop_narrow(struct loop *loop, struct plan_options *options, int64_t now)
{
	uint64_t most = options_of(loop)->max_per_hour;

	forget_old(loop, now);
	if (option_is_given(&loop->invocation->arguments, &options_of(loop)->max_per_hour)) {
		uint64_t left = most > loop->eviction_count ? most - loop->eviction_count : 0;

		if (left < options->scope.max_moves)
			options->scope.max_moves = (uint32_t)left;
	}
	/* A journal of the same runs knows them, too, and those of before the loop began. */
	if (!options->rules.came_back_count) {
		options->rules.came_back = loop->came_back;
		options->rules.came_back_count = loop->came_back_count;
	}
}

bool loop_is_settling(struct loop *loop, const struct cluster *cluster)
{
	for (size_t i = 0; i < loop->unfinished_count; i++) {
		const struct pod *pod = cluster_find_pod_by_uid(cluster, loop->unfinished[i]);

		if (pod && pod_is_active(pod) && (!pod->ready || pod->meta.deleted != TIME_NONE))
			return true;
	}
	forget_unfinished(loop);
	return false;
}

static void take_move(struct loop *loop, const struct move *move)
{
	const struct order *order = move->order;

	if (move->evicted != TIME_NONE) {
		ARRAY_GROW(loop->evictions, loop->eviction_count, loop->eviction_capacity);
		loop->evictions[loop->eviction_count++] = move->evicted;
	}
	if (move->state != MOVE_DONE && move->evicted != TIME_NONE) {
		ARRAY_GROW(loop->unfinished, loop->unfinished_count, loop->unfinished_capacity);
		loop->unfinished[loop->unfinished_count++] = memory_copy_text(move->uid ? move->uid : order->uid);
	}
	if (!order->owner_name || !order->from || !text_equal(order->from, move->landed))
		return;
	ARRAY_GROW(loop->came_back, loop->came_back_count, loop->came_back_capacity);
	loop->came_back[loop->came_back_count++] = (struct came_back){ memory_copy_text(order->namespace),
		memory_copy_text(order->owner_kind), memory_copy_text(order->owner_name), clock_now() };
}

void loop_take(struct loop *loop, const struct waves *waves)
{
	for (size_t i = 0; i < waves->orders->count; i++)
		take_move(loop, &waves->moves[i]);
}

/* --- passes --- */

/* xorshift64: nothing depends on how good it is. */
static uint64_t draw(struct loop *loop)
{
	loop->random ^= loop->random << 13;
	loop->random ^= loop->random >> 7;
	loop->random ^= loop->random << 17;
	return loop->random;
}

/* In seconds, give or take a tenth. */
static int64_t pause_of(struct loop *loop)
{
	int64_t every = options_of(loop)->every / 1000000000, tenth = every / 10;

	return tenth ? every - tenth + (int64_t)(draw(loop) % (uint64_t)(2 * tenth + 1)) : every;
}

static void wait_until(int64_t moment)
{
	while (!interrupt_signal() && clock_now() < moment)
		clock_sleep_ms(NAP_MS);
}

static const char *state_of(int status)
{
	switch (status) {
	case STATUS_DONE:
		return "Done";
	case STATUS_INTERRUPTED:
		return "Stopped";
	case STATUS_TIMEOUT:
		return "TimedOut";
	case STATUS_REFUSED:
		return "Refused";
	default:
		return "Failed";
	}
}

/* A policy or a right may be mended while we wait; what was wrong at the very beginning is for who began it. */
static int one_pass(struct loop *loop, struct session *session, bool is_first,
	int (*pass)(const struct invocation *invocation, struct session *session, struct loop *loop, struct error *err),
	struct error *err)
{
	struct error failure = { 0 }, ignored = { 0 };
	int status;

	loop->moves = loop->withheld = 0;
	loop->is_settling = false;
	status = pass(loop->invocation, session, loop, &failure);
	if (status < 0) {
		if (is_first && failure.code != ERROR_UNAVAILABLE && failure.code != ERROR_TIMEOUT) {
			*err = failure;
			return -1;
		}
		(void)!journal_error(loop->log, failure.message, &ignored);
	} else if (loop->moves || status != STATUS_DONE || loop->is_settling) {
		(void)!journal_pass(loop->log, loop->moves, loop->withheld,
			loop->is_settling ? "Settling" : state_of(status), &ignored);
	}
	return 0;
}

int loop_run(const struct invocation *invocation, struct session *session,
	int (*pass)(const struct invocation *invocation, struct session *session, struct loop *loop, struct error *err),
	struct error *err)
{
	CLEANUP(loop_release)
	struct loop loop = { .invocation = invocation,
		.log = journal_on(STDOUT_FILENO),
		.random = ((uint64_t)getpid() << 32) ^ (uint64_t)clock_now() ^ 0x9e3779b97f4a7c15U };
	bool is_first = true;
	int status = STATUS_DONE;

	interrupt_watch();
	while (status == STATUS_DONE && !interrupt_signal()) {
		int64_t begun = clock_now();

		if (one_pass(&loop, session, is_first, pass, err) < 0)
			status = -1;
		else
			wait_until(begun + pause_of(&loop));
		is_first = false;
	}
	if (status == STATUS_DONE && interrupt_signal() == SIGINT)
		status = STATUS_INTERRUPTED;
	interrupt_unwatch();
	journal_close(loop.log);
	return status;
}
