/* Which format an answer has, and what a Status says, in JSON. Protobuf: kube_stream_wire_test.c. */
#include "clusterutils/kube/wire.h"

#include <string.h>

#include "clusterutils/kube/api_status.h"
#include "clusterutils/util/buffer.h"
#include "suite.h"

static const struct {
	const char *type;
	int wire;
} types[] = {
	{ "application/json", WIRE_JSON },
	{ "application/json;charset=utf-8", WIRE_JSON },
	{ " Application/JSON ; charset=utf-8", WIRE_JSON },
	{ "application/json;stream=watch", WIRE_JSON },
	{ "application/vnd.kubernetes.protobuf", WIRE_PROTOBUF },
	{ "application/vnd.kubernetes.protobuf;stream=watch", WIRE_PROTOBUF },
	{ "application/jsonx", -1 },
	{ "application/json-patch+json", -1 },
	{ "application/vnd.kubernetes.protobufs", -1 },
	{ "application/", -1 },
	{ "text/html", -1 },
	{ "text/plain; application/json", -1 },
	{ "", -1 },
	{ NULL, -1 },
};

START_TEST(the_media_type_alone_decides)
{
	ck_assert_int_eq(wire_of_content_type(types[_i].type), types[_i].wire);
}
END_TEST

static bool read_text(const char *text, struct api_status *ret_status)
{
	AUTO_BUFFER json = { 0 };

	for (const char *c = text; *c; c++)
		buffer_add_char(&json, *c == '\'' ? '"' : *c);
	return api_status_read(WIRE_JSON, json.bytes, json.length, ret_status);
}

START_TEST(reads_a_status)
{
	struct api_status status;

	ck_assert(
		read_text("{'kind':'Status','apiVersion':'v1','metadata':{},'status':'Failure','message':'Too large',"
			  "'reason':'Timeout','details':{'causes':[{'reason':'ResourceVersionTooLarge',"
			  "'message':'Too large resource version'},{'reason':'b'}],'retryAfterSeconds':1},'code':504}",
			&status));
	ck_assert_int_eq(status.code, 504);
	ck_assert_str_eq(status.reason, "Timeout");
	ck_assert_str_eq(status.message, "Too large");
	ck_assert_str_eq(status.cause, "ResourceVersionTooLarge");
	ck_assert_int_eq(status.retry_after_seconds, 1);
	ck_assert(read_text("{'kind':'Status'}", &status));
	ck_assert_int_eq(status.code, 0);
	ck_assert_str_eq(status.reason, "");
	ck_assert_int_eq(status.retry_after_seconds, -1);
}
END_TEST

static const char *const no_statuses[] = { "", "{", "{}", "[]", "'Status'", "null", "{'kind':'Pod'}", "{'kind':7}",
	"{'kind':'Status','code':'410'}", "{'kind':'Status','code':-1}", "{'kind':'Status','code':1000}",
	"{'kind':'Status','reason':7}", "{'kind':'Status','details':[]}", "{'kind':'Status','details':{'causes':{}}}",
	"{'kind':'Status'}x", "<html>" };

START_TEST(what_is_no_status_tells_nothing)
{
	struct api_status status = { .code = 7 };

	ck_assert(!read_text(no_statuses[_i], &status));
	ck_assert_int_eq(status.code, 0);
	ck_assert_str_eq(status.reason, "");
	ck_assert_str_eq(status.message, "");
	ck_assert_str_eq(status.cause, "");
	ck_assert_int_eq(status.retry_after_seconds, -1);
}
END_TEST

/* The ends of what fits: a message is cut between two characters, never inside of one. */
START_TEST(a_message_is_scrubbed_and_cut)
{
	AUTO_BUFFER text = { 0 };
	struct api_status status;

	ck_assert(read_text("{'kind':'Status','message':'a\\u001b[2Jb'}", &status));
	ck_assert_str_eq(status.message, "a\xef\xbf\xbd[2Jb");
	for (size_t length = API_STATUS_MESSAGE - 3; length <= API_STATUS_MESSAGE + 3; length++) {
		buffer_clear(&text);
		buffer_add_text(&text, "{'kind':'Status','message':'");
		buffer_add_repeated(&text, 'x', length - 2);
		buffer_add_text(&text, "\xc3\xa9'}");
		ck_assert(read_text(buffer_text(&text), &status));
		ck_assert_uint_eq(strlen(status.message),
			length < API_STATUS_MESSAGE               ? length
				: length - 2 < API_STATUS_MESSAGE ? length - 2
								  : API_STATUS_MESSAGE - 1);
	}
}
END_TEST

TEST_MAIN("kube/wire", TEST_TABLE(the_media_type_alone_decides, types), TEST(reads_a_status),
	TEST_TABLE(what_is_no_status_tells_nothing, no_statuses), TEST(a_message_is_scrubbed_and_cut))
