/* ConfigMaps, asked for by whoever wants one: they are large and hold anything, so the store does not keep them.
 *
 *	struct config_maps maps;
 *
 *	config_map_ask(&maps, transport, namespace, name, is_dump);
 *	...				steps of the transport, whoever makes them
 *	if (config_maps_finish(&maps, err) < 0)
 *		...
 *	config_maps_release(&maps);
 *
 * A question is under way from the first call on: with a dump it shares its pass with the lists that are started before
 * the next step. Names and keys are clean text; values are as they were written, but for escaped NULs. binaryData is
 * not looked at. What an answer may hold is bounded: what is beyond is an error, never left out in silence. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "clusterutils/kube/framer.h"
#include "clusterutils/kube/path.h"
#include "clusterutils/kube/transport.h"
#include "clusterutils/util/arena.h"

enum {
	CONFIG_MAPS_MAX = 64,             /* of one answer */
	CONFIG_MAPS_MAX_BYTES = 16 << 20, /* of one answer */
	CONFIG_MAP_FIELD_SIZE = 256 + 16, /* "metadata.name=…" */
	CONFIG_MAP_MAX_KEYS = 4096,       /* of one ConfigMap */
};

struct config_map_entry {
	const char *key;
	const char *value;
	size_t length; /* of the value */
};

struct config_map {
	const char *namespace, *name;
	struct config_map_entry *entries; /* data, in the order of the answer, each key once */
	size_t entry_count;
};

/* A question and its answer. Stays in place until it is released. */
struct config_maps {
	struct config_map items[CONFIG_MAPS_MAX];
	size_t count;

	struct transport *transport;
	struct request request;
	struct framer framer;
	struct arena memory, scratch;
	size_t bytes; /* received */
	bool is_named;
	char path[PATH_SIZE], field[CONFIG_MAP_FIELD_SIZE], name[CONFIG_MAP_FIELD_SIZE];
};

/* For one by its name. A dump answers lists alone: it is asked for the list that has this one. */
void config_map_ask(
	struct config_maps *maps, struct transport *transport, const char *namespace, const char *name, bool is_dump);

/* For those of a namespace (NULL for all) that have the labels and the fields; NULL for any. Both texts stay. */
void config_maps_ask(struct config_maps *maps, struct transport *transport, const char *namespace, const char *labels,
	const char *fields);

/* Waits for the answer. One that was asked for by its name and is not there is ERROR_NOT_FOUND, in the API server's
 * words. */
int config_maps_finish(struct config_maps *maps, struct error *err) MUST_USE;

/* Gives up what is under way. One that is all zero may be released, too. */
void config_maps_release(struct config_maps *maps);

/* NULL where it has no such key. */
const struct config_map_entry *config_map_find(const struct config_map *map, const char *key);
