#include "clusterutils/model/kind.h"

#include <string.h>

static const struct kind_info kinds[] = {
#define KIND(id, name, group, version, resource, scope) { name, group, version, resource, scope },
#include "clusterutils/model/kinds.def"
#undef KIND
};

const struct kind_info *kind_info(enum kind kind)
{
	return &kinds[kind];
}

bool kind_is_metrics(enum kind kind)
{
	return kind == KIND_NODE_METRICS || kind == KIND_POD_METRICS;
}

bool kind_is_stored(enum kind kind)
{
	return kind != KIND_CONFIG_MAP;
}

/* "apps/v1" is of the group "apps", "v1" of the core group "". */
static bool is_of_group(const char *api_version, const char *group)
{
	const char *slash = strchr(api_version, '/');
	size_t length = slash ? (size_t)(slash - api_version) : 0;

	return strlen(group) == length && strncmp(api_version, group, length) == 0;
}

bool kind_find(const char *api_version, const char *name, enum kind *ret_kind)
{
	for (size_t i = 0; i < KIND_COUNT; i++) {
		if (strcmp(kinds[i].name, name) != 0)
			continue;
		/* Events are served by two groups, as the same objects. */
		if (is_of_group(api_version, kinds[i].group) ||
			(i == KIND_EVENT && is_of_group(api_version, "events.k8s.io"))) {
			*ret_kind = (enum kind)i;
			return true;
		}
	}
	return false;
}
