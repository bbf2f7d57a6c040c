#include "clusterutils/kube/prometheus.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clusterutils/kube/collect.h"
#include "clusterutils/kube/json.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

enum { MAX_DIGITS = 18, MAX_EXPONENT = 400, MILLI_DIGITS = 3 };

void series_list_release(struct series_list *list)
{
	arena_release(&list->arena);
	*list = (struct series_list){ 0 };
}

const char *series_label(const struct series *series, const char *name)
{
	for (size_t i = 0; i < series->label_count; i++)
		if (strcmp(series->labels[i].name, name) == 0)
			return series->labels[i].value;
	return NULL;
}

/* --- numbers --- */

/* Digits as a whole number of 10^-scale; those that do not fit are dropped, and counted in the scale. */
struct decimal {
	uint64_t digits;
	int scale;
	int count; /* of digits that matter */
};

static const char *read_digits(const char *text, bool is_fraction, struct decimal *decimal)
{
	for (; isdigit((unsigned char)*text); text++) {
		if (decimal->count < MAX_DIGITS) {
			decimal->digits = decimal->digits * 10 + (uint64_t)(*text - '0');
			decimal->count += decimal->digits > 0;
			decimal->scale += is_fraction;
		} else {
			decimal->scale -= !is_fraction;
		}
		if (decimal->scale < -MAX_EXPONENT || decimal->scale > MAX_EXPONENT)
			return NULL;
	}
	return text;
}

/* "e-05". NULL where it is none. */
static const char *read_exponent(const char *text, int *ret_exponent)
{
	bool is_negative = text[1] == '-';
	int exponent = 0;

	text += text[1] == '-' || text[1] == '+' ? 2 : 1;
	if (!isdigit((unsigned char)*text))
		return NULL;
	for (; isdigit((unsigned char)*text); text++)
		if (exponent <= MAX_EXPONENT)
			exponent = exponent * 10 + (*text - '0');
	*ret_exponent = is_negative ? -exponent : exponent;
	return text;
}

/* 10^-scale of `digits` in thousandths. */
static int64_t to_milli(struct decimal decimal)
{
	for (; decimal.scale > MILLI_DIGITS + 1 && decimal.digits > 0; decimal.scale--)
		decimal.digits /= 10;
	if (decimal.digits == 0)
		return 0;
	if (decimal.scale == MILLI_DIGITS + 1)
		return (int64_t)((decimal.digits + 5) / 10);
	for (; decimal.scale < MILLI_DIGITS; decimal.scale++) {
		if (decimal.digits > INT64_MAX / 10)
			return SERIES_UNKNOWN;
		decimal.digits *= 10;
	}
	return (int64_t)decimal.digits;
}

int64_t prometheus_number(const char *text)
{
	bool is_negative = *text == '-';
	struct decimal decimal = { 0 };
	const char *start;
	int exponent = 0;
	int64_t milli;

	text += *text == '-' || *text == '+';
	start = text;
	text = read_digits(text, false, &decimal);
	if (text && *text == '.')
		text = read_digits(text + 1, true, &decimal);
	if (!text || !isdigit((unsigned char)*start))
		return SERIES_UNKNOWN;
	if (*text == 'e' || *text == 'E')
		text = read_exponent(text, &exponent);
	if (!text || *text)
		return SERIES_UNKNOWN;
	decimal.scale -= exponent;
	milli = to_milli(decimal);
	return milli == SERIES_UNKNOWN ? milli : is_negative ? -milli : milli;
}

/* --- what is asked --- */

static bool is_word(const char *text, size_t length, const char *also)
{
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)text[i]) && !strchr(also, text[i]))
			return false;
	return length > 0 && length <= 253 && text[0] != '.';
}

int prometheus_path(const char *service, char ret_path[PATH_SIZE], struct error *err)
{
	const char *name = strchr(service, '/'), *scheme = "http", *port, *prefix;
	size_t namespace_length = name ? (size_t)(name - service) : 0, name_length, port_length = 0;
	int written;

	if (name)
		name++;
	if (name && (text_starts_with(name, "https:") || text_starts_with(name, "http:"))) {
		scheme = name[4] == 's' ? "https" : "http";
		name += strlen(scheme) + 1;
	}
	name_length = name ? strcspn(name, ":/") : 0;
	port = name ? name + name_length : "";
	if (*port == ':')
		port_length = strcspn(++port, "/");
	prefix = port + port_length;
	if (!name || !is_word(service, namespace_length, "-") || !is_word(name, name_length, "-.") ||
		(port[-1] == ':' && !is_word(port, port_length, "-")) ||
		(*prefix && !is_word(prefix + 1, strlen(prefix + 1), "-._~/")) || strstr(prefix, ".."))
		return error_set(err, ERROR_USAGE,
			"invalid service of Prometheus \"%.80s\": must be NAMESPACE/SERVICE[:PORT]", service);
	written = snprintf(ret_path, PATH_SIZE, "/api/v1/namespaces/%.*s/services/%s:%.*s:%.*s/proxy%s",
		(int)namespace_length, service, scheme, (int)name_length, name, (int)port_length, port, prefix);
	while (written > 0 && ret_path[written - 1] == '/')
		ret_path[--written] = '\0';
	return 0;
}

/* The context is the query's: what is refused is noted there, too. */
static int take_bytes(void *context, const char *bytes, size_t length, struct error *err)
{
	struct prometheus_query *query = context;
	struct collector collector = { &query->answer, PROMETHEUS_ANSWER_MAX, "the answer of Prometheus" };

	return collect(&collector, bytes, length, err);
}

static const char *text_of(const cJSON *value)
{
	return cJSON_IsString(value) ? value->valuestring : NULL;
}

/* {"status":"error","errorType":"bad_data","error":"…"}. Whether it is one. */
static bool read_refusal(const cJSON *root, struct error *ret_error)
{
	static const struct {
		const char *type;
		enum error_code code;
	} types[] = {
		{ "bad_data", ERROR_INVALID },
		{ "timeout", ERROR_TIMEOUT },
		{ "canceled", ERROR_UNAVAILABLE },
		{ "unavailable", ERROR_UNAVAILABLE },
		{ "not_found", ERROR_NOT_FOUND },
	};
	const char *status = text_of(json_find(root, "status")), *type = text_of(json_find(root, "errorType"));
	const char *message = text_of(json_find(root, "error"));
	enum error_code code = ERROR_FAILED;

	if (!text_equal(status, "error"))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (text_equal(type, types[i].type))
			code = types[i].code;
	error_set(ret_error, code, "Prometheus refuses the query: %s%s%s", type ? type : "",
		type && message ? ": " : "", message ? message : "");
	return true;
}

static void note_refusal(void *context, const char *body, size_t length)
{
	struct prometheus_query *query = context;
	AUTO_ARENA scratch = { 0 };
	struct error ignored;

	read_refusal(json_parse(&scratch, body, length, &ignored), &query->refusal);
}

static void prepare(struct prometheus_query *query, const char *path, const char *question, const char *promql)
{
	buffer_clear(&query->answer);
	error_clear(&query->refusal);
	snprintf(query->path, sizeof(query->path), "%s/api/v1/%s", path, question);
	query->request = (struct request){
		.verb = "GET",
		.path = query->path,
		.parameters = { { "query", promql } },
		.parameter_count = 1,
		.timeout_ms = PROMETHEUS_TIMEOUT_MS,
		.is_sent_once = true,
		.on_bytes = take_bytes,
		.on_failure = note_refusal,
		.context = query,
	};
	query->is_open = true;
}

void prometheus_ask(struct prometheus_query *query, struct transport *transport, const char *path, const char *promql)
{
	prepare(query, path, "query", promql);
	transport_start(transport, &query->request);
}

void prometheus_ask_range(struct prometheus_query *query, struct transport *transport, const char *path,
	const char *promql, int64_t begin, int64_t end, int64_t step)
{
	struct request *request = &query->request;

	prepare(query, path, "query_range", promql);
	snprintf(query->start, sizeof(query->start), "%" PRId64, begin);
	snprintf(query->end, sizeof(query->end), "%" PRId64, end);
	snprintf(query->step, sizeof(query->step), "%" PRId64, step);
	request->parameters[request->parameter_count++] = (struct request_parameter){ "start", query->start };
	request->parameters[request->parameter_count++] = (struct request_parameter){ "end", query->end };
	request->parameters[request->parameter_count++] = (struct request_parameter){ "step", query->step };
	transport_start(transport, request);
}

/* --- what comes back --- */

static const char *clean_text(struct arena *arena, const char *text)
{
	size_t length = strnlen(text, PROMETHEUS_TEXT_MAX);
	char *clean = arena_alloc(arena, 3 * length + 1);

	clean[text_scrub(text, length, clean)] = '\0';
	return clean;
}

static size_t count_children(const cJSON *parent)
{
	size_t count = 0;

	for (const cJSON *child = parent ? parent->child : NULL; child; child = child->next)
		count++;
	return count;
}

static void read_labels(const cJSON *metric, struct arena *arena, struct series *series)
{
	struct series_label *labels = ARENA_ARRAY(arena, count_children(metric), struct series_label);

	series->labels = labels;
	if (!cJSON_IsObject(metric))
		return;
	for (const cJSON *label = metric->child; label; label = label->next)
		if (cJSON_IsString(label))
			labels[series->label_count++] = (struct series_label){ clean_text(arena, label->string),
				clean_text(arena, label->valuestring) };
}

/* [1772366400.123,"71.25"]. */
static bool read_point(const cJSON *pair, struct series_point *ret_point)
{
	const double last = 253402300799.0; /* of the year 9999 */
	const cJSON *time = cJSON_IsArray(pair) ? pair->child : NULL;
	const char *text = time ? text_of(time->next) : NULL;

	if (!time || !cJSON_IsNumber(time) || !(time->valuedouble >= 0 && time->valuedouble <= last))
		return false;
	ret_point->time = (int64_t)(time->valuedouble * 1000);
	ret_point->milli = text ? prometheus_number(text) : SERIES_UNKNOWN;
	return true;
}

static void read_points(const cJSON *item, struct arena *arena, struct series *series)
{
	const cJSON *values = json_find(item, "values"), *value = json_find(item, "value");
	struct series_point *points = ARENA_ARRAY(arena, count_children(values) + 1, struct series_point);

	series->points = points;
	if (value && read_point(value, &points[0]))
		series->point_count = 1;
	if (value || !cJSON_IsArray(values))
		return;
	for (const cJSON *pair = values->child; pair; pair = pair->next)
		series->point_count += read_point(pair, &points[series->point_count]);
}

static int read_result(const cJSON *data, struct series_list *list, struct error *err)
{
	const cJSON *result = json_find(data, "result");
	const char *type = text_of(json_find(data, "resultType"));

	if (text_equal(type, "scalar")) {
		struct series_point *point = ARENA_NEW(&list->arena, struct series_point);

		list->items = ARENA_NEW(&list->arena, struct series);
		list->items[0].points = point;
		list->items[0].point_count = read_point(result, point);
		list->count = 1;
		return 0;
	}
	if ((!text_equal(type, "vector") && !text_equal(type, "matrix")) || (result && !cJSON_IsArray(result)))
		return error_set(err, ERROR_INVALID, "Prometheus answers with %.40s, not with series",
			type ? type : "something without a type");
	list->items = ARENA_ARRAY(&list->arena, count_children(result), struct series);
	for (const cJSON *item = result ? result->child : NULL; item; item = item->next) {
		if (!cJSON_IsObject(item))
			continue;
		read_labels(json_find(item, "metric"), &list->arena, &list->items[list->count]);
		read_points(item, &list->arena, &list->items[list->count++]);
	}
	return 0;
}

int prometheus_finish(struct prometheus_query *query, struct series_list *ret_list, struct error *err)
{
	AUTO_ARENA scratch = { 0 };
	struct series_list list = { 0 };
	const cJSON *root;

	query->is_open = false;
	if (query->request.error.code) {
		*err = query->refusal.code ? query->refusal : query->request.error;
		err->http_status = query->request.error.http_status;
		return -1;
	}
	root = json_parse(&scratch, buffer_text(&query->answer), query->answer.length, err);
	if (!root)
		return error_set(err, ERROR_INVALID, "the answer is not that of a Prometheus: invalid JSON");
	if (read_refusal(root, err))
		return -1;
	if (!text_equal(text_of(json_find(root, "status")), "success"))
		return error_set(err, ERROR_INVALID, "the answer is not that of a Prometheus: it has no status");
	if (read_result(json_find(root, "data"), &list, err) < 0) {
		series_list_release(&list);
		return -1;
	}
	*ret_list = list;
	return 0;
}

void prometheus_release(struct prometheus_query *query, struct transport *transport)
{
	if (query->is_open && !query->request.done)
		transport_cancel(transport, &query->request);
	query->is_open = false;
	buffer_release(&query->answer);
}
