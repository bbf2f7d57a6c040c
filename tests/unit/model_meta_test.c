#include "clusterutils/model/meta.h"

#include <stdio.h>

#include "clusterutils/util/arena.h"
#include "clusterutils/util/memory.h"
#include "suite.h"

START_TEST(labels_are_found_by_key)
{
	AUTO_ARENA arena = { 0 };

	for (size_t count = 0; count <= 40; count++) {
		struct labels *labels = arena_new(&arena, 1, sizeof(*labels) + count * sizeof(labels->items[0]));

		labels->count = count;
		for (size_t i = 0; i < count; i++) {
			labels->items[i].key = arena_printf(&arena, "app/%02zu", 2 * i + 1);
			labels->items[i].value = arena_printf(&arena, "%zu", i);
		}
		for (size_t i = 0; i < count; i++) {
			const char *key = arena_printf(&arena, "app/%02zu", 2 * i + 1);

			ck_assert_str_eq(labels_get(labels, key), labels->items[i].value);
		}
		for (size_t i = 0; i <= count; i++)
			ck_assert_ptr_null(labels_get(labels, arena_printf(&arena, "app/%02zu", 2 * i)));
		ck_assert_ptr_null(labels_get(labels, ""));
		ck_assert_ptr_null(labels_get(labels, "app/"));
	}
	ck_assert_ptr_null(labels_get(NULL, "app"));
}
END_TEST

START_TEST(the_controller_is_the_owner_that_says_so)
{
	AUTO_ARENA arena = { 0 };
	struct owners *owners = arena_new(&arena, 1, sizeof(*owners) + 3 * sizeof(owners->items[0]));
	struct meta meta = { .owners = NULL };

	ck_assert_ptr_null(meta_controller(&meta));
	meta.owners = owners;
	ck_assert_ptr_null(meta_controller(&meta));
	owners->count = 3;
	ck_assert_ptr_null(meta_controller(&meta));
	owners->items[1].is_controller = 1;
	ck_assert_ptr_eq(meta_controller(&meta), &owners->items[1]);
}
END_TEST

TEST_MAIN("model/meta", TEST(labels_are_found_by_key), TEST(the_controller_is_the_owner_that_says_so))
