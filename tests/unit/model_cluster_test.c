#include "clusterutils/model/cluster.h"

#include <stdio.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "suite.h"

enum { NAMES = 40, NODES = 6, STEPS = 20000 };

static uint64_t state;

static unsigned random_below(unsigned bound)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)(state >> 33) % bound;
}

/* Amounts as a hostile dump could hold them: sums must not overflow, and must come back to what they were. */
static int64_t random_amount(void)
{
	switch (random_below(5)) {
	case 0:
		return INT64_MAX;
	case 1:
		return 0;
	case 2:
		return RESOURCE_UNKNOWN;
	default:
		return (int64_t)random_below(1000000000) * 1000;
	}
}

static const char *text_of(struct cluster *cluster, const char *prefix, unsigned number)
{
	char text[32];

	snprintf(text, sizeof(text), "%s%u", prefix, number);
	return intern_text(&cluster->interner, text);
}

static struct pod *random_pod(struct cluster *cluster, unsigned name)
{
	static const struct container_list no_containers;
	struct pod *pod = OBJECT_NEW(struct pod);
	struct owners *owners = memory_new(sizeof(*owners) + sizeof(struct owner));

	pod->meta.name = text_of(cluster, "pod-", name);
	pod->meta.namespace = text_of(cluster, "space-", name % 4);
	pod->meta.uid = text_of(cluster, "uid-", name * 10 + random_below(3));
	pod->containers = &no_containers;
	pod->node = random_below(4) ? text_of(cluster, "node-", random_below(NODES)) : NULL;
	pod->priority_class = random_below(3) ? text_of(cluster, "class-", random_below(3)) : NULL;
	pod->priority = (int32_t)random_below(2) * 1000;
	pod->phase = (uint8_t)random_below(5);
	pod->request = (struct amounts){ random_amount(), random_amount() };
	pod->limit = (struct amounts){ random_amount(), random_amount() };
	pod->usage = (struct amounts){ random_amount(), random_amount() };
	if (random_below(2)) {
		owners->count = 1;
		owners->items[0] =
			(struct owner){ "apps/v1", "ReplicaSet", "rs", text_of(cluster, "rs-", random_below(5)), 1 };
		pod->meta.owners = intern_block(&cluster->interner, owners, sizeof(*owners) + sizeof(struct owner));
	}
	memory_auto_free(&owners);
	return pod;
}

static void check_sums(const struct pod_usage *kept, const struct pod_usage *counted)
{
	ck_assert_int_eq(kept->pods, counted->pods);
	ck_assert_int_eq(kept->unsampled, counted->unsampled);
	ck_assert_mem_eq(kept, counted, sizeof(*kept));
}

/* Counts everything again and compares it with what the store has kept. */
static void check_against_recount(const struct cluster *cluster)
{
	struct pod_usage pending = { 0 };
	size_t linked = 0;

	for (size_t i = 0; i < cluster_count(cluster, KIND_POD); i++)
		if (!cluster_pod(cluster, i)->node && pod_is_active(cluster_pod(cluster, i)))
			pod_usage_add(&pending, cluster_pod(cluster, i));
	check_sums(&cluster->pending, &pending);
	for (size_t i = 0; i < cluster_node_count(cluster); i++) {
		const struct node_entry *entry = cluster_node(cluster, i);
		struct pod_usage sum = { 0 };

		for (size_t j = 0; j < cluster_count(cluster, KIND_POD); j++) {
			const struct pod *pod = cluster_pod(cluster, j);

			if (pod->node == entry->name && pod_is_active(pod))
				pod_usage_add(&sum, pod);
		}
		check_sums(&entry->sum, &sum);
		for (const struct pod *pod = entry->pods; pod; pod = pod->by_node.next, linked++)
			ck_assert_ptr_eq(pod->node, entry->name);
	}
	for (size_t i = 0; i < cluster->tiers.count; i++) {
		const struct tier_entry *tier = cluster->tiers.items[i];
		struct pod_usage sum = { 0 }, waiting = { 0 };

		for (const struct pod *pod = tier->pods; pod; pod = pod->by_tier.next) {
			ck_assert_str_eq(pod->priority_class ? pod->priority_class : "", tier->class_name);
			ck_assert_int_eq(pod->priority, tier->priority);
			if (pod_is_active(pod))
				pod_usage_add(pod->node ? &sum : &waiting, pod);
		}
		check_sums(&tier->sum, &sum);
		check_sums(&tier->pending, &waiting);
	}
	for (size_t i = 0; i < cluster_count(cluster, KIND_POD); i++)
		linked -= cluster_pod(cluster, i)->node ? 1 : 0;
	ck_assert_uint_eq(linked, 0);
}

static size_t count_links(const struct cluster *cluster)
{
	size_t linked = 0;

	for (size_t i = 0; i < cluster->namespaces.count; i++) {
		const struct namespace_entry *space = cluster->namespaces.items[i];
		size_t pods = 0;

		for (const struct pod *pod = space->pods; pod; pod = pod->by_namespace.next, pods++)
			ck_assert_str_eq(pod->meta.namespace, space->name);
		ck_assert_uint_eq(pods, space->pod_count);
		linked += pods;
	}
	for (size_t i = 0; i < cluster->owners.count; i++) {
		const struct owner_entry *owner = cluster->owners.items[i];
		size_t pods = 0;

		for (const struct pod *pod = owner->pods; pod; pod = pod->by_owner.next, pods++)
			ck_assert_str_eq(meta_controller(&pod->meta)->uid, owner->uid);
		ck_assert_uint_eq(pods, owner->pod_count);
	}
	return linked;
}

START_TEST(sums_always_equal_a_recount)
{
	struct cluster cluster;
	struct error err;

	state = 42;
	cluster_init(&cluster);
	for (int step = 0; step < STEPS; step++) {
		unsigned name = random_below(NAMES);
		struct sample sample = { .usage = { random_amount(), random_amount() } };

		switch (random_below(4)) {
		case 0:
			cluster_remove(&cluster, KIND_POD, text_of(&cluster, "pod-", name),
				text_of(&cluster, "space-", name % 4));
			break;
		case 1:
			cluster_set_pod_sample(&cluster, text_of(&cluster, "pod-", name),
				text_of(&cluster, "space-", name % 4), &sample);
			break;
		default:
			ck_assert_int_eq(cluster_put(&cluster, KIND_POD, &random_pod(&cluster, name)->meta, &err), 0);
		}
		if (step % 50 == 0)
			check_against_recount(&cluster);
		if (step % 10 == 0)
			ck_assert_uint_eq(count_links(&cluster), cluster_count(&cluster, KIND_POD));
	}
	for (unsigned name = 0; name < NAMES; name++)
		cluster_remove(
			&cluster, KIND_POD, text_of(&cluster, "pod-", name), text_of(&cluster, "space-", name % 4));
	check_against_recount(&cluster);
	ck_assert_uint_eq(cluster_count(&cluster, KIND_POD), 0);
	cluster_release(&cluster);
}
END_TEST

static void check_order(const struct cluster *cluster)
{
	const struct pod *const *pods = cluster_pods_in_order(cluster);
	size_t count = cluster_count(cluster, KIND_POD);

	for (size_t i = 0; i < count; i++) {
		const struct meta *meta = &pods[i]->meta;

		ck_assert_ptr_eq(pods[i], cluster_find(cluster, KIND_POD, meta->name, meta->namespace));
		if (i > 0) {
			const struct meta *before = &pods[i - 1]->meta;
			int order = strcmp(before->namespace, meta->namespace);

			ck_assert_int_lt(order ? order : strcmp(before->name, meta->name), 0);
		}
	}
}

/* Asked for often, seldom and, for as long as everything goes, never. */
START_TEST(order_is_kept)
{
	static const struct {
		unsigned names;
		int steps, pause;
	} runs[] = { { 50, 3000, 1 }, { 200, 3000, 7 }, { 3000, 30000, 1000 }, { 3000, 30000, 25000 } };

	for (size_t i = 0; i < ARRAY_LEN(runs); i++) {
		CLEANUP(cluster_release) struct cluster cluster;
		struct error err;

		state = 7 + i;
		cluster_init(&cluster);
		for (int step = 0; step < runs[i].steps; step++) {
			unsigned name = random_below(runs[i].names);
			unsigned kind = random_below(step * 3 / runs[i].steps == 1 ? 3 : 2);

			if (kind == 0)
				ck_assert_int_eq(
					cluster_put(&cluster, KIND_POD, &random_pod(&cluster, name)->meta, &err), 0);
			else
				cluster_remove(&cluster, KIND_POD, text_of(&cluster, "pod-", name),
					text_of(&cluster, "space-", name % 4));
			if (step % runs[i].pause == 0)
				check_order(&cluster);
		}
		check_order(&cluster);
	}
}
END_TEST

START_TEST(order_of_arrival_does_not_matter)
{
	struct sample sample = { .usage = { 5, 7 }, .taken = 100, .window_seconds = 15 };
	struct cluster cluster;
	struct node *node = OBJECT_NEW(struct node);
	struct error err;
	struct pod *pod;

	state = 1;
	cluster_init(&cluster);
	pod = random_pod(&cluster, 8);
	pod->node = text_of(&cluster, "node-", 3);
	pod->phase = POD_RUNNING;
	pod->usage.cpu = pod->usage.memory = RESOURCE_UNKNOWN;
	cluster_set_pod_sample(&cluster, "pod-8", "space-0", &sample);
	cluster_set_node_sample(&cluster, "node-3", &sample);
	ck_assert_int_eq(cluster_put(&cluster, KIND_POD, &pod->meta, &err), 0);
	ck_assert_ptr_null(cluster_find(&cluster, KIND_NODE, "node-3", NULL));
	node->meta.name = text_of(&cluster, "node-", 3);
	ck_assert_int_eq(cluster_put(&cluster, KIND_NODE, &node->meta, &err), 0);
	ck_assert_int_eq(cluster_find_node(&cluster, "node-3")->sum.pods, 1);
	ck_assert_int_eq(cluster_find_node(&cluster, "node-3")->sample.usage.cpu, 5);
	ck_assert_int_eq(total_value(&cluster_find_node(&cluster, "node-3")->sum.usage_memory), 7);
	cluster_remove(&cluster, KIND_NODE, "node-3", NULL);
	ck_assert_ptr_null(cluster_find(&cluster, KIND_NODE, "node-3", NULL));
	ck_assert_int_eq(cluster_find_node(&cluster, "node-3")->sum.pods, 1);
	cluster_release(&cluster);
}
END_TEST

START_TEST(two_pods_cannot_share_a_uid)
{
	struct cluster cluster;
	struct error err;
	struct pod *first, *second;

	state = 2;
	cluster_init(&cluster);
	first = random_pod(&cluster, 1);
	second = random_pod(&cluster, 2);
	second->meta.uid = first->meta.uid = text_of(&cluster, "uid-", 1);
	ck_assert_int_eq(cluster_put(&cluster, KIND_POD, &first->meta, &err), 0);
	ck_assert_int_eq(cluster_put(&cluster, KIND_POD, &second->meta, &err), -1);
	ck_assert_str_eq(err.message, "pods \"pod-2\": the uid uid-1 is already that of pod \"pod-1\"");
	ck_assert_uint_eq(cluster_count(&cluster, KIND_POD), 1);
	cluster_release(&cluster);
}
END_TEST

static struct meta *workload(struct cluster *cluster, enum kind kind, const char *name, const struct owner *above)
{
	struct workload *object = OBJECT_NEW(struct workload);
	char bytes[sizeof(struct owners) + sizeof(struct owner)] = { 0 };
	struct owners *owners = (struct owners *)(void *)bytes;

	object->kind = kind;
	object->meta.name = intern_text(&cluster->interner, name);
	object->meta.namespace = intern_text(&cluster->interner, "space-1");
	if (above) {
		owners->count = 1;
		owners->items[0] = *above;
		object->meta.owners = intern_block(&cluster->interner, owners, sizeof(bytes));
	}
	return &object->meta;
}

START_TEST(workload_is_the_top_of_the_chain)
{
	const struct owner deployment = { "apps/v1", "Deployment", "shop", "d", 1 };
	char bytes[sizeof(struct owners) + 2 * sizeof(struct owner)] = { 0 };
	struct owners *owners = (struct owners *)(void *)bytes;
	struct cluster cluster;
	struct error err;
	struct pod *pod;

	state = 3;
	cluster_init(&cluster);
	pod = random_pod(&cluster, 1);
	owners->count = 2;
	owners->items[0] = (struct owner){ "v1", "Node", "n", "x", 0 }; /* not the controller */
	owners->items[1] = (struct owner){ "apps/v1", "ReplicaSet", "shop-1", "r", 1 };
	pod->meta.owners = intern_block(&cluster.interner, owners, sizeof(bytes));
	ck_assert_int_eq(cluster_put(&cluster, KIND_POD, &pod->meta, &err), 0);
	ck_assert_str_eq(cluster_workload_of(&cluster, pod)->name, "shop-1");
	ck_assert_int_eq(cluster_put(&cluster, KIND_REPLICA_SET,
				 workload(&cluster, KIND_REPLICA_SET, "shop-1", &deployment), &err),
		0);
	ck_assert_str_eq(cluster_workload_of(&cluster, pod)->name, "shop");
	ck_assert_int_eq(
		cluster_put(&cluster, KIND_DEPLOYMENT, workload(&cluster, KIND_DEPLOYMENT, "shop", NULL), &err), 0);
	ck_assert_str_eq(cluster_workload_of(&cluster, pod)->kind, "Deployment");
	cluster_release(&cluster);
}
END_TEST

START_TEST(chains_of_owners_that_go_round_end)
{
	const struct owner itself = { "apps/v1", "ReplicaSet", "loop", "l", 1 };
	struct cluster cluster;
	struct error err;
	struct pod *pod;
	char bytes[sizeof(struct owners) + sizeof(struct owner)] = { 0 };
	struct owners *owners = (struct owners *)(void *)bytes;

	state = 4;
	cluster_init(&cluster);
	pod = random_pod(&cluster, 1);
	owners->count = 1;
	owners->items[0] = itself;
	pod->meta.owners = intern_block(&cluster.interner, owners, sizeof(bytes));
	ck_assert_int_eq(cluster_put(&cluster, KIND_POD, &pod->meta, &err), 0);
	ck_assert_int_eq(
		cluster_put(&cluster, KIND_REPLICA_SET, workload(&cluster, KIND_REPLICA_SET, "loop", &itself), &err),
		0);
	ck_assert_str_eq(cluster_workload_of(&cluster, pod)->name, "loop");
	cluster_release(&cluster);
}
END_TEST

static const struct {
	int64_t high;
	uint64_t low;
	int64_t value;
} totals[] = {
	{ 0, 5, 5 },
	{ -1, UINT64_MAX, -1 },
	{ 0, UINT64_MAX, INT64_MAX },
	{ 1, 0, INT64_MAX },
	{ -2, 0, INT64_MIN + 2 },
	{ -1, 1, INT64_MIN + 2 },
};

START_TEST(totals_saturate_when_they_are_read)
{
	struct total total = { totals[_i].high, totals[_i].low };

	ck_assert_int_eq(total_value(&total), totals[_i].value);
}
END_TEST

START_TEST(totals_come_back)
{
	struct total total = { 0 };

	state = 9;
	for (int i = 0; i < 1000; i++)
		total_add(&total, INT64_MAX);
	total_add(&total, -12);
	for (int i = 0; i < 1000; i++)
		total_subtract(&total, INT64_MAX);
	ck_assert_int_eq(total_value(&total), -12);
	total_subtract(&total, -12);
	ck_assert_int_eq(total.high, 0);
	ck_assert_uint_eq(total.low, 0);
}
END_TEST

static void put_with_stamp(struct cluster *cluster, enum kind kind, const char *namespace, const char *name)
{
	struct meta *object = kind == KIND_POD ? &random_pod(cluster, 0)->meta
		: kind == KIND_NODE            ? &OBJECT_NEW(struct node)->meta
					       : &OBJECT_NEW(struct workload)->meta;
	struct error err;

	object->name = intern_text(&cluster->interner, name);
	object->namespace = intern_text(&cluster->interner, namespace);
	object->uid = "";
	ck_assert_int_eq(cluster_put(cluster, kind, object, &err), 0);
}

/* What the second reading did not bring is gone, of that kind and namespace alone. */
START_TEST(sweeping_takes_what_was_not_put_again)
{
	CLEANUP(cluster_release) struct cluster cluster;

	state = 7;
	cluster_init(&cluster);
	cluster.stamp = cluster_new_stamp(&cluster);
	put_with_stamp(&cluster, KIND_POD, "a", "p1");
	put_with_stamp(&cluster, KIND_POD, "a", "p2");
	put_with_stamp(&cluster, KIND_POD, "b", "p3");
	put_with_stamp(&cluster, KIND_NODE, NULL, "n1");
	put_with_stamp(&cluster, KIND_NODE, NULL, "n2");
	put_with_stamp(&cluster, KIND_JOB, "a", "j1");
	cluster_sweep(&cluster, KIND_POD, NULL);
	ck_assert_uint_eq(cluster_count(&cluster, KIND_POD), 3);
	cluster.stamp = cluster_new_stamp(&cluster);
	put_with_stamp(&cluster, KIND_POD, "a", "p2");
	cluster_sweep(&cluster, KIND_POD, "a");
	ck_assert_ptr_null(cluster_find(&cluster, KIND_POD, "p1", "a"));
	ck_assert_ptr_nonnull(cluster_find(&cluster, KIND_POD, "p2", "a"));
	ck_assert_ptr_nonnull(cluster_find(&cluster, KIND_POD, "p3", "b"));
	put_with_stamp(&cluster, KIND_NODE, NULL, "n2");
	cluster_sweep(&cluster, KIND_NODE, NULL);
	ck_assert_ptr_null(cluster_find(&cluster, KIND_NODE, "n1", NULL));
	ck_assert_ptr_nonnull(cluster_find(&cluster, KIND_NODE, "n2", NULL));
	ck_assert_uint_eq(cluster_count(&cluster, KIND_JOB), 1);
	cluster.stamp = cluster_new_stamp(&cluster);
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		cluster_sweep(&cluster, kind, NULL);
	ck_assert_uint_eq(cluster_node_count(&cluster), 0);
	ck_assert_uint_eq(cluster.namespaces.count + cluster.owners.count + cluster.tiers.count, 0);
	ck_assert_int_eq(cluster.pending.pods, 0);
}
END_TEST

START_TEST(samples_are_swept_where_they_are)
{
	CLEANUP(cluster_release) struct cluster cluster;
	const struct sample sample = { .usage = { 5, 6 }, .taken = 100 };
	const struct pod *pod;

	state = 8;
	cluster_init(&cluster);
	cluster.stamp = cluster_new_stamp(&cluster);
	put_with_stamp(&cluster, KIND_NODE, NULL, "n1");
	cluster_set_node_sample(&cluster, "n1", &sample);
	cluster_set_node_sample(&cluster, "nobody", &sample);
	cluster_set_pod_sample(&cluster, "early", "a", &sample);
	put_with_stamp(&cluster, KIND_POD, "a", "p1");
	cluster_set_pod_sample(&cluster, "p1", "a", &sample);
	pod = cluster_pod(&cluster, 0);
	cluster_sweep(&cluster, KIND_POD_METRICS, NULL);
	cluster_sweep(&cluster, KIND_NODE_METRICS, NULL);
	ck_assert_int_eq(pod->usage.cpu, 5);
	ck_assert_uint_eq(cluster.samples.count, 1);
	cluster.stamp = cluster_new_stamp(&cluster);
	cluster_sweep(&cluster, KIND_POD_METRICS, "b");
	ck_assert_int_eq(pod->usage.cpu, 5);
	cluster_sweep(&cluster, KIND_POD_METRICS, "a");
	cluster_sweep(&cluster, KIND_NODE_METRICS, NULL);
	ck_assert_int_eq(pod->usage.cpu, RESOURCE_UNKNOWN);
	ck_assert_uint_eq(cluster.samples.count, 0);
	ck_assert_int_eq(cluster_find_node(&cluster, "n1")->sample.usage.cpu, RESOURCE_UNKNOWN);
	ck_assert_ptr_null(cluster_find_node(&cluster, "nobody"));
}
END_TEST

/* What a view was made of: freed too early, it is for the sanitizers to find; kept for too long, it is counted. */
START_TEST(what_is_held_stays_readable)
{
	CLEANUP(cluster_release) struct cluster cluster;
	const struct meta *replaced, *removed, *node;

	state = 9;
	cluster_init(&cluster);
	put_with_stamp(&cluster, KIND_POD, "a", "p1");
	put_with_stamp(&cluster, KIND_POD, "a", "p1");
	ck_assert_uint_eq(cluster.gone_count, 0);
	put_with_stamp(&cluster, KIND_JOB, "a", "j1");
	put_with_stamp(&cluster, KIND_NODE, NULL, "n1");
	cluster_hold(&cluster);
	replaced = cluster_find(&cluster, KIND_POD, "p1", "a");
	removed = cluster_find(&cluster, KIND_JOB, "j1", "a");
	node = cluster_find(&cluster, KIND_NODE, "n1", NULL);
	put_with_stamp(&cluster, KIND_POD, "a", "p1");
	put_with_stamp(&cluster, KIND_NODE, NULL, "n1");
	cluster_remove(&cluster, KIND_JOB, "j1", "a");
	ck_assert_uint_eq(cluster.gone_count, 3);
	ck_assert_str_eq(replaced->name, "p1");
	ck_assert_str_eq(removed->name, "j1");
	ck_assert_str_eq(node->name, "n1");
	ck_assert_ptr_ne(cluster_find(&cluster, KIND_POD, "p1", "a"), replaced);
	for (int i = 0; i < 100; i++)
		put_with_stamp(&cluster, KIND_POD, "a", "p1");
	cluster_remove(&cluster, KIND_POD, "p1", "a");
	ck_assert_uint_eq(cluster.gone_count, 3);
	cluster_hold(&cluster);
	ck_assert_uint_eq(cluster.gone_count, 0);
}
END_TEST

/* For hours pods of workloads come that are there for minutes. */
START_TEST(memory_of_what_was_shared_comes_back)
{
	CLEANUP(cluster_release) struct cluster cluster;
	struct error err;
	size_t most = 0;

	state = 11;
	cluster_init(&cluster);
	for (unsigned i = 0; i < 50000; i++) {
		struct pod *pod = random_pod(&cluster, i % 100);
		char text[64];

		snprintf(text, sizeof(text), "workload-of-the-hour-%u", i);
		pod->priority_class = intern_text(&cluster.interner, text);
		ck_assert_int_eq(cluster_put(&cluster, KIND_POD, &pod->meta, &err), 0);
		if (i % 100)
			continue;
		cluster_hold(&cluster);
		if (cluster.interner.bytes > most)
			most = cluster.interner.bytes;
		for (size_t k = 0; k < cluster_count(&cluster, KIND_POD); k++)
			ck_assert_int_eq(
				strncmp(cluster_pod(&cluster, k)->priority_class, "workload-of-the-hour-", 21), 0);
	}
	ck_assert_uint_lt(most, 200000);
	check_against_recount(&cluster);
}
END_TEST

TEST_MAIN("model/cluster", TEST(memory_of_what_was_shared_comes_back), TEST(what_is_held_stays_readable),
	TEST(sweeping_takes_what_was_not_put_again), TEST(samples_are_swept_where_they_are), TEST(order_is_kept),
	TEST(sums_always_equal_a_recount), TEST(order_of_arrival_does_not_matter), TEST(two_pods_cannot_share_a_uid),
	TEST(workload_is_the_top_of_the_chain), TEST(chains_of_owners_that_go_round_end),
	TEST_TABLE(totals_saturate_when_they_are_read, totals), TEST(totals_come_back))
