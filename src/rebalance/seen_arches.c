#include "seen_arches.h"

#include <stdlib.h>
#include <string.h>

#include "clusterutils/model/image.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/pointer_map.h"

enum { ARCHES = 32 }; /* more than there are */

struct image {
	const char *name;
	uint32_t arches; /* a set of 1u << position in seen_arches.names */
};

struct seen_arches {
	const struct cluster *cluster;
	struct arena arena;
	bool is_read;
	const char *names[ARCHES];
	size_t count;
	struct index images;
};

static struct index_key key_of_image(const void *object)
{
	return (struct index_key){ ((const struct image *)object)->name, NULL };
}

struct seen_arches *seen_arches_new(const struct cluster *cluster)
{
	struct seen_arches *arches = NEW(struct seen_arches);

	arches->cluster = cluster;
	index_init(&arches->images, key_of_image);
	return arches;
}

void seen_arches_free(struct seen_arches *arches)
{
	if (!arches)
		return;
	index_release(&arches->images);
	arena_release(&arches->arena);
	free(arches);
}

static uint32_t bit_of(struct seen_arches *arches, const char *arch)
{
	size_t i = 0;

	while (i < arches->count && strcmp(arches->names[i], arch) != 0)
		i++;
	if (i == ARCHES)
		return 0;
	if (i == arches->count)
		arches->names[arches->count++] = arch;
	return UINT32_C(1) << i;
}

static void see(struct seen_arches *arches, const char *name, uint32_t bit)
{
	struct image *image = index_find(&arches->images, name, NULL);

	if (!image) {
		image = ARENA_NEW(&arches->arena, struct image);
		image->name = name;
		index_add(&arches->images, image);
	}
	image->arches |= bit;
}

static bool has_run(const struct pod *pod)
{
	return pod->phase == POD_RUNNING && pod->ready;
}

static void read_node(struct seen_arches *arches, const struct node_entry *entry, struct pointer_map *seen)
{
	uint32_t bit = bit_of(arches, entry->node->arch);

	for (size_t i = 0; i < entry->node->image_count; i++) {
		const struct text_list *names = entry->node->images[i].names;

		for (size_t k = 0; names && k < names->count; k++)
			see(arches, names->items[k], bit);
	}
	for (const struct pod *pod = entry->pods; pod; pod = pod->by_node.next) {
		/* Replicas have one list of containers between them. */
		if (!has_run(pod) || !pod->containers ||
			pointer_map_get(seen, POINTERS(pod->containers, entry->node->arch)))
			continue;
		*pointer_map_at(seen, POINTERS(pod->containers, entry->node->arch)) = arches;
		for (size_t i = 0; i < pod->containers->count; i++)
			if (pod->containers->items[i].image)
				see(arches, image_normalize(pod->containers->items[i].image, &arches->arena), bit);
	}
}

static void read_all(struct seen_arches *arches)
{
	CLEANUP(pointer_map_release) struct pointer_map seen = { 0 };

	arches->is_read = true;
	for (size_t i = 0; i < cluster_node_count(arches->cluster); i++) {
		const struct node_entry *entry = cluster_node(arches->cluster, i);

		if (entry->node && entry->node->arch)
			read_node(arches, entry, &seen);
	}
}

const char *seen_arches_missing(struct seen_arches *arches, const struct pod *pod, const char *arch)
{
	uint32_t bit = bit_of(arches, arch);

	if (!arches->is_read)
		read_all(arches);
	for (size_t i = 0; pod->containers && i < pod->containers->count; i++) {
		const char *image = pod->containers->items[i].image;
		const struct image *known =
			image ? index_find(&arches->images, image_normalize(image, &arches->arena), NULL) : NULL;

		if (image && !(known && known->arches & bit))
			return image;
	}
	return NULL;
}
