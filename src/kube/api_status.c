#include "clusterutils/kube/api_status.h"

#include <string.h>

#include "clusterutils/util/buffer.h"
#include "clusterutils/util/text.h"
#include "json.h"

/* Scrubbed, and cut between two characters. */
static void take_text(struct reading *reading, const struct json *object, const char *key, char *buffer, size_t size)
{
	const char *text = json_own(reading, object, key);
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

static bool read_status(struct reading *reading, const struct json *status, struct api_status *ret_status)
{
	struct json details = json_member(reading, status, "details"),
		    causes = json_member(reading, &details, "causes");
	struct json first = json_first(reading, &causes);

	if (!text_equal(json_raw(reading, status, "kind"), "Status"))
		return false;
	ret_status->code = (int)json_integer(reading, status, "code", 0, 999, 0);
	take_text(reading, status, "reason", ret_status->reason, sizeof(ret_status->reason));
	take_text(reading, status, "message", ret_status->message, sizeof(ret_status->message));
	take_text(reading, &first, "reason", ret_status->cause, sizeof(ret_status->cause));
	ret_status->retry_after_seconds = json_integer(reading, &details, "retryAfterSeconds", 0, INT32_MAX, -1);
	return !reading->failed;
}

bool api_status_read(enum wire wire, const char *bytes, size_t length, struct api_status *ret_status)
{
	AUTO_ARENA scratch = { 0 }, memory = { 0 };
	AUTO_BUFFER text = { 0 };
	struct api_status status = { .retry_after_seconds = -1 };
	struct error ignored;
	struct reading reading = { .memory = &memory, .scratch = &scratch, .err = &ignored };
	const cJSON *value = NULL;
	struct json root;

	*ret_status = status;
	if (wire == WIRE_JSON) {
		buffer_add(&text, bytes, length); /* the body of an answer has no NUL behind it */
		value = json_parse(&scratch, buffer_text(&text), text.length, &ignored);
	}
	root = json_root(value);
	if (!value || !read_status(&reading, &root, &status))
		return false;
	*ret_status = status;
	return true;
}
