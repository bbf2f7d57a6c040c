/* Frames in every size, cut at every place, and those that a server must not send. */
#include "../../src/kube/websocket.h"

#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "suite.h"

struct heard {
	struct buffer log;
};

static int hear(void *context, enum websocket_opcode opcode, const char *bytes, size_t length, struct error *err)
{
	struct heard *heard = context;

	(void)err;
	if (length > 40)
		buffer_printf(&heard->log, "%d:%zu;", (int)opcode, length);
	else
		buffer_printf(&heard->log, "%d:%.*s;", (int)opcode, (int)length, bytes);
	return 0;
}

/* A frame as a server sends it: not masked. */
static void add_served(struct buffer *out, unsigned first, const char *bytes, size_t length)
{
	buffer_add_char(out, (char)first);
	if (length < 126) {
		buffer_add_char(out, (char)length);
	} else {
		buffer_add_char(out, (char)(length <= UINT16_MAX ? 126 : 127));
		for (int shift = length <= UINT16_MAX ? 8 : 56; shift >= 0; shift -= 8)
			buffer_add_char(out, (char)((uint64_t)length >> shift));
	}
	buffer_add(out, bytes, length);
}

START_TEST(messages_come_out_however_they_are_cut)
{
	AUTO_FREE char *large = memory_new(70000);
	AUTO_BUFFER bytes = { 0 };

	memset(large, 'x', 70000);
	add_served(&bytes, 0x82, "one", 3);
	add_served(&bytes, 0x82, "", 0);
	add_served(&bytes, 0x02, "fra", 3);
	add_served(&bytes, 0x89, "ping", 4);
	add_served(&bytes, 0x00, "gme", 3);
	add_served(&bytes, 0x80, "nt", 2);
	add_served(&bytes, 0x82, large, 300);
	add_served(&bytes, 0x82, large, 70000);
	add_served(&bytes, 0x88, "", 0);
	for (size_t piece = 1; piece < 400; piece += 1 + piece / 8) {
		struct heard heard = { 0 };
		struct websocket websocket;
		struct error err;

		websocket_init(&websocket, hear, &heard);
		for (size_t at = 0; at < bytes.length; at += piece) {
			size_t left = bytes.length - at;

			ck_assert_int_eq(
				websocket_feed(&websocket, bytes.bytes + at, left < piece ? left : piece, &err), 0);
		}
		ck_assert_str_eq(buffer_text(&heard.log), "2:one;2:;9:ping;2:fragment;2:300;2:70000;8:;");
		websocket_release(&websocket);
		buffer_release(&heard.log);
	}
}
END_TEST

static const struct {
	const char *bytes;
	size_t length;
	const char *message;
} hostile[] = {
	{ "\x82\x81", 2, "a WebSocket frame of an unknown form" },
	{ "\xC2\x00", 2, "a WebSocket frame of an unknown form" },
	{ "\x83\x00", 2, "a WebSocket frame of the unknown type 3" },
	{ "\x8B\x00", 2, "a WebSocket frame of the unknown type 11" },
	{ "\x80\x00", 2, "a WebSocket fragment out of its place" },
	{ "\x02\x00\x82\x00", 4, "a WebSocket fragment out of its place" },
	{ "\x09\x00", 2, "a WebSocket control frame that is too long" },
	{ "\x89\x7E\x00\x7E", 4, "a WebSocket control frame that is too long" },
	{ "\x82\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 10, "a WebSocket message of more than 4194304 bytes" },
	{ "\x82\x7F\x00\x00\x00\x00\x00\x40\x00\x01", 10, "a WebSocket message of more than 4194304 bytes" },
};

START_TEST(what_a_server_must_not_send_is_refused)
{
	struct heard heard = { 0 };
	struct websocket websocket;
	struct error err;

	websocket_init(&websocket, hear, &heard);
	ck_assert_int_eq(websocket_feed(&websocket, hostile[_i].bytes, hostile[_i].length, &err), -1);
	ck_assert_str_eq(err.message, hostile[_i].message);
	websocket_release(&websocket);
	buffer_release(&heard.log);
}
END_TEST

START_TEST(what_we_send_is_masked_and_as_long_as_it_says)
{
	static const size_t lengths[] = { 0, 1, 125, 126, 65535, 65536 };
	static const size_t heads[] = { 6, 6, 6, 8, 8, 14 };
	static const unsigned char mask[4] = { 1, 2, 3, 4 };
	AUTO_FREE char *text = memory_new(65536);

	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		AUTO_BUFFER out = { 0 };

		websocket_add_frame(&out, WEBSOCKET_BINARY, text, lengths[i], mask);
		ck_assert_uint_eq(out.length, heads[i] + lengths[i]);
		ck_assert_int_eq((unsigned char)out.bytes[0], 0x82);
		ck_assert_int_eq((unsigned char)out.bytes[1] & 0x80, 0x80);
		for (size_t j = 0; j < lengths[i]; j++)
			ck_assert_int_eq(out.bytes[heads[i] + j], mask[j % 4]);
	}
}
END_TEST

/* The example of RFC 6455 1.3. */
START_TEST(keys_are_answered_as_the_standard_says)
{
	char key[WEBSOCKET_KEY_SIZE], accept[WEBSOCKET_ACCEPT_SIZE];

	websocket_key((const unsigned char *)"the sample nonce", key);
	ck_assert_str_eq(key, "dGhlIHNhbXBsZSBub25jZQ==");
	websocket_accept(key, accept);
	ck_assert_str_eq(accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}
END_TEST

TEST_MAIN("kube/websocket", TEST(messages_come_out_however_they_are_cut),
	TEST_TABLE(what_a_server_must_not_send_is_refused, hostile),
	TEST(what_we_send_is_masked_and_as_long_as_it_says), TEST(keys_are_answered_as_the_standard_says))
