#include "decoders.h"

static int64_t latest(int64_t a, int64_t b)
{
	return a > b ? a : b; /* TIME_NONE is the smallest */
}

/* Both forms: core/v1 counts in `count` and `lastTimestamp`; events.k8s.io/v1 in `series`, its object is `regarding`,
 * its text `note`. The API server serves each object in either form. */
struct meta *decode_event(struct reading *r, const struct json *object)
{
	struct event *event = OBJECT_NEW(struct event);
	struct json involved = json_member(r, object, "involvedObject"),
		    regarding = json_member(r, object, "regarding");
	struct json about = involved.value ? involved : regarding;
	struct json source = json_member(r, object, "source");
	struct json old_source = json_member(r, object, "deprecatedSource"), series = json_member(r, object, "series");
	int64_t count = json_integer(r, object, "count", 0, INT32_MAX, 0);

	r->memory = &event->meta.memory;
	json_meta(r, object, &event->meta);
	event->type = json_interned(r, object, "type");
	event->reason = json_interned(r, object, "reason");
	event->message = json_own(r, object, "message");
	if (!event->message)
		event->message = json_own(r, object, "note");
	event->object_kind = json_interned(r, &about, "kind");
	event->object_namespace = json_interned(r, &about, "namespace");
	event->object_name = json_own(r, &about, "name");
	event->reporter = json_interned(r, object, "reportingComponent");
	if (!event->reporter)
		event->reporter = json_interned(r, object, "reportingController");
	if (!event->reporter)
		event->reporter = json_interned(r, &source, "component");
	if (!event->reporter)
		event->reporter = json_interned(r, &old_source, "component");
	count = json_integer(r, object, "deprecatedCount", 0, INT32_MAX, count);
	count = json_integer(r, &series, "count", 0, INT32_MAX, count);
	event->count = count > 0 ? (uint32_t)count : 1;
	event->last_seen =
		latest(json_time(r, object, "lastTimestamp"), json_time(r, object, "deprecatedLastTimestamp"));
	event->last_seen = latest(event->last_seen, json_time(r, &series, "lastObservedTime"));
	if (event->last_seen == TIME_NONE)
		event->last_seen = json_time(r, object, "eventTime");
	if (event->last_seen == TIME_NONE)
		event->last_seen = event->meta.created;
	return &event->meta;
}
