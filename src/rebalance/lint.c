#include <stdio.h>

#include "policy_source.h"
#include "rebalance.h"

enum { SEVERITY, LINE, MESSAGE };

static const struct column columns[] = {
	[SEVERITY] = { "severity", "SEVERITY", 0, 0 },
	[LINE] = { "line", "LINE", COLUMN_RIGHT, 0 },
	[MESSAGE] = { "message", "FINDING", 0, 0 },
};

static const char *const severities[] = {
	[POLICY_NOTE] = "note",
	[POLICY_WARNING] = "warning",
	[POLICY_ERROR] = "error",
};

static const enum role roles[] = {
	[POLICY_NOTE] = ROLE_MUTED,
	[POLICY_WARNING] = ROLE_WARNING,
	[POLICY_ERROR] = ROLE_BAD,
};

static void add_finding(struct table *table, enum policy_severity severity, unsigned line, const char *sentence)
{
	struct row *row = table_add_row(table, ROW_ITEM, 0);

	row->cells[SEVERITY] = cell_with_role(cell_text(severities[severity]), roles[severity]);
	row->cells[LINE] = line ? cell_number(line) : cell_none();
	row->cells[MESSAGE] = cell_text(arena_text(&table->arena, sentence));
}

/* In the descheduler's words where these are asked for; only of a policy that means nothing to it it does not speak. */
static void add_findings(struct table *table, const struct policy *policy, bool in_upstreams_words)
{
	if (in_upstreams_words) {
		if (policy->refusal != POLICY_ACCEPTED)
			add_finding(table, POLICY_ERROR, 0, policy->upstream_error);
		else if (!policy->profiles.count)
			add_finding(
				table, POLICY_WARNING, 0, "the descheduler reads no profile in it, and does nothing");
		return;
	}
	for (size_t i = 0; i < policy->finding_count; i++)
		add_finding(
			table, policy->findings[i].severity, policy->findings[i].line, policy->findings[i].sentence);
}

static bool has_warning(const struct policy *policy)
{
	for (size_t i = 0; i < policy->finding_count; i++)
		if (policy->findings[i].severity != POLICY_NOTE)
			return true;
	return false;
}

/* What the program makes of a refused policy everywhere: 2. */
static int status_of(const struct policy *policy, const struct rebalance_options *options)
{
	if (policy->refusal != POLICY_ACCEPTED)
		return STATUS_USAGE;
	return options->exit_code && has_warning(policy) ? STATUS_FINDINGS : STATUS_DONE;
}

/* As an argument, or as --policy; NULL for neither. */
static int given_policy(const struct invocation *invocation, const char **ret_given, struct error *err)
{
	const struct rebalance_options *options = invocation->options;
	const char *operand = invocation->arguments.count > 1 ? invocation->arguments.items[1] : NULL;

	if (operand && options->policy)
		return error_set(err, ERROR_USAGE, "say which policy once: as an argument or with --policy");
	*ret_given = operand ? operand : options->policy;
	return policy_source_check(*ret_given, err);
}

/* Which one that is goes without saying where it was named. */
static int find_policy(
	const struct invocation *invocation, const char *given, struct policy_found *ret_found, struct error *err)
{
	CLEANUP(session_release) struct session session = { 0 };
	bool needs_cluster = policy_source_needs_cluster(given);

	if ((needs_cluster && session_open(invocation, &session, err) < 0) ||
		policy_source_load(invocation, needs_cluster ? &session : NULL, given, ret_found, err) < 0)
		return -1;
	if (ret_found->warning)
		fprintf(stderr, "warning: %s\n", ret_found->warning);
	if (!given)
		fprintf(stderr, "policy: %s\n", ret_found->name);
	return 0;
}

int rebalance_lint_rights(
	const struct invocation *invocation, struct right *ret_rights, size_t *ret_count, struct error *err)
{
	const char *given = NULL;

	if (given_policy(invocation, &given, err) < 0)
		return -1;
	*ret_count = policy_source_rights(given, ret_rights);
	return 0;
}

int rebalance_lint(struct invocation *invocation, struct error *err)
{
	const struct rebalance_options *options = invocation->options;
	CLEANUP(table_release) struct table table = { 0 };
	AUTO_POLICY_FOUND found = { 0 };
	AUTO_POLICY policy = { 0 };
	struct policy_source source;
	struct error refusal;
	const char *given = NULL;
	bool is_strict; /* what is built in is ours: the descheduler has no opinion of it */

	if (given_policy(invocation, &given, err) < 0 || find_policy(invocation, given, &found, err) < 0)
		return -1;
	source = (struct policy_source){ .file = found.file, .text = found.text, .length = found.length };
	is_strict = options->strict_upstream && found.origin != POLICY_BUILT_IN;
	/* Why it is refused is among its findings. */
	if (policy_load(&source, is_strict ? POLICY_STRICT : POLICY_LENIENT, &policy, &refusal) < 0)
		policy.refusal = policy.refusal == POLICY_ACCEPTED ? POLICY_INVALID : policy.refusal;
	table_init(&table, "PolicyFindingList", columns, sizeof(columns) / sizeof(columns[0]));
	table.nothing = "nothing to remark";
	add_findings(&table, &policy, is_strict);
	if (invocation_print(invocation, &table, NULL, err) < 0)
		return -1;
	return status_of(&policy, options);
}
