/* One dump: a file, standard input or bytes in the program, read in steps. JSON or YAML by its first character,
 * compressed by gzip or not. Its objects come out as compact JSON through struct framer_events, whatever it was. */
#pragma once

#include <zlib.h>

#include "clusterutils/kube/framer.h"
#include "clusterutils/util/arena.h"
#include "clusterutils/util/yaml.h"

enum { INPUT_CHUNK = 65536 };

struct input {
	char *name;  /* for messages */
	gzFile file; /* NULL: bytes in memory */
	const unsigned char *bytes;
	size_t left;
	bool begun, ended;
	struct framer framer;       /* JSON */
	struct yaml_reader *reader; /* YAML: not NULL */
	struct buffer envelope;     /* of the list that is being read from YAML, as it was announced */
	struct arena arena;
	struct buffer json;
	const struct framer_events *events;
	void *context;
	size_t chunk_used, chunk_length;
	char chunk[INPUT_CHUNK];
};

int input_open_file(struct input *input, const char *path, struct error *err) MUST_USE; /* "-" is standard input */
void input_open_bytes(struct input *input, const char *name, const unsigned char *bytes, size_t length);
void input_close(struct input *input);

/* Reads on, by one chunk or one object of YAML. 1 while there is more, 0 at the end, -1 with a sentence that names the
 * input. */
int input_step(struct input *input, const struct framer_events *events, void *context, struct error *err) MUST_USE;
