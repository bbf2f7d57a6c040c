/* WebSocket frames from any bytes: the messages do not depend on how the bytes are cut. The first byte is the size of
 * the pieces. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/kube/websocket.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int record(void *context, enum websocket_opcode opcode, const char *bytes, size_t length, struct error *err)
{
	(void)err;
	buffer_add_char(context, (char)opcode);
	buffer_add(context, &length, sizeof(length));
	buffer_add(context, bytes, length);
	return 0;
}

static int read_all(const char *bytes, size_t size, size_t step, struct buffer *ret_record)
{
	struct websocket websocket;
	struct error err;
	int result = 0;

	websocket_init(&websocket, record, ret_record);
	for (size_t at = 0; at < size && result == 0; at += step)
		result = websocket_feed(&websocket, bytes + at, size - at < step ? size - at : step, &err);
	websocket_release(&websocket);
	return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUFFER whole = { 0 };
	AUTO_BUFFER cut = { 0 };

	if (!size)
		return 0;
	if (read_all((const char *)data + 1, size - 1, size, &whole) !=
			read_all((const char *)data + 1, size - 1, data[0] % 16 + 1, &cut) ||
		whole.length != cut.length || (whole.length && memcmp(whole.bytes, cut.bytes, whole.length) != 0))
		abort();
	return 0;
}
