/* What an answer without success means: its status and body -> one sentence, worded as kubectl words it.
 * Source: k8s.io/apimachinery/pkg/api/errors (NewGenericServerResponse), k8s.io/kubectl/pkg/cmd/util (helpers.go),
 * v0.34. */
#pragma once

#include "clusterutils/kube/transport.h"

enum { ANSWER_BODY_MAX = 64 << 10 }; /* of a failed answer this much is read */

/* Sets request->error and request->api_status. Status and type are set already. */
void answer_explain(struct request *request, const char *body, size_t length);
