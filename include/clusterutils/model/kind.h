/* The kinds of object that this program knows: one line each in kinds.def. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum kind {
#define KIND(id, name, group, version, resource, scope) KIND_##id,
#include "clusterutils/model/kinds.def"
#undef KIND
	KIND_COUNT
};

enum kind_scope { SCOPE_CLUSTER, SCOPE_NAMESPACE };

struct kind_info {
	const char *name;     /* "Pod" */
	const char *group;    /* "" for the core group */
	const char *version;  /* "v1" */
	const char *resource; /* "pods" */
	enum kind_scope scope;
};

const struct kind_info *kind_info(enum kind kind);

/* Samples of use, which cannot be watched. */
bool kind_is_metrics(enum kind kind);

/* False for ConfigMaps, which are asked for where one is wanted (kube/config_map.h): the store keeps none, and all of a
 * list of them would be invalid to it. */
bool kind_is_stored(enum kind kind);

/* By apiVersion and kind as an object states them. An older or newer version of a known group counts as known. */
bool kind_find(const char *api_version, const char *name, enum kind *ret_kind);
