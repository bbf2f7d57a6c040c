#include "progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "clusterutils/util/clock.h"
#include "clusterutils/util/duration.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

enum { TOLD_BLOCKED = 1, TOLD_EVICTED = 2, TOLD_GONE = 4, TOLD_LANDED = 8, TOLD_OVER = 16 };
enum { BAR_EVERY_MS = 500, BAR_WIDTH = 20, COLUMNS_LEAST = 50, COLUMNS_MOST = 200 };

void progress_init(struct progress *progress, const struct waves *waves)
{
	*progress = (struct progress){ .waves = waves, .is_terminal = isatty(STDERR_FILENO) };
	progress->told = memory_new_array(waves->orders->count + 1, 1);
}

static void take_bar_away(struct progress *progress)
{
	if (progress->has_bar)
		fputs("\r\033[K", stderr);
	progress->has_bar = false;
}

void progress_release(struct progress *progress)
{
	take_bar_away(progress);
	free(progress->told);
	*progress = (struct progress){ 0 };
}

void progress_line(struct progress *progress, const char *format, ...)
{
	va_list args;

	take_bar_away(progress);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	progress->drawn = 0;
}

static bool tell_once(struct progress *progress, const struct move *move, unsigned char what)
{
	unsigned char *told = &progress->told[move - progress->waves->moves];
	bool is_new = !(*told & what);

	*told |= what;
	return is_new;
}

static const char *age(int64_t seconds, char buffer[DURATION_HUMAN_SIZE])
{
	return duration_human((seconds > 0 ? seconds : 0) * DURATION_SECOND, buffer);
}

static void tell_landing(struct progress *progress, const struct move *move)
{
	const struct order *order = move->order;

	if (!move->landed || !tell_once(progress, move, TOLD_LANDED))
		return;
	if (!order->to)
		progress_line(progress, "  %s/%s: in its place %s, on %s", order->namespace, order->name, move->name,
			move->landed);
	else if (text_equal(order->to, move->landed))
		progress_line(progress, "  %s/%s: in its place %s, on %s as foreseen", order->namespace, order->name,
			move->name, move->landed);
	else
		progress_line(progress, "  %s/%s: in its place %s, on %s and not %s: %s", order->namespace, order->name,
			move->name, move->landed, order->to, move->miss ? move->miss : "why is not known");
}

static void tell_end(struct progress *progress, const struct move *move)
{
	const struct order *order = move->order;
	char took[DURATION_HUMAN_SIZE];

	if (!tell_once(progress, move, TOLD_OVER))
		return;
	switch (move->state) {
	case MOVE_DONE:
		progress_line(progress, "  %s/%s: %s after %s", order->namespace, order->name,
			move->why            ? move->why
				: move->name ? "ready"
					     : "gone",
			age(clock_now() - move->asked, took));
		break;
	case MOVE_SKIPPED:
	case MOVE_FAILED:
	case MOVE_UNFINISHED:
		progress_line(progress, "  %s/%s: %s: %s", order->namespace, order->name,
			move->state == MOVE_SKIPPED          ? "skipped"
				: move->state == MOVE_FAILED ? "failed"
							     : "not over",
			move->why ? move->why : "");
		break;
	default:
		break;
	}
}

static void tell_move(struct progress *progress, const struct move *move)
{
	const struct order *order = move->order;
	char took[DURATION_HUMAN_SIZE];

	if (move->state == MOVE_BLOCKED && tell_once(progress, move, TOLD_BLOCKED))
		progress_line(progress, "  %s/%s: waits: %s", order->namespace, order->name, move->why);
	if (move->evicted != TIME_NONE && tell_once(progress, move, TOLD_EVICTED))
		progress_line(progress, "  %s/%s: evicted%s%s", order->namespace, order->name,
			order->from ? " from " : "", order->from ? order->from : "");
	if (move->is_gone && tell_once(progress, move, TOLD_GONE))
		progress_line(progress, "  %s/%s: gone after %s", order->namespace, order->name,
			age(move->gone - move->evicted, took));
	tell_landing(progress, move);
	if (move->state >= MOVE_DONE)
		tell_end(progress, move);
}

static void tell_run(struct progress *progress)
{
	const struct waves *waves = progress->waves;

	if (waves->wave != progress->wave) {
		size_t count = waves->end - waves->first;

		progress->wave = waves->wave;
		progress_line(progress, "wave %u of %u: %zu %s", waves->wave, waves->orders->waves, count,
			count == 1 ? "pod" : "pods");
	}
	if (waves->state == progress->state)
		return;
	if (waves->state == WAVES_PAUSED)
		progress_line(progress, "paused: %s", waves->why);
	else if (waves->state == WAVES_STOPPING && waves->why)
		progress_line(progress, "stopping: %s", waves->why);
	else if (waves->state == WAVES_RUNNING && progress->state == WAVES_PAUSED)
		progress_line(progress, "going on");
	progress->state = waves->state;
}

void progress_change(struct progress *progress, const struct move *move)
{
	if (move)
		tell_move(progress, move);
	else
		tell_run(progress);
}

/* --- the bar --- */

static size_t columns(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0 || !size.ws_col)
		return 80;
	return size.ws_col > COLUMNS_MOST ? COLUMNS_MOST : size.ws_col;
}

static void draw_bar(struct progress *progress)
{
	const struct waves *waves = progress->waves;
	struct waves_tally tally = waves_tally(waves);
	size_t all = waves->orders->count, over = tally.done + tally.skipped + tally.failed, filled;
	int64_t taken = clock_now() - waves->began;
	char took[DURATION_HUMAN_SIZE], left[DURATION_HUMAN_SIZE];
	AUTO_BUFFER line = { 0 };

	if (!all || columns() < COLUMNS_LEAST)
		return;
	filled = over * BAR_WIDTH / all;
	buffer_printf(&line, "wave %u/%u [", waves->wave, waves->orders->waves);
	buffer_add_repeated(&line, '#', filled);
	buffer_add_repeated(&line, '-', BAR_WIDTH - filled);
	buffer_printf(&line, "] %zu/%zu, %s", over, all, age(taken, took));
	if (over && over < all)
		buffer_printf(&line, ", %s left", age(taken * (int64_t)(all - over) / (int64_t)over, left));
	if (line.length >= columns())
		buffer_cut(&line, columns() - 1);
	fprintf(stderr, "\r%s\033[K", buffer_text(&line));
	fflush(stderr);
	progress->has_bar = true;
}

void progress_tick(struct progress *progress)
{
	int64_t now = clock_monotonic_ms();

	if (!progress->is_terminal || (progress->drawn && now - progress->drawn < BAR_EVERY_MS))
		return;
	progress->drawn = now;
	draw_bar(progress);
}
