#include "clusterutils/kube/json.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* cJSON's allocator is global and takes no context: it is ours while json_parse runs, malloc otherwise. */
static struct arena *parse_arena;

static void *parse_alloc(size_t size)
{
	return parse_arena ? arena_alloc(parse_arena, size) : malloc(size);
}

static void parse_free(void *memory)
{
	if (!parse_arena)
		free(memory);
}

/* cJSON makes the end of the text of an escaped NUL, so that "web\u0000x" would be "web". It becomes what scrubbing
 * makes of it: U+FFFD. */
static const char *without_escaped_nul(struct arena *scratch, const char *text, size_t length)
{
	static const char nul[] = "\\u0000", replacement[] = { '\\', 'u', 'f', 'f', 'f', 'd' };
	char *copy = NULL;

	for (const char *at = text; (at = strstr(at, nul)); at += strlen(nul)) {
		size_t start = (size_t)(at - text), backslashes = 0;

		while (backslashes < start && at[-1 - (ptrdiff_t)backslashes] == '\\')
			backslashes++;
		if (backslashes % 2)
			continue; /* the backslash before it is the escaped one */
		if (!copy)
			copy = arena_copy(scratch, text, length);
		memcpy(copy + start, replacement, sizeof(replacement));
	}
	return copy ? copy : text;
}

const cJSON *json_parse(struct arena *scratch, const char *text, size_t length, struct error *err)
{
	static bool hooked;
	const cJSON *value = NULL;

	if (!hooked) {
		cJSON_InitHooks(&(cJSON_Hooks){ .malloc_fn = parse_alloc, .free_fn = parse_free });
		hooked = true;
	}
	arena_reset(scratch);
	if (strlen(text) == length) {
		text = without_escaped_nul(scratch, text, length);
		parse_arena = scratch;
		value = cJSON_ParseWithLengthOpts(text, length + 1, NULL, true);
		parse_arena = NULL;
	}
	if (!value)
		error_set(err, ERROR_INVALID, "invalid JSON");
	return value;
}

/* cJSON's first child knows the last one as its `prev`. */
const cJSON *json_find(const cJSON *object, const char *key)
{
	const cJSON *first = object ? object->child : NULL;

	if (!first || !cJSON_IsObject(object))
		return NULL;
	for (const cJSON *member = first->prev;; member = member->prev) {
		if (strcmp(member->string, key) == 0)
			return cJSON_IsNull(member) ? NULL : member;
		if (member == first)
			return NULL;
	}
}
