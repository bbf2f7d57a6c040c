#include "clusterutils/kube/peek.h"

#include <string.h>

/* The end of the string that begins at `at` (a quote): behind its closing quote, or `end`. */
static const char *skip_string(const char *at, const char *end)
{
	for (at++; at < end && *at != '"'; at++)
		if (*at == '\\')
			at++;
	return at < end ? at + 1 : end;
}

/* Behind the value that begins at `at`. */
static const char *skip_value(const char *at, const char *end)
{
	int depth = 0;

	while (at < end) {
		if (*at == '"') {
			at = skip_string(at, end);
			if (depth == 0)
				return at;
			continue;
		}
		if (*at == '{' || *at == '[')
			depth++;
		else if (*at == '}' || *at == ']')
			depth--;
		else if (*at == ',' && depth == 0)
			return at;
		if (depth < 0)
			return at;
		at++;
		if (depth == 0 && (at[-1] == '}' || at[-1] == ']'))
			return at;
	}
	return end;
}

static void take(const char *value, const char *value_end, char ret_text[PEEK_SIZE])
{
	size_t length = (size_t)(value_end - value);

	if (length < 2 || *value != '"' || length - 2 >= PEEK_SIZE || memchr(value, '\\', length))
		return;
	memcpy(ret_text, value + 1, length - 2);
	ret_text[length - 2] = '\0';
}

static int is_key(const char *key, const char *key_end, const char *name)
{
	size_t length = strlen(name);

	return (size_t)(key_end - key) == length + 2 && memcmp(key + 1, name, length) == 0;
}

struct peek peek_object(const char *json, size_t length)
{
	const char *at = json + 1, *end = json + length;
	struct peek peek = { "", "" };

	while (at < end && *at == '"' && !(*peek.api_version && *peek.kind)) {
		const char *key = at, *key_end = skip_string(at, end);
		const char *value = key_end < end ? key_end + 1 : end, *value_end = skip_value(value, end);

		if (is_key(key, key_end, "apiVersion"))
			take(value, value_end, peek.api_version);
		else if (is_key(key, key_end, "kind"))
			take(value, value_end, peek.kind);
		at = value_end < end ? value_end + 1 : end;
	}
	return peek;
}

const char *peek_member(const char *json, size_t length, const char *name, size_t *ret_length)
{
	const char *at = json + 1, *end = json + length;

	while (at < end && *at == '"') {
		const char *key = at, *key_end = skip_string(at, end);
		const char *value = key_end < end ? key_end + 1 : end, *value_end = skip_value(value, end);

		if (is_key(key, key_end, name)) {
			*ret_length = (size_t)(value_end - value);
			return value;
		}
		at = value_end < end ? value_end + 1 : end;
	}
	return NULL;
}
