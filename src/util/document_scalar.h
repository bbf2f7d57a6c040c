/* One text as a scalar of JSON or YAML: the quoting and escaping of util/document.h. */
#pragma once

#include "clusterutils/util/buffer.h"

/* In double quotes, as JSON has it; YAML reads the same form. */
void scalar_add_quoted(struct buffer *out, const char *text);

/* As YAML, on one line: plain where that reads back as this text, in quotes where not. */
void scalar_add_yaml(struct buffer *out, const char *text);
