/* Flags over files, and what is wrong with the outcome. Source: k8s.io/client-go tools/clientcmd client_config.go
 * (getContext, getAuthInfo, getCluster, ConfirmUsable) and validation.go, v0.34. */
#include "connection.h"

#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/file.h"
#include "clusterutils/util/quote.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/url.h"

static bool is_given(const char *text)
{
	return text && *text;
}

static void overlay(const char **target, const char *text)
{
	if (is_given(text))
		*target = text;
}

const char *connection_default_server(void)
{
	const char *server = getenv("KUBERNETES_MASTER");

	return is_given(server) ? server : "http://localhost:8080";
}

static void does_not_exist(const char *what, const char *name, struct error *err)
{
	AUTO_BUFFER quoted = { 0 };

	quote_text(&quoted, name, strlen(name));
	error_set(err, ERROR_NOT_FOUND, "%s %s does not exist", what, buffer_text(&quoted));
}

/* --- flags over files --- */

static void resolve_context(struct resolved *resolved)
{
	const struct connection_flags *flags = resolved->flags;
	const struct kubeconfig_context *context;
	bool is_required = is_given(flags->context);

	resolved->context_name = is_required       ? flags->context
		: resolved->config.current_context ? resolved->config.current_context
						   : "";
	context = kubeconfig_context(&resolved->config, resolved->context_name);
	resolved->has_context = context != NULL;
	if (context) {
		resolved->context = *context;
	} else if (is_required) {
		does_not_exist("context", resolved->context_name, &resolved->context_error);
		return;
	}
	overlay(&resolved->context.cluster, flags->cluster);
	overlay(&resolved->context.user, flags->user);
	overlay(&resolved->context.namespace, flags->namespace);
}

/* Values of a key on the command line replace those of the file. An entry without "=" is passed over. */
static void overlay_extra(const struct option_list *list, struct arena *arena, struct impersonation *impersonation)
{
	size_t capacity = impersonation->extra_count + list->count;
	struct impersonation_extra *extra = ARENA_ARRAY(arena, capacity + 1, struct impersonation_extra);
	size_t kept = impersonation->extra_count, count = kept;

	for (size_t i = 0; i < kept; i++)
		extra[i] = impersonation->extra[i];
	for (size_t i = 0; i < list->count; i++) {
		const char *equals = strchr(list->items[i], '=');
		const char *key;
		size_t at = 0;

		if (!equals)
			continue;
		key = arena_copy(arena, list->items[i], (size_t)(equals - list->items[i]));
		while (at < count && strcmp(extra[at].key, key) != 0)
			at++;
		if (at == count)
			extra[count++] = (struct impersonation_extra){ .key = key };
		/* A list of the file is not the array that this made. */
		if (at < kept && extra[at].values == impersonation->extra[at].values)
			extra[at] = (struct impersonation_extra){ .key = key };
		if (!extra[at].values)
			extra[at].values = ARENA_ARRAY(arena, list->count, const char *);
		extra[at].values[extra[at].value_count++] = equals + 1;
	}
	impersonation->extra = extra;
	impersonation->extra_count = count;
}

static void resolve_user(struct resolved *resolved)
{
	const struct connection_flags *flags = resolved->flags;
	struct kubeconfig_user *merged = &resolved->user;
	const struct kubeconfig_user *user;
	bool is_required = is_given(flags->user);

	resolved->user_name = is_required ? flags->user : resolved->context.user ? resolved->context.user : "";
	user = kubeconfig_user(&resolved->config, resolved->user_name);
	resolved->has_user = user != NULL;
	if (user) {
		*merged = *user;
	} else if (is_required) {
		does_not_exist("auth info", resolved->user_name, &resolved->user_error);
		return;
	}
	if (is_given(flags->client_certificate))
		merged->certificate = (struct blob){ 0 };
	if (is_given(flags->client_key))
		merged->key = (struct blob){ 0 };
	overlay(&merged->certificate_file, flags->client_certificate);
	overlay(&merged->key_file, flags->client_key);
	overlay(&merged->token, flags->token);
	overlay(&merged->impersonation.user, flags->as);
	overlay(&merged->impersonation.uid, flags->as_uid);
	if (flags->as_groups.count) {
		merged->impersonation.groups = flags->as_groups.items;
		merged->impersonation.group_count = flags->as_groups.count;
	}
	if (flags->as_user_extra.count)
		overlay_extra(&flags->as_user_extra, resolved->arena, &merged->impersonation);
}

static void resolve_cluster(struct resolved *resolved)
{
	const struct connection_flags *flags = resolved->flags;
	struct kubeconfig_cluster *merged = &resolved->cluster;
	const struct kubeconfig_cluster *cluster;
	bool is_required = is_given(flags->cluster);

	resolved->cluster_name = is_required ? flags->cluster
		: resolved->context.cluster  ? resolved->context.cluster
					     : "";
	cluster = kubeconfig_cluster(&resolved->config, resolved->cluster_name);
	resolved->has_cluster = cluster != NULL;
	if (cluster) {
		*merged = *cluster;
	} else if (is_required) {
		does_not_exist("cluster", resolved->cluster_name, &resolved->cluster_error);
		return;
	}
	if (!merged->server)
		merged->server = connection_default_server();
	overlay(&merged->server, flags->server);
	if (flags->disable_compression)
		merged->disable_compression = true;
	/* A flag of these replaces all that the file says of the authority. */
	if (flags->insecure_skip_tls_verify || is_given(flags->certificate_authority)) {
		merged->insecure = flags->insecure_skip_tls_verify;
		merged->ca_file = is_given(flags->certificate_authority) ? flags->certificate_authority : NULL;
		merged->ca = (struct blob){ 0 };
	}
	/* The file's name is that of the file's server. */
	if (is_given(flags->tls_server_name) || is_given(flags->server))
		merged->tls_server_name = is_given(flags->tls_server_name) ? flags->tls_server_name : NULL;
}

int resolved_load(
	const struct connection_flags *flags, struct arena *arena, struct resolved *ret_resolved, struct error *err)
{
	*ret_resolved = (struct resolved){ .flags = flags, .arena = arena };
	if (kubeconfig_load(flags->kubeconfig, arena, &ret_resolved->config, err) < 0)
		return -1;
	resolve_context(ret_resolved);
	resolve_user(ret_resolved);
	resolve_cluster(ret_resolved);
	return 0;
}

/* --- what is wrong --- */

struct problems {
	struct error *err;
	size_t count;
	bool is_no_context; /* the first one is that the context is not there */
};

static void add_problem(struct problems *problems, const char *format, ...) PRINTF_LIKE(2, 3);

/* One is a sentence of its own; several stand in a list, as kubectl's MultilineError has it. */
static void add_problem(struct problems *problems, const char *format, ...)
{
	AUTO_BUFFER sentence = { 0 };
	struct error first;
	va_list args;

	va_start(args, format);
	buffer_vprintf(&sentence, format, args);
	va_end(args);
	if (problems->count++ == 0) {
		error_set(problems->err, ERROR_INVALID, "%s", buffer_text(&sentence));
		return;
	}
	if (problems->count == 2) {
		first = *problems->err;
		error_set_whole(problems->err, ERROR_INVALID, "Error in configuration: ");
		error_add_line(problems->err, "* %s", first.message);
	}
	error_add_line(problems->err, "* %s", buffer_text(&sentence));
}

static void check_file(struct problems *problems, const char *what, const char *path, const char *name)
{
	struct error cause;

	if (path && file_check(path, &cause) < 0)
		add_problem(problems, "unable to read %s %s for %s due to %s", what, path, name, cause.message);
}

int connection_check_proxy(const char *proxy, struct arena *arena, struct error *err)
{
	AUTO_BUFFER quoted = { 0 };
	struct url url;
	struct error ignored;

	if (url_parse(proxy, arena, &url, &ignored) < 0)
		return error_set(err, ERROR_INVALID, "could not parse: %s", proxy);
	if (strcmp(url.scheme, "http") == 0 || strcmp(url.scheme, "https") == 0 || strcmp(url.scheme, "socks5") == 0)
		return 0;
	quote_text(&quoted, url.scheme, strlen(url.scheme));
	return error_set(
		err, ERROR_INVALID, "unsupported scheme %s, must be http, https, or socks5", buffer_text(&quoted));
}

static void check_certificate(const struct resolved *resolved, struct problems *problems)
{
	const struct kubeconfig_user *user = &resolved->user;
	const char *name = resolved->user_name;

	if (!user->certificate_file && !user->certificate.length)
		return;
	if (user->certificate_file && user->certificate.length)
		add_problem(problems,
			"client-cert-data and client-cert are both specified for %s. client-cert-data will override.",
			name);
	if (user->key_file && user->key.length)
		add_problem(problems,
			"client-key-data and client-key are both specified for %s; client-key-data will override",
			name);
	if (!user->key_file && !user->key.length)
		add_problem(problems,
			"client-key-data or client-key must be specified for %s to use the clientCert authentication method.",
			name);
	check_file(problems, "client-cert", user->certificate_file, name);
	check_file(problems, "client-key", user->key_file, name);
}

static void check_exec(const struct resolved *resolved, struct problems *problems)
{
	const struct kubeconfig_exec *exec = resolved->user.exec;
	const char *name = resolved->user_name;
	AUTO_BUFFER quoted = { 0 };

	if (!exec)
		return;
	if (resolved->user.auth_provider)
		add_problem(
			problems, "authProvider cannot be provided in combination with an exec plugin for %s", name);
	if (!exec->command)
		add_problem(problems, "command must be specified for %s to use exec authentication plugin", name);
	if (!exec->api_version)
		add_problem(problems, "apiVersion must be specified for %s to use exec authentication plugin", name);
	for (size_t i = 0; i < exec->environment_count; i++)
		if (!exec->environment[i].name)
			add_problem(problems,
				"env variable name must be specified for %s to use exec authentication plugin", name);
	if (!exec->interactive) {
		add_problem(
			problems, "interactiveMode must be specified for %s to use exec authentication plugin", name);
	} else if (strcmp(exec->interactive, "Never") != 0 && strcmp(exec->interactive, "IfAvailable") != 0 &&
		strcmp(exec->interactive, "Always") != 0) {
		quote_text(&quoted, exec->interactive, strlen(exec->interactive));
		add_problem(problems, "invalid interactiveMode for %s: %s", name, buffer_text(&quoted));
	}
}

static void check_user(const struct resolved *resolved, struct problems *problems)
{
	const struct kubeconfig_user *user = &resolved->user;
	const struct impersonation *impersonation = &user->impersonation;

	check_certificate(resolved, problems);
	check_exec(resolved, problems);
	if (user->token && (user->username || user->password))
		add_problem(problems,
			"more than one authentication method found for %s; found [token basicAuth], only one is allowed",
			resolved->user_name);
	if (!impersonation->user && (impersonation->uid || impersonation->group_count || impersonation->extra_count))
		add_problem(problems, "requesting uid, groups or user-extra for %s without impersonating a user",
			resolved->user_name);
}

static void check_cluster(const struct resolved *resolved, struct problems *problems)
{
	const struct kubeconfig_cluster *cluster = &resolved->cluster;
	const char *name = resolved->cluster_name;
	AUTO_BUFFER quoted_name = { 0 }, quoted_proxy = { 0 };
	struct error cause;

	quote_text(&quoted_name, name, strlen(name));
	if (!cluster->server && !*name)
		add_problem(problems, "default cluster has no server defined");
	else if (!cluster->server)
		add_problem(problems, "no server found for cluster %s", buffer_text(&quoted_name));
	if (cluster->proxy_url && connection_check_proxy(cluster->proxy_url, resolved->arena, &cause) < 0) {
		quote_text(&quoted_proxy, cluster->proxy_url, strlen(cluster->proxy_url));
		add_problem(problems, "invalid 'proxy-url' %s for cluster %s: %s", buffer_text(&quoted_proxy),
			buffer_text(&quoted_name), cause.message);
	}
	if (cluster->ca_file && cluster->ca.length)
		add_problem(problems,
			"certificate-authority-data and certificate-authority are both specified for %s. "
			"certificate-authority-data will override.",
			name);
	check_file(problems, "certificate-authority", cluster->ca_file, name);
}

int resolved_check(const struct resolved *resolved, struct error *err)
{
	struct problems problems = { .err = err };
	struct error alone;

	if (*resolved->context_name && !resolved->has_context) {
		add_problem(&problems, "context was not found for specified context: %s", resolved->context_name);
		problems.is_no_context = true;
	}
	check_user(resolved, &problems);
	check_cluster(resolved, &problems);
	if (problems.count == 1 && problems.is_no_context) {
		alone = *err;
		error_set_whole(err, ERROR_INVALID, "Error in configuration: %s", alone.message);
	}
	return problems.count ? -1 : 0;
}
