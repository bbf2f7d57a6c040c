/* What Kubernetes puts around an object in protobuf: "k8s\0" and runtime.Unknown {typeMeta 1: {apiVersion 1, kind 2},
 * raw 2}. Source: k8s.io/apimachinery, pkg/runtime generated.proto and pkg/runtime/serializer/protobuf, v0.36.3. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "value.h"

#define ENVELOPE_MAGIC "k8s"

enum { ENVELOPE_MAGIC_SIZE = 4 }; /* with its NUL */

/* Both point into the bytes that were read. */
struct envelope {
	struct raw_text kind;
	struct raw_text raw; /* the object's message; an empty one is not NULL */
};

/* False where there is none, or it is malformed, or there is no object in it. */
bool envelope_read(const char *bytes, size_t length, struct envelope *ret_envelope);

/* The kind of a typeMeta; false where it is malformed. */
bool envelope_read_kind(struct raw_text type_meta, struct raw_text *ret_kind);

/* Two fields of a message that are bytes, by number; NULL where absent. False where it is malformed, or one of them is
 * no bytes. */
bool envelope_read_fields(struct raw_text message, uint32_t first, struct raw_text *ret_first, uint32_t second,
	struct raw_text *ret_second);
