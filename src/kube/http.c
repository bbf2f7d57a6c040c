#include "clusterutils/kube/http.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "clusterutils/kube/answer.h"
#include "clusterutils/kube/proxy.h"
#include "clusterutils/util/clock.h"
#include "clusterutils/util/die.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "http_private.h"
#include "url.h"

enum { PAUSE_MS = 150, PAUSE_MAX_MS = 3000, MAX_REDIRECTS = 10 };

/* --- one exchange --- */

static void end_transfer(struct exchange *exchange)
{
	if (!exchange->handle.easy)
		return;
	curl_multi_remove_handle(exchange->transport->multi, exchange->handle.easy);
	http_handle_close(&exchange->handle);
	if (!exchange->request->is_watch)
		exchange->transport->in_flight--;
}

static void free_exchange(struct exchange *exchange)
{
	end_transfer(exchange);
	buffer_release(&exchange->url);
	buffer_release(&exchange->failure);
	buffer_release(&exchange->traced);
	free(exchange);
}

static void unlink_exchange(struct http_transport *transport, struct exchange *exchange)
{
	struct exchange **link = &transport->first;

	while (*link != exchange)
		link = &(*link)->next;
	*link = exchange->next;
	if (transport->last == &exchange->next)
		transport->last = link;
}

static void complete(struct exchange *exchange)
{
	struct request *request = exchange->request;

	unlink_exchange(exchange->transport, exchange);
	free_exchange(exchange);
	request->state = NULL;
	request->done = true;
}

static void send_now(struct exchange *exchange)
{
	struct http_transport *transport = exchange->transport;
	struct request *request = exchange->request;

	buffer_clear(&exchange->failure);
	buffer_clear(&exchange->traced);
	exchange->traced_headers = 0;
	exchange->received = 0;
	exchange->retry_after_seconds = -1;
	error_clear(&request->error);
	request->status = 0;
	request->type[0] = '\0';
	if (http_exchange_prepare(exchange, &request->error) < 0) {
		complete(exchange);
		return;
	}
	exchange->attempts++;
	exchange->sent_at = clock_monotonic_ms();
	transport->sent++;
	if (!request->is_watch)
		transport->in_flight++;
	http_trace_request(exchange);
	curl_multi_add_handle(transport->multi, exchange->handle.easy);
}

/* --- again, or over --- */

/* 0 to bound - 1; a jitter needs no better one. */
static int64_t jitter(struct http_transport *transport, int64_t bound)
{
	transport->random ^= transport->random << 13;
	transport->random ^= transport->random >> 7;
	transport->random ^= transport->random << 17;
	return (int64_t)(transport->random % (uint64_t)bound);
}

/* Puts it back into the queue; false where it has had its attempts or its time. */
static bool send_again(struct exchange *exchange, int64_t pause_ms)
{
	int64_t due = clock_monotonic_ms() + pause_ms;

	if (exchange->attempts > HTTP_ATTEMPTS || (exchange->deadline && due >= exchange->deadline))
		return false;
	end_transfer(exchange);
	exchange->due = due;
	return true;
}

static bool is_busy(int status)
{
	return status == 429 || (status >= 500 && status <= 599);
}

static bool follows_redirect(struct exchange *exchange)
{
	struct request *request = exchange->request;
	const char *base = exchange->transport->options.connection->base_url;
	char *target = NULL;
	size_t origin = strcspn(base + strcspn(base, ":") + 3, "/") + strcspn(base, ":") + 3;

	curl_easy_getinfo(exchange->handle.easy, CURLINFO_REDIRECT_URL, &target);
	if (!target || strcmp(request->verb, "GET") != 0)
		return false;
	if (strncasecmp(target, base, origin) != 0 || (target[origin] && !strchr("/?#", target[origin]))) {
		error_set(&request->error, ERROR_FAILED,
			"the server answers with a redirect to %s: it is another host, to which no credentials are sent",
			target);
		request->error.http_status = request->status;
		return false;
	}
	if (++exchange->redirects > MAX_REDIRECTS) {
		error_set(&request->error, ERROR_FAILED, "stopped after %d redirects", MAX_REDIRECTS);
		return false;
	}
	buffer_clear(&exchange->url);
	buffer_add_text(&exchange->url, target);
	return send_again(exchange, 0);
}

static void finish_answer(struct exchange *exchange)
{
	struct request *request = exchange->request;
	struct buffer *body = &exchange->failure;

	if (request->status >= 200 && request->status < 300) {
		complete(exchange);
		return;
	}
	if (request->status >= 300 && request->status < 400 && follows_redirect(exchange))
		return;
	if (is_busy(request->status) && !request->is_sent_once && exchange->retry_after_seconds >= 0 &&
		send_again(exchange, exchange->retry_after_seconds * 1000 + jitter(exchange->transport, 100)))
		return;
	if (request->status == 401 && !exchange->was_rejected &&
		credentials_reject(exchange->transport->credentials, exchange->handle.serial) &&
		send_again(exchange, 0)) {
		exchange->was_rejected = true;
		return;
	}
	if (request->on_failure)
		request->on_failure(request->context, buffer_text(body), body->length);
	if (!request->error.code)
		answer_explain(request, buffer_text(body), body->length);
	complete(exchange);
}

/* The connection went away before anything came back: client-go tries such a GET again. */
static bool is_lost(const struct exchange *exchange, CURLcode code)
{
	switch (code) {
	case CURLE_GOT_NOTHING:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
	case CURLE_PARTIAL_FILE:
		return !exchange->has_answered && !*exchange->transport->tls_failure &&
			strcmp(exchange->request->verb, "GET") == 0;
	default:
		return false;
	}
}

static int64_t pause_before(const struct exchange *exchange)
{
	int64_t pause = PAUSE_MS;

	for (unsigned i = 1; i < exchange->attempts && pause < PAUSE_MAX_MS; i++)
		pause *= 2;
	return pause / 2 + jitter(exchange->transport, pause / 2);
}

static void finish_transfer(struct exchange *exchange, CURLcode code)
{
	struct request *request = exchange->request;
	long status = 0;

	curl_easy_getinfo(exchange->handle.easy, CURLINFO_RESPONSE_CODE, &status);
	request->status = (int)status;
	http_trace_answer(exchange);
	if (code == CURLE_OK) {
		finish_answer(exchange);
		return;
	}
	if (request->error.code) { /* its consumer ended it */
		complete(exchange);
		return;
	}
	if (is_lost(exchange, code) && !request->is_watch && exchange->attempts < HTTP_LOST_ATTEMPTS &&
		send_again(exchange, pause_before(exchange)))
		return;
	http_failure_explain(exchange->transport, &exchange->handle, exchange->received > 0, code, &request->error);
	complete(exchange);
}

/* --- the transport --- */

static struct http_transport *of(struct transport *transport)
{
	return (struct http_transport *)(void *)transport;
}

static void http_start(struct transport *base, struct request *request)
{
	struct http_transport *transport = of(base);
	struct exchange *exchange = NEW(struct exchange);
	int64_t timeout = request->timeout_ms ? request->timeout_ms
		: request->is_watch           ? 0
					      : transport->options.connection->timeout_ns / 1000000;

	request->done = false;
	request->state = exchange;
	error_clear(&request->error);
	exchange->transport = transport;
	exchange->request = request;
	exchange->due = clock_monotonic_ms();
	exchange->deadline = timeout ? exchange->due + timeout : 0;
	url_add_request(&exchange->url, transport->options.connection->base_url, request);
	if (timeout)
		buffer_printf(
			&exchange->url, "%ctimeout=%lldms", request->parameter_count ? '&' : '?', (long long)timeout);
	*transport->last = exchange;
	transport->last = &exchange->next;
}

static void http_cancel(struct transport *base, struct request *request)
{
	struct exchange *exchange = request->state;

	if (!exchange)
		return;
	unlink_exchange(of(base), exchange);
	free_exchange(exchange);
	request->state = NULL;
	request->done = true;
}

/* Sends what is due, in order. Returns the milliseconds until the next is due, at most timeout_ms. */
static int send_due(struct http_transport *transport, int timeout_ms)
{
	int64_t now = clock_monotonic_ms();
	struct exchange *next;

	for (struct exchange *exchange = transport->first; exchange; exchange = next) {
		bool is_due = exchange->due <= now;

		next = exchange->next;
		if (exchange->handle.easy)
			continue;
		if (!is_due && exchange->due - now < timeout_ms)
			timeout_ms = (int)(exchange->due - now);
		if (is_due && (exchange->request->is_watch || transport->in_flight < HTTP_IN_FLIGHT))
			send_now(exchange);
	}
	return timeout_ms;
}

/* Whether anything ended. */
static bool reap(struct http_transport *transport)
{
	bool ended = false;
	int left;

	for (const CURLMsg *message; (message = curl_multi_info_read(transport->multi, &left));) {
		struct exchange *exchange;
		char *tag;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &tag);
		exchange = (struct exchange *)(void *)tag;
		finish_transfer(exchange, message->data.result);
		ended = true;
	}
	return ended;
}

static void http_step(struct transport *base, int timeout_ms)
{
	struct http_transport *transport = of(base);
	struct curl_waitfd wake = { .fd = base->wake_fd, .events = CURL_WAIT_POLLIN };
	int running;

	timeout_ms = send_due(transport, timeout_ms);
	curl_multi_perform(transport->multi, &running);
	if (reap(transport) || timeout_ms <= 0)
		return;
	curl_multi_poll(transport->multi, &wake, base->wake_fd >= 0, timeout_ms, NULL);
	curl_multi_perform(transport->multi, &running);
	reap(transport);
}

static void http_free(struct transport *base)
{
	struct http_transport *transport = of(base);

	while (transport->first) {
		struct exchange *next = transport->first->next;

		transport->first->request->state = NULL;
		free_exchange(transport->first);
		transport->first = next;
	}
	curl_multi_cleanup(transport->multi);
	credentials_free(transport->credentials);
	buffer_release(&transport->warnings);
	arena_release(&transport->arena);
	free(transport);
}

uint64_t http_transport_sent(const struct transport *base)
{
	return ((const struct http_transport *)(const void *)base)->sent;
}

/* "https://[::1]:6443/k8s" has the host "::1". */
static char *host_of(struct arena *arena, const char *url)
{
	const char *host = strstr(url, "://");

	host = host ? host + 3 : url;
	if (*host == '[')
		return arena_copy(arena, host + 1, strcspn(host + 1, "]"));
	return arena_copy(arena, host, strcspn(host, ":/"));
}

static bool is_loopback(const char *host)
{
	return strcmp(host, "localhost") == 0 || text_starts_with(host, "127.") || strcmp(host, "::1") == 0;
}

int http_transport_open(const struct http_options *options, struct transport **ret_transport, struct error *err)
{
	static const struct transport_class class = { http_start, http_cancel, http_step, http_free };
	static bool initialised;
	struct http_transport *transport = NEW(struct http_transport);
	const struct connection *connection = options->connection;

	if (!initialised && curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		die("libcurl cannot be used on this system");
	initialised = true;
	transport->transport = (struct transport){ .class = &class, .wake_fd = -1 };
	transport->options = *options;
	if (proxy_for(connection->base_url, connection->proxy_url, &transport->arena, &transport->proxy, err) < 0) {
		arena_release(&transport->arena);
		free(transport);
		return -1;
	}
	transport->last = &transport->first;
	transport->random = (uint64_t)time(NULL) * 2654435761U + (uint64_t)getpid() + 1;
	transport->host = host_of(&transport->arena, connection->base_url);
	transport->is_local = is_loopback(transport->host) && !transport->proxy;
	transport->credentials = credentials_new(connection, &options->hooks);
	transport->multi = curl_multi_init();
	if (!transport->multi)
		die("out of memory");
	curl_multi_setopt(transport->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
	*ret_transport = &transport->transport;
	return 0;
}
