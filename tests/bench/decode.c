/* How fast lists are read from memory into the store: decode KIND json|protobuf FILE [ROUNDS] reads the body of a list
 * as an API server writes it ("curl -H Accept:…"); KIND is a resource, "pods". Without FILE (decode KIND WIRE) it is
 * tests/data/wire/KIND, each of its objects many times under other names and uids. Prints MB/s and time an object:
 * of processor in the best of ROUNDS rounds, each into an empty store. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../src/kube/stream.h"
#include "clusterutils/kube/decode.h"

enum { ROUNDS = 5, COPIES = 40000 };

struct target {
	struct cluster cluster;
	struct decoder decoder;
	enum kind kind;
	enum wire wire;
	size_t objects;
};

static void fail(const char *what)
{
	fprintf(stderr, "decode: %s\n", what);
	exit(1);
}

static double seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void read_file(const char *path, struct buffer *out)
{
	static char chunk[1 << 16];
	FILE *file = fopen(path, "rb");

	if (!file)
		fail(path);
	for (size_t count; (count = fread(chunk, 1, sizeof(chunk), file)) > 0;)
		buffer_add(out, chunk, count);
	fclose(file);
}

/* --- a large list made of a small one --- */

struct copies {
	enum wire wire;
	struct decoder decoder;
	struct buffer list;
	unsigned number;
	unsigned times;
};

static void add_varint(struct buffer *out, uint64_t number)
{
	for (; number > 0x7F; number >>= 7)
		buffer_add_char(out, (char)(number | 0x80));
	buffer_add_char(out, (char)number);
}

/* The last digits of a text, wherever it stands in the object, become those of a number; lengths stay as they are. */
static void rename_all(char *bytes, size_t length, const char *text, unsigned number)
{
	char other[256], digits[16];
	size_t size = strlen(text), count;

	if (size == 0 || size >= sizeof(other))
		return;
	snprintf(digits, sizeof(digits), "%07u", number);
	count = size < 7 ? size : 7;
	memcpy(other, text, size);
	memcpy(other + size - count, digits + 7 - count, count);
	for (char *at = bytes; (at = memmem(at, length - (size_t)(at - bytes), text, size)); at += size)
		memcpy(at, other, size);
}

static int copy_object(void *context, enum event_type type, const char *bytes, size_t length, struct error *err)
{
	struct copies *copies = context;
	struct identity identity;

	(void)type;
	if (decode_identity(&copies->decoder, copies->wire, bytes, length, &identity, err) < 0)
		return -1;
	for (unsigned i = 0; i < copies->times; i++) {
		size_t start;

		if (copies->wire == WIRE_PROTOBUF) {
			buffer_add_char(&copies->list, 2 << 3 | PIECE_BYTES);
			add_varint(&copies->list, length);
		} else if (copies->number) {
			buffer_add_char(&copies->list, ',');
		}
		start = copies->list.length;
		buffer_add(&copies->list, bytes, length);
		rename_all(copies->list.bytes + start, length, identity.name, copies->number);
		rename_all(copies->list.bytes + start, length, identity.uid, copies->number);
		copies->number++;
	}
	return 0;
}

static void read_body(struct stream *stream, const struct buffer *body)
{
	struct error err;

	if (stream_feed(stream, body->bytes, body->length, &err) < 0 || stream_finish(stream, &err) < 0)
		fail(err.message);
}

static int count_object(void *context, enum event_type type, const char *bytes, size_t length, struct error *err)
{
	(void)type;
	(void)bytes;
	(void)length;
	(void)err;
	++*(unsigned *)context;
	return 0;
}

static void make_large(const struct buffer *small, enum wire wire, struct buffer *out)
{
	static const char envelope[] = "k8s\0\x0a\6\x12\4List\x12";
	struct copies copies = { .wire = wire };
	struct stream stream;
	unsigned count = 0;

	stream_init(&stream, wire, STREAM_LIST, count_object, &count);
	read_body(&stream, small);
	stream_release(&stream);
	if (!count)
		fail("the list is empty");
	copies.times = COPIES / count;
	stream_init(&stream, wire, STREAM_LIST, copy_object, &copies);
	read_body(&stream, small);
	stream_release(&stream);
	decoder_release(&copies.decoder);
	if (wire == WIRE_PROTOBUF) {
		buffer_add(out, envelope, sizeof(envelope) - 1);
		add_varint(out, copies.list.length);
		buffer_add(out, copies.list.bytes, copies.list.length);
	} else {
		buffer_printf(out, "{\"kind\":\"List\",\"metadata\":{},\"items\":[");
		buffer_add(out, copies.list.bytes, copies.list.length);
		buffer_add_text(out, "]}");
	}
	buffer_release(&copies.list);
}

/* --- the measurement --- */

static int put(void *context, enum event_type type, const char *bytes, size_t length, struct error *err)
{
	struct target *target = context;

	(void)type;
	target->objects++;
	return decode_object(&target->decoder, target->kind, target->wire, bytes, length, &target->cluster, err);
}

static double measure(const struct buffer *body, enum kind kind, enum wire wire, size_t *ret_objects)
{
	struct target target = { .kind = kind, .wire = wire };
	struct stream stream;
	double start;

	cluster_init(&target.cluster);
	start = seconds_now();
	stream_init(&stream, wire, STREAM_LIST, put, &target);
	read_body(&stream, body);
	start = seconds_now() - start;
	stream_release(&stream);
	decoder_release(&target.decoder);
	cluster_release(&target.cluster);
	*ret_objects = target.objects;
	return start;
}

static bool find_kind(const char *name, enum kind *ret_kind)
{
	for (int kind = 0; kind < KIND_COUNT; kind++)
		if (strcmp(kind_info((enum kind)kind)->resource, name) == 0) {
			*ret_kind = (enum kind)kind;
			return true;
		}
	return false;
}

int main(int argc, char **argv)
{
	AUTO_BUFFER body = { 0 };
	enum wire wire = argc > 2 && strcmp(argv[2], "json") == 0 ? WIRE_JSON : WIRE_PROTOBUF;
	double best = 0;
	size_t objects = 0;
	enum kind kind;
	char path[128];

	if (argc < 3 || !find_kind(argv[1], &kind))
		fail("usage: decode KIND json|protobuf [FILE [ROUNDS]]");
	if (argc > 3) {
		read_file(argv[3], &body);
	} else {
		AUTO_BUFFER small = { 0 };

		snprintf(path, sizeof(path), "tests/data/wire/%s.%s", argv[1], wire == WIRE_JSON ? "json" : "pb");
		read_file(path, &small);
		make_large(&small, wire, &body);
	}
	for (int round = 0; round < (argc > 4 ? atoi(argv[4]) : ROUNDS); round++) {
		double seconds = measure(&body, kind, wire, &objects);

		if (round == 0 || seconds < best)
			best = seconds;
	}
	printf("%-24s %-8s %8zu objects %7.1f MB %7.0f MB/s %7.2f us an object\n", argv[1],
		wire == WIRE_JSON ? "JSON" : "protobuf", objects, (double)body.length / 1e6,
		(double)body.length / 1e6 / best, best * 1e6 / (double)objects);
	return 0;
}
