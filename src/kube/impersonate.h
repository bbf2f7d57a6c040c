/* Headers of a request that is made in somebody else's name. Source: k8s.io/client-go/transport (round_trippers.go,
 * headerKeyEscape), v0.34. */
#pragma once

#include "clusterutils/kube/kubeconfig.h"
#include "clusterutils/util/buffer.h"

/* Whether the values can stand in headers: fails with Go's sentence. */
int impersonate_check(const struct impersonation *impersonation, struct error *err) MUST_USE;
int impersonate_check_value(const char *header, const char *value, struct error *err) MUST_USE;

/* Adds each header as "Name: value", or "Name;" where the value is empty, as curl has it, followed by a NUL. */
void impersonate_headers(const struct impersonation *impersonation, struct buffer *ret_lines);
