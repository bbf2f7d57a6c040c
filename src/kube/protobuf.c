#include "protobuf.h"

bool varint_read(const char **at, const char *end, uint64_t *ret_number)
{
	const char *byte = *at;
	uint64_t number = 0;

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

bool piece_read_any(const char **at, const char *end, struct piece *ret_piece)
{
	uint64_t tag;

	if (!varint_read(at, end, &tag) || tag >> 3 == 0 || tag > UINT32_MAX)
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
