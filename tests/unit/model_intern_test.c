#include "clusterutils/model/intern.h"
#include "clusterutils/model/meta.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "suite.h"

START_TEST(equal_text_is_one_text)
{
	struct interner interner;
	const char *first, *second;
	char copy[] = "kube-system";

	interner_init(&interner);
	first = intern_text(&interner, "kube-system");
	second = intern(&interner, copy, strlen(copy));
	ck_assert_ptr_eq(first, second);
	ck_assert_ptr_ne(first, copy);
	copy[0] = 'x';
	ck_assert_str_eq(first, "kube-system");
	ck_assert_uint_eq(interner.count, 1);
	interner_release(&interner);
}
END_TEST

START_TEST(text_is_its_length_and_bytes)
{
	struct interner interner;
	const char *whole, *part, *with_nul, *empty;

	interner_init(&interner);
	whole = intern_text(&interner, "namespace");
	part = intern(&interner, "namespace", 4);
	with_nul = intern(&interner, "name\0", 5);
	empty = intern(&interner, "", 0);
	ck_assert_str_eq(part, "name");
	ck_assert_ptr_ne(part, whole);
	ck_assert_ptr_ne(part, with_nul);
	ck_assert_mem_eq(with_nul, "name\0", 6);
	ck_assert_str_eq(empty, "");
	ck_assert_ptr_eq(empty, intern_text(&interner, ""));
	ck_assert_ptr_null(intern_text(&interner, NULL));
	ck_assert_uint_eq(interner.count, 4);
	interner_release(&interner);
}
END_TEST

START_TEST(blocks_are_apart_from_text)
{
	struct interner interner;
	const void *block, *nothing;
	const char *text;

	interner_init(&interner);
	block = intern_block(&interner, "twelve bytes", 12);
	text = intern_text(&interner, "twelve bytes");
	nothing = intern_block(&interner, NULL, 0);
	ck_assert_ptr_ne(block, text);
	ck_assert_ptr_eq(block, intern_block(&interner, text, 12));
	ck_assert_ptr_eq(nothing, intern_block(&interner, "x", 0));
	ck_assert_ptr_ne(nothing, intern_text(&interner, ""));
	ck_assert_str_eq(text, "twelve bytes");
	interner_release(&interner);
}
END_TEST

START_TEST(blocks_are_aligned_and_whole)
{
	struct interner interner;
	unsigned char block[100];

	interner_init(&interner);
	for (size_t i = 0; i < sizeof(block); i++)
		block[i] = (unsigned char)(i * 7);
	for (size_t size = 0; size <= sizeof(block); size++) {
		const void *kept = intern_block(&interner, block, size);

		ck_assert_uint_eq((uintptr_t)kept % alignof(uint64_t), 0);
		if (size > 0)
			ck_assert_mem_eq(kept, block, size);
	}
	ck_assert_uint_eq(interner.count, sizeof(block) + 1);
	interner_release(&interner);
}
END_TEST

/* Each bit tells blocks apart, wherever it is. */
START_TEST(one_bit_makes_another_block)
{
	enum { SIZE = 41 };
	struct interner interner;
	unsigned char block[SIZE] = { 0 };

	interner_init(&interner);
	for (size_t bit = 0; bit < (size_t)SIZE * 8; bit++) {
		block[bit / 8] = (unsigned char)(1U << bit % 8);
		intern_block(&interner, block, SIZE);
		block[bit / 8] = 0;
	}
	ck_assert_uint_eq(interner.count, (size_t)SIZE * 8);
	interner_release(&interner);
}
END_TEST

START_TEST(pointers_stay_while_it_grows)
{
	enum { COUNT = 50000 };
	AUTO_FREE const char **texts = memory_new_array(COUNT, sizeof(*texts));
	struct interner interner;
	char name[32];

	interner_init(&interner);
	for (int i = 0; i < COUNT; i++) {
		snprintf(name, sizeof(name), "pod-%d", i);
		texts[i] = intern_text(&interner, name);
	}
	ck_assert_uint_eq(interner.count, COUNT);
	for (int i = 0; i < COUNT; i++) {
		snprintf(name, sizeof(name), "pod-%d", i);
		ck_assert_str_eq(texts[i], name);
		ck_assert_ptr_eq(texts[i], intern_text(&interner, name));
	}
	ck_assert_uint_eq(interner.count, COUNT);
	ck_assert_uint_eq(interner.capacity & (interner.capacity - 1), 0);
	ck_assert_uint_le(interner.count * 10, interner.capacity * 7);
	ck_assert_uint_ge(interner.count * 10, interner.capacity * 3);
	interner_release(&interner);
	ck_assert_uint_eq(interner.capacity, 0);
	ck_assert_str_eq(intern_text(&interner, "again"), "again");
	interner_release(&interner);
}
END_TEST

/* Names as clusters have them must spread: the longest run of taken slots stays short. */
START_TEST(similar_names_do_not_crowd)
{
	struct interner interner;
	size_t run = 0, longest = 0;
	char name[64];

	interner_init(&interner);
	for (int i = 0; i < 40000; i++) {
		snprintf(name, sizeof(name), "web-%05d-7d9c8b6f5-%05x", i % 1000, i);
		intern_text(&interner, name);
	}
	for (size_t i = 0; i < interner.capacity; i++) {
		run = interner.slots[i] ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	ck_assert_uint_lt(longest, 300);
	interner_release(&interner);
}
END_TEST

/* --- what was made of raw bytes --- */

START_TEST(what_was_made_is_recalled)
{
	struct interner interner;
	const char *a, *b;

	interner_init(&interner);
	ck_assert_ptr_null(intern_recall(&interner, 1, "raw", 3));
	a = intern_text(&interner, "a");
	b = intern_text(&interner, "b");
	intern_remember(&interner, 1, "raw", 3, a);
	intern_remember(&interner, 2, "raw", 3, b);
	intern_remember(&interner, 1, "rax", 3, b);
	ck_assert_ptr_eq(intern_recall(&interner, 1, "raw", 3), a);
	ck_assert_ptr_eq(intern_recall(&interner, 2, "raw", 3), b);
	ck_assert_ptr_eq(intern_recall(&interner, 1, "rax", 3), b);
	ck_assert_ptr_null(intern_recall(&interner, 3, "raw", 3));
	ck_assert_ptr_null(intern_recall(&interner, 1, "ra", 2));
	ck_assert_ptr_null(intern_recall(&interner, 1, "rawx", 4));
	intern_remember(&interner, 1, "raw", 3, b);
	ck_assert_ptr_eq(intern_recall(&interner, 1, "raw", 3), b);
	interner_release(&interner);
}
END_TEST

/* Of many only the most recent are known, each of them rightly; nothing and what is too large never is. */
START_TEST(only_so_much_is_remembered)
{
	static char large[INTERN_MEMO_SIZE + 1];
	struct interner interner;
	unsigned known = 0;
	char raw[32];

	interner_init(&interner);
	for (unsigned i = 0; i < 20 * INTERN_MEMO_SLOTS; i++) {
		int length = snprintf(raw, sizeof(raw), "raw %u%.*s", i, (int)(i % 8), "12345678");

		intern_remember(&interner, 7, raw, (size_t)length, intern_text(&interner, raw));
		ck_assert_str_eq(intern_recall(&interner, 7, raw, (size_t)length), raw);
	}
	for (unsigned i = 0; i < 20 * INTERN_MEMO_SLOTS; i++) {
		int length = snprintf(raw, sizeof(raw), "raw %u%.*s", i, (int)(i % 8), "12345678");
		const char *text = intern_recall(&interner, 7, raw, (size_t)length);

		if (!text)
			continue;
		ck_assert_str_eq(text, raw);
		known++;
	}
	ck_assert_uint_gt(known, INTERN_MEMO_SLOTS / 2);
	ck_assert_uint_le(known, INTERN_MEMO_SLOTS);
	intern_remember(&interner, 7, "", 0, raw);
	ck_assert_ptr_null(intern_recall(&interner, 7, "", 0));
	intern_remember(&interner, 7, large, sizeof(large), raw);
	ck_assert_ptr_null(intern_recall(&interner, 7, large, sizeof(large)));
	intern_remember(&interner, 7, large, sizeof(large) - 1, raw);
	ck_assert_ptr_eq(intern_recall(&interner, 7, large, sizeof(large) - 1), raw);
	interner_release(&interner);
}
END_TEST

struct pair {
	const char *first, *second;
};

/* Texts that only structures use stay, however deep; and what has gone can come again. */
START_TEST(sweeping_takes_what_nothing_uses)
{
	struct interner interner;
	struct intern_sweep sweep;
	struct pair outer = { 0 }, inner = { 0 };
	const struct text_list list = { 0 };
	const void *roots[3];
	size_t bytes;

	interner_init(&interner);
	for (int i = 0; i < 5000; i++) {
		char text[4100] = "";

		snprintf(text, i % 100 ? 20 : sizeof(text), "unused-%*d", i % 100 ? 3 : 4000, i);
		intern_text(&interner, text);
	}
	inner.first = intern_text(&interner, "deep");
	outer.first = intern_block(&interner, &inner, sizeof(inner));
	outer.second = intern_text(&interner, "shallow");
	roots[0] = intern_block(&interner, &outer, sizeof(outer));
	roots[1] = intern_text(&interner, "alone");
	roots[2] = ((const struct text_list *)intern_block(&interner, &list, sizeof(list)))->items;
	bytes = interner.bytes;
	for (int i = 0; i < 2; i++) {
		intern_sweep_begin(&sweep, &interner);
		intern_sweep_mark(&sweep, roots, sizeof(roots));
		intern_sweep_end(&sweep);
		ck_assert_uint_eq(interner.count, 6);
		ck_assert_uint_lt(interner.bytes, 300);
	}
	ck_assert_ptr_eq(intern_text(&interner, "deep"), inner.first);
	ck_assert_ptr_eq(intern_block(&interner, &outer, sizeof(outer)), roots[0]);
	for (int i = 0; i < 5000; i++) {
		char text[32];

		snprintf(text, sizeof(text), "again-%d", i);
		ck_assert_str_eq(intern_text(&interner, text), text);
	}
	ck_assert_str_eq(((const struct pair *)((const struct pair *)roots[0])->first)->first, "deep");
	ck_assert_str_eq(roots[1], "alone");
	ck_assert_uint_lt(interner.bytes, bytes);
	interner_release(&interner);
}
END_TEST

/* What was made of raw bytes may have gone. */
START_TEST(sweeping_forgets_what_was_remembered)
{
	struct interner interner;
	struct intern_sweep sweep;

	interner_init(&interner);
	intern_remember(&interner, 1, "raw", 3, intern_text(&interner, "made"));
	ck_assert_str_eq(intern_recall(&interner, 1, "raw", 3), "made");
	intern_sweep_begin(&sweep, &interner);
	intern_sweep_end(&sweep);
	ck_assert_ptr_null(intern_recall(&interner, 1, "raw", 3));
	ck_assert_uint_eq(interner.count, 0);
	interner_release(&interner);
}
END_TEST

TEST_MAIN("model/intern", TEST(sweeping_takes_what_nothing_uses), TEST(sweeping_forgets_what_was_remembered),
	TEST(what_was_made_is_recalled), TEST(only_so_much_is_remembered), TEST(equal_text_is_one_text),
	TEST(text_is_its_length_and_bytes), TEST(blocks_are_apart_from_text), TEST(blocks_are_aligned_and_whole),
	TEST(one_bit_makes_another_block), TEST(pointers_stay_while_it_grows), TEST(similar_names_do_not_crowd))
