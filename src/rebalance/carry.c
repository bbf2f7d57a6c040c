#include "carry.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clusterutils/util/clock.h"
#include "clusterutils/util/interrupt.h"
#include "clusterutils/util/text.h"
#include "journal.h"
#include "lists.h"
#include "loop.h"
#include "plan_table.h"
#include "progress.h"
#include "reports.h"
#include "run_report.h"

enum { STEP_MS = 200, REPORTS_WAIT_MS = 3000, ANSWER_SIZE = 16 };

static const char field_manager[] = "clusterutils-rebalance";

/* A run, with all that looks on. */
struct running {
	struct carry *carry;
	struct waves waves;
	struct progress progress;
	struct journal *journal;
	struct reports *reports;
	struct error journal_error; /* code ERROR_NONE while it can be written */
	unsigned wave;
};

static const struct rebalance_options *options_of(const struct carry *carry)
{
	return carry->invocation->options;
}

/* --- before it begins --- */

bool carry_is_wanted(const struct carry *carry)
{
	char answer[ANSWER_SIZE];
	size_t count = carry->orders->count;

	if (options_of(carry)->yes || carry->loop)
		return true;
	if (invocation_is_for_programs(carry->invocation) || !isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
		return false;
	fprintf(stderr, "Evict %zu %s? [y/N] ", count, count == 1 ? "pod" : "pods");
	fflush(stderr);
	if (!fgets(answer, sizeof(answer), stdin))
		return false;
	return text_equal(answer, "y\n") || text_equal(answer, "Y\n") || text_equal(answer, "yes\n");
}

size_t carry_rights(struct right *ret_rights)
{
	ret_rights[0] = (struct right){ .group = "", .resource = "pods/eviction", .verbs = { "create" } };
	ret_rights[1] = (struct right){ .group = "", .resource = "events", .verbs = { "list", "watch", "create" } };
	return 2;
}

static bool is_first_of_namespace(const struct orders *orders, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(orders->items[k].namespace, orders->items[i].namespace) == 0)
			return false;
	return true;
}

static int refuse(const struct right *right, const char *namespace, struct error *err)
{
	error_set(err, ERROR_FORBIDDEN, "nothing was done: you may not %s %s in the namespace %s (see: --print-rbac)",
		right->missing_verb, right->resource, namespace);
	return STATUS_REFUSED;
}

/* STATUS_DONE where we may evict in every namespace that is concerned. */
static int check_rights(const struct carry *carry, struct error *err)
{
	struct right right = { .group = "", .resource = "pods/eviction", .verbs = { "create" } };
	const struct orders *orders = carry->orders;

	if (!carry->session->is_live)
		return STATUS_DONE;
	if (access_review(carry->session->transport, &right, 1, NULL, err) < 0)
		return -1;
	for (size_t i = 0; i < orders->count && !right.is_allowed; i++) {
		struct right here = { .group = "", .resource = "pods/eviction", .verbs = { "create" } };

		if (!is_first_of_namespace(orders, i))
			continue;
		if (access_review(carry->session->transport, &here, 1, orders->items[i].namespace, err) < 0)
			return -1;
		if (!here.is_allowed)
			return refuse(&here, orders->items[i].namespace, err);
	}
	return STATUS_DONE;
}

/* The demo is made anew each time: what was done to it is nobody's memory. */
static int open_journal(const struct carry *carry, struct journal **ret_journal, struct error *err)
{
	const char *path = options_of(carry)->journal;
	AUTO_ARENA arena = { 0 };

	*ret_journal = NULL;
	if (text_equal(path, "none") || (!path && !carry->session->is_live))
		return 0;
	if (!path)
		path = journal_path(carry->session->connection.base_url, &arena);
	if (!path)
		return error_set(err, ERROR_USAGE,
			"neither XDG_STATE_HOME nor HOME is set: name a file by --journal, or --journal=none");
	return journal_open(path, ret_journal, err);
}

/* --- while it goes on --- */

static void keep_journal(struct running *running, const struct move *move)
{
	struct error *err = &running->journal_error;
	struct loop *loop = running->carry->loop;
	const struct waves *waves = &running->waves;
	struct journal *log = loop ? loop->log : NULL;
	int result = 0;

	if (err->code)
		return;
	if (move) {
		result = journal_move(running->journal, move, err) | journal_move(log, move, err);
	} else if (waves->wave != running->wave) {
		running->wave = waves->wave;
		result = journal_wave(running->journal, waves->wave, err) | journal_wave(log, waves->wave, err);
	}
	if (result < 0)
		waves_stop(&running->waves, err->message);
}

static void on_change(void *context, const struct move *move)
{
	struct running *running = context;

	keep_journal(running, move);
	if (move && move->state == MOVE_LEAVING && !move->is_gone && !move->uid)
		reports_evicted(running->reports, move->order);
	if (!running->carry->loop)
		progress_change(&running->progress, move);
}

/* SIGTERM comes from who wants the machine: the wave is finished. Ctrl-C is somebody who waits. */
static void take_signal(struct running *running)
{
	int signal = interrupt_signal();

	if (signal == SIGTERM && !running->waves.ends_with_wave) {
		progress_line(&running->progress, "terminated: this wave is the last");
		waves_end_with_wave(&running->waves);
	} else if (signal && signal != SIGTERM && running->waves.state != WAVES_STOPPING) {
		waves_stop(&running->waves, "interrupted");
	}
}

static bool are_current(const struct rebalance_lists *lists)
{
	for (size_t i = 0; i < lists->count; i++)
		if (lists->items[i].is_needed && lists->items[i].state != SYNC_CURRENT)
			return false;
	return true;
}

static void tell_connection(struct running *running, const struct rebalance_lists *lists, bool *was_current)
{
	bool is_current = are_current(lists);

	if (is_current == *was_current)
		return;
	*was_current = is_current;
	if (is_current)
		progress_line(&running->progress, "the API server answers again");
	for (size_t i = 0; !is_current && i < lists->count; i++)
		if (lists->items[i].is_needed && lists->items[i].state != SYNC_CURRENT) {
			progress_line(&running->progress, "the API server does not answer: %s",
				lists->items[i].error.message);
			return;
		}
}

static void step_reports(struct running *running)
{
	const char *failure = reports_step(running->reports);

	if (failure)
		progress_line(&running->progress, "warning: events cannot be written: %s", failure);
}

static void send_reports(struct running *running, struct sync *sync)
{
	int64_t until = clock_monotonic_ms() + REPORTS_WAIT_MS;

	do {
		step_reports(running);
		if (reports_are_sent(running->reports))
			return;
		sync_step(sync, STEP_MS);
	} while (clock_monotonic_ms() < until);
}

static void go(struct running *running, struct sync *sync, const struct rebalance_lists *lists)
{
	bool goes_on = true, was_current = true;

	while (goes_on) {
		sync_step(sync, STEP_MS);
		take_signal(running);
		goes_on = waves_step(&running->waves, are_current(lists));
		step_reports(running);
		tell_connection(running, lists, &was_current);
		if (!running->carry->loop)
			progress_tick(&running->progress);
	}
	send_reports(running, sync);
}

/* --- afterwards --- */

static int status_of(const struct running *running)
{
	const struct waves *waves = &running->waves;
	const char *end = waves_end_text(waves);

	if (running->journal_error.code)
		return STATUS_ERROR;
	if (text_equal(end, "Stopped"))
		return STATUS_INTERRUPTED;
	if (text_equal(end, "TimedOut"))
		return STATUS_TIMEOUT;
	if (text_equal(end, "Failed"))
		return STATUS_SOME_FAILED;
	return options_of(running->carry)->exit_code && waves_tally(waves).skipped ? STATUS_FINDINGS : STATUS_DONE;
}

static size_t count_above(const struct landings *landings)
{
	size_t count, above = 0;
	const struct node_load *loads = landings_loads(landings, &count);

	for (size_t i = 0; i < count; i++)
		above += landings_is_above(landings, &loads[i], NULL);
	return above;
}

/* Nodes by their names: some may have come or gone meanwhile. */
static void take_after(const struct landings *landings, struct plan_node *nodes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct node_load *load = landings_load_of(landings, nodes[i].before.node->meta.name);

		nodes[i].after = load ? *load : nodes[i].before;
	}
}

static int report(struct running *running, struct run_report *report, struct plan_node *nodes, struct error *err)
{
	struct carry *carry = running->carry;
	const struct print_options options = invocation_print_options(carry->invocation);
	struct landings *landings = landings_new(carry->cluster, &carry->rules, clock_now());
	AUTO_BUFFER out = { 0 };
	int result;

	take_after(landings, nodes, report->node_count);
	report->above_after = count_above(landings);
	run_report_print(report, &options, &out);
	result = invocation_write(&out, err);
	landings_free(landings);
	return result;
}

static int run(struct running *running, struct sync *sync, const struct rebalance_lists *lists, struct error *err)
{
	struct carry *carry = running->carry;
	struct landings *before;
	struct run_report end = { .waves = &running->waves, .has_targets = carry->rules.targets != NULL };
	struct plan_node *nodes = NULL;
	AUTO_ARENA arena = { 0 };

	/* The nodes as they are now are told of at the end. What the plan was made from has been read again, and went. */
	cluster_hold(carry->cluster);
	before = landings_new(carry->cluster, &carry->rules, clock_now());
	plan_nodes_take(before, false, &arena, &nodes, &end.node_count);
	end.nodes = nodes;
	end.above_before = count_above(before);
	landings_free(before);
	interrupt_watch();
	go(running, sync, lists);
	if (carry->loop)
		loop_take(carry->loop, &running->waves);
	else
		interrupt_unwatch();
	progress_release(&running->progress);
	if (!running->journal_error.code)
		(void)!journal_end(
			running->journal, waves_end_text(&running->waves), running->waves.why, &running->journal_error);
	if (!carry->loop && report(running, &end, nodes, err) < 0)
		return -1;
	if (running->journal_error.code) {
		*err = running->journal_error;
		return -1;
	}
	return status_of(running);
}

static struct waves_options waves_options_of(struct running *running)
{
	const struct carry *carry = running->carry;
	const struct rebalance_options *options = options_of(carry);
	struct landing_rules rules = carry->rules;

	rules.cool_down = 0;
	return (struct waves_options){ .timeout = options->wave_timeout / 1000000000,
		.grace_seconds = carry->grace_seconds,
		.pauses = options->pause_on_failure,
		.rules = rules,
		.cordoned = carry->cordoned,
		.write = { .field_manager = field_manager },
		.on_change = on_change,
		.context = running };
}

int carry_out(struct carry *carry, struct error *err)
{
	struct running running = { .carry = carry };
	struct rebalance_lists lists;
	struct waves_options options = waves_options_of(&running);
	struct sync *sync;
	bool is_complete;
	int status = check_rights(carry, err);

	if (status != STATUS_DONE)
		return status < 0 ? -1 : (fprintf(stderr, "error: %s\n", err->message), status);
	if (open_journal(carry, &running.journal, err) < 0)
		return err->code == ERROR_CONFLICT ? (fprintf(stderr, "error: %s\n", err->message), STATUS_REFUSED)
						   : -1;
	lists_for_run(&lists);
	sync = session_follow(carry->invocation, carry->session, lists.items, lists.count, carry->cluster);
	status = -1;
	if (session_report(carry->invocation, carry->session, lists.items, lists.count, &is_complete, err) == 0 &&
		lists_check(&lists, err) == 0 && journal_begin(running.journal, carry->orders, err) == 0) {
		waves_init(&running.waves, carry->orders, carry->cluster, carry->session->transport, &options);
		progress_init(&running.progress, &running.waves);
		running.reports = options_of(carry)->no_events ? NULL : reports_new(carry->session->transport);
		status = run(&running, sync, &lists, err);
		reports_free(running.reports);
		waves_release(&running.waves);
	}
	sync_free(sync);
	journal_close(running.journal);
	return status;
}
