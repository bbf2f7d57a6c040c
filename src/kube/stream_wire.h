/* For stream.h: how far a body in protobuf has been read. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/util/buffer.h"
#include "value.h"

struct stream;
struct list_meta;

/* What comes next. A field is a head (its tag, and a number or the length of its body) and a body. */
enum wire_state { WIRE_MAGIC, WIRE_FRAME, WIRE_HEAD, WIRE_BODY, WIRE_SKIP };
enum wire_body { WIRE_TYPE, WIRE_META, WIRE_ITEM, WIRE_EVENT };

struct wire_stream {
	enum wire_state state;
	enum wire_body body;
	struct buffer held; /* the beginning of what came in pieces */
	uint64_t wanted;    /* bytes of the body, or to be skipped */
	uint64_t left;      /* bytes of the list that are still to come, while it is being read */
	uint64_t objects;   /* handed out so far */
	uint64_t head[2];   /* varints: tag, and number or length */
	unsigned head_index, head_shift;
	bool is_list; /* the kind of the answer says so */
	bool in_list; /* fields are those of the list, else of what is around it */
};

void wire_stream_init(struct stream *stream);
void wire_stream_release(struct stream *stream);
int wire_stream_feed(struct stream *stream, const char *bytes, size_t length, struct error *err) MUST_USE;
int wire_stream_finish(struct stream *stream, struct error *err) MUST_USE;

/* Of either format; -1 where the reading has failed. */
int list_meta_read(struct list_meta *list_meta, struct reading *reading, struct value *meta) MUST_USE;
int event_type_find(struct raw_text text); /* enum event_type, or -1 */
