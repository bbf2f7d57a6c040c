/* Disruption budgets while a plan grows: as the API server's eviction asks them. */
#include <string.h>

#include "../../src/rebalance/budgets.h"
#include "objects.h"
#include "planning.h"
#include "suite.h"

#define BUDGET(name, namespace, selector, status) \
	"{'metadata':{'name':'" name "','namespace':'" namespace "'},'spec':{" selector "},'status':{" status "}}"
#define SHOP      "'selector':{'matchLabels':{'app':'shop'}}"
#define NOT_READY "'phase':'Running','conditions':[{'type':'Ready','status':'False'}]"

static const struct {
	const char *what, *budgets[3], *pod_meta, *pod_status;
	const char *refusal; /* NULL for none */
	bool is_spent;       /* after one went */
} cases[] = {
	{ "no budget", { NULL }, NULL, NULL, NULL, false },
	{ "room for one", { BUDGET("b", "web", SHOP, "'disruptionsAllowed':1") }, NULL, NULL, NULL, true },
	{ "room for two", { BUDGET("b", "web", SHOP, "'disruptionsAllowed':2") }, NULL, NULL, NULL, false },
	{ "no room", { BUDGET("b", "web", SHOP, "'currentHealthy':2,'desiredHealthy':2") }, NULL, NULL,
		"budget b allows no disruption (2 of 2 wanted are healthy)", false },
	{ "two, with room in each",
		{ BUDGET("b", "web", SHOP, "'disruptionsAllowed':5"),
			BUDGET("c", "web", "'selector':{}", "'disruptionsAllowed':5") },
		NULL, NULL, "both budgets", false },
	{ "that of another namespace", { BUDGET("b", "db", SHOP, "") }, NULL, NULL, NULL, false },
	{ "an empty selector is of all", { BUDGET("b", "web", "'selector':{}", "") }, NULL, NULL, "budget b allows no",
		false },
	{ "no selector is of none", { BUDGET("b", "web", "'minAvailable':1", "") }, NULL, NULL, NULL, false },
	{ "a selector that cannot be read is of none",
		{ BUDGET("b", "web",
			"'selector':{'matchExpressions':[{'key':'app','operator':'Like','values':['shop']}]}", "") },
		NULL, NULL, NULL, false },
	{ "pending pods go", { BUDGET("b", "web", SHOP, "") }, NULL, "'phase':'Pending'", NULL, false },
	{ "failed pods go", { BUDGET("b", "web", SHOP, "") }, NULL, "'phase':'Failed'", NULL, false },
	{ "those that are being deleted go", { BUDGET("b", "web", SHOP, "") },
		",'deletionTimestamp':'2026-01-01T00:00:00Z'", NULL, NULL, false },
	{ "who is not ready goes where the others are enough",
		{ BUDGET("b", "web", SHOP, "'currentHealthy':1,'desiredHealthy':1") }, NULL, NOT_READY, NULL, false },
	{ "and stays where they are not", { BUDGET("b", "web", SHOP, "'currentHealthy':1,'desiredHealthy':2") }, NULL,
		NOT_READY, "budget b allows no disruption (1 of 2 wanted are healthy)", false },
	{ "nor where nothing is wanted yet", { BUDGET("b", "web", SHOP, "") }, NULL, NOT_READY, "budget b allows no",
		false },
	{ "unless the budget lets it go",
		{ BUDGET("b", "web", SHOP ",'unhealthyPodEvictionPolicy':'AlwaysAllow'",
			"'currentHealthy':1,'desiredHealthy':2") },
		NULL, NOT_READY, NULL, false },
};

static void put_all(struct cluster *cluster, int i)
{
	planning_begin(cluster);
	for (size_t k = 0; k < 3 && cases[i].budgets[k]; k++)
		objects_put(cluster, KIND_POD_DISRUPTION_BUDGET, cases[i].budgets[k]);
	for (const char *name = "p\0q\0"; *name; name += 2)
		planning_put_pod(cluster,
			&(struct planning_pod){ .name = name,
				.node = "a",
				.owner = "ReplicaSet/shop",
				.meta = cases[i].pod_meta,
				.status = cases[i].pod_status });
}

START_TEST(lets_go_whom_the_api_server_lets_go)
{
	AUTO_CLUSTER cluster;
	AUTO_ARENA arena = { 0 };
	struct budgets *budgets;
	const struct pod *pod;
	const char *refusal;
	bool is_spent = true;

	put_all(&cluster, _i);
	budgets = budgets_new(&cluster);
	pod = planning_pod(&cluster, "p");
	refusal = budgets_refusal(budgets, pod, &arena, &is_spent);
	ck_assert(!is_spent);
	if (cases[_i].refusal)
		ck_assert_msg(refusal && strstr(refusal, cases[_i].refusal), "%s: %s", cases[_i].what,
			refusal ? refusal : "goes");
	else
		ck_assert_msg(!refusal, "%s: %s", cases[_i].what, refusal);
	budgets_free(budgets);
}
END_TEST

/* What one spends the other lacks; what it gives back, the other has; renewed, all is as in the beginning. */
START_TEST(is_spent_and_given_back)
{
	AUTO_CLUSTER cluster;
	AUTO_ARENA arena = { 0 };
	struct budgets *budgets;
	const struct pod *p, *q;
	bool is_spent = false;

	put_all(&cluster, _i);
	budgets = budgets_new(&cluster);
	p = planning_pod(&cluster, "p");
	q = planning_pod(&cluster, "q");
	if (!cases[_i].refusal) {
		for (int turn = 0; turn < 2; turn++) {
			const char *refusal;

			budgets_spend(budgets, p);
			refusal = budgets_refusal(budgets, q, &arena, &is_spent);
			ck_assert_msg(is_spent == cases[_i].is_spent, "%s", cases[_i].what);
			ck_assert_msg((refusal != NULL) == cases[_i].is_spent, "%s", cases[_i].what);
			if (is_spent)
				ck_assert_str_eq(refusal, "budget b allows 1 disruption, which this plan has spent");
			if (turn == 0)
				budgets_return(budgets, p);
			else
				budgets_renew(budgets);
			ck_assert_ptr_null(budgets_refusal(budgets, q, &arena, &is_spent));
			ck_assert(!is_spent);
		}
	}
	budgets_free(budgets);
}
END_TEST

TEST_MAIN("rebalance/budgets", TEST_TABLE(lets_go_whom_the_api_server_lets_go, cases),
	TEST_TABLE(is_spent_and_given_back, cases))
