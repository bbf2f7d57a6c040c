/* The one seam to the world: a request goes in, the bytes of the response come back as they arrive.
 *
 * Everything above is the same code whatever is behind: an API server, files written by `kubectl get`, the demo
 * cluster. Nothing here blocks longer than the timeout of one step. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "clusterutils/util/error.h"

struct request_parameter {
	const char *name;  /* "labelSelector" */
	const char *value; /* as it is; a transport encodes it */
};

enum { REQUEST_MAX_PARAMETERS = 8 };

/* Owned by the caller, who keeps it in place until it is done. */
struct request {
	const char *verb; /* "GET" */
	const char *path; /* "/api/v1/namespaces/web/pods" */
	struct request_parameter parameters[REQUEST_MAX_PARAMETERS];
	size_t parameter_count;
	/* A piece of the body of a successful response. -1 ends the request with that error. */
	int (*on_bytes)(void *context, const char *bytes, size_t length, struct error *err);
	void *context;

	/* Set by the transport. */
	bool done;
	int status;         /* of HTTP */
	struct error error; /* code ERROR_NONE where the request succeeded */
};

struct transport;

struct transport_class {
	/* Takes the request up; its failure is the request's error, never the transport's. */
	void (*start)(struct transport *transport, struct request *request);
	/* Moves on what is under way, waiting for at most timeout_ms. */
	void (*step)(struct transport *transport, int timeout_ms);
	void (*free)(struct transport *transport);
};

struct transport {
	const struct transport_class *class;
};

static inline void transport_start(struct transport *transport, struct request *request)
{
	transport->class->start(transport, request);
}

static inline void transport_step(struct transport *transport, int timeout_ms)
{
	transport->class->step(transport, timeout_ms);
}

static inline void transport_free(struct transport *transport)
{
	if (transport)
		transport->class->free(transport);
}

/* For CLEANUP. */
static inline void transport_release(struct transport **transport)
{
	transport_free(*transport);
	*transport = NULL;
}
