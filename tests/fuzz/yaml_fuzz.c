/* The YAML tree on any bytes: what it makes of them as JSON is YAML again, and stands for the same. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LIMIT = 1 << 16 };

/* 0 and the JSON of the first document, or -1. */
static int to_json(const char *text, size_t size, struct buffer *ret_json)
{
	AUTO_ARENA arena = { 0 };
	struct yaml_node *root;
	struct error err;

	if (yaml_parse(text, size, &arena, &root, &err) < 0)
		return -1;
	return yaml_to_json(root, LIMIT, ret_json, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUFFER json = { 0 }, again = { 0 };

	if (to_json((const char *)data, size, &json) < 0)
		return 0;
	/* Beyond libyaml's reach: it takes keys of at most 1024 characters, and no U+FFFE or DEL, in one line of JSON. */
	if (to_json(json.bytes, json.length, &again) < 0)
		return 0;
	if (json.length != again.length || memcmp(json.bytes, again.bytes, json.length) != 0)
		abort();
	return 0;
}
