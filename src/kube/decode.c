#include "clusterutils/kube/decode.h"

#include "decoders.h"

void decoder_release(struct decoder *decoder)
{
	arena_release(&decoder->scratch);
	arena_release(&decoder->sums);
}

static struct meta *make_object(struct reading *reading, struct value *object, enum kind kind, struct arena *sums)
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
	case KIND_NAMESPACE:
		return decode_namespace(reading, object);
	case KIND_SERVICE:
		return decode_service(reading, object);
	case KIND_CSI_NODE:
		return decode_csi_node(reading, object);
	case KIND_CSI_DRIVER:
		return decode_csi_driver(reading, object);
	case KIND_CSI_CAPACITY:
		return decode_csi_capacity(reading, object);
	case KIND_VOLUME_ATTACHMENT:
		return decode_volume_attachment(reading, object);
	case KIND_EVENT:
		return decode_event(reading, object);
	case KIND_CONFIG_MAP: /* large, and of any content: who wants one asks for it (kube/config_map.h) */
		error_set(reading->err, ERROR_INVALID, "ConfigMaps are not kept in the store");
		break;
	case KIND_NODE_METRICS:
	case KIND_POD_METRICS:
	case KIND_COUNT:
		break;
	}
	return NULL;
}

/* Where a name is needed: metadata.name in the object's own memory. */
static const char *read_name(struct reading *reading, struct value *meta)
{
	const char *name = value_own(reading, meta, F("name", 1));

	if (!name)
		value_fail_at(reading, meta, F("name", 1), "the object has no name");
	return name;
}

static void put_sample(struct reading *reading, struct value *object, enum kind kind, struct cluster *cluster)
{
	const char *name = read_name(reading, reading->meta);
	const char *namespace = value_own(reading, reading->meta, F("namespace", 3));
	struct sample sample =
		kind == KIND_NODE_METRICS ? decode_node_metrics(reading, object) : decode_pod_metrics(reading, object);

	if (reading->failed)
		return;
	if (kind == KIND_NODE_METRICS)
		cluster_set_node_sample(cluster, name, &sample);
	else
		cluster_set_pod_sample(cluster, name, namespace, &sample);
}

/* "Pod web/shop-1" in front of the sentence. */
static int wrap_with_name(struct reading *reading, struct value *object, enum kind kind)
{
	struct error ignored;
	struct reading again = {
		.wire = reading->wire, .memory = reading->scratch, .scratch = reading->scratch, .err = &ignored
	};
	struct value meta = value_member(&again, object, METADATA);
	const char *name = value_own(&again, &meta, F("name", 1));
	const char *namespace = value_own(&again, &meta, F("namespace", 3));

	return error_wrap(reading->err, "%s %.253s%s%.253s", kind_info(kind)->name, namespace ? namespace : "",
		namespace ? "/" : "", name ? name : "without a name");
}

static void read_version(struct reading *reading, struct decoder *decoder)
{
	value_token(reading, reading->meta, F("resourceVersion", 6), decoder->resource_version, RESOURCE_VERSION_SIZE);
}

int decode_object(struct decoder *decoder, enum kind kind, enum wire wire, const char *bytes, size_t length,
	struct cluster *cluster, struct error *err)
{
	struct reading reading = { .wire = wire,
		.interner = &cluster->interner,
		.details = cluster->details,
		.memory = &decoder->sums,
		.scratch = &decoder->scratch,
		.err = err };
	struct value object, meta;
	struct meta *decoded;

	*decoder->resource_version = '\0';
	if (value_parse(&reading, bytes, length, &object, err) < 0)
		return error_wrap(err, "%s", kind_info(kind)->name);
	arena_reset(&decoder->sums);
	meta = value_member(&reading, &object, METADATA);
	reading.meta = &meta;
	if (kind == KIND_NODE_METRICS || kind == KIND_POD_METRICS) {
		read_version(&reading, decoder);
		put_sample(&reading, &object, kind, cluster);
		return reading.failed ? wrap_with_name(&reading, &object, kind) : 0;
	}
	decoded = make_object(&reading, &object, kind, &decoder->sums);
	read_version(&reading, decoder);
	if (reading.failed || !decoded) {
		object_free(decoded);
		return wrap_with_name(&reading, &object, kind);
	}
	return cluster_put(cluster, kind, decoded, err);
}

int decode_identity(struct decoder *decoder, enum wire wire, const char *bytes, size_t length,
	struct identity *ret_identity, struct error *err)
{
	struct reading reading = { .wire = wire, .memory = &decoder->sums, .scratch = &decoder->scratch, .err = err };
	struct value object, meta, annotations;
	const char *uid;

	*decoder->resource_version = '\0';
	if (value_parse(&reading, bytes, length, &object, err) < 0)
		return -1;
	arena_reset(&decoder->sums);
	meta = value_member(&reading, &object, METADATA);
	reading.meta = &meta;
	annotations = value_member(&reading, &meta, F("annotations", 12));
	read_version(&reading, decoder);
	uid = value_own(&reading, &meta, F("uid", 5));
	*ret_identity = (struct identity){
		.name = value_own(&reading, &meta, F("name", 1)),
		.namespace = value_own(&reading, &meta, F("namespace", 3)),
		.uid = uid ? uid : "",
		.resource_version = decoder->resource_version,
		.ends_initial_events = value_entry_is(&reading, &annotations, "k8s.io/initial-events-end", "true"),
	};
	return reading.failed ? -1 : 0;
}
