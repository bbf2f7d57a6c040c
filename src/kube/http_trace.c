/* What kubectl tells with -v, in its form (k8s.io/client-go/transport/round_trippers.go, v0.34): one klog line for each
 * answer from 6 on, headers of the request from 7, headers and 1,024 bytes of the body from 8, the curl command and
 * 10,240 bytes from 9. Credentials are masked. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "clusterutils/util/clock.h"
#include "clusterutils/util/quote.h"
#include "clusterutils/util/text.h"
#include "http_private.h"

size_t http_trace_room(unsigned verbosity)
{
	return verbosity < TRACE_BODIES     ? 0
		: verbosity == TRACE_BODIES ? 1024
		: verbosity == TRACE_LONG   ? 10240
					    : 1 << 20;
}

/* "I1121 20:16:21.523948   12345 http] " */
static void add_head(struct buffer *out)
{
	struct timeval now;
	struct tm parts;

	gettimeofday(&now, NULL);
	if (!localtime_r(&now.tv_sec, &parts))
		return;
	buffer_printf(out, "I%02d%02d %02d:%02d:%02d.%06ld %7ld http] ", parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
		parts.tm_min, parts.tm_sec, (long)now.tv_usec, (long)getpid());
}

/* "Authorization: Bearer abc" -> "Authorization: Bearer <masked>". */
static void add_masked(struct buffer *out, const char *header)
{
	static const char name[] = "Authorization: ";
	size_t scheme;

	if (strncasecmp(header, name, strlen(name)) != 0) {
		buffer_add_text(out, header);
		return;
	}
	scheme = strcspn(header + strlen(name), " ");
	buffer_printf(out, "%.*s <masked>", (int)(strlen(name) + scheme), header);
}

static void add_request_headers(struct buffer *out, const struct exchange *exchange)
{
	for (const struct curl_slist *header = exchange->handle.headers; header; header = header->next) {
		if (text_starts_with(header->data, "Expect:"))
			continue;
		buffer_add_text(out, "\t");
		add_masked(out, header->data);
		buffer_add_char(out, '\n');
	}
	buffer_printf(out, "\tUser-Agent: %s\n", exchange->transport->options.user_agent);
}

static void add_curl_command(struct buffer *out, const struct exchange *exchange)
{
	buffer_printf(out, "\"Request\" curlCommand=<\n\tcurl -v -X%s ", exchange->request->verb);
	for (const struct curl_slist *header = exchange->handle.headers; header; header = header->next) {
		if (text_starts_with(header->data, "Expect:"))
			continue;
		buffer_add_text(out, " -H \"");
		add_masked(out, header->data);
		buffer_add_text(out, "\"");
	}
	buffer_printf(out, " -H \"User-Agent: %s\" '%s'\n >\n", exchange->transport->options.user_agent,
		buffer_text(&exchange->url));
}

void http_trace_request(const struct exchange *exchange)
{
	unsigned verbosity = exchange->transport->options.verbosity;
	AUTO_BUFFER out = { 0 };

	if (verbosity < TRACE_HEADERS)
		return;
	add_head(&out);
	if (verbosity >= TRACE_LONG) {
		add_curl_command(&out, exchange);
	} else {
		buffer_printf(&out, "\"Request\" verb=\"%s\" url=\"%s\" headers=<\n", exchange->request->verb,
			buffer_text(&exchange->url));
		add_request_headers(&out, exchange);
		buffer_add_text(&out, " >\n");
	}
	if (exchange->request->body && verbosity >= TRACE_BODIES) {
		size_t room = http_trace_room(verbosity), length = exchange->request->body_length;

		add_head(&out);
		buffer_add_text(&out, "\"Request Body\" body=");
		quote_text(&out, exchange->request->body, length < room ? length : room);
		buffer_add_char(&out, '\n');
	}
	fputs(buffer_text(&out), stderr);
}

/* The lines after the first, which is the status. */
static void add_answer_headers(struct buffer *out, const struct exchange *exchange)
{
	const char *at = buffer_text(&exchange->traced), *end = at + exchange->traced_headers;

	buffer_add_text(out, " headers=<\n");
	while (at < end) {
		const char *line_end = memchr(at, '\n', (size_t)(end - at));
		size_t length = (size_t)((line_end ? line_end : end) - at);

		while (length && isspace((unsigned char)at[length - 1]))
			length--;
		if (length && !text_starts_with(at, "HTTP/")) {
			size_t start = out->length;

			buffer_add_text(out, "\t");
			buffer_add(out, at, length);
			text_scrub_in_place(out->bytes + start + 1);
			out->length = start + 1 + strlen(out->bytes + start + 1);
			buffer_add_char(out, '\n');
		}
		at = line_end ? line_end + 1 : end;
	}
	buffer_add_text(out, " >");
}

static void add_body(struct buffer *out, const struct exchange *exchange)
{
	const char *body = buffer_text(&exchange->traced) + exchange->traced_headers;
	size_t length = exchange->traced.length - exchange->traced_headers;
	size_t room = http_trace_room(exchange->transport->options.verbosity);

	if (length > room)
		length = room;
	add_head(out);
	buffer_add_text(out, "\"Response Body\" body=");
	quote_text(out, body, length);
	if (exchange->received > length)
		buffer_printf(out, " [truncated %llu bytes]", (unsigned long long)(exchange->received - length));
	buffer_add_char(out, '\n');
}

/* HTTP/2 has no words for a status; Go writes its own, as these. */
static const char *status_words(int status)
{
	static const struct {
		int status;
		const char *words;
	} table[] = {
		{ 200, "OK" },
		{ 201, "Created" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 409, "Conflict" },
		{ 410, "Gone" },
		{ 422, "Unprocessable Entity" },
		{ 429, "Too Many Requests" },
		{ 500, "Internal Server Error" },
		{ 503, "Service Unavailable" },
		{ 504, "Gateway Timeout" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].status == status)
			return table[i].words;
	return "";
}

void http_trace_answer(const struct exchange *exchange)
{
	unsigned verbosity = exchange->transport->options.verbosity;
	const struct request *request = exchange->request;
	AUTO_BUFFER out = { 0 };

	if (verbosity < TRACE_REQUESTS)
		return;
	add_head(&out);
	buffer_printf(
		&out, "\"Response\" verb=\"%s\" url=\"%s\" status=\"", request->verb, buffer_text(&exchange->url));
	if (request->status)
		buffer_printf(&out, "%d %s", request->status, status_words(request->status));
	buffer_add_char(&out, '"');
	if (verbosity >= TRACE_BODIES)
		add_answer_headers(&out, exchange);
	buffer_printf(&out, " milliseconds=%lld", (long long)(clock_monotonic_ms() - exchange->sent_at));
	if (verbosity >= TRACE_LONG) {
		curl_off_t lookup = 0, connect = 0, tls = 0;

		curl_easy_getinfo(exchange->handle.easy, CURLINFO_NAMELOOKUP_TIME_T, &lookup);
		curl_easy_getinfo(exchange->handle.easy, CURLINFO_CONNECT_TIME_T, &connect);
		curl_easy_getinfo(exchange->handle.easy, CURLINFO_APPCONNECT_TIME_T, &tls);
		buffer_printf(&out, " dnsLookupMilliseconds=%lld dialMilliseconds=%lld tlsHandshakeMilliseconds=%lld",
			(long long)(lookup / 1000), (long long)((connect - lookup) / 1000),
			(long long)(tls > connect ? (tls - connect) / 1000 : 0));
	}
	buffer_add_char(&out, '\n');
	if (verbosity >= TRACE_BODIES && exchange->received)
		add_body(&out, exchange);
	fputs(buffer_text(&out), stderr);
}
