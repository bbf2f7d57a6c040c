#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/buffer.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/timestamp.h"

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

struct json json_root(const cJSON *value)
{
	return (struct json){ .value = value };
}

/* --- places and errors --- */

static void add_path(const struct json *place, struct buffer *path)
{
	if (!place->parent)
		return;
	add_path(place->parent, path);
	if (place->key)
		buffer_printf(path, "%s%s", path->length ? "." : "", place->key);
	else
		buffer_printf(path, "[%d]", place->index);
}

void json_fail(struct reading *reading, const struct json *place, const char *sentence)
{
	AUTO_BUFFER path = { 0 };

	if (reading->failed)
		return;
	reading->failed = true;
	add_path(place, &path);
	error_set(reading->err, ERROR_INVALID, "%s%s%s", buffer_text(&path), path.length ? ": " : "", sentence);
}

static void fail_type(struct reading *reading, const struct json *place, const char *wanted)
{
	char sentence[64];

	snprintf(sentence, sizeof(sentence), "%s expected", wanted);
	json_fail(reading, place, sentence);
}

/* Of equal keys the last counts, as in Go. cJSON's first child knows the last one as its `prev`. */
static const cJSON *find_member(const cJSON *object, const char *key)
{
	const cJSON *first = object->child;

	if (!first)
		return NULL;
	for (const cJSON *member = first->prev;; member = member->prev) {
		if (strcmp(member->string, key) == 0)
			return cJSON_IsNull(member) ? NULL : member;
		if (member == first)
			return NULL;
	}
}

struct json json_member(struct reading *reading, const struct json *object, const char *key)
{
	struct json member = { .parent = object, .key = key };

	if (!object->value)
		return member;
	if (!cJSON_IsObject(object->value)) {
		fail_type(reading, object, "an object");
		return member;
	}
	member.value = find_member(object->value, key);
	return member;
}

struct json json_first(struct reading *reading, const struct json *array)
{
	struct json item = { .parent = array };

	if (!array->value)
		return item;
	if (!cJSON_IsArray(array->value)) {
		fail_type(reading, array, "a list");
		return item;
	}
	item.value = array->value->child;
	return item;
}

struct json json_next(const struct json *item)
{
	return (struct json){ .value = item->value->next, .parent = item->parent, .index = item->index + 1 };
}

size_t json_count(struct reading *reading, const struct json *array)
{
	size_t count = 0;

	for (struct json item = json_first(reading, array); item.value; item = json_next(&item))
		count++;
	return count;
}

/* --- text --- */

const char *json_raw(struct reading *reading, const struct json *object, const char *key)
{
	struct json member = json_member(reading, object, key);

	if (!member.value)
		return NULL;
	if (!cJSON_IsString(member.value)) {
		fail_type(reading, &member, "text");
		return NULL;
	}
	return member.value->valuestring;
}

/* The text as it may leave: itself where it is clean, else a scrubbed copy in scratch. */
static const char *scrubbed(struct reading *reading, const char *raw, size_t *ret_length)
{
	size_t length = strlen(raw);
	char *clean;

	*ret_length = length;
	if (text_is_clean(raw, length))
		return raw;
	clean = arena_alloc(reading->scratch, 3 * length + 1);
	*ret_length = text_scrub(raw, length, clean);
	return clean;
}

const char *json_own(struct reading *reading, const struct json *object, const char *key)
{
	const char *raw = json_raw(reading, object, key);
	size_t length;

	if (!raw)
		return NULL;
	raw = scrubbed(reading, raw, &length);
	return arena_copy(reading->memory, raw, length);
}

const char *json_intern_raw(struct reading *reading, const char *raw)
{
	size_t length;

	if (!raw || !*raw)
		return NULL;
	raw = scrubbed(reading, raw, &length);
	return intern(reading->interner, raw, length);
}

const char *json_interned(struct reading *reading, const struct json *object, const char *key)
{
	return json_intern_raw(reading, json_raw(reading, object, key));
}

/* --- numbers, moments, choices --- */

/* Beyond 2^53 every double is. Not by floor, which needs libm where it is no instruction. */
static bool is_whole(double number)
{
	const double every = 9007199254740992.0;

	return number <= -every || number >= every || number == (double)(int64_t)number;
}

int64_t json_integer(
	struct reading *reading, const struct json *object, const char *key, int64_t min, int64_t max, int64_t fallback)
{
	struct json member = json_member(reading, object, key);
	double number;

	if (!member.value)
		return fallback;
	number = member.value->valuedouble;
	if (!cJSON_IsNumber(member.value) || !is_whole(number)) {
		fail_type(reading, &member, "a whole number");
		return fallback;
	}
	if (number < (double)min || number > (double)max) {
		json_fail(reading, &member, "the number is out of range");
		return fallback;
	}
	return (int64_t)number;
}

bool json_flag(struct reading *reading, const struct json *object, const char *key)
{
	struct json member = json_member(reading, object, key);

	if (!member.value)
		return false;
	if (!cJSON_IsBool(member.value))
		fail_type(reading, &member, "true or false");
	return cJSON_IsTrue(member.value);
}

int64_t json_time(struct reading *reading, const struct json *object, const char *key)
{
	struct json member = json_member(reading, object, key);
	const char *raw = json_raw(reading, object, key);
	struct error err;
	int32_t nanoseconds;
	int64_t seconds;

	if (!raw)
		return TIME_NONE;
	if (timestamp_parse(raw, &seconds, &nanoseconds, &err) < 0) {
		json_fail(reading, &member, err.message);
		return TIME_NONE;
	}
	return seconds;
}

int json_choice(
	struct reading *reading, const struct json *object, const char *key, const char *const *choices, int fallback)
{
	const char *raw = json_raw(reading, object, key);

	if (!raw)
		return fallback;
	for (int i = 0; choices[i]; i++)
		if (strcmp(choices[i], raw) == 0)
			return i;
	return fallback;
}

/* --- lists and maps --- */

/* Of an element: "" where it is null, as in Go. */
static const char *text_of(struct reading *reading, const struct json *place)
{
	const char *text = NULL;

	if (cJSON_IsString(place->value))
		text = json_intern_raw(reading, place->value->valuestring);
	else if (!cJSON_IsNull(place->value))
		fail_type(reading, place, "text");
	return text ? text : "";
}

static const cJSON *first_member(const struct json *map)
{
	return map->value ? map->value->child : NULL;
}

/* 0 also for what is no map, after it was noted. */
static size_t count_members(struct reading *reading, const struct json *map)
{
	size_t count = 0;

	if (map->value && !cJSON_IsObject(map->value)) {
		fail_type(reading, map, "an object");
		return 0;
	}
	for (const cJSON *member = first_member(map); member; member = member->next)
		count++;
	return count;
}

static int compare_entries(const void *a, const void *b)
{
	const struct json_entry *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	return order ? order : (x->position > y->position) - (x->position < y->position);
}

size_t json_sort_entries(struct json_entry *entries, size_t count)
{
	size_t kept = 0;

	if (count)
		qsort(entries, count, sizeof(*entries), compare_entries);
	for (size_t i = 0; i < count; i++) {
		if (kept && strcmp(entries[kept - 1].key, entries[i].key) == 0)
			kept--;
		entries[kept++] = entries[i];
	}
	return kept;
}

/* Keys are sorted as they leave here: interned and clean. */
static struct json_entry *read_entries(struct reading *reading, const struct json *map, size_t *ret_count)
{
	size_t room = count_members(reading, map), count = 0;
	struct json_entry *entries = arena_alloc(reading->scratch, room * sizeof(*entries));

	for (const cJSON *member = first_member(map); room && member; member = member->next) {
		const char *key = json_intern_raw(reading, member->string);

		entries[count] = (struct json_entry){ .key = key ? key : "", .value = member, .position = count };
		count++;
	}
	*ret_count = json_sort_entries(entries, count);
	return entries;
}

const struct labels *json_labels(struct reading *reading, const struct json *object, const char *key)
{
	struct json map = json_member(reading, object, key);
	size_t count;
	const struct json_entry *entries = read_entries(reading, &map, &count);
	struct labels *labels;

	if (!count)
		return NULL;
	labels = arena_alloc(reading->scratch, sizeof(*labels) + count * sizeof(struct label));
	labels->count = count;
	for (size_t i = 0; i < count; i++) {
		struct json place = { .value = entries[i].value, .parent = &map, .key = entries[i].key };

		labels->items[i] = (struct label){ entries[i].key, text_of(reading, &place) };
	}
	return intern_block(reading->interner, labels, sizeof(*labels) + count * sizeof(struct label));
}

const struct text_list *json_text_list(struct reading *reading, const struct json *object, const char *key)
{
	struct json array = json_member(reading, object, key);
	size_t room = json_count(reading, &array);
	struct text_list *list;

	if (!room)
		return NULL;
	list = arena_alloc(reading->scratch, sizeof(*list) + room * sizeof(list->items[0]));
	list->count = 0;
	for (struct json item = json_first(reading, &array); item.value; item = json_next(&item))
		list->items[list->count++] = text_of(reading, &item);
	return intern_block(reading->interner, list, sizeof(*list) + list->count * sizeof(list->items[0]));
}

/* A quantity is text, white space around it allowed (in JSON alone), or a bare number: a whole one exactly. */
static int read_quantity(const struct json *place, struct quantity *ret_quantity, struct error *err)
{
	const double most_exact = 9007199254740992.0;
	static const char space[] = " \t\n\v\f\r";
	char number[32];

	if (cJSON_IsString(place->value)) {
		char *text = place->value->valuestring;
		size_t length;

		text += strspn(text, space);
		for (length = strlen(text); length && strchr(space, text[length - 1]); length--)
			text[length - 1] = '\0';
		return quantity_parse(text, ret_quantity, err);
	}
	if (!cJSON_IsNumber(place->value))
		return error_set(err, ERROR_INVALID, "a quantity expected");
	if (place->value->valuedouble >= -most_exact && place->value->valuedouble <= most_exact &&
		is_whole(place->value->valuedouble))
		snprintf(number, sizeof(number), "%.0f", place->value->valuedouble);
	else
		snprintf(number, sizeof(number), "%.15g", place->value->valuedouble);
	return quantity_parse(number, ret_quantity, err);
}

/* Fills one entry; false where it is no valid quantity. */
static bool read_resource(struct reading *reading, const struct json *place, struct resource *ret_resource)
{
	const char *name = json_intern_raw(reading, place->key);
	struct error err;

	/* All bytes count when the list is interned. */
	memset(ret_resource, 0, sizeof(*ret_resource));
	ret_resource->name = name ? name : "";
	if (read_quantity(place, &ret_resource->quantity, &err) < 0) {
		json_fail(reading, place, err.message);
		return false;
	}
	if (ret_resource->quantity.sign < 0) {
		json_fail(reading, place, "the quantity is negative");
		return false;
	}
	return true;
}

const struct resource_list *json_resources(struct reading *reading, const struct json *object, const char *key)
{
	struct json map = json_member(reading, object, key);
	size_t count;
	const struct json_entry *entries = read_entries(reading, &map, &count);
	struct resource_list *list;

	if (!count)
		return NULL;
	list = arena_alloc(reading->scratch, sizeof(*list) + count * sizeof(list->items[0]));
	list->count = 0;
	for (size_t i = 0; i < count; i++) {
		struct json place = { .value = entries[i].value, .parent = &map, .key = entries[i].key };

		if (cJSON_IsNull(place.value))
			continue;
		if (!read_resource(reading, &place, &list->items[list->count++]))
			return NULL;
	}
	if (!list->count)
		return NULL;
	return intern_block(reading->interner, list, sizeof(*list) + list->count * sizeof(list->items[0]));
}

struct amounts json_usage(struct reading *reading, const struct json *object, const char *key)
{
	struct json map = json_member(reading, object, key);
	struct json cpu = json_member(reading, &map, "cpu"), memory = json_member(reading, &map, "memory");
	struct amounts amounts = { RESOURCE_UNKNOWN, RESOURCE_UNKNOWN };
	struct resource resource;

	if (cpu.value && read_resource(reading, &cpu, &resource))
		amounts.cpu = quantity_nano(&resource.quantity);
	if (memory.value && read_resource(reading, &memory, &resource))
		amounts.memory = quantity_value(&resource.quantity);
	return amounts;
}

struct amounts json_amounts(const struct resource_list *list)
{
	const struct quantity *cpu = resource_find(list, "cpu"), *memory = resource_find(list, "memory");

	return (struct amounts){
		.cpu = cpu ? quantity_nano(cpu) : RESOURCE_UNKNOWN,
		.memory = memory ? quantity_value(memory) : RESOURCE_UNKNOWN,
	};
}

/* --- metadata --- */

static const struct owners *read_owners(struct reading *reading, const struct json *meta)
{
	struct json array = json_member(reading, meta, "ownerReferences");
	size_t room = json_count(reading, &array);
	struct owners *owners;

	if (!room)
		return NULL;
	owners = arena_alloc(reading->scratch, sizeof(*owners) + room * sizeof(owners->items[0]));
	owners->count = 0;
	for (struct json item = json_first(reading, &array); item.value; item = json_next(&item)) {
		const char *version = json_interned(reading, &item, "apiVersion");
		const char *kind = json_interned(reading, &item, "kind");
		const char *name = json_interned(reading, &item, "name");
		const char *uid = json_interned(reading, &item, "uid");

		owners->items[owners->count++] = (struct owner){ version ? version : "", kind ? kind : "",
			name ? name : "", uid ? uid : "", json_flag(reading, &item, "controller") };
	}
	return intern_block(reading->interner, owners, sizeof(*owners) + owners->count * sizeof(owners->items[0]));
}

void json_meta(struct reading *reading, const struct json *object, struct meta *ret_meta)
{
	struct json meta = json_member(reading, object, "metadata");
	const char *name = json_own(reading, &meta, "name");
	const char *uid = json_own(reading, &meta, "uid");

	if (!name || !*name) {
		struct json place = json_member(reading, &meta, "name");

		json_fail(reading, &place, "the object has no name");
	}
	ret_meta->name = name ? name : "";
	ret_meta->uid = uid ? uid : "";
	ret_meta->namespace = json_interned(reading, &meta, "namespace");
	ret_meta->labels = json_labels(reading, &meta, "labels");
	ret_meta->owners = read_owners(reading, &meta);
	ret_meta->created = json_time(reading, &meta, "creationTimestamp");
	ret_meta->deleted = json_time(reading, &meta, "deletionTimestamp");
}
