/* What every Kubernetes object has: ObjectMeta, as far as it is used here. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/util/arena.h"

struct label {
	const char *key; /* interned */
	const char *value;
};

/* Labels: interned as a whole, sorted by key, each key once. NULL stands for none. */
struct labels {
	size_t count;
	struct label items[];
};

/* The value, or NULL where the key is not there. */
const char *labels_get(const struct labels *labels, const char *key);

struct owner {
	const char *api_version; /* all interned, never NULL */
	const char *kind;
	const char *name;
	const char *uid;
	uintptr_t is_controller; /* a whole word: interned structures have no padding */
};

struct owners {
	size_t count;
	struct owner items[];
};

#define TIME_NONE INT64_MIN /* a moment that is not set */

/* A list of texts, interned as a whole. NULL stands for none. */
struct text_list {
	size_t count;
	const char *items[];
};

/* The first member of every object here, so that a pointer to the one is a pointer to the other. Objects are made by
 * OBJECT_NEW and freed by object_free. */
struct meta {
	const char *name;      /* in the object's own memory */
	const char *namespace; /* interned; NULL where the kind has none */
	const char *uid;       /* in the object's own memory; "" where a dump gives none */
	const struct labels *labels;
	const struct owners *owners; /* NULL for none */
	int64_t created;             /* seconds since 1970, TIME_NONE where unknown */
	int64_t deleted;             /* deletionTimestamp; TIME_NONE while it lives */
	struct arena memory;         /* what this object alone owns; freed with it */
	uint32_t stamp;              /* of the reading that brought it: see cluster_sweep */
	uint32_t hold;               /* under which it came into the store: see cluster_hold */
};

/* The owner with controller: true, or NULL. */
const struct owner *meta_controller(const struct meta *meta);

#define OBJECT_NEW(type) ((type *)object_new(sizeof(type), 0))

/* The object itself is the first thing in its memory, with room for `more` bytes behind it that need no second
 * allocation. Zeroed, moments TIME_NONE, texts "". */
void *object_new(size_t size, size_t more) RETURNS_NONNULL;
void object_free(struct meta *object); /* NULL-safe */
