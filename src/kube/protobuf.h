/* The fields of a protobuf message, one after the other.
 * Source: protobuf.dev/programming-guides/encoding. Groups, which Kubernetes has none of, count as malformed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum piece_type { PIECE_VARINT = 0, PIECE_64 = 1, PIECE_BYTES = 2, PIECE_32 = 5, PIECE_NONE = 7 };

/* One field as it stands in the message. */
struct piece {
	const char *bytes; /* of PIECE_BYTES */
	uint64_t number;   /* of PIECE_VARINT; of PIECE_BYTES their length */
	uint32_t field;
	uint32_t type; /* enum piece_type */
};

enum { VARINT_MAX = 10 }; /* bytes */

/* Reads a varint and moves *at behind it. False where it is longer than ten bytes, or 64 bits, or cut off. */
static inline bool varint_read(const char **at, const char *end, uint64_t *ret_number)
{
	const char *byte = *at;
	uint64_t number = 0;

	if (byte < end && (unsigned char)*byte < 0x80) {
		*ret_number = (unsigned char)*byte;
		*at = byte + 1;
		return true;
	}
	for (unsigned shift = 0; shift < 7 * VARINT_MAX && byte < end; shift += 7) {
		uint64_t seven = (unsigned char)*byte & 0x7F;

		if (shift == 63 && seven > 1)
			return false;
		number |= seven << shift;
		if ((unsigned char)*byte++ < 0x80) {
			*ret_number = number;
			*at = byte;
			return true;
		}
	}
	return false;
}

/* Reads the field at *at and moves behind it. False where it is malformed or reaches beyond the end. */
static inline bool piece_read(const char **at, const char *end, struct piece *ret_piece)
{
	uint64_t tag;

	if (!varint_read(at, end, &tag) || tag >> 3 == 0 || tag >> 3 > UINT32_MAX >> 3)
		return false;
	ret_piece->field = (uint32_t)(tag >> 3);
	ret_piece->type = tag & 7;
	switch (ret_piece->type) {
	case PIECE_VARINT:
		ret_piece->bytes = *at;
		return varint_read(at, end, &ret_piece->number);
	case PIECE_BYTES:
		if (!varint_read(at, end, &ret_piece->number) || ret_piece->number > (size_t)(end - *at))
			return false;
		ret_piece->bytes = *at;
		*at += ret_piece->number;
		return true;
	case PIECE_64:
	case PIECE_32:
		if ((size_t)(end - *at) < (ret_piece->type == PIECE_64 ? 8 : 4))
			return false;
		ret_piece->bytes = *at;
		ret_piece->number = 0;
		*at += ret_piece->type == PIECE_64 ? 8 : 4;
		return true;
	default:
		return false;
	}
}
