/* `--dry-run=server`: each eviction is asked for with dryRun=All. The server says what it would do with each alone:
 * what a disruption budget allows is not spent by it. */
#include <stdlib.h>

#include "carry.h"
#include "clusterutils/util/memory.h"

enum { TRIES_AT_ONCE = 50, STEP_MS = 1000 };

enum { NAMESPACE, NAME, POD, FROM, TO, VERDICT, WHY };

static const struct column columns[] = {
	[NAMESPACE] = { "namespace", "NAMESPACE", COLUMN_DATA, 0 },
	[NAME] = { "name", "NAME", COLUMN_DATA, 0 },
	[POD] = { "pod", "POD", COLUMN_TEXT_ONLY, 0 },
	[FROM] = { "from", "FROM", 0, 2 },
	[TO] = { "to", "LANDS ON", 0, 3 },
	[VERDICT] = { "verdict", "VERDICT", 0, 0 },
	[WHY] = { "why", "WHY", 0, 1 },
};

static const char *verdict_of(enum write_outcome outcome)
{
	switch (outcome) {
	case WRITE_DONE:
		return "allowed";
	case WRITE_GONE:
		return "gone";
	case WRITE_BLOCKED:
		return "blocked";
	case WRITE_FORBIDDEN:
		return "forbidden";
	default:
		return "failed";
	}
}

static void add_row(const struct order *order, const struct write *write, struct table *table)
{
	enum write_outcome outcome = write_outcome(write);
	const struct request *request = &write->request;
	struct row *row = table_add_row(table, ROW_ITEM, 0);
	const char *why = *request->api_status.message ? request->api_status.message : request->error.message;

	row->cells[NAMESPACE] = cell_text(order->namespace);
	row->cells[NAME] = cell_text(order->name);
	row->cells[POD] = cell_text(arena_printf(&table->arena, "%s/%s", order->namespace, order->name));
	row->cells[FROM] = cell_text(order->from);
	row->cells[TO] = cell_text(order->to);
	row->cells[VERDICT] =
		cell_with_role(cell_text(verdict_of(outcome)), outcome == WRITE_DONE ? ROLE_GOOD : ROLE_BAD);
	row->cells[WHY] = cell_text(outcome == WRITE_DONE ? NULL : arena_text(&table->arena, why));
}

static size_t try_some(const struct carry *carry, size_t first, size_t count, struct table *table)
{
	const struct write_options options = { .field_manager = "clusterutils-rebalance", .dry_run = true };
	AUTO_FREE struct write *writes = memory_new_array(count, sizeof(*writes));
	size_t refused = 0;

	for (size_t i = 0; i < count; i++) {
		const struct order *order = &carry->orders->items[first + i];

		write_evict(&writes[i], carry->session->transport, &options, order->namespace, order->name, order->uid,
			carry->grace_seconds);
	}
	for (size_t i = 0; i < count; i++) {
		refused += write_wait(&writes[i], carry->session->transport) != WRITE_DONE;
		add_row(&carry->orders->items[first + i], &writes[i], table);
		write_release(&writes[i]);
	}
	return refused;
}

int carry_try(struct carry *carry, struct error *err)
{
	CLEANUP(table_release) struct table table = { 0 };
	size_t refused = 0, count = carry->orders->count;

	table_init(&table, "EvictionList", columns, sizeof(columns) / sizeof(columns[0]));
	table.resource = "pod";
	for (size_t first = 0; first < count; first += TRIES_AT_ONCE)
		refused +=
			try_some(carry, first, count - first < TRIES_AT_ONCE ? count - first : TRIES_AT_ONCE, &table);
	table_add_summary(&table,
		arena_printf(&table.arena, "%zu of %zu evictions would be allowed (server dry run)", count - refused,
			count));
	if (invocation_print(carry->invocation, &table, NULL, err) < 0)
		return -1;
	return refused ? STATUS_SOME_FAILED : STATUS_DONE;
}
