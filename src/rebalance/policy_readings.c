#include "policy_readings.h"

#include <string.h>

#include "clusterutils/kube/prometheus.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/url.h"

enum { STEP_MS = 100 };

int policy_readings_service(const char *text, struct buffer *ret_service, struct error *err)
{
	AUTO_ARENA arena = { 0 };
	struct url url;
	const char *host, *dot, *end, *port;

	if (url_parse(text, &arena, &url, err) < 0)
		return -1;
	host = url_hostname(&url, &arena);
	port = url_port(&url, &arena);
	dot = strchr(host, '.');
	end = dot ? strchr(dot + 1, '.') : NULL;
	if (!dot || dot == host || !dot[1] || end == dot + 1 ||
		(end && strcmp(end, ".svc") != 0 && strcmp(end, ".svc.") != 0 && !text_starts_with(end, ".svc.")))
		return error_set(err, ERROR_USAGE,
			"Prometheus at %s is not a Service (NAME.NAMESPACE.svc), so it cannot be asked through the API server",
			host);
	buffer_add(ret_service, dot + 1, end ? (size_t)(end - dot - 1) : strlen(dot + 1));
	buffer_printf(
		ret_service, "/%s%.*s", strcmp(url.scheme, "https") == 0 ? "https:" : "", (int)(dot - host), host);
	if (*port)
		buffer_printf(ret_service, ":%s", port);
	buffer_add_text(ret_service, strcmp(url.path, "/") == 0 ? "" : url.path);
	return 0;
}

static const char *url_of(const struct policy *policy)
{
	const struct metrics_provider *providers = policy->metrics_providers.items;

	for (size_t i = 0; i < policy->metrics_providers.count; i++)
		if (strcmp(providers[i].source, "Prometheus") == 0)
			return providers[i].prometheus.url;
	return NULL;
}

static int ask(const struct session *session, const char *url, const char *promql, struct series_list *ret_list,
	struct error *err)
{
	struct prometheus_query query = { 0 };
	char path[PATH_SIZE];
	AUTO_BUFFER service = { 0 };
	int result;

	if (!session->is_live && !session->is_demo)
		return error_set(err, ERROR_UNAVAILABLE, "a dump has no Prometheus to ask");
	if (!url)
		return error_set(err, ERROR_USAGE, "the policy names no Prometheus under metricsProviders");
	if (policy_readings_service(url, &service, err) < 0 || prometheus_path(buffer_text(&service), path, err) < 0)
		return -1;
	prometheus_ask(&query, session->transport, path, promql);
	while (!query.request.done)
		transport_step(session->transport, STEP_MS);
	result = prometheus_finish(&query, ret_list, err);
	prometheus_release(&query, session->transport);
	return result;
}

/* The checks are upstream's: one sample that is wrong, and none of them counts. */
static int take(const struct series_list *list, struct arena *arena, struct node_readings *readings, struct error *err)
{
	struct node_reading *items = ARENA_ARRAY(arena, list->count + 1, struct node_reading);

	for (size_t i = 0; i < list->count; i++) {
		const struct series *series = &list->items[i];
		const char *node = series_label(series, "instance");
		int64_t milli = series->point_count ? series->points[series->point_count - 1].milli : SERIES_UNKNOWN;

		if (!node)
			return error_set(err, ERROR_INVALID, "a sample has no label \"instance\"");
		if (milli == SERIES_UNKNOWN || milli < 0 || milli > 1000)
			return error_set(err, ERROR_INVALID, "the sample of %s is not between 0 and 1", node);
		items[i] = (struct node_reading){ arena_text(arena, node), (double)milli / 1000 };
	}
	readings->items = items;
	readings->count = list->count;
	return 0;
}

static void read_query(
	const struct session *session, const char *url, struct arena *arena, struct node_readings *readings)
{
	CLEANUP(series_list_release) struct series_list list = { 0 };
	struct error err = { 0 };

	if (ask(session, url, readings->query, &list, &err) < 0 || take(&list, arena, readings, &err) < 0)
		readings->problem = arena_text(arena, err.message);
}

static size_t count_steps(const struct policy *policy)
{
	const struct policy_profile *profiles = policy->profiles.items;
	size_t count = 0;

	for (size_t i = 0; i < policy->profiles.count; i++)
		count += profiles[i].balance_count;
	return count;
}

static bool is_known(const struct policy_readings *readings, const char *query)
{
	for (size_t i = 0; i < readings->count; i++)
		if (strcmp(readings->items[i].query, query) == 0)
			return true;
	return false;
}

void policy_readings_read(const struct session *session, const struct policy *policy, struct policy_readings *ret)
{
	const struct policy_profile *profiles = policy->profiles.items;
	const char *url = url_of(policy);

	*ret = (struct policy_readings){ 0 };
	ret->items = ARENA_ARRAY(&ret->arena, count_steps(policy) + 1, struct node_readings);
	for (size_t i = 0; i < policy->profiles.count; i++)
		for (size_t k = 0; k < profiles[i].balance_count; k++) {
			const char *query = policy_step_query(&profiles[i].balance[k]);

			if (!query || is_known(ret, query))
				continue;
			ret->items[ret->count].query = query;
			read_query(session, url, &ret->arena, &ret->items[ret->count++]);
		}
}

void policy_readings_release(struct policy_readings *readings)
{
	arena_release(&readings->arena);
	*readings = (struct policy_readings){ 0 };
}
