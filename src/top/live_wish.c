#include "live_wish.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/quote.h"
#include "object_yaml.h"

static const struct write_options write_options = { .field_manager = "clusterutils-top" };

enum { OBJECT_MAX = 4 << 20 };

static struct errand *add_errand(
	struct errands *errands, struct live_feed *feed, const struct object_ref *object, enum wish_type type)
{
	struct errand *errand = NEW(struct errand);
	AUTO_BUFFER title = { 0 };

	buffer_printf(&title, "%s %s%s%s", kind_info(object->kind)->name, object->namespace,
		*object->namespace ? "/" : "", object->name);
	errand->transport = feed->session.transport;
	errand->type = type;
	errand->title = memory_copy_text(buffer_text(&title));
	errands->items[errands->count++] = errand;
	return errand;
}

/* --- reading an object --- */

/* A dump answers lists alone. */
static void read_object(struct errand *errand, const struct live_feed *feed, const struct object_ref *object)
{
	const char *namespace = *object->namespace ? object->namespace : NULL;

	errand->is_list = feed->feed.is_still;
	errand->collector = (struct collector){ &errand->answer, OBJECT_MAX, errand->title };
	errand->request = (struct request){
		.verb = "GET", .path = errand->path, .on_bytes = collect, .context = &errand->collector
	};
	if (errand->is_list) {
		path_of_kind(object->kind, namespace, errand->path);
		snprintf(errand->field, sizeof(errand->field), "metadata.name=%s", object->name);
		errand->request.parameters[errand->request.parameter_count++] =
			(struct request_parameter){ "fieldSelector", errand->field };
	} else {
		path_of_object(object->kind, namespace, object->name, NULL, errand->path);
	}
	transport_start(errand->transport, &errand->request);
}

static void show_object(struct errand *errand, struct screen *screen)
{
	AUTO_BUFFER text = { 0 };
	struct error err = errand->request.error;

	if (!err.code && object_yaml(&errand->answer, errand->is_list, &text, &err) == 0)
		screen_show_page(screen, errand->title, buffer_text(&text));
	else
		screen_tell(screen, ROLE_BAD, "%s", err.message);
}

/* --- changing objects --- */

static void change_object(struct errand *errand, const struct object_ref *object)
{
	AUTO_BUFFER patch = { 0 };

	if (errand->type == WISH_EVICT) {
		write_evict(&errand->write, errand->transport, &write_options, object->namespace, object->name,
			object->uid, WRITE_GRACE_DEFAULT);
		return;
	}
	/* The uid is a precondition: a node that was made anew under the same name is another one. */
	buffer_add_text(&patch, "{\"metadata\":{\"uid\":");
	quote_json(&patch, object->uid, strlen(object->uid));
	buffer_printf(&patch, "},\"spec\":{\"unschedulable\":%s}}", errand->type == WISH_CORDON ? "true" : "null");
	write_patch(&errand->write, errand->transport, &write_options, object->kind, NULL, object->name,
		PATCH_STRATEGIC, buffer_text(&patch));
}

static void tell_change(struct errands *errands, const struct errand *errand, struct screen *screen)
{
	static const char *const done[] = {
		[WISH_CORDON] = "cordoned", [WISH_UNCORDON] = "uncordoned", [WISH_EVICT] = "evicted"
	};
	enum write_outcome outcome = write_outcome(&errand->write);

	if (outcome == WRITE_DONE) {
		errands->done++;
		if (errands->asked == 1)
			screen_tell(screen, ROLE_GOOD, "%s %s", errand->title, done[errand->type]);
		else
			screen_tell(
				screen, ROLE_GOOD, "%zu of %zu %s", errands->done, errands->asked, done[errand->type]);
	} else if (outcome == WRITE_GONE) {
		screen_tell(screen, ROLE_WARNING, "%s is no longer there", errand->title);
	} else {
		screen_tell(screen, ROLE_BAD, "%s: %s", errand->title, errand->write.request.error.message);
	}
}

/* --- all of them --- */

static bool is_change(const struct errand *errand)
{
	return errand->type != WISH_YAML;
}

void errands_start(
	struct errands *errands, struct screen *screen, struct live_feed *const *feeds, const struct wish *wish)
{
	errands->asked = wish->count;
	errands->done = 0;
	for (size_t i = 0; i < wish->count; i++) {
		struct live_feed *feed = feeds[wish->objects[i].feed];
		struct errand *errand;

		if (wish->type != WISH_YAML && feed->feed.is_still) {
			screen_tell(screen, ROLE_WARNING, "this is a file: nothing can be changed");
			return;
		}
		if (errands->count == ERRANDS_MAX) {
			screen_tell(screen, ROLE_WARNING, "too much at once: the rest is left as it is");
			return;
		}
		errand = add_errand(errands, feed, &wish->objects[i], wish->type);
		if (is_change(errand))
			change_object(errand, &wish->objects[i]);
		else
			read_object(errand, feed, &wish->objects[i]);
	}
}

static void free_errand(struct errand *errand)
{
	if (is_change(errand))
		write_release(&errand->write);
	buffer_release(&errand->answer);
	free(errand->title);
	free(errand);
}

static struct request *request_of(struct errand *errand)
{
	return is_change(errand) ? &errand->write.request : &errand->request;
}

bool errands_turn(struct errands *errands, struct screen *screen)
{
	size_t kept = 0, count = errands->count;

	for (size_t i = 0; i < count; i++) {
		struct errand *errand = errands->items[i];

		if (!request_of(errand)->done) {
			errands->items[kept++] = errand;
			continue;
		}
		if (is_change(errand))
			tell_change(errands, errand, screen);
		else
			show_object(errand, screen);
		free_errand(errand);
	}
	errands->count = kept;
	return kept < count;
}

void errands_cancel(struct errands *errands, const struct transport *transport)
{
	size_t kept = 0;

	for (size_t i = 0; i < errands->count; i++) {
		struct errand *errand = errands->items[i];

		if (transport && errand->transport != transport) {
			errands->items[kept++] = errand;
			continue;
		}
		if (!request_of(errand)->done)
			transport_cancel(errand->transport, request_of(errand));
		request_of(errand)->done = true;
		free_errand(errand);
	}
	errands->count = kept;
}
