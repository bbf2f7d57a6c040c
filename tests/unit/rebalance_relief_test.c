/* RelieveOverutilizedNodes against the optimum: on small random clusters every set of pods is tried, the smallest first.
 * Prints how far the plans are from it; a node that stays above its target though some set would help is a failure. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chance.h"
#include "clusterutils/rebalance/plan.h"
#include "clusterutils/util/text.h"
#include "objects.h"
#include "suite.h"

enum { CLUSTERS = 300, MOST_PODS = 9, NOW = 1772366400 };

static const char policy_text[] =
	"apiVersion: descheduler/v1alpha2\nkind: DeschedulerPolicy\nprofiles:\n- name: p\n  pluginConfig:\n"
	"  - {name: RelieveOverutilizedNodes, args: {targetThresholds: {cpu: 50, memory: 55}}}\n"
	"  plugins: {balance: {enabled: [RelieveOverutilizedNodes]}}\n";

static void put_node(struct cluster *cluster, unsigned i, unsigned cpu, unsigned memory)
{
	AUTO_BUFFER text = { 0 };

	buffer_printf(&text,
		"{'metadata':{'name':'n%u','labels':{'kubernetes.io/hostname':'n%u'}},'spec':{},'status':{'allocatable':{"
		"'cpu':'%u','memory':'%uGi','pods':'50'},'conditions':[{'type':'Ready','status':'True'}]}}",
		i, i, cpu, memory);
	objects_put(cluster, KIND_NODE, buffer_text(&text));
}

static void put_pod(struct chance *chance, struct cluster *cluster, unsigned i, unsigned node)
{
	AUTO_BUFFER text = { 0 };

	buffer_printf(&text,
		"{'metadata':{'name':'p%u','namespace':'web','uid':'u%u','labels':{'app':'a%u'},'creationTimestamp':"
		"'2026-01-01T00:00:00Z','ownerReferences':[{'apiVersion':'apps/v1','kind':'ReplicaSet','name':'a%u','uid':"
		"'o%u','controller':true}]},'spec':{'nodeName':'n%u','containers':[{'name':'c','image':'i:1','resources':{"
		"'requests':{'cpu':'%um','memory':'%uMi'}}}]},'status':{'phase':'Running'}}",
		i, i, i, i, i, node, 50 * (1 + chance_below(chance, 20)), 64 * (1 + chance_below(chance, 20)));
	objects_put(cluster, KIND_POD, buffer_text(&text));
}

/* One node with too much, and a few others with more or less room. */
static unsigned fill(struct chance *chance, struct cluster *cluster)
{
	unsigned pods = 3 + chance_below(chance, MOST_PODS - 2), others = 1 + chance_below(chance, 3);

	put_node(cluster, 0, 2 + chance_below(chance, 4), 2 + chance_below(chance, 4));
	for (unsigned i = 1; i <= others; i++)
		put_node(cluster, i, 2 + chance_below(chance, 8), 2 + chance_below(chance, 8));
	for (unsigned i = 0; i < pods; i++)
		put_pod(chance, cluster, i, 0);
	for (unsigned i = 0; i < others; i++)
		put_pod(chance, cluster, pods + i, 1 + i);
	return pods;
}

/* --- every set --- */

struct trial {
	struct landings *landings;
	const struct pod *pods[MOST_PODS];
	unsigned pod_count;
};

static bool is_above(const struct trial *trial)
{
	return landings_is_above(trial->landings, landings_load_of(trial->landings, "n0"), NULL);
}

/* The order of moves matters, too: each takes room from the next. Tries all sets of `left` pods in all orders. */
static bool is_enough(struct trial *trial, unsigned taken, unsigned left)
{
	if (!left)
		return !is_above(trial);
	for (unsigned i = 0; i < trial->pod_count; i++) {
		struct landing landing;
		bool found;

		if (taken & 1U << i)
			continue;
		landings_move(trial->landings, trial->pods[i], LANDING_RELIEVE, &landing);
		if (landing.withheld != WITHHELD_NOT)
			continue;
		found = is_enough(trial, taken | 1U << i, left - 1);
		landings_undo(trial->landings, trial->pods[i]);
		if (found)
			return true;
	}
	return false;
}

enum { MOST_TRIED = 4, NO_SET = 99 };

/* The smallest number of moves that bring the node to its target; NO_SET where MOST_TRIED are not enough. */
static unsigned optimum_of(const struct plan *plan, const struct cluster *cluster, unsigned pods)
{
	struct trial trial = { .landings = landings_new(cluster, &plan->options.rules, NOW), .pod_count = pods };
	unsigned best = NO_SET;

	for (unsigned i = 0; i < pods; i++) {
		char name[16];

		snprintf(name, sizeof(name), "p%u", i);
		trial.pods[i] = (const struct pod *)(const void *)cluster_find(cluster, KIND_POD, name, "web");
	}
	for (unsigned size = 0; size <= MOST_TRIED && best == NO_SET; size++)
		if (is_enough(&trial, 0, size))
			best = size;
	landings_free(trial.landings);
	return best;
}

/* --- the plans beside them --- */

struct tally {
	unsigned compared, equal, more, worst, beyond;
};

static unsigned moves_from_first(const struct plan *plan)
{
	unsigned moves = 0;

	for (size_t i = 0; i < plan->count; i++)
		moves += plan->items[i].landing.withheld == WITHHELD_NOT && text_equal(plan->items[i].from, "n0");
	return moves;
}

static void compare(unsigned seed, const struct plan *plan, unsigned optimum, struct tally *tally)
{
	unsigned moves = moves_from_first(plan);

	if (optimum == NO_SET) {
		tally->beyond++;
		return;
	}
	ck_assert_msg(!landings_is_above(plan->landings, &plan->nodes[0].after, NULL),
		"seed %u: %u moves leave the node above its target, %u would do", seed, moves, optimum);
	ck_assert_uint_ge(moves, optimum);
	tally->compared++;
	tally->equal += moves == optimum;
	tally->more += moves - optimum;
	tally->worst = moves - optimum > tally->worst ? moves - optimum : tally->worst;
}

static void try_cluster(unsigned seed, const struct policy *policy, struct tally *tally)
{
	const struct plan_options options = { .rules = { .memory_line = 90, .allows_single = true },
		.scope = { .max_moves = PASS_UNLIMITED,
			.max_per_node = PASS_UNLIMITED,
			.max_per_namespace = PASS_UNLIMITED } };
	struct chance chance = chance_new(seed);
	AUTO_CLUSTER cluster;
	AUTO_PLAN plan = { 0 };
	unsigned pods;

	cluster_init(&cluster);
	cluster.details = CLUSTER_PLACEMENT;
	pods = fill(&chance, &cluster);
	plan_make(&plan, &cluster, policy, &options, NOW);
	if (landings_is_above(plan.landings, &plan.nodes[0].before, NULL))
		compare(seed, &plan, optimum_of(&plan, &cluster, pods), tally);
}

START_TEST(as_few_moves_as_can_be)
{
	const struct policy_source source = { .file = "policy", .text = policy_text, .length = strlen(policy_text) };
	AUTO_POLICY policy = { 0 };
	struct tally tally = { 0 };
	struct error err = { 0 };

	if (policy_load(&source, POLICY_LENIENT, &policy, &err) < 0)
		ck_abort_msg("%s", err.message);
	for (unsigned seed = 1; seed <= CLUSTERS; seed++)
		try_cluster(seed, &policy, &tally);
	printf("# measured: %u of %u plans have as few moves as can be, %.2f too many on average, %u at worst; for %u more "
	       "nodes %d moves are not enough\n",
		tally.equal, tally.compared, (double)tally.more / tally.compared, tally.worst, tally.beyond,
		MOST_TRIED);
	ck_assert_uint_gt(tally.compared, 50);
}
END_TEST

TEST_MAIN("rebalance/relief", TEST(as_few_moves_as_can_be))
