#include "clusterutils/rebalance/run.h"

#include <string.h>

static uint32_t limit_of(const struct param_uint *given)
{
	return given->is_set && given->value < PASS_UNLIMITED ? (uint32_t)given->value : PASS_UNLIMITED;
}

/* A step that has a query gets what was heard of it; where the pass was given readings of its own, these stay. */
static void take_readings(struct pass *pass, const struct policy_step *step)
{
	const char *query = policy_step_query(step);

	for (size_t i = 0; query && i < pass->query_count; i++) {
		if (strcmp(pass->queries[i].query, query) != 0)
			continue;
		pass->readings = pass->queries[i].items;
		pass->reading_count = pass->queries[i].count;
		if (pass->queries[i].problem)
			pass_note(pass, "%s", pass->queries[i].problem);
	}
}

static void run_steps(struct pass *pass, const struct policy_profile *profile, enum strategy_point point)
{
	bool balances = point == STRATEGY_BALANCE;
	const struct policy_step *steps = balances ? profile->balance : profile->deschedule;
	size_t count = balances ? profile->balance_count : profile->deschedule_count;

	pass_begin(pass, profile->name, profile->evictor);
	for (size_t i = 0; i < count; i++) {
		const struct strategy *strategy = steps[i].strategy;
		struct error err = { 0 };

		pass_begin_strategy(pass, strategy->name);
		take_readings(pass, &steps[i]);
		if ((balances ? strategy->balance : strategy->deschedule)(pass, steps[i].args, &err) < 0)
			pass_note(pass, "%s", err.message);
	}
}

void run_policy(struct pass *pass, const struct policy *policy)
{
	const struct policy_profile *profiles = policy->profiles.items;

	pass->limits = (struct pass_limits){ limit_of(&policy->max_per_node), limit_of(&policy->max_per_namespace),
		limit_of(&policy->max_total) };
	pass_select_nodes(pass, &policy->nodes);
	if (pass->listed_count < RUN_LEAST_NODES) {
		pass_note(pass,
			"nothing to do: %zu of %zu nodes are ready and chosen by the policy, at least %d are needed",
			pass->listed_count, pass->node_count, RUN_LEAST_NODES);
		return;
	}
	for (size_t i = 0; i < policy->profiles.count; i++)
		run_steps(pass, &profiles[i], STRATEGY_DESCHEDULE);
	for (size_t i = 0; i < policy->profiles.count; i++)
		run_steps(pass, &profiles[i], STRATEGY_BALANCE);
}
