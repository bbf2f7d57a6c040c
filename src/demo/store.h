/* The objects of the demo cluster: JSON, a version for each change, and a log of the last changes for watches.
 *
 * An object's text is what is sent; its tree is built when it is first to be changed. Texts are shared with the log. */
#pragma once

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "clusterutils/kube/decode.h"
#include "clusterutils/model/cluster.h"
#include "clusterutils/util/error.h"
#include "clusterutils/util/index.h"

enum { DEMO_LOG_CHANGES = 1024, DEMO_LOG_BYTES = 8 << 20, DEMO_MAX_OBJECT = 3 << 19 };

struct demo_text {
	size_t references;
	size_t length;
	char bytes[]; /* followed by a NUL */
};

struct demo_object {
	enum kind kind;
	char *name;
	char *namespace; /* "" for none */
	char *uid;       /* "" for none */
	struct demo_text *text;
	cJSON *tree; /* NULL until demo_object_tree */

	/* Of an event that the demo has told: a hash of what it says of whom, and when it was told last. */
	uint64_t words;
	int64_t told;
};

/* As a watch tells them; the last two are no changes. */
enum demo_change_type { DEMO_ADDED, DEMO_MODIFIED, DEMO_DELETED, DEMO_BOOKMARK, DEMO_ERROR };

struct demo_change {
	uint64_t version;
	enum kind kind;
	enum demo_change_type type;
	struct demo_text *object;
	struct demo_text *before; /* NULL for what is added */
};

struct demo_store {
	struct index objects[KIND_COUNT]; /* struct demo_object, by name and namespace */
	uint64_t version;                 /* of the last change */
	uint64_t forgotten;               /* of the newest change that the log no longer has */
	struct demo_change log[DEMO_LOG_CHANGES];
	size_t log_first, log_count, log_bytes;

	struct demo_text *
		*directions; /* documents of demo.clusterutils/v1: what is no object, but makes the demo live */
	size_t direction_count, direction_capacity;

	struct cluster cluster; /* the same objects as the program's own structs, once demo_store_cluster was called */
	bool has_cluster;
	struct decoder decoder;
	uint64_t invalid; /* changes of the demo's own that did not decode: a defect */
};

void demo_store_init(struct demo_store *store); /* with the embedded objects */
void demo_store_release(struct demo_store *store);

struct demo_object *demo_store_find(
	const struct demo_store *store, enum kind kind, const char *namespace, const char *name);

/* Pods, workloads and nodes as structs, kept in step with the objects. */
const struct cluster *demo_store_cluster(struct demo_store *store);

/* The object as a tree: to read, or to change and then commit. Owned by the object. */
cJSON *demo_object_tree(struct demo_object *object);

/* What the tree has become: a new version, a change in the log. Fails, and leaves the object as it was, where the text
 * is none of its kind; the tree is then built anew when it is next asked for. */
int demo_store_commit(struct demo_store *store, struct demo_object *object, struct error *err);

/* Takes the tree over. Its name must be new. The object, or NULL where the tree is none of the kind. */
struct demo_object *demo_store_add(struct demo_store *store, enum kind kind, cJSON *tree, struct error *err);
void demo_store_remove(struct demo_store *store, struct demo_object *object);

/* The i-th change that the log still has, oldest first. */
const struct demo_change *demo_store_change(const struct demo_store *store, size_t i);

/* Bytes that objects and log hold, to watch them stay within bounds. */
size_t demo_store_bytes(const struct demo_store *store);
