/* Any request to the demo cluster: it is answered, and whatever was written, two minutes later every list can still
 * be read. The first line is "VERB PATH TYPE" and, after a blank, a query parameter "NAME=VALUE"; the rest is the
 * body. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/demo/demo.h"
#include "clusterutils/kube/sync.h"
#include "clusterutils/util/clock.h"
#include "clusterutils/util/memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_STEPS = 1000, LATER_SECONDS = 120 };

static int ignore(void *context, const char *bytes, size_t length, struct error *err)
{
	(void)context;
	(void)bytes;
	(void)length;
	(void)err;
	return 0;
}

/* The part up to the separator, which becomes its end. */
static char *take_part(char **line, char separator)
{
	char *part = *line, *end = strchr(part, separator);

	if (end)
		*end++ = '\0';
	*line = end ? end : part + strlen(part);
	return part;
}

static void ask(struct transport *demo, char *line, const char *body, size_t length)
{
	struct request request = { .body = body, .body_length = length, .on_bytes = ignore };

	request.verb = take_part(&line, ' ');
	request.path = take_part(&line, ' ');
	request.content_type = take_part(&line, ' ');
	if (*line) {
		request.parameters[0].name = take_part(&line, '=');
		request.parameters[0].value = line;
		request.parameter_count = 1;
	}
	transport_start(demo, &request);
	for (int i = 0; !request.done && i < MAX_STEPS; i++)
		transport_step(demo, 0);
	if (!request.done) /* a watch */
		transport_cancel(demo, &request);
}

static void check_lists(struct transport *demo)
{
	struct sync_list lists[KIND_COUNT];
	struct cluster cluster;

	cluster_init(&cluster);
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		lists[kind] = (struct sync_list){ .kind = kind };
	sync_run(demo, NULL, lists, KIND_COUNT, &cluster);
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		if (lists[kind].is_failed || (lists[kind].invalid && kind_is_stored(kind)))
			abort();
	cluster_release(&cluster);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = memory_new(size + 1), *body = text;
	struct transport *demo;
	char *line;

	memcpy(text, data, size);
	line = take_part(&body, '\n');
	clock_freeze(demo_now);
	demo = demo_transport_new(DEMO_SEED);
	ask(demo, line, body, size - (size_t)(body - text));
	clock_freeze(demo_now + LATER_SECONDS);
	check_lists(demo);
	transport_free(demo);
	free(text);
	return 0;
}
