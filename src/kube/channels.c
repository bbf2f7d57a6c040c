#include "clusterutils/kube/channels.h"

#include <ctype.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/rand.h>

#include "clusterutils/kube/answer.h"
#include "clusterutils/util/clock.h"
#include "clusterutils/util/die.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "http_private.h"
#include "url.h"
#include "websocket.h"

enum { HEAD_MAX = 64 << 10, PIECE = 32 << 10, CHANNEL_CLOSES = 255 };

struct channels {
	struct http_transport *transport;
	struct http_handle handle;
	struct websocket websocket;
	channels_bytes *on_bytes;
	void *context;
	struct buffer out;
	size_t out_sent;    /* of `out` */
	struct buffer rest; /* of what came with the head of the answer */
	bool can_end_one;   /* v5 */
	bool is_closed;
	int64_t heard, pinged;
};

/* --- bytes, which libcurl brings through TLS and proxies --- */

static void wait_for_socket(const struct channels *channels, bool to_send, int timeout_ms)
{
	curl_socket_t socket = CURL_SOCKET_BAD;
	struct pollfd descriptor;

	curl_easy_getinfo(channels->handle.easy, CURLINFO_ACTIVESOCKET, &socket);
	descriptor = (struct pollfd){ .fd = socket, .events = (short)(POLLIN | (to_send ? POLLOUT : 0)) };
	poll(&descriptor, 1, timeout_ms);
}

static int fail(const struct channels *channels, CURLcode code, struct error *err)
{
	http_failure_explain(channels->transport, &channels->handle, true, code, err);
	return -1;
}

static int flush(struct channels *channels, struct error *err)
{
	while (channels->out_sent < channels->out.length) {
		size_t sent = 0;
		CURLcode code = curl_easy_send(channels->handle.easy, channels->out.bytes + channels->out_sent,
			channels->out.length - channels->out_sent, &sent);

		if (code == CURLE_AGAIN)
			return 0;
		if (code != CURLE_OK)
			return fail(channels, code, err);
		channels->out_sent += sent;
	}
	buffer_clear(&channels->out);
	channels->out_sent = 0;
	return 0;
}

/* How many bytes came: 0 where there are none now; at the end of the connection is_closed is set. */
static int receive(struct channels *channels, char *bytes, size_t room, size_t *ret_length, struct error *err)
{
	CURLcode code = curl_easy_recv(channels->handle.easy, bytes, room, ret_length);

	if (code == CURLE_AGAIN) {
		*ret_length = 0;
		return 0;
	}
	if (code != CURLE_OK)
		return fail(channels, code, err);
	if (!*ret_length)
		channels->is_closed = true;
	channels->heard = clock_monotonic_ms();
	return 0;
}

/* --- the handshake --- */

static void add_frame(struct channels *channels, enum websocket_opcode opcode, const char *bytes, size_t length)
{
	unsigned char mask[4];

	if (RAND_bytes(mask, sizeof(mask)) != 1)
		die("no random numbers");
	websocket_add_frame(&channels->out, opcode, bytes, length, mask);
}

/* The authority and what follows it. */
static const char *split_url(const char *url, size_t *ret_length)
{
	const char *host = strstr(url, "://");

	host = host ? host + 3 : url;
	*ret_length = strcspn(host, "/");
	return host;
}

static void add_upgrade(struct channels *channels, const char *url, const char *protocols, const char *key)
{
	size_t host_length;
	const char *host = split_url(url, &host_length);
	bool has_host = false;

	buffer_printf(&channels->out, "GET %s HTTP/1.1\r\n", host + host_length);
	for (const struct curl_slist *header = channels->handle.headers; header; header = header->next) {
		size_t length = strlen(header->data);
		bool is_empty =
			length && header->data[length - 1] == ';' && !strchr(header->data, ':'); /* as curl has it */

		has_host = has_host || strncasecmp(header->data, "Host:", 5) == 0;
		buffer_printf(
			&channels->out, "%.*s%s\r\n", (int)(length - is_empty), header->data, is_empty ? ":" : "");
	}
	if (!has_host)
		buffer_printf(&channels->out, "Host: %.*s\r\n", (int)host_length, host);
	buffer_printf(&channels->out,
		"User-Agent: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
		"Sec-WebSocket-Key: %s\r\nSec-WebSocket-Protocol: %s\r\n\r\n",
		channels->transport->options.user_agent, key, protocols);
}

/* The value of a header in the head of an answer; "" where it is not there. */
static void find_header(const struct buffer *head, const char *name, char *ret_value, size_t size)
{
	size_t name_length = strlen(name);

	ret_value[0] = '\0';
	for (const char *line = strchr(buffer_text(head), '\n'); line; line = strchr(line + 1, '\n')) {
		const char *value = line + 1 + name_length;
		size_t length;

		if (strncasecmp(line + 1, name, name_length) != 0 || *value != ':')
			continue;
		for (value++; *value == ' '; value++)
			;
		length = strcspn(value, "\r\n");
		snprintf(ret_value, size, "%.*s", (int)(length < size ? length : size - 1), value);
		return;
	}
}

static bool has_ended(const struct buffer *head, size_t *ret_end)
{
	const char *end = strstr(buffer_text(head), "\r\n\r\n");

	*ret_end = end ? (size_t)(end - head->bytes) + 4 : 0;
	return end;
}

/* Reads until the head is whole, or with `for_body` until a failed answer has ended. */
static int read_head(struct channels *channels, struct buffer *head, int64_t deadline, struct error *err)
{
	char piece[4096];
	size_t length, end;

	while (!has_ended(head, &end)) {
		int64_t left = deadline - clock_monotonic_ms();

		if (left <= 0)
			return error_set(err, ERROR_TIMEOUT, "the server does not answer the request for a stream");
		if (head->length > HEAD_MAX)
			return error_set(err, ERROR_INVALID, "the server's answer has no end");
		if (flush(channels, err) < 0 || receive(channels, piece, sizeof(piece), &length, err) < 0)
			return -1;
		if (channels->is_closed)
			return error_set(err, ERROR_UNAVAILABLE, "the server closed the connection");
		buffer_add(head, piece, length);
		if (!length)
			wait_for_socket(channels, channels->out.length > 0, (int)(left < 1000 ? left : 1000));
	}
	return 0;
}

/* A refusal is an answer like any other: its body is a Status. */
static int explain_refusal(
	struct channels *channels, struct request *request, struct buffer *head, size_t end, struct error *err)
{
	int64_t deadline = clock_monotonic_ms() + 2000;
	char value[32], piece[4096];
	size_t wanted, length;

	find_header(head, "Content-Length", value, sizeof(value));
	wanted = strtoul(value, NULL, 10);
	if (wanted > ANSWER_BODY_MAX)
		wanted = ANSWER_BODY_MAX;
	while (!channels->is_closed && head->length - end < wanted && clock_monotonic_ms() < deadline) {
		if (receive(channels, piece, sizeof(piece), &length, err) < 0)
			break;
		buffer_add(head, piece, length);
		if (!length)
			wait_for_socket(channels, false, 100);
	}
	find_header(head, "Content-Type", request->type, sizeof(request->type));
	answer_explain(request, head->bytes + end, head->length - end);
	*err = request->error;
	return -1;
}

static int check_upgrade(
	struct channels *channels, struct request *request, struct buffer *head, const char *key, struct error *err)
{
	static const char version[] = "HTTP/1.1 ";
	const char *text = buffer_text(head);
	char accept[WEBSOCKET_ACCEPT_SIZE], value[128];
	size_t end;

	has_ended(head, &end);
	request->status = text_starts_with(text, version) ? (int)strtol(text + strlen(version), NULL, 10) : 0;
	if (request->status != 101)
		return explain_refusal(channels, request, head, end, err);
	websocket_accept(key, accept);
	find_header(head, "Sec-WebSocket-Accept", value, sizeof(value));
	if (strcmp(value, accept) != 0)
		return error_set(err, ERROR_INVALID, "the server's answer is not that of a WebSocket");
	find_header(head, "Sec-WebSocket-Protocol", value, sizeof(value));
	channels->can_end_one = text_starts_with(value, "v5.");
	if (!channels->can_end_one && !text_starts_with(value, "v4."))
		return error_set(err, ERROR_INVALID, "the server speaks no protocol for streams that we know");
	buffer_add(&channels->rest, head->bytes + end, head->length - end);
	return 0;
}

/* --- messages --- */

static int take_message(
	void *context, enum websocket_opcode opcode, const char *bytes, size_t length, struct error *err)
{
	struct channels *channels = context;

	switch (opcode) {
	case WEBSOCKET_PING:
		add_frame(channels, WEBSOCKET_PONG, bytes, length);
		return 0;
	case WEBSOCKET_CLOSE:
		channels->is_closed = true;
		return 0;
	case WEBSOCKET_BINARY:
		/* The first message of a channel is empty; v5 tells with 255 that one has ended. */
		if (length < 2 || (unsigned char)bytes[0] == CHANNEL_CLOSES)
			return 0;
		return channels->on_bytes(channels->context, (unsigned char)bytes[0], bytes + 1, length - 1, err);
	default:
		return 0;
	}
}

int channels_open(struct transport *transport, struct request *request, const char *protocols, channels_bytes *on_bytes,
	void *context, struct channels **ret_channels, struct error *err)
{
	struct channels *channels = NEW(struct channels);
	unsigned char random[16];
	char key[WEBSOCKET_KEY_SIZE];
	AUTO_BUFFER url = { 0 };
	AUTO_BUFFER head = { 0 };
	CURLcode code;

	channels->transport = (struct http_transport *)(void *)transport;
	channels->on_bytes = on_bytes;
	channels->context = context;
	websocket_init(&channels->websocket, take_message, channels);
	url_add_request(&url, channels->transport->options.connection->base_url, request);
	if (RAND_bytes(random, sizeof(random)) != 1)
		die("no random numbers");
	websocket_key(random, key);
	if (http_handle_open(channels->transport, &channels->handle, buffer_text(&url), err) < 0) {
		channels_free(channels);
		return -1;
	}
	curl_easy_setopt(channels->handle.easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(channels->handle.easy, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(channels->handle.easy, CURLOPT_HTTPPROXYTUNNEL, 1L);
	code = curl_easy_perform(channels->handle.easy);
	if (code != CURLE_OK) {
		http_failure_explain(channels->transport, &channels->handle, false, code, err);
		channels_free(channels);
		return -1;
	}
	add_upgrade(channels, buffer_text(&url), protocols, key);
	if (read_head(channels, &head, clock_monotonic_ms() + HTTP_CONNECT_MS, err) < 0 ||
		check_upgrade(channels, request, &head, key, err) < 0) {
		channels_free(channels);
		return -1;
	}
	channels->heard = channels->pinged = clock_monotonic_ms();
	*ret_channels = channels;
	return 0;
}

void channels_free(struct channels *channels)
{
	if (!channels)
		return;
	http_handle_close(&channels->handle);
	websocket_release(&channels->websocket);
	buffer_release(&channels->out);
	buffer_release(&channels->rest);
	free(channels);
}

void channels_send(struct channels *channels, unsigned channel, const char *bytes, size_t length)
{
	AUTO_BUFFER message = { 0 };

	do {
		size_t piece = length < PIECE ? length : PIECE;

		buffer_clear(&message);
		buffer_add_char(&message, (char)channel);
		buffer_add(&message, bytes, piece);
		add_frame(channels, WEBSOCKET_BINARY, message.bytes, message.length);
		bytes += piece;
		length -= piece;
	} while (length);
}

bool channels_end(struct channels *channels, unsigned channel)
{
	const char message[] = { (char)CHANNEL_CLOSES, (char)channel };

	if (!channels->can_end_one)
		return false;
	add_frame(channels, WEBSOCKET_BINARY, message, sizeof(message));
	return true;
}

static int check_pulse(struct channels *channels, struct error *err)
{
	int64_t now = clock_monotonic_ms();

	if (now - channels->heard > CHANNELS_SILENCE_MS)
		return error_set(err, ERROR_UNAVAILABLE, "the stream has gone silent");
	if (now - channels->pinged >= CHANNELS_PING_MS) {
		add_frame(channels, WEBSOCKET_PING, "", 0);
		channels->pinged = now;
	}
	return 0;
}

int channels_step(struct channels *channels, int timeout_ms, struct error *err)
{
	char piece[16 << 10];
	size_t length = 0;
	bool has_come = channels->rest.length > 0;

	if (websocket_feed(&channels->websocket, buffer_text(&channels->rest), channels->rest.length, err) < 0)
		return -1;
	buffer_clear(&channels->rest);
	for (int pass = 0; pass < 2; pass++) {
		if (check_pulse(channels, err) < 0 || flush(channels, err) < 0)
			return -1;
		while (!channels->is_closed) {
			if (receive(channels, piece, sizeof(piece), &length, err) < 0)
				return -1;
			if (!length)
				break;
			has_come = true;
			if (websocket_feed(&channels->websocket, piece, length, err) < 0)
				return -1;
		}
		if (channels->is_closed || has_come || pass)
			break;
		wait_for_socket(channels, channels->out.length > 0,
			timeout_ms < CHANNELS_PING_MS ? timeout_ms : CHANNELS_PING_MS);
	}
	return !channels->is_closed;
}
