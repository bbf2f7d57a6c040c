/* Finds the objects in a stream of JSON, without building anything: the bytes of each go to one callback.
 *
 * A top-level object with a member `items` that is an array is a list: each element is one object, and the rest is its
 * envelope (kind, metadata.continue). Any other top-level object is one object; so are the elements of a top-level
 * array. Several top-level values may follow each other: a file of several documents, the events of a watch.
 *
 * Objects are handed out compact: without white space between tokens and without metadata.managedFields, which is a
 * third of what an API server sends and nothing here reads. Brackets are checked, tokens are not: that is the parser's
 * part. Memory is bounded by the largest object, whatever the length of the list. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/util/buffer.h"
#include "clusterutils/util/error.h"

enum {
	FRAMER_MAX_OBJECT = 8 << 20, /* bytes of one object; etcd's own limit is 1.5 MiB */
	FRAMER_MAX_DEPTH = 256,
};

/* Callbacks return 0, or -1 to end the reading. Text is followed by a NUL and valid during the call alone. */
struct framer_events {
	const char *items; /* which member of the object is the list; NULL for "items" */
	/* A list begins: its envelope as far as it was read, closed to be whole JSON. NULL if nobody cares. */
	int (*on_list)(void *context, const char *envelope, size_t length, struct error *err);
	/* An object, and the line on which it began. */
	int (*on_object)(void *context, const char *json, size_t length, uint64_t line, struct error *err);
	/* A list ends: the whole envelope, with no items. NULL if nobody cares. */
	int (*on_list_end)(void *context, const char *envelope, size_t length, struct error *err);
	/* An event of a watch: what it says of its `object`, which stands there as null, and that object. Where this is
	 * not NULL, lists are not looked for, and on_object gets whatever else is at the top. */
	int (*on_event)(void *context, const char *event, size_t event_length, const char *object, size_t object_length,
		struct error *err);
};

struct framer {
	const struct framer_events *events;
	void *context;
	struct buffer envelope; /* of the list, or the whole object where it is none */
	struct buffer object;   /* the element that is being read */
	uint64_t line;          /* of the byte that comes next, from 1 */
	uint64_t object_line;
	uint64_t objects; /* handed out so far */
	unsigned depth;
	unsigned items_depth;    /* depth inside the array of items; 0 outside of one */
	unsigned metadata_depth; /* depth inside an object that is the value of a "metadata"; 0 outside */
	unsigned skip_depth;     /* depth of the member whose value is being left out; 0 when none is */
	size_t string_start;     /* in the buffer in use: where the last string begins */
	bool in_string, after_backslash;
	bool is_list;
	bool is_event;                                              /* the item is the object of an event */
	bool after_object_key, after_items_key, after_metadata_key; /* the next value belongs to this key */
	bool is_object[FRAMER_MAX_DEPTH + 1];                       /* by depth: braces, else brackets */
};

void framer_init(struct framer *framer, const struct framer_events *events, void *context);
void framer_release(struct framer *framer);

int framer_feed(struct framer *framer, const char *bytes, size_t length, struct error *err) MUST_USE;

/* The stream is over: an error where it ends inside an object. */
int framer_finish(struct framer *framer, struct error *err) MUST_USE;
