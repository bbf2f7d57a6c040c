/* Runs a fuzz target over its corpus: NAME_fuzz FOLDER reads FOLDER/NAME/. Says in TAP how many inputs there were. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LARGEST_INPUT = 16 << 20 };

static int replay(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes, *exact;
	size_t size;

	if (!file)
		return -1;
	bytes = malloc(LARGEST_INPUT);
	size = bytes ? fread(bytes, 1, LARGEST_INPUT, file) : 0;
	fclose(file);
	exact = malloc(size ? size : 1); /* so that a read beyond the end is seen */
	if (!bytes || !exact)
		abort();
	memcpy(exact, bytes, size);
	free(bytes);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
	return 0;
}

int main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/'), *program = slash ? slash + 1 : argv[0],
		   *end = strstr(program, "_fuzz");
	char folder_path[4096], path[8192];
	unsigned count = 0;
	DIR *folder;

	if (argc != 2 || !end)
		return 2;
	snprintf(folder_path, sizeof(folder_path), "%s/%.*s", argv[1], (int)(end - program), program);
	folder = opendir(folder_path);
	if (!folder) {
		perror(folder_path);
		return 1;
	}
	for (const struct dirent *entry; (entry = readdir(folder));) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder_path, entry->d_name);
		if (replay(path) < 0) {
			perror(path);
			return 1;
		}
		count++;
	}
	closedir(folder);
	printf("%s - %s: %u inputs of the corpus\n", count ? "ok" : "not ok", program, count);
	return count ? 0 : 1;
}
