#include "envelope.h"

#include <string.h>

bool envelope_read_fields(struct raw_text message, uint32_t first, struct raw_text *ret_first, uint32_t second,
	struct raw_text *ret_second)
{
	const char *at = message.bytes, *end;
	struct piece piece;

	*ret_first = *ret_second = (struct raw_text){ 0 };
	if (!message.length)
		return true;
	for (end = at + message.length; at < end;) {
		if (!piece_read(&at, end, &piece))
			return false;
		if (piece.field != first && piece.field != second)
			continue;
		if (piece.type != PIECE_BYTES)
			return false;
		*(piece.field == first ? ret_first : ret_second) = (struct raw_text){ piece.bytes, piece.number };
	}
	return true;
}

bool envelope_read_kind(struct raw_text type_meta, struct raw_text *ret_kind)
{
	struct raw_text api_version;

	return envelope_read_fields(type_meta, 1, &api_version, 2, ret_kind);
}

bool envelope_read(const char *bytes, size_t length, struct envelope *ret_envelope)
{
	struct raw_text type_meta, inside;

	if (length < ENVELOPE_MAGIC_SIZE || memcmp(bytes, ENVELOPE_MAGIC, ENVELOPE_MAGIC_SIZE) != 0)
		return false;
	inside = (struct raw_text){ bytes + ENVELOPE_MAGIC_SIZE, length - ENVELOPE_MAGIC_SIZE };
	return envelope_read_fields(inside, 1, &type_meta, 2, &ret_envelope->raw) && ret_envelope->raw.bytes &&
		envelope_read_kind(type_meta, &ret_envelope->kind);
}
