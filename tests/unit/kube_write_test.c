/* What writes send, and what they make of the answers. */
#include "clusterutils/kube/write.h"

#include <string.h>

#include "script.h"
#include "suite.h"

static const struct write_options plain = { .field_manager = "clusterutils-test" };
static const struct write_options dry = { .field_manager = "clusterutils-test", .dry_run = true };

#define STATUS(reason, cause) \
	"{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"message\":\"m\",\"reason\":\"" reason \
	"\",\"details\":{\"causes\":[{\"reason\":\"" cause "\"}],\"retryAfterSeconds\":5}}"

static const struct {
	int status;
	const char *body;
	enum write_outcome outcome;
} evictions[] = {
	{ 201, "{\"kind\":\"Status\",\"status\":\"Success\"}", WRITE_DONE },
	{ 404, STATUS("NotFound", ""), WRITE_GONE },
	{ 429, STATUS("TooManyRequests", "DisruptionBudget"), WRITE_BLOCKED },
	{ 429, STATUS("TooManyRequests", ""), WRITE_BUSY },
	{ 403, STATUS("Forbidden", ""), WRITE_FORBIDDEN },
	{ 403, STATUS("Forbidden", "NamespaceTerminating"), WRITE_TERMINATING },
	{ 409,
		"{\"kind\":\"Status\",\"reason\":\"Conflict\",\"message\":\"Operation cannot be fulfilled on pods \\\"p\\\": "
		"the UID in the precondition (u) does not match the UID in record (v). The object might have been deleted "
		"and then recreated\"}",
		WRITE_GONE },
	{ 500, STATUS("InternalError", ""), WRITE_FAILED },
};

START_TEST(an_eviction_is_for_one_pod_of_one_uid)
{
	const struct script_answer answer = {
		.asks = "POST", .status = evictions[_i].status, .body = evictions[_i].body
	};
	struct script script;
	struct write write;

	script_init(&script, &answer, 1);
	write_evict(&write, &script.transport, &plain, "n", "p", "u-1", 30);
	ck_assert_int_eq(write_outcome(&write), WRITE_UNDER_WAY);
	ck_assert_int_eq(write_wait(&write, &script.transport), evictions[_i].outcome);
	ck_assert_str_eq(buffer_text(&script.asked),
		"POST /api/v1/namespaces/n/pods/p/eviction?fieldManager=clusterutils-test "
		"{\"kind\":\"Eviction\",\"apiVersion\":\"policy/v1\",\"metadata\":{\"name\":\"p\",\"namespace\":\"n\"},"
		"\"deleteOptions\":{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\",\"gracePeriodSeconds\":30,"
		"\"preconditions\":{\"uid\":\"u-1\"}}}\n");
	ck_assert(write.request.is_sent_once);
	write_release(&write);
	script_release(&script);
}
END_TEST

START_TEST(a_dry_run_says_so_twice)
{
	const struct script_answer answer = { .asks = "POST", .status = 201, .body = "{}" };
	struct script script;
	struct write write;

	script_init(&script, &answer, 1);
	write_evict(&write, &script.transport, &dry, "n", "p\"x", NULL, WRITE_GRACE_DEFAULT);
	ck_assert_int_eq(write_wait(&write, &script.transport), WRITE_DONE);
	ck_assert(strstr(buffer_text(&script.asked), "&dryRun=All "));
	ck_assert(strstr(buffer_text(&script.asked), "\"name\":\"p\\\"x\""));
	ck_assert(strstr(buffer_text(&script.asked),
		"\"deleteOptions\":{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\",\"dryRun\":[\"All\"]}}"));
	write_release(&write);
	script_release(&script);
}
END_TEST

static const struct {
	enum patch_type type;
	const char *content_type;
	int status;
	enum write_outcome outcome;
} patches[] = {
	{ PATCH_MERGE, "application/merge-patch+json", 200, WRITE_DONE },
	{ PATCH_STRATEGIC, "application/strategic-merge-patch+json", 409, WRITE_CONFLICT },
	{ PATCH_JSON, "application/json-patch+json", 422, WRITE_CONFLICT },
	{ PATCH_MERGE, "application/merge-patch+json", 422, WRITE_FAILED },
};

START_TEST(a_patch_is_of_its_type)
{
	const struct script_answer answer = {
		.asks = "PATCH /api/v1/nodes/x?fieldManager=clusterutils-test {\"spec\":{}}",
		.status = patches[_i].status,
		.body = "{\"metadata\":{\"name\":\"x\"}}",
	};
	struct script script;
	struct write write;

	script_init(&script, &answer, 1);
	write_patch(&write, &script.transport, &plain, KIND_NODE, NULL, "x", patches[_i].type, "{\"spec\":{}}");
	ck_assert_str_eq(write.request.content_type, patches[_i].content_type);
	ck_assert_int_eq(write_wait(&write, &script.transport), patches[_i].outcome);
	if (patches[_i].outcome == WRITE_DONE)
		ck_assert_str_eq(buffer_text(&write.answer), answer.body);
	write_release(&write);
	script_release(&script);
}
END_TEST

START_TEST(creating_and_deleting)
{
	static const struct script_answer answers[] = {
		{ .asks = "POST /apis/batch/v1/namespaces/n/jobs?fieldManager=clusterutils-test {\"kind\":\"Job\"}\n",
			.status = 409,
			.body = STATUS("AlreadyExists", "") },
		{ .asks = "DELETE /apis/batch/v1/namespaces/n/jobs/j {\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\","
			  "\"preconditions\":{\"uid\":\"u\"}}\n",
			.status = 200,
			.body = "{}" },
	};
	struct script script;
	struct write write;

	script_init(&script, answers, 2);
	write_create(&write, &script.transport, &plain, KIND_JOB, "n", "{\"kind\":\"Job\"}");
	ck_assert_int_eq(write_wait(&write, &script.transport), WRITE_CONFLICT);
	write_release(&write);
	write_delete(&write, &script.transport, &plain, KIND_JOB, "n", "j", "u", WRITE_GRACE_DEFAULT);
	ck_assert_int_eq(write_wait(&write, &script.transport), WRITE_DONE);
	write_release(&write);
	script_release(&script);
}
END_TEST

TEST_MAIN("kube/write", TEST_TABLE(an_eviction_is_for_one_pod_of_one_uid, evictions), TEST(a_dry_run_says_so_twice),
	TEST_TABLE(a_patch_is_of_its_type, patches), TEST(creating_and_deleting))
