#include <string.h>

#include "clusterutils/util/timestamp.h"
#include "value_format.h"
#include "wire_message.h"

/* The last second of year 9999: the last moment that JSON can tell. */
#define LAST_SECOND INT64_C(253402300799)

/* What cannot be opened counts as absent from then on, so that it is not tried again. */
static bool open_message(struct reading *reading, struct value *value)
{
	struct wire_message *message;

	if (value->piece.type != PIECE_BYTES) {
		value_fail_type(reading, value, "an object");
	} else {
		message = arena_alloc(reading->scratch, sizeof(*message));
		if (wire_message_index(value->piece.bytes, value->piece.number, message)) {
			value->opened = message;
			return true;
		}
		value_fail(reading, value, "malformed protobuf");
	}
	value->is_there = false;
	return false;
}

/* The last field of this number, if there is one. */
static bool find_piece(struct reading *reading, struct value *object, uint32_t number, struct piece *ret_piece)
{
	const struct wire_message *message;

	if (!object->is_there || !number || (!object->opened && !open_message(reading, object)))
		return false;
	message = object->opened;
	if (!(message->present >> number & 1))
		return false;
	*ret_piece = message->places[number].last;
	return true;
}

struct value wire_member(struct reading *reading, struct value *object, struct field field)
{
	struct piece piece = { .type = PIECE_NONE };
	bool is_there = find_piece(reading, object, field.number, &piece);

	return (struct value){ .parent = object,
		.name = field.name,
		.is_inline = !field.name,
		.is_there = is_there,
		.piece = piece,
		.within = object->opened };
}

/* --- lists: all fields of one number --- */

/* Where the last field of a number ends, or a later place that costs no thought. */
static const char *end_of_list(const struct wire_message *message, uint32_t number)
{
	const struct piece *last = &message->places[number].last;

	return last->type == PIECE_BYTES ? last->bytes + last->number : message->end;
}

/* The next field of this number from `at` on; `behind` is NULL where there is none. */
static struct piece find_next(
	const struct wire_message *within, uint32_t number, const char *at, const char **ret_behind)
{
	const char *end = end_of_list(within, number);
	struct piece piece;

	*ret_behind = NULL;
	while (at < end && piece_read(&at, end, &piece))
		if (piece.field == number) {
			*ret_behind = at;
			return piece;
		}
	return (struct piece){ .field = number, .type = PIECE_NONE };
}

static const char *begin_of_list(const struct value *list)
{
	return list->within->places[list->piece.field].first;
}

struct value wire_first(struct reading *reading, const struct value *list)
{
	const char *behind = NULL;
	struct piece piece = { .type = PIECE_NONE };

	if (list->within)
		piece = find_next(list->within, list->piece.field, begin_of_list(list), &behind);
	else
		value_fail_type(reading, list, "a list");
	return (struct value){
		.parent = list, .is_there = behind, .piece = piece, .behind = behind, .within = list->within
	};
}

struct value wire_next(const struct value *item)
{
	const char *behind;
	struct piece piece = find_next(item->within, item->piece.field, item->behind, &behind);

	return (struct value){ .parent = item->parent,
		.index = item->index + 1,
		.is_there = behind,
		.piece = piece,
		.behind = behind,
		.within = item->within };
}

size_t wire_count(const struct value *list)
{
	const char *at;
	size_t count = 0;

	if (!list->within)
		return 0;
	for (find_next(list->within, list->piece.field, begin_of_list(list), &at); at;
		find_next(list->within, list->piece.field, at, &at))
		count++;
	return count;
}

struct raw_text wire_span(const struct value *list)
{
	const struct wire_message *within = list->within;
	const char *first, *end;

	if (!list->is_there || !within)
		return (struct raw_text){ 0 };
	first = begin_of_list(list);
	end = end_of_list(within, list->piece.field);
	return (struct raw_text){ first, (size_t)(end - first) };
}

/* --- maps and other small messages: their fields are few, so they are read, not indexed --- */

/* The fields 1 and 2: of the entry of a map, of Quantity, Time and Duration. The last of each counts. */
static bool read_pair(struct reading *reading, const struct value *place, struct piece *ret_one, struct piece *ret_two)
{
	const char *at = place->piece.bytes, *end;
	struct piece piece;

	ret_one->type = ret_two->type = PIECE_NONE;
	if (place->piece.type != PIECE_BYTES) {
		value_fail_type(reading, place, "an object");
		return false;
	}
	for (end = at + place->piece.number; at < end;) {
		if (!piece_read(&at, end, &piece)) {
			value_fail(reading, place, "malformed protobuf");
			return false;
		}
		if (piece.field == 1)
			*ret_one = piece;
		else if (piece.field == 2)
			*ret_two = piece;
	}
	return true;
}

/* A key of another type than text ends the walk. */
static bool read_entry(
	struct reading *reading, const struct value *item, struct raw_text *ret_key, struct piece *ret_value)
{
	struct piece key;

	if (!read_pair(reading, item, &key, ret_value))
		return false;
	*ret_key = (struct raw_text){ 0 };
	if (key.type == PIECE_BYTES)
		*ret_key = (struct raw_text){ key.bytes, key.number };
	else if (key.type != PIECE_NONE)
		value_fail_type(reading, item, "a key");
	return key.type == PIECE_BYTES || key.type == PIECE_NONE;
}

struct value wire_entry(struct reading *reading, struct value *map, const char *key)
{
	struct piece piece, found = { .type = PIECE_NONE };
	size_t length = strlen(key);
	struct raw_text raw;

	for (struct value item = wire_first(reading, map); item.is_there; item = wire_next(&item)) {
		if (!read_entry(reading, &item, &raw, &piece))
			break;
		if (raw.length == length && (!length || memcmp(raw.bytes, key, length) == 0))
			found = piece;
	}
	return (struct value){ .parent = map, .name = key, .is_there = found.type != PIECE_NONE, .piece = found };
}

struct map_entry *wire_entries(struct reading *reading, struct value *map, size_t *ret_count)
{
	size_t room = wire_count(map);
	struct map_entry *entries = arena_alloc(reading->scratch, room * sizeof(*entries));
	struct raw_text raw;

	*ret_count = 0;
	for (struct value item = wire_first(reading, map); item.is_there; item = wire_next(&item)) {
		struct map_entry *entry = &entries[*ret_count];

		if (!read_entry(reading, &item, &raw, &entry->piece))
			break;
		entry->key = value_intern(reading, raw);
		if (!entry->key)
			entry->key = "";
		entry->position = (*ret_count)++;
	}
	return entries;
}

/* --- text, numbers, moments --- */

static void fail_type_at(struct reading *reading, const struct value *object, struct field field, const char *wanted)
{
	struct value place = { .parent = object, .name = field.name };

	value_fail_type(reading, &place, wanted);
}

struct raw_text wire_text(struct reading *reading, const struct value *place)
{
	if (place->piece.type == PIECE_BYTES)
		return (struct raw_text){ place->piece.bytes, place->piece.number };
	if (place->piece.type != PIECE_NONE)
		value_fail_type(reading, place, "text");
	return (struct raw_text){ 0 };
}

struct raw_text wire_text_at(struct reading *reading, struct value *object, struct field field)
{
	struct piece piece;

	if (!find_piece(reading, object, field.number, &piece))
		return (struct raw_text){ 0 };
	if (piece.type == PIECE_BYTES)
		return (struct raw_text){ piece.bytes, piece.number };
	fail_type_at(reading, object, field, "text");
	return (struct raw_text){ 0 };
}

/* Negative numbers of 32 bits come as 64, too. */
bool wire_integer_at(struct reading *reading, struct value *object, struct field field, int64_t *ret_number)
{
	struct piece piece;

	if (!find_piece(reading, object, field.number, &piece))
		return false;
	if (piece.type == PIECE_VARINT) {
		memcpy(ret_number, &piece.number, sizeof(*ret_number));
		return true;
	}
	fail_type_at(reading, object, field, "a whole number");
	return false;
}

bool wire_flag_at(struct reading *reading, struct value *object, struct field field)
{
	struct piece piece;

	if (!find_piece(reading, object, field.number, &piece))
		return false;
	if (piece.type == PIECE_VARINT)
		return piece.number;
	fail_type_at(reading, object, field, "true or false");
	return false;
}

/* Field 1 as a number, 0 where it is not there. */
static bool read_first_number(struct reading *reading, const struct value *place, int64_t *ret_number)
{
	struct piece one, two;

	*ret_number = 0;
	if (!read_pair(reading, place, &one, &two))
		return false;
	if (one.type == PIECE_VARINT)
		memcpy(ret_number, &one.number, sizeof(*ret_number));
	else if (one.type != PIECE_NONE)
		value_fail_type(reading, place, "a number");
	return one.type == PIECE_VARINT || one.type == PIECE_NONE;
}

/* {seconds 1, nanos 2}; Go's zero time is an empty message. Source: apimachinery, meta/v1 time_proto.go. */
int64_t wire_time(struct reading *reading, const struct value *place)
{
	int64_t seconds;

	if (place->piece.type == PIECE_BYTES && place->piece.number == 0)
		return TIME_NONE;
	if (!read_first_number(reading, place, &seconds) || seconds == TIMESTAMP_ZERO)
		return TIME_NONE;
	if (seconds > TIMESTAMP_ZERO && seconds <= LAST_SECOND)
		return seconds;
	value_fail(reading, place, "the time is out of range");
	return TIME_NONE;
}

/* {duration 1}, in nanoseconds. */
int64_t wire_duration(struct reading *reading, const struct value *place)
{
	int64_t nanoseconds;

	return read_first_number(reading, place, &nanoseconds) ? nanoseconds : 0;
}

/* {string 1}. Source: apimachinery, api/resource quantity_proto.go. */
const char *wire_quantity(struct reading *reading, const struct value *place)
{
	struct piece one, two;

	if (!read_pair(reading, place, &one, &two))
		return NULL;
	if (one.type == PIECE_BYTES)
		return value_c_text(reading, (struct raw_text){ one.bytes, one.number });
	value_fail_type(reading, place, "a quantity");
	return NULL;
}

/* {type 1, intVal 2, strVal 3}, type 0 a number and 1 a text. Source: apimachinery, util/intstr generated.proto. */
bool wire_int_or_text(struct reading *reading, struct value *place, int64_t *ret_number, struct raw_text *ret_text)
{
	*ret_text = (struct raw_text){ 0 };
	*ret_number = 0;
	if (value_integer(reading, place, F("type", 1), 0, 1, 0) == 1) {
		*ret_text = value_raw(reading, place, F("strVal", 3));
		return false;
	}
	*ret_number = value_integer(reading, place, F("intVal", 2), INT32_MIN, INT32_MAX, 0);
	return !reading->failed;
}
