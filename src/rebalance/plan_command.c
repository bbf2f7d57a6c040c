/* `rebalance`: reads the cluster and the policy, plans, and prints. */
#include <stdio.h>
#include <string.h>

#include "carry.h"
#include "clusterutils/util/clock.h"
#include "clusterutils/util/file.h"
#include "clusterutils/util/text.h"
#include "journal.h"
#include "lists.h"
#include "loop.h"
#include "plan_table.h"
#include "policy_readings.h"
#include "policy_source.h"
#include "rebalance.h"

static const struct rebalance_options *options_of(const struct invocation *invocation)
{
	return invocation->options;
}

int rebalance_plan_rights(
	const struct invocation *invocation, struct right *ret_rights, size_t *ret_count, struct error *err)
{
	(void)err;
	*ret_count = lists_rights(ret_rights, options_of(invocation)->yes);
	if (options_of(invocation)->yes)
		*ret_count += carry_rights(ret_rights + *ret_count);
	*ret_count += policy_source_rights(options_of(invocation)->policy, ret_rights + *ret_count);
	return 0;
}

/* --- reading --- */

static int check_loop(const struct invocation *invocation, struct error *err)
{
	const struct rebalance_options *options = options_of(invocation);

	if (!options->every)
		return option_is_given(&invocation->arguments, &options->max_per_hour)
			? error_set(err, ERROR_USAGE, "--max-per-hour is for --every")
			: 0;
	if (options->explain || options->empty || options->what_ifs.count || options->plan_file)
		return error_set(err, ERROR_USAGE,
			"--every is for passes alone: not with --explain, --empty, --what-if or "
			"--plan");
	if (text_equal(options->dry_run, "server"))
		return error_set(err, ERROR_USAGE, "--every does not go with --dry-run=server");
	if (!options->yes && !text_equal(options->dry_run, "client"))
		return error_set(err, ERROR_USAGE,
			"--every asks nobody: give --yes, or --dry-run=client to see what it would do");
	return 0;
}

static int check_options(const struct invocation *invocation, struct error *err)
{
	const struct rebalance_options *options = options_of(invocation);

	if (invocation->arguments.count > (options->explain ? 1 : 0))
		return error_set(err, ERROR_USAGE, "\"%s\" is one argument too many",
			invocation->arguments.items[options->explain ? 1 : 0]);
	if (options->explain + (options->empty != NULL) + (options->what_ifs.count > 0) > 1)
		return error_set(err, ERROR_USAGE, "--explain, --empty and --what-if are three questions: ask one");
	if (check_loop(invocation, err) < 0)
		return -1;
	for (size_t i = 0; i < options->strategies.count; i++) {
		const char *name = options->strategies.items[i];
		const struct strategy *similar = strategy_similar(name);

		if (!strategy_find(name))
			return error_set(err, ERROR_USAGE, "there is no strategy \"%s\"%s%s%s", name,
				similar ? "; is " : "", similar ? similar->name : "", similar ? " meant?" : "");
	}
	return policy_source_check(options->policy, err);
}

static int read_cluster(const struct invocation *invocation, struct session *session, struct policy_found *ret_found,
	struct cluster *cluster, struct error *err)
{
	struct rebalance_lists lists;
	struct policy_search search;
	bool is_complete;

	lists_for_plan(&lists);
	if (policy_source_begin(&search, invocation, session, options_of(invocation)->policy, err) < 0)
		return -1;
	session_read(invocation, session, lists.items, lists.count, cluster);
	if (policy_source_finish(&search, ret_found, err) < 0)
		return -1;
	if (session_report(invocation, session, lists.items, lists.count, &is_complete, err) < 0)
		return -1;
	return lists_check(&lists, err);
}

static int load_policy(const struct invocation *invocation, const struct policy_found *found, struct cluster *cluster,
	struct policy *ret_policy, struct error *err)
{
	const struct policy_source source = { .file = found->file,
		.text = found->text,
		.length = found->length,
		.find_priority = policy_priority_in_cluster,
		.context = cluster };

	bool is_strict = options_of(invocation)->strict_upstream && found->origin != POLICY_BUILT_IN;

	if (found->warning)
		fprintf(stderr, "warning: %s\n", found->warning);
	if (policy_load(&source, is_strict ? POLICY_STRICT : POLICY_LENIENT, ret_policy, err) == 0)
		return 0;
	err->code = ERROR_USAGE;
	return -1;
}

static uint32_t limit_of(const struct invocation *invocation, const uint64_t *member)
{
	return option_is_given(&invocation->arguments, member) ? (uint32_t)*member : PASS_UNLIMITED;
}

static struct plan_options plan_options_of(const struct invocation *invocation)
{
	const struct rebalance_options *options = options_of(invocation);

	return (struct plan_options){
		.scope = { .namespace = invocation_namespace(invocation),
			.excluded_namespaces = options->excluded_namespaces.items,
			.excluded_count = options->excluded_namespaces.count,
			.node = options->node,
			.strategies = options->strategies.items,
			.strategy_count = options->strategies.count,
			.max_moves = limit_of(invocation, &options->max_moves),
			.max_per_node = limit_of(invocation, &options->max_per_node),
			.max_per_namespace = limit_of(invocation, &options->max_per_namespace) },
		.rules = { .memory_line = (double)options->memory_line,
			.cool_down = options->cool_down / 1000000000,
			.allows_single = options->allow_single,
			.allows_any_arch = options->any_arch },
		.parity = options->parity,
		.relieves = options->relieve,
		.parallel = (uint32_t)options->parallel,
	};
}

/* --- printing --- */

static void print_text(const struct planned *planned, const struct plan *plan, struct buffer *out)
{
	const struct print_options options = invocation_print_options(planned->invocation);
	CLEANUP(table_release) struct table moves = { 0 };
	CLEANUP(table_release) struct table withheld = { 0 };
	CLEANUP(table_release) struct table nodes = { 0 };

	plan_moves_table(plan, PLAN_ROWS_MOVES, &moves);
	plan_moves_table(plan, PLAN_ROWS_WITHHELD, &withheld);
	plan_nodes_table(plan->nodes, plan->node_count, options.format == OUTPUT_WIDE, &nodes);
	plan_head(plan, planned->policy_name, out);
	print_section(NULL, &moves, &options, out);
	print_section("withheld", &withheld, &options, out);
	print_section(NULL, &nodes, &options, out);
	buffer_printf(out, "\n");
	plan_foot(plan, out);
}

static void print_document(
	const struct planned *planned, const struct plan *plan, enum document_format format, struct buffer *out)
{
	struct document document;

	document_init(&document, format, out);
	plan_document(plan, NULL, planned->policy_name, &document);
	document_finish(&document);
}

static int print_plan(const struct planned *planned, const struct plan *plan, struct error *err)
{
	const struct print_options options = invocation_print_options(planned->invocation);
	CLEANUP(table_release) struct table table = { 0 };
	AUTO_BUFFER out = { 0 };

	switch (options.format) {
	case OUTPUT_TABLE:
	case OUTPUT_WIDE:
		print_text(planned, plan, &out);
		break;
	case OUTPUT_JSON:
	case OUTPUT_YAML:
		print_document(planned, plan, options.format == OUTPUT_JSON ? DOCUMENT_JSON : DOCUMENT_YAML, &out);
		break;
	case OUTPUT_CSV:
	case OUTPUT_NAME:
		plan_moves_table(plan,
			options.format == OUTPUT_CSV ? PLAN_ROWS_MOVES | PLAN_ROWS_WITHHELD : PLAN_ROWS_MOVES, &table);
		table_print(&table, &options, &out);
		break;
	}
	return invocation_write(&out, err);
}

static int write_plan_file(const struct planned *planned, const struct plan *plan, const char *file, struct error *err)
{
	AUTO_BUFFER out = { 0 };

	print_document(planned, plan, DOCUMENT_JSON, &out);
	return file_replace(file, &out, err);
}

/* A dump stays as it is; a question about the plan is no plan to be carried out. */
static bool can_be_carried_out(const struct planned *planned, const struct plan *plan)
{
	const struct rebalance_options *options = options_of(planned->invocation);

	return plan->moves && (planned->session->is_live || planned->session->is_demo) && !options->explain &&
		!options->what_ifs.count && !text_equal(options->dry_run, "client");
}

static int carry_plan(const struct planned *planned, const struct plan *plan, struct error *err)
{
	const struct rebalance_options *options = options_of(planned->invocation);
	AUTO_ORDERS orders = { 0 };
	struct carry carry = { .invocation = planned->invocation,
		.loop = planned->loop,
		.session = planned->session,
		.cluster = planned->cluster,
		.orders = &orders,
		.rules = plan->options.rules,
		.grace_seconds = planned->policy->grace_period_seconds.is_set
			? planned->policy->grace_period_seconds.value
			: WRITE_GRACE_DEFAULT };

	orders_of_plan(plan, planned->now, &orders);
	if (text_equal(options->dry_run, "server"))
		return carry_try(&carry, err);
	return carry_is_wanted(&carry) ? carry_out(&carry, err) : STATUS_DONE;
}

/* What programs read is one document: with --yes that of the run, which tells of each move, too. */
static int show_plan(const struct planned *planned, struct plan *plan, struct error *err)
{
	const struct rebalance_options *options = options_of(planned->invocation);
	bool carries = can_be_carried_out(planned, plan);
	int result = STATUS_DONE;

	if (!(carries && (options->yes || text_equal(options->dry_run, "server")) &&
		    invocation_is_for_programs(planned->invocation)))
		result = print_plan(planned, plan, err);
	if (result != STATUS_DONE || !carries || (options->plan_file && !options->yes))
		return result;
	return carry_plan(planned, plan, err);
}

/* Nobody looks: what is to be done is done, or where it is only asked for, counted. */
static int answer_loop(const struct planned *planned, const struct plan *plan, struct error *err)
{
	planned->loop->moves = plan->moves;
	planned->loop->withheld = plan->withheld;
	if (loop_is_settling(planned->loop, planned->cluster)) {
		planned->loop->is_settling = true;
		return STATUS_DONE;
	}
	return can_be_carried_out(planned, plan) ? carry_plan(planned, plan, err) : STATUS_DONE;
}

static int answer(const struct planned *planned, struct error *err)
{
	const struct rebalance_options *options = options_of(planned->invocation);
	const struct arguments *arguments = &planned->invocation->arguments;
	AUTO_PLAN plan = { 0 };
	bool is_clear;
	int result;

	if (options->empty) {
		result = rebalance_empty(planned, options->empty, &is_clear, err);
		return result == STATUS_DONE && options->exit_code && !is_clear ? STATUS_FINDINGS : result;
	}
	plan_make(&plan, planned->cluster, planned->policy, &planned->options, planned->now);
	if (planned->loop)
		return answer_loop(planned, &plan, err);
	is_clear = !plan.moves || (options->yes && can_be_carried_out(planned, &plan));
	if (options->plan_file && write_plan_file(planned, &plan, options->plan_file, err) < 0)
		return -1;
	if (options->explain)
		result = rebalance_explain(planned, &plan, arguments->count ? arguments->items[0] : NULL, err);
	else if (options->what_ifs.count)
		result = rebalance_what_if(planned, &plan, &is_clear, err);
	else
		result = show_plan(planned, &plan, err);
	return result == STATUS_DONE && options->exit_code && !is_clear ? STATUS_FINDINGS : result;
}

static int check_nodes(const struct planned *planned, struct error *err)
{
	const struct rebalance_options *options = options_of(planned->invocation);
	const char *const names[] = { options->node, options->empty };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i] && !cluster_find(planned->cluster, KIND_NODE, names[i], NULL))
			return error_set(err, ERROR_NOT_FOUND, "nodes \"%s\" not found", names[i]);
	return 0;
}

/* Who came back after runs of before, by the journal of this cluster. */
static void remember(struct planned *planned, struct arena *arena)
{
	const struct rebalance_options *options = options_of(planned->invocation);
	const char *path = options->journal;

	if (!path && planned->session->is_live)
		path = journal_path(planned->session->connection.base_url, arena);
	if (!path || text_equal(path, "none") || !options->return_cool_down)
		return;
	planned->options.rules.came_back = journal_came_back(path,
		planned->now - options->return_cool_down / 1000000000, arena, &planned->options.rules.came_back_count);
}

static int pass(const struct invocation *invocation, struct session *session, struct loop *loop, struct error *err)
{
	CLEANUP(cluster_release) struct cluster cluster;
	AUTO_POLICY_FOUND found = { 0 };
	AUTO_POLICY policy = { 0 };
	AUTO_POLICY_READINGS readings = { 0 };
	struct planned planned = {
		.invocation = invocation, .loop = loop, .session = session, .cluster = &cluster, .policy = &policy
	};
	AUTO_ARENA arena = { 0 };

	cluster_init(&cluster);
	cluster.details = CLUSTER_PLACEMENT | CLUSTER_CONDITIONS;
	if (read_cluster(invocation, session, &found, &cluster, err) < 0 ||
		load_policy(invocation, &found, &cluster, &policy, err) < 0 || check_nodes(&planned, err) < 0)
		return -1;
	planned.policy_name = found.name;
	policy_readings_read(session, &policy, &readings);
	planned.options = plan_options_of(invocation);
	planned.options.rules.minor = session->server.minor;
	planned.options.readings = readings.items;
	planned.options.reading_count = readings.count;
	planned.now = clock_now();
	remember(&planned, &arena);
	if (loop)
		loop_narrow(loop, &planned.options, planned.now);
	return answer(&planned, err);
}

int rebalance_plan(struct invocation *invocation, struct error *err)
{
	CLEANUP(session_release) struct session session = { 0 };

	if (check_options(invocation, err) < 0 || session_open(invocation, &session, err) < 0)
		return -1;
	if (options_of(invocation)->every)
		return loop_run(invocation, &session, pass, err);
	return pass(invocation, &session, NULL, err);
}
