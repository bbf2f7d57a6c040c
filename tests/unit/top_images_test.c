#include "../../src/top/view.h"
#include "objects.h"
#include "suite.h"

#define NODE(name, arch, images) \
	"{'metadata':{'name':'" name "'},'status':{'nodeInfo':{'architecture':'" arch "'},'images':[" images "]}}"
#define POD(name, node, phase, images) \
	"{'metadata':{'name':'" name "'},'spec':{'nodeName':'" node "','containers':[" images \
	"]},'status':{'phase':'" phase "'}}"
#define IMAGE(name, bytes) "{'names':['" name "'],'sizeBytes':" bytes "}"
#define RUNS(name)         "{'image':'" name "'}"
#define HUB                "docker.io/library/"
#define DIGEST             "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER_DIGEST       "@sha256:ff23456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void check(const struct cluster *cluster, const char *node, const char *keys, const char *expected)
{
	struct view_options options = { .zone_labels = node_zone_labels, .node = node };
	struct error err = { 0 };
	AUTO_TABLE table = { 0 };
	AUTO_BUFFER rows = { 0 };

	ck_assert_int_eq(view_images.build(cluster, &options, &table, &err), 0);
	objects_rows(&table, keys, 0, &rows);
	ck_assert_str_eq(buffer_text(&rows), expected);
}

START_TEST(images_of_nodes_and_pods_meet_in_their_full_names)
{
	AUTO_CLUSTER cluster;

	cluster_init(&cluster);
	objects_put(&cluster, KIND_NODE,
		NODE("a", "amd64", IMAGE(HUB "nginx:1.27", "1048576") "," IMAGE("quay.io/x/y:2", "1024")));
	objects_put(&cluster, KIND_NODE, NODE("b", "arm64", IMAGE(HUB "nginx:1.27", "2097152")));
	objects_put(&cluster, KIND_NODE, NODE("c", "arm64", IMAGE("nginx:1.27", "512")));
	objects_put(&cluster, KIND_POD, POD("p", "a", "Running", RUNS("nginx:1.27")));
	objects_put(&cluster, KIND_POD,
		POD("q", "b", "Running", RUNS("docker.io/nginx:1.27") "," RUNS("index.docker.io/nginx:1.27")));
	objects_put(&cluster, KIND_POD, POD("r", "c", "Pending", RUNS("library/nginx:1.27") "," RUNS("redis")));
	objects_put(&cluster, KIND_POD, POD("s", "c", "Succeeded", RUNS("nginx:1.27")));
	check(&cluster, NULL, "name size nodes pods arches remark",
		HUB "nginx:1.27 2Mi 3 3 amd64,arm64 -\n"
		    "quay.io/x/y:2 1Ki 1 0 amd64 -\n" HUB "redis:latest ? 0 1 - latest\n");
	check(&cluster, "b", "name size nodes pods arches", HUB "nginx:1.27 2Mi 1 1 arm64\n");
}
END_TEST

/* The kubelet tells the digest first, then the tags: the first tag is the name, the others are known too. */
START_TEST(one_image_has_several_names)
{
	AUTO_CLUSTER cluster;

	cluster_init(&cluster);
	objects_put(&cluster, KIND_NODE,
		NODE("a", "amd64",
			"{'names':['" HUB "nginx" DIGEST "','" HUB "nginx:1.27','" HUB
			"nginx:latest'],'sizeBytes':1024},"
			"{'names':['quay.io/x" DIGEST "'],'sizeBytes':512},{'names':['','" HUB
			"busybox:1'],'sizeBytes':256},"
			"{'names':[''],'sizeBytes':128}"));
	objects_put(&cluster, KIND_POD, POD("p", "a", "Running", RUNS("nginx")));
	objects_put(&cluster, KIND_POD, POD("q", "a", "Running", RUNS("nginx:1.27")));
	objects_put(&cluster, KIND_POD, POD("r", "a", "Running", RUNS("nginx" DIGEST)));
	objects_put(&cluster, KIND_POD, POD("s", "a", "Running", RUNS("nginx:any" DIGEST)));
	objects_put(&cluster, KIND_POD, POD("t", "a", "Running", RUNS("nginx" OTHER_DIGEST)));
	check(&cluster, NULL, "name size nodes pods remark",
		HUB "nginx:1.27 1Ki 1 4 -\n"
		    "quay.io/x" DIGEST " 512 1 0 no tag\n" HUB "busybox:1 256 1 0 -\n" HUB "nginx" OTHER_DIGEST
		    " ? 0 1 no tag\n");
}
END_TEST

/* A tag that has moved on: what a node calls by it is its own. */
START_TEST(a_name_of_its_own_comes_before_that_of_another)
{
	AUTO_CLUSTER cluster;

	cluster_init(&cluster);
	objects_put(
		&cluster, KIND_NODE, NODE("a", "amd64", "{'names':['" HUB "x:1','" HUB "x:latest'],'sizeBytes':1024}"));
	objects_put(&cluster, KIND_NODE, NODE("b", "amd64", IMAGE(HUB "x:latest", "2048")));
	objects_put(&cluster, KIND_POD, POD("p", "a", "Running", RUNS("x")));
	check(&cluster, NULL, "name nodes pods", HUB "x:latest 1 1\n" HUB "x:1 1 0\n");
}
END_TEST

START_TEST(a_node_counts_once_an_image)
{
	AUTO_CLUSTER cluster;

	cluster_init(&cluster);
	objects_put(
		&cluster, KIND_NODE, NODE("a", "amd64", IMAGE("nginx", "1024") "," IMAGE(HUB "nginx:latest", "1024")));
	check(&cluster, NULL, "name nodes", HUB "nginx:latest 1\n");
}
END_TEST

START_TEST(a_pod_counts_once_an_image)
{
	AUTO_CLUSTER cluster;

	cluster_init(&cluster);
	objects_put(&cluster, KIND_POD,
		POD("p", "", "Running",
			RUNS("x:1") "," RUNS("docker.io/library/x:1") "," RUNS("x:1") ",{},{'image':''}"));
	check(&cluster, NULL, "name pods", HUB "x:1 1\n");
}
END_TEST

/* The kubelet tells of 50 at most: from then on there may be more. */
START_TEST(from_fifty_images_on_there_may_be_more)
{
	for (int count = 49; count <= 51; count++) {
		AUTO_CLUSTER cluster;
		AUTO_BUFFER json = { 0 };
		AUTO_TABLE table = { 0 };
		struct view_options options = { .zone_labels = node_zone_labels };
		struct error err = { 0 };

		cluster_init(&cluster);
		buffer_add_text(&json, "{'metadata':{'name':'a'},'status':{'images':[");
		for (int i = 0; i < count; i++)
			buffer_printf(&json, "%s{'names':['x:%d'],'sizeBytes':1}", i ? "," : "", i);
		buffer_add_text(&json, "]}}");
		objects_put(&cluster, KIND_NODE, buffer_text(&json));
		objects_put(&cluster, KIND_NODE, "{'metadata':{'name':'b'}}");
		ck_assert_int_eq(view_images.build(&cluster, &options, &table, &err), 0);
		ck_assert_uint_eq(table.row_count, (size_t)count);
		ck_assert_int_eq(objects_cell(&table, 0, "nodes")->at_least, count >= 50);
		ck_assert_int_eq(objects_cell(&table, 0, "nodesTruncated")->as.flag, count >= 50);
	}
}
END_TEST

TEST_MAIN("top/images", TEST(images_of_nodes_and_pods_meet_in_their_full_names), TEST(one_image_has_several_names),
	TEST(a_name_of_its_own_comes_before_that_of_another), TEST(a_node_counts_once_an_image),
	TEST(a_pod_counts_once_an_image), TEST(from_fifty_images_on_there_may_be_more))
