/* Every decoder on any bytes. The first byte chooses the kind; the rest is framed as a dump would be and decoded into
 * a store, twice, so that what was there is replaced. Text that gets into the store is clean. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/kube/decode.h"
#include "clusterutils/kube/framer.h"
#include "clusterutils/util/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct target {
	struct cluster cluster;
	struct decoder decoder;
	enum kind kind;
};

static int decode(void *context, const char *json, size_t length, uint64_t line, struct error *err)
{
	struct target *target = context;

	(void)line;
	if (decode_object(&target->decoder, target->kind, WIRE_JSON, json, length, &target->cluster, err) < 0 &&
		!text_is_clean(err->message, strlen(err->message)))
		abort();
	return 0;
}

static void check_text(const char *text)
{
	if (text && !text_is_clean(text, strlen(text)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct framer_events events = { .on_object = decode };
	struct target target = { 0 };
	struct framer framer;
	struct error err;

	if (size < 1)
		return 0;
	target.kind = (enum kind)(data[0] % KIND_COUNT);
	cluster_init(&target.cluster);
	for (int time = 0; time < 2; time++) {
		framer_init(&framer, &events, &target);
		if (framer_feed(&framer, (const char *)data + 1, size - 1, &err) == 0 &&
			framer_finish(&framer, &err) < 0)
			check_text(err.message);
		framer_release(&framer);
	}
	for (size_t i = 0; target.kind != KIND_NODE && i < cluster_count(&target.cluster, target.kind); i++) {
		check_text(cluster_item(&target.cluster, target.kind, i)->name);
		check_text(cluster_item(&target.cluster, target.kind, i)->namespace);
	}
	decoder_release(&target.decoder);
	cluster_release(&target.cluster);
	return 0;
}
