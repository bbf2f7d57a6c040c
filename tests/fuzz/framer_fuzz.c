/* The framer on any bytes: the objects do not depend on how the bytes are cut into chunks, and each is balanced JSON
 * as far as brackets go. The first byte chooses the size of the chunks, and whether they are the events of a watch. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/kube/framer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int add(void *context, const char *json, size_t length, uint64_t line, struct error *err)
{
	(void)err;
	if (json[length] || json[0] != '{' || json[length - 1] != '}' || line == 0)
		abort();
	buffer_add(context, json, length);
	buffer_add_char(context, '\n');
	return 0;
}

static int add_envelope(void *context, const char *json, size_t length, struct error *err)
{
	(void)err;
	if (json[length] || json[0] != '{' || json[length - 1] != '}')
		abort();
	buffer_add(context, json, length);
	return 0;
}

static int add_event(void *context, const char *event, size_t event_length, const char *object, size_t object_length,
	struct error *err)
{
	if (add_envelope(context, event, event_length, err) < 0)
		return -1;
	return add(context, object, object_length, 1, err);
}

static int add_other(void *context, const char *json, size_t length, uint64_t line, struct error *err)
{
	(void)err;
	if (json[length] || line == 0)
		abort();
	buffer_add(context, json, length);
	return 0;
}

static int frame(bool is_watch, const char *bytes, size_t size, size_t step, struct buffer *ret_record)
{
	static const struct framer_events list = {
		.on_list = add_envelope, .on_object = add, .on_list_end = add_envelope
	};
	static const struct framer_events watch = { .on_object = add_other, .on_event = add_event };
	struct framer framer;
	struct error err;
	int result = 0;

	framer_init(&framer, is_watch ? &watch : &list, ret_record);
	for (size_t at = 0; at < size && result == 0; at += step)
		result = framer_feed(&framer, bytes + at, step < size - at ? step : size - at, &err);
	if (result == 0)
		result = framer_finish(&framer, &err);
	framer_release(&framer);
	return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUFFER whole = { 0 }, pieces = { 0 };
	const char *bytes = (const char *)data + 1;
	bool is_watch;

	if (size < 1)
		return 0;
	is_watch = data[0] & 0x80;
	if (frame(is_watch, bytes, size - 1, size, &whole) !=
		frame(is_watch, bytes, size - 1, data[0] % 7 + 1U, &pieces))
		abort();
	if (whole.length != pieces.length || (whole.length && memcmp(whole.bytes, pieces.bytes, whole.length) != 0))
		abort();
	return 0;
}
