/* The frames of a WebSocket (RFC 6455), without a socket: bytes in, messages out, and back.
 *
 * libcurl has WebSockets only from 7.86 on and behind a switch until 8.11; the API server needs little of them: binary
 * messages both ways, pings, a close. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/util/buffer.h"
#include "clusterutils/util/error.h"

enum { WEBSOCKET_MAX_MESSAGE = 4 << 20, WEBSOCKET_KEY_SIZE = 25, WEBSOCKET_ACCEPT_SIZE = 29 };

enum websocket_opcode {
	WEBSOCKET_CONTINUATION = 0,
	WEBSOCKET_TEXT = 1,
	WEBSOCKET_BINARY = 2,
	WEBSOCKET_CLOSE = 8,
	WEBSOCKET_PING = 9,
	WEBSOCKET_PONG = 10,
};

/* A message, its fragments put together. Valid during the call alone. -1 ends the reading. */
typedef int websocket_message(
	void *context, enum websocket_opcode opcode, const char *bytes, size_t length, struct error *err);

struct websocket {
	websocket_message *on_message;
	void *context;
	struct buffer message; /* of the fragments so far */
	struct buffer control; /* a ping between two fragments */
	unsigned char head[10];
	size_t head_length;
	uint64_t left;                 /* of the payload of the frame that is being read */
	enum websocket_opcode opcode;  /* of that frame */
	enum websocket_opcode started; /* of the message whose fragments are being read; 0 for none */
	bool in_payload, is_final;
};

void websocket_init(struct websocket *websocket, websocket_message *on_message, void *context);
void websocket_release(struct websocket *websocket);

/* Takes in bytes of a server, which masks nothing. Fails on what a server must not send. */
int websocket_feed(struct websocket *websocket, const char *bytes, size_t length, struct error *err) MUST_USE;

/* Adds a frame as a client sends it, masked with these four bytes. */
void websocket_add_frame(struct buffer *out, enum websocket_opcode opcode, const char *bytes, size_t length,
	const unsigned char mask[4]);

/* Sec-WebSocket-Key of 16 random bytes, and the Sec-WebSocket-Accept that a server must answer to it. */
void websocket_key(const unsigned char random[16], char ret_key[WEBSOCKET_KEY_SIZE]);
void websocket_accept(const char *key, char ret_accept[WEBSOCKET_ACCEPT_SIZE]);
