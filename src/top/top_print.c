/* What `top` prints where it is no screen: a frame, or one after another. */
#include <limits.h>
#include <stdio.h>

#include "beside.h"
#include "clusterutils/util/clock.h"
#include "top.h"

/* The selectors are for the objects that the view shows. `lists` has room for one more than a view has kinds. */
size_t top_lists(const struct view *view, const struct invocation *invocation, struct sync_list *lists)
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
	return invocation_print(invocation, &table, top->columns, err);
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
	size_t count = top_lists(view, invocation, lists);

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
	size_t count = top_lists(view, invocation, lists);
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

int top_print(const struct invocation *invocation, struct session *session, const struct view *view,
	struct printing *printing, bool *ret_complete, struct error *err)
{
	bool follows = session->is_live && printing->iterations != 1;

	return (follows ? print_following : print_readings)(invocation, session, view, printing, ret_complete, err);
}
