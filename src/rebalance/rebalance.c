/* `rebalance`: what a descheduler's policy says, and what it can say. */
#include "rebalance.h"

#include <string.h>

#include "clusterutils/util/text.h"

static const struct option options[] = {
	{ .name = "policy",
		.type = OPTION_TEXT,
		.offset = offsetof(struct rebalance_options, policy),
		.argument = "POLICY",
		.completion = "file",
		.help = "a file, - for standard input, or cm/NAMESPACE/NAME for a ConfigMap (default: that of the "
			"descheduler in the cluster, else the one built in)" },
	{ .name = "strict-upstream",
		.type = OPTION_FLAG,
		.offset = offsetof(struct rebalance_options, strict_upstream),
		.help = "read the policy as the descheduler does: refuse what it refuses, in its words" },
	{ .name = "exit-code",
		.type = OPTION_FLAG,
		.offset = offsetof(struct rebalance_options, exit_code),
		.help = "exit with 3 where there is a warning" },
	{ 0 },
};

static const char *const examples[] = {
	"what is wrong with a policy, with line numbers",
	"rebalance lint docs/policy.yaml",
	"what the descheduler itself would say of it",
	"rebalance lint --strict-upstream docs/policy.yaml",
	"a policy as it is in a cluster",
	"rebalance lint cm/descheduler/descheduler --demo",
	"the strategies",
	"rebalance strategies",
	"the settings of one",
	"rebalance strategies LowNodeUtilization",
	NULL,
};

static const struct action {
	const char *name;
	int (*run)(struct invocation *invocation, struct error *err);
	int (*rights)(const struct invocation *invocation, struct right *ret_rights, size_t *ret_count,
		struct error *err); /* NULL for none */
} actions[] = {
	{ "lint", rebalance_lint, rebalance_lint_rights },
	{ "strategies", rebalance_strategies, NULL },
};

static const struct action *chosen_action(const struct invocation *invocation, struct error *err)
{
	const struct arguments *arguments = &invocation->arguments;

	for (size_t i = 0; arguments->count && i < sizeof(actions) / sizeof(actions[0]); i++)
		if (text_equal(arguments->items[0], actions[i].name))
			return &actions[i];
	if (!arguments->count)
		error_set(err, ERROR_USAGE, "say what to do: lint [POLICY] or strategies [NAME]");
	else
		error_set(err, ERROR_USAGE, "\"%s\" is not something to do: lint [POLICY] or strategies [NAME]",
			arguments->items[0]);
	return NULL;
}

static int rights(struct invocation *invocation, struct right *ret_rights, size_t *ret_count, struct error *err)
{
	const struct action *action = chosen_action(invocation, err);

	if (!action)
		return -1;
	return action->rights ? action->rights(invocation, ret_rights, ret_count, err) : 0;
}

static int run(struct invocation *invocation, struct error *err)
{
	const struct action *action = chosen_action(invocation, err);

	return action ? action->run(invocation, err) : -1;
}

const struct command command_rebalance = {
	.name = "rebalance",
	.usage = "lint [POLICY] | strategies [NAME] [flags]",
	.summary = "check a descheduler's policy, and list its strategies",
	.description =
		"lint reads a DeschedulerPolicy (descheduler/v1alpha2) and tells, with line numbers, what the\n"
		"descheduler would refuse, and what it would drop in silence. POLICY is a file, - for standard input,\n"
		"or cm/NAMESPACE/NAME. strategies lists what a policy can enable; with a name, the settings of that\n"
		"one.",
	.examples = examples,
	.options = options,
	.options_size = sizeof(struct rebalance_options),
	.max_arguments = 2,
	.rights = rights,
	.run = run,
};
