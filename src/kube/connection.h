/* Between files, flags and what they come to: shared by the parts of connection_load. */
#pragma once

#include "clusterutils/kube/kubeconfig.h"
#include "kubeconfig_file.h"

/* What the files say after flags have been laid over them. */
struct resolved {
	const struct connection_flags *flags;
	struct kubeconfig config;
	struct arena *arena;
	struct kubeconfig_context context;
	struct kubeconfig_user user;
	struct kubeconfig_cluster cluster;
	const char *context_name, *user_name, *cluster_name; /* never NULL */
	bool has_context, has_user, has_cluster;             /* the files have it */
	/* What is wrong where a flag names something that is not there; code ERROR_NONE where all is well. The part is
	 * then empty. */
	struct error context_error, user_error, cluster_error;
};

/* Loads the files and resolves; the flags stay referenced. */
int resolved_load(const struct connection_flags *flags, struct arena *arena, struct resolved *ret_resolved,
	struct error *err) MUST_USE;

/* Everything that is wrong with the parts in force, as kubectl prints it. */
int resolved_check(const struct resolved *resolved, struct error *err) MUST_USE;

/* $KUBERNETES_MASTER or http://localhost:8080. */
const char *connection_default_server(void) RETURNS_NONNULL;

/* The URL of a server that may lack its scheme. Source: k8s.io/client-go/rest DefaultServerURL. */
struct url;
int connection_server_url(
	const char *host, bool default_tls, struct arena *arena, struct url *ret_url, struct error *err) MUST_USE;

/* A proxy-url: http, https or socks5. */
int connection_check_proxy(const char *proxy, struct arena *arena, struct error *err) MUST_USE;

/* Reads a certificate, key or authority file. */
enum { CREDENTIAL_MAX_SIZE = 4 << 20 };
int connection_read_file(const char *path, struct arena *arena, struct blob *ret_blob, struct error *err) MUST_USE;

/* --- in a pod --- */

bool pod_is_possible(void);
int pod_connection(const struct connection_flags *flags, struct connection *connection, struct error *err) MUST_USE;
const char *pod_namespace(struct arena *arena, bool *ret_is_told) RETURNS_NONNULL;
