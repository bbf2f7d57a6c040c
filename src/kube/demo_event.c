#include "demo_event.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/timestamp.h"
#include "demo_tree.h"

enum { SWEEP_SECONDS = 60, SAME_SECONDS = 600, MAX_EVENTS = 2000 };

static const char *api_version(enum kind kind, char text[128])
{
	const struct kind_info *info = kind_info(kind);

	snprintf(text, 128, "%.60s%s%.60s", info->group, *info->group ? "/" : "", info->version);
	return text;
}

static int64_t time_of(const cJSON *event)
{
	const char *text = demo_tree_text(event, "lastTimestamp");
	struct error ignored;
	int64_t seconds;
	int32_t nanoseconds;

	return text && timestamp_parse(text, &seconds, &nanoseconds, &ignored) == 0 ? seconds : INT64_MAX;
}

/* Younger events stand at the end. */
static struct demo_object *find_same(
	const struct demo_world *world, const struct demo_report *report, const char *message)
{
	const struct index *events = &world->store.objects[KIND_EVENT];

	for (size_t i = events->count; i-- > 0;) {
		struct demo_object *event = events->items[i];
		const cJSON *tree = event->tree;

		/* One that was embedded has no tree yet: it is older than all that follow. */
		if (tree && time_of(tree) >= world->now - SAME_SECONDS &&
			text_equal(demo_tree_text(tree, "involvedObject uid"), report->about->uid) &&
			text_equal(demo_tree_text(tree, "reason"), report->reason) &&
			text_equal(demo_tree_text(tree, "message"), message))
			return event;
	}
	return NULL;
}

static cJSON *event_tree(const struct demo_world *world, const struct demo_report *report, const char *message)
{
	const struct demo_object *about = report->about;
	const char *namespace = *about->namespace ? about->namespace : "default";
	cJSON *event =
		demo_tree_parse("{'apiVersion':'v1','kind':'Event','metadata':{},'involvedObject':{},'count':1}");
	cJSON *object = demo_tree_object(event, "involvedObject"), *source = demo_tree_object(event, "source");
	char name[400], version[128], path[300];

	snprintf(name, sizeof(name), "%.300s.%016" PRIx64, about->name,
		(uint64_t)world->now * UINT64_C(1000000000) + world->store.version % 1000000007U);
	demo_tree_set_text(demo_tree_object(event, "metadata"), "name", name);
	demo_tree_set_text(demo_tree_object(event, "metadata"), "namespace", namespace);
	demo_tree_set_text(object, "kind", kind_info(about->kind)->name);
	demo_tree_set_text(object, "apiVersion", api_version(about->kind, version));
	if (*about->namespace)
		demo_tree_set_text(object, "namespace", about->namespace);
	demo_tree_set_text(object, "name", about->name);
	demo_tree_set_text(object, "uid", about->uid);
	if (report->container) {
		snprintf(path, sizeof(path), "spec.containers{%.250s}", report->container);
		demo_tree_set_text(object, "fieldPath", path);
	}
	demo_tree_set_text(event, "type", report->type);
	demo_tree_set_text(event, "reason", report->reason);
	demo_tree_set_text(event, "message", message);
	demo_tree_set_time(event, "firstTimestamp", world->now);
	demo_tree_set_time(event, "lastTimestamp", world->now);
	demo_tree_set_text(source, "component", report->component);
	if (report->host)
		demo_tree_set_text(source, "host", report->host);
	return event;
}

void demo_report(struct demo_world *world, const struct demo_report *report, const char *format, ...)
{
	AUTO_BUFFER message = { 0 };
	struct demo_object *same;
	struct error err;
	va_list args;

	va_start(args, format);
	buffer_vprintf(&message, format, args);
	va_end(args);
	same = find_same(world, report, buffer_text(&message));
	if (same) {
		cJSON *tree = demo_object_tree(same);

		demo_tree_set_number(tree, "count", demo_tree_number(tree, "count", 1) + 1);
		demo_tree_set_time(tree, "lastTimestamp", world->now);
		demo_commit(world, same);
		return;
	}
	if (world->store.objects[KIND_EVENT].count < MAX_EVENTS &&
		!demo_create(world, KIND_EVENT, event_tree(world, report, buffer_text(&message)), &err))
		world->store.invalid++;
}

static void sweep_events(struct demo_world *world, struct demo_object *object, int64_t number, const char *text)
{
	const struct index *events = &world->store.objects[KIND_EVENT];

	for (size_t i = events->count; i-- > 0;) /* a removal moves the last into the gap */
		if (time_of(demo_object_tree(events->items[i])) < world->now - DEMO_EVENT_SECONDS)
			demo_store_remove(&world->store, events->items[i]);
	demo_after(world, SWEEP_SECONDS, sweep_events, object, number, text);
}

void demo_events_begin(struct demo_world *world)
{
	demo_after(world, SWEEP_SECONDS, sweep_events, NULL, 0, "");
}
