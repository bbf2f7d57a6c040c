/* The transport to a real API server: libcurl, one multi handle, HTTP/2 where the server speaks it.
 *
 * What it promises:
 * - at most HTTP_IN_FLIGHT requests at a time (watches apart), in the order in which they were started; no other limit;
 * - TLS 1.2 or newer; where the connection names an authority, that one alone is trusted; names are checked against the
 *   certificate's subject alternative names alone, as Go does it; credentials stay in memory and go to no other host;
 * - a request that gets 429 or 5xx with Retry-After is sent again after that time, and a GET whose connection is lost
 *   before its answer began after a growing, jittered pause: again at most HTTP_ATTEMPTS times, as client-go does it, a
 *   lost one HTTP_LOST_ATTEMPTS times in all, for a person waits;
 *   401 gets a second attempt where a credential plugin or a token file gives something newer;
 * - nothing waits for ever: connecting, TLS and silence have the limits below, the whole answer that of the request;
 * - errors are worded as kubectl words them, never with libcurl's text.
 *
 * Source: k8s.io/client-go rest/request.go and rest/with_retry.go, net/http, v0.34. */
#pragma once

#include "clusterutils/kube/credentials.h"
#include "clusterutils/kube/transport.h"

enum {
	HTTP_IN_FLIGHT = 4,
	HTTP_ATTEMPTS = 10,
	HTTP_LOST_ATTEMPTS = 7,
	HTTP_CONNECT_MS = 30000,
	HTTP_SILENCE_MS = 75000,       /* an API server ends any request but a watch after 60 s */
	HTTP_WATCH_SILENCE_MS = 90000, /* bookmarks come about once a minute */
};

/* Texts must outlive the transport. */
struct http_options {
	const struct connection *connection;
	const char *user_agent; /* "kubectl-clusterutils/v0.1.0 (linux/amd64) kubernetes/abc1234" */
	unsigned verbosity;     /* of kubectl's -v, from 6 on told on stderr */
	struct credentials_hooks hooks;
	/* The text of a Warning header, once for each distinct text. */
	void (*on_warning)(void *context, const char *text);
	void *context;
	/* Limits in milliseconds; 0 for those above. */
	int64_t connect_ms, silence_ms, watch_silence_ms;
};

int http_transport_open(
	const struct http_options *options, struct transport **ret_transport, struct error *err) MUST_USE;

/* How many requests were sent, attempts counted: for -v and for tests. */
uint64_t http_transport_sent(const struct transport *transport);
