/* The demo's world: its objects, its time, and what is going to happen.
 *
 * Time moves from one task to the next; a task changes objects and makes further tasks. Nothing else is random or asks
 * the clock, so that seed, seconds and writes decide the state. */
#pragma once

#include "clusterutils/kube/path.h"
#include "clusterutils/util/arena.h"
#include "store.h"

struct demo_world;
struct demo_loads;
struct demo_power;

/* What is to be done with an object (NULL for a task of no object), with the task's own number and text. */
typedef void demo_action(struct demo_world *world, struct demo_object *object, int64_t number, const char *text);

struct demo_task {
	int64_t due;
	uint64_t order; /* of two that are due in one second the older comes first */
	demo_action *action;
	enum kind kind;
	char *name, *namespace, *uid; /* of the object; name NULL for none */
	char *text;                   /* "" for none */
	int64_t number;
};

struct demo_world {
	struct demo_store store;
	struct arena scratch; /* of one call */
	uint64_t seed, random;
	int64_t start, now;      /* seconds since 1970 */
	struct demo_task *tasks; /* a heap, what is due first on top */
	size_t task_count, task_capacity;
	uint64_t last_order;
	bool has_begun;
	struct demo_loads *loads; /* usage.h */
	struct demo_power *power; /* power.h */
};

void demo_world_init(struct demo_world *world, uint64_t seed, int64_t start);
void demo_world_release(struct demo_world *world);

/* Makes ready what is only needed where time passes or something is written. No moment has passed by then. */
void demo_world_begin(struct demo_world *world);

/* Lets time pass, by at most DEMO_TASKS_A_STEP tasks. Whether it is `now` then. */
enum { DEMO_TASKS_A_STEP = 2000 };
bool demo_world_advance(struct demo_world *world, int64_t now);

/* When something happens next, as far as is known. */
int64_t demo_world_next(const struct demo_world *world);

/* `seconds` from now. A task of an object that is then gone, or is another of the same name, is dropped. */
void demo_after(struct demo_world *world, int64_t seconds, demo_action *action, const struct demo_object *object,
	int64_t number, const char *text);

/* From 0 to bound - 1. */
int64_t demo_random(struct demo_world *world, int64_t bound);
int64_t demo_between(struct demo_world *world, int64_t least, int64_t most);

/* Mixes a number well: for what must not depend on the order of things. */
uint64_t demo_mix(uint64_t number);
uint64_t demo_hash(uint64_t seed, const char *text);

enum { DEMO_UID_SIZE = 37 };
void demo_make_uid(struct demo_world *world, char uid[DEMO_UID_SIZE]);
/* Adds random letters, as the API server does to a generateName. */
void demo_add_suffix(struct demo_world *world, struct buffer *name, size_t count);

/* Commits a change of the demo's own. */
void demo_commit(struct demo_world *world, struct demo_object *object);
/* Gives the tree uid and creationTimestamp and adds it. NULL where it is not valid. Takes the tree over. */
struct demo_object *demo_create(struct demo_world *world, enum kind kind, cJSON *tree, struct error *err);
