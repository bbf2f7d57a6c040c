/* What happens in the demo cluster by itself, as its clients see it. */
#include <string.h>

#include "../../src/demo/world.h"
#include "clusterutils/demo/demo.h"
#include "clusterutils/kube/sync.h"
#include "clusterutils/util/clock.h"
#include "clusterutils/util/text.h"
#include "objects.h"
#include "question.h"
#include "suite.h"

#define AUTO_TRANSPORT CLEANUP(transport_release) struct transport

static struct transport *fresh(uint64_t seed)
{
	clock_freeze(demo_now);
	return demo_transport_new(seed);
}

/* --- a client that follows it --- */

struct follower {
	struct transport *demo;
	struct cluster cluster;
	struct sync_list lists[KIND_COUNT];
	struct sync *sync;
};

static void follower_begin(struct follower *follower, uint64_t seed)
{
	*follower = (struct follower){ .demo = fresh(seed) };
	cluster_init(&follower->cluster);
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		follower->lists[kind] = (struct sync_list){ .kind = kind };
	follower->sync = sync_new(follower->demo, NULL, follower->lists, KIND_COUNT, &follower->cluster);
}

static void follower_release(struct follower *follower)
{
	sync_free(follower->sync);
	cluster_release(&follower->cluster);
	transport_free(follower->demo);
}

#define AUTO_FOLLOWER CLEANUP(follower_release) struct follower

/* To that many seconds after the beginning. */
static void follow_to(struct follower *follower, int64_t seconds)
{
	clock_freeze(demo_now + seconds);
	for (int i = 0; i < 6; i++)
		sync_step(follower->sync, 0);
}

static size_t count_pods(const struct follower *follower, enum pod_phase phase)
{
	size_t count = 0;

	for (size_t i = 0; i < cluster_count(&follower->cluster, KIND_POD); i++)
		count += cluster_pod(&follower->cluster, i)->phase == phase;
	return count;
}

static uint64_t count_invalid(const struct follower *follower)
{
	uint64_t count = 0;

	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		count += kind_is_stored(kind) ? follower->lists[kind].invalid : 0;
	return count;
}

static bool has_event(const struct follower *follower, const char *reason, const char *part)
{
	for (size_t i = 0; i < cluster_count(&follower->cluster, KIND_EVENT); i++) {
		const struct event *event = CLUSTER_ITEM(&follower->cluster, KIND_EVENT, struct event, i);

		if (text_equal(event->reason, reason) && strstr(event->message, part))
			return true;
	}
	return false;
}

/* --- seed and seconds decide --- */

static const char *const compared[] = {
	"/api/v1/pods",
	"/api/v1/nodes",
	"/api/v1/events",
	"/apis/apps/v1/deployments",
	"/apis/batch/v1/jobs",
	"/apis/metrics.k8s.io/v1beta1/pods",
	"/apis/metrics.k8s.io/v1beta1/nodes",
	"/api/v1/namespaces/monitoring/services/http:prometheus-server:80/proxy/api/v1/query",
};

/* All that a world tells after so many seconds, when it was looked at every `step` of them. */
static void tell(struct transport *demo, int64_t seconds, int64_t step, struct buffer *out)
{
	for (int64_t at = step; at <= seconds; at += step) {
		AUTO_QUESTION look;

		clock_freeze(demo_now + at);
		question_ask(&look, demo, "GET", compared[at / step % 8], NULL);
	}
	for (size_t i = 0; i < sizeof(compared) / sizeof(compared[0]); i++) {
		AUTO_QUESTION question;

		question_prepare(&question, "GET", compared[i], NULL);
		question_add(&question, "query", "shelly_meter_power_watthours_total");
		question_run(&question, demo);
		ck_assert_int_eq(question.request.status, 200);
		buffer_add(out, question.body.bytes, question.body.length);
	}
}

static void tell_life(uint64_t seed, int64_t seconds, int64_t step, struct buffer *out)
{
	AUTO_TRANSPORT *demo = fresh(seed);

	tell(demo, seconds, step, out);
}

static const int64_t steps[] = { 1, 8, 45, 600 };

START_TEST(how_often_one_looks_changes_nothing)
{
	AUTO_BUFFER want = { 0 };
	AUTO_BUFFER got = { 0 };

	tell_life(DEMO_SEED, 1800, 1800, &want);
	tell_life(DEMO_SEED, 1800, steps[_i], &got);
	ck_assert_str_eq(buffer_text(&got), buffer_text(&want));
}
END_TEST

START_TEST(another_seed_is_another_life)
{
	AUTO_BUFFER first = { 0 };
	AUTO_BUFFER second = { 0 };

	tell_life(1, 600, 600, &first);
	tell_life(2, 600, 600, &second);
	ck_assert_str_ne(buffer_text(&first), buffer_text(&second));
}
END_TEST

START_TEST(nothing_happens_before_the_first_second)
{
	AUTO_TRANSPORT *demo = fresh(DEMO_SEED);
	AUTO_BUFFER first = { 0 };
	AUTO_BUFFER again = { 0 };

	tell(demo, 0, 1, &first);
	tell(demo, 0, 1, &again);
	ck_assert_str_eq(buffer_text(&first), buffer_text(&again));
}
END_TEST

/* --- what is seen in the first half hour --- */

START_TEST(a_story_is_told)
{
	AUTO_FOLLOWER follower;
	size_t most_pending = 0, most_succeeded = 0, pressed = 0, crashed = 0, terminating = 0;

	follower_begin(&follower, DEMO_SEED);
	for (int64_t at = 0; at <= 1800; at += 5) {
		follow_to(&follower, at);
		if (count_pods(&follower, POD_PENDING) > most_pending)
			most_pending = count_pods(&follower, POD_PENDING);
		if (count_pods(&follower, POD_SUCCEEDED) > most_succeeded)
			most_succeeded = count_pods(&follower, POD_SUCCEEDED);
		for (size_t i = 0; i < cluster_node_count(&follower.cluster); i++)
			pressed += node_state(cluster_node(&follower.cluster, i)->node) == NODE_MEMORY_PRESSURE;
		for (size_t i = 0; i < cluster_count(&follower.cluster, KIND_POD); i++) {
			const struct pod *pod = cluster_pod(&follower.cluster, i);

			terminating += pod->meta.deleted != TIME_NONE;
			crashed += pod_restarts(pod) < 100 && pod->status_count &&
				text_equal(pod->statuses[0].reason, "CrashLoopBackOff");
		}
	}
	ck_assert_uint_gt(most_pending, 2); /* two wait from the beginning, for ever */
	ck_assert_uint_gt(most_succeeded, 1);
	ck_assert_uint_gt(pressed, 0);
	ck_assert_uint_gt(crashed, 0);
	ck_assert_uint_gt(terminating, 0);
	ck_assert(has_event(&follower, "ScalingReplicaSet", "Scaled "));
	ck_assert(has_event(&follower, "NodeHasInsufficientMemory", " status is now: NodeHasInsufficientMemory"));
	ck_assert(has_event(&follower, "NodeHasSufficientMemory", " status is now: NodeHasSufficientMemory"));
	ck_assert(has_event(&follower, "BackOff", "Back-off restarting failed container"));
	ck_assert(has_event(&follower, "FailedScheduling", "3 Insufficient memory"));
	ck_assert(has_event(&follower, "DeadlineExceeded", "Job was active longer than specified deadline"));
	ck_assert(has_event(&follower, "SuccessfulCreate", "Created job feeds-refresh-"));
	ck_assert(has_event(&follower, "Completed", "Job completed"));
	ck_assert(has_event(&follower, "Killing", "Stopping container "));
	ck_assert(has_event(&follower, "Scheduled", "Successfully assigned batch/"));
	ck_assert(has_event(&follower, "Pulling", "Pulling image "));
	ck_assert(has_event(&follower, "Pulled", "Successfully pulled image "));
	ck_assert(has_event(&follower, "Created", "Container created"));
	ck_assert(has_event(&follower, "Started", "Container started"));
	ck_assert_uint_eq(count_invalid(&follower), 0);
}
END_TEST

/* The two that wait from the beginning: the demo's own scheduler gives the reasons that the embedded objects give. */
START_TEST(what_waited_before_waits_on_for_the_same_reason)
{
	static const char *const paths[] = { "/api/v1/namespaces/ai-ml/pods/whisper-9glrnk52z-qk4dt",
		"/api/v1/namespaces/home/pods/zigbee2mqtt-gbhc6sbbp-c722h" };
	AUTO_TRANSPORT *demo = fresh(DEMO_SEED);

	for (size_t i = 0; i < 2; i++) {
		AUTO_QUESTION before, after;
		const cJSON *old, *new;

		clock_freeze(demo_now);
		question_ask(&before, demo, "GET", paths[i], NULL);
		clock_freeze(demo_now + 301);
		question_ask(&after, demo, "GET", paths[i], NULL);
		old = cJSON_GetObjectItem(question_json(&before), "status");
		new = cJSON_GetObjectItem(question_json(&after), "status");
		ck_assert_ptr_nonnull(old);
		ck_assert(cJSON_Compare(old, new, true));
	}
}
END_TEST

START_TEST(usage_moves_with_the_samples)
{
	AUTO_FOLLOWER follower;
	AUTO_QUESTION first, same, next;
	static const char path[] = "/apis/metrics.k8s.io/v1beta1/namespaces/media/pods";

	follower_begin(&follower, DEMO_SEED);
	clock_freeze(demo_now + 14);
	question_ask(&first, follower.demo, "GET", path, NULL);
	ck_assert_ptr_nonnull(strstr(buffer_text(&first.body), "\"timestamp\":\"2026-03-01T11:59:"));
	clock_freeze(demo_now + 300);
	question_ask(&same, follower.demo, "GET", path, NULL);
	ck_assert_str_ne(buffer_text(&first.body), buffer_text(&same.body));
	ck_assert_ptr_nonnull(strstr(buffer_text(&same.body), "\"timestamp\":\"2026-03-01T12:04:5"));
	clock_freeze(demo_now + 314);
	question_ask(&next, follower.demo, "GET", path, NULL);
	ck_assert_str_eq(buffer_text(&same.body), buffer_text(&next.body));
}
END_TEST

/* --- a day --- */

enum { LOOK_SECONDS = 600, DAY_SECONDS = 86400, MAX_BYTES = 12 << 20 };

static void check_bounds(const struct follower *follower)
{
	const struct cluster *cluster = &follower->cluster;
	size_t pods = cluster_count(cluster, KIND_POD);

	ck_assert_uint_ge(pods, 136); /* 151 at first, and a tenth less or more */
	ck_assert_uint_le(pods, 166);
	ck_assert_uint_ge(count_pods(follower, POD_RUNNING), 132);
	ck_assert_uint_le(cluster_count(cluster, KIND_EVENT), 1000);
	for (size_t i = 0; i < cluster_node_count(cluster); i++) {
		const struct node_entry *entry = cluster_node(cluster, i);

		ck_assert_ptr_nonnull(entry->node);
		ck_assert_int_le(total_value(&entry->sum.request_memory), entry->node->allocatable.memory);
		ck_assert_int_le(entry->sample.usage.memory, entry->node->allocatable.memory);
		ck_assert_int_le(entry->sample.usage.cpu, entry->node->allocatable.cpu);
	}
}

START_TEST(a_day_is_like_the_first_hour)
{
	AUTO_FOLLOWER follower;
	const struct demo_world *world;

	follower_begin(&follower, DEMO_SEED);
	/* The world is what the transport holds: its sizes are not to be had through requests. */
	world = (const struct demo_world *)(const void *)((const char *)follower.demo + sizeof(struct transport));
	for (int64_t at = 0; at <= DAY_SECONDS; at += LOOK_SECONDS) {
		follow_to(&follower, at);
		check_bounds(&follower);
		ck_assert_uint_le(demo_store_bytes(&world->store), MAX_BYTES);
		ck_assert_uint_le(world->task_count, 200);
	}
	ck_assert_uint_eq(count_invalid(&follower), 0);
	ck_assert_uint_eq(world->store.invalid, 0);
	ck_assert(follower.lists[KIND_POD].state == SYNC_CURRENT);
	ck_assert_uint_gt(follower.lists[KIND_POD].changes, 1000);
}
END_TEST

/* Longer away than the log reaches: the watch is told so, and the sync begins anew. */
START_TEST(who_was_away_for_long_reads_again)
{
	AUTO_FOLLOWER follower;

	follower_begin(&follower, DEMO_SEED);
	follow_to(&follower, 5);
	clock_freeze(demo_now + 14400);
	for (int i = 0; i < 60; i++)
		sync_step(follower.sync, 0);
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		ck_assert_int_eq(follower.lists[kind].state, SYNC_CURRENT);
	check_bounds(&follower);
	ck_assert_uint_eq(count_invalid(&follower), 0);
}
END_TEST

TEST_MAIN("demo life", TEST_TABLE(how_often_one_looks_changes_nothing, steps), TEST(another_seed_is_another_life),
	TEST(nothing_happens_before_the_first_second), TEST(a_story_is_told),
	TEST(what_waited_before_waits_on_for_the_same_reason), TEST(usage_moves_with_the_samples),
	TEST(a_day_is_like_the_first_hour), TEST(who_was_away_for_long_reads_again))
