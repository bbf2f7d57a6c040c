/* The scheduler's cases come from upstream (tests/fixtures); here is what they do not show: pods that come and go, what
 * was promised to them, questions about pods as they are and as new, and that a quick answer is a full one's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/sched/scheduler.h"
#include "clusterutils/util/buffer.h"
#include "objects.h"
#include "planning.h"
#include "suite.h"

static void free_scheduler(struct scheduler **scheduler)
{
	scheduler_free(*scheduler);
}

#define AUTO_SCHEDULER CLEANUP(free_scheduler) struct scheduler *

static const char *name_of(const struct node *node)
{
	return node ? node->meta.name : "-";
}

/* Everything that a trial says. */
static void tell(const struct sched_trial *trial, struct buffer *out)
{
	const struct sched_verdict *best = sched_trial_best(trial);

	buffer_printf(out, "%zu feasible, best %s, error %s\n", trial->feasible_count, best ? name_of(best->node) : "-",
		trial->error ? trial->error : "-");
	for (size_t i = 0; i < trial->everywhere_count; i++)
		buffer_printf(out, "everywhere: %s\n", trial->everywhere[i].reason);
	for (size_t i = 0; i < trial->count; i++) {
		const struct sched_verdict *verdict = &trial->verdicts[i];

		buffer_printf(out, "%s %s %lld", name_of(verdict->node), verdict->is_feasible ? "yes" : "no",
			(long long)verdict->total);
		for (size_t k = 0; k < verdict->refusal_count; k++)
			buffer_printf(out, "; %s: %s%s", sched_plugin_names[verdict->refusals[k].plugin],
				verdict->refusals[k].reason, verdict->refusals[k].is_unresolvable ? "!" : "");
		for (size_t k = 0; verdict->scores && k < SCHED_PLUGIN_COUNT; k++)
			if (verdict->scores[k] != SCHED_NO_SCORE)
				buffer_printf(out, " %s=%lld", sched_plugin_names[k], (long long)verdict->scores[k]);
		buffer_add_char(out, '\n');
	}
	sched_trial_message(trial, out);
	buffer_add_char(out, '\n');
}

static void ask(struct scheduler *scheduler, const struct pod *pod, unsigned options, struct buffer *out)
{
	AUTO_SCHED_TRIAL trial;

	scheduler_try(scheduler, pod, options, &trial);
	tell(&trial, out);
}

/* --- as it is, and as new --- */

static void put_two_nodes(struct cluster *cluster)
{
	planning_begin(cluster);
	planning_put_node(cluster, "a", 4, 8, 20, "amd64", "");
	planning_put_node(cluster, "b", 4, 8, 20, "amd64", "");
}

START_TEST(as_new_it_is_bound_to_no_node)
{
	AUTO_CLUSTER cluster;
	AUTO_BUFFER bound = { 0 };
	AUTO_SCHED_TRIAL fresh = { 0 }, as_it_is = { 0 };
	const struct pod *pod;

	put_two_nodes(&cluster);
	planning_put_pod(
		&cluster, &(struct planning_pod){ .name = "p", .node = "a", .owner = "ReplicaSet/s", .cpu = 100 });
	pod = planning_pod(&cluster, "p");
	AUTO_SCHEDULER scheduler = scheduler_new(&cluster);
	scheduler_remove(scheduler, pod);
	scheduler_try(scheduler, pod, 0, &as_it_is);
	ck_assert_uint_eq(as_it_is.feasible_count, 1);
	ck_assert(as_it_is.verdicts[0].is_feasible);
	sched_trial_message(&as_it_is, &bound);
	ck_assert_str_eq(
		buffer_text(&bound), "0/2 nodes are available: 1 node(s) didn't match the requested node name.");
	scheduler_try(scheduler, pod, SCHED_AS_NEW, &fresh);
	ck_assert_uint_eq(fresh.feasible_count, 2);
	ck_assert_int_eq(fresh.verdicts[0].total, fresh.verdicts[1].total);
	ck_assert_str_eq(name_of(sched_trial_best(&fresh)->node), "a"); /* of equals the first */
}
END_TEST

/* --- coming and going --- */

START_TEST(place_and_remove_are_each_others_reverse)
{
	AUTO_CLUSTER cluster;
	const struct pod *p, *q;
	AUTO_BUFFER empty = { 0 }, full = { 0 }, again = { 0 };

	put_two_nodes(&cluster);
	planning_put_pod(
		&cluster, &(struct planning_pod){ .name = "p", .node = "", .owner = "ReplicaSet/s", .cpu = 3000 });
	planning_put_pod(
		&cluster, &(struct planning_pod){ .name = "q", .node = "", .owner = "ReplicaSet/s", .cpu = 3000 });
	p = planning_pod(&cluster, "p");
	q = planning_pod(&cluster, "q");
	AUTO_SCHEDULER scheduler = scheduler_new(&cluster);
	ask(scheduler, q, SCHED_AS_NEW, &empty);
	ck_assert_ptr_null(scheduler_node_of(scheduler, p));
	scheduler_remove(scheduler, p); /* it runs nowhere: nothing happens */
	scheduler_place(scheduler, p, "nowhere");
	ck_assert_ptr_null(scheduler_node_of(scheduler, p));
	scheduler_place(scheduler, p, "a");
	scheduler_place(scheduler, p, "b"); /* it runs already */
	ck_assert_str_eq(name_of(scheduler_node_of(scheduler, p)), "a");
	ask(scheduler, q, SCHED_AS_NEW, &full);
	ck_assert_ptr_nonnull(strstr(buffer_text(&full), "a no 0; NodeResourcesFit: Insufficient cpu"));
	scheduler_remove(scheduler, p);
	scheduler_remove(scheduler, p);
	ask(scheduler, q, SCHED_AS_NEW, &again);
	ck_assert_str_eq(buffer_text(&again), buffer_text(&empty));
}
END_TEST

/* Whoever is placed is new; who comes back to where the cluster has it is as it is there. */
START_TEST(a_pod_that_is_leaving_counts_for_no_spread)
{
	AUTO_CLUSTER cluster;
	const struct pod *leaver, *p;
	AUTO_BUFFER before = { 0 }, back = { 0 }, placed = { 0 };

	put_two_nodes(&cluster);
	planning_put_pod(&cluster,
		&(struct planning_pod){ .name = "leaver",
			.node = "a",
			.owner = "ReplicaSet/s",
			.meta = ",'deletionTimestamp':'2026-03-01T11:59:59Z'" });
	planning_put_pod(&cluster,
		&(struct planning_pod){ .name = "p",
			.node = "",
			.owner = "ReplicaSet/s",
			.spec = ",'topologySpreadConstraints':[{'maxSkew':1,'topologyKey':'kubernetes.io/hostname',"
				"'whenUnsatisfiable':'DoNotSchedule','labelSelector':{'matchLabels':{'app':'s'}}}]" });
	leaver = planning_pod(&cluster, "leaver");
	p = planning_pod(&cluster, "p");
	AUTO_SCHEDULER scheduler = scheduler_new(&cluster);
	ask(scheduler, p, SCHED_AS_NEW, &before);
	ck_assert_ptr_nonnull(strstr(buffer_text(&before), "2 feasible"));
	scheduler_remove(scheduler, leaver);
	scheduler_put_back(scheduler, leaver, "a");
	ask(scheduler, p, SCHED_AS_NEW, &back);
	ck_assert_str_eq(buffer_text(&back), buffer_text(&before));
	scheduler_remove(scheduler, leaver);
	scheduler_place(scheduler, leaver, "a");
	ask(scheduler, p, SCHED_AS_NEW, &placed);
	ck_assert_ptr_nonnull(strstr(buffer_text(&placed), "1 feasible, best b"));
}
END_TEST

/* --- promises --- */

#define CLAIM(name) \
	"{'metadata':{'name':'" name "','namespace':'web'},'spec':{'storageClassName':'late','accessModes':[" \
	"'ReadWriteOnce'],'resources':{'requests':{'storage':'1Gi'}}},'status':{'phase':'Pending'}}"

#define BY_HAND "kubernetes.io/no-provisioner"

/* Two claims, and on b the one volume that either could have. */
static void put_claims(struct cluster *cluster, const char *provisioner)
{
	static const char *const users[][2] = { { "p", "one" }, { "q", "two" }, { "p2", "one" } };
	AUTO_BUFFER class = { 0 };

	put_two_nodes(cluster);
	buffer_printf(&class,
		"{'metadata':{'name':'late'},'provisioner':'%s','volumeBindingMode':'WaitForFirstConsumer'}",
		provisioner);
	objects_put(cluster, KIND_STORAGE_CLASS, buffer_text(&class));
	objects_put(cluster, KIND_PERSISTENT_VOLUME,
		"{'metadata':{'name':'v'},'spec':{'capacity':{'storage':'2Gi'},'accessModes':['ReadWriteOnce'],"
		"'storageClassName':'late','local':{'path':'/d'},'nodeAffinity':{'required':{'nodeSelectorTerms':[{"
		"'matchExpressions':[{'key':'kubernetes.io/hostname','operator':'In','values':['b']}]}]}}},'status':{"
		"'phase':'Available'}}");
	objects_put(cluster, KIND_PERSISTENT_VOLUME_CLAIM, CLAIM("one"));
	objects_put(cluster, KIND_PERSISTENT_VOLUME_CLAIM, CLAIM("two"));
	for (size_t i = 0; i < 3; i++) {
		AUTO_BUFFER spec = { 0 };

		buffer_printf(
			&spec, ",'volumes':[{'name':'d','persistentVolumeClaim':{'claimName':'%s'}}]", users[i][1]);
		planning_put_pod(cluster,
			&(struct planning_pod){ .name = users[i][0],
				.node = "",
				.owner = "ReplicaSet/s",
				.cpu = 100,
				.spec = buffer_text(&spec),
				.status = "'phase':'Pending'" });
	}
}

static size_t feasible(struct scheduler *scheduler, const struct pod *pod)
{
	AUTO_SCHED_TRIAL trial;

	scheduler_try(scheduler, pod, SCHED_AS_NEW, &trial);
	return trial.feasible_count;
}

START_TEST(what_was_promised_is_given_back)
{
	AUTO_CLUSTER cluster;
	const struct pod *p, *q;

	put_claims(&cluster, BY_HAND);
	p = planning_pod(&cluster, "p");
	q = planning_pod(&cluster, "q");
	AUTO_SCHEDULER scheduler = scheduler_new(&cluster);
	for (int turn = 0; turn < 3; turn++) {
		ck_assert_uint_eq(feasible(scheduler, p), 1);
		ck_assert_uint_eq(feasible(scheduler, q), 1);
		scheduler_place(scheduler, p, "b");
		ck_assert_uint_eq(feasible(scheduler, q), 0);
		scheduler_remove(scheduler, p);
	}
	scheduler_place(scheduler, q, "b");
	ck_assert_uint_eq(feasible(scheduler, p), 0);
}
END_TEST

/* Two pods of one claim: it keeps its volume while one of them is there. */
START_TEST(a_promise_holds_while_somebody_uses_the_claim)
{
	AUTO_CLUSTER cluster;
	const struct pod *users[2], *q;

	for (int first = 0; first < 2; first++) {
		put_claims(&cluster, BY_HAND);
		users[0] = planning_pod(&cluster, "p");
		users[1] = planning_pod(&cluster, "p2");
		q = planning_pod(&cluster, "q");
		AUTO_SCHEDULER scheduler = scheduler_new(&cluster);
		scheduler_place(scheduler, users[0], "b");
		ck_assert_uint_eq(feasible(scheduler, users[1]), 1);
		scheduler_place(scheduler, users[1], "b");
		scheduler_remove(scheduler, users[first]);
		ck_assert_msg(feasible(scheduler, q) == 0, "the volume was given away while %s has it",
			users[1 - first]->meta.name);
		scheduler_remove(scheduler, users[1 - first]);
		ck_assert_uint_eq(feasible(scheduler, q), 1);
		if (first == 0)
			cluster_release(&cluster);
	}
}
END_TEST

/* A volume that is still to be made is made where the first of its pods runs. */
START_TEST(what_is_to_be_made_is_made_on_one_node)
{
	AUTO_CLUSTER cluster;
	const struct pod *p, *p2;

	put_claims(&cluster, "example.com/maker");
	p = planning_pod(&cluster, "p");
	p2 = planning_pod(&cluster, "p2");
	AUTO_SCHEDULER scheduler = scheduler_new(&cluster);
	ck_assert_uint_eq(feasible(scheduler, p), 2);
	scheduler_place(scheduler, p, "a");
	ck_assert_uint_eq(feasible(scheduler, p2), 1);
	scheduler_place(scheduler, p2, "a");
	scheduler_remove(scheduler, p);
	ck_assert_uint_eq(feasible(scheduler, p), 1);
	scheduler_remove(scheduler, p2);
	ck_assert_uint_eq(feasible(scheduler, p), 2);
}
END_TEST

/* --- messages --- */

START_TEST(message_counts_nodes_by_reason)
{
	AUTO_CLUSTER cluster;
	AUTO_BUFFER message = { 0 };
	AUTO_SCHED_TRIAL quick = { 0 }, full = { 0 };
	const struct pod *pod;

	planning_begin(&cluster);
	planning_put_node(&cluster, "a", 1, 1, 20, "amd64", "");
	planning_put_node(&cluster, "b", 1, 8, 20, "amd64", "");
	planning_put_node(&cluster, "c", 8, 8, 20, "amd64", ",'unschedulable':true");
	planning_put_node(&cluster, "d", 1, 8, 20, "amd64", ",'taints':[{'key':'x','effect':'NoExecute'}]");
	planning_put_pod(&cluster,
		&(struct planning_pod){
			.name = "p", .node = "", .owner = "ReplicaSet/s", .cpu = 3000, .memory = 4096 });
	pod = planning_pod(&cluster, "p");
	AUTO_SCHEDULER scheduler = scheduler_new(&cluster);
	scheduler_try(scheduler, pod, SCHED_AS_NEW, &quick);
	sched_trial_message(&quick, &message);
	ck_assert_str_eq(buffer_text(&message),
		"0/4 nodes are available: 1 Insufficient memory, 1 node(s) had untolerated taint(s), 1 node(s) were "
		"unschedulable, 2 Insufficient cpu.");
	/* All reasons do not change the words: upstream stops at the first plugin. */
	buffer_clear(&message);
	scheduler_try(scheduler, pod, SCHED_AS_NEW | SCHED_ALL_REASONS, &full);
	ck_assert_uint_eq(full.verdicts[3].refusal_count, 2);
	sched_trial_message(&full, &message);
	ck_assert_ptr_nonnull(strstr(buffer_text(&message), "2 Insufficient cpu."));
	/* A cluster without nodes. */
	buffer_clear(&message);
	{
		AUTO_CLUSTER none;
		AUTO_SCHED_TRIAL trial = { 0 };

		planning_begin(&none);
		planning_put_pod(&none, &(struct planning_pod){ .name = "p", .node = "", .owner = "" });
		AUTO_SCHEDULER empty = scheduler_new(&none);
		scheduler_try(empty, planning_pod(&none, "p"), SCHED_AS_NEW, &trial);
		ck_assert_ptr_null(sched_trial_best(&trial));
		sched_trial_message(&trial, &message);
		ck_assert_str_eq(buffer_text(&message), "0/0 nodes are available:");
	}
}
END_TEST

/* --- random clusters: pods that came and went leave the state that a fresh scheduler finds --- */

enum { MOST_PODS = 24, STEPS = 40, CLUSTERS = 400 };

struct dice {
	uint64_t state;
};

static unsigned roll(struct dice *dice, unsigned bound)
{
	dice->state = dice->state * 6364136223846793005U + 1442695040888963407U;
	return (unsigned)(dice->state >> 33) % bound;
}

/* What a pod is, but for where. */
struct made_pod {
	char name[16], node[16]; /* node "" for none */
	const char *owner, *meta, *spec;
	unsigned cpu, memory;
};

struct made_cluster {
	unsigned nodes, pods;
	struct made_pod items[MOST_PODS];
	unsigned sizes[6][3];
	const char *specs[6];
};

#define TERM(app, key) "{'labelSelector':{'matchLabels':{'app':'" app "'}},'topologyKey':'" key "'}"
#define HOST           "kubernetes.io/hostname"

static const char *const pod_specs[] = { "", "", "", "",
	",'affinity':{'podAntiAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':[" TERM("s0", HOST) "]}}",
	",'affinity':{'podAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':[" TERM("s1", HOST) "]}}",
	",'affinity':{'podAffinity':{'preferredDuringSchedulingIgnoredDuringExecution':[{'weight':9,'podAffinityTerm':" TERM(
		"s0", HOST) "}]},'podAntiAffinity':{'preferredDuringSchedulingIgnoredDuringExecution':[{'weight':5,"
			    "'podAffinityTerm':" TERM("s1", HOST) "}]}}",
	",'topologySpreadConstraints':[{'maxSkew':1,'topologyKey':'" HOST
	"','whenUnsatisfiable':'DoNotSchedule','labelSelector':{'matchLabels':{'app':'s0'}}}]",
	",'topologySpreadConstraints':[{'maxSkew':1,'topologyKey':'" HOST
	"','whenUnsatisfiable':'ScheduleAnyway','labelSelector':{'matchLabels':{'app':'s1'}}}]",
	",'tolerations':[{'operator':'Exists'}]",
	",'volumes':[{'name':'d','persistentVolumeClaim':{'claimName':'once'}}]",
	",'volumes':[{'name':'d','persistentVolumeClaim':{'claimName':'shared'}}]",
	",'initContainers':[{'name':'i','image':'i','resources':{'requests':{'cpu':'2'}}}],'overhead':{'memory':'300Mi'}",
	",'hostNetwork':true,'initContainers':[{'name':'i','image':'i','restartPolicy':'Always','ports':[{'containerPort':"
	"80,'hostPort':80}]}]" };

static const char *const node_specs[] = { "", "", "", "", ",'unschedulable':true",
	",'taints':[{'key':'x','effect':'NoSchedule'}]", ",'taints':[{'key':'y','effect':'PreferNoSchedule'}]" };

static void invent(struct dice *dice, struct made_cluster *made)
{
	static const char *const owners[] = { "ReplicaSet/s0", "ReplicaSet/s1", "StatefulSet/s2" };

	*made = (struct made_cluster){ .nodes = 1 + roll(dice, 6), .pods = 1 + roll(dice, MOST_PODS) };
	for (unsigned i = 0; i < made->nodes; i++) {
		made->sizes[i][0] = 1 + roll(dice, 6);
		made->sizes[i][1] = 1 + roll(dice, 8);
		made->sizes[i][2] = 2 + roll(dice, 10);
		made->specs[i] = node_specs[roll(dice, sizeof(node_specs) / sizeof(node_specs[0]))];
	}
	for (unsigned i = 0; i < made->pods; i++) {
		struct made_pod *pod = &made->items[i];

		snprintf(pod->name, sizeof(pod->name), "p%u", i);
		if (roll(dice, 4))
			snprintf(pod->node, sizeof(pod->node), "n%u", roll(dice, made->nodes));
		pod->owner = owners[roll(dice, 3)];
		pod->meta = roll(dice, 12) ? NULL : ",'deletionTimestamp':'2026-03-01T11:59:59Z'";
		pod->spec = pod_specs[roll(dice, sizeof(pod_specs) / sizeof(pod_specs[0]))];
		pod->cpu = 100 * roll(dice, 14);
		pod->memory = 128 * roll(dice, 14);
	}
}

static void build(const struct made_cluster *made, struct cluster *cluster)
{
	static const char *const claims[] = { "once", "shared" },
				 *const modes[] = { "ReadWriteOncePod", "ReadWriteMany" };

	planning_begin(cluster);
	objects_put(cluster, KIND_REPLICA_SET,
		"{'metadata':{'name':'s0','namespace':'web','uid':'o-s0'},'spec':{'replicas':3,'selector':{'matchLabels':{"
		"'app':'s0'}}}}");
	for (unsigned i = 0; i < made->nodes; i++) {
		char name[16];

		snprintf(name, sizeof(name), "n%u", i);
		planning_put_node(cluster, name, made->sizes[i][0], made->sizes[i][1], made->sizes[i][2], "amd64",
			made->specs[i]);
	}
	for (size_t i = 0; i < 2; i++) {
		AUTO_BUFFER text = { 0 };

		buffer_printf(&text,
			"{'metadata':{'name':'%s','namespace':'web','annotations':{'pv.kubernetes.io/bind-completed':'yes'}},"
			"'spec':{'volumeName':'v-%s','accessModes':['%s']},'status':{'phase':'Bound'}}",
			claims[i], claims[i], modes[i]);
		objects_put(cluster, KIND_PERSISTENT_VOLUME_CLAIM, buffer_text(&text));
		buffer_clear(&text);
		buffer_printf(&text,
			"{'metadata':{'name':'v-%s'},'spec':{'csi':{'driver':'d','volumeHandle':'%s'},'accessModes':['%s'],"
			"'claimRef':{'name':'%s','namespace':'web'}}}",
			claims[i], claims[i], modes[i], claims[i]);
		objects_put(cluster, KIND_PERSISTENT_VOLUME, buffer_text(&text));
	}
	for (unsigned i = 0; i < made->pods; i++) {
		const struct made_pod *pod = &made->items[i];

		planning_put_pod(cluster,
			&(struct planning_pod){ .name = pod->name,
				.node = pod->node,
				.owner = pod->owner,
				.cpu = pod->cpu,
				.memory = pod->memory,
				.meta = pod->meta,
				.spec = pod->spec });
	}
}

/* Pods come and go; what they are then is written down as if the cluster had it so. */
static void churn(
	struct dice *dice, struct scheduler *scheduler, const struct cluster *cluster, struct made_cluster *made)
{
	for (unsigned step = 0; step < STEPS; step++) {
		struct made_pod *pod = &made->items[roll(dice, made->pods)];
		const struct pod *known = planning_pod(cluster, pod->name);

		if (*pod->node) {
			scheduler_remove(scheduler, known);
			pod->node[0] = '\0';
		} else {
			snprintf(pod->node, sizeof(pod->node), "n%u", roll(dice, made->nodes));
			scheduler_place(scheduler, known, pod->node);
			pod->meta = NULL; /* as new */
		}
		/* Questions in between change nothing. */
		if (roll(dice, 3) == 0 && !*pod->node) {
			AUTO_BUFFER ignored = { 0 };

			ask(scheduler, known, SCHED_AS_NEW, &ignored);
		}
	}
}

static void check_quick(struct scheduler *scheduler, const struct pod *pod, unsigned seed)
{
	AUTO_SCHED_TRIAL quick, full;

	scheduler_try(scheduler, pod, SCHED_AS_NEW, &quick);
	scheduler_try(scheduler, pod, SCHED_AS_NEW | SCHED_ALL_REASONS, &full);
	ck_assert_uint_eq(quick.feasible_count, full.feasible_count);
	for (size_t i = 0; i < quick.count; i++) {
		const struct sched_verdict *a = &quick.verdicts[i], *b = &full.verdicts[i];

		ck_assert_msg(a->is_feasible == b->is_feasible && a->total == b->total, "seed %u: %s on %s", seed,
			pod->meta.name, name_of(a->node));
		ck_assert_uint_le(a->refusal_count, b->refusal_count);
		for (size_t k = 0; k < a->refusal_count; k++)
			ck_assert_str_eq(a->refusals[k].reason, b->refusals[k].reason);
	}
}

static void compare(
	struct scheduler *old, const struct cluster *cluster, const struct made_cluster *made, unsigned seed)
{
	AUTO_CLUSTER fresh_cluster;

	build(made, &fresh_cluster);
	AUTO_SCHEDULER fresh = scheduler_new(&fresh_cluster);
	for (unsigned i = 0; i < made->pods; i++) {
		const struct made_pod *item = &made->items[i];
		const struct pod *a = planning_pod(cluster, item->name), *b = planning_pod(&fresh_cluster, item->name);
		AUTO_BUFFER x = { 0 }, y = { 0 };

		ck_assert_str_eq(name_of(scheduler_node_of(old, a)), name_of(scheduler_node_of(fresh, b)));
		scheduler_remove(old, a);
		scheduler_remove(fresh, b);
		ask(old, a, SCHED_AS_NEW | SCHED_ALL_REASONS | SCHED_KEEP_SCORES | SCHED_SCORE_ALWAYS, &x);
		ask(fresh, b, SCHED_AS_NEW | SCHED_ALL_REASONS | SCHED_KEEP_SCORES | SCHED_SCORE_ALWAYS, &y);
		ck_assert_msg(strcmp(buffer_text(&x), buffer_text(&y)) == 0,
			"seed %u, %s: after coming and going\n%sfresh\n%s", seed, item->name, buffer_text(&x),
			buffer_text(&y));
		check_quick(old, a, seed);
		if (*item->node) {
			scheduler_place(old, a, item->node);
			scheduler_place(fresh, b, item->node);
		}
	}
}

START_TEST(coming_and_going_is_as_fresh)
{
	const char *asked = getenv("PROPERTY_CLUSTERS");
	unsigned clusters = asked ? (unsigned)strtoul(asked, NULL, 10) : CLUSTERS;

	for (unsigned seed = 1; seed <= clusters; seed++) {
		struct dice dice = { seed };
		struct made_cluster made;
		AUTO_CLUSTER cluster;

		invent(&dice, &made);
		build(&made, &cluster);
		AUTO_SCHEDULER scheduler = scheduler_new(&cluster);
		churn(&dice, scheduler, &cluster, &made);
		compare(scheduler, &cluster, &made, seed);
	}
}
END_TEST

TEST_MAIN("sched/scheduler", TEST(as_new_it_is_bound_to_no_node), TEST(place_and_remove_are_each_others_reverse),
	TEST(a_pod_that_is_leaving_counts_for_no_spread), TEST(what_was_promised_is_given_back),
	TEST(a_promise_holds_while_somebody_uses_the_claim), TEST(what_is_to_be_made_is_made_on_one_node),
	TEST(message_counts_nodes_by_reason), TEST(coming_and_going_is_as_fresh))
