/* What the files of the policy share: one load, from text to what a pass runs. */
#pragma once

#include "clusterutils/rebalance/policy.h"
#include "policy_tree.h"

/* Upstream's messages of one place, which it puts together as "[a, b]". */
struct messages {
	const char **items;
	size_t count, capacity;
};

struct loader {
	struct policy *policy;
	const struct policy_source *source;
	enum policy_mode mode;
	bool is_json;
	struct yaml_node *root;
	struct messages messages;
};

/* NULL where there is none; strict reading does not know what upstream does not. */
const struct strategy *policy_strategy(const struct loader *loader, const char *name);

struct check {
	struct loader *loader;
	const struct policy_profile *profile;
	const struct policy_config *config;
	struct messages messages;
};

void policy_add_finding(struct policy *policy, enum policy_severity severity, unsigned line, const char *format, ...)
	PRINTF_LIKE(4, 5);

/* The first refusal is the one that counts, with upstream's sentence. Returns -1. */
int policy_refuse(struct loader *loader, enum policy_refusal refusal, const char *upstream);

/* The same, and a finding that says it to the user. */
int policy_refuse_at(
	struct loader *loader, enum policy_refusal refusal, unsigned line, const char *sentence, const char *upstream);

/* "failed decoding descheduler's policy config "policy.yaml": " and the cause. */
const char *policy_decode_error(struct loader *loader, const char *cause);

void messages_add(struct messages *messages, struct arena *arena, const char *message);
const char *messages_text(const struct messages *messages, struct arena *arena); /* each once */

extern const struct param_object policy_object;

/* Whether the point of a profile is where such strategies belong, and the profile's points. */
struct policy_point {
	const char *name; /* as upstream's messages name it */
	const char *key;  /* as policies do */
	unsigned points;  /* of enum strategy_point; 0 for those that nothing uses */
	size_t offset;    /* in struct policy_plugins */
};

extern const struct policy_point policy_points[]; /* ended by one without a name */

/* The stages of a load. -1 after a refusal. */
int policy_read(struct loader *loader);  /* header, types, strategies' settings */
int policy_check(struct loader *loader); /* what must hold of the values */
int policy_build(struct loader *loader); /* defaults, priorities, profiles */

/* The other stage, before reading: makes of the tree what upstream would read. */
void policy_be_lenient(struct loader *loader);

const struct policy_config *policy_find_config(const struct policy_profile *profile, const char *name);

/* Runs one of a strategy's check functions; false if it found something. */
bool policy_run_check(struct check *check, void (*function)(const void *args, struct check *check));

/* A copy that may be shown: the text itself where it is clean. */
const char *policy_clean(struct policy *policy, const char *text);
