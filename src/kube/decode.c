#include "clusterutils/kube/decode.h"

#include "clusterutils/util/text.h"
#include "decoders.h"

void decoder_release(struct decoder *decoder)
{
	arena_release(&decoder->scratch);
	arena_release(&decoder->sums);
}

static struct meta *decode_object(
	struct reading *reading, const struct json *object, enum kind kind, struct arena *sums)
{
	switch (kind) {
	case KIND_NODE:
		return decode_node(reading, object);
	case KIND_POD:
		return decode_pod(reading, object, sums);
	case KIND_REPLICA_SET:
	case KIND_DEPLOYMENT:
	case KIND_STATEFUL_SET:
	case KIND_DAEMON_SET:
	case KIND_JOB:
	case KIND_CRON_JOB:
		return decode_workload(reading, object, kind);
	case KIND_PRIORITY_CLASS:
		return decode_priority_class(reading, object);
	case KIND_POD_DISRUPTION_BUDGET:
		return decode_disruption_budget(reading, object);
	case KIND_PERSISTENT_VOLUME:
		return decode_volume(reading, object);
	case KIND_PERSISTENT_VOLUME_CLAIM:
		return decode_claim(reading, object);
	case KIND_STORAGE_CLASS:
		return decode_storage_class(reading, object);
	case KIND_EVENT:
		return decode_event(reading, object);
	case KIND_NODE_METRICS:
	case KIND_POD_METRICS:
	case KIND_COUNT:
		break;
	}
	return NULL;
}

static void put_sample(struct reading *reading, const struct json *object, enum kind kind, struct cluster *cluster)
{
	struct json meta = json_member(reading, object, "metadata");
	const char *name = json_own(reading, &meta, "name");
	const char *namespace = json_own(reading, &meta, "namespace");
	struct sample sample =
		kind == KIND_NODE_METRICS ? decode_node_metrics(reading, object) : decode_pod_metrics(reading, object);

	if (!name || !*name) {
		struct json place = json_member(reading, &meta, "name");

		json_fail(reading, &place, "the object has no name");
	}
	if (reading->failed)
		return;
	if (kind == KIND_NODE_METRICS)
		cluster_set_node_sample(cluster, name, &sample);
	else
		cluster_set_pod_sample(cluster, name, namespace, &sample);
}

/* "Pod web/shop-1" in front of the sentence. */
static int wrap_with_name(struct reading *reading, const struct json *object, enum kind kind)
{
	struct error ignored;
	struct reading again = { .interner = reading->interner, .scratch = reading->scratch, .err = &ignored };
	struct json meta = json_member(&again, object, "metadata");
	const char *name = json_raw(&again, &meta, "name"), *namespace = json_raw(&again, &meta, "namespace");

	return error_wrap(reading->err, "%s %.253s%s%.253s", kind_info(kind)->name, namespace ? namespace : "",
		namespace ? "/" : "", name && *name ? name : "without a name");
}

int decode_json(struct decoder *decoder, enum kind kind, const char *json, size_t length, struct cluster *cluster,
	struct error *err)
{
	const cJSON *value = json_parse(&decoder->scratch, json, length, err);
	struct json object = json_root(value);
	struct reading reading = {
		.interner = &cluster->interner, .memory = &decoder->sums, .scratch = &decoder->scratch, .err = err
	};
	struct meta *decoded;

	if (!value)
		return error_wrap(err, "%s", kind_info(kind)->name);
	arena_reset(&decoder->sums);
	if (kind == KIND_NODE_METRICS || kind == KIND_POD_METRICS) {
		put_sample(&reading, &object, kind, cluster);
		return reading.failed ? wrap_with_name(&reading, &object, kind) : 0;
	}
	decoded = decode_object(&reading, &object, kind, &decoder->sums);
	if (reading.failed || !decoded) {
		object_free(decoded);
		return wrap_with_name(&reading, &object, kind);
	}
	return cluster_put(cluster, kind, decoded, err);
}
