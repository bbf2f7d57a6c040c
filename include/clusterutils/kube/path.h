/* Paths of the Kubernetes API. */
#pragma once

#include <stdbool.h>

#include "clusterutils/model/kind.h"

/* The collection of a kind as the API names it; namespace NULL or "" for all. */
enum { PATH_SIZE = 640 };
void path_of_kind(enum kind kind, const char *namespace, char ret_path[PATH_SIZE]);

/* The inverse: false for a path that is no collection of a known kind. */
bool path_to_kind(const char *path, enum kind *ret_kind, char ret_namespace[PATH_SIZE]);
