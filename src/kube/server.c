#include "clusterutils/kube/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/kube/collect.h"
#include "clusterutils/kube/json.h"
#include "clusterutils/util/arena.h"
#include "clusterutils/util/buffer.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

enum { STEP_MS = 1000, ANSWER_MAX = 1 << 20 };

/* A small answer, held whole. */
struct question {
	struct request request;
	struct buffer answer;
	struct collector collector;
};

static void ask(struct transport *transport, struct question *question, const char *path)
{
	question->collector = (struct collector){ &question->answer, ANSWER_MAX, "the answer" };
	question->request =
		(struct request){ .verb = "GET", .path = path, .on_bytes = collect, .context = &question->collector };
	transport_start(transport, &question->request);
}

static const cJSON *parse(struct arena *scratch, const struct question *question)
{
	struct error ignored;

	return json_parse(scratch, buffer_text(&question->answer), question->answer.length, &ignored);
}

/* "1" and "33+": digits, and whatever a vendor adds. */
static unsigned leading_number(const char *text)
{
	unsigned number = 0;

	for (; text && *text >= '0' && *text <= '9' && number < 100000; text++)
		number = number * 10 + (unsigned)(*text - '0');
	return number;
}

static void read_version(const struct question *question, struct server *server)
{
	AUTO_ARENA scratch = { 0 };
	const cJSON *root = parse(&scratch, question);
	const char *version = cJSON_GetStringValue(json_find(root, "gitVersion"));

	server->major = leading_number(cJSON_GetStringValue(json_find(root, "major")));
	server->minor = leading_number(cJSON_GetStringValue(json_find(root, "minor")));
	snprintf(server->version, sizeof(server->version), "%s", version ? version : "");
	text_scrub_in_place(server->version);
}

/* An APIGroup: {versions: [{version: "v1beta1"}]}. */
static void read_metrics(const struct question *question, struct server *server)
{
	AUTO_ARENA scratch = { 0 };
	const cJSON *versions = json_find(parse(&scratch, question), "versions"), *item;
	bool has_v1 = false, has_v1beta1 = false;

	cJSON_ArrayForEach (item, versions) {
		const char *version = cJSON_GetStringValue(json_find(item, "version"));

		has_v1 = has_v1 || text_equal(version, "v1");
		has_v1beta1 = has_v1beta1 || text_equal(version, "v1beta1");
	}
	snprintf(server->metrics_version, sizeof(server->metrics_version), "%s",
		has_v1                ? "v1"
			: has_v1beta1 ? "v1beta1"
				      : "");
}

/* A network that does not let us through, and credentials that nobody knows, are the same for every request. */
static bool is_hopeless(const struct request *request)
{
	return request->error.code && (request->error.http_status == 0 || request->error.http_status == 401);
}

struct server_inquiry {
	struct transport *transport;
	struct question version, metrics;
};

struct server_inquiry *server_inquiry_new(struct transport *transport)
{
	struct server_inquiry *inquiry = memory_new(sizeof(*inquiry));

	inquiry->transport = transport;
	ask(transport, &inquiry->version, "/version");
	ask(transport, &inquiry->metrics, "/apis/metrics.k8s.io");
	return inquiry;
}

static void give_up(struct server_inquiry *inquiry, struct question *question)
{
	if (!question->request.done)
		transport_cancel(inquiry->transport, &question->request);
	buffer_release(&question->answer);
}

void server_inquiry_free(struct server_inquiry *inquiry)
{
	if (!inquiry)
		return;
	give_up(inquiry, &inquiry->version);
	give_up(inquiry, &inquiry->metrics);
	free(inquiry);
}

bool server_inquiry_is_done(const struct server_inquiry *inquiry)
{
	return inquiry->version.request.done && inquiry->metrics.request.done;
}

int server_inquiry_result(const struct server_inquiry *inquiry, struct server *ret_server, struct error *err)
{
	const struct request *version = &inquiry->version.request, *metrics = &inquiry->metrics.request;

	*ret_server = (struct server){ 0 };
	if (is_hopeless(version)) {
		*err = version->error;
		return -1;
	}
	if (!version->error.code)
		read_version(&inquiry->version, ret_server);
	if (!metrics->error.code)
		read_metrics(&inquiry->metrics, ret_server);
	if (!*ret_server->metrics_version) {
		error_set(&ret_server->metrics_error, ERROR_NOT_FOUND, "Metrics API not available");
		ret_server->metrics_error.http_status = 404;
	}
	if (metrics->error.code && metrics->error.http_status != 404)
		ret_server->metrics_error = metrics->error;
	return 0;
}

int server_ask(struct transport *transport, struct server *ret_server, struct error *err)
{
	struct server_inquiry *inquiry = server_inquiry_new(transport);
	int result;

	while (!server_inquiry_is_done(inquiry))
		transport_step(transport, STEP_MS);
	result = server_inquiry_result(inquiry, ret_server, err);
	server_inquiry_free(inquiry);
	return result;
}

bool server_streams_lists(const struct server *server)
{
	return server->major > 1 || (server->major == 1 && server->minor >= 33);
}

bool server_begins_watches(const struct server *server)
{
	return server->major > 1 || (server->major == 1 && server->minor >= 34);
}
