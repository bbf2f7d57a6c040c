/* stats/summary: what a kubelet says, and what it may not say. */
#include "../../src/kube/summary.h"

#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "objects.h"
#include "suite.h"

#define POD(namespace, name, node, uid) \
	"{'metadata':{'namespace':'" namespace "','name':'" name "','uid':'" uid "'},'spec':{'nodeName':'" node \
					       "','containers':[{'name':'main'}]},'status':{'phase':'Running'}}"
#define LEVEL(avg10)     "{'total':123456,'avg10':" avg10 ",'avg60':1.5,'avg300':0.07}"
#define PSI(some, full)  "'psi':{'full':" LEVEL(full) ",'some':" LEVEL(some) "}"
#define CPU(nanocores)   "'cpu':{'time':'2026-03-01T11:59:55Z','usageNanoCores':" nanocores "}"
#define MEMORY(bytes)    "'memory':{'workingSetBytes':" bytes "}"
#define NODE             "'node':{'nodeName':'a'," CPU("250000000") "," MEMORY("1048576") "}"
#define REFERENCE        "'podRef':{'name':'p','namespace':'n','uid':'u1'}"
#define OF_POD(content)  "{" NODE ",'pods':[{" REFERENCE "," content "}]}"
#define OF_NODE(content) "{'node':{" content "},'pods':[]}"

static void fill(struct cluster *cluster)
{
	cluster_init(cluster);
	objects_put(cluster, KIND_NODE, "{'metadata':{'name':'a'}}");
	objects_put(cluster, KIND_NODE, "{'metadata':{'name':'b'}}");
	objects_put(cluster, KIND_POD, POD("n", "p", "a", "u1"));
	objects_put(cluster, KIND_POD, POD("n", "q", "b", "u2"));
}

/* In pieces of that many bytes. */
static int read_in(struct cluster *cluster, const char *text, size_t piece, bool is_pods_only, struct error *err)
{
	CLEANUP(summary_release) struct summary summary;
	AUTO_FREE char *json = memory_copy_text(text);
	size_t length = strlen(json);
	int result = 0;

	for (char *quote = json; (quote = strchr(quote, '\''));)
		*quote = '"';
	summary_init(&summary, cluster, "a", cluster_new_stamp(cluster), is_pods_only);
	for (size_t at = 0; result == 0 && at < length; at += piece)
		result = summary_feed(&summary, json + at, length - at < piece ? length - at : piece, err);
	return result < 0 ? -1 : summary_finish(&summary, err);
}

static void read_all(struct cluster *cluster, const char *text)
{
	struct error err = { 0 };

	ck_assert_msg(read_in(cluster, text, 7, false, &err) == 0, "%s: %s", text, err.message);
}

static const struct node_entry *node_of(const struct cluster *cluster, const char *name)
{
	return cluster_find_node(cluster, name);
}

static const struct amounts *usage_of(const struct cluster *cluster, const char *name)
{
	return &((const struct pod *)(const void *)cluster_find(cluster, KIND_POD, name, "n"))->usage;
}

START_TEST(a_whole_answer)
{
	AUTO_CLUSTER cluster;
	const struct node_entry *node;

	fill(&cluster);
	read_all(&cluster,
		"{'node':{'nodeName':'a','cpu':{'time':'2026-03-01T11:59:55Z','usageNanoCores':250000000," PSI(
			"12.34", "0") "},'memory':{'workingSetBytes':1048576," PSI("0.5", "0.25") "},'io':{" PSI("100",
			"99.999") "}},"
				  "'pods':[{" REFERENCE
				  ",'containers':[{'name':'x'," CPU("1000") "," MEMORY("10") "},{'name':'y'," CPU(
					  "200") "," MEMORY("5") "}]," CPU("9999") "," MEMORY("9998") "}]}");
	node = node_of(&cluster, "a");
	ck_assert_int_eq(node->sample.usage.cpu, 250000000);
	ck_assert_int_eq(node->sample.usage.memory, 1048576);
	ck_assert_int_eq(node->sample.taken, 1772366395);
	ck_assert_ptr_nonnull(node->pressure);
	ck_assert_int_eq(node->pressure->of[PRESSURE_CPU].some.avg10, 12340);
	ck_assert_int_eq(node->pressure->of[PRESSURE_CPU].some.avg60, 1500);
	ck_assert_int_eq(node->pressure->of[PRESSURE_CPU].some.avg300, 70);
	ck_assert_int_eq(node->pressure->of[PRESSURE_CPU].some.total, 123456);
	ck_assert_int_eq(node->pressure->of[PRESSURE_CPU].full.avg10, 0);
	ck_assert_int_eq(node->pressure->of[PRESSURE_MEMORY].full.avg10, 250);
	ck_assert_int_eq(node->pressure->of[PRESSURE_IO].some.avg10, 100000);
	ck_assert_int_eq(node->pressure->of[PRESSURE_IO].full.avg10, 99999);
	ck_assert_int_eq(usage_of(&cluster, "p")->cpu, 9999);
	ck_assert_int_eq(usage_of(&cluster, "p")->memory, 9998);
	ck_assert_int_eq(usage_of(&cluster, "q")->cpu, RESOURCE_UNKNOWN);
}
END_TEST

/* Numbers of a node that are none, or that no machine has. */
static const struct {
	const char *cpu, *memory;
	int64_t expected_cpu, expected_memory;
} numbers[] = {
	{ "0", "0", 0, 0 },
	{ "9007199254740992", "1", 9007199254740992, 1 },
	{ "9007199254740994", "1", RESOURCE_UNKNOWN, RESOURCE_UNKNOWN },
	{ "18446744073709551615", "1", RESOURCE_UNKNOWN, RESOURCE_UNKNOWN },
	{ "1e400", "1", RESOURCE_UNKNOWN, RESOURCE_UNKNOWN },
	{ "-1", "1", RESOURCE_UNKNOWN, RESOURCE_UNKNOWN },
	{ "1", "-1", RESOURCE_UNKNOWN, RESOURCE_UNKNOWN },
	{ "null", "1", RESOURCE_UNKNOWN, RESOURCE_UNKNOWN },
	{ "1", "null", RESOURCE_UNKNOWN, RESOURCE_UNKNOWN },
	{ "'7'", "1", RESOURCE_UNKNOWN, RESOURCE_UNKNOWN },
	{ "[7]", "1", RESOURCE_UNKNOWN, RESOURCE_UNKNOWN },
	{ "{'a':1}", "1", RESOURCE_UNKNOWN, RESOURCE_UNKNOWN },
	{ "true", "1", RESOURCE_UNKNOWN, RESOURCE_UNKNOWN },
	{ "2.9", "1.5", 2, 1 },
	{ "1,'usageNanoCores':5", "1", 5, 1 },
};

START_TEST(a_number_is_one_or_unknown)
{
	AUTO_CLUSTER cluster;
	AUTO_BUFFER text = { 0 };

	fill(&cluster);
	buffer_printf(&text, "{'node':{'cpu':{'usageNanoCores':%s},'memory':{'workingSetBytes':%s}},'pods':[]}",
		numbers[_i].cpu, numbers[_i].memory);
	read_all(&cluster, buffer_text(&text));
	ck_assert_int_eq(node_of(&cluster, "a")->sample.usage.cpu, numbers[_i].expected_cpu);
	ck_assert_int_eq(node_of(&cluster, "a")->sample.usage.memory, numbers[_i].expected_memory);
}
END_TEST

static const struct {
	const char *avg10;
	int64_t expected;
} percents[] = {
	{ "0", 0 },
	{ "0.0004", 0 },
	{ "0.0005", 1 },
	{ "100", 100000 },
	{ "100.01", PRESSURE_UNKNOWN },
	{ "-0.01", PRESSURE_UNKNOWN },
	{ "1e300", PRESSURE_UNKNOWN },
	{ "null", PRESSURE_UNKNOWN },
	{ "'50'", PRESSURE_UNKNOWN },
};

START_TEST(a_per_cent_is_one_or_unknown)
{
	AUTO_CLUSTER cluster;
	AUTO_BUFFER text = { 0 };

	fill(&cluster);
	buffer_printf(&text,
		"{'node':{'cpu':{'psi':{'some':{'avg10':%s,'total':1}}},'memory':{'psi':7},'io':null},'pods':[]}",
		percents[_i].avg10);
	read_all(&cluster, buffer_text(&text));
	ck_assert_ptr_nonnull(node_of(&cluster, "a")->pressure);
	ck_assert_int_eq(node_of(&cluster, "a")->pressure->of[PRESSURE_CPU].some.avg10, percents[_i].expected);
	ck_assert_int_eq(node_of(&cluster, "a")->pressure->of[PRESSURE_CPU].full.avg10, PRESSURE_UNKNOWN);
	ck_assert_int_eq(node_of(&cluster, "a")->pressure->of[PRESSURE_MEMORY].some.total, PRESSURE_UNKNOWN);
}
END_TEST

/* A kubelet of a node without PSI (psi=0, or cgroup v1) tells zeros; one before 1.34 tells nothing. */
START_TEST(zeros_are_no_pressure_that_is_known)
{
	AUTO_CLUSTER cluster;

	fill(&cluster);
	read_all(&cluster,
		OF_NODE("'cpu':{'psi':{'full':{'total':0,'avg10':0,'avg60':0,'avg300':0},"
			"'some':{'total':0,'avg10':0,'avg60':0,'avg300':0}}}"));
	ck_assert_ptr_null(node_of(&cluster, "a")->pressure);
	read_all(&cluster, OF_NODE(CPU("1") "," MEMORY("1")));
	ck_assert_ptr_null(node_of(&cluster, "a")->pressure);
	ck_assert_int_eq(node_of(&cluster, "a")->sample.usage.cpu, 1);
}
END_TEST

static const struct {
	const char *text;
	int64_t cpu; /* of the pod p */
} pods[] = {
	{ OF_POD("'containers':[{" CPU("5") "," MEMORY("6") "}]"), 5 },
	{ OF_POD("'containers':[{" CPU("5") "," MEMORY("6") "},{" CPU("2") "," MEMORY("1") "}]"), 7 },
	{ OF_POD("'containers':[{" CPU("5") "," MEMORY("6") "}]," CPU("8")), 5 },
	{ OF_POD("'containers':[{" CPU("5") "," MEMORY("6") "},{}]," CPU("8") "," MEMORY("9")), 8 },
	{ OF_POD("'containers':[{" CPU("5") "," MEMORY("6") "},{}]"), RESOURCE_UNKNOWN },
	{ OF_POD("'containers':[]," CPU("8") "," MEMORY("9")), 8 },
	{ OF_POD("'containers':null," CPU("8") "," MEMORY("9")), 8 },
	{ OF_POD("'containers':{'x':{" CPU("5") "," MEMORY("6") "}}"), RESOURCE_UNKNOWN },
	{ OF_POD("'containers':['x',7]"), RESOURCE_UNKNOWN },
	{ OF_POD(CPU("8")), RESOURCE_UNKNOWN },
	{ "{'pods':[{" REFERENCE "," CPU("8") "," MEMORY("9") "}]," NODE "}", 8 },
	{ "{" NODE ",'pods':[{'podRef':{'name':'p','namespace':'n'}," CPU("8") "," MEMORY("9") "}]}", 8 },
	{ "{" NODE ",'pods':[{'podRef':{'name':'p','namespace':'n','uid':'u9'}," CPU("8") "," MEMORY("9") "}]}",
		RESOURCE_UNKNOWN },
	{ "{" NODE ",'pods':[{'podRef':{'name':'p'}," CPU("8") "," MEMORY("9") "}]}", RESOURCE_UNKNOWN },
	{ "{" NODE ",'pods':[{'podRef':['p','n']," CPU("8") "," MEMORY("9") "}]}", RESOURCE_UNKNOWN },
	{ "{" NODE ",'pods':[{}]}", RESOURCE_UNKNOWN },
	{ "{" NODE ",'pods':[]}", RESOURCE_UNKNOWN },
	{ "{" NODE ",'pods':null}", RESOURCE_UNKNOWN },
	{ "{" NODE "}", RESOURCE_UNKNOWN },
};

START_TEST(a_pod_is_what_its_cgroup_says_or_the_sum_of_its_containers)
{
	AUTO_CLUSTER cluster;

	fill(&cluster);
	read_all(&cluster, pods[_i].text);
	ck_assert_int_eq(usage_of(&cluster, "p")->cpu, pods[_i].cpu);
	ck_assert_int_eq(node_of(&cluster, "a")->sample.usage.cpu, 250000000);
}
END_TEST

START_TEST(nobody_speaks_for_another_nodes_pods)
{
	AUTO_CLUSTER cluster;

	fill(&cluster);
	read_all(&cluster,
		"{" NODE ",'pods':[{'podRef':{'name':'q','namespace':'n','uid':'u2'}," CPU("8") "," MEMORY(
			"9") "},{'podRef':{'name':'new','namespace':'n','uid':'u3'}," CPU("8") "," MEMORY("9") "}]}");
	ck_assert_int_eq(usage_of(&cluster, "q")->cpu, RESOURCE_UNKNOWN);
	ck_assert_uint_eq(cluster.samples.count, 0);
}
END_TEST

/* What fails says nothing of the node. */
static const struct {
	const char *text, *part;
} failures[] = {
	{ "", "an empty answer" },
	{ "[]", "an empty answer" },
	{ "{}", "no summary" },
	{ "7", "line 1" },
	{ "Forbidden", "line 1" },
	{ "{'kind':'Status','status':'Failure'}", "no summary" },
	{ "{'node':7,'pods':[]}", "no summary" },
	{ "{'node':[],'pods':[]}", "no summary" },
	{ "{" NODE ",'pods':[7]}", "not an object" },
	{ "{" NODE ",'pods':[{'podRef':}]}", "invalid JSON" },
	{ "{" NODE ",'pods':[", "it ends in the middle" },
	{ "{" NODE ",'pods':[]", "it ends in the middle" },
	{ "{" NODE ",'pods':[]}{" NODE ",'pods':[]}", "no summary" },
	{ "{'node':{'nodeName':'b'," CPU("1") "," MEMORY("1") "},'pods':[]}", "of another node" },
	{ "{'node':{" CPU("NaN") "},'pods':[]}", "invalid JSON" },
	{ "{'node':{" CPU("+1") "},'pods':[]}", "invalid JSON" },
};

START_TEST(what_is_no_summary_is_an_error)
{
	AUTO_CLUSTER cluster;
	struct error err = { 0 };

	fill(&cluster);
	for (size_t piece = 1; piece < 1000; piece += 499) {
		ck_assert_int_eq(read_in(&cluster, failures[_i].text, piece, false, &err), -1);
		ck_assert_msg(strstr(err.message, failures[_i].part), "%s: %s", failures[_i].text, err.message);
		ck_assert_int_eq(node_of(&cluster, "a")->sample.usage.cpu, RESOURCE_UNKNOWN);
	}
	ck_assert(!cluster.has_node_samples);
}
END_TEST

START_TEST(an_answer_without_an_end_has_one)
{
	AUTO_CLUSTER cluster;
	CLEANUP(summary_release) struct summary summary;
	static const char begin[] = "{\"pods\":[", pod[] = "{\"podRef\":{\"name\":\"x\",\"namespace\":\"y\"}},";
	struct error err = { 0 };
	size_t sent = sizeof(begin) - 1;

	fill(&cluster);
	summary_init(&summary, &cluster, "a", 1, false);
	ck_assert_int_eq(summary_feed(&summary, begin, sizeof(begin) - 1, &err), 0);
	while (summary_feed(&summary, pod, sizeof(pod) - 1, &err) == 0 && sent < 2 * (size_t)SUMMARY_MAX)
		sent += sizeof(pod) - 1;
	ck_assert_uint_le(sent, SUMMARY_MAX);
	ck_assert_str_eq(err.message, "the answer is larger than 16 MiB");
}
END_TEST

START_TEST(of_one_namespace_the_node_as_a_whole_says_nothing)
{
	AUTO_CLUSTER cluster;
	struct error err = { 0 };

	fill(&cluster);
	ck_assert_int_eq(read_in(&cluster,
				 "{'node':{'cpu':{'usageNanoCores':1," PSI("3", "0") "}," MEMORY(
					 "1") "},'pods':[{" REFERENCE "," CPU("8") "," MEMORY("9") "}]}",
				 4096, true, &err),
		0);
	ck_assert(!cluster.has_node_samples);
	ck_assert_int_eq(node_of(&cluster, "a")->pressure->of[PRESSURE_CPU].some.avg10, 3000);
	ck_assert_int_eq(usage_of(&cluster, "p")->cpu, 8);
}
END_TEST

/* It was removed while its kubelet was asked. */
START_TEST(a_node_that_has_gone_does_not_come_back)
{
	AUTO_CLUSTER cluster;

	cluster_init(&cluster);
	read_all(&cluster, "{" NODE ",'pods':[]}");
	ck_assert_uint_eq(cluster_node_count(&cluster), 0);
}
END_TEST

TEST_MAIN("summary", TEST(a_whole_answer), TEST_TABLE(a_number_is_one_or_unknown, numbers),
	TEST_TABLE(a_per_cent_is_one_or_unknown, percents), TEST(zeros_are_no_pressure_that_is_known),
	TEST_TABLE(a_pod_is_what_its_cgroup_says_or_the_sum_of_its_containers, pods),
	TEST(nobody_speaks_for_another_nodes_pods), TEST_TABLE(what_is_no_summary_is_an_error, failures),
	TEST(an_answer_without_an_end_has_one), TEST(of_one_namespace_the_node_as_a_whole_says_nothing),
	TEST(a_node_that_has_gone_does_not_come_back))
