/* Answers without success, worded as kubectl words them. */
#include <string.h>

#include "clusterutils/kube/answer.h"
#include "suite.h"

#define STATUS(reason, message) \
	"{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"" reason \
	"\",\"message\":\"" message "\"}"

static const struct {
	int status;
	const char *type, *body;
	enum error_code code;
	bool is_whole_line;
	const char *message;
} answers[] = {
	{ 404, "application/json", STATUS("NotFound", "pods \\\"x\\\" not found"), ERROR_NOT_FOUND, true,
		"Error from server (NotFound): pods \"x\" not found" },
	{ 403, "application/json", STATUS("Forbidden", "no"), ERROR_FORBIDDEN, true,
		"Error from server (Forbidden): no" },
	{ 400, "application/json", STATUS("", "bad selector"), ERROR_FAILED, true, "Error from server: bad selector" },
	{ 401, "application/json", STATUS("Unauthorized", "Unauthorized"), ERROR_FORBIDDEN, false,
		"You must be logged in to the server (Unauthorized)" },
	{ 422, "application/json", STATUS("Invalid", "Pod \\\"x\\\" is invalid: spec: no"), ERROR_INVALID, true,
		"The Pod \"x\" is invalid: spec: no" },
	{ 410, "application/json", STATUS("Expired", "too old"), ERROR_EXPIRED, true,
		"Error from server (Expired): too old" },
	{ 502, "text/html", "<html>\nbad</html>\n", ERROR_UNAVAILABLE, true,
		"Error from server (InternalError): an error on the server (\"<html>\\nbad</html>\") has prevented the "
		"request from succeeding (get pods x)" },
	{ 500, "application/json", "{}", ERROR_UNAVAILABLE, true,
		"Error from server (InternalError): an error on the server (\"unknown\") has prevented the request from "
		"succeeding (get pods x)" },
	{ 503, "text/plain", "down", ERROR_UNAVAILABLE, true,
		"Error from server (ServiceUnavailable): the server is currently unable to handle the request (get pods "
		"x)" },
	{ 401, "text/plain", "who", ERROR_FORBIDDEN, false,
		"You must be logged in to the server (the server has asked for the client to provide credentials (get "
		"pods x))" },
	{ 429, "text/plain", "", ERROR_UNAVAILABLE, true,
		"Error from server (TooManyRequests): the server has received too many requests and has asked us to try "
		"again later (get pods x)" },
	{ 418, "text/plain", "teapot", ERROR_FAILED, true,
		"Error from server: the server responded with the status code 418 but did not return more information (get "
		"pods x)" },
};

START_TEST(an_answer_becomes_one_sentence)
{
	struct request request = { .verb = "GET", .path = "/api/v1/namespaces/n/pods/x", .status = answers[_i].status };

	strcpy(request.type, answers[_i].type);
	answer_explain(&request, answers[_i].body, strlen(answers[_i].body));
	ck_assert_str_eq(request.error.message, answers[_i].message);
	ck_assert_int_eq(request.error.code, answers[_i].code);
	ck_assert_int_eq(request.error.is_whole_line, answers[_i].is_whole_line);
	ck_assert_int_eq(request.error.http_status, answers[_i].status);
}
END_TEST

TEST_MAIN("kube/answer", TEST_TABLE(an_answer_becomes_one_sentence, answers))
