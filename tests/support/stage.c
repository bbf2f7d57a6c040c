#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/demo/demo.h"
#include "clusterutils/kube/kubelets.h"
#include "clusterutils/util/clock.h"
#include "clusterutils/util/memory.h"

static const enum kind kinds[] = { KIND_NODE, KIND_POD, KIND_NODE_METRICS, KIND_POD_METRICS, KIND_PRIORITY_CLASS,
	KIND_REPLICA_SET, KIND_JOB, KIND_EVENT };

static void fail(const char *what, const char *detail)
{
	fprintf(stderr, "stage: %s: %s\n", what, detail);
	abort();
}

static void fill(struct stage *stage, struct feed *feed, const char *name, bool asks_kubelets)
{
	struct sync_options options = { 0 };
	struct power *feed_power;

	*feed = (struct feed){ .name = name, .state = FEED_OPEN, .server = &stage->server };
	cluster_init(&feed->cluster);
	history_init(&feed->history);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (!asks_kubelets || !kind_is_metrics(kinds[i]))
			feed->lists[feed->list_count++] = (struct sync_list){ .kind = kinds[i] };
	sync_run(stage->transport, &options, feed->lists, feed->list_count, &feed->cluster);
	if (asks_kubelets) {
		CLEANUP(kubelets_release)
		struct kubelets *kubelets = kubelets_new(stage->transport, &feed->cluster, false);

		kubelets_complete(kubelets);
	}
	history_take(&feed->history, &feed->cluster);
	feed_power = power_new(stage->transport, &stage->power.options, &feed->cluster);
	power_complete(feed_power);
	power_free(feed_power);
}

void stage_open(struct stage *stage, struct stage_options options)
{
	struct screen_options screen = { .is_unicode = !options.is_ascii,
		.colours = options.is_mono ? 0 : 256,
		.first = &view_nodes,
		.allows_actions = options.allows_actions };
	const struct power_flags flags = { .price = "0.27", .currency = "GBP" };
	struct error err;

	clock_freeze(demo_now);
	*stage = (struct stage){ .server = { .version = "v1.36.3" }, .feed_count = options.is_double ? 2 : 1 };
	stage->transport = demo_transport_new(DEMO_SEED);
	if (power_source_open(&flags, true, &stage->power, &screen.view.tariff, &err) < 0)
		fail("power", err.message);
	stage->power.options.is_detailed = true;
	for (size_t i = 0; i < stage->feed_count; i++) {
		fill(stage, &stage->parts[i], i ? "edge" : "home", options.asks_kubelets);
		stage->feeds[i] = &stage->parts[i];
	}
	screen.view.zone_labels = node_zone_labels;
	if (grouping_parse("zone", node_zone_labels, &screen.view.grouping, &err) < 0)
		fail("grouping", err.message);
	settings_init(&screen.settings);
	screen_init(&stage->screen, &screen, stage->feeds, stage->feed_count);
	canvas_init(&stage->canvas, options.rows, options.columns);
	screen_tick(&stage->screen, demo_now, 1000);
	screen_take(&stage->screen);
	stage_draw(stage);
}

void stage_close(struct stage *stage)
{
	screen_release(&stage->screen);
	for (size_t i = 0; i < stage->feed_count; i++) {
		history_release(&stage->parts[i].history);
		cluster_release(&stage->parts[i].cluster);
	}
	power_source_release(&stage->power);
	transport_free(stage->transport);
	canvas_release(&stage->canvas);
	buffer_release(&stage->text);
}

struct input_event stage_event(const char *key)
{
	struct input_event event = { .type = EVENT_KEY, .key = key_parse(key) };

	if (!event.key)
		fail("no such key", key);
	return event;
}

static void type(struct stage *stage, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		struct input_event event = { .type = EVENT_KEY, .key = (unsigned char)text[i] };

		screen_event(&stage->screen, &event);
	}
}

void stage_keys(struct stage *stage, const char *keys)
{
	while (*keys) {
		char name[KEY_NAME_SIZE];
		size_t length = *keys == '\'' ? strcspn(keys + 1, "'") + 2 : strcspn(keys, " ");

		if (*keys == '\'') {
			type(stage, keys + 1, length - 2);
		} else {
			struct input_event event;

			snprintf(name, sizeof(name), "%.*s", (int)length, keys);
			event = stage_event(name);
			screen_event(&stage->screen, &event);
		}
		keys += length + strspn(keys + length, " ");
	}
	stage_draw(stage);
}

void stage_draw(struct stage *stage)
{
	screen_draw(&stage->screen, &stage->canvas);
}

const char *stage_text(struct stage *stage)
{
	buffer_clear(&stage->text);
	for (int row = 0; row < stage->canvas.rows; row++) {
		canvas_line_text(&stage->canvas, row, &stage->text);
		buffer_add_char(&stage->text, '\n');
	}
	return buffer_text(&stage->text);
}

const char *stage_row(struct stage *stage, int row)
{
	buffer_clear(&stage->text);
	canvas_line_text(&stage->canvas, row, &stage->text);
	return buffer_text(&stage->text);
}

bool stage_shows(struct stage *stage, const char *text)
{
	return strstr(stage_text(stage), text) != NULL;
}

const char *stage_styles(struct stage *stage)
{
	static const char letters[] = ".gwbmsHOGSFTMfxstAKLPpBXnorqlvuiktaecyhz0123456789";

	buffer_clear(&stage->text);
	for (int row = 0; row < stage->canvas.rows; row++) {
		for (int column = 0; column < stage->canvas.columns; column++)
			buffer_add_char(&stage->text, letters[canvas_cell(&stage->canvas, row, column)->style]);
		while (stage->text.length && stage->text.bytes[stage->text.length - 1] == '.')
			buffer_cut(&stage->text, stage->text.length - 1);
		buffer_add_char(&stage->text, '\n');
	}
	return buffer_text(&stage->text);
}

const char *stage_selected(const struct stage *stage)
{
	const struct row *row = list_selected(&stage->screen.tabs[stage->screen.tab].list);

	return row && row->id ? row->id : "";
}
