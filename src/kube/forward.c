#include "clusterutils/kube/forward.h"

#include <stdio.h>
#include <stdlib.h>

#include "clusterutils/kube/channels.h"
#include "clusterutils/kube/path.h"
#include "clusterutils/util/memory.h"

enum { CHANNEL_DATA = 0, CHANNEL_FAILURE = 1, CHANNEL_COUNT = 2, PORT_BYTES = 2 };

struct forward {
	struct channels *channels;
	forward_bytes *on_bytes;
	void *context;
	size_t skipped[CHANNEL_COUNT]; /* of the port that comes first */
};

static int take_bytes(void *context, unsigned channel, const char *bytes, size_t length, struct error *err)
{
	struct forward *forward = context;
	size_t skip;

	if (channel >= CHANNEL_COUNT)
		return 0;
	skip = PORT_BYTES - forward->skipped[channel];
	if (skip > length)
		skip = length;
	forward->skipped[channel] += skip;
	bytes += skip;
	length -= skip;
	if (!length)
		return 0;
	if (channel == CHANNEL_FAILURE)
		return error_set(err, ERROR_FAILED, "%.*s", (int)(length < 512 ? length : 512), bytes);
	return forward->on_bytes(forward->context, bytes, length, err);
}

int forward_open(struct transport *transport, const char *namespace, const char *pod, unsigned port,
	forward_bytes *on_bytes, void *context, struct forward **ret_forward, struct error *err)
{
	struct forward *forward = NEW(struct forward);
	char path[PATH_SIZE], ports[16];
	struct request request = {
		.verb = "GET", .path = path, .parameters = { { "ports", ports } }, .parameter_count = 1
	};

	forward->on_bytes = on_bytes;
	forward->context = context;
	snprintf(ports, sizeof(ports), "%u", port);
	path_of_object(KIND_POD, namespace, pod, "portforward", path);
	if (channels_open(transport, &request, CHANNELS_PROTOCOLS_V4, take_bytes, forward, &forward->channels, err) ==
		0) {
		*ret_forward = forward;
		return 0;
	}
	free(forward);
	return error_wrap(err, "pod %s/%s: port %u", namespace, pod, port);
}

void forward_free(struct forward *forward)
{
	if (!forward)
		return;
	channels_free(forward->channels);
	free(forward);
}

void forward_send(struct forward *forward, const char *bytes, size_t length)
{
	channels_send(forward->channels, CHANNEL_DATA, bytes, length);
}

int forward_step(struct forward *forward, int timeout_ms, struct error *err)
{
	return channels_step(forward->channels, timeout_ms, err);
}
