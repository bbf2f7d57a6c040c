/* Carrying orders out: the rights are looked at first, the journal opened, the store kept current, and everything that
 * happens told. */
#pragma once

#include "clusterutils/command/command.h"
#include "rebalance.h"
#include "waves.h"

struct carry {
	const struct invocation *invocation;
	struct session *session;
	struct cluster *cluster;
	const struct orders *orders;
	struct landing_rules rules; /* without limits of the plan alone */
	struct loop *loop;          /* says in its own way what happens; NULL for a run that somebody looks at */
	const char *cordoned;       /* a node that this run has cordoned; NULL for none */
	int64_t grace_seconds;      /* WRITE_GRACE_DEFAULT for each pod's own */
};

/* Carries them out and prints what came of it. The store is read again: a plan that was made from it can only be
 * released afterwards. An exit_status, or -1 with *err set where nothing was begun. */
int carry_out(struct carry *carry, struct error *err) MUST_USE;

/* `--dry-run=server`: the server is asked of each eviction whether it would allow it; nothing is changed. */
int carry_try(struct carry *carry, struct error *err) MUST_USE;

/* Whether the user wants it: --yes, or the answer to a question on a terminal. Without a terminal nobody does. */
bool carry_is_wanted(const struct carry *carry);

/* What such a run may need beside what is read: evictions and events. Returns how many. */
size_t carry_rights(struct right *ret_rights);
