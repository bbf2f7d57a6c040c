/* A day of passes every five minutes on the demo, which lives meanwhile: Deployments are scaled, nodes cordoned and
 * opened by chance. Nothing is moved back and forth, and nothing is kept for ever. DAY_HOURS (24) hours. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../src/rebalance/lists.h"
#include "../../src/rebalance/loop.h"
#include "../../src/rebalance/waves.h"
#include "chance.h"
#include "clusterutils/demo/demo.h"
#include "clusterutils/kube/sync.h"
#include "clusterutils/util/clock.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "planning.h"
#include "suite.h"

enum { EVERY = 300, COOL_DOWN = 900, REST = 3600, WAVE_TIMEOUT = 120, STEPS = 4, LEAP = 15 };

/* A pod that was moved: where its workload is not to be moved back to. */
struct journey {
	char owner[128], from[64], to[64], strategy[64];
	int64_t time;
};

struct day {
	struct transport *transport;
	struct cluster cluster;
	struct rebalance_lists lists;
	struct sync *sync;
	struct policy policy;
	struct rebalance_options options;
	struct invocation invocation;
	struct loop loop;
	int64_t now;
	struct journey *journeys;
	size_t count, capacity;
	size_t passes, busy, back_and_forth, failed;
};

static void advance(struct day *day, int seconds)
{
	clock_freeze(day->now += seconds);
	for (int k = 0; k < STEPS; k++)
		sync_step(day->sync, 0);
}

static void begin_day(struct day *day)
{
	*day = (struct day){ .now = demo_now };
	clock_freeze(demo_now);
	day->transport = demo_transport_new(DEMO_SEED);
	cluster_init(&day->cluster);
	day->cluster.details = CLUSTER_PLACEMENT | CLUSTER_CONDITIONS;
	lists_for_run(&day->lists);
	day->sync = sync_new(
		day->transport, &(struct sync_options){ 0 }, day->lists.items, day->lists.count, &day->cluster);
	while (!sync_is_complete(day->sync))
		sync_step(day->sync, 0);
	planning_policy(policy_builtin(), &day->policy);
	day->options.return_cool_down = REST * INT64_C(1000000000);
	day->invocation.options = &day->options;
	day->loop.invocation = &day->invocation;
}

static void end_day(struct day *day)
{
	loop_release(&day->loop);
	policy_release(&day->policy);
	sync_free(day->sync);
	cluster_release(&day->cluster);
	transport_free(day->transport);
	free(day->journeys);
}

static void patch(struct day *day, enum kind kind, const char *namespace, const char *name, const char *text)
{
	struct write write;

	write_patch(&write, day->transport, &(struct write_options){ 0 }, kind, namespace, name, PATCH_MERGE, text);
	(void)!write_wait(&write, day->transport);
	write_release(&write);
}

/* Somebody scales, cordons, or opens a node again. */
static void disturb(struct day *day, struct chance *chance)
{
	char text[128];

	if (chance_below(chance, 3) == 0 && cluster_count(&day->cluster, KIND_DEPLOYMENT)) {
		const struct workload *workload = CLUSTER_ITEM(&day->cluster, KIND_DEPLOYMENT, struct workload,
			chance_below(chance, (unsigned)cluster_count(&day->cluster, KIND_DEPLOYMENT)));

		snprintf(text, sizeof(text), "{\"spec\":{\"replicas\":%u}}", (unsigned)chance_below(chance, 4));
		patch(day, KIND_DEPLOYMENT, workload->meta.namespace, workload->meta.name, text);
	}
	if (chance_below(chance, 12) == 0) {
		const struct node_entry *entry =
			cluster_node(&day->cluster, chance_below(chance, (unsigned)cluster_node_count(&day->cluster)));

		snprintf(text, sizeof(text), "{\"spec\":{\"unschedulable\":%s}}",
			entry->node && entry->node->unschedulable ? "null" : "true");
		patch(day, KIND_NODE, NULL, entry->name, text);
	}
}

static void note(struct day *day, const struct move *move)
{
	struct journey *journey;

	if (!move->landed || !move->order->from || !move->order->owner_name)
		return;
	ARRAY_GROW(day->journeys, day->count, day->capacity);
	journey = &day->journeys[day->count++];
	*journey = (struct journey){ .time = day->now };
	snprintf(journey->owner, sizeof(journey->owner), "%s/%s", move->order->namespace, move->order->owner_name);
	snprintf(journey->from, sizeof(journey->from), "%s", move->order->from);
	snprintf(journey->to, sizeof(journey->to), "%s", move->landed);
	snprintf(journey->strategy, sizeof(journey->strategy), "%s", move->order->strategy);
}

/* To where another pod of its workload was taken away from, within the hour, for the same reason. */
static bool goes_back(const struct day *day, const struct journey *journey)
{
	for (const struct journey *other = day->journeys; other < journey; other++)
		if (other->time > journey->time - REST && strcmp(other->owner, journey->owner) == 0 &&
			strcmp(other->strategy, journey->strategy) == 0 && strcmp(other->from, journey->to) == 0 &&
			strcmp(other->to, journey->from) == 0)
			return true;
	return false;
}

static void carry_out(struct day *day, const struct orders *orders, const struct landing_rules *rules)
{
	const struct waves_options options = { .timeout = WAVE_TIMEOUT,
		.grace_seconds = WRITE_GRACE_DEFAULT,
		.rules = *rules,
		.write = { .field_manager = "clusterutils-test" } };
	struct waves waves;

	waves_init(&waves, orders, &day->cluster, day->transport, &options);
	while (waves_step(&waves, true))
		advance(day, 1);
	for (size_t i = 0; i < orders->count; i++)
		note(day, &waves.moves[i]);
	day->failed += waves.why != NULL;
	loop_take(&day->loop, &waves);
	waves_release(&waves);
}

static void pass(struct day *day)
{
	struct plan_options options = planning_options();
	AUTO_ORDERS orders = { 0 };
	struct plan plan;

	day->passes++;
	options.rules.cool_down = COOL_DOWN;
	options.rules.memory_line = 90;
	loop_narrow(&day->loop, &options, day->now);
	if (loop_is_settling(&day->loop, &day->cluster))
		return;
	plan_make(&plan, &day->cluster, &day->policy, &options, day->now);
	for (size_t i = 0; i < plan.count; i++)
		if (plan.items[i].wave)
			ck_assert_int_ge(day->now - plan.items[i].pod->meta.created, COOL_DOWN);
	orders_of_plan(&plan, day->now, &orders);
	options.rules = plan.options.rules;
	options.rules.cool_down = 0;
	day->busy += orders.count > 0;
	cluster_hold(&day->cluster); /* the targets are the plan's, which looks at the store */
	if (orders.count)
		carry_out(day, &orders, &options.rules);
	plan_release(&plan);
}

static size_t resident(void)
{
	unsigned long pages = 0, ignored = 0;
	FILE *file = fopen("/proc/self/statm", "r");

	if (file) {
		if (fscanf(file, "%lu %lu", &ignored, &pages) != 2)
			pages = 0;
		fclose(file);
	}
	return pages * (size_t)sysconf(_SC_PAGESIZE) / 1024;
}

START_TEST(a_day_of_passes)
{
	const char *asked = getenv("DAY_HOURS");
	int64_t hours = asked ? atoi(asked) : 24;
	struct chance chance = chance_new(7);
	CLEANUP(end_day) struct day day;
	size_t early = 0;

	begin_day(&day);
	for (int64_t next = demo_now + EVERY; day.now < demo_now + hours * 3600;) {
		if (day.now >= next) {
			disturb(&day, &chance);
			advance(&day, 1);
			pass(&day);
			next += EVERY;
		}
		advance(&day, LEAP);
		if (!early && day.now > demo_now + hours * 1800)
			early = resident();
	}
	for (size_t i = 0; i < day.count; i++)
		day.back_and_forth += goes_back(&day, &day.journeys[i]);
	printf("# measured: %d hours: %zu passes, %zu with something to do, %zu moves, %zu runs that stopped early, %zu back and "
	       "forth; %zu KB after half of it, then %zu KB\n",
		(int)hours, day.passes, day.busy, day.count, day.failed, day.back_and_forth, early, resident());
	ck_assert_uint_gt(day.passes, (size_t)hours * 6);
	ck_assert_uint_gt(day.count, 0);
	ck_assert_uint_eq(day.back_and_forth, 0);
	if (early)
		ck_assert_uint_lt(resident(), early + early / 5 + 4096);
}
END_TEST

TEST_MAIN("rebalance/day", TEST(a_day_of_passes))
