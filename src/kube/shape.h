/* A YAML tree into C structs, typed as Go's JSON decoder types it, by tables of fields. */
#pragma once

#include <stddef.h>

#include "clusterutils/util/arena.h"
#include "clusterutils/util/error.h"
#include "clusterutils/util/yaml.h"

enum field_type {
	FIELD_TEXT,      /* const char *: NULL for null and "" */
	FIELD_BOOL,      /* bool */
	FIELD_BYTES,     /* struct blob: base64 */
	FIELD_TEXTS,     /* const char ** and, after it, size_t */
	FIELD_TEXT_MAP,  /* checked, not kept */
	FIELD_TEXTS_MAP, /* struct impersonation_extra * and, after it, size_t */
	FIELD_ANY,       /* const struct yaml_node * */
	FIELD_STRUCT,    /* in place */
	FIELD_POINTER,   /* to a struct; NULL for null */
	FIELD_STRUCTS,   /* array, and after it size_t */
	FIELD_IGNORED,   /* a struct that is checked, not kept */
};

struct shape;

struct field {
	const char *name;
	enum field_type type;
	size_t offset, count_offset;
	const struct shape *shape;
	const char *type_name; /* of FIELD_TEXT where Go's is not "string" */
};

struct shape {
	const char *name; /* Go's, "NamedCluster" */
	size_t size;
	const struct field *fields; /* sorted by name, for that is the order errors are found in; ends without a name */
};

/* Fails with "json: cannot unmarshal number into Go struct field Cluster.clusters.cluster.server of type string". */
int shape_read(
	const struct shape *shape, const struct yaml_node *node, struct arena *arena, void *target, struct error *err);
