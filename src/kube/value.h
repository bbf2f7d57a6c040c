/* Reading one object into a model struct: the words that decoders are written in, whatever the format.
 *
 * A value is a node of cJSON's tree or a piece of a protobuf message, in scratch memory that the next object reuses.
 * A field is named as in JSON and numbered as in protobuf. Getters return a default where it is absent (or null; a text
 * also where it is empty, for in Go the two are the same, and so in protobuf); where it is of the wrong type they note
 * the first such error, with its path, and return the default, so that a decoder reads straight down and asks once at
 * the end. Text that leaves here is scrubbed, unless it is said to be raw.
 *
 * Source of names and numbers: generated.proto of k8s.io/api (core, apps, batch, policy, scheduling, storage),
 * k8s.io/apimachinery and k8s.io/metrics, v0.36.3. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "clusterutils/kube/wire.h"
#include "clusterutils/model/intern.h"
#include "clusterutils/model/meta.h"
#include "clusterutils/model/resource.h"
#include "clusterutils/util/arena.h"
#include "clusterutils/util/error.h"
#include "protobuf.h"

/* Numbers are below FIELD_NUMBERS; 0 for what protobuf has not. A message whose fields stand in its parent in JSON
 * (`inline`) has no name. */
struct field {
	const char *name;
	uint32_t number;
};

enum { FIELD_NUMBERS = 64 };

#define F(name, number) ((struct field){ (name), (number) })
#define INLINE(number)  ((struct field){ NULL, (number) })
#define METADATA        F("metadata", 1)
#define SPEC            F("spec", 2)
#define STATUS          F("status", 3)

struct wire_message; /* value_wire.c: where each field of a message stands */

/* A value and the way to it, for error messages. */
struct value {
	const struct value *parent;
	const char *name; /* in an object or a map; NULL in a list */
	uint32_t index;   /* in a list */
	bool is_inline;   /* adds nothing to the way */
	bool is_there;    /* false also for JSON's null */
	union {
		const cJSON *json; /* the node */
		struct {
			struct piece piece;          /* the last of its number in its message, or the item */
			const char *behind;          /* it, in the message */
			struct wire_message *within; /* that message; NULL where it is in none, or in a map */
			struct wire_message *opened; /* itself as a message, once a member was asked for */
		};
	};
};

/* Text as it came: neither followed by a NUL nor scrubbed. NULL and 0 where absent or empty. */
struct raw_text {
	const char *bytes;
	size_t length;
};

/* One decoding: where text goes, and the first error. */
struct reading {
	enum wire wire;
	struct interner *interner;
	unsigned details;      /* of the store that it is for: enum cluster_details */
	struct arena *memory;  /* of the object that is being made */
	struct arena *scratch; /* valid until the next value_parse */
	struct error *err;
	struct value *meta; /* of the object: looked up once, for decoders; NULL elsewhere */
	bool failed;
};

/* The object as a value; resets the reading's scratch memory. -1 and *err where it is no JSON (text followed by a NUL)
 * or no message. The value must stay in its place while its members are in use, as must each that members are taken
 * from. */
int value_parse(
	struct reading *reading, const char *bytes, size_t length, struct value *ret_value, struct error *err) MUST_USE;

struct value value_member(struct reading *reading, struct value *object, struct field field);
struct value value_entry(struct reading *reading, struct value *map, const char *key); /* the value to a key */

/* for (struct value item = value_first(r, &list); item.is_there; item = value_next(r, &item)) */
struct value value_first(struct reading *reading, struct value *list);
struct value value_next(struct reading *reading, const struct value *item);
size_t value_count(struct reading *reading, struct value *list);

/* All of a list or a map as it stands in its message; NULL and 0 where it is not there, and in JSON. */
struct raw_text value_span(const struct reading *reading, const struct value *list);

/* What was made of these bytes when they were read before (model/intern.h), or NULL. What is made of them is remembered
 * unless the reading has failed; returned in any case. */
enum memo { MEMO_LABELS, MEMO_RESOURCES, MEMO_OWNERS, MEMO_TOLERATIONS, MEMO_CONTAINERS, MEMO_AMOUNTS };

const void *value_recall(struct reading *reading, enum memo what, struct raw_text raw);
const void *value_remember(struct reading *reading, enum memo what, struct raw_text raw, const void *result);

/* Notes the error at this place, unless one was noted before. */
void value_fail(struct reading *reading, const struct value *place, const char *sentence);
void value_fail_at(struct reading *reading, const struct value *object, struct field field, const char *sentence);

/* Text: raw, in the object's own memory, or interned. NULL where absent or empty. */
struct raw_text value_raw(struct reading *reading, struct value *object, struct field field);
const char *value_own(struct reading *reading, struct value *object, struct field field);
const char *value_interned(struct reading *reading, struct value *object, struct field field);
const char *value_intern(struct reading *reading, struct raw_text raw);

/* Raw text that goes back to the server as it came, into a buffer: an error where it does not fit or is not clean. */
void value_token(struct reading *reading, struct value *object, struct field field, char *buffer, size_t size);

const char *value_entry_own(struct reading *reading, struct value *map, const char *key);
const char *value_entry_interned(struct reading *reading, struct value *map, const char *key);
bool value_is(struct reading *reading, struct value *object, struct field field, const char *text);
bool value_entry_is(struct reading *reading, struct value *map, const char *key, const char *text);
int64_t value_integer(
	struct reading *reading, struct value *object, struct field field, int64_t min, int64_t max, int64_t fallback);
bool value_flag(struct reading *reading, struct value *object, struct field field);
int64_t value_time(struct reading *reading, struct value *object, struct field field); /* TIME_NONE where absent */

/* metav1.Duration in nanoseconds; 0 where absent or not to be read. */
int64_t value_duration(struct reading *reading, struct value *object, struct field field);

/* An IntOrString, as text: interned; NULL where absent. */
const char *value_int_or_text(struct reading *reading, struct value *object, struct field field);

/* The position of the text in a NULL-ended list, or fallback. Absent counts as "". */
int value_choice(
	struct reading *reading, struct value *object, struct field field, const char *const *choices, int fallback);

const struct labels *value_labels(struct reading *reading, struct value *object, struct field field);
const struct text_list *value_text_list(struct reading *reading, struct value *object, struct field field);

/* A single quantity, in whole units; RESOURCE_UNKNOWN where it is not there. */
int64_t value_bytes(struct reading *reading, struct value *object, struct field field);

/* A map of resource names to quantities; negative ones are an error, null is absent. NULL for none or empty. */
const struct resource_list *value_resources(struct reading *reading, struct value *object, struct field field);

/* The integers of such a map, without keeping the map. */
struct amounts value_usage(struct reading *reading, struct value *object, struct field field);

/* The integers of a list: cpu in nanocores, memory in bytes; RESOURCE_UNKNOWN where not named. */
struct amounts value_amounts(const struct resource_list *list);
