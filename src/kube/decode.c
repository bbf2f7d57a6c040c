#include "clusterutils/kube/decode.h"

#include <string.h>

#include "clusterutils/util/text.h"
#include "decoders.h"

void decoder_release(struct decoder *decoder)
{
	arena_release(&decoder->scratch);
	arena_release(&decoder->sums);
}

static struct meta *make_object(struct reading *reading, const struct json *object, enum kind kind, struct arena *sums)
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

/* A version goes back to the server as it came: cut or scrubbed it would be another. */
static void read_version(struct reading *reading, const struct json *object, struct decoder *decoder)
{
	struct json meta = json_member(reading, object, "metadata"),
		    place = json_member(reading, &meta, "resourceVersion");
	const char *version = json_raw(reading, &meta, "resourceVersion");
	size_t length = version ? strlen(version) : 0;

	*decoder->resource_version = '\0';
	if (length >= sizeof(decoder->resource_version) || !text_is_clean(version, length))
		json_fail(reading, &place, "no version of an object");
	else if (length)
		memcpy(decoder->resource_version, version, length + 1);
}

static const cJSON *parse(struct decoder *decoder, enum wire wire, const char *bytes, size_t length, struct error *err)
{
	if (wire == WIRE_JSON)
		return json_parse(&decoder->scratch, bytes, length, err);
	error_set(err, ERROR_INVALID, "protobuf is not read yet");
	return NULL;
}

int decode_object(struct decoder *decoder, enum kind kind, enum wire wire, const char *bytes, size_t length,
	struct cluster *cluster, struct error *err)
{
	const cJSON *value = parse(decoder, wire, bytes, length, err);
	struct json object = json_root(value);
	struct reading reading = {
		.interner = &cluster->interner, .memory = &decoder->sums, .scratch = &decoder->scratch, .err = err
	};
	struct meta *decoded;

	if (!value)
		return error_wrap(err, "%s", kind_info(kind)->name);
	arena_reset(&decoder->sums);
	if (kind == KIND_NODE_METRICS || kind == KIND_POD_METRICS) {
		read_version(&reading, &object, decoder);
		put_sample(&reading, &object, kind, cluster);
		return reading.failed ? wrap_with_name(&reading, &object, kind) : 0;
	}
	decoded = make_object(&reading, &object, kind, &decoder->sums);
	read_version(&reading, &object, decoder);
	if (reading.failed || !decoded) {
		object_free(decoded);
		return wrap_with_name(&reading, &object, kind);
	}
	return cluster_put(cluster, kind, decoded, err);
}

static const char *text_or_empty(const char *text)
{
	return text ? text : "";
}

int decode_identity(struct decoder *decoder, enum wire wire, const char *bytes, size_t length,
	struct identity *ret_identity, struct error *err)
{
	const cJSON *value = parse(decoder, wire, bytes, length, err);
	struct json object = json_root(value);
	struct reading reading = { .memory = &decoder->sums, .scratch = &decoder->scratch, .err = err };
	struct json meta, annotations;

	if (!value)
		return -1;
	arena_reset(&decoder->sums);
	meta = json_member(&reading, &object, "metadata");
	annotations = json_member(&reading, &meta, "annotations");
	read_version(&reading, &object, decoder);
	*ret_identity = (struct identity){
		.name = json_own(&reading, &meta, "name"),
		.namespace = json_own(&reading, &meta, "namespace"),
		.uid = text_or_empty(json_own(&reading, &meta, "uid")),
		.resource_version = decoder->resource_version,
		.ends_initial_events =
			text_equal(json_raw(&reading, &annotations, "k8s.io/initial-events-end"), "true"),
	};
	return reading.failed ? -1 : 0;
}
