#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/demo/demo.h"
#include "clusterutils/kube/framer.h"
#include "clusterutils/kube/peek.h"
#include "clusterutils/util/die.h"
#include "clusterutils/util/memory.h"
#include "tree.h"

enum { FIRST_VERSION = 4815162 }; /* of a cluster that has been up for a while */

/* --- texts --- */

static struct demo_text *text_new(const char *bytes, size_t length)
{
	struct demo_text *text = memory_new(sizeof(*text) + length + 1);

	text->references = 1;
	text->length = length;
	memcpy(text->bytes, bytes, length);
	return text;
}

static struct demo_text *text_share(struct demo_text *text)
{
	if (text)
		text->references++;
	return text;
}

static void text_drop(struct demo_text *text)
{
	if (text && --text->references == 0)
		free(text);
}

static struct demo_text *text_of_tree(const cJSON *tree)
{
	AUTO_TREE_TEXT *printed = demo_tree_print(tree);

	return text_new(printed, strlen(printed));
}

/* --- objects --- */

static struct index_key key_of(const void *item)
{
	const struct demo_object *object = item;

	return (struct index_key){ object->name, object->namespace };
}

static struct demo_object *object_make(enum kind kind, const char *namespace, const char *name, const char *uid)
{
	struct demo_object *object = NEW(struct demo_object);

	object->kind = kind;
	object->name = memory_copy_text(name);
	object->namespace = memory_copy_text(namespace ? namespace : "");
	object->uid = memory_copy_text(uid ? uid : "");
	return object;
}

static void free_object(struct demo_object *object)
{
	text_drop(object->text);
	cJSON_Delete(object->tree);
	free(object->name);
	free(object->namespace);
	free(object->uid);
	free(object);
}

cJSON *demo_object_tree(struct demo_object *object)
{
	if (!object->tree)
		object->tree = cJSON_ParseWithLength(object->text->bytes, object->text->length + 1);
	if (!object->tree)
		die("out of memory");
	return object->tree;
}

struct demo_object *demo_store_find(
	const struct demo_store *store, enum kind kind, const char *namespace, const char *name)
{
	return index_find(&store->objects[kind], name, namespace);
}

/* Metrics have no versions. */
static bool has_version(enum kind kind)
{
	return kind != KIND_NODE_METRICS && kind != KIND_POD_METRICS;
}

/* --- the embedded objects --- */

/* Our own compact JSON begins metadata before anything else that is called so. */
static void add_version(const char *json, size_t length, uint64_t version, struct buffer *out)
{
	static const char metadata[] = "\"metadata\":{";
	const char *at = strstr(json, metadata);
	size_t before = at ? (size_t)(at - json) + strlen(metadata) : length;

	buffer_add(out, json, before);
	if (at)
		buffer_printf(out, "\"resourceVersion\":\"%llu\"%s", (unsigned long long)version,
			json[before] == '}' ? "" : ",");
	buffer_add(out, json + before, length - before);
}

/* A text of the metadata, without its quotes; NULL where it is not there. None of ours has escapes. */
static const char *metadata_text(struct arena *scratch, const char *json, size_t length, const char *name)
{
	const char *metadata = peek_member(json, length, "metadata", &length);
	const char *value = metadata ? peek_member(metadata, length, name, &length) : NULL;

	return value && length > 2 && *value == '"' ? arena_copy(scratch, value + 1, length - 2) : NULL;
}

static int take_object(void *context, const char *json, size_t length, uint64_t line, struct error *err)
{
	struct demo_store *store = context;
	struct peek peek = peek_object(json, length);
	AUTO_BUFFER text = { 0 };
	AUTO_ARENA scratch = { 0 };
	struct demo_object *object;
	const char *name;
	enum kind kind;

	if (strcmp(peek.api_version, "demo.clusterutils/v1") == 0) {
		ARRAY_GROW(store->directions, store->direction_count, store->direction_capacity);
		store->directions[store->direction_count++] = text_new(json, length);
		return 0;
	}
	if (!kind_find(peek.api_version, peek.kind, &kind))
		return 0;
	name = metadata_text(&scratch, json, length, "name");
	if (!name)
		return error_set(err, ERROR_INVALID, "line %llu: an object without a name", (unsigned long long)line);
	if (has_version(kind))
		add_version(json, length, ++store->version, &text);
	else
		buffer_add(&text, json, length);
	object = object_make(kind, metadata_text(&scratch, json, length, "namespace"), name,
		metadata_text(&scratch, json, length, "uid"));
	object->text = text_new(text.bytes, text.length);
	index_add(&store->objects[kind], object);
	return 0;
}

void demo_store_init(struct demo_store *store)
{
	static const struct framer_events events = { .on_object = take_object };
	struct framer framer;
	struct error err;

	store->version = FIRST_VERSION;
	for (size_t i = 0; i < KIND_COUNT; i++)
		index_init(&store->objects[i], key_of);
	framer_init(&framer, &events, store);
	if (framer_feed(&framer, (const char *)demo_data, demo_data_size, &err) < 0 || framer_finish(&framer, &err) < 0)
		die("the demo cluster: %s", err.message);
	framer_release(&framer);
	store->forgotten = store->version;
}

/* --- the same as structs --- */

/* Events are for people: nothing in the demo reads them. */
static bool is_modelled(enum kind kind)
{
	return has_version(kind) && kind != KIND_EVENT && kind_is_stored(kind);
}

static int decode(struct demo_store *store, enum kind kind, const struct demo_text *text, struct error *err)
{
	if (!store->has_cluster || !is_modelled(kind))
		return 0;
	return decode_object(&store->decoder, kind, WIRE_JSON, text->bytes, text->length, &store->cluster, err);
}

const struct cluster *demo_store_cluster(struct demo_store *store)
{
	struct error err;

	if (store->has_cluster)
		return &store->cluster;
	cluster_init(&store->cluster);
	store->has_cluster = true;
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		for (size_t i = 0; i < store->objects[kind].count; i++) {
			const struct demo_object *object = store->objects[kind].items[i];

			if (decode(store, kind, object->text, &err) < 0)
				store->invalid++;
		}
	return &store->cluster;
}

/* --- changes --- */

static size_t change_bytes(const struct demo_change *change)
{
	return change->object->length + (change->before ? change->before->length : 0);
}

static void forget_oldest(struct demo_store *store)
{
	struct demo_change *oldest = &store->log[store->log_first];

	store->forgotten = oldest->version;
	store->log_bytes -= change_bytes(oldest);
	text_drop(oldest->object);
	text_drop(oldest->before);
	store->log_first = (store->log_first + 1) % DEMO_LOG_CHANGES;
	store->log_count--;
}

/* Takes both texts over. */
static void note_change(struct demo_store *store, struct demo_change change)
{
	while (store->log_count == DEMO_LOG_CHANGES ||
		(store->log_count && store->log_bytes + change_bytes(&change) > DEMO_LOG_BYTES))
		forget_oldest(store);
	store->log[(store->log_first + store->log_count++) % DEMO_LOG_CHANGES] = change;
	store->log_bytes += change_bytes(&change);
}

const struct demo_change *demo_store_change(const struct demo_store *store, size_t i)
{
	return &store->log[(store->log_first + i) % DEMO_LOG_CHANGES];
}

static void set_version(cJSON *tree, uint64_t version)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)version);
	demo_tree_set_text(demo_tree_object(tree, "metadata"), "resourceVersion", text);
}

/* The tree's text under the next version; NULL where it is none of the kind. */
static struct demo_text *print_next(struct demo_store *store, enum kind kind, cJSON *tree, struct error *err)
{
	struct demo_text *text;

	set_version(tree, store->version + 1);
	text = text_of_tree(tree);
	if (text->length > DEMO_MAX_OBJECT) {
		error_set(err, ERROR_INVALID, "Request entity too large: limit is %d", DEMO_MAX_OBJECT);
		text_drop(text);
		return NULL;
	}
	if (decode(store, kind, text, err) < 0) {
		text_drop(text);
		return NULL;
	}
	store->version++;
	return text;
}

int demo_store_commit(struct demo_store *store, struct demo_object *object, struct error *err)
{
	struct demo_text *text = print_next(store, object->kind, demo_object_tree(object), err);

	if (!text) {
		cJSON_Delete(object->tree);
		object->tree = NULL;
		return -1;
	}
	note_change(store,
		(struct demo_change){ store->version, object->kind, DEMO_MODIFIED, text_share(text), object->text });
	object->text = text;
	return 0;
}

struct demo_object *demo_store_add(struct demo_store *store, enum kind kind, cJSON *tree, struct error *err)
{
	const cJSON *metadata = cJSON_GetObjectItemCaseSensitive(tree, "metadata");
	struct demo_text *text = print_next(store, kind, tree, err);
	struct demo_object *object;

	if (!text) {
		cJSON_Delete(tree);
		return NULL;
	}
	object = object_make(kind, demo_tree_text(metadata, "namespace"), demo_tree_text(metadata, "name"),
		demo_tree_text(metadata, "uid"));
	object->tree = tree;
	object->text = text;
	index_add(&store->objects[kind], object);
	note_change(store, (struct demo_change){ store->version, kind, DEMO_ADDED, text_share(text), NULL });
	return object;
}

void demo_store_remove(struct demo_store *store, struct demo_object *object)
{
	set_version(demo_object_tree(object), ++store->version);
	note_change(store,
		(struct demo_change){ store->version, object->kind, DEMO_DELETED, text_of_tree(object->tree),
			text_share(object->text) });
	if (store->has_cluster && is_modelled(object->kind))
		cluster_remove(&store->cluster, object->kind, object->name, object->namespace);
	index_remove(&store->objects[object->kind], object->name, object->namespace);
	free_object(object);
}

/* --- the end --- */

size_t demo_store_bytes(const struct demo_store *store)
{
	size_t bytes = store->log_bytes;

	for (size_t kind = 0; kind < KIND_COUNT; kind++)
		for (size_t i = 0; i < store->objects[kind].count; i++)
			bytes += ((const struct demo_object *)store->objects[kind].items[i])->text->length;
	return bytes;
}

void demo_store_release(struct demo_store *store)
{
	while (store->log_count)
		forget_oldest(store);
	for (size_t kind = 0; kind < KIND_COUNT; kind++) {
		for (size_t i = 0; i < store->objects[kind].count; i++)
			free_object(store->objects[kind].items[i]);
		index_release(&store->objects[kind]);
	}
	for (size_t i = 0; i < store->direction_count; i++)
		text_drop(store->directions[i]);
	free(store->directions);
	if (store->has_cluster)
		cluster_release(&store->cluster);
	decoder_release(&store->decoder);
}
