/* The connection in force. Source: k8s.io/client-go tools/clientcmd client_config.go (ClientConfig, Namespace) and
 * merged_client_builder.go, v0.34. */
#include "connection.h"

#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/duration.h"
#include "clusterutils/util/file.h"
#include "clusterutils/util/quote.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/url.h"

static bool is_given(const char *text)
{
	return text && *text;
}

void connection_release(struct connection *connection)
{
	arena_release(&connection->arena);
	*connection = (struct connection){ 0 };
}

/* --- the server --- */

int connection_server_url(
	const char *host, bool default_tls, struct arena *arena, struct url *ret_url, struct error *err)
{
	AUTO_BUFFER quoted = { 0 };
	struct error ignored;

	if (url_parse(host, arena, ret_url, &ignored) == 0 && *ret_url->scheme && *ret_url->host)
		return 0;
	if (url_parse(arena_printf(arena, "%s%s", default_tls ? "https://" : "http://", host), arena, ret_url, err) < 0)
		return -1;
	if (!*ret_url->path || strcmp(ret_url->path, "/") == 0)
		return 0;
	quote_text(&quoted, host, strlen(host));
	return error_set(err, ERROR_INVALID, "host must be a URL or a host:port pair: %s", buffer_text(&quoted));
}

/* Query and fragment go, where there is a path that they could spoil. */
static const char *without_query(const char *host, struct arena *arena)
{
	struct url url;
	struct error ignored;

	if (url_parse_request(host, arena, &url, &ignored) < 0 || *url.opaque || strlen(url.path) < 2)
		return host;
	url.query = "";
	return url_text(&url, arena);
}

static bool is_secure(const char *host, struct arena *arena)
{
	struct url url;
	struct error ignored;

	return connection_server_url(host, false, arena, &url, &ignored) == 0 && strcmp(url.scheme, "https") == 0;
}

static int find_base_url(struct connection *connection, struct error *err)
{
	bool has_tls = connection->ca_file || connection->ca.length || connection->certificate_file ||
		connection->certificate.length || connection->insecure;
	struct arena *arena = &connection->arena;
	struct url url;

	if (connection_server_url(connection->host, has_tls, arena, &url, err) < 0)
		return -1;
	url.path = file_clean(arena_printf(arena, "/%s", url.path), arena);
	if (strcmp(url.path, "/") == 0)
		url.path = "";
	url.raw_path = url.query = url.fragment = "";
	url.forces_query = false;
	connection->base_url = url_text(&url, arena);
	return 0;
}

/* --- credentials --- */

int connection_read_file(const char *path, struct arena *arena, struct blob *ret_blob, struct error *err)
{
	AUTO_BUFFER bytes = { 0 };

	if (file_read(path, CREDENTIAL_MAX_SIZE, &bytes, err) < 0)
		return -1;
	*ret_blob = (struct blob){ bytes.length ? arena_copy(arena, bytes.bytes, bytes.length) : "", bytes.length };
	return 0;
}

/* Data wins over the file. */
static int load_blob(
	const char **file, const struct blob *data, struct arena *arena, struct blob *ret_blob, struct error *err)
{
	if (data->length) {
		*ret_blob = *data;
		*file = NULL;
		return 0;
	}
	return *file ? connection_read_file(*file, arena, ret_blob, err) : 0;
}

static void add_visible(const char *text, struct buffer *out)
{
	while (*text) {
		uint32_t c;
		size_t taken = text_decode(text, strlen(text), &c);
		bool is_blank = c >= 9 && c <= 13;

		if (!is_blank &&
			(c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || (c >= 0x200b && c <= 0x200f) ||
				(c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
				(c >= 0xe000 && c <= 0xf8ff)))
			buffer_printf(out, "U+%04X", (unsigned)c);
		else
			buffer_add(out, text, taken);
		text += taken;
	}
}

/* The exec section of the user with that of the cluster. */
static int take_exec(const struct resolved *resolved, struct connection *connection, struct error *err)
{
	const struct kubeconfig_exec *from = resolved->user.exec;
	struct exec_config *exec = ARENA_NEW(&connection->arena, struct exec_config);
	AUTO_BUFFER hint = { 0 }, json = { 0 };

	exec->command = from->command;
	exec->arguments = from->arguments;
	exec->argument_count = from->argument_count;
	exec->environment = from->environment;
	exec->environment_count = from->environment_count;
	exec->api_version = from->api_version;
	exec->provides_cluster_info = from->provides_cluster_info;
	exec->interactive = strcmp(from->interactive, "Never") == 0 ? EXEC_NEVER
		: strcmp(from->interactive, "Always") == 0          ? EXEC_ALWAYS
								    : EXEC_IF_AVAILABLE;
	if (from->install_hint) {
		add_visible(from->install_hint, &hint);
		exec->install_hint = arena_text(&connection->arena, buffer_text(&hint));
	}
	for (size_t i = 0; i < resolved->cluster.extension_count; i++) {
		const struct kubeconfig_extension *extension = &resolved->cluster.extensions[i];

		if (!text_equal(extension->name, "client.authentication.k8s.io/exec") || !extension->value)
			continue;
		if (yaml_to_json(extension->value, CREDENTIAL_MAX_SIZE, &json, err) < 0)
			return -1;
		exec->cluster_config = arena_text(&connection->arena, buffer_text(&json));
	}
	connection->exec = exec;
	return 0;
}

/* Who we are: never told to a server without TLS. */
static int take_user(const struct resolved *resolved, struct connection *connection, struct error *err)
{
	const struct kubeconfig_user *user = &resolved->user;
	struct blob bytes;

	connection->token = user->token;
	connection->token_file = user->token_file;
	if (!user->token && user->token_file) {
		if (connection_read_file(user->token_file, &connection->arena, &bytes, err) < 0)
			return -1;
		connection->token = bytes.length ? bytes.bytes : NULL;
	}
	if (user->certificate_file || user->certificate.length) {
		connection->certificate_file = user->certificate_file;
		connection->certificate = user->certificate;
		connection->key_file = user->key_file;
		connection->key = user->key;
	}
	connection->username = user->username;
	connection->password = user->password;
	if (user->auth_provider)
		connection->auth_provider = user->auth_provider->name ? user->auth_provider->name : "";
	return user->exec ? take_exec(resolved, connection, err) : 0;
}

static void take_server_identity(const struct resolved *resolved, struct connection *connection)
{
	connection->ca_file = resolved->cluster.ca_file;
	connection->ca = resolved->cluster.ca;
	connection->insecure = resolved->cluster.insecure;
	connection->tls_server_name = resolved->cluster.tls_server_name;
}

/* --- all of it --- */

static int parse_timeout(const char *text, int64_t *ret_nanoseconds, struct error *err)
{
	const char *digits = text[0] == '+' ? text + 1 : text;
	struct error ignored;
	uint64_t seconds;

	if (text_to_uint(digits, INT64_MAX, &seconds)) {
		*ret_nanoseconds =
			seconds > INT64_MAX / DURATION_SECOND ? INT64_MAX : (int64_t)seconds * DURATION_SECOND;
		return 0;
	}
	if (duration_parse(text, ret_nanoseconds, &ignored) == 0)
		return 0;
	return error_set(err, ERROR_USAGE,
		"Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a "
		"corresponding time unit (e.g. 1s | 2m | 3h)");
}

/* Of files and flags. Every refusal that client-go has comes here, in its order. */
static int take_resolved(const struct resolved *resolved, struct connection *connection, struct error *err)
{
	const struct error *missing = resolved->user_error.code != ERROR_NONE ? &resolved->user_error
		: resolved->context_error.code != ERROR_NONE                  ? &resolved->context_error
		: resolved->cluster_error.code != ERROR_NONE                  ? &resolved->cluster_error
									      : NULL;

	if (missing) {
		*err = *missing;
		return -1;
	}
	if (resolved_check(resolved, err) < 0)
		return -1;
	connection->host = resolved->cluster.server;
	connection->proxy_url = resolved->cluster.proxy_url;
	connection->disable_compression = resolved->cluster.disable_compression;
	if (is_given(resolved->flags->request_timeout) &&
		parse_timeout(resolved->flags->request_timeout, &connection->timeout_ns, err) < 0)
		return -1;
	connection->host = without_query(connection->host, resolved->arena);
	if (resolved->user.impersonation.user)
		connection->impersonation = resolved->user.impersonation;
	if (!is_secure(connection->host, resolved->arena))
		return 0;
	if (take_user(resolved, connection, err) < 0)
		return -1;
	take_server_identity(resolved, connection);
	return 0;
}

/* Whether neither files nor flags say anything: then a pod's own connection is meant. */
static bool is_default(const struct connection *connection, struct arena *arena)
{
	return strcmp(connection->host, without_query(connection_default_server(), arena)) == 0 &&
		!connection->tls_server_name && !connection->insecure && !connection->ca_file &&
		!connection->ca.length && !connection->certificate_file && !connection->certificate.length &&
		!connection->token && !connection->token_file && !connection->username && !connection->password &&
		!connection->impersonation.user && !connection->exec && !connection->auth_provider &&
		!connection->proxy_url && !connection->timeout_ns && !connection->disable_compression;
}

static int load_blobs(struct connection *connection, struct error *err)
{
	struct blob ca = connection->ca, certificate = connection->certificate, key = connection->key;

	if (load_blob(&connection->ca_file, &ca, &connection->arena, &connection->ca, err) < 0 ||
		load_blob(&connection->certificate_file, &certificate, &connection->arena, &connection->certificate,
			err) < 0)
		return -1;
	return load_blob(&connection->key_file, &key, &connection->arena, &connection->key, err);
}

static int find_namespace(
	const struct resolved *resolved, const char **ret_namespace, bool *ret_is_set, struct error *err)
{
	const char *namespace = resolved->context.namespace;

	*ret_is_set = is_given(resolved->flags->namespace);
	if (*ret_is_set) {
		*ret_namespace = resolved->flags->namespace;
		return 0;
	}
	if (resolved_check(resolved, err) < 0)
		return -1;
	*ret_namespace = namespace ? namespace : "default";
	if (!namespace && pod_is_possible())
		*ret_namespace = pod_namespace(resolved->arena, ret_is_set);
	return 0;
}

int kubeconfig_namespace(const struct connection_flags *flags, struct arena *arena, const char **ret_namespace,
	bool *ret_is_set, struct error *err)
{
	struct resolved resolved;

	if (resolved_load(flags, arena, &resolved, err) < 0)
		return -1;
	return find_namespace(&resolved, ret_namespace, ret_is_set, err);
}

static int load(const struct connection_flags *flags, struct connection *connection, struct error *err)
{
	struct arena *arena = &connection->arena;
	struct resolved resolved;
	struct connection in_files;

	/* As kubectl's commands do: first the namespace, which is refused with all that is wrong. */
	if (resolved_load(flags, arena, &resolved, err) < 0 ||
		find_namespace(&resolved, &connection->namespace, &connection->namespace_is_set, err) < 0)
		return -1;
	in_files = *connection;
	if (take_resolved(&resolved, connection, err) < 0)
		return -1;
	connection->context = is_given(resolved.context_name) ? resolved.context_name : NULL;
	connection->cluster = is_given(resolved.cluster_name) ? resolved.cluster_name : NULL;
	connection->user = is_given(resolved.user_name) ? resolved.user_name : NULL;
	connection->context_misses_cluster = connection->context && !resolved.has_cluster && !is_given(flags->server);
	connection->context_misses_user = connection->user && !resolved.has_user && !is_given(flags->token) &&
		!is_given(flags->client_certificate);
	if (is_default(connection, arena) && pod_is_possible()) {
		in_files.arena = connection->arena;
		*connection = in_files;
		if (pod_connection(flags, connection, err) < 0)
			return -1;
	}
	if (load_blobs(connection, err) < 0)
		return -1;
	return find_base_url(connection, err);
}

int connection_load(const struct connection_flags *flags, struct connection *ret_connection, struct error *err)
{
	*ret_connection = (struct connection){ 0 };
	if (load(flags, ret_connection, err) == 0)
		return 0;
	connection_release(ret_connection);
	return -1;
}

int connection_check_references(const struct connection *connection, struct error *err)
{
	if (connection->context_misses_cluster && !connection->cluster)
		return error_set(err, ERROR_INVALID, "context \"%s\" names no cluster", connection->context);
	if (connection->context_misses_cluster)
		return error_set(err, ERROR_INVALID,
			"context \"%s\" names the cluster \"%s\", which is in no kubeconfig", connection->context,
			connection->cluster);
	if (connection->context_misses_user)
		return error_set(err, ERROR_INVALID, "context \"%s\" names the user \"%s\", who is in no kubeconfig",
			connection->context ? connection->context : "", connection->user);
	return 0;
}
