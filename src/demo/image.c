#include "image.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "tree.h"

enum { MAX_PULL_SECONDS = 90 };

static const struct node *find_node(struct demo_world *world, const char *name)
{
	const struct node_entry *entry = cluster_find_node(demo_store_cluster(&world->store), name);

	return entry ? entry->node : NULL;
}

static const struct node_image *find_image(const struct node *node, const char *image)
{
	for (size_t i = 0; node && i < node->image_count; i++)
		for (size_t n = 0; node->images[i].names && n < node->images[i].names->count; n++)
			if (text_equal(node->images[i].names->items[n], image))
				return &node->images[i];
	return NULL;
}

static const struct node_image *find_anywhere(struct demo_world *world, const char *image)
{
	const struct cluster *cluster = demo_store_cluster(&world->store);

	for (size_t i = 0; i < cluster_node_count(cluster); i++) {
		const struct node_image *found = find_image(cluster_node(cluster, i)->node, image);

		if (found)
			return found;
	}
	return NULL;
}

bool demo_image_is_on(const struct node *node, const char *image)
{
	return find_image(node, image) != NULL;
}

int64_t demo_image_bytes(struct demo_world *world, const char *image)
{
	const struct node_image *known = find_anywhere(world, image);

	return known ? known->bytes : INT64_C(12000000) + (int64_t)(demo_hash(0, image) % 180000000);
}

/* Bytes a second: the Pis write to SD cards, and one of them is behind a slow line. */
static int64_t speed_of(const struct node *node)
{
	if (!labels_get(node->meta.labels, "kubernetes.io/zone"))
		return 4000000;
	return text_equal(node->arch, "arm64") ? 14000000 : 40000000;
}

int64_t demo_image_pull_seconds(struct demo_world *world, const char *node_name, const char *image)
{
	const struct node *node = find_node(world, node_name);
	int64_t seconds;

	if (!node || find_image(node, image))
		return 0;
	seconds = 2 + demo_image_bytes(world, image) / speed_of(node);
	return seconds < MAX_PULL_SECONDS ? seconds : MAX_PULL_SECONDS;
}

static void add_names(struct demo_world *world, cJSON *names, const char *image)
{
	const struct node_image *known = find_anywhere(world, image);
	const char *tag = strrchr(image, ':'), *slash = strrchr(image, '/');
	size_t length = tag && (!slash || tag > slash) ? (size_t)(tag - image) : strlen(image);
	uint64_t hash = demo_hash(1, image);
	AUTO_BUFFER digest = { 0 };

	for (size_t i = 0; known && i < known->names->count; i++)
		cJSON_AddItemToArray(names, cJSON_CreateString(known->names->items[i]));
	if (known)
		return;
	buffer_add(&digest, image, length);
	buffer_add_text(&digest, "@sha256:");
	for (int i = 0; i < 4; i++)
		buffer_printf(&digest, "%016" PRIx64, hash = demo_mix(hash));
	cJSON_AddItemToArray(names, cJSON_CreateString(buffer_text(&digest)));
	cJSON_AddItemToArray(names, cJSON_CreateString(image));
}

/* The largest first, as the kubelet tells them. */
void demo_image_add(struct demo_world *world, const char *node_name, const char *image)
{
	struct demo_object *node = demo_store_find(&world->store, KIND_NODE, NULL, node_name);
	int64_t bytes = demo_image_bytes(world, image);
	cJSON *images, *entry;
	int at = 0;

	if (!node || find_image(find_node(world, node_name), image))
		return;
	images = demo_tree_array(demo_tree_object(demo_object_tree(node), "status"), "images");
	entry = demo_tree_parse("{'names':[]}");
	add_names(world, demo_tree_array(entry, "names"), image);
	demo_tree_set_number(entry, "sizeBytes", bytes);
	while (at < cJSON_GetArraySize(images) &&
		demo_tree_number(cJSON_GetArrayItem(images, at), "sizeBytes", 0) >= bytes)
		at++;
	demo_tree_insert(images, at, entry);
	while (cJSON_GetArraySize(images) > NODE_IMAGES_REPORTED)
		cJSON_DeleteItemFromArray(images, cJSON_GetArraySize(images) - 1);
	demo_commit(world, node);
}
