#include "clusterutils/util/index.h"

#include <stdbool.h>
#include <stdio.h>

#include "suite.h"

enum { OBJECTS = 600 };

struct object {
	char name[16];
	char space[16];
	bool present;
};

static struct object objects[OBJECTS];

static struct index_key key_of(const void *object)
{
	return (struct index_key){ ((const struct object *)object)->name, ((const struct object *)object)->space };
}

static void make_objects(void)
{
	for (int i = 0; i < OBJECTS; i++) {
		snprintf(objects[i].name, sizeof(objects[i].name), "name-%d", i / 3);
		snprintf(objects[i].space, sizeof(objects[i].space), "space-%d", i % 3);
		objects[i].present = false;
	}
}

/* Random additions and removals: the index finds what a plain array says is there, and nothing else. */
START_TEST(finds_what_was_added_and_not_removed)
{
	struct index index;
	unsigned seed = 7;
	size_t present = 0;

	make_objects();
	index_init(&index, key_of);
	for (int step = 0; step < 60000; step++) {
		struct object *object;

		seed = seed * 1103515245U + 12345U;
		object = &objects[seed / 65536U % OBJECTS];
		ck_assert_ptr_eq(index_find(&index, object->name, object->space), object->present ? object : NULL);
		if (object->present)
			ck_assert_ptr_eq(index_remove(&index, object->name, object->space), object);
		else
			index_add(&index, object);
		object->present = !object->present;
		present += object->present ? 1U : (size_t)-1;
		ck_assert_uint_eq(index.count, present);
	}
	for (int i = 0; i < OBJECTS; i++)
		ck_assert_ptr_eq(
			index_find(&index, objects[i].name, objects[i].space), objects[i].present ? &objects[i] : NULL);
	index_release(&index);
}
END_TEST

START_TEST(iterates_in_the_order_of_insertion)
{
	struct index index;

	make_objects();
	index_init(&index, key_of);
	for (int i = 0; i < OBJECTS; i++)
		index_add(&index, &objects[i]);
	for (int i = 0; i < OBJECTS; i++)
		ck_assert_ptr_eq(index.items[i], &objects[i]);
	index_release(&index);
}
END_TEST

START_TEST(both_parts_of_the_key_count)
{
	struct object a = { "ab", "c", false }, b = { "a", "bc", false }, c = { "abc", "", false };
	struct index index;

	index_init(&index, key_of);
	ck_assert_ptr_null(index_find(&index, "ab", "c"));
	ck_assert_ptr_null(index_remove(&index, "ab", "c"));
	index_add(&index, &a);
	index_add(&index, &b);
	index_add(&index, &c);
	ck_assert_ptr_eq(index_find(&index, "ab", "c"), &a);
	ck_assert_ptr_eq(index_find(&index, "a", "bc"), &b);
	ck_assert_ptr_eq(index_find(&index, "abc", NULL), &c);
	index_release(&index);
}
END_TEST

TEST_MAIN("util/index", TEST(finds_what_was_added_and_not_removed), TEST(iterates_in_the_order_of_insertion),
	TEST(both_parts_of_the_key_count))
