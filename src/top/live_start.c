/* From the command line and the saved settings to the live view. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clusterutils/output/columns.h"
#include "clusterutils/util/duration.h"
#include "clusterutils/util/text.h"
#include "live.h"
#include "top.h"

bool top_is_live(const struct invocation *invocation)
{
	const struct top_options *top = invocation->options;
	const struct global_options *global = &invocation->global;

	if (top->once || top->batch || top->strict || option_is_given(&invocation->arguments, &global->output) ||
		global->no_headers || global->print_rbac)
		return false;
	for (size_t i = 0; i < global->from.count; i++)
		if (strcmp(global->from.items[i], "-") == 0)
			return false;
	return isatty(STDOUT_FILENO) && isatty(STDIN_FILENO);
}

/* What is traced there would be written across the screen. */
static int check_tracing(const struct invocation *invocation, struct error *err)
{
	if (invocation->global.verbosity < 6 || !isatty(STDERR_FILENO))
		return 0;
	return error_set(err, ERROR_USAGE, "-v %u writes to the terminal that the screen needs: add --once, or 2>FILE",
		(unsigned)invocation->global.verbosity);
}

/* A context may have a comma in its name. */
static bool is_context(const struct invocation *invocation, const char *name)
{
	AUTO_ARENA arena = { 0 };
	const char **names, *current;
	struct error ignored;
	size_t count;

	if (kubeconfig_contexts(&invocation->global.connection, &arena, &names, &count, &current, &ignored) < 0)
		return false;
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

int top_check_theme(const struct invocation *invocation, struct error *err)
{
	const struct top_options *top = invocation->options;
	AUTO_BUFFER known = { 0 };
	size_t count;
	const struct theme *const *themes = theme_all(&count);

	if (!top->theme || theme_find(top->theme))
		return 0;
	for (size_t i = 0; i < count; i++)
		buffer_printf(&known, "%s%s", i ? ", " : "", themes[i]->name);
	return error_set(err, ERROR_USAGE, "unknown theme \"%s\": one of %s", top->theme, buffer_text(&known));
}

/* A view of no cluster has all its columns. One that cannot be made (of a node that is not there) tells them later. */
int top_check_columns(
	const struct top_options *top, const struct view *view, const struct printing *printing, struct error *err)
{
	CLEANUP(table_release) struct table table = { 0 };
	CLEANUP(cluster_release) struct cluster cluster;
	struct column_order order;
	struct error ignored;

	cluster_init(&cluster);
	if (!top->columns || view->build(&cluster, &printing->view, &table, &ignored) < 0)
		return 0;
	return column_order_read(&table, top->columns, COLUMNS_TEXT, &order, err);
}

int top_check_contexts(const struct invocation *invocation, struct error *err)
{
	const char *context = invocation->global.connection.context;

	if (!context || !strchr(context, ',') || is_context(invocation, context))
		return 0;
	return error_set(err, ERROR_USAGE, "--context \"%s\": several contexts are shown on the screen alone", context);
}

static int read_settings(
	const struct top_options *top, const struct view *first, struct settings *settings, struct error *err)
{
	char path[4096];

	settings_init(settings);
	if (settings_path(path, sizeof(path)) && settings_read(settings, path, err) < 0)
		return -1;
	if (top->theme)
		snprintf(settings->theme, sizeof(settings->theme), "%s", top->theme);
	if (top->columns)
		settings_set_columns(settings, first->name, top->columns);
	if (top->highlight) {
		settings->highlights = true;
		settings->highlight_seconds = top->highlight / DURATION_SECOND;
	}
	if (top->delay)
		settings->delay_ms = top->delay / 1000000;
	if (settings->delay_ms < DELAY_MIN_MS)
		settings->delay_ms = DELAY_MIN_MS;
	settings->no_colour = settings->no_colour || top->no_colour;
	settings->no_unicode = settings->no_unicode || top->no_unicode;
	settings->no_mouse = settings->no_mouse || top->no_mouse;
	settings->no_meters = settings->no_meters || top->no_meters;
	settings->no_bar = settings->no_bar || top->no_bar;
	return 0;
}

/* The flag is worth more than what was saved. */
static void choose_grouping(const struct invocation *invocation, struct settings *settings, struct view_options *view)
{
	const struct top_options *top = invocation->options;
	struct error ignored;

	if (option_is_given(&invocation->arguments, &top->by))
		snprintf(settings->grouping, sizeof(settings->grouping), "%s", top->by);
	else if (*settings->grouping &&
		grouping_parse(settings->grouping, view->zone_labels, &view->grouping, &ignored) < 0)
		settings->grouping[0] = '\0';
}

int top_run_live(struct invocation *invocation, const struct view *first, struct printing *printing,
	uint64_t iterations, bool *ret_no_terminal, struct error *err)
{
	const struct top_options *top = invocation->options;
	const char *contexts[FEEDS_MAX] = { 0 }, *context = invocation->global.connection.context;
	AUTO_ARENA arena = { 0 };
	struct live_options live = {
		.screen = { .view = printing->view,
			.first = first,
			.sort = top->sort,
			.filter = top->filter,
			.namespace = invocation_namespace(invocation),
			.allows_actions = top->allow_actions },
		.term = TERM_OPTIONS_DEFAULT,
		.iterations = iterations,
		.power = printing->power.is_there ? &printing->power.options : NULL,
	};

	*ret_no_terminal = false;
	printing->power.options.is_detailed = true;
	if (check_tracing(invocation, err) < 0 || read_settings(top, first, &live.screen.settings, err) < 0)
		return -1;
	choose_grouping(invocation, &live.screen.settings, &live.screen.view);
	live.term.mouse = live.screen.settings.no_mouse ? TERM_NEVER : TERM_AUTO;
	live.term.unicode = live.screen.settings.no_unicode ? TERM_NEVER : TERM_AUTO;
	live.term.colour = live.screen.settings.no_colour ? TERM_NEVER : TERM_AUTO;
	live.term.theme = theme_find(live.screen.settings.theme);
	if (context && strchr(context, ',') && !is_context(invocation, context)) {
		live.context_count = live_split_contexts(context, &arena, contexts);
		live.contexts = contexts;
	}
	return live_run(invocation, &live, ret_no_terminal, err);
}
