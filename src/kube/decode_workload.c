#include "decoders.h"

/* Where each kind says how many pods it wants. */
static int32_t wanted(struct reading *r, const struct json *spec, const struct json *status, enum kind kind)
{
	switch (kind) {
	case KIND_DAEMON_SET:
		return (int32_t)json_integer(r, status, "desiredNumberScheduled", 0, INT32_MAX, 0);
	case KIND_JOB:
		return (int32_t)json_integer(r, spec, "parallelism", 0, INT32_MAX, 1);
	case KIND_CRON_JOB:
		return 0;
	default:
		return (int32_t)json_integer(r, spec, "replicas", 0, INT32_MAX, 1);
	}
}

struct meta *decode_workload(struct reading *r, const struct json *object, enum kind kind)
{
	struct workload *workload = OBJECT_NEW(struct workload);
	struct json spec = json_member(r, object, "spec"), status = json_member(r, object, "status");

	r->memory = &workload->meta.memory;
	json_meta(r, object, &workload->meta);
	workload->kind = kind;
	workload->replicas = wanted(r, &spec, &status, kind);
	workload->ready_replicas = (int32_t)json_integer(r, &status,
		kind == KIND_DAEMON_SET    ? "numberReady"
			: kind == KIND_JOB ? "ready"
					   : "readyReplicas",
		0, INT32_MAX, 0);
	workload->suspended = json_flag(r, &spec, "suspend");
	return &workload->meta;
}
