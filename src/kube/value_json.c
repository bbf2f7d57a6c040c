#include <stdio.h>
#include <string.h>

#include "clusterutils/kube/json.h"
#include "clusterutils/util/duration.h"
#include "clusterutils/util/timestamp.h"
#include "value_format.h"

struct value json_member(struct reading *reading, struct value *object, struct field field)
{
	const cJSON *json = object->json; /* where it is inline */

	if (field.name && !cJSON_IsObject(object->json)) {
		value_fail_type(reading, object, "an object");
		json = NULL;
	} else if (field.name) {
		json = json_find(object->json, field.name);
	}
	return (struct value){
		.parent = object, .name = field.name, .is_inline = !field.name, .is_there = json, .json = json
	};
}

/* --- lists and maps --- */

struct value json_first(struct reading *reading, const struct value *list)
{
	const cJSON *json = NULL;

	if (cJSON_IsArray(list->json))
		json = list->json->child;
	else
		value_fail_type(reading, list, "a list");
	return (struct value){ .parent = list, .is_there = json, .json = json };
}

struct value json_next(const struct value *item)
{
	const cJSON *json = item->json->next;

	return (struct value){ .parent = item->parent, .index = item->index + 1, .is_there = json, .json = json };
}

struct map_entry *json_entries(struct reading *reading, const struct value *map, size_t *ret_count)
{
	struct map_entry *entries;
	size_t count = 0;

	*ret_count = 0;
	if (!cJSON_IsObject(map->json)) {
		value_fail_type(reading, map, "an object");
		return NULL;
	}
	for (const cJSON *member = map->json->child; member; member = member->next)
		count++;
	entries = arena_alloc(reading->scratch, count * sizeof(*entries));
	for (const cJSON *member = map->json->child; member; member = member->next) {
		const char *key = value_intern(reading, (struct raw_text){ member->string, strlen(member->string) });

		entries[*ret_count] =
			(struct map_entry){ .key = key ? key : "", .json = member, .position = *ret_count };
		++*ret_count;
	}
	return entries;
}

/* --- text, numbers, moments --- */

struct raw_text json_text(struct reading *reading, const struct value *place)
{
	if (cJSON_IsString(place->json))
		return (struct raw_text){ place->json->valuestring, strlen(place->json->valuestring) };
	if (!cJSON_IsNull(place->json))
		value_fail_type(reading, place, "text");
	return (struct raw_text){ 0 };
}

/* Beyond 2^53 every double is. Not by floor, which needs libm where it is no instruction. */
static bool is_whole(double number)
{
	const double every = 9007199254740992.0;

	return number <= -every || number >= every || number == (double)(int64_t)number;
}

bool json_integer(struct reading *reading, const struct value *place, int64_t *ret_number)
{
	double number = place->json->valuedouble;

	if (!cJSON_IsNumber(place->json) || !is_whole(number)) {
		value_fail_type(reading, place, "a whole number");
		return false;
	}
	/* What does not fit is out of every range. */
	*ret_number = number >= 9223372036854775808.0 ? INT64_MAX
		: number < -9223372036854775808.0     ? INT64_MIN
						      : (int64_t)number;
	return true;
}

bool json_flag(struct reading *reading, const struct value *place)
{
	if (!cJSON_IsBool(place->json))
		value_fail_type(reading, place, "true or false");
	return cJSON_IsTrue(place->json);
}

int64_t json_time(struct reading *reading, const struct value *place)
{
	struct raw_text raw = json_text(reading, place);
	struct error err;
	int32_t nanoseconds;
	int64_t seconds;

	if (!raw.bytes)
		return TIME_NONE;
	if (timestamp_parse(raw.bytes, &seconds, &nanoseconds, &err) < 0) {
		value_fail(reading, place, err.message);
		return TIME_NONE;
	}
	return seconds;
}

int64_t json_duration(struct reading *reading, const struct value *place)
{
	struct raw_text raw = json_text(reading, place);
	struct error ignored;
	int64_t nanoseconds;

	return raw.bytes && duration_parse(raw.bytes, &nanoseconds, &ignored) == 0 ? nanoseconds : 0;
}

/* Text, white space around it allowed (in JSON alone), or a bare number: a whole one exactly. */
const char *json_quantity(struct reading *reading, const struct value *place)
{
	const double most_exact = 9007199254740992.0;
	static const char space[] = " \t\n\v\f\r";
	double number = place->json->valuedouble;

	if (cJSON_IsString(place->json)) {
		char *text = place->json->valuestring;
		size_t length;

		text += strspn(text, space);
		for (length = strlen(text); length && strchr(space, text[length - 1]); length--)
			text[length - 1] = '\0';
		return text;
	}
	if (!cJSON_IsNumber(place->json)) {
		value_fail_type(reading, place, "a quantity");
		return NULL;
	}
	if (number >= -most_exact && number <= most_exact && is_whole(number))
		return arena_printf(reading->scratch, "%.0f", number);
	return arena_printf(reading->scratch, "%.15g", number);
}

bool json_int_or_text(
	struct reading *reading, const struct value *place, int64_t *ret_number, struct raw_text *ret_text)
{
	*ret_text = (struct raw_text){ 0 };
	if (cJSON_IsNumber(place->json))
		return json_integer(reading, place, ret_number);
	*ret_text = json_text(reading, place);
	return false;
}
