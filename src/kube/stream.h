/* The body of a list or of a watch, as it arrives -> its objects, in either wire format.
 *
 * JSON goes through kube/framer.h. Protobuf: a list is "k8s\0", runtime.Unknown {typeMeta 1, raw 2}, in raw the
 * XList {metadata 1, items 2}; a watch is frames of four bytes of length (big-endian), each a WatchEvent {type 1,
 * object 2: RawExtension {raw 1: "k8s\0" and runtime.Unknown}}. Objects are handed out as bare messages (or compact
 * JSON), one at a time, as soon as their last byte is there; memory is bounded by the largest object
 * (FRAMER_MAX_OBJECT), whatever the length of the list. Every length is checked against what encloses it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/kube/decode.h"
#include "clusterutils/kube/framer.h"
#include "clusterutils/kube/wire.h"
#include "stream_wire.h"

enum stream_shape { STREAM_LIST, STREAM_WATCH };

enum event_type { EVENT_ADDED, EVENT_MODIFIED, EVENT_DELETED, EVENT_BOOKMARK, EVENT_ERROR };

/* An object of a list (EVENT_ADDED) or of an event; JSON is followed by a NUL. -1 ends the reading. */
typedef int stream_object(void *context, enum event_type type, const char *bytes, size_t length, struct error *err);

enum { CONTINUE_SIZE = 4096 };

/* ListMeta: complete when stream_finish has returned 0. */
struct list_meta {
	char resource_version[RESOURCE_VERSION_SIZE];
	char kind[64];                      /* "PodList"; "" where not told */
	char continue_token[CONTINUE_SIZE]; /* "" at the end */
	int64_t remaining;                  /* remainingItemCount; -1 where not told */
};

/* Stays in its place from stream_init to stream_release: the framer points to it. */
struct stream {
	enum wire wire;
	enum stream_shape shape;
	stream_object *on_object;
	void *context;
	struct list_meta meta;
	bool is_complete; /* the list has ended */
	struct arena scratch;
	struct framer framer;           /* JSON */
	struct wire_stream wire_stream; /* protobuf */
};

void stream_init(
	struct stream *stream, enum wire wire, enum stream_shape shape, stream_object *on_object, void *context);
void stream_release(struct stream *stream);
int stream_feed(struct stream *stream, const char *bytes, size_t length, struct error *err) MUST_USE;

/* The body is over: an error where it ends inside an object or before the end of the list. A watch may end after any
 * event. */
int stream_finish(struct stream *stream, struct error *err) MUST_USE;
