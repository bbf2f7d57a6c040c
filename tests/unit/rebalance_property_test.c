/* What holds of every plan, on random clusters: budgets and limits are kept, no node is lifted above its target, a
 * second plan after the first is smaller, and the order of the input does not matter. PROPERTY_CLUSTERS asks for more of
 * them than the few of every run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/rebalance/plan_table.h"
#include "chance.h"
#include "clusterutils/rebalance/plan.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "objects.h"
#include "suite.h"

enum { CLUSTERS = 400, PARTS = 4, MOST_OBJECTS = 96, PLANS = 40, NOW = 1772366400 };

/* --- random clusters, as objects that can be put in any order, on other nodes --- */

struct thing {
	enum kind kind;
	char *text; /* of a pod with "@" in place of its node */
	char name[16];
	char node[16]; /* of a pod; "" for none */
	int64_t made;  /* of a pod: seconds since 1970 */
};

struct things {
	struct thing items[MOST_OBJECTS];
	size_t count;
	unsigned nodes;
};

static void things_release(struct things *things)
{
	for (size_t i = 0; i < things->count; i++)
		free(things->items[i].text);
}

static struct thing *add(struct things *things, enum kind kind, struct buffer *text)
{
	struct thing *thing = &things->items[things->count++];

	ck_assert_uint_le(things->count, MOST_OBJECTS);
	*thing = (struct thing){ .kind = kind, .text = memory_copy_text(buffer_text(text)) };
	buffer_clear(text);
	return thing;
}

static void add_node(struct chance *chance, struct things *things, unsigned i)
{
	AUTO_BUFFER text = { 0 };

	buffer_printf(&text,
		"{'metadata':{'name':'n%u','labels':{'kubernetes.io/hostname':'n%u','topology.kubernetes.io/zone':'z%u',"
		"'kubernetes.io/arch':'%s'}},'spec':{'taints':[%s]},'status':{'allocatable':{'cpu':'%u','memory':'%uGi',"
		"'pods':'%u'},'conditions':[{'type':'Ready','status':'True'}],'nodeInfo':{'architecture':'%s'}}}",
		i, i, i % 2, chance_of(chance, 20) ? "arm64" : "amd64",
		chance_of(chance, 15) ? "{'key':'edge','effect':'NoSchedule'}" : "", 2 + chance_below(chance, 6),
		2 + chance_below(chance, 6), 6 + chance_below(chance, 20), chance_of(chance, 20) ? "arm64" : "amd64");
	add(things, KIND_NODE, &text);
}

static const char *affinity_of(struct chance *chance)
{
	switch (chance_below(chance, 8)) {
	case 0:
		return ",'affinity':{'podAntiAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':[{"
		       "'labelSelector':{'matchLabels':{'app':'a0'}},'topologyKey':'kubernetes.io/hostname'}]}}";
	case 1:
		return ",'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':{"
		       "'nodeSelectorTerms':[{'matchExpressions':[{'key':'topology.kubernetes.io/zone','operator':'In',"
		       "'values':['z0']}]}]}}}";
	case 2:
		return ",'topologySpreadConstraints':[{'maxSkew':1,'topologyKey':'topology.kubernetes.io/zone',"
		       "'whenUnsatisfiable':'DoNotSchedule','labelSelector':{'matchLabels':{'app':'a1'}}}]";
	case 3:
		return ",'tolerations':[{'key':'edge','operator':'Exists'}]";
	default:
		return "";
	}
}

static void add_pod(struct chance *chance, struct things *things, unsigned app, unsigned replica, const char *kind,
	const char *spec)
{
	AUTO_BUFFER text = { 0 };
	struct thing *thing;
	bool is_pending = chance_of(chance, 4);

	buffer_printf(&text,
		"{'metadata':{'name':'p%u-%u','namespace':'web','uid':'u%u-%u','labels':{'app':'a%u'},"
		"'ownerReferences':[{'apiVersion':'apps/v1','kind':'%s','name':'a%u','uid':'o%u',"
		"'controller':true}]},'spec':{@'containers':[{'name':'c','image':'a%u:1','resources':{'requests':{'cpu':"
		"'%um','memory':'%uMi'}}}]%s},'status':{'phase':'%s','conditions':[{'type':'Ready','status':'True'}]}}",
		app, replica, app, replica, app, kind, app, app, app, 100 * (1 + app % 9), 128 * (1 + app % 7), spec,
		is_pending ? "Pending" : "Running");
	thing = add(things, KIND_POD, &text);
	snprintf(thing->name, sizeof(thing->name), "p%u-%u", app, replica);
	/* Most on the first node: there is something to do. */
	if (!is_pending)
		snprintf(thing->node, sizeof(thing->node), "n%u",
			chance_of(chance, 55) ? 0 : chance_below(chance, things->nodes));
}

static void add_app(struct chance *chance, struct things *things, unsigned app)
{
	static const char *const kinds[] = { "ReplicaSet", "ReplicaSet", "StatefulSet", "DaemonSet" };
	unsigned replicas = 1 + chance_below(chance, 5), which = chance_below(chance, 4);
	const char *spec = affinity_of(chance);
	AUTO_BUFFER text = { 0 };

	if (which < 3) {
		buffer_printf(&text,
			"{'metadata':{'name':'a%u','namespace':'web','uid':'o%u'},'spec':{'replicas':%u,'selector':{"
			"'matchLabels':{'app':'a%u'}}}}",
			app, app, replicas, app);
		add(things, which == 2 ? KIND_STATEFUL_SET : KIND_REPLICA_SET, &text);
	}
	if (chance_of(chance, 30)) {
		buffer_printf(&text,
			"{'metadata':{'name':'b%u','namespace':'web'},'spec':{'selector':{'matchLabels':{'app':'a%u'}}},"
			"'status':{'disruptionsAllowed':%u,'currentHealthy':%u,'desiredHealthy':1}}",
			app, app, chance_below(chance, 3), replicas);
		add(things, KIND_POD_DISRUPTION_BUDGET, &text);
	}
	for (unsigned i = 0; i < replicas; i++)
		add_pod(chance, things, app, i, kinds[which], spec);
}

static void make(struct chance *chance, struct things *things)
{
	unsigned apps = 1 + chance_below(chance, 9);

	*things = (struct things){ .nodes = 2 + chance_below(chance, 5) };
	for (unsigned i = 0; i < things->nodes; i++)
		add_node(chance, things, i);
	for (unsigned i = 0; i < apps; i++)
		add_app(chance, things, i);
}

static void put(struct cluster *cluster, const struct thing *thing)
{
	const char *mark = thing->kind == KIND_POD ? strchr(thing->text, '@') : NULL;
	AUTO_BUFFER text = { 0 };

	if (!mark) {
		objects_put(cluster, thing->kind, thing->text);
		return;
	}
	buffer_add(&text, thing->text, (size_t)(mark - thing->text));
	if (*thing->node)
		buffer_printf(&text, "'nodeName':'%s',", thing->node);
	buffer_add_text(&text, mark + 1);
	objects_put(cluster, thing->kind, buffer_text(&text));
}

static void build(struct cluster *cluster, const struct things *things)
{
	cluster_init(cluster);
	cluster->details = CLUSTER_PLACEMENT;
	for (size_t i = 0; i < things->count; i++) {
		put(cluster, &things->items[i]);
		if (things->items[i].kind == KIND_POD)
			((struct meta *)(uintptr_t)cluster_find(cluster, KIND_POD, things->items[i].name, "web"))
				->created = things->items[i].made;
	}
}

/* --- policies --- */

#define PROFILE(plugins) "apiVersion: descheduler/v1alpha2\nkind: DeschedulerPolicy\nprofiles:\n- name: p\n" plugins
#define LOW \
	"  - {name: LowNodeUtilization, args: {thresholds: {cpu: 30, memory: 30, pods: 30}, targetThresholds: {cpu: 50, " \
	"memory: 50, pods: 60}}}\n"

static const char *policy_text(unsigned which)
{
	switch (which) {
	case 0:
		return policy_builtin();
	case 1:
		return PROFILE("  pluginConfig:\n" LOW "  plugins: {balance: {enabled: [LowNodeUtilization]}}\n");
	case 2:
		return PROFILE("  pluginConfig:\n"
			       "  - {name: RelieveOverutilizedNodes, args: {targetThresholds: {cpu: 45, memory: 55}}}\n"
			       "  plugins: {balance: {enabled: [RelieveOverutilizedNodes]}}\n");
	default:
		return PROFILE(
			"  pluginConfig:\n  - {name: RemoveDuplicates, args: {}}\n"
			"  - {name: RemovePodsViolatingNodeTaints, args: {}}\n"
			"  - {name: RemovePodsViolatingInterPodAntiAffinity, args: {}}\n" LOW
			"  - name: RemovePodsViolatingNodeAffinity\n"
			"    args: {nodeAffinityType: [requiredDuringSchedulingIgnoredDuringExecution]}\n"
			"  - {name: RemovePodsViolatingTopologySpreadConstraint, args: {constraints: [DoNotSchedule]}}\n"
			"  plugins:\n    deschedule:\n      enabled: [RemovePodsViolatingNodeTaints, "
			"RemovePodsViolatingNodeAffinity, RemovePodsViolatingInterPodAntiAffinity]\n"
			"    balance:\n      enabled: [RemoveDuplicates, RemovePodsViolatingTopologySpreadConstraint, "
			"LowNodeUtilization]\n");
	}
}

/* --- one plan --- */

struct made {
	struct cluster cluster;
	struct policy policy;
	struct plan plan;
	struct buffer document;
};

static void made_release(struct made *made)
{
	plan_release(&made->plan);
	policy_release(&made->policy);
	cluster_release(&made->cluster);
	buffer_release(&made->document);
}

static void make_plan(struct made *made, const struct things *things, const char *policy,
	const struct plan_options *options, int64_t now)
{
	const struct policy_source source = { .file = "policy", .text = policy, .length = strlen(policy) };
	struct document document;
	struct error err = { 0 };

	*made = (struct made){ 0 };
	build(&made->cluster, things);
	if (policy_load(&source, POLICY_LENIENT, &made->policy, &err) < 0)
		ck_abort_msg("%s", err.message);
	plan_make(&made->plan, &made->cluster, &made->policy, options, now);
	document_init(&document, DOCUMENT_JSON, &made->document);
	plan_document(&made->plan, NULL, "policy", &document);
	document_finish(&document);
}

static bool is_move(const struct plan_move *item)
{
	return item->landing.withheld == WITHHELD_NOT;
}

/* "p1-0 n0>n2 LowNodeUtilization", a line a move. */
static const char *moves_text(const struct plan *plan, struct buffer *out)
{
	for (size_t i = 0; i < plan->count; i++)
		if (is_move(&plan->items[i]))
			buffer_printf(out, "%s %s>%s %s\n", plan->items[i].pod->meta.name, plan->items[i].from,
				plan->items[i].landing.to ? plan->items[i].landing.to->meta.name : "-",
				plan->items[i].strategy);
	return buffer_text(out);
}

static int32_t gone_of(const struct made *made, const struct disruption_budget *budget)
{
	char app[16];
	int32_t gone = 0;

	snprintf(app, sizeof(app), "a%s", budget->meta.name + 1);
	for (size_t i = 0; i < made->plan.count; i++)
		gone += is_move(&made->plan.items[i]) &&
			text_equal(labels_get(made->plan.items[i].pod->meta.labels, "app"), app);
	return gone;
}

static const struct disruption_budget *budget_at(const struct made *made, size_t i)
{
	return CLUSTER_ITEM(&made->cluster, KIND_POD_DISRUPTION_BUDGET, struct disruption_budget, i);
}

static void check_budgets(const struct made *made)
{
	for (size_t i = 0; i < cluster_count(&made->cluster, KIND_POD_DISRUPTION_BUDGET); i++)
		ck_assert_int_le(gone_of(made, budget_at(made, i)), budget_at(made, i)->disruptions_allowed);
}

static void check_limits(const struct made *made)
{
	const struct plan_scope *scope = &made->plan.options.scope;

	ck_assert_uint_le(made->plan.moves, scope->max_moves);
	for (size_t i = 0; i < made->plan.node_count; i++) {
		uint32_t left = 0;

		for (size_t k = 0; k < made->plan.count; k++)
			left += is_move(&made->plan.items[k]) &&
				text_equal(made->plan.items[k].from, made->plan.nodes[i].before.node->meta.name);
		ck_assert_uint_le(left, scope->max_per_node);
	}
}

/* Pods that wait take the room that others leave, wherever that lifts the node: of them nothing is promised. */
static void check_targets(const struct made *made, unsigned seed)
{
	AUTO_BUFFER moves = { 0 };

	for (size_t i = 0; !made->plan.waiting && i < made->plan.node_count; i++) {
		const struct plan_node *node = &made->plan.nodes[i];

		if (!landings_is_above(made->plan.landings, &node->before, NULL))
			ck_assert_msg(!landings_is_above(made->plan.landings, &node->after, NULL), "seed %u: %s\n%s",
				seed, node->before.node->meta.name, moves_text(&made->plan, &moves));
	}
}

/* Everybody is where the plan has seen them in the end, those that were pending too. */
static void apply(struct things *things, const struct made *made, int64_t now)
{
	for (size_t i = 0; i < things->count; i++) {
		struct thing *thing = &things->items[i];
		const struct meta *pod =
			thing->kind == KIND_POD ? cluster_find(&made->cluster, KIND_POD, thing->name, "web") : NULL;
		const struct node *node =
			pod ? landings_node_of(made->plan.landings, (const struct pod *)(const void *)pod) : NULL;

		if (!node || strcmp(thing->node, node->meta.name) == 0)
			continue;
		snprintf(thing->node, sizeof(thing->node), "%s", node->meta.name);
		thing->made = now;
	}
}

static void shuffle(struct chance *chance, struct things *things)
{
	for (size_t i = things->count; i > 1; i--) {
		size_t k = chance_below(chance, (unsigned)i);
		struct thing other = things->items[i - 1];

		things->items[i - 1] = things->items[k];
		things->items[k] = other;
	}
}

/* Something was left for the next plan: a limit or a budget is whole again then. */
static bool is_cut_short(const struct made *made)
{
	for (size_t i = 0; i < made->plan.count; i++)
		if (made->plan.items[i].landing.withheld == WITHHELD_LIMIT)
			return true;
	for (size_t i = 0; i < cluster_count(&made->cluster, KIND_POD_DISRUPTION_BUDGET); i++)
		if (gone_of(made, budget_at(made, i)) == budget_at(made, i)->disruptions_allowed)
			return true;
	return false;
}

/* Plan after plan, each carried out. The second comes at once, as a loop's: it has less to do. The others have time
 * between them, so that whoever moved may move again; soon there is nothing left to do. */
static void check_next_plans(
	struct things *things, const char *policy, const struct plan_options *options, unsigned seed)
{
	AUTO_BUFFER moves = { 0 };
	size_t moves_before = SIZE_MAX;
	bool was_cut_short = true;
	int64_t now = NOW;

	for (unsigned turn = 0; turn<PLANS; turn++, now += turn> 1 ? 3600 : 0) {
		CLEANUP(made_release) struct made made;

		make_plan(&made, things, policy, options, now);
		check_budgets(&made);
		check_limits(&made);
		check_targets(&made, seed);
		buffer_clear(&moves);
		if (turn == 1)
			ck_assert_msg(was_cut_short || !made.plan.moves || made.plan.moves < moves_before,
				"seed %u: %zu moves, then\n%s", seed, moves_before, moves_text(&made.plan, &moves));
		if (!made.plan.moves && turn > 0)
			return;
		was_cut_short = is_cut_short(&made);
		moves_before = made.plan.moves;
		apply(things, &made, now);
	}
	ck_abort_msg("seed %u: %d plans, and no end", seed, PLANS);
}

static void check_cluster(unsigned seed)
{
	struct chance chance = chance_new(seed);
	CLEANUP(things_release) struct things things;
	CLEANUP(made_release) struct made first, second;
	const char *policy = policy_text(chance_below(&chance, 4));
	struct plan_options options = { .rules = { .memory_line = 90,
						.cool_down = 900,
						.allows_single = chance_of(&chance, 50),
						.allows_any_arch = chance_of(&chance, 50) },
		.relieves = chance_of(&chance, 30),
		.scope = { .max_moves = PASS_UNLIMITED,
			.max_per_node = PASS_UNLIMITED,
			.max_per_namespace = PASS_UNLIMITED } };

	if (chance_of(&chance, 25))
		options.scope.max_moves = 1 + chance_below(&chance, 4);
	if (chance_of(&chance, 25))
		options.scope.max_per_node = 1 + chance_below(&chance, 3);
	make(&chance, &things);
	make_plan(&first, &things, policy, &options, NOW);
	shuffle(&chance, &things);
	make_plan(&second, &things, policy, &options, NOW);
	ck_assert_msg(strcmp(buffer_text(&second.document), buffer_text(&first.document)) == 0,
		"seed %u: another order, another plan", seed);
	check_next_plans(&things, policy, &options, seed);
}

START_TEST(what_holds_of_every_plan)
{
	const char *asked = getenv("PROPERTY_CLUSTERS");
	unsigned clusters = asked ? (unsigned)strtoul(asked, NULL, 10) : CLUSTERS;

	for (unsigned seed = (unsigned)_i; seed < clusters; seed += PARTS)
		check_cluster(seed + 1);
}
END_TEST

TEST_MAIN("rebalance/property", ((struct test_entry){ "what_holds_of_every_plan", what_holds_of_every_plan, PARTS }))
