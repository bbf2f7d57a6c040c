/* Base64 as Go's encoding/base64 (StdEncoding) has it: line ends are passed over, padding is due. */
#pragma once

#include <stddef.h>

#include "clusterutils/util/buffer.h"
#include "clusterutils/util/error.h"

/* Adds the decoded bytes. Fails with Go's sentence: "illegal base64 data at input byte 4". */
int base64_decode(const char *text, size_t length, struct buffer *bytes, struct error *err) MUST_USE;

void base64_encode(const void *bytes, size_t length, struct buffer *text);
