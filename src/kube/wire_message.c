#include "wire_message.h"

bool wire_message_index(const char *bytes, size_t length, struct wire_message *ret_message)
{
	const char *at = bytes, *end = bytes + length;
	uint64_t present = 0;

	while (at < end) {
		const char *start = at;
		struct wire_place *place;
		struct piece piece;

		if (!piece_read(&at, end, &piece))
			return false;
		if (piece.field >= FIELD_NUMBERS)
			continue;
		place = &ret_message->places[piece.field];
		place->last = piece;
		if (!(present >> piece.field & 1))
			place->first = start;
		present |= UINT64_C(1) << piece.field;
	}
	ret_message->end = end;
	ret_message->present = present;
	return true;
}
