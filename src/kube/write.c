#include "clusterutils/kube/write.h"

#include <string.h>

#include "clusterutils/util/quote.h"
#include "clusterutils/util/text.h"

enum { STEP_MS = 1000, ANSWER_MAX = 8 << 20 };

static void add_text(struct buffer *out, const char *name, const char *value)
{
	buffer_printf(out, "\"%s\":", name);
	quote_json(out, value, strlen(value));
}

/* What the server must find before it deletes, and how long it waits. */
static void add_delete_options(
	struct buffer *out, const struct write_options *options, const char *uid, int64_t grace_seconds)
{
	bool has_uid = uid && *uid;

	buffer_add_text(out, "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\"");
	if (grace_seconds >= 0)
		buffer_printf(out, ",\"gracePeriodSeconds\":%lld", (long long)grace_seconds);
	if (has_uid) {
		buffer_add_text(out, ",\"preconditions\":{");
		add_text(out, "uid", uid);
		buffer_add_char(out, '}');
	}
	if (options->dry_run)
		buffer_add_text(out, ",\"dryRun\":[\"All\"]");
	buffer_add_char(out, '}');
}

static void start(struct write *write, struct transport *transport, const struct write_options *options,
	const char *verb, const char *content_type)
{
	struct request *request = &write->request;

	write->collector = (struct collector){ &write->answer, ANSWER_MAX, "the answer" };
	*request = (struct request){
		.verb = verb,
		.path = write->path,
		.content_type = content_type,
		.body = buffer_text(&write->body),
		.body_length = write->body.length,
		.is_sent_once = true,
		.on_bytes = collect,
		.context = &write->collector,
	};
	if (options->field_manager && strcmp(verb, "DELETE") != 0)
		request->parameters[request->parameter_count++] =
			(struct request_parameter){ "fieldManager", options->field_manager };
	if (options->dry_run)
		request->parameters[request->parameter_count++] = (struct request_parameter){ "dryRun", "All" };
	transport_start(transport, request);
}

static void begin(struct write *write)
{
	*write = (struct write){ 0 };
}

void write_release(struct write *write)
{
	buffer_release(&write->body);
	buffer_release(&write->answer);
}

void write_evict(struct write *write, struct transport *transport, const struct write_options *options,
	const char *namespace, const char *name, const char *uid, int64_t grace_seconds)
{
	begin(write);
	write->is_eviction = true;
	path_of_object(KIND_POD, namespace, name, "eviction", write->path);
	buffer_add_text(&write->body, "{\"kind\":\"Eviction\",\"apiVersion\":\"policy/v1\",\"metadata\":{");
	add_text(&write->body, "name", name);
	buffer_add_char(&write->body, ',');
	add_text(&write->body, "namespace", namespace);
	buffer_add_text(&write->body, "},\"deleteOptions\":");
	add_delete_options(&write->body, options, uid, grace_seconds);
	buffer_add_char(&write->body, '}');
	start(write, transport, options, "POST", "application/json");
}

void write_patch(struct write *write, struct transport *transport, const struct write_options *options, enum kind kind,
	const char *namespace, const char *name, enum patch_type type, const char *patch)
{
	static const char *const types[] = {
		[PATCH_MERGE] = "application/merge-patch+json",
		[PATCH_STRATEGIC] = "application/strategic-merge-patch+json",
		[PATCH_JSON] = "application/json-patch+json",
	};

	begin(write);
	path_of_object(kind, namespace, name, NULL, write->path);
	buffer_add_text(&write->body, patch);
	start(write, transport, options, "PATCH", types[type]);
}

void write_create(struct write *write, struct transport *transport, const struct write_options *options, enum kind kind,
	const char *namespace, const char *object)
{
	begin(write);
	path_of_kind(kind, namespace, write->path);
	buffer_add_text(&write->body, object);
	start(write, transport, options, "POST", "application/json");
}

void write_delete(struct write *write, struct transport *transport, const struct write_options *options, enum kind kind,
	const char *namespace, const char *name, const char *uid, int64_t grace_seconds)
{
	begin(write);
	path_of_object(kind, namespace, name, NULL, write->path);
	add_delete_options(&write->body, options, uid, grace_seconds);
	start(write, transport, options, "DELETE", "application/json");
}

enum write_outcome write_outcome(const struct write *write)
{
	const struct request *request = &write->request;
	const char *cause = request->api_status.cause;

	if (!request->done)
		return WRITE_UNDER_WAY;
	if (!request->error.code)
		return WRITE_DONE;
	switch (request->status) {
	case 404:
		return WRITE_GONE;
	case 409:
		/* The uid of the precondition is not that of the object: ours is gone. */
		return text_starts_with(request->verb, "PATCH") || !strstr(request->api_status.message, "UID")
			? WRITE_CONFLICT
			: WRITE_GONE;
	case 422: /* a "test" of a JSON patch did not hold */
		return text_equal(request->content_type, "application/json-patch+json") ? WRITE_CONFLICT : WRITE_FAILED;
	case 403:
		return text_equal(cause, "NamespaceTerminating") ? WRITE_TERMINATING : WRITE_FORBIDDEN;
	case 429:
		return write->is_eviction && text_equal(cause, "DisruptionBudget") ? WRITE_BLOCKED : WRITE_BUSY;
	case 503:
		return WRITE_BUSY;
	default:
		return WRITE_FAILED;
	}
}

enum write_outcome write_wait(struct write *write, struct transport *transport)
{
	while (!write->request.done)
		transport_step(transport, STEP_MS);
	return write_outcome(write);
}
