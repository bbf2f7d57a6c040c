#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "answer.h"
#include "clusterutils/util/clock.h"
#include "clusterutils/util/text.h"
#include "http_private.h"
#include "impersonate.h"
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

	curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(exchange->easy, CURLINFO_CONTENT_TYPE, &type);
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

static void add_header(struct exchange *exchange, const char *name, const char *value)
{
	AUTO_BUFFER line = { 0 };
	struct curl_slist *longer;

	buffer_printf(&line, "%s: %s", name, value);
	longer = curl_slist_append(exchange->headers, buffer_text(&line));
	if (longer)
		exchange->headers = longer;
}

static void set_headers(struct exchange *exchange, const struct presented *presented)
{
	const struct connection *connection = exchange->transport->options.connection;
	const struct request *request = exchange->request;
	AUTO_BUFFER impersonation = { 0 };
	char *line;

	add_header(exchange, "Accept", request->accept ? request->accept : "application/json");
	if (request->content_type)
		add_header(exchange, "Content-Type", request->content_type);
	add_header(exchange, "Expect", "");
	if (presented->authorization)
		add_header(exchange, "Authorization", presented->authorization);
	impersonate_headers(&connection->impersonation, &impersonation);
	line = impersonation.bytes;
	for (char *end = line + impersonation.length; line < end; line += strlen(line) + 1) {
		struct curl_slist *longer = curl_slist_append(exchange->headers, line);

		if (longer)
			exchange->headers = longer;
	}
	curl_easy_setopt(exchange->easy, CURLOPT_HTTPHEADER, exchange->headers);
}

static void set_method(CURL *easy, const struct request *request)
{
	if (strcmp(request->verb, "GET") != 0)
		curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->verb);
	if (!request->body)
		return;
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
}

static void set_blob(CURL *easy, CURLoption option, const struct blob *blob)
{
	struct curl_blob copied = {
		.data = (void *)(uintptr_t)blob->bytes, .len = blob->length, .flags = CURL_BLOB_COPY
	};

	if (blob->bytes)
		curl_easy_setopt(easy, option, &copied);
}

static void set_tls(struct exchange *exchange, const struct presented *presented)
{
	struct http_transport *transport = exchange->transport;
	const struct connection *connection = transport->options.connection;
	CURL *easy = exchange->easy;

	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (presented->ca.bytes) { /* that authority alone, none of the system's */
		set_blob(easy, CURLOPT_CAINFO_BLOB, &presented->ca);
		curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	} else {
		if (getenv("SSL_CERT_FILE"))
			curl_easy_setopt(easy, CURLOPT_CAINFO, getenv("SSL_CERT_FILE"));
		if (getenv("SSL_CERT_DIR"))
			curl_easy_setopt(easy, CURLOPT_CAPATH, getenv("SSL_CERT_DIR"));
	}
	set_blob(easy, CURLOPT_SSLCERT_BLOB, &presented->certificate);
	set_blob(easy, CURLOPT_SSLKEY_BLOB, &presented->key);
	curl_easy_setopt(easy, CURLOPT_KEYPASSWD, ""); /* OpenSSL would ask on the terminal */
	if (connection->insecure) {
		curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
	} else {
		http_certificate_check(transport, easy);
	}
}

/* curl has no option for the name in SNI: the URL gets the name, CONNECT_TO the address, Host the address again. */
static void set_server_name(struct exchange *exchange)
{
	const struct connection *connection = exchange->transport->options.connection;
	const char *url = buffer_text(&exchange->url), *host = strstr(url, "://");
	size_t host_length, name_length;
	AUTO_BUFFER renamed = { 0 };
	AUTO_BUFFER route = { 0 };
	AUTO_BUFFER authority = { 0 };
	struct curl_slist *hosts;

	if (!connection->tls_server_name || !host || strncasecmp(url, "https", 5) != 0)
		return;
	host += 3;
	host_length = strcspn(host, "/?");
	name_length = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/?");
	buffer_add(&authority, host, host_length);
	add_header(exchange, "Host", buffer_text(&authority));
	curl_easy_setopt(exchange->easy, CURLOPT_HTTPHEADER, exchange->headers);
	buffer_printf(&renamed, "https://%s%s", connection->tls_server_name, host + name_length);
	curl_easy_setopt(exchange->easy, CURLOPT_URL, buffer_text(&renamed));
	buffer_printf(&route, "::%.*s:", (int)name_length, host);
	if (host_length > name_length)
		buffer_add(&route, host + name_length + 1, host_length - name_length - 1);
	hosts = curl_slist_append(exchange->routes, buffer_text(&route));
	if (hosts)
		exchange->routes = hosts;
	curl_easy_setopt(exchange->easy, CURLOPT_CONNECT_TO, exchange->routes);
}

static void set_limits(struct exchange *exchange)
{
	const struct http_options *options = &exchange->transport->options;
	int64_t silence = exchange->request->is_watch ? options->watch_silence_ms : options->silence_ms;
	CURL *easy = exchange->easy;

	if (!silence)
		silence = exchange->request->is_watch ? HTTP_WATCH_SILENCE_MS : HTTP_SILENCE_MS;
	curl_easy_setopt(
		easy, CURLOPT_CONNECTTIMEOUT_MS, (long)(options->connect_ms ? options->connect_ms : HTTP_CONNECT_MS));
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)((silence + 999) / 1000));
	if (exchange->deadline) {
		int64_t left = exchange->deadline - clock_monotonic_ms();

		curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)(left > 0 ? left : 1));
	}
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPIDLE, 30L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPINTVL, 30L);
}

int http_handle_prepare(struct exchange *exchange, struct error *err)
{
	struct http_transport *transport = exchange->transport;
	const struct http_options *options = &transport->options;
	struct presented presented;
	CURL *easy;

	if (credentials_present(transport->credentials, &presented, err) < 0)
		return -1;
	exchange->serial = presented.serial;
	easy = exchange->easy = curl_easy_init();
	if (!easy)
		return error_set(err, ERROR_FAILED, "out of memory");
	curl_easy_setopt(easy, CURLOPT_PRIVATE, (char *)(void *)exchange);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	exchange->words[0] = '\0';
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange->words);
	curl_easy_setopt(easy, CURLOPT_URL, buffer_text(&exchange->url));
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
		(long)(getenv("DISABLE_HTTP2") ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS));
	curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
	curl_easy_setopt(easy, CURLOPT_PROXY, transport->proxy ? transport->proxy : "");
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
	curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, options->user_agent);
	/* Between two processes of one machine compressing costs more than it saves. */
	if (!options->connection->disable_compression && !transport->is_local)
		curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
	curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 256L << 10);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
	set_method(easy, exchange->request);
	set_headers(exchange, &presented);
	set_tls(exchange, &presented);
	set_server_name(exchange);
	set_limits(exchange);
	return 0;
}
