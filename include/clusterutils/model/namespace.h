/* A namespace: its labels are what selectors of namespaces look at. Source: k8s.io/api/core/v1, v0.34. */
#pragma once

#include "clusterutils/model/meta.h"

struct namespace
{
	struct meta meta;
};
