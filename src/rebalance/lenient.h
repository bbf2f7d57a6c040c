/* What the files of lenient reading share. */
#pragma once

#include "policy_private.h"

struct lenient {
	struct loader *loader;
	struct arena *arena;
	bool is_legacy;               /* v1alpha1, where keys are in place that are not today */
	struct yaml_node *settings;   /* DefaultEvictor's, for every profile */
	struct yaml_node *namespaces; /* for every strategy that has no own; NULL for none */
};

/* What was taken for what: nothing is said of a v1alpha1 text, which had it so. */
void lenient_took(struct lenient *lenient, unsigned line, const char *format, ...) PRINTF_LIKE(3, 4);
void lenient_warn(struct lenient *lenient, unsigned line, const char *format, ...) PRINTF_LIKE(3, 4);

/* Writes keys as the table does where only their case differs. */
void lenient_fold_keys(struct lenient *lenient, struct yaml_node *map, const struct param *params);

/* Moves what is DefaultEvictor's out of a map whose own keys are in the table. `where` is for the sentence. */
void lenient_take_settings(struct lenient *lenient, struct yaml_node *map, const struct param *own,
	struct yaml_node *settings, const char *where);

/* An entry of pluginConfig: keys beside args, older names of settings; what is DefaultEvictor's goes to `settings`. */
void lenient_fix_entry(struct lenient *lenient, struct yaml_node *entry, struct yaml_node *settings);

/* Fills in what upstream refuses that it is missing. */
void lenient_assume(struct lenient *lenient, struct yaml_node *entry);

/* The strategies map of v1alpha1 as profiles, one a strategy, put at the end of the list. */
void lenient_convert(struct lenient *lenient, const struct yaml_node *strategies_map, struct yaml_node *profiles);

/* {name: NAME, args: ARGS}; NULL for no settings. */
struct yaml_node *lenient_new_entry(struct lenient *lenient, unsigned line, const char *name, struct yaml_node *args);
const char *lenient_text(const struct yaml_node *map, const char *key); /* "" where it is no text */
bool lenient_says_nothing(const struct yaml_node *node);                /* null, false, 0, "", [] or {} */
const char *lenient_point_of(const struct strategy *strategy);          /* "deschedule", "balance", NULL */
