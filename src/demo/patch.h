/* Patches: JSON merge patch (RFC 7386) and JSON patch (RFC 6902: test, add, replace, remove, copy and move). */
#pragma once

#include <cjson/cJSON.h>

#include "clusterutils/util/error.h"

/* The target is changed in place; it may be replaced as a whole. */
void demo_patch_merge(cJSON **target, const cJSON *patch);

/* The first operation that fails ends it; the target is then of no use. ERROR_CONFLICT where a test did not hold. */
int demo_patch_operations(cJSON **target, const cJSON *operations, struct error *err) MUST_USE;
