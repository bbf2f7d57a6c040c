/* `top`: the cluster as a table, once or every few seconds. */
#include <stdio.h>
#include <string.h>

#include "beside.h"
#include "clusterutils/command/command.h"
#include "clusterutils/util/duration.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "settings.h"
#include "top.h"

static const char *const sources[] = { "auto", "metrics", "kubelet", NULL };

static const struct option options[] = {
	{ .name = "view",
		.type = OPTION_TEXT,
		.offset = offsetof(struct top_options, view),
		.argument = "VIEW",
		.help = "the same as the argument: nodes, tiers, power, pods, images or events" },
	{ .name = "by",
		.type = OPTION_TEXT,
		.offset = offsetof(struct top_options, by),
		.argument = "KEYS",
		.fallback = "zone",
		.help = "group nodes by zone, arch, pool or the key of a label, several joined by commas; flat for none" },
	{ .name = "zone-label",
		.type = OPTION_LIST,
		.offset = offsetof(struct top_options, zone_labels),
		.argument = "KEY",
		.help = "label that names a node's zone; the first of several that the node has (default: the well-known "
			"ones, then kubernetes.io/zone and kubernetes.io/location)" },
	{ .name = "node",
		.type = OPTION_TEXT,
		.offset = offsetof(struct top_options, node),
		.argument = "NAME",
		.help = "of this node alone; with tiers: in which order its kubelet would evict" },
	{ .name = "sort",
		.type = OPTION_TEXT,
		.offset = offsetof(struct top_options, sort),
		.argument = "COLUMN",
		.help = "sort by a column's name in the JSON output, such as cpu, memory.request or name; -COLUMN turns the "
			"order" },
	{ .name = "sort-by",
		.type = OPTION_TEXT,
		.offset = offsetof(struct top_options, sort),
		.argument = "COLUMN",
		.help = "the same as --sort" },
	{ .name = "filter",
		.type = OPTION_TEXT,
		.offset = offsetof(struct top_options, filter),
		.argument = "WORDS",
		.help = "only rows that contain one of the words, which '|' parts" },
	{ .name = "columns",
		.type = OPTION_TEXT,
		.offset = offsetof(struct top_options, columns),
		.argument = "NAMES",
		.help = "only these columns, in this order, of text, CSV and the screen: names as in the JSON output, joined "
			"by commas; the first one and the name always stay, and JSON has all" },
	{ .name = "source",
		.type = OPTION_CHOICE,
		.offset = offsetof(struct top_options, source),
		.argument = "SOURCE",
		.choices = sources,
		.fallback = "auto",
		.help = "what tells usage: metrics.k8s.io (auto, metrics), or the kubelet of every node, through the API "
			"server, which tells pressure (PSI) too but takes the strong right to nodes/proxy" },
	{ .name = "prometheus",
		.type = OPTION_TEXT,
		.offset = offsetof(struct top_options, power.prometheus),
		.argument = "NAMESPACE/SERVICE[:PORT]",
		.help = "the cluster's Prometheus that knows meters of power; asked through the API server" },
	{ .name = "power-query",
		.type = OPTION_TEXT,
		.offset = offsetof(struct top_options, power.query),
		.argument = "PROMQL",
		.help = "what gives the watts of each meter (default " POWER_QUERY ")" },
	{ .name = "meter",
		.type = OPTION_LIST,
		.offset = offsetof(struct top_options, power.scopes),
		.argument = "METER=NODE[,NODE...]",
		.help = "the nodes that a meter feeds which is not called as its node; of several each gets an estimated part" },
	{ .name = "price",
		.type = OPTION_TEXT,
		.offset = offsetof(struct top_options, power.price),
		.argument = "NUMBER",
		.help = "price of a kWh, such as 0.25: tells what power costs a day" },
	{ .name = "currency",
		.type = OPTION_TEXT,
		.offset = offsetof(struct top_options, power.currency),
		.argument = "NAME",
		.help = "of that price, for the header: EUR" },
	{ .name = "once",
		.type = OPTION_FLAG,
		.offset = offsetof(struct top_options, once),
		.help = "print once and end: the default where stdout is no terminal" },
	{ .name = "batch",
		.letter = 'b',
		.type = OPTION_FLAG,
		.offset = offsetof(struct top_options, batch),
		.help = "print tables also to a terminal: once, or with --delay again and again" },
	{ .name = "delay",
		.letter = 'd',
		.type = OPTION_DURATION,
		.offset = offsetof(struct top_options, delay),
		.argument = "TIME",
		.help = "time between two frames; with it, -n NUMBER says how many" },
	{ .name = "iterations",
		.type = OPTION_UINT,
		.offset = offsetof(struct top_options, iterations),
		.argument = "NUMBER",
		.help = "how many frames; 0 is without end" },
	{ .name = "no-color",
		.letter = 'C',
		.type = OPTION_FLAG,
		.offset = offsetof(struct top_options, no_colour),
		.help = "no colours on the screen: signs alone, as with NO_COLOR" },
	{ .name = "no-unicode",
		.letter = 'U',
		.type = OPTION_FLAG,
		.offset = offsetof(struct top_options, no_unicode),
		.help = "ASCII alone on the screen" },
	{ .name = "no-mouse",
		.letter = 'M',
		.type = OPTION_FLAG,
		.offset = offsetof(struct top_options, no_mouse),
		.help = "leave the mouse to the terminal" },
	{ .name = "no-meters",
		.type = OPTION_FLAG,
		.offset = offsetof(struct top_options, no_meters),
		.help = "no meters on the screen" },
	{ .name = "no-function-bar",
		.type = OPTION_FLAG,
		.offset = offsetof(struct top_options, no_bar),
		.help = "no line of function keys on the screen" },
	{ .name = "theme",
		.type = OPTION_TEXT,
		.offset = offsetof(struct top_options, theme),
		.argument = "NAME",
		.help = "colours of the screen: default, monochromatic, black-on-white, light-terminal, mc, black-night, "
			"broken-gray, nord or blue-orange" },
	{ .name = "highlight-changes",
		.letter = 'H',
		.type = OPTION_DURATION,
		.offset = offsetof(struct top_options, highlight),
		.argument = "TIME",
		.bare = "5s",
		.min = DURATION_SECOND,
		.max = HIGHLIGHT_MAX * UINT64_C(1000000000),
		.help = "mark rows on the screen that are new (+) or have become better or worse (!), for so long" },
	{ .name = "allow-actions",
		.type = OPTION_FLAG,
		.offset = offsetof(struct top_options, allow_actions),
		.help = "let F9 on the screen cordon nodes and evict pods; it asks each time" },
	{ .name = "strict",
		.type = OPTION_FLAG,
		.offset = offsetof(struct top_options, strict),
		.help = "exit with 3 where a part of the data could not be read" },
	{ 0 },
};

static const char *const examples[] = {
	"the demo cluster, nodes by zone",
	"top --demo",
	"priority tiers: what stands above and below each",
	"top tiers --demo",
	"whom the kubelet of a node would evict first when memory runs short",
	"top tiers --demo --node corellia",
	"pods of one namespace, by memory",
	"top pods --demo -n media --sort memory",
	"the columns that matter to you",
	"top pods --demo --columns status,node,memory",
	"a cluster from a dump, as data",
	"top nodes --demo --by zone,arch -o json",
	NULL,
};

bool top_asks_kubelets(const struct invocation *invocation)
{
	const char *source = ((const struct top_options *)invocation->options)->source;

	return source && strcmp(source, "kubelet") == 0;
}

static void printing_release(struct printing *printing)
{
	power_source_release(&printing->power);
}

static const struct view *chosen_view(const struct invocation *invocation, struct error *err)
{
	const struct top_options *top = invocation->options;
	const char *name = invocation->arguments.count ? invocation->arguments.items[0] : top->view;
	const struct view *view = view_find(name ? name : "nodes");
	AUTO_BUFFER known = { 0 };

	if (view)
		return view;
	for (size_t i = 0; views_all()[i]; i++)
		buffer_printf(&known, "%s%s", i ? ", " : "", views_all()[i]->name);
	error_set(err, ERROR_USAGE, "unknown view \"%s\": one of %s", name, buffer_text(&known));
	return NULL;
}

/* As in top(1) and htop, -n is a number of frames where there is a delay; a namespace that is called by a number can
 * still be given as --namespace with --iterations. */
static bool takes_n_for_iterations(const struct invocation *invocation, uint64_t *ret_iterations)
{
	const struct top_options *top = invocation->options;
	const char *namespace = invocation->global.namespace;

	return top->delay && !top->iterations && namespace && text_to_uint(namespace, UINT32_MAX, ret_iterations);
}

static int settle_power(
	const struct invocation *invocation, const struct view *view, struct printing *ret_printing, struct error *err)
{
	const struct top_options *top = invocation->options;
	struct power_source *source = &ret_printing->power;

	if (top->power.prometheus && invocation->global.from.count)
		return error_set(err, ERROR_USAGE, "--prometheus needs a cluster: a dump has none to ask");
	if (power_source_open(&top->power, invocation->global.demo, source, &ret_printing->view.tariff, err) < 0)
		return -1;
	source->is_there = source->is_there && (view->power != VIEW_NO_POWER || top_is_live(invocation));
	source->options.is_detailed = view->power == VIEW_POWER_ALL;
	return 0;
}

static int settle(
	struct invocation *invocation, const struct view *view, struct printing *ret_printing, struct error *err)
{
	const struct top_options *top = invocation->options;
	uint64_t iterations = top->iterations;
	size_t count = 0;

	if (takes_n_for_iterations(invocation, &iterations))
		invocation->global.namespace = NULL;
	if (view == &view_tiers && top->node && invocation_namespace(invocation))
		return error_set(
			err, ERROR_USAGE, "tiers --node takes no namespace: the kubelet ranks all pods of its node");
	if (top->zone_labels.count > MAX_ZONE_LABELS)
		return error_set(err, ERROR_USAGE, "--zone-label takes at most %d labels", MAX_ZONE_LABELS);
	for (; count < top->zone_labels.count; count++)
		ret_printing->zone_labels[count] = top->zone_labels.items[count];
	ret_printing->zone_labels[count] = NULL;
	ret_printing->view.zone_labels = count ? ret_printing->zone_labels : node_zone_labels;
	ret_printing->view.node = top->node && *top->node ? top->node : NULL;
	ret_printing->iterations = top->once || (!top->delay && !top_is_live(invocation)) ? 1 : (int64_t)iterations;
	for (size_t i = 0; i < invocation->global.from.count; i++)
		if (ret_printing->iterations != 1 && strcmp(invocation->global.from.items[i], "-") == 0)
			return error_set(
				err, ERROR_USAGE, "standard input can be read only once: --delay cannot repeat it");
	ret_printing->asks_kubelets = top_asks_kubelets(invocation);
	if (ret_printing->asks_kubelets && invocation->global.from.count)
		return error_set(err, ERROR_USAGE, "--source kubelet needs a cluster: a dump has no kubelets to ask");
	if (settle_power(invocation, view, ret_printing, err) < 0)
		return -1;
	if (grouping_parse(top->by, ret_printing->view.zone_labels, &ret_printing->view.grouping, err) < 0)
		return -1;
	return top_check_columns(top, view, ret_printing, err);
}

/* The right to this is among them already, of another view. */
static bool has_right(const struct right *rights, size_t count, const struct kind_info *info)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(rights[i].group, info->group) == 0 && strcmp(rights[i].resource, info->resource) == 0)
			return true;
	return false;
}

/* Metrics cannot be watched, and watching is all that the others need besides; what the screen shows as YAML is read by
 * itself. */
static void add_rights(const struct view *view, const struct invocation *invocation, bool is_screen,
	struct right *ret_rights, size_t *count)
{
	struct sync_list lists[VIEW_MAX_KINDS + 1];
	size_t listed = top_lists(view, invocation, lists);

	for (size_t i = 0; i < listed; i++) {
		const struct kind_info *info = kind_info(lists[i].kind);
		bool is_watched = !kind_is_metrics(lists[i].kind);

		if (has_right(ret_rights, *count, info))
			continue;
		ret_rights[(*count)++] = (struct right){
			.group = info->group,
			.resource = info->resource,
			.is_cluster_scoped = info->scope == SCOPE_CLUSTER,
			.verbs = { "list", is_watched ? "watch" : NULL,
				is_screen && is_watched && !lists[i].metadata_only ? "get" : NULL },
		};
	}
}

/* Of the view that is named, or of the screen, which shows all of them. */
static int rights(struct invocation *invocation, struct right *ret_rights, size_t *ret_count, struct error *err)
{
	const struct top_options *top = invocation->options;
	const struct view *view = chosen_view(invocation, err);
	bool is_screen = !invocation->arguments.count && !top->view;
	CLEANUP(printing_release) struct printing printing = { 0 };

	if (!view || settle(invocation, view, &printing, err) < 0)
		return -1;
	*ret_count = 0;
	add_rights(view, invocation, is_screen, ret_rights, ret_count);
	for (size_t i = 0; is_screen && views_all()[i]; i++)
		add_rights(views_all()[i], invocation, is_screen, ret_rights, ret_count);
	if (top->allow_actions) {
		ret_rights[(*ret_count)++] = (struct right){
			.group = "", .resource = "nodes", .is_cluster_scoped = true, .verbs = { "patch" }
		};
		ret_rights[(*ret_count)++] =
			(struct right){ .group = "", .resource = "pods/eviction", .verbs = { "create" } };
	}
	if (printing.asks_kubelets && (is_screen || view_shows_usage(view)))
		ret_rights[(*ret_count)++] = beside_right();
	/* Prometheus has a namespace of its own, whatever -n says. */
	if (printing.power.is_there)
		ret_rights[(*ret_count)++] = (struct right){
			.group = "", .resource = "services/proxy", .is_cluster_scoped = true, .verbs = { "get" }
		};
	return 0;
}

/* What the terminal cannot show is printed. */
static int try_live(struct invocation *invocation, const struct view *view, struct printing *printing,
	bool *ret_no_terminal, struct error *err)
{
	int64_t frames = printing->iterations;
	struct error cause;
	int result =
		top_run_live(invocation, view, printing, frames > 0 ? (uint64_t)frames : 0, ret_no_terminal, &cause);

	if (result < 0 && *ret_no_terminal)
		fprintf(stderr, "%s: printing once\n", cause.message);
	else if (result < 0)
		*err = cause;
	return result;
}

static int run(struct invocation *invocation, struct error *err)
{
	const struct top_options *top = invocation->options;
	const struct view *view = chosen_view(invocation, err);
	CLEANUP(session_release) struct session session = { 0 };
	CLEANUP(printing_release) struct printing printing = { 0 };
	bool complete = true, no_terminal = false;

	if (!view || top_check_theme(invocation, err) < 0 || settle(invocation, view, &printing, err) < 0)
		return -1;
	if (top_is_live(invocation)) {
		int result = try_live(invocation, view, &printing, &no_terminal, err);

		if (!no_terminal)
			return result;
		printing.iterations = 1;
	}
	if (top_check_contexts(invocation, err) < 0 || session_open(invocation, &session, err) < 0)
		return -1;
	if (top_print(invocation, &session, view, &printing, &complete, err) < 0)
		return -1;
	return top->strict && !complete ? STATUS_FINDINGS : STATUS_DONE;
}

const struct command command_top = {
	.name = "top",
	.usage = "[VIEW] [flags]",
	.summary = "what nodes, tiers, power, pods, images and events are up to",
	.description =
		"Shows the cluster as a table. Views: nodes (by zone: state, pods, and what is used|requested|at most\n"
		"allowed, in per cent of what can be allocated), tiers, power, pods, images, events.\n"
		"? is unknown, - not applicable, ~ estimated from a part of the data.",
	.examples = examples,
	.options = options,
	.options_size = sizeof(struct top_options),
	.max_arguments = 1,
	.rights = rights,
	.run = run,
};
