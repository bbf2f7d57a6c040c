/* scheduler_choose against scheduler_try, which the scheduler's own cases hold to account: random clusters, with pods
 * that come and go in between. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chance.h"
#include "clusterutils/sched/scheduler.h"
#include "clusterutils/util/buffer.h"
#include "objects.h"
#include "suite.h"

enum { CLUSTERS = 150, STEPS = 60, MOST_NODES = 9, MOST_PODS = 40 };

static const char *of(struct chance *random, const char *const *texts, unsigned count)
{
	return texts[chance_below(random, count)];
}

static const char *const zones[] = { "a", "b", "c", "" };
static const char *const apps[] = { "shop", "blog", "cache" };
static const char *const taints[] = { "", "", "", "{'key':'soft','effect':'PreferNoSchedule'}",
	"{'key':'edge','effect':'NoSchedule'}",
	"{'key':'soft','effect':'PreferNoSchedule'},{'key':'hard','effect':'PreferNoSchedule'}" };
static const char *const keys[] = { "kubernetes.io/hostname", "topology.kubernetes.io/zone", "rack" };

static void put(struct cluster *cluster, enum kind kind, const struct buffer *text)
{
	objects_put(cluster, kind, buffer_text(text));
}

/* --- what clusters are made of --- */

static void put_node(struct chance *random, struct cluster *cluster, unsigned i)
{
	AUTO_BUFFER text = { 0 };

	buffer_printf(
		&text, "{'metadata':{'name':'n%u','labels':{'arch':'%s'", i, chance_of(random, 30) ? "arm64" : "amd64");
	if (chance_of(random, 90))
		buffer_printf(&text, ",'kubernetes.io/hostname':'n%u'", i);
	if (chance_of(random, 85))
		buffer_printf(&text, ",'topology.kubernetes.io/zone':'%s'", of(random, zones, 4));
	if (chance_of(random, 50))
		buffer_printf(&text, ",'rack':'r%u'", chance_below(random, 2));
	buffer_printf(&text, "}},'spec':{'unschedulable':%s,'taints':[%s]", chance_of(random, 8) ? "true" : "false",
		of(random, taints, 6));
	buffer_printf(&text,
		"},'status':{'allocatable':{'cpu':'%u','memory':'%uGi','pods':'%u'},'conditions':[{'type':'Ready',"
		"'status':'True'}],'images':[{'names':['shop:1'],'sizeBytes':%u}]}}",
		1 + chance_below(random, 8), 1 + chance_below(random, 16), 3 + chance_below(random, 12),
		chance_of(random, 40) ? chance_below(random, 900000000) : 1);
	put(cluster, KIND_NODE, &text);
}

static void add_term(struct chance *random, struct buffer *text, bool is_preferred)
{
	buffer_printf(text, "%s{'labelSelector':{'matchLabels':{'app':'%s'}},'topologyKey':'%s'%s}%s",
		is_preferred ? "{'weight':7,'podAffinityTerm':" : "", of(random, apps, 3), of(random, keys, 3),
		chance_of(random, 15)           ? ",'namespaceSelector':{}"
			: chance_of(random, 10) ? ",'namespaces':['web']"
						: "",
		is_preferred ? "}" : "");
}

static void add_affinity(struct chance *random, struct buffer *text)
{
	const char *side = chance_of(random, 50) ? "podAffinity" : "podAntiAffinity";
	bool is_preferred = chance_of(random, 50);

	buffer_printf(text, ",'affinity':{");
	if (chance_of(random, 35)) {
		buffer_printf(text, "'nodeAffinity':{");
		if (chance_of(random, 40))
			buffer_printf(text,
				"'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':[{"
				"'matchExpressions':[{'key':'arch','operator':'In','values':['amd64']}]}]},");
		buffer_printf(text,
			"'preferredDuringSchedulingIgnoredDuringExecution':[{'weight':%u,'preference':{"
			"'matchExpressions':[{'key':'rack','operator':'Exists'}]}}]},",
			1 + chance_below(random, 20));
	}
	buffer_printf(text, "'%s':{'%s':[", side,
		is_preferred ? "preferredDuringSchedulingIgnoredDuringExecution"
			     : "requiredDuringSchedulingIgnoredDuringExecution");
	add_term(random, text, is_preferred);
	buffer_printf(text, "]}}");
}

static void add_spread(struct chance *random, struct buffer *text)
{
	buffer_printf(text,
		",'topologySpreadConstraints':[{'maxSkew':%u,'topologyKey':'%s','whenUnsatisfiable':'%s','labelSelector':{"
		"'matchLabels':{'app':'%s'}}%s}]",
		1 + chance_below(random, 3), of(random, keys, 3),
		chance_of(random, 50) ? "DoNotSchedule" : "ScheduleAnyway", of(random, apps, 3),
		chance_of(random, 30) ? ",'nodeTaintsPolicy':'Honor'" : "");
}

static void put_pod(struct chance *random, struct cluster *cluster, unsigned i, unsigned nodes)
{
	const char *app = of(random, apps, 3), *space = chance_of(random, 70) ? "web" : "other";
	AUTO_BUFFER text = { 0 };

	buffer_printf(&text,
		"{'metadata':{'name':'p%u','namespace':'%s','uid':'u%u','labels':{'app':'%s'},'ownerReferences':[{"
		"'apiVersion':'apps/v1','kind':'ReplicaSet','name':'%s','uid':'rs-%s','controller':true}]%s},'spec':{",
		i, space, i, app, app, app, chance_of(random, 5) ? ",'deletionTimestamp':'2026-01-01T00:00:00Z'" : "");
	if (chance_of(random, 80))
		buffer_printf(&text, "'nodeName':'n%u',", chance_below(random, nodes));
	buffer_printf(&text, "'containers':[{'name':'c','image':'%s:1'", app);
	if (chance_of(random, 40))
		buffer_printf(&text, ",'resources':{'requests':{'cpu':'%um','memory':'%uMi'}}",
			50 * (1 + chance_below(random, 8)), 64 * (1 + chance_below(random, 12)));
	else if (chance_of(random, 70))
		buffer_printf(
			&text, ",'resources':{'requests':{'memory':'%uMi'}}", 64 * (1 + chance_below(random, 12)));
	buffer_printf(&text, "}]");
	if (chance_of(random, 20))
		buffer_printf(&text, ",'tolerations':[{'operator':'Exists','key':'%s'}]",
			chance_of(random, 50) ? "soft" : "edge");
	if (chance_of(random, 35))
		add_affinity(random, &text);
	if (chance_of(random, 25))
		add_spread(random, &text);
	buffer_printf(&text, "},'status':{'phase':'Running'}}");
	put(cluster, KIND_POD, &text);
}

static void fill(struct chance *random, struct cluster *cluster, unsigned nodes, unsigned pods)
{
	for (unsigned i = 0; i < nodes; i++)
		put_node(random, cluster, i);
	objects_put(cluster, KIND_NAMESPACE, "{'metadata':{'name':'web','labels':{'team':'x'}}}");
	objects_put(cluster, KIND_SERVICE,
		"{'metadata':{'name':'shop','namespace':'web'},'spec':{'selector':{'app':'shop'}}}");
	objects_put(cluster, KIND_REPLICA_SET,
		"{'metadata':{'name':'blog','namespace':'web','uid':'rs-blog'},'spec':{'selector':{'matchLabels':{'app':"
		"'blog'}}}}");
	for (unsigned i = 0; i < pods; i++)
		put_pod(random, cluster, i, nodes);
}

/* --- the two answers --- */

static const struct sched_verdict *second_of(const struct sched_trial *trial, const struct sched_verdict *best)
{
	const struct sched_verdict *second = NULL;

	for (size_t i = 0; i < trial->count; i++)
		if (trial->verdicts[i].is_feasible && &trial->verdicts[i] != best &&
			(!second || trial->verdicts[i].total > second->total))
			second = &trial->verdicts[i];
	return second;
}

static void check_equals(const struct sched_trial *trial, const struct sched_choice *choice, int64_t best)
{
	size_t at = 0;

	for (size_t i = 0; i < trial->count; i++)
		if (trial->verdicts[i].is_feasible && trial->verdicts[i].total == best) {
			ck_assert_uint_lt(at, choice->equal_count);
			ck_assert_uint_eq(choice->equals[at++], i);
		}
	ck_assert_uint_eq(at, choice->equal_count);
}

/* Returns whether there was a choice to compare. */
static bool compare(struct scheduler *scheduler, const struct pod *pod)
{
	AUTO_SCHED_TRIAL trial = { 0 };
	struct sched_choice choice;
	const struct sched_verdict *best, *second;
	AUTO_BUFFER message = { 0 };

	if (!scheduler_choose(scheduler, pod, &choice))
		return false;
	scheduler_try(scheduler, pod, SCHED_AS_NEW, &trial);
	best = sched_trial_best(&trial);
	ck_assert_ptr_null(trial.error);
	ck_assert_uint_eq(choice.feasible_count, trial.feasible_count);
	ck_assert_ptr_eq(choice.best, best ? best->node : NULL);
	if (!best) {
		sched_trial_message(&trial, &message);
		ck_assert_str_eq(choice.message, buffer_text(&message));
		return true;
	}
	ck_assert_int_eq(choice.best_points, best->total);
	second = second_of(&trial, best);
	ck_assert_ptr_eq(choice.second, second ? second->node : NULL);
	if (second)
		ck_assert_int_eq(choice.second_points, second->total);
	check_equals(&trial, &choice, best->total);
	return true;
}

static void churn(struct chance *random, const struct cluster *cluster, unsigned nodes, size_t *compared)
{
	struct scheduler *scheduler = scheduler_new(cluster);

	scheduler_follow(scheduler, chance_of(random, 50) ? 36 : 34);
	for (unsigned step = 0; step < STEPS; step++) {
		const struct pod *pod =
			cluster_pod(cluster, chance_below(random, (unsigned)cluster_count(cluster, KIND_POD)));
		char name[16];

		scheduler_remove(scheduler, pod);
		*compared += compare(scheduler, pod);
		snprintf(name, sizeof(name), "n%u", chance_below(random, nodes));
		if (chance_of(random, 85))
			scheduler_place(scheduler, pod, name);
	}
	scheduler_free(scheduler);
}

START_TEST(chooses_what_a_trial_finds)
{
	size_t compared = 0;

	for (unsigned seed = 1; seed <= CLUSTERS; seed++) {
		struct chance random = chance_new(seed);
		unsigned nodes = 1 + chance_below(&random, MOST_NODES);
		struct cluster cluster;

		cluster_init(&cluster);
		cluster.details = CLUSTER_PLACEMENT;
		fill(&random, &cluster, nodes, 1 + chance_below(&random, MOST_PODS));
		churn(&random, &cluster, nodes, &compared);
		cluster_release(&cluster);
	}
	/* Only what names its node or has volumes is left to a trial, and here nothing does. */
	ck_assert_uint_eq(compared, (size_t)CLUSTERS * STEPS);
}
END_TEST

/* What follows is left to a trial. */
static const char *const specs[] = { "'volumes':[{'name':'v','persistentVolumeClaim':{'claimName':'c'}}]",
	"'containers':[{'name':'c','image':'i','ports':[{'containerPort':80,'hostPort':80}]}]",
	"'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':[{"
	"'matchFields':[{'key':'metadata.name','operator':'In','values':['n0']}]}]}}}" };

START_TEST(leaves_to_a_trial_what_has_volumes_or_ports_or_names_its_node)
{
	struct cluster cluster;
	struct scheduler *scheduler;
	struct sched_choice choice;
	AUTO_BUFFER text = { 0 };

	cluster_init(&cluster);
	cluster.details = CLUSTER_PLACEMENT;
	buffer_printf(&text,
		"{'metadata':{'name':'p','namespace':'web','uid':'u'},'spec':{%s},'status':{'phase':'Pending'}}",
		specs[_i]);
	put(&cluster, KIND_POD, &text);
	objects_put(&cluster, KIND_NODE, "{'metadata':{'name':'n0'},'spec':{},'status':{}}");
	scheduler = scheduler_new(&cluster);
	ck_assert(!scheduler_choose(scheduler, cluster_pod(&cluster, 0), &choice));
	scheduler_free(scheduler);
	cluster_release(&cluster);
}
END_TEST

/* Half of the cpu and none of the memory, on an empty node. */
static const struct {
	unsigned minor;
	int64_t points;
} balances[] = { { 0, 75 }, { 34, 75 }, { 35, 75 }, { 36, 62 }, { 37, 62 } };

START_TEST(balances_as_its_release_does)
{
	struct cluster cluster;
	struct scheduler *scheduler;
	AUTO_SCHED_TRIAL trial = { 0 };

	cluster_init(&cluster);
	cluster.details = CLUSTER_PLACEMENT;
	objects_put(&cluster, KIND_NODE,
		"{'metadata':{'name':'n'},'spec':{},'status':{'allocatable':{'cpu':'4','memory':'4Gi','pods':'9'}}}");
	objects_put(&cluster, KIND_POD,
		"{'metadata':{'name':'p','namespace':'web','uid':'u'},'spec':{'containers':[{'name':'c','resources':{"
		"'requests':{'cpu':'2'}}}]},'status':{'phase':'Pending'}}");
	scheduler = scheduler_new(&cluster);
	scheduler_follow(scheduler, balances[_i].minor);
	scheduler_try(scheduler, cluster_pod(&cluster, 0), SCHED_KEEP_SCORES | SCHED_SCORE_ALWAYS, &trial);
	ck_assert_int_eq(trial.verdicts[0].scores[SCHED_BALANCED_ALLOCATION], balances[_i].points);
	scheduler_free(scheduler);
	cluster_release(&cluster);
}
END_TEST

TEST_MAIN("sched/choose", TEST_TABLE(balances_as_its_release_does, balances), TEST(chooses_what_a_trial_finds),
	TEST_TABLE(leaves_to_a_trial_what_has_volumes_or_ports_or_names_its_node, specs))
