/* `rebalance apply PLAN`: exactly what a file says, but for what no longer holds. */
#include <stdio.h>

#include "carry.h"
#include "clusterutils/util/clock.h"
#include "clusterutils/util/duration.h"
#include "clusterutils/util/text.h"
#include "lists.h"
#include "plan_table.h"

enum { OLD_SECONDS = 3600 };

enum { NAMESPACE, NAME, POD, STRATEGY, FROM, TO, WAVE, VERDICT, WHY };

static const struct column columns[] = {
	[NAMESPACE] = { "namespace", "NAMESPACE", COLUMN_DATA, 0 },
	[NAME] = { "name", "NAME", COLUMN_DATA, 0 },
	[POD] = { "pod", "POD", COLUMN_TEXT_ONLY, 0 },
	[STRATEGY] = { "strategy", "STRATEGY", 0, 3 },
	[FROM] = { "from", "FROM", 0, 0 },
	[TO] = { "to", "LANDS ON", 0, 0 },
	[WAVE] = { "wave", "WAVE", COLUMN_RIGHT, 4 },
	[VERDICT] = { "verdict", "VERDICT", 0, 0 },
	[WHY] = { "why", "WHY", 0, 1 },
};

static const struct rebalance_options *options_of(const struct invocation *invocation)
{
	return invocation->options;
}

int rebalance_apply_rights(
	const struct invocation *invocation, struct right *ret_rights, size_t *ret_count, struct error *err)
{
	(void)invocation;
	(void)err;
	*ret_count = lists_rights(ret_rights, true);
	*ret_count += carry_rights(ret_rights + *ret_count);
	return 0;
}

static void add_row(const struct order *order, const char *drift, struct table *table)
{
	struct row *row = table_add_row(table, ROW_ITEM, 0);

	row->cells[NAMESPACE] = cell_text(order->namespace);
	row->cells[NAME] = cell_text(order->name);
	row->cells[POD] = cell_text(arena_printf(&table->arena, "%s/%s", order->namespace, order->name));
	row->cells[STRATEGY] = cell_text(order->strategy);
	row->cells[FROM] = cell_text(order->from);
	row->cells[TO] = cell_text(order->to);
	row->cells[WAVE] = cell_number(order->wave);
	row->cells[VERDICT] = cell_with_role(cell_text(drift ? "skip" : "move"), drift ? ROLE_WARNING : ROLE_GOOD);
	row->cells[WHY] = cell_text(drift ? arena_text(&table->arena, drift) : order->reason);
}

/* What a budget says now; what it only says because of those that go before is for the waves. */
static const char *budget_drift(struct landings *landings, const struct cluster *cluster, const struct order *order)
{
	const struct pod *pod = order_pod(order, cluster);
	bool is_spent;

	return pod ? landings_budget(landings, pod, &is_spent) : NULL;
}

/* Takes out what no longer holds. Returns how much that is. */
static size_t sort_out(struct orders *orders, const struct cluster *cluster, struct table *table)
{
	const struct landing_rules rules = { 0 };
	struct landings *landings = landings_new(cluster, &rules, clock_now());
	AUTO_ARENA scratch = { 0 };
	size_t kept = 0, count = orders->count;

	for (size_t i = 0; i < count; i++) {
		const struct order order = orders->items[i];
		const char *drift = order_drift(orders, &order, cluster, NULL, &scratch);

		if (!drift)
			drift = budget_drift(landings, cluster, &order);
		add_row(&order, drift, table);
		if (!drift)
			orders->items[kept++] = order;
	}
	orders->count = kept;
	landings_free(landings);
	return count - kept;
}

static int show(const struct invocation *invocation, const struct orders *orders, size_t skipped, struct table *table,
	struct error *err)
{
	int64_t age = clock_now() - orders->made;
	char text[DURATION_HUMAN_SIZE];

	if (age > OLD_SECONDS)
		fprintf(stderr, "warning: the plan was made %s ago\n", duration_human(age * DURATION_SECOND, text));
	table_add_summary(table,
		arena_printf(&table->arena, "%zu %s of the plan %s, %zu %s skipped", orders->count,
			orders->count == 1 ? "move" : "moves", orders->count == 1 ? "holds" : "hold", skipped,
			skipped == 1 ? "is" : "are"));
	if (options_of(invocation)->yes && orders->count && invocation_is_for_programs(invocation))
		return STATUS_DONE;
	return invocation_print(invocation, table, NULL, err);
}

static int carry(const struct invocation *invocation, struct session *session, struct cluster *cluster,
	const struct orders *orders, struct error *err)
{
	const struct rebalance_options *options = options_of(invocation);
	struct carry carry = { .invocation = invocation,
		.session = session,
		.cluster = cluster,
		.orders = orders,
		.rules = { .memory_line = (double)options->memory_line,
			.minor = session->server.minor,
			.allows_single = true,
			.allows_any_arch = options->any_arch },
		.grace_seconds = WRITE_GRACE_DEFAULT };

	if (!orders->count || (!session->is_live && !session->is_demo) || text_equal(options->dry_run, "client"))
		return STATUS_DONE;
	if (text_equal(options->dry_run, "server"))
		return carry_try(&carry, err);
	return carry_is_wanted(&carry) ? carry_out(&carry, err) : STATUS_DONE;
}

int rebalance_apply(struct invocation *invocation, struct error *err)
{
	const struct arguments *arguments = &invocation->arguments;
	CLEANUP(session_release) struct session session = { 0 };
	CLEANUP(cluster_release) struct cluster cluster;
	CLEANUP(table_release) struct table table = { 0 };
	AUTO_ORDERS orders = { 0 };
	struct rebalance_lists lists;
	bool is_complete;
	size_t skipped;
	int status;

	cluster_init(&cluster);
	cluster.details = CLUSTER_PLACEMENT | CLUSTER_CONDITIONS;
	if (arguments->count != 2)
		return error_set(err, ERROR_USAGE, "apply needs one argument: the file that --plan wrote");
	if (orders_read(arguments->items[1], &orders, err) < 0) {
		err->code = ERROR_USAGE;
		return -1;
	}
	if (session_open(invocation, &session, err) < 0)
		return -1;
	lists_for_plan(&lists);
	session_read(invocation, &session, lists.items, lists.count, &cluster);
	if (session_report(invocation, &session, lists.items, lists.count, &is_complete, err) < 0 ||
		lists_check(&lists, err) < 0)
		return -1;
	table_init(&table, "RebalanceOrders", columns, sizeof(columns) / sizeof(columns[0]));
	table.resource = "pod";
	skipped = sort_out(&orders, &cluster, &table);
	status = show(invocation, &orders, skipped, &table, err);
	if (status == STATUS_DONE)
		status = carry(invocation, &session, &cluster, &orders, err);
	return status == STATUS_DONE && skipped && options_of(invocation)->exit_code ? STATUS_FINDINGS : status;
}
