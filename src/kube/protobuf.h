/* The fields of a protobuf message, one after the other.
 * Source: protobuf.dev/programming-guides/encoding. Groups, which Kubernetes has none of, count as malformed; a varint
 * longer than it need be does not. */
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
bool varint_read(const char **at, const char *end, uint64_t *ret_number);

/* Reads the field at *at and moves behind it. False where it is malformed or reaches beyond the end. */
bool piece_read_any(const char **at, const char *end, struct piece *ret_piece);

/* The same. What is asked of piece_read_any goes by way of locals, so that the caller's stay in registers. */
static inline bool piece_read_slowly(const char **at, const char *end, struct piece *ret_piece)
{
	const char *behind = *at;
	struct piece piece;
	bool result = piece_read_any(&behind, end, &piece);

	if (result) {
		*at = behind;
		*ret_piece = piece;
	}
	return result;
}

/* The same, without a call for tags, numbers and lengths of one or two bytes: almost all are. */
static inline bool piece_read(const char **at, const char *end, struct piece *ret_piece)
{
	const unsigned char *byte = (const unsigned char *)*at;
	size_t left = (size_t)(end - *at), head;
	uint32_t tag, number;

	if (left >= 2 && (byte[0] | byte[1]) < 0x80) {
		tag = byte[0];
		number = byte[1];
		head = 2;
	} else if (left >= 3 && byte[0] >= 0x80 && (byte[1] | byte[2]) < 0x80) {
		tag = (byte[0] & 0x7FU) | (uint32_t)byte[1] << 7;
		number = byte[2];
		head = 3;
	} else if (left >= 3 && byte[0] < 0x80 && byte[2] < 0x80) {
		tag = byte[0];
		number = (byte[1] & 0x7FU) | (uint32_t)byte[2] << 7;
		head = 3;
	} else {
		return piece_read_slowly(at, end, ret_piece);
	}
	ret_piece->bytes = *at + head;
	ret_piece->number = number;
	ret_piece->field = tag >> 3;
	ret_piece->type = tag & 7;
	if (ret_piece->type == PIECE_BYTES && number <= left - head && tag >= 8) {
		*at += head + number;
		return true;
	}
	if (ret_piece->type == PIECE_VARINT && tag >= 8) {
		*at += head;
		return true;
	}
	return piece_read_slowly(at, end, ret_piece);
}
