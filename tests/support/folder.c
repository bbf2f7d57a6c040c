#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clusterutils/util/die.h"

void folder_make(struct folder *folder)
{
	const char *parent = getenv("TMPDIR");

	snprintf(folder->path, sizeof(folder->path), "%s/clusterutils.XXXXXX", parent ? parent : "/tmp");
	if (!mkdtemp(folder->path))
		die("a temporary folder cannot be made");
}

static void remove_tree(const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;

	if (directory) {
		while ((entry = readdir(directory))) {
			char child[2 * PATH_MAX];

			if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
				continue;
			snprintf(child, sizeof(child), "%s/%s", path, entry->d_name);
			remove_tree(child);
		}
		closedir(directory);
	}
	remove(path);
}

void folder_remove(struct folder *folder)
{
	if (folder->path[0])
		remove_tree(folder->path);
}

static const char *write_file(const struct folder *folder, const char *name, const char *head, const char *content)
{
	static char path[2 * PATH_MAX];
	FILE *stream;

	snprintf(path, sizeof(path), "%s/%s", folder->path, name);
	for (char *slash = path + strlen(folder->path) + 1; (slash = strchr(slash, '/')); *slash++ = '/') {
		*slash = '\0';
		if (mkdir(path, 0700) < 0 && errno != EEXIST)
			die("a folder of the test cannot be made");
	}
	stream = fopen(path, "w");
	if (!stream)
		die("a file of the test cannot be written");
	fprintf(stream, "%s%s", head, content);
	if (fclose(stream) != 0)
		die("a file of the test cannot be written");
	return path;
}

const char *folder_write(const struct folder *folder, const char *name, const char *content)
{
	return write_file(folder, name, "", content);
}

const char *folder_write_script(const struct folder *folder, const char *name, const char *lines)
{
	const char *path = write_file(folder, name, "#!/bin/sh\n", lines);

	chmod(path, 0700);
	return path;
}
