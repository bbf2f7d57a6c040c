/* What a label's key and value may look like, with the sentences of k8s.io/apimachinery util/validation, v0.34. */
#pragma once

#include <stdbool.h>

#include "clusterutils/util/buffer.h"

/* Add what is wrong, joined by "; ", and return whether anything is. */
bool label_key_problems(const char *key, struct buffer *out);
bool label_value_problems(const char *value, struct buffer *out);
