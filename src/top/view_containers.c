/* The containers of one pod. */
#include <string.h>

#include "cells.h"
#include "clusterutils/util/memory.h"
#include "view.h"

struct context {
	const struct pod *pod;
	const struct container *container;
	const struct container_status *status; /* NULL while the kubelet has not spoken of it */
};

static struct cell name(const struct context *c)
{
	return cell_text(c->container->name);
}

static struct cell role(const struct context *c)
{
	static const char *const texts[] = {
		[CONTAINER_APP] = "app", [CONTAINER_INIT] = "init", [CONTAINER_SIDECAR] = "sidecar"
	};

	return cell_text(texts[c->container->role]);
}

static struct cell state(const struct context *c)
{
	const struct container_status *status = c->status;

	if (!status)
		return cell_unknown();
	if (status->state == CONTAINER_RUNNING)
		return cell_with_role(cell_text("Running"), status->ready ? ROLE_GOOD : ROLE_WARNING);
	if (status->state == CONTAINER_WAITING)
		return cell_with_role(cell_text(status->reason ? status->reason : "Waiting"), ROLE_WARNING);
	return cell_with_role(
		cell_text(status->reason ? status->reason : "Terminated"), status->exit_code ? ROLE_BAD : ROLE_MUTED);
}

static struct cell ready(const struct context *c)
{
	return c->status ? cell_flag(c->status->ready) : cell_unknown();
}

static struct cell restarts(const struct context *c)
{
	return c->status ? cell_number(c->status->restarts) : cell_unknown();
}

static struct cell exit_code(const struct context *c)
{
	return c->status && c->status->state == CONTAINER_TERMINATED ? cell_number(c->status->exit_code) : cell_none();
}

/* VALUE_NONE where the list does not name it. */
static int64_t amount_of(const struct resource_list *list, enum unit unit)
{
	const struct quantity *quantity = resource_find(list, unit == UNIT_CPU ? "cpu" : "memory");

	if (!quantity)
		return VALUE_NONE;
	return unit == UNIT_CPU ? quantity_nano(quantity) : quantity_value(quantity);
}

/* What a container alone uses is not kept: metrics are summed by pod. */
static struct cell amount(enum unit unit, const struct container *container)
{
	struct cell cell = { .type = CELL_AMOUNT };

	cell.as.share.unit = unit;
	cell.as.share.usage = cell.as.share.allocatable = VALUE_NONE;
	cell.as.share.request = amount_of(container->requests, unit);
	cell.as.share.limit = amount_of(container->limits, unit);
	return cell;
}

static struct cell cpu(const struct context *c)
{
	return amount(UNIT_CPU, c->container);
}

static struct cell memory(const struct context *c)
{
	return amount(UNIT_MEMORY, c->container);
}

static struct cell image(const struct context *c)
{
	return cell_text(c->container->image);
}

/* A column is one row here. */
static const struct {
	struct column column;
	struct cell (*cell)(const struct context *c);
} columns[] = {
	{ { "name", "CONTAINER", 0, 0 }, name },
	{ { "role", "ROLE", 0, 4 }, role },
	{ { "state", "STATE", 0, 1 }, state },
	{ { "ready", "READY", 0, 3 }, ready },
	{ { "restarts", "RESTARTS", COLUMN_RIGHT, 2 }, restarts },
	{ { "exitCode", "EXIT", COLUMN_RIGHT, 6 }, exit_code },
	{ { "cpu", "CPU REQ|LIM", COLUMN_RIGHT | COLUMN_NO_USAGE, 1 }, cpu },
	{ { "memory", "MEM REQ|LIM", COLUMN_RIGHT | COLUMN_NO_USAGE, 1 }, memory },
	{ { "image", "IMAGE", 0, 5 }, image },
};

enum { COLUMNS = ARRAY_LEN(columns) };

static const struct container_status *status_of(const struct pod *pod, const char *container)
{
	for (size_t i = 0; i < pod->status_count; i++)
		if (strcmp(pod->statuses[i].name, container) == 0)
			return &pod->statuses[i];
	return NULL;
}

static const struct pod *find_pod(const struct cluster *cluster, const char *text, struct arena *arena)
{
	const char *slash = strchr(text, '/');

	return slash ? (const struct pod *)(const void *)cluster_find(
			       cluster, KIND_POD, slash + 1, arena_copy(arena, text, (size_t)(slash - text)))
		     : NULL;
}

/* In the order in which they start. A pod that is gone has none. */
static int build(
	const struct cluster *cluster, const struct view_options *options, struct table *ret_table, struct error *err)
{
	struct column shown[COLUMNS];
	const struct pod *pod;

	(void)err;
	for (size_t i = 0; i < COLUMNS; i++)
		shown[i] = columns[i].column;
	table_init(ret_table, "ContainerList", shown, COLUMNS);
	pod = options->pod ? find_pod(cluster, options->pod, &ret_table->arena) : NULL;
	for (size_t i = 0; pod && i < pod->containers->count; i++) {
		const struct container *container = &pod->containers->items[i];
		struct context c = { pod, container, status_of(pod, container->name) };
		struct row *row = table_add_row(ret_table, ROW_ITEM, 0);

		row->id = row_id(&ret_table->arena, "container", pod->meta.name, container->name);
		for (size_t column = 0; column < COLUMNS; column++)
			row->cells[column] = columns[column].cell(&c);
	}
	ret_table->resource = "container";
	return 0;
}

const struct view view_containers = {
	.name = "containers",
	.summary = "the containers of a pod",
	.main_kind = KIND_POD,
	.kinds = { KIND_POD, KIND_COUNT },
	.build = build,
};
