/* `rebalance`: a plan, what a descheduler's policy says, and what it can say. */
#include "rebalance.h"

#include <string.h>

#include "clusterutils/util/text.h"

static const char *const dry_runs[] = { "none", "client", "server", NULL };

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
	{ .name = "parity",
		.type = OPTION_FLAG,
		.offset = offsetof(struct rebalance_options, parity),
		.help = "plan what the descheduler would evict, whatever comes of it" },
	{ .name = "relieve",
		.type = OPTION_FLAG,
		.offset = offsetof(struct rebalance_options, relieve),
		.help = "run RelieveOverutilizedNodes after what the policy names" },
	{ .name = "strategy",
		.type = OPTION_LIST,
		.offset = offsetof(struct rebalance_options, strategies),
		.argument = "NAME",
		.completion = "strategy",
		.help = "what this strategy of the policy evicts, and nothing else; may be given several times" },
	{ .name = "node",
		.type = OPTION_TEXT,
		.offset = offsetof(struct rebalance_options, node),
		.argument = "NAME",
		.completion = "node",
		.help = "only pods that are on this node" },
	{ .name = "exclude-namespace",
		.type = OPTION_LIST,
		.offset = offsetof(struct rebalance_options, excluded_namespaces),
		.argument = "NAMESPACE",
		.completion = "namespace",
		.help = "no pods of this namespace; may be given several times" },
	{ .name = "max-moves",
		.type = OPTION_UINT,
		.offset = offsetof(struct rebalance_options, max_moves),
		.argument = "NUMBER",
		.max = PASS_UNLIMITED - 1,
		.help = "at most so many moves" },
	{ .name = "max-moves-per-node",
		.type = OPTION_UINT,
		.offset = offsetof(struct rebalance_options, max_per_node),
		.argument = "NUMBER",
		.max = PASS_UNLIMITED - 1,
		.help = "at most so many moves away from one node" },
	{ .name = "max-moves-per-namespace",
		.type = OPTION_UINT,
		.offset = offsetof(struct rebalance_options, max_per_namespace),
		.argument = "NUMBER",
		.max = PASS_UNLIMITED - 1,
		.help = "at most so many moves in one namespace" },
	{ .name = "memory-line",
		.type = OPTION_UINT,
		.offset = offsetof(struct rebalance_options, memory_line),
		.argument = "PERCENT",
		.fallback = "90",
		.max = 1000,
		.help = "nothing lands where more of the memory would be requested or used; 0 is no line" },
	{ .name = "cool-down",
		.type = OPTION_DURATION,
		.offset = offsetof(struct rebalance_options, cool_down),
		.argument = "TIME",
		.fallback = "15m",
		.help = "pods that were made less than this ago stay where they are" },
	{ .name = "return-cool-down",
		.type = OPTION_DURATION,
		.offset = offsetof(struct rebalance_options, return_cool_down),
		.argument = "TIME",
		.fallback = "1h",
		.help = "workloads of which a pod came back to the node that it had left, in a run less than this ago, "
			"stay where they are" },
	{ .name = "allow-single-replica",
		.type = OPTION_FLAG,
		.offset = offsetof(struct rebalance_options, allow_single),
		.help = "move also the only replica of what cannot start another one first" },
	{ .name = "any-arch",
		.type = OPTION_FLAG,
		.offset = offsetof(struct rebalance_options, any_arch),
		.help = "let pods land on an architecture on which their image was never seen" },
	{ .name = "explain",
		.type = OPTION_FLAG,
		.offset = offsetof(struct rebalance_options, explain),
		.help = "why: of each node and strategy, or with NAMESPACE/POD of that pod on every node" },
	{ .name = "empty",
		.type = OPTION_TEXT,
		.offset = offsetof(struct rebalance_options, empty),
		.argument = "NODE",
		.completion = "node",
		.help = "whether this node can be emptied: where each of its pods would land, and what stays" },
	{ .name = "what-if",
		.type = OPTION_LIST,
		.offset = offsetof(struct rebalance_options, what_ifs),
		.argument = "CHANGE",
		.help = "what another cluster would change: cordon=NODE, uncordon=NODE, taint=NODE:KEY=VALUE:EFFECT, "
			"remove=NODE, add=NEW:like=OLD, target=RESOURCE:PERCENT or threshold=RESOURCE:PERCENT; may be "
			"given several times" },
	{ .name = "plan",
		.type = OPTION_TEXT,
		.offset = offsetof(struct rebalance_options, plan_file),
		.argument = "FILE",
		.completion = "file",
		.help = "write the plan as JSON to this file, too" },
	{ .name = "yes",
		.letter = 'y',
		.type = OPTION_FLAG,
		.offset = offsetof(struct rebalance_options, yes),
		.help = "carry the plan out without asking" },
	{ .name = "dry-run",
		.type = OPTION_CHOICE,
		.offset = offsetof(struct rebalance_options, dry_run),
		.argument = "HOW",
		.choices = dry_runs,
		.fallback = "none",
		.bare = "client",
		.help = "client: print the plan and ask nothing; server: ask the API server whether it would allow each "
			"eviction" },
	{ .name = "parallel",
		.type = OPTION_UINT,
		.offset = offsetof(struct rebalance_options, parallel),
		.argument = "NUMBER",
		.fallback = "1",
		.min = 1,
		.max = 1000,
		.help = "so many pods of one node, and of one workload, may move in the same wave" },
	{ .name = "wave-timeout",
		.type = OPTION_DURATION,
		.offset = offsetof(struct rebalance_options, wave_timeout),
		.argument = "TIME",
		.fallback = "10m",
		.min = 1000000000,
		.help = "stop where what a wave moved is not ready after this" },
	{ .name = "pause-on-failure",
		.type = OPTION_FLAG,
		.offset = offsetof(struct rebalance_options, pause_on_failure),
		.help = "where a pod or a node has trouble, wait until it has not, instead of stopping" },
	{ .name = "every",
		.type = OPTION_DURATION,
		.offset = offsetof(struct rebalance_options, every),
		.argument = "TIME",
		.min = 1000000000,
		.help = "do this again and again, about so long after one another, until it is ended; needs --yes" },
	{ .name = "max-per-hour",
		.type = OPTION_UINT,
		.offset = offsetof(struct rebalance_options, max_per_hour),
		.argument = "NUMBER",
		.max = PASS_UNLIMITED - 1,
		.help = "with --every: at most so many evictions within an hour" },
	{ .name = "no-events",
		.type = OPTION_FLAG,
		.offset = offsetof(struct rebalance_options, no_events),
		.help = "write no Event for each eviction" },
	{ .name = "journal",
		.type = OPTION_TEXT,
		.offset = offsetof(struct rebalance_options, journal),
		.argument = "FILE",
		.completion = "file",
		.help = "where what is done is written down, or none (default: "
			"$XDG_STATE_HOME/clusterutils/rebalance-CLUSTER.jsonl)" },
	{ .name = "exit-code",
		.type = OPTION_FLAG,
		.offset = offsetof(struct rebalance_options, exit_code),
		.help = "exit with 3 where there is a move, or with lint a warning" },
	{ 0 },
};

static const char *const examples[] = {
	"what would be moved, where it would land, and what is withheld",
	"rebalance --demo",
	"what the descheduler itself would evict",
	"rebalance --demo --parity --policy docs/policy.yaml",
	"why a pod is, or is not, moved",
	"rebalance --demo --explain database/postgres-0",
	"can this node be taken out of service",
	"rebalance --demo --empty jakku",
	"what another node would change",
	"rebalance --demo --what-if add=hoth:like=tatooine",
	"would the API server allow it",
	"rebalance --demo --dry-run=server",
	"exactly what a file of --plan says, and on a terminal, after a question, that is done",
	"rebalance apply docs/plan.json --demo",
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
	{ "apply", rebalance_apply, rebalance_apply_rights },
	{ "status", rebalance_status, NULL },
};

static const struct action planning = { "", rebalance_plan, rebalance_plan_rights };

static const struct rebalance_options *options_of(const struct invocation *invocation)
{
	return invocation->options;
}

static const struct action *chosen_action(const struct invocation *invocation, struct error *err)
{
	const struct arguments *arguments = &invocation->arguments;

	for (size_t i = 0; arguments->count && i < sizeof(actions) / sizeof(actions[0]); i++)
		if (text_equal(arguments->items[0], actions[i].name))
			return &actions[i];
	if (!arguments->count || options_of(invocation)->explain)
		return &planning;
	error_set(err, ERROR_USAGE,
		"\"%s\" is not something to do: apply PLAN, status, lint [POLICY] or strategies [NAME]; nothing for a "
		"plan",
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
	.usage = "[apply PLAN | status | lint [POLICY] | strategies [NAME]] [flags]",
	.summary = "move pods that should leave their nodes, explained and simulated",
	.description =
		"Runs one pass of a descheduler's policy (descheduler/v1alpha2) on the cluster as it is, and tells of\n"
		"each pod why it would be evicted, where the scheduler would put it, and whether that helps: moves\n"
		"that would help nobody are withheld. On a terminal it then asks whether to carry the plan out; with\n"
		"--yes it does, and without either it stops there. The run goes in waves: the next begins when what\n"
		"came in the place of the last is ready, and it stops where something goes wrong. apply does what a\n"
		"file of --plan says, and skips what no longer holds; status shows the last run. lint reads a policy\n"
		"and tells, with line numbers, what the descheduler would refuse, and what it would drop in silence;\n"
		"strategies lists what a policy can enable, or the settings of one. POLICY is a file, - for standard\n"
		"input, or cm/NAMESPACE/NAME.",
	.examples = examples,
	.options = options,
	.options_size = sizeof(struct rebalance_options),
	.max_arguments = 2,
	.rights = rights,
	.run = run,
};
