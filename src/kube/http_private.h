/* What the files of the curl transport share. */
#pragma once

#include <curl/curl.h>

#include "clusterutils/kube/http.h"
#include "clusterutils/util/arena.h"
#include "clusterutils/util/buffer.h"

/* A connection's handle and what it points to. */
struct http_handle {
	CURL *easy; /* NULL while nothing is under way */
	struct curl_slist *headers;
	struct curl_slist *routes;   /* of CONNECT_TO */
	char words[CURL_ERROR_SIZE]; /* libcurl's own: looked at, never shown */
	uint64_t serial;             /* of the credentials it presents; stays when it is closed */
};

/* A request that was started and is not done: waiting for its turn, under way, or waiting to be sent again. */
struct exchange {
	struct exchange *next;
	struct http_transport *transport;
	struct request *request;
	struct http_handle handle;
	struct buffer url;
	struct buffer failure; /* body of an answer without success */
	struct buffer traced;  /* headers of the answer, then what -v shows of its body */
	size_t traced_headers; /* bytes of `traced` that are headers */
	uint64_t received;
	int64_t due;      /* clock_monotonic_ms() from which it may be sent */
	int64_t deadline; /* of all attempts; 0 for none */
	int64_t sent_at;
	int64_t retry_after_seconds; /* of the answer's header; -1 where it has none */
	unsigned attempts;
	unsigned redirects;
	bool was_rejected; /* by 401, once */
	bool has_answered; /* bytes of a success went to the consumer: it cannot be sent again behind its back */
};

struct http_transport {
	struct transport transport;
	struct http_options options;
	CURLM *multi;
	struct credentials *credentials;
	struct arena arena;
	const char *proxy; /* NULL for none */
	char *host;        /* of the base URL, without brackets and port */
	bool is_local;     /* the server is on this machine */
	struct exchange *first, **last;
	unsigned in_flight;
	uint64_t sent;
	uint64_t random;        /* state of the jitter */
	char tls_failure[512];  /* why the last certificate was refused; "" for none */
	struct buffer warnings; /* those told already, each followed by a NUL */
};

/* http_handle.c. Opening fails where there are no credentials. A handle that is all zero is closed. */
int http_handle_open(
	struct http_transport *transport, struct http_handle *handle, const char *url, struct error *err) MUST_USE;
void http_handle_add_header(struct http_handle *handle, const char *name, const char *value);
void http_handle_close(struct http_handle *handle);

/* http_exchange.c: a handle for the next attempt. */
int http_exchange_prepare(struct exchange *exchange, struct error *err) MUST_USE;

/* http_certificate.c: makes the handle check certificates as Go does, and note why one was refused. */
void http_certificate_check(struct http_transport *transport, CURL *easy);

/* http_failure.c: the sentence for a transfer that did not end well. */
void http_failure_explain(const struct http_transport *transport, const struct http_handle *handle, bool has_received,
	CURLcode code, struct error *err);

/* http_trace.c: what -v tells. */
void http_trace_request(const struct exchange *exchange);
void http_trace_answer(const struct exchange *exchange);
enum { TRACE_REQUESTS = 6, TRACE_HEADERS = 7, TRACE_BODIES = 8, TRACE_LONG = 9 };
size_t http_trace_room(unsigned verbosity); /* bytes of a body that it shows */
