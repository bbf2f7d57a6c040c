/* Field selectors: "status.phase!=Running,spec.nodeName=endor", as kubectl's --field-selector takes them.
 *
 * Source: fields.ParseSelector of k8s.io/apimachinery v0.34, whose sentences the errors are. Which fields a kind has is
 * not known here: the caller looks them up. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "clusterutils/util/arena.h"
#include "clusterutils/util/attribute.h"
#include "clusterutils/util/buffer.h"
#include "clusterutils/util/error.h"

enum { FIELD_SELECTOR_MAX_TEXT = 64 * 1024, FIELD_SELECTOR_MAX_TERMS = 1000 };

struct field_term {
	const char *field;
	const char *value; /* without its escapes */
	bool is_not;       /* the field has any other value */
};

/* What an object must fulfil: every term. One that is all zero matches everything. */
struct field_selector {
	struct field_term *terms; /* in the byte order of their text */
	size_t count;
	struct arena arena;
};

/* The value of a field, or NULL where the object has none, which counts as "". */
typedef const char *field_lookup(const void *object, const char *field);

int field_selector_parse(const char *text, struct field_selector *ret_selector, struct error *err) MUST_USE;
void field_selector_release(struct field_selector *selector);
#define AUTO_FIELD_SELECTOR CLEANUP(field_selector_release) struct field_selector

bool field_selector_matches(const struct field_selector *selector, field_lookup *lookup, const void *object);

/* Adds the canonical text: "==" becomes "=", values escaped. */
void field_selector_print(const struct field_selector *selector, struct buffer *out);
