/* Any bytes are a kubelet's summary or an error: one clean sentence, and no pod but those of its node is touched. The
 * first byte says in which pieces the rest comes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/kube/summary.h"
#include "clusterutils/kube/decode.h"
#include "clusterutils/util/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(int holds)
{
	if (!holds)
		abort();
}

static void put(struct cluster *cluster, enum kind kind, const char *json)
{
	CLEANUP(decoder_release) struct decoder decoder = { 0 };
	struct error err;

	expect(decode_object(&decoder, kind, WIRE_JSON, json, strlen(json), cluster, &err) == 0);
}

static void check_level(const struct pressure_level *level)
{
	const int64_t averages[] = { level->avg10, level->avg60, level->avg300 };

	for (int i = 0; i < 3; i++)
		expect(averages[i] == PRESSURE_UNKNOWN || (averages[i] >= 0 && averages[i] <= 100000));
	expect(level->total == PRESSURE_UNKNOWN || level->total >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(cluster_release) struct cluster cluster;
	CLEANUP(summary_release) struct summary summary;
	size_t piece = size ? data[0] % 64 + 1 : 1;
	const struct node_entry *node;
	const struct pod *other;
	struct error err = { 0 };
	int result = 0;

	cluster_init(&cluster);
	put(&cluster, KIND_NODE, "{\"metadata\":{\"name\":\"a\"}}");
	put(&cluster, KIND_POD, "{\"metadata\":{\"name\":\"p\",\"namespace\":\"n\"},\"spec\":{\"nodeName\":\"a\"}}");
	put(&cluster, KIND_POD, "{\"metadata\":{\"name\":\"q\",\"namespace\":\"n\"},\"spec\":{\"nodeName\":\"b\"}}");
	summary_init(&summary, &cluster, "a", cluster_new_stamp(&cluster), false);
	for (size_t at = 1; at < size && result == 0; at += piece)
		result = summary_feed(&summary, (const char *)data + at, size - at < piece ? size - at : piece, &err);
	if (result == 0)
		result = summary_finish(&summary, &err);
	expect(result == 0 || (err.code && err.message[0] && text_is_clean(err.message, strlen(err.message))));
	node = cluster_find_node(&cluster, "a");
	other = (const struct pod *)(const void *)cluster_find(&cluster, KIND_POD, "q", "n");
	expect(node->sample.usage.cpu == RESOURCE_UNKNOWN || (result == 0 && node->sample.usage.cpu >= 0));
	expect(other->usage.cpu == RESOURCE_UNKNOWN && cluster.samples.count == 0);
	for (int i = 0; i < PRESSURE_RESOURCES && node->pressure; i++) {
		check_level(&node->pressure->of[i].some);
		check_level(&node->pressure->of[i].full);
	}
	return 0;
}
