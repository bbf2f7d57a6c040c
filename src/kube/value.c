#include "value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/kube/json.h"
#include "clusterutils/util/buffer.h"
#include "clusterutils/util/text.h"
#include "value_format.h"

static bool is_wire(const struct reading *reading)
{
	return reading->wire == WIRE_PROTOBUF;
}

int value_parse(struct reading *reading, const char *bytes, size_t length, struct value *ret_value, struct error *err)
{
	const cJSON *json;

	*ret_value = (struct value){ .is_there = true };
	if (is_wire(reading)) {
		arena_reset(reading->scratch);
		ret_value->piece = (struct piece){ .bytes = bytes, .number = length, .type = PIECE_BYTES };
		return 0;
	}
	json = json_parse(reading->scratch, bytes, length, err);
	ret_value->json = json;
	return json ? 0 : -1;
}

/* --- places and errors --- */

static void add_path(const struct value *place, struct buffer *path)
{
	if (!place->parent)
		return;
	add_path(place->parent, path);
	if (place->is_inline)
		return;
	if (place->name)
		buffer_printf(path, "%s%s", path->length ? "." : "", place->name);
	else
		buffer_printf(path, "[%u]", (unsigned)place->index);
}

void value_fail(struct reading *reading, const struct value *place, const char *sentence)
{
	AUTO_BUFFER path = { 0 };

	if (reading->failed)
		return;
	reading->failed = true;
	add_path(place, &path);
	error_set(reading->err, ERROR_INVALID, "%s%s%s", buffer_text(&path), path.length ? ": " : "", sentence);
}

void value_fail_at(struct reading *reading, const struct value *object, struct field field, const char *sentence)
{
	struct value place = { .parent = object, .name = field.name };

	value_fail(reading, &place, sentence);
}

void value_fail_type(struct reading *reading, const struct value *place, const char *wanted)
{
	char sentence[64];

	snprintf(sentence, sizeof(sentence), "%s expected", wanted);
	value_fail(reading, place, sentence);
}

/* --- members and items --- */

struct value value_member(struct reading *reading, struct value *object, struct field field)
{
	if (!object->is_there)
		return (struct value){ .parent = object, .name = field.name, .is_inline = !field.name };
	return is_wire(reading) ? wire_member(reading, object, field) : json_member(reading, object, field);
}

struct value value_entry(struct reading *reading, struct value *map, const char *key)
{
	if (!map->is_there)
		return (struct value){ .parent = map, .name = key };
	return is_wire(reading) ? wire_entry(reading, map, key) : json_member(reading, map, F(key, 0));
}

struct value value_first(struct reading *reading, struct value *list)
{
	if (!list->is_there)
		return (struct value){ .parent = list };
	return is_wire(reading) ? wire_first(reading, list) : json_first(reading, list);
}

struct value value_next(struct reading *reading, const struct value *item)
{
	return is_wire(reading) ? wire_next(item) : json_next(item);
}

size_t value_count(struct reading *reading, struct value *list)
{
	size_t count = 0;

	if (is_wire(reading))
		return list->is_there ? wire_count(list) : 0;
	for (struct value item = value_first(reading, list); item.is_there; item = value_next(reading, &item))
		count++;
	return count;
}

struct raw_text value_span(const struct reading *reading, const struct value *list)
{
	return is_wire(reading) ? wire_span(list) : (struct raw_text){ 0 };
}

const void *value_recall(struct reading *reading, enum memo what, struct raw_text raw)
{
	return intern_recall(reading->interner, what, raw.bytes, raw.length);
}

const void *value_remember(struct reading *reading, enum memo what, struct raw_text raw, const void *result)
{
	if (!reading->failed)
		intern_remember(reading->interner, what, raw.bytes, raw.length, result);
	return result;
}

/* --- text --- */

static struct raw_text text_at(struct reading *reading, const struct value *place)
{
	struct raw_text raw = { 0 };

	if (place->is_there)
		raw = is_wire(reading) ? wire_text(reading, place) : json_text(reading, place);
	return raw.length ? raw : (struct raw_text){ 0 };
}

struct raw_text value_raw(struct reading *reading, struct value *object, struct field field)
{
	struct value member;

	if (is_wire(reading))
		return wire_text_at(reading, object, field);
	member = value_member(reading, object, field);
	return text_at(reading, &member);
}

/* The text as it may leave: itself where it is clean, else a scrubbed copy in scratch. */
static struct raw_text scrubbed(struct reading *reading, struct raw_text raw)
{
	char *clean;

	if (text_is_clean(raw.bytes, raw.length))
		return raw;
	clean = arena_alloc(reading->scratch, 3 * raw.length + 1);
	return (struct raw_text){ clean, text_scrub(raw.bytes, raw.length, clean) };
}

const char *value_c_text(struct reading *reading, struct raw_text raw)
{
	if (raw.length && memchr(raw.bytes, '\0', raw.length))
		raw = scrubbed(reading, raw);
	return arena_copy(reading->scratch, raw.length ? raw.bytes : "", raw.length);
}

static const char *own(struct reading *reading, struct raw_text raw)
{
	if (!raw.length)
		return NULL;
	raw = scrubbed(reading, raw);
	return arena_copy(reading->memory, raw.bytes, raw.length);
}

const char *value_own(struct reading *reading, struct value *object, struct field field)
{
	return own(reading, value_raw(reading, object, field));
}

const char *value_entry_own(struct reading *reading, struct value *map, const char *key)
{
	struct value member = value_entry(reading, map, key);

	return own(reading, text_at(reading, &member));
}

const char *value_intern(struct reading *reading, struct raw_text raw)
{
	if (!raw.length)
		return NULL;
	raw = scrubbed(reading, raw);
	return intern(reading->interner, raw.bytes, raw.length);
}

const char *value_interned(struct reading *reading, struct value *object, struct field field)
{
	return value_intern(reading, value_raw(reading, object, field));
}

const char *value_entry_interned(struct reading *reading, struct value *map, const char *key)
{
	struct value member = value_entry(reading, map, key);

	return value_intern(reading, text_at(reading, &member));
}

void value_token(struct reading *reading, struct value *object, struct field field, char *buffer, size_t size)
{
	struct raw_text raw = value_raw(reading, object, field);

	*buffer = '\0';
	if (!raw.length)
		return;
	if (raw.length >= size || !text_is_clean(raw.bytes, raw.length)) {
		value_fail_at(reading, object, field, "the text cannot be sent back");
		return;
	}
	memcpy(buffer, raw.bytes, raw.length);
	buffer[raw.length] = '\0';
}

static bool raw_is(struct raw_text raw, const char *text)
{
	if (!raw.length || *raw.bytes != *text) /* most comparisons end here */
		return !raw.length && !*text;
	return raw.length == strlen(text) && memcmp(raw.bytes, text, raw.length) == 0;
}

bool value_is(struct reading *reading, struct value *object, struct field field, const char *text)
{
	return raw_is(value_raw(reading, object, field), text);
}

bool value_entry_is(struct reading *reading, struct value *map, const char *key, const char *text)
{
	struct value member = value_entry(reading, map, key);

	return raw_is(text_at(reading, &member), text);
}

int value_choice(
	struct reading *reading, struct value *object, struct field field, const char *const *choices, int fallback)
{
	struct raw_text raw = value_raw(reading, object, field);

	for (int i = 0; choices[i]; i++)
		if (raw_is(raw, choices[i]))
			return i;
	return fallback;
}

/* --- numbers and moments --- */

int64_t value_integer(
	struct reading *reading, struct value *object, struct field field, int64_t min, int64_t max, int64_t fallback)
{
	struct value place;
	int64_t number;

	if (is_wire(reading)) {
		if (!wire_integer_at(reading, object, field, &number))
			return fallback;
	} else {
		place = value_member(reading, object, field);
		if (!place.is_there || !json_integer(reading, &place, &number))
			return fallback;
	}
	if (number >= min && number <= max)
		return number;
	value_fail_at(reading, object, field, "the number is out of range");
	return fallback;
}

bool value_flag(struct reading *reading, struct value *object, struct field field)
{
	struct value place;

	if (is_wire(reading))
		return wire_flag_at(reading, object, field);
	place = value_member(reading, object, field);
	return place.is_there && json_flag(reading, &place);
}

int64_t value_time(struct reading *reading, struct value *object, struct field field)
{
	struct value place = value_member(reading, object, field);

	if (!place.is_there)
		return TIME_NONE;
	return is_wire(reading) ? wire_time(reading, &place) : json_time(reading, &place);
}

int64_t value_duration(struct reading *reading, struct value *object, struct field field)
{
	struct value place = value_member(reading, object, field);

	if (!place.is_there)
		return 0;
	return is_wire(reading) ? wire_duration(reading, &place) : json_duration(reading, &place);
}

const char *value_int_or_text(struct reading *reading, struct value *object, struct field field)
{
	struct value place = value_member(reading, object, field);
	struct raw_text raw;
	char text[24];
	int64_t number;

	if (!place.is_there)
		return NULL;
	if (!(is_wire(reading) ? wire_int_or_text(reading, &place, &number, &raw)
			       : json_int_or_text(reading, &place, &number, &raw)))
		return value_intern(reading, raw);
	if (number < 0 || number > INT32_MAX) {
		value_fail(reading, &place, "the number is out of range");
		return NULL;
	}
	raw.bytes = text;
	raw.length = (size_t)snprintf(text, sizeof(text), "%d", (int)number);
	return value_intern(reading, raw);
}

/* --- lists and maps --- */

/* "" where it is null, as in Go. */
static const char *item_text(struct reading *reading, const struct value *place)
{
	const char *text = value_intern(reading, text_at(reading, place));

	return text ? text : "";
}

static int compare_entries(const void *a, const void *b)
{
	const struct map_entry *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	return order ? order : (x->position > y->position) - (x->position < y->position);
}

/* Go writes them sorted. */
size_t map_sort(struct map_entry *entries, size_t count)
{
	size_t sorted = 1, kept = 0;

	while (sorted < count && strcmp(entries[sorted - 1].key, entries[sorted].key) < 0)
		sorted++;
	if (sorted >= count)
		return count;
	qsort(entries, count, sizeof(*entries), compare_entries);
	for (size_t i = 0; i < count; i++) {
		if (kept && strcmp(entries[kept - 1].key, entries[i].key) == 0)
			kept--;
		entries[kept++] = entries[i];
	}
	return kept;
}

/* Keys are sorted as they leave here: interned and clean. */
static struct map_entry *read_entries(struct reading *reading, struct value *map, size_t *ret_count)
{
	struct map_entry *entries = NULL;

	*ret_count = 0;
	if (map->is_there)
		entries = is_wire(reading) ? wire_entries(reading, map, ret_count)
					   : json_entries(reading, map, ret_count);
	*ret_count = map_sort(entries, *ret_count);
	return entries;
}

static struct value value_of_entry(struct reading *reading, const struct map_entry *entry, const struct value *map)
{
	struct value value = { .parent = map, .name = entry->key, .is_there = true };

	if (is_wire(reading))
		value.piece = entry->piece;
	else
		value.json = entry->json;
	return value;
}

const struct labels *value_labels(struct reading *reading, struct value *object, struct field field)
{
	struct value map = value_member(reading, object, field);
	struct raw_text span = value_span(reading, &map);
	const void *known = value_recall(reading, MEMO_LABELS, span);
	const struct map_entry *entries;
	struct labels *labels;
	size_t count;

	if (known || !map.is_there)
		return known;
	entries = read_entries(reading, &map, &count);
	if (!count)
		return NULL;
	labels = arena_alloc(reading->scratch, sizeof(*labels) + count * sizeof(struct label));
	labels->count = count;
	for (size_t i = 0; i < count; i++) {
		struct value place = value_of_entry(reading, &entries[i], &map);

		labels->items[i] = (struct label){ entries[i].key, item_text(reading, &place) };
	}
	return value_remember(reading, MEMO_LABELS, span,
		intern_block(reading->interner, labels, sizeof(*labels) + count * sizeof(struct label)));
}

const struct text_list *value_text_list(struct reading *reading, struct value *object, struct field field)
{
	struct value array = value_member(reading, object, field);
	size_t room = value_count(reading, &array);
	struct text_list *list;

	if (!room)
		return NULL;
	list = arena_alloc(reading->scratch, sizeof(*list) + room * sizeof(list->items[0]));
	list->count = 0;
	for (struct value item = value_first(reading, &array); item.is_there; item = value_next(reading, &item))
		list->items[list->count++] = item_text(reading, &item);
	return intern_block(reading->interner, list, sizeof(*list) + list->count * sizeof(list->items[0]));
}

/* --- quantities --- */

/* Null in JSON, no value in protobuf. */
static bool is_absent(struct reading *reading, const struct map_entry *entry)
{
	return is_wire(reading) ? entry->piece.type == PIECE_NONE : (bool)cJSON_IsNull(entry->json);
}

/* Fills one entry; false where it is no valid quantity. */
static bool read_quantity(struct reading *reading, const struct value *place, struct quantity *ret_quantity)
{
	const char *text = is_wire(reading) ? wire_quantity(reading, place) : json_quantity(reading, place);
	struct error err;

	if (!text)
		return false;
	if (quantity_parse(text, ret_quantity, &err) < 0) {
		value_fail(reading, place, err.message);
		return false;
	}
	if (ret_quantity->sign < 0) {
		value_fail(reading, place, "the quantity is negative");
		return false;
	}
	return true;
}

const struct resource_list *value_resources(struct reading *reading, struct value *object, struct field field)
{
	struct value map = value_member(reading, object, field);
	struct raw_text span = value_span(reading, &map);
	const void *known = value_recall(reading, MEMO_RESOURCES, span);
	const struct map_entry *entries;
	struct resource_list *list;
	size_t count;

	if (known || !map.is_there)
		return known;
	entries = read_entries(reading, &map, &count);
	if (!count)
		return NULL;
	list = arena_new(reading->scratch, 1, sizeof(*list) + count * sizeof(list->items[0]));
	for (size_t i = 0; i < count; i++) {
		struct value place = value_of_entry(reading, &entries[i], &map);
		struct resource *resource = &list->items[list->count];

		if (is_absent(reading, &entries[i]))
			continue;
		resource->name = entries[i].key;
		if (!read_quantity(reading, &place, &resource->quantity))
			return NULL;
		list->count++;
	}
	if (!list->count)
		return NULL;
	return value_remember(reading, MEMO_RESOURCES, span,
		intern_block(reading->interner, list, sizeof(*list) + list->count * sizeof(list->items[0])));
}

int64_t value_bytes(struct reading *reading, struct value *object, struct field field)
{
	struct value place = value_member(reading, object, field);
	struct quantity quantity;

	return place.is_there && read_quantity(reading, &place, &quantity) ? quantity_value(&quantity)
									   : RESOURCE_UNKNOWN;
}

struct amounts value_usage(struct reading *reading, struct value *object, struct field field)
{
	struct value map = value_member(reading, object, field);
	struct value cpu = value_entry(reading, &map, "cpu"), memory = value_entry(reading, &map, "memory");
	struct amounts amounts = { RESOURCE_UNKNOWN, RESOURCE_UNKNOWN };
	struct quantity quantity;

	if (cpu.is_there && read_quantity(reading, &cpu, &quantity))
		amounts.cpu = quantity_nano(&quantity);
	if (memory.is_there && read_quantity(reading, &memory, &quantity))
		amounts.memory = quantity_value(&quantity);
	return amounts;
}

struct amounts value_amounts(const struct resource_list *list)
{
	const struct quantity *cpu = resource_find(list, "cpu"), *memory = resource_find(list, "memory");

	return (struct amounts){
		.cpu = cpu ? quantity_nano(cpu) : RESOURCE_UNKNOWN,
		.memory = memory ? quantity_value(memory) : RESOURCE_UNKNOWN,
	};
}
