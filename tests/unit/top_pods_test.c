#include "../../src/top/view.h"
#include "objects.h"
#include "suite.h"

enum { NOW = 1772366400 };

static void check(const struct cluster *cluster, const char *node, const char *keys, const char *expected)
{
	struct view_options options = { .zone_labels = node_zone_labels, .node = node, .now = NOW };
	struct error err = { 0 };
	AUTO_TABLE table = { 0 };
	AUTO_BUFFER rows = { 0 };

	ck_assert_int_eq(view_pods.build(cluster, &options, &table, &err), 0);
	objects_rows(&table, keys, NOW, &rows);
	ck_assert_str_eq(buffer_text(&rows), expected);
}

START_TEST(shows_a_pod)
{
	AUTO_CLUSTER cluster;

	cluster_init(&cluster);
	objects_put(&cluster, KIND_POD,
		"{'metadata':{'name':'p','namespace':'n','creationTimestamp':'2026-02-27T12:00:00Z','ownerReferences':["
		"{'apiVersion':'apps/v1','kind':'ReplicaSet','name':'web-1','uid':'r','controller':true}]},"
		"'spec':{'nodeName':'a','priorityClassName':'high','priority':5,'initContainers':[{'name':'i'},"
		"{'name':'s','restartPolicy':'Always'}],'containers':[{'name':'c','resources':{'requests':{'cpu':'100m',"
		"'memory':'64Mi'},'limits':{'memory':'1Gi'}}},{'name':'d'}]},'status':{'phase':'Running','conditions':["
		"{'type':'Ready','status':'True'}],'initContainerStatuses':[{'name':'i','ready':true,'restartCount':9,"
		"'state':{'terminated':{'exitCode':0}}},{'name':'s','ready':true,'restartCount':1,'state':{'running':{}}}],"
		"'containerStatuses':[{'name':'c','ready':true,'restartCount':2,'state':{'running':{}}},"
		"{'name':'d','state':{'running':{}}}]}}");
	objects_put(&cluster, KIND_REPLICA_SET,
		"{'metadata':{'name':'web-1','namespace':'n','ownerReferences':[{'apiVersion':'apps/v1','kind':'Deployment',"
		"'name':'web','uid':'d','controller':true}]}}");
	check(&cluster, NULL, "namespace name ready status restarts node priorityClass priority qosClass cpu memory",
		"n p 2/3 Running 3 a high 5 Burstable 100m|- 64Mi|1024Mi\n");
	check(&cluster, NULL, "created workload", "2d Deployment/web\n");
	objects_put(&cluster, KIND_POD_METRICS,
		"{'metadata':{'name':'p','namespace':'n'},'containers':[{'usage':{'cpu':'1500001n','memory':'2Mi'}}]}");
	check(&cluster, NULL, "cpu memory", "2m|100m|- 2Mi|64Mi|1024Mi\n");
}
END_TEST

START_TEST(what_is_not_known_of_a_pod)
{
	AUTO_CLUSTER cluster;

	cluster_init(&cluster);
	objects_put(&cluster, KIND_POD, "{'metadata':{'name':'p'}}");
	check(&cluster, NULL, "namespace name ready status node priorityClass qosClass cpu memory created workload",
		"- p 0/0 Unknown - - BestEffort 0m|- 0Mi|- ? -\n");
	objects_put(&cluster, KIND_POD_METRICS, "{'metadata':{'name':'other'},'containers':[]}");
	check(&cluster, NULL, "cpu", "?|0m|-\n");
}
END_TEST

START_TEST(pods_are_sorted_and_those_of_a_node_picked)
{
	AUTO_CLUSTER cluster;

	cluster_init(&cluster);
	objects_put(&cluster, KIND_POD, "{'metadata':{'name':'b','namespace':'n'},'spec':{'nodeName':'x'}}");
	objects_put(&cluster, KIND_POD, "{'metadata':{'name':'a','namespace':'o'},'spec':{'nodeName':'x'}}");
	objects_put(&cluster, KIND_POD, "{'metadata':{'name':'a','namespace':'n'},'spec':{'nodeName':'y'}}");
	objects_put(&cluster, KIND_POD, "{'metadata':{'name':'z'},'status':{'phase':'Succeeded'}}");
	check(&cluster, NULL, "namespace name", "- z\nn a\nn b\no a\n");
	check(&cluster, "x", "namespace name", "n b\no a\n");
	check(&cluster, "none", "name", "");
}
END_TEST

#define STATUS(state) "'containerStatuses':[{'name':'c','state':" state "}]"
#define INIT(state)   "'initContainerStatuses':[{'name':'i','state':" state "}]"

static const struct {
	const char *metadata, *status, *text;
	enum role role;
} states[] = {
	{ "", "'phase':'Running','conditions':[{'type':'Ready','status':'True'}]", "Running", ROLE_PLAIN },
	{ "", "'phase':'Running'", "Running", ROLE_WARNING },
	{ "", "'phase':'Pending'", "Pending", ROLE_WARNING },
	{ "", "'phase':'Succeeded'," STATUS("{'terminated':{'exitCode':0,'reason':'Completed'}}"), "Completed",
		ROLE_MUTED },
	{ "", "'phase':'Failed'", "Failed", ROLE_BAD },
	{ "", "'phase':'Failed','reason':'Evicted'," STATUS("{'terminated':{'exitCode':1,'reason':'Error'}}"),
		"Evicted", ROLE_BAD },
	{ "", "'phase':'Failed'," STATUS("{'terminated':{'exitCode':137,'reason':'OOMKilled'}}"), "OOMKilled",
		ROLE_BAD },
	{ "", "'phase':'Unknown'", "Unknown", ROLE_BAD },
	{ "", "'phase':'Pending'," STATUS("{'waiting':{'reason':'ContainerCreating'}}"), "ContainerCreating",
		ROLE_WARNING },
	{ "", "'phase':'Pending'," STATUS("{'waiting':{'reason':'ImagePullBackOff'}}"), "ImagePullBackOff", ROLE_BAD },
	{ "", "'phase':'Running'," STATUS("{'waiting':{'reason':'CrashLoopBackOff'}}"), "CrashLoopBackOff", ROLE_BAD },
	{ "", "'phase':'Running'," STATUS("{'terminated':{'exitCode':3}}"), "ExitCode:3", ROLE_BAD },
	{ "", "'phase':'Running'," STATUS("{'terminated':{'exitCode':0,'reason':'Completed'}}"), "Running",
		ROLE_WARNING },
	{ "",
		"'phase':'Pending'," INIT("{'waiting':{'reason':'CrashLoopBackOff'}}") "," STATUS(
			"{'waiting':{'reason':'PodInitializing'}}"),
		"Init:CrashLoopBackOff", ROLE_BAD },
	{ "", "'phase':'Pending'," INIT("{'terminated':{'exitCode':2}}"), "Init:ExitCode:2", ROLE_BAD },
	{ "", "'phase':'Pending'," INIT("{'terminated':{'exitCode':1,'reason':'Error'}}"), "Init:Error", ROLE_BAD },
	{ ",'deletionTimestamp':'2026-03-01T12:00:00Z'",
		"'phase':'Running'," STATUS("{'waiting':{'reason':'CrashLoopBackOff'}}"), "Terminating", ROLE_MUTED },
};

START_TEST(the_status_is_what_is_the_matter)
{
	struct view_options options = { .zone_labels = node_zone_labels };
	struct error err = { 0 };
	AUTO_CLUSTER cluster;
	AUTO_BUFFER json = { 0 };
	AUTO_TABLE table = { 0 };

	cluster_init(&cluster);
	buffer_printf(&json, "{'metadata':{'name':'p'%s},'status':{%s}}", states[_i].metadata, states[_i].status);
	objects_put(&cluster, KIND_POD, buffer_text(&json));
	ck_assert_int_eq(view_pods.build(&cluster, &options, &table, &err), 0);
	ck_assert_str_eq(objects_cell(&table, 0, "status")->as.text, states[_i].text);
	ck_assert_int_eq(objects_cell(&table, 0, "status")->role, states[_i].role);
}
END_TEST

TEST_MAIN("top/pods", TEST(shows_a_pod), TEST(what_is_not_known_of_a_pod),
	TEST(pods_are_sorted_and_those_of_a_node_picked), TEST_TABLE(the_status_is_what_is_the_matter, states))
