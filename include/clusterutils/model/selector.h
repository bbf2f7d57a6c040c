/* Label selectors: from text as kubectl's -l takes it, and from the structure that objects and policies hold.
 *
 * Source: labels.Parse and metav1.LabelSelectorAsSelector of k8s.io/apimachinery v0.34, whose sentences the errors
 * are. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/model/meta.h"
#include "clusterutils/util/arena.h"
#include "clusterutils/util/attribute.h"
#include "clusterutils/util/buffer.h"
#include "clusterutils/util/error.h"

/* Larger selectors are refused: no API server would be given one. */
enum { SELECTOR_MAX_TEXT = 64 * 1024, SELECTOR_MAX_REQUIREMENTS = 1000, SELECTOR_MAX_VALUES = 10000 };

enum selector_operator {
	SELECTOR_EQUALS,
	SELECTOR_DOUBLE_EQUALS, /* the same but for its canonical text */
	SELECTOR_NOT_EQUALS,    /* this and not in: also objects without the key */
	SELECTOR_IN,
	SELECTOR_NOT_IN,
	SELECTOR_EXISTS,
	SELECTOR_DOES_NOT_EXIST,
	SELECTOR_GREATER, /* both sides are 64-bit integers */
	SELECTOR_LESS,
};

struct requirement {
	const char *key;
	const char **values; /* sorted */
	size_t value_count;
	int64_t number; /* of greater and less */
	enum selector_operator op;
};

/* What an object must fulfil: every requirement. One that is all zero matches everything. */
struct selector {
	struct requirement *requirements; /* sorted by key */
	size_t count;
	bool is_nothing; /* matches no object at all */
	struct arena arena;
};

/* metav1.LabelSelector as it stands in an object. */
struct label_expression {
	const char *key;
	const char *op; /* "In", "NotIn", "Exists", "DoesNotExist" */
	const char *const *values;
	size_t value_count;
};

struct label_selector {
	const struct label *match_labels;
	size_t label_count;
	const struct label_expression *match_expressions;
	size_t expression_count;
};

int selector_parse(const char *text, struct selector *ret_selector, struct error *err) MUST_USE;

/* NULL stands for an absent (nil) selector, which matches nothing; one without requirements matches everything. */
int selector_build(const struct label_selector *source, struct selector *ret_selector, struct error *err) MUST_USE;

void selector_release(struct selector *selector);
#define AUTO_SELECTOR CLEANUP(selector_release) struct selector

/* NULL labels are no labels. */
bool selector_matches(const struct selector *selector, const struct labels *labels);
bool selector_is_everything(const struct selector *selector);

/* Adds the canonical text: requirements sorted by key, values sorted; "" where it matches everything, or nothing. */
void selector_print(const struct selector *selector, struct buffer *out);
