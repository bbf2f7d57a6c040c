/* How to reach a cluster: kubeconfig files, flags, environment and the service account of a pod, read and merged
 * exactly as kubectl does. Source: k8s.io/client-go tools/clientcmd and k8s.io/cli-runtime genericclioptions, v0.34;
 * facts in words of its own where they surprise. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/util/arena.h"
#include "clusterutils/util/error.h"
#include "clusterutils/util/options.h"

/* Flags of every kubectl command. NULL or "" where not given. */
struct connection_flags {
	const char *kubeconfig, *context, *cluster, *user;
	const char *namespace;
	const char *server, *tls_server_name, *certificate_authority;
	const char *client_certificate, *client_key;
	const char *token;
	const char *as, *as_uid;
	struct option_list as_groups, as_user_extra; /* extra: "key=value" */
	const char *request_timeout;                 /* "0", "30", "1m" */
	const char *cache_dir;
	bool insecure_skip_tls_verify;
	bool disable_compression;
};

/* Bytes with their length; bytes is NULL where there are none. */
struct blob {
	const char *bytes;
	size_t length;
};

struct environment_entry {
	const char *name, *value;
};

/* A credential plugin. Source: k8s.io/client-go/plugin/pkg/client/auth/exec, v0.34. */
struct exec_config {
	const char *command; /* a path relative to the kubeconfig is resolved; a bare name is for PATH */
	const char **arguments;
	size_t argument_count;
	struct environment_entry *environment;
	size_t environment_count;
	const char *api_version; /* "client.authentication.k8s.io/v1" */
	const char *install_hint;
	bool provides_cluster_info;
	enum exec_interactive { EXEC_NEVER, EXEC_IF_AVAILABLE, EXEC_ALWAYS } interactive;
	const char
		*cluster_config; /* JSON of the cluster's extension client.authentication.k8s.io/exec; NULL for none */
};

struct impersonation {
	const char *user, *uid; /* NULL for none */
	const char **groups;
	size_t group_count;
	struct impersonation_extra {
		const char *key;
		const char **values;
		size_t value_count;
	} * extra;
	size_t extra_count;
};

/* The connection in force: files merged, flags applied, checked. Texts are NULL where not set, never "". */
struct connection {
	struct arena arena;          /* owns everything below */
	const char *context;         /* in force; NULL where there is none (flags alone, in-cluster) */
	const char *cluster, *user;  /* as the context or the flags name them; NULL where they do not */
	bool context_misses_cluster; /* it names none that there is, and no flag gives a server in its place */
	bool context_misses_user;    /* it names one that there is not, and no flag gives credentials */
	const char *namespace;       /* never NULL: "default" at last */
	bool namespace_is_set; /* by a flag, by in-cluster environment or file: not the default nor the context's */
	const char *host;      /* the server as given, query and fragment cut */
	const char *base_url;  /* scheme, host, port and prefix, without a trailing slash: what a path is added to */
	const char *tls_server_name;
	bool insecure;
	const char *ca_file, *certificate_file, *key_file; /* to be read again when they change; NULL with data */
	struct blob ca, certificate, key;                  /* as in force now: PEM, of data or files */
	const char *token, *token_file;                    /* the file's token wins, as in client-go */
	const char *username, *password;
	struct impersonation impersonation;
	struct exec_config *exec;  /* NULL for none */
	const char *auth_provider; /* its name: an error for everyone but those who only look */
	const char *proxy_url;     /* of the kubeconfig; NULL: the environment decides (kube/proxy.h) */
	int64_t timeout_ns;        /* --request-timeout; 0 for none */
	bool disable_compression;
	bool is_in_cluster;
};

/* Reads files, flags and environment. Errors are worded as kubectl words them, with error.is_whole_line where kubectl
 * does not print "error: " in front. */
int connection_load(
	const struct connection_flags *flags, struct connection *ret_connection, struct error *err) MUST_USE;
void connection_release(struct connection *connection);

/* A context that names an unknown cluster or user: kubectl would ask http://localhost:8080, without credentials. An
 * error here, for it is never what was meant; for commands, after connection_load. */
int connection_check_references(const struct connection *connection, struct error *err) MUST_USE;

/* The namespace alone, which may be known where the connection is not. In the arena. connection_load has done it. */
int kubeconfig_namespace(const struct connection_flags *flags, struct arena *arena, const char **ret_namespace,
	bool *ret_is_set, struct error *err) MUST_USE;

/* Where a pod finds its service account: "/var/run/secrets/kubernetes.io/serviceaccount". For tests to set. */
extern const char *kubeconfig_service_account;

/* The contexts of the merged files, sorted, and the current one, NULL for none; for completion. In the arena. */
int kubeconfig_contexts(const struct connection_flags *flags, struct arena *arena, const char ***ret_names,
	size_t *ret_count, const char **ret_current, struct error *err) MUST_USE;
