/* URLs of requests. */
#pragma once

#include "clusterutils/kube/transport.h"
#include "clusterutils/util/buffer.h"

/* Adds text as Go's url.QueryEscape writes it: everything but letters, digits and -_.~ as %XX, blanks as "+". */
void url_add_escaped(struct buffer *out, const char *text);

/* Base (without a trailing slash), path and parameters in their order. */
void url_add_request(struct buffer *out, const char *base, const struct request *request);

/* What a path of the API names, for error messages: "pods", "deployments.apps", "" for /version. Name is "" for a
 * collection. */
struct url_resource {
	char resource[128];
	char name[256];
};
struct url_resource url_resource_of(const char *path);
