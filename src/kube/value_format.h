/* What each of the two formats does for value.h: value_json.c and value_wire.c. What is asked is there, unless it is
 * said that it may be absent. */
#pragma once

#include "value.h"

/* A member of a map on the way to a sorted list. */
struct map_entry {
	const char *key; /* interned; "" for none */
	size_t position; /* in the map */
	const cJSON *json;
	struct piece piece; /* type PIECE_NONE where the entry has no value */
};

/* What value.h says of value_member, value_entry, value_first and value_next. */
struct value json_member(struct reading *reading, struct value *object, struct field field);
struct value wire_member(struct reading *reading, struct value *object, struct field field);
struct value wire_entry(struct reading *reading, struct value *map, const char *key);
struct value json_first(struct reading *reading, const struct value *list);
struct value wire_first(struct reading *reading, const struct value *list);
struct value json_next(const struct value *item);
struct value wire_next(const struct value *item);
size_t wire_count(const struct value *list);

/* All of a list as it stands in its message; NULL where there is none. */
struct raw_text wire_span(const struct value *list);

/* All entries of a map that may be absent, in scratch memory. */
struct map_entry *json_entries(struct reading *reading, const struct value *map, size_t *ret_count);
struct map_entry *wire_entries(struct reading *reading, struct value *map, size_t *ret_count);

/* By key, each once: of equal ones the last in the map, as in Go. Returns how many remain. */
size_t map_sort(struct map_entry *entries, size_t count);

struct raw_text json_text(struct reading *reading, const struct value *place);
struct raw_text wire_text(struct reading *reading, const struct value *place);
struct raw_text wire_text_at(struct reading *reading, struct value *object, struct field field);

/* False where it is no whole number, after this was noted; in protobuf also where there is none. */
bool json_integer(struct reading *reading, const struct value *place, int64_t *ret_number);
bool wire_integer_at(struct reading *reading, struct value *object, struct field field, int64_t *ret_number);

bool json_flag(struct reading *reading, const struct value *place);
bool wire_flag_at(struct reading *reading, struct value *object, struct field field);
int64_t json_time(struct reading *reading, const struct value *place);
int64_t wire_time(struct reading *reading, const struct value *place);
int64_t json_duration(struct reading *reading, const struct value *place);
int64_t wire_duration(struct reading *reading, const struct value *place);

/* The text of a quantity, followed by a NUL; NULL where it is none, after this was noted. */
const char *json_quantity(struct reading *reading, const struct value *place);
const char *wire_quantity(struct reading *reading, const struct value *place);

/* Whether an IntOrString is a number, which is then in *ret_number: the text is in *ret_text otherwise. */
bool json_int_or_text(
	struct reading *reading, const struct value *place, int64_t *ret_number, struct raw_text *ret_text);
bool wire_int_or_text(struct reading *reading, struct value *place, int64_t *ret_number, struct raw_text *ret_text);

/* "WANTED expected". */
void value_fail_type(struct reading *reading, const struct value *place, const char *wanted);

/* The text as a C text without NULs inside, in scratch memory where it must be copied. */
const char *value_c_text(struct reading *reading, struct raw_text raw);
