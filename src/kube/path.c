#include "clusterutils/kube/path.h"

#include <stdio.h>
#include <string.h>

#include "clusterutils/util/text.h"

static void base_of_kind(const struct kind_info *info, const char *version, char base[PATH_SIZE])
{
	if (!version)
		version = info->version;
	if (*info->group)
		snprintf(base, PATH_SIZE, "/apis/%s/%.60s", info->group, version);
	else
		snprintf(base, PATH_SIZE, "/api/%.60s", version);
}

void path_of_kind(enum kind kind, const char *namespace, char ret_path[PATH_SIZE])
{
	path_of_version(kind, NULL, namespace, ret_path);
}

void path_of_version(enum kind kind, const char *version, const char *namespace, char ret_path[PATH_SIZE])
{
	const struct kind_info *info = kind_info(kind);
	char base[PATH_SIZE];

	base_of_kind(info, version, base);
	if (namespace && *namespace && info->scope == SCOPE_NAMESPACE)
		snprintf(ret_path, PATH_SIZE, "%.100s/namespaces/%.253s/%.100s", base, namespace, info->resource);
	else
		snprintf(ret_path, PATH_SIZE, "%.100s/%.100s", base, info->resource);
}

void path_of_object(
	enum kind kind, const char *namespace, const char *name, const char *subresource, char ret_path[PATH_SIZE])
{
	size_t used;

	path_of_kind(kind, namespace, ret_path);
	used = strlen(ret_path);
	snprintf(ret_path + used, PATH_SIZE - used, "/%.253s%s%.60s", name, subresource ? "/" : "",
		subresource ? subresource : "");
}

/* RFC 1123 subdomains, as apimachinery's IsDNS1123Subdomain, but for what is of no danger: labels may be long. */
static bool is_node_name(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && length <= 253 && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-.") == length &&
		name[0] != '.' && name[length - 1] != '.' && !strstr(name, "..");
}

bool path_of_node_stats(const char *node, char ret_path[PATH_SIZE])
{
	if (!is_node_name(node))
		return false;
	snprintf(ret_path, PATH_SIZE, "/api/v1/nodes/%s/proxy/stats/summary", node);
	return true;
}

bool path_to_kind(const char *path, enum kind *ret_kind, char ret_namespace[PATH_SIZE])
{
	for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
		const struct kind_info *info = kind_info(kind);
		char base[PATH_SIZE];
		const char *rest, *slash;

		base_of_kind(info, NULL, base);
		if (!text_starts_with(path, base) || path[strlen(base)] != '/')
			continue;
		rest = path + strlen(base) + 1;
		ret_namespace[0] = '\0';
		*ret_kind = kind;
		if (strcmp(rest, info->resource) == 0)
			return true;
		if (info->scope != SCOPE_NAMESPACE || !text_starts_with(rest, "namespaces/"))
			continue;
		rest += strlen("namespaces/");
		slash = strchr(rest, '/');
		if (!slash || slash == rest || strcmp(slash + 1, info->resource) != 0)
			continue;
		snprintf(ret_namespace, PATH_SIZE, "%.*s", (int)(slash - rest), rest);
		return true;
	}
	return false;
}
