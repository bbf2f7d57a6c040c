/* The images: where they are, how large they are, what runs them. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "clusterutils/model/image.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "view.h"

struct image {
	const char *name; /* the full form; the tag where there is one, else the digest */
	int64_t bytes;    /* of the largest: the architectures of one tag differ. RESOURCE_UNKNOWN where no node says */
	int64_t nodes;
	int64_t pods;
	const char *arches[8]; /* of the nodes that hold it */
	size_t arch_count;
	const void *counted; /* the node or pod that was counted last */
};

/* Another name of an image, as a node tells it. */
struct alias {
	const char *name;
	struct image *image;
};

struct collection {
	struct index by_name; /* of struct image, in the arena */
	struct index by_alias;
	struct arena *arena;
	int64_t nodes;
	bool truncated; /* a node reports as many as the kubelet reports at most: there may be more */
};

static struct index_key key_of_image(const void *object)
{
	return (struct index_key){ ((const struct image *)object)->name, NULL };
}

static struct index_key key_of_alias(const void *object)
{
	return (struct index_key){ ((const struct alias *)object)->name, NULL };
}

static struct image *image_of(struct collection *collection, const char *name)
{
	struct image *image = index_find(&collection->by_name, name, NULL);

	if (image)
		return image;
	image = ARENA_NEW(collection->arena, struct image);
	image->name = name;
	image->bytes = RESOURCE_UNKNOWN;
	index_add(&collection->by_name, image);
	return image;
}

/* The first image that a node calls so. */
static void add_alias(struct collection *collection, const char *name, struct image *image)
{
	struct alias *alias;

	if (index_find(&collection->by_alias, name, NULL))
		return;
	alias = ARENA_NEW(collection->arena, struct alias);
	*alias = (struct alias){ name, image };
	index_add(&collection->by_alias, alias);
}

/* By the name under which it is shown, else by another. */
static struct image *image_of_pod(struct collection *collection, const char *name)
{
	struct image *image = index_find(&collection->by_name, name, NULL);
	const struct alias *alias = image ? NULL : index_find(&collection->by_alias, name, NULL);

	return alias ? alias->image : image_of(collection, name);
}

static void add_arch(struct image *image, const char *arch)
{
	for (size_t i = 0; i < image->arch_count; i++)
		if (text_equal(image->arches[i], arch))
			return;
	if (arch && image->arch_count < ARRAY_LEN(image->arches))
		image->arches[image->arch_count++] = arch;
}

/* The tag says more than the digest; of several the first. NULL where there is no name. */
static const char *best_name(const struct text_list *names)
{
	const char *best = NULL;

	for (size_t i = 0; i < names->count; i++) {
		if (*names->items[i] && !image_has_digest(names->items[i]))
			return names->items[i];
		if (!best && *names->items[i])
			best = names->items[i];
	}
	return best;
}

/* A node counts once, however often it tells of an image. */
static void add_node(struct collection *collection, const struct node *node)
{
	collection->nodes++;
	for (size_t i = 0; i < node->image_count; i++) {
		const struct node_image *held = &node->images[i];
		const char *best = best_name(held->names);
		struct image *image;

		if (!best)
			continue;
		image = image_of(collection, image_normalize(best, collection->arena));
		for (size_t j = 0; j < held->names->count; j++)
			add_alias(collection, image_normalize(held->names->items[j], collection->arena), image);
		if (held->bytes > image->bytes)
			image->bytes = held->bytes;
		image->nodes += image->counted != node;
		image->counted = node;
		add_arch(image, node->arch);
	}
	if (node->image_count >= NODE_IMAGES_REPORTED)
		collection->truncated = true;
}

/* An image counts once a pod, however many of its containers run it. */
static void add_pod(struct collection *collection, const struct pod *pod)
{
	for (size_t i = 0; i < pod->containers->count; i++) {
		const char *name = pod->containers->items[i].image;
		struct image *image;

		if (!*name)
			continue;
		image = image_of_pod(collection, image_normalize(name, collection->arena));
		image->pods += image->counted != pod;
		image->counted = pod;
	}
}

/* --- columns --- */

static struct cell name(const struct collection *c, const struct image *image)
{
	(void)c;
	return cell_text(image->name);
}

static struct cell size(const struct collection *c, const struct image *image)
{
	(void)c;
	return image->bytes == RESOURCE_UNKNOWN ? cell_unknown() : cell_bytes(image->bytes);
}

static struct cell nodes(const struct collection *c, const struct image *image)
{
	struct cell cell = cell_number(image->nodes);

	cell.at_least = c->truncated && image->nodes < c->nodes;
	return cell;
}

static struct cell truncated(const struct collection *c, const struct image *image)
{
	(void)image;
	return cell_flag(c->truncated);
}

static struct cell pods(const struct collection *c, const struct image *image)
{
	(void)c;
	return cell_number(image->pods);
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static struct cell arches(const struct collection *c, const struct image *image)
{
	const char **sorted = ARENA_ARRAY(c->arena, image->arch_count, const char *);

	memcpy(sorted, image->arches, image->arch_count * sizeof(*sorted));
	qsort(sorted, image->arch_count, sizeof(*sorted), compare_texts);
	return cell_list(sorted, image->arch_count);
}

/* What may be another image tomorrow. */
static struct cell remark(const struct collection *c, const struct image *image)
{
	const char *tag = image_tag(image->name);

	(void)c;
	if (image_has_digest(image->name))
		return cell_text("no tag");
	return text_equal(tag, "latest") ? cell_with_role(cell_text("latest"), ROLE_WARNING) : cell_none();
}

/* A column is one row here. */
static const struct {
	struct column column;
	struct cell (*cell)(const struct collection *c, const struct image *image);
	unsigned from; /* FROM_… */
} columns[] = {
	{ { "name", "IMAGE", 0, 0 }, name, 0 },
	{ { "size", "SIZE", COLUMN_RIGHT, 0 }, size, 0 },
	{ { "nodes", "NODES", COLUMN_RIGHT, 1 }, nodes, FROM_NODES },
	{ { "nodesTruncated", NULL, COLUMN_DATA, 0 }, truncated, FROM_NODES },
	{ { "pods", "PODS", COLUMN_RIGHT, 2 }, pods, FROM_PODS },
	{ { "arches", "ARCHES", 0, 3 }, arches, FROM_NODES },
	{ { "remark", "REMARK", 0, 4 }, remark, 0 },
};

enum { COLUMNS = ARRAY_LEN(columns) };

static int compare_images(const void *a, const void *b)
{
	const struct image *x = *(const struct image *const *)a, *y = *(const struct image *const *)b;

	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	return strcmp(x->name, y->name);
}

static void collect(struct collection *collection, const struct cluster *cluster, const struct view_options *options)
{
	for (size_t i = 0; i < cluster_node_count(cluster); i++) {
		const struct node_entry *entry = cluster_node(cluster, i);

		if (entry->node && (!options->node || text_equal(entry->name, options->node)))
			add_node(collection, entry->node);
	}
	for (size_t i = 0; i < cluster_count(cluster, KIND_POD); i++) {
		const struct pod *pod = cluster_pod(cluster, i);

		if (pod_is_active(pod) && (!options->node || text_equal(pod->node, options->node)))
			add_pod(collection, pod);
	}
}

static int build(
	const struct cluster *cluster, const struct view_options *options, struct table *ret_table, struct error *err)
{
	struct collection collection = { .arena = &ret_table->arena };
	struct column shown[COLUMNS];
	struct image **images;

	(void)err;
	for (size_t i = 0; i < COLUMNS; i++)
		shown[i] = columns[i].column;
	table_init(ret_table, IMAGE_LIST, shown, COLUMNS);
	index_init(&collection.by_name, key_of_image);
	index_init(&collection.by_alias, key_of_alias);
	collect(&collection, cluster, options);
	images = (struct image **)(void *)collection.by_name.items;
	if (collection.by_name.count)
		qsort(images, collection.by_name.count, sizeof(struct image *), compare_images);
	for (size_t i = 0; i < collection.by_name.count; i++) {
		struct row *row = table_add_row(ret_table, ROW_ITEM, 0);

		row->id = row_id(&ret_table->arena, "image", NULL, images[i]->name);
		for (size_t column = 0; column < COLUMNS; column++)
			row->cells[column] = cell_as_read(
				columns[column].cell(&collection, images[i]), cluster, columns[column].from);
	}
	index_release(&collection.by_name);
	index_release(&collection.by_alias);
	ret_table->resource = "image";
	return 0;
}

const struct view view_images = {
	.name = "images",
	.summary = "images: size, the nodes and architectures that hold them, the pods that run them",
	.main_kind = KIND_NODE,
	.kinds = { KIND_NODE, KIND_POD, KIND_COUNT },
	.build = build,
};
