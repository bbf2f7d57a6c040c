/* Headers of a request that is made in somebody else's name. Source: k8s.io/client-go/transport (round_trippers.go,
 * headerKeyEscape), v0.34. */
#pragma once

#include "clusterutils/kube/kubeconfig.h"
#include "clusterutils/util/buffer.h"

/* Adds each header as "Name: value" followed by a NUL. */
void impersonate_headers(const struct impersonation *impersonation, struct buffer *ret_lines);
