/* What one kubeconfig file says, typed but not yet checked for sense; and all files merged. */
#pragma once

#include "clusterutils/kube/kubeconfig.h"
#include "clusterutils/util/yaml.h"

enum { KUBECONFIG_MAX_SIZE = 16 << 20 };

struct kubeconfig_extension {
	const char *name;
	const struct yaml_node *value; /* NULL for null */
};

/* As the file has them: NULL where absent or empty, which Go does not tell apart. */
struct kubeconfig_cluster {
	const char *server, *tls_server_name, *ca_file, *proxy_url;
	struct blob ca;
	bool insecure, disable_compression;
	struct kubeconfig_extension *extensions;
	size_t extension_count;
};

struct kubeconfig_exec {
	const char *command, *api_version, *install_hint, *interactive;
	const char **arguments;
	size_t argument_count;
	struct environment_entry *environment;
	size_t environment_count;
	bool provides_cluster_info;
};

struct kubeconfig_auth_provider {
	const char *name;
};

struct kubeconfig_user {
	const char *certificate_file, *key_file, *token, *token_file, *username, *password;
	struct blob certificate, key;
	struct impersonation impersonation;
	struct kubeconfig_auth_provider *auth_provider;
	struct kubeconfig_exec *exec;
	struct kubeconfig_extension *extensions;
	size_t extension_count;
};

struct kubeconfig_context {
	const char *cluster, *user, *namespace;
	struct kubeconfig_extension *extensions;
	size_t extension_count;
};

struct kubeconfig_named_cluster {
	const char *name;
	struct kubeconfig_cluster cluster;
};

struct kubeconfig_named_user {
	const char *name;
	struct kubeconfig_user user;
};

struct kubeconfig_named_context {
	const char *name;
	struct kubeconfig_context context;
};

struct kubeconfig {
	struct kubeconfig_named_cluster *clusters;
	struct kubeconfig_named_user *users;
	struct kubeconfig_named_context *contexts;
	size_t cluster_count, user_count, context_count;
	const char *current_context;
	struct kubeconfig_extension *extensions;
	size_t extension_count;
};

/* One file's bytes. Strictly typed, as Go's JSON decoder into client-go's v1.Config; names are unique in the result. */
int kubeconfig_parse(const char *text, size_t length, struct arena *arena, struct kubeconfig *ret_config,
	struct error *err) MUST_USE;

/* The files that flag and environment name, merged; paths in them absolute. */
int kubeconfig_load(
	const char *explicit_path, struct arena *arena, struct kubeconfig *ret_config, struct error *err) MUST_USE;

/* NULL where there is none; "" for NULL. */
const struct kubeconfig_cluster *kubeconfig_cluster(const struct kubeconfig *config, const char *name);
const struct kubeconfig_user *kubeconfig_user(const struct kubeconfig *config, const char *name);
const struct kubeconfig_context *kubeconfig_context(const struct kubeconfig *config, const char *name);
