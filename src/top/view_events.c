/* What has happened lately: warnings first, equal events as one. */
#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "view.h"

/* Events that differ in nothing but their time. */
struct happening {
	const struct event *event; /* the latest of them */
	int64_t count;
	int64_t last_seen;
};

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static bool is_warning(const struct event *event)
{
	return !text_equal(event->type, "Normal");
}

static struct cell name(const struct happening *h, struct arena *arena)
{
	(void)arena;
	return cell_text(h->event->meta.name);
}

static struct cell namespace(const struct happening *h, struct arena *arena)
{
	(void)arena;
	return cell_text(h->event->meta.namespace);
}

static struct cell last_seen(const struct happening *h, struct arena *arena)
{
	(void)arena;
	return h->last_seen == TIME_NONE ? cell_unknown() : cell_time(h->last_seen);
}

static struct cell type(const struct happening *h, struct arena *arena)
{
	(void)arena;
	return cell_with_role(cell_text(h->event->type), is_warning(h->event) ? ROLE_WARNING : ROLE_PLAIN);
}

static struct cell reason(const struct happening *h, struct arena *arena)
{
	(void)arena;
	return cell_text(h->event->reason);
}

static struct cell object(const struct happening *h, struct arena *arena)
{
	return cell_text(
		arena_printf(arena, "%s/%s", or_empty(h->event->object_kind), or_empty(h->event->object_name)));
}

static struct cell count(const struct happening *h, struct arena *arena)
{
	(void)arena;
	return cell_number(h->count);
}

static struct cell reporter(const struct happening *h, struct arena *arena)
{
	(void)arena;
	return cell_text(h->event->reporter);
}

static struct cell message(const struct happening *h, struct arena *arena)
{
	(void)arena;
	return cell_text(h->event->message);
}

/* A column is one row here. */
static const struct {
	struct column column;
	struct cell (*cell)(const struct happening *h, struct arena *arena);
} columns[] = {
	{ { "name", NULL, COLUMN_DATA, 0 }, name },
	{ { "lastSeen", "LAST SEEN", 0, 2 }, last_seen },
	{ { "type", "TYPE", 0, 1 }, type },
	{ { "reason", "REASON", 0, 0 }, reason },
	{ { "namespace", "NAMESPACE", 0, 4 }, namespace },
	{ { "object", "OBJECT", 0, 0 }, object },
	{ { "count", "COUNT", COLUMN_RIGHT, 3 }, count },
	{ { "reporter", "REPORTER", COLUMN_WIDE, 6 }, reporter },
	{ { "message", "MESSAGE", 0, 0 }, message },
};

enum { COLUMNS = ARRAY_LEN(columns) };

/* What makes two events the same. */
static int compare_content(const struct event *a, const struct event *b)
{
	int order = strcmp(or_empty(a->meta.namespace), or_empty(b->meta.namespace));

	if (!order)
		order = strcmp(or_empty(a->object_kind), or_empty(b->object_kind));
	if (!order)
		order = strcmp(or_empty(a->object_name), or_empty(b->object_name));
	if (!order)
		order = strcmp(or_empty(a->reason), or_empty(b->reason));
	if (!order)
		order = strcmp(or_empty(a->type), or_empty(b->type));
	return order ? order : strcmp(or_empty(a->message), or_empty(b->message));
}

static int by_content(const void *a, const void *b)
{
	return compare_content(((const struct happening *)a)->event, ((const struct happening *)b)->event);
}

static int by_urgency(const void *a, const void *b)
{
	const struct happening *x = a, *y = b;

	if (is_warning(x->event) != is_warning(y->event))
		return is_warning(y->event) - is_warning(x->event);
	if (x->last_seen != y->last_seen)
		return x->last_seen < y->last_seen ? 1 : -1;
	return compare_content(x->event, y->event);
}

static bool is_later(const struct happening *a, const struct happening *b)
{
	return a->last_seen > b->last_seen ||
		(a->last_seen == b->last_seen && strcmp(a->event->meta.name, b->event->meta.name) > 0);
}

static size_t merge_equal(struct happening *items, size_t count)
{
	size_t kept = 0;

	qsort(items, count, sizeof(*items), by_content);
	for (size_t i = 0; i < count; i++) {
		struct happening *last = kept ? &items[kept - 1] : NULL;
		int64_t total = items[i].count;

		if (!last || by_content(last, &items[i]) != 0) {
			items[kept++] = items[i];
			continue;
		}
		total += last->count;
		if (is_later(&items[i], last))
			*last = items[i];
		last->count = total;
	}
	return kept;
}

/* Of one node: what was said of the node itself. */
static bool is_shown(const struct event *event, const struct view_options *options)
{
	return !options->node ||
		(text_equal(event->object_kind, "Node") && text_equal(event->object_name, options->node));
}

static int build(
	const struct cluster *cluster, const struct view_options *options, struct table *ret_table, struct error *err)
{
	size_t all = cluster_count(cluster, KIND_EVENT), used = 0;
	AUTO_FREE struct happening *items = memory_new_array(all, sizeof(*items));
	struct column shown[COLUMNS];

	(void)err;
	for (size_t i = 0; i < all; i++) {
		const struct event *event = CLUSTER_ITEM(cluster, KIND_EVENT, struct event, i);

		if (is_shown(event, options))
			items[used++] = (struct happening){ event, event->count, event->last_seen };
	}
	used = merge_equal(items, used);
	qsort(items, used, sizeof(*items), by_urgency);
	for (size_t i = 0; i < COLUMNS; i++)
		shown[i] = columns[i].column;
	table_init(ret_table, EVENT_LIST, shown, COLUMNS);
	for (size_t i = 0; i < used; i++) {
		struct row *row = table_add_row(ret_table, ROW_ITEM, 0);

		row->id = row_id(&ret_table->arena, "event", items[i].event->meta.namespace, items[i].event->meta.name);
		for (size_t column = 0; column < COLUMNS; column++)
			row->cells[column] = columns[column].cell(&items[i], &ret_table->arena);
	}
	ret_table->resource = "event";
	return 0;
}

const struct view view_events = {
	.name = "events",
	.summary = "events: warnings first, equal ones counted together",
	.main_kind = KIND_EVENT,
	.kinds = { KIND_EVENT, KIND_COUNT },
	.build = build,
};
