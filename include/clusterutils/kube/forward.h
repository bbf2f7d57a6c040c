/* One TCP connection to a port of a pod: what `kubectl port-forward` does for each connection it accepts. Needs create
 * (before 1.35 get suffices) on pods/portforward.
 *
 * v4.channel.k8s.io with ?ports=PORT: channel 0 carries the data, channel 1 an error; the first message of each is the
 * port, two bytes, little-endian. kubectl tunnels SPDY instead; this form is passed on to the kubelet as it is. Source:
 * k8s.io/kubelet/pkg/cri/streaming/portforward/websocket.go, v0.34. */
#pragma once

#include "clusterutils/kube/transport.h"

struct forward;

/* Bytes from the pod; valid during the call alone. -1 ends it all with that error. */
typedef int forward_bytes(void *context, const char *bytes, size_t length, struct error *err);

int forward_open(struct transport *transport, const char *namespace, const char *pod, unsigned port,
	forward_bytes *on_bytes, void *context, struct forward **ret_forward, struct error *err) MUST_USE;
void forward_free(struct forward *forward); /* closes the connection */

void forward_send(struct forward *forward, const char *bytes, size_t length);

/* 1 while it goes on, 0 when the pod has closed it, -1. */
int forward_step(struct forward *forward, int timeout_ms, struct error *err) MUST_USE;
