/* What stands above the tabs: which cluster, how its nodes and pods are, how much is used, how fresh all that is. */
#include <stdio.h>
#include <string.h>

#include "cells.h"
#include "clusterutils/tui/meter.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/width.h"
#include "screen_parts.h"

#define LABEL "data: "

enum { POWER_COLUMNS = 44, WITH_POWER_COLUMNS = 100 };

/* Of all clusters that could be read. */
struct sums {
	struct node_usage nodes;
	struct pod_usage pods, pending;
	int64_t ready, cordoned;
	struct power_sum power;
	bool nodes_unread, pods_unread, has_meters;
	size_t open;
};

static void add_power(struct power_sum *sum, const struct cluster *cluster, const struct node_entry *entry)
{
	struct node_power power = cluster_node_power(cluster, entry);

	power_sum_add(sum, &power);
}

static void add_feed(struct sums *sums, const struct cluster *cluster)
{
	for (size_t i = 0; i < cluster_node_count(cluster); i++) {
		const struct node_entry *entry = cluster_node(cluster, i);

		pod_usage_merge(&sums->pods, &entry->sum);
		if (!entry->node)
			continue;
		node_usage_add(&sums->nodes, entry->node, &entry->sample.usage);
		sums->ready += entry->node->ready == CONDITION_TRUE;
		sums->cordoned += entry->node->unschedulable;
		if (cluster->metering.count)
			add_power(&sums->power, cluster, entry);
	}
	pod_usage_merge(&sums->pending, &cluster->pending);
	sums->nodes_unread |= cluster->is_unread[KIND_NODE];
	sums->pods_unread |= cluster->is_unread[KIND_POD];
	sums->has_meters |= cluster->metering.count > 0;
	sums->open++;
}

static struct sums sum_up(const struct screen *screen)
{
	struct sums sums = { 0 };

	for (size_t i = 0; i < screen->feed_count; i++)
		if (screen->feeds[i]->state == FEED_OPEN)
			add_feed(&sums, &screen->feeds[i]->cluster);
	return sums;
}

/* --- the first line --- */

static void add_number(struct buffer *out, int64_t number, bool is_unknown)
{
	if (is_unknown)
		buffer_add_text(out, "?");
	else
		buffer_add_number(out, number);
}

static void add_contexts(const struct screen *screen, struct buffer *out)
{
	if (screen->feed_count > 1) {
		buffer_printf(out, "%zu contexts", screen->feed_count);
		return;
	}
	buffer_printf(out, "%s", screen->feeds[0]->name);
	if (screen->feeds[0]->server && *screen->feeds[0]->server->version)
		buffer_printf(out, "  %s", screen->feeds[0]->server->version);
}

static void add_summary(const struct screen *screen, const struct sums *sums, struct buffer *out)
{
	bool is_unread = sums->nodes_unread || !sums->open;

	add_contexts(screen, out);
	buffer_add_text(out, "  ");
	add_number(out, sums->nodes.nodes, is_unread);
	buffer_add_text(out, " nodes: ");
	add_number(out, sums->ready, is_unread);
	buffer_add_text(out, " ready");
	if (sums->cordoned)
		buffer_printf(out, " %lld cordoned", (long long)sums->cordoned);
	buffer_add_text(out, "  ");
	add_number(out, sums->pods.pods, sums->pods_unread || !sums->open);
	buffer_add_text(out, "/");
	add_number(out, sums->nodes.pod_capacity, is_unread);
	buffer_add_text(out, " pods  +");
	add_number(out, sums->pending.pods, sums->pods_unread || !sums->open);
	buffer_add_text(out, " pending");
}

void header_line(const struct screen *screen, struct buffer *out)
{
	struct sums sums = sum_up(screen);

	add_summary(screen, &sums, out);
}

/* --- how fresh it is --- */

static const char *name_of(enum kind kind)
{
	return kind_is_metrics(kind) ? "metrics" : kind_info(kind)->resource;
}

static void add_state(
	const struct screen *screen, const struct feed *feed, const struct sync_list *list, struct buffer *out)
{
	const int64_t newest = feed->cluster.newest_sample;

	if (list->state == SYNC_READING)
		buffer_printf(out, "%s %llu…", name_of(list->kind), (unsigned long long)list->objects);
	else if (list->state == SYNC_FAILED)
		buffer_printf(out, "no %s", name_of(list->kind));
	else if (kind_is_metrics(list->kind) && newest != TIME_NONE)
		buffer_printf(out, "metrics %llds", (long long)(screen->clock - newest));
	else if (list->state == SYNC_STALE && list->heard != TIME_NONE)
		buffer_printf(out, "%s %llds ago", name_of(list->kind), (long long)(screen->clock - list->heard));
	else
		buffer_printf(out, "%s %s", name_of(list->kind), list->state == SYNC_STALE ? "stale" : "live");
}

/* Lists that nobody looks at, and those that only explain others, are not spoken of; of the metrics one is enough. */
static bool is_told(const struct feed *feed, const struct sync_list *list)
{
	return !list->is_paused && !list->metadata_only &&
		(list->kind != KIND_POD_METRICS || !feed_find_list(feed, KIND_NODE_METRICS));
}

static bool is_live(const struct sync_list *list)
{
	return !kind_is_metrics(list->kind) && list->state == SYNC_CURRENT;
}

/* "kubelet 6/7 ok 12s": how many of the nodes that were asked have answered. */
static void add_survey(const struct screen *screen, const struct feed *feed, const char *between, struct buffer *out)
{
	const struct survey *survey = &feed->cluster.survey;
	const int64_t newest = feed->cluster.newest_sample;

	if (!survey->is_asked)
		return;
	buffer_add_text(out, between);
	if (survey->is_first) {
		buffer_printf(out, "kubelet %zu…", survey->answered);
		return;
	}
	if (!survey->answered) {
		buffer_add_text(out, "no kubelet");
		return;
	}
	buffer_printf(out, "kubelet %zu/%zu ok", survey->answered, survey->nodes);
	if (newest != TIME_NONE)
		buffer_printf(out, " %llds", (long long)(screen->clock > newest ? screen->clock - newest : 0));
}

/* "data: live · metrics 12s": what is live in one word, and then each that is not: "live · metrics 40s · pods 34s ago".
 * What matters most is last, for a narrow screen shows the end. Of one cluster. */
static void add_ages(const struct screen *screen, struct buffer *out)
{
	const struct feed *feed = screen->feeds[0];
	const char *between = screen->glyphs->is_unicode ? " · " : " | ";
	size_t live = 0, told = 0;

	if (screen->feed_count > 1)
		return;
	buffer_add_text(out, LABEL);
	if (feed->is_still || feed->state != FEED_OPEN) {
		buffer_add_text(out,
			feed->is_still                       ? "from a file"
				: feed->state == FEED_FAILED ? "none"
							     : "connecting");
		return;
	}
	for (size_t i = 0; i < feed->list_count; i++)
		live += is_told(feed, &feed->lists[i]) && is_live(&feed->lists[i]);
	if (live)
		buffer_add_text(out, "live");
	for (size_t pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < feed->list_count; i++) {
			const struct sync_list *list = &feed->lists[i];

			if (!is_told(feed, list) || is_live(list) || kind_is_metrics(list->kind) != (pass == 0))
				continue;
			buffer_add_text(out, live || told++ ? between : "");
			add_state(screen, feed, list, out);
		}
		if (pass == 0)
			add_survey(screen, feed, live ? between : "", out);
	}
}

/* Words go from the left until the rest fits: what is last is said best. */
static const char *as_fits(const char *text, int columns)
{
	while (width_of_text(text) > columns) {
		const char *blank = strchr(text, ' ');

		if (!blank)
			return "";
		text = blank + 1;
	}
	return text;
}

static void draw_first_line(
	const struct screen *screen, const struct sums *sums, struct canvas *canvas, struct rect rect)
{
	AUTO_BUFFER line = { 0 };
	AUTO_BUFFER ages = { 0 };
	int used;

	add_summary(screen, sums, &line);
	add_ages(screen, &ages);
	used = canvas_text_cut(canvas, rect.row, rect.column, rect.columns, STYLE_STRONG, buffer_text(&line),
		screen->glyphs->ellipsis);
	used += 2;
	canvas_text_right(canvas, rect.row, rect.column + used, rect.columns - used, STYLE_MUTED,
		as_fits(buffer_text(&ages), rect.columns - used));
}

/* --- the meters --- */

static void draw_meter(const struct screen *screen, struct canvas *canvas, struct rect rect, const char *name,
	const struct cell *share, int width)
{
	struct meter_bar meter = {
		.name = name,
		.use = share->as.share.usage,
		.request = share->as.share.request,
		.limit = share->as.share.limit,
		.total = share->as.share.allocatable,
	};
	AUTO_BUFFER text = { 0 };
	AUTO_BUFFER estimated = { 0 };

	meter_text(&meter, &text);
	if (share->estimated) {
		buffer_printf(&estimated, "~%s", buffer_text(&text));
		meter.text = buffer_text(&estimated);
	}
	meter_draw(canvas, rect, &meter, width, screen->glyphs);
}

static struct cell as_read(struct cell share, const struct sums *sums)
{
	if (sums->nodes_unread || !sums->open)
		share.as.share.allocatable = VALUE_UNKNOWN;
	if (sums->pods_unread || !sums->open)
		share.as.share.request = share.as.share.limit = VALUE_UNKNOWN;
	return share;
}

/* "184 W  wall 5/7 nodes" and "1.19 GBP/DAY". */
static void draw_power(const struct screen *screen, const struct sums *sums, struct canvas *canvas, struct rect watts,
	struct rect money)
{
	static const struct column column = { .key = "", .header = "" };
	const struct tariff *tariff = &screen->view.tariff;
	struct cell power = power_sum_cell(&sums->power, tariff), cost = power_sum_cost_cell(&sums->power, tariff);
	AUTO_ARENA arena = { 0 };
	char text[160];

	snprintf(text, sizeof(text), "Power  %s W   %lld/%lld nodes%s",
		cell_format(&power, &column, screen->now, &arena),
		(long long)(sums->power.known - sums->power.estimated), (long long)sums->nodes.nodes,
		sums->power.estimated ? arena_printf(&arena, ", ~%lld est", (long long)sums->power.estimated) : "");
	canvas_text(canvas, watts.row, watts.column, watts.columns, STYLE_METER_VALUE, text);
	if (!tariff->is_known)
		return;
	snprintf(text, sizeof(text), "Cost   %s %s", cell_format(&cost, &column, screen->now, &arena),
		tariff_header(tariff, &arena));
	canvas_text(canvas, money.row, money.column, money.columns, STYLE_METER_VALUE, text);
}

void header_draw(const struct screen *screen, struct canvas *canvas, struct rect rect)
{
	struct sums sums = sum_up(screen);
	struct cell cpu = as_read(cell_cpu_share(&sums.nodes, &sums.pods), &sums);
	struct cell memory = as_read(cell_memory_share(&sums.nodes, &sums.pods), &sums);
	struct rect first = rect_row(rect, 1), second = rect_row(rect, 2), watts = first, money = second;

	draw_first_line(screen, &sums, canvas, rect_row(rect, 0));
	if (sums.has_meters && rect.columns >= WITH_POWER_COLUMNS) {
		first.columns = second.columns = rect.columns - POWER_COLUMNS;
		watts.column = money.column = first.column + first.columns + 2;
		watts.columns = money.columns = POWER_COLUMNS - 2;
		draw_power(screen, &sums, canvas, watts, money);
	}
	draw_meter(screen, canvas, first, "CPU", &cpu, 3);
	draw_meter(screen, canvas, second, "MEM", &memory, 3);
}
