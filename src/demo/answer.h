/* How the demo's API server answers: JSON, or a Status that says why not.
 * Source of the words: k8s.io/apimachinery/pkg/api/errors, v0.34. */
#pragma once

#include "clusterutils/kube/transport.h"
#include "clusterutils/model/kind.h"
#include "clusterutils/util/buffer.h"

/* A failure as metav1.Status tells it. */
struct demo_refusal {
	int code;
	const char *reason; /* "NotFound" */
	const struct kind_info *kind;
	const char *name;  /* of the object; NULL for none */
	const char *cause; /* reason of the one cause; NULL for none */
	const char *cause_message;
	int retry_after_seconds; /* 0 for not told */
};

/* The value of a query parameter, or "". */
const char *demo_parameter(const struct request *request, const char *name) RETURNS_NONNULL;

/* Begins a successful answer: bytes may be sent then. */
void demo_answer_begin(struct request *request, int status);
/* -1 where the client wants no more: the request is then done. */
int demo_answer_send(struct request *request, const char *bytes, size_t length);
void demo_answer_end(struct request *request);

void demo_answer_whole(struct request *request, int status, const char *bytes, size_t length);

/* Ends the request with a Status. */
void demo_refuse(struct request *request, const struct demo_refusal *refusal, const char *format, ...)
	PRINTF_LIKE(3, 4);

/* Ends it with a body that is no Status, of a server behind the API server. */
void demo_answer_fail(struct request *request, int status, const char *body, size_t length);

/* Adds the Status alone: the object of a watch's ERROR event. */
void demo_status_add(struct buffer *out, const struct demo_refusal *refusal, const char *message);

/* "pods", "deployments.apps": how sentences name the kind. */
const char *demo_kind_text(enum kind kind, char text[128]);

void demo_refuse_not_found(struct request *request, enum kind kind, const char *name);
void demo_refuse_path(struct request *request);   /* 404 for what is no resource */
void demo_refuse_method(struct request *request); /* 405 */
