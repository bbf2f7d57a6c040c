#include "run_table.h"

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

void run_table_init(struct table *ret_table, const char *kind)
{
	table_init(ret_table, kind, columns, sizeof(columns) / sizeof(columns[0]));
	ret_table->resource = "pod";
}

void run_table_add(struct table *table, const struct run_row *what)
{
	struct row *row = table_add_row(table, ROW_ITEM, 0);

	row->cells[NAMESPACE] = cell_text(what->namespace);
	row->cells[NAME] = cell_text(what->name);
	row->cells[POD] = cell_text(arena_printf(&table->arena, "%s/%s", what->namespace, what->name));
	row->cells[STRATEGY] = cell_text(what->strategy);
	row->cells[FROM] = cell_text(what->from);
	row->cells[TO] = cell_text(what->to);
	row->cells[LANDED] = cell_text(what->landed);
	row->cells[REPLACEMENT] = cell_text(what->replacement);
	row->cells[STATE] = cell_with_role(cell_text(what->state), what->role);
	row->cells[SECONDS] = cell_number(what->seconds);
	row->cells[WAVE] = cell_number(what->wave);
	row->cells[WHY] = cell_text(what->why);
}
