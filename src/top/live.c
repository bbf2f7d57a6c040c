#include "live.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clusterutils/util/clock.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "live_feed.h"
#include "live_wish.h"

enum { TICK_MS = 1000, SOON_MS = 300, COST_SHARE = 30, RETRY_MS = 10000, PATH_MAX_BYTES = 4096 };

struct live {
	struct invocation *invocation;
	struct term *term;
	struct screen screen;
	struct canvas canvas;
	struct live_feed *feeds[FEEDS_MAX];
	struct feed *shown[FEEDS_MAX]; /* the same, as the screen sees them */
	int64_t retry_at[FEEDS_MAX];
	size_t feed_count;
	struct errands errands;
	char *namespace; /* chosen at the prompt */
	const struct power_options *power;

	bool has_news, has_urgent_news, is_dirty, is_over;
	bool has_opened; /* a server could be reached */
	int64_t taken_at, drawn_at;
	int64_t cost_ms; /* of making the last table */
	uint64_t frames, iterations;
};

/* --- feeds --- */

static void before_prompt(void *context)
{
	term_leave(((struct live *)context)->term);
}

static void after_prompt(void *context)
{
	struct live *live = context;

	term_return(live->term);
	live->is_dirty = true;
}

static void on_warning(void *context, const char *text)
{
	struct live *live = context;

	screen_tell(&live->screen, ROLE_WARNING, "Warning: %s", text);
	live->is_dirty = true;
}

static void open_feed(struct live *live, size_t i, const char *context)
{
	struct session_setup setup = {
		.context = context,
		.hooks = { before_prompt, after_prompt, live },
		.on_warning = on_warning,
		.warning_context = live,
	};

	live->feeds[i] = NEW(struct live_feed);
	live_feed_open(live->feeds[i], live->invocation, &setup, live->power);
	live->shown[i] = &live->feeds[i]->feed;
}

static void close_feeds(struct live *live)
{
	errands_cancel(&live->errands, NULL);
	for (size_t i = 0; i < live->feed_count; i++) {
		live_feed_close(live->feeds[i]);
		free(live->feeds[i]);
	}
	live->feed_count = 0;
}

static void open_feeds(struct live *live, const char *const *contexts, size_t count)
{
	size_t opened = count ? count : 1;

	for (size_t i = 0; i < opened; i++)
		open_feed(live, i, count ? contexts[i] : NULL);
	live->feed_count = opened;
}

static void change_feeds(struct live *live, const char *const *contexts, size_t count)
{
	close_feeds(live);
	open_feeds(live, contexts, count);
	screen_set_feeds(&live->screen, live->shown, live->feed_count);
	live->has_news = true;
	live->taken_at = 0;
}

static bool wants(const void *context, enum kind kind)
{
	return screen_wants(context, kind);
}

/* One of several that could not be reached is tried again from time to time. */
static void retry(struct live *live, size_t i, int64_t now)
{
	AUTO_FREE char *name = NULL;

	if (live->feeds[i]->feed.state != FEED_FAILED) {
		live->retry_at[i] = now + RETRY_MS;
		return;
	}
	if (now < live->retry_at[i] || live->feed_count == 1)
		return;
	live->retry_at[i] = now + RETRY_MS;
	if (live->feeds[i]->session.transport)
		errands_cancel(&live->errands, live->feeds[i]->session.transport);
	name = memory_copy_text(live->feeds[i]->name);
	live_feed_close(live->feeds[i]);
	free(live->feeds[i]);
	open_feed(live, i, name);
	screen_renew_feeds(&live->screen);
	live->is_dirty = true;
}

/* Several are waited for in turn, each for a part of the time: what the others have to say waits that long at most, and
 * keys wake any of them. */
static void step_feeds(struct live *live, int timeout_ms)
{
	int share = timeout_ms / (int)live->feed_count;

	for (size_t i = 0; i < live->feed_count; i++) {
		struct live_feed *feed = live->feeds[i];

		live_feed_choose(feed, wants, &live->screen);
		if (live_feed_step(feed, share, term_fd(live->term)))
			live->has_news = true;
		if (live_feed_has_object_news(feed))
			live->has_urgent_news = true;
		retry(live, i, clock_monotonic_ms());
	}
}

/* --- wishes --- */

static void save_settings(struct live *live)
{
	char path[PATH_MAX_BYTES];
	struct error err;

	if (!settings_path(path, sizeof(path)))
		screen_tell(&live->screen, ROLE_BAD,
			"neither XDG_CONFIG_HOME nor HOME is set: there is no place to save to");
	else if (settings_write(&live->screen.settings, path, &err) < 0)
		screen_tell(&live->screen, ROLE_BAD, "%s", err.message);
	else
		screen_tell(&live->screen, ROLE_GOOD, "saved to %s", path);
}

/* A file that is there already stays as it is. */
static void write_snapshot(struct live *live, const char *path)
{
	AUTO_BUFFER text = { 0 };
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	bool is_written;

	if (file < 0) {
		screen_tell(&live->screen, ROLE_BAD, "%s: %s", path, strerror(errno));
		return;
	}
	screen_write(&live->screen, &text);
	is_written = write(file, buffer_text(&text), text.length) == (ssize_t)text.length;
	if (close(file) == 0 && is_written)
		screen_tell(&live->screen, ROLE_GOOD, "written to %s", path);
	else
		screen_tell(&live->screen, ROLE_BAD, "%s: %s", path, strerror(errno));
}

static void change_context(struct live *live, const char *text)
{
	AUTO_ARENA arena = { 0 };
	const char *contexts[FEEDS_MAX] = { 0 };
	size_t count;

	if (!live->feeds[0]->session.is_live && live->feeds[0]->has_session) {
		screen_tell(&live->screen, ROLE_WARNING, "there are no contexts to choose from: this is no API server");
		return;
	}
	count = live_split_contexts(text, &arena, contexts);
	change_feeds(live, contexts, count);
}

static void change_namespace(struct live *live, const char *name)
{
	const char *contexts[FEEDS_MAX] = { 0 };
	AUTO_ARENA arena = { 0 };
	size_t count = live->feed_count;

	free(live->namespace);
	live->namespace = *name ? memory_copy_text(name) : NULL;
	live->invocation->global.namespace = live->namespace;
	live->invocation->global.all_namespaces = !live->namespace;
	live->screen.namespace = live->namespace;
	for (size_t i = 0; i < count; i++)
		contexts[i] = arena_text(&arena, live->feeds[i]->name);
	change_feeds(live, contexts, live->feeds[0]->is_named ? count : 0);
}

static void fulfil(struct live *live)
{
	struct wish wish = live->screen.wish;

	live->screen.wish = (struct wish){ 0 };
	switch (wish.type) {
	case WISH_NONE:
		break;
	case WISH_QUIT:
		live->is_over = true;
		break;
	case WISH_REDRAW:
		term_redraw(live->term);
		break;
	case WISH_SAVE:
		save_settings(live);
		break;
	case WISH_SNAPSHOT:
		write_snapshot(live, wish.text);
		break;
	case WISH_CONTEXT:
		change_context(live, wish.text);
		break;
	case WISH_NAMESPACE:
		change_namespace(live, wish.text);
		break;
	case WISH_YAML:
	case WISH_CORDON:
	case WISH_UNCORDON:
	case WISH_EVICT:
		errands_start(&live->errands, &live->screen, live->feeds, &wish);
		break;
	}
	wish_clear(&wish);
}

/* --- the loop --- */

static void read_events(struct live *live)
{
	struct input_event event;

	for (term_event(live->term, &event); event.type != EVENT_NONE && !live->is_over;
		term_event(live->term, &event)) {
		screen_event(&live->screen, &event);
		fulfil(live);
		live->is_dirty = true;
	}
}

/* Objects that have changed are shown soon, metrics and all else after the delay; but what takes long to make is made
 * the more seldom. */
static int64_t pause_of(const struct live *live)
{
	int64_t delay = live->screen.settings.delay_ms;
	int64_t soon = live->cost_ms * COST_SHARE > SOON_MS ? live->cost_ms * COST_SHARE : SOON_MS;

	return live->has_urgent_news && soon < delay ? soon : delay;
}

static void take(struct live *live, int64_t now)
{
	if (!live->has_news || now - live->taken_at < pause_of(live))
		return;
	screen_take(&live->screen);
	live->cost_ms = clock_monotonic_ms() - now;
	live->has_urgent_news = false;
	live->has_news = false;
	live->is_dirty = true;
	live->taken_at = now;
	if (++live->frames == live->iterations)
		live->is_over = true;
}

static void show(struct live *live, int64_t now)
{
	if (!live->is_dirty && now - live->drawn_at < TICK_MS)
		return;
	if (live->canvas.rows != term_rows(live->term) || live->canvas.columns != term_columns(live->term))
		canvas_resize(&live->canvas, term_rows(live->term), term_columns(live->term));
	term_set_theme(live->term, screen_theme(&live->screen));
	screen_draw(&live->screen, &live->canvas);
	term_show(live->term, &live->canvas);
	live->is_dirty = false;
	live->drawn_at = now;
}

static int until_next(const struct live *live, int64_t now)
{
	int64_t due = live->drawn_at + TICK_MS, news = live->taken_at + pause_of(live);
	int64_t left = (live->has_news && news < due ? news : due) - now;

	return left < 0 ? 0 : left > TERM_WAIT_MS ? TERM_WAIT_MS : (int)left;
}

/* The only server there is cannot be reached, and none was before: there is nothing to show. A name that was mistyped
 * at the prompt is no reason to end. */
static bool is_hopeless(struct live *live)
{
	const struct feed *first = &live->feeds[0]->feed;

	live->has_opened = live->has_opened || first->state == FEED_OPEN;
	return live->feed_count == 1 && first->state == FEED_FAILED && !live->has_opened;
}

static int run_loop(struct live *live, struct error *err)
{
	while (!live->is_over) {
		int64_t now = clock_monotonic_ms();

		screen_tick(&live->screen, clock_now(), now);
		take(live, now);
		show(live, now);
		if (is_hopeless(live)) {
			*err = live->feeds[0]->feed.error;
			return -1;
		}
		step_feeds(live, until_next(live, clock_monotonic_ms()));
		screen_tick(&live->screen, clock_now(), clock_monotonic_ms());
		if (errands_turn(&live->errands, &live->screen))
			live->is_dirty = true;
		read_events(live);
	}
	return STATUS_DONE;
}

int live_run(
	struct invocation *invocation, const struct live_options *options, bool *ret_no_terminal, struct error *err)
{
	struct live live = {
		.invocation = invocation, .iterations = options->iterations, .has_news = true, .power = options->power
	};
	struct screen_options screen = options->screen;
	int result;

	*ret_no_terminal = term_open(&options->term, &live.term, err) < 0;
	if (*ret_no_terminal)
		return -1;
	screen.is_unicode = term_is_unicode(live.term);
	screen.colours = term_colours(live.term);
	canvas_init(&live.canvas, term_rows(live.term), term_columns(live.term));
	screen_init(&live.screen, &screen, live.shown, 0);
	open_feeds(&live, options->contexts, options->context_count);
	screen_set_feeds(&live.screen, live.shown, live.feed_count);
	result = run_loop(&live, err);
	term_close(live.term);
	screen_release(&live.screen);
	close_feeds(&live);
	canvas_release(&live.canvas);
	free(live.namespace);
	return result;
}

size_t live_split_contexts(const char *text, struct arena *arena, const char *ret_contexts[FEEDS_MAX])
{
	size_t count = 0;

	while (*text && count < FEEDS_MAX) {
		size_t length = strcspn(text, ",");

		if (length)
			ret_contexts[count++] = arena_copy(arena, text, length);
		text += length + (text[length] == ',');
	}
	return count;
}
