#include "rebalance.h"

enum { NAME, POINT, SUMMARY };

static const struct column columns[] = {
	[NAME] = { "name", "NAME", 0, 0 },
	[POINT] = { "extensionPoint", "ENABLED UNDER", 0, 0 },
	[SUMMARY] = { "summary", "ABOUT", 0, 1 },
};

enum { KEY, TYPE, DEFAULT, CONSTRAINT, HELP };

static const struct column setting_columns[] = {
	[KEY] = { "name", "SETTING", 0, 0 },
	[TYPE] = { "type", "TAKES", 0, 0 },
	[DEFAULT] = { "default", "DEFAULT", 0, 0 },
	[CONSTRAINT] = { "constraint", "MUST BE", 0, 2 },
	[HELP] = { "help", "MEANING", 0, 1 },
};

static const char *point_of(const struct strategy *strategy)
{
	return strategy->points & STRATEGY_DESCHEDULE ? "deschedule"
		: strategy->points & STRATEGY_BALANCE ? "balance"
						      : "every profile";
}

static void list_strategies(struct table *table)
{
	table_init(table, "StrategyList", columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; strategies[i]; i++) {
		struct row *row = table_add_row(table, ROW_ITEM, 0);

		row->cells[NAME] = cell_text(strategies[i]->name);
		row->cells[POINT] = cell_text(point_of(strategies[i]));
		row->cells[SUMMARY] = cell_text(strategies[i]->summary);
	}
}

/* Settings within settings are told with the way to them: "podProtections.extraEnabled". */
static void add_settings(struct table *table, const struct param *params, const char *prefix)
{
	for (const struct param *param = params; param->name; param++) {
		const char *name = arena_printf(&table->arena, "%s%s", prefix, param->name);
		AUTO_BUFFER constraint = { 0 };
		struct row *row;

		if (param->type == PARAM_OBJECT) {
			add_settings(table, param->object->params, arena_printf(&table->arena, "%s.", name));
			continue;
		}
		param_constraint(param, &constraint);
		row = table_add_row(table, ROW_ITEM, 0);
		row->cells[KEY] = cell_text(name);
		row->cells[TYPE] = cell_text(arena_text(&table->arena, param_type_text(param)));
		row->cells[DEFAULT] = cell_text(param->fallback);
		row->cells[CONSTRAINT] =
			cell_text(constraint.length ? arena_text(&table->arena, buffer_text(&constraint)) : NULL);
		row->cells[HELP] =
			cell_text(param->is_deprecated ? arena_printf(&table->arena, "%s (deprecated)", param->help)
						       : param->help);
		if (param->type == PARAM_OBJECTS)
			add_settings(table, param->object->params, arena_printf(&table->arena, "%s[].", name));
	}
}

static int list_settings(const char *name, struct table *table, struct error *err)
{
	const struct strategy *strategy = strategy_find(name), *similar = strategy_similar(name);

	if (!strategy)
		return error_set(err, ERROR_USAGE, "there is no strategy \"%s\"%s%s%s", name,
			similar ? "; is it \"" : "", similar ? similar->name : "", similar ? "\"?" : "");
	table_init(table, "StrategySettingList", setting_columns, sizeof(setting_columns) / sizeof(setting_columns[0]));
	add_settings(table, strategy->params, "");
	return 0;
}

int rebalance_strategies(struct invocation *invocation, struct error *err)
{
	CLEANUP(table_release) struct table table = { 0 };

	if (invocation->arguments.count < 2)
		list_strategies(&table);
	else if (list_settings(invocation->arguments.items[1], &table, err) < 0)
		return -1;
	return invocation_print(invocation, &table, NULL, err);
}
