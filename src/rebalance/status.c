/* `rebalance status`: what the journal of this cluster tells of the last run. */
#include <stdio.h>

#include "clusterutils/util/clock.h"
#include "clusterutils/util/duration.h"
#include "clusterutils/util/text.h"
#include "journal.h"
#include "rebalance.h"

enum { NAMESPACE, NAME, POD, STRATEGY, FROM, TO, LANDED, REPLACEMENT, STATE, SECONDS, WAVE, WHY };

static const struct column columns[] = {
	[NAMESPACE] = { "namespace", "NAMESPACE", COLUMN_DATA, 0 },
	[NAME] = { "name", "NAME", COLUMN_DATA, 0 },
	[POD] = { "pod", "POD", COLUMN_TEXT_ONLY, 0 },
	[STRATEGY] = { "strategy", "STRATEGY", COLUMN_WIDE, 4 },
	[FROM] = { "from", "FROM", 0, 2 },
	[TO] = { "to", "FORESEEN", 0, 3 },
	[LANDED] = { "landed", "LANDED ON", 0, 0 },
	[REPLACEMENT] = { "replacement", "REPLACEMENT", COLUMN_WIDE, 4 },
	[STATE] = { "state", "STATE", 0, 0 },
	[SECONDS] = { "seconds", "SECONDS", COLUMN_RIGHT, 3 },
	[WAVE] = { "wave", "WAVE", COLUMN_RIGHT | COLUMN_WIDE, 4 },
	[WHY] = { "why", "WHY", 0, 1 },
};

static void add_row(const struct record_move *move, struct table *table)
{
	struct row *row = table_add_row(table, ROW_ITEM, 0);

	row->cells[NAMESPACE] = cell_text(move->namespace);
	row->cells[NAME] = cell_text(move->name);
	row->cells[POD] = cell_text(arena_printf(&table->arena, "%s/%s", move->namespace, move->name));
	row->cells[STRATEGY] = cell_text(move->strategy);
	row->cells[FROM] = cell_text(move->from);
	row->cells[TO] = cell_text(move->to);
	row->cells[LANDED] = cell_text(move->landed);
	row->cells[REPLACEMENT] = cell_text(move->pod);
	row->cells[STATE] = cell_text(move->state);
	row->cells[SECONDS] = move->seconds < 0 ? cell_none() : cell_number(move->seconds);
	row->cells[WAVE] = cell_number(move->wave);
	row->cells[WHY] = cell_text(move->why ? move->why : move->miss);
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
	table_init(&table, "RebalanceStatus", columns, sizeof(columns) / sizeof(columns[0]));
	table.resource = "pod";
	table.nothing = record.run ? "the last run moved nothing" : "no run is written down";
	for (size_t i = 0; i < record.moves.count; i++)
		add_row(record.moves.items[i], &table);
	if (record.run)
		table_add_summary(&table, headline(&record, &table.arena));
	error_clear(err);
	return invocation_print(invocation, &table, NULL, err);
}
