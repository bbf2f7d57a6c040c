/* Parsing one JSON object into scratch memory that the next one reuses. */
#pragma once

#include <stddef.h>

#include <cjson/cJSON.h>

#include "clusterutils/util/arena.h"
#include "clusterutils/util/error.h"

/* Parses one object into scratch memory, which is reset first. The text is followed by a NUL and has none inside, nor
 * escaped ones: those become U+FFFD. NULL and *err where it is no JSON. */
const cJSON *json_parse(struct arena *scratch, const char *text, size_t length, struct error *err);

/* Of equal keys the last counts, as in Go. NULL where there is none, or null, or what is asked is no object. */
const cJSON *json_find(const cJSON *object, const char *key);
