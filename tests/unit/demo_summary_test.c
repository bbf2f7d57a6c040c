/* The demo's kubelets: what they say is what metrics.k8s.io says, and pressure besides. */
#include <string.h>

#include "clusterutils/demo/demo.h"
#include "clusterutils/kube/kubelets.h"
#include "clusterutils/kube/sync.h"
#include "clusterutils/util/clock.h"
#include "clusterutils/util/text.h"
#include "objects.h"
#include "suite.h"

#define AUTO_TRANSPORT CLEANUP(transport_release) struct transport

static void settle(struct transport *demo, int64_t seconds)
{
	clock_freeze(demo_now + seconds);
	for (int i = 0; i < 6; i++)
		transport_step(demo, 0);
}

static void read_lists(struct transport *demo, struct cluster *cluster, bool with_metrics)
{
	struct sync_list lists[] = { { .kind = KIND_NODE }, { .kind = KIND_POD }, { .kind = KIND_NODE_METRICS },
		{ .kind = KIND_POD_METRICS } };

	cluster_init(cluster);
	sync_run(demo, NULL, lists, with_metrics ? 4 : 2, cluster);
}

static void ask(struct transport *demo, struct cluster *cluster)
{
	CLEANUP(kubelets_release) struct kubelets *kubelets = kubelets_new(demo, cluster, false);

	kubelets_complete(kubelets);
}

START_TEST(it_is_what_metrics_say)
{
	AUTO_TRANSPORT *demo = demo_transport_new((clock_freeze(demo_now), DEMO_SEED));
	AUTO_CLUSTER metrics, asked;
	size_t pods = 0;

	settle(demo, 0);
	read_lists(demo, &asked, false);
	ask(demo, &asked);
	settle(demo, 300);
	cluster_release(&asked);
	read_lists(demo, &metrics, true);
	read_lists(demo, &asked, false);
	ask(demo, &asked);
	ck_assert_uint_eq(asked.survey.nodes, 7);
	ck_assert_uint_eq(asked.survey.answered, 6);
	ck_assert_ptr_nonnull(strstr(asked.survey.error.message, "kubelet of dagobah: "));
	for (size_t i = 0; i < cluster_node_count(&metrics); i++) {
		const struct node_entry *one = cluster_node(&metrics, i);
		const struct node_entry *other = cluster_find_node(&asked, one->name);

		ck_assert_int_eq(one->sample.usage.cpu, other->sample.usage.cpu);
		ck_assert_int_eq(one->sample.usage.memory, other->sample.usage.memory);
		ck_assert_int_eq(one->sample.taken, other->sample.taken);
	}
	for (size_t i = 0; i < cluster_count(&metrics, KIND_POD); i++) {
		const struct pod *one = cluster_pod(&metrics, i);
		const struct pod *other = (const struct pod *)(const void *)cluster_find(
			&asked, KIND_POD, one->meta.name, one->meta.namespace);

		ck_assert_int_eq(one->usage.cpu, other->usage.cpu);
		ck_assert_int_eq(one->usage.memory, other->usage.memory);
		pods += one->usage.cpu != RESOURCE_UNKNOWN;
	}
	ck_assert_uint_gt(pods, 100);
}
END_TEST

static bool is_pressed(const struct node_entry *entry)
{
	return entry->node && node_state(entry->node) == NODE_MEMORY_PRESSURE;
}

/* Some node gets it within half an hour; all that have PSI are calm before. */
START_TEST(pressure_rises_where_memory_is_short)
{
	AUTO_TRANSPORT *demo = demo_transport_new((clock_freeze(demo_now), DEMO_SEED));
	size_t pressed = 0, severe = 0;

	for (int64_t at = 0; at < 1800; at += 15) {
		AUTO_CLUSTER cluster;

		settle(demo, at);
		read_lists(demo, &cluster, false);
		ask(demo, &cluster);
		for (size_t i = 0; i < cluster_node_count(&cluster); i++) {
			const struct node_entry *entry = cluster_node(&cluster, i);
			bool has_psi = !text_equal(entry->name, "dagobah") && !text_equal(entry->name, "jakku") &&
				!text_equal(entry->name, "scarif");

			ck_assert_int_eq(entry->pressure != NULL, has_psi);
			if (!has_psi)
				continue;
			ck_assert_int_eq(entry->pressure->of[PRESSURE_CPU].full.total, 0);
			if (!is_pressed(entry)) {
				ck_assert_int_lt(entry->pressure->of[PRESSURE_MEMORY].some.avg10, 1000);
				continue;
			}
			pressed++;
			ck_assert_int_gt(entry->pressure->of[PRESSURE_MEMORY].some.avg10, 5000);
			severe += pressure_grade(entry->pressure) == PRESSURE_SEVERE;
		}
	}
	ck_assert_uint_gt(pressed, 0);
	ck_assert_uint_gt(severe, 0);
}
END_TEST

TEST_MAIN("demo summary", TEST(it_is_what_metrics_say), TEST(pressure_rises_where_memory_is_short))
