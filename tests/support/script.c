#include "script.h"

#include <stdio.h>
#include <string.h>

static struct script *of(struct transport *transport)
{
	return (struct script *)(void *)transport;
}

static void start(struct transport *transport, struct request *request)
{
	struct script *script = of(transport);
	size_t line = script->asked.length;

	buffer_printf(&script->asked, "%s %s", request->verb, request->path);
	for (size_t i = 0; i < request->parameter_count; i++)
		buffer_printf(&script->asked, "%c%s=%s", i ? '&' : '?', request->parameters[i].name,
			request->parameters[i].value);
	if (request->body)
		buffer_printf(&script->asked, " %s", request->body);
	buffer_add_char(&script->asked, '\n');
	request->done = false;
	request->status = 0;
	error_clear(&request->error);
	for (size_t i = 0; i < script->count; i++) {
		if (script->given[i] || !strstr(buffer_text(&script->asked) + line, script->answers[i].asks))
			continue;
		script->given[i] = true;
		script->open[script->open_count].request = request;
		script->open[script->open_count].sent = 0;
		script->open[script->open_count++].answer = &script->answers[i];
		return;
	}
	buffer_add_text(&script->asked, "(the last one was not expected)\n");
	error_set(&request->error, ERROR_FAILED, "not expected");
	request->done = true;
}

static void cancel(struct transport *transport, struct request *request)
{
	struct script *script = of(transport);

	for (size_t i = 0; i < script->open_count; i++)
		if (script->open[i].request == request)
			script->open[i] = script->open[--script->open_count];
}

static void fail(struct request *request, const struct script_answer *answer)
{
	if (!api_status_read(WIRE_JSON, answer->body, strlen(answer->body), &request->api_status))
		snprintf(request->api_status.message, sizeof(request->api_status.message), "%s", answer->body);
	error_set(&request->error,
		answer->status == 410           ? ERROR_EXPIRED
			: answer->status == 403 ? ERROR_FORBIDDEN
			: answer->status == 404 ? ERROR_NOT_FOUND
			: answer->status >= 429 ? ERROR_UNAVAILABLE
						: ERROR_FAILED,
		"%s", request->api_status.message);
	request->error.http_status = answer->status;
}

/* True when it is done. */
static bool move_on(struct script *script, size_t i)
{
	struct request *request = script->open[i].request;
	const struct script_answer *answer = script->open[i].answer;
	size_t left = strlen(answer->body) - script->open[i].sent;
	size_t piece = script->piece && script->piece < left ? script->piece : left;

	request->status = answer->status;
	snprintf(request->type, sizeof(request->type), "%s", answer->type ? answer->type : "application/json");
	if (answer->status < 200 || answer->status > 299) {
		if (answer->status && request->on_failure)
			request->on_failure(request->context, answer->body, strlen(answer->body));
		if (answer->status)
			fail(request, answer);
		else
			request->error = answer->lost;
		return true;
	}
	if (piece) {
		const char *at = answer->body + script->open[i].sent;

		script->open[i].sent += piece;
		if (request->on_bytes(request->context, at, piece, &request->error) < 0)
			return true;
		return false;
	}
	if (answer->stays_open)
		return false;
	request->error = answer->lost;
	return true;
}

static void step(struct transport *transport, int timeout_ms)
{
	struct script *script = of(transport);

	(void)timeout_ms;
	for (size_t i = 0; i < script->open_count;) {
		struct request *request = script->open[i].request;

		if (!move_on(script, i)) {
			i++;
			continue;
		}
		script->open[i] = script->open[--script->open_count];
		request->done = true;
	}
}

void script_init(struct script *script, const struct script_answer *answers, size_t count)
{
	static const struct transport_class class = { .start = start, .cancel = cancel, .step = step };

	*script =
		(struct script){ .transport = { .class = &class, .wake_fd = -1 }, .answers = answers, .count = count };
}

void script_release(struct script *script)
{
	buffer_release(&script->asked);
}

bool script_is_over(const struct script *script)
{
	for (size_t i = 0; i < script->count; i++)
		if (!script->given[i])
			return false;
	return true;
}

size_t script_requests(const struct script *script)
{
	size_t lines = 0;

	for (const char *c = buffer_text(&script->asked); *c; c++)
		lines += *c == '\n';
	return lines;
}
