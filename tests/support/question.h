/* One request to a transport, and what came back. */
#pragma once

#include <cjson/cJSON.h>

#include "clusterutils/kube/transport.h"
#include "clusterutils/util/buffer.h"

struct question {
	struct request request;
	struct buffer body;
	cJSON *json;
};

/* `body` is sent as JSON; NULL for none. */
void question_prepare(struct question *question, const char *verb, const char *path, const char *body);
void question_add(struct question *question, const char *name, const char *value);

/* Starts it, and steps the transport until it is done: at most 10,000 times, or the test ends. */
void question_run(struct question *question, struct transport *transport);
void question_ask(
	struct question *question, struct transport *transport, const char *verb, const char *path, const char *body);

/* Steps the transport so often that whatever the clock has made due is done. */
void question_settle(struct transport *transport);

/* The body as a tree; the test ends where it is none. */
const cJSON *question_json(struct question *question);

/* How often the text stands in the body. */
size_t question_count(const struct question *question, const char *text);

void question_release(struct question *question);
#define AUTO_QUESTION CLEANUP(question_release) struct question
