#include "recorded.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/buffer.h"
#include "clusterutils/util/memory.h"

struct recorded recorded_read(const char *name)
{
	AUTO_BUFFER bytes = { 0 };
	struct recorded recorded;
	char path[256], chunk[4096];
	FILE *file;

	snprintf(path, sizeof(path), "tests/data/wire/%s", name);
	file = fopen(path, "rb");
	if (!file)
		ck_abort_msg("%s cannot be read", path);
	for (size_t count; (count = fread(chunk, 1, sizeof(chunk), file)) > 0;)
		buffer_add(&bytes, chunk, count);
	fclose(file);
	ck_assert_uint_gt(bytes.length, 0);
	recorded.length = bytes.length;
	recorded.bytes = memory_new(bytes.length);
	memcpy(recorded.bytes, bytes.bytes, bytes.length);
	return recorded;
}

void recorded_release(struct recorded *recorded)
{
	free(recorded->bytes);
}

const char *recorded_kind(enum kind kind)
{
	if (kind == KIND_NODE_METRICS)
		return "nodemetrics";
	return kind == KIND_POD_METRICS ? "podmetrics" : kind_info(kind)->resource;
}
