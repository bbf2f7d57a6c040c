/* Protobuf of any bytes. The first byte chooses the kind (5 bits) and what the rest is (2 bits): a message, the body of
 * a list or of a watch, a Status. Messages are decoded into a store, twice, so that what was there is replaced; bodies
 * are fed whole and in pieces, and must give the same. Text that gets out is clean. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/kube/stream.h"
#include "clusterutils/kube/api_status.h"
#include "clusterutils/kube/decode.h"
#include "clusterutils/util/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct target {
	struct cluster cluster;
	struct decoder decoder;
	enum kind kind;
	size_t events, bytes;
};

static void check_text(const char *text)
{
	if (text && !text_is_clean(text, strlen(text)))
		abort();
}

static int put(void *context, enum event_type type, const char *bytes, size_t length, struct error *err)
{
	struct target *target = context;
	struct identity identity;
	struct api_status status;
	struct error refusal;

	(void)err;
	target->events++;
	target->bytes += length;
	if (type == EVENT_ERROR && api_status_read(WIRE_PROTOBUF, bytes, length, &status))
		check_text(status.message);
	if (decode_object(&target->decoder, target->kind, WIRE_PROTOBUF, bytes, length, &target->cluster, &refusal) < 0)
		check_text(refusal.message);
	check_text(target->decoder.resource_version);
	if (decode_identity(&target->decoder, WIRE_PROTOBUF, bytes, length, &identity, &refusal) < 0) {
		check_text(refusal.message);
		return 0;
	}
	check_text(identity.name);
	check_text(identity.namespace);
	check_text(identity.uid);
	return 0;
}

static int feed(struct target *target, enum stream_shape shape, const char *bytes, size_t size, size_t step)
{
	struct stream stream;
	struct error err;
	int result = 0;

	target->events = target->bytes = 0;
	stream_init(&stream, WIRE_PROTOBUF, shape, put, target);
	for (size_t at = 0; at < size && result == 0; at += step)
		result = stream_feed(&stream, bytes + at, step < size - at ? step : size - at, &err);
	if (result == 0)
		result = stream_finish(&stream, &err);
	if (result < 0)
		check_text(err.message);
	check_text(stream.meta.continue_token);
	check_text(stream.meta.resource_version);
	stream_release(&stream);
	return result;
}

static void feed_both(struct target *target, enum stream_shape shape, const char *bytes, size_t size)
{
	int whole = feed(target, shape, bytes, size, size ? size : 1);
	size_t events = target->events, length = target->bytes;

	if (feed(target, shape, bytes, size, 3) != whole || target->events != events || target->bytes != length)
		abort();
}

static void check_store(const struct target *target)
{
	for (size_t i = 0; target->kind != KIND_NODE && i < cluster_count(&target->cluster, target->kind); i++) {
		check_text(cluster_item(&target->cluster, target->kind, i)->name);
		check_text(cluster_item(&target->cluster, target->kind, i)->namespace);
		check_text(cluster_item(&target->cluster, target->kind, i)->uid);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { MESSAGE, LIST, WATCH };
	const char *bytes = (const char *)data + 1;
	struct target target = { 0 };
	struct api_status status;
	struct error err;

	if (size < 1)
		return 0;
	target.kind = (enum kind)((data[0] & 0x1F) % KIND_COUNT);
	cluster_init(&target.cluster);
	switch (data[0] >> 5 & 3) {
	case MESSAGE:
		put(&target, EVENT_ADDED, bytes, size - 1, &err);
		put(&target, EVENT_MODIFIED, bytes, size - 1, &err);
		break;
	case LIST:
		feed_both(&target, STREAM_LIST, bytes, size - 1);
		break;
	case WATCH:
		feed_both(&target, STREAM_WATCH, bytes, size - 1);
		break;
	default:
		if (api_status_read(WIRE_PROTOBUF, bytes, size - 1, &status))
			check_text(status.message);
	}
	check_store(&target);
	decoder_release(&target.decoder);
	cluster_release(&target.cluster);
	return 0;
}
