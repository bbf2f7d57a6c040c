/* Reading one JSON object into a model struct: the words that decoders are written in.
 *
 * The tree is cJSON's, in scratch memory that the next object reuses. Getters return a default where a member is
 * absent or null; where it is of the wrong type they note the first such error, with its path, and return the default,
 * so that a decoder reads straight down and asks once at the end. Text that leaves here is scrubbed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "clusterutils/model/intern.h"
#include "clusterutils/model/meta.h"
#include "clusterutils/model/resource.h"
#include "clusterutils/util/arena.h"
#include "clusterutils/util/error.h"

/* A value and the way to it, for error messages. value is NULL where there is none (or JSON's null). */
struct json {
	const cJSON *value;
	const struct json *parent;
	const char *key; /* in an object; NULL in an array */
	int index;       /* in an array */
};

/* One decoding: where text goes, and the first error. */
struct reading {
	struct interner *interner;
	struct arena *memory;  /* of the object that is being made */
	struct arena *scratch; /* valid until the next json_parse */
	struct error *err;
	bool failed;
};

/* Parses one object into scratch memory, which is reset first. The text is followed by a NUL and has none inside, nor
 * escaped ones: those become U+FFFD. NULL and *err where it is no JSON. */
const cJSON *json_parse(struct arena *scratch, const char *text, size_t length, struct error *err);

struct json json_root(const cJSON *value);
struct json json_member(struct reading *reading, const struct json *object, const char *key);

/* for (struct json item = json_first(r, &array); item.value; item = json_next(&item)) */
struct json json_first(struct reading *reading, const struct json *array);
struct json json_next(const struct json *item);
size_t json_count(struct reading *reading, const struct json *array);

/* Notes the error at this place, unless one was noted before. */
void json_fail(struct reading *reading, const struct json *place, const char *sentence);

/* Text: raw in scratch, in the object's own memory, or interned. NULL where absent; "" stays "", but interned it is
 * NULL, for in Go they are the same. */
const char *json_raw(struct reading *reading, const struct json *object, const char *key);
const char *json_own(struct reading *reading, const struct json *object, const char *key);
const char *json_interned(struct reading *reading, const struct json *object, const char *key);
const char *json_intern_raw(struct reading *reading, const char *raw); /* NULL and "" give NULL */

int64_t json_integer(struct reading *reading, const struct json *object, const char *key, int64_t min, int64_t max,
	int64_t fallback);
bool json_flag(struct reading *reading, const struct json *object, const char *key);
int64_t json_time(struct reading *reading, const struct json *object, const char *key); /* TIME_NONE where absent */

/* The position of the text in a NULL-ended list, or fallback. */
int json_choice(
	struct reading *reading, const struct json *object, const char *key, const char *const *choices, int fallback);

/* The members of a map on the way to a sorted list. */
struct json_entry {
	const char *key;
	const cJSON *value;
	size_t position; /* in the map */
};

/* By key, each once: of equal ones the last in the map, as in Go. Returns how many remain. */
size_t json_sort_entries(struct json_entry *entries, size_t count);

const struct labels *json_labels(struct reading *reading, const struct json *object, const char *key);
const struct text_list *json_text_list(struct reading *reading, const struct json *object, const char *key);

/* A map of resource names to quantities; negative ones are an error, null is absent. NULL for none or empty. */
const struct resource_list *json_resources(struct reading *reading, const struct json *object, const char *key);

/* The integers of such a map, without keeping the map. */
struct amounts json_usage(struct reading *reading, const struct json *object, const char *key);

/* The integers of a list: cpu in nanocores, memory in bytes; RESOURCE_UNKNOWN where not named. */
struct amounts json_amounts(const struct resource_list *list);

void json_meta(struct reading *reading, const struct json *object, struct meta *ret_meta);
