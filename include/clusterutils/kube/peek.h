/* What an object is, without parsing all of it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { PEEK_SIZE = 128 };

struct peek {
	char api_version[PEEK_SIZE]; /* "" where the object does not say */
	char kind[PEEK_SIZE];
};

/* Reads the top-level members apiVersion and kind of compact JSON (kube/framer.h), and stops when it has both. Values
 * with escapes or beyond PEEK_SIZE count as not there: no known kind has such. */
struct peek peek_object(const char *json, size_t length);

/* The value of a member of a compact object, as it stands there; NULL where there is none. Of equal names the first. */
const char *peek_member(const char *json, size_t length, const char *name, size_t *ret_length);
