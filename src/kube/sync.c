#include "clusterutils/kube/sync.h"

#include "clusterutils/kube/decode.h"
#include "clusterutils/kube/framer.h"
#include "clusterutils/util/memory.h"

enum { STEP_MS = 1000 };

/* One list under way. */
struct reader {
	struct sync_list *list;
	struct cluster *cluster;
	struct decoder *decoder;
	struct framer framer;
	struct request request;
	char path[PATH_SIZE];
};

static int read_object(void *context, const char *json, size_t length, uint64_t line, struct error *err)
{
	struct reader *reader = context;
	struct sync_list *list = reader->list;
	struct error invalid;

	(void)line;
	(void)err;
	if (decode_object(reader->decoder, list->kind, WIRE_JSON, json, length, reader->cluster, &invalid) == 0) {
		list->objects++;
		return 0;
	}
	if (list->invalid++ == 0)
		list->first_invalid = invalid;
	return 0;
}

static int feed(void *context, const char *bytes, size_t length, struct error *err)
{
	struct reader *reader = context;

	return framer_feed(&reader->framer, bytes, length, err);
}

static void start(struct reader *reader, struct transport *transport)
{
	static const struct framer_events events = { .on_object = read_object };
	struct sync_list *list = reader->list;
	struct request *request = &reader->request;

	list->objects = list->invalid = 0;
	framer_init(&reader->framer, &events, reader);
	path_of_kind(list->kind, list->namespace, reader->path);
	*request = (struct request){ .verb = "GET", .path = reader->path, .on_bytes = feed, .context = reader };
	if (list->label_selector && *list->label_selector)
		request->parameters[request->parameter_count++] =
			(struct request_parameter){ "labelSelector", list->label_selector };
	if (list->field_selector && *list->field_selector)
		request->parameters[request->parameter_count++] =
			(struct request_parameter){ "fieldSelector", list->field_selector };
	transport_start(transport, request);
}

static void finish(struct reader *reader)
{
	struct sync_list *list = reader->list;

	list->error = reader->request.error;
	list->is_failed = list->error.code != ERROR_NONE;
	if (!list->is_failed)
		list->is_failed = framer_finish(&reader->framer, &list->error) < 0;
	framer_release(&reader->framer);
}

static bool all_done(const struct reader *readers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!readers[i].request.done)
			return false;
	return true;
}

void sync_run(struct transport *transport, struct sync_list *lists, size_t count, struct cluster *cluster)
{
	AUTO_FREE struct reader *readers = memory_new_array(count, sizeof(*readers));
	CLEANUP(decoder_release) struct decoder decoder = { 0 };

	for (size_t i = 0; i < count; i++) {
		readers[i] = (struct reader){ .list = &lists[i], .cluster = cluster, .decoder = &decoder };
		start(&readers[i], transport);
	}
	while (!all_done(readers, count))
		transport_step(transport, STEP_MS);
	for (size_t i = 0; i < count; i++)
		finish(&readers[i]);
}
