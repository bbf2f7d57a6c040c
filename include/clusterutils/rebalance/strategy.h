/* A descheduling strategy: one const struct in one file of plugins/, and one line in plugins/strategies.def.
 *
 * The names, the settings and the order of checks are those of upstream's plugin of the same name. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "clusterutils/rebalance/param.h"
#include "clusterutils/util/error.h"

struct pass;
struct check;

/* Where a policy may enable it. */
enum strategy_point {
	STRATEGY_DESCHEDULE = 1,
	STRATEGY_BALANCE = 2,
	STRATEGY_EVICTOR = 4, /* filter and preEvictionFilter */
};

/* What an eviction is for: what a plan then asks of the landing. */
enum strategy_aim {
	AIM_MOVE,    /* that the pod runs elsewhere */
	AIM_RELIEVE, /* and its node is the less loaded for it */
	AIM_RESTART, /* that it starts anew, wherever */
};

struct strategy {
	const char *name;
	const char *summary; /* for lists: what it evicts, and what for */
	unsigned points;     /* a set of enum strategy_point */
	enum strategy_aim aim;
	bool is_ours; /* upstream has none of that name: strict reading does not know it */
	const struct param *params;
	size_t args_size;

	/* What must hold of the settings as given; the second also while a profile is built of them, with the defaults
	 * filled in. NULL for nothing. Both say what is wrong by check_fail. */
	void (*check)(const void *args, struct check *check);
	void (*build)(const void *args, struct check *check);

	/* NULL unless it has that point. */
	int (*deschedule)(struct pass *pass, const void *args, struct error *err);
	int (*balance)(struct pass *pass, const void *args, struct error *err);
};

/* All of them, ended by NULL, in the order of strategies.def. */
extern const struct strategy *const strategies[];

const struct strategy *strategy_find(const char *name); /* NULL where there is none */

/* The name in any case, or at most two letters off; NULL for none. */
const struct strategy *strategy_similar(const char *name);

/* --- for check functions --- */

/* Something is wrong with the value of the key, or with that member of it (a key of a map, a position of a list); NULL
 * for none, the settings as a whole where `key` is NULL. The sentence is upstream's. */
void check_fail(struct check *check, const char *key, const char *member, const char *format, ...) PRINTF_LIKE(4, 5);

/* Not both include and exclude; `what` is "namespaces" or "ownerKinds". */
void check_names(struct check *check, const char *what, const struct param_names *names);

/* A selector that was given can be one. */
void check_labels(struct check *check, const char *key, const struct param_labels *labels);

/* The first of the texts that is none of its row's choices, or NULL. */
const char *check_first_other(const struct check *check, const char *key, const struct param_texts *texts);

/* The choices of a row as Go prints a list: "[a b]". */
const char *check_choices(struct check *check, const char *key);

/* The same of other texts, and one text in Go's quotes. */
const char *check_list_text(struct check *check, const char *const *items);
const char *check_quote(struct check *check, const char *text);

/* Whether the number is below its row's least. */
bool check_is_below(const struct check *check, const char *key, int64_t number);
