/* What the parts of the command share. */
#pragma once

#include "clusterutils/command/command.h"
#include "clusterutils/rebalance/policy.h"

struct rebalance_options {
	bool strict_upstream;
	bool exit_code; /* 3 where there are findings */
};

/* Reads FILE or, for "-", standard input, at most POLICY_MAX_TEXT bytes. */
int policy_file_read(const char *file, struct buffer *ret_text, struct error *err) MUST_USE;

/* `rebalance lint POLICY` and `rebalance strategies [NAME]`. */
int rebalance_lint(struct invocation *invocation, struct error *err) MUST_USE;
int rebalance_strategies(struct invocation *invocation, struct error *err) MUST_USE;
