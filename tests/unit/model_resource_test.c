#include "clusterutils/model/resource.h"

#include <string.h>

#include "clusterutils/util/memory.h"
#include "suite.h"

enum { NAMES = 12, ROUNDS = 3000 };

static const char *const names[NAMES] = { "attachable", "cpu", "ephemeral-storage", "gpu", "hugepages-1Gi",
	"hugepages-2Mi", "memory", "nic", "pods", "storage", "tpu", "zone" };

static uint32_t seed;

static uint32_t next_random(uint32_t bound)
{
	seed = seed * 1664525 + 1013904223;
	return (uint32_t)(((uint64_t)seed * bound) >> 32);
}

/* Each name with a probability of its own, so that lists overlap in all ways. */
static struct resource_list *any_list(struct arena *arena)
{
	struct resource_list *list = arena_new(arena, 1, sizeof(*list) + NAMES * sizeof(list->items[0]));
	uint32_t often = next_random(4);

	for (size_t i = 0; i < NAMES; i++) {
		if (next_random(4) > often)
			continue;
		list->items[list->count].name = names[i];
		list->items[list->count].quantity = quantity_of(next_random(9), QUANTITY_DECIMAL_SI);
		list->count++;
	}
	return list;
}

START_TEST(find_sees_every_name_and_no_other)
{
	AUTO_ARENA arena = { 0 };

	seed = 1;
	ck_assert_ptr_null(resource_find(NULL, "cpu"));
	for (int round = 0; round < ROUNDS; round++) {
		const struct resource_list *list = any_list(&arena);

		for (size_t i = 0, at = 0; i < NAMES; i++) {
			bool is_there = at < list->count && list->items[at].name == names[i];
			char copy[32];

			strcpy(copy, names[i]);
			ck_assert_ptr_eq(resource_find(list, copy), is_there ? &list->items[at].quantity : NULL);
			at += is_there;
		}
	}
}
END_TEST

/* What a merge does to one resource: -1 stands for one that is not there. */
static int64_t sum_of(int64_t a, int64_t b)
{
	return a < 0 ? b : b < 0 ? a : a + b;
}

static int64_t larger_of(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t second_of(int64_t a, int64_t b)
{
	return b < 0 ? a : b;
}

static int64_t first_of(int64_t a, int64_t b)
{
	return a < 0 ? b : a;
}

static void check_list(const struct resource_list *list, const int64_t expected[NAMES])
{
	size_t at = 0;

	for (size_t i = 0; i < NAMES; i++) {
		if (expected[i] < 0)
			continue;
		ck_assert_uint_lt(at, list->count);
		ck_assert_str_eq(list->items[at].name, names[i]);
		ck_assert_int_eq(quantity_value(&list->items[at].quantity), expected[i]);
		at++;
	}
	ck_assert_uint_eq(at, list->count);
}

static const struct {
	void (*merge)(struct resource_sums *sums, const struct resource_list *list);
	int64_t (*expected)(int64_t a, int64_t b);
} merges[] = {
	{ resource_sums_add, sum_of },
	{ resource_sums_max, larger_of },
	{ resource_sums_replace, second_of },
	{ resource_sums_complete, first_of },
};

START_TEST(merges_are_right_for_every_resource)
{
	seed = 2;
	for (int round = 0; round < ROUNDS; round++) {
		AUTO_ARENA arena = { 0 };
		struct resource_sums sums;
		int64_t expected[NAMES];

		for (size_t i = 0; i < NAMES; i++)
			expected[i] = -1;
		resource_sums_init(&sums, &arena);
		for (uint32_t left = next_random(5); left > 0; left--) {
			const struct resource_list *list = next_random(8) ? any_list(&arena) : NULL;

			merges[_i].merge(&sums, list);
			for (size_t i = 0; i < NAMES; i++) {
				const struct quantity *quantity = resource_find(list, names[i]);

				expected[i] =
					merges[_i].expected(expected[i], quantity ? quantity_value(quantity) : -1);
			}
		}
		check_list(resource_sums_list(&sums), expected);
	}
}
END_TEST

START_TEST(a_cleared_sum_starts_anew)
{
	AUTO_ARENA arena = { 0 };
	struct resource_list *list = arena_new(&arena, 1, sizeof(*list) + sizeof(list->items[0]));
	struct resource_sums sums;

	resource_sums_init(&sums, &arena);
	resource_sums_clear(&sums);
	ck_assert_uint_eq(resource_sums_list(&sums)->count, 0);
	list->count = 1;
	list->items[0] = (struct resource){ "cpu", quantity_of(2, QUANTITY_DECIMAL_SI) };
	resource_sums_add(&sums, list);
	resource_sums_clear(&sums);
	resource_sums_add(&sums, list);
	ck_assert_uint_eq(resource_sums_list(&sums)->count, 1);
	ck_assert_int_eq(quantity_value(&resource_sums_list(&sums)->items[0].quantity), 2);
}
END_TEST

TEST_MAIN("model/resource", TEST(find_sees_every_name_and_no_other),
	TEST_TABLE(merges_are_right_for_every_resource, merges), TEST(a_cleared_sum_starts_anew))
