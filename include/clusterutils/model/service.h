/* A Service, as far as it tells which pods belong together. Source: k8s.io/api/core/v1, v0.34. */
#pragma once

#include "clusterutils/model/meta.h"

struct service {
	struct meta meta;
	const struct labels *selector; /* NULL for none: it chooses no pod then */
};
