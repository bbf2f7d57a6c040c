/* Foreign text inside double quotes, for the sentences that Go programs print about it. */
#pragma once

#include <stddef.h>

#include "clusterutils/util/buffer.h"

/* As Go's time package does: each byte that is a control character or not ASCII becomes \xNN. */
void quote_bytes(struct buffer *out, const char *text, size_t length);

/* As Go's %q does: escapes for control characters, \xNN for malformed bytes, printable Unicode as it is. */
void quote_text(struct buffer *out, const char *text, size_t length);

/* As Go's encoding/json does, which escapes what HTML would take as its own. */
void quote_json(struct buffer *out, const char *text, size_t length);
