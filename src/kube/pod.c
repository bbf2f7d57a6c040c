/* The connection of a program that runs in a pod. Source: k8s.io/client-go rest.InClusterConfig and tools/clientcmd
 * inClusterClientConfig, v0.34: of all flags only server, token and authority count. */
#include "connection.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "clusterutils/util/file.h"
#include "clusterutils/util/text.h"
#include "pem.h"

const char *kubeconfig_service_account = "/var/run/secrets/kubernetes.io/serviceaccount";

static const char *account_path(const char *name, struct arena *arena)
{
	return arena_printf(arena, "%s/%s", kubeconfig_service_account, name);
}

static bool is_given(const char *text)
{
	return text && *text;
}

bool pod_is_possible(void)
{
	AUTO_ARENA arena = { 0 };
	struct stat status;

	return is_given(getenv("KUBERNETES_SERVICE_HOST")) && is_given(getenv("KUBERNETES_SERVICE_PORT")) &&
		stat(account_path("token", &arena), &status) == 0 && !S_ISDIR(status.st_mode);
}

int pod_connection(const struct connection_flags *flags, struct connection *connection, struct error *err)
{
	struct arena *arena = &connection->arena;
	const char *host = getenv("KUBERNETES_SERVICE_HOST"), *port = getenv("KUBERNETES_SERVICE_PORT");
	const char *ca_file = account_path("ca.crt", arena), *token_file = account_path("token", arena);
	struct blob bytes;
	struct error ignored;

	if (!host || !port) {
		error_set(err, ERROR_FAILED, "this is no pod");
		return -1;
	}
	connection->is_in_cluster = true;
	connection->host = strchr(host, ':') ? arena_printf(arena, "https://[%s]:%s", host, port)
					     : arena_printf(arena, "https://%s:%s", host, port);
	if (connection_read_file(token_file, arena, &bytes, err) < 0)
		return -1;
	connection->token = bytes.length ? bytes.bytes : NULL;
	connection->token_file = token_file;
	/* Upstream logs it and goes on, too. */
	if (connection_read_file(ca_file, arena, &bytes, &ignored) == 0 && pem_check_authority(&bytes, &ignored) == 0)
		connection->ca_file = ca_file;
	if (is_given(flags->server))
		connection->host = flags->server;
	if (is_given(flags->token)) {
		connection->token = flags->token;
		connection->token_file = NULL;
	}
	if (is_given(flags->certificate_authority))
		connection->ca_file = flags->certificate_authority;
	return 0;
}

const char *pod_namespace(struct arena *arena, bool *ret_is_told)
{
	static const char blanks[] = " \t\n\v\f\r";
	const char *namespace = getenv("POD_NAMESPACE");
	AUTO_BUFFER bytes = { 0 };
	struct error ignored;

	*ret_is_told = true;
	if (is_given(namespace))
		return arena_text(arena, namespace);
	if (file_read(account_path("namespace", arena), CREDENTIAL_MAX_SIZE, &bytes, &ignored) == 0) {
		const char *text = buffer_text(&bytes);
		size_t length;

		text += strspn(text, blanks);
		length = strlen(text);
		while (length && strchr(blanks, text[length - 1]))
			length--;
		if (length)
			return arena_copy(arena, text, length);
	}
	*ret_is_told = false;
	return "default";
}
