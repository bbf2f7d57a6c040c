#include "clusterutils/kube/api_status.h"

#include <string.h>

#include "clusterutils/util/buffer.h"
#include "clusterutils/util/text.h"
#include "envelope.h"
#include "value.h"

/* Scrubbed, and cut between two characters. */
static void take_text(struct reading *reading, struct value *object, struct field field, char *buffer, size_t size)
{
	const char *text = value_own(reading, object, field);
	size_t length = 0;
	uint32_t code_point;

	for (size_t taken; text && (taken = text_decode(text + length, strlen(text + length), &code_point));
		length += taken)
		if (length + taken >= size)
			break;
	if (length)
		memcpy(buffer, text, length);
	buffer[length] = '\0';
}

static bool read_status(struct reading *reading, struct value *status, struct api_status *ret_status)
{
	struct value details = value_member(reading, status, F("details", 5));
	struct value causes = value_member(reading, &details, F("causes", 4)), first = value_first(reading, &causes);

	ret_status->code = (int)value_integer(reading, status, F("code", 6), 0, 999, 0);
	take_text(reading, status, F("reason", 4), ret_status->reason, sizeof(ret_status->reason));
	take_text(reading, status, F("message", 3), ret_status->message, sizeof(ret_status->message));
	take_text(reading, &first, F("reason", 1), ret_status->cause, sizeof(ret_status->cause));
	ret_status->retry_after_seconds = value_integer(reading, &details, F("retryAfterSeconds", 5), 0, INT32_MAX, -1);
	if (ret_status->retry_after_seconds == 0)
		ret_status->retry_after_seconds = -1; /* not told, in protobuf */
	return !reading->failed;
}

/* In JSON the kind says so. In protobuf the envelope does; the object of an event has none left, but a `status`. */
static bool is_bare_status(struct reading *reading, struct value *object)
{
	if (reading->wire == WIRE_JSON)
		return value_is(reading, object, F("kind", 0), "Status");
	return value_is(reading, object, F("status", 2), "Failure") ||
		value_is(reading, object, F("status", 2), "Success");
}

bool api_status_read(enum wire wire, const char *bytes, size_t length, struct api_status *ret_status)
{
	static const char kind[] = "Status";
	AUTO_ARENA scratch = { 0 }, memory = { 0 };
	AUTO_BUFFER text = { 0 };
	struct api_status status = { .retry_after_seconds = -1 };
	struct error ignored;
	struct reading reading = { .wire = wire, .memory = &memory, .scratch = &scratch, .err = &ignored };
	struct envelope envelope;
	bool in_envelope = wire == WIRE_PROTOBUF && envelope_read(bytes, length, &envelope);
	struct value object;

	*ret_status = status;
	if (in_envelope) {
		if (envelope.kind.length != strlen(kind) || memcmp(envelope.kind.bytes, kind, strlen(kind)) != 0)
			return false;
		bytes = envelope.raw.bytes;
		length = envelope.raw.length;
	}
	if (wire == WIRE_JSON) {
		buffer_add(&text, bytes, length); /* the body of an answer has no NUL behind it */
		bytes = buffer_text(&text);
	}
	if (value_parse(&reading, bytes, length, &object, &ignored) < 0 ||
		!(in_envelope || is_bare_status(&reading, &object)) || !read_status(&reading, &object, &status))
		return false;
	*ret_status = status;
	return true;
}
