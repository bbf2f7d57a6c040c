/* What the small charts and the YAML pages are made of. */
#include "../../src/top/history.h"
#include "../../src/top/object_yaml.h"

#include <string.h>

#include "clusterutils/output/table.h"
#include "objects.h"
#include "suite.h"

static void sample(struct cluster *cluster, const char *node, int64_t taken, int64_t cpu)
{
	struct sample new = { .usage = { .cpu = cpu, .memory = 1 }, .taken = taken };

	cluster_set_node_sample(cluster, node, &new);
}

START_TEST(a_sample_is_noted_once)
{
	AUTO_CLUSTER cluster;
	struct history history;
	int64_t values[HISTORY_SAMPLES];

	cluster_init(&cluster);
	history_init(&history);
	objects_put(
		&cluster, KIND_NODE, "{'metadata':{'name':'a'},'status':{'allocatable':{'cpu':'2','memory':'1Gi'}}}");
	history_take(&history, &cluster);
	ck_assert_uint_eq(history_cpu(&history, "a", values), 0);
	sample(&cluster, "a", 100, 500000000);
	history_take(&history, &cluster);
	history_take(&history, &cluster);
	sample(&cluster, "a", 115, 3000000000);
	history_take(&history, &cluster);
	ck_assert_uint_eq(history_cpu(&history, "a", values), 2);
	ck_assert_int_eq(values[0], 250);
	ck_assert_int_eq(values[1], 1500);
	ck_assert_uint_eq(history_cpu(&history, "b", values), 0);
	history_release(&history);
}
END_TEST

START_TEST(the_oldest_give_way_and_nodes_that_are_gone_are_forgotten)
{
	AUTO_CLUSTER cluster;
	struct history history;
	int64_t values[HISTORY_SAMPLES];

	cluster_init(&cluster);
	history_init(&history);
	objects_put(
		&cluster, KIND_NODE, "{'metadata':{'name':'a'},'status':{'allocatable':{'cpu':'1','memory':'1Gi'}}}");
	for (int64_t i = 1; i <= HISTORY_SAMPLES + 5; i++) {
		sample(&cluster, "a", i, i * 1000000);
		history_take(&history, &cluster);
	}
	ck_assert_uint_eq(history_cpu(&history, "a", values), HISTORY_SAMPLES);
	ck_assert_int_eq(values[0], 6);
	ck_assert_int_eq(values[HISTORY_SAMPLES - 1], HISTORY_SAMPLES + 5);
	cluster_remove(&cluster, KIND_NODE, "a", NULL);
	history_take(&history, &cluster);
	ck_assert_uint_eq(history.nodes.count, 0);
	history_release(&history);
}
END_TEST

START_TEST(an_object_is_shown_without_its_managed_fields)
{
	static const char json[] =
		"{\"kind\":\"Node\",\"metadata\":{\"name\":\"a\",\"managedFields\":[{\"x\":1}],"
		"\"labels\":{\"on\":\"yes\"}},\"spec\":{\"n\":3,\"f\":null,\"t\":true,\"l\":[\"1\"]}}";
	AUTO_BUFFER bytes = { 0 };
	AUTO_BUFFER out = { 0 };
	struct error err;

	buffer_add_text(&bytes, json);
	ck_assert_int_eq(object_yaml(&bytes, false, &out, &err), 0);
	ck_assert_str_eq(buffer_text(&out),
		"kind: Node\nmetadata:\n  name: a\n  labels:\n    \"on\": \"yes\"\nspec:\n  \"n\": 3\n"
		"  f: null\n  t: true\n  l:\n  - \"1\"\n");
	buffer_clear(&bytes);
	buffer_clear(&out);
	buffer_printf(&bytes, "{\"items\":[%s]}", json);
	ck_assert_int_eq(object_yaml(&bytes, true, &out, &err), 0);
	ck_assert(strstr(buffer_text(&out), "name: a") != NULL);
	buffer_clear(&bytes);
	buffer_add_text(&bytes, "{\"items\":[]}");
	ck_assert_int_eq(object_yaml(&bytes, true, &out, &err), -1);
	buffer_clear(&bytes);
	buffer_add_text(&bytes, "{\"items\":");
	ck_assert_int_eq(object_yaml(&bytes, true, &out, &err), -1);
}
END_TEST

START_TEST(what_is_nested_deeper_than_a_document_goes_is_left_out)
{
	AUTO_BUFFER bytes = { 0 };
	AUTO_BUFFER out = { 0 };
	struct error err;

	for (int i = 0; i < 60; i++)
		buffer_add_text(&bytes, "{\"a\":");
	buffer_add_text(&bytes, "1");
	buffer_add_repeated(&bytes, '}', 60);
	ck_assert_int_eq(object_yaml(&bytes, false, &out, &err), 0);
	ck_assert(strstr(buffer_text(&out), "too deep") != NULL);
}
END_TEST

TEST_MAIN("top/history", TEST(a_sample_is_noted_once), TEST(the_oldest_give_way_and_nodes_that_are_gone_are_forgotten),
	TEST(an_object_is_shown_without_its_managed_fields),
	TEST(what_is_nested_deeper_than_a_document_goes_is_left_out))
