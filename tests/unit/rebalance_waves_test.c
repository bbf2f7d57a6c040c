/* A run on the demo cluster, whose clock the test moves: what it does in which order, what it waits for, and what ends
 * it early. */
#include <stdio.h>
#include <string.h>

#include "../../src/rebalance/lists.h"
#include "../../src/rebalance/waves.h"
#include "clusterutils/demo/demo.h"
#include "clusterutils/kube/sync.h"
#include "clusterutils/util/clock.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "suite.h"

enum { MOST_ORDERS = 8, STEPS_A_SECOND = 4 };

/* The cluster, who follows it, and what is to be done there. */
struct world {
	struct transport *transport;
	struct cluster cluster;
	struct rebalance_lists lists;
	struct sync *sync;
	int64_t now;
	struct order items[MOST_ORDERS];
	struct orders orders;
	struct waves waves;
	struct buffer told; /* a line for each change */
};

static void advance(struct world *world, int seconds)
{
	for (int i = 0; i < seconds; i++) {
		clock_freeze(++world->now);
		for (int k = 0; k < STEPS_A_SECOND; k++)
			sync_step(world->sync, 0);
	}
}

static void open_world(struct world *world)
{
	*world = (struct world){ .now = demo_now };
	clock_freeze(demo_now);
	world->transport = demo_transport_new(DEMO_SEED);
	cluster_init(&world->cluster);
	world->cluster.details = CLUSTER_PLACEMENT | CLUSTER_CONDITIONS;
	lists_for_run(&world->lists);
	world->sync = sync_new(
		world->transport, &(struct sync_options){ 0 }, world->lists.items, world->lists.count, &world->cluster);
	while (!sync_is_complete(world->sync))
		sync_step(world->sync, 0);
	world->orders = (struct orders){ .items = world->items, .made = demo_now };
}

static void close_world(struct world *world)
{
	waves_release(&world->waves);
	orders_release(&world->orders);
	sync_free(world->sync);
	cluster_release(&world->cluster);
	transport_free(world->transport);
	buffer_release(&world->told);
}

#define AUTO_WORLD CLEANUP(close_world) struct world

static const struct pod *pod_of(const struct world *world, const char *namespace, const char *name)
{
	return (const struct pod *)(const void *)cluster_find(&world->cluster, KIND_POD, name, namespace);
}

/* The i-th pod of the namespace whose name begins so, in the order of names. */
static const struct pod *pod_like(const struct world *world, const char *namespace, const char *start, size_t i)
{
	const struct pod *const *pods = cluster_pods_in_order(&world->cluster);

	for (size_t k = 0; k < cluster_count(&world->cluster, KIND_POD); k++)
		if (text_equal(pods[k]->meta.namespace, namespace) && text_starts_with(pods[k]->meta.name, start) &&
			pods[k]->node && i-- == 0)
			return pods[k];
	ck_abort_msg("no pod %s/%s…", namespace, start);
	return NULL;
}

static void order(struct world *world, const struct pod *pod, const char *to, unsigned wave)
{
	struct arena *arena = &world->orders.arena;

	ck_assert_uint_lt(world->orders.count, MOST_ORDERS);
	world->items[world->orders.count++] = (struct order){ .namespace = arena_text(arena, pod->meta.namespace),
		.name = arena_text(arena, pod->meta.name),
		.uid = arena_text(arena, pod->meta.uid),
		.strategy = "RemovePodsHavingTooManyRestarts", /* it may return */
		.from = arena_text(arena, pod->node),
		.to = to,
		.wave = wave };
	world->orders.waves = wave;
}

static void on_change(void *context, const struct move *move)
{
	struct world *world = context;

	if (move)
		buffer_printf(&world->told, "%s %s\n", move->order->name, move_state_texts[move->state]);
	else
		buffer_printf(&world->told, "wave %u\n", world->waves.wave);
}

static struct waves_options options_for(struct world *world)
{
	return (struct waves_options){ .timeout = 300,
		.grace_seconds = WRITE_GRACE_DEFAULT,
		.rules = { .allows_single = true, .allows_any_arch = true },
		.write = { .field_manager = "clusterutils-test" },
		.on_change = on_change,
		.context = world };
}

static void begin(struct world *world, const struct waves_options *options)
{
	waves_init(&world->waves, &world->orders, &world->cluster, world->transport, options);
}

/* One second. Whether it goes on. */
static bool step(struct world *world)
{
	bool goes_on = waves_step(&world->waves, true);

	if (goes_on)
		advance(world, 1);
	return goes_on;
}

/* Until the move has that state; at most ten minutes. */
static void go_to(struct world *world, size_t i, enum move_state state)
{
	for (int seconds = 0; seconds < 600 && world->waves.moves[i].state != state; seconds++)
		if (!step(world))
			break;
	ck_assert_msg(world->waves.moves[i].state == state, "%s is %s: %s", world->items[i].name,
		move_state_texts[world->waves.moves[i].state], buffer_text(&world->told));
}

static void go_to_end(struct world *world)
{
	for (int seconds = 0; seconds < 1200; seconds++)
		if (!step(world))
			return;
	ck_abort_msg("it does not end:\n%s", buffer_text(&world->told));
}

static void expect(const struct world *world, size_t i, enum move_state state, const char *why)
{
	const struct move *move = &world->waves.moves[i];

	ck_assert_msg(move->state == state, "%s is %s, %s: %s", move->order->name, move_state_texts[move->state],
		move->why ? move->why : "", buffer_text(&world->told));
	if (why)
		ck_assert_msg(move->why && strstr(move->why, why), "%s", move->why ? move->why : "no reason");
}

static void patch(struct world *world, enum kind kind, const char *namespace, const char *name, const char *text)
{
	struct write write;

	write_patch(&write, world->transport, &(struct write_options){ 0 }, kind, namespace, name, PATCH_MERGE, text);
	ck_assert_int_eq(write_wait(&write, world->transport), WRITE_DONE);
	write_release(&write);
}

#define CORDON(cordoned) "{\"spec\":{\"unschedulable\":" #cordoned "}}"

static void cordon_all(struct world *world, bool cordoned)
{
	for (size_t i = 0; i < cluster_node_count(&world->cluster); i++)
		patch(world, KIND_NODE, NULL, cluster_node(&world->cluster, i)->name,
			cordoned ? CORDON(true) : CORDON(false));
}

static size_t place_in(const struct world *world, const char *line)
{
	const char *found = strstr(buffer_text(&world->told), line);

	ck_assert_msg(found != NULL, "no \"%s\" in:\n%s", line, buffer_text(&world->told));
	return (size_t)(found - buffer_text(&world->told));
}

/* --- tests --- */

START_TEST(waves_follow_each_other)
{
	struct waves_options options;
	struct waves_tally tally;
	AUTO_WORLD world;

	open_world(&world);
	order(&world, pod_like(&world, "web", "blog-", 0), NULL, 1);
	order(&world, pod_like(&world, "batch", "ci-agent-", 0), NULL, 1);
	order(&world, pod_like(&world, "web", "blog-", 1), NULL, 2);
	options = options_for(&world);
	begin(&world, &options);
	go_to_end(&world);
	for (size_t i = 0; i < 3; i++) {
		expect(&world, i, MOVE_DONE, NULL);
		ck_assert_ptr_nonnull(world.waves.moves[i].name);
		ck_assert_ptr_nonnull(world.waves.moves[i].landed);
		ck_assert(pod_of(&world, world.items[i].namespace, world.waves.moves[i].name)->ready);
		ck_assert_ptr_null(cluster_find_pod_by_uid(&world.cluster, world.items[i].uid));
	}
	/* The second wave begins when the first is over. */
	for (size_t i = 0; i < 2; i++) {
		AUTO_BUFFER line = { 0 };

		buffer_printf(&line, "%s Moved", world.items[i].name);
		ck_assert_uint_lt(place_in(&world, buffer_text(&line)), place_in(&world, "wave 2"));
	}
	tally = waves_tally(&world.waves);
	ck_assert_uint_eq(tally.done, 3);
	ck_assert_uint_eq(tally.evicted, 3);
	ck_assert_ptr_null(world.waves.why);
}
END_TEST

START_TEST(two_pods_of_a_workload_get_two_in_their_place)
{
	struct waves_options options;
	AUTO_WORLD world;

	open_world(&world);
	order(&world, pod_like(&world, "batch", "ci-agent-", 0), NULL, 1);
	order(&world, pod_like(&world, "batch", "ci-agent-", 1), NULL, 1);
	options = options_for(&world);
	begin(&world, &options);
	go_to_end(&world);
	expect(&world, 0, MOVE_DONE, NULL);
	expect(&world, 1, MOVE_DONE, NULL);
	ck_assert_str_ne(world.waves.moves[0].uid, world.waves.moves[1].uid);
}
END_TEST

START_TEST(what_no_longer_holds_is_skipped)
{
	struct waves_options options;
	AUTO_WORLD world;

	open_world(&world);
	order(&world, pod_like(&world, "batch", "ci-agent-", 0), "kamino", 1);
	order(&world, pod_like(&world, "web", "blog-", 0), "tatooine", 1);
	order(&world, pod_like(&world, "web", "whoami-", 0), NULL, 1);
	world.items[0].uid = "another";
	world.items[2].from = "elsewhere";
	world.orders.nodes = (struct order_node[]){ { "tatooine", "Cordoned", "" } };
	world.orders.node_count = 1;
	options = options_for(&world);
	begin(&world, &options);
	go_to_end(&world);
	expect(&world, 0, MOVE_SKIPPED, "another pod has its name");
	expect(&world, 1, MOVE_SKIPPED, "node tatooine was Cordoned and is Ready now");
	expect(&world, 2, MOVE_SKIPPED, "it is on ");
	ck_assert_uint_eq(waves_tally(&world.waves).evicted, 0);
	ck_assert_ptr_null(world.waves.why);
}
END_TEST

START_TEST(who_would_land_nowhere_is_skipped)
{
	struct waves_options options;
	AUTO_WORLD world;

	open_world(&world);
	order(&world, pod_like(&world, "web", "blog-", 0), "kamino", 1);
	cordon_all(&world, true);
	advance(&world, 2);
	options = options_for(&world);
	begin(&world, &options);
	go_to_end(&world);
	expect(&world, 0, MOVE_SKIPPED, NULL);
	ck_assert_uint_eq(waves_tally(&world.waves).evicted, 0);
}
END_TEST

static size_t ready_of(const struct world *world, const char *namespace, const char *start)
{
	const struct pod *const *pods = cluster_pods_in_order(&world->cluster);
	size_t count = 0;

	for (size_t i = 0; i < cluster_count(&world->cluster, KIND_POD); i++)
		count += text_equal(pods[i]->meta.namespace, namespace) &&
			text_starts_with(pods[i]->meta.name, start) && pods[i]->ready &&
			pods[i]->meta.deleted == TIME_NONE;
	return count;
}

START_TEST(a_budget_is_waited_for)
{
	struct waves_options options;
	size_t replicas;
	AUTO_WORLD world;

	open_world(&world);
	replicas = ready_of(&world, "web", "blog-");
	order(&world, pod_like(&world, "web", "blog-", 0), NULL, 1);
	order(&world, pod_like(&world, "web", "blog-", 1), NULL, 1);
	options = options_for(&world);
	begin(&world, &options);
	while (step(&world)) /* its budget allows one at a time */
		ck_assert_uint_ge(ready_of(&world, "web", "blog-"), replicas - 1);
	expect(&world, 0, MOVE_DONE, NULL);
	expect(&world, 1, MOVE_DONE, NULL);
	ck_assert_uint_gt(world.waves.moves[1].attempts + world.waves.moves[0].attempts, 0);
}
END_TEST

START_TEST(a_budget_that_never_allows_ends_the_run)
{
	struct waves_options options;
	AUTO_WORLD world;

	open_world(&world);
	order(&world, pod_of(&world, "database", "postgres-0"), NULL, 1);
	order(&world, pod_like(&world, "web", "whoami-", 0), NULL, 2);
	options = options_for(&world);
	options.timeout = 60;
	begin(&world, &options);
	go_to_end(&world);
	expect(&world, 0, MOVE_FAILED, "disruption budget");
	expect(&world, 1, MOVE_NOT_BEGUN, NULL);
	ck_assert(world.waves.timed_out);
	ck_assert(pod_of(&world, "database", "postgres-0")->ready);
	ck_assert_str_eq(world.waves.why, "wave 1 takes longer than 60 s");
	ck_assert_uint_le(world.waves.moves[0].attempts, 8);
	ck_assert_uint_ge(world.waves.moves[0].attempts, 5);
}
END_TEST

START_TEST(a_replacement_without_a_place_ends_the_run)
{
	struct waves_options options;
	AUTO_WORLD world;

	open_world(&world);
	order(&world, pod_like(&world, "web", "blog-", 0), NULL, 1);
	order(&world, pod_like(&world, "web", "whoami-", 0), NULL, 2);
	options = options_for(&world);
	begin(&world, &options);
	waves_step(&world.waves, true); /* it is asked for */
	cordon_all(&world, true);
	go_to_end(&world);
	expect(&world, 0, MOVE_FAILED, "cannot be scheduled: 0/7 nodes are available");
	expect(&world, 1, MOVE_NOT_BEGUN, NULL);
	ck_assert(!world.waves.timed_out);
	ck_assert_int_lt(world.waves.ended - world.waves.began, 60);
}
END_TEST

START_TEST(a_pause_ends_when_what_was_wrong_is_mended)
{
	struct waves_options options;
	AUTO_WORLD world;

	open_world(&world);
	order(&world, pod_like(&world, "web", "blog-", 0), NULL, 1);
	order(&world, pod_like(&world, "web", "whoami-", 0), NULL, 2);
	options = options_for(&world);
	options.pauses = true;
	begin(&world, &options);
	waves_step(&world.waves, true);
	cordon_all(&world, true);
	for (int seconds = 0; seconds < 100 && world.waves.state != WAVES_PAUSED; seconds++)
		ck_assert(step(&world));
	ck_assert_int_eq(world.waves.state, WAVES_PAUSED);
	ck_assert_ptr_nonnull(strstr(world.waves.why, "cannot be scheduled"));
	advance(&world, 30);
	ck_assert(step(&world));
	ck_assert_int_eq(world.waves.moves[1].state, MOVE_WAITING);
	cordon_all(&world, false);
	go_to_end(&world);
	expect(&world, 0, MOVE_DONE, NULL);
	expect(&world, 1, MOVE_DONE, NULL);
	ck_assert_ptr_null(world.waves.why);
}
END_TEST

START_TEST(a_workload_that_somebody_changes_is_left_alone)
{
	struct waves_options options;
	AUTO_WORLD world;

	open_world(&world);
	order(&world, pod_like(&world, "web", "blog-", 0), NULL, 1);
	order(&world, pod_like(&world, "web", "blog-", 1), NULL, 2);
	options = options_for(&world);
	options.pauses = true; /* that is not for this */
	begin(&world, &options);
	go_to(&world, 0, MOVE_STARTING);
	patch(&world, KIND_DEPLOYMENT, "web", "blog", "{\"spec\":{\"replicas\":2}}");
	go_to_end(&world);
	ck_assert_str_eq(world.waves.why, "Deployment web/blog is changed by somebody else");
	expect(&world, 0, MOVE_UNFINISHED, NULL);
	expect(&world, 1, MOVE_NOT_BEGUN, NULL);
}
END_TEST

START_TEST(a_node_that_is_no_longer_well_ends_the_run)
{
	static const char pressure[] = "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"},"
				       "{\"type\":\"MemoryPressure\",\"status\":\"True\"}]}}";
	struct waves_options options;
	AUTO_WORLD world;

	open_world(&world);
	order(&world, pod_like(&world, "web", "blog-", 0), NULL, 1);
	order(&world, pod_like(&world, "web", "whoami-", 0), NULL, 2);
	options = options_for(&world);
	begin(&world, &options);
	go_to(&world, 0, MOVE_STARTING);
	patch(&world, KIND_NODE, NULL, "kamino", pressure);
	go_to_end(&world);
	ck_assert_str_eq(world.waves.why, "node kamino is MemoryPressure");
	expect(&world, 1, MOVE_NOT_BEGUN, NULL);
}
END_TEST

START_TEST(a_stop_begins_nothing_new)
{
	struct waves_options options;
	AUTO_WORLD world;

	open_world(&world);
	order(&world, pod_like(&world, "web", "blog-", 0), NULL, 1);
	order(&world, pod_like(&world, "web", "whoami-", 0), NULL, 2);
	options = options_for(&world);
	begin(&world, &options);
	go_to(&world, 0, MOVE_STARTING);
	waves_stop(&world.waves, "interrupted");
	ck_assert(!waves_step(&world.waves, true));
	expect(&world, 0, MOVE_UNFINISHED, "not ready yet");
	expect(&world, 1, MOVE_NOT_BEGUN, NULL);
	ck_assert(world.waves.was_stopped);
	ck_assert(!waves_step(&world.waves, true)); /* once more changes nothing */
}
END_TEST

START_TEST(the_wave_is_finished_where_that_is_asked_for)
{
	struct waves_options options;
	AUTO_WORLD world;

	open_world(&world);
	order(&world, pod_like(&world, "web", "blog-", 0), NULL, 1);
	order(&world, pod_like(&world, "web", "whoami-", 0), NULL, 2);
	options = options_for(&world);
	begin(&world, &options);
	go_to(&world, 0, MOVE_STARTING);
	waves_end_with_wave(&world.waves);
	go_to_end(&world);
	expect(&world, 0, MOVE_DONE, NULL);
	expect(&world, 1, MOVE_NOT_BEGUN, NULL);
}
END_TEST

/* While the server does not answer the store is old: nothing is judged by it, but time goes on. */
START_TEST(an_old_store_is_not_believed)
{
	struct waves_options options;
	AUTO_WORLD world;

	open_world(&world);
	order(&world, pod_like(&world, "web", "blog-", 0), NULL, 1);
	options = options_for(&world);
	begin(&world, &options);
	for (int i = 0; i < 10; i++) {
		ck_assert(waves_step(&world.waves, false));
		advance(&world, 1);
	}
	ck_assert_int_eq(world.waves.moves[0].state, MOVE_WAITING);
	go_to_end(&world);
	expect(&world, 0, MOVE_DONE, NULL);
}
END_TEST

START_TEST(a_landing_elsewhere_is_explained)
{
	const struct pod *pod;
	struct waves_options options;
	AUTO_WORLD world;

	open_world(&world);
	pod = pod_like(&world, "web", "blog-", 0);
	order(&world, pod, "jakku", 1);
	options = options_for(&world);
	begin(&world, &options);
	waves_step(&world.waves, true);
	patch(&world, KIND_NODE, NULL, "jakku", CORDON(true));
	go_to_end(&world);
	expect(&world, 0, MOVE_DONE, NULL);
	ck_assert_str_ne(world.waves.moves[0].landed, "jakku");
	ck_assert_ptr_nonnull(world.waves.moves[0].miss);
	ck_assert_msg(strstr(world.waves.moves[0].miss, "jakku does not take it any longer"), "%s",
		world.waves.moves[0].miss);
	ck_assert_uint_eq(waves_tally(&world.waves).elsewhere, 1);
}
END_TEST

TEST_MAIN("rebalance/waves", TEST(waves_follow_each_other), TEST(two_pods_of_a_workload_get_two_in_their_place),
	TEST(what_no_longer_holds_is_skipped), TEST(who_would_land_nowhere_is_skipped), TEST(a_budget_is_waited_for),
	TEST(a_budget_that_never_allows_ends_the_run), TEST(a_replacement_without_a_place_ends_the_run),
	TEST(a_pause_ends_when_what_was_wrong_is_mended), TEST(a_workload_that_somebody_changes_is_left_alone),
	TEST(a_node_that_is_no_longer_well_ends_the_run), TEST(a_stop_begins_nothing_new),
	TEST(the_wave_is_finished_where_that_is_asked_for), TEST(an_old_store_is_not_believed),
	TEST(a_landing_elsewhere_is_explained))
