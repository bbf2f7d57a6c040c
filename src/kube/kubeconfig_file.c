#include "kubeconfig_file.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "clusterutils/util/quote.h"
#include "clusterutils/util/text.h"
#include "shape.h"

/* --- client-go's tools/clientcmd/api/v1 types.go as tables --- */

#define AT(type, member) .offset = offsetof(struct type, member)
#define LIST_AT(type, member, count) \
	.offset = offsetof(struct type, member), .count_offset = offsetof(struct type, count)

struct preferences {
	bool colors;
	struct kubeconfig_extension *extensions;
	size_t extension_count;
};

static const struct field extension_fields[] = {
	{ "extension", FIELD_ANY, AT(kubeconfig_extension, value) },
	{ "name", FIELD_TEXT, AT(kubeconfig_extension, name) },
	{ 0 },
};
static const struct shape extension_shape = { "NamedExtension", sizeof(struct kubeconfig_extension), extension_fields };

static const struct field preferences_fields[] = {
	{ "colors", FIELD_BOOL, AT(preferences, colors) },
	{ "extensions", FIELD_STRUCTS, LIST_AT(preferences, extensions, extension_count), .shape = &extension_shape },
	{ 0 },
};
static const struct shape preferences_shape = { "Preferences", sizeof(struct preferences), preferences_fields };

static const struct field cluster_fields[] = {
	{ "certificate-authority", FIELD_TEXT, AT(kubeconfig_cluster, ca_file) },
	{ "certificate-authority-data", FIELD_BYTES, AT(kubeconfig_cluster, ca) },
	{ "disable-compression", FIELD_BOOL, AT(kubeconfig_cluster, disable_compression) },
	{ "extensions", FIELD_STRUCTS, LIST_AT(kubeconfig_cluster, extensions, extension_count),
		.shape = &extension_shape },
	{ "insecure-skip-tls-verify", FIELD_BOOL, AT(kubeconfig_cluster, insecure) },
	{ "proxy-url", FIELD_TEXT, AT(kubeconfig_cluster, proxy_url) },
	{ "server", FIELD_TEXT, AT(kubeconfig_cluster, server) },
	{ "tls-server-name", FIELD_TEXT, AT(kubeconfig_cluster, tls_server_name) },
	{ 0 },
};
static const struct shape cluster_shape = { "Cluster", sizeof(struct kubeconfig_cluster), cluster_fields };

static const struct field named_cluster_fields[] = {
	{ "cluster", FIELD_STRUCT, AT(kubeconfig_named_cluster, cluster), .shape = &cluster_shape },
	{ "name", FIELD_TEXT, AT(kubeconfig_named_cluster, name) },
	{ 0 },
};
static const struct shape named_cluster_shape = { "NamedCluster", sizeof(struct kubeconfig_named_cluster),
	named_cluster_fields };

static const struct field auth_provider_fields[] = {
	{ "config", FIELD_TEXT_MAP, .offset = 0 },
	{ "name", FIELD_TEXT, AT(kubeconfig_auth_provider, name) },
	{ 0 },
};
static const struct shape auth_provider_shape = { "AuthProviderConfig", sizeof(struct kubeconfig_auth_provider),
	auth_provider_fields };

static const struct field environment_fields[] = {
	{ "name", FIELD_TEXT, AT(environment_entry, name) },
	{ "value", FIELD_TEXT, AT(environment_entry, value) },
	{ 0 },
};
static const struct shape environment_shape = { "ExecEnvVar", sizeof(struct environment_entry), environment_fields };

static const struct field exec_fields[] = {
	{ "apiVersion", FIELD_TEXT, AT(kubeconfig_exec, api_version) },
	{ "args", FIELD_TEXTS, LIST_AT(kubeconfig_exec, arguments, argument_count) },
	{ "command", FIELD_TEXT, AT(kubeconfig_exec, command) },
	{ "env", FIELD_STRUCTS, LIST_AT(kubeconfig_exec, environment, environment_count), .shape = &environment_shape },
	{ "installHint", FIELD_TEXT, AT(kubeconfig_exec, install_hint) },
	{ "interactiveMode", FIELD_TEXT, AT(kubeconfig_exec, interactive), .type_name = "v1.ExecInteractiveMode" },
	{ "provideClusterInfo", FIELD_BOOL, AT(kubeconfig_exec, provides_cluster_info) },
	{ 0 },
};
static const struct shape exec_shape = { "ExecConfig", sizeof(struct kubeconfig_exec), exec_fields };

static const struct field user_fields[] = {
	{ "as", FIELD_TEXT, AT(kubeconfig_user, impersonation.user) },
	{ "as-groups", FIELD_TEXTS, LIST_AT(kubeconfig_user, impersonation.groups, impersonation.group_count) },
	{ "as-uid", FIELD_TEXT, AT(kubeconfig_user, impersonation.uid) },
	{ "as-user-extra", FIELD_TEXTS_MAP, LIST_AT(kubeconfig_user, impersonation.extra, impersonation.extra_count) },
	{ "auth-provider", FIELD_POINTER, AT(kubeconfig_user, auth_provider), .shape = &auth_provider_shape },
	{ "client-certificate", FIELD_TEXT, AT(kubeconfig_user, certificate_file) },
	{ "client-certificate-data", FIELD_BYTES, AT(kubeconfig_user, certificate) },
	{ "client-key", FIELD_TEXT, AT(kubeconfig_user, key_file) },
	{ "client-key-data", FIELD_BYTES, AT(kubeconfig_user, key) },
	{ "exec", FIELD_POINTER, AT(kubeconfig_user, exec), .shape = &exec_shape },
	{ "extensions", FIELD_STRUCTS, LIST_AT(kubeconfig_user, extensions, extension_count),
		.shape = &extension_shape },
	{ "password", FIELD_TEXT, AT(kubeconfig_user, password) },
	{ "token", FIELD_TEXT, AT(kubeconfig_user, token) },
	{ "tokenFile", FIELD_TEXT, AT(kubeconfig_user, token_file) },
	{ "username", FIELD_TEXT, AT(kubeconfig_user, username) },
	{ 0 },
};
static const struct shape user_shape = { "AuthInfo", sizeof(struct kubeconfig_user), user_fields };

static const struct field named_user_fields[] = {
	{ "name", FIELD_TEXT, AT(kubeconfig_named_user, name) },
	{ "user", FIELD_STRUCT, AT(kubeconfig_named_user, user), .shape = &user_shape },
	{ 0 },
};
static const struct shape named_user_shape = { "NamedAuthInfo", sizeof(struct kubeconfig_named_user),
	named_user_fields };

static const struct field context_fields[] = {
	{ "cluster", FIELD_TEXT, AT(kubeconfig_context, cluster) },
	{ "extensions", FIELD_STRUCTS, LIST_AT(kubeconfig_context, extensions, extension_count),
		.shape = &extension_shape },
	{ "namespace", FIELD_TEXT, AT(kubeconfig_context, namespace) },
	{ "user", FIELD_TEXT, AT(kubeconfig_context, user) },
	{ 0 },
};
static const struct shape context_shape = { "Context", sizeof(struct kubeconfig_context), context_fields };

static const struct field named_context_fields[] = {
	{ "context", FIELD_STRUCT, AT(kubeconfig_named_context, context), .shape = &context_shape },
	{ "name", FIELD_TEXT, AT(kubeconfig_named_context, name) },
	{ 0 },
};
static const struct shape named_context_shape = { "NamedContext", sizeof(struct kubeconfig_named_context),
	named_context_fields };

static const struct field config_fields[] = {
	{ "clusters", FIELD_STRUCTS, LIST_AT(kubeconfig, clusters, cluster_count), .shape = &named_cluster_shape },
	{ "contexts", FIELD_STRUCTS, LIST_AT(kubeconfig, contexts, context_count), .shape = &named_context_shape },
	{ "current-context", FIELD_TEXT, AT(kubeconfig, current_context) },
	{ "extensions", FIELD_STRUCTS, LIST_AT(kubeconfig, extensions, extension_count), .shape = &extension_shape },
	{ "preferences", FIELD_IGNORED, .offset = 0, .shape = &preferences_shape },
	{ "users", FIELD_STRUCTS, LIST_AT(kubeconfig, users, user_count), .shape = &named_user_shape },
	{ 0 },
};
static const struct shape config_shape = { "Config", sizeof(struct kubeconfig), config_fields };

/* --- kind and version, found before anything else and whatever the case of their keys --- */

/* Of several spellings the last in the order of their bytes counts. */
static int find_type_text(const struct yaml_node *root, const char *key, const char **ret_text, struct error *err)
{
	static const char *const names[] = { [YAML_BOOL] = "bool",
		[YAML_INT] = "number",
		[YAML_FLOAT] = "number",
		[YAML_TEXT] = "string",
		[YAML_LIST] = "array",
		[YAML_MAP] = "object" };
	const struct yaml_node *found = NULL;

	*ret_text = "";
	for (const struct yaml_node *node = root->first; node; node = node->next) {
		if (strcasecmp(node->key, key) != 0 || node->type == YAML_NULL || yaml_find(root, node->key) != node)
			continue;
		if (node->type != YAML_TEXT)
			return error_set(err, ERROR_INVALID,
				"couldn't get version/kind; json parse error: json: cannot unmarshal %s into Go struct field .%s of type string",
				names[node->type], key);
		if (!found || strcmp(node->key, found->key) >= 0)
			found = node;
	}
	if (found)
		*ret_text = found->text;
	return 0;
}

static int not_registered(const char *kind, const char *version, struct error *err)
{
	AUTO_BUFFER quoted_kind = { 0 }, quoted_version = { 0 };

	quote_text(&quoted_kind, kind, strlen(kind));
	quote_text(&quoted_version, version, strlen(version));
	return error_set(err, ERROR_INVALID, "no kind %s is registered for version %s", buffer_text(&quoted_kind),
		buffer_text(&quoted_version));
}

static int check_kind(const struct yaml_node *root, struct error *err)
{
	const char *version, *kind;

	if (root->type == YAML_NULL)
		return 0;
	if (root->type != YAML_MAP)
		return error_set(err, ERROR_INVALID,
			"couldn't get version/kind; json parse error: json: cannot unmarshal %s into Go value of type struct "
			"{ APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string "
			"\"json:\\\"kind,omitempty\\\"\" }",
			root->type == YAML_LIST           ? "array"
				: root->type == YAML_TEXT ? "string"
				: root->type == YAML_BOOL ? "bool"
							  : "number");
	if (find_type_text(root, "apiVersion", &version, err) < 0 || find_type_text(root, "kind", &kind, err) < 0)
		return -1;
	if (*version && strchr(version, '/') != strrchr(version, '/'))
		return error_set(err, ERROR_INVALID, "unexpected GroupVersion string: %s", version);
	if (!*kind)
		kind = "Config";
	if (!*version || strcmp(version, "/") == 0)
		version = "v1";
	if (strcmp(kind, "Config") != 0 || (strcmp(version, "v1") != 0 && strcmp(version, "/v1") != 0))
		return not_registered(kind, version, err);
	return 0;
}

/* --- lists become maps: a name twice is an error --- */

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The name is the first member of an item of each list. */
static int check_unique(
	const void *items, size_t count, size_t size, const char *type, struct arena *arena, struct error *err)
{
	const char **names = ARENA_ARRAY(arena, count + 1, const char *);

	for (size_t i = 0; i < count; i++) {
		const char *name = *(const char *const *)(const void *)((const char *)items + i * size);

		names[i] = name ? name : "";
	}
	if (count)
		qsort(names, count, sizeof(*names), compare_names);
	/* Upstream prints the whole list here, secrets included. */
	for (size_t i = 1; i < count; i++)
		if (strcmp(names[i - 1], names[i]) == 0)
			return error_set(err, ERROR_INVALID,
				"error converting *[]Named%s into *map[string]%s%s: "
				"duplicate name \"%s\" in list",
				type, strcmp(type, "Extension") ? "*api." : "runtime.",
				strcmp(type, "Extension") ? type : "Object", names[i]);
	return 0;
}

static int check_extensions(
	const struct kubeconfig_extension *extensions, size_t count, struct arena *arena, struct error *err)
{
	return check_unique(extensions, count, sizeof(*extensions), "Extension", arena, err);
}

static int check_names(const struct kubeconfig *config, struct arena *arena, struct error *err)
{
	for (size_t i = 0; i < config->cluster_count; i++)
		if (check_extensions(config->clusters[i].cluster.extensions,
			    config->clusters[i].cluster.extension_count, arena, err) < 0)
			return -1;
	if (check_unique(config->clusters, config->cluster_count, sizeof(*config->clusters), "Cluster", arena, err) < 0)
		return -1;
	for (size_t i = 0; i < config->user_count; i++)
		if (check_extensions(
			    config->users[i].user.extensions, config->users[i].user.extension_count, arena, err) < 0)
			return -1;
	if (check_unique(config->users, config->user_count, sizeof(*config->users), "AuthInfo", arena, err) < 0)
		return -1;
	for (size_t i = 0; i < config->context_count; i++)
		if (check_extensions(config->contexts[i].context.extensions,
			    config->contexts[i].context.extension_count, arena, err) < 0)
			return -1;
	if (check_unique(config->contexts, config->context_count, sizeof(*config->contexts), "Context", arena, err) < 0)
		return -1;
	return check_extensions(config->extensions, config->extension_count, arena, err);
}

/* Older plugins need not say whether they ask questions. */
static void set_defaults(struct kubeconfig *config)
{
	for (size_t i = 0; i < config->user_count; i++) {
		struct kubeconfig_exec *exec = config->users[i].user.exec;

		if (exec && !exec->interactive && exec->api_version &&
			(strcmp(exec->api_version, "client.authentication.k8s.io/v1beta1") == 0 ||
				strcmp(exec->api_version, "client.authentication.k8s.io/v1alpha1") == 0))
			exec->interactive = "IfAvailable";
	}
}

int kubeconfig_parse(
	const char *text, size_t length, struct arena *arena, struct kubeconfig *ret_config, struct error *err)
{
	AUTO_BUFFER json = { 0 };
	struct yaml_node *root;

	*ret_config = (struct kubeconfig){ 0 };
	if (length == 0)
		return 0;
	if (yaml_parse(text, length, arena, &root, err) < 0)
		return error_wrap(err, "yaml");
	/* Upstream goes by way of JSON, which cannot say everything; and aliases must not make it huge. */
	if (yaml_to_json(root, KUBECONFIG_MAX_SIZE, &json, err) < 0)
		return error_wrap(err, "json");
	if (check_kind(root, err) < 0 || shape_read(&config_shape, root, arena, ret_config, err) < 0 ||
		check_names(ret_config, arena, err) < 0)
		return -1;
	set_defaults(ret_config);
	return 0;
}
