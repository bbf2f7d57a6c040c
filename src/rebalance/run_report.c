#include "run_report.h"

#include "clusterutils/util/duration.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/timestamp.h"
#include "plan_table.h"
#include "run_table.h"

static int64_t seconds_of(const struct move *move)
{
	int64_t end = move->controller_uid ? move->ready : move->gone;

	if (move->state != MOVE_DONE || move->asked == TIME_NONE)
		return VALUE_NONE;
	end = end == TIME_NONE || end < move->gone ? move->gone : end;
	return end - move->asked;
}

static enum role role_of(const struct move *move)
{
	switch (move->state) {
	case MOVE_DONE:
		return move->miss ? ROLE_WARNING : ROLE_GOOD;
	case MOVE_FAILED:
	case MOVE_UNFINISHED:
		return ROLE_BAD;
	default:
		return ROLE_MUTED;
	}
}

static void make_table(const struct run_report *report, struct table *ret_table)
{
	const struct waves *waves = report->waves;

	run_table_init(ret_table, "RebalanceRun");
	for (size_t i = 0; i < waves->orders->count; i++) {
		const struct move *move = &waves->moves[i];
		const struct order *order = move->order;

		run_table_add(ret_table,
			&(struct run_row){ .namespace = order->namespace,
				.name = order->name,
				.strategy = order->strategy,
				.from = order->from,
				.to = order->to,
				.landed = move->landed,
				.replacement = move->name,
				.state = move_state_texts[move->state],
				.why = move->why ? move->why : move->miss,
				.seconds = seconds_of(move),
				.wave = order->wave,
				.role = role_of(move) });
	}
}

/* --- for people --- */

static void add_tally(const struct run_report *report, struct buffer *out)
{
	const struct waves *waves = report->waves;
	struct waves_tally tally = waves_tally(waves);
	const struct {
		size_t count;
		const char *what;
	} rest[] = {
		{ tally.skipped, "skipped" },
		{ tally.failed, "failed" },
		{ tally.unfinished, "not over" },
		{ tally.not_begun, "not begun" },
	};
	char took[DURATION_HUMAN_SIZE];

	buffer_printf(out, "%zu of %zu %s moved in %s", tally.done, waves->orders->count,
		waves->orders->count == 1 ? "pod" : "pods",
		duration_human((waves->ended - waves->began) * DURATION_SECOND, took));
	for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++)
		if (rest[i].count)
			buffer_printf(out, ", %zu %s", rest[i].count, rest[i].what);
	if (tally.as_foreseen + tally.elsewhere)
		buffer_printf(out, "; %zu landed as foreseen, %zu elsewhere", tally.as_foreseen, tally.elsewhere);
	if (tally.returned)
		buffer_printf(out, ", %zu of them where %s", tally.returned,
			tally.returned == 1 ? "it came from" : "they came from");
	if (report->has_targets)
		buffer_printf(out, "; nodes above target: %zu -> %zu", report->above_before, report->above_after);
	buffer_add_char(out, '\n');
	if (waves->why)
		buffer_printf(out, "%s: %s\n",
			waves->was_stopped         ? "stopped"
				: waves->timed_out ? "timed out"
						   : "stopped early",
			waves->why);
}

static void print_text(const struct run_report *report, const struct print_options *options, struct buffer *out)
{
	CLEANUP(table_release) struct table moves = { 0 };
	CLEANUP(table_release) struct table nodes = { 0 };

	make_table(report, &moves);
	plan_nodes_table(report->nodes, report->node_count, options->format == OUTPUT_WIDE, &nodes);
	print_section(NULL, &moves, options, out);
	print_section(NULL, &nodes, options, out);
	buffer_add_char(out, '\n');
	add_tally(report, out);
}

/* --- for programs --- */

static void add_time(struct document *document, const char *key, int64_t seconds)
{
	char text[TIMESTAMP_SIZE];

	document_text(document, key, seconds == TIME_NONE ? NULL : timestamp_text(seconds, text));
}

static void add_move(const struct move *move, struct document *document)
{
	const struct order *order = move->order;
	int64_t seconds = seconds_of(move);

	document_begin_object(document, NULL);
	document_text(document, "namespace", order->namespace);
	document_text(document, "name", order->name);
	document_text(document, "uid", order->uid);
	document_text(document, "profile", order->profile);
	document_text(document, "strategy", order->strategy);
	document_text(document, "reason", order->reason);
	document_text(document, "from", order->from);
	document_text(document, "to", order->to);
	document_number(document, "wave", order->wave);
	document_text(document, "state", move_state_texts[move->state]);
	document_text(document, "why", move->why);
	document_text(document, "replacement", move->name);
	document_text(document, "landed", move->landed);
	document_text(document, "miss", move->miss);
	add_time(document, "evicted", move->evicted);
	if (seconds == VALUE_NONE)
		document_null(document, "seconds");
	else
		document_number(document, "seconds", seconds);
	document_end(document);
}

static void add_summary(const struct run_report *report, struct document *document)
{
	struct waves_tally tally = waves_tally(report->waves);

	document_begin_object(document, "summary");
	document_number(document, "moved", (int64_t)tally.done);
	document_number(document, "skipped", (int64_t)tally.skipped);
	document_number(document, "failed", (int64_t)tally.failed);
	document_number(document, "unfinished", (int64_t)tally.unfinished);
	document_number(document, "notBegun", (int64_t)tally.not_begun);
	document_number(document, "evicted", (int64_t)tally.evicted);
	document_number(document, "landedAsForeseen", (int64_t)tally.as_foreseen);
	document_number(document, "landedElsewhere", (int64_t)tally.elsewhere);
	document_number(document, "returned", (int64_t)tally.returned);
	document_number(document, "nodesAboveTargetBefore", (int64_t)report->above_before);
	document_number(document, "nodesAboveTargetAfter", (int64_t)report->above_after);
	document_end(document);
}

static void print_document(const struct run_report *report, enum document_format format, struct buffer *out)
{
	const struct waves *waves = report->waves;
	struct document document;

	document_init(&document, format, out);
	document_begin_object(&document, NULL);
	document_text(&document, "apiVersion", "clusterutils/v1");
	document_text(&document, "kind", "RebalanceRun");
	document_text(&document, "state", waves_end_text(waves));
	document_text(&document, "why", waves->why);
	add_time(&document, "began", waves->began);
	add_time(&document, "ended", waves->ended);
	document_number(&document, "waves", waves->orders->waves);
	document_begin_array(&document, "moves");
	for (size_t i = 0; i < waves->orders->count; i++)
		add_move(&waves->moves[i], &document);
	document_end(&document);
	plan_document_nodes(report->nodes, report->node_count, &document);
	add_summary(report, &document);
	document_end(&document);
	document_finish(&document);
}

void run_report_print(const struct run_report *report, const struct print_options *options, struct buffer *out)
{
	CLEANUP(table_release) struct table table = { 0 };

	switch (options->format) {
	case OUTPUT_TABLE:
	case OUTPUT_WIDE:
		print_text(report, options, out);
		break;
	case OUTPUT_JSON:
	case OUTPUT_YAML:
		print_document(report, options->format == OUTPUT_JSON ? DOCUMENT_JSON : DOCUMENT_YAML, out);
		break;
	case OUTPUT_CSV:
	case OUTPUT_NAME:
		make_table(report, &table);
		table_print(&table, options, out);
		break;
	}
}
