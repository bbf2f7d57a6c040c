#include "clusterutils/model/image.h"

#include <string.h>

#include "clusterutils/util/text.h"

bool image_has_digest(const char *name)
{
	return strchr(name, '@');
}

const char *image_tag(const char *name)
{
	const char *slash = strrchr(name, '/');
	const char *colon = strchr(slash ? slash : name, ':');

	return image_has_digest(name) || !colon ? NULL : colon + 1;
}

/* What stands before the first slash is a registry if it could not be a part of a path on Docker Hub. */
static bool has_registry(const char *name)
{
	const char *slash = strchr(name, '/');
	size_t length = slash ? (size_t)(slash - name) : 0;

	if (!slash)
		return false;
	return memchr(name, '.', length) || memchr(name, ':', length) ||
		(length == strlen("localhost") && text_starts_with(name, "localhost"));
}

const char *image_normalize(const char *name, struct arena *arena)
{
	const char *at = strchr(name, '@'), *tag;
	const char *registry = has_registry(name) ? "" : "docker.io/";
	const char *library = *registry && !strchr(name, '/') ? "library/" : "";
	size_t length = at ? (size_t)(at - name) : strlen(name);
	const char *slash;

	if (!*name || text_starts_with(name, "sha256:"))
		return name;
	if (text_starts_with(name, "index.docker.io/")) {
		name += strlen("index.");
		length -= strlen("index.");
	}
	slash = strrchr(name, '/');
	tag = strchr(slash && slash < name + length ? slash : name, ':');
	if (tag && tag >= name + length)
		tag = NULL;
	if (at)
		return arena_printf(
			arena, "%s%s%.*s%s", registry, library, (int)(tag ? (size_t)(tag - name) : length), name, at);
	return arena_printf(arena, "%s%s%s%s", registry, library, name, tag ? "" : ":latest");
}
