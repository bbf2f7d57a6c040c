/* Certificates are checked as Go's crypto/x509 does it, v1.26: expiry of the leaf first, then its names (subject
 * alternative names alone), then the chain; and refused with Go's sentences. */
#include <string.h>
#include <time.h>

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "clusterutils/util/text.h"
#include "clusterutils/util/timestamp.h"
#include "http_private.h"

#define REFUSED "tls: failed to verify certificate: x509: "

static void note(struct http_transport *transport, const struct buffer *sentence)
{
	snprintf(transport->tls_failure, sizeof(transport->tls_failure), "%s", buffer_text(sentence));
	text_scrub_in_place(transport->tls_failure);
}

static void add_moment(struct buffer *out, const ASN1_TIME *time)
{
	struct tm parts;
	char text[TIMESTAMP_SIZE];

	if (time && ASN1_TIME_to_tm(time, &parts))
		buffer_add_text(out, timestamp_text((int64_t)timegm(&parts), text));
}

static bool is_current(struct http_transport *transport, const X509 *leaf)
{
	const ASN1_TIME *from = X509_get0_notBefore(leaf), *until = X509_get0_notAfter(leaf);
	bool is_early = X509_cmp_current_time(from) > 0;
	AUTO_BUFFER sentence = { 0 };
	char now[TIMESTAMP_SIZE];

	if (!is_early && X509_cmp_current_time(until) > 0)
		return true;
	buffer_printf(&sentence, REFUSED "certificate has expired or is not yet valid: current time %s is %s ",
		timestamp_text((int64_t)time(NULL), now), is_early ? "before" : "after");
	add_moment(&sentence, is_early ? from : until);
	note(transport, &sentence);
	return false;
}

/* One name of a certificate; false where it is of another kind than asked for. */
static bool add_name(struct buffer *out, const GENERAL_NAME *name, bool addresses)
{
	if (!addresses && name->type == GEN_DNS) {
		buffer_add(out, ASN1_STRING_get0_data(name->d.dNSName), (size_t)ASN1_STRING_length(name->d.dNSName));
		return true;
	}
	if (addresses && name->type == GEN_IPADD) {
		const ASN1_OCTET_STRING *address = name->d.iPAddress;
		const unsigned char *byte = ASN1_STRING_get0_data(address);
		int length = ASN1_STRING_length(address);

		for (int i = 0; i < length; i += length == 4 ? 1 : 2) {
			if (length == 4)
				buffer_printf(out, "%s%d", i ? "." : "", byte[i]);
			else if (i + 1 < length)
				buffer_printf(out, "%s%x", i ? ":" : "", byte[i] << 8 | byte[i + 1]);
		}
		return true;
	}
	return false;
}

/* "a, b": how many there are of the kind. */
static size_t list_names(const X509 *leaf, bool addresses, struct buffer *out)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(leaf, NID_subject_alt_name, NULL, NULL);
	size_t count = 0;

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		size_t before = out->length;

		if (count)
			buffer_add_text(out, ", ");
		if (add_name(out, sk_GENERAL_NAME_value(names, i), addresses))
			count++;
		else
			buffer_cut(out, before);
	}
	GENERAL_NAMES_free(names);
	return count;
}

static bool is_address(const char *host)
{
	ASN1_OCTET_STRING *address = a2i_IPADDRESS(host);

	ASN1_OCTET_STRING_free(address);
	return address != NULL;
}

static bool is_for_host(struct http_transport *transport, X509 *leaf, const char *host)
{
	bool addresses = is_address(host);
	AUTO_BUFFER names = { 0 };
	AUTO_BUFFER sentence = { 0 };
	size_t count;

	if (addresses ? X509_check_ip_asc(leaf, host, 0) == 1
		      : X509_check_host(leaf, host, 0, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, NULL) == 1)
		return true;
	count = list_names(leaf, addresses, &names);
	if (count)
		buffer_printf(&sentence, REFUSED "certificate is valid for %s, not %s", buffer_text(&names), host);
	else if (addresses)
		buffer_printf(&sentence,
			REFUSED "cannot validate certificate for %s because it doesn't contain any IP SANs", host);
	else
		buffer_printf(
			&sentence, REFUSED "certificate is not valid for any names, but wanted to match %s", host);
	note(transport, &sentence);
	return false;
}

static int verify(X509_STORE_CTX *store, void *context)
{
	struct http_transport *transport = context;
	const struct connection *connection = transport->options.connection;
	X509 *leaf = X509_STORE_CTX_get0_cert(store);
	int chains = X509_verify_cert(store);
	const char *host = connection->tls_server_name ? connection->tls_server_name : transport->host;
	AUTO_BUFFER sentence = { 0 };

	transport->tls_failure[0] = '\0';
	if (leaf && is_current(transport, leaf) && is_for_host(transport, leaf, host) && chains == 1)
		return 1;
	if (!*transport->tls_failure) {
		buffer_add_text(&sentence, REFUSED "certificate signed by unknown authority");
		note(transport, &sentence);
	}
	if (X509_STORE_CTX_get_error(store) == X509_V_OK)
		X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
	return 0;
}

static CURLcode set_verify(CURL *easy, void *context_of_tls, void *transport)
{
	(void)easy;
	SSL_CTX_set_cert_verify_callback(context_of_tls, verify, transport);
	return CURLE_OK;
}

void http_certificate_check(struct http_transport *transport, CURL *easy)
{
	const char *backend = curl_version_info(CURLVERSION_NOW)->ssl_version;

	/* Another TLS library checks by itself: as strictly, but without saying so precisely. */
	if (!backend || (!text_starts_with(backend, "OpenSSL/") && !text_starts_with(backend, "LibreSSL/")))
		return;
	curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, set_verify);
	curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, transport);
}
