/* What is known of pointers. */
#include "clusterutils/util/pointer_map.h"

#include "suite.h"

static const char memory[4096];

START_TEST(each_key_has_its_own_value)
{
	AUTO_POINTER_MAP map = { 0 };

	for (size_t i = 0; i < 2000; i++) {
		void **value = pointer_map_at(&map, POINTERS(&memory[i % 50], &memory[i / 50], NULL));

		ck_assert_ptr_null(*value);
		*value = (void *)(uintptr_t)&memory[i];
	}
	for (size_t i = 0; i < 2000; i++) {
		struct pointer_key key = { { &memory[i % 50], &memory[i / 50] } };

		ck_assert_ptr_eq(*pointer_map_at(&map, key), &memory[i]);
		ck_assert_ptr_eq(pointer_map_get(&map, key), &memory[i]);
	}
	ck_assert_uint_eq(map.count, 2000);
}
END_TEST

START_TEST(the_place_of_a_part_matters)
{
	AUTO_POINTER_MAP map = { 0 };

	*pointer_map_at(&map, POINTERS(&memory[1], &memory[2])) = (void *)(uintptr_t)&memory[3];
	ck_assert_ptr_null(pointer_map_get(&map, POINTERS(&memory[2], &memory[1])));
	ck_assert_ptr_null(pointer_map_get(&map, POINTERS(&memory[1], NULL, &memory[2])));
	ck_assert_ptr_nonnull(pointer_map_get(&map, POINTERS(&memory[1], &memory[2])));
}
END_TEST

START_TEST(nothing_is_a_key_too)
{
	AUTO_POINTER_MAP map = { 0 };

	ck_assert_ptr_null(pointer_map_get(&map, POINTERS(NULL)));
	*pointer_map_at(&map, POINTERS(NULL)) = (void *)(uintptr_t)memory;
	ck_assert_ptr_eq(pointer_map_get(&map, POINTERS(NULL)), memory);
}
END_TEST

START_TEST(places_that_are_not_filled_do_no_harm)
{
	AUTO_POINTER_MAP map = { 0 };

	for (size_t i = 0; i < 4096; i++)
		ck_assert_ptr_null(*pointer_map_at(&map, POINTERS(&memory[i])));
	*pointer_map_at(&map, POINTERS(&memory[7])) = (void *)(uintptr_t)memory;
	ck_assert_ptr_eq(pointer_map_get(&map, POINTERS(&memory[7])), memory);
	ck_assert_ptr_null(pointer_map_get(&map, POINTERS(&memory[8])));
}
END_TEST

TEST_MAIN("util/pointer_map", TEST(each_key_has_its_own_value), TEST(the_place_of_a_part_matters),
	TEST(nothing_is_a_key_too), TEST(places_that_are_not_filled_do_no_harm))
