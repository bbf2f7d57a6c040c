/* What an API server is and can, asked once: GET /version and GET /apis/metrics.k8s.io, side by side. */
#pragma once

#include <stdbool.h>

#include "clusterutils/kube/transport.h"

struct server {
	unsigned major, minor;      /* 0 where it does not tell */
	char version[64];           /* "v1.36.3"; "" where it does not tell */
	char metrics_version[16];   /* of metrics.k8s.io, the newest of those we read: "v1", "v1beta1"; "" for none */
	struct error metrics_error; /* why there is none, in one sentence */
};

/* Fails where the server cannot be reached or refuses us altogether (401); what it does not tell stays empty. */
int server_ask(struct transport *transport, struct server *ret_server, struct error *err) MUST_USE;

/* The same for those who must not wait: it moves on with the transport's steps. */
struct server_inquiry;
struct server_inquiry *server_inquiry_new(struct transport *transport);
void server_inquiry_free(struct server_inquiry *inquiry); /* gives up what is under way */
bool server_inquiry_is_done(const struct server_inquiry *inquiry);
int server_inquiry_result(const struct server_inquiry *inquiry, struct server *ret_server, struct error *err) MUST_USE;

/* Lists are sent object by object, not built in memory first: KEP-5116, on from 1.33. */
bool server_streams_lists(const struct server *server);

/* A watch may begin with what is there: KEP-3157, on from 1.34. */
bool server_begins_watches(const struct server *server);
