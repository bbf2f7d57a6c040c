/* Plans: what the command line narrows, limits, parity, waves, nodes before and after, and where targets come from. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "objects.h"
#include "planning.h"
#include "suite.h"

enum { NOW = 1772366400 };

#define PROFILE(configs, plugins) \
	"apiVersion: descheduler/v1alpha2\nkind: DeschedulerPolicy\nprofiles:\n- name: p\n  pluginConfig:\n" configs \
	"  plugins: {" plugins "}\n"
#define TAINTS \
	PROFILE("  - {name: RemovePodsViolatingNodeTaints, args: {}}\n", \
		"deschedule: {enabled: [RemovePodsViolatingNodeTaints]}")
#define LOW(args) \
	PROFILE("  - {name: LowNodeUtilization, args: {" args "}}\n", "balance: {enabled: [LowNodeUtilization]}")
#define RELIEVE(args) \
	PROFILE("  - {name: RelieveOverutilizedNodes, args: {" args "}}\n", \
		"balance: {enabled: [RelieveOverutilizedNodes]}")
#define TAINTED  ",'taints':[{'key':'x','effect':'NoSchedule'}]"
#define CORDONED ",'unschedulable':true"

static void put_pod(struct cluster *cluster, const char *name, const char *node, const char *owner, unsigned cpu)
{
	planning_put_pod(cluster,
		&(struct planning_pod){ .name = name, .node = node, .owner = owner, .cpu = cpu, .memory = 64 });
}

static void make(struct plan *plan, const struct cluster *cluster, const struct policy *policy,
	const struct plan_options *options)
{
	plan_make(plan, cluster, policy, options, NOW);
}

/* --- scope and limits --- */

/* Everybody on a and b may go to c, and has to. */
static void put_offenders(struct cluster *cluster, const char *c)
{
	planning_begin(cluster);
	planning_put_node(cluster, "a", 4, 8, 20, "amd64", TAINTED);
	planning_put_node(cluster, "b", 4, 8, 20, "amd64", TAINTED);
	planning_put_node(cluster, "c", 16, 32, 40, "amd64", c);
	put_pod(cluster, "p1", "a", "ReplicaSet/shop", 100);
	put_pod(cluster, "p2", "a", "ReplicaSet/shop", 100);
	put_pod(cluster, "p3", "b", "ReplicaSet/shop", 100);
	planning_put_pod(cluster,
		&(struct planning_pod){
			.name = "q1", .node = "b", .owner = "ReplicaSet/feed", .cpu = 100, .namespace = "batch" });
}

static const char *const some[] = { "batch", "none" };
static const char *const taints_too[] = { "PodLifeTime", "RemovePodsViolatingNodeTaints" };
static const char *const other[] = { "PodLifeTime" };

#define ALL       PASS_UNLIMITED
#define NO_LIMITS .max_moves = ALL, .max_per_node = ALL, .max_per_namespace = ALL

static const struct {
	const char *what;
	struct plan_scope scope;
	const char *text;
	const char *limit; /* said of what is withheld */
} scopes[] = {
	{ "all", { NO_LIMITS }, "p1 a>c\np2 a>c\nq1 b>c\np3 b>c\n", NULL },
	{ "a namespace", { .namespace = "batch", NO_LIMITS }, "q1 b>c\n", NULL },
	{ "all but some", { .excluded_namespaces = some, .excluded_count = 2, NO_LIMITS }, "p1 a>c\np2 a>c\np3 b>c\n",
		NULL },
	{ "a node", { .node = "a", NO_LIMITS }, "p1 a>c\np2 a>c\n", NULL },
	{ "a node and a namespace", { .node = "a", .namespace = "batch", NO_LIMITS }, "", NULL },
	{ "a strategy of two", { .strategies = taints_too, .strategy_count = 2, NO_LIMITS },
		"p1 a>c\np2 a>c\nq1 b>c\np3 b>c\n", NULL },
	{ "another strategy", { .strategies = other, .strategy_count = 1, NO_LIMITS }, "", NULL },
	{ "so many moves", { .max_moves = 1, .max_per_node = ALL, .max_per_namespace = ALL },
		"p1 a>c\np2 a Limit\nq1 b Limit\np3 b Limit\n", "--max-moves 1 is reached" },
	{ "none", { .max_moves = 0, .max_per_node = ALL, .max_per_namespace = ALL },
		"p1 a Limit\np2 a Limit\nq1 b Limit\np3 b Limit\n", "--max-moves 0 is reached" },
	{ "so many of a node", { .max_moves = ALL, .max_per_node = 1, .max_per_namespace = ALL },
		"p1 a>c\np2 a Limit\nq1 b>c\np3 b Limit\n", "--max-moves-per-node 1 is reached" },
	{ "so many of a namespace", { .max_moves = ALL, .max_per_node = ALL, .max_per_namespace = 2 },
		"p1 a>c\np2 a>c\nq1 b>c\np3 b Limit\n", "--max-moves-per-namespace 2 is reached" },
	{ "what is out of scope does not count",
		{ .node = "b", .max_moves = 1, .max_per_node = ALL, .max_per_namespace = ALL }, "q1 b>c\np3 b Limit\n",
		"--max-moves 1 is reached" },
};

START_TEST(moves_what_was_asked_for)
{
	struct plan_options options = planning_options();
	AUTO_CLUSTER cluster;
	AUTO_POLICY policy = { 0 };
	AUTO_PLAN plan = { 0 };
	AUTO_BUFFER text = { 0 };
	size_t moves = 0;

	put_offenders(&cluster, "");
	planning_policy(TAINTS, &policy);
	options.scope = scopes[_i].scope;
	make(&plan, &cluster, &policy, &options);
	ck_assert_msg(strcmp(planning_text(&plan, &text), scopes[_i].text) == 0, "%s:\n%s", scopes[_i].what,
		buffer_text(&text));
	for (size_t i = 0; i < plan.count; i++) {
		const struct plan_move *item = &plan.items[i];

		moves += item->landing.withheld == WITHHELD_NOT;
		ck_assert_int_eq(item->wave > 0, item->landing.withheld == WITHHELD_NOT);
		ck_assert_str_eq(item->strategy, "RemovePodsViolatingNodeTaints");
		ck_assert_str_eq(item->profile, "p");
		if (item->landing.withheld != WITHHELD_NOT)
			ck_assert_str_eq(item->landing.why, scopes[_i].limit);
	}
	ck_assert_uint_eq(plan.moves, moves);
	ck_assert_uint_eq(plan.withheld, plan.count - moves);
	ck_assert_int_eq(planning_node(&plan, "c")->after.pods, (int64_t)moves);
}
END_TEST

/* A namespace in one's own list beats the one that is asked for. */
START_TEST(scope_has_what_it_has)
{
	const struct plan_scope scope = { .namespace = "batch", .excluded_namespaces = some, .excluded_count = 1 };
	AUTO_CLUSTER cluster;

	put_offenders(&cluster, "");
	ck_assert(!plan_scope_has(&scope, planning_pod(&cluster, "q1"), NULL));
	ck_assert(plan_scope_has(&(struct plan_scope){ .namespace = "batch" }, planning_pod(&cluster, "q1"), NULL));
	ck_assert(plan_scope_has(
		&(struct plan_scope){ .strategies = other, .strategy_count = 1 }, planning_pod(&cluster, "q1"), NULL));
	ck_assert(!plan_scope_has(&(struct plan_scope){ .strategies = other, .strategy_count = 1 },
		planning_pod(&cluster, "q1"), "RemoveDuplicates"));
}
END_TEST

/* --- parity --- */

/* Upstream's list is the same whether or not there is a landing; ours says what is wrong with each. */
START_TEST(parity_keeps_upstreams_list)
{
	struct plan_options options = planning_options();
	AUTO_CLUSTER cluster;
	AUTO_POLICY policy = { 0 };
	AUTO_PLAN upstream = { 0 }, ours = { 0 };
	AUTO_BUFFER text = { 0 };

	put_offenders(&cluster, CORDONED);
	planning_policy(TAINTS, &policy);
	make(&ours, &cluster, &policy, &options);
	ck_assert_str_eq(
		planning_text(&ours, &text), "p1 a NoLanding\np2 a NoLanding\nq1 b NoLanding\np3 b NoLanding\n");
	ck_assert_uint_eq(ours.waves, 0);
	options.parity = true;
	make(&upstream, &cluster, &policy, &options);
	ck_assert_str_eq(planning_text(&upstream, &text), "p1 a>-\np2 a>-\nq1 b>-\np3 b>-\n");
	for (size_t i = 0; i < upstream.count; i++)
		ck_assert_str_eq(upstream.items[i].landing.why,
			planning_item(&ours, upstream.items[i].pod->meta.name)->landing.why);
	ck_assert_int_eq(planning_node(&upstream, "a")->after.pods, 0);
	ck_assert_int_eq(planning_node(&ours, "a")->after.pods, 2);
}
END_TEST

/* --- waves --- */

/* One of a workload and one of a node at a time. */
START_TEST(waves_part_what_must_not_go_together)
{
	const struct plan_options options = planning_options();
	AUTO_CLUSTER cluster;
	AUTO_POLICY policy = { 0 };
	AUTO_PLAN plan = { 0 };

	put_offenders(&cluster, "");
	planning_policy(TAINTS, &policy);
	make(&plan, &cluster, &policy, &options);
	for (size_t i = 0; i < plan.count; i++)
		for (size_t k = 0; k < i; k++) {
			bool is_of_one = strcmp(plan.items[i].owner->uid, plan.items[k].owner->uid) == 0;
			bool is_on_one = strcmp(plan.items[i].from, plan.items[k].from) == 0;

			if (is_of_one || is_on_one)
				ck_assert_uint_lt(plan.items[k].wave, plan.items[i].wave);
		}
	ck_assert_uint_eq(planning_item(&plan, "p1")->wave, 1);
	ck_assert_uint_eq(planning_item(&plan, "q1")->wave, 1); /* of another node, and another's */
	ck_assert_uint_eq(planning_item(&plan, "p2")->wave, 2);
	ck_assert_uint_eq(planning_item(&plan, "p3")->wave, 3);
	ck_assert_uint_eq(plan.waves, 3);
}
END_TEST

/* --- nodes --- */

/* 3000m of 4 cpus on a, nothing on b. */
static void put_lopsided(struct cluster *cluster)
{
	char name[16];

	planning_begin(cluster);
	planning_put_node(cluster, "a", 4, 8, 20, "amd64", "");
	planning_put_node(cluster, "b", 4, 8, 20, "amd64", "");
	for (unsigned i = 1; i <= 6; i++) {
		snprintf(name, sizeof(name), "p%u", i);
		put_pod(cluster, name, "a", "ReplicaSet/shop", 500);
	}
}

START_TEST(nodes_before_and_after)
{
	const struct plan_options options = planning_options();
	AUTO_CLUSTER cluster;
	AUTO_POLICY policy = { 0 };
	AUTO_PLAN plan = { 0 };
	const struct plan_node *a, *b;

	put_lopsided(&cluster);
	planning_policy(LOW("thresholds: {cpu: 20}, targetThresholds: {cpu: 50}"), &policy);
	make(&plan, &cluster, &policy, &options);
	ck_assert_uint_eq(plan.moves, 2);
	a = planning_node(&plan, "a");
	b = planning_node(&plan, "b");
	ck_assert_double_eq(node_load_percent(&a->before, LOAD_CPU), 75);
	ck_assert_double_eq(node_load_percent(&a->after, LOAD_CPU), 50);
	ck_assert_double_eq(node_load_percent(&b->before, LOAD_CPU), 0);
	ck_assert_double_eq(node_load_percent(&b->after, LOAD_CPU), 25);
	ck_assert_double_eq(node_load_percent(&a->after, LOAD_PODS), 20);
	ck_assert_double_nan(node_load_percent(&a->after, LOAD_USED_CPU));
	ck_assert_str_eq(a->class, "over");
	ck_assert_str_eq(b->class, "under");
	ck_assert_uint_eq(plan_above_target(&plan, false), 1);
	ck_assert_uint_eq(plan_above_target(&plan, true), 0);
	ck_assert_double_eq(plan_spread_of(&plan, LOAD_CPU, false).deviation, 37.5);
	ck_assert_double_eq(plan_spread_of(&plan, LOAD_CPU, false).most, 75);
	ck_assert_double_eq(plan_spread_of(&plan, LOAD_CPU, true).deviation, 12.5);
	ck_assert_double_eq(plan_spread_of(&plan, LOAD_CPU, true).most, 50);
	ck_assert_double_nan(plan_spread_of(&plan, LOAD_USED_CPU, true).most);
}
END_TEST

/* --- targets --- */

static const struct {
	const char *policy;
	double cpu; /* NAN for none */
	bool are_usage;
} sources[] = {
	{ TAINTS, NAN, false },
	{ LOW("thresholds: {cpu: 20}, targetThresholds: {cpu: 50}"), 50, false },
	{ LOW("thresholds: {cpu: 20}, targetThresholds: {cpu: 50}, metricsUtilization: {source: KubernetesMetrics}"),
		50, true },
	{ LOW("thresholds: {cpu: 20}, targetThresholds: {cpu: 50}, useDeviationThresholds: true"), NAN, false },
	{ RELIEVE("targetThresholds: {cpu: 40}"), 40, false },
	{ PROFILE("  - {name: RelieveOverutilizedNodes, args: {targetThresholds: {cpu: 40}}}\n"
		  "  - {name: LowNodeUtilization, args: {thresholds: {cpu: 20}, targetThresholds: {cpu: 50}}}\n",
		  "balance: {enabled: [RelieveOverutilizedNodes, LowNodeUtilization]}"),
		40, false },
	{ PROFILE("  - {name: RelieveOverutilizedNodes, args: {}}\n"
		  "  - {name: LowNodeUtilization, args: {thresholds: {cpu: 20}, targetThresholds: {cpu: 50}}}\n",
		  "balance: {enabled: [LowNodeUtilization, RelieveOverutilizedNodes]}"),
		50, false },
};

START_TEST(targets_are_those_of_the_policy)
{
	AUTO_POLICY policy = { 0 };
	const struct param_percents *targets;
	bool are_usage = false;

	planning_policy(sources[_i].policy, &policy);
	targets = policy_targets(&policy, &are_usage);
	if (isnan(sources[_i].cpu))
		ck_assert_ptr_null(targets);
	else
		ck_assert_double_eq(targets->items[0].percent, sources[_i].cpu);
	ck_assert(are_usage == sources[_i].are_usage);
}
END_TEST

/* The mean is that of the nodes that the strategy looks at: one that is not ready, or not chosen, is none of them. */
static const struct {
	const char *c, *selector;
	double target;
} deviations[] = {
	{ NULL, "", 37.5 + 10 },
	{ "'labels':{'pool':'x'}},'status':{'allocatable':{'cpu':'4','memory':'8Gi','pods':'20'},'conditions':[{'type':"
	  "'Ready','status':'True'}]}",
		"", 75 / 3.0 + 10 },
	{ "'labels':{'pool':'x'}},'status':{'allocatable':{'cpu':'4','memory':'8Gi','pods':'20'},'conditions':[{'type':"
	  "'Ready','status':'False'}]}",
		"", 37.5 + 10 },
	{ "'labels':{'pool':'x'}},'status':{'allocatable':{'cpu':'4','memory':'8Gi','pods':'20'},'conditions':[{'type':"
	  "'Ready','status':'True'}]}",
		"nodeSelector: pool!=x\n", 37.5 + 10 },
};

START_TEST(targets_around_the_mean)
{
	const struct plan_options options = planning_options();
	AUTO_CLUSTER cluster;
	AUTO_POLICY policy = { 0 };
	AUTO_PLAN plan = { 0 };
	AUTO_BUFFER text = { 0 }, node = { 0 };

	put_lopsided(&cluster);
	if (deviations[_i].c) {
		buffer_printf(&node, "{'metadata':{'name':'c',%s}", deviations[_i].c);
		objects_put(&cluster, KIND_NODE, buffer_text(&node));
	}
	buffer_printf(&text, "%s%s", deviations[_i].selector,
		LOW("thresholds: {cpu: 10}, targetThresholds: {cpu: 10}, useDeviationThresholds: true"));
	planning_policy(buffer_text(&text), &policy);
	make(&plan, &cluster, &policy, &options);
	ck_assert_double_eq_tol(landings_target(plan.landings, "cpu"), deviations[_i].target, 0.001);
	/* As the strategy has it. */
	for (size_t i = 0; i < plan.pass.class_count; i++)
		ck_assert_double_eq_tol(plan.pass.classes[i].shares[0].high, deviations[_i].target, 0.001);
	ck_assert_uint_gt(plan.pass.class_count, 0);
}
END_TEST

/* --- relief --- */

/* Nobody is underutilized: b is above 20 %. */
#define HALF LOW("thresholds: {cpu: 20}, targetThresholds: {cpu: 50}")

static const struct {
	const char *what, *policy;
	bool relieves, parity;
	size_t moves;
} reliefs[] = {
	{ "upstream's policy does nothing", HALF, false, false, 0 },
	{ "unless it is asked to", HALF, true, false, 2 },
	{ "which upstream cannot", HALF, true, true, 0 },
	{ "the policy may say so itself", RELIEVE("targetThresholds: {cpu: 50}"), false, false, 2 },
	{ "and twice is once", RELIEVE("targetThresholds: {cpu: 50}"), true, false, 2 },
	{ "it is not upstream's even then", RELIEVE("targetThresholds: {cpu: 50}"), false, true, 0 },
	{ "at its target it is left alone", RELIEVE("targetThresholds: {cpu: 75}"), false, false, 0 },
	{ "no targets, no relief", TAINTS, true, false, 0 },
};

START_TEST(relieves_who_is_over)
{
	struct plan_options options = planning_options();
	AUTO_CLUSTER cluster;
	AUTO_POLICY policy = { 0 };
	AUTO_PLAN plan = { 0 };

	put_lopsided(&cluster);
	put_pod(&cluster, "q1", "b", "ReplicaSet/feed", 900);
	planning_policy(reliefs[_i].policy, &policy);
	options.relieves = reliefs[_i].relieves;
	options.parity = reliefs[_i].parity;
	make(&plan, &cluster, &policy, &options);
	ck_assert_msg(plan.moves == reliefs[_i].moves, "%s: %zu", reliefs[_i].what, plan.moves);
	for (size_t i = 0; i < plan.count; i++) {
		ck_assert_str_eq(plan.items[i].strategy, "RelieveOverutilizedNodes");
		ck_assert_str_eq(plan.items[i].from, "a");
		ck_assert_ptr_nonnull(strstr(plan.items[i].reason, "a cpu"));
	}
	if (plan.moves)
		ck_assert_double_eq(node_load_percent(&planning_node(&plan, "a")->after, LOAD_CPU), 50);
}
END_TEST

TEST_MAIN("rebalance/plan", TEST_TABLE(moves_what_was_asked_for, scopes), TEST(scope_has_what_it_has),
	TEST(parity_keeps_upstreams_list), TEST(waves_part_what_must_not_go_together), TEST(nodes_before_and_after),
	TEST_TABLE(targets_are_those_of_the_policy, sources), TEST_TABLE(targets_around_the_mean, deviations),
	TEST_TABLE(relieves_who_is_over, reliefs))
