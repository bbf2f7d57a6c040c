/* Where each field of a protobuf message stands: found in one pass, so that each is then read at once. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "value.h"

/* The fields of one number. */
struct wire_place {
	struct piece last;
	const char *first; /* where the first one begins */
};

/* Points into the bytes it was made of. */
struct wire_message {
	const char *end;
	uint64_t present; /* bit by number: the places of others are not set */
	struct wire_place places[FIELD_NUMBERS];
};

/* False where the message is malformed. */
bool wire_message_index(const char *bytes, size_t length, struct wire_message *ret_message);
