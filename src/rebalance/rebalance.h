/* What the parts of the command share. */
#pragma once

#include "clusterutils/command/command.h"
#include "clusterutils/rebalance/plan.h"
#include "clusterutils/rebalance/policy.h"

struct rebalance_options {
	const char *policy; /* as policy_source.h has it; NULL where not given */
	bool strict_upstream;
	bool exit_code; /* 3 where there are findings, or a move */

	bool parity, relieve, explain;
	bool allow_single, any_arch;
	uint64_t max_moves, max_per_node, max_per_namespace;
	struct option_list strategies, excluded_namespaces, what_ifs;
	const char *node;
	const char *empty; /* the node to be emptied */
	const char *plan_file;
	uint64_t memory_line;
	int64_t cool_down;        /* nanoseconds, as the next two */
	int64_t return_cool_down; /* after it came back to the node that it left */
	int64_t wave_timeout;
	int64_t every; /* nanoseconds; 0 for once */
	uint64_t max_per_hour;

	bool yes, no_events, pause_on_failure;
	const char *dry_run; /* "none", "client", "server" */
	const char *journal; /* a file, or "none"; NULL for the default */
	uint64_t parallel;
};

/* `rebalance lint [POLICY]` and `rebalance strategies [NAME]`. */
int rebalance_lint(struct invocation *invocation, struct error *err) MUST_USE;
int rebalance_lint_rights(
	const struct invocation *invocation, struct right *ret_rights, size_t *ret_count, struct error *err) MUST_USE;
int rebalance_strategies(struct invocation *invocation, struct error *err) MUST_USE;

/* `rebalance`, `rebalance --explain [POD]`, `rebalance --empty NODE`. */
int rebalance_plan(struct invocation *invocation, struct error *err) MUST_USE;
int rebalance_plan_rights(
	const struct invocation *invocation, struct right *ret_rights, size_t *ret_count, struct error *err) MUST_USE;

/* `rebalance apply PLAN` and `rebalance status`. */
int rebalance_apply(struct invocation *invocation, struct error *err) MUST_USE;
int rebalance_apply_rights(
	const struct invocation *invocation, struct right *ret_rights, size_t *ret_count, struct error *err) MUST_USE;
int rebalance_status(struct invocation *invocation, struct error *err) MUST_USE;

/* What a plan is made from, and for whom it is printed. */
struct loop;

struct planned {
	const struct invocation *invocation;
	struct loop *loop; /* NULL where it is done once */
	struct session *session;
	struct cluster *cluster;
	struct policy *policy;
	const char *policy_name;
	struct plan_options options;
	int64_t now;
};

/* Each prints to stdout. */
int rebalance_explain(const struct planned *planned, struct plan *plan, const char *pod, struct error *err) MUST_USE;

/* These change the store, and the policy, to what is thought of. Whether the node can be emptied; whether the second
 * plan has moves. */
int rebalance_empty(const struct planned *planned, const char *node, bool *ret_is_clear, struct error *err) MUST_USE;
int rebalance_what_if(
	const struct planned *planned, const struct plan *before, bool *ret_is_clear, struct error *err) MUST_USE;
