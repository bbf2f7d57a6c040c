/* An Event, of core/v1 or events.k8s.io/v1. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "clusterutils/model/meta.h"

struct event {
	struct meta meta;
	const char *type;   /* "Normal", "Warning"; interned */
	const char *reason; /* interned */
	const char *message;
	const char *object_kind; /* interned */
	const char *object_namespace;
	const char *object_name;
	const char *reporter; /* the component; interned */
	uint32_t count;
	int64_t last_seen;
};
