/* Any bytes are an answer of Prometheus or an error: one sentence, nothing read beyond the end, and what comes of it is
 * clean text. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/kube/prometheus.h"
#include "clusterutils/util/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(int holds)
{
	if (!holds)
		abort();
}

static void start(struct transport *transport, struct request *request)
{
	(void)transport;
	(void)request;
}

static void check(const struct series *series)
{
	for (size_t i = 0; i < series->label_count; i++) {
		expect(text_is_clean(series->labels[i].name, strlen(series->labels[i].name)));
		expect(text_is_clean(series->labels[i].value, strlen(series->labels[i].value)));
		expect(series_label(series, series->labels[i].name) != NULL);
	}
	for (size_t i = 0; i < series->point_count; i++)
		expect(series->points[i].time >= 0);
}

/* The first byte says whether it is the body of a success or of a failure. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct transport_class class = { .start = start };
	struct transport transport = { .class = &class };
	struct prometheus_query query = { 0 };
	struct series_list list = { 0 };
	struct error err = { 0 };
	const char *body = (const char *)data + 1;

	if (size < 1)
		return 0;
	prometheus_ask(&query, &transport, "", "x");
	if (data[0] == 'f') {
		AUTO_BUFFER text = { 0 };

		buffer_add(&text, body, size - 1);
		query.request.on_failure(query.request.context, buffer_text(&text), size - 1);
		error_set(&query.request.error, ERROR_FAILED, "failed");
	} else if (query.request.on_bytes(query.request.context, body, size - 1, &query.request.error) < 0) {
		expect(query.request.error.message[0]);
	}
	query.request.done = true;
	if (prometheus_finish(&query, &list, &err) < 0)
		expect(err.code && err.message[0]);
	for (size_t i = 0; i < list.count; i++)
		check(&list.items[i]);
	series_list_release(&list);
	prometheus_release(&query, &transport);
	return 0;
}
