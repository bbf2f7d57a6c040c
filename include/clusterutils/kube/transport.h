/* The one seam to the world: a request goes in, the bytes of the response come back as they arrive.
 *
 * Everything above is the same code whatever is behind: an API server, files written by `kubectl get`, the demo
 * cluster. Nothing here blocks longer than the timeout of one step. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/kube/api_status.h"
#include "clusterutils/util/error.h"

struct request_parameter {
	const char *name;  /* "labelSelector" */
	const char *value; /* as it is; a transport encodes it */
};

enum { REQUEST_MAX_PARAMETERS = 40, REQUEST_TYPE_SIZE = 128 };

/* Owned by the caller, who keeps it and what it points to in place until it is done. Zeroed but for what is wanted. */
struct request {
	const char *verb; /* "GET" */
	const char *path; /* "/api/v1/namespaces/web/pods" */
	struct request_parameter parameters[REQUEST_MAX_PARAMETERS];
	size_t parameter_count;
	const char *accept;       /* NULL for JSON */
	const char *content_type; /* of the body; NULL without one */
	const char *body;
	size_t body_length;
	int64_t timeout_ms; /* for the whole answer; 0 for what the transport was told (--request-timeout) */
	bool is_sent_once;  /* an answer of 429 or 5xx is for the caller: the transport does not try again */
	bool is_watch;      /* has no end: only silence is watched, and it does not count as one of those in flight */

	/* A piece of the body of a successful response. -1 ends the request with that error. */
	int (*on_bytes)(void *context, const char *bytes, size_t length, struct error *err);
	/* The body of an answer without success, at most 64 KiB of it: what is behind a proxy has words of its own, that are
	 * no Status. Before `done`. NULL where nobody asks. */
	void (*on_failure)(void *context, const char *body, size_t length);
	void *context;

	/* Set by the transport. */
	bool done;
	int status;                   /* of HTTP */
	char type[REQUEST_TYPE_SIZE]; /* Content-Type of the answer, there before its first byte */
	struct api_status api_status; /* what the server says of a failure; reason "" where it says nothing */
	struct error error;           /* code ERROR_NONE where the request succeeded */
	void *state;                  /* of the transport, while the request is under way */
};

struct transport;

struct transport_class {
	/* Takes the request up; its failure is the request's error, never the transport's. */
	void (*start)(struct transport *transport, struct request *request);
	/* Gives up a request that is not done; it is not touched again. */
	void (*cancel)(struct transport *transport, struct request *request);
	/* Moves on what is under way, waiting for at most timeout_ms. */
	void (*step)(struct transport *transport, int timeout_ms);
	void (*free)(struct transport *transport);
};

struct transport {
	const struct transport_class *class;
	int wake_fd; /* a step ends early where this descriptor has input: the keyboard's; -1 for none */
};

static inline void transport_start(struct transport *transport, struct request *request)
{
	transport->class->start(transport, request);
}

static inline void transport_cancel(struct transport *transport, struct request *request)
{
	transport->class->cancel(transport, request);
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
