#include <string.h>

#include "decoders.h"

/* Where each kind says how many pods it wants. */
static int32_t wanted(struct reading *r, struct value *spec, struct value *status, enum kind kind)
{
	switch (kind) {
	case KIND_DAEMON_SET:
		return (int32_t)value_integer(r, status, F("desiredNumberScheduled", 3), 0, INT32_MAX, 0);
	case KIND_JOB:
		return (int32_t)value_integer(r, spec, F("parallelism", 1), 0, INT32_MAX, 1);
	case KIND_CRON_JOB:
		return 0;
	default: /* of ReplicaSet, Deployment and StatefulSet alike */
		return (int32_t)value_integer(r, spec, F("replicas", 1), 0, INT32_MAX, 1);
	}
}

static int32_t ready(struct reading *r, struct value *status, enum kind kind)
{
	switch (kind) {
	case KIND_DAEMON_SET:
		return (int32_t)value_integer(r, status, F("numberReady", 4), 0, INT32_MAX, 0);
	case KIND_JOB:
		return (int32_t)value_integer(r, status, F("ready", 9), 0, INT32_MAX, 0);
	case KIND_REPLICA_SET:
		return (int32_t)value_integer(r, status, F("readyReplicas", 4), 0, INT32_MAX, 0);
	case KIND_DEPLOYMENT:
		return (int32_t)value_integer(r, status, F("readyReplicas", 7), 0, INT32_MAX, 0);
	case KIND_STATEFUL_SET:
		return (int32_t)value_integer(r, status, F("readyReplicas", 3), 0, INT32_MAX, 0);
	default:
		return 0;
	}
}

static bool is_suspended(struct reading *r, struct value *spec, enum kind kind)
{
	if (kind == KIND_JOB)
		return value_flag(r, spec, F("suspend", 10));
	return kind == KIND_CRON_JOB && value_flag(r, spec, F("suspend", 4));
}

/* Not of Jobs and CronJobs, whose pods nobody looks for by it. */
static const struct label_selector *selector_of(struct reading *r, struct value *spec, enum kind kind)
{
	struct value selector;

	if (kind == KIND_JOB || kind == KIND_CRON_JOB)
		return NULL;
	selector = kind == KIND_DAEMON_SET ? value_member(r, spec, F("selector", 1))
					   : value_member(r, spec, F("selector", 2));
	return decode_selector(r, &selector);
}

/* One is made before another is stopped, unless the Deployment recreates its pods or may have none more than wanted. */
static bool does_surge(struct reading *r, struct value *spec, enum kind kind)
{
	struct value strategy, rolling;
	const char *surge;

	if (kind != KIND_DEPLOYMENT)
		return false;
	strategy = value_member(r, spec, F("strategy", 4));
	rolling = value_member(r, &strategy, F("rollingUpdate", 2));
	surge = value_int_or_text(r, &rolling, F("maxSurge", 2));
	return !value_is(r, &strategy, F("type", 1), "Recreate") &&
		!(surge && (strcmp(surge, "0") == 0 || strcmp(surge, "0%") == 0));
}

struct meta *decode_workload(struct reading *r, struct value *object, enum kind kind)
{
	struct workload *workload = OBJECT_NEW(struct workload);
	struct value spec = value_member(r, object, SPEC), status = value_member(r, object, STATUS);

	r->memory = &workload->meta.memory;
	decode_meta(r, &workload->meta);
	workload->kind = kind;
	workload->generation = value_integer(r, r->meta, F("generation", 7), 0, INT64_MAX, 0);
	workload->replicas = wanted(r, &spec, &status, kind);
	workload->ready_replicas = ready(r, &status, kind);
	workload->selector = selector_of(r, &spec, kind);
	workload->surges = does_surge(r, &spec, kind);
	workload->suspended = is_suspended(r, &spec, kind);
	return &workload->meta;
}

struct meta *decode_service(struct reading *r, struct value *object)
{
	struct service *service = OBJECT_NEW(struct service);
	struct value spec = value_member(r, object, SPEC);

	r->memory = &service->meta.memory;
	decode_meta(r, &service->meta);
	service->selector = value_labels(r, &spec, F("selector", 2));
	return &service->meta;
}
