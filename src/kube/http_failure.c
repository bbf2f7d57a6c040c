#include <errno.h>
#include <string.h>

#include "clusterutils/util/text.h"
#include "http_private.h"

/* A transfer that did not end well, and where the sentence goes. */
struct failure {
	const struct http_transport *transport;
	const struct http_handle *handle;
	bool has_received; /* a part of an answer */
	struct error *err;
};

#define UNABLE "Unable to connect to the server: "

/* Go's words for what the system says of a connection; NULL for what has none of its own. */
static const char *system_words(long number)
{
	switch (number) {
	case EHOSTUNREACH:
		return "no route to host";
	case ENETUNREACH:
		return "network is unreachable";
	case ETIMEDOUT:
		return "connection timed out";
	case ECONNRESET:
		return "connection reset by peer";
	case EPERM:
	case EACCES:
		return "permission denied";
	default:
		return NULL;
	}
}

/* HOST:PORT of a URL, as Go writes it. */
static void add_address(const char *url, struct buffer *out)
{
	const char *host = strstr(url, "://"), *user;
	size_t length;

	host = host ? host + 3 : url;
	user = strchr(host, '@');
	length = strcspn(host, "/");
	if (user && user < host + length) {
		length -= (size_t)(user + 1 - host);
		host = user + 1;
	}
	buffer_add(out, host, length);
	if (*host == '[' ? host[strcspn(host, "]") + 1] != ':' : strcspn(host, ":") >= length)
		buffer_add_text(out, text_starts_with(url, "https") ? ":443" : ":80");
}

static void explain_proxy(const struct failure *failure, const char *words)
{
	AUTO_BUFFER address = { 0 };

	add_address(failure->transport->proxy, &address);
	error_set_whole(failure->err, ERROR_UNAVAILABLE, UNABLE "proxyconnect tcp: dial tcp %s: connect: %s",
		buffer_text(&address), words);
}

static void explain_connect(const struct failure *failure, const char *address)
{
	const char *url = failure->transport->options.connection->base_url, *host = strstr(url, "://") + 3;
	const char *words;
	long number = 0;

	curl_easy_getinfo(failure->handle->easy, CURLINFO_OS_ERRNO, &number);
	words = system_words(number) ? system_words(number) : "connection failed";
	/* kubectl says so of the server even where it is the proxy that refuses. */
	if (number == ECONNREFUSED || (!number && failure->transport->is_local))
		error_set_whole(failure->err, ERROR_UNAVAILABLE,
			"The connection to the server %.*s was refused - did you specify the right host or port?",
			(int)strcspn(host, "/"), host);
	else if (failure->transport->proxy)
		explain_proxy(failure, words);
	else
		error_set_whole(failure->err, ERROR_UNAVAILABLE, UNABLE "dial tcp %s: connect: %s", address, words);
}

static void explain_timeout(const struct failure *failure, const char *address)
{
	curl_off_t connected = 0;

	curl_easy_getinfo(failure->handle->easy, CURLINFO_PRETRANSFER_TIME_T, &connected);
	if (!connected)
		error_set_whole(failure->err, ERROR_TIMEOUT, UNABLE "dial tcp %s: i/o timeout", address);
	else if (failure->has_received)
		error_set_whole(failure->err, ERROR_TIMEOUT,
			UNABLE "context deadline exceeded (Client.Timeout or context cancellation while reading body)");
	else
		error_set_whole(failure->err, ERROR_TIMEOUT,
			UNABLE "context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
}

/* What TLS said without a certificate being at fault. libcurl's text is looked at, never shown. */
static const char *tls_words(const char *text)
{
	static const struct {
		const char *part, *words;
	} table[] = {
		{ "SSL_ERROR_SYSCALL", "EOF" }, /* closed without a word */
		{ "unexpected eof", "EOF" },
		/* Go tells HTTP from other bytes that are no TLS; OpenSSL does not, and it is nearly always HTTP. */
		{ "wrong version number", "http: server gave HTTP response to HTTPS client" },
		{ "packet length too long", "tls: first record does not look like a TLS handshake" },
		{ "certificate required", "remote error: tls: certificate required" },
		{ "bad certificate", "remote error: tls: bad certificate" },
		{ "unknown ca", "remote error: tls: unknown certificate authority" },
		{ "certificate expired", "remote error: tls: expired certificate" },
		{ "handshake failure", "remote error: tls: handshake failure" },
		{ "protocol version", "remote error: tls: protocol version not supported" },
		{ "unrecognized name", "remote error: tls: unrecognized name" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (text_contains_fold(text, table[i].part))
			return table[i].words;
	return NULL;
}

static void explain_lost(const struct failure *failure, const char *nothing)
{
	long number = 0;

	curl_easy_getinfo(failure->handle->easy, CURLINFO_OS_ERRNO, &number);
	error_set_whole(failure->err, ERROR_UNAVAILABLE, UNABLE "%s",
		failure->has_received && number != ECONNRESET ? "unexpected EOF"
			: number == ECONNRESET                ? "read: connection reset by peer"
							      : nothing);
}

void http_failure_explain(const struct http_transport *transport, const struct http_handle *handle, bool has_received,
	CURLcode code, struct error *err)
{
	const struct failure failure[1] = { { transport, handle, has_received, err } };
	const char *tls = tls_words(handle->words);
	AUTO_BUFFER address = { 0 };

	add_address(transport->options.connection->base_url, &address);
	if (*transport->tls_failure && (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CONNECT_ERROR)) {
		error_set_whole(err, ERROR_FAILED, UNABLE "%s", transport->tls_failure);
		return;
	}
	switch (code) {
	case CURLE_COULDNT_CONNECT:
		explain_connect(failure, buffer_text(&address));
		break;
	case CURLE_COULDNT_RESOLVE_HOST:
		error_set_whole(err, ERROR_UNAVAILABLE, UNABLE "dial tcp: lookup %s: no such host", transport->host);
		break;
	case CURLE_COULDNT_RESOLVE_PROXY:
		error_set_whole(err, ERROR_UNAVAILABLE, UNABLE "proxyconnect tcp: no such host");
		break;
	case CURLE_PROXY:
		error_set_whole(err, ERROR_UNAVAILABLE, UNABLE "the proxy refused the connection");
		break;
	case CURLE_OPERATION_TIMEDOUT:
		explain_timeout(failure, buffer_text(&address));
		break;
	case CURLE_SSL_CONNECT_ERROR:
		error_set_whole(err, ERROR_UNAVAILABLE, UNABLE "%s", tls ? tls : "tls: the handshake failed");
		break;
	case CURLE_PEER_FAILED_VERIFICATION:
		error_set_whole(err, ERROR_FAILED,
			UNABLE "tls: failed to verify certificate: x509: certificate signed by unknown authority");
		break;
	case CURLE_SSL_CERTPROBLEM:
		error_set(err, ERROR_FAILED, "tls: the client certificate and its key cannot be used together");
		break;
	case CURLE_GOT_NOTHING:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
		if (tls)
			error_set_whole(err, ERROR_UNAVAILABLE, UNABLE "%s", tls);
		else
			explain_lost(failure, "EOF");
		break;
	case CURLE_PARTIAL_FILE:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
		error_set_whole(err, ERROR_UNAVAILABLE, UNABLE "unexpected EOF");
		break;
	case CURLE_BAD_CONTENT_ENCODING:
		error_set(err, ERROR_UNAVAILABLE, "the server's compressed answer is damaged");
		break;
	default:
		error_set_whole(err, ERROR_UNAVAILABLE, UNABLE "the connection failed (reason %d)", (int)code);
		break;
	}
}
