/* Paths of the Kubernetes API. */
#pragma once

#include <stdbool.h>

#include "clusterutils/model/kind.h"

/* The collection of a kind as the API names it; namespace NULL or "" for all. */
enum { PATH_SIZE = 1024 };
void path_of_kind(enum kind kind, const char *namespace, char ret_path[PATH_SIZE]);

/* One object, or its subresource ("eviction"; NULL for none). */
void path_of_object(
	enum kind kind, const char *namespace, const char *name, const char *subresource, char ret_path[PATH_SIZE]);

/* A collection in another version of its group; NULL for the one in kinds.def. */
void path_of_version(enum kind kind, const char *version, const char *namespace, char ret_path[PATH_SIZE]);

/* What a node's kubelet says of the usage and the pressure of its pods and of itself. False, and no path, for a name
 * that no node can have: it came from a cluster, and a '/' in it would ask something else. */
bool path_of_node_stats(const char *node, char ret_path[PATH_SIZE]);

/* The inverse: false for a path that is no collection of a known kind. */
bool path_to_kind(const char *path, enum kind *ret_kind, char ret_namespace[PATH_SIZE]);
