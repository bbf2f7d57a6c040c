#include "answer.h"

#include <stdio.h>
#include <string.h>

#include "clusterutils/kube/answer.h"
#include "clusterutils/util/quote.h"

const char *demo_parameter(const struct request *request, const char *name)
{
	for (size_t i = 0; i < request->parameter_count; i++)
		if (strcmp(request->parameters[i].name, name) == 0)
			return request->parameters[i].value ? request->parameters[i].value : "";
	return "";
}

void demo_answer_begin(struct request *request, int status)
{
	request->status = status;
	snprintf(request->type, sizeof(request->type), "application/json");
}

int demo_answer_send(struct request *request, const char *bytes, size_t length)
{
	if (request->done)
		return -1;
	if (!request->on_bytes || request->on_bytes(request->context, bytes, length, &request->error) == 0)
		return 0;
	request->done = true;
	return -1;
}

void demo_answer_end(struct request *request)
{
	request->done = true;
}

void demo_answer_whole(struct request *request, int status, const char *bytes, size_t length)
{
	demo_answer_begin(request, status);
	demo_answer_send(request, bytes, length);
	demo_answer_end(request);
}

void demo_answer_fail(struct request *request, int status, const char *body, size_t length)
{
	demo_answer_begin(request, status);
	if (length && *body != '{')
		snprintf(request->type, sizeof(request->type), "text/plain");
	answer_explain(request, body, length);
	if (request->on_failure)
		request->on_failure(request->context, body, length);
	request->done = true;
}

static void add_text(struct buffer *out, const char *before, const char *text)
{
	buffer_add_text(out, before);
	quote_json(out, text, strlen(text));
}

static void add_details(struct buffer *out, const struct demo_refusal *refusal)
{
	const char *separator = "";

	buffer_add_text(out, ",\"details\":{");
	if (refusal->name && *refusal->name) {
		add_text(out, "\"name\":", refusal->name);
		separator = ",";
	}
	if (refusal->kind) {
		if (*refusal->kind->group)
			buffer_printf(out, "%s\"group\":\"%s\"", separator, refusal->kind->group);
		buffer_printf(
			out, "%s\"kind\":\"%s\"", *refusal->kind->group ? "," : separator, refusal->kind->resource);
		separator = ",";
	}
	if (refusal->cause) {
		buffer_printf(out, "%s\"causes\":[{\"reason\":\"%s\"", separator, refusal->cause);
		add_text(out, ",\"message\":", refusal->cause_message ? refusal->cause_message : "");
		buffer_add_text(out, "}]");
		separator = ",";
	}
	if (refusal->retry_after_seconds)
		buffer_printf(out, "%s\"retryAfterSeconds\":%d", separator, refusal->retry_after_seconds);
	buffer_add_char(out, '}');
}

void demo_status_add(struct buffer *out, const struct demo_refusal *refusal, const char *message)
{
	buffer_add_text(out, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\"");
	add_text(out, ",\"message\":", message);
	buffer_printf(out, ",\"reason\":\"%s\"", refusal->reason);
	add_details(out, refusal);
	buffer_printf(out, ",\"code\":%d}", refusal->code);
}

void demo_refuse(struct request *request, const struct demo_refusal *refusal, const char *format, ...)
{
	AUTO_BUFFER message = { 0 };
	AUTO_BUFFER body = { 0 };
	va_list args;

	va_start(args, format);
	buffer_vprintf(&message, format, args);
	va_end(args);
	demo_status_add(&body, refusal, buffer_text(&message));
	demo_answer_fail(request, refusal->code, body.bytes, body.length);
}

const char *demo_kind_text(enum kind kind, char text[128])
{
	const struct kind_info *info = kind_info(kind);

	snprintf(text, 128, "%.60s%s%.60s", info->resource, *info->group ? "." : "", info->group);
	return text;
}

void demo_refuse_not_found(struct request *request, enum kind kind, const char *name)
{
	struct demo_refusal refusal = { .code = 404, .reason = "NotFound", .kind = kind_info(kind), .name = name };
	char resource[128];

	demo_refuse(request, &refusal, "%s \"%s\" not found", demo_kind_text(kind, resource), name);
}

void demo_refuse_path(struct request *request)
{
	demo_refuse(request, &(struct demo_refusal){ .code = 404, .reason = "NotFound" },
		"the server could not find the requested resource");
}

void demo_refuse_method(struct request *request)
{
	demo_refuse(request, &(struct demo_refusal){ .code = 405, .reason = "MethodNotAllowed" },
		"the server does not allow this method on the requested resource");
}
