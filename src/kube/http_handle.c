/* A handle that reaches the server: address, proxy, TLS and credentials, whatever is then sent through it. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http_private.h"
#include "impersonate.h"

static void append(struct curl_slist **list, const char *line)
{
	struct curl_slist *longer = curl_slist_append(*list, line);

	if (longer)
		*list = longer;
}

void http_handle_add_header(struct http_handle *handle, const char *name, const char *value)
{
	AUTO_BUFFER line = { 0 };

	buffer_printf(&line, "%s: %s", name, value);
	append(&handle->headers, buffer_text(&line));
}

static void add_who_asks(
	struct http_handle *handle, const struct connection *connection, const struct presented *presented)
{
	AUTO_BUFFER lines = { 0 };

	if (presented->authorization)
		http_handle_add_header(handle, "Authorization", presented->authorization);
	impersonate_headers(&connection->impersonation, &lines);
	for (const char *line = lines.bytes, *end = line + lines.length; line < end; line += strlen(line) + 1)
		append(&handle->headers, line);
}

static void set_blob(CURL *easy, CURLoption option, const struct blob *blob)
{
	struct curl_blob copied = {
		.data = (void *)(uintptr_t)blob->bytes, .len = blob->length, .flags = CURL_BLOB_COPY
	};

	if (blob->bytes)
		curl_easy_setopt(easy, option, &copied);
}

static void set_tls(struct http_transport *transport, CURL *easy, const struct presented *presented)
{
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
	if (transport->options.connection->insecure) {
		curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
	} else {
		http_certificate_check(transport, easy);
	}
}

/* curl has no option for the name in SNI: the URL gets the name, CONNECT_TO the address, Host the address again. */
static void set_server_name(struct http_handle *handle, const char *url, const char *name)
{
	const char *host = strstr(url, "://");
	size_t host_length, name_length;
	AUTO_BUFFER renamed = { 0 };
	AUTO_BUFFER route = { 0 };
	AUTO_BUFFER authority = { 0 };

	if (!name || !host || strncasecmp(url, "https", 5) != 0)
		return;
	host += 3;
	host_length = strcspn(host, "/?");
	name_length = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/?");
	buffer_add(&authority, host, host_length);
	http_handle_add_header(handle, "Host", buffer_text(&authority));
	buffer_printf(&renamed, "https://%s%s", name, host + name_length);
	curl_easy_setopt(handle->easy, CURLOPT_URL, buffer_text(&renamed));
	buffer_printf(&route, "::%.*s:", (int)name_length, host);
	if (host_length > name_length)
		buffer_add(&route, host + name_length + 1, host_length - name_length - 1);
	append(&handle->routes, buffer_text(&route));
	curl_easy_setopt(handle->easy, CURLOPT_CONNECT_TO, handle->routes);
}

int http_handle_open(struct http_transport *transport, struct http_handle *handle, const char *url, struct error *err)
{
	const struct http_options *options = &transport->options;
	struct presented presented;
	CURL *easy;

	if (credentials_present(transport->credentials, &presented, err) < 0)
		return -1;
	handle->serial = presented.serial;
	easy = handle->easy = curl_easy_init();
	if (!easy)
		return error_set(err, ERROR_FAILED, "out of memory");
	handle->words[0] = '\0';
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, handle->words);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_PROXY, transport->proxy ? transport->proxy : "");
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
	curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, options->user_agent);
	curl_easy_setopt(
		easy, CURLOPT_CONNECTTIMEOUT_MS, (long)(options->connect_ms ? options->connect_ms : HTTP_CONNECT_MS));
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPIDLE, 30L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPINTVL, 30L);
	add_who_asks(handle, options->connection, &presented);
	set_tls(transport, easy, &presented);
	set_server_name(handle, url, options->connection->tls_server_name);
	return 0;
}

void http_handle_close(struct http_handle *handle)
{
	if (handle->easy)
		curl_easy_cleanup(handle->easy);
	curl_slist_free_all(handle->headers);
	curl_slist_free_all(handle->routes);
	*handle = (struct http_handle){ .serial = handle->serial };
}
