/* `rebalance`: what a descheduler's policy says, and what it can say. */
#include "rebalance.h"

#include <string.h>

#include "clusterutils/util/text.h"

static const struct option options[] = {
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
	"the strategies",
	"rebalance strategies",
	"the settings of one",
	"rebalance strategies LowNodeUtilization",
	NULL,
};

static const struct action {
	const char *name;
	int (*run)(struct invocation *invocation, struct error *err);
} actions[] = {
	{ "lint", rebalance_lint },
	{ "strategies", rebalance_strategies },
};

static int run(struct invocation *invocation, struct error *err)
{
	const struct arguments *arguments = &invocation->arguments;

	for (size_t i = 0; arguments->count && i < sizeof(actions) / sizeof(actions[0]); i++)
		if (text_equal(arguments->items[0], actions[i].name))
			return actions[i].run(invocation, err);
	if (!arguments->count)
		return error_set(err, ERROR_USAGE, "say what to do: lint POLICY or strategies [NAME]");
	return error_set(err, ERROR_USAGE, "\"%s\" is not something to do: lint POLICY or strategies [NAME]",
		arguments->items[0]);
}

const struct command command_rebalance = {
	.name = "rebalance",
	.usage = "lint POLICY | strategies [NAME] [flags]",
	.summary = "check a descheduler's policy, and list its strategies",
	.description =
		"lint reads a DeschedulerPolicy (descheduler/v1alpha2; - is standard input) and tells, with line\n"
		"numbers, what the descheduler would refuse, and what it would drop in silence. strategies lists\n"
		"what a policy can enable; with a name, the settings of that one.",
	.examples = examples,
	.options = options,
	.options_size = sizeof(struct rebalance_options),
	.max_arguments = 2,
	.run = run,
};
