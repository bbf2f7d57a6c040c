/* One attempt of a request: what is sent, and what becomes of the bytes that come back. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "clusterutils/kube/answer.h"
#include "clusterutils/util/clock.h"
#include "clusterutils/util/text.h"
#include "http_private.h"
#include "warning.h"

/* --- what comes back --- */

/* The header's value where the line is that header; its length without the line's end. */
static const char *header_value(const char *line, size_t length, const char *name, size_t *ret_length)
{
	size_t used = strlen(name);

	if (length <= used || strncasecmp(line, name, used) != 0 || line[used] != ':')
		return NULL;
	for (used++; used < length && (line[used] == ' ' || line[used] == '\t'); used++)
		;
	while (length > used && isspace((unsigned char)line[length - 1]))
		length--;
	*ret_length = length - used;
	return line + used;
}

static bool was_told(const struct buffer *told, const char *text)
{
	for (const char *at = buffer_text(told), *end = at + told->length; at < end; at += strlen(at) + 1)
		if (strcmp(at, text) == 0)
			return true;
	return false;
}

static void tell_warnings(struct http_transport *transport, const char *value, size_t length)
{
	AUTO_BUFFER texts = { 0 };

	warning_parse(value, length, &texts);
	for (char *text = texts.bytes, *end = text + texts.length; text < end; text += strlen(text) + 1) {
		if (!*text || was_told(&transport->warnings, text))
			continue;
		buffer_add(&transport->warnings, text, strlen(text) + 1);
		text_scrub_in_place(text);
		if (transport->options.on_warning)
			transport->options.on_warning(transport->options.context, text);
	}
}

/* Whole seconds alone, as client-go reads it: a date is not followed. */
static int64_t parse_retry_after(const char *value, size_t length)
{
	int64_t seconds = 0;

	if (!length || length > 6)
		return -1;
	for (size_t i = 0; i < length; i++) {
		if (!isdigit((unsigned char)value[i]))
			return -1;
		seconds = seconds * 10 + (value[i] - '0');
	}
	return seconds;
}

static void note_answer(struct exchange *exchange)
{
	struct request *request = exchange->request;
	char *type = NULL;
	long status = 0;

	curl_easy_getinfo(exchange->handle.easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(exchange->handle.easy, CURLINFO_CONTENT_TYPE, &type);
	request->status = (int)status;
	snprintf(request->type, sizeof(request->type), "%s", type ? type : "");
	text_scrub_in_place(request->type);
}

static size_t on_header(char *line, size_t size, size_t count, void *context)
{
	struct exchange *exchange = context;
	size_t length = size * count, value_length;
	const char *value;

	if (text_starts_with(line, "HTTP/")) { /* an answer of its own: after "100 Continue", or a proxy's CONNECT */
		buffer_clear(&exchange->traced);
		exchange->retry_after_seconds = -1;
	} else if ((value = header_value(line, length, "Warning", &value_length))) {
		tell_warnings(exchange->transport, value, value_length);
	} else if ((value = header_value(line, length, "Retry-After", &value_length))) {
		exchange->retry_after_seconds = parse_retry_after(value, value_length);
	}
	if (length <= 2) /* the empty line: a watch may say nothing more for a minute */
		note_answer(exchange);
	if (exchange->transport->options.verbosity >= TRACE_BODIES && exchange->traced.length < ANSWER_BODY_MAX) {
		buffer_add(&exchange->traced, line, length);
		exchange->traced_headers = exchange->traced.length;
	}
	return length;
}

/* A page for people, from a proxy or a login server, must not be taken for an empty cluster. */
static int check_type(struct request *request)
{
	if (wire_of_content_type(request->type) >= 0 || (request->accept && strcmp(request->accept, "*/*") == 0))
		return 0;
	error_set(&request->error, ERROR_INVALID,
		"the server answers with %s, not with JSON or protobuf: is this the address of an API server?",
		*request->type ? request->type : "no content type");
	request->error.http_status = request->status;
	return -1;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
	struct exchange *exchange = context;
	struct request *request = exchange->request;
	size_t length = size * count, room = http_trace_room(exchange->transport->options.verbosity);

	exchange->received += length;
	if (exchange->traced.length < exchange->traced_headers + room)
		buffer_add(&exchange->traced, bytes, length < room ? length : room);
	if (request->status < 200 || request->status > 299) {
		if (exchange->failure.length < ANSWER_BODY_MAX)
			buffer_add(&exchange->failure, bytes, length);
		return length;
	}
	if (!exchange->has_answered && check_type(request) < 0)
		return 0;
	exchange->has_answered = true;
	if (request->on_bytes && request->on_bytes(request->context, bytes, length, &request->error) < 0)
		return 0;
	return length;
}

/* --- what goes out --- */

static void set_method(CURL *easy, const struct request *request)
{
	if (strcmp(request->verb, "GET") != 0)
		curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->verb);
	if (!request->body)
		return;
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
}

static void set_headers(struct http_handle *handle, const struct request *request)
{
	http_handle_add_header(handle, "Accept", request->accept ? request->accept : "application/json");
	if (request->content_type)
		http_handle_add_header(handle, "Content-Type", request->content_type);
	http_handle_add_header(handle, "Expect", "");
	curl_easy_setopt(handle->easy, CURLOPT_HTTPHEADER, handle->headers);
}

static void set_limits(struct exchange *exchange)
{
	const struct http_options *options = &exchange->transport->options;
	int64_t silence = exchange->request->is_watch ? options->watch_silence_ms : options->silence_ms;
	CURL *easy = exchange->handle.easy;

	if (!silence)
		silence = exchange->request->is_watch ? HTTP_WATCH_SILENCE_MS : HTTP_SILENCE_MS;
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)((silence + 999) / 1000));
	if (exchange->deadline) {
		int64_t left = exchange->deadline - clock_monotonic_ms();

		curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)(left > 0 ? left : 1));
	}
}

int http_exchange_prepare(struct exchange *exchange, struct error *err)
{
	struct http_transport *transport = exchange->transport;
	CURL *easy;

	if (http_handle_open(transport, &exchange->handle, buffer_text(&exchange->url), err) < 0)
		return -1;
	easy = exchange->handle.easy;
	curl_easy_setopt(easy, CURLOPT_PRIVATE, (char *)(void *)exchange);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
		(long)(getenv("DISABLE_HTTP2") ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS));
	curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
	/* Between two processes of one machine compressing costs more than it saves. */
	if (!transport->options.connection->disable_compression && !transport->is_local)
		curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
	curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 256L << 10);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
	set_method(easy, exchange->request);
	set_headers(&exchange->handle, exchange->request);
	set_limits(exchange);
	return 0;
}
