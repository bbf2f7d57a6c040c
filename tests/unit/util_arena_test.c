#include "clusterutils/util/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "suite.h"

enum { PIECES = 3000 };

/* Pieces of all sizes, each filled: what overlaps, or lies outside, shows. */
START_TEST(pieces_are_aligned_and_apart)
{
	AUTO_ARENA arena = { 0 };
	unsigned char *pieces[PIECES];
	size_t sizes[PIECES];

	for (size_t i = 0; i < PIECES; i++) {
		sizes[i] = i * 7919 % 700;
		if (i % 500 == 499)
			sizes[i] = 300000;
		pieces[i] = i % 3 ? arena_alloc(&arena, sizes[i]) : arena_new(&arena, sizes[i], 1);
		ck_assert_uint_eq((uintptr_t)pieces[i] % alignof(max_align_t), 0);
		for (size_t at = 0; i % 3 == 0 && at < sizes[i]; at++)
			ck_assert_uint_eq(pieces[i][at], 0);
		memset(pieces[i], (int)(i % 251), sizes[i]);
		ck_assert_uint_eq(strlen(arena_copy(&arena, "abcdef", i % 7)), i % 7); /* of any length, in between */
	}
	for (size_t i = 0; i < PIECES; i++)
		for (size_t at = 0; at < sizes[i]; at++)
			ck_assert_uint_eq(pieces[i][at], i % 251);
}
END_TEST

START_TEST(text_is_copied_with_its_end)
{
	AUTO_ARENA arena = { 0 };
	char source[] = "text";
	const char *copy = arena_text(&arena, source), *part = arena_copy(&arena, source, 2);

	source[0] = 'x';
	ck_assert_str_eq(copy, "text");
	ck_assert_str_eq(part, "te");
	ck_assert_str_eq(arena_copy(&arena, "", 0), "");
	ck_assert_str_eq(arena_printf(&arena, "%s-%d", "a", 7), "a-7");
	ck_assert_uint_eq(strlen(arena_printf(&arena, "%9000d", 1)), 9000);
	ck_assert_str_eq(copy, "text");
}
END_TEST

/* One object after another in the same memory: nothing is allocated anew, which the address shows. */
START_TEST(a_reset_arena_uses_its_memory_again)
{
	AUTO_ARENA arena = { 0 };
	const void *first = arena_alloc(&arena, 100), *kept;

	for (int i = 0; i < 1000; i++) {
		arena_reset(&arena);
		ck_assert_ptr_eq(arena_alloc(&arena, 100), first);
	}
	for (int i = 0; i < 100; i++)
		memset(arena_alloc(&arena, 1000), 1, 1000);
	arena_reset(&arena);
	kept = arena_alloc(&arena, 1);
	arena_reset(&arena);
	ck_assert_ptr_eq(arena_alloc(&arena, 1000), kept);
}
END_TEST

START_TEST(what_is_reserved_is_in_one_piece)
{
	AUTO_ARENA arena = { 0 };
	char *start, *end;

	arena_reserve(&arena, 64);
	start = arena_alloc(&arena, 48);
	end = arena_copy(&arena, "fifteen letters", 15);
	ck_assert_ptr_eq(end, start + 48);
	arena_reserve(&arena, 1 << 20); /* it is not empty: nothing happens */
	memset(arena_alloc(&arena, 100), 1, 100);
	ck_assert_str_eq(end, "fifteen letters");
}
END_TEST

START_TEST(empty_arenas_may_be_reset_and_released)
{
	struct arena arena;

	arena_init(&arena);
	arena_reset(&arena);
	arena_reserve(&arena, 0);
	arena_release(&arena);
	arena_release(&arena);
	ck_assert_ptr_null(arena.chunks);
	ck_assert_ptr_nonnull(arena_alloc(&arena, 0));
	ck_assert_ptr_nonnull(arena_new(&arena, 0, SIZE_MAX));
	arena_release(&arena);
	ck_assert_ptr_null(arena.chunks);
}
END_TEST

/* As in a model object, which lies in the arena that it owns. */
START_TEST(an_arena_may_lie_in_its_own_memory)
{
	struct arena outer = { 0 };
	struct arena *inner = arena_alloc(&outer, sizeof(*inner));

	*inner = outer;
	memset(arena_alloc(inner, 10000), 1, 10000);
	arena_release(inner);
	ck_assert_ptr_nonnull(outer.chunks);
}
END_TEST

TEST_MAIN("util/arena", TEST(pieces_are_aligned_and_apart), TEST(text_is_copied_with_its_end),
	TEST(a_reset_arena_uses_its_memory_again), TEST(what_is_reserved_is_in_one_piece),
	TEST(empty_arenas_may_be_reset_and_released), TEST(an_arena_may_lie_in_its_own_memory))
