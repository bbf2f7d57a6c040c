/* Questions to a Prometheus, or to what answers as one, that is reached through the API server's proxy of a service.
 *
 * One question is one struct prometheus_query: started, then done when the transport says so; nothing here waits. An
 * answer is read as a whole, for a cluster's own series are few; what is larger than PROMETHEUS_ANSWER_MAX is an error.
 * Source: prometheus.io/docs/prometheus/latest/querying/api, and web/api/v1/api.go of v3.5. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/kube/path.h"
#include "clusterutils/kube/transport.h"
#include "clusterutils/util/arena.h"
#include "clusterutils/util/buffer.h"

enum {
	PROMETHEUS_ANSWER_MAX = 2 << 20, /* bytes */
	PROMETHEUS_TEXT_MAX = 512,       /* bytes of a label's name or value; the rest is cut */
	PROMETHEUS_TIMEOUT_MS = 10000,   /* of one question */
};

#define SERIES_UNKNOWN INT64_MIN /* no number: NaN, an infinity, text, or out of range */

struct series_label {
	const char *name, *value; /* clean text */
};

struct series_point {
	int64_t time;  /* milliseconds since 1970; of an instant query when it was asked for, not when it was scraped */
	int64_t milli; /* thousandths, rounded half away from zero; SERIES_UNKNOWN */
};

struct series {
	const struct series_label *labels; /* as Prometheus gives them, the metric's name as __name__ */
	size_t label_count;
	const struct series_point *points; /* oldest first; one, of an instant query */
	size_t point_count;
};

struct series_list {
	struct series *items;
	size_t count;
	struct arena arena; /* all of it */
};

void series_list_release(struct series_list *list);

/* The label's value, or NULL. */
const char *series_label(const struct series *series, const char *name);

/* "NAMESPACE/[https:]SERVICE[:PORT][/PREFIX]" ->
 * "/api/v1/namespaces/NAMESPACE/services/http:SERVICE:PORT/proxy/PREFIX". Fails with ERROR_USAGE where it is
 * none. */
int prometheus_path(const char *service, char ret_path[PATH_SIZE], struct error *err) MUST_USE;

/* Zeroed before its first use, and in place until it is released. */
struct prometheus_query {
	struct request request;
	struct buffer answer;
	struct error refusal; /* Prometheus' own words */
	char path[PATH_SIZE + 32];
	char start[24], end[24], step[24];
	bool is_open; /* it was started and not yet finished */
};

/* `promql` stays in place until the query is done. Times in seconds since 1970, the step in seconds. */
void prometheus_ask(struct prometheus_query *query, struct transport *transport, const char *path, const char *promql);
void prometheus_ask_range(struct prometheus_query *query, struct transport *transport, const char *path,
	const char *promql, int64_t start, int64_t end, int64_t step);

/* Of one that is done (query.request.done). The list is released by the caller when this returned 0. */
int prometheus_finish(struct prometheus_query *query, struct series_list *ret_list, struct error *err) MUST_USE;

/* Gives up what is under way. */
void prometheus_release(struct prometheus_query *query, struct transport *transport);

/* A number as Prometheus writes it -> thousandths: "71.25", "1e-06", "+Inf". SERIES_UNKNOWN for what is none. */
int64_t prometheus_number(const char *text);
