/* `top`: the cluster as a table, once or every few seconds. */
#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "beside.h"
#include "clusterutils/command/command.h"
#include "clusterutils/util/clock.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
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
	return grouping_parse(top->by, ret_printing->view.zone_labels, &ret_printing->view.grouping, err);
}

/* The selectors are for the objects that the view shows. `lists` has room for one more than a view has kinds. */
static size_t lists_of(const struct view *view, const struct invocation *invocation, struct sync_list *lists)
{
	const struct global_options *global = &invocation->global;
	size_t count = 0;

	for (; count < VIEW_MAX_KINDS && view->kinds[count] != KIND_COUNT; count++) {
		enum kind kind = view->kinds[count];

		/* What a node uses as a whole says nothing of one namespace: what its pods use does. */
		if (kind == KIND_NODE_METRICS && invocation_namespace(invocation))
			kind = KIND_POD_METRICS;
		lists[count] = (struct sync_list){
			.kind = kind,
			.namespace = invocation_namespace(invocation),
			.is_needed = kind == view->main_kind && view != &view_nodes,
			/* Of what stands between a pod and its workload the owner alone is looked at. */
			.metadata_only = kind == KIND_REPLICA_SET || kind == KIND_JOB,
		};
		if (kind != view->main_kind)
			continue;
		lists[count].label_selector = global->selector;
		lists[count].field_selector = global->field_selector;
	}
	return top_asks_kubelets(invocation) ? beside_choose_lists(lists, count) : count;
}

static const char *state_of(const struct sync_list *list)
{
	if (list->state == SYNC_STALE)
		return "stale";
	if (!list->is_failed)
		return list->invalid ? "partial" : "ok";
	switch (list->error.code) {
	case ERROR_FORBIDDEN:
		return "forbidden";
	case ERROR_NOT_FOUND:
		return "missing";
	default:
		return "failed";
	}
}

static void add_sources(struct table *table, const struct sync_list *lists, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct kind_info *info = kind_info(lists[i].kind);
		const struct error *err = lists[i].error.code ? &lists[i].error
			: lists[i].invalid                    ? &lists[i].first_invalid
							      : NULL;

		if (kind_is_metrics(lists[i].kind))
			continue;
		table_add_source(table,
			(struct source){ .name = info->resource,
				.state = state_of(&lists[i]),
				.error = err ? arena_text(&table->arena, err->message) : NULL,
				.age = lists[i].heard == TIME_NONE ? 0 : clock_now() - lists[i].heard });
	}
}

static int check_node(const struct cluster *cluster, const char *node, struct error *err)
{
	if (!node || cluster_find(cluster, KIND_NODE, node, NULL))
		return 0;
	return error_set(err, ERROR_NOT_FOUND, "nodes \"%s\" not found", node);
}

static bool reads_nodes(const struct sync_list *lists, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (lists[i].kind == KIND_NODE)
			return true;
	return false;
}

static int print_frame(const struct invocation *invocation, const struct view *view, struct printing *printing,
	const struct cluster *cluster, const struct sync_list *lists, size_t count, struct error *err)
{
	const struct top_options *top = invocation->options;
	CLEANUP(table_release) struct table table = { 0 };

	if (reads_nodes(lists, count) && check_node(cluster, printing->view.node, err) < 0)
		return -1;
	printing->view.now = clock_now();
	printing->view.selected_nodes_only = lists[0].label_selector || lists[0].field_selector;
	if (view->build(cluster, &printing->view, &table, err) < 0)
		return -1;
	add_sources(&table, lists, count);
	if (top->filter)
		table_filter(&table, top->filter, printing->view.now);
	if (top->sort && table_sort(&table, top->sort, err) < 0)
		return -1;
	return invocation_print(invocation, &table, err);
}

/* Begins to ask for power where there is somebody to ask, so that it is read while the lists are. */
static void start_power(
	struct session *session, const struct printing *printing, struct cluster *cluster, struct beside *beside)
{
	if (!printing->power.is_there)
		return;
	beside->power = power_new(session->transport, &printing->power.options, cluster);
	power_turn(beside->power, 0);
}

/* The lists are there: so are the nodes that may be asked. */
static void start_kubelets(const struct invocation *invocation, struct session *session, const struct view *view,
	const struct printing *printing, struct cluster *cluster, struct beside *beside)
{
	if (printing->asks_kubelets && view_shows_usage(view))
		beside->kubelets = kubelets_new(session->transport, cluster, invocation_namespace(invocation));
}

/* A frame from lists that are read for it: once, or again for each where the source is a dump. */
static int print_reading(const struct invocation *invocation, struct session *session, const struct view *view,
	struct printing *printing, bool *ret_complete, struct error *err)
{
	CLEANUP(cluster_release) struct cluster cluster;
	CLEANUP(beside_release) struct beside beside = { 0 };
	struct sync_list lists[VIEW_MAX_KINDS + 1];
	size_t count = lists_of(view, invocation, lists);

	cluster_init(&cluster);
	start_power(session, printing, &cluster, &beside);
	session_read(invocation, session, lists, count, &cluster);
	if (session_report(invocation, session, lists, count, ret_complete, err) < 0)
		return -1;
	start_kubelets(invocation, session, view, printing, &cluster, &beside);
	beside_complete(&beside, &cluster, ret_complete);
	return print_frame(invocation, view, printing, &cluster, lists, count, err);
}

static int print_readings(const struct invocation *invocation, struct session *session, const struct view *view,
	struct printing *printing, bool *ret_complete, struct error *err)
{
	const struct top_options *top = invocation->options;

	*ret_complete = true;
	for (int64_t i = 0; printing->iterations == 0 || i < printing->iterations; i++) {
		bool complete;

		if (i > 0)
			clock_sleep_ms(top->delay / 1000000);
		if (print_reading(invocation, session, view, printing, &complete, err) < 0)
			return -1;
		*ret_complete = *ret_complete && complete;
	}
	return 0;
}

static void step_for(struct sync *sync, struct beside *beside, int64_t milliseconds)
{
	int64_t until = clock_monotonic_ms() + milliseconds;

	for (int64_t left; (left = until - clock_monotonic_ms()) > 0;) {
		int timeout_ms = left < INT_MAX ? (int)left : INT_MAX;

		sync_step(sync, beside_turn(beside, timeout_ms));
	}
	beside_turn(beside, 0);
}

/* Frames from lists that are followed: the server is asked once. */
static int print_following(const struct invocation *invocation, struct session *session, const struct view *view,
	struct printing *printing, bool *ret_complete, struct error *err)
{
	const struct top_options *top = invocation->options;
	CLEANUP(cluster_release) struct cluster cluster;
	CLEANUP(beside_release) struct beside beside = { 0 };
	struct sync_list lists[VIEW_MAX_KINDS + 1];
	size_t count = lists_of(view, invocation, lists);
	struct sync *sync;
	int result;

	cluster_init(&cluster);
	start_power(session, printing, &cluster, &beside);
	sync = session_follow(invocation, session, lists, count, &cluster);
	result = session_report(invocation, session, lists, count, ret_complete, err);
	if (result == 0) {
		start_kubelets(invocation, session, view, printing, &cluster, &beside);
		beside_complete(&beside, &cluster, ret_complete);
	}
	for (int64_t i = 0; result == 0 && (printing->iterations == 0 || i < printing->iterations); i++) {
		if (i > 0)
			step_for(sync, &beside, top->delay / 1000000);
		result = print_frame(invocation, view, printing, &cluster, lists, count, err);
	}
	for (size_t i = 0; i < count; i++)
		*ret_complete = *ret_complete && lists[i].state == SYNC_CURRENT;
	sync_free(sync);
	return result;
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
	size_t listed = lists_of(view, invocation, lists);

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
	bool complete = true, follows, no_terminal = false;

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
	follows = session.is_live && printing.iterations != 1;
	if ((follows ? print_following : print_readings)(invocation, &session, view, &printing, &complete, err) < 0)
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
