#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "control.h"
#include "event.h"
#include "pod.h"
#include "power.h"
#include "story.h"
#include "tree.h"
#include "usage.h"

/* --- chance --- */

/* splitmix64: Steele, Lea, Flood: Fast splittable pseudorandom number generators. */
uint64_t demo_mix(uint64_t number)
{
	number += UINT64_C(0x9E3779B97F4A7C15);
	number = (number ^ (number >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	number = (number ^ (number >> 27)) * UINT64_C(0x94D049BB133111EB);
	return number ^ (number >> 31);
}

uint64_t demo_hash(uint64_t seed, const char *text)
{
	uint64_t hash = seed ^ UINT64_C(0xCBF29CE484222325);

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001B3);
	return demo_mix(hash);
}

static uint64_t next_random(struct demo_world *world)
{
	world->random += UINT64_C(0x9E3779B97F4A7C15);
	return demo_mix(world->random);
}

int64_t demo_random(struct demo_world *world, int64_t bound)
{
	return bound > 0 ? (int64_t)(next_random(world) % (uint64_t)bound) : 0;
}

int64_t demo_between(struct demo_world *world, int64_t least, int64_t most)
{
	return least + demo_random(world, most - least + 1);
}

void demo_make_uid(struct demo_world *world, char uid[DEMO_UID_SIZE])
{
	uint64_t a = next_random(world), b = next_random(world);

	snprintf(uid, DEMO_UID_SIZE, "%08x-%04x-4%03x-%04x-%012" PRIx64, (unsigned)(a >> 32),
		(unsigned)(a >> 16 & 0xffff), (unsigned)(a & 0xfff), (unsigned)(0x8000 | (b >> 48 & 0x3fff)),
		b & UINT64_C(0xffffffffffff));
}

/* Source: k8s.io/apimachinery/pkg/util/rand. */
void demo_add_suffix(struct demo_world *world, struct buffer *name, size_t count)
{
	static const char letters[] = "bcdfghjklmnpqrstvwxz2456789";

	while (count--)
		buffer_add_char(name, letters[demo_random(world, (int64_t)strlen(letters))]);
}

/* --- tasks --- */

static bool comes_before(const struct demo_task *a, const struct demo_task *b)
{
	return a->due != b->due ? a->due < b->due : a->order < b->order;
}

static void sift_up(struct demo_task *tasks, size_t i)
{
	while (i && comes_before(&tasks[i], &tasks[(i - 1) / 2])) {
		struct demo_task task = tasks[i];

		tasks[i] = tasks[(i - 1) / 2];
		tasks[(i - 1) / 2] = task;
		i = (i - 1) / 2;
	}
}

static void sift_down(struct demo_task *tasks, size_t count)
{
	size_t i = 0;

	for (;;) {
		size_t first = i, left = 2 * i + 1;
		struct demo_task task = tasks[i];

		for (size_t child = left; child < left + 2 && child < count; child++)
			if (comes_before(&tasks[child], &tasks[first]))
				first = child;
		if (first == i)
			return;
		tasks[i] = tasks[first];
		tasks[first] = task;
		i = first;
	}
}

void demo_after(struct demo_world *world, int64_t seconds, demo_action *action, const struct demo_object *object,
	int64_t number, const char *text)
{
	struct demo_task task = {
		.due = world->now + seconds,
		.order = ++world->last_order,
		.action = action,
		.text = memory_copy_text(text),
		.number = number,
	};

	if (object) {
		task.kind = object->kind;
		task.name = memory_copy_text(object->name);
		task.namespace = memory_copy_text(object->namespace);
		task.uid = memory_copy_text(object->uid);
	}
	ARRAY_GROW(world->tasks, world->task_count, world->task_capacity);
	world->tasks[world->task_count] = task;
	sift_up(world->tasks, world->task_count++);
}

static void free_task(struct demo_task *task)
{
	free(task->name);
	free(task->namespace);
	free(task->uid);
	free(task->text);
}

static struct demo_task take_first(struct demo_world *world)
{
	struct demo_task first = world->tasks[0];

	world->tasks[0] = world->tasks[--world->task_count];
	world->tasks[world->task_count] = (struct demo_task){ 0 };
	if (world->task_count)
		sift_down(world->tasks, world->task_count);
	return first;
}

static void run(struct demo_world *world, const struct demo_task *task)
{
	struct demo_object *object = NULL;

	if (task->name) {
		object = demo_store_find(&world->store, task->kind, task->namespace, task->name);
		if (!object || !text_equal(object->uid, task->uid))
			return;
	}
	task->action(world, object, task->number, task->text);
}

void demo_world_begin(struct demo_world *world)
{
	if (world->has_begun)
		return;
	world->has_begun = true;
	demo_usage_begin(world);
	demo_power_begin(world);
	demo_control_begin(world);
	demo_pods_begin(world);
	demo_events_begin(world);
	demo_story_begin(world);
}

bool demo_world_advance(struct demo_world *world, int64_t now)
{
	if (now > world->start)
		demo_world_begin(world);
	for (int done = 0; world->task_count && world->tasks[0].due <= now; done++) {
		struct demo_task task;

		if (done == DEMO_TASKS_A_STEP)
			return false;
		task = take_first(world);
		if (task.due > world->now)
			world->now = task.due;
		run(world, &task);
		free_task(&task);
	}
	if (now > world->now)
		world->now = now;
	return true;
}

int64_t demo_world_next(const struct demo_world *world)
{
	return world->task_count ? world->tasks[0].due : INT64_MAX;
}

/* --- objects --- */

void demo_commit(struct demo_world *world, struct demo_object *object)
{
	struct error err;

	if (demo_store_commit(&world->store, object, &err) < 0)
		world->store.invalid++;
}

struct demo_object *demo_create(struct demo_world *world, enum kind kind, cJSON *tree, struct error *err)
{
	cJSON *metadata = demo_tree_object(tree, "metadata");
	char uid[DEMO_UID_SIZE];

	demo_make_uid(world, uid);
	demo_tree_set_text(metadata, "uid", uid);
	demo_tree_set_time(metadata, "creationTimestamp", world->now);
	return demo_store_add(&world->store, kind, tree, err);
}

void demo_world_init(struct demo_world *world, uint64_t seed, int64_t start)
{
	*world = (struct demo_world){ .seed = seed, .random = demo_mix(seed), .start = start, .now = start };
	demo_store_init(&world->store);
}

void demo_world_release(struct demo_world *world)
{
	for (size_t i = 0; i < world->task_count; i++)
		free_task(&world->tasks[i]);
	free(world->tasks);
	demo_loads_free(world->loads);
	demo_power_free(world->power);
	demo_store_release(&world->store);
	arena_release(&world->scratch);
}
