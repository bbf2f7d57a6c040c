/* An object of the API as people read it: YAML without managedFields, as kubectl prints it. */
#pragma once

#include <stdbool.h>

#include "clusterutils/util/buffer.h"
#include "clusterutils/util/error.h"

/* `json` is an object, or where is_list a list of which it is the first item. */
int object_yaml(const struct buffer *json, bool is_list, struct buffer *out, struct error *err) MUST_USE;
