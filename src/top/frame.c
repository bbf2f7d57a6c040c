#include "frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

void frame_free(struct frame *frame)
{
	if (!frame)
		return;
	if (frame->table == &frame->joined)
		table_release(&frame->joined);
	for (size_t i = 0; i < frame->part_count; i++)
		table_release(&frame->parts[i]);
	free(frame);
}

/* --- several clusters --- */

/* "home: connecting", "edge: failed" where there is nothing to show yet; else the name alone. Why it failed is long,
 * and is told by the description of the row. */
static struct cell title_of(const struct feed *feed, struct arena *arena)
{
	if (feed->state == FEED_FAILED)
		return cell_with_role(cell_text(arena_printf(arena, "%s: failed", feed->name)), ROLE_BAD);
	if (feed->state == FEED_CONNECTING)
		return cell_with_role(cell_text(arena_printf(arena, "%s: connecting", feed->name)), ROLE_MUTED);
	return cell_with_role(cell_text(arena_text(arena, feed->name)), ROLE_STRONG);
}

/* The row above a cluster's own: its total, where the view has one. */
static void add_head(struct table *joined, const struct feed *feed, size_t number, const struct table *part)
{
	struct row *row = table_add_row(joined, ROW_GROUP, 0);

	row->id = arena_printf(&joined->arena, "%zu:context//", number);
	for (size_t i = 0; part && i < part->row_count; i++)
		if (part->rows[i].kind == ROW_TOTAL)
			for (size_t column = 0; column < joined->column_count; column++)
				row->cells[column] = row_cell(&part->rows[i], column, &joined->arena);
	row->cells[0] = title_of(feed, &joined->arena);
}

static void add_part(struct table *joined, const struct table *part)
{
	for (size_t i = 0; i < part->row_count; i++) {
		const struct row *from = &part->rows[i];
		struct row *row;

		if (from->kind == ROW_TOTAL)
			continue;
		row = table_add_lazy_row(joined, from->kind, from->depth + 1, from->source, from->object);
		row->cells = from->cells;
		row->id = from->id;
	}
}

static void join(struct frame *frame, struct feed *const *feeds, const bool *is_there)
{
	const struct table *first = &frame->parts[0];

	for (size_t i = 1; i < frame->part_count; i++)
		if (is_there[i] && !is_there[0])
			first = &frame->parts[i];
	table_init(&frame->joined, first->kind, first->columns, first->column_count);
	for (size_t i = 0; i < frame->part_count; i++) {
		add_head(&frame->joined, feeds[i], i, is_there[i] ? &frame->parts[i] : NULL);
		if (is_there[i])
			add_part(&frame->joined, &frame->parts[i]);
	}
	frame->table = &frame->joined;
}

/* Where there are several clusters an id says of which it is, also where only one of them is shown. Rows with a source
 * know it by the scope. */
static void number_rows(struct table *part, const char *prefix)
{
	for (size_t i = 0; *prefix && i < part->row_count; i++)
		if (part->rows[i].id)
			part->rows[i].id = arena_printf(&part->arena, "%s%s", prefix, part->rows[i].id);
}

/* A view that cannot be made (of a node that is gone) is as one of nothing. */
static bool build_part(struct table *part, const struct view *view, const struct view_options *options,
	const struct feed *feed, const char *prefix)
{
	struct error ignored;
	struct view_options own = *options;
	bool is_there = feed->state == FEED_OPEN;

	own.history = &feed->history;
	own.scope.prefix = prefix;
	if (view->build(&feed->cluster, &own, part, &ignored) == 0) {
		number_rows(part, prefix);
		return is_there;
	}
	table_init(part, view->name, NULL, 0);
	return false;
}

struct frame *frame_new(const struct view *view, const struct view_options *options, struct feed *const *feeds,
	size_t count, size_t only)
{
	struct frame *frame = NEW(struct frame);
	bool is_there[FEEDS_MAX] = { 0 };

	for (size_t i = 0; i < count && i < FEEDS_MAX; i++) {
		char prefix[32] = "";
		size_t part = frame->part_count;

		if (only < count && i != only)
			continue;
		if (count > 1)
			snprintf(prefix, sizeof(prefix), "%zu:", i);
		is_there[part] = build_part(&frame->parts[part], view, options, feeds[i], prefix);
		frame->part_count++;
	}
	frame->table = &frame->parts[0];
	if (frame->part_count > 1)
		join(frame, feeds, is_there);
	return frame;
}

bool frame_id_read(const char *id, struct frame_id *ret_id)
{
	size_t digits = id ? strspn(id, "0123456789") : 0;
	const char *slash, *second;
	uint64_t feed = 0;

	if (!id)
		return false;
	if (digits && id[digits] == ':') {
		char number[8];

		snprintf(number, sizeof(number), "%.*s", (int)digits, id);
		if (!text_to_uint(number, FEEDS_MAX, &feed))
			return false;
		id += digits + 1;
	}
	slash = strchr(id, '/');
	second = slash ? strchr(slash + 1, '/') : NULL;
	if (!second)
		return false;
	ret_id->feed = (size_t)feed;
	snprintf(ret_id->kind, sizeof(ret_id->kind), "%.*s", (int)(slash - id), id);
	snprintf(ret_id->namespace, sizeof(ret_id->namespace), "%.*s", (int)(second - slash - 1), slash + 1);
	snprintf(ret_id->name, sizeof(ret_id->name), "%s", second + 1);
	return true;
}
