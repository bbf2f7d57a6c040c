#include "clusterutils/kube/path.h"

#include <stdio.h>
#include <string.h>

#include "clusterutils/util/text.h"

static void base_of_kind(const struct kind_info *info, char base[PATH_SIZE])
{
	if (*info->group)
		snprintf(base, PATH_SIZE, "/apis/%s/%s", info->group, info->version);
	else
		snprintf(base, PATH_SIZE, "/api/%s", info->version);
}

void path_of_kind(enum kind kind, const char *namespace, char ret_path[PATH_SIZE])
{
	const struct kind_info *info = kind_info(kind);
	char base[PATH_SIZE];

	base_of_kind(info, base);
	if (namespace && *namespace && info->scope == SCOPE_NAMESPACE)
		snprintf(ret_path, PATH_SIZE, "%.100s/namespaces/%.253s/%.100s", base, namespace, info->resource);
	else
		snprintf(ret_path, PATH_SIZE, "%.100s/%.100s", base, info->resource);
}

bool path_to_kind(const char *path, enum kind *ret_kind, char ret_namespace[PATH_SIZE])
{
	for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
		const struct kind_info *info = kind_info(kind);
		char base[PATH_SIZE];
		const char *rest, *slash;

		base_of_kind(info, base);
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
