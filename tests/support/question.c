#include "question.h"

#include <check.h>
#include <string.h>

enum { MAX_STEPS = 10000, SETTLING_STEPS = 100 };

static int take(void *context, const char *bytes, size_t length, struct error *err)
{
	struct question *question = context;

	(void)err;
	buffer_add(&question->body, bytes, length);
	return 0;
}

void question_prepare(struct question *question, const char *verb, const char *path, const char *body)
{
	*question = (struct question){
		.request = { .verb = verb,
			.path = path,
			.body = body,
			.body_length = body ? strlen(body) : 0,
			.content_type = body ? "application/json" : NULL,
			.on_bytes = take },
	};
	question->request.context = question;
}

void question_add(struct question *question, const char *name, const char *value)
{
	struct request *request = &question->request;

	ck_assert_uint_lt(request->parameter_count, REQUEST_MAX_PARAMETERS);
	request->parameters[request->parameter_count++] = (struct request_parameter){ name, value };
}

void question_run(struct question *question, struct transport *transport)
{
	transport_start(transport, &question->request);
	for (int i = 0; !question->request.done; i++) {
		ck_assert_int_lt(i, MAX_STEPS);
		transport_step(transport, 0);
	}
}

void question_ask(
	struct question *question, struct transport *transport, const char *verb, const char *path, const char *body)
{
	question_prepare(question, verb, path, body);
	question_run(question, transport);
}

void question_settle(struct transport *transport)
{
	for (int i = 0; i < SETTLING_STEPS; i++)
		transport_step(transport, 0);
}

const cJSON *question_json(struct question *question)
{
	if (!question->json)
		question->json = cJSON_ParseWithLength(buffer_text(&question->body), question->body.length + 1);
	ck_assert_msg(question->json, "no JSON: %s", buffer_text(&question->body));
	return question->json;
}

size_t question_count(const struct question *question, const char *text)
{
	size_t count = 0;

	for (const char *at = buffer_text(&question->body); (at = strstr(at, text)); at += strlen(text))
		count++;
	return count;
}

void question_release(struct question *question)
{
	buffer_release(&question->body);
	cJSON_Delete(question->json);
}
