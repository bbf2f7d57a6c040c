#include "websocket.h"

#include <string.h>

#include <openssl/evp.h>

enum { FINAL = 0x80, RESERVED = 0x70, OPCODE = 0x0F, MASKED = 0x80, LENGTH = 0x7F, CONTROL_MAX = 125 };

void websocket_init(struct websocket *websocket, websocket_message *on_message, void *context)
{
	*websocket = (struct websocket){ .on_message = on_message, .context = context };
}

void websocket_release(struct websocket *websocket)
{
	buffer_release(&websocket->message);
	buffer_release(&websocket->control);
}

static bool is_control(enum websocket_opcode opcode)
{
	return opcode >= WEBSOCKET_CLOSE;
}

/* How many bytes the head has, as far as its second byte tells. */
static size_t head_size(const struct websocket *websocket)
{
	unsigned length;

	if (websocket->head_length < 2)
		return 2;
	length = websocket->head[1] & LENGTH;
	return length == 126 ? 4 : length == 127 ? 10 : 2;
}

static uint64_t payload_length(const struct websocket *websocket)
{
	uint64_t length = websocket->head[1] & LENGTH;
	size_t size = head_size(websocket);

	if (size == 2)
		return length;
	length = 0;
	for (size_t i = 2; i < size; i++)
		length = length << 8 | websocket->head[i];
	return length;
}

static int begin_frame(struct websocket *websocket, struct error *err)
{
	unsigned first = websocket->head[0], second = websocket->head[1];
	enum websocket_opcode opcode = (enum websocket_opcode)(first & OPCODE);

	websocket->opcode = opcode;
	websocket->is_final = first & FINAL;
	websocket->left = payload_length(websocket);
	websocket->in_payload = true;
	websocket->head_length = 0;
	if (first & RESERVED || second & MASKED)
		return error_set(err, ERROR_INVALID, "a WebSocket frame of an unknown form");
	if ((opcode > WEBSOCKET_BINARY && opcode < WEBSOCKET_CLOSE) || opcode > WEBSOCKET_PONG)
		return error_set(err, ERROR_INVALID, "a WebSocket frame of the unknown type %d", (int)opcode);
	if (is_control(opcode)) {
		buffer_clear(&websocket->control);
		return websocket->left <= CONTROL_MAX && websocket->is_final
			? 0
			: error_set(err, ERROR_INVALID, "a WebSocket control frame that is too long");
	}
	if ((opcode == WEBSOCKET_CONTINUATION) != (websocket->started != WEBSOCKET_CONTINUATION))
		return error_set(err, ERROR_INVALID, "a WebSocket fragment out of its place");
	if (websocket->left > WEBSOCKET_MAX_MESSAGE ||
		websocket->message.length + websocket->left > WEBSOCKET_MAX_MESSAGE)
		return error_set(
			err, ERROR_INVALID, "a WebSocket message of more than %d bytes", WEBSOCKET_MAX_MESSAGE);
	if (opcode != WEBSOCKET_CONTINUATION)
		websocket->started = opcode;
	return 0;
}

static int end_frame(struct websocket *websocket, struct error *err)
{
	struct buffer *message = is_control(websocket->opcode) ? &websocket->control : &websocket->message;
	enum websocket_opcode opcode = is_control(websocket->opcode) ? websocket->opcode : websocket->started;
	int result;

	websocket->in_payload = false;
	if (!websocket->is_final)
		return 0;
	if (!is_control(opcode))
		websocket->started = WEBSOCKET_CONTINUATION;
	result = websocket->on_message(websocket->context, opcode, buffer_text(message), message->length, err);
	buffer_clear(message);
	return result;
}

int websocket_feed(struct websocket *websocket, const char *bytes, size_t length, struct error *err)
{
	while (length || (websocket->in_payload && !websocket->left)) {
		size_t part = length;

		if (!websocket->in_payload) {
			websocket->head[websocket->head_length++] = (unsigned char)*bytes++;
			length--;
			if (websocket->head_length == head_size(websocket) && begin_frame(websocket, err) < 0)
				return -1;
			continue;
		}
		if (part > websocket->left)
			part = (size_t)websocket->left;
		buffer_add(is_control(websocket->opcode) ? &websocket->control : &websocket->message, bytes, part);
		bytes += part;
		length -= part;
		websocket->left -= part;
		if (!websocket->left && end_frame(websocket, err) < 0)
			return -1;
	}
	return 0;
}

void websocket_add_frame(
	struct buffer *out, enum websocket_opcode opcode, const char *bytes, size_t length, const unsigned char mask[4])
{
	size_t start;

	buffer_add_char(out, (char)(FINAL | opcode));
	if (length < 126) {
		buffer_add_char(out, (char)(MASKED | length));
	} else if (length <= UINT16_MAX) {
		buffer_add_char(out, (char)(MASKED | 126));
		for (int shift = 8; shift >= 0; shift -= 8)
			buffer_add_char(out, (char)(length >> shift));
	} else {
		buffer_add_char(out, (char)(MASKED | 127));
		for (int shift = 56; shift >= 0; shift -= 8)
			buffer_add_char(out, (char)((uint64_t)length >> shift));
	}
	buffer_add(out, mask, 4);
	start = out->length;
	buffer_add(out, bytes, length);
	for (size_t i = 0; i < length; i++)
		out->bytes[start + i] = (char)((unsigned char)out->bytes[start + i] ^ mask[i % 4]);
}

void websocket_key(const unsigned char random[16], char ret_key[WEBSOCKET_KEY_SIZE])
{
	EVP_EncodeBlock((unsigned char *)ret_key, random, 16);
}

/* RFC 6455 1.3: SHA-1 of the key and a fixed text. */
void websocket_accept(const char *key, char ret_accept[WEBSOCKET_ACCEPT_SIZE])
{
	static const char fixed[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned length = 0;
	AUTO_BUFFER text = { 0 };

	buffer_printf(&text, "%s%s", key, fixed);
	EVP_Digest(text.bytes, text.length, digest, &length, EVP_sha1(), NULL);
	EVP_EncodeBlock((unsigned char *)ret_accept, digest, 20);
}
