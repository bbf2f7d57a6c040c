#include "reports.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clusterutils/util/clock.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/quote.h"
#include "clusterutils/util/timestamp.h"

enum { REPORTS_AT_ONCE = 64, HOST_SIZE = 256 };

struct reports {
	struct transport *transport;
	struct write *items[REPORTS_AT_ONCE];
	size_t count;
	uint64_t number; /* makes the names differ */
	bool has_failed, was_told;
	char failure[ERROR_MESSAGE_SIZE];
	char host[HOST_SIZE];
};

struct reports *reports_new(struct transport *transport)
{
	struct reports *reports = NEW(struct reports);

	reports->transport = transport;
	if (gethostname(reports->host, sizeof(reports->host) - 1) < 0 || !*reports->host)
		memcpy(reports->host, "unknown", sizeof("unknown"));
	return reports;
}

static void drop(struct reports *reports, size_t i)
{
	write_release(reports->items[i]);
	free(reports->items[i]);
	reports->items[i] = reports->items[--reports->count];
}

void reports_free(struct reports *reports)
{
	if (!reports)
		return;
	while (reports->count) {
		struct request *request = &reports->items[0]->request;

		if (!request->done)
			transport_cancel(reports->transport, request);
		drop(reports, 0);
	}
	free(reports);
}

static void add_text(struct buffer *out, const char *key, const char *text)
{
	buffer_printf(out, "\"%s\":", key);
	quote_json(out, text, strlen(text));
}

static void write_event(const struct reports *reports, const struct order *order, struct buffer *out)
{
	int64_t now = clock_now();
	char moment[TIMESTAMP_SIZE];
	AUTO_BUFFER text = { 0 };

	/* A name may have 253 bytes: the pod's is cut. */
	buffer_printf(
		&text, "%.200s.%llx%04llx", order->name, (unsigned long long)now, (unsigned long long)reports->number);
	buffer_add_text(out, "{\"kind\":\"Event\",\"apiVersion\":\"v1\",\"metadata\":{");
	add_text(out, "name", buffer_text(&text));
	buffer_add_char(out, ',');
	add_text(out, "namespace", order->namespace);
	buffer_add_text(out, "},\"type\":\"Normal\",\"action\":\"Descheduled\",");
	add_text(out, "reason", order->strategy);
	buffer_clear(&text);
	buffer_printf(&text, "pod eviction from %s node by clusterutils", order->from ? order->from : "no");
	buffer_add_char(out, ',');
	add_text(out, "message", buffer_text(&text));
	buffer_add_text(out, ",\"involvedObject\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\",");
	add_text(out, "namespace", order->namespace);
	buffer_add_char(out, ',');
	add_text(out, "name", order->name);
	buffer_add_char(out, ',');
	add_text(out, "uid", order->uid);
	buffer_printf(out, "},\"eventTime\":\"%s\",\"reportingComponent\":\"clusterutils-rebalance\",",
		timestamp_micro_text(now, 0, moment));
	add_text(out, "reportingInstance", reports->host);
	buffer_add_char(out, '}');
}

void reports_evicted(struct reports *reports, const struct order *order)
{
	static const struct write_options options = { .field_manager = "clusterutils-rebalance" };
	AUTO_BUFFER event = { 0 };

	if (!reports || reports->has_failed || reports->count == REPORTS_AT_ONCE)
		return;
	reports->number++;
	write_event(reports, order, &event);
	reports->items[reports->count] = NEW(struct write);
	write_create(reports->items[reports->count++], reports->transport, &options, KIND_EVENT, order->namespace,
		buffer_text(&event));
}

static bool is_failure(enum write_outcome outcome)
{
	return outcome != WRITE_DONE && outcome != WRITE_UNDER_WAY && outcome != WRITE_TERMINATING;
}

const char *reports_step(struct reports *reports)
{
	if (!reports)
		return NULL;
	for (size_t i = 0; i < reports->count;) {
		const struct write *write = reports->items[i];

		if (!write->request.done) {
			i++;
			continue;
		}
		if (is_failure(write_outcome(write)) && !reports->has_failed) {
			reports->has_failed = true;
			memcpy(reports->failure, write->request.error.message, sizeof(reports->failure));
		}
		drop(reports, i);
	}
	if (!reports->has_failed || reports->was_told)
		return NULL;
	reports->was_told = true;
	return reports->failure;
}

bool reports_are_sent(const struct reports *reports)
{
	return !reports || reports->count == 0;
}
