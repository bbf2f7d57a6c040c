#include "clusterutils/kube/credentials.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "clusterutils/util/base64.h"
#include "clusterutils/util/clock.h"
#include "clusterutils/util/file.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/quote.h"
#include "clusterutils/util/text.h"
#include "connection.h"
#include "exec_plugin.h"
#include "impersonate.h"
#include "pem.h"

enum {
	TOKEN_FILE_SECONDS = 50,  /* a minute, less the ten seconds that upstream renews ahead of time */
	FRESH_ANSWER_SECONDS = 60 /* what was got because of a refusal is not thrown away sooner for another one */
};

/* A file that is read again while it is used; the last content that was good is kept. */
struct reread {
	struct buffer bytes;
	bool is_read;
	int64_t read_at; /* clock_now */
};

struct credentials {
	const struct connection *connection;
	struct credentials_hooks hooks;
	bool is_checked;
	struct reread token, ca, certificate, key;
	struct plugin_answer answer;
	bool has_answer, answer_is_refused, answer_is_second; /* second: it was asked for because of a refusal */
	int64_t answered_at;
	struct buffer authorization;
	uint64_t generation, serial;
};

static void forget(struct buffer *secret)
{
	if (secret->bytes)
		OPENSSL_cleanse(secret->bytes, secret->capacity);
	buffer_release(secret);
}

static void take(struct reread *file, const struct blob *blob)
{
	buffer_add(&file->bytes, blob->bytes ? blob->bytes : "", blob->length);
	file->is_read = true;
	file->read_at = clock_now();
}

struct credentials *credentials_new(const struct connection *connection, const struct credentials_hooks *hooks)
{
	struct credentials *credentials = NEW(struct credentials);

	credentials->connection = connection;
	if (hooks)
		credentials->hooks = *hooks;
	take(&credentials->ca, &connection->ca);
	take(&credentials->certificate, &connection->certificate);
	take(&credentials->key, &connection->key);
	return credentials;
}

void credentials_free(struct credentials *credentials)
{
	if (!credentials)
		return;
	forget(&credentials->token.bytes);
	forget(&credentials->ca.bytes);
	forget(&credentials->certificate.bytes);
	forget(&credentials->key.bytes);
	forget(&credentials->authorization);
	plugin_answer_release(&credentials->answer);
	free(credentials);
}

/* --- what can be told before anything is sent --- */

static bool is_secure(const struct connection *connection)
{
	return text_starts_with(connection->base_url, "https:");
}

static bool has_token(const struct connection *connection)
{
	return connection->token || connection->token_file;
}

static bool has_certificate(const struct connection *connection)
{
	return connection->certificate_file || connection->certificate.length;
}

/* A plugin is not asked where there is something else to show. */
static bool uses_plugin(const struct connection *connection)
{
	return connection->exec && is_secure(connection) && !has_token(connection) && !connection->username &&
		!has_certificate(connection);
}

static int check_auth_provider(const struct connection *connection, struct error *err)
{
	const char *name = connection->auth_provider;
	AUTO_BUFFER quoted = { 0 };

	if (!name)
		return 0;
	if (strcmp(name, "gcp") == 0) {
		error_set(err, ERROR_INVALID, "The gcp auth plugin has been removed.");
		error_add_line(
			err, "Please use the \"gke-gcloud-auth-plugin\" kubectl/client-go credential plugin instead.");
		return error_add_line(err,
			"See https://cloud.google.com/blog/products/containers-kubernetes/kubectl-auth-changes-in-gke "
			"for further details");
	}
	if (strcmp(name, "azure") == 0) {
		error_set(err, ERROR_INVALID, "The azure auth plugin has been removed.");
		error_add_line(err,
			"Please use the https://github.com/Azure/kubelogin kubectl/client-go credential plugin "
			"instead.");
		return error_add_line(err,
			"See https://kubernetes.io/docs/reference/access-authn-authz/authentication/"
			"#client-go-credential-plugins for further details");
	}
	if (strcmp(name, "oidc") == 0)
		return has_token(connection) || connection->username
			? 0
			: error_set(err, ERROR_INVALID,
				  "the auth provider \"oidc\" is not supported: use a credential plugin such as "
				  "kubelogin (exec) instead");
	quote_text(&quoted, name, strlen(name));
	return error_set(err, ERROR_INVALID, "no Auth Provider found for name %s", buffer_text(&quoted));
}

/* In the order of client-go: plugins, then TLS, then headers. */
static int check(const struct connection *connection, struct error *err)
{
	if (connection->exec && exec_plugin_check(connection->exec, err) < 0)
		return -1;
	if (check_auth_provider(connection, err) < 0)
		return -1;
	if (connection->insecure && (connection->ca_file || connection->ca.length))
		return error_set(err, ERROR_INVALID,
			"specifying a root certificates file with the insecure flag is not allowed");
	/* An empty file trusts nobody, rather than everybody whom the system trusts. */
	if ((connection->ca_file || connection->ca.length) && pem_check_authority(&connection->ca, err) < 0)
		return -1;
	if (has_certificate(connection) && pem_check_pair(&connection->certificate, &connection->key, err) < 0) {
		/* Upstream looks at files only when the server asks for a certificate. */
		if (connection->certificate_file && connection->key_file) {
			error_wrap(err, "Unable to connect to the server");
			err->is_whole_line = true;
		}
		return -1;
	}
	if (connection->username && has_token(connection))
		return error_set(err, ERROR_INVALID, "username/password or bearer token may be set, but not both");
	return impersonate_check(&connection->impersonation, err);
}

/* --- files that change --- */

/* Whether the file was read anew and is not what it was. */
static bool read_again(struct reread *file, const char *path, struct buffer *ret_bytes)
{
	struct error ignored;

	file->read_at = clock_now();
	return file_read(path, CREDENTIAL_MAX_SIZE, ret_bytes, &ignored) == 0 &&
		(ret_bytes->length != file->bytes.length ||
			memcmp(buffer_text(ret_bytes), buffer_text(&file->bytes), ret_bytes->length) != 0);
}

static void replace(struct reread *file, const struct buffer *bytes)
{
	if (file->bytes.bytes)
		OPENSSL_cleanse(file->bytes.bytes, file->bytes.length);
	buffer_clear(&file->bytes);
	buffer_add(&file->bytes, buffer_text(bytes), bytes->length);
	file->is_read = true;
}

static struct blob blob_of(const struct buffer *bytes)
{
	return (struct blob){ bytes->length ? bytes->bytes : NULL, bytes->length };
}

/* A pair of which one file is new already and the other is not yet does not match: the old pair is kept. */
static bool reread_pair(struct credentials *credentials)
{
	const struct connection *connection = credentials->connection;
	CLEANUP(forget) struct buffer certificate = { 0 }, key = { 0 };
	struct blob certificate_blob, key_blob;
	struct error ignored;
	bool is_new = read_again(&credentials->certificate, connection->certificate_file, &certificate);

	is_new = read_again(&credentials->key, connection->key_file, &key) || is_new;
	if (!is_new)
		return false;
	certificate_blob = blob_of(&certificate);
	key_blob = blob_of(&key);
	if (pem_check_pair(&certificate_blob, &key_blob, &ignored) < 0)
		return false;
	replace(&credentials->certificate, &certificate);
	replace(&credentials->key, &key);
	return true;
}

static bool reread_authority(struct credentials *credentials)
{
	AUTO_BUFFER bytes = { 0 };
	struct error ignored;
	struct blob blob;

	if (!read_again(&credentials->ca, credentials->connection->ca_file, &bytes))
		return false;
	blob = blob_of(&bytes);
	if (pem_check_authority(&blob, &ignored) < 0)
		return false;
	replace(&credentials->ca, &bytes);
	return true;
}

/* Certificates, at most once a second. */
static void refresh_certificates(struct credentials *credentials)
{
	const struct connection *connection = credentials->connection;
	int64_t now = clock_now();
	bool is_new = false;

	if (connection->certificate_file && connection->key_file && credentials->certificate.read_at != now)
		is_new = reread_pair(credentials);
	if (connection->ca_file && credentials->ca.read_at != now)
		is_new = reread_authority(credentials) || is_new;
	if (is_new) {
		credentials->generation++;
		credentials->serial++;
	}
}

static void trim(struct buffer *text)
{
	static const char blanks[] = " \t\n\v\f\r";
	size_t start = strspn(buffer_text(text), blanks), end = text->length;

	while (end > start && strchr(blanks, text->bytes[end - 1]))
		end--;
	if (start)
		memmove(text->bytes, text->bytes + start, end - start);
	buffer_cut(text, end - start);
}

/* Whether the file's token is another one than before. */
static bool reread_token(struct credentials *credentials)
{
	CLEANUP(forget) struct buffer bytes = { 0 };
	struct error ignored;

	credentials->token.read_at = clock_now();
	if (file_read(credentials->connection->token_file, CREDENTIAL_MAX_SIZE, &bytes, &ignored) < 0)
		return false;
	if (bytes.length)
		trim(&bytes);
	if (!bytes.length ||
		(credentials->token.is_read && strcmp(buffer_text(&credentials->token.bytes), bytes.bytes) == 0))
		return false;
	replace(&credentials->token, &bytes);
	credentials->serial++;
	return true;
}

static void refresh_token(struct credentials *credentials)
{
	int64_t age = clock_now() - credentials->token.read_at;

	if (!credentials->connection->token_file)
		return;
	if (!credentials->token.is_read || age < 0 || age >= TOKEN_FILE_SECONDS)
		reread_token(credentials);
}

/* --- the plugin --- */

static bool same_blob(const struct blob *a, const struct blob *b)
{
	return a->length == b->length && (!a->length || memcmp(a->bytes, b->bytes, a->length) == 0);
}

static int refresh_answer(struct credentials *credentials, struct error *err)
{
	struct plugin_answer *old = &credentials->answer, answer;
	bool is_expired = credentials->has_answer && old->expires && clock_now() > old->expiry;

	if (credentials->has_answer && !is_expired && !credentials->answer_is_refused)
		return 0;
	if (exec_plugin_run(credentials->connection, &credentials->hooks, &answer, err) < 0) {
		error_wrap(err, "Unable to connect to the server: getting credentials");
		err->is_whole_line = true;
		return -1;
	}
	if (!same_blob(&answer.certificate, &old->certificate) || !same_blob(&answer.key, &old->key))
		credentials->generation++;
	plugin_answer_release(old);
	*old = answer;
	credentials->answer_is_second = credentials->answer_is_refused;
	credentials->answer_is_refused = false;
	credentials->has_answer = true;
	credentials->answered_at = clock_now();
	credentials->serial++;
	return 0;
}

/* --- headers --- */

static const char *current_token(const struct credentials *credentials)
{
	if (credentials->has_answer)
		return credentials->answer.token;
	return credentials->token.is_read ? buffer_text(&credentials->token.bytes) : credentials->connection->token;
}

static int write_authorization(struct credentials *credentials, struct error *err)
{
	const struct connection *connection = credentials->connection;
	const char *token = current_token(credentials);
	CLEANUP(forget) struct buffer pair = { 0 };

	forget(&credentials->authorization);
	if (token) {
		if (impersonate_check_value("Authorization", token, err) < 0)
			return -1;
		buffer_printf(&credentials->authorization, "Bearer %s", token);
	} else if (connection->username && !credentials->has_answer) {
		buffer_printf(&pair, "%s:%s", connection->username, connection->password ? connection->password : "");
		buffer_add_text(&credentials->authorization, "Basic ");
		base64_encode(pair.bytes, pair.length, &credentials->authorization);
	}
	return 0;
}

int credentials_present(struct credentials *credentials, struct presented *ret_presented, struct error *err)
{
	const struct connection *connection = credentials->connection;

	*ret_presented = (struct presented){ .serial = credentials->serial };
	if (!credentials->is_checked && check(connection, err) < 0)
		return -1;
	credentials->is_checked = true;
	if (!is_secure(connection))
		return 0;
	refresh_certificates(credentials);
	refresh_token(credentials);
	if (uses_plugin(connection) && refresh_answer(credentials, err) < 0)
		return -1;
	if (write_authorization(credentials, err) < 0)
		return -1;
	*ret_presented = (struct presented){
		.authorization = credentials->authorization.length ? credentials->authorization.bytes : NULL,
		.certificate = blob_of(&credentials->certificate.bytes),
		.key = blob_of(&credentials->key.bytes),
		.ca = blob_of(&credentials->ca.bytes),
		.generation = credentials->generation,
		.serial = credentials->serial,
	};
	if (credentials->has_answer) {
		ret_presented->certificate = credentials->answer.certificate;
		ret_presented->key = credentials->answer.key;
	}
	return 0;
}

bool credentials_reject(struct credentials *credentials, uint64_t serial)
{
	const struct connection *connection = credentials->connection;
	uint64_t before = credentials->serial;

	if (serial != before || !is_secure(connection))
		return serial != before;
	if (credentials->has_answer) {
		int64_t age = clock_now() - credentials->answered_at;

		if (credentials->answer_is_second && age >= 0 && age < FRESH_ANSWER_SECONDS)
			return false;
		credentials->answer_is_refused = true;
		return true;
	}
	if (connection->token_file)
		reread_token(credentials);
	if (connection->certificate_file && connection->key_file && reread_pair(credentials)) {
		credentials->generation++;
		credentials->serial++;
	}
	return credentials->serial != before;
}
