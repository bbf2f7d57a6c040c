#include <string.h>

#include "clusterutils/util/file.h"
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

int policy_file_read(const char *file, struct buffer *ret_text, struct error *err)
{
	bool is_stdin = strcmp(file, "-") == 0;

	if (file_read(is_stdin ? "/dev/stdin" : file, POLICY_MAX_TEXT, ret_text, err) == 0)
		return 0;
	err->code = ERROR_USAGE;
	return -1;
}

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

int rebalance_lint(struct invocation *invocation, struct error *err)
{
	const struct rebalance_options *options = invocation->options;
	const char *file = invocation->arguments.count > 1 ? invocation->arguments.items[1] : NULL;
	CLEANUP(table_release) struct table table = { 0 };
	AUTO_POLICY policy = { 0 };
	AUTO_BUFFER text = { 0 };
	struct policy_source source;
	struct error refusal;

	if (!file)
		return error_set(err, ERROR_USAGE, "say which policy: a file, or - for standard input");
	if (policy_file_read(file, &text, err) < 0)
		return -1;
	source = (struct policy_source){ .file = file, .text = buffer_text(&text), .length = text.length };
	/* Why it is refused is among its findings. */
	if (policy_load(&source, options->strict_upstream ? POLICY_STRICT : POLICY_LENIENT, &policy, &refusal) < 0)
		policy.refusal = policy.refusal == POLICY_ACCEPTED ? POLICY_INVALID : policy.refusal;
	table_init(&table, "PolicyFindingList", columns, sizeof(columns) / sizeof(columns[0]));
	table.nothing = "nothing to remark";
	add_findings(&table, &policy, options->strict_upstream);
	if (invocation_print(invocation, &table, NULL, err) < 0)
		return -1;
	return status_of(&policy, options);
}
