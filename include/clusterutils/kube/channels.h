/* Streams through the API server to a pod: exec, attach and port-forward over a WebSocket whose messages begin with the
 * number of their channel.
 *
 * v5.channel.k8s.io is understood by API servers from 1.30 on, v4 by older ones and by every kubelet; the server
 * chooses. v5 can end one channel alone (standard input) without closing all. HTTP/1.1, with the credentials, proxy and
 * TLS of the transport. Source: k8s.io/apimachinery/pkg/util/remotecommand, k8s.io/client-go/tools/remotecommand/
 * websocket.go, v0.34. */
#pragma once

#include "clusterutils/kube/transport.h"

enum {
	CHANNEL_STDIN = 0,
	CHANNEL_STDOUT = 1,
	CHANNEL_STDERR = 2,
	CHANNEL_ERROR = 3,  /* a Status, at the end */
	CHANNEL_RESIZE = 4, /* {"Width":80,"Height":24} */
	CHANNELS_PING_MS = 5000,
	CHANNELS_SILENCE_MS = 61000, /* without even an answer to a ping */
};

/* Bytes of a channel; valid during the call alone. -1 ends it all with that error. */
typedef int channels_bytes(void *context, unsigned channel, const char *bytes, size_t length, struct error *err);

struct channels;

#define CHANNELS_PROTOCOLS    "v5.channel.k8s.io, v4.channel.k8s.io"
#define CHANNELS_PROTOCOLS_V4 "v4.channel.k8s.io"

/* Connects, which may take as long as the transport's limits allow. `request` has path and parameters; where the server
 * refuses, *err is its sentence and request->status its status. The transport is one of kube/http.h. */
int channels_open(struct transport *transport, struct request *request, const char *protocols, channels_bytes *on_bytes,
	void *context, struct channels **ret_channels, struct error *err) MUST_USE;
void channels_free(struct channels *channels);

/* Queues bytes for a channel; channels_step sends them. */
void channels_send(struct channels *channels, unsigned channel, const char *bytes, size_t length);

/* Ends one channel. With v4, which cannot, false: nothing is sent. */
bool channels_end(struct channels *channels, unsigned channel);

/* Sends and receives, waiting for at most timeout_ms. 1 while it goes on, 0 when the server has closed it, -1. */
int channels_step(struct channels *channels, int timeout_ms, struct error *err) MUST_USE;
