#include "event.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clusterutils/util/timestamp.h"
#include "tree.h"

enum { SWEEP_SECONDS = 60, SAME_SECONDS = 600, MAX_EVENTS = 2000 };

static const char *api_version(enum kind kind, char text[128])
{
	const struct kind_info *info = kind_info(kind);

	snprintf(text, 128, "%.60s%s%.60s", info->group, *info->group ? "/" : "", info->version);
	return text;
}

static int64_t time_of(struct demo_object *event)
{
	struct error ignored;
	int32_t nanoseconds;
	const char *text;

	if (event->told)
		return event->told;
	text = demo_tree_text(demo_object_tree(event), "lastTimestamp");
	if (!text || timestamp_parse(text, &event->told, &nanoseconds, &ignored) < 0)
		event->told = INT64_MAX;
	return event->told;
}

static uint64_t words_of(const struct demo_report *report, const char *message)
{
	return demo_hash(demo_hash(demo_hash(0, report->about->uid), report->reason), message);
}

static struct demo_object *find_same(const struct demo_world *world, uint64_t words)
{
	const struct index *events = &world->store.objects[KIND_EVENT];

	for (size_t i = events->count; i-- > 0;) { /* younger ones stand at the end, mostly */
		struct demo_object *event = events->items[i];

		if (event->words == words && event->told >= world->now - SAME_SECONDS)
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
	struct demo_object *event;
	struct error err;
	uint64_t words;
	va_list args;

	va_start(args, format);
	buffer_vprintf(&message, format, args);
	va_end(args);
	words = words_of(report, buffer_text(&message));
	event = find_same(world, words);
	if (event) {
		cJSON *tree = demo_object_tree(event);

		demo_tree_set_number(tree, "count", demo_tree_number(tree, "count", 1) + 1);
		demo_tree_set_time(tree, "lastTimestamp", world->now);
		demo_commit(world, event);
	} else if (world->store.objects[KIND_EVENT].count < MAX_EVENTS) {
		event = demo_create(world, KIND_EVENT, event_tree(world, report, buffer_text(&message)), &err);
		world->store.invalid += !event;
	}
	if (event) {
		event->words = words;
		event->told = world->now;
	}
}

static void sweep_events(struct demo_world *world, struct demo_object *object, int64_t number, const char *text)
{
	const struct index *events = &world->store.objects[KIND_EVENT];

	for (size_t i = events->count; i-- > 0;) /* a removal moves the last into the gap */
		if (time_of(events->items[i]) < world->now - DEMO_EVENT_SECONDS)
			demo_store_remove(&world->store, events->items[i]);
	demo_after(world, SWEEP_SECONDS, sweep_events, object, number, text);
}

void demo_events_begin(struct demo_world *world)
{
	demo_after(world, SWEEP_SECONDS, sweep_events, NULL, 0, "");
}
