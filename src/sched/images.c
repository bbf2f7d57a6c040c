/* ImageLocality: nodes that have the pod's images already, the more bytes the better, an image on few nodes counting
 * less. Names are compared as they are written, ":latest" added where there is no tag. */
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "scheduler_private.h"

enum { MOST_POINTS = 100 };

static const int64_t least_bytes = INT64_C(23) << 20, most_bytes = INT64_C(1000) << 20; /* the latter per container */

struct image_place {
	uint32_t node;
	int64_t bytes;
};

struct sched_image {
	const char *name;
	struct image_place *places; /* each node once, the last that the node says */
	size_t count, capacity;
};

struct sched_images {
	struct index by_name;
};

static struct index_key image_key(const void *object)
{
	return (struct index_key){ ((const struct sched_image *)object)->name, NULL };
}

static void add_place(struct scheduler *scheduler, const char *name, uint32_t node, int64_t bytes)
{
	struct index *index = &scheduler->images->by_name;
	struct sched_image *image = index_find(index, name, NULL);

	if (!image) {
		image = ARENA_NEW(&scheduler->arena, struct sched_image);
		image->name = name;
		index_add(index, image);
	}
	if (image->count && image->places[image->count - 1].node == node) {
		image->places[image->count - 1].bytes = bytes;
		return;
	}
	ARRAY_GROW(image->places, image->count, image->capacity);
	image->places[image->count++] = (struct image_place){ node, bytes };
}

static void read_images(struct scheduler *scheduler)
{
	scheduler->images = ARENA_NEW(&scheduler->arena, struct sched_images);
	index_init(&scheduler->images->by_name, image_key);
	for (size_t i = 0; i < scheduler->node_count; i++) {
		const struct node *node = scheduler->nodes[i].node;

		for (size_t k = 0; k < node->image_count; k++)
			for (size_t n = 0; node->images[k].names && n < node->images[k].names->count; n++)
				add_place(
					scheduler, node->images[k].names->items[n], (uint32_t)i, node->images[k].bytes);
	}
}

void images_release(struct scheduler *scheduler)
{
	struct sched_images *images = scheduler->images;

	for (size_t i = 0; images && i < images->by_name.count; i++)
		free(((struct sched_image *)images->by_name.items[i])->places);
	if (images)
		index_release(&images->by_name);
}

static const char *with_tag(struct question *question, const char *image)
{
	const char *colon = strrchr(image, ':'), *slash = strrchr(image, '/');

	return colon && (!slash || colon > slash) ? image : arena_printf(question->arena, "%s:latest", image);
}

static const struct sched_image *image_of(struct question *question, const struct container *container)
{
	struct scheduler *scheduler = question->scheduler;

	if (!scheduler->images)
		read_images(scheduler);
	return container->image ? index_find(&scheduler->images->by_name, with_tag(question, container->image), NULL)
				: NULL;
}

static int64_t counted_bytes(const struct scheduler *scheduler, const struct sched_image *image, size_t place)
{
	double spread = (double)image->count / (double)scheduler->node_count;

	return (int64_t)((double)image->places[place].bytes * spread);
}

bool images_ask_scores(struct question *question)
{
	const struct container_list *containers = question->pod->containers;
	struct scheduler *scheduler = question->scheduler;

	question->image_bytes = ARENA_ARRAY(question->arena, scheduler->node_count, int64_t);
	for (size_t i = 0; containers && i < containers->count; i++) {
		const struct sched_image *image = image_of(question, &containers->items[i]);

		for (size_t k = 0; image && k < image->count; k++)
			question->image_bytes[image->places[k].node] += counted_bytes(scheduler, image, k);
	}
	return true;
}

static int64_t points_of(const struct pod *pod, int64_t bytes)
{
	int64_t count = pod->containers ? (int64_t)pod->containers->count : 0;
	int64_t most = most_bytes * count;

	if (bytes < least_bytes)
		bytes = least_bytes;
	else if (bytes > most)
		bytes = most;
	return MOST_POINTS * (bytes - least_bytes) / (most - least_bytes);
}

int64_t images_score(struct question *question, const struct sched_node *node)
{
	return points_of(question->pod, question->image_bytes[node->position]);
}

static int by_node(const void *a, const void *b)
{
	uint32_t x = ((const struct image_place *)a)->node, y = ((const struct image_place *)b)->node;

	return x < y ? -1 : x > y;
}

const struct node_points *images_points(struct question *question, struct arena *arena)
{
	const struct container_list *containers = question->pod->containers;
	struct image_place *places = NULL;
	size_t count = 0, capacity = 0;
	struct node_points *points;

	for (size_t i = 0; containers && i < containers->count; i++) {
		const struct sched_image *image = image_of(question, &containers->items[i]);

		for (size_t k = 0; image && k < image->count; k++) {
			ARRAY_GROW(places, count, capacity);
			places[count++] = (struct image_place){ image->places[k].node,
				counted_bytes(question->scheduler, image, k) };
		}
	}
	if (count)
		qsort(places, count, sizeof(*places), by_node);
	points = arena_new(arena, 1, sizeof(*points) + count * sizeof(points->items[0]));
	for (size_t i = 0; i < count;) {
		uint32_t node = places[i].node;
		int64_t bytes = 0;

		for (; i < count && places[i].node == node; i++)
			bytes += places[i].bytes;
		if (points_of(question->pod, bytes))
			points->items[points->count++] = (struct node_point){ node, points_of(question->pod, bytes) };
	}
	free(places);
	return points;
}
