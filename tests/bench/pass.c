/* How long a pass of the descheduler takes, without reading: pass NODES... makes a cluster of each size in memory, runs
 * the built-in policy and one with all ten strategies over it, and plans with them. Prints milliseconds, and by which
 * power of the nodes they grow; judges nothing. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "clusterutils/kube/decode.h"
#include "clusterutils/rebalance/plan.h"
#include "clusterutils/rebalance/run.h"
#include "clusterutils/util/buffer.h"

enum { NOW = 1772366400, REPLICAS = 20, ROUNDS = 3 };

static const char all_ten[] =
	"apiVersion: descheduler/v1alpha2\n"
	"kind: DeschedulerPolicy\n"
	"profiles:\n"
	"- name: all\n"
	"  pluginConfig:\n"
	"  - {name: DefaultEvictor, args: {nodeFit: true, minReplicas: 2}}\n"
	"  - {name: RemovePodsViolatingNodeTaints, args: {}}\n"
	"  - name: RemovePodsViolatingNodeAffinity\n"
	"    args:\n"
	"      nodeAffinityType:\n"
	"      - requiredDuringSchedulingIgnoredDuringExecution\n"
	"      - preferredDuringSchedulingIgnoredDuringExecution\n"
	"  - {name: RemovePodsHavingTooManyRestarts, args: {podRestartThreshold: 100, includingInitContainers: true}}\n"
	"  - {name: RemovePodsViolatingInterPodAntiAffinity, args: {}}\n"
	"  - {name: PodLifeTime, args: {maxPodLifeTimeSeconds: 2500000}}\n"
	"  - {name: RemoveFailedPods, args: {minPodLifetimeSeconds: 3600}}\n"
	"  - {name: RemoveDuplicates, args: {}}\n"
	"  - name: RemovePodsViolatingTopologySpreadConstraint\n"
	"    args: {constraints: [DoNotSchedule, ScheduleAnyway]}\n"
	"  - name: LowNodeUtilization\n"
	"    args:\n"
	"      thresholds: {cpu: 25, memory: 35, pods: 25}\n"
	"      targetThresholds: {cpu: 50, memory: 55, pods: 40}\n"
	"  - {name: HighNodeUtilization, args: {thresholds: {cpu: 10, memory: 10, pods: 10}}}\n"
	"  plugins:\n"
	"    deschedule:\n"
	"      enabled:\n"
	"      - RemovePodsViolatingNodeTaints\n"
	"      - RemovePodsViolatingNodeAffinity\n"
	"      - RemovePodsHavingTooManyRestarts\n"
	"      - RemovePodsViolatingInterPodAntiAffinity\n"
	"      - PodLifeTime\n"
	"      - RemoveFailedPods\n"
	"    balance:\n"
	"      enabled:\n"
	"      - RemoveDuplicates\n"
	"      - RemovePodsViolatingTopologySpreadConstraint\n"
	"      - LowNodeUtilization\n"
	"      - HighNodeUtilization\n";

struct making {
	struct cluster cluster;
	struct decoder decoder;
	struct buffer text;
	unsigned nodes, pods, namespaces;
};

static uint64_t state = 20260301;

static unsigned random_below(unsigned bound)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)(state >> 33) % bound;
}

static void fail(const char *what)
{
	fprintf(stderr, "pass: %s\n", what);
	exit(1);
}

static double milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* --- the cluster --- */

static void put(struct making *m, enum kind kind)
{
	struct error err = { 0 };

	if (decode_object(&m->decoder, kind, WIRE_JSON, buffer_text(&m->text), m->text.length, &m->cluster, &err) < 0)
		fail(err.message);
	buffer_clear(&m->text);
}

/* A quarter are small; one in 40 is tainted, one in 50 cordoned. */
static void put_node(struct making *m, unsigned node)
{
	unsigned cpu = node % 4 == 3 ? 8 : 32;

	buffer_printf(&m->text,
		"{\"metadata\":{\"name\":\"node-%u\",\"labels\":{\"kubernetes.io/arch\":\"%s\",\"kubernetes.io/hostname\":"
		"\"node-%u\",\"topology.kubernetes.io/zone\":\"zone-%u\",\"example.com/rack\":\"rack-%u\"}},\"spec\":{",
		node, cpu == 8 ? "arm64" : "amd64", node, node % 3, node / 40);
	if (node % 50 == 49)
		buffer_add_text(&m->text,
			"\"unschedulable\":true,\"taints\":[{\"key\":\"node.kubernetes.io/unschedulable\",\"effect\":"
			"\"NoSchedule\"}]");
	else if (node % 40 == 7)
		buffer_add_text(
			&m->text, "\"taints\":[{\"key\":\"dedicated\",\"value\":\"gpu\",\"effect\":\"NoSchedule\"}]");
	buffer_printf(&m->text,
		"},\"status\":{\"allocatable\":{\"cpu\":\"%u\",\"memory\":\"%uGi\",\"pods\":\"110\",\"ephemeral-storage\":"
		"\"100Gi\"},\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}",
		cpu, cpu * 4);
	put(m, KIND_NODE);
}

static void add_affinity(struct buffer *text, unsigned workload)
{
	switch (workload % 20) {
	case 0:
	case 1:
		buffer_printf(text,
			",\"affinity\":{\"podAntiAffinity\":{\"requiredDuringSchedulingIgnoredDuringExecution\":[{"
			"\"labelSelector\":{\"matchLabels\":{\"app\":\"service-%u\"}},\"topologyKey\":"
			"\"kubernetes.io/hostname\"}]}}",
			workload);
		break;
	case 2: /* not beside any other of its team, rack by rack */
		buffer_printf(text,
			",\"affinity\":{\"podAntiAffinity\":{\"requiredDuringSchedulingIgnoredDuringExecution\":[{"
			"\"labelSelector\":{\"matchExpressions\":[{\"key\":\"team\",\"operator\":\"In\",\"values\":"
			"[\"team-%u\"]}]},\"topologyKey\":\"example.com/rack\"}]}}",
			workload % 50);
		break;
	case 3:
	case 4:
		buffer_printf(text,
			",\"affinity\":{\"nodeAffinity\":{\"requiredDuringSchedulingIgnoredDuringExecution\":{"
			"\"nodeSelectorTerms\":[{\"matchExpressions\":[{\"key\":\"kubernetes.io/arch\",\"operator\":\"In\","
			"\"values\":[\"%s\"]}]}]}}}",
			workload % 20 == 3 ? "amd64" : "arm64");
		break;
	case 5:
		buffer_printf(text,
			",\"affinity\":{\"nodeAffinity\":{\"preferredDuringSchedulingIgnoredDuringExecution\":[{\"weight\":"
			"10,\"preference\":{\"matchExpressions\":[{\"key\":\"topology.kubernetes.io/zone\",\"operator\":"
			"\"In\",\"values\":[\"zone-%u\"]}]}}]}}",
			workload % 3);
		break;
	case 6:
		buffer_printf(text, ",\"nodeSelector\":{\"kubernetes.io/arch\":\"amd64\"}");
		break;
	case 7: /* fits nowhere: every node is asked */
		buffer_printf(text, ",\"nodeSelector\":{\"example.com/none\":\"%u\"}", workload);
		break;
	default:
		break;
	}
}

static void add_spread(struct buffer *text, unsigned workload)
{
	if (workload % 10 != 8 && workload % 10 != 9)
		return;
	buffer_printf(text,
		",\"topologySpreadConstraints\":[{\"maxSkew\":1,\"topologyKey\":\"%s\",\"whenUnsatisfiable\":\"%s\","
		"\"labelSelector\":{\"matchLabels\":{\"app\":\"service-%u\"}}}]",
		workload % 20 == 9 ? "kubernetes.io/hostname" : "topology.kubernetes.io/zone",
		workload % 10 == 8 ? "DoNotSchedule" : "ScheduleAnyway", workload);
}

/* Three of four pods on every second node, so that there is something to move. */
static void put_pod(struct making *m, unsigned pod)
{
	unsigned workload = pod / REPLICAS, node = random_below(m->nodes);
	bool is_failed = random_below(100) == 0;

	if (node % 2 && random_below(2))
		node--;
	buffer_printf(&m->text,
		"{\"metadata\":{\"name\":\"service-%u-%u\",\"namespace\":\"space-%u\",\"uid\":\"pod-%u\","
		"\"creationTimestamp\":\"2026-0%u-01T08:00:00Z\",\"labels\":{\"app\":\"service-%u\",\"team\":\"team-%u\"},"
		"\"ownerReferences\":[{\"apiVersion\":\"apps/v1\",\"kind\":\"ReplicaSet\",\"name\":\"service-%u\",\"uid\":"
		"\"owner-%u\",\"controller\":true}]},\"spec\":{\"nodeName\":\"node-%u\",\"priority\":%u,\"containers\":[{"
		"\"name\":\"app\",\"image\":\"registry.example.com/service-%u:1\",\"resources\":{\"requests\":{\"cpu\":"
		"\"%um\",\"memory\":\"%uMi\"}}}]",
		workload, pod, workload % m->namespaces, pod, random_below(10) ? 2 : 1, workload, workload % 50,
		workload, workload, node, workload % 3 * 100, workload, 50 + 20 * (workload % 40),
		100 + 50 * (workload % 60));
	add_affinity(&m->text, workload);
	add_spread(&m->text, workload);
	if (workload % 30 == 1)
		buffer_add_text(&m->text, ",\"tolerations\":[{\"key\":\"dedicated\",\"operator\":\"Exists\"}]");
	buffer_printf(&m->text,
		"},\"status\":{\"phase\":\"%s\",\"startTime\":\"2026-02-01T08:00:00Z\",\"containerStatuses\":[{\"name\":"
		"\"app\",\"restartCount\":%u}]}}",
		is_failed ? "Failed" : "Running", random_below(100) ? 0 : 150);
	put(m, KIND_POD);
}

static void make_cluster(struct making *m)
{
	cluster_init(&m->cluster);
	m->cluster.details = CLUSTER_PLACEMENT;
	for (unsigned i = 0; i < m->nodes; i++)
		put_node(m, i);
	for (unsigned i = 0; i < m->pods; i++)
		put_pod(m, i);
	decoder_release(&m->decoder);
	buffer_release(&m->text);
	cluster_pods_in_order(&m->cluster);
}

/* --- the measurement --- */

enum { MOST_STEPS = 16 };

struct times {
	double init, steps[MOST_STEPS], whole;
	size_t evicted[MOST_STEPS], refused;
	uint64_t decisions; /* a digest of them: equal decisions, equal number */
};

static void keep_least(double *least, double value)
{
	if (*least == 0 || value < *least)
		*least = value;
}

static void digest_text(uint64_t *digest, const char *text)
{
	for (; text && *text; text++)
		*digest = (*digest ^ (unsigned char)*text) * UINT64_C(0x100000001B3);
	*digest = *digest * UINT64_C(0x100000001B3);
}

static uint64_t digest_of(const struct pass *pass)
{
	uint64_t digest = UINT64_C(0xCBF29CE484222325);

	for (size_t i = 0; i < pass->decision_count; i++) {
		const struct decision *decision = &pass->decisions[i];

		digest_text(&digest, decision->pod->meta.name);
		digest_text(&digest, decision->strategy);
		digest_text(&digest, decision->reason);
		digest_text(&digest, decision->refused_because);
	}
	for (size_t i = 0; i < pass->note_count; i++)
		digest_text(&digest, pass->notes[i].text);
	return digest;
}

/* What run_policy does with one profile, step by step. */
static size_t run_steps(struct pass *pass, const struct policy_profile *profile, struct times *times)
{
	size_t count = 0;

	pass_begin(pass, profile->name, profile->evictor);
	for (int turn = 0; turn < 2; turn++) {
		const struct policy_step *steps = turn ? profile->balance : profile->deschedule;

		for (size_t i = 0; i < (turn ? profile->balance_count : profile->deschedule_count); i++) {
			const struct strategy *strategy = steps[i].strategy;
			struct error err = { 0 };
			double start = milliseconds();
			uint32_t before = pass->evicted;

			pass_begin_strategy(pass, strategy->name);
			if ((turn ? strategy->balance : strategy->deschedule)(pass, steps[i].args, &err) < 0)
				fail(err.message);
			keep_least(&times->steps[count], milliseconds() - start);
			times->evicted[count++] = pass->evicted - before;
		}
	}
	return count;
}

static void measure(const struct cluster *cluster, const struct policy *policy, struct times *times)
{
	const struct policy_profile *profile = policy->profiles.items;
	struct pass pass;
	double start = milliseconds();

	pass_init(&pass, cluster, NOW);
	keep_least(&times->init, milliseconds() - start);
	pass_select_nodes(&pass, &policy->nodes);
	run_steps(&pass, profile, times);
	times->refused = pass.decision_count - pass.evicted;
	pass_release(&pass);

	pass_init(&pass, cluster, NOW);
	start = milliseconds();
	run_policy(&pass, policy);
	keep_least(&times->whole, milliseconds() - start);
	times->decisions = digest_of(&pass);
	pass_release(&pass);
}

/* The same with each eviction asked about: where the pod would land, and whether that helps. */
static double bench_plan(const struct cluster *cluster, const struct policy *policy)
{
	const struct plan_options options = { .rules = { .memory_line = 90 },
		.scope = { .max_moves = PASS_UNLIMITED,
			.max_per_node = PASS_UNLIMITED,
			.max_per_namespace = PASS_UNLIMITED } };
	double start = milliseconds(), made;
	struct landings *landings = landings_new(cluster, &options.rules, NOW);
	AUTO_PLAN plan = { 0 };

	landings_free(landings);
	printf("  %-44s %9.1f ms\n", "landings_new", milliseconds() - start);
	start = milliseconds();
	plan_make(&plan, cluster, policy, &options, NOW);
	made = milliseconds() - start;
	printf("  %-44s %9.1f ms %7zu moves, %zu withheld\n", "plan_make", made, plan.moves, plan.withheld);
	return made;
}

static void print_steps(const struct policy_step *steps, size_t count, size_t first, const struct times *times)
{
	for (size_t i = 0; i < count; i++)
		printf("  %-44s %9.1f ms %7zu evicted\n", steps[i].strategy->name, times->steps[first + i],
			times->evicted[first + i]);
}

/* What is compared between sizes. */
struct growth {
	double pass, plan;
};

static struct growth bench(const struct cluster *cluster, const char *name, const char *text)
{
	const struct policy_source source = { .file = name, .text = text, .length = strlen(text) };
	const struct policy_profile *profile;
	struct times times = { 0 };
	struct error err = { 0 };
	AUTO_POLICY policy = { 0 };

	if (policy_load(&source, POLICY_LENIENT, &policy, &err) < 0)
		fail(err.message);
	profile = policy.profiles.items;
	for (int round = 0; round < ROUNDS; round++)
		measure(cluster, &policy, &times);
	printf("%s\n  %-44s %9.1f ms\n", name, "pass_init", times.init);
	print_steps(profile->deschedule, profile->deschedule_count, 0, &times);
	print_steps(profile->balance, profile->balance_count, profile->deschedule_count, &times);
	printf("  %-44s %9.1f ms %7zu refused, decisions %016" PRIx64 "\n", "run_policy", times.whole, times.refused,
		times.decisions);
	return (struct growth){ times.whole, bench_plan(cluster, &policy) };
}

enum { PODS_PER_NODE = 30, NAMESPACES = 200 };

static const struct {
	const char *name;
	const char *text; /* NULL: what is built in */
} policies[] = { { "built-in policy", NULL }, { "all ten strategies", all_ten } };

static void bench_size(unsigned nodes, struct growth growth[2])
{
	struct making making = { .nodes = nodes, .pods = nodes * PODS_PER_NODE, .namespaces = NAMESPACES };
	struct rusage before, after;

	make_cluster(&making);
	getrusage(RUSAGE_SELF, &before);
	printf("pass over %u nodes, %u pods, %u namespaces\n", making.nodes, making.pods, making.namespaces);
	for (size_t i = 0; i < 2; i++)
		growth[i] = bench(
			&making.cluster, policies[i].name, policies[i].text ? policies[i].text : policy_builtin());
	getrusage(RUSAGE_SELF, &after);
	printf("memory: %ld MB of the cluster, at most %ld MB with a plan\n", before.ru_maxrss / 1024,
		after.ru_maxrss / 1024);
	cluster_release(&making.cluster);
}

/* 1 is linear, 2 quadratic. */
static double exponent(double less, double more, unsigned small, unsigned large)
{
	return log(more / less) / log((double)large / small);
}

int main(int argc, char **argv)
{
	struct growth growth[2], last[2];
	unsigned last_nodes = 0;

	if (argc < 2)
		fail("usage: pass NODES...");
	for (int i = 1; i < argc; i++) {
		unsigned nodes = (unsigned)strtoul(argv[i], NULL, 10);

		if (!nodes)
			fail("a number of nodes is expected");
		bench_size(nodes, growth);
		for (size_t k = 0; k < 2 && last_nodes && last_nodes != nodes; k++)
			printf("growth from %u to %u nodes, %s: pass ^%.2f, plan ^%.2f\n", last_nodes, nodes,
				policies[k].name, exponent(last[k].pass, growth[k].pass, last_nodes, nodes),
				exponent(last[k].plan, growth[k].plan, last_nodes, nodes));
		memcpy(last, growth, sizeof(last));
		last_nodes = nodes;
	}
	return 0;
}
