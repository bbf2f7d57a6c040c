#include "decoders.h"

static int64_t latest(int64_t a, int64_t b)
{
	return a > b ? a : b; /* TIME_NONE is the smallest */
}

/* Both forms: core/v1 counts in `count` and `lastTimestamp`; events.k8s.io/v1 in `series`, its object is `regarding`,
 * its text `note`. The API server serves each object in either form. */
struct meta *decode_event(struct reading *r, struct value *object)
{
	struct event *event = OBJECT_NEW(struct event);
	struct value involved = value_member(r, object, F("involvedObject", 2)),
		     regarding = value_member(r, object, F("regarding", 0));
	struct value about = involved.is_there ? involved : regarding;
	struct value source = value_member(r, object, F("source", 5));
	struct value old_source = value_member(r, object, F("deprecatedSource", 0)),
		     series = value_member(r, object, F("series", 11));
	int64_t series_count, count = value_integer(r, object, F("count", 8), 0, INT32_MAX, 0);

	r->memory = &event->meta.memory;
	decode_meta(r, &event->meta);
	event->type = value_interned(r, object, F("type", 9));
	event->reason = value_interned(r, object, F("reason", 3));
	event->message = value_own(r, object, F("message", 4));
	if (!event->message)
		event->message = value_own(r, object, F("note", 0));
	event->object_kind = value_interned(r, &about, F("kind", 1));
	event->object_namespace = value_interned(r, &about, F("namespace", 2));
	event->object_name = value_own(r, &about, F("name", 3));
	event->reporter = value_interned(r, object, F("reportingComponent", 14));
	if (!event->reporter)
		event->reporter = value_interned(r, object, F("reportingController", 0));
	if (!event->reporter)
		event->reporter = value_interned(r, &source, F("component", 1));
	if (!event->reporter)
		event->reporter = value_interned(r, &old_source, F("component", 1));
	count = value_integer(r, object, F("deprecatedCount", 0), 0, INT32_MAX, count);
	series_count = value_integer(r, &series, F("count", 1), 0, INT32_MAX, 0);
	if (series_count)
		count = series_count;
	event->count = count > 0 ? (uint32_t)count : 1;
	event->last_seen = latest(
		value_time(r, object, F("lastTimestamp", 7)), value_time(r, object, F("deprecatedLastTimestamp", 0)));
	event->last_seen = latest(event->last_seen, value_time(r, &series, F("lastObservedTime", 2)));
	if (event->last_seen == TIME_NONE)
		event->last_seen = value_time(r, object, F("eventTime", 10));
	if (event->last_seen == TIME_NONE)
		event->last_seen = event->meta.created;
	return &event->meta;
}
