/* A small answer that is held whole. */
#pragma once

#include <stddef.h>

#include "clusterutils/util/buffer.h"
#include "clusterutils/util/error.h"

/* Stays in place while the request runs. */
struct collector {
	struct buffer *answer;
	size_t most;      /* bytes */
	const char *what; /* for the sentence where there are more: "the answer", "Node corellia" */
};

/* For request.on_bytes, with a struct collector as its context. */
int collect(void *collector, const char *bytes, size_t length, struct error *err) MUST_USE;
