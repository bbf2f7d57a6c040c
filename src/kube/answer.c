#include "clusterutils/kube/answer.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/quote.h"
#include "clusterutils/util/text.h"
#include "url.h"

/* What client-go makes of an answer whose body is no Status. */
struct generic {
	int status;
	const char *reason;
	const char *message; /* NULL: what the server wrote */
};

static const struct generic generics[] = {
	{ 400, "BadRequest", "the server rejected our request for an unknown reason" },
	{ 401, "Unauthorized", "the server has asked for the client to provide credentials" },
	{ 403, "Forbidden", NULL },
	{ 404, "NotFound", "the server could not find the requested resource" },
	{ 405, "MethodNotAllowed", "the server does not allow this method on the requested resource" },
	{ 406, "NotAcceptable", NULL },
	{ 409, "Conflict", "the server reported a conflict" },
	{ 415, "UnsupportedMediaType", NULL },
	{ 422, "Invalid", "the server rejected our request due to an error in our request" },
	{ 429, "TooManyRequests", "the server has received too many requests and has asked us to try again later" },
	{ 503, "ServiceUnavailable", "the server is currently unable to handle the request" },
	{ 504, "Timeout",
		"the server was unable to return a response in the time allotted, but may still be processing the request" },
};

/* The server's words as they may be shown: "unknown" for JSON, which is not for people. */
static const char *server_words(const struct request *request, const char *body, size_t length, char words[2049])
{
	if (text_starts_with(request->type, "application/json") || !length)
		return "unknown";
	if (length > 2048)
		length = 2048;
	while (length && isspace((unsigned char)body[length - 1]))
		length--;
	memcpy(words, body, length);
	words[length] = '\0';
	return words;
}

/* " (get pods x)": what was asked. */
static void add_question(const struct request *request, struct buffer *out)
{
	struct url_resource resource = url_resource_of(request->path);

	if (!*resource.resource)
		return;
	buffer_add_text(out, " (");
	for (const char *c = request->verb; *c; c++)
		buffer_add_char(out, (char)tolower((unsigned char)*c));
	buffer_printf(out, " %s%s%s)", resource.resource, *resource.name ? " " : "", resource.name);
}

static void explain_generic(struct request *request, const char *body, size_t length)
{
	const struct generic *generic = NULL;
	struct api_status *status = &request->api_status;
	char words[2049];
	const char *said = server_words(request, body, length, words);
	AUTO_BUFFER message = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(generics); i++)
		if (generics[i].status == request->status)
			generic = &generics[i];
	if (generic) {
		snprintf(status->reason, sizeof(status->reason), "%s", generic->reason);
		buffer_add_text(&message, generic->message ? generic->message : said);
	} else if (request->status >= 500) {
		snprintf(status->reason, sizeof(status->reason), "InternalError");
		buffer_add_text(&message, "an error on the server (");
		quote_text(&message, said, strlen(said));
		buffer_add_text(&message, ") has prevented the request from succeeding");
	} else {
		buffer_printf(&message,
			"the server responded with the status code %d but did not return more information",
			request->status);
	}
	add_question(request, &message);
	snprintf(status->message, sizeof(status->message), "%s", buffer_text(&message));
	text_scrub_in_place(status->message);
}

static enum error_code code_of(const struct request *request)
{
	switch (request->status) {
	case 401:
	case 403:
		return ERROR_FORBIDDEN;
	case 404:
		return ERROR_NOT_FOUND;
	case 409:
		return ERROR_CONFLICT;
	case 410:
		return ERROR_EXPIRED;
	case 504:
		return ERROR_TIMEOUT;
	case 429:
	case 500:
	case 502:
	case 503:
		return ERROR_UNAVAILABLE;
	default:
		return ERROR_FAILED;
	}
}

void answer_explain(struct request *request, const char *body, size_t length)
{
	struct api_status *status = &request->api_status;
	int wire = wire_of_content_type(request->type);

	if (wire < 0 || !api_status_read((enum wire)wire, body, length, status) || !*status->message)
		explain_generic(request, body, length);
	if (request->status == 401)
		error_set(
			&request->error, ERROR_FORBIDDEN, "You must be logged in to the server (%s)", status->message);
	else if (strcmp(status->reason, "Invalid") == 0)
		error_set_whole(&request->error, ERROR_INVALID, "The %s", status->message);
	else if (*status->reason)
		error_set_whole(&request->error, code_of(request), "Error from server (%s): %s", status->reason,
			status->message);
	else
		error_set_whole(&request->error, code_of(request), "Error from server: %s", status->message);
	request->error.http_status = request->status;
}
