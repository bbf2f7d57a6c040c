/* Warning headers of an API server (RFC 7234 5.5, as k8s.io/apimachinery/pkg/util/net reads them): `299 - "text"`. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "clusterutils/util/buffer.h"

/* Adds the text of each warning with code 299 in the header's value, each followed by a NUL. A value that does not
 * parse ends there. */
void warning_parse(const char *value, size_t length, struct buffer *ret_texts);
