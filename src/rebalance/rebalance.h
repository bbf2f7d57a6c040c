/* What the parts of the command share. */
#pragma once

#include "clusterutils/command/command.h"
#include "clusterutils/rebalance/policy.h"

struct rebalance_options {
	const char *policy; /* as policy_source.h has it; NULL where not given */
	bool strict_upstream;
	bool exit_code; /* 3 where there are findings */
};

/* `rebalance lint [POLICY]` and `rebalance strategies [NAME]`. */
int rebalance_lint(struct invocation *invocation, struct error *err) MUST_USE;
int rebalance_lint_rights(
	const struct invocation *invocation, struct right *ret_rights, size_t *ret_count, struct error *err) MUST_USE;
int rebalance_strategies(struct invocation *invocation, struct error *err) MUST_USE;
