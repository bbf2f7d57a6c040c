#include "prometheus.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "clusterutils/util/quote.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/timestamp.h"
#include "power.h"
#include "promql.h"

enum { MAX_POINTS = 11000 };

static const char services[] = "/api/v1/namespaces/monitoring/services/";

/* --- values --- */

/* Millionths of a watt, watt-hour or watt-hour a second. */
static int64_t value_at(
	struct demo_world *world, struct demo_meter *meter, const struct demo_promql *query, int64_t moment)
{
	int64_t last = demo_power_reading(world, moment), first = demo_power_reading(world, moment - query->range);
	int64_t energy = demo_meter_counter(world, meter, last);

	if (query->metric == DEMO_OVERPOWER)
		return 0;
	switch (query->function) {
	case DEMO_PLAIN:
		return query->metric == DEMO_WATTS ? demo_meter_milliwatts(world, meter, last) * 1000 : energy * 5 / 18;
	case DEMO_INCREASE:
		return (energy - demo_meter_counter(world, meter, first)) * 5 / 18;
	case DEMO_RATE:
		return (energy - demo_meter_counter(world, meter, first)) * 5 / 18 / query->range;
	case DEMO_AVERAGE:
		return last > first ? (energy - demo_meter_counter(world, meter, first)) / ((last - first) * 15) * 1000
				    : demo_meter_milliwatts(world, meter, last) * 1000;
	}
	return 0;
}

/* Without the zeros at the end that Go does not print either. */
static void add_value(int64_t millionths, struct buffer *out)
{
	int64_t fraction = millionths % 1000000;
	int digits = 6;

	buffer_printf(out, "\"%" PRId64, millionths / 1000000);
	for (; digits && fraction % 10 == 0; digits--)
		fraction /= 10;
	if (digits)
		buffer_printf(out, ".%0*" PRId64, digits, fraction);
	buffer_add_char(out, '"');
}

static void add_labels(const struct demo_meter *meter, const struct demo_promql *query, struct buffer *out)
{
	const char *separator = "";

	buffer_add_text(out, "{\"metric\":{");
	if (query->function == DEMO_PLAIN) {
		buffer_printf(out, "\"__name__\":\"%s\"", demo_promql_metric(query->metric));
		separator = ",";
	}
	for (size_t i = 0; i < DEMO_LABELS; i++) {
		const char *value = demo_promql_label(meter, i);

		buffer_printf(out, "%s\"%s\":", separator, demo_promql_labels[i]);
		quote_json(out, value, strlen(value));
		separator = ",";
	}
	buffer_add_char(out, '}');
}

/* --- answers --- */

/* A query at one moment is a range of one, told in another shape. */
struct range {
	bool is_instant;
	int64_t start, end, step;
};

static void add_points(struct demo_world *world, struct demo_meter *meter, const struct demo_promql *query,
	const struct range *range, struct buffer *out)
{
	buffer_add_text(out, range->is_instant ? ",\"value\":" : ",\"values\":[");
	for (int64_t at = range->start; at <= range->end; at += range->step) {
		buffer_printf(out, "%s[%" PRId64 ",", at > range->start ? "," : "", at);
		add_value(value_at(world, meter, query, at), out);
		buffer_add_char(out, ']');
	}
	buffer_add_text(out, range->is_instant ? "}" : "]}");
}

static void answer(
	struct demo_world *world, struct request *request, const struct demo_promql *query, const struct range *range)
{
	AUTO_BUFFER out = { 0 };
	const char *separator = "";

	buffer_printf(&out, "{\"status\":\"success\",\"data\":{\"resultType\":\"%s\",\"result\":[",
		range->is_instant ? "vector" : "matrix");
	for (size_t i = 0; query->metric != DEMO_NO_METRIC && i < world->power->count; i++) {
		struct demo_meter *meter = &world->power->meters[i];

		if (!demo_promql_matches(query, meter))
			continue;
		buffer_add_text(&out, separator);
		add_labels(meter, query, &out);
		add_points(world, meter, query, range, &out);
		separator = ",";
	}
	buffer_add_text(&out, "]}}");
	demo_answer_whole(request, 200, out.bytes, out.length);
}

static void refuse(struct request *request, const char *message)
{
	AUTO_BUFFER out = { 0 };

	buffer_add_text(&out, "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":");
	quote_json(&out, message, strlen(message));
	buffer_add_char(&out, '}');
	demo_answer_fail(request, 400, out.bytes, out.length);
}

/* Seconds with or without a fraction, which is dropped, or RFC 3339. */
static bool parse_moment(const char *text, int64_t *ret_moment)
{
	uint64_t seconds;
	int32_t nanoseconds;
	char whole[32];
	size_t length = strcspn(text, ".");
	struct error ignored;

	if (length < sizeof(whole) && !(text[length] && text[length + 1 + strspn(text + length + 1, "0123456789")])) {
		memcpy(whole, text, length);
		whole[length] = '\0';
		if (text_to_uint(whole, UINT32_MAX, &seconds)) {
			*ret_moment = (int64_t)seconds;
			return true;
		}
	}
	return timestamp_parse(text, ret_moment, &nanoseconds, &ignored) == 0 && *ret_moment >= 0 &&
		*ret_moment <= UINT32_MAX;
}

static void serve_instant(struct demo_world *world, struct request *request, const struct demo_promql *query)
{
	const char *time = demo_parameter(request, "time");
	int64_t moment = world->now;

	if (*time && !parse_moment(time, &moment))
		refuse(request, "invalid parameter \"time\": cannot parse it to a valid timestamp");
	else
		answer(world, request, query, &(struct range){ true, moment, moment, 1 });
}

static void serve_range(struct demo_world *world, struct request *request, const struct demo_promql *query)
{
	const char *step = demo_parameter(request, "step");
	struct range range = { .is_instant = false };

	if (!parse_moment(demo_parameter(request, "start"), &range.start))
		refuse(request, "invalid parameter \"start\": cannot parse it to a valid timestamp");
	else if (!parse_moment(demo_parameter(request, "end"), &range.end))
		refuse(request, "invalid parameter \"end\": cannot parse it to a valid timestamp");
	else if (range.end < range.start)
		refuse(request, "invalid parameter \"end\": end timestamp must not be before start time");
	else if (!parse_moment(step, &range.step) && !demo_promql_duration(step, strlen(step), &range.step))
		refuse(request, "invalid parameter \"step\": cannot parse it to a valid duration");
	else if (range.step <= 0)
		refuse(request,
			"invalid parameter \"step\": zero or negative query resolution step widths are not accepted. Try a "
			"positive integer");
	else if ((range.end - range.start) / range.step > MAX_POINTS)
		refuse(request,
			"exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution "
			"(?step=XX)");
	else
		answer(world, request, query, &range);
}

/* --- the proxy --- */

static bool is_prometheus(const char *service, size_t length)
{
	static const char *const names[] = { "http:prometheus-server:80", "prometheus-server:80", "prometheus-server",
		"http:prometheus-server:", "http:prometheus:9090", "prometheus:9090", "prometheus:http", "prometheus",
		"http:prometheus:http", "http:prometheus:" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == length && memcmp(names[i], service, length) == 0)
			return true;
	return false;
}

static void serve_path(struct demo_world *world, struct request *request, const char *path)
{
	static const char missing[] = "404 page not found\n";
	bool is_range = text_equal(path, "/api/v1/query_range");
	struct demo_promql query;
	struct error err;

	if (!is_range && !text_equal(path, "/api/v1/query")) {
		demo_answer_fail(request, 404, missing, strlen(missing));
		return;
	}
	if (!text_equal(request->verb, "GET")) {
		demo_refuse_method(request);
		return;
	}
	if (demo_promql_parse(demo_parameter(request, "query"), &query, &err) < 0) {
		refuse(request, err.message);
		return;
	}
	demo_world_begin(world);
	if (is_range)
		serve_range(world, request, &query);
	else
		serve_instant(world, request, &query);
}

bool demo_prometheus_serve(struct demo_world *world, struct request *request)
{
	static const char proxy[] = "/proxy";
	const char *service, *end;
	size_t length;

	if (!text_starts_with(request->path, services))
		return false;
	service = request->path + strlen(services);
	length = strcspn(service, "/");
	end = service + length;
	if (!text_starts_with(end, proxy))
		return false;
	if (is_prometheus(service, length))
		serve_path(world, request, end + strlen(proxy));
	else
		demo_refuse(request, &(struct demo_refusal){ .code = 404, .reason = "NotFound" },
			"services \"%.*s\" not found", (int)(length < 200 ? length : 200), service);
	return true;
}
