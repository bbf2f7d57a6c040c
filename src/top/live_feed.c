#include "live_feed.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "top.h"

/* All that any tab shows; what only some need is read while they are shown. Selectors are for the objects of the view
 * that the command line names, which is known by its main kind. */
static const struct {
	enum kind kind;
	bool metadata_only, is_always;
} kinds[] = {
	{ KIND_NODE, false, true },
	{ KIND_POD, false, true },
	{ KIND_NODE_METRICS, false, true },
	{ KIND_POD_METRICS, false, false },
	{ KIND_PRIORITY_CLASS, false, false },
	{ KIND_REPLICA_SET, true, false },
	{ KIND_JOB, true, false },
	{ KIND_EVENT, false, false },
};

static void add_lists(struct live_feed *live)
{
	const char *namespace = invocation_namespace(live->invocation);

	live->feed.list_count = 0;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		/* What a node uses as a whole says nothing of one namespace. */
		bool is_left_out = (namespace && kinds[i].kind == KIND_NODE_METRICS) ||
			(kind_is_metrics(kinds[i].kind) && top_asks_kubelets(live->invocation));

		if (is_left_out)
			continue;
		live->feed.lists[live->feed.list_count++] = (struct sync_list){
			.kind = kinds[i].kind,
			.namespace = namespace,
			.metadata_only = kinds[i].metadata_only,
			.is_paused = !kinds[i].is_always,
		};
	}
}

static void fail(struct live_feed *live, const struct error *err)
{
	live->feed.state = FEED_FAILED;
	live->feed.error = *err;
}

static void start(struct live_feed *live)
{
	live->feed.state = FEED_OPEN;
	live->sync = sync_new(live->session.transport, &live->session.options, live->feed.lists, live->feed.list_count,
		&live->feed.cluster);
	if (live->power_options && !live->beside.power)
		live->beside.power = power_new(live->session.transport, live->power_options, &live->feed.cluster);
	if (top_asks_kubelets(live->invocation) && !live->beside.kubelets)
		live->beside.kubelets = kubelets_new(
			live->session.transport, &live->feed.cluster, invocation_namespace(live->invocation));
}

/* A dump is read once, as it is. */
static void read_dump(struct live_feed *live)
{
	for (size_t i = 0; i < live->feed.list_count; i++)
		live->feed.lists[i].is_paused = false;
	sync_run(live->session.transport, &live->session.options, live->feed.lists, live->feed.list_count,
		&live->feed.cluster);
	history_take(&live->feed.history, &live->feed.cluster);
	live->feed.state = FEED_OPEN;
	live->feed.is_still = true;
}

static const char *name_of(const struct live_feed *live, const struct session_setup *setup)
{
	const struct global_options *global = &live->invocation->global;

	if (global->demo)
		return "demo";
	if (global->from.count)
		return global->from.count == 1 ? global->from.items[0] : "files";
	if (setup->context)
		return setup->context;
	if (live->session.connection.context && *live->session.connection.context)
		return live->session.connection.context;
	return live->has_session ? live->session.connection.host : "cluster";
}

void live_feed_open(struct live_feed *live, const struct invocation *invocation, const struct session_setup *setup,
	const struct power_options *power)
{
	struct error err;

	*live = (struct live_feed){ .invocation = invocation, .power_options = power, .is_named = setup->context };
	cluster_init(&live->feed.cluster);
	history_init(&live->feed.history);
	add_lists(live);
	live->has_session = session_begin(invocation, setup, &live->session, &err) == 0;
	live->name = memory_copy_text(name_of(live, setup));
	live->feed.name = live->name;
	live->feed.server = &live->session.server;
	if (!live->has_session)
		fail(live, &err);
	else if (live->session.is_live)
		live->inquiry = server_inquiry_new(live->session.transport);
	else if (live->session.is_demo)
		start(live);
	else
		read_dump(live);
}

void live_feed_close(struct live_feed *live)
{
	server_inquiry_free(live->inquiry);
	sync_free(live->sync);
	beside_release(&live->beside);
	if (live->has_session)
		session_release(&live->session);
	history_release(&live->feed.history);
	cluster_release(&live->feed.cluster);
	free(live->name);
}

void live_feed_choose(struct live_feed *live, bool (*wants)(const void *context, enum kind kind), const void *context)
{
	for (size_t i = 0; i < live->feed.list_count; i++)
		if (!live->feed.is_still)
			live->feed.lists[i].is_paused = !wants(context, live->feed.lists[i].kind);
}

static bool end_inquiry(struct live_feed *live)
{
	struct error err;

	if (!server_inquiry_is_done(live->inquiry))
		return false;
	if (server_inquiry_result(live->inquiry, &live->session.server, &err) < 0)
		fail(live, &err);
	else
		start(live);
	server_inquiry_free(live->inquiry);
	live->inquiry = NULL;
	return true;
}

/* Who may not see all namespaces sees that of the context. */
static void narrow_once(struct live_feed *live)
{
	if (live->was_narrowed || !sync_is_complete(live->sync))
		return;
	live->was_narrowed = true;
	if (!session_narrow(live->invocation, &live->session, live->feed.lists, live->feed.list_count))
		return;
	sync_free(live->sync);
	start(live);
}

static void wait_for_keys(int timeout_ms, int wake_fd)
{
	struct pollfd keys = { .fd = wake_fd, .events = POLLIN };

	(void)poll(&keys, 1, timeout_ms);
}

static void note_samples(struct live_feed *live)
{
	const struct sync_list *metrics = feed_find_list(&live->feed, KIND_NODE_METRICS);
	uint64_t samples = live->beside.kubelets ? kubelets_rounds(live->beside.kubelets)
		: metrics                        ? metrics->changes
						 : live->samples;

	if (samples == live->samples)
		return;
	live->samples = samples;
	history_take(&live->feed.history, &live->feed.cluster);
}

/* Kubelets are asked as soon as it is known which there are. */
static int turn_beside(struct live_feed *live, int timeout_ms)
{
	struct beside ready = live->beside;

	if (!beside_knows_nodes(live->feed.lists, live->feed.list_count))
		ready.kubelets = NULL;
	return beside_turn(&ready, timeout_ms);
}

static bool has_news_beside(struct live_feed *live)
{
	bool has_watts = live->beside.power && power_has_changed(live->beside.power);

	return (live->beside.kubelets && kubelets_has_changed(live->beside.kubelets)) || has_watts;
}

bool live_feed_step(struct live_feed *live, int timeout_ms, int wake_fd)
{
	bool changed;

	if (!live->has_session || live->feed.is_still || live->feed.state == FEED_FAILED) {
		wait_for_keys(timeout_ms, wake_fd);
		return false;
	}
	live->session.transport->wake_fd = wake_fd;
	if (live->inquiry) {
		transport_step(live->session.transport, timeout_ms);
		return end_inquiry(live);
	}
	timeout_ms = turn_beside(live, timeout_ms);
	if (live->session.is_demo) {
		wait_for_keys(timeout_ms, wake_fd);
		timeout_ms = 0;
	}
	changed = sync_step(live->sync, timeout_ms);
	changed = has_news_beside(live) || changed;
	narrow_once(live);
	note_samples(live);
	return changed;
}

bool live_feed_has_object_news(struct live_feed *live)
{
	uint64_t changes = 0;
	bool has_news;

	for (size_t i = 0; i < live->feed.list_count; i++)
		if (live->feed.lists[i].kind == KIND_NODE || live->feed.lists[i].kind == KIND_POD)
			changes += live->feed.lists[i].changes;
	has_news = changes != live->changes;
	live->changes = changes;
	return has_news;
}
