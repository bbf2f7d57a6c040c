/* The file of a plan, read strictly: it decides what is evicted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/kube/json.h"
#include "clusterutils/util/file.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/timestamp.h"
#include "orders.h"

enum { WAVES_MAX = 1000000 };

struct reader {
	struct orders *orders;
	char where[40]; /* "moves[3]" */
	struct error *err;
};

/* A text, or null where it may be missing. */
static int read_text(
	const struct reader *reader, const cJSON *object, const char *key, bool is_needed, const char **ret_text)
{
	const cJSON *value = json_find(object, key);

	*ret_text = NULL;
	if (!value)
		return is_needed ? error_set(reader->err, ERROR_INVALID, "%s.%s is missing", reader->where, key) : 0;
	if (!cJSON_IsString(value) || (is_needed && !*value->valuestring))
		return error_set(reader->err, ERROR_INVALID, "%s.%s must be a text", reader->where, key);
	*ret_text = arena_text(&reader->orders->arena, value->valuestring);
	text_scrub_in_place((char *)(uintptr_t)*ret_text);
	return 0;
}

static int read_wave(const struct reader *reader, const cJSON *move, unsigned *ret_wave)
{
	const cJSON *value = json_find(move, "wave");

	if (!cJSON_IsNumber(value) || value->valuedouble < 1 || value->valuedouble > WAVES_MAX ||
		value->valuedouble != (double)(unsigned)value->valuedouble)
		return error_set(reader->err, ERROR_INVALID, "%s.wave must be a whole number from 1 on", reader->where);
	*ret_wave = (unsigned)value->valuedouble;
	return 0;
}

static int read_order(const struct reader *reader, const cJSON *move, struct order *ret_order)
{
	const cJSON *owner = json_find(move, "owner");

	if (read_text(reader, move, "namespace", true, &ret_order->namespace) < 0 ||
		read_text(reader, move, "name", true, &ret_order->name) < 0 ||
		read_text(reader, move, "uid", true, &ret_order->uid) < 0 ||
		read_text(reader, move, "strategy", true, &ret_order->strategy) < 0 ||
		read_text(reader, move, "profile", false, &ret_order->profile) < 0 ||
		read_text(reader, move, "reason", false, &ret_order->reason) < 0 ||
		read_text(reader, move, "from", false, &ret_order->from) < 0 ||
		read_text(reader, move, "to", false, &ret_order->to) < 0 ||
		read_wave(reader, move, &ret_order->wave) < 0)
		return -1;
	if (owner &&
		(read_text(reader, owner, "kind", true, &ret_order->owner_kind) < 0 ||
			read_text(reader, owner, "name", true, &ret_order->owner_name) < 0))
		return -1;
	return 0;
}

static int check_twice(const struct reader *reader, const struct index *seen, const struct order *order)
{
	if (index_find(seen, order->uid, NULL))
		return error_set(reader->err, ERROR_INVALID, "%s is pod %s/%s with the uid of another move: %s",
			reader->where, order->namespace, order->name, order->uid);
	return 0;
}

static struct index_key key_of_order(const void *order)
{
	return (struct index_key){ ((const struct order *)order)->uid, NULL };
}

static int read_moves(struct reader *reader, const cJSON *moves)
{
	struct orders *orders = reader->orders;
	CLEANUP(index_release) struct index seen;
	size_t i = 0;

	index_init(&seen, key_of_order);
	orders->items = ARENA_ARRAY(&orders->arena, (size_t)cJSON_GetArraySize(moves) + 1, struct order);
	for (const cJSON *move = moves->child; move; move = move->next, i++) {
		const cJSON *verdict = json_find(move, "verdict");
		struct order *order = &orders->items[orders->count];

		snprintf(reader->where, sizeof(reader->where), "moves[%zu]", i);
		if (cJSON_IsString(verdict) && strcmp(verdict->valuestring, "withheld") == 0)
			continue;
		if (!cJSON_IsString(verdict) || strcmp(verdict->valuestring, "move") != 0)
			return error_set(
				reader->err, ERROR_INVALID, "%s.verdict must be move or withheld", reader->where);
		if (read_order(reader, move, order) < 0 || check_twice(reader, &seen, order) < 0)
			return -1;
		index_add(&seen, order);
		orders->count++;
		orders->waves = order->wave > orders->waves ? order->wave : orders->waves;
	}
	return 0;
}

static int read_nodes(struct reader *reader, const cJSON *nodes)
{
	struct orders *orders = reader->orders;
	size_t i = 0;

	orders->nodes = ARENA_ARRAY(&orders->arena, (size_t)cJSON_GetArraySize(nodes) + 1, struct order_node);
	for (const cJSON *item = nodes->child; item; item = item->next, i++) {
		struct order_node *node = &orders->nodes[orders->node_count];

		snprintf(reader->where, sizeof(reader->where), "nodes[%zu]", i);
		if (read_text(reader, item, "name", true, &node->name) < 0 ||
			read_text(reader, item, "state", true, &node->state) < 0 ||
			read_text(reader, item, "taints", false, &node->taints) < 0)
			return -1;
		node->taints = node->taints ? node->taints : "";
		orders->node_count++;
	}
	return 0;
}

/* In one wave the order of the file decides. */
static int by_wave(const void *a, const void *b)
{
	const struct order *x = *(const struct order *const *)a, *y = *(const struct order *const *)b;

	if (x->wave != y->wave)
		return x->wave < y->wave ? -1 : 1;
	return x < y ? -1 : x > y;
}

static void sort(struct orders *orders)
{
	AUTO_FREE const struct order **order = memory_new_array(orders->count + 1, sizeof(*order));
	struct order *sorted = ARENA_ARRAY(&orders->arena, orders->count + 1, struct order);

	for (size_t i = 0; i < orders->count; i++)
		order[i] = &orders->items[i];
	qsort((void *)order, orders->count, sizeof(*order), by_wave);
	for (size_t i = 0; i < orders->count; i++)
		sorted[i] = *order[i];
	orders->items = sorted;
}

static int read_plan(struct reader *reader, const cJSON *plan)
{
	const cJSON *version = json_find(plan, "apiVersion"), *kind = json_find(plan, "kind");
	const cJSON *moves = json_find(plan, "moves"), *nodes = json_find(plan, "nodes");
	const char *made;
	int32_t nanoseconds;

	if (!cJSON_IsString(kind) || strcmp(kind->valuestring, "RebalancePlan") != 0)
		return error_set(reader->err, ERROR_INVALID, "it is no plan: its kind is not RebalancePlan");
	if (!cJSON_IsString(version) || strcmp(version->valuestring, "clusterutils/v1") != 0)
		return error_set(reader->err, ERROR_INVALID, "its apiVersion is not clusterutils/v1");
	snprintf(reader->where, sizeof(reader->where), "the plan");
	if (read_text(reader, plan, "made", true, &made) < 0)
		return -1;
	if (timestamp_parse(made, &reader->orders->made, &nanoseconds, reader->err) < 0)
		return error_wrap(reader->err, "made");
	if (!cJSON_IsArray(moves) || !cJSON_IsArray(nodes))
		return error_set(
			reader->err, ERROR_INVALID, "%s must be a list", cJSON_IsArray(moves) ? "nodes" : "moves");
	reader->orders->parity = cJSON_IsTrue(json_find(json_find(plan, "policy"), "parity"));
	if (read_moves(reader, moves) < 0 || read_nodes(reader, nodes) < 0)
		return -1;
	sort(reader->orders);
	return 0;
}

int orders_parse(const char *text, size_t length, struct orders *ret_orders, struct error *err)
{
	AUTO_ARENA scratch = { 0 };
	struct reader reader = { .orders = ret_orders, .err = err };
	const cJSON *plan;

	*ret_orders = (struct orders){ 0 };
	plan = json_parse(&scratch, text, length, err);
	if (!plan)
		return -1;
	return read_plan(&reader, plan);
}

int orders_read(const char *file, struct orders *ret_orders, struct error *err)
{
	AUTO_BUFFER bytes = { 0 };

	*ret_orders = (struct orders){ 0 };
	if (file_read(file, ORDERS_FILE_MAX, &bytes, err) < 0)
		return -1;
	if (memchr(buffer_text(&bytes), '\0', bytes.length))
		return error_set(err, ERROR_INVALID, "%s: it has a NUL in it: it is no plan", file);
	return orders_parse(buffer_text(&bytes), bytes.length, ret_orders, err) < 0 ? error_wrap(err, "%s", file) : 0;
}
