/* `rebalance status`: what the journal of this cluster tells of the last run. */
#include <stdio.h>

#include "clusterutils/util/clock.h"
#include "clusterutils/util/duration.h"
#include "clusterutils/util/text.h"
#include "journal.h"
#include "rebalance.h"
#include "run_table.h"

static void add_row(const struct record_move *move, struct table *table)
{
	run_table_add(table,
		&(struct run_row){ .namespace = move->namespace,
			.name = move->name,
			.strategy = move->strategy,
			.from = move->from,
			.to = move->to,
			.landed = move->landed,
			.replacement = move->pod,
			.state = move->state,
			.why = move->why ? move->why : move->miss,
			.seconds = move->seconds < 0 ? VALUE_NONE : move->seconds,
			.wave = move->wave });
}

static const char *state_of(const struct record *record)
{
	if (record->ended != TIME_NONE)
		return record->state ? record->state : "Ended";
	return record->is_under_way ? "UnderWay" : "Killed";
}

static const char *headline(const struct record *record, struct arena *arena)
{
	char ago[DURATION_HUMAN_SIZE];
	size_t moved = 0;

	for (size_t i = 0; i < record->moves.count; i++)
		moved += text_equal(
			((const struct record_move *)record->moves.items[i])->state, move_state_texts[MOVE_DONE]);
	return arena_printf(arena, "%s: wave %u of %u, %zu of %zu moved, begun %s ago%s%s", state_of(record),
		record->wave, record->waves, moved, record->orders,
		duration_human((clock_now() - record->began) * DURATION_SECOND, ago), record->why ? "; " : "",
		record->why ? record->why : "");
}

/* The file of the cluster that the flags name, which is not asked anything. */
static int find_path(const struct invocation *invocation, struct arena *arena, const char **ret_path, struct error *err)
{
	const struct rebalance_options *options = invocation->options;
	const struct session_setup setup = { 0 };
	CLEANUP(session_release) struct session session = { 0 };

	*ret_path = options->journal;
	if (*ret_path)
		return 0;
	if (session_begin(invocation, &setup, &session, err) < 0)
		return -1;
	if (!session.is_live)
		return error_set(err, ERROR_USAGE, "only a live cluster has a journal: name a file by --journal");
	*ret_path = journal_path(session.connection.base_url, arena);
	return *ret_path
		? 0
		: error_set(err, ERROR_USAGE, "neither XDG_STATE_HOME nor HOME is set: name a file by --journal");
}

int rebalance_status(struct invocation *invocation, struct error *err)
{
	CLEANUP(table_release) struct table table = { 0 };
	AUTO_RECORD record = { 0 };
	AUTO_ARENA arena = { 0 };
	const char *path;

	if (invocation->arguments.count > 1)
		return error_set(err, ERROR_USAGE, "status takes no argument");
	if (find_path(invocation, &arena, &path, err) < 0)
		return -1;
	if (record_read(path, &record, err) < 0 && err->code != ERROR_NOT_FOUND)
		return -1;
	if (record.unreadable)
		fprintf(stderr, "warning: %s: %zu %s cannot be read\n", path, record.unreadable,
			record.unreadable == 1 ? "line" : "lines");
	run_table_init(&table, "RebalanceStatus");
	table.nothing = record.run ? "the last run moved nothing" : "no run is written down";
	for (size_t i = 0; i < record.moves.count; i++)
		add_row(record.moves.items[i], &table);
	if (record.run)
		table_add_summary(&table, headline(&record, &table.arena));
	error_clear(err);
	return invocation_print(invocation, &table, NULL, err);
}
