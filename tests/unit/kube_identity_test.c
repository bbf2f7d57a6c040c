/* Which object it is: of what was deleted, of a bookmark; and the version of what was decoded. */
#include <string.h>

#include "clusterutils/kube/decode.h"
#include "clusterutils/util/buffer.h"
#include "objects.h"
#include "suite.h"

#define AUTO_DECODER CLEANUP(decoder_release) struct decoder

static void with_quotes(const char *text, struct buffer *out)
{
	buffer_clear(out);
	for (; *text; text++)
		buffer_add_char(out, *text == '\'' ? '"' : *text);
}

static int identify(struct decoder *decoder, const char *text, struct identity *ret_identity, struct error *err)
{
	AUTO_BUFFER json = { 0 };

	with_quotes(text, &json);
	return decode_identity(decoder, WIRE_JSON, buffer_text(&json), json.length, ret_identity, err);
}

START_TEST(reads_the_metadata_alone)
{
	AUTO_DECODER decoder = { 0 };
	struct identity identity;
	struct error err = { 0 };

	ck_assert_int_eq(identify(&decoder,
				 "{'kind':'Pod','spec':7,'metadata':{'name':'p','namespace':'n','uid':'u',"
				 "'resourceVersion':'12'}}",
				 &identity, &err),
		0);
	ck_assert_str_eq(identity.name, "p");
	ck_assert_str_eq(identity.namespace, "n");
	ck_assert_str_eq(identity.uid, "u");
	ck_assert_str_eq(identity.resource_version, "12");
	ck_assert(!identity.ends_initial_events);
	ck_assert_int_eq(identify(&decoder,
				 "{'metadata':{'resourceVersion':'9',"
				 "'annotations':{'k8s.io/initial-events-end':'true'}}}",
				 &identity, &err),
		0);
	ck_assert_ptr_null(identity.name);
	ck_assert_ptr_null(identity.namespace);
	ck_assert_str_eq(identity.uid, "");
	ck_assert_str_eq(identity.resource_version, "9");
	ck_assert(identity.ends_initial_events);
}
END_TEST

static const struct {
	const char *text, *message;
} refused[] = {
	{ "", "invalid JSON" },
	{ "[]", "an object expected" },
	{ "{'metadata':7}", "metadata: an object expected" },
	{ "{'metadata':{'name':7}}", "metadata.name: text expected" },
	{ "{'metadata':{'resourceVersion':7}}", "metadata.resourceVersion: text expected" },
	{ "{'metadata':{'resourceVersion':'a\\nb'}}", "metadata.resourceVersion: the text cannot be sent back" },
	{ "{'metadata':{'resourceVersion':'1234567890123456789012345678901234567890123456789012345678901234'}}",
		"metadata.resourceVersion: the text cannot be sent back" },
};

START_TEST(says_what_is_wrong)
{
	AUTO_DECODER decoder = { 0 };
	struct identity identity;
	struct error err = { 0 };

	ck_assert_int_eq(identify(&decoder, refused[_i].text, &identity, &err), -1);
	ck_assert_str_eq(err.message, refused[_i].message);
}
END_TEST

START_TEST(the_version_of_the_last_object_is_known)
{
	static const struct {
		enum kind kind;
		const char *text, *version;
	} objects[] = {
		{ KIND_POD, "{'metadata':{'name':'p','resourceVersion':'7'}}", "7" },
		{ KIND_JOB, "{'metadata':{'name':'p'}}", "" },
		{ KIND_NODE_METRICS, "{'metadata':{'name':'p','resourceVersion':'8'}}", "8" },
	};
	AUTO_DECODER decoder = { 0 };
	AUTO_CLUSTER cluster;
	AUTO_BUFFER json = { 0 };
	struct error err;

	cluster_init(&cluster);
	for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++) {
		with_quotes(objects[i].text, &json);
		ck_assert_int_eq(decode_object(&decoder, objects[i].kind, WIRE_JSON, buffer_text(&json), json.length,
					 &cluster, &err),
			0);
		ck_assert_str_eq(decoder.resource_version, objects[i].version);
	}
}
END_TEST

TEST_MAIN("kube/identity", TEST(reads_the_metadata_alone), TEST_TABLE(says_what_is_wrong, refused),
	TEST(the_version_of_the_last_object_is_known))
