/* YAML as a tree with line numbers: policies, kubeconfigs, settings, dumps. On libyaml's events.
 *
 * Plain scalars are resolved as client-go does it (YAML 1.1: yes, on and y are booleans, 017 is octal); quoted ones are
 * text; keys are resolved, too, so that the plain key yes is "true". Of equal keys in a map the last counts
 * (yaml_find); all are kept. The members of "<<: MAP" stand where it stands. An alias is the node it names; anchors
 * hold within one node handed out. Sizes are bounded: depth, length of a scalar, nodes.
 * Source: go.yaml.in/yaml v2 (resolve, decoder.merge) and sigs.k8s.io/yaml v1.6 (convertToJSONableObject). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/util/arena.h"
#include "clusterutils/util/buffer.h"
#include "clusterutils/util/error.h"

enum { YAML_MAX_DEPTH = 128, YAML_MAX_NODES = 2000000, YAML_MAX_SCALAR = 8 << 20 };

enum yaml_type { YAML_NULL, YAML_BOOL, YAML_INT, YAML_FLOAT, YAML_TEXT, YAML_LIST, YAML_MAP };

struct yaml_node {
	enum yaml_type type;
	unsigned line;           /* from 1 */
	const char *key;         /* in a map; NULL elsewhere */
	const char *text;        /* of a scalar, as written; "" for collections */
	bool flag;               /* of YAML_BOOL */
	int64_t number;          /* of YAML_INT */
	struct yaml_node *first; /* of a collection */
	struct yaml_node *next;  /* in the collection it is in */
};

/* The member of a map, or NULL; NULL for other nodes, too. */
const struct yaml_node *yaml_find(const struct yaml_node *map, const char *key);

/* Bytes for the reader: fills up to `size`, returns how many, 0 at the end, -1 with *err set. */
typedef long yaml_read_bytes(void *context, void *bytes, size_t size, struct error *err);

struct yaml_reader;

/* Documents of a stream, one by one. Where the root of one is a map with the member `split_key` (NULL for none) that is
 * a list, the elements of the list are handed out instead, and the stream is never held as a whole. */
struct yaml_reader *yaml_reader_new(yaml_read_bytes *read, void *context, const char *split_key);
void yaml_reader_free(struct yaml_reader *reader);

/* What an element's list says of its elements: members of the root that stood before it, NULL where there are none. */
struct yaml_head {
	bool in_list; /* an element, not a document */
	const char *api_version, *kind;
};

/* 1 and a node, 0 at the end of the stream, or -1. The node lives in the arena. Empty documents are passed over. */
int yaml_reader_next(struct yaml_reader *reader, struct arena *arena, struct yaml_node **ret_node,
	struct yaml_head *ret_head, struct error *err) MUST_USE;

/* The first document of a text. An empty one gives a YAML_NULL. */
int yaml_parse(
	const char *text, size_t length, struct arena *arena, struct yaml_node **ret_root, struct error *err) MUST_USE;

/* Adds the node as compact JSON. Fails beyond max_length bytes, for aliases can make a small text huge, and at .inf and
 * .nan, which JSON has no words for. */
int yaml_to_json(const struct yaml_node *node, size_t max_length, struct buffer *json, struct error *err) MUST_USE;
