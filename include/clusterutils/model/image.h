/* Image names. Source of the short forms: github.com/distribution/reference, v0.6.0 (ParseNormalizedNamed). */
#pragma once

#include <stdbool.h>

#include "clusterutils/util/arena.h"

/* The full form of a name, as containerd and node.status.images write it: "nginx" is "docker.io/library/nginx:latest".
 * A name with a digest loses its tag, which says nothing then. Names that are no references come back as they are. */
const char *image_normalize(const char *name, struct arena *arena);

bool image_has_digest(const char *name);

/* The tag, or NULL: of a full name. */
const char *image_tag(const char *name);
