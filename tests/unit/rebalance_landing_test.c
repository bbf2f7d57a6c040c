/* Landings: each reason to withhold, what an undo leaves behind (nothing), pending pods, and equal nodes. */
#include <stdio.h>
#include <string.h>

#include "objects.h"
#include "planning.h"
#include "suite.h"

enum { NOW = 1772366400 }; /* 2026-03-01T12:00:00Z */

static void free_landings(struct landings **landings)
{
	landings_free(*landings);
}

#define AUTO_LANDINGS CLEANUP(free_landings) struct landings *

static const char *name_of(const struct node *node)
{
	return node ? node->meta.name : "-";
}

/* --- reasons --- */

#define DB(replicas) \
	"{'metadata':{'name':'db','namespace':'web','uid':'o-db'},'spec':{'replicas':" replicas \
	",'selector':{'matchLabels':{'app':'db'}}}}"
#define RS \
	"{'metadata':{'name':'shop','namespace':'web','uid':'o-shop','ownerReferences':[{'apiVersion':'apps/v1','kind':" \
	"'Deployment','name':'front','uid':'o-front','controller':true}]},'spec':{'replicas':1,'selector':{'matchLabels':{" \
	"'app':'shop'}}}}"
#define FRONT(strategy) \
	"{'metadata':{'name':'front','namespace':'web','uid':'o-front'},'spec':{'replicas':1,'selector':{'matchLabels':{" \
	"'app':'shop'}}" strategy "}}"
#define BUDGET(status) \
	"{'metadata':{'name':'few','namespace':'web'},'spec':{'selector':{'matchLabels':{'app':'shop'}}},'status':{" status \
	"}}"

/* The pod p is on node a, of 4 cpus, 8 GiB and 20 pods, beside one that takes half of it; b is as large, and empty. */
/* At 11:50 and before; the newest of a workload counts. */
static const struct came_back came_back[] = {
	{ "web", "ReplicaSet", "shop", NOW - 1800 },
	{ "web", "ReplicaSet", "shop", NOW - 600 },
	{ "other", "ReplicaSet", "other", NOW - 60 },
	{ "web", "StatefulSet", "other", NOW - 60 },
};

static const struct {
	const char *what;
	struct planning_pod pod; /* its owner ReplicaSet/shop where not given */
	const char *b_spec, *b_arch;
	unsigned b_pods;
	struct {
		enum kind kind;
		const char *text;
	} objects[3];
	struct landing_rules rules;
	double cpu_target;
	enum landing_wish wish;
	enum withheld withheld;
	const char *why, *to;
} cases[] = {
	{ .what = "nothing is against it", .to = "b" },
	{ .what = "nobody makes it again",
		.pod = { .owner = "" },
		.withheld = WITHHELD_NO_CONTROLLER,
		.why = "no controller would make it again" },
	{ .what = "a static pod",
		.pod = { .owner = "Node/a", .meta = ",'annotations':{'kubernetes.io/config.mirror':'x'}" },
		.withheld = WITHHELD_NO_CONTROLLER,
		.why = "no controller would make it again" },
	{ .what = "the system's",
		.pod = { .spec = ",'priority':2000000000" },
		.withheld = WITHHELD_CRITICAL,
		.why = "its priority 2000000000 is the system's" },
	{ .what = "one less is not", .pod = { .spec = ",'priority':1999999999" }, .to = "b" },
	{ .what = "a DaemonSet's",
		.pod = { .owner = "DaemonSet/agent" },
		.withheld = WITHHELD_RETURNS,
		.why = "its DaemonSet would start it again on a" },
	{ .what = "its directory",
		.pod = { .spec = ",'volumes':[{'name':'v','persistentVolumeClaim':{'claimName':'c'}}]" },
		.objects = { { KIND_PERSISTENT_VOLUME_CLAIM,
				     "{'metadata':{'name':'c','namespace':'web','annotations':{"
				     "'pv.kubernetes.io/bind-completed':'yes'}},'spec':{'volumeName':'v1'}}" },
			{ KIND_PERSISTENT_VOLUME,
				"{'metadata':{'name':'v1'},'spec':{'hostPath':{'path':'/d'},'claimRef':{'name':'c',"
				"'namespace':'web'}}}" } },
		.withheld = WITHHELD_VOLUME,
		.why = "its volume v1 is a directory on a" },
	{ .what = "no node takes it",
		.pod = { .spec = ",'nodeSelector':{'gpu':'yes'}" },
		.withheld = WITHHELD_NO_LANDING,
		.why = "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector." },
	{ .what = "no other node takes it",
		.b_spec = ",'unschedulable':true",
		.withheld = WITHHELD_RETURNS,
		.why = "it would return to a",
		.to = "a" },
	{ .what = "it may return where it is to start anew",
		.b_spec = ",'unschedulable':true",
		.wish = LANDING_RESTART,
		.to = "a" },
	{ .what = "another architecture",
		.b_arch = "arm64",
		.withheld = WITHHELD_ARCHITECTURE,
		.why = "b is arm64, where shop:1 was never seen",
		.to = "b" },
	{ .what = "another architecture, which is allowed",
		.b_arch = "arm64",
		.rules = { .allows_any_arch = true },
		.to = "b" },
	{ .what = "above its target",
		.cpu_target = 24,
		.withheld = WITHHELD_TARGET,
		.why = "b cpu would be 25%, target 24%",
		.to = "b" },
	{ .what = "at its target", .cpu_target = 25, .to = "b" },
	{ .what = "above the line of safety",
		.rules = { .memory_line = 10 },
		.pod = { .memory = 2048 },
		.withheld = WITHHELD_MEMORY,
		.why = "b memory would be 25% requested, the line of safety is 10%",
		.to = "b" },
	{ .what = "at the line of safety", .rules = { .memory_line = 25 }, .pod = { .memory = 2048 }, .to = "b" },
	{ .what = "no relief",
		.b_pods = 1,
		.wish = LANDING_RELIEVE,
		.withheld = WITHHELD_NO_GAIN,
		.why = "b would be as full as a is (75%)",
		.to = "b" },
	{ .what = "no relief, and none is wanted", .b_pods = 1, .to = "b" },
	{ .what = "relief", .wish = LANDING_RELIEVE, .to = "b" },
	{ .what = "it has just come",
		.pod = { .meta = ",'creationTimestamp':'2026-03-01T11:50:00Z'" },
		.rules = { .cool_down = 601 },
		.withheld = WITHHELD_RECENT,
		.why = "it was made 10m ago, less than --cool-down",
		.to = "b" },
	{ .what = "it has been there long enough",
		.pod = { .meta = ",'creationTimestamp':'2026-03-01T11:50:00Z'" },
		.rules = { .cool_down = 600 },
		.to = "b" },
	{ .what = "another of its workload came back",
		.pod = { .owner = "ReplicaSet/shop" },
		.rules = { .came_back = came_back, .came_back_count = sizeof(came_back) / sizeof(came_back[0]) },
		.withheld = WITHHELD_CAME_BACK,
		.why = "a pod of ReplicaSet/shop was moved and came back 10m ago, less than --return-cool-down",
		.to = "b" },
	{ .what = "others came back",
		.pod = { .owner = "ReplicaSet/other" },
		.rules = { .came_back = came_back, .came_back_count = sizeof(came_back) / sizeof(came_back[0]) },
		.to = "b" },
	{ .what = "the only replica",
		.pod = { .owner = "StatefulSet/db" },
		.objects = { { KIND_STATEFUL_SET, DB("1") } },
		.withheld = WITHHELD_SINGLE,
		.why = "it is the only replica, and StatefulSet/db starts no other before it goes",
		.to = "b" },
	{ .what = "the only replica, which is allowed",
		.pod = { .owner = "StatefulSet/db" },
		.objects = { { KIND_STATEFUL_SET, DB("1") } },
		.rules = { .allows_single = true },
		.to = "b" },
	{ .what = "one of two",
		.pod = { .owner = "StatefulSet/db" },
		.objects = { { KIND_STATEFUL_SET, DB("2") } },
		.to = "b" },
	{ .what = "the only replica, of what starts another first",
		.objects = { { KIND_REPLICA_SET, RS }, { KIND_DEPLOYMENT, FRONT("") } },
		.to = "b" },
	{ .what = "the only replica, of what stops it first",
		.objects = { { KIND_REPLICA_SET, RS }, { KIND_DEPLOYMENT, FRONT(",'strategy':{'type':'Recreate'}") } },
		.withheld = WITHHELD_SINGLE,
		.why = "it is the only replica, and Deployment/front starts no other before it goes",
		.to = "b" },
	{ .what = "its budget",
		.objects = { { KIND_POD_DISRUPTION_BUDGET, BUDGET("'currentHealthy':2,'desiredHealthy':2") } },
		.withheld = WITHHELD_BUDGET,
		.why = "budget few allows no disruption (2 of 2 wanted are healthy)",
		.to = "b" },
	{ .what = "a budget that allows it",
		.objects = { { KIND_POD_DISRUPTION_BUDGET, BUDGET("'disruptionsAllowed':1") } },
		.to = "b" },
};

static void put_case(struct cluster *cluster, int i)
{
	struct planning_pod pod = cases[i].pod;

	planning_begin(cluster);
	planning_put_node(cluster, "a", 4, 8, 20, "amd64", "");
	planning_put_node(cluster, "b", 4, 8, cases[i].b_pods ? cases[i].b_pods : 20,
		cases[i].b_arch ? cases[i].b_arch : "amd64", cases[i].b_spec ? cases[i].b_spec : "");
	planning_put_pod(cluster,
		&(struct planning_pod){
			.name = "stays", .node = "a", .owner = "ReplicaSet/other", .cpu = 2000, .memory = 4096 });
	pod.name = "p";
	pod.node = "a";
	pod.owner = pod.owner ? pod.owner : "ReplicaSet/shop";
	pod.cpu = 1000;
	planning_put_pod(cluster, &pod);
	for (size_t k = 0; k < 3 && cases[i].objects[k].text; k++)
		objects_put(cluster, cases[i].objects[k].kind, cases[i].objects[k].text);
}

START_TEST(says_why_it_withholds)
{
	const struct param_percent target = { "cpu", cases[_i].cpu_target };
	const struct param_percents targets = { true, 1, (void *)(uintptr_t)&target };
	struct landing_rules rules = cases[_i].rules;
	AUTO_CLUSTER cluster;
	struct landing landing;
	const struct pod *pod;

	put_case(&cluster, _i);
	rules.targets = cases[_i].cpu_target > 0 ? &targets : NULL;
	pod = planning_pod(&cluster, "p");
	AUTO_LANDINGS landings = landings_new(&cluster, &rules, NOW);
	landings_move(landings, pod, cases[_i].wish, &landing);
	ck_assert_msg(landing.withheld == cases[_i].withheld, "%s: %s (%s)", cases[_i].what,
		withheld_names[landing.withheld], landing.why ? landing.why : "");
	if (cases[_i].why)
		ck_assert_str_eq(landing.why, cases[_i].why);
	else
		ck_assert_ptr_null(landing.why);
	ck_assert_str_eq(name_of(landing.to), cases[_i].to ? cases[_i].to : "-");
	/* It has moved if and only if nothing was against it. */
	ck_assert_str_eq(
		name_of(landings_node_of(landings, pod)), cases[_i].withheld == WITHHELD_NOT ? cases[_i].to : "a");
	ck_assert_int_eq(landings_load_of(landings, "a")->pods,
		cases[_i].withheld == WITHHELD_NOT && strcmp(cases[_i].to, "b") == 0 ? 1 : 2);
}
END_TEST

/* A reason that has no case above is a test that was forgotten; what the command line limits is a plan's. */
START_TEST(each_reason_has_a_case)
{
	for (enum withheld reason = WITHHELD_NOT; reason < WITHHELD_COUNT; reason++) {
		size_t count = reason == WITHHELD_LIMIT;

		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
			count += cases[i].withheld == reason;
		ck_assert_msg(count > 0, "%s", withheld_names[reason]);
		ck_assert(reason == WITHHELD_NOT || *withheld_names[reason]);
		ck_assert(reason == WITHHELD_NOT || *withheld_texts[reason]);
	}
}
END_TEST

/* --- one after the other --- */

static const struct landing_rules no_rules;

/* The room that the first has taken is not there for the second. */
START_TEST(who_moves_takes_room)
{
	AUTO_CLUSTER cluster;
	struct landing landing;

	planning_begin(&cluster);
	planning_put_node(&cluster, "a", 4, 8, 20, "amd64", "");
	planning_put_node(&cluster, "b", 1, 8, 20, "amd64", "");
	for (const char *name = "p\0q\0"; *name; name += 2)
		planning_put_pod(&cluster,
			&(struct planning_pod){
				.name = name, .node = "a", .owner = "ReplicaSet/shop", .cpu = 700, .memory = 4000 });
	AUTO_LANDINGS landings = landings_new(&cluster, &no_rules, NOW);
	landings_move(landings, planning_pod(&cluster, "p"), LANDING_MOVE, &landing);
	ck_assert_int_eq(landing.withheld, WITHHELD_NOT);
	/* Of pods, cpu and memory the fullest: 97.7 % of memory on a, 70 % of cpu on b. */
	ck_assert_double_eq_tol(landing.gain, 8000 / 81.92 - 70, 0.01);
	landings_move(landings, planning_pod(&cluster, "q"), LANDING_MOVE, &landing);
	ck_assert_int_eq(landing.withheld, WITHHELD_RETURNS);
	landings_undo(landings, planning_pod(&cluster, "p"));
	landings_move(landings, planning_pod(&cluster, "q"), LANDING_MOVE, &landing);
	ck_assert_int_eq(landing.withheld, WITHHELD_NOT);
}
END_TEST

/* Of equal nodes the first by name stands for all, but what is asked of the landing is asked of all: the scheduler may
 * draw the other one. */
START_TEST(equal_nodes_must_all_be_good)
{
	static const struct {
		const char *arch;
		enum withheld withheld;
	} ties[] = { { "amd64", WITHHELD_NOT }, { "arm64", WITHHELD_ARCHITECTURE } };

	for (size_t i = 0; i < 2; i++) {
		AUTO_CLUSTER cluster;
		struct landing landing;

		planning_begin(&cluster);
		planning_put_node(&cluster, "a", 4, 8, 20, "amd64", ",'unschedulable':true");
		planning_put_node(&cluster, "c", 4, 8, 20, ties[i].arch, "");
		planning_put_node(&cluster, "b", 4, 8, 20, "amd64", "");
		planning_put_pod(&cluster,
			&(struct planning_pod){ .name = "p", .node = "a", .owner = "ReplicaSet/shop", .cpu = 700 });
		AUTO_LANDINGS landings = landings_new(&cluster, &no_rules, NOW);
		landings_move(landings, planning_pod(&cluster, "p"), LANDING_MOVE, &landing);
		ck_assert_int_eq(landing.withheld, ties[i].withheld);
		ck_assert_str_eq(name_of(landing.to), "b");
		ck_assert_str_eq(name_of(landing.runner_up), "c");
		ck_assert_int_eq(landing.points, landing.runner_up_points);
	}
}
END_TEST

/* --- pods that are pending --- */

static void put_pending(struct cluster *cluster, const char *name, unsigned cpu, const char *spec)
{
	planning_put_pod(cluster,
		&(struct planning_pod){ .name = name,
			.node = "",
			.owner = "ReplicaSet/late",
			.cpu = cpu,
			.spec = spec,
			.status = "'phase':'Pending'" });
}

/* They are there first. */
START_TEST(pending_pods_take_their_room_before)
{
	AUTO_CLUSTER cluster;
	struct landing landing;

	planning_begin(&cluster);
	planning_put_node(&cluster, "a", 4, 8, 20, "amd64", "");
	planning_put_node(&cluster, "b", 1, 8, 20, "amd64", "");
	planning_put_pod(
		&cluster, &(struct planning_pod){ .name = "p", .node = "a", .owner = "ReplicaSet/shop", .cpu = 900 });
	put_pending(&cluster, "late", 500, ",'nodeSelector':{'kubernetes.io/hostname':'b'}");
	put_pending(&cluster, "gated", 500, ",'schedulingGates':[{'name':'g'}]");
	put_pending(&cluster, "large", 64000, "");
	AUTO_LANDINGS landings = landings_new(&cluster, &no_rules, NOW);
	ck_assert_uint_eq(landings_settled(landings), 1);
	ck_assert_uint_eq(landings_waiting(landings), 1);
	ck_assert_str_eq(name_of(landings_node_of(landings, planning_pod(&cluster, "late"))), "b");
	ck_assert_ptr_null(landings_node_of(landings, planning_pod(&cluster, "gated")));
	landings_move(landings, planning_pod(&cluster, "p"), LANDING_MOVE, &landing);
	ck_assert_int_eq(landing.withheld, WITHHELD_RETURNS);
}
END_TEST

/* Who is more important, or has waited, takes what a pod leaves before that pod can come back; who is less does not. */
static const struct {
	const char *late_spec;
	const char *late_at;
	const char *p_lands;
	size_t waiting;
} rooms[] = {
	{ ",'priority':10", "a", "-", 0 },
	{ ",'priority':5", "a", "-", 0 },
	{ ",'priority':4", "-", "a", 1 },
};

START_TEST(room_goes_to_whom_it_is_due)
{
	AUTO_CLUSTER cluster;
	struct landing landing;

	planning_begin(&cluster);
	planning_put_node(&cluster, "a", 4, 8, 20, "amd64", "");
	planning_put_node(&cluster, "b", 1, 8, 20, "amd64", "");
	planning_put_pod(&cluster,
		&(struct planning_pod){
			.name = "p", .node = "a", .owner = "ReplicaSet/shop", .cpu = 3000, .spec = ",'priority':5" });
	put_pending(&cluster, "late", 2000, rooms[_i].late_spec);
	planning_put_pod(
		&cluster, &(struct planning_pod){ .name = "x", .node = "a", .owner = "ReplicaSet/x", .cpu = 800 });
	AUTO_LANDINGS landings = landings_new(&cluster, &no_rules, NOW);
	ck_assert_uint_eq(landings_waiting(landings), 1);
	landings_move(landings, planning_pod(&cluster, "p"), LANDING_RESTART, &landing);
	/* Withheld where it found no room: then nothing has changed for anybody. */
	ck_assert_str_eq(name_of(landing.to), rooms[_i].p_lands);
	ck_assert_uint_eq(landings_waiting(landings), 1);
	ck_assert_str_eq(name_of(landings_node_of(landings, planning_pod(&cluster, "p"))), "a");
	/* By force, they come. */
	landings_force(landings, planning_pod(&cluster, "p"), &landing);
	ck_assert_str_eq(name_of(landings_node_of(landings, planning_pod(&cluster, "late"))), rooms[_i].late_at);
	ck_assert_uint_eq(landings_waiting(landings), rooms[_i].waiting);
	landings_undo(landings, planning_pod(&cluster, "p"));
	ck_assert_uint_eq(landings_waiting(landings), 1);
	ck_assert_uint_eq(landings_settled(landings), 0);
	ck_assert_ptr_null(landings_node_of(landings, planning_pod(&cluster, "late")));
}
END_TEST

/* --- asking and undoing leave nothing behind --- */

struct dice {
	uint64_t state;
};

static unsigned roll(struct dice *dice, unsigned bound)
{
	dice->state = dice->state * 6364136223846793005U + 1442695040888963407U;
	return (unsigned)(dice->state >> 33) % bound;
}

static void put_random(struct dice *dice, struct cluster *cluster)
{
	static const char *const specs[] = { "", "", "", ",'priority':7", ",'priority':3",
		",'affinity':{'podAntiAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':[{'labelSelector':{"
		"'matchLabels':{'app':'s1'}},'topologyKey':'kubernetes.io/hostname'}]}}",
		",'topologySpreadConstraints':[{'maxSkew':1,'topologyKey':'kubernetes.io/hostname','whenUnsatisfiable':"
		"'DoNotSchedule','labelSelector':{'matchLabels':{'app':'s0'}}}]" };
	static const char *const owners[] = { "ReplicaSet/s0", "ReplicaSet/s1", "StatefulSet/s2", "" };
	unsigned nodes = 2 + roll(dice, 3), pods = 3 + roll(dice, 14);
	char name[16], node[16];

	planning_begin(cluster);
	for (unsigned i = 0; i < nodes; i++) {
		snprintf(name, sizeof(name), "n%u", i);
		planning_put_node(cluster, name, 1 + roll(dice, 4), 2 + roll(dice, 6), 3 + roll(dice, 12), "amd64",
			roll(dice, 10) ? "" : ",'unschedulable':true");
	}
	objects_put(cluster, KIND_POD_DISRUPTION_BUDGET,
		"{'metadata':{'name':'b','namespace':'web'},'spec':{'selector':{'matchLabels':{'app':'s0'}}},'status':{"
		"'disruptionsAllowed':1}}");
	for (unsigned i = 0; i < pods; i++) {
		bool is_pending = roll(dice, 5) == 0;

		snprintf(name, sizeof(name), "p%u", i);
		snprintf(node, sizeof(node), "n%u", roll(dice, nodes));
		planning_put_pod(cluster,
			&(struct planning_pod){ .name = name,
				.node = is_pending ? "" : node,
				.owner = owners[roll(dice, 4)],
				.cpu = 100 * roll(dice, 12),
				.memory = 256 * roll(dice, 8),
				.meta = roll(dice, 12) ? NULL : ",'deletionTimestamp':'2026-03-01T11:59:59Z'",
				.spec = specs[roll(dice, 7)],
				.status = is_pending ? "'phase':'Pending'" : NULL });
	}
}

/* All that can be seen: loads, places, and how each pod would be answered. */
static const char *dump(struct landings *landings, const struct cluster *cluster, struct buffer *out)
{
	size_t count;
	const struct node_load *loads = landings_loads(landings, &count);

	buffer_clear(out);
	buffer_printf(out, "%zu settled, %zu waiting\n", landings_settled(landings), landings_waiting(landings));
	for (size_t i = 0; i < count; i++)
		buffer_printf(out, "%s %lld %lld %lld\n", loads[i].node->meta.name, (long long)loads[i].request.cpu,
			(long long)loads[i].request.memory, (long long)loads[i].pods);
	for (size_t i = 0; i < cluster_count(cluster, KIND_POD); i++) {
		const struct pod *pod = cluster_pod(cluster, i);
		struct landing landing;
		bool is_spent;
		const char *budget = landings_budget(landings, pod, &is_spent);

		landings_ask(landings, pod, LANDING_MOVE, &landing);
		buffer_printf(out, "%s at %s: %s to %s (%lld), then %s (%lld); %s %s\n", pod->meta.name,
			name_of(landings_node_of(landings, pod)), landing.why ? landing.why : "goes",
			name_of(landing.to), (long long)landing.points, name_of(landing.runner_up),
			(long long)landing.runner_up_points, budget ? budget : "", is_spent ? "spent" : "");
	}
	return buffer_text(out);
}

static void move_and_undo(struct dice *dice, struct landings *landings, const struct cluster *cluster)
{
	const struct pod *moved[32];
	unsigned count = 0, steps = 1 + roll(dice, 8);

	for (unsigned i = 0; i < steps; i++) {
		const struct pod *pod = cluster_pod(cluster, roll(dice, (unsigned)cluster_count(cluster, KIND_POD)));
		enum landing_wish wish = (enum landing_wish)roll(dice, 3);
		struct landing landing;
		bool is_again = false;

		for (unsigned k = 0; k < count; k++)
			is_again = is_again || moved[k] == pod;
		if (is_again || !landings_node_of(landings, pod))
			continue;
		/* By force it has gone, whatever is said against it. */
		if (roll(dice, 3) == 0) {
			landings_force(landings, pod, &landing);
			moved[count++] = pod;
			continue;
		}
		landings_move(landings, pod, wish, &landing);
		ck_assert((landing.withheld == WITHHELD_NOT) == !landing.why);
		if (landing.withheld == WITHHELD_NOT)
			moved[count++] = pod;
	}
	while (count)
		landings_undo(landings, moved[--count]);
}

enum { CLUSTERS = 300 };

START_TEST(undo_leaves_nothing_behind)
{
	for (unsigned seed = 1; seed <= CLUSTERS; seed++) {
		struct dice dice = { seed };
		AUTO_CLUSTER cluster;
		AUTO_BUFFER before = { 0 }, asked = { 0 }, after = { 0 };

		put_random(&dice, &cluster);
		AUTO_LANDINGS landings = landings_new(&cluster, &no_rules, NOW);
		dump(landings, &cluster, &before);
		/* The dump itself asks. */
		ck_assert_msg(strcmp(dump(landings, &cluster, &asked), buffer_text(&before)) == 0,
			"seed %u: asked\n%sasked again\n%s", seed, buffer_text(&before), buffer_text(&asked));
		for (unsigned turn = 0; turn < 5; turn++) {
			move_and_undo(&dice, landings, &cluster);
			ck_assert_msg(strcmp(dump(landings, &cluster, &after), buffer_text(&before)) == 0,
				"seed %u, turn %u: before\n%safter\n%s", seed, turn, buffer_text(&before),
				buffer_text(&after));
		}
	}
}
END_TEST

/* A scheduler that knows nothing of evictions gives the same answer for the pod as it stands. */
START_TEST(options_agree_with_the_landing)
{
	for (unsigned seed = 1; seed <= CLUSTERS / 3; seed++) {
		struct dice dice = { seed };
		AUTO_CLUSTER cluster;

		put_random(&dice, &cluster);
		AUTO_LANDINGS landings = landings_new(&cluster, &no_rules, NOW);
		for (size_t i = 0; i < cluster_count(&cluster, KIND_POD); i++) {
			const struct pod *pod = cluster_pod(&cluster, i);
			AUTO_SCHED_TRIAL trial = { 0 };
			const struct landing_option *options;
			const struct sched_verdict *best;
			struct landing landing;

			landings_ask(landings, pod, LANDING_RESTART, &landing);
			if (!landing.to)
				continue;
			options = landings_options(landings, pod, LANDING_RESTART, &trial);
			best = sched_trial_best(&trial);
			ck_assert_ptr_nonnull(best);
			ck_assert_str_eq(name_of(best->node), name_of(landing.to));
			/* One alone is not scored where it is taken. */
			if (trial.feasible_count > 1)
				ck_assert_int_eq(best->total, landing.points);
			ck_assert_ptr_eq(options[best - trial.verdicts].verdict, best);
		}
	}
}
END_TEST

TEST_MAIN("rebalance/landing", TEST_TABLE(says_why_it_withholds, cases), TEST(each_reason_has_a_case),
	TEST(who_moves_takes_room), TEST(equal_nodes_must_all_be_good), TEST(pending_pods_take_their_room_before),
	TEST_TABLE(room_goes_to_whom_it_is_due, rooms), TEST(undo_leaves_nothing_behind),
	TEST(options_agree_with_the_landing))
